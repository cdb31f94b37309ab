"""The roads of an account in a browser, at production as it is deployed: web on PostgreSQL, mail over SMTP, and the
second factor compulsory. Nobody gets stuck on any of them, and each role reaches its own home on a phone.
"""

import re
import time
from collections.abc import Callable, Iterator
from email import message_from_string, policy

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, BrowserContext, Page, expect

from corporatie.processes import STOP_WITHIN
from tests.e2e.conftest import PATIENCE
from tests.e2e.watching import PHONE, Watch
from tests.smoke.running import get, wait_until
from tests.smoke.test_production import Mails, Production, database, mails, production, redis  # noqa: F401

pytestmark = [pytest.mark.e2e, pytest.mark.services]

ADMIN, ANNA = "beheer@example.nl", "anna@example.nl"
FIRST, SECOND, THIRD = "zeven gele fietsen in de regen", "acht groene boten op het water", "negen rode vliegers"
ROLES = {
    "caretaker": "/vandaag/",
    "resident_coordinator": "/vandaag/",
    "project_leader": "/projecten/",
    "team_lead": "/team/",
    "privacy_officer": "/beheer/",
    "manager": "/cijfers/",
}


@pytest.fixture
def at_work(production: Production) -> Iterator[Production]:  # noqa: F811
    """Production with its pages: what waits in a queue plays no part here."""
    production.start("migrate")
    assert production.running.pop("migrate").wait(120) == 0, production.log("migrate")
    production.manage("compilemessages")
    production.manage("collectstatic", "--noinput")
    production.start("web")
    wait_until(
        lambda: get(f"{production.url}/healthz")[0] == 200,
        within=60,
        what="web answers",
        log=production.folder / "web.log",
    )
    yield production
    web = production.running["web"]
    web.terminate()
    web.wait(STOP_WITHIN)


@pytest.fixture
def phone(browser: Browser, at_work: Production) -> Iterator[Callable[[], Page]]:
    """A new window on a phone, with a listener for whatever goes wrong unseen."""
    opened: list[BrowserContext] = []
    watch = Watch(at_work.url)

    def open_window() -> Page:
        context = browser.new_context(
            base_url=at_work.url,
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            viewport={"width": PHONE[0], "height": PHONE[1]},
            service_workers="block",
        )
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        watch.follow(context)
        return context.new_page()

    yield open_window
    for context in opened:
        context.close()
    assert watch.faults == []


class App:
    """The app on somebody's phone. Each code works once, so it waits for the next when it was used."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.used = 0

    def code(self) -> str:
        """What it shows, with time enough left to type it over."""
        while (counter := int(time.time() // 30)) <= self.used or time.time() % 30 > 25:
            time.sleep(0.5)
        self.used = counter
        return str(format_hotp_value(hotp_value(self.secret, counter)))


def press(page: Page, words: str) -> None:
    """The button with these words."""
    page.get_by_role("button", name=words, exact=True).click()


def sign_in(page: Page, email: str, password: str) -> None:
    """The first step."""
    page.goto("/account/login/")
    page.get_by_label("E-mailadres van uw werk").fill(email)
    page.get_by_label("Wachtwoord").fill(password)
    press(page, "Log in")


def link_app(page: Page) -> App:
    """Set up the second step on the page that asks it, and keep the codes."""
    expect(page.get_by_role("heading", name="Inloggen in twee stappen")).to_be_visible()
    page.get_by_text("Scannen lukt niet").click()
    app = App(page.locator("details code").inner_text())
    page.locator("input[name=code]").fill(app.code())
    press(page, "Zet twee stappen aan")
    expect(page.get_by_role("heading", name="Herstelcodes")).to_be_visible()
    assert page.locator(".kt-codes code").count() == 10
    page.get_by_role("link", name="Ik heb ze veilig bewaard").click()
    return app


def ask_link(page: Page, email: str, received: Mails) -> str:
    """Ask for a link, and find it in the mail."""
    known = len(received.received)
    page.goto("/account/login/")
    page.get_by_role("link", name="Wachtwoord vergeten").click()
    page.locator("input[name=email]").fill(email)
    page.locator("form button[type=submit]").click()
    expect(page.get_by_role("heading", name="Kijk in uw mail")).to_be_visible()
    wait_until(lambda: len(received.received) > known, within=20, what="a mail with a link")
    recipients, content = received.received[-1]
    assert recipients == [email]
    body = message_from_string(content, policy=policy.default).get_body()
    assert body is not None
    [link] = re.findall(r"http\S+/reset/key/\S+", body.get_content())
    return link


def choose(page: Page, link: str, password: str) -> None:
    """Open the link, and choose a password."""
    page.goto(link)
    assert "set-password" in page.url
    page.locator("input[name=password1]").fill(password)
    page.locator("input[name=password2]").fill(password)
    press(page, "Bewaar wachtwoord")
    expect(page.get_by_role("link", name="Log in")).to_be_visible()


def show_who(page: Page, app: App) -> None:
    """The page that asks it once more."""
    expect(page.get_by_role("heading", name="Bent u het echt?")).to_be_visible()
    page.locator("input[name=code]").fill(app.code())
    press(page, "Ga verder")


def test_the_roads_of_an_account(at_work: Production, mails: tuple[Mails, str], phone: Callable[[], Page]) -> None:  # noqa: F811
    received = mails[0]
    # The first administrator, at the command line: her password, then her app, then her first page.
    at_work.manage(
        "createsuperuser", "--noinput", "--email", ADMIN, "--name", "Hanna Beheer", DJANGO_SUPERUSER_PASSWORD=FIRST
    )
    desk = phone()
    sign_in(desk, ADMIN, FIRST)
    desk_app = link_app(desk)
    desk.wait_for_url("**/beheer/")

    # She invites Anna, after showing who she is.
    desk.goto("/beheer/staff/user/add/")
    desk.get_by_label("Naam").first.fill("Anna de Boer")
    desk.get_by_label("E-mailadres").fill("Anna@Example.nl")
    desk.locator(".add-row a").click()
    desk.locator("select[name=grants-0-role]").select_option("housing_consultant")
    desk.locator("input[name=_save]").click()
    expect(desk.get_by_text("heeft nog geen wachtwoord")).to_be_visible()

    # Anna: mail, password, app, first page.
    anna = phone()
    link = ask_link(anna, ANNA, received)
    assert link.startswith(f"{at_work.url}/account/password/reset/key/")
    choose(anna, link, SECOND)
    sign_in(anna, ANNA, SECOND)
    app = link_app(anna)
    anna.wait_for_url("**/vandaag/")

    # The link worked once.
    anna.goto(link)
    expect(anna.get_by_role("heading", name="Deze link werkt niet meer")).to_be_visible()

    # Another password by the mail: the second step is asked as ever.
    other = phone()
    choose(other, ask_link(other, ANNA, received), THIRD)
    sign_in(other, ANNA, THIRD)
    expect(other.get_by_role("heading", name="Tweede stap")).to_be_visible()
    other.goto("/vandaag/")
    assert "/account/login/" in other.url or "/account/2fa/" in other.url
    other.goto("/account/2fa/authenticate/")
    other.locator("input[name=code]").fill(app.code())
    press(other, "Log in")
    other.wait_for_url("**/vandaag/")
    anna.goto("/vandaag/")
    assert "/account/login/" in anna.url

    # Her phone is lost: the administrator turns the second step off, and every session ends.
    desk.goto("/beheer/staff/user/")
    desk.get_by_role("link", name="Anna de Boer").click()
    if "reauthenticate" in desk.url:
        show_who(desk, desk_app)
    desk.get_by_role("link", name="Zet de tweede stap uit").click()
    desk.locator("input[type=submit]").click()
    expect(desk.get_by_text("Anna de Boer stelt de tweede stap opnieuw in")).to_be_visible()
    other.goto("/vandaag/")
    assert "/account/login/" in other.url
    sign_in(other, ANNA, THIRD)
    link_app(other)
    other.wait_for_url("**/vandaag/")

    # The keys of the links stand in no log; those who must hear of it are found in the rows.
    keys = re.findall(r"/reset/key/[0-9a-z]+-([0-9a-z]+-[0-9a-f]+)/", "".join(text for _to, text in received.received))
    assert len(keys) >= 2
    for secret in (*keys, FIRST, SECOND, THIRD, desk_app.secret, app.secret, ANNA, ADMIN):
        assert secret not in at_work.log("web")
    rows = at_work.shell(
        "from corporatie.staff.models import AccountChange\n"
        "for row in AccountChange.objects.order_by('pk'): print(row.kind, row.colleague_id, row.by_id, row.detail)"
    ).split("\n")
    assert [row.rstrip() for row in rows if not row.startswith("{")] == [
        "invited 1 None",
        "role_given 1 None app_admin",
        "factor_on 1 1 totp",
        "invited 2 1",
        "role_given 2 1 housing_consultant",
        "password 2 2",
        "factor_on 2 2 totp",
        "password 2 2",
        "factor_off 2 1",
        "factor_on 2 2 totp",
    ]


def test_every_role_reaches_its_own_home(at_work: Production, phone: Callable[[], Page]) -> None:
    made = "\n".join(
        f"user = User.objects.create_user('{role}@example.nl', '{FIRST}', name='Iemand Anders')\n"
        f"RoleGrant.objects.create(user=user, role='{role}')"
        for role in ROLES
    )
    at_work.shell(f"from corporatie.staff.models import RoleGrant, User\n{made}")
    for role, home in ROLES.items():
        page = phone()
        sign_in(page, f"{role}@example.nl", FIRST)
        if role == "manager":
            # Figures about no one: a password is enough.
            page.wait_for_url(f"**{home}")
        else:
            link_app(page)
            page.wait_for_url(f"**{home}")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), role
        page.context.close()
