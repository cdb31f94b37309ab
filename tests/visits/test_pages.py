"""Plan a visit, note contact, read a report and add what the resident says of it."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cases import actions as cases
from cases.states import CaseResult, FlagKind
from corporatie.journal.models import Entry
from corporatie.privacy.models import Access
from visits.actions import Talk, TopicLine, file_report, log_contact, plan_visit
from visits.models import ContactMoment, Report, ResidentResponse, Visit


@pytest.fixture(autouse=True)
def _today(time_machine_at):
    """All of this happens on the cast's day."""


@pytest.fixture
def anna(client, cast):
    client.force_login(cast.anna)
    return client


def plan_url(cast, **query):
    extra = "".join(f"&{name}={value}" for name, value in query.items())
    return f"{reverse('visit_plan')}?huishouden={cast.bos.pk}{extra}"


def answers(cast, **changes):
    return {
        "visit_id": uuid4(),
        "reason": "talk",
        "planned_on": "2026-11-27",
        "visitor": cast.anna.pk,
        "announced": "phone",
        **changes,
    }


@pytest.fixture
def talk(cast):
    return file_report(
        client_uuid=uuid4(),
        tenancy=cast.bos,
        visit=cast.visit(),
        talk=Talk(quote="Ik wil weten wie er komt.", note="Raam sluit niet", topics=[TopicLine("home", "attention")]),
        by=cast.anna,
        at=cast.at,
    )


def test_a_visit_is_planned_and_named_in_the_message(anna, cast):
    response = anna.post(plan_url(cast), answers(cast, planned_time="10:30", purpose="Kennismaken"), follow=True)
    visit = Visit.objects.get()
    assert (visit.planned_on, str(visit.planned_time), visit.announced) == (date(2026, 11, 27), "10:30:00", "phone")
    assert "Bezoek gepland: Kerkstraat 47" in response.content.decode()
    assert Entry.objects.filter(kind="visit_planned").count() == 1


def test_planning_twice_is_one_visit(anna, cast):
    data = answers(cast)
    for _twice in range(2):
        anna.post(plan_url(cast), data)
    assert Visit.objects.count() == 1


def test_without_a_day_the_question_says_so_and_keeps_the_rest(anna, cast):
    response = anna.post(plan_url(cast), answers(cast, planned_on="", purpose="Over het raam"))
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"planned_on"}
    assert "Over het raam" in response.content.decode()


@pytest.mark.parametrize("typed", ["2026-12-03", "3-12-2026", "3 12 2026"])
def test_a_day_may_be_typed_in_any_way(anna, cast, typed):
    anna.post(plan_url(cast), answers(cast, planned_on="other", planned_on_date=typed))
    assert Visit.objects.get().planned_on == date(2026, 12, 3)


def test_a_safety_agreement_asks_for_a_second_visitor(anna, cast):
    from cases.actions import decide_flag

    decide_flag(
        tenancy=cast.bos,
        kind=FlagKind.TWO_VISITORS,
        instruction="Ga met z'n tweeën",
        reason="x",
        review_on=date(2027, 3, 1),
        told_on=date(2026, 11, 24),
        by=cast.dirk,
        at=cast.at,
    )
    refused = anna.post(plan_url(cast), answers(cast))
    assert refused.context["form"].errors.keys() == {"second_visitor"}
    assert anna.post(plan_url(cast), answers(cast, second_visitor=cast.anna.pk)).status_code == 422
    assert Visit.objects.count() == 0

    assert anna.post(plan_url(cast), answers(cast, second_visitor=cast.bram.pk)).status_code == 302
    assert Visit.objects.get().second_visitor == cast.bram


def test_for_a_dossier_that_ended_no_visit_is_planned(cast):
    case = cast.case()
    cases.close_case(case=case, result=CaseResult.NO_ACTION, summary="Klaar", told_on=None, by=cast.anna, at=cast.at)
    with pytest.raises(ValidationError) as refused:
        cast.visit(case=case)
    assert refused.value.messages == ["Dit dossier is al afgesloten."]
    assert not Visit.objects.exists()


def test_without_a_household_one_searches_first(anna):
    response = anna.get(reverse("visit_plan"))
    assert response["Location"] == f"{reverse('search')}?voor=visit_plan"


def test_a_visit_for_a_dossier_belongs_to_it(anna, cast):
    case = cast.case()
    anna.post(plan_url(cast, dossier=case.pk), answers(cast))
    assert Visit.objects.get().case == case


def test_a_dossier_of_another_household_does_not_fit(anna, cast):
    case = cast.case()
    from tests.cast import dwelling, household

    other = household(dwelling(cast.buurt_noord, "Lindelaan", 2), "Post", by=cast.anna, at=cast.at)
    url = f"{reverse('visit_plan')}?huishouden={other.pk}&dossier={case.pk}"
    assert anna.post(url, answers(cast)).status_code == 404
    assert Visit.objects.count() == 0


def test_contact_is_one_line_and_sent_once(anna, cast):
    url = f"{reverse('contact_create')}?huishouden={cast.bos.pk}"
    data = {
        "client_uuid": uuid4(),
        "channel": "phone",
        "direction": "out",
        "line": "Mevrouw wil liefst na tien uur.",
        "happened_on": "2026-11-24",
    }
    for _twice in range(2):
        assert anna.post(url, data).status_code == 302
    contact = ContactMoment.objects.get()
    assert (contact.channel, contact.line, contact.happened_at) == ("phone", "Mevrouw wil liefst na tien uur.", cast.at)
    line = Entry.objects.get(kind="contact_made")
    assert "Mevrouw" not in str(line.data)
    assert "Mevrouw" not in str(dict(anna.session))
    assert "Contact vastgelegd: Kerkstraat 47" in anna.get(reverse("preferences")).content.decode()


def test_contact_lies_behind_us(anna, cast):
    url = f"{reverse('contact_create')}?huishouden={cast.bos.pk}"
    response = anna.post(
        url, {"client_uuid": uuid4(), "channel": "phone", "direction": "out", "line": "x", "happened_on": "2026-11-25"}
    )
    assert response.context["form"].errors.keys() == {"happened_on"}


def test_a_report_shows_what_was_said_to_the_team(anna, cast, talk):
    html = anna.get(talk.get_absolute_url()).content.decode()
    assert "Ik wil weten wie er komt." in html
    assert "Raam sluit niet" in html
    assert Access.objects.filter(subject_id=talk.pk, by=cast.anna, look="read").count() == 1


def test_a_caretaker_sees_the_visit_and_not_the_report_of_another(client, cast, talk):
    client.force_login(cast.wim)
    html = client.get(talk.get_absolute_url()).content.decode()
    assert "Kerkstraat 47" in html
    assert "Ik wil weten wie er komt." not in html
    assert client.get(reverse("report_response", args=[talk.pk])).status_code == 404


def test_what_the_resident_says_is_added_and_changes_nothing(anna, cast, talk):
    before = Report.objects.values().get()
    anna.post(reverse("report_response", args=[talk.pk]), {"text": "Dat van het raam klopt niet."})
    assert ResidentResponse.objects.get().text == "Dat van het raam klopt niet."
    assert Report.objects.values().get() == before
    html = anna.get(talk.get_absolute_url()).content.decode()
    assert "Dat van het raam klopt niet." in html
    assert "Raam sluit niet" in html


@pytest.mark.parametrize("name", ["visit_report_detail", "report_response"])
def test_another_team_finds_nothing(client, cast, talk, name):
    client.force_login(cast.carla)
    assert client.get(reverse(name, args=[talk.pk])).status_code == 404


@pytest.mark.parametrize("name", ["visit_plan", "contact_create"])
def test_another_team_and_a_project_leader_write_nothing(client, cast, name):
    cast.project()
    url = f"{reverse(name)}?huishouden={cast.bos.pk}"
    client.force_login(cast.carla)
    assert client.post(url, answers(cast)).status_code == 404
    client.force_login(cast.petra)
    assert client.post(url, answers(cast)).status_code == 403
    assert (Visit.objects.count(), ContactMoment.objects.count()) == (0, 0)


def test_other_methods_are_refused(anna, cast, talk):
    assert anna.post(talk.get_absolute_url()).status_code == 405
    assert anna.delete(plan_url(cast)).status_code == 405


def test_a_report_of_many_topics_asks_as_much_as_one_of_one(anna, cast, talk, django_assert_num_queries):
    cast.notice()
    anna.get(talk.get_absolute_url())
    with django_assert_num_queries(9):
        anna.get(talk.get_absolute_url())
    from visits.models import Topic
    from visits.states import LifeArea

    Topic.objects.bulk_create(
        Topic(report=Report.objects.get(), area=area, said="x") for area in LifeArea if area != LifeArea.HOME
    )
    for number in range(30):
        ResidentResponse.objects.create(
            report=Report.objects.get(), text=f"Reactie {number}", created_by=cast.anna, created_at=cast.at
        )
    with django_assert_num_queries(9):
        anna.get(talk.get_absolute_url())


def test_the_timeline_tells_what_the_resident_answered_and_not_the_report_again(anna, cast, talk):
    anna.post(reverse("report_response", args=[talk.pk]), {"text": "Dat van het raam klopt niet."})
    html = anna.get(cast.bos.get_absolute_url()).content.decode()
    assert html.count("Dat van het raam klopt niet.") == 1
    assert html.count("Ik wil weten wie er komt.") == 1


# --- A visit and its dossier are about one household -----------------------------------------------------------
def test_nothing_is_written_for_the_dossier_of_another_household(cast):
    """Who may know of a visit follows from its own household; a dossier next door would let others in."""
    case = cast.case()
    with pytest.raises(ValidationError, match="een ander huishouden"):
        plan_visit(
            id=uuid4(),
            tenancy=cast.kaya,
            case=case,
            visitor=cast.anna,
            planned_on=date(2026, 11, 27),
            reason="talk",
            by=cast.anna,
            at=cast.at,
        )
    with pytest.raises(ValidationError, match="een ander huishouden"):
        log_contact(
            client_uuid=uuid4(),
            tenancy=cast.kaya,
            case=case,
            channel="phone",
            direction="out",
            line="Gebeld",
            happened_at=cast.at,
            by=cast.anna,
            at=cast.at,
        )
    assert (Visit.objects.count(), ContactMoment.objects.count()) == (0, 0)
