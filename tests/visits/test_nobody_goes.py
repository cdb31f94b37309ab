"""A visit is planned, and who goes is not there that day: somebody hears of it in time to go."""

from datetime import date, time, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from cases import actions as cases
from cases.states import FlagKind, SignalType
from corporatie.staff.models import Absence, User
from corporatie.staff.permissions import Role
from corporatie.staff.states import AbsencePart
from corporatie.work.models import HandedOn, Notice, SpecialDay
from tests.work.reminding import FRIDAY, MONDAY, SATURDAY, THURSDAY, TUESDAY, WEDNESDAY, live, moment, raw, swept
from visits import actions as visits
from visits.models import Visit
from visits.states import Outcome

pytestmark = pytest.mark.django_db
RULE = "visit_nobody_goes"
NEXT_MONDAY = MONDAY + timedelta(days=7)


def away(user, substitute, first, last=None, part=AbsencePart.DAY):
    return Absence.objects.create(user=user, substitute=substitute, from_on=first, until_on=last or first, part=part)


def test_from_the_working_day_before_and_no_longer_than_the_day_itself(cast):
    visit = cast.visit(on=THURSDAY)
    away(cast.anna, cast.bram, THURSDAY)
    swept(TUESDAY)
    assert live(RULE, visit) == []
    # The day before she is there to arrange it herself; on the day it is her substitute's.
    swept(WEDNESDAY)
    assert live(RULE, visit) == ["Anna"]
    swept(THURSDAY)
    assert live(RULE, visit) == ["Bram"]
    swept(FRIDAY)
    assert live(RULE, visit) == []
    assert live("visit_no_outcome", visit) == ["Anna"]


def test_before_a_weekend_it_is_told_on_friday(cast):
    visit = cast.visit(on=NEXT_MONDAY)
    away(cast.anna, cast.bram, NEXT_MONDAY)
    swept(THURSDAY)
    assert live(RULE, visit) == []
    swept(FRIDAY)
    assert live(RULE, visit) == ["Anna"]


def test_ill_in_the_weekend_is_told_in_the_weekend(cast):
    visit = cast.visit(on=SATURDAY)
    away(cast.anna, cast.bram, SATURDAY)
    swept(SATURDAY)
    assert live(RULE, visit) == ["Bram"]


def test_without_a_substitute_who_is_there_it_is_for_the_lead(cast):
    visit = cast.visit(on=TUESDAY)
    away(cast.anna, cast.bram, TUESDAY)
    away(cast.bram, cast.anna, TUESDAY)
    swept(TUESDAY, 8)
    assert live(RULE, visit) == ["Dirk"]


def test_who_left_goes_nowhere(cast):
    visit = cast.visit(on=TUESDAY)
    User.objects.get_queryset().filter(pk=cast.anna.pk).update(is_active=False)
    swept(TUESDAY, 8)
    assert live(RULE, visit) == ["Dirk"]
    raw(visit, visitor=cast.bram)
    swept(TUESDAY, 9)
    assert live(RULE, visit) == []


@pytest.mark.parametrize(
    ("part", "clock", "told"),
    [
        (AbsencePart.MORNING, time(11, 59), True),
        (AbsencePart.MORNING, time(12), False),
        (AbsencePart.MORNING, None, False),
        (AbsencePart.AFTERNOON, time(11, 59), False),
        (AbsencePart.AFTERNOON, time(12), True),
        (AbsencePart.AFTERNOON, None, False),
        (AbsencePart.DAY, None, True),
        (AbsencePart.DAY, time(15), True),
    ],
)
def test_half_a_day(cast, part, clock, told):
    visit = cast.visit(on=WEDNESDAY, planned_time=clock)
    away(cast.anna, cast.bram, WEDNESDAY, part=part)
    swept(TUESDAY)
    assert live(RULE, visit) == (["Anna"] if told else [])


def test_what_was_not_made_before_noon_falls_in_the_afternoon(cast):
    visit = cast.visit(on=WEDNESDAY)
    away(cast.anna, cast.bram, WEDNESDAY, part=AbsencePart.AFTERNOON)
    swept(WEDNESDAY, 11)
    assert live(RULE, visit) == []
    swept(WEDNESDAY, 12)
    assert live(RULE, visit) == ["Bram"]


def test_a_morning_and_an_afternoon_are_a_whole_day(cast):
    visit = cast.visit(on=WEDNESDAY)
    for part in (AbsencePart.MORNING, AbsencePart.AFTERNOON):
        away(cast.anna, cast.bram, WEDNESDAY, part=part)
    swept(TUESDAY)
    assert live(RULE, visit) == ["Anna"]
    swept(WEDNESDAY)
    assert live(RULE, visit) == ["Bram"]


@pytest.mark.parametrize("role", [None, Role.PROJECT_LEADER])
def test_who_may_not_go_there_any_more_goes_nowhere(cast, role):
    visit = cast.visit(on=WEDNESDAY)
    cast.anna.grants.all().delete()
    if role:
        cast.anna.grants.create(role=role)
    swept(TUESDAY)
    assert live(RULE, visit) == ["Dirk"]


def test_a_secret_dossier_that_went_to_somebody_else_takes_its_visit_along(cast):
    case = cast.case(types=(SignalType.CONFUSION,))
    visit = cast.visit(on=WEDNESDAY, case=case)
    cases.assign_case(case=case, handler=cast.bram, by=cast.anna, at=cast.at)
    swept(TUESDAY)
    assert live(RULE, visit) == ["Bram"]


@pytest.mark.parametrize("how", ["away", "left"])
def test_of_two_the_second_counts_too(cast, how):
    visit = cast.visit(on=WEDNESDAY, second_visitor=cast.bram)
    swept(TUESDAY, 8)
    assert live(RULE, visit) == []
    if how == "away":
        away(cast.bram, cast.dirk, WEDNESDAY)
    else:
        User.objects.get_queryset().filter(pk=cast.bram.pk).update(is_active=False)
    swept(TUESDAY)
    assert live(RULE, visit) == ["Anna"]


# --- Somebody else goes ----------------------------------------------------------------------------------------
def test_the_page_answers_it_and_who_goes_hears_it(cast, client):
    visit = cast.visit(on=WEDNESDAY)
    away(cast.anna, cast.bram, WEDNESDAY)
    swept(WEDNESDAY, 8)
    assert live(RULE, visit) == ["Bram"]
    with time_machine.travel(moment(WEDNESDAY, 9), tick=False):
        client.force_login(cast.bram)
        page = reverse("visit_visitors", args=[visit.pk])
        assert page in client.get(visit.get_absolute_url()).content.decode()
        shown = client.get(page).content.decode()
        assert "Anna Jansen" in shown
        assert client.post(page, {"visitor": cast.hans.pk}).status_code == 422
        assert client.post(page, {"visitor": cast.dirk.pk, "second_visitor": cast.dirk.pk}).status_code == 422
        assert client.post(page, {"visitor": cast.dirk.pk}).status_code == 302
    visit.refresh_from_db()
    assert (visit.visitor, visit.second_visitor) == (cast.dirk, None)
    assert live(RULE, visit) == []
    swept(WEDNESDAY, 10)
    told = Notice.objects.live().get(rule="work_received")
    assert told.recipient == cast.dirk
    with time_machine.travel(moment(WEDNESDAY, 11), tick=False):
        client.force_login(cast.dirk)
        assert "Kerkstraat 47" in client.get(HandedOn.objects.get().get_absolute_url()).content.decode()


def test_who_goes_herself_is_told_nothing_and_a_visit_that_was_goes_to_nobody(cast):
    visit = cast.visit(on=TUESDAY)
    visits.change_visitors(visit=visit, visitor=cast.bram, second_visitor=None, by=cast.bram, at=cast.at)
    assert not HandedOn.objects.exists()
    visits.end_visit(visit=visit, client_uuid=visit.pk, outcome=Outcome.CANCELLED, by=cast.bram, at=cast.at)
    with pytest.raises(ValidationError):
        visits.change_visitors(visit=visit, visitor=cast.anna, second_visitor=None, by=cast.bram, at=cast.at)


def test_a_safety_agreement_still_asks_for_two(cast):
    visit = cast.visit(on=WEDNESDAY)
    cases.decide_flag(
        tenancy=cast.bos, kind=FlagKind.TWO_VISITORS, instruction="Samen", reason="Dreigde", by=cast.dirk, at=cast.at,
        review_on=THURSDAY + timedelta(days=90), told_on=TUESDAY,
    )  # fmt: skip
    with pytest.raises(ValidationError):
        visits.change_visitors(visit=visit, visitor=cast.bram, second_visitor=None, by=cast.anna, at=cast.at)
    visits.change_visitors(visit=visit, visitor=cast.bram, second_visitor=cast.dirk, by=cast.anna, at=cast.at)
    assert {row.receiver for row in HandedOn.objects.all()} == {cast.bram, cast.dirk}


@pytest.mark.parametrize("who", ["carla", "petra", "mila", "hans"])
def test_who_does_not_work_on_it_changes_nothing(cast, who):
    visit = cast.visit(on=WEDNESDAY)
    with pytest.raises(PermissionDenied):
        visits.change_visitors(visit=visit, visitor=cast.bram, second_visitor=None, by=getattr(cast, who), at=cast.at)
    visit.refresh_from_db()
    assert visit.visitor == cast.anna


def test_a_talk_to_work_out_is_of_who_was_there(cast):
    visit = cast.visit(on=TUESDAY)
    away(cast.anna, cast.bram, WEDNESDAY, FRIDAY)
    talk = visits.Talk(outcome=Outcome.TALKED, elaborate_later=True)
    visits.file_report(
        client_uuid=visit.pk, tenancy=cast.bos, visit=visit, talk=talk, by=cast.dirk, at=moment(TUESDAY, 15)
    )
    swept(WEDNESDAY)
    assert live("visit_to_elaborate", visit) == ["Dirk"]


def test_somebody_who_is_there_goes_without_more(cast):
    visit = cast.visit(on=TUESDAY)
    away(cast.bram, cast.anna, TUESDAY)
    swept(TUESDAY)
    assert live(RULE, visit) == []


def test_taken_back_by_the_verb_and_raised_again_when_she_is_away_again(cast):
    visit = cast.visit(on=TUESDAY)
    gone = away(cast.anna, cast.bram, TUESDAY)
    swept(TUESDAY, 8)
    Notice.objects.live().filter(rule=RULE).update(read_at=moment(TUESDAY, 9))
    gone.delete()
    swept(TUESDAY, 9)
    assert live(RULE, visit) == []
    away(cast.anna, cast.bram, TUESDAY)
    at = swept(TUESDAY, 10)
    assert live(RULE, visit) == ["Bram"]
    assert Notice.objects.live().get(rule=RULE).made_at == at
    assert Notice.objects.live().get(rule=RULE).read_at is None
    visits.end_visit(visit=visit, client_uuid=visit.pk, outcome=Outcome.CANCELLED, by=cast.bram, at=moment(TUESDAY, 11))
    assert live(RULE, visit) == []


def test_another_visitor_is_told_nothing_and_each_day_anew(cast):
    visit = cast.visit(on=WEDNESDAY)
    away(cast.anna, cast.bram, WEDNESDAY, FRIDAY)
    swept(WEDNESDAY)
    raw(visit, visitor=cast.bram)
    swept(WEDNESDAY, 11)
    assert live(RULE, visit) == []
    raw(visit, visitor=cast.anna, planned_on=THURSDAY)
    swept(WEDNESDAY, 12)
    assert live(RULE, visit) == ["Bram"]
    assert Notice.objects.live().get(rule=RULE).on == THURSDAY


def test_on_a_day_the_association_is_closed_it_looks_to_the_next_day_that_it_is_open(cast):
    SpecialDay.objects.create(on=WEDNESDAY, name="Brugdag")
    visit = cast.visit(on=THURSDAY)
    away(cast.anna, cast.bram, THURSDAY)
    swept(TUESDAY)
    assert live(RULE, visit) == ["Anna"]


def test_a_visit_of_which_nothing_came_is_no_visit_without_a_visitor(cast):
    visit = cast.visit(on=TUESDAY)
    away(cast.anna, cast.bram, TUESDAY)
    Visit.objects.filter(pk=visit.pk).update(planned_on=date(2026, 11, 23))
    swept(TUESDAY)
    assert live(RULE, visit) == []
    assert timezone.localdate(cast.at) == TUESDAY
