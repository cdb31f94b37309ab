"""The questions of this room's pages. Almost nothing is required."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from corporatie.staff.fields import Candidate, ColleagueField
from corporatie.subjects.fields import A_YEAR, DayField
from corporatie.work.rules import Offered
from corporatie.work.states import NOT_OFFERED
from tenants.states import Channel
from visits.states import Announced, Direction, VisitReason


class VisitorsForm(forms.Form):
    """Who goes, and who comes along."""

    visitor = ColleagueField(label=_("Who goes?"))
    second_visitor = ColleagueField(label=_("Who comes along?"), required=False, empty_label=_("Nobody"))

    def __init__(
        self,
        *args: Any,
        visitors: Sequence[Candidate],
        companions: Sequence[Candidate],
        needs_two: bool = False,
        **kwargs: Any,
    ) -> None:
        """``needs_two``: a safety agreement asks for a second visitor."""
        super().__init__(*args, **kwargs)
        self.fields["visitor"].offer(visitors)  # type: ignore[attr-defined]
        self.fields["second_visitor"].offer(companions)  # type: ignore[attr-defined]
        self.fields["second_visitor"].required = needs_two
        if needs_two:
            self.fields["second_visitor"].error_messages["required"] = _(
                "Choose who comes along: here we visit with two."
            )


class PlanForm(VisitorsForm):
    """Plan a visit."""

    field_order = ("visit_id", "reason", "purpose", "planned_on", "planned_time", "visitor", "second_visitor")

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
    announced = forms.ChoiceField(
        label=_("How was the visit announced?"),
        choices=Announced.choices,
        initial=Announced.NO,
        widget=forms.RadioSelect(attrs={"class": "kt-chips"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As ``VisitorsForm``."""
        super().__init__(*args, **kwargs)
        reasons = Offered.load().of("visit_reason")
        self.fields["reason"].choices = reasons  # type: ignore[attr-defined]
        # An address someone kept may ask for a reason that is left out by now.
        if self.initial.get("reason") not in dict(reasons):
            self.initial["reason"] = VisitReason.TALK


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
