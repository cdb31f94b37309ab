"""Many short rows of different kinds in one question to the database.

A page over all rooms needs a little of everything. Asking each room by itself would cost a dozen queries; here
each room's own ``visible_to`` queryset becomes one part of a ``UNION ALL``.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import DateField, F, QuerySet, TextField, UUIDField, Value
from django.db.models.functions import Cast, Coalesce

_COLUMNS = ("row_part", "row_key", "row_one", "row_two", "row_three", "row_four", "row_who", "row_on")


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
    """``rows`` as one part of the question. Each column is the name of a field or an expression."""
    return (
        rows.order_by()
        .annotate(
            row_part=Cast(Value(name), TextField()),
            row_key=Cast(_expression(key), UUIDField()),
            row_one=_text(one),
            row_two=_text(two),
            row_three=_text(three),
            row_four=_text(four),
            row_who=_text(who),
            row_on=Cast(_expression(on), DateField()),
        )
        .values_list(*_COLUMNS)
    )


def gather(*parts: QuerySet[Any]) -> list[Row]:
    """The rows of all parts, in no order. One query."""
    first, *others = parts
    return [Row(*columns) for columns in (first.union(*others, all=True) if others else first)]


def _expression(column: Any) -> Any:
    if column is None:
        return Value(None)
    return F(column) if isinstance(column, str) else column


def _text(column: Any) -> Any:
    if column is None:
        return Cast(Value(""), TextField())
    return Coalesce(Cast(_expression(column), TextField()), Cast(Value(""), TextField()))
