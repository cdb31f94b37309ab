"""May this colleague do this with a signal, a dossier or a point of attention?"""

from typing import Any

from django.db.models import QuerySet

from cases.models import AttentionFlag, Case, Signal
from cases.states import CASE_MOVES, CaseStatus
from corporatie.staff.models import User, may
from corporatie.staff.permissions import Permission
from tenants.models import Tenancy


def may_report_signal(user: Any) -> bool:
    """Everyone who comes to the door may say that something is wrong."""
    return may(user, Permission.REPORT_SIGNALS)


def may_judge_signals(user: Any) -> bool:
    """Whoever decides what happens with a signal. Others report, and read what came of it."""
    return may(user, Permission.TRIAGE_SIGNALS)


def may_triage(user: Any, signal: Signal) -> bool:
    """Take up, hand on, attach or close an open signal."""
    return may_judge_signals(user) and signal.is_open


def may_open_case(user: Any) -> bool:
    """Whoever judges signals may open a dossier."""
    return may(user, Permission.TRIAGE_SIGNALS)


def may_see_cases(user: Any) -> bool:
    """Whoever handles dossiers, or may be named to read one, has a list of them."""
    return may(user, Permission.OPEN_OWN_CASES) or may(user, Permission.OPEN_TEAM_CASES)


def may_see_team_cases(user: Any) -> bool:
    """Beside one's own, the dossiers of one's team."""
    return may(user, Permission.OPEN_TEAM_CASES)


def may_work_on(user: Any, case: Case) -> bool:
    """The handler, the colleagues of the team, and who stands in. It must be open."""
    return case.is_open and is_concerned(user, case)


def may_reopen(user: Any, case: Case) -> bool:
    """The same people, once it is closed."""
    return CaseStatus.IN_PROGRESS in CASE_MOVES[case.status] and not case.is_open and is_concerned(user, case)


def is_concerned(user: Any, case: Case) -> bool:
    """Whoever may know of this dossier and works on it; someone who was only named to read it does not."""
    return case.is_worked_on_by(user)


def may_decide_flag(user: Any) -> bool:
    """A point of attention is a decision of the team lead."""
    return may(user, Permission.DECIDE_FLAGS)


def may_change_flag(user: Any, flag: AttentionFlag) -> bool:  # noqa: ARG001
    """Renewing and ending are decisions of the team lead too."""
    return may_decide_flag(user)


def may_read_flag_reasons(user: Any) -> bool:
    """Why a point of attention was decided on: for consultants and team leads."""
    return may(user, Permission.READ_FLAG_REASONS)


def who_judge_signals(tenancy: Tenancy) -> QuerySet[User]:
    """The colleagues of the household's team to whom one may hand a signal."""
    return _of_the_team(Permission.TRIAGE_SIGNALS, tenancy)


def who_handle_cases(tenancy: Tenancy) -> QuerySet[User]:
    """The colleagues of the household's team who may handle a dossier or take a step in it."""
    return _of_the_team(Permission.OPEN_OWN_CASES, tenancy)


def _of_the_team(permission: Permission, tenancy: Tenancy) -> QuerySet[User]:
    team = User.objects.get_queryset().filter(teams__neighbourhoods__dwellings=tenancy.dwelling_id)
    return User.objects.holding(permission).filter(pk__in=team.values("pk")).order_by("name")
