"""May this colleague do this with a signal, a dossier or a point of attention?"""

from typing import Any

from django.utils import timezone

from cases.models import AttentionFlag, Case, Signal
from cases.states import CASE_MOVES, CaseStatus
from corporatie.staff.models import may
from corporatie.staff.permissions import Permission
from corporatie.staff.rules import is_or_stands_in_for


def may_report_signal(user: Any) -> bool:
    """Everyone who comes to the door may say that something is wrong."""
    return may(user, Permission.REPORT_SIGNALS)


def may_triage(user: Any, signal: Signal) -> bool:
    """Take up, hand on, attach or close an open signal."""
    return may(user, Permission.TRIAGE_SIGNALS) and signal.is_open


def may_open_case(user: Any) -> bool:
    """Whoever judges signals may open a dossier."""
    return may(user, Permission.TRIAGE_SIGNALS)


def may_work_on(user: Any, case: Case) -> bool:
    """The handler, who stands in, and colleagues who work on the dossiers of their team. It must be open."""
    return case.is_open and _is_concerned(user, case)


def may_reopen(user: Any, case: Case) -> bool:
    """The same people, once it is closed."""
    return CaseStatus.IN_PROGRESS in CASE_MOVES[case.status] and not case.is_open and _is_concerned(user, case)


def _is_concerned(user: Any, case: Case) -> bool:
    return may(user, Permission.OPEN_TEAM_CASES) or is_or_stands_in_for(user, case.handler, on=timezone.localdate())


def may_decide_flag(user: Any) -> bool:
    """A point of attention is a decision of the team lead."""
    return may(user, Permission.DECIDE_FLAGS)


def may_change_flag(user: Any, flag: AttentionFlag) -> bool:  # noqa: ARG001
    """Renewing and ending are decisions of the team lead too."""
    return may_decide_flag(user)
