"""Search: an address in any notation goes straight on; what was asked is never kept."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from corporatie.desk.views.search import _tenancies, words_of
from corporatie.privacy.models import Access
from corporatie.privacy.states import Look
from tenants import actions as tenants
from tenants.models import Dwelling, Person, Tenancy
from tests.cast import dwelling, household
from visits.actions import end_visit
from visits.states import Outcome

pytestmark = pytest.mark.django_db
URL = "/zoeken/"


@pytest.fixture
def anna(client, cast):
    client.force_login(cast.anna)
    return client


@pytest.mark.parametrize("typed", ["1234ab47", "1234 AB 47", "1234 ab, 47", "1234AB-47", " 1234  AB  47 "])
def test_an_exact_address_goes_straight_to_its_household(anna, cast, typed):
    response = anna.get(URL, {"q": typed})

    assert (response.status_code, response.url) == (302, cast.bos.get_absolute_url())


def test_an_address_with_additions_gives_the_right_door_or_all_of_them(anna, cast):
    second = household(
        dwelling(cast.buurt_noord, "Kerkstraat", 47, letter="A", addition="2"), "Vos", by=cast.anna, at=cast.at
    )

    assert anna.get(URL, {"q": "1234 AB 47 a 2"}).url == second.get_absolute_url()
    html = anna.get(URL, {"q": "1234 AB 47"}).content.decode()
    assert "Kerkstraat 47 A-2" in html
    assert "Mw. Bos" in html


def test_an_empty_home_opens_its_address(anna, cast):
    home = dwelling(cast.buurt_noord, "Kerkstraat", 49)

    assert anna.get(URL, {"q": "1234ab49"}).url == home.get_absolute_url()
    assert "Kerkstraat 49" in anna.get(URL, {"q": "kerkstraat 49"}).content.decode()


@pytest.mark.parametrize("typed", ["bos", "BÓS", "kerkstraat 47", "bos kerk", "06 1234-5678", "+31 6 12345678"])
def test_a_name_a_street_or_a_phone_number_gives_a_list(anna, cast, typed):
    person = cast.bos.memberships.get().person
    person.mobile = "+31612345678"
    person.save()
    tenants.refresh_household(tenancy=cast.bos)

    html = anna.get(URL, {"q": typed}).content.decode()

    assert cast.bos.get_absolute_url() in html
    assert "Mw. Bos" in html


def test_words_are_folded_and_a_phone_number_is_one_word():
    assert words_of("Özdemir, Kerkstraat") == ["ozdemir", "kerkstraat"]
    assert words_of("+31 6 1234 5678") == words_of("0031612345678") == words_of("06-12345678") == ["0612345678"]


@pytest.mark.parametrize("typed", ["kaya", "molenweg 9", "4321 ZX 9", "4321zx"])
def test_another_team_is_not_found(anna, cast, typed):
    html = anna.get(URL, {"q": typed}).content.decode()

    assert "Niets gevonden" in html
    assert str(cast.kaya.pk) not in html


def test_who_moved_out_is_found_by_name_and_not_by_address(anna, cast):
    tenants.end_tenancy(tenancy=cast.bos, ended_on=cast.at.date() - timedelta(days=1), by=cast.anna, at=cast.at)
    new = household(cast.kerkstraat, "Yilmaz", since=cast.at.date(), by=cast.anna, at=cast.at)

    by_name = anna.get(URL, {"q": "bos"}).content.decode()
    by_address = anna.get(URL, {"q": "kerkstraat 47"}).content.decode()

    assert "Vertrokken" in by_name
    assert cast.bos.get_absolute_url() in by_name
    assert new.get_absolute_url() in by_address
    assert "Bos" not in by_address


def test_the_ones_who_live_there_now_come_first(anna, cast):
    other = household(dwelling(cast.buurt_noord, "Zwaanstraat", 3), "Bos", by=cast.anna, at=cast.at)
    tenants.end_tenancy(tenancy=cast.bos, ended_on=cast.at.date() - timedelta(days=1), by=cast.anna, at=cast.at)

    html = anna.get(URL, {"q": "bos"}).content.decode()

    assert html.index(other.get_absolute_url()) < html.index(cast.bos.get_absolute_url())


def test_a_project_is_found_by_its_name_by_who_may_see_it(client, cast):
    cast.project(name="Molenbuurt fase 2", slug="molenbuurt")
    for colleague, found in ((cast.anna, True), (cast.petra, True), (cast.carla, False), (cast.wim, False)):
        client.force_login(colleague)
        assert ("/projecten/molenbuurt/" in client.get(URL, {"q": "molenbuurt"}).content.decode()) is found


def test_what_was_found_is_kept_and_what_was_asked_is_not(anna, cast):
    anna.get(URL, {"q": "bos kerkstraat"})
    anna.get(URL, {"q": "nietbestaand"})
    anna.get(URL, {"q": "1234ab47"})

    lines = Access.objects.filter(by=cast.anna, look=Look.SEARCH).order_by("id")

    assert [line.shown for line in lines] == [[str(cast.bos.pk)], [], [str(cast.bos.pk)]]
    assert not [line for line in lines.values() if "bos kerk" in str(line) or "nietbestaand" in str(line)]


def test_an_empty_question_asks_nothing_and_keeps_nothing(anna):
    html = anna.get(URL).content.decode()

    assert "Niets gevonden" not in html
    assert not Access.objects.exists()
    assert anna.get(URL, {"q": "b"}).status_code == 200
    assert anna.get(URL, {"q": "\x00%_'\"<b>" * 40}).status_code == 200


def test_searching_for_a_question_goes_on_with_it(anna, cast):
    html = anna.get(URL, {"q": "bos", "voor": "visit_plan"}).content.decode()
    assert f"{reverse('visit_plan')}?huishouden={cast.bos.pk}" in html

    straight = anna.get(URL, {"q": "1234ab47", "voor": "visit_plan"})
    assert straight.url == f"{reverse('visit_plan')}?huishouden={cast.bos.pk}"
    assert anna.get(URL, {"q": "1234ab47", "voor": "account_logout"}).url == cast.bos.get_absolute_url()


def test_more_than_fits_asks_to_search_more_precisely(anna, cast):
    for number in range(1, 31):
        household(dwelling(cast.buurt_noord, "Dorpsplein", number), "Bos", by=cast.anna, at=cast.at)

    html = anna.get(URL, {"q": "dorpsplein"}).content.decode()

    assert html.count("/huishoudens/") == 25
    assert "Zoek preciezer" in html


@pytest.mark.parametrize("rows", [1, 30])
def test_the_same_number_of_queries(anna, cast, rows, django_assert_num_queries):
    for number in range(1, rows + 1):
        household(dwelling(cast.buurt_noord, "Dorpsplein", number), "Bos", by=cast.anna, at=cast.at)
    cast.notice()
    anna.get(URL, {"q": "dorpsplein"})

    with django_assert_num_queries(8):
        anna.get(URL, {"q": "dorpsplein"})


def test_before_anything_is_asked_it_offers_where_one_is_today(anna, client, cast):
    """At the door one taps the household instead of typing its address, also for what one wants to write down."""
    here, gone = cast.visit(), dwelling(cast.buurt_noord, "Dorpsplein", 3)
    away = cast.visit(household(gone, "Vos", by=cast.anna, at=cast.at))
    end_visit(visit=away, client_uuid=uuid4(), outcome=Outcome.CANCELLED, by=cast.anna, at=cast.at)
    cast.visit(household(dwelling(cast.buurt_noord, "Dorpsplein", 5), "Das", by=cast.anna, at=cast.at), by=cast.bram)
    cast.visit(on=cast.at.date() + timedelta(days=1))
    with time_machine.travel(cast.at, tick=False):
        html = anna.get(URL).content.decode()
        wanted = anna.get(URL, {"voor": "signal_create"}).content.decode()
    assert "Uw bezoeken van vandaag" in html
    assert html.count('class="kt-rowlink"') == 1
    assert here.tenancy.get_absolute_url() in html
    assert f"{reverse('signal_create')}?huishouden={cast.bos.pk}" in wanted
    assert list(Access.objects.values_list("look", "shown")) == [(Look.LIST, [str(cast.bos.pk)])] * 2


def test_only_looking_and_only_signed_in(client, cast):
    assert client.get(URL).status_code == 302
    client.force_login(cast.anna)
    assert client.post(URL).status_code == 405


@pytest.mark.parametrize("who", ["mila", "olga", "hans"])
def test_a_role_without_households_finds_none(client, cast, who):
    client.force_login(getattr(cast, who))

    assert "Niets gevonden" in client.get(URL, {"q": "bos"}).content.decode()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL: SQLite has no trigram index")
def test_a_name_uses_the_index(cast):
    homes = [
        Dwelling(
            neighbourhood=cast.buurt_noord,
            street="Dorpsplein",
            number=number,
            postcode="1234 AC",
            town="Lindedam",
            address=f"Dorpsplein {number}",
            search_text=f"dorpsplein {number} 1234ac lindedam",
        )
        for number in range(1, 8001)
    ]
    Dwelling.objects.bulk_create(homes)
    Tenancy.objects.bulk_create(
        Tenancy(dwelling=home, started_on=cast.at.date(), search_text=f"{home.search_text} naam{home.number}")
        for home in homes
    )
    assert Person.objects.count() == 2
    with connection.cursor() as cursor:
        # What autovacuum does in its own time.
        cursor.execute("SELECT gin_clean_pending_list('tenants_tenancy_search')")
        cursor.execute("ANALYZE")

    plan = _tenancies(cast.anna, "naam7999", None)[:26].explain()

    assert "tenants_tenancy_search" in plan
    assert "Seq Scan on tenants_tenancy" not in plan
