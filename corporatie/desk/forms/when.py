"""When it was: asked of a talk, and of a door that stayed closed."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corporatie.subjects.fields import A_MONTH, DayField
from visits.models import Visit

NOW, EARLIER, OTHER_DAY = "now", "earlier", "other"
# When it was, in the address of a form that goes on with an answer given before.
CARRIED, CARRIED_AS = "wanneer", "%Y-%m-%dT%H:%M"
# A day without a time: the middle of it.
NOON = time(12)


def moment_carried(text: str) -> dict[str, Any]:
    """What is filled in of ``WhenForm`` after an answer given before; nothing for what is no moment."""
    if text == NOW:
        return {"when": NOW, "when_day": None, "when_time": None}
    try:
        moment = datetime.strptime(text, CARRIED_AS)  # noqa: DTZ007  (the clock on the wall)
    except ValueError:
        return {}
    return {"when": OTHER_DAY, "when_day": moment.date(), "when_time": moment.time()}


class WhenForm(forms.Form):
    """When it was. Now, unless someone says otherwise: no tap more."""

    when = forms.ChoiceField(
        label=gettext_lazy("When was it?"),
        choices=[
            (NOW, gettext_lazy("Just now")),
            (EARLIER, gettext_lazy("Earlier today")),
            (OTHER_DAY, gettext_lazy("Another day")),
        ],
        initial=NOW,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "kt-chips"}),
    )
    when_day = DayField(
        label=gettext_lazy("Which day was it?"), required=False, earliest=-A_MONTH, latest=0, chips=False
    )
    when_time = forms.TimeField(
        label=gettext_lazy("What time was it?"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": gettext_lazy("Fill in a time. For example 14:30.")},
    )

    def __init__(self, *args: Any, planned: Visit | None = None, **kwargs: Any) -> None:
        """A visit that was ``planned`` on a day that is over was most likely then: that is filled in already."""
        super().__init__(*args, **kwargs)
        self.planned = planned if planned is not None and self._was_lately(planned) else None
        if self.planned is not None:
            then = {"when": OTHER_DAY, "when_day": self.planned.planned_on, "when_time": self.planned.planned_time}
            self.initial = {**then, **self.initial}

    @staticmethod
    def _was_lately(visit: Visit) -> bool:
        days = (timezone.localdate() - visit.planned_on).days
        return visit.is_planned and 0 < days < A_MONTH

    def clean(self) -> dict[str, Any]:
        """Another moment needs its day or its time, and lies behind us."""
        answers = super().clean() or self.cleaned_data
        when, day, time = (answers.get(name) for name in ("when", "when_day", "when_time"))
        if when == EARLIER and not time and "when_time" not in self.errors:
            self.add_error("when_time", _("Fill in what time it was."))
        if when == OTHER_DAY and not day and "when_day" not in self.errors:
            self.add_error("when_day", _("Fill in which day it was."))
        if when == NOW and day and "when_day" in self.changed_data:
            self.add_error("when", _("You filled in a day. Choose “Another day”, or leave the day empty."))
        if not self.errors and (moment := self.happened_at) and moment > timezone.now():
            self.add_error("when_time", _("This time is still to come."))
        return answers

    @property
    def happened_at(self) -> datetime | None:
        """The moment it was, or nothing for now."""
        answers, today = self.cleaned_data, timezone.localdate()
        when, day, clock = answers.get("when"), answers.get("when_day"), answers.get("when_time")
        if not when and self.planned is not None:
            when, day, clock = OTHER_DAY, self.planned.planned_on, self.planned.planned_time
        if when == EARLIER and clock:
            return timezone.make_aware(datetime.combine(today, clock))
        if when == OTHER_DAY and day and (clock or day != today):
            return timezone.make_aware(datetime.combine(day, clock or NOON))
        return None

    @property
    def carried(self) -> dict[str, str]:
        """The answer, to go along in the address of a next form; empty when nobody gave it."""
        if not self.cleaned_data.get("when"):
            return {}
        moment = self.happened_at
        return {CARRIED: timezone.localtime(moment).strftime(CARRIED_AS) if moment else NOW}

    @property
    def is_another_moment(self) -> bool:
        """Whether another moment than now is chosen, or filled in already."""
        return self["when"].value() not in (None, "", NOW)

    @property
    def when_words(self) -> Any:
        """The chosen answer in words."""
        return dict(self.fields["when"].choices)[self["when"].value() or NOW]  # type: ignore[attr-defined]

    def refuse(self, refused: ValidationError) -> None:
        """What a verb refuses, beside the question it is about."""
        about_when = getattr(refused, "error_dict", {}).pop("happened_at", None)
        if about_when:
            self.add_error("when", about_when)
        if not about_when or refused.error_dict:
            self.add_error(None, refused)
