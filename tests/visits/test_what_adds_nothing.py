"""Having planned a visit, or having come along, opens nothing that one's role and team do not open."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from cases import actions as cases
from cases.models import AttentionFlag
from cases.states import FlagKind, FlagStatus, SignalType
from corporatie.staff.models import Absence, User
from corporatie.work import actions as work
from corporatie.work.models import FollowUp, HandedOn, Notice
from projects.models import ProjectMember
from tests.work.reminding import THURSDAY, TUESDAY, WEDNESDAY, live, moment, raw, swept
from visits import actions as visits
from visits.models import Report, Visit
from visits.states import Outcome

pytestmark = pytest.mark.django_db


def fresh(user):
    """As the next request knows her."""
    return User.objects.get(pk=user.pk)


def spoken(cast, visit, by, day, promise=None):
    """A talk at this visit, with a promise."""
    promises = [visits.Promise("Bel de dochter", THURSDAY, promise or by)]
    talk = visits.Talk(outcome=Outcome.TALKED, note="Ze is bang", promises=promises)
    visits.file_report(tenancy=cast.bos, visit=visit, client_uuid=uuid4(), talk=talk, by=fresh(by), at=moment(day, 10))


def sees(user, visit):
    """The visit, its report and its promise, each as far as she may know of it."""
    user = fresh(user)
    return (
        Visit.objects.visible_to(user).filter(pk=visit.pk).exists(),
        Report.objects.visible_to(user).filter(visit=visit).exists(),
        FollowUp.objects.visible_to(user).filter(subject_id=visit.pk).exists(),
    )


# --- Who planned it ----------------------------------------------------------------------------------------------
def test_who_planned_a_visit_for_a_colleague_and_went_to_another_team_knows_nothing_of_it(cast, client):
    visit = cast.visit(by=cast.anna, visitor=cast.bram, on=WEDNESDAY)
    other = cast.visit(by=cast.anna, visitor=cast.bram, on=WEDNESDAY)
    assert sees(cast.anna, visit)[0]
    work.change_team(colleague=fresh(cast.anna), out_of=[cast.noord], into=cast.zuid, by=cast.hans, at=cast.at)
    spoken(cast, visit, cast.bram, WEDNESDAY)
    assert sees(cast.bram, visit) == (True, True, True)
    assert sees(cast.anna, visit) == (False, False, False)
    with time_machine.travel(moment(WEDNESDAY, 12), tick=False):
        client.force_login(cast.anna)
        assert client.get(visit.get_absolute_url()).status_code == 404
        url = reverse("visit_nobody_home", args=[other.pk])
        assert client.post(url, {"client_uuid": str(uuid4())}).status_code == 404
    other.refresh_from_db()
    assert other.is_planned


def test_who_planned_it_while_she_stood_in_knows_it_as_long_as_she_stands_in(cast):
    Absence.objects.create(user=cast.anna, substitute=cast.carla, from_on=TUESDAY, until_on=TUESDAY)
    with time_machine.travel(moment(TUESDAY, 10), tick=False):
        visit = cast.visit(by=fresh(cast.carla), visitor=cast.bram, on=THURSDAY)
        assert sees(cast.carla, visit)[0]
    with time_machine.travel(moment(THURSDAY, 12), tick=False):
        spoken(cast, visit, cast.bram, THURSDAY)
        assert sees(cast.carla, visit) == (False, False, False)


def test_who_planned_it_for_a_dossier_she_can_no_longer_open(cast):
    visit = cast.visit(by=cast.anna, visitor=cast.bram, on=WEDNESDAY, case=cast.case(by=cast.bram))
    assert sees(cast.anna, visit)[0]
    work.change_team(colleague=fresh(cast.anna), out_of=[cast.noord], into=cast.zuid, by=cast.hans, at=cast.at)
    assert sees(cast.anna, visit) == (False, False, False)


def test_what_one_made_oneself_stays_ones_own(cast):
    """Rachid sees no visits of the team, only his own; also one for an ordinary dossier he may not open."""
    cast.project()
    plain = cast.visit(by=cast.rachid)
    for_a_dossier = cast.visit(by=cast.bram, visitor=cast.bram, case=cast.case(by=cast.bram))
    Visit.objects.filter(pk=for_a_dossier.pk).update(visitor=cast.rachid)
    secret = cast.visit(by=cast.bram, case=cast.case(by=cast.bram, types=(SignalType.CONFUSION,)))
    Visit.objects.filter(pk=secret.pk).update(visitor=cast.rachid)
    seen = set(Visit.objects.visible_to(fresh(cast.rachid)).values_list("pk", flat=True))
    assert seen == {plain.pk, for_a_dossier.pk}
    for visit in (plain, for_a_dossier, secret):
        opens = User.objects.get_queryset().filter(Visit.who_may_open(visit.pk, at=cast.at), pk=cast.rachid.pk)
        assert opens.exists() == (visit.pk in seen)


# --- Who comes along ---------------------------------------------------------------------------------------------
@pytest.fixture
def secret_visit(cast):
    """Anna goes for her secret dossier, and Bram comes along: he may know where, and not why."""
    case = cast.case(types=(SignalType.CONFUSION,), second_reader=cast.sofie)
    return cast.visit(on=TUESDAY, case=case, second_visitor=cast.bram)


def test_who_comes_along_knows_where_and_nothing_of_what_was_said(cast, secret_visit):
    assert sees(cast.bram, secret_visit) == (True, False, False)
    spoken(cast, secret_visit, cast.anna, TUESDAY)
    assert sees(cast.anna, secret_visit) == (True, True, True)
    assert sees(cast.sofie, secret_visit) == (True, True, True)
    assert sees(cast.bram, secret_visit) == (False, False, False)


def test_the_card_of_who_comes_along_asks_nothing_she_may_not_answer(cast, client, secret_visit, time_machine_at):
    client.force_login(cast.bram)
    page = client.get(reverse("today")).content.decode()
    assert "Kerkstraat 47" in page
    assert "U gaat mee. Wie het bezoek doet, schrijft het op." in page
    assert f"{secret_visit.pk}/niet-thuis" not in page
    client.force_login(cast.anna)
    page = client.get(reverse("today")).content.decode()
    assert f"{secret_visit.pk}/niet-thuis" in page
    assert "U gaat mee." not in page


def test_who_comes_along_on_an_ordinary_visit_may_write_it_down(cast, client, time_machine_at):
    visit = cast.visit(on=TUESDAY, second_visitor=cast.bram)
    client.force_login(cast.bram)
    assert f"{visit.pk}/niet-thuis" in client.get(reverse("today")).content.decode()


def test_what_was_promised_at_a_secret_visit_is_her_stand_ins_also_of_another_team(cast, secret_visit):
    spoken(cast, secret_visit, cast.anna, TUESDAY)
    promise = FollowUp.objects.get(subject_id=secret_visit.pk)
    Absence.objects.create(user=cast.anna, substitute=cast.bram, from_on=THURSDAY, until_on=THURSDAY)
    swept(THURSDAY)
    assert live("follow_up_due", promise) == ["Sofie"]


@pytest.mark.parametrize("place", ["visitor", "second_visitor"])
def test_who_got_a_secret_visit_reads_where_she_goes(cast, client, place):
    case = cast.case(types=(SignalType.CONFUSION,), second_reader=cast.bram)
    visit = cast.visit(on=WEDNESDAY, case=case)
    goes = {"visitor": cast.anna, "second_visitor": None} | {place: cast.bram}
    visits.change_visitors(visit=visit, **goes, by=cast.anna, at=cast.at)
    with time_machine.travel(moment(TUESDAY, 11), tick=False):
        client.force_login(cast.bram)
        assert "Kerkstraat 47" in client.get(HandedOn.objects.get().get_absolute_url()).content.decode()


# --- Who went to another team ------------------------------------------------------------------------------------
@pytest.mark.parametrize("place", ["visitor", "second_visitor"])
def test_going_to_another_team_asks_about_the_visits_at_doors_she_knows_nothing_of(cast, place):
    goes = {"visitor": cast.bram, "second_visitor": cast.bram} | {place: cast.anna}
    visit = cast.visit(by=cast.bram, on=WEDNESDAY, **goes)
    lost = work.lost_by_moving(colleague=fresh(cast.anna), out_of=[cast.noord], into=cast.zuid, at=cast.at)
    assert lost == {"visit" if place == "visitor" else "along": [visit.pk]}


@pytest.mark.parametrize("place", ["visitor", "second_visitor"])
def test_who_is_in_another_team_by_another_road_goes_nowhere_and_it_is_told(cast, place):
    goes = {"visitor": cast.bram, "second_visitor": cast.bram} | {place: cast.anna}
    visit = cast.visit(by=cast.bram, on=WEDNESDAY, **goes)
    swept(TUESDAY, 8)
    assert live("visit_nobody_goes", visit) == []
    cast.noord.members.remove(cast.anna)
    cast.zuid.members.add(cast.anna)
    swept(TUESDAY)
    assert len(live("visit_nobody_goes", visit)) == 1


def test_who_is_out_of_the_project_goes_nowhere_and_it_is_told(cast):
    cast.project()
    visit = cast.visit(by=cast.rachid, on=WEDNESDAY)
    swept(TUESDAY, 8)
    assert live("visit_nobody_goes", visit) == []
    ProjectMember.objects.filter(user=cast.rachid).delete()
    swept(TUESDAY)
    assert len(live("visit_nobody_goes", visit)) == 1


# --- With two ------------------------------------------------------------------------------------------------------
def with_two(cast, review_on=THURSDAY + timedelta(days=90)):
    """Dirk decides that one visits with two here."""
    cases.decide_flag(
        tenancy=cast.bos,
        kind=FlagKind.TWO_VISITORS,
        instruction="Samen",
        reason="Dreigde",
        by=cast.dirk,
        at=cast.at,
        review_on=review_on,
        told_on=TUESDAY,
    )


def test_a_visit_that_was_planned_for_one_asks_who_comes_along(cast):
    visit = cast.visit(on=THURSDAY)
    swept(TUESDAY, 8)
    assert live("visit_alone", visit) == []
    with_two(cast)
    swept(TUESDAY)
    assert live("visit_alone", visit) == ["Anna"]
    visits.change_visitors(visit=visit, visitor=cast.anna, second_visitor=cast.bram, by=cast.anna, at=cast.at)
    assert live("visit_alone", visit) == []


def test_it_ends_with_the_agreement_the_visit_and_the_day_and_comes_again(cast):
    visit, other = cast.visit(on=THURSDAY), cast.visit(on=THURSDAY)
    with_two(cast)
    swept(TUESDAY)
    flag = AttentionFlag.objects.get()
    assert (live("visit_alone", visit), live("visit_alone", other)) == (["Anna"], ["Anna"])
    raw(flag, status=FlagStatus.ENDED, ended_on=TUESDAY)
    swept(TUESDAY, 11)
    assert live("visit_alone", visit) == []
    raw(flag, status=FlagStatus.ACTIVE, ended_on=None)
    swept(TUESDAY, 12)
    assert live("visit_alone", visit) == ["Anna"]
    # Another visitor, and who stands in for her.
    raw(visit, visitor=cast.bram)
    swept(TUESDAY, 13)
    assert (live("visit_alone", visit), live("visit_alone", other)) == (["Bram"], ["Anna"])
    Absence.objects.create(user=cast.bram, substitute=cast.dirk, from_on=WEDNESDAY, until_on=WEDNESDAY)
    swept(WEDNESDAY)
    assert live("visit_alone", visit) == ["Dirk"]
    visits.end_visit(
        visit=visit, client_uuid=uuid4(), outcome=Outcome.CANCELLED, by=cast.bram, at=moment(WEDNESDAY, 11)
    )
    assert live("visit_alone", visit) == []
    swept(THURSDAY)
    assert live("visit_alone", other) == ["Anna"]
    swept(THURSDAY + timedelta(days=1))
    assert live("visit_alone", other) == []


def test_a_visit_after_the_agreement_ended_is_for_one(cast):
    with_two(cast, review_on=WEDNESDAY)
    wednesday, thursday = cast.visit(on=WEDNESDAY, second_visitor=cast.bram), cast.visit(on=THURSDAY)
    Visit.objects.filter(pk=wednesday.pk).update(second_visitor=None)
    swept(TUESDAY)
    assert live("visit_alone", wednesday) == ["Anna"]
    assert live("visit_alone", thursday) == []


@pytest.mark.parametrize("goes", ["visitor", "second_visitor"])
def test_who_leaves_does_not_send_the_handler_alone_unsaid(cast, goes):
    with_two(cast)
    case = cast.case(types=(SignalType.CONFUSION,), second_reader=cast.bram)
    both = {"visitor": cast.anna, "second_visitor": cast.anna} | {goes: cast.bram}
    visit = cast.visit(by=cast.anna, on=THURSDAY, case=case, **both)
    work.leave(colleague=fresh(cast.bram), by=cast.dirk, at=cast.at)
    visit.refresh_from_db()
    assert (visit.visitor, visit.second_visitor) == (cast.anna, None)
    swept(TUESDAY)
    assert live("visit_alone", visit) == ["Anna"]


def test_a_secret_visit_that_comes_to_its_handler_is_told_to_her_and_written_down(cast, client):
    case = cast.case(types=(SignalType.CONFUSION,), second_reader=cast.bram)
    visit = cast.visit(by=cast.anna, visitor=cast.bram, on=THURSDAY, case=case)
    work.leave(colleague=fresh(cast.bram), by=cast.dirk, at=cast.at)
    swept(TUESDAY)
    assert Notice.objects.live().get(rule="work_received").recipient == cast.anna
    with time_machine.travel(moment(TUESDAY, 11), tick=False):
        client.force_login(cast.anna)
        page = client.get(HandedOn.objects.get(receiver=cast.anna).get_absolute_url()).content.decode()
        assert "Kerkstraat 47" in page
        assert "Dirk" not in page
        assert "Het bezoek ging naar een andere collega" in client.get(case.get_absolute_url()).content.decode()
    assert not Notice.objects.filter(recipient=cast.dirk, subject_id=visit.pk).exists()


# --- Saying who goes -----------------------------------------------------------------------------------------------
def test_saving_who_goes_already_says_nothing(cast):
    from corporatie.journal.models import Entry

    visit = cast.visit(on=THURSDAY, second_visitor=cast.bram)
    HandedOn.objects.all().delete()
    for _time in range(2):
        visits.change_visitors(visit=visit, visitor=cast.anna, second_visitor=cast.bram, by=cast.bram, at=cast.at)
    assert not Entry.objects.filter(kind="visit_handed_on").exists()
    assert not HandedOn.objects.exists()


def test_who_newly_comes_along_is_not_told_that_it_was_the_visitors(cast):
    visit = cast.visit(on=THURSDAY, second_visitor=cast.bram)
    HandedOn.objects.all().delete()
    visits.change_visitors(visit=visit, visitor=cast.anna, second_visitor=cast.dirk, by=cast.anna, at=cast.at)
    told = HandedOn.objects.get()
    assert (told.holder, told.receiver) == (cast.bram, cast.dirk)
