"""Every rule: before, on and after its day; taken back, raised again and handed over; and nothing else is touched."""

from datetime import timedelta

import pytest
from django.db.models import F, Q

from corporatie.staff.models import Absence
from corporatie.staff.states import AbsencePart
from corporatie.work import states
from corporatie.work.models import Notice, SpecialDay
from corporatie.work.states import ONLY_HER, Hearer, Reminder, Urgency, reminders
from tests.work.reminding import (
    BY_CODE,
    FRIDAY,
    NEXT_TUESDAY,
    OWNED,
    RULES,
    SATURDAY,
    live,
    moment,
    raw,
    swept,
)

pytestmark = pytest.mark.django_db

# Those that look at what the others found have tests of their own: ``test_alarms``.
ALARMS = {"alarm_nobody", "alarm_mail"}

each_rule = pytest.mark.parametrize("rule", RULES, ids=str)
each_verb = pytest.mark.parametrize(("rule", "verb"), [(rule, verb) for rule in RULES for verb in rule.ends], ids=str)
each_forgotten = pytest.mark.parametrize(
    ("rule", "how"), [(rule, how) for rule in RULES for how in rule.forgot], ids=str
)


def kept(*rows):
    """All there is to know of these notices, as it lies in the table."""
    return list(Notice.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk").values())


def _sample(on, at):
    """What a rule gives that keeps giving what it gave."""
    given = Notice.objects.filter(rule="sample")
    return given.annotate(
        for_id=F("recipient_id"),
        page_label=F("subject_label"),
        page_id=F("subject_id"),
        household=F("tenancy_id"),
        day=F("on"),
    )


@pytest.fixture
def another_rule(monkeypatch):
    """A rule about anything, which nothing that a verb does takes back."""
    rule = Reminder(
        code="sample",
        sentence="Sample",
        urgency=Urgency.NOW,
        rows=_sample,
        may_hear=lambda _at: Q(),
        chain=ONLY_HER,
    )
    monkeypatch.setitem(states._REMINDERS, "sample", rule)


def bystanders(cast, rule, row):
    """What must stay as it is: read by her, of another rule about the row, and of this rule about another row."""
    other = rule.make(cast)
    at = swept(rule.first, only=rule.code)
    Notice.objects.live().filter(rule=rule.code, about_id=other.pk).update(read_at=at)
    another_rule = Notice.objects.create(
        recipient=cast.carla,
        rule="sample",
        about_id=row.pk,
        on=rule.first,
        urgency="now",
        made_at=at,
        read_at=at,
        subject_label=cast.bos.label(),
        subject_id=cast.bos.pk,
    )
    return [another_rule, *Notice.objects.filter(about_id=other.pk)]


# What one hears when somebody leaves has its tests in test_leaving.py.
OF_LEAVING = {
    "hand_over_asked",
    "hand_over_unanswered",
    "hand_over_refused",
    "case_given",
    "second_reader_left",
    "work_received",
}

# Over when the day is: ``tests/visits/test_nobody_goes.py`` and ``test_what_adds_nothing.py``.
OF_THE_DAY = {"visit_nobody_goes", "visit_alone"}


def test_every_rule_has_its_line_in_the_table():
    assert set(BY_CODE) | ALARMS | OF_LEAVING | OF_THE_DAY == set(reminders())


@each_rule
def test_before_on_and_after_its_day(cast, rule):
    row = rule.make(cast)
    if rule.before:
        swept(rule.before)
        assert live(rule.code, row) == []
    swept(rule.first)
    assert live(rule.code, row) == [rule.hears]
    before = list(Notice.objects.filter(rule=rule.code).values())
    swept(rule.first, 11, only=rule.code)
    swept(NEXT_TUESDAY, only=rule.code)
    assert live(rule.code, row) == [rule.hears]
    again = Notice.objects.filter(rule=rule.code).values()
    # Who is still asked in another shift is asked from then on; nothing else moves.
    moves = {"mail_id": None} | ({"made_at": None} if Hearer.ON_DUTY in reminders()[rule.code].chain else {})
    assert [{**old, **moves} for old in before] == [{**new, **moves} for new in again]


@each_rule
def test_on_a_day_the_association_is_closed(cast, rule):
    row = rule.make(cast)
    SpecialDay.objects.create(on=rule.first, name="Brugdag")
    swept(rule.first, only=rule.code)
    assert live(rule.code, row) == ([rule.hears] if reminders()[rule.code].every_day else [])
    swept(rule.first + timedelta(days=7), only=rule.code)
    assert live(rule.code, row) == [rule.hears]


@each_rule
def test_in_the_weekend(cast, rule):
    row = rule.make(cast)
    swept(SATURDAY, only=rule.code)
    every_day = reminders()[rule.code].every_day
    assert live(rule.code, row) == ([rule.hears] if every_day else [])
    SpecialDay.objects.create(on=SATURDAY, name="Open huis", is_working_day=True)
    swept(SATURDAY, 11, only=rule.code)
    assert live(rule.code, row) == [rule.hears]


def test_only_what_cannot_wait_and_what_a_colleague_did_comes_on_a_closed_day():
    every_day = {code for code, reminder in reminders().items() if reminder.every_day}
    done_for_her = {"signal_answered", "signal_closed"} | OF_LEAVING - {"second_reader_left"}
    assert every_day == {"signal_acute", "signal_acute_mine"} | done_for_her | ALARMS | OF_THE_DAY


@each_verb
def test_the_verb_that_ends_it_takes_it_back_at_once(another_rule, cast, rule, verb):
    row = rule.make(cast)
    others = bystanders(cast, rule, row)
    assert live(rule.code, row) == [rule.hears]
    before = kept(*others)
    rule.ends[verb](cast, row, moment(rule.first, 11))
    assert live(rule.code, row) == []
    assert kept(*others) == before
    swept(rule.first, 12, only=rule.code)
    assert live(rule.code, row) == []
    assert kept(*others) == before


@each_forgotten
def test_the_sweep_takes_it_back_when_no_verb_did(another_rule, cast, rule, how):
    row = rule.make(cast)
    others = bystanders(cast, rule, row)
    before = kept(*others)
    away, back = rule.forgot[how]
    away(row)
    swept(rule.first, 11, only=rule.code)
    assert live(rule.code, row) == []
    # What both hang on (the household) takes both along; else the other row is left alone.
    if how not in ("stays", "leaves later"):
        assert kept(*others) == before
    back(row)
    swept(rule.first, 12, only=rule.code)
    assert live(rule.code, row) == [rule.hears]


@each_forgotten
def test_away_and_back_the_same_day_it_is_new_again(cast, rule, how):
    row = rule.make(cast)
    swept(rule.first, only=rule.code)
    Notice.objects.live().filter(rule=rule.code).update(read_at=moment(rule.first), later_until=NEXT_TUESDAY)
    away, back = rule.forgot[how]
    away(row)
    swept(rule.first, 11, only=rule.code)
    back(row)
    at = swept(rule.first, 12, only=rule.code)
    again = Notice.objects.get(rule=rule.code, about_id=row.pk, settled_at=None)
    assert (again.read_at, again.later_until, again.made_at) == (None, None, at)
    assert Notice.objects.filter(rule=rule.code, about_id=row.pk, recipient=again.recipient, on=again.on).count() == 1


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.to], ids=str)
def test_handed_over_and_back(another_rule, cast, rule):
    row = rule.make(cast)
    others = bystanders(cast, rule, row)
    before = kept(*others)
    for hour, (whose, hears) in enumerate([(cast.dirk, "Dirk"), (cast.anna, "Anna")], start=11):
        rule.to(row, whose)
        at = swept(rule.first, hour, only=rule.code)
        assert live(rule.code, row) == [hears]
        assert Notice.objects.live().get(rule=rule.code, about_id=row.pk).made_at == at
    assert kept(*others) == before


@pytest.mark.parametrize("rule", OWNED, ids=str)
@pytest.mark.parametrize("part", AbsencePart)
def test_away_for_a_while_and_back(cast, rule, part):
    row = rule.make(cast)
    swept(rule.first, 10, only=rule.code)
    assert live(rule.code, row) == ["Anna"]
    Absence.objects.create(user=cast.anna, substitute=cast.bram, from_on=rule.first, until_on=rule.first, part=part)
    swept(rule.first, 11, only=rule.code)
    assert live(rule.code, row) == (["Anna"] if part == AbsencePart.AFTERNOON else ["Bram"])
    swept(rule.first, 13, only=rule.code)
    assert live(rule.code, row) == (["Anna"] if part == AbsencePart.MORNING else ["Bram"])
    Absence.objects.all().delete()
    at = swept(rule.first, 14, only=rule.code)
    assert live(rule.code, row) == ["Anna"]
    hers = Notice.objects.live().get(rule=rule.code, about_id=row.pk)
    assert hers.read_at is None
    assert (hers.made_at == at) == (part != AbsencePart.MORNING)


@pytest.mark.parametrize("rule", OWNED, ids=str)
def test_another_team_and_back(cast, rule):
    """What is no longer hers to see goes to the lead; back in the team it is hers again."""
    from tenants.models import Neighbourhood

    row = rule.make(cast)
    swept(rule.first, only=rule.code)
    neighbourhood = Neighbourhood.objects.get(pk=cast.buurt_noord.pk)
    raw(neighbourhood, team=cast.zuid)
    swept(rule.first, 11, only=rule.code)
    assert "Dirk" not in live(rule.code, row)
    raw(neighbourhood, team=cast.noord)
    swept(rule.first, 12, only=rule.code)
    assert live(rule.code, row) == ["Anna"]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_role_taken_and_given_back(cast, rule):
    """Whoever may not know of it any more does not hear of it; given back, she hears of it anew."""
    row = rule.make(cast)
    swept(rule.first, only=rule.code)
    who = {"Anna": cast.anna, "Dirk": cast.dirk}[rule.hears]
    roles = list(who.grants.values_list("role", flat=True))
    who.grants.all().delete()
    swept(rule.first, 11, only=rule.code)
    assert rule.hears not in live(rule.code, row)
    for role in roles:
        who.grants.create(role=role)
    swept(rule.first, 12, only=rule.code)
    assert live(rule.code, row) == [rule.hears]


def test_news_is_told_once_and_no_longer_than_a_month(cast):
    rule = BY_CODE["signal_answered"]
    row = rule.make(cast)
    swept(rule.first, only=rule.code)
    swept(rule.first + timedelta(days=27), only=rule.code)
    assert live(rule.code, row) == ["Anna"]
    # On a working day: nothing runs at Christmas.
    swept(rule.first + timedelta(days=34), only=rule.code)
    assert live(rule.code, row) == []


def test_a_promise_that_moves_back_and_forth_reminds_each_time(cast):
    from corporatie.work.actions import move_follow_up

    rule = BY_CODE["follow_up_due"]
    row = rule.make(cast)
    swept(rule.first, only=rule.code)
    for hour, day in ((11, FRIDAY), (12, rule.first)):
        move_follow_up(follow_up=row, due_on=day, owner=cast.anna, by=cast.anna, at=moment(rule.first, hour))
        assert live(rule.code, row) == []
        at = swept(rule.first, hour, only=rule.code)
    assert live(rule.code, row) == ["Anna"]
    assert Notice.objects.live().get(rule=rule.code).made_at == at


def test_another_day_on_which_it_is_due_as_well_is_another_notice(cast):
    """Moved forward, without a verb: the old day is taken back and the new one told."""
    rule = BY_CODE["follow_up_due"]
    row = rule.make(cast)
    swept(rule.first, only=rule.code)
    raw(row, due_on=rule.before)
    swept(rule.first, 11, only=rule.code)
    assert live(rule.code, row) == ["Anna"]
    assert Notice.objects.live().get(rule=rule.code).on == rule.before
