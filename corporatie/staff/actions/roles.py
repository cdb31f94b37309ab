"""Giving and taking roles. What makes an administrator, or lets one read, waits for a second administrator."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from corporatie.staff.actions.changes import keep_an_administrator, note
from corporatie.staff.models import RoleGrant, User, WaitingRole
from corporatie.staff.permissions import PERMISSIONS_OF, Permission, Role
from corporatie.staff.rules import may_confirm_role, waits_for_a_second
from corporatie.staff.states import AccountChangeKind


@transaction.atomic
def give_role(*, colleague: User, role: Role, by: User, at: datetime) -> bool:
    """She holds this role from now on. Returns whether it counts: some wait for a second administrator first.

    Raises ``ValidationError`` for one's own.
    """
    _refuse_ones_own(colleague, by)
    _lock(colleague)
    if RoleGrant.objects.filter(user=colleague, role=role).exists():
        return True
    if waits_for_a_second(colleague=colleague, role=role, at=at):
        _asked, is_new = WaitingRole.objects.get_or_create(
            user=colleague, role=role, defaults={"asked_by": by, "asked_at": at}
        )
        if is_new:
            note(colleague=colleague, kind=AccountChangeKind.ROLE_ASKED, detail=role, by=by, at=at)
        return False
    WaitingRole.objects.filter(user=colleague, role=role).delete()
    RoleGrant.objects.create(user=colleague, role=role)
    note(colleague=colleague, kind=AccountChangeKind.ROLE_GIVEN, detail=role, by=by, at=at)
    return True


@transaction.atomic
def take_role(*, colleague: User, role: Role, by: User, at: datetime) -> None:
    """She no longer holds this role. Raises ``ValidationError`` for one's own, and for the last administrator's."""
    _refuse_ones_own(colleague, by)
    if Permission.ADMINISTER in PERMISSIONS_OF[role]:
        keep_an_administrator(colleague)
    taken, _tables = RoleGrant.objects.filter(user=colleague, role=role).delete()
    if taken:
        note(colleague=colleague, kind=AccountChangeKind.ROLE_TAKEN, detail=role, by=by, at=at)


@transaction.atomic
def confirm_role(*, waiting: WaitingRole, by: User, at: datetime) -> None:
    """A second administrator agrees: the role counts. Raises ``ValidationError`` as ``may_confirm_role`` says no."""
    if not may_confirm_role(by, waiting, at=at):
        raise ValidationError(_("Another administrator than the one who asked confirms this."))
    colleague = _lock(waiting.user)
    gone, _tables = WaitingRole.objects.filter(pk=waiting.pk).delete()
    if not gone:
        raise ValidationError(_("This role waits no more: somebody confirmed or withdrew it."))
    RoleGrant.objects.get_or_create(user=colleague, role=waiting.role)
    note(colleague=colleague, kind=AccountChangeKind.ROLE_GIVEN, detail=waiting.role, by=by, at=at)


@transaction.atomic
def dismiss_role(*, waiting: WaitingRole, by: User, at: datetime) -> None:
    """It will not be given after all. Any administrator may say so, also who asked."""
    gone, _tables = WaitingRole.objects.filter(pk=waiting.pk).delete()
    if not gone:
        raise ValidationError(_("This role waits no more: somebody confirmed or withdrew it."))
    note(colleague=waiting.user, kind=AccountChangeKind.ROLE_TAKEN, detail=waiting.role, by=by, at=at)


def put_in_waiting(*, colleague: User, by: Any, at: datetime) -> None:
    """Somebody comes back: of her roles, those that need a second administrator wait for one as if they were new."""
    for grant in RoleGrant.objects.filter(user=colleague):
        if waits_for_a_second(colleague=colleague, role=Role(grant.role), at=at):
            grant.delete()
            WaitingRole.objects.get_or_create(
                user=colleague, role=grant.role, defaults={"asked_by": by, "asked_at": at}
            )
            note(colleague=colleague, kind=AccountChangeKind.ROLE_ASKED, detail=grant.role, by=by, at=at)


def _refuse_ones_own(colleague: User, by: User) -> None:
    if by.pk == colleague.pk:
        raise ValidationError(_("Nobody changes her own roles. Ask another application administrator."))


def _lock(colleague: User) -> User:
    return User.objects.get_queryset().select_for_update(no_key=True).get(pk=colleague.pk)
