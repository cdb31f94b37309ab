"""Vandaag: what must I do now, whom do I visit, who lives nearby."""

from datetime import date, time, timedelta

import pytest
import time_machine
from django.urls import reverse

from cases.states import FlagKind, Severity
from corporatie.staff.models import Absence
from corporatie.work.actions import add_follow_up
from tests.cast import dwelling, household


@pytest.fixture(autouse=True)
def _today(time_machine_at):
    """All of this happens on the cast's day."""


def page(client, user, **query):
    client.force_login(user)
    response = client.get(reverse("today"), query)
    assert response.status_code == 200
    return response


def promise(cast, what, due_on, **details):
    return add_follow_up(
        tenancy=cast.bos,
        subject=cast.bos,
        what=what,
        owner=cast.anna,
        due_on=due_on,
        by=cast.anna,
        at=cast.at,
        **details,
    )


def test_a_day_without_visits_says_so_and_points_the_way(client, cast):
    html = page(client, cast.anna).content.decode()
    assert "U heeft op deze dag geen bezoeken." in html
    assert reverse("search") in html


def test_a_card_says_where_who_and_why(client, cast):
    cast.visit(planned_time=time(10, 0), purpose="Terugkomen over de energierekening")
    promise(cast, "Schilder belt", date(2026, 11, 27), is_promise=True)
    card = page(client, cast.anna).context["cards"][0]
    assert (card.address, card.people) == ("Kerkstraat 47", "Mw. Bos, 1e verdieping")
    assert card.reason == "Terugkomen over de energierekening · 1 belofte"
    assert [outcome["label"] for outcome in card.outcomes] == ["Gesproken", "Niet thuis", "Anders"]


def test_only_the_visit_whose_turn_it_is_stands_out(client, cast):
    for hour in (10, 11, 13):
        cast.visit(planned_time=time(hour))
    cards = page(client, cast.anna).context["cards"]
    assert [card.is_now for card in cards] == [True, False, False]


def test_the_card_counts_closed_doors_since_the_last_talk(client, cast):
    from uuid import uuid4

    from visits.actions import Talk, end_visit, file_report

    for days, talked in ((30, False), (20, True), (9, False), (4, False)):
        at = cast.at - timedelta(days=days)
        visit = cast.visit(on=at.date())
        if talked:
            file_report(client_uuid=uuid4(), tenancy=cast.bos, visit=visit, talk=Talk(), by=cast.anna, at=at)
        else:
            end_visit(visit=visit, client_uuid=uuid4(), outcome="nobody_home", by=cast.anna, at=at)
    cast.visit()
    card = page(client, cast.anna).context["cards"][0]
    assert "poging 3" in card.reason
    assert not card.wants_other_way


def test_a_safety_agreement_stands_on_the_card_without_its_reason(client, cast):
    from cases.actions import decide_flag

    decide_flag(
        tenancy=cast.bos,
        kind=FlagKind.TWO_VISITORS,
        instruction="Ga met z'n tweeën",
        reason="GEHEIM-dreigde-met-mes",
        review_on=date(2027, 3, 1),
        told_on=cast.at.date(),
        by=cast.dirk,
        at=cast.at,
    )
    cast.visit(second_visitor=cast.bram)
    html = page(client, cast.anna).content.decode()
    assert "Met z’n tweeën" in html
    assert "GEHEIM" not in html


def test_now_shows_acute_signals_then_promises_then_the_rest(client, cast):
    promise(cast, "Formulier sturen", date(2026, 11, 23))
    promise(cast, "Schilder belt", date(2026, 11, 20), is_promise=True)
    cast.signal(severity=Severity.ACUTE)
    promise(cast, "Komt later", date(2026, 11, 25))
    titles = [row["title"] for row in page(client, cast.anna).context["urgent"]]
    assert titles == [
        "Acuut signaal: Kerkstraat 47",
        "Belofte te laat: Schilder belt",
        "Te laat: Formulier sturen",
    ]


@pytest.mark.parametrize(
    ("on", "due", "says"),
    [
        (date(2026, 11, 26), date(2026, 11, 28), ""),
        (date(2026, 11, 27), date(2026, 11, 28), "za 28 november"),
        (date(2026, 11, 27), date(2026, 11, 29), "zo 29 november"),
        (date(2026, 11, 27), date(2026, 11, 30), ""),
        (date(2026, 12, 24), date(2026, 12, 25), "vr 25 december"),
        (date(2026, 11, 28), date(2026, 11, 28), "vandaag"),
    ],
)
def test_what_is_due_on_a_day_off_stands_there_on_the_last_working_day_before(client, cast, on, due, says):
    promise(cast, "Formulier sturen", due)
    promise(cast, "Schilder belt", due, is_promise=True)
    signal = cast.signal()
    type(signal).objects.filter(pk=signal.pk).update(
        respond_by_on=due, handler=cast.anna, status="taken_up", taken_up_at=cast.at
    )
    with time_machine.travel(f"{on}T09:00:00Z", tick=False):
        titles = [row["title"] for row in page(client, cast.anna).context["urgent"]]

    shown = ["Midden signaal: Kerkstraat 47", f"Belofte voor {says}: Schilder belt", f"Voor {says}: Formulier sturen"]
    assert titles == (shown if says else [])


def test_who_stands_in_finds_the_day_of_the_absent_colleague(client, cast):
    cast.visit()
    assert page(client, cast.bram).context["cards"] == []
    Absence.objects.create(
        user=cast.anna, substitute=cast.bram, from_on=date(2026, 11, 23), until_on=date(2026, 11, 27)
    )
    assert len(page(client, cast.bram).context["cards"]) == 1


def test_another_day_can_be_opened(client, cast):
    cast.visit(on=date(2026, 11, 26))
    assert page(client, cast.anna).context["cards"] == []
    assert len(page(client, cast.anna, dag="2026-11-26").context["cards"]) == 1


def test_nearby_offers_who_the_project_still_has_to_ask(client, cast):
    neighbour = dwelling(cast.buurt_noord, "Kerkstraat", 49)
    household(neighbour, "Post", by=cast.anna, at=cast.at)
    cast.project(cast.kerkstraat, neighbour)
    cast.visit()
    assert [row["title"] for row in page(client, cast.anna).context["nearby"]] == ["Kerkstraat 49"]


def test_carla_sees_nothing_of_noord(client, cast):
    cast.visit()
    cast.signal(severity=Severity.ACUTE)
    promise(cast, "Schilder belt", date(2026, 11, 20), is_promise=True)
    assert "Kerkstraat" in page(client, cast.anna).content.decode()
    html = page(client, cast.carla).content.decode()
    for secret in ("Kerkstraat", "Bos", "Schilder"):
        assert secret not in html


@pytest.mark.parametrize("name", ["petra", "mila", "olga", "hans", "dirk"])
def test_only_who_visits_has_a_day(client, cast, name):
    client.force_login(getattr(cast, name))
    assert client.get(reverse("today")).status_code == 403


def test_other_methods_are_refused(client, cast):
    client.force_login(cast.anna)
    assert client.post(reverse("today")).status_code == 405


def test_thirty_visits_ask_as_much_as_one(client, cast, django_assert_num_queries):
    cast.visit()
    cast.notice()
    promise(cast, "Schilder belt", date(2026, 11, 20), is_promise=True)
    page(client, cast.anna)
    with django_assert_num_queries(12):
        client.get(reverse("today"))
    for number in range(29):
        home = household(
            dwelling(cast.buurt_noord, "Lindelaan", number + 1), f"Huurder{number}", by=cast.anna, at=cast.at
        )
        cast.visit(home)
        cast.signal(home, severity=Severity.ACUTE)
    with django_assert_num_queries(12):
        assert len(client.get(reverse("today")).context["cards"]) == 30
