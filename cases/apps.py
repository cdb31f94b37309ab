"""What may be wrong, what we do about it, and who helps."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """Signals, dossiers and points of attention."""

    name = "cases"
    verbose_name = _("Signals & dossiers")

    def ready(self) -> None:
        """Put reminders, and what one can hold, on the lists. Whoever was named for a dossier knows it."""
        import_module("cases.reminders")
        import_module("cases.holdings")
        ids = "SELECT case_id AS id FROM cases_casereader WHERE user_id IN (SELECT id FROM me)"
        import_module("corporatie.staff.models").widen_reach("named", ids)
