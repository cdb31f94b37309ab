"""From a file to rows: the encoding, the heading, and only the columns we asked for.

The places of the columns are read from the heading. From then on a line goes through one pattern that takes the
columns we want and steps over the others: what stands in a BSN column never becomes a value.
"""

import codecs
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from pathlib import Path

from django.utils.translation import gettext as _

from corporatie.subjects.text import fold
from tenants.deliveries.columns import COLUMNS, Column
from tenants.deliveries.faults import DeliveryRefusedError, Fault, Kind

_PLAIN = r"[^;\r\n]*"
_QUOTED_OR_PLAIN = r'(?:"(?:[^"]|"")*"|(?!")[^;\r\n]*)'
# A quoted value may run over this many lines. More is a quote that somebody forgot to close.
_LONGEST_VALUE = 10
_CHUNK = 1 << 16
_UNTIDY = re.compile(r"  |(?:^|;) | (?:;|$)")
Tell = Callable[[str, int, int], None]


def _silence(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Row:
    """One line: the values of our columns in our order, trimmed. Nothing else of the line exists."""

    line: int
    values: tuple[str, ...]


@dataclass
class Sheet:
    """One file: its rows, what its columns are called, and what could not be split into columns."""

    kind: Kind
    headings: tuple[str, ...]
    absent: frozenset[str]
    unread: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class _Layout:
    plain: re.Pattern[str]
    quoted: re.Pattern[str]
    pick: Callable[[tuple[str, ...]], tuple[str, ...]]
    headings: tuple[str, ...]
    absent: frozenset[str]
    unread: tuple[str, ...]


def read_sheet(folder: Path, kind: Kind, tell: Tell = _silence) -> Sheet:
    """Read one of the three files of a delivery."""
    path = _find(folder, kind)
    encoding, total = _encoding_of(path)
    with path.open(encoding=encoding, errors="replace", newline="") as lines:
        layout = _layout(kind, next(lines, ""))
        sheet = Sheet(kind, layout.headings, layout.absent, layout.unread)
        for line, found in _split(lines, layout):
            if found is None:
                sheet.faults.append(Fault("row_columns_differ", kind, line, "", "", ()))
            else:
                sheet.rows.append(Row(line, layout.pick(found)))
            if not line % 500:
                tell(kind.value, line, total)
    tell(kind.value, total, total)
    if not sheet.rows:
        raise DeliveryRefusedError(
            _("%(file)s has a heading but no lines. Ask for the export again.") % {"file": kind.value}
        )
    return sheet


def _find(folder: Path, kind: Kind) -> Path:
    if not folder.is_dir():
        raise DeliveryRefusedError(_("There is no folder %(folder)s.") % {"folder": folder})
    found = [path for path in sorted(folder.iterdir()) if path.name.lower() == kind.value and path.is_file()]
    if not found:
        raise DeliveryRefusedError(
            _("%(file)s is missing in %(folder)s. A delivery has three files: %(files)s.")
            % {"file": kind.value, "folder": folder, "files": ", ".join(each.value for each in Kind)}
        )
    return found[0]


def _encoding_of(path: Path) -> tuple[str, int]:
    """The encoding, and about how many lines there are."""
    with path.open("rb") as file:
        start = file.read(4)
        if not start.strip():
            raise DeliveryRefusedError(_("%(file)s is empty. Ask for the export again.") % {"file": path.name.lower()})
        file.seek(0)
        chunks = iter(lambda: file.read(_CHUNK), b"")
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16", sum(chunk.count(b"\n") for chunk in chunks)
        if start[1:2] == b"\0" or start[:1] == b"\0":
            encoding = "utf-16-le" if start[1:2] == b"\0" else "utf-16-be"
            return encoding, sum(chunk.count(b"\n") for chunk in chunks)
        decoder, encoding, total = codecs.getincrementaldecoder("utf-8")(), "utf-8-sig", 0
        for chunk in chunks:
            total += chunk.count(b"\n")
            if encoding == "utf-8-sig":
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    encoding = "cp1252"
        return encoding, total


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(heading))


def _layout(kind: Kind, first_line: str) -> _Layout:
    headings = [each.strip().strip('"').strip() for each in first_line.strip("\r\n").split(";")]
    if len(headings) < 2:
        raise DeliveryRefusedError(
            _("The first line of %(file)s does not name columns separated by a semicolon (;).") % {"file": kind.value}
        )
    columns = COLUMNS[kind]
    places = {column.name: _place(kind, column, headings) for column in columns}
    missing = [column.headings[0] for column in columns if column.must and places[column.name] is None]
    if missing:
        raise DeliveryRefusedError(
            _("%(file)s misses these columns: %(columns)s. The first line must name them.")
            % {"file": kind.value, "columns": ", ".join(missing)}
        )
    wanted = sorted(place for place in places.values() if place is not None)
    is_wanted = [place in wanted for place in range(len(headings))]
    # One place past the last group holds the empty text of a column that the file does not have.
    order = [wanted.index(place) if place is not None else len(wanted) for place in places.values()]
    return _Layout(
        plain=_pattern(_PLAIN, is_wanted),
        quoted=_pattern(_QUOTED_OR_PLAIN, is_wanted),
        pick=itemgetter(*order),
        headings=tuple(
            column.headings[0] if place is None else headings[place]
            for column, place in zip(columns, places.values(), strict=True)
        ),
        absent=frozenset(name for name, place in places.items() if place is None),
        unread=tuple(each for place, each in enumerate(headings) if place not in wanted and each),
    )


def _pattern(value: str, is_wanted: list[bool]) -> re.Pattern[str]:
    """A whole line; only what is wanted is taken out of it."""
    return re.compile(";".join(f"({value})" if wanted else value for wanted in is_wanted) + r"[\r\n]*\Z")


def _place(kind: Kind, column: Column, headings: list[str]) -> int | None:
    known = {_plain(heading) for heading in column.headings}
    found = [place for place, heading in enumerate(headings) if _plain(heading) in known]
    if len(found) > 1:
        raise DeliveryRefusedError(
            _("%(file)s has more than one column for %(column)s: %(found)s. Keep one of them.")
            % {"file": kind.value, "column": column.headings[0], "found": ", ".join(headings[each] for each in found)}
        )
    return found[0] if found else None


def _split(lines: Iterator[str], layout: _Layout) -> Iterator[tuple[int, tuple[str, ...] | None]]:
    """Each line with the values of our columns, or with nothing when it has another number of columns."""
    ahead: deque[str] = deque()
    number = 1
    while True:
        text = ahead.popleft() if ahead else next(lines, None)
        if text is None:
            return
        number += 1
        found = (layout.quoted if '"' in text else layout.plain).match(text)
        start = number
        if not found and text.count('"') % 2:
            found, taken = _join(text, ahead, lines, layout.quoted)
            number += taken
        if found:
            values = _clean(found.string, found.groups(""))
            if any(values):
                yield start, values
        elif text.strip("; \t\r\n\0\x1a"):
            yield start, None


def _join(
    text: str, ahead: deque[str], lines: Iterator[str], pattern: re.Pattern[str]
) -> tuple[re.Match[str] | None, int]:
    """A value between quotes can hold an end of line: try the line together with the ones after it."""
    ahead.extend(islice(lines, _LONGEST_VALUE - len(ahead)))
    for taken, more in enumerate(list(ahead), start=1):
        text += more
        found = pattern.match(text)
        if found:
            for _line in range(taken):
                ahead.popleft()
            return found, taken
    return None, 0


def _clean(text: str, groups: tuple[str, ...]) -> tuple[str, ...]:
    """The values trimmed; a line without quotes, double spaces or odd signs is fine as it is."""
    body = text.rstrip("\r\n")
    if body.isprintable() and '"' not in body and not _UNTIDY.search(body):
        return *groups, ""
    return *(_trim(value[1:-1].replace('""', '"') if value[:1] == '"' else value) for value in groups), ""


def _trim(value: str) -> str:
    """Single spaces, and nothing that a screen or a database takes for a command."""
    plain = " ".join(value.split())
    return plain if plain.isprintable() else "".join(sign for sign in plain if sign.isprintable())
