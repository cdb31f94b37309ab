"""Colleagues, teams and roles."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    """Who works here, and what they may do."""

    name = "corporatie.staff"
    verbose_name = _("People & teams")
