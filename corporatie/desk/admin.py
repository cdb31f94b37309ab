"""The administration: people, teams, neighbourhoods, choices, working days. No dossier content, ever."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class BeheerSite(admin.AdminSite):
    """The front door of the administration."""

    site_header = _("Settings of Keukentafel")
    site_title = _("Settings")
    index_title = _("Settings")
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        """Application administrators, and the privacy officer for the log of reads."""
        return bool(request.user.is_active and request.user.is_authenticated and request.user.is_staff)
