"""May this colleague do this in a project?"""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from corporatie.staff.models import holds, may
from corporatie.staff.permissions import Permission
from projects.models import Project
from projects.states import GATED_PHASES, SPOKEN_GOAL
from tenants.models import Tenancy


def may_write_intakes(user: Any) -> bool:
    """Ask the first question and write down the answer."""
    return may(user, Permission.WRITE_INTAKES)


def who_writes_intakes(tenancy: Tenancy, *, at: datetime) -> Q:
    """The twin of ``may_write_intakes``, for who may open the household."""
    return holds(Permission.WRITE_INTAKES) & Tenancy.who_may_open(tenancy.pk, at=at)


def who_runs(project: Project) -> Q:
    """The twin of ``may_run``."""
    members = project.members.filter(user=OuterRef("pk"))
    return holds(Permission.RUN_PROJECTS) & Q(Exists(members))


def may_run(user: Any, project: Project) -> bool:
    """Lead the project on to its next phase."""
    return may(user, Permission.RUN_PROJECTS) and any(member.user_id == user.pk for member in project.members.all())


def needs_explanation(phase: str, *, spoken: int, homes: int) -> bool:
    """Whether leaving this phase asks for an explanation: too few households were spoken to."""
    return phase in GATED_PHASES and spoken * 100 < SPOKEN_GOAL * homes
