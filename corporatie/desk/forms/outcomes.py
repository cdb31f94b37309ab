"""What came of a visit, other than a talk at the table."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy

from corporatie.desk.forms.when import WhenForm
from visits.states import OTHER_OUTCOMES, DoorSign, NextTime, Outcome


class NobodyHomeForm(forms.Form):
    """Nobody home. Nothing is required: two taps are enough."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    door_signs = forms.MultipleChoiceField(
        label=gettext_lazy("At the door"),
        choices=DoorSign.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "kt-chips"}),
    )
    next_time = forms.ChoiceField(
        label=gettext_lazy("Next time"),
        choices=NextTime.choices,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "kt-chips"}),
    )
    is_mostly_optional = True


class NobodyHomePageForm(WhenForm, NobodyHomeForm):
    """The same on its own page, where one can also say when it was."""


class OtherOutcomeForm(forms.Form):
    """What else came of the visit."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it?"),
        choices=[(outcome.value, outcome.label) for outcome in OTHER_OUTCOMES],
        widget=forms.RadioSelect(attrs={"class": "kt-choices-1"}),
        error_messages={"required": gettext_lazy("Choose what came of the visit.")},
    )

    @property
    def is_talk(self) -> bool:
        """A talk at the door goes on to its report."""
        return bool(self.cleaned_data["outcome"] == Outcome.TALKED_AT_DOOR)


class OtherOutcomePageForm(WhenForm, OtherOutcomeForm):
    """The same on its own page, where one can also say when it was."""
