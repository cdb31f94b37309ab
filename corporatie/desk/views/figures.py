"""The page of the manager: how the work goes, in numbers that are about no one.

Every number comes from ``corporatie.desk.figures``, which keeps the small ones to itself; no number opens a list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cases.states import Severity
from corporatie.desk import figures as counted
from corporatie.desk.figures import Cell, Row, Share
from corporatie.desk.views.bars import Bar, bar
from corporatie.staff.rules import Permission, may

# What one reads in place of a number that is not told.
UNTOLD: dict[str, str | Promise] = {"few": "<5", "shielded": gettext_lazy("shielded")}
# The part of a bar that nobody can divide.
REST = "untold"
Words = str | Promise


@dataclass(frozen=True)
class Chart:
    """One figure as the page shows it. ``share`` says in words how large the first part was in the last quarter."""

    code: str
    heading: Words
    text: Words
    counts: Words
    parts: tuple[tuple[str, Words], ...]
    share: Words = ""


SIGNALS = Chart(
    "signalen",
    gettext_lazy("New signals"),
    gettext_lazy("What was reported, by how serious it is"),
    gettext_lazy("What counts: every signal, in the quarter in which it was reported."),
    (
        ("late", Severity.ACUTE.label),
        ("home", Severity.HIGH.label),
        ("call", Severity.MEDIUM.label),
        ("mail", Severity.LOW.label),
    ),
)
FIRST_ACTIONS = Chart(
    "norm",
    gettext_lazy("First action in time"),
    gettext_lazy("How often someone acted within the days of the norm"),
    gettext_lazy(
        "What counts: every signal, in the quarter in which its norm ended. A first action is: taken up, added to a "
        "dossier, or closed with an explanation."
    ),
    (("home", gettext_lazy("within the norm")), ("late", gettext_lazy("later or not yet"))),
    gettext_lazy("%(quarter)s: %(percent)s of the signals had a first action within the norm"),
)
CONTACTS = Chart(
    "tafel",
    gettext_lazy("At the table"),
    gettext_lazy("How we talked with residents"),
    gettext_lazy(
        "What counts: every talk that was held, and every other contact in the quarter in which it was noted."
    ),
    (
        ("home", gettext_lazy("at the table or at the door")),
        ("call", gettext_lazy("by phone or at the desk")),
        ("mail", gettext_lazy("by letter or message")),
    ),
    gettext_lazy("%(quarter)s: %(percent)s of the contacts were at the table or at the door"),
)
PROMISES = Chart(
    "beloften",
    gettext_lazy("Promises kept"),
    gettext_lazy("How often we did in time what we promised a resident"),
    gettext_lazy(
        "What counts: promises that were kept or dropped in the quarter, held against the last day that was agreed. "
        "An open promise counts once it ends."
    ),
    (("home", gettext_lazy("kept in time")), ("late", gettext_lazy("later or not kept"))),
    gettext_lazy("%(quarter)s: %(percent)s of the promises were kept in time"),
)
YIELDS = (
    gettext_lazy("wishes and ideas"),
    gettext_lazy("times that we take a situation into account"),
    gettext_lazy("new dossiers"),
)


@login_required
@require_http_methods(["GET"])
def figures(request: HttpRequest) -> HttpResponse:
    """The last quarter that is over, beside the three before it."""
    if not may(request.user, Permission.SEE_FIGURES):
        raise PermissionDenied
    told = counted.figures(on=timezone.localdate())
    names = [_name(quarter) for quarter in told.quarters]
    charts = (
        (CONTACTS, told.contacts),
        (PROMISES, told.promises),
        (SIGNALS, told.signals),
        (FIRST_ACTIONS, told.first_actions),
    )
    context = {
        "tells_something": told.tells_something,
        "last": names[-1],
        "tiles": [
            {"number": _words(told.contacts[-1].parts[0]), "label": _("talks at the table or at the door")},
            {"number": _words(told.yields[-1][0]), "label": _("wishes and ideas of residents")},
            {"number": _in_time(told.promises[-1]), "label": _("promises kept in time")},
        ],
        "charts": [_chart(chart, rows, names) for chart, rows in charts],
        "yield_names": YIELDS,
        "yields": [{"name": name, "cells": _named(row, YIELDS)} for name, row in zip(names, told.yields, strict=True)],
    }
    return render(request, "desk/figures.html", context)


def _name(quarter: counted.Quarter) -> str:
    return _("Quarter %(number)s of %(year)s") % {"number": quarter.number, "year": quarter.year}


def _words(cell: Cell) -> str:
    return str(cell.number if cell.untold is None else UNTOLD[cell.untold])


def _named(cells: Sequence[Cell], names: Sequence[Words]) -> list[dict[str, Any]]:
    return [
        {"label": name, "text": _words(cell), "is_untold": cell.untold is not None}
        for cell, name in zip(cells, names, strict=True)
    ]


def _cells(row: Row, labels: Sequence[Words]) -> list[dict[str, Any]]:
    """The cells of a line; a line of which nothing is told is one cell."""
    if row.total == counted.SHIELDED:
        return [{"label": "", "text": _words(row.total), "is_untold": True, "span": len(labels)}]
    return _named([*row.parts, row.total], labels)


def _percent(share: Share | None) -> str:
    if share is None:
        return ""
    return (_("at least %(percent)s %%") if share.at_least else _("%(percent)s %%")) % {"percent": share.percent}


def _in_time(promises: Row) -> str:
    return _percent(counted.share_of(promises, 0)) or _words(promises.parts[0])


def _chart(chart: Chart, rows: list[Row], names: list[str]) -> dict[str, Any]:
    labels = [label for _tone, label in chart.parts]
    longest = max(row.total.number or 0 for row in rows)
    bars = [_bar(chart, row, name, longest) for name, row in zip(names, rows, strict=True)]
    has_rest = any(part.number for each in bars for part in each.parts if part.tone == REST)
    keys = [{"tone": tone, "label": label} for tone, label in chart.parts]
    return {
        "code": chart.code,
        "heading": chart.heading,
        "text": _share(chart, rows[-1], names[-1]) or chart.text,
        "counts": chart.counts,
        "labels": labels,
        "bars": bars,
        "keys": [*keys, {"tone": REST, "label": _("not told")}] if has_rest else keys,
        "rows": [
            {"name": name, "cells": _cells(row, [*labels, _("all together")])}
            for name, row in zip(names, rows, strict=True)
        ],
    }


def _bar(chart: Chart, row: Row, name: str, longest: int) -> Bar:
    """Each part as long as it is at the least; what is left of the total is one part, divided in no way."""
    if row.total.number is None:
        return bar(name, [], longest=longest, empty=_words(row.total))
    least = [(tone, counted.lowest(row, place)) for place, (tone, _label) in enumerate(chart.parts)]
    rest = row.total.number - sum(number for _tone, number in least)
    untold = {tone for (tone, _label), cell in zip(chart.parts, row.parts, strict=True) if cell.number is None}
    return bar(name, [*least, (REST, rest)], longest=longest, quiet={REST, *untold})


def _share(chart: Chart, row: Row, quarter: str) -> str:
    percent = _percent(counted.share_of(row, 0)) if chart.share else ""
    return str(chart.share) % {"quarter": quarter, "percent": percent} if percent else ""
