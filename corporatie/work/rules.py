"""Working days, and who may do what with a promise or an action."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Self

import holidays

from corporatie.staff.rules import Permission, may
from corporatie.subjects.models import Subject, subject_model, visible
from corporatie.work.models import ChoiceSetting, FollowUp, SpecialDay
from corporatie.work.states import FollowUpKind, choice_lists


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


def may_add_follow_up(user: Any, subject: Subject | None) -> bool:
    """Promise something, or write down what must be done: whoever visits, and works on what it comes from."""
    return may(user, Permission.LOG_VISITS) and (subject is None or subject.is_worked_on_by(user))


def may_finish(user: Any, follow_up: FollowUp) -> bool:
    """Whoever works on what it came from. Not the step of a dossier: that is done there."""
    if follow_up.done_at is not None or follow_up.kind == FollowUpKind.CASE_STEP:
        return False
    return may_change(user, follow_up)


def may_change(user: Any, follow_up: FollowUp) -> bool:
    """Whoever works on what it came from. Owning it adds nothing."""
    model = subject_model(follow_up.subject_label)
    subject = visible(model, user).filter(pk=follow_up.subject_id).first() if model and model.holds_work else None
    return subject is not None and bool(subject.is_worked_on_by(user))
