"""The one mail about an account that goes out directly: its link lives in no row."""

import smtplib
from threading import Thread
from typing import Any

import structlog
from allauth.account.adapter import get_adapter

from corporatie.staff.models import User

log = structlog.get_logger(__name__)


def tell_later(*, colleague: User, template: str, context: dict[str, Any]) -> None:
    """Send it while the page answers already: how long the post room takes must not show who is known here."""
    message = get_adapter().render_mail(template, colleague.email, context)
    Thread(target=_send, args=(message, colleague.pk)).start()


def _send(message: Any, colleague: int) -> None:
    try:
        message.send()
    except (smtplib.SMTPException, OSError, ValueError) as fault:
        # ValueError: an address that cannot be written in a mail.
        log.warning("account_mail_not_sent", colleague=colleague, fault=type(fault).__name__)
