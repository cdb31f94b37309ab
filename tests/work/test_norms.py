"""The norm of a signal: the association sets it in working days, and what was reported keeps its day."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.urls import reverse

from cases.models import Signal
from cases.states import NORM_DAYS, Severity
from corporatie.desk.figures import counting
from corporatie.work.models import ChoiceSetting, ResponseNorm, SpecialDay
from corporatie.work.rules import Calendar
from corporatie.work.states import LONGEST_NORM, Norm, add_norm, norms


@pytest.fixture(autouse=True)
def _on_the_day_of_the_cast(time_machine_at, settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def anna(client, cast):
    """Anna is signed in."""
    client.force_login(cast.anna)
    return client


@pytest.fixture
def hans(client, cast):
    """The application administrator is signed in."""
    client.force_login(cast.hans)
    return client


def set_norm(severity, days):
    """The association decides otherwise."""
    ResponseNorm.objects.filter(severity=severity).update(working_days=days)


def change_url(severity):
    """The page of this norm."""
    return reverse("admin:work_responsenorm_change", args=[ResponseNorm.objects.get(severity=severity).pk])


# --- The norms ------------------------------------------------------------------------------------------
def test_every_severity_has_a_norm_and_a_row(db):
    assert set(norms()) == set(Severity)
    assert dict(ResponseNorm.objects.values_list("severity", "working_days")) == NORM_DAYS
    assert [str(norm) for norm in ResponseNorm.objects.all()] == ["Acuut", "Hoog", "Midden", "Laag"]


def test_a_severity_has_one_norm():
    with pytest.raises(ValueError, match="severity 4"):
        add_norm(Norm(Severity.ACUTE, "", 1))
    assert norms()[Severity.ACUTE].days == 0


def test_without_a_row_the_standard_holds(db):
    ResponseNorm.objects.all().delete()
    assert ResponseNorm.all_days() == NORM_DAYS


def test_acute_is_today_whatever_stands_in_the_table(db):
    set_norm(Severity.ACUTE, 3)
    assert ResponseNorm.all_days()[Severity.ACUTE] == 0


def test_all_norms_are_one_question(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        ResponseNorm.all_days()


def test_a_norm_is_never_longer_than_the_figures_look_back(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        set_norm(Severity.LOW, LONGEST_NORM + 1)
    # Two weeks of closing days on top of the holidays still fit.
    SpecialDay.objects.bulk_create(
        SpecialDay(on=date(2027, 5, 3) + timedelta(days=day), name="Dicht") for day in range(14)
    )
    calendar = Calendar.load()
    days = [date(2026, 11, 24) + timedelta(days=day) for day in range(365)]
    assert max(calendar.add(day, LONGEST_NORM) - day for day in days) < counting.LONGEST_NORM


# --- Reporting ------------------------------------------------------------------------------------------
def test_a_changed_norm_counts_for_new_signals_only(anna, cast):
    before = cast.signal(severity=Severity.HIGH)
    set_norm(Severity.HIGH, 1)
    here = f"?huishouden={cast.bos.pk}"
    page = anna.get(reverse("signal_create") + here).content.decode()
    assert "Eerste actie binnen 1 werkdag: wo 25 november" in page
    assert "eerste actie binnen 1 werkdag<" in anna.get(reverse("visit_report_create") + here).content.decode()

    sent = {"client_uuid": uuid4(), "type": "noise", "severity": Severity.HIGH, "seen": "Harde bas"}
    told = anna.post(reverse("signal_create") + here, sent, follow=True).content.decode()
    assert "Eerste actie uiterlijk wo 25 november" in told
    assert Signal.objects.get(client_uuid=sent["client_uuid"]).respond_by_on == date(2026, 11, 25)
    before.refresh_from_db()
    assert before.respond_by_on == date(2026, 11, 26)


def test_the_list_of_signals_names_no_number_of_days(anna, cast):
    cast.signal()
    page = anna.get(reverse("signal_list")).content.decode()
    assert "De norm is de laatste dag voor de eerste actie." in page
    assert "werkdagen" not in page


QUERIES = {"signal_create": 12, "case_create": 10, "visit_plan": 12, "visit_report_create": 13}


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("name", QUERIES)
def test_a_form_asks_as_much_whatever_the_association_set(anna, cast, django_assert_num_queries, name, rows):
    cast.project()
    ChoiceSetting.objects.bulk_create(ChoiceSetting(list="signal_type", choice=f"x{number}") for number in range(rows))
    cast.notice()
    url = f"{reverse(name)}?huishouden={cast.bos.pk}"
    anna.get(url)
    with django_assert_num_queries(QUERIES[name]):
        assert anna.get(url).status_code == 200


# --- Setting --------------------------------------------------------------------------------------------
def test_the_administrator_changes_a_norm_and_the_log_keeps_it(hans, cast):
    listed = hans.get(reverse("admin:work_responsenorm_changelist")).content.decode()
    assert "binnen 2 werkdagen" in listed
    assert "dezelfde dag" in listed
    assert hans.post(change_url(Severity.HIGH), {"working_days": 3}).status_code == 302
    assert ResponseNorm.all_days() == {**NORM_DAYS, Severity.HIGH: 3}
    line = LogEntry.objects.get()
    assert (line.user, line.object_repr) == (cast.hans, "Hoog")


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ("", "Vul in hoeveel werkdagen het zijn."),
        ("morgen", "Vul in hoeveel werkdagen het zijn."),
        ("0", "De kortste norm is 1 werkdag."),
        ("21", "De langste norm is 20 werkdagen."),
    ],
)
def test_what_is_no_norm_is_refused_beside_the_question(hans, days, said):
    page = hans.post(change_url(Severity.LOW), {"working_days": days})
    assert page.context["adminform"].form.errors["working_days"] == [said]
    assert ResponseNorm.all_days() == NORM_DAYS


def test_acute_cannot_be_changed_and_no_norm_comes_or_goes(hans):
    acute = change_url(Severity.ACUTE)
    assert "dezelfde dag" in hans.get(acute).content.decode()
    assert hans.post(acute, {"working_days": 5}).status_code == 403
    assert hans.post(reverse("admin:work_responsenorm_add"), {"working_days": 5}).status_code == 403
    low = ResponseNorm.objects.get(severity=Severity.LOW)
    assert hans.post(reverse("admin:work_responsenorm_delete", args=[low.pk]), {"post": "yes"}).status_code == 403
    assert ResponseNorm.objects.count() == 4
