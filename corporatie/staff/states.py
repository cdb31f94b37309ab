"""The choices of this room."""

from datetime import time
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AccountChangeKind(TextChoices):
    """What changed in somebody's account."""

    INVITED = "invited", _("New account")
    EMAIL = "email", _("E-mail address changed")
    ROLE_ASKED = "role_asked", _("Role waits for a second administrator")
    ROLE_GIVEN = "role_given", _("Role given")
    ROLE_TAKEN = "role_taken", _("Role taken away")
    TEAM_JOINED = "team_joined", _("Came into a team")
    TEAM_LEFT = "team_left", _("Went out of a team")
    FACTOR_ON = "factor_on", _("Second step set up")
    FACTOR_OFF = "factor_off", _("Second step turned off")
    PASSWORD = "password", _("Password changed")
    ABSENCE = "absence", _("Absence or stand-in changed")
    ACCESS_CLOSED = "access_closed", _("Access closed")
    ACCESS_OPENED = "access_opened", _("Access opened again")
    LEFT = "left", _("Left the association")
    SECRET_GIVEN = "secret_given", _("Was named handler of a secret dossier")
    NEIGHBOURHOOD_GIVEN = "neighbourhood_given", _("Gave a neighbourhood to a team")


# Until here it is morning.
NOON = time(12)


class AbsencePart(TextChoices):
    """Which part of each day somebody is away."""

    DAY = "day", _("The whole day")
    MORNING = "morning", _("The morning")
    AFTERNOON = "afternoon", _("The afternoon")

    @property
    def only(self) -> Any:
        """ "only the morning"; nothing for whole days."""
        return _ONLY.get(self, "")


_ONLY = {AbsencePart.MORNING: _("only the morning"), AbsencePart.AFTERNOON: _("only the afternoon")}
