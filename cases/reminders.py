"""What in this room is due, late or silent."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, DateField, F, Q, QuerySet, Value
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from cases.models import AttentionFlag, Signal
from cases.states import FlagStatus, Severity, SignalStatus
from corporatie.staff.permissions import PERMISSIONS_OF, Permission
from corporatie.staff.rules import recipient
from corporatie.work.rules import Calendar
from corporatie.work.states import Reminder, Urgency, add_reminder

_MEMBER = "tenancy__dwelling__neighbourhood__team__members"
_LEADS = [role for role, permissions in PERMISSIONS_OF.items() if Permission.TRIAGE_SECRET_SIGNALS in permissions]
FLAG_NOTICE = timedelta(days=14)
# Whoever reported a signal hears of it within this time, or not any more: old news is no news.
NEWS = timedelta(days=7)


def _about_signals(rows: QuerySet[Any], *, to: Any, day: Any) -> QuerySet[Any]:
    return rows.annotate(
        to_id=to,
        about_id=F("pk"),
        page_label=Value(Signal.label(), CharField()),
        page_id=F("pk"),
        household=F("tenancy_id"),
        day=day,
    )


def _for_team_leads(rows: QuerySet[Any], on: date) -> QuerySet[Any]:
    led = rows.filter(**{f"{_MEMBER}__grants__role__in": _LEADS, f"{_MEMBER}__is_active": True})
    return _about_signals(led, to=recipient(_MEMBER, on=on), day=F("respond_by_on")).distinct()


def _past_norm(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    rows = Signal.objects.open().filter(respond_by_on__lt=on, handler__isnull=False)
    return _about_signals(rows, to=recipient("handler", on=on), day=F("respond_by_on"))


def _past_norm_for_lead(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    # The handler gets one working day; a signal that nobody took up goes to the team lead at once.
    since = Calendar.load().before(on, 1)
    late = Signal.objects.open().filter(Q(handler=None, respond_by_on__lt=on) | Q(respond_by_on__lt=since))
    return _for_team_leads(late, on)


def _acute(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    return _for_team_leads(Signal.objects.filter(status=SignalStatus.NEW, severity=Severity.ACUTE), on)


def _acute_mine(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    mine = Signal.objects.filter(status=SignalStatus.TAKEN_UP, severity=Severity.ACUTE)
    return _about_signals(mine, to=recipient("handler", on=on), day=F("respond_by_on"))


def _answered(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    # Whoever reported it hears that it was taken up, unless she did that herself.
    taken_up = Signal.objects.filter(taken_up_at__gte=at - NEWS).exclude(created_by=F("handler"))
    return _about_signals(taken_up, to=F("created_by_id"), day=TruncDate("taken_up_at", output_field=DateField()))


def _closed(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    closed = Signal.objects.filter(closed_at__gte=at - NEWS).exclude(created_by=F("closed_by"))
    return _about_signals(closed, to=F("created_by_id"), day=TruncDate("closed_at", output_field=DateField()))


def _flag_review(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    rows = AttentionFlag.objects.filter(status=FlagStatus.ACTIVE, review_on__lte=on + FLAG_NOTICE)
    return rows.annotate(
        to_id=recipient("decided_by", on=on),
        about_id=F("pk"),
        page_label=Value(AttentionFlag.label(), CharField()),
        page_id=F("pk"),
        household=F("tenancy_id"),
        day=F("review_on"),
    )


_LEAD = _("You lead this team")
_TOOK_UP = _("You took this up")
_REPORTED = _("You reported this")

for _reminder in (
    Reminder("signal_acute", _("Acute signal, nobody took it up"), Urgency.NOW, _acute, "warn", True, True, why=_LEAD),
    Reminder(
        "signal_acute_mine", _("Acute signal for you"), Urgency.NOW, _acute_mine, "warn", True, True, why=_TOOK_UP
    ),
    Reminder("signal_past_norm", _("Signal past its norm"), Urgency.NOW, _past_norm, "signal", why=_TOOK_UP),
    Reminder(
        "signal_past_norm_lead",
        _("Signal past its norm in your team"),
        Urgency.NOW,
        _past_norm_for_lead,
        "signal",
        why=_LEAD,
    ),
    Reminder("signal_answered", _("Your signal was taken up"), Urgency.INFO, _answered, "check", why=_REPORTED),
    Reminder(
        "signal_closed", _("Your signal was dealt with, thank you"), Urgency.INFO, _closed, "check", why=_REPORTED
    ),
    Reminder(
        "flag_review",
        _("Point of attention: look at it again"),
        Urgency.WEEK,
        _flag_review,
        "shield",
        why=_("You decided on this"),
    ),
):
    add_reminder(_reminder)
