"""What in this room is due, late or silent."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext_lazy as _

from cases.models import AttentionFlag, Case, CaseReader, HandOver, Signal
from cases.rules import who_handles
from cases.states import ENDED, Confidentiality, FlagStatus, HandOverAnswer, Severity, SignalStatus
from corporatie.staff.models import User, holds, is_present
from corporatie.staff.permissions import Permission
from corporatie.work.rules import Calendar
from corporatie.work.states import LEADS, ON_DUTY, ONLY_HER, Hearer, Reminder, Urgency, add_reminder

FLAG_NOTICE = timedelta(days=14)
# Whoever reported a signal hears of it within this time, or not any more: old news is no news.
NEWS = timedelta(days=30)


def _whose(path: Any) -> Any:
    if path is None:
        return Value(None, BigIntegerField())
    return F(path) if isinstance(path, str) else path


def _about(rows: QuerySet[Any], *, label: str, whose: Any, day: Any) -> QuerySet[Any]:
    return rows.annotate(
        for_id=_whose(whose),
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
    return Signal.who_judges(OuterRef("page_id"), at=at)


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
    return _signals(Signal.objects.filter(status=SignalStatus.NEW, severity=Severity.ACUTE))


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
    return _about(rows, label=AttentionFlag.label(), whose=Coalesce("reviewer_id", "decided_by_id"), day=F("review_on"))


# --- A dossier that goes to somebody else ------------------------------------------------------------------
def _about_hand_overs(rows: QuerySet[HandOver], *, whose: str, day: Any) -> QuerySet[Any]:
    return rows.annotate(
        for_id=F(whose),
        about_id=F("case_id"),
        page_label=Value(Case.label(), CharField()),
        page_id=F("case_id"),
        household=F("case__tenancy_id"),
        team=F("case__tenancy__dwelling__neighbourhood__team_id"),
        day=TruncDate(day),
    )


def _waiting(at: datetime) -> tuple[QuerySet[HandOver], Exists]:
    """What waits for a yes, and whether who was asked is there and may open it."""
    able = Q(pk=OuterRef("receiver")) & Case.who_may_open(OuterRef("case_id"), at=at)
    there = User.objects.get_queryset().filter(able, is_present(at=at))
    return HandOver.objects.waiting().exclude(case__status__in=ENDED), Exists(there)


def _hand_over_asked(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    waiting, there = _waiting(at)
    return _about_hand_overs(waiting.filter(there), whose="receiver_id", day="asked_at")


def _hand_over_unanswered(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    waiting, there = _waiting(at)
    return _about_hand_overs(waiting.filter(~there), whose="receiver_id", day="asked_at")


def _hand_over_refused(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    rows = HandOver.objects.refused().filter(answered_at__gte=at - NEWS, asked_by__isnull=False)
    return _about_hand_overs(rows, whose="asked_by_id", day="answered_at")


def _case_given(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    rows = HandOver.objects.newest().filter(answer=HandOverAnswer.GIVEN, answered_at__gte=at - NEWS)
    rows = rows.filter(case__handler=F("receiver")).exclude(case__status__in=ENDED)
    return _about_hand_overs(rows, whose="receiver_id", day="answered_at")


def _second_reader_left(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    able = User.objects.get_queryset().filter(who_handles(), is_active=True)
    second = CaseReader.objects.filter(case=OuterRef("pk"), is_second=True, user__in=able.values("pk"))
    # Gone, or the handler by now. Where nobody else handles dossiers nobody can be named.
    others = able.exclude(pk=OuterRef("handler"))
    cases = Case.objects.filter(~Exists(second), Exists(others), confidentiality=Confidentiality.SECRET)
    # One that ended needs no second reader, but somebody who can open it.
    cases = cases.filter(~Q(status__in=ENDED) | ~Exists(able.filter(pk=OuterRef("handler"))))
    return _about(cases, label=Case.label(), whose="handler_id", day=TruncDate("created_at"))


def _opens_case(at: datetime) -> Q:
    return Case.who_may_open(OuterRef("page_id"), at=at)


def _works_on_case(at: datetime) -> Q:
    return Case.who_works_on(OuterRef("page_id"), at=at)


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
        every_day=True,
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
        every_day=True,
        why=_REPORTED,
        chain=ONLY_HER,
    ),
    Reminder(
        code="hand_over_asked",
        sentence=_("Do you take over this dossier?"),
        urgency=Urgency.NOW,
        rows=_hand_over_asked,
        may_hear=_opens_case,
        icon="swap",
        every_day=True,
        why=_("You were asked"),
        chain=(Hearer.OWNER,),
    ),
    Reminder(
        code="hand_over_unanswered",
        sentence=_("Who was asked to take over this dossier is not there"),
        urgency=Urgency.NOW,
        rows=_hand_over_unanswered,
        may_hear=_opens_case,
        icon="swap",
        every_day=True,
        why=_LEAD,
        chain=LEADS,
    ),
    Reminder(
        code="hand_over_refused",
        sentence=_("Somebody does not take over a dossier: choose someone else"),
        urgency=Urgency.NOW,
        rows=_hand_over_refused,
        may_hear=_works_on_case,
        icon="swap",
        every_day=True,
        why=_("You asked for it"),
    ),
    Reminder(
        code="case_given",
        sentence=_("This dossier is yours now"),
        urgency=Urgency.NOW,
        rows=_case_given,
        may_hear=_opens_case,
        icon="case",
        every_day=True,
        why=_("It was given to you"),
        chain=ONLY_HER,
    ),
    Reminder(
        code="second_reader_left",
        sentence=_("This secret dossier has no second reader: name one"),
        urgency=Urgency.WEEK,
        rows=_second_reader_left,
        may_hear=_works_on_case,
        icon="person",
        why=_("You handle this dossier"),
        chain=(Hearer.OWNER,),
    ),
    Reminder(
        code="flag_review",
        sentence=_("Point of attention: look at it again"),
        urgency=Urgency.WEEK,
        rows=_flag_review,
        may_hear=_decides,
        icon="shield",
        why=_("You look at this again"),
    ),
):
    add_reminder(_reminder)
