"""Who is in which team."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from corporatie.staff.actions.changes import note
from corporatie.staff.models import Team, User
from corporatie.staff.states import AccountChangeKind


@transaction.atomic
def set_members(*, team: Team, members: Iterable[User], by: Any, at: datetime) -> None:
    """These colleagues work in this team. Who left the association keeps her place, for when she comes back."""
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
    """She goes out of these teams and into those, each with a row of its own. Where nothing changes there is no row."""
    known = set(colleague.teams.values_list("pk", flat=True))
    for team in out_of:
        if team.pk in known:
            colleague.teams.remove(team)
            note(colleague=colleague, kind=AccountChangeKind.TEAM_LEFT, detail=team.pk, by=by, at=at)
    for team in into:
        if team.pk not in known:
            colleague.teams.add(team)
            note(colleague=colleague, kind=AccountChangeKind.TEAM_JOINED, detail=team.pk, by=by, at=at)


@transaction.atomic
def drop_team(*, team: Team, by: Any, at: datetime) -> None:
    """The team is no more; each of its people went out of it."""
    for colleague in team.members.all():
        note(colleague=colleague, kind=AccountChangeKind.TEAM_LEFT, detail=team.pk, by=by, at=at)
    team.delete()
