import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from corporatie.desk.demo.load import is_empty, load
from corporatie.keys import refuse_wrong_keys


class Command(BaseCommand):
    help = "Load the demo neighbourhood into an empty database, with dates around today."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, metavar="YYYY-MM-DD", help="as it is on that morning")

    def handle(self, *args: Any, on: date | None = None, **options: Any) -> None:
        if settings.IS_PRODUCTION or not settings.DEMO:
            raise CommandError("The demo is for demo mode only: set DEMO=1, never in production.")
        refuse_wrong_keys()
        if not is_empty():
            raise CommandError("There are people in this database already. Throw a demo away with: make demo-reset")
        began = time.monotonic()
        world = load(on=on or timezone.localdate())
        seconds = time.monotonic() - began
        self.stdout.write(f"{len(world.homes)} homes in Lindedam, two years of work: loaded in {seconds:.0f} s.")
