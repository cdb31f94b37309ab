"""The periods of the figures: calendar quarters that are over, because two periods that overlap can be subtracted."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

SHOWN = 4
MONTHS = 3


@dataclass(frozen=True)
class Quarter:
    """Three months of a year, from the first day up to the first day after it."""

    year: int
    number: int

    @property
    def first_on(self) -> date:
        """The day it begins."""
        return date(self.year, self.number * MONTHS - 2, 1)

    @property
    def after_on(self) -> date:
        """The day the next one begins."""
        return date(self.year + 1, 1, 1) if self.number == SHOWN else Quarter(self.year, self.number + 1).first_on

    @property
    def starts_at(self) -> datetime:
        """The first moment of it here."""
        return _midnight(self.first_on)

    @property
    def ends_at(self) -> datetime:
        """The first moment after it here."""
        return _midnight(self.after_on)


def quarters(on: date) -> list[Quarter]:
    """The last four that were over on this day, the oldest first. The running one is not among them."""
    running = on.year * SHOWN + (on.month - 1) // MONTHS
    return [Quarter(index // SHOWN, index % SHOWN + 1) for index in range(running - SHOWN, running)]


def _midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time.min))
