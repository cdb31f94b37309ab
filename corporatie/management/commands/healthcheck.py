import http.client
import os
import socket
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from corporatie.celery import app
from corporatie.work.models import Heartbeat


class Command(BaseCommand):
    help = "Say whether the process of that name, on this machine, does its work. For the health checks of compose."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=("web", "worker", "beat"))

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        if (fault := {"web": web, "worker": worker, "beat": beat}[name]()) is not None:
            raise CommandError(f"{name}: {fault}")
        self.stdout.write(f"{name}: ok")


def web() -> str | None:
    port = int(os.environ.get("WEB_BIND", "127.0.0.1:8000").rpartition(":")[2])
    host = next(iter(settings.ALLOWED_HOSTS)).lstrip(".")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        status = connection.getresponse().status
    except OSError as problem:
        return f"does not answer ({problem.__class__.__name__})"
    finally:
        connection.close()
    return None if status == 200 else f"answers with {status}"


def worker() -> str | None:
    name = f"celery@{socket.gethostname()}"
    return None if app.control.ping(destination=[name], timeout=5) else f"{name} does not answer"


def beat() -> str | None:
    return None if Heartbeat.is_on_time("sweep", at=timezone.now()) else "has not woken a sweep for minutes"
