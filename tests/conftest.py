"""What every test may ask for."""

import gc
import time
from datetime import UTC, datetime

import pytest
import time_machine
from django.core import mail
from django.db import connection

from tests.cast import Cast


@pytest.hookimpl(trylast=True)
def pytest_collection_finish():
    """All that is loaded by now stays: the collector need not walk through it again in each of thousands of tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let tests that really commit be cleaned up: SQLite empties tables by DELETE, which the journal refuses.

    ``tests/journal`` puts the triggers back and shows that they refuse.
    """
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_no_delete'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")


@pytest.fixture(autouse=True)
def _second_factor_has_its_own_tests(settings):
    """Sign in with one step, except in the tests about the second (``tests/staff``)."""
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def at() -> datetime:
    """A quiet Tuesday morning: 24 November 2026, 10:00 in Amsterdam."""
    return datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def cast(db, at) -> Cast:
    """Anna, Bram, Carla, Dirk, Petra and the others, with a household in Noord and one in Zuid."""
    return Cast.make(at)


@pytest.fixture
def time_machine_at(at):
    """Stand still at the cast's moment, for pages that ask the clock."""
    with time_machine.travel(at, tick=False):
        yield at


@pytest.fixture
def mailed():
    """Waits for a mail that goes out while the page answers already: the last of so many."""

    def wait(number: int = 1):
        for _look in range(500):
            if len(mail.outbox) >= number:
                break
            time.sleep(0.01)
        assert len(mail.outbox) == number
        return mail.outbox[-1]

    return wait
