"""The mail outbox."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from corporatie.staff.models import AccountChange, User
from corporatie.subjects.states import Keep, Retention, Sensitivity
from corporatie.work.states import (
    FAULTS_OF_OURS,
    MailFault,
    MailKind,
    MailState,
)


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    """The outbox."""

    def failed(self) -> Self:
        """What will not go until somebody looks at it."""
        return self.filter(state=MailState.FAILED)

    def held_up(self, *, at: datetime) -> Self:
        """What is tried again by itself, and somebody should know of: refused because of us, or waiting for an hour."""
        long_ago = at - timedelta(hours=1)
        in_vain = Q(made_at__lt=long_ago) & (Q(attempts__gt=0) | Q(next_try_at__lt=long_ago))
        waiting = self.filter(state__in=[MailState.PENDING, MailState.SENDING])
        return waiting.filter(Q(fault__in=FAULTS_OF_OURS) | in_vain)


class OutgoingMail(models.Model):
    """One mail in the outbox: counts and a link, nothing about anybody."""

    keeps: ClassVar[Keep] = Keep(
        Retention.NOTICE,
        {
            "kind": Sensitivity.INTERNAL,
            "key": Sensitivity.INTERNAL,
            "address": Sensitivity.INTERNAL,
            "on": Sensitivity.INTERNAL,
            "state": Sensitivity.INTERNAL,
            "lease_until": Sensitivity.INTERNAL,
            "attempts": Sensitivity.INTERNAL,
            "next_try_at": Sensitivity.INTERNAL,
            "fault": Sensitivity.INTERNAL,
            "made_at": Sensitivity.INTERNAL,
            "sent_at": Sensitivity.INTERNAL,
            "closed_at": Sensitivity.INTERNAL,
        },
    )

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=MailKind.choices)
    # What makes it one of a kind: the day, the week, the change it tells of, the mail it comes after.
    key = models.CharField(max_length=40)
    # Filled when it goes to another address than the recipient's own: the one she had before.
    address = models.EmailField(blank=True)
    on = models.DateField(_("day"))
    state = models.CharField(_("state"), max_length=10, choices=MailState.choices, default=MailState.PENDING)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # Of one that failed: when it did.
    next_try_at = models.DateTimeField()
    fault = models.CharField(_("fault"), max_length=80, choices=MailFault.choices, blank=True)
    made_at = models.DateTimeField(_("made"))
    sent_at = models.DateTimeField(_("sent"), null=True)
    # Somebody saw that it will never go, and did what was needed.
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("dealt with by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    closed_at = models.DateTimeField(_("dealt with on"), null=True)
    changes = models.ManyToManyField(AccountChange, related_name="mails")

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        constraints = [
            models.UniqueConstraint(fields=["recipient", "kind", "key"], name="mail_once"),
            models.CheckConstraint(
                condition=Q(state=MailState.SENT, sent_at__isnull=False) | (~Q(state=MailState.SENT) & Q(sent_at=None)),
                name="mail_sent_together",
            ),
            models.CheckConstraint(
                condition=Q(state=MailState.CLOSED, closed_at__isnull=False, closed_by__isnull=False)
                | (~Q(state=MailState.CLOSED) & Q(closed_at=None, closed_by=None)),
                name="mail_closed_together",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state__in=[MailState.PENDING, MailState.SENDING]),
                name="mail_to_send",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on:%d-%m-%Y}"

    @property
    def goes_to(self) -> str:
        """The address."""
        return self.address or self.recipient.email

    @property
    def goes_to_somebody_else(self) -> bool:
        """Whether the address she had before is by now another colleague's."""
        others = User.objects.get_queryset().exclude(pk=self.recipient_id)
        return bool(self.address) and others.filter(email__iexact=self.address).exists()

    @classmethod
    def any_is_stuck(cls, *, at: datetime) -> bool:
        """Whether a mail was given up, or waits so long past its time that nobody can be sending."""
        long_ago = at - timedelta(minutes=30)
        forgotten = Q(state=MailState.PENDING, next_try_at__lt=long_ago)
        forgotten |= Q(state=MailState.SENDING, lease_until__lt=long_ago)
        return cls.objects.filter(Q(state=MailState.FAILED) | forgotten).exists()
