"""For machines: does this process live, and is everything there that it needs? Says no version and no names."""

import functools
import secrets
import time
from collections.abc import Callable

from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from corporatie.subjects.rules import file_is_whole, keys_fit
from corporatie.work.models import Alarm, Heartbeat, OutgoingMail

# Some pages of the database: on a full disk a smaller thing may still find room.
PROBE_BYTES = 12_000
# Seconds. Reading a whole file for faults takes a while, and a monitor asks often.
LOOK_THROUGH_EVERY = 60


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    """This process answers. Asks nothing of the database, so that a slow one gets no web process restarted."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """Everything is there and does its work: data that can be read and written, the right keys, a beat that wakes the
    sweep, mails that go out. 503 when something is not; each by its name, and nothing about anybody.
    """
    parts = {name: state(ask) for name, ask in QUESTIONS.items()}
    ready = all(answer == "ok" for answer in parts.values())
    return JsonResponse({"status": "ok" if ready else "failing", **parts}, status=200 if ready else 503)


def state(ask: Callable[[], bool]) -> str:
    try:
        return "ok" if ask() else "failing"
    except (Error, OSError, ImproperlyConfigured):
        return "failing"


def database_answers() -> bool:
    connection.ensure_connection()
    return connection.is_usable()


@functools.cache
def newest_migrations() -> frozenset[tuple[str, str]]:
    """What the code of this process expects. The code does not change while it runs."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())


def all_migrations_are_applied() -> bool:
    return newest_migrations() <= set(MigrationRecorder(connection).applied_migrations())


def cache_answers() -> bool:
    """Sign-in limits live in the cache: without its table nobody gets in."""
    return cache.get("readyz", "empty") == "empty"


def beat_is_on_time() -> bool:
    return Heartbeat.is_on_time("sweep", at=timezone.now())


def data_are_whole() -> bool:
    """A file may be broken where nobody looked yet. PostgreSQL finds that by itself and says so when it reads."""
    return connection.vendor != "sqlite" or _looked_through(int(time.monotonic() // LOOK_THROUGH_EVERY))


@functools.lru_cache(maxsize=1)
def _looked_through(_turn: int) -> bool:
    return file_is_whole()


def what_is_written_stays() -> bool:
    """Really writes, in the table of the cache: a full or read-only disk shows in no other way."""
    key, probe = f"readyz-{secrets.token_hex(8)}", secrets.token_hex(PROBE_BYTES // 2)
    cache.set(key, probe, timeout=60)
    stays: bool = cache.get(key) == probe
    cache.delete(key)
    return stays


def mails_go_out() -> bool:
    """None was given up, and none waits past its time."""
    return not OutgoingMail.any_is_stuck(at=timezone.now())


def alarms_reach_somebody() -> bool:
    """What reaches nobody is told to somebody."""
    return not Alarm.any_reaches_nobody()


QUESTIONS = {
    "database": database_answers,
    "data": data_are_whole,
    "writing": what_is_written_stays,
    "migrations": all_migrations_are_applied,
    "cache": cache_answers,
    "keys": keys_fit,
    "beat": beat_is_on_time,
    "mails": mails_go_out,
    "alarms": alarms_reach_somebody,
}
