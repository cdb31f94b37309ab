"""What one colleague should know, and what of it waits for her."""

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from corporatie.subjects.models import (
    PointedAt,
    Subject,
    subject_is_visible,
    subject_models,
    visible_ids,
)
from corporatie.subjects.states import Keep, Retention, Sensitivity
from corporatie.work.states import (
    Reminder,
    Urgency,
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


def _giving_notice() -> list[type[Subject]]:
    return [model for model in subject_models() if model.gives_notice]


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
