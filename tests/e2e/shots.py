"""Takes the pictures of the README from a demo that runs: ``python -m tests.e2e.shots http://localhost:8000``."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from corporatie.desk.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "img"
ANNA = DEMO_ACCOUNTS[0][1]


def take(browser: Browser, base: str, name: str, path: str, *, width: int, height: int, follow: str = "") -> None:
    """Sign in as the consultant, open the page, follow the link with this text, and take the picture."""
    page = browser.new_page(viewport={"width": width, "height": height}, locale="nl-NL", color_scheme="light")
    page.goto(f"{base}/account/login/")
    page.locator("input[name=login]").fill(ANNA)
    page.locator("input[name=password]").fill(DEMO_PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.goto(f"{base}{path}")
    if follow:
        page.locator("main").get_by_role("link", name=follow).first.click()
    page.screenshot(path=FOLDER / f"{name}.png")
    page.context.close()


def main(base: str) -> None:
    """The three pictures: a phone at the front door, a household at the desk, the signals of a team."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        take(browser, base, "vandaag", "/vandaag/", width=390, height=1240)
        take(browser, base, "huishouden", "/zoeken/?q=Kerkstraat+18", width=1366, height=800, follow="Kerkstraat 18")
        take(browser, base, "signalen", "/signalen/", width=1366, height=690, follow="Lindelaan 4")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://localhost:8000")
