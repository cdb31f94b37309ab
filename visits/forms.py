"""The questions of this room's pages. Almost nothing is required."""

import uuid
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from corporatie.staff.models import User
from corporatie.subjects.fields import A_MONTH, A_YEAR, DayField
from corporatie.work.rules import Offered
from corporatie.work.states import NOT_OFFERED
from tenants.states import Channel
from visits.models import Visit
from visits.states import Announced, Direction, VisitReason

NOW, EARLIER, OTHER_DAY = "now", "earlier", "other"
# A day without a time: the middle of it.
NOON = time(12)


class PlanForm(forms.Form):
    """Plan a visit."""

    visit_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    reason = forms.ChoiceField(
        label=_("Why do we come?"), initial=VisitReason.TALK, error_messages={"invalid_choice": NOT_OFFERED}
    )
    purpose = forms.CharField(
        label=_("What for, in a few words"),
        max_length=120,
        required=False,
        help_text=_("For example: come back about the energy bill."),
    )
    planned_on = DayField(label=_("Which day?"), latest=A_YEAR)
    planned_time = forms.TimeField(
        label=_("What time?"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    visitor = forms.ModelChoiceField(label=_("Who goes?"), queryset=User.objects.none())
    second_visitor = forms.ModelChoiceField(
        label=_("Who comes along?"), queryset=User.objects.none(), required=False, empty_label=_("Nobody")
    )
    announced = forms.ChoiceField(
        label=_("How was the visit announced?"),
        choices=Announced.choices,
        initial=Announced.NO,
        widget=forms.RadioSelect(attrs={"class": "kt-chips"}),
    )

    def __init__(self, *args: Any, colleagues: QuerySet[User], needs_two: bool = False, **kwargs: Any) -> None:
        """``needs_two``: a safety agreement asks for a second visitor."""
        super().__init__(*args, **kwargs)
        reasons = Offered.load().of("visit_reason")
        self.fields["reason"].choices = reasons  # type: ignore[attr-defined]
        # An address someone kept may ask for a reason that is left out by now.
        if self.initial.get("reason") not in dict(reasons):
            self.initial["reason"] = VisitReason.TALK
        for name in ("visitor", "second_visitor"):
            self.fields[name].queryset = colleagues  # type: ignore[attr-defined]
        self.fields["second_visitor"].required = needs_two
        if needs_two:
            self.fields["second_visitor"].error_messages["required"] = _(
                "Choose who comes along: here we visit with two."
            )


class WhenForm(forms.Form):
    """When it was. Now, unless someone says otherwise: no tap more."""

    when = forms.ChoiceField(
        label=_("When was it?"),
        choices=[(NOW, _("Just now")), (EARLIER, _("Earlier today")), (OTHER_DAY, _("Another day"))],
        initial=NOW,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "kt-chips"}),
    )
    when_day = DayField(label=_("Which day was it?"), required=False, earliest=-A_MONTH, latest=0, chips=False)
    when_time = forms.TimeField(
        label=_("What time was it?"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Fill in a time. For example 14:30.")},
    )

    def __init__(self, *args: Any, planned: Visit | None = None, **kwargs: Any) -> None:
        """A visit that was ``planned`` on a day that is over was most likely then: that is filled in already."""
        super().__init__(*args, **kwargs)
        self.planned = planned if planned is not None and self._was_lately(planned) else None
        if self.planned is not None:
            self.initial |= {
                "when": OTHER_DAY, "when_day": self.planned.planned_on, "when_time": self.planned.planned_time
            }  # fmt: skip

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


class ContactForm(forms.Form):
    """A call, a letter, a word at the desk, in one line."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    channel = forms.ChoiceField(
        label=_("How did you have contact?"),
        choices=[(channel.value, channel.label) for channel in Channel if channel != Channel.VISIT],
        widget=forms.RadioSelect(attrs={"class": "kt-chips"}),
        error_messages={"required": _("Choose how you had contact.")},
    )
    direction = forms.ChoiceField(
        label=_("Who sought contact?"),
        choices=Direction.choices,
        initial=Direction.OUT,
        widget=forms.RadioSelect(attrs={"class": "kt-chips"}),
    )
    line = forms.CharField(
        label=_("In one line"),
        max_length=200,
        help_text=_("Write only what was said. No diagnoses. The resident may read this."),
        error_messages={"required": _("Write in one line what it was about.")},
    )
    happened_on = DayField(label=_("When?"), earliest=-A_YEAR, latest=0, chips=False, initial=timezone.localdate)


class ResponseForm(forms.Form):
    """What the resident says of the report. Added to it; the report stays as it was."""

    text = forms.CharField(
        label=_("What does the resident say of it?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write down what the resident says.")},
    )
