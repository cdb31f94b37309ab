"""The link in a mail: where it leads, who gets one, and who must not come to know its key. And ``next``."""

import io
import logging
import re
import time
from threading import Event
from urllib.parse import quote, urlsplit

import pytest
import structlog
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client
from django.urls import get_resolver, reverse

from corporatie.staff import actions
from corporatie.staff.rules import own_page
from corporatie.work.models import FollowUp
from tests.cast import PASSWORD

RESET = "/account/password/reset/"
NEW = "vier losse woorden hier"


@pytest.fixture
def link(client, cast, mailed):
    """The path of the link that Anna got."""
    client.post(RESET, {"email": cast.anna.email})
    [found] = re.findall(r"http\S+/reset/key/\S+", mailed().body)
    return urlsplit(found).path


# --- Nobody gets stuck -----------------------------------------------------------------------------------
def test_who_chose_a_password_by_the_link_sets_up_the_second_step(client, cast, link, settings):
    """And no row of the library's own list of addresses stands in the way, however it came there."""
    settings.SECOND_FACTOR_REQUIRED = True
    assert not EmailAddress.objects.exists()
    for address in (cast.anna.email, "oud@voorbeeld.example"):
        EmailAddress.objects.create(user=cast.anna, email=address, verified=False)
    form = client.get(link, follow=True).redirect_chain[-1][0]
    assert client.post(form, {"password1": NEW, "password2": NEW}).status_code == 302
    client.post(reverse("account_login"), {"login": cast.anna.email, "password": NEW})
    assert client.get("/vandaag/").url == reverse("mfa_activate_totp")
    page = client.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200
    code = totp.format_hotp_value(
        totp.hotp_value(page.context["form"].secret, next(iter(totp.yield_hotp_counters_from_time())))
    )
    assert client.post(reverse("mfa_activate_totp"), {"code": code}).url == reverse("mfa_view_recovery_codes")
    assert client.get("/vandaag/").status_code == 200


def test_no_road_leaves_a_row_in_the_second_list(client, cast, at, link, mailed):
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": NEW, "password2": NEW})
    client.post(reverse("account_login"), {"login": "ANNA@voorbeeld.example", "password": NEW})
    client.post(reverse("account_logout"))
    actions.change_address(colleague=cast.anna, email="Nieuw@voorbeeld.example", by=cast.hans, at=at)
    client.post(RESET, {"email": "NIEUW@voorbeeld.example"})
    assert mailed(2).to == ["nieuw@voorbeeld.example"]
    assert not EmailAddress.objects.exists()


def test_the_old_address_gets_no_link_and_opens_nothing(client, cast, at, link):
    actions.change_address(colleague=cast.anna, email="nieuw@voorbeeld.example", by=cast.hans, at=at)
    assert "Deze link werkt niet meer" in client.get(link, follow=True).content.decode()
    client.post(RESET, {"email": "anna@voorbeeld.example"})
    time.sleep(0.1)
    assert len(mail.outbox) == 1


def test_a_link_works_once_and_dies_with_the_access(client, cast, at, link):
    form = client.get(link, follow=True).redirect_chain[-1][0]
    actions.say_goodbye(colleague=cast.anna, by=cast.hans, at=at)
    assert "werkt niet meer" in client.post(form, {"password1": NEW, "password2": NEW}).content.decode()
    assert not cast.anna.check_password(NEW)


# --- Who gets one, and what that tells ------------------------------------------------------------------
def test_an_unknown_address_gets_no_mail_and_the_same_answer(client, cast):
    known = client.post(RESET, {"email": cast.anna.email})
    unknown = client.post(RESET, {"email": "niemand@voorbeeld.example"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    for _look in range(50):
        time.sleep(0.01)
    assert [message.to for message in mail.outbox] == [[cast.anna.email]]


class SlowRoom:
    """A post room that is busy until it is told to go on, and then turns out to be shut."""

    goes_on = Event()
    came = Event()

    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, _messages):
        self.came.set()
        self.goes_on.wait(60)
        raise ConnectionRefusedError


def test_a_slow_or_shut_post_room_does_not_tell_who_is_known(client, cast, settings):
    """The answer is there while the mail still waits; that it does not go out changes nothing about it."""
    settings.EMAIL_BACKEND = f"{__name__}.SlowRoom"
    SlowRoom.goes_on.clear()
    try:
        for address in (cast.anna.email, "niemand@voorbeeld.example"):
            assert client.post(RESET, {"email": address}).status_code == 302
        assert SlowRoom.came.wait(30)
        assert not SlowRoom.goes_on.is_set()
    finally:
        SlowRoom.goes_on.set()


def test_who_left_gets_no_link(client, cast, at):
    actions.say_goodbye(colleague=cast.anna, by=cast.hans, at=at)
    client.post(RESET, {"email": cast.anna.email})
    time.sleep(0.1)
    assert mail.outbox == []


def test_the_link_leads_to_our_own_address_whatever_the_server_was_called(client, cast, settings, mailed):
    settings.ALLOWED_HOSTS = ["*"]
    settings.BASE_URL = "https://keukentafel.voorbeeld"
    client.post(RESET, {"email": cast.anna.email}, headers={"host": "elders.example"})
    body = mailed().body
    assert "https://keukentafel.voorbeeld/account/password/reset/key/" in body
    assert "elders" not in body


# --- Its key ---------------------------------------------------------------------------------------------
def test_the_key_stands_in_no_line_of_the_log(client, cast, link, settings):
    """Through the handlers as they are set up: the lines of each request, and those about what went wrong."""
    key = link.rstrip("/").rsplit("/", 1)[1]
    secret = key.split("-", 1)[1]
    stream = io.StringIO()
    handler = logging.getLogger().handlers[0] if logging.getLogger().handlers else None
    ours = next(
        each for each in logging.getLogger().handlers if isinstance(each.formatter, structlog.stdlib.ProcessorFormatter)
    )
    shown = logging.StreamHandler(stream)
    shown.setFormatter(ours.formatter)
    root = logging.getLogger()
    level = root.level
    root.addHandler(shown)
    root.setLevel(logging.INFO)
    try:
        client.get(link)
        logging.getLogger("django.request").warning("Not Found: %s", link)
        client.put(link)
        for _time in range(25):
            client.get(link)
    finally:
        root.removeHandler(shown)
        root.setLevel(level)
    assert handler is not None
    told = stream.getvalue()
    assert "/account/password/reset/key/…" in told
    assert "Not Found" in told
    assert secret not in told


def test_the_page_of_the_link_tells_nobody_where_one_came_from(client, cast, link):
    taken = client.get(link)
    assert (taken.status_code, taken["Referrer-Policy"], taken["Cache-Control"]) == (302, "no-referrer", "no-store")
    assert link.rstrip("/").rsplit("/", 1)[1].split("-", 1)[1] not in taken.url
    form = client.get(taken.url)
    # A form without any origin would be refused as one of somebody else; the address of this one holds no key.
    assert (form.status_code, form["Referrer-Policy"], form["Cache-Control"]) == (200, "strict-origin", "no-store")
    worn_out = client.get("/account/password/reset/key/1-abc-def/")
    assert (worn_out.status_code, worn_out["Referrer-Policy"]) == (200, "no-referrer")
    assert client.post("/account/password/reset/key/1-abc-def/")["Referrer-Policy"] == "no-referrer"


# --- next ------------------------------------------------------------------------------------------------
HOSTILE = [
    "http://[::1",
    "//[::1",
    "http://[",
    "https://elders.example/",
    "//elders.example",
    "///elders.example",
    "\\\\elders.example",
    "javascript:alert(1)",
    "http:///elders.example",
    "/\\elders.example",
    "\x00/vandaag/",
    "/\r\nSet-Cookie: a=b",
    "https://testserver:[",
    "ftp://testserver/",
    "vandaag/",
    "/" + "a" * 5000,
    "http://[fe80::1%25eth0]/",
    "http://\ud800/".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
]


@pytest.mark.parametrize("wanted", HOSTILE)
def test_another_host_or_no_address_at_all_leads_nowhere(wanted):
    assert own_page(wanted) in ("", wanted)
    assert not own_page(wanted) or re.match(r"/(?![/\\])", own_page(wanted))


def test_a_page_of_ours_is_one():
    for wanted in ("/vandaag/", "/zoeken/?q=a%20b", "/a#b"):
        assert own_page(wanted) == wanted
    assert own_page(None) == own_page("") == ""


def pages_that_may_read_it():
    """Every address of the house without anything in it."""

    def walk(resolver, names):
        for pattern in resolver.url_patterns:
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern, [*names, pattern.namespace] if pattern.namespace else names)
            elif pattern.name and not pattern.pattern.regex.groups:
                yield ":".join([*names, pattern.name])

    return sorted(set(walk(get_resolver(), [])))


@pytest.mark.parametrize("wanted", HOSTILE[:2] + HOSTILE[4:5] + HOSTILE[9:12])
def test_no_page_breaks_on_it_or_leads_away(cast, wanted):
    follow_up = FollowUp.objects.first() or _promise(cast)
    urls = [reverse(name) for name in pages_that_may_read_it()]
    urls += [reverse(name, args=[follow_up.pk]) for name in ("follow_up_finish", "follow_up_move", "follow_up_drop")]
    cast.anna.set_password(PASSWORD)
    cast.anna.save()
    for user in (None, cast.anna, cast.hans):
        for url in urls:
            client = Client()
            if user:
                client.force_login(user)
            for answer in (
                client.get(f"{url}?next={quote(wanted)}"),
                client.post(url, {"next": wanted, "login": cast.anna.email, "password": PASSWORD}),
            ):
                assert answer.status_code != 500, (url, wanted)
                where = urlsplit(answer.get("Location", ""))
                assert (where.scheme, where.netloc) in {("", ""), ("http", "testserver")}, (url, wanted)


def _promise(cast):
    return cast.case().next_step
