"""A dossier is opened, worked on step by step, handed on, closed with a result, or reopened with a reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import facts
from cases.actions.signals import put_into_case
from cases.models import Case, CaseReader, CaseType, HandOver, Signal
from cases.rules import who_assigns, who_handles, who_opens_case, who_reads_second
from cases.states import (
    CASE_MOVES,
    RESULTS_AFTER_ASSESSING,
    CaseStatus,
    Confidentiality,
    HandOverAnswer,
    ProblemOwner,
    confidentiality_of,
)
from corporatie.journal import actions as journal
from corporatie.staff.models import User
from corporatie.staff.rules import hold_colleagues, must_be_allowed, must_be_among
from corporatie.subjects.models import sender, under_own_key
from corporatie.work.actions import add_follow_up, finish_follow_up, move_follow_up, settle_about, take_over_follow_ups
from corporatie.work.models import FollowUp
from corporatie.work.states import FollowUpKind
from tenants.models import Tenancy
from tenants.rules import must_live_there


@dataclass(frozen=True)
class Step:
    """What must happen next, who does it, and when."""

    what: str
    owner: Any
    due_on: date


@transaction.atomic
def open_case(
    *,
    tenancy: Tenancy,
    types: Iterable[str],
    severity: int,
    handler: Any,
    first_step: Step,
    by: Any,
    at: datetime,
    problem_owner: str = ProblemOwner.UNKNOWN,
    problem_owner_name: str = "",
    goal: str = "",
    signal: Signal | None = None,
    second_reader: Any = None,
    id: UUID | None = None,  # noqa: A002
) -> Case:
    """Open a dossier with its first step, and add the signal it came from.

    ``types`` holds at least one kind; the first is the main one. The dossier is as secret as its most secret kind.
    A secret one must name its ``second_reader``; another one keeps none. Raises ``ValidationError`` without her, and
    for a handler, a second reader or an owner of the step who could not open it, and for a household that does not
    live there, or did not when the signal came; ``PermissionDenied`` for who does not judge its signals.

    Sending the same ``id`` again gives the dossier that is already there.
    """
    must_be_allowed(who_opens_case(tenancy, signal, at=at), by)
    must_live_there(tenancy, on=timezone.localdate(signal.created_at if signal else at))
    hold_colleagues([handler, second_reader, first_step.owner])
    must_be_among(who_handles(), handler, field="handler")
    main, *more = dict.fromkeys(types)

    def store(key: UUID) -> Case:
        if twin := Case.objects.filter(pk=key, tenancy=tenancy, created_by=by).first():
            return twin
        case = Case(
            id=key,
            tenancy=tenancy,
            type=main,
            severity=severity,
            confidentiality=_most_secret([main, *more], signal),
            status=CaseStatus.ASSESSING,
            handler=handler,
            next_step_id=uuid4(),
            next_due_on=first_step.due_on,
            problem_owner=problem_owner,
            problem_owner_name=problem_owner_name,
            goal=goal,
            created_by=by,
            created_at=at,
        )
        # The step comes after its dossier, which says who may do it; the database looks at the end.
        case.save(force_insert=True)
        CaseType.objects.bulk_create(CaseType(case=case, type=each) for each in more)
        if case.is_secret:
            _set_second_reader(case, second_reader, by=by, at=at)
        # Who handles it hears of the dossier, and needs not hear of its step beside it.
        tells = first_step.owner != handler
        case.next_step = _add_step(case, first_step, id=case.next_step_id, tells=tells, by=by, at=at)
        _tell_handler(case, by=by, at=at)
        journal.write(fact=facts.CaseOpened(handler=handler.pk), subject=case, concerns=[tenancy], by=by, at=at)
        if signal is not None:
            put_into_case(signal=signal, case=case, by=by, at=at)
        return case

    return under_own_key(id, sender(tenancy, by), store)


@transaction.atomic
def take_step(*, case: Case, following: Step, by: Any, at: datetime, note: str = "") -> None:
    """The step is done; this follows. There is always a next step, so one comes with the other."""
    _must_work_on(case, by=by, at=at)
    hold_colleagues([following.owner])
    done = _current_step(case)
    finish_follow_up(follow_up=done, note=note, by=by, at=at)
    _replace_step(case, following, by=by, at=at)
    journal.write(
        fact=facts.StepTaken(done=str(done.pk), following=str(case.next_step_id)),
        subject=case,
        concerns=[case.tenancy],
        by=by,
        at=at,
    )


@transaction.atomic
def change_step(*, case: Case, step: Step, by: Any, at: datetime) -> None:
    """The next step gets other words, another day or another colleague."""
    _must_work_on(case, by=by, at=at)
    current = _current_step(case)
    must_be_among(Case.who_works_on(case.pk, at=at), step.owner, field="step_owner")
    FollowUp.objects.filter(pk=current.pk, done_at=None).update(what=step.what)
    current.what = step.what
    move_follow_up(follow_up=current, due_on=step.due_on, owner=step.owner, by=by, at=at)
    Case.objects.filter(pk=case.pk).update(next_due_on=step.due_on)
    case.next_due_on = step.due_on


@transaction.atomic
def move_case(*, case: Case, to: str, by: Any, at: datetime) -> None:
    """Another status, by the one table of moves. Closing and reopening have their own verbs."""
    _must_work_on(case, by=by, at=at)
    if to in (CaseStatus.CLOSED, CaseStatus.CANCELLED) or not case.is_open:
        raise ValidationError(_("Closing and reopening ask for more than a status."))
    before = case.status
    _move(case, to)
    journal.write(fact=facts.CaseMoved(before=before, after=to), subject=case, concerns=[case.tenancy], by=by, at=at)


@transaction.atomic
def assign_case(*, case: Case, handler: Any, by: Any, at: datetime) -> None:
    """Another colleague handles it, and takes over the step that was the old handler's.

    Work in it of who may not open it any more goes to the new handler too. When she was its second reader, that place
    is empty from now on. Raises ``ValidationError`` for who could not open it as its handler, and ``PermissionDenied``
    for who may not give it away.
    """
    must_be_allowed(who_assigns(case, by=by, at=at), by)
    must_be_among(who_handles(), handler, field="handler")
    step = _current_step(case)
    # The dossier before its work, as whoever takes it over does it; and claimed by its old handler.
    if not Case.objects.open().filter(pk=case.pk, handler=case.handler_id).update(handler=handler):
        raise ValidationError(_("A colleague was first. Look at what happened."))
    FollowUp.objects.filter(pk=step.pk, owner=case.handler, done_at=None).update(owner=handler)
    HandOver.objects.waiting().filter(case=case).update(answer=HandOverAnswer.WITHDRAWN, answered_at=at)
    case.handler = handler
    _tell_handler(case, by=by, at=at)
    CaseReader.objects.filter(case=case, user=handler, is_second=True).delete()
    _take_over_what_is_closed(case, by=by, at=at)
    settle_about(about=[case.pk, step.pk], at=at)
    journal.write(fact=facts.CaseAssigned(handler=handler.pk), subject=case, concerns=[case.tenancy], by=by, at=at)


@transaction.atomic
def name_second_reader(*, case: Case, reader: Any, by: Any, at: datetime) -> None:
    """Somebody else stands in for the handler of this secret dossier. Whoever did before reads it no longer.

    Raises ``ValidationError`` for a dossier that is not secret, and for who could not open it; ``PermissionDenied`` for
    who does not handle it.
    """
    must_be_allowed(Q(pk=case.handler_id) & Case.who_works_on(case.pk, at=at), by)
    if not case.is_secret:
        raise ValidationError(_("Only a secret dossier has a second reader."))
    hold_colleagues([reader])
    # Two at once: the second waits here, and replaces what the first wrote.
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    _set_second_reader(case, reader, by=by, at=at)
    _take_over_what_is_closed(case, by=by, at=at)


@transaction.atomic
def set_problem_owner(*, case: Case, problem_owner: str, name: str, by: Any, at: datetime) -> None:
    """Agreed whose problem it is behind the front door."""
    _must_work_on(case, by=by, at=at)
    Case.objects.filter(pk=case.pk).update(problem_owner=problem_owner, problem_owner_name=name)
    case.problem_owner, case.problem_owner_name = problem_owner, name
    journal.write(fact=facts.ProblemOwnerSet(owner=problem_owner), subject=case, concerns=[case.tenancy], by=by, at=at)


@transaction.atomic
def close_case(*, case: Case, result: str, summary: str, told_on: date | None, by: Any, at: datetime) -> None:
    """It ended, with a result and one sentence for the resident.

    Raises ``ValidationError`` while another promise or action of this dossier is open, or when the status does
    not allow this result.
    """
    _must_work_on(case, by=by, at=at)
    if case.status == CaseStatus.ASSESSING and result not in RESULTS_AFTER_ASSESSING:
        raise ValidationError(_("Start the dossier first, or choose “No action needed” or “Referred”."))
    step = _current_step(case)
    _must_leave_nothing(case, step)
    _move(
        case,
        CaseStatus.CLOSED,
        next_step=None,
        next_due_on=None,
        result=result,
        closing_summary=summary,
        told_on=told_on,
        closed_at=at,
    )
    finish_follow_up(follow_up=step, by=by, at=at)
    journal.write(fact=facts.CaseClosed(result=result), subject=case, concerns=[case.tenancy], by=by, at=at)
    if told_on is not None:
        journal.write(fact=facts.CaseTold(), subject=case, concerns=[case.tenancy], by=by, at=at)


@transaction.atomic
def cancel_case(*, case: Case, summary: str, by: Any, at: datetime) -> None:
    """It was opened by mistake. Raises ``ValidationError`` while another promise or action of it is open."""
    _must_work_on(case, by=by, at=at)
    before = case.status
    step = _current_step(case)
    _must_leave_nothing(case, step)
    _move(case, CaseStatus.CANCELLED, next_step=None, next_due_on=None, closing_summary=summary, closed_at=at)
    finish_follow_up(follow_up=step, by=by, at=at)
    journal.write(
        fact=facts.CaseMoved(before=before, after=CaseStatus.CANCELLED),
        subject=case,
        concerns=[case.tenancy],
        by=by,
        at=at,
    )


@transaction.atomic
def reopen_case(*, case: Case, reason: str, step: Step, by: Any, at: datetime) -> None:
    """It is open again, with a reason and a next step. Is its handler gone, then whoever opens it handles it."""
    _must_work_on(case, by=by, at=at)
    if not reason.strip():
        raise ValidationError(_("Write down why the dossier opens again."))
    hold_colleagues([by, step.owner])
    if not User.objects.get_queryset().filter(who_handles(), pk=case.handler_id, is_active=True).exists():
        must_be_among(who_handles(), by)
        Case.objects.filter(pk=case.pk).update(handler=by)
        case.handler = by
        CaseReader.objects.filter(case=case, user=by, is_second=True).delete()
        journal.write(fact=facts.CaseAssigned(handler=by.pk), subject=case, concerns=[case.tenancy], by=by, at=at)
    follow_up = _add_step(case, step, by=by, at=at)
    _move(
        case,
        CaseStatus.IN_PROGRESS,
        next_step=follow_up,
        next_due_on=step.due_on,
        reopen_reason=reason,
        result="",
        closing_summary="",
        told_on=None,
        closed_at=None,
    )
    journal.write(fact=facts.CaseReopened(), subject=case, concerns=[case.tenancy], by=by, at=at)


def _must_work_on(case: Case, *, by: Any, at: datetime) -> None:
    """Raises ``PermissionDenied`` for who does not work on this dossier."""
    must_be_allowed(Case.who_works_on(case.pk, at=at), by)


def _must_leave_nothing(case: Case, step: FollowUp) -> None:
    others = FollowUp.objects.open().filter(subject_label=Case.label(), subject_id=case.pk).exclude(pk=step.pk)
    if others.exists():
        raise ValidationError(_("There are still open promises or actions in this dossier. Finish those first."))


def _most_secret(types: list[str], signal: Signal | None) -> str:
    order = list(Confidentiality.values)
    found = [confidentiality_of(each) for each in types] + ([signal.confidentiality] if signal else [])
    return max(found, key=order.index)


def _set_second_reader(case: Case, reader: Any, *, by: Any, at: datetime) -> None:
    who = who_reads_second(handler=case.handler)
    if reader is None:
        if User.objects.get_queryset().filter(who, is_active=True).exists():
            words = _("Name a second reader: nobody else stands in for a secret dossier.")
            raise ValidationError({"second_reader": words})
        return
    if reader == case.handler:
        raise ValidationError({"second_reader": _("Choose someone else than the handler.")})
    must_be_among(who, reader, field="second_reader")
    before = CaseReader.objects.select_for_update().filter(case=case, is_second=True)
    if before.filter(user=reader).exists():
        return
    before.delete()
    CaseReader.objects.update_or_create(case=case, user=reader, defaults={"is_second": True})
    journal.write(fact=facts.SecondReaderNamed(reader=reader.pk), subject=case, concerns=[case.tenancy], by=by, at=at)


def _take_over_what_is_closed(case: Case, *, by: Any, at: datetime) -> None:
    # Work of who may not open the dossier any more would show to nobody but its handler, and remind no one.
    still = User.objects.get_queryset().filter(Case.who_works_on(case.pk, at=at), is_active=True)
    work = FollowUp.objects.open().filter(subject_label=Case.label(), subject_id=case.pk)
    take_over_follow_ups(rows=work.exclude(owner__in=still.values("pk")), to=case.handler.pk, by=by, at=at)
    if case.next_step is not None:
        case.next_step.refresh_from_db()


def _tell_handler(case: Case, *, by: Any, at: datetime) -> None:
    """She reads that it is hers. What one takes oneself is no news."""
    if case.handler != by:
        given = {"answer": HandOverAnswer.GIVEN, "asked_at": at, "answered_at": at}
        HandOver.objects.create(case=case, receiver=case.handler, asked_by=by, **given)


def _add_step(
    case: Case,
    step: Step,
    *,
    by: Any,
    at: datetime,
    id: UUID | None = None,  # noqa: A002
    tells: bool = True,
) -> FollowUp:
    must_be_among(Case.who_works_on(case.pk, at=at), step.owner, field="step_owner")
    return add_follow_up(
        id=id,
        tenancy=case.tenancy,
        subject=case,
        what=step.what,
        owner=step.owner,
        due_on=step.due_on,
        kind=FollowUpKind.CASE_STEP,
        tells=tells,
        by=by,
        at=at,
    )


def _current_step(case: Case) -> FollowUp:
    if case.next_step is None:
        raise ValidationError(_("This dossier is closed already."))
    return case.next_step


def _replace_step(case: Case, step: Step, *, by: Any, at: datetime) -> None:
    follow_up = _add_step(case, step, by=by, at=at)
    held = Case.objects.filter(pk=case.pk, next_step=case.next_step_id)
    if not held.update(next_step=follow_up, next_due_on=step.due_on):
        raise ValidationError(_("A colleague was first. Look at what happened."))
    case.next_step, case.next_due_on = follow_up, step.due_on


def _move(case: Case, to: str, **changes: Any) -> None:
    # One table, one door: the move claims the row by its old status.
    if to not in CASE_MOVES[case.status]:
        raise ValidationError(_("From “%(before)s” this cannot be done.") % {"before": CaseStatus(case.status).label})
    changed = Case.objects.filter(pk=case.pk, status=case.status).update(status=to, **changes)
    if not changed:
        raise ValidationError(_("A colleague was first. Look at what happened."))
    case.status = to
    for name, value in changes.items():
        setattr(case, name, value)
