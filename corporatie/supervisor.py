"""Keeps web, worker and beat running on one machine, and leaves none of them behind.

Each process gets a session of its own, so that Ctrl-C in the terminal reaches this supervisor only and the worker can
finish what it has in hand. When the supervisor itself is killed, the kernel tells each process to stop.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from corporatie.processes import STOP_WITHIN

LONGEST_PAUSE = 30
SETTLED_AFTER = 60
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def stop_with_parent() -> None:
    """Ask the kernel to send SIGTERM to this process when its parent dies, however it dies."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Process:
    """One process and its whole family: started, watched, started again after a growing pause, stopped."""

    def __init__(self, name: str, argv: list[str], *, environ: Mapping[str, str], say: Callable[[str], None]) -> None:
        self.name = name
        self.argv = argv
        self.environ = environ
        self.say = say
        self.popen: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.start_at = 0.0
        self.failures = 0

    def start(self) -> None:
        parent = os.getpid()

        def before_it_becomes_the_program() -> None:
            stop_with_parent()
            if os.getppid() != parent:
                # The supervisor died between the fork and the line above: nobody would ever stop this one.
                os._exit(1)

        self.started_at = time.monotonic()
        self.popen = subprocess.Popen(  # noqa: S603  (a list from our own file, no shell)
            self.argv,
            env=dict(self.environ),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=before_it_becomes_the_program,  # noqa: PLW1509  (the supervisor has no threads)
        )

    def keep_running(self) -> None:
        """Start it when it is time; notice that it ended and set the time to start it again."""
        now = time.monotonic()
        if self.popen is None:
            if now >= self.start_at:
                self.start()
            return
        if (status := self.popen.poll()) is None:
            return
        self.kill_family()
        self.popen = None
        self.failures = 1 if now - self.started_at > SETTLED_AFTER else self.failures + 1
        pause = min(2 ** (self.failures - 1), LONGEST_PAUSE)
        self.start_at = now + pause
        how = f"signal {-status}" if status < 0 else f"exit code {status}"
        self.say(f"{self.name} stopped by itself ({how}); it starts again in {pause} s.")

    def ask_to_stop(self) -> None:
        if self.popen is not None and self.popen.poll() is None:
            self.popen.terminate()

    def has_ended(self) -> bool:
        return self.popen is None or self.popen.poll() is not None

    def kill_family(self) -> None:
        """End what is left of the session: children that outlived the process we started."""
        if self.popen is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.popen.pid, signal.SIGKILL)
            self.popen.wait()

    def restart(self) -> None:
        self.ask_to_stop()
        if self.popen is not None:
            with suppress(subprocess.TimeoutExpired):
                self.popen.wait(STOP_WITHIN)
        self.kill_family()
        self.popen, self.failures, self.start_at = None, 0, 0.0


class Supervisor:
    """Runs the processes until someone asks to stop; asked a second time, it stops at once."""

    def __init__(
        self, processes: list[Process], *, say: Callable[[str], None], stop_within: float = STOP_WITHIN
    ) -> None:
        self.processes = processes
        self.say = say
        self.stop_within = stop_within
        self.times_asked = 0

    def _asked_to_stop(self, *_: object) -> None:
        self.times_asked += 1

    def run(self, *, chores: Iterable[Callable[[], None]] = ()) -> None:
        """Returns when everything has ended. The chores are called at each round, a few times a second."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)
        try:
            while not self.times_asked:
                for process in self.processes:
                    process.keep_running()
                for chore in chores:
                    chore()
                time.sleep(0.2)
        finally:
            self.stop()

    def stop(self) -> None:
        already_asked = self.times_asked
        self.say("Stopping: what is under way is finished first. Ctrl-C once more stops at once.")
        for process in self.processes:
            process.ask_to_stop()
        patience_ends = time.monotonic() + self.stop_within
        while not all(process.has_ended() for process in self.processes):
            if self.times_asked > already_asked or time.monotonic() > patience_ends:
                break
            time.sleep(0.1)
        for process in self.processes:
            process.kill_family()
        self.say("Stopped.")


class Watcher:
    """Restarts processes when a Python file of the project changes. For developing; runserver watches for itself."""

    def __init__(self, folders: list[Path], processes: list[Process], *, say: Callable[[str], None]) -> None:
        self.folders = folders
        self.processes = processes
        self.say = say
        self.look_again_at = 0.0
        self.newest = self.look()

    def look(self) -> float:
        return max((path.stat().st_mtime for folder in self.folders for path in folder.rglob("*.py")), default=0.0)

    def __call__(self) -> None:
        if time.monotonic() < self.look_again_at:
            return
        self.look_again_at = time.monotonic() + 1
        with suppress(FileNotFoundError):  # a file that went away while we looked: the next look is soon
            if (newest := self.look()) > self.newest:
                self.newest = newest
                self.say(f"A file changed: {' and '.join(process.name for process in self.processes)} start again.")
                for process in self.processes:
                    process.restart()
