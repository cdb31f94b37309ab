"""Two colleagues, or two tabs, on one thing: the second reads what changed, and overwrites nothing unseen."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cases import actions
from cases.models import Case, HandOver, Signal
from cases.states import SignalType

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stand_still(time_machine_at):
    """It is 24 November 2026."""


def given_to(model, pk):
    return model.objects.get(pk=pk).handler


@pytest.mark.parametrize(("name", "model"), [("case_assign", Case), ("signal_assign", Signal)])
def test_who_hands_on_after_another_did_reads_so_first(client, cast, name, model):
    client.force_login(cast.anna)
    thing = cast.case() if model is Case else cast.signal()
    if model is Signal:
        actions.take_up_signal(signal=thing, by=cast.anna, at=cast.at)
    url = reverse(name, args=[thing.pk])
    was = client.get(url).context["form"]["was"].value()
    verb, which = (actions.assign_case, "case") if model is Case else (actions.assign_signal, "signal")
    verb(handler=cast.bram, by=cast.dirk, at=cast.at, **{which: model.objects.get(pk=thing.pk)})

    second = client.post(url, {"handler": cast.dirk.pk, "was": was})

    assert second.status_code == 422
    assert "Dit is intussen gewijzigd: nu is het Bram Visser." in second.content.decode()
    assert given_to(model, thing.pk) == cast.bram
    again = {"handler": cast.dirk.pk, "was": second.context["form"]["was"].value()}
    assert client.post(url, again).status_code == 302
    assert given_to(model, thing.pk) == cast.dirk


def test_two_tabs_on_the_second_reader(client, cast):
    client.force_login(cast.anna)
    case = cast.case(types=[SignalType.CHILDREN])
    url = reverse("case_second_reader", args=[case.pk])
    was = client.get(url).context["form"]["was"].value()
    assert client.post(url, {"second_reader": cast.bram.pk, "was": was}).status_code == 302

    second = client.post(url, {"second_reader": cast.dirk.pk, "was": was})

    assert second.status_code == 422
    assert "Dit is intussen gewijzigd: nu is het Bram Visser." in second.content.decode()
    assert [reader.user for reader in case.readers.filter(is_second=True)] == [cast.bram]


def test_the_verbs_claim_what_they_were_shown(cast):
    case, signal = cast.case(), cast.signal()
    stale_case, stale_signal = Case.objects.get(pk=case.pk), Signal.objects.get(pk=signal.pk)
    actions.assign_case(case=case, handler=cast.bram, by=cast.dirk, at=cast.at)
    actions.assign_signal(signal=signal, handler=cast.bram, by=cast.dirk, at=cast.at)

    for verb, shown in ((actions.assign_case, {"case": stale_case}), (actions.assign_signal, {"signal": stale_signal})):
        with pytest.raises(ValidationError, match="Een collega was u voor"):
            verb(handler=cast.dirk, by=cast.anna, at=cast.at, **shown)


@pytest.mark.parametrize("first", ["ja", "nee", "withdrawn"])
@pytest.mark.parametrize("second", ["ja", "nee"])
def test_who_answers_a_hand_over_after_it_was_answered_or_withdrawn(client, cast, first, second):
    client.force_login(cast.bram)
    case = cast.case()
    actions.ask_hand_overs(rows={case: cast.bram}, holder=cast.anna, by=cast.dirk, at=cast.at)
    url, told = reverse("case_take_over", args=[case.pk]), {"reason": "Geen tijd"}
    assert client.get(url).status_code == 200
    if first == "withdrawn":
        actions.assign_case(case=Case.objects.get(), handler=cast.dirk, by=cast.dirk, at=cast.at)
    else:
        client.post(url, {"antwoord": first, **told})
    handler, answer = given_to(Case, case.pk), HandOver.objects.get().answer

    page = client.post(url, {"antwoord": second, **told}, follow=True)

    assert page.status_code == 200
    assert "Dit wordt niet meer gevraagd." in page.content.decode()
    assert (given_to(Case, case.pk), HandOver.objects.get().answer) == (handler, answer)
