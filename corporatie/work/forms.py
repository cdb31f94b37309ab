"""The questions of this room's pages."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corporatie.staff.fields import Candidate, ColleagueField
from corporatie.subjects.fields import A_YEAR, DayField

PROMISE, ACTION = "promise", "action"


class FollowUpForm(forms.Form):
    """A promise to the resident, or something we must do."""

    what = forms.CharField(
        label=_("What must be done?"),
        max_length=200,
        help_text=_("For example: the painter calls about the window."),
        error_messages={"required": _("Write down what must be done.")},
    )
    sort = forms.ChoiceField(
        label=_("Is it a promise?"),
        choices=[(PROMISE, _("Promised to the resident")), (ACTION, _("Only for ourselves"))],
        initial=PROMISE,
        widget=forms.RadioSelect(attrs={"class": "kt-chips"}),
    )
    due_on = DayField(label=_("When?"))
    owner = ColleagueField(label=_("Who answers for it?"), error_messages={"required": _("Choose who answers for it.")})
    is_told = forms.BooleanField(label=_("The resident knows when we do this"), required=False)

    def __init__(self, *args: Any, colleagues: Sequence[Candidate], **kwargs: Any) -> None:
        """``colleagues`` may answer for it."""
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(colleagues)  # type: ignore[attr-defined]

    @property
    def is_promise(self) -> bool:
        """Promised to the resident."""
        return bool(self.cleaned_data["sort"] == PROMISE)


class MoveForm(forms.Form):
    """Another day, or another colleague."""

    due_on = DayField(label=_("Which day will it be?"))
    owner = ColleagueField(label=_("Who answers for it?"), error_messages={"required": _("Choose who answers for it.")})

    def __init__(self, *args: Any, colleagues: Sequence[Candidate], **kwargs: Any) -> None:
        """``colleagues`` may answer for it."""
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(colleagues)  # type: ignore[attr-defined]


class FinishForm(forms.Form):
    """It is done. A word about it is welcome, not needed."""

    note = forms.CharField(label=_("What came of it?"), max_length=200, required=False)


class DropForm(forms.Form):
    """It will not be done, and why."""

    reason = forms.CharField(
        label=_("Why will it not be done?"),
        max_length=200,
        help_text=_("The resident may read this."),
        error_messages={"required": _("Write down why it will not be done.")},
    )


class LaterForm(forms.Form):
    """When one wants to see it again."""

    until = DayField(label=_("When do you want to see it again?"), earliest=1, latest=A_YEAR)
