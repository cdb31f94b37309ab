"""The questions of this room's pages. Only what cannot be missed is required."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from cases.states import (
    LONGEST_FLAG,
    RESULTS_AFTER_ASSESSING,
    SIGNAL_ICON,
    CaseResult,
    CaseStatus,
    Confidentiality,
    FlagKind,
    ProblemOwner,
    ResidentTold,
    Severity,
    SignalSource,
    SignalType,
    confidentiality_of,
)
from corporatie.staff.fields import Candidate, ColleagueField
from corporatie.staff.models import User
from corporatie.subjects.fields import A_YEAR, DayField
from corporatie.subjects.text import refuse_medical_words
from corporatie.work.models import ResponseNorm
from corporatie.work.rules import Calendar, Offered
from corporatie.work.states import NOT_OFFERED

ONLY_FACTS = _("Write only what you saw or heard. No diagnoses. The resident may read this.")
WHY_SECOND = _("Reads along, and stands in while the handler is away. Nobody else can open a secret dossier.")


def in_words(day: date) -> str:
    """ "do 26 november"."""
    return date_format(day, "D j F").lower()


def today_or(day: date) -> str:
    """ "vandaag", or "do 26 november"."""
    return str(_("today")) if day == timezone.localdate() else in_words(day)


def _by_urgency() -> list[tuple[int, Any]]:
    return [(severity.value, severity.label) for severity in sorted(Severity, reverse=True)]


def norm_hints(today: date) -> dict[int, str]:
    """For each severity its norm in words, with the day."""
    calendar = Calendar.load()
    hints = {}
    for severity, days in ResponseNorm.all_days().items():
        if days == 0:
            hints[severity] = str(_("First action today. After reporting you read whom to phone now."))
            continue
        within = ngettext("First action within %d working day", "First action within %d working days", days) % days
        hints[severity] = f"{within}: {in_words(calendar.add(today, days))}"
    return hints


class SignalForm(forms.Form):
    """Report a signal: what strikes you and how soon are enough."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    type = forms.ChoiceField(
        label=_("What strikes you?"),
        widget=forms.RadioSelect(attrs={"class": "kt-tiles"}),
        error_messages={"required": _("Choose what strikes you."), "invalid_choice": NOT_OFFERED},
    )
    seen = forms.CharField(
        label=_("What did you see or hear?"),
        max_length=2000,
        required=False,
        help_text=ONLY_FACTS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    thought = forms.CharField(
        label=_("What do you think?"),
        max_length=1000,
        required=False,
        help_text=_("Your own estimate, apart from the facts."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    severity = forms.TypedChoiceField(
        label=_("How soon?"),
        choices=_by_urgency,
        coerce=int,
        widget=forms.RadioSelect(attrs={"class": "kt-choices-1"}),
        error_messages={"required": _("Choose how soon someone must act.")},
    )
    source = forms.ChoiceField(
        label=_("Who noticed it?"),
        initial=SignalSource.OWN,
        required=False,
        error_messages={"invalid_choice": NOT_OFFERED},
    )
    resident_told = forms.ChoiceField(
        label=_("Does the resident know that you report this?"),
        choices=ResidentTold.choices,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """What this association offers; each tile its icon, each severity its norm."""
        super().__init__(*args, **kwargs)
        offered = Offered.load()
        self.fields["type"].choices = offered.of("signal_type")  # type: ignore[attr-defined]
        self.fields["source"].choices = offered.of("signal_source")  # type: ignore[attr-defined]
        self.fields["type"].widget.icons = SIGNAL_ICON
        self.fields["severity"].widget.hints = norm_hints(timezone.localdate())

    def clean_source(self) -> str:
        """Who leaves it open noticed it herself."""
        return self.cleaned_data["source"] or SignalSource.OWN

    def clean(self) -> dict[str, Any]:
        """ "Something else" says nothing without words."""
        answers = super().clean() or {}
        if answers.get("type") == SignalType.OTHER and not answers.get("seen", "").strip():
            self.add_error("seen", _("Write down what you saw or heard: “something else” says too little."))
        return answers


class RefuseHandOverForm(forms.Form):
    """Not to be taken over, and why."""

    reason = forms.CharField(
        label=_("Why not?"),
        max_length=300,
        help_text=_("One sentence for who asked."),
        error_messages={"required": _("Write in one sentence why not.")},
    )


class _SuccessorForm(forms.Form):
    """Who comes after somebody. When that is another one by now, she reads who before she chooses again."""

    was = forms.IntegerField(widget=forms.HiddenInput, required=False)
    chooses: ClassVar[str]

    def __init__(self, *args: Any, colleagues: Sequence[Candidate], holder: User | None, **kwargs: Any) -> None:
        """``colleagues`` may be chosen; ``holder`` is it now."""
        now = holder.pk if holder else None
        kwargs["initial"] = {"was": now, self.chooses: now}
        super().__init__(*args, **kwargs)
        self.holder = holder
        self.fields[self.chooses].offer(colleagues)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Nobody overwrites what she has not seen."""
        answers = super().clean() or self.cleaned_data
        now = self.holder.pk if self.holder else None
        if "was" in self.data and answers.get("was") != now:
            self.data = {**dict(self.data.items()), "was": now}
            name = self.holder or _("nobody")
            self.add_error(None, _("This was changed meanwhile: now it is %(name)s. Choose again.") % {"name": name})
        return answers


class HandlerForm(_SuccessorForm):
    """Who goes on with it."""

    chooses = "handler"
    handler = ColleagueField(label=_("Who goes on with it?"))


class SecondReaderForm(_SuccessorForm):
    """Who stands in for the handler of a secret dossier."""

    chooses = "second_reader"
    second_reader = ColleagueField(label=_("Who is the second reader?"), help_text=WHY_SECOND)


class HeirForm(forms.Form):
    """Which dossier that nobody can open any more, and who handles it from now on."""

    case = forms.ChoiceField(label=_("Which dossier?"))
    handler = ColleagueField(label=_("Who handles it from now on?"))

    def __init__(self, *args: Any, orphans: Sequence[Any], colleagues: Sequence[Candidate], **kwargs: Any) -> None:
        """``orphans`` are there; ``colleagues`` may handle one."""
        super().__init__(*args, **kwargs)
        case: Any = self.fields["case"]
        case.choices = [(str(each.pk), f"{each.number} · {each.team}") for each in orphans]
        self.fields["handler"].offer(colleagues)  # type: ignore[attr-defined]


class _CaseChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        """What it is about, where it is and since when."""
        return f"{obj.type_words} · {obj.status_words} · {in_words(timezone.localdate(obj.created_at))}"


class AttachForm(forms.Form):
    """To which dossier of the same household the signal belongs."""

    case = _CaseChoice(
        label=_("To which dossier does it belong?"),
        queryset=Case.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect(attrs={"class": "kt-choices-1"}),
        error_messages={"required": _("Choose a dossier."), "invalid_choice": _("Choose a dossier of this household.")},
    )

    def __init__(self, *args: Any, cases: QuerySet[Case], **kwargs: Any) -> None:
        """``cases``: the open dossiers this colleague may see."""
        super().__init__(*args, **kwargs)
        self.fields["case"].queryset = cases  # type: ignore[attr-defined]


class ExplanationForm(forms.Form):
    """Why no dossier is needed."""

    explanation = forms.CharField(
        label=_("Why is nothing more needed?"),
        max_length=300,
        help_text=ONLY_FACTS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write down in one sentence why nothing more is needed.")},
    )


class StepForm(forms.Form):
    """What must happen next, who does it and when."""

    step_what = forms.CharField(
        label=_("What must happen?"),
        max_length=200,
        help_text=_("One step, with a verb. For example: call the social team about the intake."),
        error_messages={"required": _("Write down the next step: an open dossier always has one.")},
    )
    step_owner = ColleagueField(label=_("Who does it?"), error_messages={"required": _("Choose who does it.")})
    step_due_on = DayField(label=_("When?"))

    def __init__(self, *args: Any, colleagues: Sequence[Candidate], **kwargs: Any) -> None:
        """``colleagues`` may do it."""
        super().__init__(*args, **kwargs)
        self.fields["step_owner"].offer(colleagues)  # type: ignore[attr-defined]


class ChangeStepForm(StepForm):
    """Other words, another day or another colleague for the same step."""

    step = forms.UUIDField(widget=forms.HiddenInput)


class TakeStepForm(StepForm):
    """The step is done: what came of it, and what now?"""

    step = forms.UUIDField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("What came of it?"),
        max_length=200,
        required=False,
        help_text=ONLY_FACTS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ["step", "note", "step_what", "step_owner", "step_due_on"]


class ReopenForm(StepForm):
    """Why the dossier opens again, and what happens next."""

    reason = forms.CharField(
        label=_("Why does the dossier open again?"),
        max_length=300,
        help_text=ONLY_FACTS,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write down why the dossier opens again.")},
    )
    field_order = ["reason", "step_what", "step_owner", "step_due_on"]


class ProblemOwnerForm(forms.Form):
    """Whose is the problem? Someone else than who handles the dossier, most often."""

    problem_owner = forms.ChoiceField(
        label=_("Whose problem is it?"),
        choices=ProblemOwner.choices,
        initial=ProblemOwner.UNKNOWN,
        help_text=_("Not who handles the dossier, but whose problem it is behind the front door."),
        widget=forms.RadioSelect(attrs={"class": "kt-chips"}),
        error_messages={"required": _("Choose whose problem it is. “Not clear yet” is an answer too.")},
    )
    problem_owner_name = forms.CharField(
        label=_("Who exactly?"),
        max_length=120,
        required=False,
        help_text=_("For example: the son, or the debt counsellor of the municipality."),
    )


class CaseForm(ProblemOwnerForm, StepForm):
    """Open a dossier with its first step."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    type = forms.ChoiceField(
        label=_("What is it about?"),
        error_messages={"required": _("Choose what it is about."), "invalid_choice": NOT_OFFERED},
    )
    more = forms.MultipleChoiceField(
        label=_("Is it about something else too?"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "kt-chips"}),
        error_messages={"invalid_choice": NOT_OFFERED},
    )
    severity = forms.TypedChoiceField(
        label=_("How serious is it?"),
        choices=_by_urgency,
        coerce=int,
        initial=Severity.MEDIUM.value,
        widget=forms.RadioSelect(attrs={"class": "kt-chips"}),
        error_messages={"required": _("Choose how serious it is.")},
    )
    handler = ColleagueField(
        label=_("Who handles the dossier?"), error_messages={"required": _("Choose who handles it.")}
    )
    second_reader = ColleagueField(
        label=_("Who is the second reader?"),
        required=False,
        empty_label=_("Nobody"),
        needed_when=_("for a secret dossier"),
    )
    goal = forms.CharField(
        label=_("What does the resident want?"),
        max_length=300,
        required=False,
        help_text=_("In the resident’s own words."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, colleagues: Sequence[Candidate], **kwargs: Any) -> None:
        """``colleagues`` may handle a dossier. Who of them may not see this one, the action says."""
        super().__init__(*args, colleagues=colleagues, **kwargs)
        for name in ("handler", "second_reader"):
            self.fields[name].offer(colleagues)  # type: ignore[attr-defined]
        # What the signal was about may be left out by now.
        kinds = Offered.load().of("signal_type", keep=self.initial.get("type", ""))
        self.fields["type"].choices = [("", _("Choose what it is about")), *kinds]  # type: ignore[attr-defined]
        self.fields["more"].choices = kinds  # type: ignore[attr-defined]
        secret = [str(words) for code, words in kinds if confidentiality_of(code) == Confidentiality.SECRET]
        needed = gettext("Needed for a secret dossier: %(kinds)s.") % {"kinds": "; ".join(secret)}
        self.fields["second_reader"].help_text = f"{WHY_SECOND} {needed}"

    @property
    def types(self) -> list[str]:
        """The kinds of worry, the main one first."""
        return [self.cleaned_data["type"], *self.cleaned_data["more"]]

    def about(self) -> Iterable[forms.BoundField]:
        """The questions about the worry."""
        return [self["type"], self["severity"]]

    def people(self) -> Iterable[forms.BoundField]:
        """The questions about who."""
        return [self["handler"], self["second_reader"], self["problem_owner"], self["problem_owner_name"], self["goal"]]

    def step(self) -> Iterable[forms.BoundField]:
        """The questions about the first step."""
        return [self["step_what"], self["step_owner"], self["step_due_on"]]


class CloseCaseForm(forms.Form):
    """A result, and one sentence for the resident."""

    result = forms.ChoiceField(
        label=_("How did it end?"),
        choices=CaseResult.choices,
        widget=forms.RadioSelect(attrs={"class": "kt-choices-1"}),
        error_messages={"required": _("Choose how it ended.")},
    )
    summary = forms.CharField(
        label=_("One sentence for the resident"),
        max_length=300,
        help_text=_("As you would say it at the table. No diagnoses."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write one sentence for the resident.")},
    )
    told_on = DayField(label=_("Told the resident on"), required=False, earliest=-A_YEAR, latest=0, chips=False)

    def __init__(self, *args: Any, status: str, **kwargs: Any) -> None:
        """From "to be assessed" only some results are possible."""
        super().__init__(*args, **kwargs)
        if status == CaseStatus.ASSESSING:
            self.fields["result"].choices = [  # type: ignore[attr-defined]
                choice for choice in CaseResult.choices if choice[0] in RESULTS_AFTER_ASSESSING
            ]


class CancelForm(forms.Form):
    """Opened by mistake."""

    summary = forms.CharField(
        label=_("Why was the dossier opened by mistake?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write down in one sentence why.")},
    )


class FlagForm(forms.Form):
    """What someone at the door must do. Neither the kind nor the instruction gives the reason away."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    kind = forms.ChoiceField(
        label=_("What must a colleague at the door know?"),
        choices=FlagKind.choices,
        widget=forms.RadioSelect(attrs={"class": "kt-choices-2"}),
        error_messages={"required": _("Choose what a colleague must know.")},
    )
    instruction = forms.CharField(
        label=_("What must a colleague do?"),
        max_length=120,
        required=False,
        help_text=_("An instruction, never the reason. For example: agree beforehand who leads the talk."),
        validators=[refuse_medical_words],
    )
    review_on = DayField(
        label=_("Look at it again by"),
        help_text=_("Within a year. Without a new decision it ends on that day."),
        earliest=1,
        latest=A_YEAR,
        chips=False,
    )
    told_on = DayField(
        label=_("Told the person on"),
        required=False,
        earliest=-A_YEAR,
        latest=0,
        chips=False,
        help_text=_("Fill in this day, or write down below why the person was not told."),
    )
    not_told_because = forms.CharField(label=_("Why the person was not told"), max_length=200, required=False)
    reason = forms.CharField(
        label=_("Why do we decide this?"),
        max_length=1000,
        required=False,
        help_text=_("What happened, as a fact. Stored encrypted; every look at it is written down."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def open_questions(self) -> Iterable[forms.BoundField]:
        """All but the confidential reason, which has a surface of its own."""
        return [field for field in self.visible_fields() if field.name != "reason"]

    def clean(self) -> dict[str, Any]:
        """The person was told, or it says why not."""
        answers = super().clean() or {}
        if "told_on" in answers and not answers["told_on"] and not answers.get("not_told_because", "").strip():
            self.add_error("told_on", _("Fill in when the person was told, or why not."))
        return answers


class RenewFlagForm(forms.Form):
    """It holds on: until when?"""

    review_on = DayField(
        label=_("Look at it again by"), help_text=_("Within a year."), earliest=1, latest=A_YEAR, chips=False
    )


def latest_review(today: date) -> date:
    """The last day on which a point of attention may be looked at again."""
    return today + LONGEST_FLAG - timedelta(days=1)
