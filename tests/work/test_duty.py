"""Who is on duty at a moment, and the verbs that put people on the roster."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from corporatie.staff.models import Absence, User
from corporatie.staff.rules import away_between
from corporatie.staff.states import AbsencePart
from corporatie.work import actions
from corporatie.work.models import Duty, DutyHours, SpecialDay
from corporatie.work.rules import Watch, is_away_in, may_change_roster, on_duty
from corporatie.work.states import DutyOrder, Shift
from tests.cast import Cast
from tests.work.at_once import meanwhile, needs_postgresql, real

HERE = ZoneInfo("Europe/Amsterdam")
YEAR = (date(2026, 1, 1), date(2027, 12, 31))


def moment(text, fold=0):
    """A time on the clock on the wall."""
    return datetime.fromisoformat(text).replace(tzinfo=HERE, fold=fold)


def duty(user, team, shift, *, order=DutyOrder.FIRST, days=YEAR):
    """A row of the roster, not written down yet."""
    return Duty(user=user, team=team, shift=shift, order=order, from_on=days[0], until_on=days[1])


def put(*rows):
    """Written down whatever the verb thinks of it: what was true once need not be true now."""
    for row in rows:
        row.changed_at, row.changed_by = moment("2026-11-01T09:00"), row.user
        row.save()


@pytest.fixture
def roster(cast, at):
    """Someone in every shift of Noord: Anna at the office, Bram in the evening, Dirk in the weekend."""
    rows = [
        duty(cast.anna, cast.noord, Shift.OFFICE),
        duty(cast.bram, cast.noord, Shift.EVENING),
        duty(cast.dirk, cast.noord, Shift.WEEKEND),
    ]
    for row in rows:
        actions.plan_duty(duty=row, by=cast.dirk, at=at)
    return rows


def names(team, at):
    """Who is on duty, in order."""
    return [user.get_short_name() for user in on_duty(team, at=at)]


# --- Which shift it is -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("when", "who"),
    [
        ("2026-11-27T07:59", "Bram"),  # Friday before the office opens: still the night of Thursday
        ("2026-11-27T08:00", "Anna"),
        ("2026-11-27T16:59", "Anna"),
        ("2026-11-27T17:00", "Bram"),
        ("2026-11-28T03:00", "Bram"),  # the night of Friday
        ("2026-11-28T08:00", "Dirk"),  # Saturday
        ("2026-11-28T12:00", "Dirk"),
        ("2026-11-29T23:30", "Dirk"),  # Sunday night
        ("2026-11-30T07:59", "Dirk"),
        ("2026-11-30T08:00", "Anna"),
        ("2026-12-04T10:00", "Dirk"),  # a day the office is closed
        ("2026-12-05T10:00", "Anna"),  # a Saturday on which they work
        ("2026-12-05T17:00", "Bram"),
        ("2026-12-25T10:00", "Dirk"),  # Christmas, a Friday
        ("2026-12-25T07:59", "Bram"),  # its early morning is of Thursday
        # The clock goes forward on 29 March 2026 and back on 25 October: both are Sundays.
        ("2026-03-29T01:59", "Dirk"),
        ("2026-03-29T03:00", "Dirk"),
        ("2026-03-30T07:59", "Dirk"),
        ("2026-03-30T08:00", "Anna"),
        ("2026-10-25T02:30", "Dirk"),
        ("2026-10-26T07:59", "Dirk"),
        ("2026-10-26T08:00", "Anna"),
    ],
)
def test_who_is_on_duty_at_this_moment(cast, roster, when, who):
    SpecialDay.objects.create(on=date(2026, 12, 4), name="Brugdag")
    SpecialDay.objects.create(on=date(2026, 12, 5), name="Open huis", is_working_day=True)
    assert names(cast.noord, moment(when)) == [who]


def test_the_hour_that_happens_twice_is_one_shift(db):
    watch = Watch.load()
    assert {watch.at(moment("2026-10-25T02:30", fold=fold)) for fold in (0, 1)} == {(date(2026, 10, 24), Shift.WEEKEND)}


@pytest.mark.parametrize(
    ("when", "change"),
    [
        ("2026-11-27T16:59", "2026-11-27T17:00"),
        ("2026-11-27T17:00", "2026-11-28T08:00"),
        ("2026-11-28T12:00", "2026-11-29T08:00"),  # nothing closes in the weekend
        ("2026-11-29T18:00", "2026-11-30T08:00"),
        ("2026-03-28T23:00", "2026-03-29T08:00"),
        ("2026-10-24T23:00", "2026-10-25T08:00"),
    ],
)
def test_when_the_next_shift_begins(db, when, change):
    watch = Watch.load()
    assert watch.next_change(moment(when)) == moment(change)
    assert watch.began(moment(change)) == watch.began(moment(change) + timedelta(hours=1)) == moment(change)
    assert watch.began(moment(when)) <= moment(when)


def test_the_association_has_its_own_hours(cast, roster):
    DutyHours.objects.update(opens_at=time(9), closes_at=time(16, 30))
    assert names(cast.noord, moment("2026-11-27T08:30")) == ["Bram"]
    assert names(cast.noord, moment("2026-11-27T16:30")) == ["Bram"]
    assert names(cast.noord, moment("2026-11-27T16:29")) == ["Anna"]


# --- In which order ----------------------------------------------------------------------------------
OFFICE = moment("2026-11-24T10:00")


def test_first_whom_the_team_named_and_then_whom_the_association_did(cast):
    put(
        duty(cast.bram, None, Shift.OFFICE),
        duty(cast.dirk, cast.noord, Shift.OFFICE, order=DutyOrder.FOURTH),
        duty(cast.anna, cast.noord, Shift.OFFICE, order=DutyOrder.SECOND),
        duty(cast.carla, cast.zuid, Shift.OFFICE),
    )
    assert names(cast.noord, OFFICE) == ["Anna", "Dirk", "Bram"]


def test_overlapping_rows_ask_nobody_twice(cast):
    put(
        duty(cast.anna, cast.noord, Shift.OFFICE, order=DutyOrder.SECOND),
        duty(cast.anna, cast.noord, Shift.OFFICE, order=DutyOrder.FIRST),
        duty(cast.bram, cast.noord, Shift.OFFICE, order=DutyOrder.SECOND),
        duty(cast.anna, None, Shift.OFFICE),
    )
    assert names(cast.noord, OFFICE) == ["Anna", "Bram"]


def test_who_is_away_left_or_may_not_judge_is_passed_over(cast):
    put(
        duty(cast.anna, cast.noord, Shift.OFFICE),
        duty(cast.bram, cast.noord, Shift.OFFICE, order=DutyOrder.SECOND),
        duty(cast.wim, cast.noord, Shift.OFFICE, order=DutyOrder.THIRD),
        duty(cast.dirk, cast.noord, Shift.OFFICE, order=DutyOrder.FOURTH),
    )
    day = OFFICE.date()
    Absence.objects.create(user=cast.anna, substitute=cast.dirk, from_on=day, until_on=day, part=AbsencePart.MORNING)
    cast.bram.is_active = False
    cast.bram.save()
    assert names(cast.noord, OFFICE) == ["Dirk"]
    assert names(cast.noord, OFFICE + timedelta(hours=2)) == ["Anna", "Dirk"]


def test_a_row_counts_from_its_first_day_to_its_last(cast):
    week = (date(2026, 11, 24), date(2026, 11, 26))
    put(duty(cast.anna, cast.noord, Shift.OFFICE, days=week))
    found = {day: names(cast.noord, moment(f"2026-11-{day}T12:00")) for day in (23, 24, 26, 27)}
    assert found == {23: [], 24: ["Anna"], 26: ["Anna"], 27: []}


def test_without_rows_nobody_is_on_duty(cast):
    assert names(cast.noord, OFFICE) == []
    assert names(None, OFFICE) == []


def test_who_moved_to_another_team_is_not_asked_for_this_one(cast, roster):
    cast.noord.members.remove(cast.anna)
    assert names(cast.noord, OFFICE) == []


# --- The verbs ---------------------------------------------------------------------------------------
def test_a_row_is_put_down_changed_and_taken_off(cast, at):
    row = duty(cast.anna, cast.noord, Shift.OFFICE)
    actions.plan_duty(duty=row, by=cast.dirk, at=at)
    row.user = cast.bram
    actions.plan_duty(duty=row, by=cast.dirk, at=at + timedelta(hours=1))
    stored = Duty.objects.get()
    assert (stored.user, stored.changed_by, stored.changed_at) == (cast.bram, cast.dirk, at + timedelta(hours=1))
    actions.drop_duty(duty=row, by=cast.dirk, at=at)
    actions.drop_duty(duty=row, by=cast.dirk, at=at)
    assert not Duty.objects.exists()


def test_days_that_are_over_are_refused_and_a_row_that_runs_is_changed(cast, at):
    today = at.date()
    over = duty(cast.anna, cast.noord, Shift.OFFICE, days=(today - timedelta(days=9), today - timedelta(days=1)))
    with pytest.raises(ValidationError, match="voorbij"):
        actions.plan_duty(duty=over, by=cast.dirk, at=at)
    runs = duty(cast.anna, cast.noord, Shift.OFFICE, days=(today - timedelta(days=9), today))
    actions.plan_duty(duty=runs, by=cast.dirk, at=at)
    runs.until_on = today - timedelta(days=1)
    actions.plan_duty(duty=runs, by=cast.dirk, at=at)
    assert Duty.objects.get().until_on == today - timedelta(days=1)


def test_who_leaves_is_on_no_roster_from_that_day(cast, at):
    today = at.date()
    put(
        duty(cast.bram, cast.noord, Shift.OFFICE, days=(today - timedelta(days=9), today + timedelta(days=9))),
        duty(cast.bram, cast.noord, Shift.EVENING, days=(today, today + timedelta(days=9))),
        duty(cast.bram, cast.noord, Shift.WEEKEND, days=(today - timedelta(days=9), today - timedelta(days=2))),
        duty(cast.anna, cast.noord, Shift.WEEKEND),
    )
    actions.leave(colleague=cast.bram, by=cast.hans, at=at)
    left = Duty.objects.filter(user=cast.bram).order_by("shift").values_list("shift", "until_on")
    assert list(left) == [(Shift.OFFICE, today - timedelta(days=1)), (Shift.WEEKEND, today - timedelta(days=2))]
    assert Duty.objects.filter(user=cast.anna).count() == 1


@pytest.mark.parametrize("who", ["wim", "carla", "hans", "mila", "rachid"])
def test_who_could_not_open_a_signal_of_the_team_is_refused(cast, at, who):
    with pytest.raises(ValidationError):
        actions.plan_duty(duty=duty(getattr(cast, who), cast.noord, Shift.OFFICE), by=cast.dirk, at=at)
    assert not Duty.objects.exists()


def test_who_judges_signals_anywhere_may_stand_on_the_roster_of_the_association(cast, at):
    actions.plan_duty(duty=duty(cast.carla, None, Shift.WEEKEND), by=cast.hans, at=at)
    assert names(None, moment("2026-11-28T12:00")) == ["Carla"]
    # Being on duty opens nothing: of Noord she could read no signal.
    assert names(cast.noord, moment("2026-11-28T12:00")) == []


def test_a_place_that_is_taken_is_refused_with_the_name_of_who_has_it(cast, roster, at):
    with pytest.raises(ValidationError, match="Anna Jansen"):
        actions.plan_duty(duty=duty(cast.bram, cast.noord, Shift.OFFICE), by=cast.dirk, at=at)
    again = duty(cast.anna, cast.noord, Shift.OFFICE, order=DutyOrder.SECOND)
    with pytest.raises(ValidationError, match="Anna Jansen"):
        actions.plan_duty(duty=again, by=cast.dirk, at=at)
    actions.plan_duty(duty=duty(cast.bram, cast.noord, Shift.OFFICE, order=DutyOrder.SECOND), by=cast.dirk, at=at)


def test_the_second_of_two_who_change_a_row_is_told(cast, roster, at):
    mine, hers = Duty.objects.get(user=cast.anna), Duty.objects.get(user=cast.anna)
    hers.until_on = date(2026, 12, 31)
    actions.plan_duty(duty=hers, by=cast.hans, at=at + timedelta(minutes=1))
    mine.user = cast.bram
    with pytest.raises(ValidationError):
        actions.plan_duty(duty=mine, by=cast.dirk, at=at + timedelta(minutes=2))
    assert Duty.objects.get(pk=mine.pk).user == cast.anna


def test_a_row_that_was_taken_off_meanwhile_does_not_come_back(cast, roster, at):
    mine = Duty.objects.get(user=cast.anna)
    actions.drop_duty(duty=Duty.objects.get(pk=mine.pk), by=cast.hans, at=at)
    with pytest.raises(ValidationError):
        actions.plan_duty(duty=mine, by=cast.dirk, at=at)
    assert not Duty.objects.filter(pk=mine.pk).exists()


@pytest.mark.parametrize(
    ("part", "missed"),
    [
        (AbsencePart.DAY, {Shift.OFFICE, Shift.EVENING, Shift.WEEKEND}),
        (AbsencePart.MORNING, {Shift.OFFICE, Shift.WEEKEND}),
        (AbsencePart.AFTERNOON, {Shift.OFFICE, Shift.EVENING, Shift.WEEKEND}),
    ],
)
def test_which_shifts_she_misses_by_an_absence(cast, part, missed):
    days = (date(2026, 12, 1), date(2026, 12, 2))
    Absence.objects.create(user=cast.anna, substitute=cast.bram, from_on=days[0], until_on=days[1], part=part)
    away = away_between(*days, among=User.objects.get_queryset())
    assert {shift for shift in Shift if is_away_in(shift, days[1], away[cast.anna.pk])} == missed
    assert not any(is_away_in(shift, days[1] + timedelta(days=1), away[cast.anna.pk]) for shift in Shift)
    assert away_between(date(2026, 12, 3), date(2026, 12, 9), among=User.objects.get_queryset()) == {}


def test_the_lead_changes_the_roster_of_her_own_team(cast):
    may = {
        (name, team)
        for name in ("anna", "dirk", "wim", "mila", "olga", "petra", "hans")
        for team in ("noord", "zuid", None)
        if may_change_roster(getattr(cast, name), getattr(cast, team) if team else None)
    }
    assert may == {("dirk", "noord")}


@real
@needs_postgresql
@pytest.mark.parametrize("of_a_team", [True, False])
def test_two_who_plan_at_once_do_not_both_get_the_place(of_a_team, at):
    """Also where the association never set its hours."""
    cast = Cast.make(at)
    DutyHours.objects.all().delete()
    team = cast.noord if of_a_team else None
    faults = meanwhile(
        lambda: actions.plan_duty(duty=duty(cast.anna, team, Shift.OFFICE), by=cast.dirk, at=at),
        lambda: actions.plan_duty(duty=duty(cast.bram, team, Shift.OFFICE), by=cast.dirk, at=at),
    )
    assert [Duty.objects.get().user, len(faults)] == [cast.anna, 1]
    assert "Anna Jansen" in faults[0]
