"""Each check on production: silent when all is well, and exactly itself when one thing is not."""

from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.core import checks as django_checks
from django.test import override_settings

from corporatie import checks
from corporatie.processes import PROCESSES

SAFE: dict[str, Any] = {
    "IS_PRODUCTION": True,
    "SECRET_KEY": "kDk2uZz1nQ4hT7vLr0xWc9yBm3sJg6pFa5eXo8iNdUqRtVwYb2M",
    "DEBUG": False,
    "DEMO": False,
    "ALLOWED_HOSTS": ["keukentafel.example", "localhost"],
    "ENCRYPTION_KEYS": [Fernet.generate_key().decode()],
    "REDIS_URL": "redis://:secret@redis.example:6379/0",
    "SECOND_FACTOR_REQUIRED": True,
    "HTTPS": True,
    "BASE_URL": "https://keukentafel.example",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
}
TRIAL = {"HTTPS": False, "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"], "BASE_URL": "http://localhost:8000"}

UNSAFE: list[tuple[str, str, dict[str, Any]]] = [
    ("E001", "the default key", {"SECRET_KEY": settings.DEFAULT_SECRET_KEY}),
    ("E001", "49 characters", {"SECRET_KEY": SAFE["SECRET_KEY"][:49]}),
    ("E001", "one character, often", {"SECRET_KEY": "a" * 60}),
    ("E002", "debug", {"DEBUG": True}),
    ("E003", "demo", {"DEMO": True}),
    ("E004", "no host", {"ALLOWED_HOSTS": []}),
    ("E004", "any host", {"ALLOWED_HOSTS": ["*"]}),
    ("E004", "any host, beside a good one", {"ALLOWED_HOSTS": ["keukentafel.example", "*"]}),
    ("E004", "any host in another notation", {"ALLOWED_HOSTS": [".", "keukentafel.example"]}),
    ("E005", "no encryption key", {"ENCRYPTION_KEYS": []}),
    ("E005", "not a key", {"ENCRYPTION_KEYS": ["geheim"]}),
    ("E005", "an old one is not a key", {"ENCRYPTION_KEYS": [*SAFE["ENCRYPTION_KEYS"], ""]}),
    ("E006", "no broker", {"REDIS_URL": ""}),
    ("E007", "Redis without password", {"REDIS_URL": "redis://redis.example:6379/0"}),
    ("E007", "Redis with a name only", {"REDIS_URL": "rediss://keukentafel@10.0.0.5:6379/0"}),
    ("E008", "no second factor", {"SECOND_FACTOR_REQUIRED": False}),
    ("E009", "links without https", {"BASE_URL": "http://keukentafel.example"}),
    ("E010", "plain http for others", {**TRIAL, "ALLOWED_HOSTS": ["localhost", "keukentafel.example"]}),
    ("E010", "plain http in mails", {**TRIAL, "BASE_URL": "http://192.168.1.5:8000"}),
    ("W001", "plain http on this machine", TRIAL),
    ("W003", "no mail server", {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}),
]


@pytest.fixture(autouse=True)
def on_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks read the settings only; the tests' own connection stays what it is."""
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")


def ids() -> list[str]:
    return [str(message.id).removeprefix("keukentafel.") for message in checks.production()]


def test_all_is_well() -> None:
    with override_settings(**SAFE):
        assert ids() == []
        checks.refuse_unsafe_production()


@pytest.mark.parametrize(("expected", "what", "changed"), UNSAFE, ids=[f"{row[0]} {row[1]}" for row in UNSAFE])
def test_one_thing_is_wrong(expected: str, what: str, changed: dict[str, Any]) -> None:
    with override_settings(**{**SAFE, **changed}):
        assert ids() == [expected]
        [message] = checks.production()
        assert message.hint
        if expected.startswith("E"):
            with pytest.raises(checks.UnsafeProductionError) as refusal:
                checks.refuse_unsafe_production()
            assert f"keukentafel.{expected}" in str(refusal.value)
            assert str(message.hint) in str(refusal.value)
        else:
            checks.refuse_unsafe_production()


def test_sqlite_in_production_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    with override_settings(**SAFE):
        assert ids() == ["W002"]
        checks.refuse_unsafe_production()


@pytest.mark.parametrize(
    "url",
    [
        "redis://127.0.0.1:6379/0",
        "redis://localhost:6379/0",
        "redis://[::1]:6379/0",
        "redis+socket:///run/redis/redis.sock",
        "rediss://:secret@redis.example:6379/0",
    ],
)
def test_redis_that_only_this_machine_reaches_needs_no_password(url: str) -> None:
    with override_settings(**{**SAFE, "REDIS_URL": url}):
        assert ids() == []


def test_every_reason_is_named_at_once() -> None:
    with override_settings(**{**SAFE, "DEBUG": True, "DEMO": True, "REDIS_URL": ""}):
        assert ids() == ["E002", "E003", "E006"]
        with pytest.raises(checks.UnsafeProductionError, match=r"(?s)E002.*E003.*E006"):
            checks.refuse_unsafe_production()


def test_outside_production_nothing_is_refused() -> None:
    unsafe = {"IS_PRODUCTION": False, "SECRET_KEY": "short", "DEBUG": True, "DEMO": True, "REDIS_URL": ""}
    with override_settings(**{**SAFE, **unsafe}):
        assert ids() == []
        checks.refuse_unsafe_production()


def test_each_number_is_proven_red() -> None:
    red = {row[0] for row in UNSAFE} | {"W002"}
    assert red == {f"E{number:03}" for number in range(1, 11)} | {"W001", "W002", "W003"}
    assert len(checks.CHECKS) == len(red)


def test_django_knows_the_checks() -> None:
    with override_settings(**{**SAFE, "DEBUG": True}):
        assert "keukentafel.E002" in [message.id for message in django_checks.run_checks()]


def test_the_list_of_processes_is_the_four_of_a_production() -> None:
    assert list(PROCESSES) == ["migrate", "web", "worker", "beat"]
