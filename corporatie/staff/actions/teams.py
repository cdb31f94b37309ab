"""Who is in which team."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from corporatie.staff.actions.changes import note
from corporatie.staff.models import Team, User
from corporatie.staff.rules import may_move
from corporatie.staff.states import AccountChangeKind


@transaction.atomic
def set_members(*, team: Team, members: Iterable[User], by: Any, at: datetime) -> None:
    """These colleagues work in this team. Who left the association keeps her place, for when she comes back.

    Raises ``ValidationError`` as ``change_teams`` does.
    """
    wanted = {member.pk: member for member in members}
    known = {member.pk: member for member in team.members.filter(is_active=True)}
    come = [member for pk, member in wanted.items() if pk not in known]
    gone = [member for pk, member in known.items() if pk not in wanted]
    for colleague in come:
        change_teams(colleague=colleague, into=[team], by=by, at=at)
    for colleague in gone:
        change_teams(colleague=colleague, out_of=[team], by=by, at=at)


@transaction.atomic
def change_teams(
    *, colleague: User, out_of: Iterable[Team] = (), into: Iterable[Team] = (), by: Any, at: datetime
) -> None:
    """She goes out of these teams and into those, each with a row of its own. Where nothing changes there is no row.

    Raises ``ValidationError`` for oneself: nobody chooses what she reads.
    """
    known = set(colleague.teams.values_list("pk", flat=True))
    left = [team for team in out_of if team.pk in known]
    joined = [team for team in into if team.pk not in known]
    if (left or joined) and not may_move(by, colleague):
        raise ValidationError(_("Somebody else does this for you."))
    for team in left:
        colleague.teams.remove(team)
        note(colleague=colleague, kind=AccountChangeKind.TEAM_LEFT, detail=team.pk, by=by, at=at)
    for team in joined:
        colleague.teams.add(team)
        note(colleague=colleague, kind=AccountChangeKind.TEAM_JOINED, detail=team.pk, by=by, at=at)


@transaction.atomic
def drop_team(*, team: Team, by: Any, at: datetime) -> None:
    """The team is no more; each of its people went out of it."""
    for colleague in team.members.all():
        note(colleague=colleague, kind=AccountChangeKind.TEAM_LEFT, detail=team.pk, by=by, at=at)
    team.delete()
