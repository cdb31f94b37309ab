"""The sweep: walks every room's rules over the rows. Safe to run twice, from two workers, and after a crash."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import BigIntegerField, CharField, F, OuterRef, Q, QuerySet, UUIDField, Value
from django.db.models.functions import Cast, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from corporatie.work import actions
from corporatie.work.models import Alarm, FollowUp, HandedOn, Heartbeat
from corporatie.work.rules import Calendar, who_stands_in_on_it, who_works_on_it
from corporatie.work.states import ABOUT_NOBODY, ONLY_HER, AlarmKind, Hearer, Reminder, Urgency, add_reminder, reminders

log = structlog.get_logger(__name__)


def sweep(*, at: datetime) -> dict[str, int]:
    """Raise and settle the notices of this moment, and make the mails. Returns what was made, by rule.

    A rule that raises does not stop the others (``failed`` counts them); the sweep then does not say that it ran.
    """
    on = timezone.localdate(at)
    is_working_day = Calendar.load().is_working_day(on)
    rules = [reminder for reminder in reminders().values() if is_working_day or reminder.every_day]
    found = {rule.code: _take_turn(rule, on=on, at=at) for rule in rules if not rule.is_alarm}
    found["alarms"] = _safely("alarms", lambda: _count(at=at))
    found |= {rule.code: _take_turn(rule, on=on, at=at) for rule in rules if rule.is_alarm}
    made = {code: number for code, number in found.items() if number is not None}
    made["mails"] = actions.make_mails(on=on, at=at, is_working_day=is_working_day)
    made["account_mails"] = actions.make_account_mails(on=on, at=at, is_working_day=is_working_day)
    made["failed"] = len(found) - sum(number is not None for number in found.values())
    if not made["failed"]:
        Heartbeat.objects.update_or_create(name="sweep", defaults={"at": at})
    if any(made.values()):
        log.info("sweep", **made)
    return made


def _count(*, at: datetime) -> int:
    """Nothing is raised here: what no rule looks after any more goes, and what reaches nobody is counted."""
    actions.settle_unknown(at=at)
    actions.count_alarms(at=at)
    return 0


def _take_turn(rule: Reminder, *, on: date, at: datetime) -> int | None:
    """What one rule raised; nothing when it failed."""
    turn = f"rule {rule.code}"
    Heartbeat.objects.get_or_create(name=turn, defaults={"at": at})
    return _safely(rule.code, lambda: _ask(rule, turn, on=on, at=at))


def _ask(rule: Reminder, turn: str, *, on: date, at: datetime) -> int:
    # 1. One worker at a time. Who comes second leaves it: what she would find is being written now.
    if not Heartbeat.objects.select_for_update(skip_locked=True).filter(name=turn).first():
        return 0
    # 2. Raise what is missing, then settle what no longer holds: in between nobody hears of nothing.
    given = actions.Given(rule, on=on, at=at)
    missing, outdated = actions.compare_notices(given)
    number = actions.raise_notices(given) if missing else 0
    if outdated:
        actions.settle_notices(given)
    # 3. Who has it still in another shift than the one she was told in, has her time anew.
    if Hearer.ON_DUTY in rule.chain:
        actions.tell_anew(given)
    Heartbeat.objects.filter(name=turn).update(at=at)
    return number


def _safely(code: str, turn: Callable[[], int]) -> int | None:
    """In a transaction of its own; nothing when it failed, or a statement of it took too long."""
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(settings.RULE_TIMEOUT_MS)])
            return turn()
    except Exception as fault:  # noqa: BLE001  (whatever is wrong with one rule, the others go on and mail goes out)
        log.error("rule_failed", rule=code, fault=type(fault).__name__)
        return None


# --- Promises and actions --------------------------------------------------------------------------------
def _about_follow_ups(rows: QuerySet[FollowUp]) -> QuerySet[Any]:
    return rows.annotate(
        for_id=F("owner_id"),
        about_id=F("pk"),
        page_label=F("subject_label"),
        page_id=F("subject_id"),
        household=F("tenancy_id"),
        team=F("tenancy__dwelling__neighbourhood__team_id"),
        day=F("due_on"),
    )


def _due(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    calendar = Calendar.load()
    # What is due on a day on which nobody works is reminded on the last working day before.
    due = FollowUp.objects.open().filter(due_on__lte=calendar.last_reminded(on))
    # A promise that is late is told once, by the rule that says so.
    return _about_follow_ups(due.exclude(_is_late(calendar, on)))


def _late_promises(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    return _about_follow_ups(FollowUp.objects.open().filter(_is_late(Calendar.load(), on)))


def _is_late(calendar: Calendar, on: date) -> Q:
    # Late counts in working days, so a promise for Friday is late on Tuesday, not on Sunday. Whom it was told since
    # then knows how it stands: then it is due, and no more than that.
    told = Q(told_on__isnull=False, told_on__gt=F("due_on"))
    return Q(is_promise=True, due_on__lt=calendar.before(on, 1)) & ~told


def _of_a_household_that_left(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    return _about_follow_ups(FollowUp.objects.open().filter(tenancy__ended_on__lt=on))


for _reminder in (
    Reminder(
        code="follow_up_due",
        sentence=pgettext_lazy("reminder", "Due"),
        urgency=Urgency.NOW,
        rows=_due,
        may_hear=who_works_on_it,
        named=who_stands_in_on_it,
        icon="clock",
        why=_("You do this"),
    ),
    Reminder(
        code="promise_late",
        sentence=_("Promise late: tell the resident how it stands"),
        urgency=Urgency.NOW,
        rows=_late_promises,
        may_hear=who_works_on_it,
        named=who_stands_in_on_it,
        icon="promise",
        why=_("You answer for this promise"),
    ),
    Reminder(
        code="follow_up_household_left",
        sentence=_("The household moved out: is this still needed?"),
        urgency=Urgency.WEEK,
        rows=_of_a_household_that_left,
        may_hear=who_works_on_it,
        named=who_stands_in_on_it,
        icon="away",
        why=_("You do this"),
    ),
):
    add_reminder(_reminder)


# --- What somebody else left to her ------------------------------------------------------------------------
NEWS = timedelta(days=30)


def _handed_on(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    return HandedOn.objects.filter(created_at__gte=at - NEWS).annotate(
        for_id=F("receiver_id"),
        about_id=F("pk"),
        page_label=Value(HandedOn.label(), CharField()),
        page_id=F("pk"),
        household=Cast(Value(None), UUIDField()),
        day=TruncDate("created_at"),
    )


def _got_it(at: datetime) -> Q:
    return HandedOn.who_may_open(OuterRef("page_id"), at=at)


add_reminder(
    Reminder(
        code="work_received",
        sentence=_("You got work of a colleague"),
        urgency=Urgency.WEEK,
        rows=_handed_on,
        may_hear=_got_it,
        icon="swap",
        every_day=True,
        why=_("It was given to you"),
        chain=ONLY_HER,
    )
)


# --- What reaches nobody ---------------------------------------------------------------------------------
def _may_open_alarm(at: datetime) -> Q:
    return Alarm.who_may_open(OuterRef("page_id"), at=at)


def _alarms(kind: AlarmKind) -> Any:
    def rows(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
        return (
            Alarm.objects.on()
            .filter(kind=kind)
            .annotate(
                for_id=Cast(Value(None), BigIntegerField()),
                about_id=F("pk"),
                page_label=Value(Alarm.label(), CharField()),
                page_id=F("pk"),
                household=Cast(Value(None), UUIDField()),
                day=F("since_on"),
            )
        )

    return rows


for _reminder in (
    Reminder(
        code="alarm_nobody",
        sentence=_("Something reaches nobody"),
        urgency=Urgency.NOW,
        rows=_alarms(AlarmKind.NOBODY),
        may_hear=_may_open_alarm,
        icon="warn",
        every_day=True,
        mails_at_once=True,
        why=_("Nobody who may see it is there"),
        chain=ABOUT_NOBODY,
    ),
    Reminder(
        code="alarm_mail",
        sentence=_("Mail could not be sent"),
        urgency=Urgency.NOW,
        rows=_alarms(AlarmKind.MAIL),
        may_hear=_may_open_alarm,
        icon="mail",
        every_day=True,
        why=_("You look after the settings"),
        chain=ABOUT_NOBODY,
    ),
):
    add_reminder(_reminder)
