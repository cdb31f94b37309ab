"""A dossier goes to somebody else after a yes: asked, answered, withdrawn, and what is told of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from cases import actions as cases
from cases.models import Case, HandOver
from cases.states import HandOverAnswer
from corporatie.staff.actions import say_goodbye
from corporatie.staff.models import Absence, RoleGrant
from corporatie.staff.permissions import Role
from corporatie.work import actions as work
from corporatie.work.models import FollowUp, Notice
from corporatie.work.reminders import sweep
from corporatie.work.rules import Place, undivided
from tests.cast import colleague
from tests.work.leaving import divide, kinds, promise
from tests.work.reminding import MONDAY, SATURDAY, moment, raw

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(cast):
    """Bram is asked to take over Anna's dossier, in which Anna has a promise too."""
    case = cast.case()
    promise(cast, subject=case)
    divide(cast, kinds(cast)["case"], cast.bram)
    return HandOver.objects.get()


def test_a_yes_takes_the_steps_and_promises_along(cast, asked):
    assert Case.objects.get().handler == cast.anna
    sweep(at=cast.at)
    assert Notice.objects.live().get(rule="hand_over_asked").recipient == cast.bram
    cases.accept_hand_over(hand_over=asked, by=cast.bram, at=cast.at)
    assert Case.objects.get().handler == cast.bram
    assert set(FollowUp.objects.open().values_list("owner", flat=True)) == {cast.bram.pk}
    assert not Notice.objects.live().filter(rule="hand_over_asked").exists()
    with pytest.raises(ValidationError):
        cases.refuse_hand_over(hand_over=asked, reason="Toch niet", by=cast.bram, at=cast.at)


def test_a_no_needs_a_reason_and_is_heard_by_who_asked(cast, asked):
    with pytest.raises(ValidationError):
        cases.refuse_hand_over(hand_over=asked, reason="  ", by=cast.bram, at=cast.at)
    cases.refuse_hand_over(hand_over=asked, reason="Ik ken de buren", by=cast.bram, at=cast.at)
    sweep(at=cast.at)
    assert Notice.objects.live().get(rule="hand_over_refused").recipient == cast.dirk
    assert Case.objects.get().handler == cast.anna
    assert undivided(cast.anna, at=cast.at) == {Place(team=cast.noord.pk): 1}
    # Asked of somebody else: then the no is no news any more.
    divide(cast, kinds(cast)["case"], cast.dirk)
    sweep(at=cast.at)
    assert not Notice.objects.live().filter(rule="hand_over_refused").exists()


def test_nobody_is_asked_for_what_she_takes_herself(cast):
    """The lead divides, and keeps one: it is hers at once, with what goes along."""
    case = cast.case()
    promise(cast, subject=case)
    sweep(at=moment(MONDAY + timedelta(days=7)))
    result = divide(cast, kinds(cast)["case"], cast.dirk)
    assert (result.given, result.asked) == (1, 0)
    taken = HandOver.objects.get()
    assert (taken.answer, taken.answered_at, taken.receiver, taken.handler) == (
        HandOverAnswer.YES, cast.at, cast.dirk, cast.anna,
    )  # fmt: skip
    assert Case.objects.get().handler == cast.dirk
    assert set(FollowUp.objects.open().values_list("owner", flat=True)) == {cast.dirk.pk}
    assert not Notice.objects.live().filter(recipient=cast.anna, subject_id=case.pk).exists()
    sweep(at=moment(MONDAY + timedelta(days=7), 11))
    assert not Notice.objects.live().filter(rule="hand_over_asked").exists()
    assert Notice.objects.live().filter(recipient=cast.dirk, rule="follow_up_due").exists()
    assert undivided(cast.anna, at=cast.at) == {}


def test_the_lead_who_was_asked_takes_it_herself(cast):
    """Another lead asked her; dividing, she chooses herself."""
    eva = colleague("Eva Lier", Role.TEAM_LEAD, team=cast.noord)
    cast.case()
    divide(cast, kinds(cast)["case"], cast.dirk, by=eva)
    assert HandOver.objects.waiting().get().receiver == cast.dirk
    result = divide(cast, kinds(cast)["case"], cast.dirk)
    assert result.given == 1
    assert Case.objects.get().handler == cast.dirk
    assert not HandOver.objects.waiting().exists()


def test_who_was_not_asked_cannot_say_yes(cast, asked):
    with pytest.raises(ValidationError):
        cases.accept_hand_over(hand_over=asked, by=cast.dirk, at=cast.at)
    assert Case.objects.get().handler == cast.anna


def test_asking_somebody_else_withdraws_the_question(cast, asked):
    divide(cast, kinds(cast)["case"], cast.dirk)
    with pytest.raises(ValidationError):
        cases.accept_hand_over(hand_over=asked, by=cast.bram, at=cast.at)
    assert HandOver.objects.get(pk=asked.pk).answer == HandOverAnswer.WITHDRAWN


def test_a_handler_who_was_chosen_meanwhile_ends_the_question(cast, asked):
    cases.assign_case(case=asked.case, handler=cast.dirk, by=cast.dirk, at=cast.at)
    with pytest.raises(ValidationError):
        cases.accept_hand_over(hand_over=asked, by=cast.bram, at=cast.at)


def test_a_dossier_that_was_closed_meanwhile_is_not_taken_over(cast, asked):
    work.finish_follow_up(follow_up=FollowUp.objects.get(is_promise=True), by=cast.anna, at=cast.at)
    cases.cancel_case(case=Case.objects.get(), summary="Vergissing", by=cast.anna, at=cast.at)
    with pytest.raises(ValidationError):
        cases.accept_hand_over(hand_over=asked, by=cast.bram, at=cast.at)
    assert HandOver.objects.get().answer == ""


def test_who_was_asked_and_left_was_not_asked(cast, asked):
    say_goodbye(colleague=cast.bram, by=cast.hans, at=cast.at)
    assert undivided(cast.anna, at=cast.at) == {Place(team=cast.noord.pk): 1}


@pytest.mark.parametrize("who", ["bram", "dirk"])
def test_who_was_asked_or_asked_and_may_handle_none_any_more_holds_nothing_open(cast, asked, who):
    changed = getattr(cast, who)
    RoleGrant.objects.filter(user=changed).update(role=Role.MANAGER)
    assert undivided(cast.anna, at=cast.at) == {Place(team=cast.noord.pk): 1}
    with pytest.raises(ValidationError):
        work.leave(colleague=cast.anna, by=cast.hans, at=cast.at)
    assert Case.objects.get().handler == cast.anna


def test_after_her_last_day_the_lead_who_asked_has_it_until_there_is_a_yes(cast, asked):
    work.leave(colleague=cast.anna, by=cast.hans, at=cast.at)
    case = Case.objects.get()
    assert case.handler == cast.dirk
    assert set(FollowUp.objects.open().values_list("owner", flat=True)) == {cast.dirk.pk}
    cases.accept_hand_over(hand_over=asked, by=cast.bram, at=cast.at)
    assert Case.objects.get().handler == cast.bram
    assert set(FollowUp.objects.open().values_list("owner", flat=True)) == {cast.bram.pk}


def test_while_who_was_asked_is_away_the_lead_hears_that_and_is_not_asked_herself(cast, asked):
    day = cast.at.date()
    away = Absence.objects.create(user=cast.bram, substitute=cast.carla, from_on=day, until_on=day)
    sweep(at=cast.at)
    (told,) = Notice.objects.live().filter(about_id=asked.case_id)
    assert (told.rule, told.recipient) == ("hand_over_unanswered", cast.dirk)
    away.delete()
    sweep(at=cast.at + timedelta(hours=1))
    (told,) = Notice.objects.live().filter(about_id=asked.case_id)
    assert (told.rule, told.recipient) == ("hand_over_asked", cast.bram)


@pytest.mark.parametrize("code", ["hand_over_asked", "hand_over_refused", "case_given", "work_received"])
def test_what_a_colleague_did_is_heard_on_a_closed_day_too_and_mailed_on_the_next_day_of_work(cast, asked, code):
    sunday = moment(MONDAY) - timedelta(days=1)
    match code:
        case "hand_over_refused":
            cases.refuse_hand_over(hand_over=asked, reason="Ik ken de buren", by=cast.bram, at=sunday)
        case "case_given":
            raw(asked, answer=HandOverAnswer.GIVEN, answered_at=sunday)
            raw(asked.case, handler=cast.bram)
        case "work_received":
            promise(cast)
            divide(cast, kinds(cast)["promise"], cast.bram)
    sweep(at=moment(SATURDAY))
    assert Notice.objects.live().filter(rule=code).count() == 1
    assert Notice.objects.get(rule=code).mail is None
    sweep(at=moment(MONDAY + timedelta(days=7)))
    assert Notice.objects.get(rule=code).mail is not None


@pytest.mark.parametrize("by_verb", [True, False])
def test_a_no_is_over_when_somebody_else_handles_the_dossier(cast, asked, client, by_verb):
    cases.refuse_hand_over(hand_over=asked, reason="Ik ken de buren", by=cast.bram, at=cast.at)
    sweep(at=cast.at)
    assert Notice.objects.live().filter(rule="hand_over_refused").count() == 1
    assert list(HandOver.objects.refused()) == [asked]
    case = Case.objects.get()
    if by_verb:
        cases.assign_case(case=case, handler=cast.dirk, by=cast.dirk, at=cast.at)
    else:
        raw(case, handler=cast.dirk)
        sweep(at=cast.at)
    assert not Notice.objects.live().filter(rule="hand_over_refused").exists()
    assert not HandOver.objects.refused().exists()
    other = colleague("Nel Prins", Role.TEAM_LEAD, team=cast.noord)
    # Asked of her and refused again, it is news again.
    divide(cast, kinds(cast, cast.dirk)["case"], cast.bram, holder=cast.dirk, by=other)
    again = HandOver.objects.waiting().get()
    cases.refuse_hand_over(hand_over=again, reason="Ik ken de buren", by=cast.bram, at=cast.at)
    sweep(at=cast.at)
    assert Notice.objects.live().get(rule="hand_over_refused").recipient == again.asked_by


def test_a_no_to_who_had_it_meanwhile_is_still_hers_to_solve(cast, asked):
    """Anna left, so Dirk, who asked, handles it; then Bram says no."""
    work.leave(colleague=cast.anna, by=cast.hans, at=cast.at)
    cases.refuse_hand_over(hand_over=asked, reason="Ik ken de buren", by=cast.bram, at=cast.at)
    sweep(at=cast.at)
    assert Notice.objects.live().get(rule="hand_over_refused").recipient == cast.dirk


def test_a_dossier_that_was_given_and_went_on_is_no_news_for_who_had_it(cast, asked):
    raw(asked, answer=HandOverAnswer.GIVEN, answered_at=cast.at)
    raw(asked.case, handler=cast.bram)
    sweep(at=cast.at)
    assert Notice.objects.live().get(rule="case_given").recipient == cast.bram
    cases.assign_case(case=Case.objects.get(), handler=cast.dirk, by=cast.dirk, at=cast.at)
    assert not Notice.objects.live().filter(rule="case_given").exists()


@pytest.mark.parametrize("who", ["bram", "dirk"])
def test_who_went_to_another_team_since_gets_no_dossier_she_cannot_open(cast, asked, who):
    moved = getattr(cast, who)
    moved.teams.set([cast.zuid])
    assert undivided(cast.anna, at=cast.at) == {Place(team=cast.noord.pk): 1}
    with pytest.raises(ValidationError, match="1 regel heeft nog geen nieuwe eigenaar"):
        work.leave(colleague=cast.anna, by=cast.hans, at=cast.at)
    assert Case.objects.get().handler == cast.anna


def test_a_yes_of_who_cannot_open_it_any_more_is_refused(cast, asked):
    cast.bram.teams.set([cast.zuid])
    with pytest.raises(ValidationError, match="mag dit niet openen"):
        cases.accept_hand_over(hand_over=asked, by=cast.bram, at=cast.at)
    assert Case.objects.get().handler == cast.anna
