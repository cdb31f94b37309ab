"""The supervisor of ``make run``, with small programs instead of web, worker and beat."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import override_settings

from corporatie.management.commands.run import sweep_the_broker
from corporatie.supervisor import Process, Supervisor, Watcher

FOREVER = [sys.executable, "-c", "import time; time.sleep(600)"]
# Ends after its child has begun, and leaves it behind.
ORPHANING = [
    sys.executable,
    "-c",
    "import subprocess; print(subprocess.Popen(['sleep', '600']).pid, flush=True); exit(3)",
]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)",
]


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def said() -> list[str]:
    return []


def turn_until(process: Process, condition: Callable[[], bool]) -> None:
    ends = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < ends
        process.keep_running()
        time.sleep(0.05)


def test_what_stops_by_itself_starts_again_after_a_growing_pause(said: list[str]) -> None:
    process = Process("worker", [sys.executable, "-c", "exit(3)"], environ=os.environ, say=said.append)
    turn_until(process, lambda: len(said) == 2)
    assert said == [
        "worker stopped by itself (exit code 3); it starts again in 1 s.",
        "worker stopped by itself (exit code 3); it starts again in 2 s.",
    ]
    # And never longer than half a minute.
    process.failures = 20
    process.start_at = 0
    turn_until(process, lambda: len(said) == 3)
    assert said[2].endswith("it starts again in 30 s.")


def test_what_ran_for_a_while_has_a_clean_slate(said: list[str]) -> None:
    process = Process("beat", [sys.executable, "-c", "exit(0)"], environ=os.environ, say=said.append)
    process.failures = 4
    process.start()
    process.started_at -= 61
    turn_until(process, lambda: len(said) == 1)
    assert said[0].endswith("it starts again in 1 s.")


def test_children_that_outlive_it_are_ended_too(said: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    process = Process("worker", ORPHANING, environ=os.environ, say=said.append)
    turn_until(process, lambda: len(said) == 1)
    child = int(capfd.readouterr().out)
    assert not lives(child)


def test_a_restart_ends_the_old_one_first(said: list[str]) -> None:
    process = Process("worker", FOREVER, environ=os.environ, say=said.append)
    process.keep_running()
    assert process.popen is not None
    old = process.popen.pid
    process.restart()
    assert not lives(old)
    process.keep_running()
    assert process.popen.pid != old
    process.ask_to_stop()
    process.kill_family()
    assert said == []


SUPERVISE = f"""
import os, sys
from corporatie.supervisor import Process, Supervisor
say = lambda message: print(message, flush=True)
process = Process("worker", {STUBBORN!r}, environ=os.environ, say=say)
Supervisor([process], say=say, stop_within=float(sys.argv[1])).run()
"""


def supervise(patience: float) -> "subprocess.Popen[str]":
    """A supervisor in a process of its own, with a program that does not listen to SIGTERM."""
    popen = subprocess.Popen([sys.executable, "-c", SUPERVISE, str(patience)], stdout=subprocess.PIPE, text=True)
    assert popen.stdout is not None
    assert popen.stdout.readline() == "deaf\n"
    return popen


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_patience_ends() -> None:
    popen = supervise(patience=0.5)
    [child] = children_of(popen.pid)
    popen.send_signal(signal.SIGTERM)
    output, _ = popen.communicate(timeout=10)
    assert re.fullmatch(r"Stopping: .*\nStopped\.\n", output)
    assert popen.returncode == 0
    assert not lives(child)


def test_asked_twice_it_stops_at_once() -> None:
    popen = supervise(patience=600)
    [child] = children_of(popen.pid)
    popen.send_signal(signal.SIGINT)
    assert popen.stdout is not None
    assert popen.stdout.readline().startswith("Stopping: ")
    popen.send_signal(signal.SIGINT)
    assert popen.wait(10) == 0
    popen.stdout.close()
    assert not lives(child)


def test_a_changed_file_restarts_what_does_not_watch_for_itself(tmp_path: Path, said: list[str]) -> None:
    (tmp_path / "rules.py").touch()
    process = Process("worker", FOREVER, environ=os.environ, say=said.append)
    watcher = Watcher([tmp_path], [process], say=said.append)
    watcher()
    assert said == []
    os.utime(tmp_path / "rules.py", (time.time() + 5, time.time() + 5))
    watcher.look_again_at = 0
    watcher()
    assert said == ["A file changed: worker start again."]


def test_the_queue_is_swept(tmp_path: Path) -> None:
    options = {
        "data_folder_in": str(tmp_path / "queue"),
        "processed_folder": str(tmp_path / "processed"),
        "control_folder": str(tmp_path / "control"),
    }
    for folder in options.values():
        Path(folder).mkdir()
        (Path(folder) / "old").touch()
        (Path(folder) / "new").touch()
        os.utime(Path(folder) / "old", (time.time() - 601, time.time() - 601))

    def left() -> set[str]:
        return {f"{path.parent.name}/{path.name}" for path in tmp_path.glob("*/*")}

    with override_settings(REDIS_URL="", CELERY_BROKER_TRANSPORT_OPTIONS=options):
        # While it runs: only what nobody waits for any more; which queues there are is kept.
        sweep_the_broker(older_than=600)
        assert left() == {"queue/new", "processed/new", "control/old", "control/new"}
        # At the start: everything.
        sweep_the_broker(older_than=0)
        assert left() == set()


def test_redis_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "queue").mkdir()
    (tmp_path / "queue" / "old").touch()
    options = {"data_folder_in": str(tmp_path / "queue"), "processed_folder": str(tmp_path), "control_folder": ""}
    with override_settings(REDIS_URL="redis://127.0.0.1/0", CELERY_BROKER_TRANSPORT_OPTIONS=options):
        sweep_the_broker(older_than=0)
    assert (tmp_path / "queue" / "old").exists()


def test_a_supervisor_without_processes_stops_when_asked(said: list[str]) -> None:
    supervisor = Supervisor([], say=said.append)
    supervisor.times_asked = 1
    supervisor.stop()
    assert said[-1] == "Stopped."
