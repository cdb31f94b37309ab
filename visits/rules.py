"""May this colleague do this with a visit or its report?"""

from typing import Any

from corporatie.staff.models import may
from corporatie.staff.permissions import Permission
from visits.models import Report, Visit


def may_log_visits(user: Any) -> bool:
    """Plan a visit, and write down what came of it."""
    return may(user, Permission.LOG_VISITS)


def may_file(user: Any, visit: Visit) -> bool:
    """Give a planned visit its outcome, or work out a talk that was kept for later. Whoever may see it may help."""
    return may_log_visits(user) and (visit.is_planned or visit.elaborate_later)


def may_respond(user: Any, report: Report) -> bool:  # noqa: ARG001
    """Write down what the resident says of the report."""
    return may_log_visits(user)
