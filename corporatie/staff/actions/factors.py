"""The second step: set up, turned off, codes renewed, lost. Each ends the sessions that were opened before it."""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from corporatie.staff.actions.changes import end_sessions, note
from corporatie.staff.models import User
from corporatie.staff.states import AccountChangeKind


def set_up_factor(*, colleague: User, by: Any, at: datetime) -> None:
    """The app on her phone is linked. Call it in the transaction that links it."""
    end_sessions(colleague)
    note(colleague=colleague, kind=AccountChangeKind.FACTOR_ON, detail="totp", by=by, at=at)


def turn_off_factor(*, colleague: User, by: Any, at: datetime) -> None:
    """She unlinked the app herself. Call it in the transaction that unlinks it."""
    end_sessions(colleague)
    note(colleague=colleague, kind=AccountChangeKind.FACTOR_OFF, detail="totp", by=by, at=at)


def renew_recovery_codes(*, colleague: User, by: Any, at: datetime) -> None:
    """Her old recovery codes are worth nothing any more. Call it in the transaction that makes the new ones."""
    end_sessions(colleague)
    note(colleague=colleague, kind=AccountChangeKind.FACTOR_ON, detail="recovery_codes", by=by, at=at)


@transaction.atomic
def reset_second_factor(*, colleague: User, by: User, at: datetime) -> None:
    """Her phone is gone: app and recovery codes stop working, and she is signed out everywhere.

    Raises ``ValidationError`` when there is nothing to reset, and for one's own.
    """
    if colleague.pk == by.pk:
        raise ValidationError(_("Ask another application administrator to turn off your own second step."))
    removed, _tables = Authenticator.objects.filter(user=colleague).delete()
    if not removed:
        raise ValidationError(_("%(name)s has no second step yet.") % {"name": colleague.name})
    end_sessions(colleague)
    note(colleague=colleague, kind=AccountChangeKind.FACTOR_OFF, by=by, at=at)
    LogEntry.objects.create(
        action_time=at,
        user=by,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(colleague.pk),
        object_repr=colleague.number_in_words,
        action_flag=CHANGE,
        change_message=_("Second step for signing in turned off."),
    )
