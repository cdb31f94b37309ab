"""What can be done with colleagues."""

from datetime import datetime
from typing import Any

from django.db import transaction

from corporatie.staff.models import User


@transaction.atomic
def welcome(*, colleague: User, by: Any, at: datetime) -> None:  # noqa: ARG001
    """A new colleague: nobody else knows a password for her, so she asks for one herself."""
    colleague.set_unusable_password()
    colleague.save()


@transaction.atomic
def say_goodbye(*, colleague: User, by: Any, at: datetime) -> None:  # noqa: ARG001
    """The colleague left. The password goes, and with it every session that was opened with it."""
    colleague.is_active = False
    colleague.set_unusable_password()
    colleague.save()
