"""May this colleague do this with a household?"""

from typing import Any

from corporatie.staff.models import may
from corporatie.staff.permissions import Permission
from tenants.models import Tenancy


def may_change_contact_details(user: Any, tenancy: Tenancy) -> bool:  # noqa: ARG001
    """Whoever visits may write down how the household likes to be reached."""
    return may(user, Permission.LOG_VISITS)
