"""A point of attention is decided on, told to the person, renewed, or ended."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import facts
from cases.models import AttentionFlag, FlagReason
from cases.models.flags import looked_at_by
from cases.rules import who_decides_flag
from cases.states import LONGEST_FLAG, FlagStatus
from corporatie.journal import actions as journal
from corporatie.staff.rules import must_be_allowed
from corporatie.subjects.models import sender, under_own_key
from corporatie.subjects.text import medical_word, refuse_medical_words
from corporatie.work.actions import hand_on, settle_about
from tenants.models import Tenancy
from tenants.rules import must_not_have_left


@transaction.atomic
def decide_flag(
    *,
    tenancy: Tenancy,
    kind: str,
    instruction: str,
    reason: str,
    review_on: date,
    told_on: date | None,
    by: Any,
    at: datetime,
    not_told_because: str = "",
    id: UUID | None = None,  # noqa: A002
) -> AttentionFlag:
    """Decide what someone at the door must do. The reason goes to a table of its own.

    Sending the same ``id`` again gives the point that is already there. Raises ``ValidationError`` when the
    instruction names a condition, when the review lies more than a year ahead, when the same point holds already, or
    when the household left; ``PermissionDenied`` for who does not decide on them.
    """
    must_be_allowed(who_decides_flag(tenancy, at=at), by)
    must_not_have_left(tenancy, on=timezone.localdate(at))

    def store(key: UUID) -> AttentionFlag:
        if known := AttentionFlag.objects.filter(pk=key, tenancy=tenancy, decided_by=by).first():
            return known
        if AttentionFlag.objects.filter(pk=key).exists():
            raise IntegrityError
        refuse_medical_words(instruction)
        decided_on = timezone.localdate(at)
        _check_review(review_on, decided_on)
        if AttentionFlag.objects.filter(tenancy=tenancy, kind=kind).exclude(status=FlagStatus.ENDED).exists():
            raise ValidationError({"kind": _("This point of attention is there already. Renew or end that one.")})
        flag = AttentionFlag.objects.create(
            id=key,
            tenancy=tenancy,
            kind=kind,
            instruction=instruction,
            decided_by=by,
            decided_on=decided_on,
            told_on=told_on,
            not_told_because=not_told_because,
            review_on=review_on,
        )
        if reason:
            FlagReason.objects.create(flag=flag, text=reason, created_by=by, created_at=at)
        journal.write(fact=facts.FlagDecided(kind=kind), subject=flag, concerns=[tenancy], by=by, at=at)
        if told_on is not None:
            journal.write(fact=facts.FlagTold(kind=kind), subject=flag, concerns=[tenancy], by=by, at=at)
        return flag

    return under_own_key(id, sender(tenancy, by), store)


@transaction.atomic
def renew_flag(*, flag: AttentionFlag, review_on: date, by: Any, at: datetime) -> None:
    """It holds on, until the next review.

    Raises ``ValidationError`` for an instruction that names a condition, and for a household that left.
    """
    must_be_allowed(who_decides_flag(flag.tenancy, at=at), by)
    must_not_have_left(flag.tenancy, on=timezone.localdate(at))
    if word := medical_word(flag.instruction):
        raise ValidationError(
            _("The instruction says “%(word)s”. End this point of attention, and add it anew: what must one do?")
            % {"word": word}
        )
    _check_review(review_on, timezone.localdate(at))
    AttentionFlag.objects.filter(pk=flag.pk).exclude(status=FlagStatus.ENDED).update(
        review_on=review_on, status=FlagStatus.ACTIVE, decided_by=by, reviewer=None
    )
    settle_about(about=[flag.pk], at=at)
    flag.review_on = review_on
    journal.write(fact=facts.FlagRenewed(kind=flag.kind), subject=flag, concerns=[flag.tenancy], by=by, at=at)


@transaction.atomic
def end_flag(*, flag: AttentionFlag, by: Any, at: datetime) -> None:
    """It no longer holds."""
    must_be_allowed(who_decides_flag(flag.tenancy, at=at), by)
    changed = (
        AttentionFlag.objects.filter(pk=flag.pk)
        .exclude(status=FlagStatus.ENDED)
        .update(status=FlagStatus.ENDED, ended_on=timezone.localdate(at))
    )
    if not changed:
        raise ValidationError(_("This point of attention ended already."))
    settle_about(about=[flag.pk], at=at)
    flag.status = FlagStatus.ENDED
    journal.write(fact=facts.FlagEnded(kind=flag.kind), subject=flag, concerns=[flag.tenancy], by=by, at=at)


@transaction.atomic
def hand_on_flags(*, rows: Mapping[AttentionFlag, Any], holder: Any, by: Any, at: datetime) -> set[Any]:
    """Others look at these points again. Who decided on them stays who decided. Gives the keys of those that went."""
    hers = AttentionFlag.objects.filter(looked_at_by(holder))
    given = hand_on(rows=hers, field="reviewer", to={row.pk: colleague for row, colleague in rows.items()})
    settle_about(about=given, at=at)
    lines = [(facts.FlagHandedOn(), row, row.tenancy) for row in rows if row.pk in given]
    journal.write_many(lines=lines, by=by, at=at)
    return given


def _check_review(review_on: date, today: date) -> None:
    if review_on <= today:
        raise ValidationError({"review_on": _("Choose a day that is still to come.")})
    if review_on > today + LONGEST_FLAG:
        raise ValidationError({"review_on": _("Choose a day within a year: nothing holds forever.")})
