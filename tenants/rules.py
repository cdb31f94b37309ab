"""May this colleague do this with a household?"""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from corporatie.staff.fields import Candidate
from corporatie.staff.models import Team, User, may
from corporatie.staff.permissions import Permission
from corporatie.staff.rules import candidates
from tenants.models import Tenancy


def may_change_contact_details(user: Any, tenancy: Tenancy) -> bool:  # noqa: ARG001
    """Whoever visits may write down how the household likes to be reached."""
    return may(user, Permission.LOG_VISITS)


def of_its_team(tenancy: Tenancy) -> Q:
    """A filter on colleagues: the members of the team that looks after this household."""
    teams = Team.objects.filter(members=OuterRef("pk"), neighbourhoods__dwellings=tenancy.dwelling_id)
    return Q(Exists(teams))


def candidates_for(tenancy: Tenancy, who: Q, *, at: datetime, present: User | None = None) -> list[Candidate]:
    """Whom one may choose for work on this household: see ``corporatie.staff.rules.candidates``."""
    return candidates(who, team=of_its_team(tenancy), at=at, present=present)
