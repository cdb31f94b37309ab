"""When something goes wrong the page is ours, in Dutch, with a way forward; without telling what is behind it."""

import errno
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
)
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import translation

from corporatie.subjects.encryption import UnreadableTextError
from tests.house.test_health import read_only
from tests.smoke.running import Forms
from visits.models import ContactMoment

# One of each kind that stands in an address.
VALUES = {
    "UUIDConverter": uuid4(),
    "IntConverter": 1,
    "StringConverter": "x",
    "SlugConverter": "x",
    "PathConverter": "x",
}


def _all_patterns(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            if pattern.namespace is None:
                yield from _all_patterns(pattern.url_patterns)
        else:
            yield pattern


FORM = "application/x-www-form-urlencoded"


def test_a_page_that_is_not_there_keeps_the_menu_for_a_colleague(client, cast):
    client.force_login(cast.mila)
    response = client.get("/nergens/")
    page = response.content.decode()
    assert response.status_code == 404
    assert "Deze pagina is er niet" in page
    assert "Hoofdmenu" in page
    assert f'href="{reverse("home")}"' in page


def test_a_page_that_is_not_there_shows_a_stranger_no_menu(client, db):
    response = client.get("/nergens/")
    page = response.content.decode()
    assert response.status_code == 404
    assert "Deze pagina is er niet" in page
    assert "Hoofdmenu" not in page
    assert reverse("search") not in page


def test_what_only_a_button_sends_opens_as_a_page_of_the_house(client, cast):
    """Every address that takes no GET: with words, and the way home."""
    client.force_login(cast.anna)
    found = []
    for pattern in _all_patterns(get_resolver().url_patterns):
        if pattern.name and pattern.name not in {"account_logout"}:
            values = {name: VALUES[type(how).__name__] for name, how in pattern.pattern.converters.items()}
            try:
                answer = client.get(reverse(pattern.name, kwargs=values))
            except NoReverseMatch:
                continue
            if answer.status_code == 405:
                found.append(pattern.name)
                page = answer.content.decode()
                assert "Hier is geen pagina" in page, pattern.name
                assert f'href="{reverse("home")}"' in page
                assert answer["Allow"] == "POST"
    assert {"duty_drop", "absence_drop"} <= set(found)
    assert len(found) >= 8


def test_a_stranger_at_such_an_address_sees_no_menu(client, cast):
    client.force_login(cast.hans)
    answer = client.get(reverse("admin:work_outgoingmail_retryall"))
    assert answer.status_code == 405
    assert "Hier is geen pagina" in answer.content.decode()


def test_the_number_for_the_help_desk_is_the_one_in_the_log(client, db, caplog):
    page = client.get("/nergens/").content.decode()
    logged = [record.msg["request_id"] for record in caplog.records if isinstance(record.msg, dict)]
    assert len(logged) == 1
    assert f"Noem nummer {logged[0][:8]} bij de helpdesk." in page


def test_our_own_fault_needs_no_database_and_no_request(django_assert_num_queries, db):
    with translation.override("nl"), django_assert_num_queries(0):
        page = render_to_string("500.html")
    assert "Dit lukte niet" in page
    assert "css/tokens.css" in page
    assert "helpdesk" in page


def test_an_address_we_do_not_understand_needs_no_request(django_assert_num_queries, db):
    with translation.override("nl"), django_assert_num_queries(0):
        page = render_to_string("400.html")
    assert "Wij begrijpen dit adres niet" in page


def test_a_page_open_too_long_says_what_to_do(db):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("account_login"), {"login": "a@b.nl", "password": "x"})
    assert response.status_code == 403
    assert "Verstuur dit nog een keer" in response.content.decode()


# --- A machine that fails: one sentence, and what was typed is still there ---------------------------------------
TYPED = 'Mevrouw wil "liefst" na <tien> uur & \'savonds'


class DriverError(Exception):
    """What a driver says, with its code."""

    def __init__(self, *, pgcode=None, sqlite_errorname=None):
        self.pgcode, self.sqlite_errorname = pgcode, sqlite_errorname


def fault(kind, **codes):
    """An error of the database as Django hands it on."""
    made = kind("SECRET at host db.example")
    made.__cause__ = DriverError(**codes)
    return made


FAULTS = [
    ("read-only PostgreSQL", lambda: fault(InternalError, pgcode="25006"), 503),
    ("read-only SQLite", lambda: fault(OperationalError, sqlite_errorname="SQLITE_READONLY"), 503),
    ("full PostgreSQL", lambda: fault(OperationalError, pgcode="53100"), 507),
    ("full SQLite", lambda: fault(OperationalError, sqlite_errorname="SQLITE_FULL"), 507),
    ("full disk elsewhere", lambda: OSError(errno.ENOSPC, "No space left on device"), 507),
    ("read-only disk elsewhere", lambda: OSError(errno.EROFS, "Read-only file system"), 503),
    ("corrupt", lambda: fault(DatabaseError, sqlite_errorname="SQLITE_CORRUPT"), 503),
    ("no database", lambda: fault(DatabaseError, sqlite_errorname="SQLITE_NOTADB"), 503),
    ("away", lambda: fault(OperationalError), 503),
    ("gone meanwhile", lambda: fault(InterfaceError), 503),
    ("too slow", lambda: fault(OperationalError, pgcode="57014"), 503),
    ("a text no key opens", UnreadableTextError, 500),
    ("our own fault", lambda: RuntimeError("SECRET"), 500),
    ("our own fault in the database", lambda: fault(IntegrityError, pgcode="23505"), 500),
    ("our own fault in the question", lambda: fault(ProgrammingError, pgcode="42601"), 500),
]


@pytest.fixture
def quiet(client):
    """A client that gets the page, as a browser does."""
    client.raise_request_exception = False
    return client


def contact(client, cast, **more):
    url = f"{reverse('contact_create')}?huishouden={cast.bos.pk}"
    data = {"client_uuid": uuid4(), "channel": "phone", "direction": "out", "line": TYPED, "happened_on": "2026-11-24"}
    return client.post(url, urlencode({**data, **more}), content_type=FORM)


@pytest.mark.parametrize(("what", "make", "status"), FAULTS, ids=[row[0] for row in FAULTS])
def test_each_fault_has_its_page(quiet, cast, monkeypatch, time_machine_at, what, make, status):
    def fails(**kwargs):
        raise make()

    quiet.force_login(cast.anna)
    monkeypatch.setattr("visits.actions.log_contact", fails)
    answer = contact(quiet, cast)
    page = answer.content.decode()
    assert answer.status_code == status
    assert "SECRET" not in page
    assert "Traceback" not in page
    assert "db.example" not in page
    if status == 500:
        assert "Dit lukte niet" in page
        return
    assert "<h1>Niet opgeslagen</h1>" in page
    assert ("geen ruimte meer" in page) == (status == 507)
    assert "no-store" in answer["Cache-Control"]
    # The very thing that was typed goes along once more.
    monkeypatch.undo()
    fields = dict(Forms(page).forms[0][1])
    assert fields["line"] == TYPED
    again = quiet.post(Forms(page).forms[0][0], urlencode(fields), content_type=FORM)
    assert again.status_code == 302
    assert ContactMoment.objects.get().line == TYPED


@pytest.mark.parametrize("place", ["session", "user", "read log", "template"])
def test_wherever_it_fails(quiet, cast, monkeypatch, place):
    def fails(*args, **kwargs):
        raise fault(OperationalError)

    quiet.force_login(cast.anna)
    target = {
        "session": "django.contrib.sessions.backends.db.SessionStore.load",
        "user": "django.contrib.auth.backends.ModelBackend.get_user",
        "read log": "corporatie.privacy.actions._write",
        "template": "corporatie.staff.models.User.reach",
    }[place]
    monkeypatch.setattr(target, fails)
    answer = quiet.get(cast.bos.get_absolute_url())
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "Keukentafel kan nu niet bij de gegevens" in page
    assert "Niet opgeslagen" not in page
    assert "Bos" not in page


def test_the_page_asks_the_database_nothing(django_assert_num_queries, db):
    for context in ({}, {"sent": True, "is_full": True, "again": [("line", "x")], "action": "/"}):
        with django_assert_num_queries(0):
            assert "css/tokens.css" in render_to_string("503.html", context)
    with django_assert_num_queries(0):
        assert "te veel" in render_to_string("413.html")


def test_a_password_is_never_given_back(quiet, cast, monkeypatch):
    def fails(*args, **kwargs):
        raise fault(OperationalError)

    quiet.get(reverse("account_login"))
    monkeypatch.setattr("django.contrib.auth.authenticate", fails)
    monkeypatch.setattr("allauth.account.auth_backends.AuthenticationBackend.authenticate", fails)
    answer = quiet.post(
        reverse("account_login"), urlencode({"login": "anna@voorbeeld.example", "password": "geheimpje"}), FORM
    )
    assert answer.status_code == 503
    assert "Dit lukt nu niet" in answer.content.decode()
    assert "Niet opgeslagen" not in answer.content.decode()
    assert "geheimpje" not in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_only_reads_stores_nothing_and_says_so(quiet, cast, time_machine_at):
    quiet.force_login(cast.anna)
    with read_only():
        answer = contact(quiet, cast)
    assert answer.status_code == 503
    assert "Niet opgeslagen" in answer.content.decode()
    assert ContactMoment.objects.count() == 0
    assert contact(quiet, cast).status_code == 302


@pytest.mark.parametrize(
    "body",
    [
        urlencode({"line": "x" * 2_000_001}),
        urlencode([("a", "1")] * 501),
    ],
    ids=["too long", "too many"],
)
def test_too_much_at_once_has_its_own_page(quiet, cast, body):
    quiet.force_login(cast.anna)
    answer = quiet.post(f"{reverse('contact_create')}?huishouden={cast.bos.pk}", body, content_type=FORM)
    page = answer.content.decode()
    assert answer.status_code == 413
    assert "Dit is te veel in één keer" in page
    assert "niets opgeslagen" in page


def test_a_whole_talk_is_given_back(quiet, cast, monkeypatch, time_machine_at):
    def fails(**kwargs):
        raise fault(OperationalError)

    visit = cast.visit(cast.bos)
    cast.project()
    quiet.force_login(cast.anna)
    url = reverse("visit_report_file", args=[visit.pk])
    form = next(fields for _action, fields in Forms(quiet.get(url).content.decode()).forms if "note" in dict(fields))
    fields = [*((name, value) for name, value in form if name != "note"), ("note", TYPED)]
    assert "own_code" in dict(fields)
    monkeypatch.setattr("corporatie.desk.actions.log_talk", fails)
    answer = quiet.post(url, urlencode(fields), content_type=FORM)
    assert answer.status_code == 503
    assert sorted(Forms(answer.content.decode()).forms[0][1]) == sorted(fields)
