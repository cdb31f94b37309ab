"""Reporting a signal, reading it, and deciding what happens with it."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cases import actions
from cases.models import Case, Signal
from cases.states import CaseResult, Severity, SignalStatus, SignalType
from corporatie.journal.models import Entry
from corporatie.privacy.models import Access


def reload(row):
    return type(row).objects.get(pk=row.pk)


# --- Reporting -------------------------------------------------------------------------------------
def test_three_answers_are_enough_and_the_norm_is_told(send, client, cast, answers, text_of):
    response = send(cast.anna, "signal_create", query=f"?huishouden={cast.bos.pk}", **answers["signal"](seen=""))
    signal = Signal.objects.get()
    assert (signal.tenancy, signal.created_by, signal.source) == (cast.bos, cast.anna, "own")
    assert response.url == signal.get_absolute_url()
    assert "Signaal gemeld: Kerkstraat 47. Eerste actie uiterlijk do 26 november." in text_of(client.get(response.url))


def test_the_form_says_each_norm_in_words_with_its_day(visit_page, cast, text_of):
    text = text_of(visit_page(cast.anna, "signal_create", huishouden=str(cast.bos.pk)))
    assert "Bel 112" in text
    assert "Veilig Thuis" in text
    assert "0800 2000" in text
    assert "Eerste actie binnen 2 werkdagen: do 26 november" in text
    assert "Eerste actie binnen 10 werkdagen: di 8 december" in text


def test_sending_twice_reports_once(send, cast, answers):
    data = answers["signal"]()
    for _time in range(2):
        assert send(cast.anna, "signal_create", query=f"?huishouden={cast.bos.pk}", **data).status_code == 302
    assert Signal.objects.count() == 1
    assert Entry.objects.filter(kind="signal_raised").count() == 1


def test_something_else_asks_for_words_and_keeps_what_was_typed(send, cast, answers):
    data = answers["signal"](type=SignalType.OTHER, seen=" ", thought="Ik denk dat er iets is")
    response = send(cast.anna, "signal_create", query=f"?huishouden={cast.bos.pk}", **data)
    html = response.content.decode()
    assert response.status_code == 422
    assert "Ik denk dat er iets is" in html
    assert "<title>Fout:" in html
    assert html.count("“Iets anders” zegt te weinig") == 2
    assert not Signal.objects.exists()


def test_an_empty_form_says_what_is_missing(send, cast):
    response = send(cast.anna, "signal_create", query=f"?huishouden={cast.bos.pk}", seen="Iets gezien")
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"client_uuid", "type", "severity"}
    assert "Iets gezien" in response.content.decode()


def test_without_a_household_one_searches_first(visit_page, client, cast):
    response = visit_page(cast.anna, "signal_create")
    assert response.url == reverse("search") + "?voor=signal_create"
    found = client.get(response.url + "&q=1234ab+47")
    assert found.url == reverse("signal_create") + f"?huishouden={cast.bos.pk}"


def test_a_household_of_another_team_is_not_there(visit_page, send, cast, answers):
    assert visit_page(cast.carla, "signal_create", huishouden=str(cast.bos.pk)).status_code == 404
    assert visit_page(cast.anna, "signal_create", huishouden="geen-nummer").status_code == 404
    assert (
        send(cast.carla, "signal_create", query=f"?huishouden={cast.bos.pk}", **answers["signal"]()).status_code == 404
    )
    assert not Signal.objects.exists()


@pytest.mark.parametrize("who", ["mila", "olga", "hans"])
def test_who_may_not_report_is_refused(visit_page, cast, who):
    assert visit_page(getattr(cast, who), "signal_create").status_code == 403


def test_what_runs_already_is_hinted_only_to_who_may_know(visit_page, cast, secret_signal, text_of):
    hint = "Er loopt al iets op dit adres"
    query = {"huishouden": str(cast.bos.pk)}
    assert hint not in text_of(visit_page(cast.bram, "signal_create", **query))
    assert hint in text_of(visit_page(cast.dirk, "signal_create", **query))
    assert hint in text_of(visit_page(cast.wim, "signal_create", **query))
    cast.case()
    assert hint in text_of(visit_page(cast.bram, "signal_create", **query))


# --- Reading ---------------------------------------------------------------------------------------
def test_a_page_shows_what_was_seen_and_the_look_is_written_down(visit_page, cast, looks):
    signal = cast.signal(thought="Misschien feest")
    html = visit_page(cast.bram, "signal_detail", signal.pk).content.decode()
    assert signal.seen in html
    assert "Misschien feest" in html
    assert looks() == [("Bram Visser", "read", "cases.signal")]
    assert "<title>Kerkstraat 47 – Signaal – Keukentafel</title>" in html


def test_other_team_and_secret_are_not_there(visit_page, cast, secret_signal):
    signal = cast.signal()
    assert visit_page(cast.carla, "signal_detail", signal.pk).status_code == 404
    assert visit_page(cast.bram, "signal_detail", secret_signal.pk).status_code == 404
    assert visit_page(cast.anna, "signal_detail", secret_signal.pk).status_code == 404
    for user in (cast.dirk, cast.wim):
        assert secret_signal.seen in visit_page(user, "signal_detail", secret_signal.pk).content.decode()


def test_the_reporter_reads_progress_but_not_the_explanation(visit_page, cast, at, text_of):
    signal = cast.signal(by=cast.wim)
    text = text_of(visit_page(cast.wim, "signal_detail", signal.pk))
    assert "Wacht op een collega" in text
    assert "Oppakken" not in text
    actions.take_up_signal(signal=signal, by=cast.anna, at=at)
    assert "Nu bij Anna Jansen" in text_of(visit_page(cast.wim, "signal_detail", signal.pk))
    actions.close_signal(signal=signal, explanation="Mevrouw krijgt al hulp", by=cast.anna, at=at)
    text = text_of(visit_page(cast.wim, "signal_detail", signal.pk))
    assert "dank u" in text
    assert "Mevrouw krijgt al hulp" not in text
    assert "Mevrouw krijgt al hulp" in text_of(visit_page(cast.bram, "signal_detail", signal.pk))
    # Somebody else's report stays closed for who only reports.
    assert visit_page(cast.wim, "signal_detail", cast.signal(by=cast.anna).pk).status_code == 404


def test_the_reporter_is_not_shown_the_dossier(visit_page, cast, text_of):
    signal = cast.signal(by=cast.wim)
    case = cast.case(signal=signal)
    html = visit_page(cast.wim, "signal_detail", signal.pk).content.decode()
    assert case.get_absolute_url() not in html
    assert "Uw collega’s zijn ermee bezig" in html
    assert case.get_absolute_url() in visit_page(cast.bram, "signal_detail", signal.pk).content.decode()
    actions.close_case(
        case=case, result=CaseResult.NO_ACTION, summary="Niets nodig", told_on=None, by=cast.anna, at=cast.at
    )
    for response in (visit_page(cast.wim, "signal_detail", signal.pk), visit_page(cast.wim, "signal_list")):
        assert "Afgehandeld, dank u wel" in text_of(response)


def test_an_acute_signal_names_the_team_lead_when_nobody_is_on_duty(visit_page, cast, text_of):
    signal = cast.signal(severity=Severity.ACUTE)
    text = text_of(visit_page(cast.anna, "signal_detail", signal.pk))
    assert "Bel nu: Dirk Bakker" in text


def test_one_signal_costs_the_same_however_much_lies_around_it(client, cast, django_assert_num_queries):
    signal = cast.signal()
    cast.notice()
    client.force_login(cast.anna)
    with django_assert_num_queries(7):
        client.get(signal.get_absolute_url())
    for _number in range(30):
        cast.signal()
        cast.case()
    with django_assert_num_queries(7):
        client.get(signal.get_absolute_url())


# --- Deciding --------------------------------------------------------------------------------------
DECISIONS = ["signal_take_up", "signal_assign", "signal_attach", "signal_close", "case_open"]


@pytest.mark.parametrize("name", DECISIONS)
def test_three_questions_of_every_decision(visit_page, send, cast, name):
    signal = cast.signal(by=cast.wim)
    if name == "signal_take_up":
        assert visit_page(cast.anna, name, signal.pk).status_code == 405
    assert send(cast.carla, name, signal.pk).status_code == 404
    # Wim may know of it, because he reported it; deciding is not his.
    assert send(cast.wim, name, signal.pk).status_code == 403
    assert Access.objects.filter(by=cast.wim, look="refused", subject_id=signal.pk).count() == 1
    assert reload(signal).status == SignalStatus.NEW


@pytest.mark.parametrize("name", DECISIONS)
def test_a_secret_signal_is_not_decided_by_who_may_not_know(send, cast, secret_signal, name):
    assert send(cast.bram, name, secret_signal.pk).status_code == 404


@pytest.mark.parametrize("name", DECISIONS)
def test_what_was_dealt_with_is_said_and_stays(send, client, cast, at, name, text_of):
    signal = cast.signal()
    actions.close_signal(signal=signal, explanation="Al opgelost", by=cast.anna, at=at)
    lines = Entry.objects.count()
    response = send(cast.bram, name, signal.pk)
    assert response.url == signal.get_absolute_url()
    assert "al afgehandeld" in text_of(client.get(response.url))
    assert Entry.objects.count() == lines


def test_taking_up_twice_is_one_line_and_a_colleague_who_is_second_hears_it(send, client, cast, text_of):
    signal = cast.signal()
    for _time in range(2):
        send(cast.anna, "signal_take_up", signal.pk)
    assert reload(signal).handler == cast.anna
    assert Entry.objects.filter(kind="signal_taken_up").count() == 1
    response = send(cast.bram, "signal_take_up", signal.pk)
    assert "Een collega was u voor" in text_of(client.get(response.url))
    assert reload(signal).handler == cast.anna


def test_a_signal_is_handed_to_a_colleague_of_the_team(visit_page, send, cast):
    signal = cast.signal()
    offered = visit_page(cast.dirk, "signal_assign", signal.pk).context["form"].fields["handler"].candidates
    assert [each.colleague.name for each in offered] == ["Anna Jansen", "Bram Visser", "Dirk Bakker"]
    assert send(cast.dirk, "signal_assign", signal.pk, handler=cast.bram.pk).url == signal.get_absolute_url()
    assert reload(signal).handler == cast.bram
    response = send(cast.dirk, "signal_assign", signal.pk, handler=cast.carla.pk)
    assert response.status_code == 422
    assert "Deze collega mag dit niet openen." in response.content.decode()
    with pytest.raises(ValidationError):
        actions.assign_signal(signal=reload(signal), handler=cast.carla, by=cast.dirk, at=cast.at)
    assert reload(signal).handler == cast.bram


def test_who_hands_on_a_secret_signal_does_not_land_on_a_closed_door(send, cast, secret_signal, at):
    actions.assign_signal(signal=secret_signal, handler=cast.anna, by=cast.dirk, at=at)
    response = send(cast.anna, "signal_assign", secret_signal.pk, handler=cast.bram.pk)
    assert response.url == reverse("signal_list")


def test_a_signal_goes_into_an_open_dossier_of_the_same_household(visit_page, send, cast, secret_case):
    signal, case = cast.signal(), cast.case()
    cast.case(cast.kaya, by=cast.carla)
    offered = visit_page(cast.bram, "signal_attach", signal.pk).context["form"].fields["case"].queryset
    assert list(offered) == [case]
    assert send(cast.bram, "signal_attach", signal.pk, case=case.pk).url == case.get_absolute_url()
    assert (reload(signal).status, reload(signal).case) == (SignalStatus.ATTACHED, case)


def test_a_secret_signal_does_not_go_where_more_may_read(send, cast, secret_signal):
    case = cast.case()
    response = send(cast.dirk, "signal_attach", secret_signal.pk, case=case.pk)
    assert response.status_code == 422
    assert "Meer collega’s mogen dat dossier lezen" in response.content.decode()
    assert reload(secret_signal).status == SignalStatus.NEW


def test_whoever_handles_the_dossier_reads_the_signal_in_it(visit_page, cast, secret_signal):
    step = cast.step(cast.anna)
    cast.case(by=cast.dirk, handler=cast.anna, types=[SignalType.CHILDREN], signal=secret_signal, first_step=step)
    assert visit_page(cast.anna, "signal_detail", secret_signal.pk).status_code == 200
    assert visit_page(cast.bram, "signal_detail", secret_signal.pk).status_code == 404


def test_closing_asks_an_explanation(send, cast):
    signal = cast.signal()
    response = send(cast.anna, "signal_close", signal.pk, explanation="")
    assert response.status_code == 422
    assert "Schrijf in één zin op waarom er niets meer nodig is." in response.content.decode()
    send(cast.anna, "signal_close", signal.pk, explanation="De buren spraken het uit")
    assert (reload(signal).status, reload(signal).explanation) == (SignalStatus.CLOSED, "De buren spraken het uit")


def test_a_signal_becomes_a_dossier_with_a_first_step(visit_page, send, cast, answers):
    signal = cast.signal(severity=Severity.HIGH)
    form = visit_page(cast.anna, "case_open", signal.pk).context["form"]
    assert (form.initial["type"], form.initial["severity"]) == (SignalType.NOISE, Severity.HIGH)
    data = answers["case"](cast.anna, more=[SignalType.NEIGHBOURS], problem_owner_name="De buren op nummer 45")
    response = send(cast.anna, "case_open", signal.pk, **data)
    case = Case.objects.get()
    assert response.url == case.get_absolute_url()
    assert (case.handler, case.next_step.what, case.problem_owner) == (cast.anna, "Bel mevrouw", "neighbours")
    assert [each.type for each in case.more_types.all()] == [SignalType.NEIGHBOURS]
    assert reload(signal).case == case
    # A second click finds the dossier that is there.
    assert send(cast.anna, "case_open", signal.pk, **data).url == case.get_absolute_url()
    assert Case.objects.count() == 1
