"""Dossiers: the work list, opening one without a signal, and every step, move and decision."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from cases import actions
from cases.models import Case, CaseReader
from cases.states import CASE_MOVES, CaseResult, CaseStatus, SignalType
from corporatie.journal.models import Entry
from corporatie.privacy.models import Access
from corporatie.staff.models import Absence
from corporatie.work.actions import add_follow_up
from corporatie.work.models import FollowUp
from tests.cast import dwelling, household

STEP = {"step_what": "Ga langs bij mevrouw", "step_due_on": "2026-11-27"}


def reload(case):
    return Case.objects.select_related("next_step__owner", "handler").get(pk=case.pk)


def addresses(response):
    return [case.tenancy.dwelling.address for case in response.context["cases"]]


def street(cast, number):
    home = dwelling(cast.buurt_noord, "Lindelaan", number, postcode="1234 CD")
    return household(home, "Post", by=cast.anna, at=cast.at)


def to_status(case, status, cast):
    """Bring a dossier where a test needs it, by the moves there are."""
    path = {
        CaseStatus.ASSESSING: [],
        CaseStatus.IN_PROGRESS: [CaseStatus.IN_PROGRESS],
        CaseStatus.WAITING_PARTNER: [CaseStatus.IN_PROGRESS, CaseStatus.WAITING_PARTNER],
        CaseStatus.MONITORING: [CaseStatus.IN_PROGRESS, CaseStatus.MONITORING],
    }
    for to in path[status]:
        actions.move_case(case=case, to=to, by=cast.anna, at=cast.at)


@pytest.fixture
def case(cast):
    """Anna handles a dossier on the Bos household."""
    return cast.case()


@pytest.fixture
def closed(cast):
    """A dossier that ended."""
    case = cast.case()
    actions.close_case(
        case=case, result=CaseResult.NO_ACTION, summary="Het is stil", told_on=None, by=cast.anna, at=cast.at
    )
    return case


@pytest.fixture
def reader(cast, case):
    """Wim was named to read the dossier; working on it is not his."""
    CaseReader.objects.create(case=case, user=cast.wim)
    return cast.wim


# --- The list ----------------------------------------------------------------------------------------
def test_whose_step_comes_first_stands_on_top(visit_page, cast):
    for number, days in ((2, 9), (4, 1), (6, 5)):
        cast.case(street(cast, number), first_step=cast.step(days=days))
    assert addresses(visit_page(cast.anna, "case_list")) == ["Lindelaan 4", "Lindelaan 6", "Lindelaan 2"]


def test_chips_count_what_their_list_shows(visit_page, cast):
    cast.case(street(cast, 2), by=cast.bram, first_step=cast.step(cast.bram, days=-2))
    waiting = cast.case(street(cast, 4), first_step=cast.step(days=1))
    to_status(waiting, CaseStatus.WAITING_PARTNER, cast)
    done = cast.case(street(cast, 6))
    actions.close_case(case=done, result=CaseResult.NO_ACTION, summary="Klaar", told_on=None, by=cast.anna, at=cast.at)
    response = visit_page(cast.anna, "case_list")
    assert [chip.count for chip in response.context["chips"]] == ["1", "2", "1", "1", ""]
    for name, expected in (
        ("mijn", ["Lindelaan 4"]),
        ("team", ["Lindelaan 2", "Lindelaan 4"]),
        ("laat", ["Lindelaan 2"]),
        ("wacht", ["Lindelaan 4"]),
        ("klaar", ["Lindelaan 6"]),
    ):
        assert addresses(visit_page(cast.anna, "case_list", toon=name)) == expected, name


def test_a_secret_dossier_is_in_no_list_and_no_count_of_others(visit_page, cast, secret_case):
    for user in (cast.bram, cast.dirk):
        response = visit_page(user, "case_list", toon="team")
        assert addresses(response) == []
        assert [chip.count for chip in response.context["chips"]] == ["0", "0", "0", "0", ""]
    assert addresses(visit_page(cast.anna, "case_list")) == ["Kerkstraat 47"]
    assert addresses(visit_page(cast.carla, "case_list", toon="team")) == []


def test_who_stands_in_has_the_work_in_her_list_except_what_is_secret(visit_page, cast, secret_case, at):
    Absence.objects.create(user=cast.anna, substitute=cast.carla, from_on=at.date(), until_on=at.date())
    assert addresses(visit_page(cast.carla, "case_list")) == []
    cast.case(street(cast, 3))
    assert addresses(visit_page(cast.carla, "case_list")) == ["Lindelaan 3"]


def test_who_was_only_named_sees_that_one(visit_page, cast, case, reader):
    cast.case(street(cast, 2))
    response = visit_page(reader, "case_list")
    assert addresses(response) == ["Kerkstraat 47"]
    assert len(response.context["chips"]) == 3


@pytest.mark.parametrize("who", ["petra", "mila", "olga", "hans"])
def test_who_handles_no_dossiers_has_no_list(visit_page, cast, who):
    assert visit_page(getattr(cast, who), "case_list").status_code == 403


def test_paging_goes_on_by_key(visit_page, client, cast):
    for number in range(1, 36):
        cast.case(street(cast, number), first_step=cast.step(days=number % 3))
    response, seen = visit_page(cast.anna, "case_list"), []
    while True:
        seen += addresses(response)
        if not response.context["next_url"]:
            break
        response = client.get(response.context["next_url"])
    assert len(seen) == len(set(seen)) == 35
    assert visit_page(cast.anna, "case_list", na="2026-13-90_x").status_code == 200


def test_closed_dossiers_page_newest_first(visit_page, client, cast):
    for number in range(1, 31):
        case = cast.case(street(cast, number))
        moment = cast.at - timedelta(hours=number)
        actions.close_case(
            case=case, result=CaseResult.NO_ACTION, summary="Klaar", told_on=None, by=cast.anna, at=moment
        )
    first = visit_page(cast.anna, "case_list", toon="klaar")
    second = client.get(first.context["next_url"])
    assert addresses(first) + addresses(second) == [f"Lindelaan {number}" for number in range(1, 31)]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_with_one_and_thirty(client, cast, django_assert_num_queries, rows):
    for number in range(1, rows + 1):
        cast.case(street(cast, number), first_step=cast.step(cast.bram))
    cast.notice()
    client.force_login(cast.anna)
    for name in ("mijn", "team"):
        with django_assert_num_queries(7):
            client.get(reverse("case_list"), {"toon": name})


# --- Opening -------------------------------------------------------------------------------------------
def test_a_dossier_opens_without_a_signal(send, client, cast, answers, text_of):
    data = answers["case"](cast.bram, step_owner=cast.anna.pk)
    response = send(cast.anna, "case_create", query=f"?huishouden={cast.bos.pk}", **data)
    case = Case.objects.get()
    assert response.url == case.get_absolute_url()
    assert (case.handler, case.next_step.owner, case.next_step.due_on) == (cast.bram, cast.anna, date(2026, 11, 27))
    assert "Dossier geopend: Kerkstraat 47" in text_of(client.get(response.url))


def test_opening_twice_opens_one(send, cast, answers):
    data = answers["case"](cast.anna)
    urls = [send(cast.anna, "case_create", query=f"?huishouden={cast.bos.pk}", **data).url for _time in range(2)]
    assert len(set(urls)) == Case.objects.count() == 1
    assert FollowUp.objects.count() == 1


def test_a_dossier_without_a_step_is_refused_and_keeps_what_was_typed(send, cast, answers):
    data = answers["case"](cast.anna, step_what=" ", goal="Weer rustig slapen", step_due_on="")
    response = send(cast.anna, "case_create", query=f"?huishouden={cast.bos.pk}", **data)
    html = response.content.decode()
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"step_what", "step_due_on"}
    assert "Weer rustig slapen" in html
    assert html.count("Een open dossier heeft er altijd een.") == 2
    assert not Case.objects.exists()
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize("who", ["mila", "petra", "hans", "olga"])
def test_whoever_opens_no_dossier_handles_none(send, cast, answers, who):
    data = answers["case"](getattr(cast, who))
    response = send(cast.anna, "case_create", query=f"?huishouden={cast.bos.pk}", **data)
    assert set(response.context["form"].errors) == {"handler", "step_owner"}
    assert not Case.objects.exists()


def test_a_colleague_of_another_team_handles_it_and_takes_no_step_in_that_of_someone_else(
    visit_page, send, cast, answers
):
    query = f"?huishouden={cast.bos.pk}"
    offered = visit_page(cast.anna, "case_create", huishouden=cast.bos.pk).context["form"].fields["handler"].candidates
    assert [each.colleague.name for each in offered if each.is_of_team] == [
        "Anna Jansen", "Bram Visser", "Dirk Bakker", "Wim Kuiper",
    ]  # fmt: skip
    assert [each.colleague.name for each in offered if not each.is_of_team] == ["Carla Meijer", "Rachid Amrani"]
    for owner in (cast.carla, cast.wim):
        refused = send(cast.anna, "case_create", query=query, **answers["case"](cast.anna, step_owner=owner.pk))
        assert set(refused.context["form"].errors) == {"step_owner"}
    assert (Case.objects.count(), FollowUp.objects.count(), Entry.objects.filter(kind="case_opened").count()) == (
        0,
    ) * 3
    send(cast.anna, "case_create", query=query, **answers["case"](cast.carla))
    case = Case.objects.get()
    assert visit_page(cast.carla, "case_detail", case.pk).status_code == 200


def test_opening_is_not_for_everyone(visit_page, send, cast, answers):
    query = f"?huishouden={cast.bos.pk}"
    assert send(cast.wim, "case_create", query=query, **answers["case"](cast.wim)).status_code == 403
    assert send(cast.carla, "case_create", query=query, **answers["case"](cast.carla)).status_code == 404
    assert visit_page(cast.anna, "case_create").url == reverse("search") + "?voor=case_create"
    assert not Case.objects.exists()


def test_a_secret_dossier_for_a_colleague_does_not_end_at_a_closed_door(send, client, cast, answers, text_of):
    data = answers["case"](cast.anna, type=SignalType.CHILDREN, second_reader=cast.bram.pk)
    response = send(cast.dirk, "case_create", query=f"?huishouden={cast.bos.pk}", **data)
    assert response.url == reverse("case_list")
    assert "Anna Jansen gaat ermee verder. U kunt dit dossier niet meer openen." in text_of(client.get(response.url))


# --- Three questions of every page that changes a dossier --------------------------------------------------
CHANGES = [
    "case_step",
    "case_move",
    "case_assign",
    "case_problem_owner",
    "case_close",
    "case_cancel",
    "case_reopen",
]


@pytest.mark.parametrize("name", CHANGES)
def test_three_questions_of_every_change(visit_page, send, cast, case, reader, name):
    lines = Entry.objects.count()
    if name == "case_move":
        assert visit_page(cast.anna, name, case.pk).status_code == 405
    assert send(cast.carla, name, case.pk).status_code == 404
    assert send(reader, name, case.pk).status_code == 403
    assert Access.objects.filter(by=reader, look="refused", subject_id=case.pk).count() == 1
    assert Entry.objects.count() == lines


@pytest.mark.parametrize("name", CHANGES)
def test_a_secret_dossier_is_not_there_for_others(send, cast, secret_case, name):
    assert send(cast.bram, name, secret_case.pk).status_code == 404
    assert send(cast.dirk, name, secret_case.pk).status_code == 404


@pytest.mark.parametrize("name", [name for name in CHANGES if name != "case_reopen"])
def test_what_is_closed_says_so_and_stays(send, client, cast, closed, name, text_of):
    lines = Entry.objects.count()
    response = send(cast.anna, name, closed.pk, naar=CaseStatus.IN_PROGRESS)
    assert response.url == closed.get_absolute_url()
    assert "Dit dossier is al afgesloten." in text_of(client.get(response.url))
    assert Entry.objects.count() == lines


@pytest.mark.parametrize("name", [name for name in CHANGES if name not in ("case_move", "case_reopen")])
def test_every_question_opens_and_writes_the_look_down(visit_page, cast, case, name, looks):
    assert visit_page(cast.anna, name, case.pk).status_code == 200
    assert looks() == [("Anna Jansen", "read", "cases.case")]


# --- Steps ---------------------------------------------------------------------------------------------------
def test_done_and_now_finishes_one_step_and_chooses_the_next(send, client, cast, case, text_of):
    first = case.next_step
    data = {**STEP, "step": first.pk, "step_owner": cast.bram.pk, "note": "Zij wil graag hulp"}
    response = send(cast.anna, "case_step", case.pk, **data)
    assert response.url == case.get_absolute_url()
    case, first = reload(case), FollowUp.objects.get(pk=first.pk)
    assert (first.result, first.result_note) == ("done", "Zij wil graag hulp")
    assert (case.next_step.what, case.next_step.owner) == ("Ga langs bij mevrouw", cast.bram)
    assert "mevrouw" not in str(dict(client.session))
    assert "Volgende stap: vr 27 november" in text_of(client.get(response.url))


def test_a_second_click_does_not_finish_the_step_that_came_after(send, cast, case):
    data = {**STEP, "step": case.next_step_id, "step_owner": cast.anna.pk}
    for _time in range(2):
        assert send(cast.anna, "case_step", case.pk, **data).status_code == 302
    assert FollowUp.objects.filter(done_at=None).count() == 1
    assert FollowUp.objects.count() == 2


def test_done_without_a_next_step_is_refused(send, cast, case):
    data = {"step": case.next_step_id, "step_owner": cast.anna.pk, "note": "Gebeld, geen gehoor"}
    response = send(cast.anna, "case_step", case.pk, **data)
    assert response.status_code == 422
    assert "Gebeld, geen gehoor" in response.content.decode()
    assert reload(case).next_step == case.next_step


def test_a_step_lies_ahead(send, cast, case):
    data = {**STEP, "step": case.next_step_id, "step_owner": cast.anna.pk, "step_due_on": "2026-11-20"}
    assert set(send(cast.anna, "case_step", case.pk, **data).context["form"].errors) == {"step_due_on"}


def test_changing_a_step_keeps_it_open(visit_page, send, cast, case):
    assert "Bel mevrouw" in visit_page(cast.anna, "case_step", case.pk, wijzig="1").content.decode()
    data = {**STEP, "step": case.next_step_id, "step_owner": cast.bram.pk}
    send(cast.anna, "case_step", case.pk, query="?wijzig=1", **data)
    step = reload(case).next_step
    assert step.pk == case.next_step_id
    assert (step.what, step.owner, step.due_on) == ("Ga langs bij mevrouw", cast.bram, date(2026, 11, 27))
    assert step.done_at is None


# --- Moves -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "before", [CaseStatus.ASSESSING, CaseStatus.IN_PROGRESS, CaseStatus.WAITING_PARTNER, CaseStatus.MONITORING]
)
def test_only_the_moves_of_the_table_are_done(send, cast, case, before):
    to_status(case, before, cast)
    for to in CaseStatus:
        Case.objects.filter(pk=case.pk).update(status=before)
        send(cast.anna, "case_move", case.pk, naar=to)
        allowed = to in CASE_MOVES[before] and to not in (CaseStatus.CLOSED, CaseStatus.CANCELLED)
        assert reload(case).status == (to if allowed else before), to


def test_moving_twice_writes_one_line(send, cast, case):
    for _time in range(2):
        send(cast.anna, "case_move", case.pk, naar=CaseStatus.IN_PROGRESS)
    assert Entry.objects.filter(kind="case_moved").count() == 1


# --- Who ---------------------------------------------------------------------------------------------------------
def test_handing_over_takes_the_step_along(send, cast, case):
    assert send(cast.anna, "case_assign", case.pk, handler=cast.bram.pk).url == case.get_absolute_url()
    assert (reload(case).handler, reload(case).next_step.owner) == (cast.bram, cast.bram)
    send(cast.anna, "case_assign", case.pk, handler=cast.bram.pk)
    assert Entry.objects.filter(kind="case_assigned").count() == 1


def test_handing_over_a_secret_dossier_ends_in_the_list(send, cast, secret_case):
    assert send(cast.anna, "case_assign", secret_case.pk, handler=cast.bram.pk).url == reverse("case_list")
    assert send(cast.anna, "case_assign", secret_case.pk, handler=cast.anna.pk).status_code == 404


def test_the_problem_owner_is_someone_else_than_the_handler(send, cast, case):
    send(cast.anna, "case_problem_owner", case.pk, problem_owner="care", problem_owner_name="Het wijkteam")
    case = reload(case)
    assert (case.problem_owner, case.problem_owner_name, case.handler) == ("care", "Het wijkteam", cast.anna)


# --- Ending and opening again ----------------------------------------------------------------------------------------
def test_before_work_started_only_some_results_are_offered(visit_page, send, cast, case):
    form = visit_page(cast.anna, "case_close", case.pk).context["form"]
    assert {value for value, _label in form.fields["result"].choices} == {"no_action", "handed_over"}
    response = send(cast.anna, "case_close", case.pk, result="solved", summary="Opgelost")
    assert response.status_code == 422
    assert reload(case).is_open


def test_a_dossier_closes_with_a_result_and_a_sentence(send, cast, case):
    to_status(case, CaseStatus.MONITORING, cast)
    assert send(cast.anna, "case_close", case.pk, result="solved", summary="").status_code == 422
    data = {"result": "solved", "summary": "Het is weer rustig op de trap.", "told_on": "2026-11-23"}
    for _time in range(2):
        assert send(cast.anna, "case_close", case.pk, **data).url == case.get_absolute_url()
    case = reload(case)
    assert (case.status, case.result, case.told_on) == (CaseStatus.CLOSED, "solved", date(2026, 11, 23))
    assert Entry.objects.filter(kind="case_closed").count() == 1


def test_a_dossier_with_an_open_promise_does_not_close(send, cast, case, at):
    add_follow_up(
        tenancy=cast.bos,
        subject=case,
        what="Brief",
        owner=cast.anna,
        due_on=at.date(),
        is_promise=True,
        by=cast.anna,
        at=at,
    )
    response = send(cast.anna, "case_close", case.pk, result="no_action", summary="Niets nodig")
    assert response.status_code == 422
    assert "nog beloftes of acties open" in response.content.decode()
    assert reload(case).is_open


def test_telling_lies_behind_us(send, cast, case):
    data = {"result": "no_action", "summary": "Niets nodig", "told_on": "2026-12-01"}
    assert set(send(cast.anna, "case_close", case.pk, **data).context["form"].errors) == {"told_on"}


def test_cancelling_is_for_a_mistake(send, cast, case):
    to_status(case, CaseStatus.IN_PROGRESS, cast)
    assert send(cast.anna, "case_cancel", case.pk, summary="Vergissing").status_code == 422
    other = cast.case()
    send(cast.anna, "case_cancel", other.pk, summary="Verkeerd adres")
    assert (reload(other).status, reload(other).closing_summary) == (CaseStatus.CANCELLED, "Verkeerd adres")


def test_reopening_asks_a_reason_and_a_step(visit_page, send, cast, closed):
    assert visit_page(cast.anna, "case_reopen", closed.pk).status_code == 200
    assert set(send(cast.anna, "case_reopen", closed.pk).context["form"].errors) == {
        "reason",
        "step_what",
        "step_owner",
        "step_due_on",
    }
    data = {**STEP, "reason": "Het is weer begonnen", "step_owner": cast.anna.pk}
    for _time in range(2):
        assert send(cast.anna, "case_reopen", closed.pk, **data).url == closed.get_absolute_url()
    case = reload(closed)
    assert (case.status, case.reopen_reason) == (CaseStatus.IN_PROGRESS, "Het is weer begonnen")
    assert case.next_step.what == "Ga langs bij mevrouw"
    assert Entry.objects.filter(kind="case_reopened").count() == 1


def test_the_day_of_the_next_step_stands_on_the_dossier_whatever_happens_to_it(cast):
    """The work list runs along that day: were it left behind once, a dossier would hide at the wrong end."""

    def days(case):
        kept = Case.objects.select_related("next_step").get(pk=case.pk)
        assert kept.next_due_on == (kept.next_step and kept.next_step.due_on)
        return kept.next_due_on and (kept.next_due_on - cast.at.date()).days

    case, wrong, by = cast.case(), cast.case(), {"by": cast.anna, "at": cast.at}
    told = [days(case)]
    for change in (
        lambda: actions.take_step(case=case, following=cast.step(days=9), **by),
        lambda: actions.change_step(case=case, step=cast.step(days=20), **by),
        lambda: actions.close_case(case=case, result=CaseResult.NO_ACTION, summary="Stil", told_on=None, **by),
        lambda: actions.reopen_case(case=case, reason="Weer lawaai", step=cast.step(days=2), **by),
    ):
        change()
        told.append(days(case))
    actions.cancel_case(case=wrong, summary="Dubbel", **by)

    assert told == [3, 9, 20, None, 2]
    assert days(wrong) is None
