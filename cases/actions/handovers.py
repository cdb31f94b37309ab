"""A dossier goes to another colleague: asked first, or left to somebody because its handler goes."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from cases import facts
from cases.models import Case, CaseReader, HandOver
from cases.rules import may_name_heir, number_of, who_handles
from cases.states import Confidentiality, HandOverAnswer
from corporatie.journal import actions as journal
from corporatie.staff.actions import note
from corporatie.staff.models import User
from corporatie.staff.rules import hold_colleagues, must_be_among
from corporatie.staff.states import AccountChangeKind
from corporatie.work.actions import settle_about, take_over_follow_ups
from corporatie.work.models import FollowUp


@transaction.atomic
def ask_hand_overs(*, rows: Mapping[Case, Any], holder: Any, by: Any, at: datetime) -> set[Any]:
    """Ask these colleagues to take over these dossiers. Gives the keys of those that were still open and hers.

    Who was asked before and did not answer is not asked any more. Nobody asks herself: what she takes, she has.
    """
    hers = Case.objects.open().filter(handler=holder, pk__in=[case.pk for case in rows])
    still = set(hers.select_for_update(of=("self",)).values_list("pk", flat=True))
    HandOver.objects.waiting().filter(case__in=still).update(answer=HandOverAnswer.WITHDRAWN, answered_at=at)
    asked = [(case, colleague) for case, colleague in rows.items() if case.pk in still and colleague.pk != by.pk]
    HandOver.objects.bulk_create(
        HandOver(case=case, receiver=colleague, asked_by=by, asked_at=at) for case, colleague in asked
    )
    settle_about(about=[case.pk for case, _colleague in asked], at=at)
    lines = [(facts.HandOverAsked(), case, case.tenancy) for case, _colleague in asked]
    journal.write_many(lines=lines, by=by, at=at)
    _take([case for case, colleague in rows.items() if case.pk in still and colleague.pk == by.pk], by=by, at=at)
    return still


def _take(cases: list[Case], *, by: Any, at: datetime) -> None:
    HandOver.objects.bulk_create(
        HandOver(
            case=case,
            receiver=by,
            asked_by=by,
            asked_at=at,
            handler_id=case.handler_id,
            answer=HandOverAnswer.YES,
            answered_at=at,
        )
        for case in cases
    )
    _give(Case.objects.filter(pk__in=[case.pk for case in cases]), to=by.pk, at=at)
    _settle(cases, at=at)
    journal.write_many(lines=[(facts.HandOverAccepted(), case, case.tenancy) for case in cases], by=by, at=at)


@transaction.atomic
def accept_hand_over(*, hand_over: HandOver, by: Any, at: datetime) -> None:
    """Yes: the dossier is hers, with the steps and promises that were the handler's.

    Raises ``ValidationError`` when it was withdrawn, the dossier was closed meanwhile, or she handles none any more.
    """
    # Whoever lets her leave at this moment holds her row first, and then the dossiers.
    hold_colleagues([by])
    case = _answer(hand_over, HandOverAnswer.YES, by=by, at=at)
    must_be_among(who_handles() & Case.who_works_on(case.pk, at=at), by)
    _give(Case.objects.filter(pk=case.pk), to=by.pk, at=at)
    _settle([case], at=at)
    journal.write(fact=facts.HandOverAccepted(), subject=case, concerns=[case.tenancy], by=by, at=at)


@transaction.atomic
def refuse_hand_over(*, hand_over: HandOver, reason: str, by: Any, at: datetime) -> None:
    """No, and why: who asked hears it. Raises ``ValidationError`` as ``accept_hand_over`` does."""
    if not reason.strip():
        raise ValidationError(_("Write in one sentence why not."))
    case = _answer(hand_over, HandOverAnswer.NO, by=by, at=at, reason=reason)
    settle_about(about=[case.pk], at=at)
    journal.write(fact=facts.HandOverRefused(), subject=case, concerns=[case.tenancy], by=by, at=at)


@transaction.atomic
def leave_waiting_cases(*, holder: Any, by: Any, at: datetime, only: Iterable[Any] | None = None) -> None:
    """The handler goes: what waits for a yes is until then of who asked for it. The question stays."""
    waiting = HandOver.objects.holding(at=at).filter(case__handler=holder)
    if only is not None:
        waiting = waiting.filter(case__in=list(only))
    cases = list(Case.objects.filter(pk__in=waiting.values("case")).select_related("tenancy"))
    _leave(cases, waiting.filter(case=OuterRef("pk")).values("asked_by")[:1], by=by, at=at)


@transaction.atomic
def leave_secret_cases(*, holder: Any, at: datetime) -> None:
    """The handler goes: each secret dossier, also one that ended, goes to its second reader, also while she is away.

    Is she gone too, or away for long, then the sweep says so, and the privacy officer names somebody.
    """
    able = User.objects.get_queryset().filter(who_handles(), is_active=True).values("pk")
    readers = CaseReader.objects.filter(is_second=True, user__in=able).exclude(user=holder)
    secret = Case.objects.filter(handler=holder, confidentiality=Confidentiality.SECRET)
    HandOver.objects.waiting().filter(case__in=secret).update(answer=HandOverAnswer.WITHDRAWN, answered_at=at)
    cases = list(secret.filter(readers__in=readers).select_related("tenancy"))
    heirs = _leave(cases, readers.filter(case=OuterRef("pk")).values("user")[:1], by=None, at=at)
    HandOver.objects.bulk_create(
        HandOver(case=case, receiver_id=heirs[case.pk], asked_at=at, answer=HandOverAnswer.GIVEN, answered_at=at)
        for case in cases
    )
    _leave_steps_in_secret_cases(holder, at=at)


@transaction.atomic
def name_heir(*, case: UUID, handler: User, by: User, at: datetime) -> None:
    """A secret dossier that nobody can open any more gets a handler, from who watches over reading and reads nothing.

    She hears of it, and so does every privacy officer, at once. Raises ``ValidationError`` when it is no such dossier
    (any more), for who could not handle it, and for oneself.
    """
    if not may_name_heir(by) or handler.pk == by.pk:
        raise ValidationError(_("Nobody gives a secret dossier to herself. Choose somebody else."))
    must_be_among(who_handles(), handler, field="handler")
    held = (
        Case.objects.left_alone(at=at).filter(pk=case).select_for_update(of=("self",)).select_related("tenancy").first()
    )
    if held is None:
        raise ValidationError(_("This dossier has somebody already."))
    _give(Case.objects.filter(pk=held.pk), to=handler.pk, at=at)
    HandOver.objects.waiting().filter(case=held).update(answer=HandOverAnswer.WITHDRAWN, answered_at=at)
    HandOver.objects.create(
        case=held, receiver=handler, asked_by=by, asked_at=at, answer=HandOverAnswer.GIVEN, answered_at=at
    )
    journal.write(fact=facts.CaseAssigned(handler=handler.pk), subject=held, concerns=[held.tenancy], by=by, at=at)
    note(colleague=handler, kind=AccountChangeKind.SECRET_GIVEN, detail=number_of(held.pk), by=by, at=at)


def _leave_steps_in_secret_cases(holder: Any, *, at: datetime) -> None:
    """What she still had to do in a secret dossier of somebody else is its handler's."""
    hers = FollowUp.objects.open().filter(owner=holder, subject_label=Case.label())
    of_others = Case.objects.filter(
        pk__in=hers.values("subject_id"), confidentiality=Confidentiality.SECRET, handler__is_active=True
    )
    heirs = dict(of_others.exclude(handler=holder).values_list("pk", "handler"))
    moved = list(hers.filter(subject_id__in=heirs).values_list("pk", flat=True))
    for pk, handler in heirs.items():
        take_over_follow_ups(rows=hers.filter(subject_id=pk), to=handler, by=None, at=at)
    settle_about(about=moved, at=at)


def _leave(cases: list[Case], to: Any, *, by: Any, at: datetime) -> dict[Any, int]:
    rows = Case.objects.filter(pk__in=[case.pk for case in cases])
    found = dict(rows.annotate(heir=Subquery(to)).values_list("pk", "heir"))
    for heir in set(found.values()):
        _give(Case.objects.filter(pk__in=[pk for pk, each in found.items() if each == heir]), to=heir, at=at)
    _settle(cases, at=at)
    journal.write_many(lines=[(facts.CaseLeft(), case, case.tenancy) for case in cases], by=by, at=at)
    return found


def _settle(cases: list[Case], *, at: datetime) -> None:
    """What was told about these dossiers and the work in them is looked at again, all at once."""
    keys = [case.pk for case in cases]
    work = FollowUp.objects.open().filter(subject_label=Case.label(), subject_id__in=keys)
    settle_about(about=[*keys, *work.values_list("pk", flat=True)], at=at)


def _give(cases: QuerySet[Case], *, to: int, at: datetime) -> None:
    """The dossiers, and in them the open work that was the handler's, or is of who may not open them any more."""
    before = list(cases.values_list("pk", "handler_id"))
    for handler in {handler for _pk, handler in before}:
        keys = [pk for pk, each in before if each == handler]
        follow_ups = FollowUp.objects.open().filter(subject_label=Case.label(), subject_id__in=keys, owner=handler)
        follow_ups.update(owner=to)
    Case.objects.filter(pk__in=[pk for pk, _handler in before]).update(handler=to)
    still = User.objects.get_queryset().filter(
        Case.who_works_on(OuterRef("subject_id"), at=at), pk=OuterRef("owner"), is_active=True
    )
    work = FollowUp.objects.open().filter(subject_label=Case.label(), subject_id__in=[pk for pk, _handler in before])
    work.exclude(Exists(still)).update(owner=to)
    # Who handles it is not its second reader too.
    CaseReader.objects.filter(case__in=[pk for pk, _handler in before], user=to, is_second=True).delete()


def _answer(hand_over: HandOver, answer: HandOverAnswer, *, by: Any, at: datetime, reason: str = "") -> Case:
    case = Case.objects.select_for_update(of=("self",)).select_related("tenancy").get(pk=hand_over.case_id)
    # The row is claimed by its old state: withdrawn, answered or asked of somebody else, it is no longer hers.
    changed = (
        HandOver.objects.waiting()
        .filter(pk=hand_over.pk, receiver=by)
        .update(answer=answer, answered_at=at, reason=reason, handler=case.handler_id)
    )
    if not changed or not case.is_open:
        raise ValidationError(_("This is not asked any more. Look at what happened."))
    hand_over.answer, hand_over.answered_at, hand_over.reason = answer, at, reason
    return case
