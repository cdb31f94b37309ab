"""What may be wrong, what we do about it, and who helps."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """Signals, dossiers and points of attention."""

    name = "cases"
    verbose_name = _("Signals & dossiers")

    def ready(self) -> None:
        """Put this room's reminders on the list."""
        import_module("cases.reminders")
