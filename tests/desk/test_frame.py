"""The frame around each page: what is in the menu follows from the role, and nothing is asked before it is used."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone, translation

from corporatie.desk.context import Frame, frame
from corporatie.staff.models import User
from corporatie.work.models import Notice, waiting_for
from corporatie.work.states import Urgency


def frame_of(user, path="/vandaag/") -> Frame:
    request = RequestFactory().get(path)
    request.user = user
    return Frame(request)


def words(links) -> list[str]:
    with translation.override("nl"):
        return [str(link.label) for link in links]


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
    assert words(frame_of(cast.dirk).bar) == ["Signalen", "Dossiers", "Postvak", "Team", "Zoeken"]
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


def test_the_badge_is_one_query_however_often_it_is_drawn(cast, django_assert_num_queries):
    cast.notice(number=3)
    drawn = frame_of(cast.anna)
    assert drawn.menu  # what waits came along with the roles
    with django_assert_num_queries(1):
        assert [drawn.unread, drawn.unread] == ["3", "3"]


def unread_of(user) -> str:
    """The badge on the next page."""
    return frame_of(User.objects.get(pk=user.pk)).unread


def test_the_badge_stops_counting(cast):
    cast.notice(number=99)
    assert unread_of(cast.anna) == "99"
    cast.notice(number=2)
    assert unread_of(cast.anna) == "99+"


def test_the_badge_is_empty_when_nothing_is_urgent_or_mine(cast):
    cast.notice(number=2, urgency=Urgency.INFO)
    assert unread_of(cast.anna) == ""
    cast.notice(number=2)
    assert unread_of(cast.anna) == "2"
    assert unread_of(cast.bram) == ""


def test_the_badge_counts_what_the_inbox_shows(cast):
    """Not what was read or put off, and nothing about what one may not know (any more)."""
    cast.notice(cast.anna, cast.carla, number=4)
    today = timezone.localdate()
    read, later, again, _left = Notice.objects.filter(recipient=cast.anna).order_by("id")
    Notice.objects.filter(pk=read.pk).update(read_at=cast.at)
    Notice.objects.filter(pk=later.pk).update(later_until=today + timedelta(days=1))
    Notice.objects.filter(pk=again.pk).update(later_until=today)
    assert unread_of(cast.anna) == str(len(waiting_for(cast.anna, most=100))) == "2"
    assert unread_of(cast.carla) == ""
