"""What can happen to a project or an intake. Ids and codes, never a reason."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from corporatie.journal.facts import Code, Fact
from projects.states import Phase


@dataclass(frozen=True)
class ProjectStarted(Fact):
    """A project began."""

    code = "project_started"
    sentence = _("Project started")
    icon = "away"
    group = "project"


@dataclass(frozen=True)
class PhaseChanged(Fact):
    """The project went on to another phase."""

    before: Code
    after: Code
    code = "phase_changed"
    sentence = _("Phase: {before} → {after}")
    icon = "right"
    group = "project"

    def words(self) -> dict[str, Any]:
        """The phases in words."""
        return {"before": Phase(self.before).label, "after": Phase(self.after).label}


@dataclass(frozen=True)
class IntakeAnswered(Fact):
    """The household answered the first question. Which answer stands with the intake."""

    code = "intake_answered"
    sentence = _("Intake done")
    icon = "hand"
    group = "project"


@dataclass(frozen=True)
class AccommodationAdded(Fact):
    """We take something into account."""

    code = "accommodation_added"
    sentence = _("Take into account: added")
    icon = "hand"
    group = "project"


@dataclass(frozen=True)
class MemberReplaced(Fact):
    """A colleague takes part in the place of another."""

    code = "project_member_replaced"
    sentence = _("Another colleague takes part in the project")
    icon = "swap"
    group = "project"
    is_system = True
