"""What can happen to a visit. Ids and codes, never what was said."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from corporatie.journal.facts import Code, Fact, Key, Moment
from tenants.states import Channel
from visits.states import Outcome


@dataclass(frozen=True)
class VisitPlanned(Fact):
    """A visit was planned."""

    code = "visit_planned"
    sentence = _("Visit planned")
    icon = "day"
    group = "visits"
    is_system = True


@dataclass(frozen=True)
class VisitEnded(Fact):
    """The door stayed closed, or the visit ended otherwise without a talk."""

    outcome: Code
    happened_at: Moment = ""
    code = "visit_ended"
    sentence = _("{outcome}")
    icon = "away"
    group = "visits"

    def words(self) -> dict[str, Any]:
        """The outcome in words."""
        return {"outcome": Outcome(self.outcome).label}


@dataclass(frozen=True)
class TalkHeld(Fact):
    """We talked, at the table or at the door."""

    outcome: Code
    happened_at: Moment = ""
    code = "talk_held"
    sentence = _("Talk: {outcome}")
    icon = "talk"
    group = "talks"

    def words(self) -> dict[str, Any]:
        """Where we talked, in words."""
        at_door = self.outcome == Outcome.TALKED_AT_DOOR
        return {"outcome": _("at the door") if at_door else _("at the table")}


@dataclass(frozen=True)
class ReportElaborated(Fact):
    """The report of a talk was worked out later."""

    code = "report_elaborated"
    sentence = _("Report worked out")
    icon = "pencil"
    group = "talks"
    is_system = True


@dataclass(frozen=True)
class ContactMade(Fact):
    """A call, a letter, a word at the desk."""

    channel: Code
    contact: Key
    happened_at: Moment = ""
    code = "contact_made"
    sentence = _("Contact: {channel}")
    icon = "phone"
    group = "talks"

    def words(self) -> dict[str, Any]:
        """The channel in words."""
        return {"channel": str(Channel(self.channel).label).lower()}


@dataclass(frozen=True)
class ResidentResponded(Fact):
    """The resident added to the report; the report itself stays as it was."""

    response: Key
    code = "resident_responded"
    sentence = _("The resident responded to the report")
    icon = "talk"
    group = "talks"


@dataclass(frozen=True)
class VisitHandedOn(Fact):
    """Another colleague goes, comes along, or works the talk out."""

    code = "visit_handed_on"
    sentence = _("The visit went to another colleague")
    icon = "swap"
    group = "visits"
    is_system = True
