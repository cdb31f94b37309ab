"""Every minute is sixty seconds, on every day of the year."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from celery.beat import Service

from corporatie.celery import Beat, app
from corporatie.work.tasks import send_mails, sweep

# What beat wakes, each so many seconds.
TASKS = {"work.sweep": 60, "work.send_mails": 30}


def real_beat(**options):
    """The scheduler that a production starts."""
    beat = Service(app, scheduler_cls=app.conf.beat_scheduler, **options).get_scheduler()
    assert isinstance(beat, Beat)
    return beat


class Night:
    """Hours of beat in a moment: what it would sleep, passes at once, on both clocks."""

    def __init__(self, monkeypatch, start, *, clock_is_set=None):
        self.passed = 0.0
        self.woken = []
        self.clock_is_set = clock_is_set or (lambda _passed: 0.0)
        self.start = start
        monkeypatch.setattr("corporatie.celery.time.monotonic", lambda: 1000.0 + self.passed)
        monkeypatch.setattr("corporatie.celery.time.time", lambda: on_the_wall(self))
        monkeypatch.setattr(Beat, "producer", None)
        monkeypatch.setattr(
            Beat, "apply_async", lambda _beat, entry, **_rest: self.woken.append((entry.task, self.passed))
        )

    def run(self, *, hours):
        """The gaps between two times a task was woken, by task."""
        beat = real_beat()
        while self.passed < hours * 3600:
            self.passed += beat.tick() or 0.001
        gaps = {}
        for task in TASKS:
            moments = [passed for name, passed in self.woken if name == task]
            assert moments[0] == 0
            gaps[task] = [after - before for before, after in pairwise(moments)]
        return gaps


def on_the_wall(night):
    """What the clock on the wall says."""
    return night.start.timestamp() + night.passed + night.clock_is_set(night.passed)


@pytest.mark.parametrize(
    "start",
    [
        datetime(2026, 10, 24, 23, 30, tzinfo=UTC),
        datetime(2027, 3, 27, 23, 30, tzinfo=UTC),
        datetime(2026, 12, 31, 22, 0, tzinfo=UTC),
        datetime(2028, 2, 28, 22, 0, tzinfo=UTC),
    ],
)
def test_in_the_nights_that_are_an_hour_longer_or_shorter_each_minute_is_woken(monkeypatch, start):
    for task, gaps in Night(monkeypatch, start).run(hours=4).items():
        assert len(gaps) >= 4 * 3600 / TASKS[task] - 1
        assert all(abs(gap - TASKS[task]) < 1 for gap in gaps)


@pytest.mark.parametrize("hour", [-1, 1, -24])
def test_a_clock_that_is_set_costs_no_minute_and_makes_no_burst(monkeypatch, hour):
    start = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def set_after_half_an_hour(passed):
        return hour * 3600.0 if passed > 1830 else 0.0

    for task, gaps in Night(monkeypatch, start, clock_is_set=set_after_half_an_hour).run(hours=3).items():
        assert all(gap < TASKS[task] + 1 for gap in gaps)
        # One early waking at most, when the clock jumps ahead.
        assert sum(gap < TASKS[task] - 1 for gap in gaps) <= 1


def test_a_machine_that_slept_wakes_everything_at_once(monkeypatch):
    night = Night(monkeypatch, datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    beat = real_beat()
    beat.tick()
    # The first clock stood still.
    night.clock_is_set = lambda _passed: 8 * 3600.0
    beat.tick()
    beat.tick()
    assert len(night.woken) == 2 * len(TASKS)


def test_the_sweep_goes_before_the_post_whose_mails_it_makes(monkeypatch):
    night = Night(monkeypatch, datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    night.run(hours=1)
    order = [task for task, _passed in night.woken]
    # And once more in between: with two workers the first of the two may begin before the sweep has made anything.
    assert order == ["work.sweep", "work.send_mails", "work.send_mails"] * (len(order) // 3)


@pytest.mark.parametrize("content", [b"", b"no schedule at all" * 100, None])
def test_what_an_older_beat_left_behind_does_not_matter(monkeypatch, tmp_path, content):
    file = tmp_path / "beat-schedule"
    file.write_bytes(content) if content is not None else file.mkdir()
    monkeypatch.chdir(tmp_path)
    night = Night(monkeypatch, datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    real_beat(schedule_filename=str(file)).tick()
    assert {task for task, _passed in night.woken} == set(TASKS)


def test_a_broker_that_is_away_stops_no_beat(monkeypatch):
    def away(*_args, **_kwargs):
        raise OSError

    monkeypatch.setattr(Beat, "producer", None)
    monkeypatch.setattr(Beat, "apply_async", away)
    assert 0 < real_beat().tick() <= 30


def test_beat_wakes_each_task_by_the_name_it_has():
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} == {sweep.name, send_mails.name} == set(TASKS)
    # What waited for its turn as long as this is of no use: the next one is there.
    assert all(entry["options"]["expires"] < TASKS[entry["task"]] for entry in app.conf.beat_schedule.values())
