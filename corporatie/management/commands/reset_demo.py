import fcntl
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection


class Command(BaseCommand):
    help = "Throw the demo on this machine away and load it afresh, with dates around today."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_PRODUCTION or not settings.DEMO or connection.vendor != "sqlite":
            raise CommandError("Only a demo on this machine can be thrown away: KEUKENTAFEL_MODE=embedded, DEMO=1.")
        settings.VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (settings.VAR_DIR / "run.lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CommandError("Keukentafel is running. Stop it first (Ctrl-C), then reset the demo.") from None
            connection.close()
            for suffix in ("", "-wal", "-shm"):
                Path(f"{settings.DATABASES['default']['NAME']}{suffix}").unlink(missing_ok=True)
            shutil.rmtree(settings.EMAIL_FILE_PATH, ignore_errors=True)
            call_command("prepare", verbosity=0)
            call_command("load_demo")
