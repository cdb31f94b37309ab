"""Mails that wait, and a post that sends them, as the tests of mail need them."""

from datetime import date, timedelta
from uuid import uuid4

from corporatie.work import actions
from corporatie.work.models import Notice, OutgoingMail
from corporatie.work.reminders import sweep
from corporatie.work.states import MailKind, Urgency

MINUTE = timedelta(minutes=1)


def send(at):
    """Send at a moment that stands still."""
    return actions.send_mails(clock=lambda: at)


def minutes(first, number):
    """So many minutes of the clock: each has a sweep and a post."""
    for minute in range(number):
        sweep(at=first + minute * MINUTE)
        send(first + minute * MINUTE)


def due(cast, *owners):
    """A promise that is due today, for each of them."""
    for owner in owners:
        actions.add_follow_up(
            tenancy=cast.bos,
            subject=cast.bos,
            what="Schilder belt over het kozijn",
            owner=owner,
            due_on=date(2026, 11, 24),
            is_promise=True,
            by=cast.anna,
            at=cast.at,
        )


def notice(cast, recipient, *, rule="signal_acute", urgency=Urgency.NOW):
    """Something of a rule that cannot wait."""
    return Notice.objects.create(
        recipient=recipient,
        rule=rule,
        about_id=uuid4(),
        on=cast.at.date(),
        urgency=urgency,
        made_at=cast.at,
        subject_label=cast.bos.label(),
        subject_id=cast.bos.pk,
    )


def waiting(recipient, *, number=1, at, kind=MailKind.URGENT):
    """Mails in the outbox, each with something to say."""
    made = []
    for _each in range(number):
        row = OutgoingMail.objects.create(
            recipient=recipient, kind=kind, key=str(uuid4()), on=at.date(), next_try_at=at, made_at=at
        )
        Notice.objects.create(
            recipient=recipient,
            rule="sample",
            about_id=uuid4(),
            on=at.date(),
            urgency=Urgency.NOW,
            made_at=at,
            mail=row,
            subject_id=uuid4(),
        )
        made.append(row)
    return made


def states():
    """Where each mail is, by the first name of who gets it."""
    return {row.recipient.get_short_name(): row.state for row in OutgoingMail.objects.select_related("recipient")}


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self, at):
        self.at = at

    def __call__(self):
        return self.at
