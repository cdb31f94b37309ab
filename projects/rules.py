"""May this colleague do this in a project?"""

import re
from typing import Any

from corporatie.staff.models import may
from corporatie.staff.permissions import Permission
from projects.models import Project
from projects.states import MEDICAL_WORDS

_MEDICAL = re.compile(rf"\b({'|'.join(re.escape(word) for word in MEDICAL_WORDS)})\b", re.IGNORECASE)


def may_write_intake(user: Any, project: Project) -> bool:  # noqa: ARG001
    """Ask the first question and write down the answer."""
    return may(user, Permission.WRITE_INTAKES)


def may_run(user: Any, project: Project) -> bool:
    """Lead the project on to its next phase."""
    return may(user, Permission.RUN_PROJECTS) and project.members.filter(user=user).exists()


def medical_word(text: str) -> str | None:
    """The first word in an instruction that names a condition, or nothing. A contractor needs no diagnosis."""
    found = _MEDICAL.search(text)
    return found.group(0) if found else None
