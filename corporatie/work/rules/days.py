"""Working days, who is on duty when, and what the association offers to choose from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Self

import holidays
from django.utils import timezone

from corporatie.staff.states import NOON
from corporatie.work.models import ChoiceSetting, DutyHours, SpecialDay
from corporatie.work.states import Shift, choice_lists


@lru_cache(maxsize=64)
def _public_holidays(year: int) -> frozenset[date]:
    """Dutch public holidays without Good Friday, on which most employers work. Source: holidays 0.109 (MIT).

    Liberation Day is one in lustrum years only; an association that thinks otherwise says so in its own days.
    """
    days = holidays.country_holidays("NL", years=year, language="nl")
    return frozenset(day for day, name in days.items() if name.casefold() != "goede vrijdag")


@dataclass(frozen=True)
class Offered:
    """What this association lets its colleagues choose from."""

    settings: dict[tuple[str, str], bool]

    @classmethod
    def load(cls) -> Self:
        """Read the association's own settings of all lists. One query."""
        rows = ChoiceSetting.objects.values_list("list", "choice", "is_offered")
        return cls({(name, choice): is_offered for name, choice, is_offered in rows})

    def of(self, name: str, *, keep: str = "") -> list[tuple[str, Any]]:
        """The choices of one list as ``(code, words)``. ``keep`` was chosen before and stays, offered or not."""
        known = choice_lists()[name]
        return [
            (code, words)
            for code, words in known.choices.choices
            if code == keep or code in known.always or self.settings.get((name, code), code not in known.only_if_wanted)
        ]


@dataclass(frozen=True)
class Calendar:
    """The working days of this association."""

    exceptions: dict[date, bool]

    @classmethod
    def load(cls) -> Self:
        """Read the association's own days. One query."""
        return cls(dict(SpecialDay.objects.values_list("on", "is_working_day")))

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday, no public holiday, unless the association says otherwise."""
        if day in self.exceptions:
            return self.exceptions[day]
        return day.weekday() < 5 and day not in _public_holidays(day.year)

    def on_or_after(self, day: date) -> date:
        """The first working day from this day on."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def add(self, day: date, working_days: int) -> date:
        """The n-th working day after ``day``; with 0 the day itself, working day or not."""
        for _count in range(working_days):
            day = self.on_or_after(day + timedelta(days=1))
        return day

    def last_reminded(self, on: date) -> date:
        """The last day whose work is reminded on this day: what falls due before the next working day cannot wait."""
        return self.on_or_after(on + timedelta(days=1)) - timedelta(days=1)

    def before(self, day: date, working_days: int) -> date:
        """The n-th working day before ``day``."""
        for _count in range(working_days):
            day -= timedelta(days=1)
            while not self.is_working_day(day):
                day -= timedelta(days=1)
        return day


@dataclass(frozen=True)
class Watch:
    """Which shift it is. A day lasts from when the office opens until it opens again, so a night is of the day before.

    Times are of the clock on the wall, also in the nights that the clock is put forward or back.
    """

    calendar: Calendar
    hours: DutyHours

    @classmethod
    def load(cls) -> Self:
        """The association's own days and hours. Two queries."""
        return cls(Calendar.load(), DutyHours.load())

    def at(self, moment: datetime) -> tuple[date, Shift]:
        """The day and the shift of this moment."""
        here = timezone.localtime(moment)
        day = here.date() if here.time() >= self.hours.opens_at else here.date() - timedelta(days=1)
        if not self.calendar.is_working_day(day):
            return day, Shift.WEEKEND
        is_open = day == here.date() and here.time() < self.hours.closes_at
        return day, Shift.OFFICE if is_open else Shift.EVENING

    def shifts_of(self, day: date) -> tuple[Shift, ...]:
        """The shifts of one day, in order."""
        return (Shift.OFFICE, Shift.EVENING) if self.calendar.is_working_day(day) else (Shift.WEEKEND,)

    def began(self, moment: datetime) -> datetime:
        """When the shift of this moment began."""
        day, shift = self.at(moment)
        clock = self.hours.closes_at if shift == Shift.EVENING else self.hours.opens_at
        return timezone.make_aware(datetime.combine(day, clock))

    def half_days(self, after: datetime, until: datetime) -> Iterator[datetime]:
        """Each noon and midnight between two moments: then an absence may begin or end."""
        day = timezone.localdate(after)
        while day <= timezone.localdate(until):
            for clock in (time.min, NOON):
                moment = timezone.make_aware(datetime.combine(day, clock))
                if after < moment < until:
                    yield moment
            day += timedelta(days=1)

    def next_change(self, moment: datetime) -> datetime:
        """When the next shift begins."""
        today = timezone.localtime(moment).date()
        changes = [
            timezone.make_aware(datetime.combine(today + timedelta(days=ahead), clock))
            for ahead in (0, 1)
            for clock in (self.hours.opens_at, self.hours.closes_at)
        ]
        return min(change for change in changes if change > moment and self.began(change) == change)
