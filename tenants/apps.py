"""Who lives where."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TenantsConfig(AppConfig):
    """Dwellings, households and people."""

    name = "tenants"
    verbose_name = _("Homes & complexes")

    def ready(self) -> None:
        """Whoever works for a team knows its neighbourhoods."""
        ids = "SELECT id FROM tenants_neighbourhood WHERE team_id IN (SELECT id FROM my_team)"
        import_module("corporatie.staff.models").widen_reach("neighbourhood", ids)
