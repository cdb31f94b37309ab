"""What a colleague says of herself: mail, and when she is away."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corporatie.staff.fields import Candidate, ColleagueField
from corporatie.staff.models import User
from corporatie.staff.states import AbsencePart
from corporatie.subjects.fields import A_YEAR, DayField


class MailForm(forms.Form):
    """How often mail may reach a colleague."""

    mail_choice = forms.ChoiceField(
        label=gettext_lazy("When do you want mail?"),
        choices=User.MailChoice.choices,
        widget=forms.RadioSelect(attrs={"class": "kt-choices-1"}),
    )


class OwnAbsenceForm(forms.Form):
    """When one is away oneself, and who stands in."""

    from_on = DayField(label=gettext_lazy("From which day are you away?"), latest=A_YEAR, chips=False)
    until_on = DayField(label=gettext_lazy("Until and including which day?"), chips=False)
    part = forms.ChoiceField(
        label=gettext_lazy("Which part of each day?"),
        choices=AbsencePart.choices,
        initial=AbsencePart.DAY,
        widget=forms.RadioSelect(attrs={"class": "kt-choices-1"}),
    )
    substitute = ColleagueField(
        label=gettext_lazy("Who stands in for you?"),
        team_label=gettext_lazy("Your own team"),
        help_text=gettext_lazy("This colleague gets your reminders and sees your work for as long as you are away."),
        error_messages={
            "required": gettext_lazy("Choose who stands in for you."),
            "invalid_choice": gettext_lazy("This colleague cannot do your work. Choose someone from the list."),
        },
    )

    def __init__(self, *args: Any, colleagues: Sequence[Candidate], **kwargs: Any) -> None:
        """``colleagues`` can do the work."""
        super().__init__(*args, **kwargs)
        self.fields["substitute"].offer(colleagues)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The days in their order. Somebody who is away longer than a year has left, or typed another year."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = answers.get("from_on"), answers.get("until_on")
        if first and last and last < first:
            self.add_error("until_on", _("The last day lies before the first day."))
        elif first and last and last > first + timedelta(days=A_YEAR):
            self.add_error("until_on", _("An absence lasts at most a year. Ask the application administrator."))
        return answers
