"""Whoever may see an acute signal reads whom to phone now, and who is next."""

from datetime import timedelta

import pytest

from cases import actions as cases
from cases.states import Severity, SignalType
from corporatie.staff.models import Absence
from corporatie.work.models import HouseText
from corporatie.work.reminders import sweep
from corporatie.work.states import DutyOrder, Shift, TextKey
from tests.work.test_duty import duty, put


@pytest.fixture
def line(cast):
    """Anna first and Bram second at the office; Anna has a number, Bram none."""
    cast.anna.phone, cast.dirk.phone = "+31612345678", "+31687654321"
    cast.anna.save()
    cast.dirk.save()
    put(
        duty(cast.anna, cast.noord, Shift.OFFICE),
        duty(cast.bram, cast.noord, Shift.OFFICE, order=DutyOrder.SECOND),
    )


@pytest.fixture
def acute(cast, line):
    """Wim, the caretaker, reports something that cannot wait."""
    return cast.signal(by=cast.wim, severity=Severity.ACUTE)


@pytest.mark.parametrize("who", ["wim", "bram", "dirk"])
def test_who_may_see_it_reads_whom_to_phone_and_who_is_next(visit_page, cast, acute, text_of, who):
    page = visit_page(getattr(cast, who), "signal_detail", acute.pk)
    text = text_of(page)
    assert "Bel nu: Anna Jansen, 06 1234 5678" in text
    assert 'href="tel:+31612345678"' in page.content.decode()
    next_one = "u gevraagd" if who == "bram" else "Bram Visser gevraagd"
    assert f"Pakt niemand het op, dan wordt {next_one}: vandaag 10:30" in text


def test_the_confirmation_of_the_report_says_it(send, client, cast, line, answers, text_of):
    data = answers["signal"](severity=Severity.ACUTE)
    response = send(cast.wim, "signal_create", query=f"?huishouden={cast.bos.pk}", **data)
    text = text_of(client.get(response.url))
    assert "Signaal gemeld: Kerkstraat 47. Eerste actie uiterlijk vandaag." in text
    assert "Wacht op een collega: eerste actie uiterlijk vandaag" in text
    assert "Bel nu: Anna Jansen" in text
    assert response.url.count("-") == 4  # nothing but the key


def test_whose_turn_it_is_reads_that_and_not_her_own_number(visit_page, cast, acute, text_of):
    text = text_of(visit_page(cast.anna, "signal_detail", acute.pk))
    assert "U bent nu aan de beurt" in text
    assert "Bel nu" not in text


def test_half_an_hour_later_the_page_names_the_next_and_says_that_no_number_is_known(
    visit_page, cast, acute, text_of, at
):
    sweep(at=at - timedelta(minutes=30))
    text = text_of(visit_page(cast.wim, "signal_detail", acute.pk))
    assert "Bel nu: Bram Visser" in text
    assert "Wij weten geen telefoonnummer van deze collega" in text
    assert "dan wordt Dirk Bakker gevraagd: vandaag 10:30. 06 8765 4321" in text


def test_taken_up_one_phones_who_took_it_up(visit_page, cast, acute, text_of, at):
    cases.take_up_signal(signal=acute, by=cast.anna, at=at)
    text = text_of(visit_page(cast.wim, "signal_detail", acute.pk))
    assert "Bel nu: Anna Jansen, 06 1234 5678" in text
    assert "Pakt niemand het op" not in text


def test_with_nobody_there_the_numbers_of_the_association_are_left(visit_page, cast, acute, text_of):
    HouseText.objects.create(key=TextKey.EMERGENCY_NUMBERS, text="Dienst Lindedam: 0123 456 789")
    for name in ("anna", "bram", "dirk"):
        getattr(cast, name).is_active = False
        getattr(cast, name).save()
    page = visit_page(cast.wim, "signal_detail", acute.pk)
    assert "Er is nu niemand die dit kan oppakken. Kunt u het zelf niet? Bel dan een van deze nummers." in text_of(page)
    assert "Dienst Lindedam: 0123 456 789" in text_of(page)


def test_of_a_secret_one_nobody_is_named_who_may_not_open_it(visit_page, cast, line, text_of):
    signal = cast.signal(by=cast.wim, severity=Severity.ACUTE, type=SignalType.CHILDREN)
    text = text_of(visit_page(cast.wim, "signal_detail", signal.pk))
    assert "Bel nu: Dirk Bakker" in text
    assert "Anna" not in text


def test_a_signal_that_is_not_acute_names_nobody(visit_page, cast, line, text_of):
    signal = cast.signal(by=cast.wim, severity=Severity.HIGH)
    assert "Bel nu" not in text_of(visit_page(cast.wim, "signal_detail", signal.pk))


def test_the_list_and_its_pane_say_it_too(visit_page, cast, acute, text_of):
    cast.signal(severity=Severity.HIGH)
    page = visit_page(cast.bram, "signal_list", kies=str(acute.pk))
    assert text_of(page).count("Bel nu:") == 2
    assert page.content.decode().count('href="tel:+31612345678"') == 2
    assert "U bent nu aan de beurt" not in text_of(page)
    assert "Bel nu: Anna Jansen" in text_of(visit_page(cast.wim, "signal_list"))


def test_thirty_acute_signals_cost_the_list_as_much_as_one(
    client, cast, acute, django_assert_max_num_queries, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(cast.bram)
    with CaptureQueriesContext(connection) as one:
        client.get("/signalen/")
    for _number in range(20):
        cast.signal(by=cast.wim, severity=Severity.ACUTE)
    with django_assert_num_queries(len(one)):
        client.get("/signalen/")


def test_who_is_named_is_who_is_told(visit_page, cast, acute, text_of, at):
    Absence.objects.create(user=cast.anna, substitute=cast.bram, from_on=at.date(), until_on=at.date())
    assert "Bel nu: Bram Visser" in text_of(visit_page(cast.wim, "signal_detail", acute.pk))


def test_the_notice_says_who_is_next(visit_page, cast, acute, text_of, at):
    sweep(at=at)
    text = text_of(visit_page(cast.anna, "inbox"))
    assert "U hebt dienst, of er is niemand anders" in text
    assert "Daarna: Bram Visser, vandaag 10:30" in text
