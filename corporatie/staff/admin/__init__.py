"""Colleagues, teams and absences in the administration, and what every page of it has in common."""

from corporatie.staff.admin import changes, colleagues, teams
from corporatie.staff.admin.house import HouseAdmin, Opened, ReadOnlyAdmin

__all__ = ["HouseAdmin", "Opened", "ReadOnlyAdmin", "changes", "colleagues", "teams"]
