"""Mails about an account that go out directly: the post room of the house lies upstairs."""

import smtplib
from threading import Thread
from typing import Any

import structlog
from allauth.account.adapter import get_adapter

from corporatie.staff.models import User

log = structlog.get_logger(__name__)


def tell(*, colleague: User, template: str) -> bool:
    """A mail about her account, without a name in it. Returns whether it went out.

    What was done stays done when the post room is shut.
    """
    return _send(get_adapter().render_mail(template, colleague.email, {}), colleague.pk)


def tell_later(*, colleague: User, template: str, context: dict[str, Any]) -> None:
    """The same, while the page answers already: how long the post room takes must not show who is known here."""
    message = get_adapter().render_mail(template, colleague.email, context)
    Thread(target=_send, args=(message, colleague.pk)).start()


def _send(message: Any, colleague: int) -> bool:
    try:
        message.send()
    except (smtplib.SMTPException, OSError, ValueError) as fault:
        # ValueError: an address that cannot be written in a mail.
        log.warning("account_mail_not_sent", colleague=colleague, fault=type(fault).__name__)
        return False
    return True
