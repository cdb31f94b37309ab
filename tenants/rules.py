"""May this colleague do this with a household?"""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from corporatie.staff.fields import Candidate
from corporatie.staff.models import Team, User, may
from corporatie.staff.permissions import Permission
from corporatie.staff.rules import ABOUT_PEOPLE, candidates
from tenants.models import Tenancy, neighbourhoods_of


def may_change_contact_details(user: Any, tenancy: Tenancy) -> bool:  # noqa: ARG001
    """Whoever visits may write down how the household likes to be reached."""
    return may(user, Permission.LOG_VISITS)


def is_reached(user: Any, tenancy: Tenancy) -> bool:
    """Whether she may open the household. The handler of a secret dossier may be of another team."""
    if may(user, Permission.OPEN_TEAM_HOUSEHOLDS) and tenancy.dwelling.neighbourhood_id in neighbourhoods_of(user):
        return True
    return Tenancy.objects.visible_to(user).filter(pk=tenancy.pk).exists()


# --- What may be written about a household that comes, or has left? -------------------------------------
def why_nothing_happens(tenancy: Tenancy, *, on: date) -> str:
    """Why no visit, talk, answer, signal or dossier can be of this day; nothing while the household lives there."""
    if tenancy.is_coming(on):
        comes = {"day": date_format(tenancy.started_on, "j F Y")}
        return _("This household only comes to live here on %(day)s. Look at the day.") % comes
    return why_nothing_is_added(tenancy, on=on)


def why_nothing_is_added(tenancy: Tenancy, *, on: date) -> str:
    """Why no contact, action, point of attention or way to reach them is added; nothing until the household left.

    What one prepares for a household to come is among these. Work that runs for one that left is finished.
    """
    if tenancy.ended_on is not None and tenancy.has_left(on):
        left = {"day": date_format(tenancy.ended_on, "j F Y")}
        return _("The last day of this household here is %(day)s. Nothing new is written down after that.") % left
    return ""


def must_live_there(tenancy: Tenancy, *, on: date, field: str = "") -> None:
    """Raises ``ValidationError``, for ``field``, with ``why_nothing_happens``."""
    _refuse(why_nothing_happens(tenancy, on=on), field)


def must_not_have_left(tenancy: Tenancy, *, on: date, field: str = "") -> None:
    """Raises ``ValidationError``, for ``field``, with ``why_nothing_is_added``."""
    _refuse(why_nothing_is_added(tenancy, on=on), field)


def _refuse(reason: str, field: str) -> None:
    if reason:
        raise ValidationError({field: reason} if field else reason)


def of_its_team(tenancy: Tenancy) -> Q:
    """A filter on colleagues: the members of the team that looks after this household."""
    teams = Team.objects.filter(members=OuterRef("pk"), neighbourhoods__dwellings=tenancy.dwelling_id)
    return Q(Exists(teams))


def candidates_for(
    tenancy: Tenancy, who: Q, *, at: datetime, present: User | None = None, ahead: timedelta = timedelta()
) -> list[Candidate]:
    """Whom one may choose for work on this household: see ``corporatie.staff.rules.candidates``."""
    return candidates(who, team=of_its_team(tenancy), at=at, present=present, ahead=ahead)


def why_team_may_not_have_it(team: Any, *, by: Any) -> str:
    """Why she cannot give it a neighbourhood, in a sentence; nothing when she can. Nobody widens what she reads."""
    if team is None or team.pk not in by.team_ids or not by.permissions & ABOUT_PEOPLE:
        return ""
    return _("You work for this team and would read what happens there. Ask another application administrator.")
