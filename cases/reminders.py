"""What in this room is due, late or silent."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, CharField, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from cases.models import AttentionFlag, Signal
from cases.states import FlagStatus, Severity, SignalStatus
from corporatie.staff.models import holds
from corporatie.staff.permissions import Permission
from corporatie.work.rules import Calendar
from corporatie.work.states import LEADS, ON_DUTY, ONLY_HER, Reminder, Urgency, add_reminder

FLAG_NOTICE = timedelta(days=14)
# Whoever reported a signal hears of it within this time, or not any more: old news is no news.
NEWS = timedelta(days=30)


def _about(rows: QuerySet[Any], *, label: str, whose: str | None, day: Any) -> QuerySet[Any]:
    return rows.annotate(
        for_id=F(whose) if whose else Value(None, BigIntegerField()),
        about_id=F("pk"),
        page_label=Value(label, CharField()),
        page_id=F("pk"),
        household=F("tenancy_id"),
        team=F("tenancy__dwelling__neighbourhood__team_id"),
        day=day,
    )


def _signals(rows: QuerySet[Any], *, whose: str | None = None, day: Any = None) -> QuerySet[Any]:
    return _about(rows, label=Signal.label(), whose=whose, day=day or F("respond_by_on"))


def _judges(at: datetime) -> Q:
    return holds(Permission.TRIAGE_SIGNALS) & Signal.who_may_open(OuterRef("page_id"), at=at)


def _reads(at: datetime) -> Q:
    return Signal.who_may_open(OuterRef("page_id"), at=at)


def _decides(at: datetime) -> Q:
    return holds(Permission.DECIDE_FLAGS) & AttentionFlag.who_may_open(OuterRef("page_id"), at=at)


def _past_norm(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    rows = Signal.objects.open().filter(respond_by_on__lt=on, handler__isnull=False)
    return _signals(rows, whose="handler_id")


def _past_norm_for_lead(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    # The handler gets one working day; a signal that nobody took up goes to the team lead at once.
    since = Calendar.load().before(on, 1)
    return _signals(Signal.objects.open().filter(Q(handler=None, respond_by_on__lt=on) | Q(respond_by_on__lt=since)))


def _acute(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    new = _signals(Signal.objects.filter(status=SignalStatus.NEW, severity=Severity.ACUTE))
    # The half hour of each colleague counts from the report; a signal that was taken up never becomes new again.
    return new.annotate(since=F("created_at"))


def _acute_mine(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    mine = Signal.objects.filter(status=SignalStatus.TAKEN_UP, severity=Severity.ACUTE)
    return _signals(mine, whose="handler_id")


def _answered(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    # Whoever reported it hears that it was taken up, unless she did that herself. Once: handed on is no second news.
    taken_up = Signal.objects.filter(taken_up_at__gte=at - NEWS).exclude(created_by=F("handler"))
    return _signals(taken_up, whose="created_by_id", day=TruncDate("created_at"))


def _closed(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    closed = Signal.objects.filter(closed_at__gte=at - NEWS).exclude(created_by=F("closed_by"))
    return _signals(closed, whose="created_by_id", day=TruncDate("closed_at"))


def _flag_review(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    rows = AttentionFlag.objects.filter(status=FlagStatus.ACTIVE, review_on__lte=on + FLAG_NOTICE)
    return _about(rows, label=AttentionFlag.label(), whose="decided_by_id", day=F("review_on"))


_LEAD = _("You lead this team")
_TOOK_UP = _("You took this up")
_REPORTED = _("You reported this")

for _reminder in (
    Reminder(
        code="signal_acute",
        sentence=_("Acute signal, nobody took it up"),
        urgency=Urgency.NOW,
        rows=_acute,
        may_hear=_judges,
        icon="warn",
        every_day=True,
        mails_at_once=True,
        why=_("You are on duty, or nobody else is"),
        chain=ON_DUTY,
    ),
    Reminder(
        code="signal_acute_mine",
        sentence=_("Acute signal for you"),
        urgency=Urgency.NOW,
        rows=_acute_mine,
        may_hear=_judges,
        icon="warn",
        every_day=True,
        mails_at_once=True,
        why=_TOOK_UP,
    ),
    Reminder(
        code="signal_past_norm",
        sentence=_("Signal past its norm"),
        urgency=Urgency.NOW,
        rows=_past_norm,
        may_hear=_judges,
        icon="signal",
        why=_TOOK_UP,
    ),
    Reminder(
        code="signal_past_norm_lead",
        sentence=_("Signal past its norm in your team"),
        urgency=Urgency.NOW,
        rows=_past_norm_for_lead,
        may_hear=_judges,
        icon="signal",
        why=_LEAD,
        chain=LEADS,
    ),
    Reminder(
        code="signal_answered",
        sentence=_("Your signal was taken up"),
        urgency=Urgency.INFO,
        rows=_answered,
        may_hear=_reads,
        icon="check",
        why=_REPORTED,
        chain=ONLY_HER,
    ),
    Reminder(
        code="signal_closed",
        sentence=_("Your signal was dealt with, thank you"),
        urgency=Urgency.INFO,
        rows=_closed,
        may_hear=_reads,
        icon="check",
        why=_REPORTED,
        chain=ONLY_HER,
    ),
    Reminder(
        code="flag_review",
        sentence=_("Point of attention: look at it again"),
        urgency=Urgency.WEEK,
        rows=_flag_review,
        may_hear=_decides,
        icon="shield",
        why=_("You decided on this"),
    ),
):
    add_reminder(_reminder)
