"""An acute signal goes from one colleague on duty to the next until someone takes it up, and ends at the team lead."""

from datetime import date, timedelta

import pytest
from django.core import mail

from cases import actions as cases
from cases.states import Severity, SignalType
from corporatie.staff.models import Absence
from corporatie.staff.permissions import Role
from corporatie.staff.states import AbsencePart
from corporatie.work import actions as work
from corporatie.work.models import DutyHours, Notice
from corporatie.work.reminders import sweep
from corporatie.work.states import DutyOrder, Shift
from tests.cast import colleague
from tests.work.test_duty import duty, moment, put


@pytest.fixture
def els(cast):
    """A third consultant of Noord."""
    return colleague("Els Mulder", Role.HOUSING_CONSULTANT, team=cast.noord)


@pytest.fixture
def line(cast, els):
    """Anna first and Bram second at the office, Els in the evening and in the weekend."""
    put(
        duty(cast.anna, cast.noord, Shift.OFFICE),
        duty(cast.bram, cast.noord, Shift.OFFICE, order=DutyOrder.SECOND),
        duty(els, cast.noord, Shift.EVENING),
        duty(els, cast.noord, Shift.WEEKEND),
    )


def acute(cast, **details):
    """Wim, the caretaker, reports something that cannot wait."""
    return cast.signal(by=cast.wim, severity=Severity.ACUTE, **details)


def told():
    """Who has a live notice about it."""
    live = Notice.objects.live().filter(rule__startswith="signal_acute").order_by("recipient__name")
    return [notice.recipient.get_short_name() if notice.recipient else None for notice in live]


def after(cast, minutes):
    """Who is told so many minutes after the report, when nothing else was swept."""
    now = cast.at + timedelta(minutes=minutes)
    sweep(at=now)
    work.send_mails(clock=lambda: now)
    return told()


@pytest.mark.parametrize(
    ("minutes", "who"),
    [(0, "Anna"), (29, "Anna"), (30, "Bram"), (59, "Bram"), (60, "Dirk"), (90, "Dirk"), (24 * 60, "Dirk")],
)
def test_each_has_half_an_hour_and_then_the_lead_keeps_it(cast, line, minutes, who):
    acute(cast)
    assert after(cast, minutes) == [who]


def test_minute_by_minute_exactly_one_is_told_and_each_hears_by_mail_at_once(cast, line):
    acute(cast)
    who = [after(cast, minutes) for minutes in range(0, 75, 5)]
    assert who == [["Anna"]] * 6 + [["Bram"]] * 6 + [["Dirk"]] * 3
    assert [message.to[0].split("@")[0] for message in mail.outbox] == ["anna", "bram", "dirk"]
    assert Notice.objects.filter(rule="signal_acute").count() == 3


def test_taken_up_in_between_it_goes_no_further(cast, line):
    signal = acute(cast)
    assert after(cast, 0) == ["Anna"]
    cases.take_up_signal(signal=signal, by=cast.bram, at=cast.at + timedelta(minutes=10))
    assert told() == []
    for minutes in (11, 30, 60, 120):
        assert after(cast, minutes) == ["Bram"]


def test_the_time_between_two_is_a_setting(cast, line):
    DutyHours.objects.update(minutes=10)
    acute(cast)
    assert [after(cast, minutes) for minutes in (9, 10, 20)] == [["Anna"], ["Bram"], ["Dirk"]]


def test_with_nobody_on_the_roster_the_lead_is_told_at_once(cast):
    acute(cast)
    assert after(cast, 0) == ["Dirk"]


def test_the_lead_being_away_her_substitute_keeps_it(cast, line, els):
    Absence.objects.create(user=cast.dirk, substitute=els, from_on=date(2026, 11, 24), until_on=date(2026, 11, 24))
    acute(cast)
    assert after(cast, 60) == ["Els"]


def test_in_the_weekend_too_and_in_the_evening(cast, line):
    signal = acute(cast)
    for when, who in [("2026-11-28T12:00", "Els"), ("2026-11-24T19:00", "Els"), ("2026-11-29T02:00", "Els")]:
        type(signal).objects.filter(pk=signal.pk).update(created_at=moment(when))
        sweep(at=moment(when))
        assert told() == [who]
        sweep(at=moment(when) + timedelta(minutes=30))
        assert told() == ["Dirk"]


def test_half_an_hour_counts_from_the_report_also_over_the_end_of_the_day(cast, line):
    signal = acute(cast)
    type(signal).objects.filter(pk=signal.pk).update(created_at=moment("2026-11-24T16:50"))
    told_at = {}
    for when in ("16:50", "16:59", "17:00", "17:19", "17:20"):
        sweep(at=moment(f"2026-11-24T{when}"))
        told_at[when] = told()
    assert told_at == {
        "16:50": ["Anna"],
        "16:59": ["Anna"],
        "17:00": ["Els"],
        "17:19": ["Els"],
        "17:20": ["Dirk"],
    }


@pytest.mark.parametrize(("when", "fold"), [("2026-10-25T02:10", 0), ("2026-10-25T02:10", 1), ("2026-03-29T01:50", 0)])
def test_half_an_hour_is_half_an_hour_in_the_nights_the_clock_is_changed(cast, line, when, fold):
    signal, start = acute(cast), moment(when, fold)
    type(signal).objects.filter(pk=signal.pk).update(created_at=start)
    start = type(signal).objects.get().created_at
    assert [(sweep(at=start + timedelta(minutes=late)), told())[1] for late in (0, 29, 30)] == [
        ["Els"],
        ["Els"],
        ["Dirk"],
    ]


def test_who_is_away_now_is_passed_over_and_asked_again_when_she_is_back(cast, line):
    absence = {"from_on": date(2026, 11, 24), "until_on": date(2026, 11, 24)}
    Absence.objects.create(user=cast.anna, substitute=cast.bram, part=AbsencePart.MORNING, **absence)
    signal = acute(cast)
    type(signal).objects.filter(pk=signal.pk).update(created_at=moment("2026-11-24T11:50"))
    for when, who in [("11:50", "Bram"), ("12:00", "Anna"), ("12:20", "Bram")]:
        now = moment(f"2026-11-24T{when}")
        sweep(at=now)
        work.send_mails(clock=lambda now=now: now)
        assert told() == [who]
    assert [message.to[0].split("@")[0] for message in mail.outbox] == ["bram", "anna", "bram"]


def test_a_secret_one_goes_only_to_who_may_open_it(cast, line):
    put(duty(cast.dirk, cast.noord, Shift.OFFICE, order=DutyOrder.THIRD))
    acute(cast, type=SignalType.CHILDREN)
    assert [after(cast, minutes) for minutes in (0, 30, 60)] == [["Dirk"]] * 3


def test_a_secret_one_that_someone_on_duty_reported_herself_is_hers_first(cast, line):
    cast.signal(by=cast.bram, severity=Severity.ACUTE, type=SignalType.CHILDREN)
    assert [after(cast, minutes) for minutes in (0, 30)] == [["Bram"], ["Dirk"]]


def test_each_team_has_its_own_line(cast, line):
    put(duty(cast.carla, cast.zuid, Shift.OFFICE))
    acute(cast)
    cast.signal(cast.kaya, by=cast.carla, severity=Severity.ACUTE)
    assert after(cast, 0) == ["Anna", "Carla"]


def test_only_what_is_acute_and_new_asks_who_is_on_duty(cast, line):
    cast.signal(by=cast.wim, severity=Severity.HIGH)
    assert after(cast, 0) == []
