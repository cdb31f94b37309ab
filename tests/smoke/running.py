"""Real processes for the smoke tests: started, found, waited for."""

import os
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode, urljoin

Found = TypeVar("Found")


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def wait_until(ask: Callable[[], Found], *, within: float, what: str, log: Path | None = None) -> Found:
    """Ask until the answer is something; after so many seconds say what did not happen, and what the log says."""
    ends = time.monotonic() + within
    while True:
        if answer := ask():
            return answer
        if time.monotonic() > ends:
            told = f"\n{log.read_text()[-4000:]}" if log else ""
            raise AssertionError(f"Not within {within:.0f} s: {what}{told}")
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


class Forms(HTMLParser):
    """The forms of a page: where each goes, and what it would send as it stands."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, list[tuple[str, str]]]] = []
        self.names: list[set[str]] = []
        self.inside = False
        self.select: tuple[str, list[tuple[str, bool]]] | None = None
        self.textarea: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name"), given.get("value") or ""
        if tag == "form":
            self.forms.append((given.get("action") or "", []))
            self.names.append(set())
            self.inside = True
        elif name and self.inside and "disabled" not in given:
            self.names[-1].add(name)
            if tag == "input" and given.get("type") in {"checkbox", "radio"}:
                if "checked" in given:
                    self.add(name, value or "on")
            elif tag == "input" and given.get("type") not in {"submit", "button"}:
                self.add(name, value)
            elif tag == "select":
                self.select = (name, [])
            elif tag == "textarea":
                self.textarea = name
                self.add(name, "")
        elif tag == "option" and self.select:
            self.select[1].append((value, "selected" in given))

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.forms[-1][1][-1] = (self.textarea, self.forms[-1][1][-1][1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self.select:
            name, options = self.select
            chosen = [value for value, is_chosen in options if is_chosen] or [value for value, _ in options[:1]]
            for value in chosen:
                self.add(name, value)
            self.select = None
        elif tag == "textarea":
            self.textarea = None
        elif tag == "form":
            self.inside = False

    def add(self, name: str, value: str) -> None:
        self.forms[-1][1].append((name, value))


class Browser:
    """A browser without scripts: keeps its cookies, follows redirects, fills in forms."""

    def __init__(self, base: str) -> None:
        self.url = base
        self.page = ""
        self.status = 0
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        # As the reverse proxy would say it.
        self.opener.addheaders = [("X-Forwarded-For", "198.51.100.7"), ("Accept-Language", "nl")]

    def open(self, address: str, data: list[tuple[str, str]] | None = None) -> "Browser":
        body = None if data is None else urlencode(data).encode()
        try:
            with self.opener.open(urljoin(self.url, address), body, timeout=30) as answer:
                self.status, self.url, self.page = answer.status, answer.url, answer.read().decode()
        except urllib.error.HTTPError as error:
            self.status, self.url, self.page = error.code, error.url or self.url, error.read().decode()
        return self

    def fill_in(self, **values: str | list[str]) -> "Browser":
        """Send the form that has all these fields, with the rest as the page gave it."""
        found = Forms(self.page)
        for (action, fields), names in zip(found.forms, found.names, strict=True):
            if values.keys() <= names:
                kept = [(name, value) for name, value in fields if name not in values]
                for name, value in values.items():
                    kept += [(name, one) for one in (value if isinstance(value, list) else [value])]
                return self.open(action or self.url, kept)
        raise AssertionError(f"No form with {sorted(values)} on {self.url}: {found.names}\n{self.page[:3000]}")
