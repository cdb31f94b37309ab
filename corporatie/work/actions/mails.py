"""The outbox: rows first, mail second, and nothing personal in either.

"Exactly one mail" cannot be had over SMTP. A mail is claimed with a lease and marked after it was sent, so a
crash in between sends a copy under the same Message-ID and never loses one.
"""

import smtplib
from datetime import date, datetime, time, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corporatie.staff.models import User
from corporatie.work.models import Notice, OutgoingMail
from corporatie.work.states import MailKind, MailState, Urgency, reminders

LEASE = timedelta(minutes=5)
# After the fifth attempt a mail is given up, visibly.
BACK_OFF = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2)]

log = structlog.get_logger(__name__)


@transaction.atomic
def make_mails(*, on: date, at: datetime, is_working_day: bool) -> int:
    """Put the mails of this moment in the outbox. Returns how many are new.

    An urgent mail for each notice of a rule that cannot wait; on working days after ``DIGEST_AT`` one daily mail
    for everyone with something new.
    """
    made = _make(_urgent_notices(), kind=MailKind.URGENT, on=on, at=at)
    if is_working_day and timezone.localtime(at).time() >= time.fromisoformat(settings.DIGEST_AT):
        made += _make(_digest_notices(), kind=MailKind.DIGEST, on=on, at=at)
    return made


def _unmailed() -> Any:
    return Notice.objects.filter(read_at=None, mail=None, recipient__is_active=True)


def _urgent_notices() -> Any:
    rules = [reminder.code for reminder in reminders().values() if reminder.mails_at_once]
    return _unmailed().filter(rule__in=rules).exclude(recipient__mail_choice=User.MailChoice.NONE)


def _digest_notices() -> Any:
    return _unmailed().filter(recipient__mail_choice=User.MailChoice.DAILY)


def _make(notices: Any, *, kind: MailKind, on: date, at: datetime) -> int:
    key = Cast("id", CharField()) if kind == MailKind.URGENT else Value(on.isoformat())
    wanted = list(notices.annotate(mail_key=key).values_list("recipient_id", "mail_key").distinct())
    before = OutgoingMail.objects.filter(kind=kind, on=on).count()
    OutgoingMail.objects.bulk_create(
        [
            OutgoingMail(recipient_id=recipient, kind=kind, key=mail_key, on=on, next_try_at=at, made_at=at)
            for recipient, mail_key in wanted
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
    # A notice belongs to the mail that announces it, so that it is announced once. A daily mail that already
    # went out announces nothing more: what came later waits for the next working day.
    mails = OutgoingMail.objects.filter(recipient=OuterRef("recipient_id"), kind=kind, state=MailState.PENDING)
    if kind == MailKind.URGENT:
        mails = mails.filter(key=Cast(OuterRef("pk"), CharField()))
    else:
        mails = mails.filter(key=on.isoformat())
    Notice.objects.filter(pk__in=notices.values("pk")).filter(Exists(mails)).update(
        mail=Subquery(mails.values("pk")[:1])
    )
    return OutgoingMail.objects.filter(kind=kind, on=on).count() - before


def send_mails(*, at: datetime, limit: int = 500) -> int:
    """Send what waits in the outbox. Returns how many went out."""
    waiting = OutgoingMail.objects.filter(_sendable(at)).order_by("next_try_at", "id").values_list("pk", flat=True)
    # A connection for each mail: one that breaks takes no other along, and embedded each mail is a file of its own.
    mails = [(pk, get_connection()) for pk in waiting[:limit]]
    return sum(_send(pk, smtp=smtp, at=at) for pk, smtp in mails)


def _sendable(at: datetime) -> Q:
    return Q(state=MailState.PENDING, next_try_at__lte=at) | Q(state=MailState.SENDING, lease_until__lt=at)


def _send(pk: int, *, smtp: Any, at: datetime) -> bool:
    # 1. Claim it. Whoever finds no row here was second.
    claimed = OutgoingMail.objects.filter(_sendable(at), pk=pk).update(
        state=MailState.SENDING, lease_until=at + LEASE, attempts=F("attempts") + 1
    )
    if not claimed:
        return False
    mail = OutgoingMail.objects.select_related("recipient").get(pk=pk)
    # 2. Send it. A crash from here on repeats it under the same Message-ID after the lease.
    try:
        _message(mail, smtp).send()
    except (smtplib.SMTPException, OSError) as fault:
        _try_later(mail, fault=type(fault).__name__, at=at)
        return False
    # 3. Say that it went.
    OutgoingMail.objects.filter(pk=pk).update(state=MailState.SENT, sent_at=at, lease_until=None, fault="")
    return True


def _try_later(mail: OutgoingMail, *, fault: str, at: datetime) -> None:
    given_up = mail.attempts > len(BACK_OFF)
    wait = timedelta() if given_up else BACK_OFF[mail.attempts - 1]
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=MailState.FAILED if given_up else MailState.PENDING,
        lease_until=None,
        next_try_at=at + wait,
        fault=fault,
    )
    log.warning("mail_not_sent", mail=mail.pk, attempts=mail.attempts, fault=fault, given_up=given_up)


def _message(mail: OutgoingMail, smtp: Any) -> EmailMessage:
    counts = dict(
        mail.notices.filter(read_at=None).values_list("urgency").annotate(number=Count("pk")).order_by("urgency")
    )
    told = [_line(urgency, counts[urgency]) for urgency in Urgency.values if counts.get(urgency)]
    body = "\n".join(
        [
            _("Hello,"),
            "",
            *(told or [_("There is something new in your inbox.")]),
            "",
            _("Open your inbox: %(link)s") % {"link": settings.BASE_URL + reverse("inbox")},
            "",
            _("For privacy this mail says nothing more."),
        ]
    )
    host = settings.DEFAULT_FROM_EMAIL.rsplit("@", 1)[-1].strip("> ")
    return EmailMessage(
        subject=_("Keukentafel: something waits for you"),
        body=body,
        to=[mail.recipient.email],
        connection=smtp,
        headers={
            "Message-ID": f"<{mail.kind}-{mail.pk}-{mail.on.isoformat()}@{host}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )


def _line(urgency: str, number: int) -> str:
    sentences = {
        Urgency.NOW: ngettext("%d thing cannot wait.", "%d things cannot wait.", number),
        Urgency.WEEK: ngettext("%d thing for this week.", "%d things for this week.", number),
        Urgency.INFO: ngettext("%d thing to know.", "%d things to know.", number),
    }
    return sentences[Urgency(urgency)] % number
