"""docker-compose.yml and Dockerfile, read as text: no container engine is at hand where the tests run."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from corporatie.processes import PROCESSES, STOP_WITHIN
from tests.house.production import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = tuple(PROCESSES)
every_service = pytest.mark.parametrize("name", SERVICES)


def seconds(text: str) -> int:
    match = re.fullmatch(r"(?:(\d+)m)?(?:(\d+)s)?", text)
    assert match is not None, text
    return int(match[1] or 0) * 60 + int(match[2] or 0)


def test_the_services_are_our_processes_and_the_two_servers() -> None:
    assert set(SERVICES) == {*OURS, "postgres", "redis"}
    assert SERVICES["postgres"]["image"] == "postgres:16"
    assert SERVICES["redis"]["image"] == "redis:7"


@pytest.mark.parametrize("name", OURS)
def test_our_commands_come_from_the_one_list(name: str) -> None:
    assert SERVICES[name]["command"] == ["python", "manage.py", "process", name]


def test_nothing_but_that_list_says_how_to_start_a_process() -> None:
    for file in ("docker-compose.yml", "Dockerfile", "Makefile", ".ci/run"):
        text = (ROOT / file).read_text()
        assert not re.search(r"-m (gunicorn|celery)|gunicorn corporatie|celery (--app|-A)", text), file


@every_service
def test_runs_as_nobody_special_on_a_file_system_it_cannot_change(name: str) -> None:
    service = SERVICES[name]
    user, _, group = service["user"].partition(":")
    assert int(user) > 0
    assert int(group) > 0
    assert service["read_only"] is True
    assert service["tmpfs"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service


@every_service
def test_is_started_again_and_gets_its_time_to_stop(name: str) -> None:
    service = SERVICES[name]
    # The one-shot ends well once: started again only when it failed.
    assert service["restart"] == ("on-failure" if name == "migrate" else "unless-stopped")
    assert seconds(service["stop_grace_period"]) >= 60
    assert seconds(service["stop_grace_period"]) > STOP_WITHIN


@every_service
def test_has_a_health_check(name: str) -> None:
    check = SERVICES[name]["healthcheck"]
    if name == "migrate":
        assert check == {"disable": True}
        return
    assert set(check) == {"test", "interval", "timeout", "start_period", "retries"}
    if name in OURS:
        assert check["test"] == ["CMD", "python", "manage.py", "healthcheck", name]


@pytest.mark.parametrize("name", [name for name in OURS if name != "migrate"])
def test_waits_for_the_database_as_it_should_be(name: str) -> None:
    assert SERVICES[name]["depends_on"] == {
        "migrate": {"condition": "service_completed_successfully"},
        "postgres": {"condition": "service_healthy"},
        "redis": {"condition": "service_healthy"},
    }


def test_no_secret_stands_in_the_file_or_the_environment() -> None:
    for name, service in SERVICES.items():
        for key, value in service.get("environment", {}).items():
            if re.search(r"SECRET|PASSWORD|KEY|_URL", key) and key != "BASE_URL":
                assert key.endswith("_FILE"), (name, key)
                assert value.removeprefix("/run/secrets/") in service["secrets"]
    assert all(set(secret) == {"file"} for secret in COMPOSE["secrets"].values())
    assert {Path(secret["file"]).parent for secret in COMPOSE["secrets"].values()} == {Path("secrets")}
    # Redis reads its password from a file: on a command line everyone on the machine could see it.
    assert SERVICES["redis"]["command"][:2] == ["redis-server", "/run/secrets/redis_conf"]


def test_only_web_is_published_and_only_to_this_machine() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["web"]
    assert SERVICES["web"]["ports"] == ["${WEB_PUBLISH:-127.0.0.1:8000}:8000"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name in ("postgres", "redis"):
        assert SERVICES[name]["networks"] == ["inside"]


def test_the_database_is_kept() -> None:
    assert SERVICES["postgres"]["volumes"] == ["postgres-data:/var/lib/postgresql/data"]
    assert set(COMPOSE["volumes"]) == {"postgres-data"}


def test_the_example_names_every_setting_that_compose_asks_for() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    named = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))
    assert named == asked


def test_make_secrets_makes_the_files_that_compose_reads_and_the_settings_accept(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    subprocess.run(["make", "secrets"], cwd=tmp_path, check=True, capture_output=True)
    made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert set(made) == {Path(secret["file"]).name for secret in COMPOSE["secrets"].values()}
    assert len(made["secret_key"]) == 60
    assert made["postgres_password"] in made["database_url"]
    assert made["redis_conf"].removeprefix("requirepass ").strip() in made["redis_url"]
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    # The container's own user reads them through the mount; on the machine the folder keeps others out.
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "secrets").iterdir()} == {0o444}
    again = subprocess.run(["make", "secrets"], cwd=tmp_path, check=False, capture_output=True)
    assert again.returncode != 0
    assert made == {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}


def compose_client() -> list[str] | None:
    if found := shutil.which("docker-compose"):
        return [found]
    if (docker := shutil.which("docker")) and not subprocess.run(
        [docker, "compose", "version"], check=False
    ).returncode:
        return [docker, "compose"]
    return None


def test_compose_itself_accepts_the_file(tmp_path: Path) -> None:
    client = compose_client()
    if client is None:
        assert not os.environ.get("CI"), "CI installs docker-compose"
        pytest.skip("no compose client here; to have one: apt-get install docker-compose")
    environ = {**os.environ, "ALLOWED_HOSTS": "keukentafel.example", "BASE_URL": "https://keukentafel.example"}
    accepted = subprocess.run(
        [*client, "--file", "docker-compose.yml", "config"],
        cwd=ROOT,
        env=environ,
        check=False,
        capture_output=True,
        text=True,
    )
    assert accepted.returncode == 0, accepted.stderr
    services = yaml.safe_load(accepted.stdout)["services"]
    assert set(services) == set(SERVICES)
    assert services["web"]["environment"]["ALLOWED_HOSTS"] == "keukentafel.example"
    # Without the two names it needs, it says where to fill them in.
    (tmp_path / "empty").touch()
    for name in ("ALLOWED_HOSTS", "BASE_URL"):
        environ.pop(name)
    refused = subprocess.run(
        [*client, "--file", "docker-compose.yml", "--env-file", str(tmp_path / "empty"), "config"],
        cwd=ROOT,
        env=environ,
        check=False,
        capture_output=True,
        text=True,
    )
    assert refused.returncode != 0
    assert ".env.example" in refused.stderr


DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_the_image_runs_as_nobody_special_and_holds_no_secret() -> None:
    assert re.search(r"^USER 10001:10001$", DOCKERFILE, flags=re.MULTILINE)
    assert {SERVICES[name]["user"] for name in OURS} == {"10001:10001"}
    assert not re.search(r"^(ENV|ARG).*(SECRET|PASSWORD|ENCRYPTION|_URL)", DOCKERFILE, flags=re.MULTILINE)
    assert "--require-hashes" in DOCKERFILE
    assert 'CMD ["python", "manage.py", "process", "web"]' in DOCKERFILE


def test_everything_that_is_copied_exists_and_is_let_through() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[ignored.index("*") :][0] == "*"
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, flags=re.MULTILINE):
        for source in sources.split():
            assert (ROOT / source).exists(), source
            assert f"!{source}" in ignored
    for room in ("corporatie", "tenants", "cases", "visits", "projects"):
        assert f"COPY {room} {room}" in DOCKERFILE
