"""For machines: does this process live, and is everything there that it needs? Says no version and no names."""

import functools
from collections.abc import Callable

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from corporatie.work.models import Heartbeat


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    """This process answers. Asks nothing of the database, so that a slow one gets no web process restarted."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """Everything is there: database, migrations, cache, and a beat that wakes the sweep. 503 when something is not."""
    parts = {name: state(ask) for name, ask in QUESTIONS.items()}
    ready = all(answer == "ok" for answer in parts.values())
    return JsonResponse({"status": "ok" if ready else "failing", **parts}, status=200 if ready else 503)


def state(ask: Callable[[], bool]) -> str:
    try:
        return "ok" if ask() else "failing"
    except DatabaseError:
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


QUESTIONS = {
    "database": database_answers,
    "migrations": all_migrations_are_applied,
    "cache": cache_answers,
    "beat": beat_is_on_time,
}
