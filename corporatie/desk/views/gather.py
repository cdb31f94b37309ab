"""Many short rows of different kinds in one question to the database.

A page over all rooms needs a little of everything. Asking each room by itself would cost a dozen queries; here
each room's own ``visible_to`` queryset becomes one part of a ``UNION ALL``.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import DateField, F, QuerySet, TextField, UUIDField, Value
from django.db.models.functions import Cast

# The database must know the kind of what is not there.
_NO_KEY = Cast(Value(None), UUIDField())
_NO_DAY = Cast(Value(None), DateField())
_NO_TEXT = Value("")


@dataclass(frozen=True)
class Row:
    """One short row: which part it came from, its key, up to four texts, a name and a day."""

    part: str
    key: UUID | None
    one: str
    two: str
    three: str
    four: str
    who: str
    on: date | None


def part(
    name: str,
    rows: QuerySet[Any],
    *,
    key: Any = "pk",
    one: Any = None,
    two: Any = None,
    three: Any = None,
    four: Any = None,
    who: Any = None,
    on: Any = None,
) -> QuerySet[Any]:
    """``rows`` as one part of the question. Each column is the name of a field or an expression.

    ``key`` gives a UUID and ``on`` a date; the others become text.
    """
    return rows.order_by().values_list(
        Value(name),
        _NO_KEY if key is None else _expression(key),
        *(_NO_TEXT if column is None else Cast(_expression(column), TextField()) for column in (one, two, three, four)),
        _NO_TEXT if who is None else Cast(_expression(who), TextField()),
        _NO_DAY if on is None else _expression(on),
    )


def gather(*parts: QuerySet[Any]) -> list[Row]:
    """The rows of all parts, in no order. One query; none for no parts."""
    if not parts:
        return []
    first, *others = parts
    rows = first.union(*others, all=True) if others else first
    return [
        Row(name, key, one or "", two or "", three or "", four or "", who or "", on)
        for name, key, one, two, three, four, who, on in rows
    ]


def _expression(column: Any) -> Any:
    return F(column) if isinstance(column, str) else column
