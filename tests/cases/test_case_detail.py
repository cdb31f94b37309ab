"""The page of a dossier: the next step on top, and nothing for who may not know of it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases import actions
from cases.models import CaseReader, CaseType
from cases.states import CaseResult, CaseStatus, SignalType
from corporatie.privacy.models import Access
from corporatie.work.actions import add_follow_up


@pytest.fixture
def case(cast):
    """Anna handles a dossier with a wish, a problem owner and a signal."""
    return cast.case(
        goal="Weer rustig slapen", problem_owner="neighbours", problem_owner_name="Nummer 45", signal=cast.signal()
    )


def test_the_page_says_what_who_and_when_first(visit_page, cast, case, text_of, looks):
    response = visit_page(cast.anna, "case_detail", case.pk)
    text = text_of(response)
    for words in (
        "Kerkstraat 47 – Geluidsoverlast",
        "Volgende stap van Anna Jansen , behandelaar Bel mevrouw",
        "Van wie is het probleem? De buren samen",
        "Nummer 45",
        "Weer rustig slapen",
        "Harde muziek op de trap.",
        "De woonconsulenten en de teamleider van team Noord, en de behandelaar.",
    ):
        assert words in text, words
    assert looks() == [("Anna Jansen", "read", "cases.case")]
    assert "<title>Kerkstraat 47 – Dossier – Keukentafel</title>" in response.content.decode()


def test_what_one_may_do_leads_on(visit_page, cast, case):
    html = visit_page(cast.bram, "case_detail", case.pk).content.decode()
    for name in ("case_step", "case_assign", "case_close", "case_cancel", "case_problem_owner", "case_move"):
        assert reverse(name, args=[case.pk]) in html, name
    query = f"?huishouden={cast.bos.pk}&amp;dossier={case.pk}"
    assert reverse("visit_plan") + query in html
    assert reverse("contact_create") + query in html


def test_statuses_are_offered_as_the_table_allows(visit_page, cast, case):
    assert visit_page(cast.anna, "case_detail", case.pk).context["moves"] == [CaseStatus.IN_PROGRESS]
    actions.move_case(case=case, to=CaseStatus.IN_PROGRESS, by=cast.anna, at=cast.at)
    context = visit_page(cast.anna, "case_detail", case.pk).context
    assert context["moves"] == [CaseStatus.WAITING_RESIDENT, CaseStatus.WAITING_PARTNER, CaseStatus.MONITORING]
    assert not context["may_close"]
    assert not context["may_cancel"]


def test_who_was_only_named_reads_and_changes_nothing(visit_page, cast, case, text_of):
    CaseReader.objects.create(case=case, user=cast.wim)
    response = visit_page(cast.wim, "case_detail", case.pk)
    html = response.content.decode()
    assert response.status_code == 200
    assert "Mogen het ook lezen: Wim Kuiper" in text_of(response)
    for name in ("case_step", "case_assign", "case_close", "case_move", "case_problem_owner"):
        assert reverse(name, args=[case.pk]) not in html, name


def test_other_team_and_other_roles_find_nothing(visit_page, cast, case):
    for user in (cast.carla, cast.wim, cast.petra, cast.rachid, cast.mila, cast.olga, cast.hans):
        assert visit_page(user, "case_detail", case.pk).status_code == 404, user
    assert not Access.objects.exists()


def test_a_secret_dossier_is_there_for_its_handler_only(visit_page, cast, secret_case, text_of):
    for user in (cast.bram, cast.dirk, cast.wim, cast.carla):
        assert visit_page(user, "case_detail", secret_case.pk).status_code == 404, user
    text = text_of(visit_page(cast.anna, "case_detail", secret_case.pk))
    assert "Geheim. Alleen Anna Jansen, de tweede lezer en wie hier bij naam staat kunnen dit dossier openen" in text
    assert "Tweede lezer: Sofie Mol" in text
    assert visit_page(cast.sofie, "case_detail", secret_case.pk).status_code == 200
    CaseReader.objects.create(case=secret_case, user=cast.dirk)
    assert visit_page(cast.dirk, "case_detail", secret_case.pk).status_code == 200


def test_a_secret_dossier_leaves_no_trace_on_the_page_of_its_household(visit_page, cast, secret_case):
    title = "Zorgen over kinderen"
    assert title not in visit_page(cast.bram, "tenancy_detail", cast.bos.pk).content.decode()
    assert title in visit_page(cast.anna, "tenancy_detail", cast.bos.pk).content.decode()


def test_promises_stand_apart_from_steps(visit_page, cast, case, at):
    add_follow_up(
        tenancy=cast.bos,
        subject=case,
        what="Wij bellen over de uitslag",
        owner=cast.bram,
        due_on=at.date() - timedelta(days=1),
        is_promise=True,
        by=cast.anna,
        at=at,
    )
    context = visit_page(cast.anna, "case_detail", case.pk).context
    assert [follow_up.what for follow_up in context["open_work"]] == ["Wij bellen over de uitslag"]
    assert [step.what for step in context["steps"]] == ["Bel mevrouw"]


def test_a_closed_dossier_says_how_it_ended_and_offers_to_reopen(visit_page, cast, case, text_of):
    actions.close_case(
        case=case,
        result=CaseResult.NO_ACTION,
        summary="Het is stil op de trap.",
        told_on=None,
        by=cast.anna,
        at=cast.at,
    )
    response = visit_page(cast.anna, "case_detail", case.pk)
    text, html = text_of(response), response.content.decode()
    assert "Het is stil op de trap." in text
    assert "Nog niet verteld aan de bewoner" in text
    assert reverse("case_reopen", args=[case.pk]) in html
    assert reverse("case_step", args=[case.pk]) not in html


def test_only_get_and_signed_in(client, send, cast, case):
    assert send(cast.anna, "case_detail", case.pk).status_code == 405
    client.logout()
    assert client.get(case.get_absolute_url()).status_code == 302


@pytest.mark.parametrize("lines", [3, 300])
def test_the_page_costs_the_same_with_three_and_three_hundred_lines(
    client, cast, case, django_assert_num_queries, lines
):
    CaseType.objects.create(case=case, type=SignalType.NEIGHBOURS)
    CaseReader.objects.create(case=case, user=cast.wim)
    cast.visit(case=case)
    for number in range(lines):
        actions.take_step(case=case, following=cast.step(what=f"Stap {number}"), by=cast.anna, at=cast.at)
    client.force_login(cast.anna)
    cast.notice()
    with django_assert_num_queries(11):
        assert client.get(case.get_absolute_url()).status_code == 200
