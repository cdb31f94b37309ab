"""A real browser at a server that runs in the test. Whatever goes wrong in it unseen makes the test fail."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from corporatie.desk.demo.accounts import DEMO_PASSWORD
from corporatie.desk.demo.load import load
from corporatie.desk.demo.world import World
from corporatie.staff.models import User
from tests.cast import PASSWORD
from tests.e2e.watching import PHONE, Watch

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
]
# The machine may be busy with something else.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's own Chromium. Without it these tests are left out, with the way to get it; under CI they fail."""
    if not CHROMIUM.exists():
        words = f"There is no browser at {CHROMIUM}. Install it with: sudo apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as play:
        # Playwright runs a loop in this thread, in which Django would refuse to touch the database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def watch(live_server) -> Watch:
    """Listens to every window; ``expected`` holds the addresses that may refuse."""
    return Watch(live_server.url)


@pytest.fixture
def window(browser, live_server, watch, request) -> Iterator[Callable[..., Page]]:
    """Opens a window, as large as a phone unless said otherwise. At the end nothing may have gone wrong in any.

    With ``SHOTS=folder`` the windows are kept as pictures, as they stood at the end of the test.
    """
    opened: list[BrowserContext] = []

    def open_window(*, size: tuple[int, int] = PHONE, script: bool = True, **options) -> Page:
        context = browser.new_context(
            base_url=options.pop("base_url", live_server.url),
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=script,
            service_workers="block",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        watch.follow(context)
        return context.new_page()

    yield open_window
    for number, context in enumerate(opened):
        for page in context.pages if "SHOTS" in os.environ else []:
            page.screenshot(path=Path(os.environ["SHOTS"]) / f"{request.node.name}-{number}.png", full_page=True)
        context.close()
    assert watch.faults == []


@pytest.fixture
def sign_in(window) -> Callable[..., Page]:
    """Signs a colleague in through the form, the first time; after that a new window remembers her."""
    remembered: dict[str, object] = {}

    def signed_in(email: str, *, password: str = DEMO_PASSWORD, **options) -> Page:
        if email not in remembered:
            page = window(**options)
            page.goto("/account/login/")
            page.get_by_label("E-mailadres van uw werk").fill(email)
            page.get_by_label("Wachtwoord").fill(password)
            page.get_by_role("button", name="Log in").click()
            page.wait_for_url(lambda url: "/account/" not in url)
            remembered[email] = page.context.storage_state()
            page.context.close()
        return window(storage_state=remembered[email], **options)

    return signed_in


@pytest.fixture(scope="session")
def loaded() -> dict[date, tuple[World, sqlite3.Connection]]:
    """Each demo that was loaded, and a copy of the data as they stood then."""
    return {}


@pytest.fixture
def demo(transactional_db, loaded) -> World:
    """The demo neighbourhood as it is this morning. Told once; SQLite then only takes back its copy."""
    on = timezone.localdate()
    if on in loaded:
        world, copy = loaded[on]
        copy.backup(connection.connection)
        return world
    world = load(on=on)
    if connection.vendor == "sqlite":
        loaded[on] = (world, sqlite3.connect(":memory:"))
        connection.connection.backup(loaded[on][1])
    return world


@pytest.fixture
def at():
    """Now: the pages ask the clock of this machine."""
    return timezone.now()


@pytest.fixture
def colleague_at_work(sign_in) -> Callable[..., Page]:
    """A window of someone of the cast."""

    def at_work(user: User, **options) -> Page:
        if not user.has_usable_password():
            user.set_password(PASSWORD)
            user.save()
        return sign_in(user.email, password=PASSWORD, **options)

    return at_work
