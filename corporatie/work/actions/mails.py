"""The mails about the inbox: who gets one, and what it says. Counts and a link, nothing about anybody.

Sending is another matter (``post``): here are only rows.
"""

from datetime import date, datetime, time

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corporatie.staff.models import User
from corporatie.work.models import Notice, OutgoingMail
from corporatie.work.states import MailKind, MailState, Urgency, reminders

INBOX_MAILS = (MailKind.DIGEST, MailKind.URGENT)
# What is still worth announcing.
LIVE = Q(read_at=None, settled_at=None)


def is_time_for_the_daily_mail(*, at: datetime, is_working_day: bool) -> bool:
    """On working days, from ``DIGEST_AT`` on."""
    return is_working_day and timezone.localtime(at).time() >= time.fromisoformat(settings.DIGEST_AT)


@transaction.atomic
def make_mails(*, on: date, at: datetime, is_working_day: bool) -> int:
    """Put the mails about new notices in the outbox. Returns how many are new.

    On working days after ``DIGEST_AT`` one daily mail for everyone with something new, and with all that is new; apart
    from that one urgent mail for everyone with something new of a rule that cannot wait, however much of it there is.
    """
    made = 0
    if is_time_for_the_daily_mail(at=at, is_working_day=is_working_day):
        made += _make_daily(on=on, at=at)
    return made + _make_urgent(on=on, at=at)


def _unmailed() -> QuerySet[Notice]:
    return Notice.objects.filter(LIVE, mail=None, recipient__is_active=True)


def _make_daily(*, on: date, at: datetime) -> int:
    notices = _unmailed().filter(recipient__mail_choice=User.MailChoice.DAILY)
    made = _add(MailKind.DIGEST, dict.fromkeys(_recipients(notices), on.isoformat()), on=on, at=at)
    # A daily mail that already went out announces nothing more: what came later waits for the next working day.
    _announce(notices, OutgoingMail.objects.filter(kind=MailKind.DIGEST, key=on.isoformat()))
    return made


def _make_urgent(*, on: date, at: datetime) -> int:
    rules = [reminder.code for reminder in reminders().values() if reminder.mails_at_once]
    notices = _unmailed().filter(rule__in=rules).exclude(recipient__mail_choice=User.MailChoice.NONE)
    inbox = OutgoingMail.objects.filter(kind__in=INBOX_MAILS)
    # What still waits to be sent can say this too.
    _announce(notices, inbox)
    # Named after the one before: two sweeps at once think of the same name, and the table refuses the second.
    before = OutgoingMail.objects.filter(recipient=OuterRef("recipient_id"), kind=MailKind.URGENT).order_by()
    newest = Subquery(before.values("recipient").annotate(newest=Max("pk")).values("newest"))
    names = dict(notices.annotate(newest=newest).values_list("recipient_id", "newest"))
    made = _add(MailKind.URGENT, {pk: f"after-{newest or 0}" for pk, newest in names.items()}, on=on, at=at)
    _announce(notices, inbox)
    return made


def _recipients(notices: QuerySet[Notice]) -> list[int]:
    return list(notices.order_by().values_list("recipient_id", flat=True).distinct())


def _add(kind: MailKind, keys: dict[int, str], *, on: date, at: datetime) -> int:
    if not keys:
        return 0
    known = OutgoingMail.objects.filter(kind=kind, recipient__in=keys, key__in=set(keys.values()))
    before = known.count()
    OutgoingMail.objects.bulk_create(
        [
            OutgoingMail(recipient_id=recipient, kind=kind, key=key, on=on, next_try_at=at, made_at=at)
            for recipient, key in keys.items()
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
    return known.count() - before


def _announce(notices: QuerySet[Notice], mails: QuerySet[OutgoingMail]) -> None:
    """Let each notice belong to a mail of its recipient that still waits, so that it is announced once."""
    # Held until the end of this transaction: who sends one, counts what it announces after taking it, so either this
    # notice is in it, or the mail is no longer waiting.
    waiting = mails.filter(state=MailState.PENDING, recipient__in=_recipients(notices))
    held = list(waiting.select_for_update().order_by("pk").values_list("pk", flat=True))
    if not held:
        return
    hers = OutgoingMail.objects.filter(pk__in=held, recipient=OuterRef("recipient_id")).order_by("pk")
    Notice.objects.filter(pk__in=notices.values("pk")).filter(Exists(hers)).update(mail=Subquery(hers.values("pk")[:1]))


def inbox_text(mail: OutgoingMail) -> tuple[str, list[str]] | None:
    """The subject and the lines of a mail about the inbox; nothing when there is nothing left to say."""
    colleague = mail.recipient
    if not colleague.is_active or colleague.mail_choice == User.MailChoice.NONE:
        return None
    counts = dict(mail.notices.filter(LIVE).values_list("urgency").annotate(number=Count("pk")).order_by("urgency"))
    told = [_line(urgency, counts[urgency]) for urgency in Urgency.values if counts.get(urgency)]
    if not told:
        return None
    link = _("Open your inbox: %(link)s") % {"link": settings.BASE_URL + reverse("inbox")}
    return _("Keukentafel: something waits for you"), [*told, "", link]


def _line(urgency: str, number: int) -> str:
    sentences = {
        Urgency.NOW: ngettext("%d thing cannot wait.", "%d things cannot wait.", number),
        Urgency.WEEK: ngettext("%d thing for this week.", "%d things for this week.", number),
        Urgency.INFO: ngettext("%d thing to know.", "%d things to know.", number),
    }
    return sentences[Urgency(urgency)] % number
