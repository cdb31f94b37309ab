"""Real processes for the smoke tests: started, found, waited for."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Found = TypeVar("Found")


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def wait_until(ask: Callable[[], Found], *, within: float, what: str) -> Found:
    """Ask until the answer is something; after so many seconds say what did not happen."""
    ends = time.monotonic() + within
    while True:
        if answer := ask():
            return answer
        if time.monotonic() > ends:
            raise AssertionError(f"Not within {within:.0f} s: {what}")
        time.sleep(0.2)


def get(url: str) -> tuple[int, str]:
    """Status and body; status 0 when nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return int(answer.status), answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def family(var_dir: Path) -> dict[int, str]:
    """Every process on this machine that was started with this VAR_DIR, by its command line."""
    mark = f"VAR_DIR={var_dir}".encode()
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    if command:  # a zombie has none
                        found[int(entry.name)] = command
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
    return found


def end_all(var_dir: Path) -> None:
    """After a failed test: nothing of it goes on."""
    for pid in family(var_dir):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def output_of(popen: "subprocess.Popen[str]", log: Path) -> str:
    """What a process wrote so far, for the message of a failing test."""
    return f"{popen.args} (status {popen.poll()}):\n{log.read_text()[-4000:]}"
