"""Small counts are not told, and cannot be worked out: also not by someone who knows how they are kept away."""

from collections import defaultdict

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from corporatie.desk.figures.suppression import FEW, FEWEST, SHIELDED, Cell, Row, Share, alone, share_of, together

COUNTS = st.integers(0, 60)
TABLES = st.lists(st.one_of(st.integers(0, 6), COUNTS), min_size=1, max_size=4)


def shown(row: Row) -> str:
    """A row as one reads it."""
    return " · ".join(words(cell) for cell in (*row.parts, row.total))


def words(cell: Cell) -> str:
    """A cell as one reads it."""
    return {FEW: "<5", SHIELDED: "afgeschermd"}.get(cell, str(cell.number))


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # The acceptance rule of the field guide.
        ([12, 3, 7], "12 · <5 · afgeschermd · 22"),
        ([12, 9, 7], "12 · 9 · 7 · 28"),
        # A total of few says of each part that it is few.
        ([0, 0, 0], "<5 · <5 · <5 · <5"),
        ([4, 0], "<5 · <5 · <5"),
        ([4], "<5 · <5"),
        ([5], "5 · 5"),
        # One small part only: its partner goes along.
        ([40, 2], "afgeschermd · <5 · 42"),
        ([30, 0, 20, 10], "30 · <5 · 20 · afgeschermd · 60"),
        # The partner is hidden as zero, and with it nothing is left to choose.
        ([12, 0, 0, 30], "afgeschermd · <5 · <5 · 30 · 42"),
        ([5, 0], "afgeschermd · afgeschermd · afgeschermd"),
        ([5, 0, 0, 30], "afgeschermd · afgeschermd · afgeschermd · afgeschermd · afgeschermd"),
        # All of them small, and as large as small can be.
        ([4, 4], "afgeschermd · afgeschermd · afgeschermd"),
        ([4, 3], "<5 · <5 · 7"),
        # The hidden partner may be no larger than the next one: 4 and 12 are the only two that fit 16.
        ([12, 4, 12], "afgeschermd · afgeschermd · afgeschermd · afgeschermd"),
    ],
)
def test_what_is_told_of_a_table(counts, expected):
    assert shown(together(counts)) == expected


@pytest.mark.parametrize(("count", "expected"), [(0, "<5"), (4, "<5"), (5, "5"), (31, "31")])
def test_what_is_told_of_a_number_by_itself(count, expected):
    assert words(alone(count)) == expected


@given(TABLES)
def test_what_is_told_is_true_and_never_small(counts):
    row = together(counts)
    for cell, count in zip((*row.parts, row.total), (*counts, sum(counts)), strict=True):
        assert cell.number in (None, count)
        assert cell.number is None or cell.number >= FEWEST
        assert cell != FEW or count < FEWEST
    assert all(cell.number is not None for cell in row.parts) or min(counts) < FEWEST


def tables_of(places: int, total: int):
    """Every table with this many places and this total."""
    if places == 1:
        yield (total,)
        return
    for first in range(total + 1):
        yield from ((first, *rest) for rest in tables_of(places - 1, total - first))


def given_away(tables) -> list[str]:
    """The untold numbers that only one value fits, given that one knows all there is to know but the numbers."""
    alike = defaultdict(list)
    for table in tables:
        alike[together(table)].append((*table, sum(table)))
    return [
        f"{shown(row)}: {place} must be {same[0][place]}"
        for row, same in alike.items()
        for place, cell in enumerate((*row.parts, row.total))
        if cell.number is None and len({table[place] for table in same}) == 1
    ]


@pytest.mark.parametrize(("places", "highest"), [(1, 60), (2, 60), (3, 48), (4, 30)])
def test_no_untold_number_can_be_worked_out(places, highest):
    """All tables up to a total: whatever is shown, each untold number can still be more than one."""
    assert given_away(table for total in range(highest + 1) for table in tables_of(places, total)) == []


@settings(deadline=None, max_examples=60)
@given(TABLES)
def test_no_untold_number_of_a_large_table_can_be_worked_out(counts):
    """Every table that looks the same: what is told stays, the rest is divided in every way."""
    row = together(counts)
    assume(row.total.number is not None)
    untold = [place for place, cell in enumerate(row.parts) if cell.number is None]
    rest = sum(counts) - sum(cell.number or 0 for cell in row.parts)
    same = (
        [
            division
            for division in tables_of(len(untold), rest)
            if together([dict(zip(untold, division, strict=True)).get(at, count) for at, count in enumerate(counts)])
            == row
        ]
        if untold
        else []
    )
    assert all(len({division[at] for division in same}) > 1 for at in range(len(untold)))


# --- A percentage says no more than the numbers beside it --------------------------------------------------
@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([30, 12], Share(71, at_least=False)),
        ([5, 5], Share(50, at_least=False)),
        # Two of 42 were late: told is only that it were fewer than five.
        ([40, 2], Share(90, at_least=True)),
        ([42, 0], Share(90, at_least=True)),
        # The part itself is small, or there is too little to say anything of.
        ([2, 40], None),
        ([3, 1], None),
        ([4, 3], None),
        ([5, 0], None),
        # A part that is shielded itself is what the others leave.
        ([30, 8, 2], Share(75, at_least=False)),
        ([9, 30, 2], Share(17, at_least=True)),
        # What is shielded beside a total is five at the least.
        ([6, 0], Share(83, at_least=True)),
    ],
)
def test_which_share_may_be_told(counts, expected):
    assert share_of(together(counts), 0) == expected


@given(TABLES, TABLES)
def test_tables_that_look_the_same_have_the_same_share(one, other):
    if together(one) == together(other):
        assert share_of(together(one), 0) == share_of(together(other), 0)


@given(TABLES)
def test_a_share_is_true(counts):
    share = share_of(together(counts), 0)
    if share is not None:
        percent = counts[0] * 100 // sum(counts)
        assert share.percent <= percent if share.at_least else share.percent == percent
