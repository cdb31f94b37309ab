"""Hours of trouble in minutes, with real processes: mail that is down, slow or half dead; beat over both DST nights.

``make soak`` runs these; they take a quarter of an hour. Time that must pass is moved with libfaketime.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tests.house.production import ROOT
from tests.sink import Sink
from tests.smoke.running import end_all

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(not shutil.which("faketime"), reason="no faketime here; to have it: apt-get install faketime"),
]

MORNING = datetime(2026, 11, 24, 8, 0)
LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), Path("libfaketime.so.1"))
# A promise that is due, for each of so many colleagues; the first two have an address that never works.
STOCK = """
from datetime import date
from django.utils import timezone
from corporatie.work import actions
from tests.cast import Cast, colleague
cast = Cast.make(timezone.now())
for number in range({number}):
    owner = colleague(f"C{{number}} Collega", "housing_consultant", team=cast.noord)
    if number == 0:
        type(owner).objects.get_queryset().filter(pk=owner.pk).update(email="gif@voorbeeld.example")
    if number == 1:
        type(owner).objects.get_queryset().filter(pk=owner.pk).update(email="ger\\u00e9@voorbeeld.example")
    actions.add_follow_up(tenancy=cast.bos, subject=cast.bos, what="Bel", owner=owner, due_on=date(2026, 11, 24),
        is_promise=True, by=owner, at=timezone.now())
"""
STATES = "from corporatie.work.models import OutgoingMail; print(*OutgoingMail.objects.values_list('state', flat=True))"
HEARD = """
from corporatie.work.models import Notice
print(Notice.objects.live().filter(rule='alarm_mail', recipient__email='hans@voorbeeld.example').count())
"""


class House:
    """An installation of its own, which lives at a time of its own."""

    def __init__(self, var_dir: Path, sink: Sink) -> None:
        self.var_dir = var_dir
        self.environment = {
            "PATH": os.environ["PATH"],
            "KEUKENTAFEL_MODE": "embedded",
            "VAR_DIR": str(var_dir),
            "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
            "PYTHONPATH": str(ROOT),
        }
        self.manage("prepare")

    def manage(self, *argv: str, at: datetime = MORNING, check: bool = True) -> str:
        """One command at that moment."""
        done = subprocess.run(
            ["faketime", f"{at:%Y-%m-%d %H:%M:%S}", sys.executable, "manage.py", *argv],
            cwd=ROOT,
            env={**self.environment, "TZ": "Europe/Amsterdam"},
            check=False,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert not check or done.returncode == 0, done.stderr
        return done.stdout

    def stock(self, number: int) -> None:
        """Everyone has something that is due."""
        self.manage("shell", "--no-imports", "--command", STOCK.format(number=number))

    def states(self) -> Counter[str]:
        """How many mails are where."""
        return Counter(self.manage("shell", "--no-imports", "--command", STATES).split())


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Callable[[Sink], House]]:
    """Make one, and leave no process of it."""
    yield lambda sink: House(tmp_path / "var", sink)
    end_all(tmp_path / "var")


def good(number: int) -> list[str]:
    """Who can be reached."""
    return sorted(f"c{each}@voorbeeld.example" for each in range(2, number))


def arrived(sink: Sink) -> list[str]:
    """To whom a mail went, except what the application administrator hears."""
    return sorted(to for kept in sink.kept for to in kept.to if to.startswith("c"))


def test_down_for_three_hours_and_back_everything_arrives_once(house: Callable[[Sink], House]) -> None:
    sink = Sink(refuses={"gif@voorbeeld.example": "550 nobody here"})
    away = house(sink)
    away.stock(12)
    for minutes in range(0, 181, 12):
        away.manage("sweep", at=MORNING + timedelta(minutes=minutes), check=False)
    assert sink.kept == []
    # Nothing is given up while the server is away, but for the address that no server could take.
    assert away.states()["failed"] == 1
    with sink:
        for minutes in range(181, 226, 5):
            away.manage("sweep", at=MORNING + timedelta(minutes=minutes), check=False)
    assert arrived(sink) == good(12)
    # Two addresses never work: that stopped nobody, it is not given up in silence, and the administrator hears it.
    assert away.states()["failed"] == 2
    assert away.manage("shell", "--no-imports", "--command", HEARD).strip() == "1"


def test_a_server_that_accepts_and_drops_gets_it_again_under_the_same_number(house: Callable[[Sink], House]) -> None:
    sink = Sink(drops=True)
    away = house(sink)
    away.stock(6)
    with sink:
        for minutes in (0, 2, 5):
            away.manage("sweep", at=MORNING + timedelta(minutes=minutes), check=False)
        assert sink.asked >= 3
        assert sink.kept == []
        sink.drops = False
        for minutes in range(20, 60, 8):
            away.manage("sweep", at=MORNING + timedelta(minutes=minutes), check=False)
    assert [to for to in arrived(sink) if to in good(6)] == good(6)
    assert max(Counter(kept.number for kept in sink.kept).values()) == 1


def test_eight_seconds_a_mail_stops_no_sweep_and_sends_nothing_twice(house: Callable[[Sink], House]) -> None:
    sink = Sink(slow=8)
    away = house(sink)
    away.stock(16)
    with sink:
        began = time.time()
        running = subprocess.Popen(
            # From half past eight on, at the speed of every day.
            [
                *("faketime", "-f", f"@{MORNING + timedelta(minutes=30):%Y-%m-%d %H:%M:%S}"),
                *(sys.executable, "-m", "celery", "--quiet", "--app", "corporatie.celery", "worker", "--beat"),
                *("--concurrency", "1", "--without-mingle"),
            ],
            cwd=ROOT,
            env={**away.environment, "TZ": "Europe/Amsterdam"},
            start_new_session=True,
        )
        try:
            seen: list[tuple[float, str]] = []
            ask = "from corporatie.work.models import Heartbeat; print(Heartbeat.objects.get(name='sweep').at)"
            while time.time() - began < 260:
                beat = away.manage("shell", "--no-imports", "--command", ask, check=False).strip()
                if beat and (not seen or seen[-1][1] != beat):
                    seen.append((time.time(), beat))
                time.sleep(2)
        finally:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait(10)
    moments = [datetime.fromisoformat(beat) for _at, beat in seen]
    gaps = [(after - before).total_seconds() for before, after in pairwise(moments)]
    assert len(gaps) >= 2
    assert max(gaps) < 90
    assert [to for to in arrived(sink) if to in good(16)] == good(16)
    assert max(Counter(kept.number for kept in sink.kept).values()) == 1


@pytest.mark.parametrize("night", ["2026-10-25 01:45:00", "2027-03-28 01:15:00"])
def test_the_real_beat_wakes_each_minute_through_the_night(tmp_path: Path, night: str) -> None:
    speed, seconds = 30, 260
    queue = tmp_path / "var" / "broker" / "queue"
    environment = {"PATH": os.environ["PATH"], "KEUKENTAFEL_MODE": "embedded", "VAR_DIR": str(tmp_path / "var")}
    # Another fake than the command: this one also moves the clock that is never set.
    fake = {"LD_PRELOAD": str(LIBRARY), "FAKETIME": f"@{night} x{speed}", "TZ": "Europe/Amsterdam"}
    subprocess.run([sys.executable, "manage.py", "prepare"], cwd=ROOT, env=environment, check=True, timeout=120)
    beat = subprocess.Popen(
        [sys.executable, "-m", "celery", "--quiet", "--app", "corporatie.celery", "beat", "--pidfile="],
        cwd=ROOT,
        env={**environment, **fake},
        start_new_session=True,
    )
    woken: list[float] = []
    known: set[str] = set()
    try:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            for message in queue.glob("*"):
                if message.name not in known:
                    known.add(message.name)
                    if '"work.sweep"' in message.read_text(errors="ignore"):
                        woken.append(time.monotonic())
            time.sleep(0.02)
    finally:
        os.killpg(beat.pid, signal.SIGKILL)
        beat.wait(10)
    gaps = [(after - before) * speed for before, after in pairwise(woken)]
    # Two hours of that night: the hour that happens twice, or the one that never was, lies in it.
    assert len(gaps) > 90
    assert max(gaps) < 90
