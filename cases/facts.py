"""What can happen to a signal, a dossier or a point of attention. Ids and codes, never what someone wrote."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.states import CaseResult, CaseStatus, FlagKind
from corporatie.journal.facts import Code, Colleague, Fact, Key


@dataclass(frozen=True)
class SignalRaised(Fact):
    """Someone noticed that something may be wrong."""

    code = "signal_raised"
    sentence = _("Signal reported")
    icon = "signal"
    group = "signals"


@dataclass(frozen=True)
class SignalTakenUp(Fact):
    """A colleague goes on with it."""

    handler: Colleague
    code = "signal_taken_up"
    sentence = _("Signal taken up by {handler}")
    icon = "signal"
    group = "signals"


@dataclass(frozen=True)
class SignalAttached(Fact):
    """The signal belongs to a dossier from now on."""

    case: Key
    told_with = ("cases.case", "case")
    code = "signal_attached"
    sentence = _("Signal added to the dossier")
    icon = "case"
    group = "signals"


@dataclass(frozen=True)
class SignalClosed(Fact):
    """No dossier was needed; the explanation stands with the signal."""

    code = "signal_closed"
    sentence = _("Signal closed with an explanation")
    icon = "check"
    group = "signals"


@dataclass(frozen=True)
class CaseOpened(Fact):
    """A dossier was opened."""

    handler: Colleague
    code = "case_opened"
    sentence = _("Dossier opened, {handler} handles it")
    icon = "case"
    group = "cases"


@dataclass(frozen=True)
class CaseMoved(Fact):
    """The dossier got another status."""

    before: Code
    after: Code
    code = "case_moved"
    sentence = _("Dossier: {before} → {after}")
    icon = "case"
    group = "cases"

    def words(self) -> dict[str, Any]:
        """The statuses in words."""
        return {"before": CaseStatus(self.before).label, "after": CaseStatus(self.after).label}


@dataclass(frozen=True)
class CaseAssigned(Fact):
    """Another colleague handles the dossier."""

    handler: Colleague
    code = "case_assigned"
    sentence = _("{handler} handles the dossier from now on")
    icon = "person"
    group = "cases"


@dataclass(frozen=True)
class SecondReaderNamed(Fact):
    """Somebody was named to stand in for the handler of a secret dossier."""

    reader: Colleague
    code = "second_reader_named"
    sentence = _("Second reader: {reader}")
    icon = "person"
    group = "cases"


@dataclass(frozen=True)
class ProblemOwnerSet(Fact):
    """Agreed whose problem it is."""

    owner: Code
    code = "problem_owner_set"
    sentence = _("Agreed whose problem it is")
    icon = "person"
    group = "cases"


@dataclass(frozen=True)
class StepTaken(Fact):
    """A step was done and the next one was chosen."""

    done: Key
    following: Key
    code = "step_taken"
    sentence = _("Step done, next step chosen")
    icon = "check"
    group = "cases"


@dataclass(frozen=True)
class CaseClosed(Fact):
    """The dossier ended with a result."""

    result: Code
    code = "case_closed"
    sentence = _("Dossier closed: {result}")
    icon = "check"
    group = "cases"

    def words(self) -> dict[str, Any]:
        """The result in words."""
        return {"result": CaseResult(self.result).label}


@dataclass(frozen=True)
class CaseTold(Fact):
    """The resident heard how the dossier ended; on which day stands with the dossier."""

    code = "case_told"
    sentence = _("Told the resident how it ended")
    icon = "talk"
    group = "cases"
    is_system = True


@dataclass(frozen=True)
class CaseReopened(Fact):
    """The dossier is open again; the reason stands with the dossier."""

    code = "case_reopened"
    sentence = _("Dossier reopened")
    icon = "case"
    group = "cases"


@dataclass(frozen=True)
class FlagDecided(Fact):
    """A point of attention was decided on."""

    kind: Code
    code = "flag_decided"
    sentence = _("Point of attention: {kind}")
    icon = "shield"
    group = "signals"

    def words(self) -> dict[str, Any]:
        """The kind in words."""
        return {"kind": FlagKind(self.kind).label}


@dataclass(frozen=True)
class FlagTold(Fact):
    """The person it is about knows of the point of attention; since which day stands with it."""

    kind: Code
    code = "flag_told"
    sentence = _("Told the person: {kind}")
    icon = "talk"
    group = "signals"
    is_system = True

    def words(self) -> dict[str, Any]:
        """The kind in words."""
        return {"kind": FlagKind(self.kind).label}


@dataclass(frozen=True)
class FlagEnded(Fact):
    """A point of attention no longer holds."""

    kind: Code
    code = "flag_ended"
    sentence = _("Point of attention ended: {kind}")
    icon = "shield"
    group = "signals"

    def words(self) -> dict[str, Any]:
        """The kind in words."""
        return {"kind": FlagKind(self.kind).label}


@dataclass(frozen=True)
class FlagRenewed(Fact):
    """A point of attention was looked at again and holds on."""

    kind: Code
    code = "flag_renewed"
    sentence = _("Point of attention holds on: {kind}")
    icon = "shield"
    group = "signals"

    def words(self) -> dict[str, Any]:
        """The kind in words."""
        return {"kind": FlagKind(self.kind).label}


@dataclass(frozen=True)
class FlagHandedOn(Fact):
    """Another colleague looks at a point of attention again."""

    code = "flag_handed_on"
    sentence = _("Point of attention: another colleague looks at it again")
    icon = "shield"
    group = "signals"
    is_system = True


@dataclass(frozen=True)
class SignalHandedOn(Fact):
    """Another colleague goes on with a signal."""

    code = "signal_handed_on"
    sentence = _("Another colleague goes on with the signal")
    icon = "swap"
    group = "signals"
    is_system = True


@dataclass(frozen=True)
class HandOverAsked(Fact):
    """A colleague was asked to take over the dossier; who stands with the question."""

    code = "hand_over_asked"
    sentence = _("Asked a colleague to take over the dossier")
    icon = "swap"
    group = "cases"
    is_system = True


@dataclass(frozen=True)
class HandOverAccepted(Fact):
    """Who was asked handles the dossier from now on."""

    code = "hand_over_accepted"
    sentence = _("Took over the dossier")
    icon = "swap"
    group = "cases"


@dataclass(frozen=True)
class HandOverRefused(Fact):
    """Who was asked does not take over the dossier; the reason stands with the question."""

    code = "hand_over_refused"
    sentence = _("Does not take over the dossier")
    icon = "swap"
    group = "cases"
    is_system = True


@dataclass(frozen=True)
class CaseLeft(Fact):
    """The handler left, and another colleague has the dossier."""

    code = "case_left"
    sentence = _("The handler left: another colleague has the dossier")
    icon = "swap"
    group = "cases"
