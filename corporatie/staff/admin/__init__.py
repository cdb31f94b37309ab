"""Colleagues, teams and absences in the administration, and what every page of it has in common."""

from corporatie.staff.admin import changes, colleagues, teams
from corporatie.staff.admin.house import AskedAnewAdmin, AskedAnewForm, HouseAdmin, Opened, ReadOnlyAdmin

__all__ = [
    "AskedAnewAdmin",
    "AskedAnewForm",
    "HouseAdmin",
    "Opened",
    "ReadOnlyAdmin",
    "changes",
    "colleagues",
    "teams",
]
