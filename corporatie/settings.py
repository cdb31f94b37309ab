"""All settings of Keukentafel, read from the environment (or from files: ``NAME_FILE``).

``KEUKENTAFEL_MODE`` says where we are:

* ``production`` (the default): everything unsafe is refused by the checks in ``corporatie.checks``;
* ``embedded``: one machine without database server or broker, as ``make run`` starts it;
* ``test``: as embedded, for the test suite.
"""

import os
import re
import secrets
import tempfile
from pathlib import Path

import environ
import structlog
from cryptography.fernet import Fernet
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping

BASE_DIR = Path(__file__).resolve().parent.parent


class _Environment(FileAwareMapping):
    """The environment, where NAME_FILE may name a file that holds the value of NAME."""

    def __getitem__(self, key: str) -> str:
        try:
            # Editors end a file with a new line; it is no part of a password or a database name.
            return str(super().__getitem__(key)).strip()
        except OSError as problem:
            raise ImproperlyConfigured(f"{key}_FILE names a file that cannot be read: {problem.strerror}.") from None


class _Env(environ.Env):
    ENVIRON = _Environment()


env = _Env()

MODE = env.str("KEUKENTAFEL_MODE", default="production")
if MODE not in {"production", "embedded", "test"}:
    # "prod" or "Production" must never quietly mean: not production.
    raise ImproperlyConfigured(f"KEUKENTAFEL_MODE is {MODE!r}: choose production, embedded or test.")
IS_PRODUCTION = MODE == "production"
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

DEFAULT_SECRET_KEY = "keukentafel-without-a-secret"  # noqa: S105  (refused in production: keukentafel.E001)


def _kept_secret(name: str, make: "type[Fernet] | None" = None) -> str:
    """A secret that an embedded installation makes once and keeps in a file only its owner can read."""
    path = VAR_DIR / name
    if not path.exists():
        VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        value = Fernet.generate_key().decode() if make else secrets.token_urlsafe(50)
        # Written beside it (mode 0600) and linked into place: of two processes that start at once the first
        # one's secret holds for both, and neither ever reads half of it.
        handle, draft = tempfile.mkstemp(dir=VAR_DIR)
        with os.fdopen(handle, "w") as file:
            file.write(value)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            Path(draft).unlink()
    return path.read_text().strip()


SECRET_KEY = env.str("SECRET_KEY", default="") or (DEFAULT_SECRET_KEY if IS_PRODUCTION else _kept_secret("secret_key"))
# Keys for what is stored encrypted, newest first. See corporatie/subjects/encryption.py.
ENCRYPTION_KEYS: list[str] = env.list(
    "ENCRYPTION_KEYS", default=[] if IS_PRODUCTION else [_kept_secret("encryption_key", Fernet)]
)
ALLOWED_HOSTS: list[str] = env.list(
    "ALLOWED_HOSTS", default=[] if IS_PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"]
)
# The address people use, for links in mails: https://keukentafel.example
BASE_URL = env.str("BASE_URL", default="http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL.startswith("https://") else []

INSTALLED_APPS = [
    "corporatie",
    "corporatie.subjects",
    "corporatie.journal",
    "corporatie.staff",
    "corporatie.privacy",
    "tenants",
    "corporatie.work",
    "cases",
    "visits",
    "projects",
    "corporatie.desk.apps.DeskConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "corporatie.desk.apps.BeheerConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.forms",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "django_structlog",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "corporatie.privacy.middleware.RequestLogMiddleware",
    "corporatie.privacy.middleware.NoStoreMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "corporatie.desk.middleware.NotAllowedMiddleware",
    "corporatie.staff.middleware.SecretLinkMiddleware",
    "corporatie.staff.middleware.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "corporatie.urls"
WSGI_APPLICATION = "corporatie.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "corporatie.desk.context.frame",
            ],
        },
    },
]

# --- Database -----------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'keukentafel.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # With Django's own defaults eight writers at once lose requests to "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A page gives up (corporatie.wsgi sets this); migrations, sweeps and deliveries may take their time.
    # A disk without moving parts, or a database that fits in memory: looking up by key is cheap. And no compiling: the
    # question whom a reminder reaches is long, and compiling it took a minute where answering it takes a moment. The
    # joins are written in the order in which they are walked: looking for a better one took ten times the answer.
    # Beside what DATABASE_URL says itself, such as sslmode.
    _PATIENCE = env.int("STATEMENT_TIMEOUT_MS", default=0)
    DATABASES["default"]["OPTIONS"] = DATABASES["default"].get("OPTIONS", {}) | {
        # Who waits for a page need not wait until a network gives up.
        "connect_timeout": 5,
        "options": f"-c statement_timeout={_PATIENCE} -c random_page_cost=1.1 -c jit=off -c join_collapse_limit=4",
    }
# How long the sweep lets one statement of one reminder rule run, so that a rule that hangs stops no other (PostgreSQL).
RULE_TIMEOUT_MS = env.int("RULE_TIMEOUT_MS", default=20_000)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits and used one-time codes live in the cache: it is the database, so that nothing forgets them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entries",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Sign-in ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "corporatie.staff.rules.PasswordLength",
        "OPTIONS": {"least": 12, "least_to_administer": 15, "most": 128},
    },
    {"NAME": "corporatie.staff.rules.NoWordsOfTheHouse"},
    {"NAME": "corporatie.staff.rules.NotACommonPassword"},
]
# Names no password may hold: of the association and of its towns. Those in BASE_URL and DEFAULT_FROM_EMAIL count too.
ASSOCIATION_WORDS: list[str] = env.list("ASSOCIATION_WORDS", default=[])
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "corporatie.staff.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# The library's own keeps a list of addresses beside ours, and takes those for unproven: who holds the link has proven
# the address, and no row of that list may keep a colleague from setting up the second factor.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
PASSWORD_RESET_TIMEOUT = 24 * 3600
MFA_ALLOW_UNVERIFIED_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/5m/key,30/5m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1 if IS_PRODUCTION else 0)
MFA_ADAPTER = "corporatie.staff.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 0
MFA_TOTP_ISSUER = "Keukentafel"
# The second factor is compulsory for everyone who can open a dossier; only a demo may leave it out.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=not DEMO)

# --- Language and time --------------------------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True

# --- Files --------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env.bool("STATIC_MANIFEST", default=IS_PRODUCTION)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not IS_PRODUCTION
WHITENOISE_AUTOREFRESH = not IS_PRODUCTION
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Mail ---------------------------------------------------------------------------------------
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
if "EMAIL_URL" in env or "EMAIL_URL_FILE" in env:
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="keukentafel@localhost")
# The daily mail goes out from this time on, on working days.
DIGEST_AT = env.str("DIGEST_AT", default="07:30")

# --- Celery: it only wakes actions ----------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="")
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"
if not REDIS_URL:
    _BROKER_DIR = VAR_DIR / "broker"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_BROKER_DIR / "queue"),
        "data_folder_out": str(_BROKER_DIR / "queue"),
        "control_folder": str(_BROKER_DIR / "control"),
        # Kept beside the queue, so that taking a message is one rename on one disk; without it messages pass
        # through the machine's shared temporary folder. `manage.py run` sweeps the folder.
        "store_processed": True,
        "processed_folder": str(_BROKER_DIR / "processed"),
    }
    if not IS_PRODUCTION:
        for _folder in ("queue", "control", "processed"):
            (_BROKER_DIR / _folder).mkdir(parents=True, exist_ok=True)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SOFT_TIME_LIMIT = 300
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "corporatie.celery:Beat"
# Every so many seconds; a time of the day would sleep through the hour that happens twice. What waited longer than
# ``expires`` is of no use any more: the next one is there. The sweep goes first: it makes what the post sends, and
# with one worker it does not wait for a slow mail server. The post goes twice as often: with two workers it begins
# beside the sweep, and what that sweep makes then goes half a minute later.
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "work.sweep", "schedule": 60, "options": {"expires": 55}},
    "mail": {"task": "work.send_mails", "schedule": 30, "options": {"expires": 25}},
}

# --- Forms --------------------------------------------------------------------------------------
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# --- Transport and headers ------------------------------------------------------------------------
# HTTPS is the rule. A trial on loopback without a certificate sets HTTPS=off and is warned about it.
HTTPS = env.bool("HTTPS", default=IS_PRODUCTION)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 10 * 3600
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Logs: event names and ids, never form data ---------------------------------------------------
_KEY_IN_PATH = re.compile(r"(/account/(?:password/reset/key|confirm-email)/)[^/\s\"']+")


def _without_keys(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """A link from a mail opens an account: its key stands in no line of any log."""
    return {name: _KEY_IN_PATH.sub(r"\1…", text) if isinstance(text, str) else text for name, text in event.items()}


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer()
            if IS_PRODUCTION
            # The plain traceback: the fancy one prints the local variables of each frame, and so what people confided.
            else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
                _without_keys,
            ],
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO" if IS_PRODUCTION else "WARNING")},
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        _without_keys,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
