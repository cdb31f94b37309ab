"""Promises and actions: made, moved, told, done, or not done with a reason."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corporatie.journal import actions as journal
from corporatie.journal.facts import Fact
from corporatie.staff.rules import must_be_among
from corporatie.subjects.models import Subject, subject_model
from corporatie.work import facts
from corporatie.work.actions.handing import tell_of_new_work
from corporatie.work.actions.notices import settle_about
from corporatie.work.models import FollowUp
from corporatie.work.states import Carrier, FollowUpKind, FollowUpResult
from tenants.models import Tenancy
from tenants.rules import must_not_have_left


@transaction.atomic
def add_follow_up(
    *,
    tenancy: Tenancy,
    subject: Subject,
    what: str,
    owner: Any,
    due_on: date,
    by: Any,
    at: datetime,
    kind: str = FollowUpKind.OTHER,
    carrier: str = Carrier.ME,
    is_promise: bool = False,
    told_on: date | None = None,
    concerns: Iterable[Subject] = (),
    id: UUID | None = None,  # noqa: A002
    tells: bool = True,
) -> FollowUp:
    """Write down what must be done, by whom and when. ``subject`` is what it came from, and decides who sees it.

    Somebody else who is to do it hears of it, unless the verb that calls this ``tells`` her of more at once.

    Raises ``ValidationError`` for an owner who does not work on the subject, for a dossier that ended, and for a
    household that left: only what runs for it is finished. ``TypeError`` for a kind of subject that holds no work:
    its promises would show to nobody.
    """
    if subject == tenancy:
        must_not_have_left(tenancy, on=timezone.localdate(at))
    # The step of a dossier comes with the verb that opens it again.
    if subject.is_over and kind != FollowUpKind.CASE_STEP:
        raise ValidationError(_("This dossier is closed. Open it again first, then add what must be done."))
    if not subject.holds_work:
        raise TypeError(f"nothing can be promised on {subject.label()}")
    must_be_among(subject.who_works_on(subject.pk, at=at), owner)
    follow_up = FollowUp.objects.create(
        id=id or uuid4(),
        tenancy=tenancy,
        subject_label=subject.label(),
        subject_id=subject.pk,
        what=what,
        kind=kind,
        owner=owner,
        carrier=carrier,
        due_on=due_on,
        is_promise=is_promise,
        told_on=told_on,
        created_by=by,
        created_at=at,
    )
    made = facts.PromiseMade if is_promise else facts.FollowUpAdded
    mentioned = [tenancy, *concerns]
    journal.write(fact=made(follow_up=str(follow_up.pk)), subject=subject, concerns=mentioned, by=by, at=at)
    if told_on is not None:
        told = facts.ResidentKnows(follow_up=str(follow_up.pk))
        journal.write(fact=told, subject=subject, concerns=mentioned, by=by, at=at)
    if tells:
        tell_of_new_work(given=[work_of(follow_up)], by=by, at=at)
    return follow_up


def work_of(follow_up: FollowUp) -> tuple[Any, str, Any]:
    """Whose it is, its kind and its key, for ``tell_of_new_work``."""
    return follow_up.owner, "promise" if follow_up.is_promise else "action", follow_up.pk


@transaction.atomic
def finish_follow_up(*, follow_up: FollowUp, by: Any, at: datetime, note: str = "") -> None:
    """It is done. Raises ``ValidationError`` when a colleague was first."""
    _close(follow_up=follow_up, result=FollowUpResult.DONE, note=note, by=by, at=at)
    kept = facts.PromiseKept if follow_up.is_promise else facts.FollowUpDone
    _tell(follow_up, kept(follow_up=str(follow_up.pk)), by=by, at=at)


@transaction.atomic
def drop_follow_up(*, follow_up: FollowUp, reason: str, by: Any, at: datetime) -> None:
    """It will not be done, and why. Raises ``ValidationError`` when a colleague was first."""
    _close(follow_up=follow_up, result=FollowUpResult.DROPPED, note=reason, by=by, at=at)
    dropped = facts.PromiseDropped if follow_up.is_promise else facts.FollowUpDropped
    _tell(follow_up, dropped(follow_up=str(follow_up.pk)), by=by, at=at)


@transaction.atomic
def move_follow_up(*, follow_up: FollowUp, due_on: date, owner: Any, by: Any, at: datetime) -> None:
    """Another day, or another colleague. The reminder follows by itself.

    Raises ``ValidationError`` for an owner who does not work on what it came from, or when it was done already.
    """
    must_be_among(follow_up.who_may_own(at=at), owner)
    is_new_to_her = FollowUp.objects.filter(pk=follow_up.pk).exclude(owner=owner).exists()
    changed = FollowUp.objects.filter(pk=follow_up.pk, done_at=None).update(due_on=due_on, owner=owner)
    if not changed:
        raise ValidationError(_("A colleague was first: this is already done."))
    follow_up.due_on, follow_up.owner = due_on, owner
    settle_about(about=[follow_up.pk], at=at)
    _tell(follow_up, facts.FollowUpMoved(follow_up=str(follow_up.pk)), by=by, at=at)
    if is_new_to_her:
        tell_of_new_work(given=[work_of(follow_up)], by=by, at=at)


@transaction.atomic
def tell_resident(*, follow_up: FollowUp, on: date, by: Any, at: datetime) -> None:
    """The resident knows how it stands. Said twice, it stands there once."""
    if not FollowUp.objects.filter(pk=follow_up.pk).exclude(told_on__isnull=False, told_on=on).update(told_on=on):
        return
    follow_up.told_on = on
    settle_about(about=[follow_up.pk], at=at)
    _tell(follow_up, facts.ResidentKnows(follow_up=str(follow_up.pk)), by=by, at=at)


def _close(*, follow_up: FollowUp, result: FollowUpResult, note: str, by: Any, at: datetime) -> None:
    # The row is claimed by its old state, so two clicks or two colleagues finish it once.
    changed = FollowUp.objects.filter(pk=follow_up.pk, done_at=None).update(
        done_at=at, done_by=by, result=result, result_note=note
    )
    if not changed:
        raise ValidationError(_("A colleague was first: this is already done."))
    follow_up.done_at, follow_up.done_by, follow_up.result, follow_up.result_note = at, by, result, note
    settle_about(about=[follow_up.pk], at=at)


def _tell(follow_up: FollowUp, fact: Fact, *, by: Any, at: datetime) -> None:
    model = subject_model(follow_up.subject_label)
    subject = model._default_manager.filter(pk=follow_up.subject_id).first() if model else None
    journal.write(fact=fact, subject=subject or follow_up.tenancy, concerns=[follow_up.tenancy], by=by, at=at)
