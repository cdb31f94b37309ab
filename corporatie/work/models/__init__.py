"""Follow-ups, notices and the mail outbox. The rows are the schedule; constraints are the memory."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar, NamedTuple, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from corporatie.staff.models import AccountChange, Team, holds, works_for
from corporatie.staff.rules import Permission, may, own_or_covered
from corporatie.subjects.models import (
    ByColleague,
    PointedAt,
    Subject,
    SubjectQuerySet,
    inside,
    subject_is_visible,
    subject_model,
    subject_models,
    visible_ids,
)
from corporatie.subjects.states import Keep, Retention, Sensitivity
from corporatie.work.models.duties import Duty as Duty
from corporatie.work.models.duties import DutyHours as DutyHours
from corporatie.work.states import (
    DEFAULT_TEXTS,
    FAULTS_OF_OURS,
    LONGEST_NORM,
    TEAM_ALARMS,
    AlarmKind,
    Carrier,
    FollowUpKind,
    FollowUpResult,
    MailFault,
    MailKind,
    MailState,
    Reminder,
    TextKey,
    Urgency,
    choice_lists,
    norms,
    reminders,
)
from tenants.models import Tenancy

# The badge counts no further.
MOST_URGENT = 100
# What is unread and cannot wait, as ``Waiting`` in one text, for ``User.reach``.
URGENT = f"""
SELECT CAST(id AS varchar(20)) || ' ' || rule || ' ' || subject_label || ' ' || CAST(subject_id AS varchar(40)) || ' '
    || CAST(about_id AS varchar(40)) AS id
FROM (
    SELECT id, rule, subject_label, subject_id, about_id FROM work_notice
    WHERE recipient_id IN (SELECT id FROM me) AND read_at IS NULL AND settled_at IS NULL
    AND urgency = '{Urgency.NOW.value}' AND (later_until IS NULL OR later_until <= %(today)s)
    ORDER BY id DESC LIMIT {MOST_URGENT}
) AS newest
"""  # noqa: S608  (two fixed words)


def _holding_work() -> list[type[Subject]]:
    return [model for model in subject_models() if model.holds_work]


def _giving_notice() -> list[type[Subject]]:
    return [model for model in subject_models() if model.gives_notice]


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    """Promises and actions."""

    def visible_to(self, user: Any) -> Self:
        """What belongs to a subject one may know of; who does not visit sees only her own work among it.

        Owning adds nothing: work on what one may not open shows to others, and not to its owner.
        """
        rows = self if may(user, Permission.LOG_VISITS) else self.filter(self.mine(user))
        return rows.filter(subject_is_visible(user, _holding_work()))

    @staticmethod
    def mine(user: Any) -> Q:
        """A filter: owned by this colleague, or by someone she stands in for today."""
        return own_or_covered(user, "owner")

    def open(self) -> Self:
        """Not done and not dropped."""
        return self.filter(done_at=None)


class FollowUp(PointedAt, ByColleague):
    """What must still be done, by whom and when. A promise to a resident, or an internal action."""

    keeps: ClassVar[Keep] = Keep(
        Retention.CASE,
        {
            "what": Sensitivity.CONFIDENTIAL,
            "kind": Sensitivity.INTERNAL,
            "carrier": Sensitivity.INTERNAL,
            "due_on": Sensitivity.INTERNAL,
            "is_promise": Sensitivity.INTERNAL,
            "told_on": Sensitivity.INTERNAL,
            "done_at": Sensitivity.INTERNAL,
            "result": Sensitivity.INTERNAL,
            "result_note": Sensitivity.CONFIDENTIAL,
            "subject_label": Sensitivity.INTERNAL,
            "subject_id": Sensitivity.INTERNAL,
            "created_at": Sensitivity.INTERNAL,
        },
        export=True,
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, related_name="follow_ups")
    what = models.CharField(_("what"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=FollowUpKind.choices, default=FollowUpKind.OTHER)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who"), on_delete=models.PROTECT, related_name="follow_ups"
    )
    carrier = models.CharField(_("carried out by"), max_length=10, choices=Carrier.choices, default=Carrier.ME)
    due_on = models.DateField(_("when"))
    is_promise = models.BooleanField(_("promised to the resident"), default=False)
    told_on = models.DateField(_("told the resident on"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("done by")
    )
    result = models.CharField(_("how it ended"), max_length=10, choices=FollowUpResult.choices, blank=True)
    result_note = models.CharField(_("explanation"), max_length=200, blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise or action")
        verbose_name_plural = _("promises and actions")
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None, result="")
                | Q(done_at__isnull=False, done_by__isnull=False, result__in=FollowUpResult.values),
                name="follow_up_done_together",
            ),
            models.CheckConstraint(
                condition=~Q(result=FollowUpResult.DROPPED) | ~Q(result_note=""), name="follow_up_dropped_with_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due_on", "id"], condition=Q(done_at=None), name="follow_up_open_owner"),
            models.Index(fields=["due_on"], condition=Q(done_at=None), name="follow_up_open_due"),
            models.Index(fields=["tenancy", "due_on"], name="follow_up_tenancy"),
            models.Index(fields=["subject_label", "subject_id"], name="follow_up_subject"),
            models.Index(
                fields=["done_at"], condition=Q(is_promise=True, done_at__isnull=False), name="follow_up_promise_ended"
            ),
        ]

    def who_may_own(self, *, at: datetime) -> Q:
        """A filter on colleagues: who works on what it came from, and so may have it."""
        model = subject_model(self.subject_label)
        return model.who_works_on(self.subject_id, at=at) if model and model.holds_work else Q(pk__in=[])

    def get_absolute_url(self) -> str:
        """The page of this promise or action."""
        return reverse("follow_up_detail", args=[self.pk])


def own_work(user: Any) -> FollowUpQuerySet:
    """One's own promises and actions, and those of colleagues one stands in for, as far as one may know of them."""
    return FollowUp.objects.filter(FollowUpQuerySet.mine(user)).visible_to(user)


def work_on(subject: Subject, user: Any) -> FollowUpQuerySet:
    """The promises and actions that hang on ``subject``, which this colleague is known to see."""
    rows = FollowUp.objects.filter(subject_label=subject.label(), subject_id=subject.pk)
    return rows if may(user, Permission.LOG_VISITS) else rows.filter(FollowUpQuerySet.mine(user))


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices."""

    def visible_to(self, user: Any) -> Self:
        """One's own notices, as long as one may know of what they are about."""
        return self.filter(recipient=user).filter(subject_is_visible(user, _giving_notice()))

    def live(self) -> Self:
        """Those that still hold: what a rule no longer yields, the sweep settles."""
        return self.filter(settled_at=None)

    def unread(self) -> Self:
        """Still holds, not read, and not put off until later."""
        return self.live().filter(read_at=None).filter(Q(later_until=None) | Q(later_until__lte=timezone.localdate()))

    def unread_now(self) -> Self:
        """What cannot wait: the only ones the badge counts."""
        return self.unread().filter(urgency=Urgency.NOW)


class Notice(PointedAt):
    """Something one colleague should know. Exactly one for each rule, row, person and day.

    ``settled_at`` is written by the sweep when the rule no longer names this colleague for this row and day, and
    taken away when it does again; ``read_at`` is hers.
    """

    keeps: ClassVar[Keep] = Keep(
        Retention.NOTICE,
        {
            "rule": Sensitivity.INTERNAL,
            "about_id": Sensitivity.INTERNAL,
            "on": Sensitivity.INTERNAL,
            "urgency": Sensitivity.INTERNAL,
            "made_at": Sensitivity.INTERNAL,
            "read_at": Sensitivity.INTERNAL,
            "settled_at": Sensitivity.INTERNAL,
            "later_until": Sensitivity.INTERNAL,
            "subject_label": Sensitivity.INTERNAL,
            "subject_id": Sensitivity.INTERNAL,
        },
    )

    # Nobody, when no one who may know of it is there: then an ``Alarm`` counts it.
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="notices")
    rule = models.CharField(max_length=40)
    about_id = models.UUIDField()
    tenancy = models.ForeignKey(Tenancy, null=True, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    urgency = models.CharField(max_length=6, choices=Urgency.choices)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    later_until = models.DateField(null=True)
    mail = models.ForeignKey("OutgoingMail", null=True, on_delete=models.SET_NULL, related_name="notices")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Coalesce("recipient", 0), "rule", "about_id", "on", name="notice_once"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-id"], condition=Q(read_at=None, settled_at=None), name="notice_unread"),
            models.Index(
                fields=["recipient"], condition=Q(read_at=None, settled_at=None, mail=None), name="notice_unmailed"
            ),
            models.Index(fields=["rule"], condition=Q(settled_at=None), name="notice_live"),
            models.Index(fields=["about_id"], name="notice_about"),
        ]

    @property
    def reminder(self) -> Reminder | None:
        """The rule that made this notice; nothing when that rule is gone."""
        return reminders().get(self.rule)


class AlarmQuerySet(SubjectQuerySet):
    """What must reach a person and says nothing about anybody."""

    def visible_to(self, user: Any) -> Self:
        """The application administrator; of a team also who leads it."""
        if may(user, Permission.ADMINISTER):
            return self
        if not may(user, Permission.SEE_TEAM_OVERVIEW):
            return self.none()
        return self.filter(kind__in=TEAM_ALARMS, team__in=user.team_ids)

    def on(self) -> Self:
        """Those that hold."""
        return self.filter(number__gt=0)


class Alarm(Subject):
    """How many due things of a team reach nobody, or how many mails could not be sent. A number, never what or who.

    One row for each kind and team; the sweep keeps the number, and ``since_on`` is the day it rose from nothing.
    """

    gives_notice = True
    keeps: ClassVar[Keep] = Keep(
        Retention.NOTICE,
        {"kind": Sensitivity.INTERNAL, "number": Sensitivity.INTERNAL, "since_on": Sensitivity.INTERNAL},
    )

    kind = models.CharField(_("what"), max_length=10, choices=AlarmKind.choices)
    team = models.ForeignKey(Team, verbose_name=_("team"), null=True, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(_("how many"), default=0)
    since_on = models.DateField(_("since"))

    objects = AlarmQuerySet.as_manager()

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        constraints = [models.UniqueConstraint(Coalesce("team", 0), "kind", name="alarm_once")]

    @classmethod
    def who_may_open(cls, key: Any, *, at: datetime) -> Q:
        """The twin of ``visible_to``."""
        of_a_team = cls.objects.filter(pk=inside(key), kind__in=TEAM_ALARMS)
        leads = holds(Permission.SEE_TEAM_OVERVIEW) & works_for(of_a_team, "team", at=at)
        return leads | holds(Permission.ADMINISTER)

    @property
    def sentence(self) -> str:
        """ "1 thing of team Noord reaches nobody." """
        if self.kind == AlarmKind.MAIL:
            words = ngettext("%(n)d mail could not be sent.", "%(n)d mails could not be sent.", self.number)
            return words % {"n": self.number}
        if self.team is None:
            words = ngettext(
                "%(n)d thing without a team reaches nobody.", "%(n)d things without a team reach nobody.", self.number
            )
            return words % {"n": self.number}
        words = ngettext(
            "%(n)d thing of team %(team)s reaches nobody.", "%(n)d things of team %(team)s reach nobody.", self.number
        )
        return words % {"n": self.number, "team": self.team.name}

    def get_absolute_url(self) -> str:
        """The page that says what one can do about it."""
        return reverse("alarm_detail", args=[self.pk])


class HandedOnQuerySet(SubjectQuerySet):
    """What was handed on."""

    def visible_to(self, user: Any) -> Self:
        """Who got it."""
        return self.filter(receiver=user.pk)


class HandedOn(Subject, ByColleague):
    """Who left gave these rows to this colleague: her own list, as ``[kind, key]``. She hears of it once."""

    gives_notice = True
    keeps: ClassVar[Keep] = Keep(Retention.NOTICE, {"items": Sensitivity.INTERNAL, "created_at": Sensitivity.INTERNAL})

    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    receiver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    items = models.JSONField()

    objects = HandedOnQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="handed_on_at")]

    @classmethod
    def who_may_open(cls, key: Any, *, at: datetime) -> Q:  # noqa: ARG003
        """The twin of ``visible_to``."""
        return Q(Exists(cls.objects.filter(pk=inside(key), receiver=OuterRef("pk"))))

    def get_absolute_url(self) -> str:
        """The page with the list."""
        return reverse("handed_on_detail", args=[self.pk])


class Waiting(NamedTuple):
    """What one needs of a notice to count and page it."""

    id: int
    rule: str
    urgency: str
    subject_label: str
    subject_id: uuid.UUID
    about_id: uuid.UUID


def waiting_for(user: Any, *, most: int) -> list[Waiting]:
    """One's own unread notices as keys, newest first, looked through no further than ``most``. At most two queries.

    The same as ``visible_to(user).unread()``, found the other way round: first one's own notices, then which of
    their subjects one may know of. The second question is only asked while something waits.
    """
    rows = Notice.objects.filter(recipient=user).unread().order_by("-id")
    return _known(user, [Waiting(*row) for row in rows.values_list(*Waiting._fields)[:most]])


def urgent_for(user: Any) -> int:
    """How many of one's own unread notices cannot wait; counts no further than ``MOST_URGENT``.

    The badge stands on every page, so the keys come along with the roles (``User.reach``); what one may know of
    them is one query more, and only while something waits.
    """
    keys = []
    for text in user.reach("urgent"):
        number, rule, label, subject, about = text.split(" ")
        keys.append(Waiting(int(number), rule, Urgency.NOW, label, uuid.UUID(subject), uuid.UUID(about)))
    return len(_known(user, keys))


def _known(user: Any, keys: list[Waiting]) -> list[Waiting]:
    if not keys:
        return []
    telling = {model.label() for model in _giving_notice()}
    known = visible_ids(user, ((key.subject_label, key.subject_id) for key in keys if key.subject_label in telling))
    return [key for key in keys if (key.subject_label, key.subject_id) in known]


def notices_of(keys: Iterable[Waiting]) -> list[Notice]:
    """The whole notices of these keys, in their order, with the household. One query."""
    ids = [key.id for key in keys]
    found = Notice.objects.select_related("tenancy__dwelling").in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


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
    next_try_at = models.DateTimeField()
    fault = models.CharField(_("fault"), max_length=80, choices=MailFault.choices, blank=True)
    made_at = models.DateTimeField(_("made"))
    sent_at = models.DateTimeField(_("sent"), null=True)
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

    @classmethod
    def any_is_stuck(cls, *, at: datetime) -> bool:
        """Whether a mail was given up, or waits so long past its time that nobody can be sending."""
        long_ago = at - timedelta(minutes=30)
        forgotten = Q(state=MailState.PENDING, next_try_at__lt=long_ago)
        forgotten |= Q(state=MailState.SENDING, lease_until__lt=long_ago)
        return cls.objects.filter(Q(state=MailState.FAILED) | forgotten).exists()


class SpecialDay(models.Model):
    """A day on which the association does otherwise than the calendar says."""

    keeps: ClassVar[Keep] = Keep(
        Retention.SETTING,
        {"on": Sensitivity.OPEN, "name": Sensitivity.OPEN, "is_working_day": Sensitivity.OPEN},
    )

    on = models.DateField(_("day"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    is_working_day = models.BooleanField(
        _("we work on this day"),
        default=False,
        help_text=_("Leave empty for a day on which the office is closed. Tick it for a holiday on which you do work."),
    )

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("working days")
        ordering = ["-on"]

    def __str__(self) -> str:
        return f"{self.on} {self.name}"


class ChoiceSetting(models.Model):
    """One choice of one list that the association offers, or leaves out, otherwise than we would."""

    keeps: ClassVar[Keep] = Keep(
        Retention.SETTING, {"list": Sensitivity.OPEN, "choice": Sensitivity.OPEN, "is_offered": Sensitivity.OPEN}
    )

    list = models.CharField(_("list"), max_length=40)
    choice = models.CharField(_("choice"), max_length=40)
    is_offered = models.BooleanField(
        _("colleagues can choose this"),
        default=False,
        help_text=_("Leave empty to leave it out. What was chosen before stays as it is."),
    )

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choice lists")
        ordering = ["list", "choice"]
        constraints = [models.UniqueConstraint(fields=["list", "choice"], name="choice_setting_once")]

    def __str__(self) -> str:
        known = choice_lists().get(self.list)
        return f"{known.label}: {known.words(self.choice)}" if known else f"{self.list}: {self.choice}"


class ResponseNorm(models.Model):
    """Within how many working days someone first acts on a signal this serious: the association's own norm."""

    keeps: ClassVar[Keep] = Keep(Retention.SETTING, {"severity": Sensitivity.OPEN, "working_days": Sensitivity.OPEN})

    severity = models.PositiveSmallIntegerField(_("how soon"), unique=True)
    working_days = models.PositiveSmallIntegerField(_("working days"))

    class Meta:
        verbose_name = _("norm")
        verbose_name_plural = _("norms")
        ordering = ["-severity"]
        constraints = [
            models.CheckConstraint(condition=Q(working_days__lte=LONGEST_NORM), name="response_norm_not_too_long")
        ]

    def __str__(self) -> str:
        return str(norms()[self.severity].label)

    @property
    def is_fixed(self) -> bool:
        """Nobody's to change."""
        return norms()[self.severity].is_fixed

    @classmethod
    def all_days(cls) -> dict[int, int]:
        """The working days of every norm, by severity. One query."""
        own = dict(cls.objects.values_list("severity", "working_days"))
        return {
            norm.severity: norm.days if norm.is_fixed else own.get(norm.severity, norm.days)
            for norm in norms().values()
        }


class Heartbeat(models.Model):
    """When something that runs by itself last ran."""

    keeps: ClassVar[Keep] = Keep(Retention.SETTING, {"name": Sensitivity.INTERNAL, "at": Sensitivity.INTERNAL})

    name = models.CharField(_("what"), max_length=40, primary_key=True)
    at = models.DateTimeField(_("last ran"))

    class Meta:
        verbose_name = _("what runs by itself")
        verbose_name_plural = _("what runs by itself")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def is_on_time(cls, name: str, *, at: datetime) -> bool:
        """Whether it ran lately. What runs each minute may miss two of them."""
        return cls.objects.filter(name=name, at__gte=at - timedelta(minutes=3)).exists()


class HouseText(models.Model):
    """A text in the association's own words, in place of the standard one. Plain text."""

    keeps: ClassVar[Keep] = Keep(Retention.SETTING, {"key": Sensitivity.OPEN, "text": Sensitivity.OPEN})

    key = models.CharField(_("which text"), max_length=40, choices=TextKey.choices, unique=True)
    text = models.TextField(
        _("text"), max_length=600, help_text=_("Plain text. Telephone numbers: one a line, after a colon.")
    )

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["key"]

    def __str__(self) -> str:
        return str(self.get_key_display())

    @classmethod
    def all_texts(cls) -> dict[str, str]:
        """Every text by key: the association's own, otherwise the standard one. One query."""
        standard = {str(key): str(text) for key, text in DEFAULT_TEXTS.items()}
        return standard | dict(cls.objects.values_list("key", "text"))
