"""Sending what lies in the outbox. Nothing is given up in silence.

"Exactly one mail" cannot be had over SMTP. A mail is claimed with a lease at the moment it is sent and marked after
that, so a crash in between sends a copy under the same Message-ID and never loses one.
"""

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.mail import EmailMessage, get_connection
from django.core.mail.message import sanitize_address
from django.db import DatabaseError, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils.translation import gettext as _

from corporatie.work.actions.account_mails import account_text
from corporatie.work.actions.mails import INBOX_MAILS, inbox_text
from corporatie.work.models import Heartbeat, Notice, OutgoingMail, OutgoingMailQuerySet
from corporatie.work.states import FAULTS_OF_OURS, PERMANENT_FAULTS, MailFault, MailKind, MailState, Urgency

# Longer than the hard limit of the task that sends: nobody holds a mail beyond this.
LEASE = timedelta(minutes=5)
# After this a batch begins no other mail: half a minute after this one began there is another, and the sweep wants a
# worker too. Only a mail that takes longer than ten seconds by itself makes two batches meet.
BUDGET = timedelta(seconds=20)
LONGEST_WAIT = timedelta(minutes=15)
# One, two, four and eight minutes, and then each quarter of an hour: five days.
MOST_ATTEMPTS = 480
# What SMTP answers to who did not sign in, whatever was asked.
SIGN_IN_CODES = {530, 534, 535, 538}

log = structlog.get_logger(__name__)


class UndeliveredError(Exception):
    """One mail did not go. ``is_shut``: nor will any other at this moment."""

    def __init__(self, fault: MailFault, *, is_shut: bool = False) -> None:
        """Why, and whether it is about this mail."""
        super().__init__(fault)
        self.fault = fault
        self.is_shut = is_shut or fault in FAULTS_OF_OURS


@dataclass
class Batch:
    """What became of the mails of one batch."""

    sent: int = 0
    later: int = 0
    failed: int = 0
    not_needed: int = 0

    @property
    def nothing_went(self) -> bool:
        """There was something to send, and none of it went."""
        return not self.sent and bool(self.later or self.failed)


def send_mails(*, clock: Callable[[], datetime], limit: int = 500) -> Batch:
    """Send what waits in the outbox, until it is empty, the time is up or the mail server is shut."""
    began = clock()
    batch = Batch()
    # Kept until the end: embedded a mail is a file, called after the place of its connection in memory.
    connections: list[Any] = []
    for pk in _waiting(began, limit=limit):
        # A clock that is set back in the meantime ends a batch too.
        if not began <= (at := clock()) < began + BUDGET:
            break
        try:
            _send(pk, batch=batch, connections=connections, at=at, clock=clock)
        except UndeliveredError as problem:
            if problem.is_shut:
                break
    Heartbeat.objects.update_or_create(name="mail", defaults={"at": clock()})
    if vars(batch) != vars(Batch()):
        log.info("mails", **vars(batch))
    return batch


def try_mails_again(*, mails: OutgoingMailQuerySet, by: Any, at: datetime) -> int:
    """Somebody mended what was wrong: let these failed mails go once more. Returns how many."""
    again = mails.failed().update(state=MailState.PENDING, attempts=0, next_try_at=at, fault="")
    log.info("mails_tried_again", by=by.pk, number=again)
    return again


@transaction.atomic
def close_mails(*, mails: OutgoingMailQuerySet, by: Any, at: datetime) -> int:
    """These failed mails will never go, and somebody saw to it: they count as failed no more. Returns how many."""
    closed = list(mails.failed().select_for_update(of=("self",)).order_by("pk"))
    OutgoingMail.objects.filter(pk__in=[mail.pk for mail in closed]).update(
        state=MailState.CLOSED, closed_by=by, closed_at=at
    )
    kind = ContentType.objects.get_for_model(OutgoingMail)
    for mail in closed:
        LogEntry.objects.create(
            action_time=at,
            user=by,
            content_type=kind,
            object_id=str(mail.pk),
            object_repr=str(mail),
            action_flag=CHANGE,
            change_message=_("Dealt with."),
        )
    log.info("mails_closed", by=by.pk, number=len(closed))
    return len(closed)


def _sendable(at: datetime) -> Q:
    # What seems to wait longer than it ever would, was put off by a clock that was wrong.
    due = Q(next_try_at__lte=at) | Q(next_try_at__gt=at + LONGEST_WAIT)
    return (Q(state=MailState.PENDING) & due) | Q(state=MailState.SENDING, lease_until__lt=at)


def _waiting(at: datetime, *, limit: int) -> list[int]:
    """What cannot wait goes first: on a slow day the daily mails take their time."""
    urgent = Exists(Notice.objects.filter(mail=OuterRef("pk"), urgency=Urgency.NOW))
    goes_later = Case(When(Q(kind=MailKind.DIGEST) & ~Q(urgent), then=Value(1)), default=Value(0))
    mails = OutgoingMail.objects.filter(_sendable(at)).annotate(urgent=urgent)
    return list(mails.order_by(goes_later, "next_try_at", "id").values_list("pk", flat=True)[:limit])


def _send(pk: int, *, batch: Batch, connections: list[Any], at: datetime, clock: Callable[[], datetime]) -> None:
    # 1. Claim it. Whoever finds no row here was second.
    lease = at + LEASE
    claimed = OutgoingMail.objects.filter(_sendable(at), pk=pk).update(
        state=MailState.SENDING, lease_until=lease, attempts=F("attempts") + 1
    )
    if not claimed:
        return
    mail = OutgoingMail.objects.select_related("recipient").get(pk=pk)
    # 2. Send it. A crash from here on repeats it under the same Message-ID after the lease.
    try:
        message = _message(mail)
        if message is not None:
            _deliver(message, connections)
    except SoftTimeLimitExceeded:
        _put_back(mail, UndeliveredError(MailFault.SLOW), batch=batch, at=clock())
        raise
    except UndeliveredError as problem:
        _put_back(mail, problem, batch=batch, at=clock())
        raise
    # 3. Say that it went.
    if message is None:
        OutgoingMail.objects.filter(pk=pk).update(state=MailState.NOT_NEEDED, lease_until=None, fault="")
        batch.not_needed += 1
    else:
        OutgoingMail.objects.filter(pk=pk).update(state=MailState.SENT, sent_at=clock(), lease_until=None, fault="")
        batch.sent += 1


def _put_back(mail: OutgoingMail, problem: UndeliveredError, *, batch: Batch, at: datetime) -> None:
    """For later, or for somebody to look at. A mail that somebody else took up in the meantime is not ours any more."""
    # While everybody's mail waits, this one is not to blame.
    given_up = problem.fault in PERMANENT_FAULTS or (mail.attempts >= MOST_ATTEMPTS and not problem.is_shut)
    wait = min(timedelta(minutes=2 ** min(mail.attempts - 1, 10)), LONGEST_WAIT)
    OutgoingMail.objects.filter(pk=mail.pk, state=MailState.SENDING, lease_until=mail.lease_until).update(
        state=MailState.FAILED if given_up else MailState.PENDING,
        lease_until=None,
        next_try_at=at if given_up else at + wait,
        fault=problem.fault,
    )
    if given_up:
        batch.failed += 1
    else:
        batch.later += 1
    why = problem.__cause__
    log.warning(
        "mail_not_sent",
        mail=mail.pk,
        attempts=mail.attempts,
        fault=str(problem.fault),
        # The kind of fault and where it was, never its words: an address may stand in them.
        cause=type(why).__name__ if why else "",
        line=_line_of(why),
        given_up=given_up,
    )


def _line_of(why: BaseException | None) -> str:
    trace = why.__traceback__ if why else None
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace is not None else ""


def _message(mail: OutgoingMail) -> EmailMessage | None:
    """The mail as it stands at this moment; nothing when there is nothing left to say."""
    try:
        said = inbox_text(mail) if mail.kind in INBOX_MAILS else account_text(mail)
    except (DatabaseError, SoftTimeLimitExceeded):
        raise
    except Exception as problem:
        raise UndeliveredError(MailFault.UNEXPECTED) from problem
    if said is None or mail.goes_to_somebody_else:
        return None
    _check_address(mail.goes_to)
    subject, lines = said
    host = settings.DEFAULT_FROM_EMAIL.rsplit("@", 1)[-1].strip("> ")
    return EmailMessage(
        subject=subject,
        body="\n".join([_("Hello,"), "", *lines, "", _("For privacy this mail says nothing more.")]),
        to=[mail.goes_to],
        headers={
            "Message-ID": f"<{mail.kind}-{mail.pk}-{mail.on.isoformat()}@{host}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )


def _check_address(address: str) -> None:
    try:
        name, _at, domain = address.rpartition("@")
        if not name or not domain:
            raise ValueError
        # Mail servers that take a name outside ASCII are rare, and encoded it would be the name of somebody else.
        name.encode("ascii")
        sanitize_address(address, "utf-8")
    except (ValueError, IndexError) as problem:
        raise UndeliveredError(MailFault.ADDRESS) from problem


def _deliver(message: EmailMessage, connections: list[Any]) -> None:
    # A connection for each mail: one that breaks takes no other along, and embedded each mail is a file of its own.
    connection: Any = None
    try:
        try:
            connection = get_connection()
            connections.append(connection)
            connection.open()
        except SoftTimeLimitExceeded:
            raise
        except Exception as problem:
            # Whatever goes wrong before a mail was named, is about all of them.
            raise UndeliveredError(_fault_at_the_door(problem), is_shut=True) from problem
        try:
            connection.send_messages([message])
        except SoftTimeLimitExceeded:
            raise
        except Exception as problem:
            raise UndeliveredError(_fault_in_the_talk(problem)) from problem
    finally:
        # It went, or it did not: how the goodbye goes changes nothing.
        with suppress(Exception):
            connection.close()


def _fault_at_the_door(problem: Exception) -> MailFault:
    match problem:
        case smtplib.SMTPServerDisconnected():
            return MailFault.DROPPED
        case smtplib.SMTPAuthenticationError(smtp_code=code) if code >= 500:
            return MailFault.SIGN_IN
        case smtplib.SMTPResponseException(smtp_code=code) if code < 500:
            return MailFault.BUSY
    return _fault_of_the_line(problem) or MailFault.SERVER


def _fault_in_the_talk(problem: Exception) -> MailFault:
    match problem:
        case smtplib.SMTPServerDisconnected():
            return MailFault.DROPPED
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            return _fault_by_code([code for code, _words in refused.values()], MailFault.RECIPIENT)
        case smtplib.SMTPSenderRefused(smtp_code=code):
            return _fault_by_code([code], MailFault.SENDER)
        case smtplib.SMTPHeloError(smtp_code=code):
            return _fault_by_code([code], MailFault.SERVER)
        case smtplib.SMTPResponseException(smtp_code=code):
            return _fault_by_code([code], MailFault.CONTENT)
        case smtplib.SMTPNotSupportedError():
            return MailFault.ADDRESS
    return _fault_of_the_line(problem) or MailFault.UNEXPECTED


def _fault_by_code(codes: list[int], permanent: MailFault) -> MailFault:
    if SIGN_IN_CODES.intersection(codes):
        return MailFault.SIGN_IN
    return permanent if min(codes, default=0) >= 500 else MailFault.BUSY


def _fault_of_the_line(problem: Exception) -> MailFault | None:
    match problem:
        case smtplib.SMTPException():
            return None
        case TimeoutError():
            return MailFault.SLOW
        case ssl.SSLError():
            return MailFault.NOT_SAFE
        case OSError():
            return MailFault.UNREACHABLE
    return None
