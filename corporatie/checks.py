"""What makes a production unsafe, and how to mend it. Nothing starts while one of the errors stands.

Each check returns at most one message, so that a number always means the same thing. ``corporatie.apps`` registers
them and asks ``refuse_unsafe_production`` each time Django starts: for gunicorn, for Celery and for every command.
"""

import os
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from cryptography.fernet import Fernet
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured

from corporatie import secrets

SHORTEST_SECRET_KEY = 50
STAY_AT_HOME = {
    f"django.core.mail.backends.{name}.EmailBackend" for name in ("filebased", "console", "dummy", "locmem")
}


# Celery reads these by itself, past our settings.
CELERY_S_OWN_NAMES = ("CELERY_BROKER_URL", "CELERY_BROKER_READ_URL", "CELERY_BROKER_WRITE_URL", "CELERY_RESULT_BACKEND")
# Names that mean something inside one house or one cluster only.
INSIDE = (".local", ".internal", ".lan", ".intra", ".intranet", ".home.arpa", ".localdomain")
ENCRYPTED = {"rediss", "amqps"}


class UnsafeProductionError(ImproperlyConfigured):
    """Keukentafel does not start in production while one of these stands."""


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine itself."""
    bare = host.strip("[]").lower()
    if bare == "localhost" or bare.endswith(".localhost"):
        return True
    try:
        return ip_address(bare).is_loopback
    except ValueError:
        return False


def is_public(host: str) -> bool:
    """Whether this is an address of the internet, so that the way to it leads over somebody else's network."""
    try:
        return ip_address(host.strip("[]")).is_global
    except ValueError:
        return False


def may_be_public(host: str) -> bool:
    """Whether a name may be one of the internet. Without a dot it belongs to the containers' own network."""
    bare = host.rstrip(".").lower()
    try:
        ip_address(bare.strip("[]"))
    except ValueError:
        return "." in bare and not is_loopback(bare) and not bare.endswith(INSIDE)
    return False


def split(url: str) -> SplitResult:
    """An address in its parts. What cannot be read has a host nobody knows, and no password."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("//unreadable")


def hosts_of_the_database() -> list[str]:
    """Where the database is; nothing for a file or a socket on this machine. ``libpq`` takes several, with commas."""
    database = settings.DATABASES["default"]
    hosts = str(database.get("HOST") or "").split(",")
    return [host for host in hosts if host and not host.startswith("/")]


def brokers() -> list[SplitResult]:
    """Every address of a broker. Celery has names of its own, which go before ours, and takes several at once."""
    told = [settings.REDIS_URL, *(os.environ.get(name, "") for name in CELERY_S_OWN_NAMES)]
    return [split(url.strip()) for urls in told for url in urls.split(";") if url.strip()]


def reachable_brokers() -> list[SplitResult]:
    """Those that more than this machine reaches. A socket (redis+socket://) has no host; the file system guards it."""
    return [url for url in brokers() if url.hostname and not is_loopback(url.hostname)]


def check_secret_key() -> CheckMessage | None:
    key = settings.SECRET_KEY
    if key == settings.DEFAULT_SECRET_KEY or len(key) < SHORTEST_SECRET_KEY or len(set(key)) < 10:
        return Error(
            f"SECRET_KEY is not set, shorter than {SHORTEST_SECRET_KEY} characters or easy to guess.",
            hint="Make one with `make secrets`, or: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'. "
            "Set it as SECRET_KEY, or name a file that holds it in SECRET_KEY_FILE.",
            id="keukentafel.E001",
        )
    return None


def check_debug() -> CheckMessage | None:
    if settings.DEBUG:
        return Error(
            "DEBUG is on: an error page would show what people confided.",
            hint="Remove DEBUG from the environment.",
            id="keukentafel.E002",
        )
    return None


def check_demo() -> CheckMessage | None:
    if settings.DEMO:
        return Error(
            "DEMO is on: everyone knows the passwords of the demo accounts.",
            hint="Remove DEMO from the environment. To look around in the demo, use `make run`.",
            id="keukentafel.E003",
        )
    return None


def check_allowed_hosts() -> CheckMessage | None:
    hosts = settings.ALLOWED_HOSTS
    # "*" means any host; so does a pattern without a name in it.
    if not hosts or any(not host.strip(".*") for host in hosts):
        return Error(
            "ALLOWED_HOSTS is empty or lets any host name in.",
            hint="Name the host people use, and localhost for the health checks: "
            "ALLOWED_HOSTS=keukentafel.example.nl,localhost",
            id="keukentafel.E004",
        )
    return None


def check_encryption_keys() -> CheckMessage | None:
    keys = settings.ENCRYPTION_KEYS
    valid = bool(keys)
    for key in keys:
        try:
            Fernet(key)
        except (ValueError, TypeError):
            valid = False
    if not valid:
        return Error(
            "ENCRYPTION_KEYS is missing or holds something that is not a key.",
            hint="Make one with `make secrets`, or: python3 -c 'from cryptography.fernet import Fernet; "
            "print(Fernet.generate_key().decode())'. Newest first, separated by commas; keep the old ones, "
            "what they closed opens with them only.",
            id="keukentafel.E005",
        )
    return None


def check_broker_is_set() -> CheckMessage | None:
    if not settings.REDIS_URL:
        return Error(
            "REDIS_URL is not set: web, worker and beat would not find each other.",
            hint="REDIS_URL=redis://:PASSWORD@HOST:6379/0",
            id="keukentafel.E006",
        )
    return None


def check_broker_has_a_password() -> CheckMessage | None:
    if any(not url.password for url in reachable_brokers()):
        return Error(
            "A broker (Redis) answers without a password to more than this machine.",
            hint="Give Redis a password (requirepass) and use it: REDIS_URL=redis://:PASSWORD@HOST:6379/0. That goes "
            "for each address between semicolons, and for what Celery reads by itself: "
            + ", ".join(CELERY_S_OWN_NAMES)
            + ".",
            id="keukentafel.E007",
        )
    return None


def check_second_factor() -> CheckMessage | None:
    if not settings.SECOND_FACTOR_REQUIRED:
        return Error(
            "SECOND_FACTOR_REQUIRED is off: a password alone would open every dossier.",
            hint="Remove SECOND_FACTOR_REQUIRED from the environment; only a demo may leave the second factor out.",
            id="keukentafel.E008",
        )
    return None


def check_base_url() -> CheckMessage | None:
    url = split(settings.BASE_URL)
    if settings.HTTPS and (url.scheme != "https" or not url.hostname):
        return Error(
            "BASE_URL is not an https address: links in mails would lead nowhere.",
            hint="BASE_URL=https://keukentafel.example.nl",
            id="keukentafel.E009",
        )
    return None


def only_this_machine_comes_in() -> bool:
    bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
    hosts = [*settings.ALLOWED_HOSTS, split(settings.BASE_URL).hostname or ""]
    if not bind.startswith("unix:"):
        hosts.append(bind.rpartition(":")[0])
    return all(is_loopback(host) for host in hosts)


def check_plain_http_stays_here() -> CheckMessage | None:
    if not settings.HTTPS and not only_this_machine_comes_in():
        return Error(
            "HTTPS is off while other machines may come in: passwords and dossiers would travel readable.",
            hint="Remove HTTPS=off and let a reverse proxy with a certificate stand in front; or, for a trial on "
            "this machine, name no other host than localhost in ALLOWED_HOSTS, BASE_URL and WEB_BIND.",
            id="keukentafel.E010",
        )
    return None


def check_secret_key_is_drawn() -> CheckMessage | None:
    key = settings.SECRET_KEY
    if check_secret_key() is None and secrets.is_guessable(key):
        return Error(
            "SECRET_KEY looks thought up: words, a pattern or an example. Who guesses it signs in as anybody.",
            hint="Let the machine draw one: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'. "
            "Everybody signs in again after it changed; nothing else is lost.",
            id="keukentafel.E011",
        )
    return None


def check_encryption_keys_are_drawn() -> CheckMessage | None:
    keys = settings.ENCRYPTION_KEYS
    if check_encryption_keys() is None and (
        any(map(secrets.is_thought_up, keys)) or len(set(map(secrets.bytes_of, keys))) < len(keys)
    ):
        return Error(
            "ENCRYPTION_KEYS holds a key that everybody knows, that looks thought up, or the same key twice.",
            hint="Put a new key first: python3 -c 'from cryptography.fernet import Fernet; "
            "print(Fernet.generate_key().decode())'. What the bad key closed is closed anew by "
            "`KEUKENTAFEL_MODE=embedded manage.py prepare` with both keys; after that, leave the bad one out.",
            id="keukentafel.E012",
        )
    return None


def check_each_secret_is_its_own() -> CheckMessage | None:
    keys = [settings.SECRET_KEY, *dict.fromkeys(settings.ENCRYPTION_KEYS)]
    others = {settings.DATABASES["default"].get("PASSWORD"), settings.EMAIL_HOST_PASSWORD}
    others |= {unquote(url.password) for url in brokers() if url.password}
    if secrets.used_twice(keys) or any(secrets.used_twice([key, other]) for key in keys for other in others if other):
        return Error(
            "SECRET_KEY or a key in ENCRYPTION_KEYS is the same as another secret: who learns one knows both.",
            hint="Give each its own value; `make secrets` does so.",
            id="keukentafel.E013",
        )
    return None


def check_database_has_a_password() -> CheckMessage | None:
    database = settings.DATABASES["default"]
    reachable = [host for host in hosts_of_the_database() if not is_loopback(host)]
    password = str(database.get("PASSWORD") or "")
    if reachable and secrets.is_well_known(password, str(database.get("USER")), str(database.get("NAME")), *reachable):
        return Error(
            "The database answers to more than this machine with no password, a short one or one everybody knows.",
            hint="Give the user of the database a drawn password: ALTER ROLE keukentafel PASSWORD '…', and use it in "
            "DATABASE_URL=postgres://keukentafel:PASSWORD@HOST:5432/keukentafel",
            id="keukentafel.E014",
        )
    return None


def check_broker_s_password_is_drawn() -> CheckMessage | None:
    passwords = [
        (unquote(url.password), url.username or "", url.hostname or "") for url in reachable_brokers() if url.password
    ]
    if any(secrets.is_well_known(*each) for each in passwords):
        return Error(
            "A broker (Redis) answers to more than this machine with a short password or one everybody knows.",
            hint="Draw one: python3 -c 'import secrets; print(secrets.token_urlsafe(30))', set it as requirepass and "
            "use it: REDIS_URL=redis://:PASSWORD@HOST:6379/0",
            id="keukentafel.E015",
        )
    return None


def travels_readable(outside: Callable[[str], bool]) -> list[str]:
    """What is spoken to without encryption at such a host."""
    closed = settings.DATABASES["default"].get("OPTIONS", {}).get("sslmode") in {"require", "verify-ca", "verify-full"}
    database = not closed and any(map(outside, hosts_of_the_database()))
    broker = any(url.scheme not in ENCRYPTED and outside(url.hostname or "") for url in reachable_brokers())
    return ["the database"] * database + ["the broker (Redis)"] * broker


ENCRYPT = "For the database write ?sslmode=verify-full behind DATABASE_URL (at least: require); for Redis, rediss://."


def check_nothing_travels_readable() -> CheckMessage | None:
    if found := travels_readable(is_public):
        return Error(
            f"An address of the internet is spoken to without encryption: {' and '.join(found)}.",
            hint=ENCRYPT,
            id="keukentafel.E016",
        )
    return None


def warn_about_plain_http() -> CheckMessage | None:
    if not settings.HTTPS and only_this_machine_comes_in():
        return Caution(
            "HTTPS is off. That is fit for a trial on this machine only.",
            hint="Remove HTTPS=off and set BASE_URL to the https address.",
            id="keukentafel.W001",
        )
    return None


def warn_about_sqlite() -> CheckMessage | None:
    if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
        return Caution(
            "The database is SQLite. That works for one machine and a handful of colleagues.",
            hint="DATABASE_URL=postgres://keukentafel:PASSWORD@HOST:5432/keukentafel",
            id="keukentafel.W002",
        )
    return None


def warn_about_mail() -> CheckMessage | None:
    if settings.EMAIL_BACKEND in STAY_AT_HOME:
        return Caution(
            "EMAIL_URL is not set: reminders reach the Postvak, but no mail leaves this machine.",
            hint="EMAIL_URL=smtp+tls://NAME:PASSWORD@mail.example.nl:587",
            id="keukentafel.W003",
        )
    return None


def warn_about_readable_travel() -> CheckMessage | None:
    if found := travels_readable(may_be_public):
        return Caution(
            f"Perhaps over somebody else's network, and without encryption: {' and '.join(found)}.",
            hint=f"{ENCRYPT} Inside your own network, a name without a dot or ending in .internal says so.",
            id="keukentafel.W004",
        )
    return None


CHECKS: tuple[Callable[[], CheckMessage | None], ...] = (
    check_secret_key,
    check_debug,
    check_demo,
    check_allowed_hosts,
    check_encryption_keys,
    check_broker_is_set,
    check_broker_has_a_password,
    check_second_factor,
    check_base_url,
    check_plain_http_stays_here,
    check_secret_key_is_drawn,
    check_encryption_keys_are_drawn,
    check_each_secret_is_its_own,
    check_database_has_a_password,
    check_broker_s_password_is_drawn,
    check_nothing_travels_readable,
    warn_about_plain_http,
    warn_about_sqlite,
    warn_about_mail,
    warn_about_readable_travel,
)


def production(app_configs: Sequence[AppConfig] | None = None, **kwargs: object) -> list[CheckMessage]:  # noqa: ARG001
    """All checks of this file, as one check for ``manage.py check``. Silent outside production."""
    if not settings.IS_PRODUCTION:
        return []
    return [message for check in CHECKS if (message := check()) is not None]


def refuse_unsafe_production() -> None:
    """Stop here, with every reason and its remedy, when this production must not start."""
    errors = [message for message in production() if message.is_serious()]
    if errors:
        reasons = "\n".join(f"  {error.id}  {error.msg}\n      {error.hint}" for error in errors)
        raise UnsafeProductionError(
            "Keukentafel does not start, because this production is not safe:\n"
            f"{reasons}\n"
            "On your own machine, to develop or to look around, set KEUKENTAFEL_MODE=embedded (make does that)."
        )
