"""An acute signal goes from one colleague on duty to the next until someone takes it up, and ends at the team lead."""

from datetime import date, timedelta
from unittest import mock

import pytest
from django.core import mail
from django.db.models import Max

from cases import actions as cases
from cases.states import Severity, SignalType
from corporatie.staff.models import Absence
from corporatie.staff.permissions import Role
from corporatie.staff.states import AbsencePart
from corporatie.work import actions as work
from corporatie.work.models import Duty, DutyHours, Notice
from corporatie.work.reminders import sweep
from corporatie.work.rules import Watch, on_duty
from corporatie.work.states import DutyOrder, Shift, reminders
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
    """Who is told so many minutes after the report, when it was swept each time somebody's half hour was over."""
    told_at = Notice.objects.aggregate(last=Max("made_at"))["last"] or cast.at
    now = cast.at + timedelta(minutes=minutes)
    for late in range(0, minutes, DutyHours.load().minutes):
        if cast.at + timedelta(minutes=late) >= told_at:
            tell(reminders()["signal_acute"], cast.at + timedelta(minutes=late))
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
        Notice.objects.all().delete()
        type(signal).objects.filter(pk=signal.pk).update(created_at=moment(when))
        sweep(at=moment(when))
        assert told() == [who]
        sweep(at=moment(when) + timedelta(minutes=30))
        assert told() == ["Dirk"]


def tell(rule, now):
    """What the sweep does for this one rule."""
    with mock.patch("corporatie.work.reminders.reminders", return_value={rule.code: rule}):
        sweep(at=now)


def reported(cast, when):
    """Wim reported it at that moment, on the clock on the wall."""
    signal = acute(cast)
    type(signal).objects.filter(pk=signal.pk).update(created_at=moment(when))
    return signal


# Anna and Bram at the office, Els in the evening and in the weekend, and then Dirk, who leads them.
OVER_A_CHANGE = {
    "2026-11-24T16:50": [  # late in the day: the first of the evening gets her whole half hour
        ("2026-11-24T16:50", "Anna"),
        ("2026-11-24T17:00", "Els"),
        ("2026-11-24T17:29", "Els"),
        ("2026-11-24T17:30", "Dirk"),
        ("2026-11-25T08:00", "Anna"),
    ],
    "2026-11-24T14:00": [  # kept by the lead for hours: the evening is asked first all the same
        ("2026-11-24T14:00", "Anna"),
        ("2026-11-24T14:30", "Bram"),
        ("2026-11-24T15:00", "Dirk"),
        ("2026-11-24T17:00", "Els"),
        ("2026-11-24T17:30", "Dirk"),
    ],
    "2026-11-24T23:50": [  # midnight is no change, and the evening is one shift until the morning
        ("2026-11-25T00:19", "Els"),
        ("2026-11-25T00:20", "Dirk"),
        ("2026-11-25T07:59", "Dirk"),
        ("2026-11-25T08:00", "Anna"),  # two shifts later than the report
        ("2026-11-25T08:30", "Bram"),
        ("2026-11-25T09:00", "Dirk"),
        ("2026-11-25T17:00", "Els"),
    ],
    "2026-11-27T16:50": [  # over the weekend
        ("2026-11-27T17:20", "Els"),
        ("2026-11-27T17:30", "Dirk"),
        ("2026-11-28T08:00", "Els"),
        ("2026-11-28T08:30", "Dirk"),
        ("2026-11-28T17:00", "Dirk"),  # nothing closes on a Saturday
        ("2026-11-29T08:00", "Els"),
        ("2026-11-30T08:00", "Anna"),
    ],
}


@pytest.mark.parametrize("report", OVER_A_CHANGE)
def test_the_first_of_a_new_shift_is_asked_and_has_half_an_hour(cast, line, report):
    reported(cast, report)
    for minutes in range(0, 30, 10):
        before_the_next = moment(report) + timedelta(minutes=minutes)
        if before_the_next < moment(OVER_A_CHANGE[report][0][0]):
            tell(reminders()["signal_acute"], before_the_next)
    told_at = []
    for when, _who in OVER_A_CHANGE[report]:
        sweep(at=moment(when))
        told_at.append((when, *told()))
    assert told_at == OVER_A_CHANGE[report]


def test_the_first_of_a_new_shift_has_as_long_as_the_association_says(cast, line):
    DutyHours.objects.update(minutes=90)
    reported(cast, "2026-11-24T16:50")
    for when, who in [("17:00", "Els"), ("18:29", "Els"), ("18:30", "Dirk")]:
        sweep(at=moment(f"2026-11-24T{when}"))
        assert told() == [who]


@pytest.mark.parametrize(
    ("report", "minutes", "evening"),
    [("16:20", 30, "els"), ("16:50", 30, "bram"), ("16:20", 30, "dirk"), ("15:50", 90, "bram")],
)
def test_a_page_names_who_is_told_and_who_will_be(cast, line, els, report, minutes, evening):
    """Also where who is asked now is the first of the new shift again."""
    Duty.objects.filter(shift=Shift.EVENING).update(user={"els": els, "bram": cast.bram, "dirk": cast.dirk}[evening])
    DutyHours.objects.update(minutes=minutes)
    signal, now = reported(cast, f"2026-11-24T{report}"), moment(f"2026-11-24T{report}")
    rule, asked, said = reminders()["signal_acute"], [], {}
    while now < moment("2026-11-24T18:40"):
        tell(rule, now)
        call = work.whom_to_phone(reminder=rule, about=[signal.pk], at=now)[signal.pk]
        assert told() == [call.colleague.get_short_name()]
        if not asked or asked[-1][1] != call.colleague:
            asked.append((now, call.colleague))
        said[now] = (call.next_at, call.next)
        now += timedelta(minutes=10)
    for when, change in said.items():
        later = [moment for moment in asked if moment[0] > when]
        if later:
            assert change == later[0]


@pytest.mark.parametrize("minutes", [31, 61, 600])
def test_without_a_lead_the_first_on_duty_keeps_it_and_it_is_no_alarm(cast, line, minutes):
    cast.dirk.grants.all().delete()
    acute(cast)
    assert after(cast, minutes) == (["Bram"] if minutes == 31 else ["Els"] if minutes == 600 else ["Anna"])
    assert not Notice.objects.live().filter(rule="alarm_nobody").exists()


def test_the_lead_is_asked_after_the_last_of_the_longest_line(cast):
    names = ["Els Een", "Fien Twee", "Gijs Drie", "Hein Vier", "Ina Vijf", "Jan Zes", "Kim Zeven", "Lot Acht"]
    for number, name in enumerate(names):
        on_duty = colleague(name, Role.HOUSING_CONSULTANT, team=cast.noord)
        put(duty(on_duty, None if number > 3 else cast.noord, Shift.OFFICE, order=DutyOrder(number % 4 + 1)))
    DutyHours.objects.update(minutes=5)
    acute(cast)
    assert [after(cast, minutes) for minutes in (0, 35, 39, 40, 45)] == [["Els"], ["Lot"], ["Lot"], ["Dirk"], ["Dirk"]]


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
    # Bram has the half hour that was said, and then it is hers: he is not asked twice.
    for when, who in [("11:50", "Bram"), ("12:19", "Bram"), ("12:20", "Anna"), ("12:49", "Anna"), ("12:50", "Dirk")]:
        now = moment(f"2026-11-24T{when}")
        sweep(at=now)
        work.send_mails(clock=lambda now=now: now)
        assert told() == [who]
    assert [message.to[0].split("@")[0] for message in mail.outbox] == ["bram", "anna", "dirk"]


def test_who_goes_at_noon_leaves_half_an_hour_to_the_next_and_other_teams_go_on(cast, line, els):
    absence = {"from_on": date(2026, 11, 24), "until_on": date(2026, 11, 24)}
    Absence.objects.create(user=cast.anna, substitute=cast.bram, part=AbsencePart.AFTERNOON, **absence)
    put(duty(cast.carla, cast.zuid, Shift.OFFICE))
    here, there = acute(cast), cast.signal(cast.kaya, by=cast.carla, severity=Severity.ACUTE)
    type(here).objects.update(created_at=moment("2026-11-24T11:40"))
    names = []
    for when in ("11:59", "12:00", "12:10", "12:29", "12:30"):
        sweep(at=moment(f"2026-11-24T{when}"))
        names.append(
            [
                getattr(Notice.objects.live().get(rule="signal_acute", about_id=row.pk).recipient, "email", "-")[:4]
                for row in (here, there)
            ]
        )
    # Zuid has no lead: who is on duty keeps it.
    assert names == [["anna", "carl"], ["bram", "carl"], ["bram", "carl"], ["bram", "carl"], ["dirk", "carl"]]


@pytest.mark.parametrize("part", [AbsencePart.MORNING, AbsencePart.AFTERNOON])
def test_a_page_names_who_is_told_and_who_will_be_over_noon_too(cast, line, part):
    absence = {"from_on": date(2026, 11, 24), "until_on": date(2026, 11, 24)}
    Absence.objects.create(user=cast.anna, substitute=cast.bram, part=part, **absence)
    signal, now = reported(cast, "2026-11-24T11:40"), moment("2026-11-24T11:40")
    rule, asked, said = reminders()["signal_acute"], [], {}
    while now < moment("2026-11-24T13:40"):
        sweep(at=now)
        call = work.whom_to_phone(reminder=rule, about=[signal.pk], at=now)[signal.pk]
        assert told() == [call.colleague.get_short_name()]
        if not asked or asked[-1][1] != call.colleague:
            asked.append((now, call.colleague))
        said[now] = (call.next_at, call.next)
        now += timedelta(minutes=10)
    for when, change in said.items():
        later = [moment for moment in asked if moment[0] > when]
        if later:
            assert change == later[0]


# --- The line changes while it is asked --------------------------------------------------------------------
# Els, Bram and Anna in this order, and then Dirk, who leads them. From when until when, who is told from when, and
# what happens in between.
TODAY, TOMORROW, SATURDAY, SUNDAY = (date(2026, 11, day) for day in (24, 25, 28, 29))


def away(day, part=AbsencePart.DAY):
    """Els is away that day."""
    return lambda cast, els: Absence.objects.create(
        user=els, substitute=cast.carla, from_on=day, until_on=day, part=part
    )


def back(cast, els):
    """Els took her absence away."""
    Absence.objects.filter(user=els).delete()


def off(name):
    """Taken off the roster."""
    return lambda cast, els: Duty.objects.filter(user=getattr(cast, name)).delete()


def on(name):
    """Put on the roster again, as the third."""
    return lambda cast, els: put(duty(getattr(cast, name), cast.noord, Shift.OFFICE, order=DutyOrder.THIRD))


LINE_CHANGES = {
    "the first goes at midnight, just after the second is asked": (
        ("2026-11-24T23:29", "2026-11-25T01:30"),
        {"23:29": "Els", "23:59": "Bram", "00:29": "Anna", "00:59": "Dirk"},
        {"23:29": away(TOMORROW)},
    ),
    "who is asked goes at midnight": (
        ("2026-11-24T23:40", "2026-11-25T01:30"),
        {"23:40": "Els", "00:00": "Bram", "00:30": "Anna", "01:00": "Dirk"},
        {"23:40": away(TOMORROW)},
    ),
    "the first is back at midnight": (
        ("2026-11-24T23:20", "2026-11-25T01:30"),
        {"23:20": "Bram", "23:50": "Anna", "00:20": "Els", "00:50": "Dirk"},
        {"23:20": away(TODAY)},
    ),
    "the first is back at midnight, and the lead kept it already": (
        ("2026-11-24T22:10", "2026-11-25T02:00"),
        {"22:10": "Bram", "22:40": "Anna", "23:10": "Dirk", "00:00": "Els", "00:30": "Dirk"},
        {"22:10": away(TODAY)},
    ),
    "back at midnight in the weekend, which is no change of shift": (
        ("2026-11-28T22:50", "2026-11-29T02:00"),
        {"22:50": "Bram", "23:20": "Anna", "23:50": "Dirk", "00:20": "Els", "00:50": "Dirk"},
        {"22:50": away(SATURDAY)},
    ),
    "away on Sunday": (
        ("2026-11-29T07:20", "2026-11-29T09:40"),
        {"07:20": "Bram", "07:50": "Anna", "08:00": "Bram", "08:30": "Anna", "09:00": "Dirk"},
        {"07:20": away(SUNDAY)},
    ),
    "the first is back at noon": (
        ("2026-11-24T11:50", "2026-11-24T14:00"),
        {"11:50": "Bram", "12:20": "Els", "12:50": "Anna", "13:20": "Dirk"},
        {"11:50": away(TODAY, AbsencePart.MORNING)},
    ),
    "the first goes at noon": (
        ("2026-11-24T11:40", "2026-11-24T13:40"),
        {"11:40": "Els", "12:00": "Bram", "12:30": "Anna", "13:00": "Dirk"},
        {"11:40": away(TODAY, AbsencePart.AFTERNOON)},
    ),
    "the first calls in sick while the second is asked": (
        ("2026-11-24T13:00", "2026-11-24T15:10"),
        {"13:00": "Els", "13:30": "Bram", "14:00": "Anna", "14:30": "Dirk"},
        {"13:32": away(TODAY)},
    ),
    "who is asked calls in sick, and takes it back": (
        ("2026-11-24T13:00", "2026-11-24T15:10"),
        {"13:00": "Els", "13:10": "Bram", "13:40": "Anna", "14:10": "Dirk"},
        {"13:10": away(TODAY), "13:20": back},
    ),
    "the first is there after all": (
        ("2026-11-24T13:00", "2026-11-24T15:10"),
        {"13:00": "Bram", "13:30": "Els", "14:00": "Anna", "14:30": "Dirk"},
        {"13:00": away(TODAY), "13:10": back},
    ),
    "the line gets longer": (
        ("2026-11-24T13:00", "2026-11-24T15:10"),
        {"13:00": "Els", "13:30": "Bram", "14:00": "Anna", "14:30": "Dirk"},
        {"13:00": off("anna"), "13:40": on("anna")},
    ),
    "the line gets longer while the lead has it": (
        ("2026-11-24T13:00", "2026-11-24T15:40"),
        {"13:00": "Els", "13:30": "Bram", "14:00": "Dirk", "14:30": "Anna", "15:00": "Dirk"},
        {"13:00": off("anna"), "14:10": on("anna")},
    ),
    "who is asked is taken off the roster": (
        ("2026-11-24T13:00", "2026-11-24T15:10"),
        {"13:00": "Els", "13:30": "Bram", "13:40": "Anna", "14:10": "Dirk"},
        {"13:40": off("bram")},
    ),
    "the last of the office is the first of the evening": (
        ("2026-11-24T15:50", "2026-11-24T19:00"),
        {"15:50": "Els", "16:20": "Anna", "16:50": "Bram", "17:30": "Els", "18:00": "Anna", "18:30": "Dirk"},
        {
            "15:50": lambda cast, els: (
                Duty.objects.filter(user=cast.bram, shift=Shift.OFFICE).update(order=DutyOrder.FOURTH),
                Duty.objects.filter(user=els, shift=Shift.EVENING).update(order=DutyOrder.SECOND),
                Duty.objects.filter(user=cast.bram, shift=Shift.EVENING).update(order=DutyOrder.FIRST),
            )
        },
    ),
}


@pytest.mark.parametrize("change", LINE_CHANGES)
def test_the_line_changes_and_each_has_her_half_hour_and_nobody_is_passed_over(cast, els, change):
    """Who is told at each ten minutes and around a change, and what a page says there of now and of later."""
    (start, end), expected, happens = LINE_CHANGES[change]
    for shift in Shift:
        for order, user in enumerate((els, cast.bram, cast.anna), start=1):
            put(duty(user, cast.noord, shift, order=DutyOrder(order)))
    signal, began, rule = reported(cast, start), moment(start), reminders()["signal_acute"]
    watch, asked, said = Watch.load(), [], {}
    minutes = [began + timedelta(minutes=number) for number in range((moment(end) - began) // timedelta(minutes=1))]
    for now in minutes:
        clock, soon = f"{now:%H:%M}", f"{now + timedelta(minutes=1):%H:%M}"
        is_near = bool({clock, soon} & {*expected, *happens})
        if not clock.endswith("0") and not is_near:
            continue
        if clock in happens:
            happens[clock](cast, els)
            said.clear()  # nobody could have said what was not written down yet
        tell(rule, now)
        (name,) = told()
        # Passed over is nobody: who is on duty and was not told yet waits for one turn, and nobody has a second one.
        began = watch.began(now)
        had = {who for when, who in asked if when >= began} | {name}
        if not asked or asked[-1][1] != name:
            asked.append((now, name))
        waits = {user.get_short_name() for user in on_duty(cast.noord, at=now)} - had
        assert not waits or now - max(asked[-1][0], began) < timedelta(minutes=30)
        if not is_near:
            continue
        call = work.whom_to_phone(reminder=rule, about=[signal.pk], at=now)[signal.pk]
        assert call.colleague.get_short_name() == name
        said[now] = (call.next_at, call.next and call.next.get_short_name())
    assert {f"{when:%H:%M}": name for when, name in asked} == expected
    for when, what in said.items():
        assert what == next((change for change in asked if change[0] > when), what)


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
