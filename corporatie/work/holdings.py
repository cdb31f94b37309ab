"""What of this room a colleague can hold: promises, actions, and standing in for others."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from corporatie.staff.models import Absence, RoleGrant, Team, holds
from corporatie.staff.permissions import PERMISSIONS_OF
from corporatie.staff.rules import asked_of_a_stand_in, why_not_stand_in
from corporatie.work import actions
from corporatie.work.models import FollowUp
from corporatie.work.rules import who_works_on_it
from corporatie.work.states import Holding, add_holding, going_along


def _with_page(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.annotate(page_label=F("subject_label"), page_id=F("subject_id"))


def _all_follow_ups() -> QuerySet[Any]:
    return _with_page(FollowUp.objects.all())


def _follow_ups_of(user: Any) -> QuerySet[Any]:
    return _with_page(FollowUp.objects.visible_to(user))


def _open_promises(holder: Any, on: date) -> Q:  # noqa: ARG001
    return Q(owner=holder, done_at=None, is_promise=True) & ~going_along(holder)


def _open_actions(holder: Any, on: date) -> Q:  # noqa: ARG001
    return Q(owner=holder, done_at=None, is_promise=False) & ~going_along(holder)


def _own(*, is_promise: bool) -> Callable[[Any], QuerySet[Any]]:
    """Also the steps of her own dossiers, and what hangs on a secret one."""
    return lambda user: _follow_ups_of(user).filter(owner=user, done_at=None, is_promise=is_promise)


def _standing_in(holder: Any, on: date) -> Q:
    return Q(substitute=holder, until_on__gte=on, user__is_active=True)


def _absences_in_the_team(user: Any) -> QuerySet[Any]:
    return Absence.objects.filter(user__teams__in=user.team_ids).select_related("user").distinct()


def _colleagues_of_who_is_away(at: datetime) -> Q:  # noqa: ARG001
    """Whoever can do the work: of a team of hers, or anybody for who is in none. Twin of ``why_no_substitute``."""
    hers = Team.objects.filter(members__absences=OuterRef(OuterRef("pk")))
    together = Q(Exists(hers.filter(members=OuterRef("pk")))) | ~Q(Exists(hers))
    grants = RoleGrant.objects.filter(user=OuterRef(OuterRef("user_id")))
    about_people = {role: asked_of_a_stand_in(permissions) for role, permissions in PERMISSIONS_OF.items()}
    able = ~Q(Exists(grants.filter(role__in=[role for role, permissions in about_people.items() if permissions])))
    for role, permissions in about_people.items():
        if permissions:
            able |= Q(Exists(grants.filter(role=role))) & holds(*permissions)
    return able & together & ~Q(pk=OuterRef("user_id"))


def _words_of_absence(absence: Any) -> str:
    return _("Stands in for %(name)s") % {"name": absence.user.name}


for _holding in (
    Holding(
        code="promise",
        label=gettext_lazy("Promises"),
        rows=_all_follow_ups,
        seen_by=_follow_ups_of,
        own=_own(is_promise=True),
        held=_open_promises,
        may_have=who_works_on_it,
        words=lambda row: row.what,
        give=actions.hand_on_follow_ups,
        day="due_on",
    ),
    Holding(
        code="action",
        label=pgettext_lazy("promises and", "Actions"),
        rows=_all_follow_ups,
        seen_by=_follow_ups_of,
        own=_own(is_promise=False),
        held=_open_actions,
        may_have=who_works_on_it,
        words=lambda row: row.what,
        give=actions.hand_on_follow_ups,
        day="due_on",
    ),
    Holding(
        code="standing_in",
        label=gettext_lazy("Standing in"),
        rows=lambda: Absence.objects.select_related("user"),
        seen_by=_absences_in_the_team,
        held=_standing_in,
        may_have=_colleagues_of_who_is_away,
        words=_words_of_absence,
        give=actions.hand_on_standing_in,
        day="until_on",
        household="",
        is_for_others=True,
        why_not=why_not_stand_in,
        who_divides=gettext_lazy(
            "Whoever leads a team of the colleague who is away. Is that colleague in no team, then the application "
            "administrator chooses somebody else."
        ),
    ),
):
    add_holding(_holding)
