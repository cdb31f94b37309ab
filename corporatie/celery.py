"""Celery only wakes actions: the rows are the schedule and the memory, the broker remembers nothing."""

import os
import sys
import time
from typing import Any

from celery import Celery
from celery.beat import Scheduler
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


class Beat(Scheduler):
    """Wakes each task when its seconds have gone by, on every day of the year.

    It asks how long ago, never what time it is: an hour that happens twice, or a clock that is set, changes nothing.
    It keeps no file either: after a start everything is due, and being woken too often does no harm.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.woken: dict[str, tuple[float, float]] = {}
        super().__init__(*args, **kwargs)

    def tick(self, *_args: Any, **_kwargs: Any) -> float:
        """Wake what is due, in the order of the settings. Returns the seconds until the next is."""
        return min([self._seconds_left(self.schedule[name]) for name in self.app.conf.beat_schedule])

    def _seconds_left(self, entry: Any) -> float:
        every = float(entry.schedule.run_every.total_seconds())
        # The first clock is never set, but may stand still while the machine sleeps; the second is the other way round.
        now = time.monotonic(), time.time()
        passed = max((a - b for a, b in zip(now, self.woken.get(entry.name, now), strict=True)), default=0)
        if entry.name in self.woken and passed < every:
            return every - passed
        self.woken[entry.name] = now
        self.apply_entry(entry, producer=self.producer)
        return every


app = Celery("keukentafel", loader="corporatie.celery:Loader")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
