import os
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand

from corporatie.keys import refuse_wrong_keys
from corporatie.processes import PROCESSES


class Command(BaseCommand):
    help = "Become one of the processes of a production: migrate, web, worker or beat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=PROCESSES)

    def handle(self, *args: object, name: str, **options: object) -> None:
        if name != "migrate":
            refuse_wrong_keys()
        argv = PROCESSES[name](os.environ)
        os.chdir(settings.BASE_DIR)
        # Not a child but the process itself: in a container it is number 1 and hears the stop signal.
        os.execvp(argv[0], argv)  # noqa: S606  (a list from our own file, no shell)
