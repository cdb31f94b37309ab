"""May this colleague do this in a project?"""

import re
from typing import Any

from corporatie.staff.models import may
from corporatie.staff.permissions import Permission
from projects.models import Project
from projects.states import GATED_PHASES, MEDICAL_WORDS, SPOKEN_GOAL

_MEDICAL = re.compile(rf"\b({'|'.join(re.escape(word) for word in MEDICAL_WORDS)})\b", re.IGNORECASE)


def may_write_intake(user: Any, project: Project) -> bool:  # noqa: ARG001
    """Ask the first question and write down the answer."""
    return may(user, Permission.WRITE_INTAKES)


def may_run(user: Any, project: Project) -> bool:
    """Lead the project on to its next phase."""
    return may(user, Permission.RUN_PROJECTS) and any(member.user_id == user.pk for member in project.members.all())


def needs_explanation(phase: str, *, spoken: int, homes: int) -> bool:
    """Whether leaving this phase asks for an explanation: too few households were spoken to."""
    return phase in GATED_PHASES and spoken * 100 < SPOKEN_GOAL * homes


def medical_word(text: str) -> str | None:
    """The first word in an instruction that names a condition, or nothing. A contractor needs no diagnosis."""
    found = _MEDICAL.search(text)
    return found.group(0) if found else None
