import errno
import fcntl
import http.client
import os
import shutil
import socket
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from corporatie.desk.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from corporatie.processes import PROCESSES
from corporatie.supervisor import Process, Supervisor, Watcher, stop_with_parent

# Beat sends a message each minute that is of no use after one; what lies longer than this, nobody is waiting for.
STALE_AFTER = 600


class Command(BaseCommand):
    help = "Run Keukentafel on this machine: web, worker and beat, without a database server or Redis."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--reload", action="store_true", help="start again when a file changes (developing)")
        parser.add_argument("--stop-with-parent", action="store_true", help="stop when the caller is killed")

    def handle(self, *args: Any, port: int, reload: bool, stop_with_parent: bool, **options: Any) -> None:
        if settings.IS_PRODUCTION:
            raise CommandError("This is for one machine. A production runs `manage.py process NAME` for each process.")
        self.began = time.monotonic()
        self.port = port
        if stop_with_parent:
            self.follow_the_caller()
        # What this makes (database, mails, messages) only its owner may read.
        os.umask(0o077)
        os.chdir(settings.BASE_DIR)
        try:
            with self.only_one_at_a_time():
                self.refuse_a_busy_port()
                sweep_the_broker(older_than=0)
                self.prepare()
                self.supervise(reload=reload)
        except KeyboardInterrupt:
            raise CommandError("Stopped before it had started.", returncode=130) from None

    def say(self, message: str) -> None:
        self.stdout.write(message)
        self.stdout.flush()

    def follow_the_caller(self) -> None:
        stop_with_parent()
        if os.getppid() == 1:
            raise CommandError("The caller has gone.")

    def only_one_at_a_time(self) -> IO[str]:
        """Two of these on one folder would empty each other's queue. The lock goes when the process goes."""
        settings.VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = (settings.VAR_DIR / "run.lock").open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise CommandError(
                f"Keukentafel already runs from this folder (process {file.read().strip() or 'unknown'}). "
                "Stop that one first, or give this one a folder of its own with VAR_DIR=."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        return file

    def refuse_a_busy_port(self) -> None:
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", self.port))
            except OSError as problem:
                if problem.errno not in {errno.EADDRINUSE, errno.EACCES}:
                    raise
                why = "is in use by another program" if problem.errno == errno.EADDRINUSE else "is not allowed for you"
                raise CommandError(
                    f"Port {self.port} {why}. Choose another one: make run PORT={8001 if self.port == 8000 else 8000}"
                ) from None

    def prepare(self) -> None:
        call_command("prepare", verbosity=0)
        if settings.DEMO and not get_user_model()._default_manager.exists():
            self.say("The database is empty: the demo neighbourhood moves in.")
            call_command("load_demo")

    def environ(self, *, reload: bool) -> dict[str, str]:
        """Parameters for the same commands as in production."""
        chosen = {
            "WEB_BIND": f"127.0.0.1:{self.port}",
            "WEB_WORKERS": "1",
            "WEB_THREADS": "4",
            "WORKER_CONCURRENCY": "1",
            "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
            "BASE_URL": os.environ.get("BASE_URL", f"http://localhost:{self.port}"),
            "PYTHONUNBUFFERED": "1",
            # Celery's sermon for whoever looks around as root; in a production nobody does.
            "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
        }
        if reload:
            chosen["DEBUG"] = "1"
        return {**os.environ, **chosen}

    def supervise(self, *, reload: bool) -> None:
        environ = self.environ(reload=reload)
        processes = {
            name: Process(name, PROCESSES[name](environ), environ=environ, say=self.say)
            for name in ("web", "worker", "beat")
        }
        chores: list[Callable[[], None]] = [self.announce_once(), sweep_now_and_then()]
        if reload:
            # The development server shows errors in full and starts itself again when a file changes.
            processes["web"].argv = [sys.executable, "manage.py", "runserver", f"127.0.0.1:{self.port}"]
            folders = [settings.BASE_DIR / room for room in ("corporatie", "tenants", "cases", "visits", "projects")]
            chores.append(Watcher(folders, [processes["worker"], processes["beat"]], say=self.say))
        Supervisor(list(processes.values()), say=self.say).run(chores=chores)

    def announce_once(self) -> Callable[[], None]:
        announced = False

        def announce() -> None:
            nonlocal announced
            if not announced and self.answers():
                announced = True
                self.announce()

        return announce

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def announce(self) -> None:
        seconds = time.monotonic() - self.began
        # localhost and not 127.0.0.1: passkeys work on a name only.
        lines = ["", f"Keukentafel is ready after {seconds:.0f} s:  http://localhost:{self.port}", ""]
        if settings.DEMO:
            lines.append(f"Sign in with one of these addresses; the password is the same for all: {DEMO_PASSWORD}")
            width = max(len(role) for role, _email, _name in DEMO_ACCOUNTS)
            lines += [f"  {role:<{width}}  {email}" for role, email, _name in DEMO_ACCOUNTS]
            lines.append("")
        lines += [
            f"Mails that would go out are files in {settings.EMAIL_FILE_PATH}",
            "Ctrl-C stops everything; what was entered stays.",
            "",
        ]
        self.say("\n".join(lines))


def sweep_the_broker(*, older_than: float) -> None:
    """Throw away messages that nobody takes any more. Nothing is lost: the rows say what has to be done."""
    if settings.REDIS_URL:
        return
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    folders = [str(options["data_folder_in"]), str(options["processed_folder"])]
    if not older_than:
        # At the start nothing runs yet: also which queues there were is forgotten.
        folders.append(str(options["control_folder"]))
    for folder in map(Path, folders):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in folder.iterdir():
            try:
                if time.time() - path.stat().st_mtime >= older_than:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
            except FileNotFoundError:
                continue  # the worker took it while we looked


def sweep_now_and_then() -> Callable[[], None]:
    next_time = time.monotonic() + STALE_AFTER

    def sweep() -> None:
        nonlocal next_time
        if time.monotonic() >= next_time:
            next_time = time.monotonic() + STALE_AFTER
            sweep_the_broker(older_than=STALE_AFTER)

    return sweep
