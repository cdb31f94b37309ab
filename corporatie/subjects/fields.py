"""A question that comes back everywhere: on which day?"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Any, Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

OTHER_DAY = "other"
FRIDAY = 4
# How far from today a day may lie, in days.
A_MONTH, A_YEAR, TWO_YEARS = 31, 366, 731
_SPANS = {A_MONTH: gettext_lazy("a month"), A_YEAR: gettext_lazy("a year"), TWO_YEARS: gettext_lazy("two years")}
# Nobody here writes down a day of another century than her own.
_FIRST_YEAR, _YEARS_AHEAD = 1900, 100
_NOTATIONS = ["%d-%m-%Y", "%d %m %Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%y", "%d %m %y", "%d/%m/%y", "%d.%m.%y"]
_LOOKS_LIKE_A_DAY = re.compile(r"^\s*(?:\d{4}-\d{1,2}-\d{1,2}|(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2}|\d{4}))\s*$")
_LEAP_DAY = re.compile(r"^\s*(?:(\d{4})-0?2-29|29[-/. ]0?2[-/. ](\d{4}))\s*$")


class WorkingDays(Protocol):
    """The working days of the association. A room above knows them."""

    def on_or_after(self, day: date) -> date:
        """The first working day from this day on."""


_working_days: list[Callable[[], WorkingDays]] = []


def propose_only(load: Callable[[], WorkingDays]) -> None:
    """Let ``load()`` say on which days people work: only these are proposed."""
    _working_days[:] = [load]


def in_a_word(day: date, today: date) -> str:
    """Tomorrow, or the name of the day of the week."""
    return _("Tomorrow") if day == today + timedelta(days=1) else capfirst(str(WEEKDAYS[day.weekday()]))


def _terms(today: date, days: WorkingDays) -> list[tuple[date, str]]:
    """The usual terms as seen from this day: the next day, the coming Friday, in two weeks. Each a working day."""
    friday = today + timedelta(days=(FRIDAY - today.weekday() - 1) % 7 + 1)
    next_day, friday_or_after = days.on_or_after(today + timedelta(days=1)), days.on_or_after(friday)
    word = pgettext("chip", "Friday") if friday_or_after == friday else in_a_word(friday_or_after, today)
    return [
        (next_day, in_a_word(next_day, today)),
        (friday_or_after, word),
        (days.on_or_after(today + timedelta(days=14)), _("In two weeks")),
    ]


def usual_days(today: date, days: WorkingDays) -> list[tuple[str, str]]:
    """The usual terms as (ISO date, words). No day stands there twice."""
    found: dict[str, str] = {}
    for day, words in _terms(today, days):
        found.setdefault(day.isoformat(), words)
    return list(found.items())


def same_term(day: date, *, today: date, as_of: date) -> date:
    """What was chosen as a term from today, as seen from another day: "tomorrow" is the day after that one."""
    days = _working_days[0]()
    terms = zip(_terms(today, days), _terms(as_of, days), strict=True)
    return next((there for (here, _w), (there, _v) in terms if here == day), day)


def propose_from(form: forms.BaseForm, held_on: date) -> None:
    """Let a form about a day that is over propose the terms of that day, with their date, as far as they still come."""

    def still_to_come() -> list[tuple[str, str]]:
        chips = usual_days(held_on, _working_days[0]())
        dated = [(date.fromisoformat(iso), words) for iso, words in chips]
        today = timezone.localdate()
        return [
            (day.isoformat(), f"{words} ({date_format(day, 'D j M').lower()})") for day, words in dated if day >= today
        ]

    form.__dict__["_usual_days"] = cache(still_to_come)


class DayWidget(forms.Widget):
    """Chips for the usual days, and a date for another one. Works without script: a chosen chip goes first."""

    template_name = "forms/day.html"
    use_fieldset = True

    @staticmethod
    def chips() -> list[tuple[str, str]]:
        """The usual days, looked up. A form shares one look-up over all its days (see ``DayField``)."""
        return usual_days(timezone.localdate(), _working_days[0]())

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The chips, which one is chosen, and the date."""
        context = super().get_context(name, value, attrs)
        chips = self.chips()
        text = value.isoformat() if isinstance(value, date) else (value or "")
        chosen = text if text in dict(chips) else (OTHER_DAY if text else "")
        context["widget"] |= {"chips": chips, "chosen": chosen, "date": text if chosen == OTHER_DAY else ""}
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        """The chosen chip, or the date that was typed."""
        chosen = data.get(name)
        typed = data.get(f"{name}_date")
        return typed if chosen in (None, "", OTHER_DAY) else chosen

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether the question was not on the page at all."""
        return name not in data and f"{name}_date" not in data


# Below it a year was not written out.
SHORT_YEAR = 1000


class DayField(forms.DateField):
    """A day, chosen or typed: 2026-12-03, 3-12-2026, 3 12 26. Each day that cannot be right has its own sentence.

    ``earliest`` and ``latest`` say how many days from today it may lie; nothing is no bound. ``chips`` proposes the
    usual days; without, it is the browser's own calendar.
    """

    widget = DayWidget
    default_error_messages = {
        "required": gettext_lazy("Choose a day, or type one. For example 3 12 2026."),
        "invalid": gettext_lazy("Choose a day, or type one. For example 3 12 2026."),
        "nonexistent": gettext_lazy("This day does not exist. Look at the day and the month."),
        "no_leap_year": gettext_lazy("29 February does not exist in %(year)s."),
        "year": gettext_lazy("The year %(year)s cannot be right. Write it with four digits, for example %(now)s."),
        "long_year": gettext_lazy("The year %(year)s cannot be right. Now it is %(now)s."),
        "over": gettext_lazy("This day is over. Choose today or a later day."),
        "too_soon": gettext_lazy("Choose tomorrow or a later day."),
        "long_ago": gettext_lazy("This day lies more than %(span)s ago. Look at the year and the month."),
        "to_come": gettext_lazy("This day is still to come. Choose today or an earlier day."),
        "far_ahead": gettext_lazy("This day lies more than %(span)s ahead. Look at the year and the month."),
    }

    def __init__(
        self, *, earliest: int | None = 0, latest: int | None = TWO_YEARS, chips: bool = True, **kwargs: Any
    ) -> None:
        """The notations people type."""
        self.earliest, self.latest = earliest, latest
        if not chips:
            kwargs["widget"] = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(input_formats=["%Y-%m-%d", *_NOTATIONS], **kwargs)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """Look the usual days up once for a form, and only when they are shown."""
        if isinstance(self.widget, DayWidget):
            self.widget.chips = form.__dict__.setdefault("_usual_days", cache(DayWidget.chips))
        return super().get_bound_field(form, field_name)

    def to_python(self, value: Any) -> date | None:
        """The day, or why this is none."""
        try:
            day = super().to_python(value)
        except ValidationError:
            raise self._no_day(str(value)) from None
        this_year = timezone.localdate().year
        if day and not _FIRST_YEAR <= day.year <= this_year + _YEARS_AHEAD:
            raise self._wrong("year" if day.year < SHORT_YEAR else "long_year", year=day.year, now=this_year)
        return day

    def validate(self, value: Any) -> None:
        """Not before the first day, and not after the last."""
        super().validate(value)
        if value is None:
            return
        away = (value - timezone.localdate()).days
        if self.earliest is not None and away < self.earliest:
            code = {0: "over", 1: "too_soon"}.get(self.earliest, "long_ago")
            raise self._wrong(code, span=_SPANS.get(-self.earliest, ""))
        if self.latest is not None and away > self.latest:
            raise self._wrong("far_ahead" if self.latest else "to_come", span=_SPANS.get(self.latest, ""))

    def _no_day(self, text: str) -> ValidationError:
        if leap := _LEAP_DAY.match(text):
            return self._wrong("no_leap_year", year=leap[1] or leap[2])
        return self._wrong("nonexistent" if _LOOKS_LIKE_A_DAY.match(text) else "invalid")

    def _wrong(self, code: str, **words: Any) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=words)
