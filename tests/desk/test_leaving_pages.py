"""The page of a goodbye: who sees what of it, who gets what, and when the door closes."""

import re
from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from cases.actions import refuse_hand_over
from cases.models import Case, HandOver
from cases.states import HandOverAnswer, SignalType
from corporatie.staff.actions import say_goodbye
from corporatie.staff.models import Absence, User
from corporatie.staff.permissions import Role
from corporatie.work import actions as work
from corporatie.work.models import Duty, FollowUp, HandedOn
from corporatie.work.rules import held_by
from corporatie.work.states import Shift
from tests.cast import colleague, signed_in_anew
from visits import actions as visits
from visits.states import Outcome

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(time_machine_at):
    """All of this happens on the cast's day: the pages ask the clock."""


@pytest.fixture
def url(cast):
    return f"/team/afscheid/{cast.anna.pk}/"


@pytest.fixture
def dirk(client, cast):
    client.force_login(cast.dirk)
    return client


def promise(cast, *, subject=None, tenancy=None, owner=None, what="Bel terug"):
    tenancy = tenancy or cast.bos
    return work.add_follow_up(
        tenancy=tenancy,
        subject=subject or tenancy,
        what=what,
        owner=owner or cast.anna,
        due_on=cast.at.date(),
        is_promise=True,
        by=cast.anna,
        at=cast.at,
    )


def names(cast):
    return [f"n-{held.key}" for held in held_by(cast.anna, at=cast.at)]


def test_the_lead_sees_row_by_row_and_saves_who_gets_what(dirk, cast, url):
    cast.case()
    promise(cast)
    html = dirk.get(url).content.decode()
    assert "2 van de 2 hebben nog geen nieuwe eigenaar" in html
    assert html.count("Kerkstraat 47") >= 2
    offered = re.findall(r'<option value="(\d+)"', html)
    assert str(cast.bram.pk) in offered
    assert not {str(cast.carla.pk), str(cast.hans.pk), str(cast.anna.pk)} & set(offered)

    answer = dirk.post(url, dict.fromkeys(names(cast), cast.bram.pk), follow=True)
    html = answer.content.decode()
    assert "1 regel ging naar een collega" in html
    assert "1 dossier wacht op een ja" in html
    assert "Wacht op ja" in html
    assert FollowUp.objects.get(is_promise=True).owner == cast.bram


def test_fill_in_proposes_where_it_may_be_and_writes_nothing(dirk, cast, url):
    cast.case()
    promise(cast)
    # A caretaker may keep a promise, and may not work on a dossier.
    html = dirk.post(url, {"vul": "1", "allen": str(cast.wim.pk)}).content.decode()
    assert html.count(f'value="{cast.wim.pk}" selected') == 1
    assert "1 regel is ingevuld. Er is nog niets bewaard." in html
    assert FollowUp.objects.filter(owner=cast.anna).count() == 2
    assert not HandOver.objects.exists()


def test_a_visit_says_at_what_time_it_is(dirk, cast, url):
    cast.visit(planned_time=time(14, 0), second_visitor=cast.bram)
    cast.visit(visitor=cast.bram, second_visitor=cast.anna, planned_time=time(15, 30))
    html = dirk.get(url).content.decode()
    assert "<small>14:00</small>" in html
    assert "<small>15:30</small>" in html


def test_fill_in_without_a_name_says_so(dirk, cast, url):
    cast.case()
    assert "U koos nog niemand" in dirk.post(url, {"vul": "1"}).content.decode()


def test_who_said_no_stands_in_the_row_until_another_is_asked(dirk, cast, url, at):
    cast.case()
    dirk.post(url, dict.fromkeys(names(cast), cast.bram.pk))
    assert "zei nee" not in dirk.get(url).content.decode()
    refuse_hand_over(hand_over=HandOver.objects.get(), reason="Te ver", by=cast.bram, at=at)
    html = dirk.get(url).content.decode()
    assert "Bram Visser zei nee" in html
    # Why is for who asked, on the page of the dossier.
    assert "Te ver" not in html
    dirk.post(url, dict.fromkeys(names(cast), cast.dirk.pk))
    assert "zei nee" not in dirk.get(url).content.decode()


def test_who_was_on_the_roster_leaves_a_place_and_the_page_says_so(client, cast, at):
    client = signed_in_anew(client, cast.dirk)
    leaves = Duty(
        team=cast.noord, user=cast.anna, shift=Shift.OFFICE, from_on=at.date(), until_on=at.date() + timedelta(days=6)
    )
    work.plan_duty(duty=leaves, by=cast.dirk, at=at)
    page = client.post(f"/team/afscheid/{cast.anna.pk}/uit-dienst/", follow=True).content.decode()
    assert "staat niet meer op het rooster" in page
    assert "Anna werkt hier niet meer" in page
    assert "/uit-dienst/" not in page
    assert not Duty.objects.filter(until_on__gte=at.date()).exists()


def test_closing_access_stands_before_all_the_work(dirk, cast, url):
    cast.case()
    html = dirk.get(url).content.decode()
    assert 0 < html.index(f"{url}toegang/") < html.index('id="werk"')


def test_who_is_away_is_shown_so(dirk, cast, url, at):
    promise(cast)
    today = timezone.localdate(at)
    Absence.objects.create(user=cast.bram, substitute=cast.dirk, from_on=today, until_on=today + timedelta(days=3))
    assert re.search(r"Bram Visser – afwezig", dirk.get(url).content.decode())


def test_a_secret_dossier_is_not_in_the_page_nor_in_a_number(dirk, cast, url):
    empty = dirk.get(url).content.decode()
    cast.case(types=(SignalType.CHILDREN,))
    same = dirk.get(url).content.decode()

    def bare(html):
        return re.sub(r'nonce="[^"]+"|value="[A-Za-z0-9]{60,}"', "", html)

    assert bare(same) == bare(empty)


def test_a_secret_row_cannot_be_sent_either(dirk, cast, url):
    secret = cast.case(types=(SignalType.CHILDREN,))
    step = secret.next_step
    dirk.post(url, {f"n-case-{secret.pk}": cast.bram.pk, f"n-action-{step.pk}": cast.bram.pk})
    assert not HandOver.objects.exists()
    assert FollowUp.objects.get().owner == cast.anna


def test_the_administrator_sees_numbers_and_who_divides(client, cast, url):
    promise(cast, what="Iets persoonlijks")
    client.force_login(cast.hans)
    html = client.get(url).content.decode()
    assert "1 regel" in html
    assert "Dirk Bakker" in html
    assert "Iets persoonlijks" not in html
    assert "Kerkstraat" not in html
    assert client.post(url, dict.fromkeys(names(cast), cast.bram.pk)).status_code == 403


def test_a_team_without_a_lead_is_told_to_the_administrator(client, cast, url):
    promise(cast)
    say_goodbye(colleague=cast.dirk, by=cast.hans, at=cast.at)
    client.force_login(cast.hans)
    assert "heeft geen teamleider" in client.get(url).content.decode()


def test_work_where_no_team_is_says_what_to_do(client, cast, url):
    promise(cast, what="Iets persoonlijks")
    cast.buurt_noord.team = None
    cast.buurt_noord.save()
    client.force_login(cast.dirk)
    html = client.get(url).content.decode()
    assert "Buurt Noord-1, zonder team" in html
    assert "Laat de functioneel beheerder de buurt een team geven" in html
    assert "/beheer/" not in html
    client.force_login(cast.hans)
    html = client.get(url).content.decode()
    assert 'href="/beheer/tenants/neighbourhood/"' in html
    assert "Iets persoonlijks" not in html
    # The road it names leads somewhere: then a lead divides it.
    cast.buurt_noord.team = cast.noord
    cast.buurt_noord.save()
    client.force_login(cast.dirk)
    assert "Iets persoonlijks" in client.get(url).content.decode()


def test_standing_in_for_who_is_in_no_team_is_the_administrators(client, cast, url, at):
    today = timezone.localdate(at)
    Absence.objects.create(user=cast.petra, substitute=cast.anna, from_on=today, until_on=today)
    client.force_login(cast.hans)
    html = client.get(url).content.decode()
    assert "dan kiest de functioneel beheerder iemand anders" in html
    assert 'href="/beheer/staff/absence/"' in html


def test_standing_in_is_given_to_another_and_never_to_oneself(dirk, cast, url, at):
    """What she may not have is not offered, and filling in leaves it open."""
    today = timezone.localdate(at)
    absence = Absence.objects.create(user=cast.bram, substitute=cast.anna, from_on=today, until_on=today)
    html = dirk.get(url).content.decode()
    assert "De functioneel beheerder kan een andere vervanger kiezen." in html
    eva = colleague("Eva Smit", Role.HOUSING_CONSULTANT, team=cast.noord)
    html = dirk.get(url).content.decode()
    row = html.split(f'name="n-standing_in-{absence.pk}"')[1].split("</select>")[0]
    assert f'value="{cast.wim.pk}"' not in row  # He handles no dossiers.
    assert f'value="{cast.dirk.pk}"' not in row
    html = dirk.post(url, {"allen": cast.dirk.pk, "vul": "1"}).content.decode()
    assert "selected" not in html.split(f'name="n-standing_in-{absence.pk}"')[1].split("</select>")[0]
    for chosen, stands_in in ((cast.dirk, cast.anna), (eva, eva)):
        dirk.post(url, {f"n-standing_in-{absence.pk}": chosen.pk})
        absence.refresh_from_db()
        assert absence.substitute == stands_in


def test_a_lead_who_may_see_it_divides_what_is_about_no_household(dirk, cast, at):
    """Petra is in no team; she alone leads a project in Noord. Sofie is in no team and stands in for Anna."""
    cast.project()
    today = timezone.localdate(at)
    absence = Absence.objects.create(user=cast.anna, substitute=cast.sofie, from_on=today, until_on=today)
    second = colleague("Pim Vos", Role.PROJECT_LEADER)
    for holder, receiver in ((cast.petra, second), (cast.sofie, cast.bram)):
        url = f"/team/afscheid/{holder.pk}/"
        assert dirk.get(url).status_code == 200
        [key] = [held.key for held in held_by(holder, at=at)]
        dirk.post(url, {f"n-{key}": receiver.pk})
        assert held_by(holder, at=at) == []
        work.leave(colleague=holder, by=cast.dirk, at=at)
    absence.refresh_from_db()
    assert absence.substitute == cast.bram


def test_the_page_of_the_team_leads_to_who_is_in_no_team_or_has_no_access(client, cast, url):
    promise(cast)
    promise(cast, owner=cast.wim)
    for nobodys in (cast.wim, cast.bram):
        cast.noord.members.remove(nobodys)
    say_goodbye(colleague=cast.anna, by=cast.dirk, at=cast.at)
    client.force_login(cast.dirk)
    html = client.get("/team/").content.decode()
    assert f'href="{url}"' in html
    assert f'href="/team/afscheid/{cast.wim.pk}/"' in html
    assert f'href="/team/afscheid/{cast.bram.pk}/"' not in html
    assert client.get(f"/team/afscheid/{cast.wim.pk}/").status_code == 200


@pytest.mark.parametrize("who", ["anna", "bram", "carla", "wim", "petra", "olga", "mila", "rachid"])
def test_for_everyone_else_there_is_no_such_page(client, cast, who, url):
    promise(cast)
    client.force_login(getattr(cast, who))
    for page in ("", "toegang/", "uit-dienst/", "team/?naar=1"):
        assert client.get(url + page).status_code == 404


def test_a_lead_of_another_team_sees_the_work_that_lies_with_hers(client, cast, url):
    lena = colleague("Lena Zuid", Role.TEAM_LEAD, team=cast.zuid)
    client.force_login(lena)
    assert client.get(url).status_code == 404
    promise(cast, what="Van Noord")
    of_zuid = promise(cast, tenancy=cast.kaya, owner=cast.carla, what="Van Zuid")
    FollowUp.objects.filter(pk=of_zuid.pk).update(owner=cast.anna)
    html = client.get(url).content.decode()
    assert "Van Zuid" in html
    assert "Van Noord" not in html
    assert client.get(url + "toegang/").status_code == 403


def test_closing_access_asks_who_one_is_and_ends_everything_at_once(client, cast, url):
    client.force_login(cast.anna)
    promise(cast)
    lead = type(client)()
    cast.dirk.set_password("keukentafel-test-1")
    cast.dirk.save()
    lead.force_login(cast.dirk)
    assert lead.post(url + "toegang/").status_code == 302
    assert User.objects.get(pk=cast.anna.pk).is_active

    signed_in_anew(lead, cast.dirk)
    assert lead.get(url + "toegang/").status_code == 200
    answer = lead.post(url + "toegang/", follow=True)
    assert "overal uitgelogd" in answer.content.decode()
    assert not User.objects.get(pk=cast.anna.pk).is_active
    assert client.get("/vandaag/").status_code == 302
    # Let in again, her old session is still no way in.
    User.objects.get_queryset().filter(pk=cast.anna.pk).update(is_active=True)
    assert client.get("/vandaag/").status_code == 302
    User.objects.get_queryset().filter(pk=cast.anna.pk).update(is_active=False)
    assert FollowUp.objects.get().owner == cast.anna
    # Her work can still be divided, and a second click says how it is.
    assert "toegang gesloten" in lead.get(url).content.decode()
    assert lead.post(url + "toegang/").status_code == 422


def test_leaving_is_not_possible_yet_while_something_has_nobody(client, cast, url):
    promise(cast)
    lead = signed_in_anew(client, cast.dirk)
    assert "Kan nog niet" in lead.get(url).content.decode()
    assert lead.post(url + "uit-dienst/").status_code == 422
    assert User.objects.get(pk=cast.anna.pk).is_active
    lead.post(url, dict.fromkeys(names(cast), cast.bram.pk))
    assert "Kan nog niet" not in lead.get(url).content.decode()
    assert lead.post(url + "uit-dienst/").status_code == 302
    assert not User.objects.get(pk=cast.anna.pk).is_active
    assert lead.post(url + "uit-dienst/").status_code == 422


def test_to_another_team_shows_only_what_would_be_out_of_reach(client, cast, url):
    promise(cast, what="Blijft achter")
    cast.visit(purpose="Aan die deur")
    held = cast.visit(purpose="Zelf gesproken")
    visits.file_report(
        tenancy=cast.bos,
        visit=held,
        client_uuid=uuid4(),
        talk=visits.Talk(outcome=Outcome.TALKED, elaborate_later=True),
        by=cast.anna,
        at=cast.at,
    )
    client.force_login(cast.dirk)
    html = client.get(f"{url}?naar={cast.zuid.pk}").content.decode()
    assert "Naar team Zuid" in html
    assert "Blijft achter" in html
    assert "Aan die deur" in html
    assert "Zelf gesproken" not in html
    assert set(User.objects.get(pk=cast.anna.pk).teams.all()) == {cast.noord}
    hans = signed_in_anew(type(client)(), cast.hans)
    assert hans.post(f"{url}team/?naar={cast.zuid.pk}").status_code == 422
    client.post(f"{url}?naar={cast.zuid.pk}", dict.fromkeys(names(cast), cast.bram.pk))
    assert client.post(f"{url}team/?naar={cast.zuid.pk}").status_code == 403
    # The talk she had is hers to work out.
    assert hans.post(f"{url}team/?naar={cast.zuid.pk}").status_code == 302
    assert set(User.objects.get(pk=cast.anna.pk).teams.all()) == {cast.zuid}


def test_the_page_of_the_team_lets_nobody_go_who_leaves_work_behind(client, cast):
    hans = signed_in_anew(client, cast.hans)
    page = f"/beheer/staff/team/{cast.noord.pk}/change/"
    stay = [cast.bram.pk, cast.dirk.pk, cast.wim.pk]
    follow_up = promise(cast)
    answer = hans.post(page, {"name": "Noord", "members": stay})
    assert "open werk" in answer.content.decode()
    assert cast.anna in cast.noord.members.all()
    work.finish_follow_up(follow_up=follow_up, by=cast.bram, at=cast.at)
    hans.post(page, {"name": "Noord", "members": stay})
    assert cast.anna not in cast.noord.members.all()


def test_who_got_work_reads_her_own_list(client, cast, url):
    promise(cast, what="Voor Bram")
    work.divide_work(
        holder=cast.anna, choices=dict.fromkeys([n[2:] for n in names(cast)], cast.bram.pk), by=cast.dirk, at=cast.at
    )
    handed = HandedOn.objects.get()
    client.force_login(cast.dirk)
    assert client.get(handed.get_absolute_url()).status_code == 404
    client.force_login(cast.bram)
    assert "Voor Bram" in client.get(handed.get_absolute_url()).content.decode()
    work.finish_follow_up(follow_up=FollowUp.objects.get(), by=cast.bram, at=cast.at)
    assert "Voor Bram" not in client.get(handed.get_absolute_url()).content.decode()


# --- Taking over ---------------------------------------------------------------------------------------------
@pytest.fixture
def asked(cast):
    case = cast.case()
    work.divide_work(holder=cast.anna, choices={f"case-{case.pk}": cast.bram.pk}, by=cast.dirk, at=cast.at)
    return case


def test_who_is_asked_says_yes(client, cast, asked):
    client.force_login(cast.bram)
    assert "gevraagd dit dossier over te nemen" in client.get(asked.get_absolute_url()).content.decode()
    page = f"{asked.get_absolute_url()}overnemen/"
    assert "Bel mevrouw" in client.get(page).content.decode()
    client.post(page, {"antwoord": "ja"})
    assert Case.objects.get().handler == cast.bram
    assert client.post(page, {"antwoord": "ja"}).status_code == 302


def test_who_is_asked_says_no_with_a_reason(client, cast, asked):
    client.force_login(cast.bram)
    page = f"{asked.get_absolute_url()}overnemen/"
    assert client.post(page, {"antwoord": "nee", "reason": " "}).status_code == 422
    client.post(page, {"antwoord": "nee", "reason": "Ik ken de buren"})
    assert HandOver.objects.get().answer == HandOverAnswer.NO
    assert Case.objects.get().handler == cast.anna


@pytest.mark.parametrize(("who", "reads"), [("dirk", True), ("anna", True), ("bram", False)])
def test_who_asked_and_who_handles_it_read_why_not(client, cast, asked, who, reads):
    refuse_hand_over(hand_over=HandOver.objects.get(), reason="Ik ken de buren", by=cast.bram, at=cast.at)
    client.force_login(getattr(cast, who))
    assert ("Ik ken de buren" in client.get(asked.get_absolute_url()).content.decode()) is reads


@pytest.mark.parametrize(("who", "code"), [("dirk", 403), ("anna", 403), ("carla", 404), ("hans", 404)])
def test_who_is_not_asked_cannot_answer(client, cast, asked, who, code):
    client.force_login(getattr(cast, who))
    assert client.post(f"{asked.get_absolute_url()}overnemen/", {"antwoord": "ja"}).status_code == code
    assert Case.objects.get().handler == cast.anna
