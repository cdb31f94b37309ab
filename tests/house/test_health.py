"""/healthz and /readyz: what a monitor may ask without signing in, and what it learns."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.cache import cache
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from corporatie.desk.views import health
from corporatie.subjects.actions import seal_keys
from corporatie.work.models import Heartbeat, HouseText, OutgoingMail
from corporatie.work.states import MailKind, MailState
from tests.cast import Cast

PARTS = ("database", "data", "writing", "migrations", "cache", "keys", "beat", "mails", "alarms")
ALL_WELL = {"status": "ok"} | dict.fromkeys(PARTS, "ok")


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
    assert ask(client) == (503, {**red("cache"), "writing": "failing"})


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


# --- A machine that fails ------------------------------------------------------------------------------------
@contextmanager
def read_only() -> Iterator[None]:
    """As a disk that was mounted read-only, or a standby of PostgreSQL."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA query_only = ON")
            yield
            cursor.execute("PRAGMA query_only = OFF")
        else:
            cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
            yield
            cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE")


@contextmanager
def full() -> Iterator[None]:
    """No page more than there are. PostgreSQL knows no such thing."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
        yield
        cursor.execute("PRAGMA max_page_count = 1073741823")


def fill() -> None:
    for number in range(1000):
        HouseText.objects.create(key=f"k{number}", text="x" * 4000)


def red(name: str) -> dict[str, str]:
    return {**ALL_WELL, "status": "failing", name: "failing"}


@pytest.mark.django_db(transaction=True)
def test_a_database_that_only_reads(client: Client, beating: None) -> None:
    assert ask(client) == (200, ALL_WELL)
    with read_only():
        assert ask(client) == (503, red("writing"))
    assert ask(client) == (200, ALL_WELL)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite can be made full from within")
def test_a_disk_that_is_full(client: Client, beating: None) -> None:
    assert ask(client) == (200, ALL_WELL)
    with full():
        # What was thrown away leaves room; that is filled first.
        with pytest.raises(OperationalError, match="full"):
            fill()
        assert ask(client) == (503, red("writing"))


@pytest.mark.usefixtures("beating")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has its own look")
def test_data_that_are_broken(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_looked_through", lambda _turn: False)
    assert ask(client) == (503, red("data"))


@pytest.mark.usefixtures("beating")
def test_keys_that_do_not_fit(client: Client, settings: Any) -> None:
    seal_keys()
    assert ask(client) == (200, ALL_WELL)
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert ask(client) == (503, red("keys"))
    settings.ENCRYPTION_KEYS = []
    assert ask(client) == (503, red("keys"))


@pytest.mark.parametrize(
    ("state", "minutes", "ready"),
    [
        (MailState.PENDING, -5, True),
        (MailState.PENDING, 29, True),
        (MailState.PENDING, 31, False),
        (MailState.SENDING, 29, True),
        (MailState.SENDING, 31, False),
        (MailState.FAILED, 0, False),
        (MailState.SENT, 600, True),
    ],
)
def test_mails_that_do_not_go_out(client: Client, cast: Cast, state: str, minutes: int, ready: bool) -> None:
    Heartbeat.objects.create(name="sweep", at=timezone.now())
    since = timezone.now() - timedelta(minutes=minutes)
    OutgoingMail.objects.create(
        recipient=cast.anna,
        kind=MailKind.DIGEST,
        key="x",
        on=since.date(),
        state=state,
        made_at=since,
        next_try_at=since,
        lease_until=since if state == MailState.SENDING else None,
        sent_at=since if state == MailState.SENT else None,
    )
    assert ask(client) == ((200, ALL_WELL) if ready else (503, red("mails")))
    assert "anna" not in client.get("/readyz").content.decode().lower()


@pytest.mark.usefixtures("beating")
def test_asking_leaves_nothing_behind(client: Client) -> None:
    def rows() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM cache_entries")
            return int(cursor.fetchone()[0])

    before = rows()
    ask(client)
    assert rows() == before
