"""What ``make run`` starts: it serves, keeps what was entered, and leaves no process behind."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.production import ROOT
from tests.smoke.running import end_all, family, free_port, get, wait_until


class Run:
    """One ``manage.py run``, in an environment of its own."""

    def __init__(self, var_dir: Path, port: int) -> None:
        self.port = port
        self.url = f"http://localhost:{port}"
        self.log = var_dir.parent / f"run-{port}-{len(list(var_dir.parent.glob('run-*')))}.log"
        with self.log.open("w") as output:
            self.popen = subprocess.Popen(
                [sys.executable, "manage.py", "run", "--port", str(port)],
                cwd=ROOT,
                env={"PATH": os.environ["PATH"], "KEUKENTAFEL_MODE": "embedded", "DEMO": "1", "VAR_DIR": str(var_dir)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def says(self, pattern: str) -> bool:
        return re.search(pattern, self.log.read_text()) is not None

    def wait_for(self, pattern: str, *, within: float) -> None:
        wait_until(
            lambda: self.says(pattern) or self.popen.poll() is not None, within=within, what=f"{pattern} in {self.log}"
        )
        assert self.says(pattern), self.log.read_text()

    def refuses(self, pattern: str) -> None:
        assert self.popen.wait(30) == 1
        assert self.says(pattern), self.log.read_text()
        assert not self.says("Traceback")


@pytest.fixture
def var_dir(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "var"
    yield path
    end_all(path)
    end_all(tmp_path / "other")


def workers(var_dir: Path) -> set[int]:
    return {pid for pid, command in family(var_dir).items() if " worker " in command}


def manage(var_dir: Path, *argv: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", *argv],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "KEUKENTAFEL_MODE": "embedded", "DEMO": "1", "VAR_DIR": str(var_dir)},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


def shell(var_dir: Path, code: str) -> str:
    done = manage(var_dir, "shell", "--no-imports", "--command", code)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


COUNT = "from corporatie.staff.models import User; print(User.objects.count())"
NEW_COLLEAGUE = "from corporatie.staff.models import User; User.objects.create(email='nieuw@example.nl'); "


# By itself, as on the machine of who tries it: beside other tests the demo moves in twice as slowly.
@pytest.mark.services
def test_an_evening_on_one_machine(var_dir: Path) -> None:
    # The first time: set up, and serving.
    first = Run(var_dir, free_port())
    first.wait_for(rf"is ready after \d+ s: +http://localhost:{first.port}\n", within=60)
    assert get(f"{first.url}/healthz") == (200, '{"status": "ok"}')
    status, page = get(f"{first.url}/vandaag/")
    assert status == 200
    assert 'type="password"' in page
    # A sign-in for each role is printed, and it exists.
    accounts = re.findall(r"^  \S.*?  +(\S+@\S+)$", first.log.read_text(), flags=re.MULTILINE)
    assert len(accounts) >= 8
    known = "from corporatie.staff.models import User; print(*User.objects.values_list('email', flat=True))"
    assert set(accounts) <= set(shell(var_dir, known).split())

    # Someone else's port is named, with the way out; and so is a second start from the same folder.
    Run(var_dir.parent / "other", first.port).refuses(rf"Port {first.port} is in use .* make run PORT=\d+")
    Run(var_dir, free_port()).refuses(rf"already runs from this folder \(process {first.popen.pid}\)")

    # Nobody pulls the demo away from under it.
    refused = manage(var_dir, "reset_demo")
    assert refused.returncode == 1
    assert "Stop it first" in refused.stderr

    # A worker that is killed is back at once, and nothing of the old one goes on.
    before = workers(var_dir)
    assert len(before) == 2
    os.kill(min(before), signal.SIGKILL)
    first.wait_for(r"worker stopped by itself \(signal 9\); it starts again in 1 s", within=10)
    wait_until(
        lambda: len(workers(var_dir)) == 2 and not workers(var_dir) & before,
        within=20,
        what="a new worker, the old gone",
    )

    # Beat wakes the sweep through the broker in files: ready says so.
    wait_until(lambda: get(f"{first.url}/readyz")[0] == 200, within=75, what="a heartbeat by beat and worker")

    # Ctrl-C leaves nothing behind.
    os.killpg(first.popen.pid, signal.SIGINT)
    assert first.popen.wait(30) == 0
    assert family(var_dir) == {}
    assert first.says(r"Stopped\.\n$")

    # Only its owner can read what was kept.
    for path in var_dir.rglob("*"):
        if path.is_file():
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path

    # The second time everything is still there, and faster.
    count = int(shell(var_dir, NEW_COLLEAGUE + COUNT.partition("; ")[2]))
    second = Run(var_dir, first.port)
    second.wait_for(r"is ready after \d+ s", within=20)
    assert int(shell(var_dir, COUNT)) == count
    assert not second.says("the demo neighbourhood moves in")

    # Killed itself, the supervisor takes its processes along.
    assert len(family(var_dir)) >= 5
    second.popen.kill()
    second.popen.wait(5)
    wait_until(lambda: family(var_dir) == {}, within=30, what="everything gone after the supervisor was killed")

    # The demo afresh: without the new colleague.
    assert manage(var_dir, "reset_demo").returncode == 0
    assert int(shell(var_dir, COUNT)) == count - 1
    assert stat.S_IMODE((var_dir / "keukentafel.sqlite3").stat().st_mode) == 0o600


def test_a_busy_port_is_found_before_anything_is_made(var_dir: Path) -> None:
    with socket.socket() as occupied:
        occupied.bind(("127.0.0.1", 0))
        occupied.listen()
        Run(var_dir, occupied.getsockname()[1]).refuses(r"is in use by another program\. Choose another one: make run")
    assert not (var_dir / "keukentafel.sqlite3").exists()
