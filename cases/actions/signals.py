"""A signal is reported, taken up, added to a dossier, or closed with an explanation."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import facts
from cases.models import Case, Signal
from cases.rules import who_judges, who_reports, who_triages
from cases.states import SIGNAL_MOVES, Severity, SignalSource, SignalStatus, confidentiality_of
from corporatie.journal import actions as journal
from corporatie.staff.rules import must_be_allowed, must_be_among
from corporatie.subjects.models import Subject, sender, under_own_key
from corporatie.work.actions import hand_on, settle_about, tell_of_new_work
from corporatie.work.models import ResponseNorm
from corporatie.work.rules import Calendar
from tenants.models import Tenancy
from tenants.rules import must_live_there


@transaction.atomic
def raise_signal(
    *,
    client_uuid: UUID,
    tenancy: Tenancy,
    type: str,  # noqa: A002  (the word of the field)
    seen: str,
    severity: int,
    by: Any,
    at: datetime,
    thought: str = "",
    source: str = SignalSource.OWN,
    resident_told: str = "",
    concerns: Iterable[Subject] = (),
    seen_at: Subject | None = None,
    seen_on: date | None = None,
) -> Signal:
    """Someone noticed something. The norm (working days until the first action) follows from ``severity``.

    ``seen_at`` is the visit during which it was seen, on the day ``seen_on``; otherwise it was today.

    Sending the same ``client_uuid`` again gives the signal that is already there. Raises ``ValidationError`` for a
    household that did not live there that day, and ``PermissionDenied`` for who does not come to that door.
    """
    must_be_allowed(who_reports(tenancy, seen_at=seen_at, at=at), by)
    must_live_there(tenancy, on=seen_on or timezone.localdate(at))
    norm = ResponseNorm.all_days()[Severity(severity)]
    details = {
        "type": type,
        "seen": seen,
        "thought": thought,
        "severity": severity,
        "source": source,
        "resident_told": resident_told,
        "confidentiality": confidentiality_of(type),
        "respond_by_on": Calendar.load().add(timezone.localdate(at), norm),
        "created_at": at,
    }
    signal, is_new = under_own_key(
        client_uuid,
        sender(tenancy, by),
        lambda key: Signal.objects.get_or_create(client_uuid=key, tenancy=tenancy, created_by=by, defaults=details),
    )
    if is_new:
        journal.write(fact=facts.SignalRaised(), subject=signal, concerns=[tenancy, *concerns], by=by, at=at)
    return signal


@transaction.atomic
def take_up_signal(*, signal: Signal, by: Any, at: datetime) -> None:
    """ "I go on with it." Raises ``ValidationError`` when a colleague was first."""
    must_be_allowed(who_triages(signal, at=at), by)
    _move(signal, SignalStatus.TAKEN_UP, at=at, only_if_new=True, handler=by, taken_up_at=at)
    journal.write(fact=facts.SignalTakenUp(handler=by.pk), subject=signal, concerns=[signal.tenancy], by=by, at=at)


@transaction.atomic
def assign_signal(*, signal: Signal, handler: Any, by: Any, at: datetime) -> None:
    """Someone else goes on with it. Raises ``ValidationError`` for who does not judge signals of this household."""
    must_be_allowed(who_triages(signal, at=at), by)
    must_be_among(who_judges(signal, at=at), handler, field="handler")
    _move(signal, SignalStatus.TAKEN_UP, at=at, handler=handler, taken_up_at=at)
    # An acute one has a line of its own.
    if signal.severity != Severity.ACUTE:
        tell_of_new_work(given=[(handler, "signal", signal.pk)], by=by, at=at)
    journal.write(fact=facts.SignalTakenUp(handler=handler.pk), subject=signal, concerns=[signal.tenancy], by=by, at=at)


@transaction.atomic
def hand_on_signals(*, rows: Mapping[Signal, Any], holder: Any, by: Any, at: datetime) -> set[Any]:
    """Others go on with these signals. Gives the keys of those that were still open and hers."""
    hers = Signal.objects.open().filter(handler=holder)
    given = hand_on(rows=hers, field="handler", to={row.pk: colleague for row, colleague in rows.items()})
    settle_about(about=given, at=at)
    lines = [(facts.SignalHandedOn(), row, row.tenancy) for row in rows if row.pk in given]
    journal.write_many(lines=lines, by=by, at=at)
    return given


@transaction.atomic
def attach_signal(*, signal: Signal, case: Case, by: Any, at: datetime) -> None:
    """It belongs to an open dossier of the same household from now on, that one works on oneself.

    Whoever reads the dossier reads the signal, so a secret signal only goes into a secret dossier.
    """
    must_be_allowed(who_triages(signal, at=at) & Case.who_works_on(case.pk, at=at), by)
    # Closed at this moment, or a moment ago: what is added to it would be read by nobody.
    if not Case.objects.open().select_for_update(of=("self",)).filter(pk=case.pk).exists():
        raise ValidationError(_("This dossier is closed already."))
    put_into_case(signal=signal, case=case, by=by, at=at)


def put_into_case(*, signal: Signal, case: Case, by: Any, at: datetime) -> None:
    """As ``attach_signal``; also into the dossier that is opened for it, whoever handles that."""
    if case.tenancy_id != signal.tenancy_id:
        raise ValidationError(_("This dossier belongs to another household."))
    if signal.is_secret and not case.is_secret:
        raise ValidationError(_("More colleagues may read that dossier than this signal. Open a dossier of its own."))
    _move(signal, SignalStatus.ATTACHED, at=at, case=case)
    journal.write(
        fact=facts.SignalAttached(case=str(case.pk)), subject=signal, concerns=[case, signal.tenancy], by=by, at=at
    )


@transaction.atomic
def close_signal(*, signal: Signal, explanation: str, by: Any, at: datetime) -> None:
    """No dossier is needed, and why. Who reported it gets to read that it was dealt with."""
    must_be_allowed(who_triages(signal, at=at), by)
    _move(signal, SignalStatus.CLOSED, at=at, explanation=explanation, closed_at=at, closed_by=by)
    journal.write(fact=facts.SignalClosed(), subject=signal, concerns=[signal.tenancy], by=by, at=at)


def _move(signal: Signal, to: SignalStatus, *, at: datetime, only_if_new: bool = False, **changes: Any) -> None:
    # The row is claimed by its old state and handler: two colleagues never both take it up, or hand it on.
    before = SignalStatus.NEW if only_if_new else signal.status
    if to not in SIGNAL_MOVES[before]:
        raise ValidationError(_("This signal has been dealt with already."))
    changed = Signal.objects.filter(pk=signal.pk, status=before, handler=signal.handler_id).update(status=to, **changes)
    if not changed:
        raise ValidationError(_("A colleague was first. Look at what happened."))
    settle_about(about=[signal.pk], at=at)
    signal.status = to
    for name, value in changes.items():
        setattr(signal, name, value)
