"""The talk at the table: one question, and sections that may all stay empty."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases.states import ResidentTold, Severity, SignalType
from corporatie.desk.forms.when import WhenForm
from corporatie.staff.fields import Candidate, ColleagueField
from corporatie.staff.models import User
from corporatie.subjects.fields import DayField, DayWidget, propose_from, same_term
from corporatie.subjects.text import medical_word, refuse_medical_words
from corporatie.work.models import ResponseNorm
from corporatie.work.rules import Offered
from corporatie.work.states import NOT_OFFERED, Carrier
from projects.actions import TakeIntoAccount
from projects.states import GROUPS, PRESETS, AccommodationCode, Importance, IntakeAnswer
from visits.actions import Action, Promise, Talk, TopicLine, Worry
from visits.states import AreaAnswer, LifeArea, Mood, Outcome

# As many promises as fit at one table; more go through the household's page.
PROMISES = 4
FACTS_ONLY = gettext_lazy("Write only what you saw or heard. No diagnoses. The resident may read this.")


def _radio(look: str) -> forms.RadioSelect:
    return forms.RadioSelect(attrs={"class": look})


def _line(label: Any, *, length: int, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=False, **options)


def _text(label: Any, *, length: int, rows: int = 3, **options: Any) -> forms.CharField:
    return _line(label, length=length, widget=forms.Textarea(attrs={"rows": rows, "lang": "nl"}), **options)


class QuickTalkForm(forms.Form):
    """The one question, as it stands on the card: three taps and the talk is saved."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    is_mostly_optional = True

    def __init__(self, *args: Any, asks_intake: bool, **kwargs: Any) -> None:
        """``asks_intake``: a renovation project wants the first question; otherwise we ask how it went."""
        super().__init__(*args, **kwargs)
        self.asks_intake = asks_intake
        if asks_intake:
            self.fields["answer"] = forms.ChoiceField(
                label=gettext_lazy(
                    "Do we have to take you or your situation into account while a renovation project is carried out?"
                ),
                choices=IntakeAnswer.choices,
                required=False,
                widget=_radio("kt-choices-2"),
            )
        else:
            self.fields["mood"] = forms.ChoiceField(
                label=gettext_lazy("How did it go?"),
                choices=Mood.choices,
                required=False,
                widget=_radio("kt-choices-1"),
            )

    @property
    def question(self) -> forms.BoundField:
        """The one question."""
        return self["answer" if self.asks_intake else "mood"]


class TalkForm(WhenForm, QuickTalkForm):
    """The whole talk. Only the outcome is needed, and that is filled in."""

    worry_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)
    outcome = forms.ChoiceField(
        label=gettext_lazy("Where did you talk?"),
        choices=[(Outcome.TALKED, gettext_lazy("At the table")), (Outcome.TALKED_AT_DOOR, gettext_lazy("At the door"))],
        initial=Outcome.TALKED,
        required=False,
        widget=_radio("kt-chips"),
    )
    quote = _line(gettext_lazy("In the resident's own words"), length=300)
    wishes = _text(
        gettext_lazy("Wishes and ideas, one on each line"),
        length=2000,
        help_text=gettext_lazy("You may pass these on to the project. So write nothing personal here."),
    )
    note = _text(gettext_lazy("Note"), length=4000, rows=4, help_text=FACTS_ONLY)
    note_is_action = forms.BooleanField(label=gettext_lazy("Make an action of this"), required=False)
    note_due = DayField(label=gettext_lazy("When will you do it?"), required=False)
    entry_allowed = forms.BooleanField(label=gettext_lazy("The resident said I could come in"), required=False)
    voluntary_explained = forms.BooleanField(
        label=gettext_lazy("I explained that the talk is voluntary"), required=False
    )
    worry_type = forms.ChoiceField(
        label=gettext_lazy("What strikes you?"),
        required=False,
        error_messages={"invalid_choice": NOT_OFFERED},
    )
    worry_seen = _text(gettext_lazy("What did you see or hear?"), length=2000, help_text=FACTS_ONLY)
    worry_thought = _line(gettext_lazy("What do you think?"), length=1000)
    worry_severity = forms.TypedChoiceField(
        label=gettext_lazy("How soon?"),
        coerce=int,
        empty_value=None,
        choices=[(severity.value, severity.label) for severity in reversed(Severity)],
        required=False,
        widget=_radio("kt-choices-2"),
    )
    worry_told = forms.ChoiceField(
        label=gettext_lazy("Does the resident know that you report this?"),
        choices=ResidentTold.choices,
        required=False,
        widget=_radio("kt-chips"),
    )

    def __init__(
        self, *args: Any, colleagues: Sequence[Candidate], user: User, held_on: date | None = None, **kwargs: Any
    ) -> None:
        """``colleagues`` may answer for a promise; ``user`` does so unless another is chosen.

        ``held_on``: the talk was kept to be worked out, so when it was is known.
        """
        super().__init__(*args, **kwargs)
        self.user = user
        self.known_day = held_on or self.initial.get("when_day")
        if held_on:
            for name in ("when", "when_day", "when_time"):
                del self.fields[name]
        if self.known_day and self.known_day != timezone.localdate():
            propose_from(self, self.known_day)
        offered = Offered.load()
        worries = [("", gettext_lazy("Nothing to report")), *offered.of("signal_type")]
        self.fields["worry_type"].choices = worries  # type: ignore[attr-defined]
        for area in LifeArea:
            self.fields[f"{area}_answer"] = forms.ChoiceField(
                label=gettext_lazy("How does it go?"),
                choices=AreaAnswer.choices,
                required=False,
                widget=_radio("kt-chips"),
            )
            self.fields[f"{area}_said"] = _line(gettext_lazy("What did you see or hear?"), length=500)
            self.fields[f"{area}_thought"] = _line(gettext_lazy("What do you think?"), length=500)
        for number in range(1, PROMISES + 1):
            self.fields[f"promise_{number}_what"] = _line(gettext_lazy("What do we promise?"), length=200)
            self.fields[f"promise_{number}_due"] = DayField(label=gettext_lazy("When?"), required=False)
            self.fields[f"promise_{number}_carrier"] = forms.ChoiceField(
                label=gettext_lazy("Who carries it out?"),
                choices=Carrier.choices,
                initial=Carrier.ME,
                required=False,
                widget=_radio("kt-chips"),
            )
            owner = ColleagueField(label=gettext_lazy("Who answers for it?"), initial=user, required=False)
            owner.offer(colleagues)
            self.fields[f"promise_{number}_owner"] = owner
        hints = {severity: _norm(days) for severity, days in ResponseNorm.all_days().items()}
        self.fields["worry_severity"].widget.hints = hints
        if self.asks_intake:
            self._add_intake_questions(offered)

    def _add_intake_questions(self, offered: Offered) -> None:
        wanted = dict(offered.of("accommodation"))
        for number, (label, codes) in enumerate(GROUPS):
            presets = [
                (f"{code}:{index}", preset)
                for code in codes
                if code in wanted
                for index, preset in enumerate(PRESETS.get(code, ()))
            ]
            if not presets:
                continue
            self.fields[f"take_{number}"] = forms.MultipleChoiceField(
                label=str(label),
                choices=presets,
                required=False,
                widget=forms.CheckboxSelectMultiple(attrs={"class": "kt-chips"}),
                error_messages={"invalid_choice": NOT_OFFERED},
            )
        self.fields["own_code"] = forms.ChoiceField(
            label=gettext_lazy("Something else: what is it about?"),
            choices=[("", gettext_lazy("Nothing else")), *wanted.items()],
            required=False,
            error_messages={"invalid_choice": NOT_OFFERED},
        )
        self.fields["own_instruction"] = _line(
            gettext_lazy("What does the worker have to do?"),
            length=120,
            help_text=gettext_lazy("An instruction, never a reason. For example: ring twice and wait."),
            validators=[refuse_medical_words],
        )
        self.fields["importance"] = forms.ChoiceField(
            label=gettext_lazy("How firm is this?"),
            choices=Importance.choices,
            initial=Importance.MUST,
            required=False,
            widget=_radio("kt-chips"),
        )
        self.fields["ok_to_share"] = forms.ChoiceField(
            label=gettext_lazy("Does the resident agree that we pass this on?"),
            choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
            required=False,
            widget=_radio("kt-choices-2"),
        )
        self.fields["reason"] = _text(gettext_lazy("Confidential reason"), length=1000)

    # --- What the page shows ------------------------------------------------------------------------
    def topic_fields(self) -> Iterator[dict[str, Any]]:
        """Each part of living with its three questions."""
        for area in LifeArea:
            fields = [self[f"{area}_{name}"] for name in ("answer", "said", "thought")]
            yield {"label": area.label, "fields": fields, "is_open": any(field.errors for field in fields)}

    def promise_fields(self) -> list[list[forms.BoundField]]:
        """Each promise with its four questions."""
        names = ("what", "due", "carrier", "owner")
        return [[self[f"promise_{number}_{name}"] for name in names] for number in range(1, PROMISES + 1)]

    def take_fields(self) -> list[forms.BoundField]:
        """The groups of instructions to pick from."""
        return [self[name] for name in self.fields if name.startswith("take_")]

    def summary(self) -> dict[str, Any]:
        """What is filled in, in a word for each section; empty for an untouched section."""
        if not self.is_bound:
            return {}
        data = self.data
        topics = [area.label for area in LifeArea if data.get(f"{area}_answer") or data.get(f"{area}_said")]
        promises = sum(bool(data.get(f"promise_{number}_what")) for number in range(1, PROMISES + 1))
        filled = _("Filled in")
        return {
            "topics": ", ".join(str(topic) for topic in topics),
            "promises": promises or "",
            "worry": filled if data.get("worry_type") else "",
            "wishes": filled if data.get("wishes") else "",
            "note": filled if data.get("note") else "",
        }

    # --- What is not right yet -----------------------------------------------------------------------
    def clean(self) -> dict[str, Any]:
        """Nothing blocks saving except a question that was half answered."""
        answers = super().clean() or self.cleaned_data
        for number in range(1, PROMISES + 1):
            self._clean_promise(answers, f"promise_{number}")
        self._clean_worry(answers)
        if answers.get("note_is_action"):
            if not answers.get("note"):
                self.add_error("note", _("Write down what the action is."))
            if not answers.get("note_due") and "note_due" not in self.errors:
                self.add_error("note_due", _("Choose when you will do it."))
        self._clean_terms(answers)
        if self.asks_intake:
            self._clean_intake(answers)
        return answers

    def _clean_terms(self, answers: dict[str, Any]) -> None:
        """ "Tomorrow" is the day after the talk. A term that is over by now is asked again."""
        today, moment = timezone.localdate(), self.happened_at
        held_on = timezone.localdate(moment) if moment else today
        if held_on == today or self.known_day:
            return
        for name, field in self.fields.items():
            day = answers.get(name)
            if not isinstance(field.widget, DayWidget) or not day or self.data.get(name) != day.isoformat():
                continue
            answers[name] = same_term(day, today=today, as_of=held_on)
            if answers[name] < today:
                counted = {"day": date_format(answers[name], "D j F").lower()}
                self.add_error(
                    name, _("Counted from the talk this was %(day)s, and that is over. Choose another day.") % counted
                )

    def _clean_promise(self, answers: dict[str, Any], prefix: str) -> None:
        what, due = answers.get(f"{prefix}_what"), answers.get(f"{prefix}_due")
        if what and not due and f"{prefix}_due" not in self.errors:
            self.add_error(f"{prefix}_due", _("Choose when we will do this."))
        if due and not what:
            self.add_error(f"{prefix}_what", _("Write down what we promise."))

    def _clean_worry(self, answers: dict[str, Any]) -> None:
        seen, kind = answers.get("worry_seen"), answers.get("worry_type")
        if not kind and (seen or answers.get("worry_thought") or answers.get("worry_severity")):
            self.add_error("worry_type", _("Choose what strikes you."))
        if kind and not answers.get("worry_severity"):
            self.add_error("worry_severity", _("Choose how soon someone must act."))
        if kind == SignalType.OTHER and not seen:
            self.add_error("worry_seen", _("Write down what you saw or heard."))

    def _clean_intake(self, answers: dict[str, Any]) -> None:
        code, instruction = answers.get("own_code"), answers.get("own_instruction")
        if instruction and not code:
            self.add_error("own_code", _("Choose what it is about."))
        if code and not instruction:
            self.add_error("own_instruction", _("Write down what the worker has to do."))
        if answers.get("answer") != IntakeAnswer.YES and (self._picked(answers) or instruction):
            self.add_error("answer", _("You picked something to take into account. Choose “Yes” here."))

    def _picked(self, answers: dict[str, Any]) -> list[str]:
        return [pick for number in range(len(GROUPS)) for pick in answers.get(f"take_{number}") or []]

    # --- What it becomes -----------------------------------------------------------------------------
    def talk(self, *, elaborate_later: bool) -> Talk:
        """All that was written down, as one talk."""
        answers = self.cleaned_data
        return Talk(
            outcome=answers["outcome"] or Outcome.TALKED,
            mood=answers.get("mood", ""),
            quote=answers["quote"],
            note=answers["note"],
            entry_allowed=answers["entry_allowed"],
            voluntary_explained=answers["voluntary_explained"],
            topics=[topic for topic in (self._topic(area) for area in LifeArea) if topic],
            promises=[promise for promise in map(self._promise, range(1, PROMISES + 1)) if promise],
            actions=self._actions(),
            worry=self._worry(),
            wishes=[line.strip()[:300] for line in answers["wishes"].splitlines() if line.strip()],
            elaborate_later=elaborate_later,
        )

    def take_into_account(self) -> list[TakeIntoAccount]:
        """The instructions that were picked, and the one that was written."""
        answers = self.cleaned_data
        chosen = [(pick.split(":")[0], self._preset(pick)) for pick in self._picked(answers)]
        if answers.get("own_instruction"):
            chosen.append((answers["own_code"], answers["own_instruction"]))
        return [
            TakeIntoAccount(
                code=code,
                instruction=instruction,
                importance=answers.get("importance") or Importance.MUST,
                resident_ok_to_share=answers.get("ok_to_share") == "yes",
            )
            for code, instruction in chosen
        ]

    def words_to_mind(self) -> list[str]:
        """Words in the notes that name a condition: a soft hint, nothing is refused."""
        texts = [str(value) for name, value in self.cleaned_data.items() if value and name.endswith(_FREE_TEXT)]
        return sorted({word for word in map(medical_word, texts) if word})

    def _topic(self, area: str) -> TopicLine | None:
        answer, said, thought = (self.cleaned_data[f"{area}_{name}"] for name in ("answer", "said", "thought"))
        return TopicLine(area, answer, said, thought) if answer or said or thought else None

    def _promise(self, number: int) -> Promise | None:
        what, due, carrier, owner = (
            self.cleaned_data[f"promise_{number}_{name}"] for name in ("what", "due", "carrier", "owner")
        )
        return Promise(what, due, owner or self.user, carrier or Carrier.ME) if what else None

    def _actions(self) -> list[Action]:
        answers = self.cleaned_data
        if not answers["note_is_action"]:
            return []
        return [Action(answers["note"][:200], answers["note_due"], self.user)]

    def _worry(self) -> Worry | None:
        answers = self.cleaned_data
        if not answers["worry_type"]:
            return None
        return Worry(
            client_uuid=answers["worry_uuid"] or uuid.uuid4(),
            type=answers["worry_type"],
            seen=answers["worry_seen"],
            severity=answers["worry_severity"],
            thought=answers["worry_thought"],
            resident_told=answers["worry_told"],
        )

    @staticmethod
    def _preset(pick: str) -> str:
        code, index = pick.split(":")
        return str(PRESETS[AccommodationCode(code)][int(index)])


_FREE_TEXT = ("note", "quote", "wishes", "_said", "_thought", "_seen")


def _norm(days: int) -> str:
    if days == 0:
        return _("someone acts today")
    return ngettext("someone acts within %d working day", "someone acts within %d working days", days) % days
