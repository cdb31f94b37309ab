"""When something goes wrong the page is ours, in Dutch, with a way forward; without telling what is behind it."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation


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
