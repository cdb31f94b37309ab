"""Whom a rule reaches: owner, stand-in, second reader, lead, her stand-in, and then a line that says nothing."""

import pytest

from cases.models import Case, CaseReader
from cases.states import SignalType
from corporatie.staff.models import Absence, RoleGrant, User
from corporatie.staff.permissions import Role
from corporatie.work.actions import add_follow_up
from corporatie.work.models import Alarm, FollowUp, Notice
from tests.cast import colleague
from tests.work.reminding import (
    BY_CODE,
    LED,
    NEWS,
    OWNED,
    THURSDAY,
    TUESDAY,
    live,
    raw,
    swept,
)

pytestmark = pytest.mark.django_db

owned = pytest.mark.parametrize("rule", OWNED, ids=str)
led = pytest.mark.parametrize("rule", LED, ids=str)


def away(who, substitute, *, first=TUESDAY, last=THURSDAY):
    """On leave all week, with somebody to stand in."""
    return Absence.objects.create(user=who, substitute=substitute, from_on=first, until_on=last.replace(day=30))


def left(who):
    """Does not work here any more."""
    raw_user = User.objects.get_queryset().filter(pk=who.pk)
    raw_user.update(is_active=False)


def heard(rule, row):
    """Who hears of it at the first moment that counts."""
    swept(rule.first, only=rule.code)
    return live(rule.code, row)


@owned
def test_its_owner_while_she_is_there(cast, rule):
    away(cast.anna, cast.bram, first=rule.first.replace(day=28))
    assert heard(rule, rule.make(cast)) == ["Anna"]


@owned
def test_who_stands_in_while_she_is_away(cast, rule):
    row = rule.make(cast)
    away(cast.anna, cast.bram)
    assert heard(rule, row) == ["Bram"]


@owned
def test_a_stand_in_of_another_team_works_for_hers_meanwhile(cast, rule):
    row = rule.make(cast)
    away(cast.anna, cast.carla)
    assert heard(rule, row) == ["Carla"]


@owned
@pytest.mark.parametrize("who", ["hans", "mila", "olga"])
def test_a_stand_in_whose_role_opens_nothing_does_not_hear_of_it(cast, rule, who):
    row = rule.make(cast)
    away(cast.anna, getattr(cast, who))
    assert heard(rule, row) == ["Dirk"]


@owned
def test_a_stand_in_who_is_away_herself_is_passed_over(cast, rule):
    row = rule.make(cast)
    away(cast.anna, cast.bram)
    # Who stands in for a stand-in does not stand in for the first.
    away(cast.bram, cast.carla)
    assert heard(rule, row) == ["Dirk"]


@owned
def test_a_stand_in_who_left_is_passed_over(cast, rule):
    row = rule.make(cast)
    away(cast.anna, cast.bram)
    left(cast.bram)
    assert heard(rule, row) == ["Dirk"]


@owned
def test_who_left_hears_of_nothing(cast, rule):
    row = rule.make(cast)
    left(cast.anna)
    assert heard(rule, row) == ["Dirk"]


@owned
def test_without_a_role_it_goes_to_the_lead(cast, rule):
    row = rule.make(cast)
    cast.anna.grants.all().delete()
    assert heard(rule, row) == ["Dirk"]


@owned
def test_when_the_lead_is_away_too_her_stand_in_hears_of_it(cast, rule):
    row = rule.make(cast)
    left(cast.anna)
    away(cast.dirk, cast.bram)
    assert heard(rule, row) == ["Bram"]


@owned
def test_of_two_leads_the_one_who_is_there_hears_of_it(cast, rule):
    row = rule.make(cast)
    second = colleague("Nel Prins", Role.TEAM_LEAD, team=cast.noord)
    left(cast.anna)
    left(cast.dirk)
    assert heard(rule, row) == ["Nel"]
    raw(second, is_active=True)
    User.objects.get_queryset().filter(pk=cast.dirk.pk).update(is_active=True)
    swept(rule.first, 11, only=rule.code)
    # One of both, and not both.
    assert len(live(rule.code, row)) == 1


@owned
def test_the_lead_of_another_team_is_not_asked(cast, rule):
    row = rule.make(cast)
    colleague("Nel Prins", Role.TEAM_LEAD, team=cast.zuid)
    left(cast.anna)
    left(cast.dirk)
    assert heard(rule, row) == ["-"]


@owned
def test_a_colleague_in_several_teams_hears_once(cast, rule):
    cast.zuid.members.add(cast.anna, cast.dirk)
    row = rule.make(cast)
    assert heard(rule, row) == ["Anna"]
    left(cast.anna)
    swept(rule.first, 11, only=rule.code)
    assert live(rule.code, row) == ["Dirk"]


@owned
def test_when_the_lead_is_its_owner_and_away(cast, rule):
    row = rule.make(cast)
    rule.to(row, cast.dirk)
    away(cast.dirk, cast.bram)
    assert heard(rule, row) == ["Bram"]


@owned
def test_nobody_left_becomes_a_line_that_says_nothing(cast, rule):
    row = rule.make(cast)
    left(cast.anna)
    left(cast.dirk)
    assert heard(rule, row) == ["-"]
    swept(rule.first, 11, only="alarm_nobody")
    alarm = Alarm.objects.on().get()
    assert (alarm.team, alarm.number, live("alarm_nobody", alarm)) == (cast.noord, 1, ["Hans"])


@led
def test_what_is_for_the_lead(cast, rule):
    row = rule.make(cast)
    assert heard(rule, row) == ["Dirk"]
    on_leave = away(cast.dirk, cast.bram)
    swept(rule.first, 11, only=rule.code)
    assert live(rule.code, row) == ["Bram"]
    raw(on_leave, substitute=cast.hans)
    swept(rule.first, 12, only=rule.code)
    assert live(rule.code, row) == ["-"]


@led
def test_without_a_lead_or_without_a_team_it_is_for_nobody(cast, rule):
    row = rule.make(cast)
    raw(cast.buurt_noord, team=cast.zuid)
    assert heard(rule, row) == ["-"]


@pytest.mark.parametrize("rule", NEWS, ids=str)
def test_news_for_who_is_not_there_any_more_is_for_nobody_and_alarms_nobody(cast, rule):
    """A thank-you is not due: nobody else can do anything with it."""
    row = rule.make(cast)
    left(cast.anna)
    assert heard(rule, row) == []
    swept(rule.first, 11, only="alarm_nobody")
    assert not Alarm.objects.on().exists()


@pytest.mark.parametrize("rule", NEWS, ids=str)
def test_news_waits_for_who_is_on_leave(cast, rule):
    row = rule.make(cast)
    away(cast.anna, cast.bram)
    assert heard(rule, row) == ["Anna"]


# --- Secret dossiers ---------------------------------------------------------------------------------------------
@pytest.fixture
def secret(cast):
    """Bram's secret dossier, with a step for Thursday and nobody named to read it yet."""
    case = cast.case(by=cast.bram, types=(SignalType.CONFUSION,), first_step=cast.step(cast.bram, days=2))
    CaseReader.objects.all().delete()
    return case


def heard_of_step(case):
    """Who hears of the next step of this dossier."""
    swept(THURSDAY, only="follow_up_due")
    return live("follow_up_due", Case.objects.get(pk=case.pk).next_step)


def test_a_secret_step_is_its_handlers(cast, secret):
    CaseReader.objects.create(case=secret, user=cast.anna, is_second=True)
    assert heard_of_step(secret) == ["Bram"]


@pytest.mark.parametrize("gone", [lambda cast: away(cast.bram, cast.carla), lambda cast: left(cast.bram)])
def test_its_second_reader_alone_stands_in(cast, secret, gone):
    CaseReader.objects.create(case=secret, user=cast.anna, is_second=True)
    gone(cast)
    assert heard_of_step(secret) == ["Anna"]


def test_a_named_reader_does_not_stand_in(cast, secret):
    CaseReader.objects.create(case=secret, user=cast.anna)
    away(cast.bram, cast.anna)
    assert heard_of_step(secret) == ["-"]


def test_a_second_reader_who_is_away_does_not_stand_in(cast, secret):
    CaseReader.objects.create(case=secret, user=cast.anna, is_second=True)
    away(cast.bram, cast.dirk)
    away(cast.anna, cast.dirk)
    assert heard_of_step(secret) == ["-"]


def test_without_a_second_reader_the_lead_hears_that_there_is_something_and_not_what(cast, secret):
    away(cast.bram, cast.dirk)
    assert heard_of_step(secret) == ["-"]
    swept(THURSDAY, 11, only="alarm_nobody")
    alarm = Alarm.objects.on().get()
    assert live("alarm_nobody", alarm) == ["Dirk"]
    told = Notice.objects.live().get(rule="alarm_nobody")
    assert (told.subject_id, told.about_id, told.tenancy) == (alarm.pk, alarm.pk, None)


def test_what_of_a_secret_dossier_is_somebody_elses_reaches_the_handler_who_is_there(cast, secret):
    """Owning adds nothing: whoever owns work of a dossier she may not open is passed over, and the handler is there."""
    raw(FollowUp.objects.get(pk=secret.next_step_id), owner=cast.anna)
    assert heard_of_step(secret) == ["Bram"]


def test_a_visit_for_a_secret_dossier_reaches_its_second_reader(cast, secret):
    CaseReader.objects.create(case=secret, user=cast.anna, is_second=True)
    visit = cast.visit(by=cast.bram, case=secret, on=TUESDAY)
    away(cast.bram, cast.carla)
    swept(THURSDAY, only="visit_no_outcome")
    assert live("visit_no_outcome", visit) == ["Anna"]


def test_a_visit_for_a_secret_dossier_is_no_news_for_who_was_named_to_read_it(cast, secret):
    """She stands in for the visitor and may open the visit; what came of it is not hers to write down."""
    CaseReader.objects.create(case=secret, user=cast.anna)
    visit = cast.visit(by=cast.bram, case=secret, on=TUESDAY)
    away(cast.bram, cast.anna)
    swept(THURSDAY, only="visit_no_outcome")
    assert live("visit_no_outcome", visit) == ["-"]


def test_what_was_promised_at_such_a_visit_reaches_her_too(cast, secret):
    CaseReader.objects.create(case=secret, user=cast.anna, is_second=True)
    visit = cast.visit(by=cast.bram, case=secret, on=TUESDAY)
    promise = add_follow_up(
        tenancy=cast.bos, subject=visit, what="Bel", owner=cast.bram, due_on=TUESDAY, by=cast.bram, at=cast.at
    )
    away(cast.bram, cast.carla)
    swept(THURSDAY, only="follow_up_due")
    assert live("follow_up_due", promise) == ["Anna"]


def test_owning_a_promise_of_what_one_may_not_open_is_no_way_to_hear_of_it(cast):
    row = BY_CODE["follow_up_due"].make(cast)
    raw(row, owner=cast.mila)
    swept(THURSDAY, only="follow_up_due")
    assert live("follow_up_due", row) == ["Dirk"]


def test_a_colleague_with_a_second_role_is_asked_for_what_her_roles_allow_together(cast):
    row = BY_CODE["follow_up_due"].make(cast)
    RoleGrant.objects.create(user=cast.mila, role=Role.HOUSING_CONSULTANT)
    away(cast.anna, cast.mila)
    swept(THURSDAY, only="follow_up_due")
    assert live("follow_up_due", row) == ["Mila"]
