"""Small counts are not told: a number about a few people may say who they are.

A count below five, zero included, is told as "<5". Where a total would give it away, the next smallest count stays
untold as well, until nothing can be worked out. Whoever looks may know these rules: what is shown always fits more
than one table, and for each untold number more than one value.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

FEWEST = 5
MOST_OF_FEW = FEWEST - 1


class Untold(StrEnum):
    """Why a number is not told."""

    FEW = "few"
    SHIELDED = "shielded"


@dataclass(frozen=True)
class Cell:
    """One number as it may be told: the number itself, or why it is not told."""

    number: int | None
    untold: Untold | None = None


FEW = Cell(None, Untold.FEW)
SHIELDED = Cell(None, Untold.SHIELDED)


@dataclass(frozen=True)
class Row:
    """Numbers that add up, and what they add up to."""

    parts: tuple[Cell, ...]
    total: Cell


@dataclass(frozen=True)
class Share:
    """A percentage. ``at_least`` when a few are untold: it is then no lower than this."""

    percent: int
    at_least: bool


def alone(count: int) -> Cell:
    """A number that adds up to nothing."""
    return Cell(count) if count >= FEWEST else FEW


def together(counts: Sequence[int]) -> Row:
    """Numbers that add up: small ones untold, and as many others as it takes."""
    total = sum(counts)
    if total < FEWEST:
        return Row((FEW,) * len(counts), FEW)
    few = [place for place, count in enumerate(counts) if count < FEWEST]
    others = sorted((count, place) for place, count in enumerate(counts) if count >= FEWEST)
    told = {place: count for count, place in (others[1:] if few else others)}
    if few and not _fits_more_than_one(total - sum(told.values()), len(few), [count for count, _place in others]):
        return Row((SHIELDED,) * len(counts), SHIELDED)
    parts = (FEW if place in few else Cell(told[place]) if place in told else SHIELDED for place in range(len(counts)))
    return Row(tuple(parts), Cell(total))


def _fits_more_than_one(untold: int, few: int, others: list[int]) -> bool:
    """Whether ``few`` small numbers and the smallest of ``others`` can add up to ``untold`` in more than one way.

    Asks nothing that is not on the page: the smallest of the others lies between five and the next one.
    """
    most = few * MOST_OF_FEW
    if not others:
        return untold < most
    highest = others[1] - 1 if len(others) > 1 else untold
    return max(0, untold - highest) < min(most, untold - FEWEST)


def lowest(row: Row, place: int) -> int:
    """What this part is at the least, worked out from what is told. Nothing for a part of few."""
    part, total = row.parts[place], row.total.number
    if part.number is not None:
        return part.number
    if total is None or part == FEW:
        return 0
    # Beside a total no more than one part is shielded, so the others are told or few.
    others = (cell for other, cell in enumerate(row.parts) if other != place)
    most = sum(MOST_OF_FEW if cell.number is None else cell.number for cell in others)
    return max(FEWEST, total - most)


def share_of(row: Row, place: int) -> Share | None:
    """Which part of the total this one is, worked out from what is told; nothing when that says too little."""
    total, least = row.total.number, lowest(row, place)
    if total is None or not least:
        return None
    return Share(least * 100 // total, at_least=row.parts[place].number is None)
