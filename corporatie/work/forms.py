"""The questions of this room's pages."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from corporatie.staff.fields import ColleagueField
from corporatie.staff.models import Team, User
from corporatie.staff.rules import away_between
from corporatie.subjects.fields import DayField
from corporatie.work.models import Duty
from corporatie.work.rules import may_be_on_duty, why_no_duty

PROMISE, ACTION = "promise", "action"


def _not_before_today(day: date) -> None:
    if day < timezone.localdate():
        raise ValidationError(_("This day is over. Choose today or a later day."))


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
    due_on = DayField(label=_("When?"), validators=[_not_before_today])
    owner = forms.ModelChoiceField(
        label=_("Who answers for it?"),
        queryset=User.objects.none(),
        error_messages={"required": _("Choose who answers for it.")},
    )
    is_told = forms.BooleanField(label=_("The resident knows when we do this"), required=False)

    def __init__(self, *args: Any, colleagues: QuerySet[User], **kwargs: Any) -> None:
        """``colleagues`` may answer for it."""
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = colleagues  # type: ignore[attr-defined]

    @property
    def is_promise(self) -> bool:
        """Promised to the resident."""
        return bool(self.cleaned_data["sort"] == PROMISE)


class MoveForm(forms.Form):
    """Another day, or another colleague."""

    due_on = DayField(label=_("Which day will it be?"), validators=[_not_before_today])
    owner = forms.ModelChoiceField(label=_("Who answers for it?"), queryset=User.objects.none())

    def __init__(self, *args: Any, colleagues: QuerySet[User], **kwargs: Any) -> None:
        """``colleagues`` may answer for it."""
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = colleagues  # type: ignore[attr-defined]


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


def _tomorrow_or_later(day: date) -> None:
    if day <= timezone.localdate():
        raise ValidationError(_("Choose tomorrow or a later day."))


class LaterForm(forms.Form):
    """When one wants to see it again."""

    until = DayField(label=_("When do you want to see it again?"), validators=[_tomorrow_or_later])


# An absence further away than this says nothing about who is chosen today.
NEAR = timedelta(days=28)


class DutyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A row of the roster, of one team or with the question which one."""

    user = ColleagueField(
        label=_("Who?"), queryset=User.objects.none(), error_messages={"required": _("Choose who is on duty.")}
    )
    # What was on the screen: somebody else may have changed the row since.
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Duty
        fields = ("team", "user", "shift", "order", "from_on", "until_on")
        labels = {
            "shift": _("When?"),
            "order": _("Who is asked first?"),
            "from_on": _("From which day?"),
            "until_on": _("Until and including which day?"),
        }
        widgets = {name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d") for name in ("from_on", "until_on")}
        error_messages = {
            "from_on": {"required": _("Choose the first day."), "invalid": _("Choose the first day.")},
            "until_on": {"required": _("Choose the last day."), "invalid": _("Choose the last day.")},
        }

    # The team of the page; without one it is asked.
    team: Team | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Only colleagues who judge signals are offered."""
        super().__init__(*args, **kwargs)
        if self.team is not None:
            self.fields.pop("team", None)
            self.instance.team = self.team
        who: Any = self.fields["user"]
        who.queryset = may_be_on_duty(self.team).order_by("name")
        today = timezone.localdate()
        who.away = away_between(today, today + NEAR, among=who.queryset)
        self.fields["version"].initial = self._version()

    def _version(self) -> str:
        return self.instance.changed_at.isoformat() if self.instance.changed_at else ""

    def clean(self) -> dict[str, Any]:
        """What the verb would refuse is said beside the form."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if answers.get("version", "") != self._version():
            raise ValidationError(_("A colleague changed this meanwhile. Look at the roster and try again."))
        if answers.get("until_on") and answers.get("from_on") and answers["until_on"] < answers["from_on"]:
            self.add_error("until_on", _("The last day lies before the first day."))
        if not self.errors:
            names = ("user", "shift", "order", "from_on", "until_on")
            wanted = Duty(pk=self.instance.pk, team=self.team or answers.get("team"), **{n: answers[n] for n in names})
            if reason := why_no_duty(wanted):
                raise ValidationError(reason)
        return answers


def duty_form(team: Team) -> type[DutyForm]:
    """The form of the roster of this team."""
    return type("TeamDutyForm", (DutyForm,), {"team": team})
