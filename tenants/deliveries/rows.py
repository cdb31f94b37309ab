"""From rows to homes, people and contracts: what is right goes on, what is wrong is told."""

import re
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tenants.deliveries.columns import COLUMNS
from tenants.deliveries.faults import Fault, Kind, UnreadableError
from tenants.deliveries.files import Row, Sheet, Tell, read_sheet
from tenants.deliveries.values import dialled, phone

_ALL_IN_ONE = re.compile(r"^(\d{1,5})\s?([A-Za-z])?(?:\s?[-/]\s?([A-Za-z0-9]{1,6}))?$")
_SAME_KEY = {
    Kind.DWELLINGS: "unit_same_key_other_content",
    Kind.PEOPLE: "person_same_key_other_content",
    Kind.TENANCIES: "contract_same_key_other_content",
}
_NOTHING: frozenset[str] = frozenset()
_UNREAD = object()


@dataclass(frozen=True, slots=True)
class Clean:
    """A row whose values can be used, in the order of its columns. ``unsaid`` names the columns that said nothing
    we can read: what we know already stays."""

    row: Row
    values: tuple[Any, ...]
    unsaid: frozenset[str] = _NOTHING


@dataclass
class Table:
    """One file, judged. ``found`` holds every key in it, also of the rows with a fault."""

    sheet: Sheet
    clean: dict[Any, Clean] = field(default_factory=dict)
    found: set[Any] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    double: int = 0

    @property
    def kind(self) -> Kind:
        """Which of the three files."""
        return self.sheet.kind

    def fault(self, code: str, row: Row, column: str, *, kept: bool = False, **words: Any) -> None:
        """Tell what is wrong in this row, in this column."""
        names = [each.name for each in COLUMNS[self.kind]]
        place = names.index(column)
        self.faults.append(
            Fault(
                code,
                self.kind,
                row.line,
                self.sheet.headings[place],
                row.values[place],
                row.values,
                kept=kept,
                words=words,
            )
        )

    def columns(self, one: tuple[Any, ...], other: tuple[Any, ...]) -> str:
        """The headings of the columns in which two rows differ."""
        pairs = zip(self.sheet.headings, one, other, strict=True)
        return ", ".join(heading for heading, mine, yours in pairs if mine != yours)


@dataclass
class Delivery:
    """The three files, judged, before anything is compared with what we have."""

    dwellings: Table
    people: Table
    members: Table


@dataclass
class Contract:
    """One tenancy: the lines of one contract taken together."""

    key: str
    unit: str
    start: date
    end: date | None
    row: Row
    members: list[tuple[str, str]]


def read(folder: Path, *, on: date, known_numbers: Iterable[str] = (), tell: Tell | None = None) -> Delivery:
    """Read and judge the three files, on this day. A phone number in ``known_numbers`` has been judged before."""
    more = {"tell": tell} if tell else {}
    sheets = {kind: read_sheet(folder, kind, **more) for kind in Kind}
    return Delivery(
        dwellings=_judge(sheets[Kind.DWELLINGS], on, key=lambda values: values[0], before=_take_apart),
        people=_judge(sheets[Kind.PEOPLE], on, key=lambda values: values[0], known_numbers=known_numbers),
        members=_judge(sheets[Kind.TENANCIES], on, key=lambda values: (values[0], values[2]), after=_ends_after_start),
    )


def _judge(
    sheet: Sheet,
    on: date,
    *,
    key: Callable[[tuple[str, ...]], Any],
    before: Callable[[tuple[str, ...]], tuple[str, ...]] | None = None,
    after: Callable[[Table, Row, list[Any]], bool] | None = None,
    known_numbers: Iterable[str] = (),
) -> Table:
    table = Table(sheet, faults=list(sheet.faults))
    plan = _Plan(sheet.kind, on, known_numbers)
    seen: dict[Any, Row] = {}
    for row in sheet.rows:
        name = key(row.values)
        first = seen.setdefault(name, row)
        if first is not row and name and all(name):
            _second(table, row, first)
            continue
        table.found.add(name)
        values = before(row.values) if before else row.values
        read, unsaid = plan.read(table, row, values)
        if read is not None and (after is None or after(table, row, read)):
            table.clean[name] = Clean(row, tuple(read), sheet.absent | unsaid if unsaid else sheet.absent)
    table.found.discard("")
    return table


class _Plan:
    """How each value of a row is read. What was read once is not read again: streets, dates and codes come back."""

    def __init__(self, kind: Kind, on: date, known_numbers: Iterable[str]) -> None:
        columns = COLUMNS[kind]
        numbers = frozenset(known_numbers)
        self.memories: list[dict[str, Any]] = [{} for _column in columns]
        self.steps = [
            (column, column.reader(on), memory, numbers if column.parse is phone else None)
            for column, memory in zip(columns, self.memories, strict=True)
        ]

    def read(self, table: Table, row: Row, values: tuple[str, ...]) -> tuple[list[Any] | None, frozenset[str]]:
        """The values of one row, or nothing when one that the row cannot do without is wrong."""
        read = [memory.get(value, _UNREAD) for memory, value in zip(self.memories, values, strict=True)]
        unsaid = _NOTHING
        for place, known in enumerate(read):
            if known is not _UNREAD:
                continue
            column, parse, memory, numbers = self.steps[place]
            value = values[place]
            try:
                if numbers and (number := dialled(value)) in numbers:
                    read[place] = memory[value] = number
                else:
                    read[place] = memory[value] = parse(value)
            except UnreadableError as wrong:
                table.fault(wrong.code, row, column.name, kept=not column.vital)
                if column.vital:
                    return None, _NOTHING
                read[place] = column.empty
                unsaid |= {column.name}
        return read, unsaid


def _second(table: Table, row: Row, first: Row) -> None:
    """The first line with a number wins; the same line again is only counted."""
    if row.values == first.values:
        table.double += 1
        return
    column = COLUMNS[table.kind][0].name
    table.fault(_SAME_KEY[table.kind], row, column, line=first.line, columns=table.columns(row.values, first.values))


def _take_apart(values: tuple[str, ...]) -> tuple[str, ...]:
    """ "20A" in the column of the number is 20 with the letter A, as long as the other columns are empty."""
    street_number, letter, addition = values[6:9]
    if letter or addition or street_number.isdigit():
        return values
    found = _ALL_IN_ONE.match(street_number)
    if not found:
        return values
    return *values[:6], found[1], found[2] or "", found[3] or "", *values[9:]


def _ends_after_start(table: Table, row: Row, values: list[Any]) -> bool:
    start, end = values[4], values[5]
    if end is not None and end < start:
        table.fault("contract_end_before_start", row, "end", start=row.values[4])
        return False
    return True


def contracts_of(delivery: Delivery, *, units: Container[str], people: Container[str]) -> dict[str, Contract]:
    """Take the lines of each contract together. ``units`` and ``people`` are the numbers that can be used.

    The first good line decides on the home and the dates; a line that says something else is a fault.
    """
    table = delivery.members
    contracts: dict[str, Contract] = {}
    for clean in table.clean.values():
        key, unit, person, role, start, end = clean.values
        if unit not in units:
            waits = unit in delivery.dwellings.found
            table.fault("contract_waits_for_unit" if waits else "contract_unknown_unit", clean.row, "unit")
            continue
        if person not in people:
            waits = person in delivery.people.found
            table.fault("contract_waits_for_person" if waits else "contract_unknown_person", clean.row, "person")
            continue
        contract = contracts.get(key)
        if contract is None:
            contracts[key] = Contract(key, unit, start, end, clean.row, [(person, role)])
        elif (unit, start, end) == (contract.unit, contract.start, contract.end):
            contract.members.append((person, role))
        else:
            _differs(table, clean.row, contract.row)
    return contracts


def _differs(table: Table, row: Row, first: Row) -> None:
    column = "unit" if row.values[1] != first.values[1] else "start" if row.values[4] != first.values[4] else "end"
    # Another person and another role on the next line is what a contract is made of.
    alike = tuple(
        mine if place in (2, 3) else yours
        for place, (mine, yours) in enumerate(zip(row.values, first.values, strict=True))
    )
    table.fault("contract_rows_differ", row, column, line=first.line, columns=table.columns(row.values, alike))
