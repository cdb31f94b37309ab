"""Celery only wakes actions: the rows are the schedule and the memory, the broker remembers nothing."""

import os

from celery import Celery
from celery.loaders.app import AppLoader

from corporatie.checks import refuse_unsafe_production

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corporatie.settings")


class Loader(AppLoader):
    def init_worker(self) -> None:
        """Worker and beat both begin here. What goes wrong in Django's own start Celery only logs: so ask again."""
        refuse_unsafe_production()
        super().init_worker()


app = Celery("keukentafel", loader="corporatie.celery:Loader")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
