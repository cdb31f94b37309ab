"""May this colleague do this with a visit or its report?"""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from cases.models import Case
from corporatie.staff.models import User, holds, may, works_for
from corporatie.staff.permissions import Permission
from tenants.models import Tenancy
from visits.models import Report, Visit


def may_log_visits(user: Any) -> bool:
    """Plan a visit, and write down what came of it."""
    return may(user, Permission.LOG_VISITS)


def may_add_to(user: Any, case: Case | None) -> bool:
    """Plan a visit for this dossier, or note contact about it. Without a dossier: whoever visits."""
    return may_log_visits(user) and (case is None or case.is_worked_on_by(user))


def may_work_on(user: Any, visit: Visit) -> bool:
    """Write down what came of it: whoever visits; for a dossier, who goes and who works on the dossier."""
    return visit.is_worked_on_by(user)


def may_file(user: Any, visit: Visit) -> bool:
    """Give a planned visit its outcome, or work out a talk that was kept for later."""
    return (visit.is_planned or visit.elaborate_later) and may_work_on(user, visit)


def may_change_visitors(user: Any, visit: Visit) -> bool:
    """Say that others go, while it is planned."""
    return visit.is_planned and may_work_on(user, visit)


def may_respond(user: Any, report: Report) -> bool:
    """Write down what the resident says of the report."""
    return may_work_on(user, report.visit)


# --- Who may do it? Filters on colleagues, for the verbs: twins of the questions above. -------------------
def who_adds_to(tenancy: Tenancy, case: Case | None, *, at: datetime) -> Q:
    """The twin of ``may_add_to``: for a dossier, who works on it; without one, who visits this household."""
    if case is None:
        return Tenancy.who_works_on(tenancy.pk, at=at)
    return holds(Permission.LOG_VISITS) & Case.who_works_on(case.pk, at=at)


def who_tells_of(tenancy: Tenancy, visit: Visit | None, *, at: datetime) -> Q:
    """Who writes down a talk: who works on the planned visit, or visits this household."""
    return who_adds_to(tenancy, None, at=at) if visit is None else Visit.who_works_on(visit.pk, at=at)


def works_on(user: Any, *, at: datetime) -> Q:
    """A filter on visits: ``may_work_on`` of many at once."""
    return Q(Exists(User.objects.get_queryset().filter(Visit.who_works_on(OuterRef("pk"), at=at), pk=user.pk)))


# --- Whom may one choose? Filters on colleagues, for the lists and for the verbs. -----------------------
def who_comes_along(tenancy: Tenancy, *, at: datetime) -> Q:
    """Who may be the second visitor: whoever visits, and knows the household with its points of attention."""
    return Tenancy.who_works_on(tenancy.pk, at=at)


def who_visits(tenancy: Tenancy, case: Case | None, *, at: datetime) -> Q:
    """Who may go there; for a dossier only who may open it."""
    who = who_comes_along(tenancy, at=at)
    return who & Case.who_may_open(case.pk, at=at) if case else who


def who_keeps_promises(tenancy: Tenancy, visit: Visit | None, *, by: Any, at: datetime) -> Q:
    """Who may answer for what is promised at this talk; ``visit`` is not there yet for one that was not planned."""
    if visit is not None:
        return Visit.who_works_on(visit.pk, at=at)
    rows = Tenancy.objects.filter(pk=tenancy.pk)
    of_the_team = holds(Permission.OPEN_TEAM_HOUSEHOLDS) & works_for(rows, "dwelling__neighbourhood__team", at=at)
    return holds(Permission.LOG_VISITS) & (Q(pk=by.pk) | of_the_team)
