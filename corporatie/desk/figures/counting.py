"""Counting: one question for each table, bounded by the four quarters, over columns that do not move afterwards.

Each row counts on the day it was written down, ended or fell due, never on a day that a colleague can still change: a
quarter that is over keeps its figures, so that yesterday's page and today's cannot be subtracted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Greatest, TruncDate, TruncQuarter

from cases.facts import SignalAttached, SignalClosed, SignalTakenUp
from cases.models import Case, Signal
from cases.states import Severity
from corporatie.desk.figures.quarters import Quarter, quarters
from corporatie.desk.figures.suppression import Cell, Row, alone, together
from corporatie.journal.models import Entry
from corporatie.work.models import FollowUp
from corporatie.work.states import FollowUpResult
from projects.models import Accommodation
from tenants.states import BY_VOICE, ON_PAPER
from visits.actions import LONGEST_AGO
from visits.models import ContactMoment, Visit, Wish

# The norm of a signal never lies further ahead than this: the longest one in working days, with room for closing days.
LONGEST_NORM = timedelta(days=60)
FIRST_ACTIONS = [SignalTakenUp.code, SignalAttached.code, SignalClosed.code]
SEVERITIES = (Severity.ACUTE, Severity.HIGH, Severity.MEDIUM, Severity.LOW)


@dataclass(frozen=True)
class Figures:
    """What may be told of each quarter, in the order of ``quarters``."""

    quarters: list[Quarter]
    # By severity, the most serious first.
    signals: list[Row]
    # First action within the norm; later or not at all.
    first_actions: list[Row]
    # At the table or at the door; by phone or at the desk; by letter or message.
    contacts: list[Row]
    # Kept in time; later or not at all.
    promises: list[Row]
    # Three numbers by themselves: wishes and ideas, what we take into account, new dossiers.
    yields: list[tuple[Cell, ...]]

    @property
    def tells_something(self) -> bool:
        """Whether one number at least may be told."""
        rows = [*self.signals, *self.first_actions, *self.contacts, *self.promises]
        cells = [cell for row in rows for cell in (*row.parts, row.total)] + [
            cell for row in self.yields for cell in row
        ]
        return any(cell.number is not None for cell in cells)


def figures(*, on: date) -> Figures:
    """The figures of the last four quarters that were over on this day."""
    periods = quarters(on)
    signals, first_actions = _signals(periods)
    return Figures(
        quarters=periods,
        signals=[together(row) for row in signals],
        first_actions=[together(row) for row in first_actions],
        contacts=[together(row) for row in _contacts(periods)],
        promises=[together(row) for row in _promises(periods)],
        yields=[tuple(alone(count) for count in row) for row in _yields(periods)],
    )


def _signals(periods: list[Quarter]) -> tuple[list[list[int]], list[list[int]]]:
    """New ones by severity, and those whose norm fell in the quarter by whether someone acted within it.

    The journal knows when: a signal that goes from hand to hand only keeps its last one.
    """
    in_time = Exists(
        Entry.objects.filter(subject_label=Signal.label(), subject_id=OuterRef("pk"), kind__in=FIRST_ACTIONS)
        .annotate(day=TruncDate("at"))
        .filter(day__lte=OuterRef("respond_by_on"))
    )
    new = _counts(periods, "created_at", [Q(severity=severity) for severity in SEVERITIES], name="new")
    due = _counts(periods, "respond_by_on", [Q(in_time=True), Q(in_time=False)], name="due")
    found = (
        Signal.objects.filter(created_at__gte=periods[0].starts_at - LONGEST_NORM, created_at__lt=periods[-1].ends_at)
        .annotate(in_time=in_time)
        .aggregate(**new, **due)
    )
    return _rows(periods, found, len(SEVERITIES), name="new"), _rows(periods, found, 2, name="due")


def _contacts(periods: list[Quarter]) -> list[list[int]]:
    """Talks when they were held, and short contact when it was noted.

    A talk that was written down after its quarter was over counts in the quarter in which that was done.
    """
    talks = _counts(periods, "counts_at", [Q()])
    written = Coalesce(TruncQuarter("report__created_at"), "ended_at")
    notes = _counts(periods, "created_at", [Q(channel__in=BY_VOICE), Q(channel__in=ON_PAPER)])
    around = Q(ended_at__gte=periods[0].starts_at - LONGEST_AGO, ended_at__lt=periods[-1].ends_at)
    held = (
        Visit.objects.personal_contact()
        .filter(around)
        .annotate(counts_at=Greatest("ended_at", written))
        .aggregate(**talks)
    )
    noted = ContactMoment.objects.filter(_within(periods, "created_at")).aggregate(**notes)
    rows = zip(_rows(periods, held, 1), _rows(periods, noted, 2), strict=True)
    return [[*talk, *note] for talk, note in rows]


def _promises(periods: list[Quarter]) -> list[list[int]]:
    """Promises that came to an end: their day can no longer be moved."""
    kept = Q(result=FollowUpResult.DONE, day__lte=F("due_on"))
    found = (
        FollowUp.objects.filter(_within(periods, "done_at"), is_promise=True)
        .annotate(day=TruncDate("done_at"))
        .aggregate(**_counts(periods, "done_at", [kept, ~kept]))
    )
    return _rows(periods, found, 2)


def _yields(periods: list[Quarter]) -> list[list[int]]:
    counts, within = _counts(periods, "created_at", [Q()]), _within(periods, "created_at")
    columns = (
        _rows(periods, Wish.objects.filter(within).aggregate(**counts), 1),
        _rows(periods, Accommodation.objects.filter(within).aggregate(**counts), 1),
        _rows(periods, Case.objects.filter(within).aggregate(**counts), 1),
    )
    return [[count for (count,) in row] for row in zip(*columns, strict=True)]


# --- One number for each quarter and each part, in one question ----------------------------------------------
def _within(periods: list[Quarter], field: str) -> Q:
    return Q(**{f"{field}__gte": periods[0].starts_at, f"{field}__lt": periods[-1].ends_at})


def _in(period: Quarter, field: str) -> Q:
    # A day is held against days, a moment against moments.
    is_day = field.endswith("_on")
    first, after = (period.first_on, period.after_on) if is_day else (period.starts_at, period.ends_at)
    return Q(**{f"{field}__gte": first, f"{field}__lt": after})


def _counts(periods: list[Quarter], field: str, parts: Sequence[Q], *, name: str = "part") -> dict[str, Count]:
    return {
        f"{name}_{row}_{column}": Count("pk", filter=_in(period, field) & part)
        for row, period in enumerate(periods)
        for column, part in enumerate(parts)
    }


def _rows(periods: list[Quarter], found: dict[str, Any], parts: int, *, name: str = "part") -> list[list[int]]:
    return [[found[f"{name}_{row}_{column}"] for column in range(parts)] for row in range(len(periods))]
