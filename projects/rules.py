"""May this colleague do this in a project?"""

from typing import Any

from corporatie.staff.models import may
from corporatie.staff.permissions import Permission
from projects.models import Project
from projects.states import GATED_PHASES, SPOKEN_GOAL


def may_write_intake(user: Any, project: Project) -> bool:  # noqa: ARG001
    """Ask the first question and write down the answer."""
    return may(user, Permission.WRITE_INTAKES)


def may_run(user: Any, project: Project) -> bool:
    """Lead the project on to its next phase."""
    return may(user, Permission.RUN_PROJECTS) and any(member.user_id == user.pk for member in project.members.all())


def needs_explanation(phase: str, *, spoken: int, homes: int) -> bool:
    """Whether leaving this phase asks for an explanation: too few households were spoken to."""
    return phase in GATED_PHASES and spoken * 100 < SPOKEN_GOAL * homes
