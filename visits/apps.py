"""What was said at the kitchen table."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VisitsConfig(AppConfig):
    """Visits, talks and contact."""

    name = "visits"
    verbose_name = _("Visits & talks")

    def ready(self) -> None:
        """Put this room's reminders, and what one can hold of it, on the lists."""
        import_module("visits.reminders")
        import_module("visits.holdings")
