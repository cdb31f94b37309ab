"""Celery only wakes actions: the rows are the schedule and the memory, the broker remembers nothing."""

import os
import sys

from celery import Celery
from celery.loaders.app import AppLoader
from django.db import connections

from corporatie.checks import UnsafeProductionError, refuse_unsafe_production
from corporatie.subjects.encryption import WrongKeysError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corporatie.settings")


class Loader(AppLoader):
    def init_worker(self) -> None:
        """Worker and beat both begin here. What goes wrong in Django's own start Celery only logs: so ask again."""
        try:
            refuse_unsafe_production()
            super().init_worker()
            # Only now Django is there, and can name the tables of the house.
            from corporatie.keys import refuse_wrong_keys  # noqa: PLC0415

            refuse_wrong_keys()
        except (UnsafeProductionError, WrongKeysError) as refusal:
            # The reasons are for whoever installs this: no traceback above them.
            sys.exit(str(refusal))
        # The worker forks from here; a connection may not go along.
        connections.close_all()


app = Celery("keukentafel", loader="corporatie.celery:Loader")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
