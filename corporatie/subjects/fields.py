"""A question that comes back everywhere: on which day?"""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

OTHER_DAY = "other"
FRIDAY = 4


def usual_days(today: date) -> list[tuple[str, str]]:
    """Tomorrow, the coming Friday and in two weeks, as (ISO date, words). No day stands there twice."""
    friday = today + timedelta(days=(FRIDAY - today.weekday() - 1) % 7 + 1)
    days = {
        (today + timedelta(days=1)).isoformat(): _("Tomorrow"),
        friday.isoformat(): pgettext("chip", "Friday"),
        (today + timedelta(days=14)).isoformat(): _("In two weeks"),
    }
    if friday == today + timedelta(days=1):
        days[friday.isoformat()] = _("Tomorrow")
    return list(days.items())


class DayWidget(forms.Widget):
    """Chips for the usual days, and a date for another one. Works without script: a chosen chip goes first."""

    template_name = "forms/day.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The chips, which one is chosen, and the date."""
        context = super().get_context(name, value, attrs)
        chips = usual_days(timezone.localdate())
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


class DayField(forms.DateField):
    """A day, chosen or typed: 2026-12-03, 3-12-2026 or 3 12 2026."""

    widget = DayWidget
    default_error_messages = {
        "required": gettext_lazy("Choose a day, or type one. For example 3 12 2026."),
        "invalid": gettext_lazy("Choose a day, or type one. For example 3 12 2026."),
    }

    def __init__(self, **kwargs: Any) -> None:
        """The notations people type."""
        super().__init__(input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d %m %Y", "%d/%m/%Y"], **kwargs)
