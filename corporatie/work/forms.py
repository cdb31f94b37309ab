"""The questions of this room's pages."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from corporatie.staff.fields import Candidate, ColleagueField
from corporatie.subjects.fields import A_YEAR, DayField
from corporatie.work.models import Duty
from corporatie.work.states import DutyOrder, Shift

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


CHANGED_MEANWHILE = _("A colleague changed this meanwhile. Look at the roster and try again.")


class DutyForm(forms.Form):
    """A row of the roster of one team."""

    user = ColleagueField(
        label=_("Who?"),
        error_messages={
            "required": _("Choose who is on duty."),
            "invalid_choice": _("This colleague cannot be on duty here. Choose someone from the list."),
        },
    )
    shift = forms.ChoiceField(
        label=_("When?"),
        choices=Shift.choices,
        initial=Shift.OFFICE,
        widget=forms.RadioSelect(attrs={"class": "kt-choices-1"}),
    )
    order = forms.TypedChoiceField(
        label=_("In which order?"),
        choices=DutyOrder.choices,
        coerce=int,
        initial=DutyOrder.FIRST,
        widget=forms.RadioSelect(attrs={"class": "kt-chips"}),
    )
    # Also a day that is over: a row that holds already is changed as well.
    from_on = DayField(
        label=_("From which day?"),
        earliest=-A_YEAR,
        chips=False,
        error_messages={"required": _("Choose the first day.")},
    )
    until_on = DayField(
        label=_("Until and including which day?"),
        earliest=-A_YEAR,
        chips=False,
        error_messages={"required": _("Choose the last day.")},
    )
    # What was on the screen: somebody else may have changed the row since.
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, colleagues: Sequence[Candidate], duty: Duty | None = None) -> None:
        """``colleagues`` can be on duty; ``duty`` is the row that is changed."""
        self.seen = version_of(duty)
        known = (
            {name: getattr(duty, name) for name in ("user", "shift", "order", "from_on", "until_on")} if duty else {}
        )
        super().__init__(data, initial={**known, "version": self.seen})
        self.fields["user"].offer(colleagues)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The days in their order, and nobody who changed it meanwhile."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if answers.pop("version", "") != self.seen:
            raise ValidationError(CHANGED_MEANWHILE)
        if answers.get("until_on") and answers.get("from_on") and answers["until_on"] < answers["from_on"]:
            self.add_error("until_on", _("The last day lies before the first day."))
        return answers


def version_of(duty: Duty | None) -> str:
    """Which version of a row is on the screen; nothing for a new one."""
    return duty.changed_at.isoformat() if duty and duty.changed_at else ""
