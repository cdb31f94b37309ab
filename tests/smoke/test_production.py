"""The production of docker-compose.yml without its containers: the same commands, environment and health checks,
against a real PostgreSQL and a real Redis. Someone signs in with a second factor, logs a visit, and is reminded.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from email import message_from_string, policy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
import yaml
from aiosmtpd.controller import Controller
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.fernet import Fernet
from django.utils import timezone

from corporatie.processes import STOP_WITHIN
from tests.house.production import ROOT
from tests.house.test_health import ALL_WELL
from tests.smoke.running import Browser, end_all, family, free_port, get, wait_until

pytestmark = pytest.mark.services

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
REDIS_PASSWORD = "niet-zonder-wachtwoord"
EMAIL, PASSWORD, TOTP_SECRET = "anna@example.nl", "keukentafel-in-het-echt", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SURNAME, STREET, PROMISE = "Vinkenoogh", "Rietzangerlaan", "Lekkende kraan laten nakijken"


class Mails:
    """A mail server that keeps what it gets."""

    def __init__(self) -> None:
        self.received: list[tuple[list[str], str]] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802
        self.received.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 OK"


@pytest.fixture
def database() -> Iterator[str]:
    """A database of its own on the server of DATABASE_URL."""
    address = os.environ["DATABASE_URL"]
    name = f"keukentafel_smoke_{os.getpid()}"
    with closing(psycopg2.connect(address)) as server:
        server.autocommit = True
        server.cursor().execute(f"CREATE DATABASE {name}")
    yield urlsplit(address)._replace(path=f"/{name}").geturl()
    with closing(psycopg2.connect(address)) as server:
        server.autocommit = True
        server.cursor().execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """A Redis of its own, with the password and the keeping-nothing of compose."""
    port = free_port()
    (tmp_path / "redis_conf").write_text(f"requirepass {REDIS_PASSWORD}\n")
    options = SERVICES["redis"]["command"][2:]
    program = shutil.which("redis-server")
    assert program, "Needs a Redis server: apt-get install redis-server"
    server = subprocess.Popen(
        [program, str(tmp_path / "redis_conf"), *options, "--port", str(port), "--bind", "127.0.0.1"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
    )
    yield f"redis://:{REDIS_PASSWORD}@127.0.0.1:{port}/0"
    server.terminate()
    server.wait(10)


@pytest.fixture
def mails() -> Iterator[tuple[Mails, str]]:
    kept = Mails()
    controller = Controller(kept, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield kept, f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


class Production:
    """The processes of docker-compose.yml, each with the environment that compose gives it."""

    def __init__(self, folder: Path, *, secrets: dict[str, str]) -> None:
        self.folder = folder
        self.var_dir = folder / "var"
        self.var_dir.mkdir()
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        filled_in = {"ALLOWED_HOSTS": "localhost", "BASE_URL": self.url, "DIGEST_AT": "00:00", "WEB_WORKERS": "2"}
        self.environ = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            # What the image says.
            "WEB_BIND": f"127.0.0.1:{self.port}",
            "VAR_DIR": str(self.var_dir),
            "STATIC_ROOT": str(folder / "static"),
            # A trial on loopback without a certificate.
            "HTTPS": "off",
        }
        for name, value in COMPOSE["x-app"]["environment"].items():
            if name.endswith("_FILE"):
                path = folder / value.removeprefix("/run/secrets/")
                path.write_text(secrets[path.name] + "\n")
                self.environ[name] = str(path)
            elif match := re.fullmatch(r"\$\{([A-Z_]+)(?::-(.*)|:\?.*)\}", value):
                self.environ[name] = filled_in.get(match[1], match[2])
            else:
                self.environ[name] = value

    def manage(self, *argv: str, check: bool = True, **environ: str) -> str:
        done = subprocess.run(
            ["python", "manage.py", *argv],
            cwd=ROOT,
            env={**self.environ, **environ},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert not check or done.returncode == 0, done.stderr
        return (done.stdout + done.stderr).strip()

    def shell(self, code: str) -> str:
        return self.manage("shell", "--no-imports", "--command", code)

    def start(self, name: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                SERVICES[name]["command"],
                cwd=ROOT,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def is_healthy(self, name: str) -> bool:
        how, *argv = SERVICES[name]["healthcheck"]["test"]
        assert how == "CMD"
        return subprocess.run(argv, cwd=ROOT, env=self.environ, capture_output=True, check=False).returncode == 0

    def readiness(self) -> tuple[int, dict[str, str]]:
        status, body = get(f"{self.url}/readyz")
        return status, json.loads(body) if body else {}


@pytest.fixture
def production(tmp_path: Path, database: str, redis: str, mails: tuple[Mails, str]) -> Iterator[Production]:
    production = Production(
        tmp_path,
        secrets={
            "secret_key": Fernet.generate_key().decode() * 2,
            "encryption_keys": Fernet.generate_key().decode(),
            "database_url": database,
            "redis_url": redis,
            "email_url": mails[1],
        },
    )
    yield production
    end_all(production.var_dir)


def workers(production: Production) -> set[int]:
    return {pid for pid, command in family(production.var_dir).items() if " worker " in command}


def code_now() -> str:
    """What the colleague's app shows at this moment, with time enough left to type it over."""
    while time.time() % 30 > 25:
        time.sleep(1)
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(TOTP_SECRET, counter))


SEED = f"""
from datetime import timedelta
from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone
from corporatie.staff.models import RoleGrant, Team, User
from corporatie.staff.permissions import Role
from corporatie.work.models import SpecialDay
from tenants.actions import refresh_household
from tenants.models import Dwelling, Membership, MembershipRole, Neighbourhood, Person, Tenancy

anna = User.objects.create_user("{EMAIL}", "{PASSWORD}", name="Anna de Boer")
RoleGrant.objects.create(user=anna, role=Role.HOUSING_CONSULTANT)
TOTP.activate(anna, "{TOTP_SECRET}")
team = Team.objects.create(name="Noord")
team.members.add(anna)
here = Neighbourhood.objects.create(name="De Beemd", team=team)
home = Dwelling.objects.create(
    neighbourhood=here, street="{STREET}", number=12, postcode="1234 AB", town="Lindedam", address="{STREET} 12",
    search_text="{STREET} 12".lower(),
)
tenancy = Tenancy.objects.create(dwelling=home, started_on=timezone.localdate() - timedelta(days=900))
person = Person.objects.create(first_name="Mia", last_name="{SURNAME}")
Membership.objects.create(tenancy=tenancy, person=person, role=MembershipRole.TENANT)
refresh_household(tenancy=tenancy)
# The association works today, also when this runs on a Sunday.
for days in (0, 1):
    day = timezone.localdate() + timedelta(days=days)
    SpecialDay.objects.create(on=day, name="Gewoon open", is_working_day=True)
print(tenancy.pk)
"""


def test_an_evening_in_production(production: Production, mails: tuple[Mails, str]) -> None:
    # The database first, as compose orders it; then what the image has done beforehand.
    production.start("migrate")
    assert production.running.pop("migrate").wait(120) == 0, production.log("migrate")
    assert "W001" in production.manage("check")
    production.manage("compilemessages")
    production.manage("collectstatic", "--noinput")
    household = production.shell(SEED)

    for name in ("web", "worker", "beat"):
        production.start(name)
    wait_until(
        lambda: get(f"{production.url}/healthz")[0] == 200,
        within=60,
        what="web answers",
        log=production.folder / "web.log",
    )
    assert get(f"{production.url}/healthz") == (200, '{"status": "ok"}')

    # A password alone opens nothing; the page comes with its style sheet.
    anna = Browser(production.url).open("/account/login/")
    assert anna.status == 200
    [sheet] = re.findall(r'href="(/static/[^"]+\.css)"', anna.page)[:1]
    assert get(f"{production.url}{sheet}")[0] == 200
    anna.fill_in(login=EMAIL, password=PASSWORD)
    assert Browser(production.url).open("/vandaag/").url.startswith(f"{production.url}/account/login/")
    anna.fill_in(code="000000")
    assert anna.open("/vandaag/").url.startswith(f"{production.url}/account/")
    anna.open("/account/2fa/authenticate/").fill_in(code=code_now())
    assert anna.open("/vandaag/").status == 200
    assert anna.url == f"{production.url}/vandaag/"

    # She plans a visit for today, and afterwards logs it with a promise that is due today.
    today = timezone.localdate().isoformat()
    anna.open(f"/bezoeken/plannen/?huishouden={household}").fill_in(planned_on="other", planned_on_date=today)
    assert STREET in anna.open("/vandaag/").page
    talk = re.search(r"/gesprekken/[0-9a-f-]{36}/vastleggen/", anna.page)
    assert talk, anna.page
    anna.open(talk[0]).fill_in(promise_1_what=PROMISE, promise_1_due="other", promise_1_due_date=today)
    assert (anna.status, anna.url) == (200, f"{production.url}/vandaag/")

    # Ready only when beat has woken a sweep, the worker has run it, and the database has the row.
    status, parts = production.readiness()
    assert (status, parts) in [(503, {**ALL_WELL, "status": "failing", "beat": "failing"}), (200, ALL_WELL)]

    # The out-of-memory killer takes the child, or all of the worker: the work goes on.
    main = production.running["worker"].pid
    children = wait_until(
        lambda: workers(production) - {main},
        within=60,
        what="children of the worker",
        log=production.folder / "worker.log",
    )
    os.kill(min(children), signal.SIGKILL)
    os.killpg(main, signal.SIGKILL)
    assert production.running["worker"].wait(10) == -signal.SIGKILL
    production.start("worker")  # as the restart policy of compose does

    wait_until(
        lambda: production.readiness()[0] == 200, within=90, what="a sweep", log=production.folder / "worker.log"
    )
    for name in ("web", "worker", "beat"):
        wait_until(lambda name=name: production.is_healthy(name), within=20, what=f"{name} healthy")

    # The reminder is in the Postvak and in the mail; the mail says how many, and nothing about anyone.
    [(recipients, mail)] = wait_until(
        lambda: mails[0].received, within=90, what="a mail", log=production.folder / "worker.log"
    )
    assert recipients == [EMAIL]
    body = message_from_string(mail, policy=policy.default).get_body()
    assert body is not None
    text = body.get_content()
    assert f"{production.url}/postvak/" in text
    assert PROMISE in anna.open("/postvak/").page
    assert STREET in anna.page
    told = mail + text + "".join(production.log(name) for name in ("web", "worker", "beat"))
    for secret in (SURNAME, STREET, PROMISE, PASSWORD, TOTP_SECRET, REDIS_PASSWORD):
        assert secret not in told

    # Another minute, another sweep: reminded once, mailed once.
    beaten = "from corporatie.work.models import Heartbeat; print(Heartbeat.objects.get(name='sweep').at)"
    before = production.shell(beaten)
    wait_until(lambda: production.shell(beaten) != before, within=90, what="the next sweep")
    count = "print(Notice.objects.count(), OutgoingMail.objects.count())"
    assert production.shell(f"from corporatie.work.models import Notice, OutgoingMail; {count}") == "1 1"
    assert len(mails[0].received) == 1

    # Asked to stop, everything is gone within its time, and says that it stopped in order.
    began = time.monotonic()
    for popen in production.running.values():
        popen.terminate()
    ended = {name: popen.wait(STOP_WITHIN) for name, popen in production.running.items()}
    assert ended == {"web": 0, "worker": 0, "beat": 0}
    assert time.monotonic() - began < STOP_WITHIN
    assert family(production.var_dir) == {}
    assert [production.is_healthy(name) for name in ("web", "worker")] == [False, False]
