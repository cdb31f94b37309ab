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


def choose_mail(*, colleague: User, choice: str, by: Any, at: datetime) -> None:  # noqa: ARG001
    """How often mail may reach her. Her own choice: what cannot wait always stands in the inbox as well."""
    User.objects.get_queryset().filter(pk=colleague.pk).update(mail_choice=choice)
    colleague.mail_choice = choice
