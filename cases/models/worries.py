"""What a signal and a dossier have in common: what it is about, and how serious it is."""

from typing import Any

from django.db import models

from cases.states import SEVERITY_ICON, SEVERITY_TONE, Severity, SignalType


class Worry(models.Model):
    """Something that may be wrong, in the words and signs of the screen.

    On a list, Django's own ``get_…_display`` would cost more than the rest of the row.
    """

    type: Any
    severity: Any

    class Meta:
        abstract = True

    @property
    def type_words(self) -> Any:
        """What it is about."""
        return SignalType(self.type).label

    @property
    def severity_words(self) -> Any:
        """How serious it is."""
        return Severity(self.severity).label

    @property
    def severity_icon(self) -> str:
        """The sign beside the word."""
        return SEVERITY_ICON[Severity(self.severity)]

    @property
    def severity_tone(self) -> str:
        """How much it must stand out."""
        return SEVERITY_TONE[Severity(self.severity)]
