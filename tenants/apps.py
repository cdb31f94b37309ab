"""Who lives where."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TenantsConfig(AppConfig):
    """Dwellings, households and people."""

    name = "tenants"
    verbose_name = _("Homes & complexes")
