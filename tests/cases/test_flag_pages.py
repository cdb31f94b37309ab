"""Points of attention: decided by the team lead, an instruction for all, a reason for few."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import actions as cases
from cases.models import AttentionFlag, FlagReason
from cases.states import FlagKind, FlagStatus
from corporatie.privacy.models import Access

REASON = "met een stoel gegooid"


def test_the_team_lead_decides(send, cast, answers):
    response = send(
        cast.dirk, "flag_create", query=f"?huishouden={cast.bos.pk}", **answers["flag"](reason="Beet de monteur")
    )
    flag = AttentionFlag.objects.get()
    assert response.url == cast.bos.get_absolute_url()
    assert (flag.kind, flag.decided_by, flag.review_on) == (FlagKind.DOG, cast.dirk, date(2027, 5, 1))
    assert FlagReason.objects.get(flag=flag).text == "Beet de monteur"
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM cases_flagreason")
        assert "monteur" not in cursor.fetchone()[0]


def test_sending_twice_decides_once(send, cast, answers):
    data = answers["flag"]()
    for _time in range(2):
        assert send(cast.dirk, "flag_create", query=f"?huishouden={cast.bos.pk}", **data).status_code == 302
    assert AttentionFlag.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"told_on": ""}, "told_on"),
        ({"told_on": "2026-12-24"}, "told_on"),
        ({"review_on": "2028-01-01"}, "review_on"),
        ({"review_on": "2026-11-24"}, "review_on"),
        ({"kind": ""}, "kind"),
        ({"kind": FlagKind.TWO_VISITORS}, "kind"),
        ({"instruction": "Let op: is verslaafd"}, "instruction"),
    ],
)
def test_what_is_missing_or_wrong_stands_at_its_question(send, cast, answers, flag, more, field):
    response = send(
        cast.dirk,
        "flag_create",
        query=f"?huishouden={cast.bos.pk}",
        **answers["flag"](**{"instruction": "Let op", **more}),
    )
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert "Let op" in response.content.decode()
    assert AttentionFlag.objects.count() == 1


def test_an_instruction_that_names_a_condition_is_refused_kindly(send, cast, answers):
    data = answers["flag"](instruction="Mevrouw is Dement, praat rustig")
    page = send(cast.dirk, "flag_create", query=f"?huishouden={cast.bos.pk}", **data)
    [words] = page.context["form"].errors["instruction"]
    assert words.startswith("Laat “Dement” weg")
    assert "Schrijf wat" in words
    assert "Mevrouw is Dement, praat rustig" in page.content.decode()
    assert send(
        cast.dirk, "flag_create", query=f"?huishouden={cast.bos.pk}", **data | {"instruction": "Praat rustig"}
    ).url


def test_no_road_past_the_form_keeps_a_diagnosis(cast, flag):
    with pytest.raises(ValidationError) as refused:
        cases.decide_flag(
            tenancy=cast.bos,
            kind=FlagKind.DOG,
            instruction="Heeft hiv, draag handschoenen",
            reason="",
            review_on=date(2027, 5, 1),
            told_on=cast.at.date(),
            by=cast.dirk,
            at=cast.at,
        )
    assert refused.value.messages[0].startswith("Laat “hiv” weg")
    assert AttentionFlag.objects.get() == flag


def test_an_old_instruction_that_names_a_condition_is_not_renewed(send, cast, flag):
    AttentionFlag.objects.update(instruction="Heeft een psychose")
    page = send(cast.dirk, "flag_renew", flag.pk, review_on="2027-06-01")
    assert page.status_code == 422
    assert "“psychose”" in page.context["form"].non_field_errors()[0]
    flag.refresh_from_db()
    assert flag.review_on != date(2027, 6, 1)


def test_why_not_told_is_an_answer_too(send, cast, answers):
    data = answers["flag"](told_on="", not_told_because="Dat maakt het onveilig")
    assert send(cast.dirk, "flag_create", query=f"?huishouden={cast.bos.pk}", **data).status_code == 302


def test_deciding_is_for_the_team_lead_of_the_team(visit_page, send, client, cast, answers):
    query = f"?huishouden={cast.bos.pk}"
    assert send(cast.anna, "flag_create", query=query, **answers["flag"]()).status_code == 403
    assert send(cast.dirk, "flag_create", query=f"?huishouden={cast.kaya.pk}", **answers["flag"]()).status_code == 404
    first = visit_page(cast.dirk, "flag_create").url
    assert first == reverse("search") + "?voor=flag_create"
    assert client.get(first + "&q=1234ab+47").url == reverse("flag_create") + query
    assert not AttentionFlag.objects.exists()


def test_everyone_who_visits_reads_the_instruction_and_nobody_there_the_reason(visit_page, cast, flag, looks):
    for user in (cast.anna, cast.dirk, cast.wim):
        html = visit_page(user, "flag_detail", flag.pk).content.decode()
        assert "Spreek af wie het gesprek leidt." in html
        assert REASON not in html
    assert ("Wim Kuiper", "read", "cases.attentionflag") in looks()
    assert visit_page(cast.carla, "flag_detail", flag.pk).status_code == 404
    assert visit_page(cast.mila, "flag_detail", flag.pk).status_code == 404


def test_the_way_to_the_reason_shows_to_who_may_read_it(visit_page, cast, flag):
    link = reverse("flag_reason", args=[flag.pk])
    assert link in visit_page(cast.anna, "flag_detail", flag.pk).content.decode()
    assert link not in visit_page(cast.wim, "flag_detail", flag.pk).content.decode()


def test_the_reason_opens_for_consultants_and_the_team_lead(visit_page, cast, flag, looks):
    for user in (cast.anna, cast.dirk):
        assert REASON in visit_page(user, "flag_reason", flag.pk).content.decode()
    assert looks() == [
        ("Anna Jansen", "reason", "cases.attentionflag"),
        ("Dirk Bakker", "reason", "cases.attentionflag"),
    ]
    assert visit_page(cast.wim, "flag_reason", flag.pk).status_code == 403
    assert visit_page(cast.carla, "flag_reason", flag.pk).status_code == 404
    assert Access.objects.filter(by=cast.wim, look="refused").count() == 1


def test_the_look_is_written_down_before_the_reason_is_read(client, cast, flag):
    client.force_login(cast.anna)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(reverse("flag_reason", args=[flag.pk]))
    statements = [query["sql"] for query in queries]
    written = next(i for i, sql in enumerate(statements) if sql.startswith("INSERT") and "privacy_access" in sql)
    read = next(i for i, sql in enumerate(statements) if '"cases_flagreason"."text"' in sql)
    assert written < read


def test_when_the_look_cannot_be_written_down_nothing_is_shown(client, cast, flag, monkeypatch):
    def fail(**_details):
        raise RuntimeError("the log does not answer")

    monkeypatch.setattr("corporatie.privacy.actions.record_read", fail)
    monkeypatch.setattr("cases.models.FlagReason.from_db", lambda *_row: pytest.fail("the reason was read"))
    client.force_login(cast.anna)
    with pytest.raises(RuntimeError):
        client.get(reverse("flag_reason", args=[flag.pk]))


def test_a_point_without_a_reason_has_no_such_page(visit_page, cast, flag):
    FlagReason.objects.all().delete()
    assert visit_page(cast.anna, "flag_reason", flag.pk).status_code == 404


@pytest.mark.parametrize("name", ["flag_renew", "flag_end"])
def test_three_questions_of_every_change(visit_page, send, cast, flag, name):
    if name == "flag_end":
        assert visit_page(cast.dirk, name, flag.pk).status_code == 405
    assert send(cast.carla, name, flag.pk).status_code == 404
    assert send(cast.anna, name, flag.pk, review_on="2027-06-01").status_code == 403
    flag.refresh_from_db()
    assert (flag.status, flag.ended_on) == (FlagStatus.ACTIVE, None)


def test_renewing_holds_it_on_and_ending_ends_it_once(visit_page, send, cast, flag):
    assert visit_page(cast.dirk, "flag_renew", flag.pk).status_code == 200
    assert send(cast.dirk, "flag_renew", flag.pk, review_on="2028-06-01").status_code == 422
    send(cast.dirk, "flag_renew", flag.pk, review_on="2027-06-01")
    flag.refresh_from_db()
    assert flag.review_on == date(2027, 6, 1)
    for _time in range(2):
        assert send(cast.dirk, "flag_end", flag.pk).url == flag.get_absolute_url()
    flag.refresh_from_db()
    assert flag.status == FlagStatus.ENDED
    assert send(cast.dirk, "flag_renew", flag.pk, review_on="2027-07-01").status_code == 302
    assert "gestopt op" in visit_page(cast.anna, "flag_detail", flag.pk).content.decode()


def test_past_its_review_date_it_says_so(visit_page, cast, flag):
    AttentionFlag.objects.filter(pk=flag.pk).update(
        decided_on=date(2025, 11, 1), review_on=cast.at.date() - timedelta(days=1)
    )
    assert "Het geldt pas weer als de teamleider" in visit_page(cast.anna, "flag_detail", flag.pk).content.decode()
