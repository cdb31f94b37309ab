import os
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from corporatie.subjects.actions import seal_keys
from corporatie.subjects.encryption import WrongKeysError
from corporatie.subjects.models import KeySeal
from corporatie.subjects.rules import keys_fit


class Command(BaseCommand):
    help = "Bring the database up to date: migrations, the table of the cache, the seal of the keys. Safe to run again."

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        # Where the database is a file, only its owner may read it.
        os.umask(0o077)
        try:
            # Nothing is changed in a database that these keys do not open.
            if KeySeal._meta.db_table in connection.introspection.table_names() and not keys_fit():
                raise WrongKeysError
            call_command("migrate", interactive=False, verbosity=verbosity)
            call_command("createcachetable", verbosity=verbosity)
            left = seal_keys()
        except WrongKeysError as refusal:
            raise CommandError(str(refusal)) from None
        if left:
            self.stderr.write(f"{left} texts are closed with a key that is gone: none of the keys opens them.")
