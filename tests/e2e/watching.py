"""Looking over the shoulder of a browser."""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import axe_playwright_python
import polib
from django.conf import settings
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response

PHONE, TABLET, DESK = (360, 740), (820, 1180), (1366, 768)
SIZES = (PHONE, TABLET, DESK)
CATALOGUE = settings.BASE_DIR / "locale/nl/LC_MESSAGES/django.po"
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A form that is not right yet comes back with this status.
REFUSED_FORM = 422


@dataclass
class Watch:
    """Everything that goes wrong in a browser without anybody seeing it on the page."""

    home: str
    faults: list[str] = field(default_factory=list)
    expected: set[str] = field(default_factory=set)

    def follow(self, context: BrowserContext) -> None:
        """Listen to every page of this window."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # What the server refused is judged by its answer; here it would be said a second time.
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.home, "data:", "about:", "blob:")):
            self.faults.append(f"foreign host: {request.url}")

    def _failed(self, request: Request) -> None:
        # What the browser itself breaks off, because the test went on to the next page, is no fault.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"failed: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        path = response.url.removeprefix(self.home)
        is_form = response.status == REFUSED_FORM and response.request.method == "POST"
        if response.status >= 400 and not is_form and path not in self.expected:
            self.faults.append(f"{response.status}: {path}")


@lru_cache
def axe_source() -> str:
    """The checker. It is given to the page from outside, so that the page's own rules about scripts stay on."""
    return AXE.read_text()


def barriers(page: Page) -> list[str]:
    """What axe finds wrong on the page: the rule, where, and why."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe_source())
    # Without reading style sheets beforehand: no rule of these needs it, and the checker would write styles to do so.
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"], "preload": False}
    result: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    ran = {rule["id"] for kind in ("violations", "passes", "incomplete", "inapplicable") for rule in result[kind]}
    assert "target-size" in ran, "the rule about the size of what one taps did not run"
    return [
        f"{rule['id']}: {node['target']} {node['html'][:160]} {node['failureSummary'][:300]}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]


@lru_cache
def _english() -> frozenset[str]:
    entries = polib.pofile(str(CATALOGUE))
    dutch = {entry.msgstr for entry in entries}
    # A name and a word of the trade are the same in both; a single word may stand in what somebody typed.
    return frozenset(entry.msgid for entry in entries if " " in entry.msgid and entry.msgid not in dutch)


def in_english(page: Page) -> list[str]:
    """What stands on the page, to be seen or to be heard, in words of the code instead of the catalogue."""
    spoken = page.evaluate(
        r"""() => [document.title, ...document.body.innerText.split('\n'),
        ...[...document.querySelectorAll('[aria-label], [placeholder], [title], .visually-hidden, caption')].flatMap(
            each => [each.ariaLabel, each.placeholder, each.title, each.textContent])]
        .filter(Boolean).map(each => each.replace(/\\s+/g, ' ').trim())"""
    )
    return sorted({text for text in spoken if text in _english()})


def look(page: Page, size: tuple[int, int]) -> None:
    """See the page on a screen of this size."""
    page.set_viewport_size({"width": size[0], "height": size[1]})


def sideways(page: Page) -> int:
    """How many pixels of the page stand beside the screen."""
    return int(page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def cut_off(page: Page) -> list[str]:
    """The lists and cards that are wider inside than outside: what stands at their edge is out of sight."""
    found = page.evaluate(
        "() => [...document.querySelectorAll('.kt-card, .kt-scroll')]"
        ".filter(box => box.scrollWidth > box.clientWidth + 2)"
        ".map(box => `${box.className}: ${box.scrollWidth} in ${box.clientWidth}`)"
    )
    return [str(each) for each in found]


@dataclass
class Hand:
    """Counts what a hand does: taps, keys, and questions in which something is typed."""

    page: Page
    taps: int = 0
    keys: int = 0
    typed: int = 0

    def tap(self, target: Locator) -> None:
        """One tap."""
        self.taps += 1
        target.click()

    def type(self, target: Locator, text: str) -> None:
        """Tap in a question and type a few words."""
        self.tap(target)
        self.typed += 1
        self.page.keyboard.type(text)

    def press(self, key: str) -> None:
        """One key."""
        self.keys += 1
        self.page.keyboard.press(key)
