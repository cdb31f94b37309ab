"""The keys that fit: a sealed row tells at the start, before a confidential reason turns out to be unreadable."""

import os
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection

from cases.models import FlagReason
from corporatie.keys import refuse_wrong_keys
from corporatie.staff.permissions import Role
from corporatie.subjects.actions import seal_keys
from corporatie.subjects.encryption import WrongKeysError, is_newest
from corporatie.subjects.models import KeySeal
from corporatie.subjects.rules import keys_fit
from tests.cast import Cast, colleague
from tests.house.production import ROOT
from tests.smoke.running import Browser, free_port, get, wait_until

OLD, NEW, OTHER = (Fernet.generate_key().decode() for _each in range(3))


@pytest.fixture(autouse=True)
def old_key(settings) -> None:  # type: ignore[no-untyped-def]
    settings.ENCRYPTION_KEYS = [OLD]


def reason(cast: Cast, text: str = "Beet de monteur", **more: object) -> FlagReason:
    from tests.story.test_sent_keys import flag

    made = flag(cast, None, more.get("tenancy", cast.bos), more.get("by", cast.dirk), text)
    return FlagReason.objects.get(flag=made)


def tokens() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM cases_flagreason ORDER BY id")
        return [token for (token,) in cursor.fetchall()]


def test_an_empty_database_is_sealed_once(db: None) -> None:
    assert keys_fit()
    assert seal_keys() == 0
    [token] = KeySeal.objects.values_list("token", flat=True)
    assert seal_keys() == 0
    assert [token] == list(KeySeal.objects.values_list("token", flat=True))


def test_another_key_is_refused(db: None, settings) -> None:  # type: ignore[no-untyped-def]
    seal_keys()
    settings.ENCRYPTION_KEYS = [OTHER]
    with pytest.raises(WrongKeysError, match="ENCRYPTION_KEYS does not open"):
        refuse_wrong_keys()
    with pytest.raises(WrongKeysError):
        seal_keys()
    # Beside the right one it does no harm.
    settings.ENCRYPTION_KEYS = [OTHER, OLD]
    refuse_wrong_keys()


def test_without_a_seal_what_was_closed_before_tells(cast: Cast, settings) -> None:  # type: ignore[no-untyped-def]
    reason(cast)
    settings.ENCRYPTION_KEYS = [OTHER]
    with pytest.raises(WrongKeysError):
        refuse_wrong_keys()
    with pytest.raises(WrongKeysError):
        seal_keys()
    assert not KeySeal.objects.exists()
    settings.ENCRYPTION_KEYS = [OLD]
    seal_keys()
    assert KeySeal.objects.count() == 1


def test_a_second_factor_alone_tells_too(cast: Cast, settings) -> None:  # type: ignore[no-untyped-def]
    totp.TOTP.activate(cast.anna, "JBSWY3DPEHPK3PXP")
    settings.ENCRYPTION_KEYS = [OTHER]
    assert not keys_fit()
    settings.ENCRYPTION_KEYS = [OLD]
    assert keys_fit()


def test_a_newer_key_closes_everything_anew_so_that_the_old_one_may_go(cast: Cast, settings) -> None:  # type: ignore[no-untyped-def]
    kept = reason(cast)
    totp.TOTP.activate(cast.anna, "JBSWY3DPEHPK3PXP")
    seal_keys()
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    refuse_wrong_keys()
    assert seal_keys() == 0
    settings.ENCRYPTION_KEYS = [NEW]
    refuse_wrong_keys()
    kept.refresh_from_db()
    assert kept.text == "Beet de monteur"
    assert all(is_newest(token) for token in tokens())
    secret = Authenticator.objects.get(user=cast.anna).data["secret"]
    assert is_newest(secret)


def test_a_text_that_no_key_opens_stops_no_other_and_stays(cast: Cast, settings) -> None:  # type: ignore[no-untyped-def]
    settings.ENCRYPTION_KEYS = [OTHER]
    lost = reason(cast, "weg")
    [token] = tokens()
    settings.ENCRYPTION_KEYS = [OLD]
    reason(cast, "er nog", tenancy=cast.kaya, by=colleague("Lena Zuid", Role.TEAM_LEAD, team=cast.zuid))
    KeySeal.objects.all().delete()
    seal_keys()
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    assert seal_keys() == 1
    assert tokens()[0] == token
    assert is_newest(tokens()[1])
    assert lost.pk


def test_prepare_seals_and_says_what_is_lost(db: None, settings) -> None:  # type: ignore[no-untyped-def]
    call_command("prepare", verbosity=0)
    assert KeySeal.objects.count() == 1
    settings.ENCRYPTION_KEYS = [OTHER]
    with pytest.raises(CommandError, match=r"(?s)does not open what this database holds.*Put back the key"):
        call_command("prepare", verbosity=0, stderr=StringIO())


# --- Every door, with real processes -----------------------------------------------------------------------
def run(var_dir: Path, *argv: str, timeout: int = 90, **environ: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *argv],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "KEUKENTAFEL_MODE": "embedded", "VAR_DIR": str(var_dir), **environ},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


@pytest.fixture(scope="module")
def lost_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation on one machine whose file with the key was lost, while the database stayed."""
    var_dir = tmp_path_factory.mktemp("lost") / "var"
    made = run(var_dir, "manage.py", "prepare", "--verbosity", "0")
    assert made.returncode == 0, made.stderr
    (var_dir / "encryption_key").unlink()
    return var_dir


DOORS = {
    "prepare": ["manage.py", "prepare"],
    "run": ["manage.py", "run", "--port", "0"],
    "load_demo": ["manage.py", "load_demo"],
    "web by its process": ["manage.py", "process", "web"],
    "worker by its process": ["manage.py", "process", "worker"],
    "beat by its process": ["manage.py", "process", "beat"],
    "gunicorn": ["-m", "gunicorn", "corporatie.wsgi:application", "--bind", "127.0.0.1:0", "--no-control-socket"],
    "worker": ["-m", "celery", "--app", "corporatie.celery", "worker", "--concurrency", "1"],
    "beat": ["-m", "celery", "--app", "corporatie.celery", "beat", "--pidfile="],
}


@pytest.mark.parametrize("door", DOORS)
def test_no_door_opens_with_a_wrong_key(door: str, lost_key: Path) -> None:
    done = run(lost_key, *DOORS[door], DEMO="1")
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert said.count("does not start, because ENCRYPTION_KEYS does not open what this database holds") == 1
    assert "Put back the key" in said
    assert "Traceback" not in said


def test_the_demo_may_begin_afresh(tmp_path: Path) -> None:
    assert run(tmp_path, "manage.py", "prepare").returncode == 0
    (tmp_path / "encryption_key").unlink()
    assert run(tmp_path, "manage.py", "prepare").returncode == 1
    (tmp_path / "keukentafel.sqlite3").unlink()
    assert run(tmp_path, "manage.py", "prepare").returncode == 0


AWAY = {"DATABASE_URL": "postgres://keukentafel:geheim@127.0.0.1:1/keukentafel"}


@pytest.mark.parametrize("door", ["prepare", "load_demo"])
def test_a_command_without_its_database_says_so_in_one_sentence(door: str, tmp_path: Path) -> None:
    done = run(tmp_path, *DOORS[door], DEMO="1", **AWAY)
    assert done.returncode == 1
    assert "The database does not do its work" in done.stderr
    assert "Traceback" not in done.stderr
    assert "geheim" not in done.stderr


def test_a_command_on_broken_data_says_so_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "keukentafel.sqlite3").write_bytes(b"geen gegevens" * 1000)
    done = run(tmp_path, "manage.py", "prepare")
    assert done.returncode == 1
    assert "The database does not do its work: file is not a database" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("door", ["gunicorn", "worker", "beat"])
def test_a_process_without_its_database_starts_and_says_so_once(door: str, tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "KEUKENTAFEL_MODE": "embedded", "VAR_DIR": str(tmp_path), **AWAY}
    log, port = tmp_path / "log", free_port()
    argv = [f"127.0.0.1:{port}" if word == "127.0.0.1:0" else word for word in DOORS[door]]
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, *argv],
            cwd=ROOT,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    sentence = "The database does not do its work yet; pages say so until it does"
    try:
        wait_until(lambda: sentence in log.read_text(), within=30, what=sentence, log=log)
        time.sleep(2)
        assert process.poll() is None
        assert "Traceback" not in log.read_text()
        if door == "gunicorn":
            # It lives, is not ready, and its pages say so.
            url = f"http://localhost:{port}"
            assert get(f"{url}/healthz")[0] == 200
            assert get(f"{url}/readyz")[0] == 503
            browser = Browser(url).open("/account/login/")
            browser.fill_in(login="anna@voorbeeld.example", password="niet-zo-geheim")
            assert browser.status == 503
            assert "Keukentafel kan nu niet bij de gegevens" in browser.page
            assert "niet-zo-geheim" not in browser.page
    finally:
        process.terminate()
        process.wait(30)
