"""What makes a production unsafe, and how to mend it. Nothing starts while one of the errors stands.

Each check returns at most one message, so that a number always means the same thing. ``corporatie.apps`` registers
them and asks ``refuse_unsafe_production`` each time Django starts: for gunicorn, for Celery and for every command.
"""

from collections.abc import Callable, Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured

SHORTEST_SECRET_KEY = 50
STAY_AT_HOME = {
    f"django.core.mail.backends.{name}.EmailBackend" for name in ("filebased", "console", "dummy", "locmem")
}


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
    url = urlsplit(settings.REDIS_URL)
    # A socket (redis+socket:// or unix://) has no host and is guarded by the file system.
    if url.hostname and not url.password and not is_loopback(url.hostname):
        return Error(
            "Redis answers without a password to more than this machine.",
            hint="Give Redis a password (requirepass) and use it: REDIS_URL=redis://:PASSWORD@HOST:6379/0",
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
    if settings.HTTPS and not settings.BASE_URL.startswith("https://"):
        return Error(
            "BASE_URL is not an https address: links in mails would lead nowhere.",
            hint="BASE_URL=https://keukentafel.example.nl",
            id="keukentafel.E009",
        )
    return None


def only_this_machine_comes_in() -> bool:
    hosts = [*settings.ALLOWED_HOSTS, urlsplit(settings.BASE_URL).hostname or ""]
    return all(is_loopback(host) for host in hosts)


def check_plain_http_stays_here() -> CheckMessage | None:
    if not settings.HTTPS and not only_this_machine_comes_in():
        return Error(
            "HTTPS is off while other machines may come in: passwords and dossiers would travel readable.",
            hint="Remove HTTPS=off and let a reverse proxy with a certificate stand in front; or, for a trial on "
            "this machine, name no other host than localhost in ALLOWED_HOSTS and BASE_URL.",
            id="keukentafel.E010",
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
    warn_about_plain_http,
    warn_about_sqlite,
    warn_about_mail,
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
