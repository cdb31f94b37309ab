import os
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Bring the database up to date: the migrations and the table of the cache. Safe to run again."

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        # Where the database is a file, only its owner may read it.
        os.umask(0o077)
        call_command("migrate", interactive=False, verbosity=verbosity)
        call_command("createcachetable", verbosity=verbosity)
