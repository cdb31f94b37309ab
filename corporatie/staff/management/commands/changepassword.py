"""``manage.py changepassword ADDRESS``: when no mail leaves this machine, and somebody must get in."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from corporatie.staff import actions
from corporatie.staff.models import User


class Command(BaseCommand):
    """As the framework's own, but by the verb: every session ends, and those who must hear of it do."""

    help = "Gives the colleague with this address another password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose it is."""
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Asks twice."""
        try:
            colleague = User.objects.get_by_natural_key(options["email"])
        except User.DoesNotExist:
            raise CommandError("Nobody here has this address.") from None
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("Password (again): "):
            raise CommandError("The two are not the same. Nothing was changed.")
        try:
            validate_password(password, user=colleague)
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None
        actions.choose_password(colleague=colleague, password=password, by=None, at=timezone.now())
        self.stdout.write("The password was changed.")
