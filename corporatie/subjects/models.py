"""The abstract subject, and the question every room asks: may this colleague know of it?"""

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import ExpressionWrapper, OuterRef, Q, Subquery, Value
from django.db.models.lookups import IsNull

from corporatie.subjects.states import Keep, Retention, Sensitivity

# Nobody counts the rows of a list further, and counting on would cost.
MOST = 250

Written = TypeVar("Written")


class SubjectQuerySet(models.QuerySet[Any]):
    """Rows that have a page of their own."""

    def visible_to(self, user: Any) -> Self:
        """The rows this colleague may know of. Each room answers this itself; undecided is closed."""
        raise TypeError(f"{self.model.__name__} does not say who may see it")


class Subject(models.Model):
    """Anything that has a page of its own: it can be hidden, opened and pointed at by ``(label, id)``."""

    # Whether promises and actions may hang on it, and whether a notice may open it. What is not said is refused.
    holds_work: ClassVar[bool] = False
    gives_notice: ClassVar[bool] = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        """The page of this subject."""
        raise TypeError(f"{type(self).__name__} has no page")

    @classmethod
    def who_may_open(cls, key: Any, *, at: datetime) -> Q:  # noqa: ARG003
        """A filter on colleagues: who may open the row with this key at this moment. The twin of ``visible_to``.

        ``key`` is an id, or an ``OuterRef`` to the row around the question about colleagues (see ``inside``).
        Whoever works here or not, present or away: that is asked apart.
        """
        raise TypeError(f"{cls.__name__} does not say who may open it")

    @classmethod
    def who_stands_in(cls, key: Any, *, at: datetime) -> Q:  # noqa: ARG003
        """A filter on colleagues: who was named to stand in on the row with this key. Nobody, unless a room says so."""
        return Q(pk__in=[])

    @classmethod
    def who_works_on(cls, key: Any, *, at: datetime) -> Q:  # noqa: ARG003
        """A filter on colleagues: who changes what hangs on the row with this key. The twin of ``is_worked_on_by``."""
        raise TypeError(f"{cls.__name__} does not say who works on it")

    def is_worked_on_by(self, user: Any) -> bool:
        """Whether this colleague, who may open it, also changes what hangs on it. Undecided is refused."""
        raise TypeError(f"{type(self).__name__} does not say who works on it")

    @property
    def is_over(self) -> bool:
        """Whether it ended, so that nothing new is promised on it. Nothing ends unless a room says so."""
        return False

    @classmethod
    def label(cls) -> str:
        """The name under which other rows point at this subject, for example ``cases.case``."""
        return cls._meta.label_lower


def subject_models() -> list[type[Subject]]:
    """All concrete subjects of the house."""
    return [model for model in apps.get_models() if issubclass(model, Subject)]


def subject_model(label: str) -> type[Subject] | None:
    """The subject with this label, or nothing for a label nobody knows."""
    return next((model for model in subject_models() if model.label() == label), None)


def inside(key: Any) -> Any:
    """The key of ``who_may_open`` as one question further in sees it."""
    return OuterRef(key) if isinstance(key, OuterRef) else key


def visible(model: type[Subject], user: Any) -> Any:
    """The rows of any kind of subject that this colleague may know of."""
    return model._default_manager.visible_to(user)  # type: ignore[attr-defined]


def found_in(rows: models.QuerySet[Any]) -> Q:
    """A filter: ``rows`` that refer to the outer row (``OuterRef``) hold at least one. Asked row by row.

    Where ``Exists`` stands in an ``OR``, PostgreSQL may gather all ``rows`` of the table first to look them up; here
    it goes along the index for the outer rows that come so far.
    """
    return Q(IsNull(Subquery(rows.order_by().values("pk")[:1]), False))


def subject_is_visible(user: Any, among: Iterable[type[Subject]]) -> Q:
    """A filter: the subject this row points at is one of these kinds, and visible to this colleague."""
    condition = Q(pk__in=[])
    for model in among:
        rows = visible(model, user).filter(pk=OuterRef("subject_id"))
        condition |= Q(subject_label=model.label()) & found_in(rows)
    return condition


def visible_ids(
    user: Any, pointers: Iterable[tuple[str, uuid.UUID]], *also: models.QuerySet[Any]
) -> set[tuple[str, uuid.UUID]]:
    """Which of these ``(label, id)`` point at something this colleague may know of. One query; closed if unknown.

    For many pointers at once this is much quicker than ``subject_is_visible``, which asks again for every row.
    ``also``: other rows of ``(text, id)`` to ask for in the same query.
    """
    wanted: dict[str, set[uuid.UUID]] = {}
    for label, pk in pointers:
        wanted.setdefault(label, set()).add(pk)
    parts = [
        *also,
        *(
            visible(model, user).filter(pk__in=wanted[model.label()]).order_by().values_list(Value(model.label()), "pk")
            for model in subject_models()
            if model.label() in wanted
        ),
    ]
    return set(parts[0].union(*parts[1:], all=True)) if parts else set()


def counted(rows: models.QuerySet[Any], conditions: dict[str, Q]) -> dict[str, str]:
    """How many of ``rows`` meet each condition, in one query that stops at ``MOST`` rows and then says "250+"."""
    flags = [ExpressionWrapper(condition, models.BooleanField()) for condition in conditions.values()]
    found = list(rows.values_list(*flags)[: MOST + 1])
    more = "+" if len(found) > MOST else ""
    totals = [sum(map(bool, column)) for column in zip(*found, strict=True)] or [0] * len(conditions)
    return {name: f"{min(total, MOST)}{more}" for name, total in zip(conditions, totals, strict=True)}


class PointedAt(models.Model):
    """A row that points at a subject it does not need to know more about."""

    subject_label = models.CharField(max_length=60)
    subject_id = models.UUIDField()

    class Meta:
        abstract = True


class ByColleague(models.Model):
    """A row that remembers who wrote it and when."""

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        abstract = True


class KeySeal(models.Model):
    """One word, closed with the newest key when the database was made: a key that does not open it is the wrong one."""

    keeps: ClassVar[Keep] = Keep(Retention.SETTING, {"token": Sensitivity.INTERNAL})

    token = models.TextField()


def under_own_key(key: uuid.UUID | None, owner: str, write: Callable[[uuid.UUID], Written]) -> Written:
    """Let ``write`` store something under the key that was sent along, or under another when that is not ``owner``'s.

    ``write`` gives what ``owner`` stored under a key before, stores it anew, or breaks on a key that is taken. Whose
    row that is stays unsaid. The second key follows from the first, so that what is sent twice is still stored once.
    """
    key = key or uuid.uuid4()
    # Each is tried twice: of two that were sent at once, the second finds what the first one stored.
    for candidate in (key, key, *[uuid.uuid5(key, owner)] * 2):
        try:
            with transaction.atomic():
                return write(candidate)
        except IntegrityError:
            continue
    with transaction.atomic():
        return write(uuid.uuid4())


def sender(tenancy: Subject, by: Any) -> str:
    """Who sends something about which household, as the owner of a key."""
    return f"{tenancy.pk} {by.pk}"
