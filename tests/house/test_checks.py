"""Each check on production: silent when all is well, and exactly itself when one thing is not."""

import base64
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from string import ascii_letters, digits
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.core import checks as django_checks
from django.core.management.utils import get_random_secret_key
from django.test import override_settings

from corporatie import checks
from corporatie.processes import PROCESSES
from corporatie.secrets import is_guessable, is_thought_up, is_well_known

SAFE: dict[str, Any] = {
    "IS_PRODUCTION": True,
    "SECRET_KEY": "kDk2uZz1nQ4hT7vLr0xWc9yBm3sJg6pFa5eXo8iNdUqRtVwYb2M",
    "DEBUG": False,
    "DEMO": False,
    "ALLOWED_HOSTS": ["keukentafel.example", "localhost"],
    "ENCRYPTION_KEYS": [Fernet.generate_key().decode()],
    "REDIS_URL": "rediss://:Vw3nT8qLz5Rk@redis.example:6379/0",
    "SECOND_FACTOR_REQUIRED": True,
    "HTTPS": True,
    "BASE_URL": "https://keukentafel.example",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
}
TRIAL = {"HTTPS": False, "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"], "BASE_URL": "http://localhost:8000"}

GOOD = "Vw3nT8qLz5Rk"
FOR_BOTH = "kDk2uZz1nQ4hT7vLr0xWc9yBm3sJg6pFa5eXo8iNdUqRtVwYb2M"
# Made of the other secret instead of drawn.
DERIVED = base64.urlsafe_b64encode(sha256(FOR_BOTH.encode()).digest()).decode()
KNOWN_WORDS = [
    "",
    "keukentafel",
    "Keukentafel2026!",
    "postgres",
    "geheim123",
    "changeme",
    "PASSWORD",
    "12345678",
    "kort7",
]
THOUGHT_UP = [
    "django-insecure-" + FOR_BOTH,
    "changeme" * 8,
    "keukentafel-secret-key-please-change-me-2024-production-v2",
    "Keukentafel" * 6,
    "geheim-wachtwoord-voor-de-keukentafel-van-onze-corporatie",
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    "0123456789" * 6,
    "aB3" * 20,
    "your-secret-key-here-your-secret-key-here-2026-0123456789",
    "dit is een zin die iemand in een goede bui heeft bedacht maar raadbaar",
]
KNOWN_KEYS = [
    base64.urlsafe_b64encode(raw).decode()
    for raw in (
        bytes(32),
        b"\xff" * 32,
        bytes(range(32)),
        bytes(range(64, 0, -2)),
        b"\x13\x37" * 16,
        b"keukentafel-keukentafel-keukente",
        b"0123456789abcdef0123456789abcdef",
        sha256(b"keukentafel").digest(),
        sha256(b"changeme").digest(),
    )
] + ["cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4="]


def sslmode(mode: str) -> dict[str, Any]:
    return {"OPTIONS": {"sslmode": mode}}


@contextmanager
def production(monkeypatch: pytest.MonkeyPatch, **changed: Any) -> Iterator[None]:
    """A safe production with this changed: settings, the database, and what Celery and gunicorn read themselves."""
    for name, value in changed.pop("database", {}).items():
        monkeypatch.setitem(settings.DATABASES["default"], name, value)
    for name in [name for name in changed if name == "WEB_BIND" or name.startswith("CELERY_")]:
        monkeypatch.setenv(name, changed.pop(name))
    with override_settings(**{**SAFE, **changed}):
        yield


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
    ("E007", "Redis without password", {"REDIS_URL": "redis://redis:6379/0"}),
    ("E007", "Redis with a name only", {"REDIS_URL": "rediss://keukentafel@10.0.0.5:6379/0"}),
    ("E008", "no second factor", {"SECOND_FACTOR_REQUIRED": False}),
    ("E009", "links without https", {"BASE_URL": "http://keukentafel.example"}),
    ("E010", "plain http for others", {**TRIAL, "ALLOWED_HOSTS": ["localhost", "keukentafel.example"]}),
    ("E010", "plain http in mails", {**TRIAL, "BASE_URL": "http://192.168.1.5:8000"}),
    ("E010", "plain http, bound to all addresses", {**TRIAL, "WEB_BIND": "0.0.0.0:8000"}),
    ("E010", "plain http, bound to all of IPv6", {**TRIAL, "WEB_BIND": "[::]:8000"}),
    ("E010", "plain http, bound to no address at all", {**TRIAL, "WEB_BIND": ":8000"}),
    ("E010", "plain http for an IPv6 address", {**TRIAL, "ALLOWED_HOSTS": ["[2001:db8::5]"]}),
    ("E010", "plain http for a name that looks local", {**TRIAL, "ALLOWED_HOSTS": ["localhost.example.nl"]}),
    ("E010", "plain http for a number that looks local", {**TRIAL, "ALLOWED_HOSTS": ["127.0.0.1.nip.io"]}),
    ("E010", "plain http for all", {**TRIAL, "ALLOWED_HOSTS": ["0.0.0.0", "localhost"]}),  # noqa: S104
    ("E010", "plain http in a broken address", {**TRIAL, "BASE_URL": "http://[::1"}),
    ("E009", "https without a host", {"BASE_URL": "https://"}),
    ("E007", "the second of two", {"REDIS_URL": "rediss://:Vw3nT8qLz5Rk@a:6379/0;redis://b:6379/0"}),
    ("E007", "the second sentinel", {"REDIS_URL": "sentinel://:Vw3nT8qLz5Rk@a:26379;sentinel://b:26379"}),
    ("E007", "another kind of broker", {"REDIS_URL": "amqp://rabbit:5672//"}),
    ("E007", "an address nobody can read", {"REDIS_URL": "redis://[::1"}),
    *[("E007", f"a broker in {name}", {name: "redis://second:6379/0"}) for name in checks.CELERY_S_OWN_NAMES],
    *[("E011" if len(set(key)) > 9 else "E001", key[:30], {"SECRET_KEY": key}) for key in THOUGHT_UP],
    *[("E012", key[:30], {"ENCRYPTION_KEYS": [key]}) for key in KNOWN_KEYS],
    ("E012", "a known key behind a good one", {"ENCRYPTION_KEYS": [*SAFE["ENCRYPTION_KEYS"], KNOWN_KEYS[0]]}),
    ("E012", "twice the same", {"ENCRYPTION_KEYS": SAFE["ENCRYPTION_KEYS"] * 2}),
    ("E013", "for mail too", {"EMAIL_HOST_PASSWORD": SAFE["SECRET_KEY"]}),
    ("E013", "for Redis too", {"REDIS_URL": f"rediss://:{SAFE['SECRET_KEY']}@redis:6379/0"}),
    ("E013", "for the database too", {"database": {"HOST": "db", "PASSWORD": SAFE["SECRET_KEY"]}}),
    ("E013", "an encryption key that signs", {"SECRET_KEY": f"{FOR_BOTH}", "ENCRYPTION_KEYS": [DERIVED]}),
    *[("E014", f"database, {word!r}", {"database": {"HOST": "db", "PASSWORD": word}}) for word in KNOWN_WORDS],
    ("E014", "database, its own user", {"database": {"HOST": "db", "USER": "huisbaas", "PASSWORD": "Huisbaas1"}}),
    ("E014", "database, the second host", {"database": {"HOST": "127.0.0.1,10.0.0.9", "PASSWORD": ""}}),
    *[("E015", f"broker, {word!r}", {"REDIS_URL": f"redis://:{word}@redis:6379/0"}) for word in KNOWN_WORDS if word],
    ("E015", "RabbitMQ as it comes", {"REDIS_URL": "amqp://guest:guest@rabbit:5672//"}),
    ("E016", "database on the internet", {"database": {"HOST": "9.9.9.9", "PASSWORD": GOOD}}),
    ("E016", "database, perhaps encrypted", {"database": {"HOST": "9.9.9.9", "PASSWORD": GOOD, **sslmode("prefer")}}),
    ("E016", "database on IPv6", {"database": {"HOST": "2620:fe::fe", "PASSWORD": GOOD}}),
    ("E016", "broker on the internet", {"REDIS_URL": f"redis://:{GOOD}@9.9.9.9:6379/0"}),
    ("W004", "database at a name of the internet", {"database": {"HOST": "db.example.nl", "PASSWORD": GOOD}}),
    ("W004", "broker at a name of the internet", {"REDIS_URL": f"redis://:{GOOD}@redis.example.nl:6379/0"}),
    ("W001", "plain http on this machine", TRIAL),
    ("W003", "no mail server", {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}),
]


@pytest.fixture(autouse=True)
def on_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks read the settings only; the tests' own connection stays what it is."""
    for name, value in {"ENGINE": "django.db.backends.postgresql", "HOST": "", "PASSWORD": "", "OPTIONS": {}}.items():
        monkeypatch.setitem(settings.DATABASES["default"], name, value)


def ids() -> list[str]:
    return [str(message.id).removeprefix("keukentafel.") for message in checks.production()]


def test_all_is_well() -> None:
    with override_settings(**SAFE):
        assert ids() == []
        checks.refuse_unsafe_production()


@pytest.mark.parametrize(("expected", "what", "changed"), UNSAFE, ids=[f"{row[0]} {row[1]}" for row in UNSAFE])
def test_one_thing_is_wrong(expected: str, what: str, changed: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    with production(monkeypatch, **changed):
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
        "redis://127.0.0.1:6379/0;redis://[::1]:6379/1",
    ],
)
def test_redis_that_only_this_machine_reaches_needs_no_password(url: str) -> None:
    with override_settings(**{**SAFE, "REDIS_URL": url}):
        assert ids() == []


@pytest.mark.parametrize(
    "changed",
    [
        {"REDIS_URL": f"sentinel://:{GOOD}@a:26379;sentinel://:{GOOD}x@b:26379"},
        {"REDIS_URL": f"redis://:{GOOD}@redis:6379/0", "CELERY_BROKER_READ_URL": f"redis://:{GOOD}@10.1.2.3:6379/0"},
        {"REDIS_URL": f"amqps://keukentafel:{GOOD}@rabbit.example.nl:5671//"},
        {"REDIS_URL": f"redis://:{GOOD}@redis.keukentafel.svc.cluster.local:6379/0"},
        {"database": {"HOST": "db", "USER": "keukentafel", "PASSWORD": GOOD}},
        {"database": {"HOST": "10.1.2.3", "PASSWORD": GOOD}},
        {"database": {"HOST": "fd00::7", "PASSWORD": GOOD}},
        {"database": {"HOST": "127.0.0.1", "PASSWORD": ""}},
        {"database": {"HOST": "/run/postgresql", "PASSWORD": ""}},
        {"database": {"HOST": "9.9.9.9", "PASSWORD": GOOD, **sslmode("verify-full")}},
        {"database": {"HOST": "db.example.nl", "PASSWORD": GOOD, **sslmode("require")}},
        {"ENCRYPTION_KEYS": [Fernet.generate_key().decode() for _each in range(3)]},
        {"WEB_BIND": "0.0.0.0:8000"},
    ],
)
def test_what_is_safe_is_left_in_peace(changed: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    with production(monkeypatch, **changed):
        assert ids() == []


DRAWN = {
    "token_urlsafe": lambda: secrets.token_urlsafe(50),
    "token_hex": lambda: secrets.token_hex(32),
    "get_random_secret_key": get_random_secret_key,
    "make secrets": lambda: "".join(secrets.choice(ascii_letters + digits) for _each in range(60)),
    "base32": lambda: base64.b32encode(secrets.token_bytes(35)).decode(),
    "a drawn key, twice": lambda: Fernet.generate_key().decode() * 2,
    "base64": lambda: base64.b64encode(secrets.token_bytes(48)).decode(),
}


@pytest.mark.parametrize("how", DRAWN)
def test_a_drawn_key_is_never_taken_for_a_word(how: str) -> None:
    refused = [key for key in (DRAWN[how]() for _each in range(1000)) if is_guessable(key)]
    assert refused == []


def test_a_drawn_encryption_key_or_password_is_never_taken_for_a_word() -> None:
    assert not [key for key in (Fernet.generate_key().decode() for _each in range(1000)) if is_thought_up(key)]
    assert not [word for word in (secrets.token_urlsafe(12) for _each in range(1000)) if is_well_known(word)]


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
    assert red == {f"E{number:03}" for number in range(1, 17)} | {f"W{number:03}" for number in range(1, 5)}
    assert len(checks.CHECKS) == len(red)


def test_django_knows_the_checks() -> None:
    with override_settings(**{**SAFE, "DEBUG": True}):
        assert "keukentafel.E002" in [message.id for message in django_checks.run_checks()]


def test_the_list_of_processes_is_the_four_of_a_production() -> None:
    assert list(PROCESSES) == ["migrate", "web", "worker", "beat"]
