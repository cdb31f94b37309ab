"""What can be done with colleagues."""

import smtplib
from datetime import datetime
from typing import Any

import structlog
from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from corporatie.staff.models import Absence, AccountChange, User
from corporatie.staff.rules import why_no_substitute
from corporatie.staff.states import AccountChangeKind

log = structlog.get_logger(__name__)


@transaction.atomic
def welcome(*, colleague: User, by: Any, at: datetime) -> None:  # noqa: ARG001
    """A new colleague: nobody else knows a password for her, so she asks for one herself."""
    colleague.set_unusable_password()
    colleague.save()


@transaction.atomic
def say_goodbye(*, colleague: User, by: Any, at: datetime) -> None:  # noqa: ARG001
    """The colleague left. The password goes, and with it every session that was opened with it."""
    colleague.is_active = False
    colleague.set_unusable_password()
    colleague.save()


def reset_second_factor(*, colleague: User, by: User, at: datetime) -> bool:
    """Her phone is gone: app and recovery codes stop working, and she is signed out everywhere.

    Returns whether the mail that tells her went out. Raises ``ValidationError`` when there is nothing to reset, and
    for one's own.
    """
    if colleague.pk == by.pk:
        raise ValidationError(_("Ask another application administrator to turn off your own second step."))
    with transaction.atomic():
        removed, _tables = Authenticator.objects.filter(user=colleague).delete()
        if not removed:
            raise ValidationError(_("%(name)s has no second step yet.") % {"name": colleague.name})
        _end_sessions(colleague, at)
        LogEntry.objects.create(
            action_time=at,
            user=by,
            content_type=ContentType.objects.get_for_model(User),
            object_id=str(colleague.pk),
            object_repr=str(colleague),
            action_flag=CHANGE,
            change_message=_("Second step for signing in turned off."),
        )
    return tell(colleague=colleague, template="mfa/email/second_factor_reset")


def _end_sessions(colleague: User, at: datetime) -> None:
    # Whose a session is stands inside it, so each that still runs is opened. An office has some hundreds at most.
    running = Session.objects.filter(expire_date__gt=at)
    hers = [session.pk for session in running if session.get_decoded().get(SESSION_KEY) == str(colleague.pk)]
    Session.objects.filter(pk__in=hers).delete()


def tell(*, colleague: User, template: str) -> bool:
    """A mail about her account, without a name in it. Returns whether it went out.

    What was done stays done when the post room is shut.
    """
    try:
        get_adapter().render_mail(template, colleague.email, {}).send()
    except (smtplib.SMTPException, OSError) as fault:
        log.warning("account_mail_not_sent", colleague=colleague.pk, fault=type(fault).__name__)
        return False
    return True


def choose_mail(*, colleague: User, choice: str, by: Any, at: datetime) -> None:  # noqa: ARG001
    """How often mail may reach her. Her own choice: what cannot wait always stands in the inbox as well."""
    User.objects.get_queryset().filter(pk=colleague.pk).update(mail_choice=choice)
    colleague.mail_choice = choice


@transaction.atomic
def plan_absence(*, absence: Absence, by: User, at: datetime) -> None:
    """A new absence, or a known one with other days or another stand-in.

    Raises ``ValidationError`` when the stand-in could not do the work, or would be who writes it down.
    """
    if reason := why_no_substitute(colleague=absence.user, substitute=absence.substitute, by=by):
        raise ValidationError(reason)
    absence.save()
    _note_absence(absence, by=by, at=at)


@transaction.atomic
def drop_absence(*, absence: Absence, by: User, at: datetime) -> None:
    """She is not away after all, or nobody stands in any more."""
    _note_absence(absence, by=by, at=at)
    absence.delete()


def _note_absence(absence: Absence, *, by: User, at: datetime) -> None:
    kind, detail = AccountChangeKind.ABSENCE, str(absence.substitute_id)
    AccountChange.objects.create(colleague=absence.user, by=by, kind=kind, detail=detail, at=at)
