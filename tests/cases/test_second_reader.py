"""A secret dossier has a second reader, named at its opening: she alone stands in for the handler."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from cases import actions
from cases.models import Case, CaseReader
from cases.states import CaseResult, SignalType
from corporatie.journal.models import Entry
from corporatie.staff.actions import say_goodbye
from corporatie.staff.models import Absence, RoleGrant, User
from corporatie.staff.permissions import Permission, Role
from corporatie.work.actions import add_follow_up, finish_follow_up, leave
from corporatie.work.models import FollowUp, Notice
from corporatie.work.reminders import sweep


def second_of(case):
    return list(CaseReader.objects.filter(case=case, is_second=True).values_list("user__name", flat=True))


def away(cast, who):
    day = cast.at.date()
    Absence.objects.create(user=who, substitute=cast.bram, from_on=day, until_on=day)


# --- Opening ------------------------------------------------------------------------------------------------
def test_a_secret_dossier_does_not_open_without_one(cast):
    for wrong in (None, cast.anna, cast.mila, cast.hans, cast.petra):
        with pytest.raises(ValidationError) as refused:
            cast.case(types=[SignalType.CHILDREN], second_reader=wrong)
        assert list(refused.value.message_dict) == ["second_reader"]
    assert (Case.objects.count(), FollowUp.objects.count(), Entry.objects.filter(kind="case_opened").count()) == (
        0,
    ) * 3
    case = cast.case(types=[SignalType.NOISE, SignalType.CHILDREN], second_reader=cast.bram)
    assert second_of(case) == ["Bram Visser"]
    assert Entry.objects.get(kind="second_reader_named").data == {"reader": cast.bram.pk}


def test_a_dossier_that_a_secret_signal_makes_secret_asks_for_one_too(send, cast, secret_signal, answers):
    data = answers["case"](cast.anna, type=SignalType.NOISE)
    actions.assign_signal(signal=secret_signal, handler=cast.anna, by=cast.dirk, at=cast.at)
    refused = send(cast.anna, "case_open", secret_signal.pk, **data)
    assert list(refused.context["form"].errors) == ["second_reader"]
    assert "bij een geheim dossier vervangt niemand anders u" in refused.content.decode()
    secret_signal.refresh_from_db()
    assert (Case.objects.count(), secret_signal.case) == (0, None)
    send(cast.anna, "case_open", secret_signal.pk, **data, second_reader=cast.dirk.pk)
    assert second_of(Case.objects.get()) == ["Dirk Bakker"]


def test_beside_the_question_stands_when_it_must_be_answered(visit_page, cast):
    page = visit_page(cast.anna, "case_create", huishouden=cast.bos.pk).content.decode()
    label = page.split("Wie is de tweede lezer?")[1].split("</label>")[0]
    assert "(bij een geheim dossier)" in label
    assert "niet verplicht" not in label


def test_a_dossier_that_is_not_secret_keeps_none(send, cast, answers):
    data = answers["case"](cast.anna, second_reader=cast.carla.pk)
    send(cast.anna, "case_create", query=f"?huishouden={cast.bos.pk}", **data)
    assert Case.objects.count() == 1
    assert not CaseReader.objects.exists()


def test_where_nobody_can_be_named_the_dossier_opens_all_the_same(cast):
    roles = RoleGrant.objects.exclude(user=cast.anna)
    roles.delete()
    case = cast.case(types=[SignalType.CHILDREN], second_reader=None)
    assert second_of(case) == []


# --- Afterwards -----------------------------------------------------------------------------------------------
def test_the_handler_names_another_and_who_was_it_reads_no_longer(visit_page, send, cast, secret_case, text_of):
    page = visit_page(cast.anna, "case_second_reader", secret_case.pk)
    offered = [each.colleague for each in page.context["form"].fields["second_reader"].candidates]
    assert cast.anna not in offered
    assert f'<option value="{cast.sofie.pk}" selected>' in page.content.decode()
    send(cast.anna, "case_second_reader", secret_case.pk, second_reader=cast.bram.pk)
    assert second_of(secret_case) == ["Bram Visser"]
    assert visit_page(cast.sofie, "case_detail", secret_case.pk).status_code == 404
    assert "Tweede lezer: Bram Visser" in text_of(visit_page(cast.bram, "case_detail", secret_case.pk))
    line = Entry.objects.filter(kind="second_reader_named").latest("pk")
    assert (line.by, line.data) == (cast.anna, {"reader": cast.bram.pk})
    for wrong in (cast.anna, cast.mila, cast.hans):
        refused = send(cast.anna, "case_second_reader", secret_case.pk, second_reader=wrong.pk)
        assert list(refused.context["form"].errors) == ["second_reader"]
    assert second_of(secret_case) == ["Bram Visser"]
    assert Entry.objects.filter(kind="second_reader_named").count() == 2


def test_nobody_else_names_one(send, cast, secret_case):
    CaseReader.objects.create(case=secret_case, user=cast.bram)
    away(cast, cast.anna)
    # She stands in now, and works on it; whom one trusts with it stays the handler's choice.
    for user, status in ((cast.sofie, 403), (cast.bram, 403), (cast.dirk, 404), (cast.carla, 404)):
        answer = send(user, "case_second_reader", secret_case.pk, second_reader=cast.carla.pk)
        assert answer.status_code == status, user
    assert second_of(secret_case) == ["Sofie Mol"]
    with pytest.raises(ValidationError):
        actions.name_second_reader(case=cast.case(), reader=cast.bram, by=cast.anna, at=cast.at)


def test_an_older_one_without_asks_its_handler_and_nobody_else(visit_page, cast, secret_case, text_of):
    CaseReader.objects.update(is_second=False)
    assert "Als u afwezig bent, kan niemand dit dossier openen." in text_of(
        visit_page(cast.anna, "case_detail", secret_case.pk)
    )
    text = text_of(visit_page(cast.sofie, "case_detail", secret_case.pk))
    assert "Er is geen tweede lezer." in text
    assert "Als u afwezig bent" not in text
    assert reverse("case_second_reader", args=[secret_case.pk]) not in text


def test_while_the_handler_is_away_the_page_names_her_and_not_who_stands_in_elsewhere(visit_page, cast, secret_case):
    away(cast, cast.anna)
    around = visit_page(cast.sofie, "case_detail", secret_case.pk).context["around"]
    assert around.stand_ins == ["Sofie Mol"]


# --- Handing over -----------------------------------------------------------------------------------------------
def test_she_stands_in_for_a_handler_who_may_handle_none_any_more(cast, secret_case):
    second = CaseReader.objects.get(case=secret_case, is_second=True).user
    assert not secret_case.is_worked_on_by(second)
    RoleGrant.objects.filter(user=secret_case.handler).update(role=Role.MANAGER)
    FollowUp.objects.update(due_on=cast.at.date())
    sweep(at=cast.at)
    assert Case.objects.get(pk=secret_case.pk).is_worked_on_by(second)
    assert Notice.objects.live().get(rule="follow_up_due").recipient == second


def test_the_second_reader_who_becomes_handler_leaves_the_place_empty_and_it_is_said(
    send, client, cast, secret_case, text_of
):
    response = send(cast.anna, "case_assign", secret_case.pk, handler=cast.sofie.pk)
    assert "Sofie Mol was de tweede lezer. Het dossier heeft een andere nodig." in text_of(client.get(response.url))
    assert second_of(secret_case) == []
    actions.name_second_reader(case=Case.objects.get(), reader=cast.anna, by=cast.sofie, at=cast.at)
    assert second_of(secret_case) == ["Anna Jansen"]


def test_that_there_is_none_is_told_to_the_handler_and_without_her_to_the_lead_as_a_line(cast, secret_case):
    """The second reader became its handler: also once she leaves somebody hears that nobody can open it."""
    actions.assign_case(case=secret_case, handler=cast.sofie, by=cast.anna, at=cast.at)
    sweep(at=cast.at)
    assert Notice.objects.live().get(rule="second_reader_left").recipient == cast.sofie
    say_goodbye(colleague=cast.sofie, by=cast.hans, at=cast.at)
    sweep(at=cast.at + timedelta(hours=1))
    assert Notice.objects.live().get(rule="second_reader_left").recipient is None
    assert Notice.objects.live().get(rule="alarm_nobody").recipient == cast.dirk


def test_an_ended_secret_dossier_goes_to_its_second_reader_too(cast, secret_case):
    actions.cancel_case(case=secret_case, summary="Vergissing", by=cast.anna, at=cast.at)
    leave(colleague=cast.anna, by=cast.hans, at=cast.at)
    assert Case.objects.get().handler == cast.sofie


def test_nothing_is_left_open_in_a_dossier_that_ends_nor_added_to_one_that_did(cast):
    case = cast.case()
    what = {
        "tenancy": cast.bos, "subject": case, "what": "Bel", "owner": cast.anna, "due_on": cast.at.date(),
        "is_promise": True, "by": cast.anna, "at": cast.at,
    }  # fmt: skip
    promise = add_follow_up(**what)
    with pytest.raises(ValidationError):
        actions.cancel_case(case=case, summary="Vergissing", by=cast.anna, at=cast.at)
    assert Case.objects.get().is_open
    finish_follow_up(follow_up=promise, by=cast.anna, at=cast.at)
    case = Case.objects.get()
    actions.cancel_case(case=case, summary="Vergissing", by=cast.anna, at=cast.at)
    with pytest.raises(ValidationError):
        add_follow_up(**what | {"subject": Case.objects.get()})
    assert not FollowUp.objects.open().exists()


def test_work_of_who_may_not_open_it_any_more_goes_along(send, cast, secret_case):
    promise = add_follow_up(
        tenancy=cast.bos, subject=secret_case, what="Wij bellen", owner=cast.anna, due_on=cast.at.date(),
        is_promise=True, by=cast.anna, at=cast.at,
    )  # fmt: skip
    send(cast.anna, "case_assign", secret_case.pk, handler=cast.bram.pk)
    promise.refresh_from_db()
    case = Case.objects.select_related("next_step").get()
    assert (promise.owner, case.next_step.owner) == (cast.bram, cast.bram)


def test_work_that_goes_to_the_handler_leaves_a_line(cast, secret_case):
    promise = add_follow_up(
        tenancy=cast.bos, subject=secret_case, what="Wij bellen", owner=cast.anna, due_on=cast.at.date(),
        by=cast.anna, at=cast.at,
    )  # fmt: skip
    FollowUp.objects.filter(pk=promise.pk).update(owner=cast.bram)
    actions.name_second_reader(case=secret_case, reader=cast.sofie, by=cast.anna, at=cast.at)
    assert FollowUp.objects.get(pk=promise.pk).owner == cast.anna
    line = Entry.objects.filter(kind="follow_up_moved").get()
    assert (line.by, line.data) == (cast.anna, {"follow_up": str(promise.pk)})


def test_in_a_dossier_of_the_team_everyone_keeps_her_own_work(cast):
    case = cast.case()
    promise = add_follow_up(
        tenancy=cast.bos, subject=case, what="Wij bellen", owner=cast.anna, due_on=cast.at.date() + timedelta(days=1),
        by=cast.anna, at=cast.at,
    )  # fmt: skip
    actions.assign_case(case=case, handler=cast.bram, by=cast.anna, at=cast.at)
    promise.refresh_from_db()
    assert promise.owner == cast.anna


def test_nobody_handles_what_she_could_not_open(cast, secret_case):
    User.objects.get_queryset().filter(pk=cast.bram.pk).update(is_active=False)
    for wrong in (cast.bram, cast.mila, cast.hans, cast.petra):
        with pytest.raises(ValidationError):
            actions.assign_case(case=secret_case, handler=wrong, by=cast.anna, at=cast.at)
    assert Case.objects.get().handler == cast.anna
    assert User.objects.holding(Permission.OPEN_OWN_CASES).filter(pk=cast.anna.pk).exists()


# --- She reads; she does not change ---------------------------------------------------------------------------------
def test_while_its_handler_is_there_she_adds_no_signal_to_it(visit_page, send, cast, secret_case):
    signal = cast.signal(by=cast.dirk)
    CaseReader.objects.update(user=cast.bram)
    page = visit_page(cast.bram, "signal_attach", signal.pk).content.decode()
    assert str(secret_case.pk) not in page
    assert send(cast.bram, "signal_attach", signal.pk, case=secret_case.pk).status_code == 422
    with pytest.raises(PermissionDenied):
        actions.attach_signal(signal=signal, case=secret_case, by=cast.bram, at=cast.at)
    signal.refresh_from_db()
    assert signal.case is None
    # Its handler does, and she too while he is away.
    assert str(secret_case.pk) in visit_page(cast.anna, "signal_attach", signal.pk).content.decode()
    away(cast, cast.anna)
    assert send(cast.bram, "signal_attach", signal.pk, case=secret_case.pk).status_code == 302
    signal.refresh_from_db()
    assert signal.case == secret_case


def test_nothing_is_added_to_a_dossier_that_closed_meanwhile(cast):
    case, signal = cast.case(), cast.signal()
    actions.close_case(case=case, result=CaseResult.NO_ACTION, summary="Klaar", told_on=None, by=cast.anna, at=cast.at)
    with pytest.raises(ValidationError):
        actions.attach_signal(signal=signal, case=case, by=cast.anna, at=cast.at)


@pytest.mark.parametrize(("days", "may_give"), [(0, False), (14, False), (15, True)])
def test_during_a_short_absence_she_does_not_give_it_away(visit_page, send, cast, secret_case, days, may_give):
    day = cast.at.date()
    Absence.objects.create(user=cast.anna, substitute=cast.bram, from_on=day, until_on=day + timedelta(days=days))
    url = reverse("case_assign", args=[secret_case.pk])
    assert (url in visit_page(cast.sofie, "case_detail", secret_case.pk).content.decode()) == may_give
    answer = send(cast.sofie, "case_assign", secret_case.pk, handler=cast.sofie.pk)
    assert answer.status_code == (302 if may_give else 403)
    assert Case.objects.get().handler == (cast.sofie if may_give else cast.anna)
    if not may_give:
        with pytest.raises(PermissionDenied):
            actions.assign_case(case=secret_case, handler=cast.sofie, by=cast.sofie, at=cast.at)


def test_a_handler_of_another_team_is_not_sent_to_a_page_that_is_not_there(visit_page, cast):
    case = cast.case(types=[SignalType.CHILDREN], handler=cast.carla, first_step=cast.step(cast.carla))
    page = visit_page(cast.carla, "case_detail", case.pk).content.decode()
    assert "Dit huishouden is van een ander team: u kunt er zelf niet op bezoek." in page
    for name in ("visit_plan", "contact_create"):
        assert f"{reverse(name)}?huishouden" not in page
    page = visit_page(cast.anna, "case_detail", cast.case().pk).content.decode()
    assert f"{reverse('visit_plan')}?huishouden" in page
