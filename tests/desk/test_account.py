"""Where each role begins, one's own choices, and the mail on a developer's machine."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from corporatie.staff.models import Absence

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "where"),
    [
        ("anna", "today"),
        ("wim", "today"),
        ("rachid", "today"),
        ("petra", "project_list"),
        ("dirk", "team_overview"),
        ("olga", "admin:index"),
        ("hans", "admin:index"),
        ("mila", "figures"),
    ],
)
def test_each_role_begins_where_its_work_is(client, cast, who, where):
    client.force_login(getattr(cast, who))

    assert client.get("/").url == reverse(where)
    assert client.get("/", follow=True).status_code == 200


@pytest.mark.parametrize("url", ["/", "/voorkeuren/"])
def test_signing_in_comes_first(client, url):
    assert client.get(url).url == f"/account/login/?next={url}"


def test_the_start_is_only_for_looking(client, cast):
    client.force_login(cast.anna)

    assert client.post("/").status_code == 405
    assert client.put("/voorkeuren/").status_code == 405


def test_one_chooses_ones_own_mail(client, cast):
    client.force_login(cast.anna)

    answer = client.post("/voorkeuren/", {"mail_choice": "urgent"}, follow=True)

    assert "Bewaard wanneer u mail wilt." in answer.content.decode()
    cast.anna.refresh_from_db()
    cast.bram.refresh_from_db()
    assert (cast.anna.mail_choice, cast.bram.mail_choice) == ("urgent", "daily")
    assert client.post("/voorkeuren/", {"mail_choice": "ieder uur"}).status_code == 422
    cast.anna.refresh_from_db()
    assert cast.anna.mail_choice == "urgent"


def test_who_stands_in_is_shown_to_both_and_to_nobody_else(client, cast):
    today = timezone.localdate()
    Absence.objects.create(user=cast.anna, substitute=cast.bram, from_on=today, until_on=today + timedelta(days=3))
    Absence.objects.create(
        user=cast.wim, substitute=cast.bram, from_on=today - timedelta(days=9), until_on=today - timedelta(days=5)
    )
    pages = {}
    for who in ("anna", "bram", "dirk", "wim"):
        client.force_login(getattr(cast, who))
        pages[who] = client.get("/voorkeuren/").content.decode()

    assert "Bram Visser vervangt u." in pages["anna"]
    assert "U vervangt Anna Jansen: " in pages["bram"]
    assert "Wim Kuiper" not in pages["bram"]
    for who in ("dirk", "wim"):
        assert "Niemand vervangt u nu" in pages[who]


# --- Mail on a developer's machine -------------------------------------------------------------------
@pytest.fixture
def mails(settings, tmp_path):
    """Two mails as the app writes them, and a secret beside their folder."""
    folder = tmp_path / "mail"
    folder.mkdir()
    (tmp_path / "geheim.log").write_text("geheim")
    settings.EMAIL_FILE_PATH = str(folder)
    connection = mail.get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=str(folder))
    for name in ("Anna", "Bram"):
        mail.EmailMessage(
            f"Post voor {name}", "Open uw postvak: é", to=["x@voorbeeld.example"], connection=connection
        ).send()
    return folder


def test_the_mail_is_listed_and_shown(client, mails):
    html = client.get("/ontwikkelaar/post/").content.decode()
    assert "Post voor Anna" in html
    assert "Post voor Bram" in html

    name = next(mails.iterdir()).name
    assert "Open uw postvak: é" in client.get(f"/ontwikkelaar/post/{name}/").content.decode()


@pytest.mark.parametrize("name", ["..%2Fgeheim.log", "../geheim.log", "%2Fetc%2Fpasswd", "niets.log", "."])
def test_no_name_leads_out_of_the_folder(client, mails, name):
    answer = client.get(f"/ontwikkelaar/post/{name}/")

    assert b"geheim" not in answer.content
    assert answer.status_code == 404 or answer["Location"] == "/ontwikkelaar/post/"


def test_in_production_there_is_no_such_page(client, mails, settings):
    settings.MODE = "production"
    name = next(mails.iterdir()).name

    assert client.get("/ontwikkelaar/post/").status_code == 404
    assert client.get(f"/ontwikkelaar/post/{name}/").status_code == 404


def test_no_mail_yet(client, settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path / "leeg")

    assert "Er is nog geen mail verstuurd." in client.get("/ontwikkelaar/post/").content.decode()
    assert client.post("/ontwikkelaar/post/").status_code == 405
