"""What I must do, and what I should know."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkConfig(AppConfig):
    """Promises, actions, notices and mail."""

    name = "corporatie.work"
    verbose_name = _("Working days & mail")

    def ready(self) -> None:
        """Put reminders, and what one can hold, on the lists.

        What cannot wait is heard on every page; days off are not proposed; nobody leaves while work has no new owner.
        """
        import_module("corporatie.work.reminders")
        import_module("corporatie.work.holdings")
        urgent = import_module("corporatie.work.models").URGENT
        import_module("corporatie.staff.models").widen_reach("urgent", urgent)
        stays_behind = import_module("corporatie.work.actions").stays_behind
        import_module("corporatie.staff.rules").ask_before_going(stays_behind)
        import_module("corporatie.subjects.fields").propose_only(import_module("corporatie.work.rules").Calendar.load)
