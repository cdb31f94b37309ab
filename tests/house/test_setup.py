"""What a fresh machine installs: pinned by hash, the same everywhere, and explained by make itself."""

import re
import subprocess
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.production import ROOT

LOCKS = ("tools", "base", "dev")


def locked(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", text, flags=re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_by_version_and_hash(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line and not line.lstrip().startswith("#")]
    assert lines
    for line in lines:
        assert re.match(r"^[a-z0-9._-]+(\[[a-z,]+\])?==\S+(\s+--hash=sha256:[0-9a-f]{64})+\s*$", line), line


@pytest.mark.parametrize("name", LOCKS)
def test_no_registry_is_named(name: str) -> None:
    """Where packages come from is for the machine to say, not for the lock."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert "://" not in text
    assert "--index-url" not in text


def test_developing_means_running_and_more() -> None:
    base, dev = locked("base"), locked("dev")
    assert base.items() <= dev.items()
    assert set(dev) > set(base)


@pytest.mark.parametrize("name", LOCKS)
def test_what_is_asked_for_is_locked(name: str) -> None:
    asked = re.findall(r"^([A-Za-z0-9._-]+)", (ROOT / "requirements" / f"{name}.in").read_text(), flags=re.MULTILINE)
    asked = [package for package in asked if not package.startswith("-")]
    assert asked
    assert {package.lower() for package in asked} <= set(locked(name))


@pytest.mark.parametrize("name", ["base", "dev"])
def test_the_lock_is_complete_on_the_oldest_python_we_promise(name: str) -> None:
    """Debian 12 has Python 3.11.2; some packages need one more there than on 3.11.3 and later."""
    debian = {"python_version": "3.11", "python_full_version": "3.11.2", "extra": ""}
    here = locked(name)
    for package in here:
        for text in metadata.requires(package) or []:
            wanted = Requirement(text)
            if wanted.marker is None or wanted.marker.evaluate(debian):
                assert canonicalize_name(wanted.name) in here, f"{package} needs {text}"


def make(*argv: str, cwd: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["make", *argv], cwd=cwd, capture_output=True, text=True, check=False)


def test_make_alone_lists_what_it_can_do() -> None:
    alone, asked = make(), make("help")
    assert alone.returncode == 0
    assert alone.stdout == asked.stdout
    listed = re.findall(r"^  make (\S+) +\S", alone.stdout, flags=re.MULTILINE)
    wanted = "help setup run dev test test-pg e2e smoke soak check bench shots demo-reset messages lock secrets"
    assert sorted(listed) == sorted(wanted.split())


def test_without_pip_one_package_is_named(tmp_path: Path) -> None:
    """A Python without pip, on a machine where nothing is installed yet."""
    (tmp_path / "requirements").mkdir()
    for file in ("Makefile", "requirements/tools.txt"):
        (tmp_path / file).write_text((ROOT / file).read_text())
    python = tmp_path / "python-without-pip"
    python.write_text('#!/bin/sh\n[ "$1" = -m ] && exit 1\nexec python3 "$@"\n')
    python.chmod(0o755)
    result = make("setup", f"PYTHON={python}", cwd=tmp_path)
    assert result.returncode != 0
    assert "sudo apt-get install python3-pip" in result.stdout
    assert not (tmp_path / ".tools").exists()


def test_a_python_that_is_too_old_is_named(tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    for file in ("Makefile", "requirements/tools.txt"):
        (tmp_path / file).write_text((ROOT / file).read_text())
    python = tmp_path / "old-python"
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    result = make("setup", f"PYTHON={python}", cwd=tmp_path)
    assert result.returncode != 0
    assert "Python 3.11 or newer" in result.stdout
