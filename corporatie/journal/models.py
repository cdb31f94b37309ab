"""The append-only journal: who did what, when, about which subject, and whom else it concerns."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, NamedTuple, NoReturn, Self
from uuid import UUID

from django.conf import settings
from django.db import models

from corporatie.journal.facts import Fact, happened, kind_of
from corporatie.subjects.models import PointedAt, Subject, subject_is_visible, subject_models, visible_ids
from corporatie.subjects.states import Keep, Retention, Sensitivity


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Rows that are written once. The database refuses as well (see the migration)."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Never."""
        raise TypeError(f"{self.model.__name__} is append-only")

    def delete(self) -> NoReturn:
        """Never; retention drops whole periods in its own way."""
        raise TypeError(f"{self.model.__name__} is append-only")


class EntryQuerySet(AppendOnlyQuerySet):
    """Lines of the journal."""

    def visible_to(self, user: Any) -> Self:
        """The lines whose subject this colleague may know of."""
        return self.filter(subject_is_visible(user, subject_models()))

    def about(self, subject: Subject) -> Self:
        """The timeline of this subject, newest first: all lines that concern it."""
        return self.filter(mentions__object_label=subject.label(), mentions__object_id=subject.pk).order_by("-id")


class Entry(PointedAt):
    """One line for one thing that happened. The subject decides who may see it."""

    keeps: ClassVar[Keep] = Keep(
        Retention.LOG,
        {
            "at": Sensitivity.INTERNAL,
            "kind": Sensitivity.INTERNAL,
            "data": Sensitivity.INTERNAL,
            "subject_label": Sensitivity.INTERNAL,
            "subject_id": Sensitivity.INTERNAL,
        },
    )

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    data = models.JSONField(default=dict)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        indexes = [models.Index(fields=["subject_label", "subject_id"], name="entry_subject")]

    def fact(self) -> Fact:
        """The typed fact this line holds."""
        return kind_of(self.kind)(**self.data)


class Key(NamedTuple):
    """What one needs of a line to count and page it."""

    id: int
    at: datetime
    kind: str
    subject_label: str
    subject_id: UUID
    data: dict[str, Any]

    @property
    def when(self) -> tuple[datetime, int]:
        """Where it stands in a timeline: by when it was, and not by when that was written down."""
        return happened(self.data, self.at), self.id

    def tells_of(self) -> list[tuple[str, UUID]]:
        """The subjects one must be able to know of to read this line."""
        told_with = kind_of(self.kind).told_with
        subject = (self.subject_label, self.subject_id)
        return [subject, (told_with[0], UUID(self.data[told_with[1]]))] if told_with else [subject]


def keys_about(subject: Subject, user: Any) -> list[Key]:
    """The timeline of ``subject`` as keys, what was last first: the lines whose own subject this colleague may know of.

    Two queries. The same lines as ``visible_to(user).about(subject)``, found the other way round: first the lines
    that concern the subject, then which of their subjects she may know of.
    """
    rows = [Key(*row) for row in Entry.objects.about(subject).values_list(*Key._fields)]
    known = visible_ids(user, (pointer for row in rows for pointer in row.tells_of()))
    return sorted((row for row in rows if known.issuperset(row.tells_of())), key=lambda row: row.when, reverse=True)


def lines_of(keys: Iterable[Key]) -> list[Entry]:
    """The whole lines of these keys, in their order, with who wrote them. One query."""
    order = [key.id for key in keys]
    found = Entry.objects.select_related("by").in_bulk(order)
    return [found[pk] for pk in order]


class Mention(models.Model):
    """Whom a line concerns: the visit, its household, its dossier. Their timelines show the line."""

    keeps: ClassVar[Keep] = Keep(
        Retention.LOG, {"object_label": Sensitivity.INTERNAL, "object_id": Sensitivity.INTERNAL}
    )

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="mentions")
    object_label = models.CharField(max_length=60)
    object_id = models.UUIDField()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["object_label", "object_id", "entry"], name="mention_once"),
        ]
