"""Bars, one line each: what the team's overview and the figures draw."""

from collections.abc import Collection
from dataclasses import dataclass

# A part narrower than this, in percent, has no room for its number.
NARROWEST = 5


@dataclass(frozen=True)
class Part:
    """One part of a bar, in percent of the longest. ``url`` opens the list it counts, where there is one.

    ``is_quiet``: it is drawn without its number.
    """

    tone: str
    number: int
    x: float
    width: float
    url: str = ""
    is_quiet: bool = False

    @property
    def middle(self) -> float:
        """Where its number stands."""
        return round(self.x + self.width / 2, 2)

    @property
    def shows_number(self) -> bool:
        """A narrow part has no room for it; the table has the number too."""
        return self.width >= NARROWEST and not self.is_quiet


@dataclass(frozen=True)
class Bar:
    """One line of a chart. ``empty`` stands there when there is nothing to draw."""

    label: str
    parts: list[Part]
    empty: str = "0"

    @property
    def total(self) -> int:
        """All parts together."""
        return sum(part.number for part in self.parts)


def bar(
    label: str,
    numbers: list[tuple[str, int]],
    *,
    longest: int,
    urls: list[str] | None = None,
    quiet: Collection[str] = (),
    empty: str = "0",
) -> Bar:
    """A bar of these parts, each with its tone, beside others of which the longest is ``longest``."""
    parts, x = [], 0.0
    for place, (tone, number) in enumerate(numbers):
        width = round(100 * number / longest, 2) if longest else 0.0
        parts.append(Part(tone, number, round(x, 2), width, urls[place] if urls else "", tone in quiet))
        x += width
    return Bar(label, parts, empty)
