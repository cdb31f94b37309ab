"""Several at the same moment, over connections of their own."""

from threading import Barrier, Event, Thread

import pytest
from django.db import connection, transaction

real = pytest.mark.django_db(transaction=True)
needs_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")


def together(*doings):
    """All of these at the same moment, each over a connection of its own. Gives what went wrong."""
    faults, start = [], Barrier(len(doings))

    def do(doing):
        try:
            start.wait()
            doing()
        except Exception as fault:  # noqa: BLE001  (whatever it is, the test names it)
            faults.append(repr(fault))
        finally:
            connection.close()

    threads = [Thread(target=do, args=(doing,)) for doing in doings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


def meanwhile(first, second):
    """What ``second`` gives, asked while ``first`` is done and not written down for good yet. Faults as words."""
    began, asked = Event(), Event()

    def do_first():
        with transaction.atomic():
            first()
            began.set()
            # Who waits for us never says that she is ready.
            asked.wait(timeout=2)

    def do_second():
        began.wait(timeout=10)
        try:
            second()
        finally:
            asked.set()

    return together(do_first, do_second)
