"""Renovation: whom must we take into account, and who agrees."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    """Renovation projects and their intakes."""

    name = "projects"
    verbose_name = _("Projects")

    def ready(self) -> None:
        """Whoever takes part in a project knows it and its households; her place in it is something she holds."""
        import_module("projects.holdings")
        # Standing in for a colleague does not make one part of her projects.
        ids = "SELECT project_id AS id FROM projects_projectmember WHERE user_id IN (SELECT id FROM me)"
        import_module("corporatie.staff.models").widen_reach("project", ids)
        rows = import_module("projects.models")
        import_module("tenants.models").widen_to_projects(rows.dwellings_of_projects, rows.running_projects_of)
