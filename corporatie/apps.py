"""The roof as an app: registers the checks on production, and holds the commands that run everything."""

from django.apps import AppConfig
from django.core import checks

from corporatie.checks import production, refuse_unsafe_production


class CorporatieConfig(AppConfig):
    name = "corporatie"

    def ready(self) -> None:
        checks.register(production)
        # Here and not in each command: gunicorn, Celery and every management command pass this point, also those
        # for which Django runs no checks.
        refuse_unsafe_production()
