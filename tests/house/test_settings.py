"""The settings as a whole, in a process of their own: what a production starts with, and what it refuses."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.house.production import ROOT, SAFE, manage


def test_a_safe_production_leaves_nothing_to_warn_about() -> None:
    result = manage("check", "--deploy", "--fail-level", "WARNING", environ=SAFE)
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


UNSAFE = {
    "E001": {"SECRET_KEY": ""},
    "E002": {"DEBUG": "on"},
    "E003": {"DEMO": "on", "SECOND_FACTOR_REQUIRED": "on"},
    "E004": {"ALLOWED_HOSTS": "*"},
    "E005": {"ENCRYPTION_KEYS": ""},
    "E006": {"REDIS_URL": ""},
    "E007": {"REDIS_URL": "redis://redis.example:6379/0"},
    "E008": {"SECOND_FACTOR_REQUIRED": "off"},
    "E009": {"BASE_URL": "http://keukentafel.example"},
    "E010": {"HTTPS": "off"},
    "E011": {"SECRET_KEY": "django-insecure-" + SAFE["SECRET_KEY"]},
    "E012": {"ENCRYPTION_KEYS": "A" * 43 + "="},
    "E013": {"EMAIL_URL": f"smtp+tls://name:{SAFE['SECRET_KEY']}@mail.example:587"},
    "E014": {"DATABASE_URL": "postgres://keukentafel@database:5432/keukentafel"},
    "E015": {"REDIS_URL": "redis://:changeme@redis:6379/0"},
    "E016": {"DATABASE_URL": "postgres://keukentafel:Hb7pXc2mQd9s@9.9.9.9:5432/keukentafel"},
}


@pytest.mark.parametrize("number", UNSAFE)
def test_an_unsafe_production_is_refused(number: str) -> None:
    result = manage("check", environ={**SAFE, **UNSAFE[number]})
    assert result.returncode == 1
    assert f"keukentafel.{number}" in result.stderr
    assert "Traceback" not in result.stderr


def test_celery_s_own_names_are_looked_at_too() -> None:
    result = manage("check", environ={**SAFE, "CELERY_BROKER_URL": "redis://redis-2.example:6379/0"})
    assert result.returncode == 1
    assert "keukentafel.E007" in result.stderr


def test_what_the_address_of_the_database_says_of_encryption_is_kept() -> None:
    show = "from django.conf import settings; print(settings.DATABASES['default']['OPTIONS'])"
    result = manage("shell", "--no-imports", "--command", show, environ=SAFE)
    options = ast.literal_eval(result.stdout)
    assert options["sslmode"] == "verify-full"
    assert "random_page_cost" in options["options"]


def test_without_any_environment_nothing_starts() -> None:
    result = manage("migrate", environ={})
    assert result.returncode == 1
    for number in ("E001", "E004", "E005", "E006"):
        assert f"keukentafel.{number}" in result.stderr


# One for each door: commands for which Django runs no checks, gunicorn, worker and beat.
DOORS = {
    "shell": ["manage.py", "shell", "--command", "print('inside')"],
    "createcachetable": ["manage.py", "createcachetable"],
    "web by its process": ["manage.py", "process", "web"],
    "worker by its process": ["manage.py", "process", "worker"],
    "gunicorn": ["-m", "gunicorn", "corporatie.wsgi:application", "--bind", "127.0.0.1:0", "--no-control-socket"],
    "worker": ["-m", "celery", "--app", "corporatie.celery", "worker", "--concurrency", "1"],
    "beat": ["-m", "celery", "--app", "corporatie.celery", "beat", "--pidfile="],
}


@pytest.mark.parametrize("door", DOORS)
def test_no_door_opens_on_an_unsafe_production(door: str, tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, *DOORS[door]],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **SAFE, "VAR_DIR": str(tmp_path), "DEBUG": "on"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode != 0
    assert "keukentafel.E002" in result.stderr + result.stdout
    assert "inside" not in result.stdout


def test_an_unknown_mode_is_refused_and_never_taken_for_a_trial() -> None:
    result = manage("check", environ={**SAFE, "KEUKENTAFEL_MODE": "prod"})
    assert result.returncode != 0
    assert "choose production, embedded or test" in result.stderr


def test_secrets_come_from_files(tmp_path: Path) -> None:
    """As compose hands them over: NAME_FILE names a file with the value."""
    environ = {name: value for name, value in SAFE.items() if name not in {"SECRET_KEY", "REDIS_URL"}}
    for name in ("SECRET_KEY", "REDIS_URL"):
        (tmp_path / name).write_text(f"{SAFE[name]}\n")
        environ[f"{name}_FILE"] = str(tmp_path / name)
    show = "from django.conf import settings; print(repr(settings.SECRET_KEY), settings.CELERY_BROKER_URL)"
    result = manage("shell", "--no-imports", "--command", show, environ=environ)
    assert result.returncode == 0, result.stderr
    assert result.stdout.split() == [repr(SAFE["SECRET_KEY"]), SAFE["REDIS_URL"]]


def test_a_secret_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = manage("check", environ={**SAFE, "REDIS_URL_FILE": str(tmp_path / "away")})
    assert result.returncode != 0
    assert "REDIS_URL_FILE names a file that cannot be read: No such file or directory." in result.stderr


def test_embedded_makes_its_secrets_once_and_for_its_owner_only(tmp_path: Path) -> None:
    environ = {"KEUKENTAFEL_MODE": "embedded", "VAR_DIR": str(tmp_path / "var")}
    show = "from django.conf import settings; print(settings.SECRET_KEY, settings.ENCRYPTION_KEYS[0])"
    first = manage("shell", "--no-imports", "--command", show, environ=environ)
    second = manage("shell", "--no-imports", "--command", show, environ=environ)
    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    key, encryption_key = first.stdout.split()
    assert len(key) > 50
    Fernet(encryption_key)
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700
    for name in ("secret_key", "encryption_key"):
        assert (tmp_path / "var" / name).stat().st_mode & 0o777 == 0o600
    assert {path.name for path in (tmp_path / "var").iterdir()} == {"secret_key", "encryption_key", "broker"}


def test_static_files_are_complete(tmp_path: Path) -> None:
    """The manifest fails on a style sheet that names a file which is not there."""
    result = manage("collectstatic", "--noinput", environ={**SAFE, "STATIC_ROOT": str(tmp_path)})
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "staticfiles.json").exists()
