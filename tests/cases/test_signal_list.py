"""The list of signals: most serious first, counted once, and never a secret one to who may not know."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cases import actions
from cases.models import Signal
from cases.states import Severity
from corporatie.subjects import models as subjects
from tests.cast import dwelling, household


def addresses(response):
    return [signal.tenancy.dwelling.address for signal in response.context["signals"]]


def street(cast, number):
    return household(
        dwelling(cast.buurt_noord, "Lindelaan", number, postcode="1234 CD"), "Post", by=cast.anna, at=cast.at
    )


def chips(response):
    return {str(chip.text): chip.count for chip in response.context["chips"]}


def test_the_most_serious_stands_on_top_then_whose_norm_comes_first(visit_page, cast):
    for number, severity in ((2, Severity.LOW), (4, Severity.ACUTE), (6, Severity.HIGH)):
        cast.signal(street(cast, number), severity=severity)
    assert addresses(visit_page(cast.anna, "signal_list")) == ["Lindelaan 4", "Lindelaan 6", "Lindelaan 2"]


def test_chips_count_what_their_list_shows(visit_page, cast, at):
    late = cast.signal(street(cast, 2))
    Signal.objects.filter(pk=late.pk).update(respond_by_on=at.date() - timedelta(days=1))
    mine = cast.signal(street(cast, 4), severity=Severity.LOW)
    actions.take_up_signal(signal=mine, by=cast.anna, at=at)
    cast.signal(street(cast, 6), severity=Severity.HIGH)
    closed = cast.signal(street(cast, 8))
    actions.close_signal(signal=closed, explanation="Al opgelost", by=cast.bram, at=at)

    response = visit_page(cast.anna, "signal_list")
    assert list(chips(response).values()) == ["3", "1", "2", "1", "1", ""]
    for name, expected in (
        ("laat", ["Lindelaan 2"]),
        ("zonder", ["Lindelaan 6", "Lindelaan 2"]),
        ("mij", ["Lindelaan 4"]),
        ("week", ["Lindelaan 6"]),
        ("klaar", ["Lindelaan 8"]),
        ("onzin", ["Lindelaan 6", "Lindelaan 2", "Lindelaan 4"]),
    ):
        assert addresses(visit_page(cast.anna, "signal_list", toon=name)) == expected, name


def test_an_acute_signal_nobody_took_up_has_a_filter_while_it_waits(visit_page, cast, at):
    assert len(chips(visit_page(cast.anna, "signal_list"))) == 6
    acute = cast.signal(street(cast, 2), severity=Severity.ACUTE)
    cast.signal(street(cast, 4))
    response = visit_page(cast.anna, "signal_list", toon="acuut")
    assert addresses(response) == ["Lindelaan 2"]
    assert list(chips(response).values()) == ["2", "1", "0", "2", "0", "1", ""]
    actions.take_up_signal(signal=acute, by=cast.anna, at=at)
    assert len(chips(visit_page(cast.anna, "signal_list"))) == 6


def test_a_secret_signal_shows_to_its_people_only(visit_page, cast, secret_signal):
    for user, sees in ((cast.dirk, True), (cast.wim, True), (cast.anna, False), (cast.bram, False)):
        response = visit_page(user, "signal_list")
        assert addresses(response) == (["Kerkstraat 47"] if sees else []), user
    assert chips(visit_page(cast.bram, "signal_list"))["Alles open"] == "0"
    assert chips(visit_page(cast.dirk, "signal_list"))["Alles open"] == "1"


def test_choosing_a_secret_signal_shows_nothing_to_who_may_not_know(visit_page, cast, secret_signal):
    cast.signal()
    response = visit_page(cast.bram, "signal_list", kies=str(secret_signal.pk))
    assert response.context["chosen"] is None
    assert secret_signal.seen not in response.content.decode()
    assert secret_signal.seen in visit_page(cast.dirk, "signal_list", kies=str(secret_signal.pk)).content.decode()


def test_the_pane_shows_the_chosen_signal_and_writes_the_look_down(visit_page, cast, looks):
    signal = cast.signal(seen="De gang staat vol dozen.")
    html = visit_page(cast.anna, "signal_list", kies=str(signal.pk)).content.decode()
    assert "De gang staat vol dozen." in html
    assert reverse("signal_close", args=[signal.pk]) in html
    assert [(who, look) for who, look, _label in looks()] == [("Anna Jansen", "list"), ("Anna Jansen", "read")]
    assert visit_page(cast.anna, "signal_list", kies="geen-nummer").status_code == 200


def test_taking_up_from_the_list_goes_on_in_the_same_list(send, cast):
    signal = cast.signal()
    response = send(cast.anna, "signal_take_up", signal.pk, toon="zonder")
    assert response.url == reverse("signal_list") + "?toon=zonder"
    response = send(cast.anna, "signal_take_up", signal.pk, toon="https://elders.example")
    assert response.url == signal.get_absolute_url()


def test_another_team_sees_none_of_it(visit_page, cast):
    cast.signal()
    assert addresses(visit_page(cast.carla, "signal_list")) == []


def test_who_only_reports_sees_her_own_and_what_came_of_it(visit_page, text_of, cast, at):
    mine = cast.signal(by=cast.wim, seen="Er ligt post voor de deur.")
    cast.signal(street(cast, 2), by=cast.anna)
    response = visit_page(cast.wim, "signal_list")
    assert addresses(response) == ["Kerkstraat 47"]
    assert "Mijn signalen" in text_of(response)
    actions.take_up_signal(signal=mine, by=cast.anna, at=at)
    assert "Nu bij Anna Jansen" in text_of(visit_page(cast.wim, "signal_list"))


@pytest.mark.parametrize("who", ["mila", "olga", "hans"])
def test_who_reports_nothing_has_no_list(visit_page, cast, who):
    assert visit_page(getattr(cast, who), "signal_list").status_code == 403


def test_the_list_is_read_only_by_get_and_signed_in(client, send, cast):
    assert send(cast.anna, "signal_list").status_code == 405
    client.logout()
    assert client.get(reverse("signal_list")).status_code == 302


def test_paging_goes_on_by_key_and_shows_each_signal_once(visit_page, client, cast):
    for number in range(1, 36):
        cast.signal(street(cast, number), severity=Severity.MEDIUM if number % 2 else Severity.LOW)
    for filters in ({}, {"toon": "zonder"}):
        response, seen = visit_page(cast.anna, "signal_list", **filters), []
        while True:
            seen += addresses(response)
            if not response.context["next_url"]:
                break
            response = client.get(response.context["next_url"])
        assert len(seen) == len(set(seen)) == 35
    assert response.context["first_url"].endswith("toon=zonder")
    assert len(addresses(visit_page(cast.anna, "signal_list", na="onzin"))) == 25


def test_closed_signals_page_newest_first(visit_page, client, cast, at):
    for number in range(1, 31):
        signal = cast.signal(street(cast, number))
        actions.close_signal(signal=signal, explanation="Al opgelost", by=cast.bram, at=at)
        Signal.objects.filter(pk=signal.pk).update(created_at=at - timedelta(hours=number))
    first = visit_page(cast.anna, "signal_list", toon="klaar")
    second = client.get(first.context["next_url"])
    assert addresses(first) + addresses(second) == [f"Lindelaan {number}" for number in range(1, 31)]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_with_one_and_thirty(client, cast, django_assert_num_queries, rows):
    for number in range(1, rows + 1):
        signal = cast.signal(street(cast, number))
        if number % 2:
            actions.take_up_signal(signal=signal, by=cast.bram, at=cast.at)
    chosen = {"kies": str(Signal.objects.in_order_of_urgency()[0].pk)}
    cast.notice(cast.anna, cast.wim)
    client.force_login(cast.anna)
    with django_assert_num_queries(7):
        client.get(reverse("signal_list"))
    with django_assert_num_queries(8):
        client.get(reverse("signal_list"), chosen)
    client.force_login(cast.wim)
    with django_assert_num_queries(6):
        client.get(reverse("signal_list"))


def test_taking_up_from_the_row_and_from_the_pane_is_sent_with_its_token(cast):
    """In a browser nothing is sent without: with the check on, as the browser would."""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.anna)
    for number, chosen in ((1, False), (2, True)):
        signal = cast.signal(street(cast, number), by=cast.bram)
        url = reverse("signal_take_up", args=[signal.pk])
        html = strict.get(reverse("signal_list"), {"kies": signal.pk} if chosen else {}).content.decode()
        forms = re.findall(r'<form method="post"( id="oppakken"|[^>]*action="[^"]*")>(.*?)</form>', html, re.DOTALL)
        (form,) = [fields for where, fields in forms if (url in where if chosen else "oppakken" in where)]
        assert chosen or f'form="oppakken" formaction="{url}"' in html
        sent = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
        assert strict.post(url, {}).status_code == 403
        answer = strict.post(url, sent)
        assert answer.status_code == 302
        assert answer.url == reverse("signal_list") + (f"?toon=open&kies={signal.pk}" if chosen else "?toon=open")
        assert Signal.objects.get(pk=signal.pk).handler == cast.anna


def test_nobody_counts_further_than_the_limit(visit_page, cast, monkeypatch, text_of):
    for number in (1, 2, 3):
        cast.signal(street(cast, number))
    monkeypatch.setattr(subjects, "MOST", 3)
    assert next(iter(chips(visit_page(cast.anna, "signal_list")).values())) == "3"
    actions.take_up_signal(signal=cast.signal(street(cast, 4)), by=cast.bram, at=cast.at)
    page = visit_page(cast.anna, "signal_list")
    assert next(iter(chips(page).values())) == "3+"
    assert "3+ open, waarvan" in text_of(page)
