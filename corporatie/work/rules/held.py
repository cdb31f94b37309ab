"""What somebody holds, who may have it, and who divides it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, Exists, Func, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone

from corporatie.staff.models import User, led_teams
from corporatie.staff.rules import Permission, leads, may
from corporatie.work.states import Holding, holdings


class _Joined(Func):
    """The values of a column in one text."""

    function = "STRING_AGG"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """The older name."""
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)


@dataclass(frozen=True)
class Held:
    """One row that somebody holds, and who may have it."""

    holding: Holding
    row: Any
    may: frozenset[int]
    asked: int | None = None
    refused_by: str = ""

    @property
    def key(self) -> str:
        """Its name in a form."""
        return f"{self.holding.code}-{self.row.pk}"

    @property
    def address(self) -> str:
        """Where; nothing for what is about no household."""
        return self.row.tenancy.dwelling.address if self.holding.household else ""

    @property
    def people(self) -> str:
        """Who lives there."""
        return self.row.tenancy.name if self.holding.household else ""

    @property
    def words(self) -> str:
        """What it is."""
        return self.holding.words(self.row)

    @property
    def more(self) -> str:
        """What goes along."""
        return self.holding.more(self.row) if self.holding.more else ""

    @property
    def day(self) -> date | None:
        """When it is due."""
        value: Any = self.row
        for name in self.holding.day.split("__"):
            value = getattr(value, name)
        return value

    @property
    def url(self) -> str:
        """Its page, where it has one."""
        page = getattr(self.row, "get_absolute_url", None)
        return str(page()) if page else ""

    @property
    def is_divided(self) -> bool:
        """Somebody was asked already."""
        return self.asked is not None


def may_divide(user: Any, holder: User, *, at: datetime) -> bool:
    """Give her work to others: who leads a team of hers, or leads where some of her work lies."""
    if holder.pk == user.pk or not may(user, Permission.SEE_TEAM_OVERVIEW):
        return False
    return leads(user, holder) or any(_some_lies_in(led_teams(user), user, holder, at))


def _some_lies_in(teams: list[int], user: User, holder: User, at: datetime) -> Iterator[bool]:
    for holding in holdings().values():
        rows = rows_held(holding, holder, at=at, seen_by=user)
        # What is about no household is divided by whoever leads and may know of it.
        if holding.household:
            rows = rows.filter(**{f"{holding.household}dwelling__neighbourhood__team__in": teams})
        yield rows.exists()


def held_by(
    holder: Any, *, at: datetime, seen_by: Any = None, only: Mapping[str, Iterable[Any]] | None = None
) -> list[Held]:
    """What this colleague holds, as far as ``seen_by`` may know of it (without her: all), with who may have each row.

    ``only`` looks at these keys by kind. One query for each kind, and two for those that wait for a yes. What hangs
    on a secret dossier is never among it.
    """
    found = []
    for code, holding in holdings().items():
        if only is not None and not only.get(code):
            continue
        rows = rows_held(holding, holder, at=at, seen_by=seen_by)
        if only is not None:
            rows = rows.filter(pk__in=list(only[code]))
        lines = list(rows.annotate(may_ids=_who_may_have(holding, holder, at)).order_by(holding.day, "pk"))
        keys = [row.pk for row in lines]
        asked = holding.waits_for(keys, at) if keys and holding.waits_for else {}
        refused = holding.said_no(keys) if keys and holding.said_no else {}
        giver = {seen_by.pk} if seen_by is not None and holding.is_for_others else set()
        found += [
            Held(holding, row, _numbers(row.may_ids) - giver, asked.get(row.pk), refused.get(row.pk, ""))
            for row in lines
        ]
    return found


def rows_held(holding: Holding, holder: Any, *, at: datetime, seen_by: Any = None) -> QuerySet[Any]:
    """The rows of one kind."""
    if holding.own and seen_by == holder:
        rows = holding.own(holder)
    else:
        rows = holding.rows() if seen_by is None else holding.seen_by(seen_by)
        rows = rows.filter(holding.held(holder, timezone.localdate(at)))
    return rows.select_related(f"{holding.household}dwelling") if holding.household else rows


@dataclass(frozen=True)
class Place:
    """Who divides it: a team, nobody for a neighbourhood without one, and what is about no household by its kind."""

    team: int | None = None
    neighbourhood: str = ""
    kind: str = ""


def undivided(holder: Any, *, at: datetime, only: Mapping[str, Iterable[Any]] | None = None) -> dict[Place, int]:
    """How many rows of hers nobody was asked for, by place. One query for each kind, two where one says yes."""
    found: dict[Place, int] = {}
    for code, holding in holdings().items():
        if only is not None and not only.get(code):
            continue
        rows = rows_held(holding, holder, at=at).order_by()
        rows = rows if only is None else rows.filter(pk__in=list(only[code]))
        places = _places(holding, rows)
        asked = holding.waits_for(list(places), at) if places and holding.waits_for else {}
        for key, place in places.items():
            if key not in asked:
                found[place] = found.get(place, 0) + 1
    return found


def _places(holding: Holding, rows: QuerySet[Any]) -> dict[Any, Place]:
    if not holding.household:
        return {key: Place(kind=holding.code) for key in rows.values_list("pk", flat=True)}
    home = f"{holding.household}dwelling__neighbourhood__"
    found = rows.values_list("pk", f"{home}team", f"{home}name")
    return {key: Place(team=team) if team else Place(neighbourhood=name) for key, team, name in found}


def out_of_reach(holder: Any, *, at: datetime) -> dict[str, list[Any]]:
    """The keys, by kind, of what this colleague holds and may not have (any more): one query for each kind."""
    herself = User.objects.get_queryset().filter(pk=holder.pk)
    found = {}
    for code, holding in holdings().items():
        rows = rows_held(holding, holder, at=at).filter(~Exists(herself.filter(holding.may_have(at))))
        if keys := list(rows.order_by().values_list("pk", flat=True)):
            found[code] = keys
    return found


def _who_may_have(holding: Holding, holder: Any, at: datetime) -> Subquery:
    may_have = User.objects.get_queryset().filter(holding.may_have(at), is_active=True).exclude(pk=holder.pk)
    ids = may_have.order_by().values(ids=_Joined(Cast("pk", CharField()), Value(",")))
    return Subquery(ids, output_field=TextField())


def _numbers(text: str | None) -> frozenset[int]:
    return frozenset(int(number) for number in (text or "").split(",") if number)
