"""Who is on duty, and who may be."""

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from corporatie.staff.fields import Candidate
from corporatie.staff.models import Absence, Team, User, holds, led_teams
from corporatie.staff.rules import NEAR, Permission, candidates, may
from corporatie.staff.states import AbsencePart
from corporatie.work.models import Duty
from corporatie.work.models.duties import in_line
from corporatie.work.rules.days import Watch
from corporatie.work.states import Shift


def on_duty(team: Team | None, *, at: datetime) -> QuerySet[Any]:
    """Who is on duty for this team at this moment and judges signals, in the order in which they are asked."""
    day, shift = Watch.load().at(at)
    key = team.pk if team else None
    return in_line(may_be_on_duty(team), key, day=day, shift=shift, at=at).order_by("turn")


def who_may_be_on_duty(team: Team | None) -> Q:
    """A filter: the colleagues who judge signals, those of the team, since others could not open one of it."""
    judges = holds(Permission.TRIAGE_SIGNALS)
    return judges & Q(Exists(Team.objects.filter(pk=team.pk, members=OuterRef("pk")))) if team else judges


def may_be_on_duty(team: Team | None) -> QuerySet[User]:
    """The same as colleagues, as far as they work here."""
    return User.objects.get_queryset().filter(who_may_be_on_duty(team), is_active=True)


def candidates_on_duty(team: Team | None, *, at: datetime, present: User | None = None) -> list[Candidate]:
    """Whom one may put on the roster of a team or of the association, with who will be away soon."""
    who = who_may_be_on_duty(team)
    return candidates(who, team=who if team else Q(pk__in=[]), at=at, present=present, ahead=NEAR)


def sees_roster(user: Any) -> bool:
    """Whoever works for a team reads who is on duty for it."""
    return bool(user.is_authenticated and user.team_ids)


def may_change_roster(user: Any, team: Team | None) -> bool:
    """Who leads the team. What holds for every team is made in the administration."""
    return may(user, Permission.SEE_TEAM_OVERVIEW) and team is not None and team.pk in led_teams(user)


def why_no_duty(duty: Duty) -> str:
    """Why this row cannot stand on the roster, in a sentence; nothing when it can."""
    if not may_be_on_duty(duty.team).filter(pk=duty.user_id).exists():
        words = _("%(name)s cannot be on duty here: only colleagues of the team who judge signals can.")
        return words % {"name": duty.user.name}
    others = Duty.objects.between(duty.from_on, duty.until_on).filter(team=duty.team, shift=duty.shift)
    for other in others.exclude(pk=duty.pk).filter(Q(user=duty.user_id) | Q(order=duty.order)).select_related("user"):
        if other.user_id == duty.user_id:
            words = _("%(name)s is on the roster already in these days, in the same hours.")
        else:
            words = _(
                "%(name)s has this place on the roster already in these days. Choose another order or other days."
            )
        return words % {"name": other.user.name}
    return ""


def is_away_in(shift: Shift, day: date, absences: list[Absence]) -> bool:
    """Whether one of these makes her miss this shift, or a part of it. An evening goes with the afternoon."""
    missed = set(AbsencePart) - ({AbsencePart.MORNING} if shift == Shift.EVENING else set())
    return any(absence.from_on <= day <= absence.until_on and absence.part in missed for absence in absences)
