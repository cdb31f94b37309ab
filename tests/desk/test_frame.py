"""The frame around each page: what is in the menu follows from the role, and nothing is asked before it is used."""

from uuid import uuid4

import pytest
from django.test import RequestFactory
from django.utils import translation

from corporatie.desk.context import Frame, frame
from corporatie.work.models import Notice
from corporatie.work.states import Urgency


def frame_of(user, path="/vandaag/") -> Frame:
    request = RequestFactory().get(path)
    request.user = user
    return Frame(request)


def words(links) -> list[str]:
    with translation.override("nl"):
        return [str(link.label) for link in links]


@pytest.fixture
def notices(cast):
    """Make notices for Anna about the Bos household."""

    def make(count: int, urgency: str = Urgency.NOW) -> None:
        Notice.objects.bulk_create(
            Notice(
                recipient=cast.anna,
                rule="sample",
                about_id=uuid4(),
                on=cast.at.date(),
                urgency=urgency,
                made_at=cast.at,
                subject_label=cast.bos.label(),
                subject_id=cast.bos.pk,
            )
            for _ in range(count)
        )

    return make


@pytest.mark.parametrize(
    ("who", "menu"),
    [
        ("anna", ["Vandaag", "Signalen", "Dossiers", "Projecten", "Postvak"]),
        ("wim", ["Vandaag", "Dossiers", "Postvak"]),
        ("rachid", ["Vandaag", "Dossiers", "Projecten", "Postvak"]),
        ("petra", ["Projecten", "Postvak"]),
        ("dirk", ["Signalen", "Dossiers", "Projecten", "Postvak", "Team"]),
        ("mila", ["Cijfers", "Postvak"]),
        ("olga", ["Postvak", "Beheer"]),
        ("hans", ["Postvak", "Beheer"]),
    ],
)
def test_the_menu_follows_from_the_role(cast, who, menu):
    assert words(frame_of(getattr(cast, who)).menu) == menu


def test_a_phone_has_room_for_five_and_keeps_the_inbox(cast):
    assert words(frame_of(cast.anna).bar) == ["Vandaag", "Signalen", "Dossiers", "Postvak", "Zoeken"]
    assert words(frame_of(cast.dirk).bar) == ["Signalen", "Dossiers", "Projecten", "Postvak", "Zoeken"]
    assert words(frame_of(cast.mila).bar) == ["Cijfers", "Postvak", "Zoeken"]


def test_new_holds_what_one_may_add(cast):
    everything = ["Gesprek vastleggen", "Signaal melden", "Bezoek plannen", "Actie toevoegen"]
    assert words(frame_of(cast.anna).new) == everything
    assert words(frame_of(cast.petra).new) == ["Signaal melden"]
    assert words(frame_of(cast.mila).new) == []


def test_one_page_is_where_we_are(cast):
    menu = frame_of(cast.anna, "/signalen/nieuw/").menu
    assert [str(link.url) for link in menu if link.is_current] == ["/signalen/"]


def test_a_frame_nobody_draws_asks_nothing(cast, django_assert_num_queries):
    request = RequestFactory().get("/")
    request.user = cast.anna
    with django_assert_num_queries(0):
        assert set(frame(request)) == {"frame", "demo"}


def test_the_badge_is_two_queries_however_often_it_is_drawn(cast, notices, django_assert_num_queries):
    notices(3)
    drawn = frame_of(cast.anna)
    assert drawn.menu  # the roles are known from here on
    with django_assert_num_queries(2):
        assert [drawn.unread, drawn.unread] == ["3", "3"]


def test_the_badge_stops_counting(cast, notices):
    notices(99)
    assert frame_of(cast.anna).unread == "99"
    notices(2)
    assert frame_of(cast.anna).unread == "99+"


def test_the_badge_is_empty_when_nothing_is_urgent_or_mine(cast, notices):
    notices(2, Urgency.INFO)
    assert frame_of(cast.anna).unread == ""
    notices(2)
    assert frame_of(cast.anna).unread == "2"
    assert frame_of(cast.bram).unread == ""
