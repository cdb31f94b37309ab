"""/healthz and /readyz: what a monitor may ask without signing in, and what it learns."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from corporatie.desk.views import health
from corporatie.work.models import Heartbeat

ALL_WELL = {"status": "ok", "database": "ok", "migrations": "ok", "cache": "ok", "beat": "ok"}


@pytest.fixture
def beating(db: None) -> None:
    Heartbeat.objects.create(name="sweep", at=timezone.now())


def ask(client: Client) -> tuple[int, dict[str, str]]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()


def test_healthz_asks_the_database_nothing(client: Client) -> None:
    # Without the db fixture a query would raise.
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.usefixtures("beating")
def test_everything_is_there(client: Client) -> None:
    assert ask(client) == (200, ALL_WELL)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.usefixtures("beating")
def test_no_version_no_names_and_nothing_kept_on_the_way(client: Client, path: str) -> None:
    answer = client.get(path)
    assert set(answer.json().values()) == {"ok"}
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    assert client.post(path).status_code == 405


@pytest.mark.parametrize(("minutes", "state", "status"), [(2.9, "ok", 200), (3.1, "failing", 503)])
def test_a_beat_that_is_late(client: Client, db: None, minutes: float, state: str, status: int) -> None:
    Heartbeat.objects.create(name="sweep", at=timezone.now() - timedelta(minutes=minutes))
    code, parts = ask(client)
    assert (code, parts["beat"]) == (status, state)


def test_a_beat_that_never_was(client: Client, db: None) -> None:
    assert ask(client) == (503, {**ALL_WELL, "status": "failing", "beat": "failing"})


@pytest.mark.usefixtures("beating")
def test_a_migration_that_is_not_applied(client: Client) -> None:
    label, name = max(health.newest_migrations())
    MigrationRecorder(connection).record_unapplied(label, name)
    assert ask(client) == (503, {**ALL_WELL, "status": "failing", "migrations": "failing"})


@pytest.mark.usefixtures("beating")
def test_a_cache_without_its_table(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*args: object, **kwargs: object) -> None:
        raise OperationalError("no such table: cache_entries")

    monkeypatch.setattr(cache, "get", gone)
    assert ask(client) == (503, {**ALL_WELL, "status": "failing", "cache": "failing"})


@pytest.mark.usefixtures("beating")
def test_a_database_that_does_not_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise OperationalError("could not connect to server at database.example as keukentafel")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "ensure_connection", gone)
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "failing"
    assert "database.example" not in answer.content.decode()
