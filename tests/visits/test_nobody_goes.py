"""A visit is planned, and who goes is not there that day: somebody hears of it in time to go."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from corporatie.staff.models import Absence, User
from corporatie.staff.states import AbsencePart
from corporatie.work.models import Notice, SpecialDay
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
