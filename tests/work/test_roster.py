"""The page of the roster: everyone of the team reads it, who leads the team changes it."""

import re
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from corporatie.staff.models import Absence, User
from corporatie.staff.states import AbsencePart
from corporatie.work.models import Duty, DutyHours
from corporatie.work.states import DutyOrder, Shift
from tests.work.test_duty import duty, moment, put

ROSTER = "/team/rooster/"
pytestmark = pytest.mark.usefixtures("time_machine_at")


@pytest.fixture
def read(client):
    """What stands on a page, without the marks of HTML."""

    def page(user, url=ROSTER):
        client.force_login(user)
        answer = client.get(url)
        assert answer.status_code == 200
        return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())

    return page


def answers(who, **more):
    """A filled in form."""
    return {
        "user": who.pk,
        "shift": Shift.OFFICE,
        "order": DutyOrder.FIRST,
        "from_on": "2026-11-23",
        "until_on": "2026-12-06",
        "version": "",
        **more,
    }


def test_without_a_roster_the_page_says_what_happens(read, cast):
    text = read(cast.wim)
    assert "Niemand staat op het rooster van deze twee weken." in text
    assert "Een acuut signaal gaat meteen naar de teamleider." in text


def test_without_a_lead_it_does_not_say_that_one_hears_of_it(read, cast):
    cast.dirk.grants.all().delete()
    text = read(cast.wim)
    assert "teamleider heeft" not in text
    assert "Niemand heeft nu dienst en er is geen teamleider." in text


def test_before_the_office_opens_the_night_of_yesterday_stands_on_top(read, cast):
    """Monday five past midnight: the weekend runs until eight."""
    put(duty(cast.dirk, cast.noord, Shift.WEEKEND), duty(cast.anna, cast.noord, Shift.OFFICE))
    with time_machine.travel(moment("2026-11-30T00:05"), tick=False):
        text = read(cast.wim)
    assert "Nu dienst: Dirk Bakker" in text
    assert text.index("zo 29 november") < text.index("ma 30 november")


def test_two_weeks_with_who_and_what_is_missing(read, cast):
    put(
        duty(cast.anna, cast.noord, Shift.OFFICE),
        duty(cast.bram, cast.noord, Shift.EVENING, days=(date(2026, 11, 23), date(2026, 12, 2))),
        duty(cast.dirk, None, Shift.WEEKEND, days=(date(2026, 11, 29), date(2026, 12, 6))),
    )
    text = read(cast.wim)
    assert "Nu dienst: Anna Jansen" in text
    assert "Zaterdag 28 november heeft niemand dienst." in text
    assert "Zondag 29 november heeft niemand dienst." not in text
    assert "Donderdag 3 december heeft ’s avonds en ’s nachts niemand dienst." in text
    assert "3 diensten hebben nog niemand." in text
    assert "Dirk Bakker (hele corporatie)" in text
    assert "Carla" not in text
    # What is over is left out.
    assert "ma 23 november" not in text
    assert "di 24 november" in text


def test_who_does_not_count_is_said(read, cast):
    put(
        duty(cast.anna, cast.noord, Shift.OFFICE),
        duty(cast.carla, None, Shift.OFFICE, order=DutyOrder.SECOND),
    )
    day = date(2026, 11, 25)
    Absence.objects.create(user=cast.anna, substitute=cast.bram, from_on=day, until_on=day, part=AbsencePart.AFTERNOON)
    text = read(cast.anna)
    assert "Anna Jansen afwezig, alleen de middag" in text
    assert "Carla Meijer (hele corporatie) kan signalen van dit team niet openen" in text
    assert "Woensdag 25 november heeft tijdens kantooruren niemand dienst." in text


def test_the_lead_puts_down_changes_and_takes_off(client, read, cast):
    client.force_login(cast.dirk)
    url = reverse("duty_create", args=[cast.noord.pk])
    assert client.post(url, answers(cast.anna)).url == ROSTER
    row = Duty.objects.get()
    change = reverse("duty_change", args=[row.pk])
    version = client.get(change).context["form"]["version"].value()
    assert client.post(change, answers(cast.bram, version=version)).url == ROSTER
    assert "Op het rooster: Bram Visser." in read(cast.dirk)
    assert client.post(reverse("duty_drop", args=[row.pk])).url == ROSTER
    assert "Van het rooster af: Bram Visser." in read(cast.dirk)
    assert not Duty.objects.exists()


def test_what_comes_after_the_two_weeks_stands_below_and_can_be_changed(client, read, cast):
    client.force_login(cast.dirk)
    url = reverse("duty_create", args=[cast.noord.pk])
    client.post(url, answers(cast.anna, from_on="2027-01-04", until_on="2027-01-10"))
    text = read(cast.dirk)
    assert "Daarna" in text
    assert text.index("Daarna") < text.rindex("Anna Jansen")
    assert reverse("duty_change", args=[Duty.objects.get().pk]) in client.get(ROSTER).content.decode()
    over = client.post(url, answers(cast.anna, from_on="2026-11-02", until_on="2026-11-06"))
    assert over.status_code == 422
    assert "Deze dagen zijn voorbij" in over.content.decode()


def test_only_colleagues_of_the_team_who_judge_are_offered_with_their_absence(client, cast):
    Absence.objects.create(user=cast.anna, substitute=cast.bram, from_on=date(2026, 12, 1), until_on=date(2026, 12, 2))
    User.objects.get_queryset().filter(pk=cast.bram.pk).update(is_active=False)
    client.force_login(cast.dirk)
    form = client.get(reverse("duty_create", args=[cast.noord.pk])).context["form"]
    offered = [str(label) for _pk, label in form.fields["user"].widget.choices][1:]
    assert offered == ["Anna Jansen – afwezig van 1 december t/m 2 december, Bram Visser vervangt", "Dirk Bakker"]


@pytest.mark.parametrize("who", ["wim", "carla", "hans"])
def test_the_same_on_post(client, cast, who):
    client.force_login(cast.dirk)
    answer = client.post(reverse("duty_create", args=[cast.noord.pk]), answers(getattr(cast, who)))
    assert answer.status_code == 422
    assert not Duty.objects.exists()


def test_a_clash_is_said_and_what_was_typed_is_kept(client, cast):
    put(duty(cast.anna, cast.noord, Shift.OFFICE))
    client.force_login(cast.dirk)
    answer = client.post(reverse("duty_create", args=[cast.noord.pk]), answers(cast.bram))
    assert answer.status_code == 422
    assert "Anna Jansen heeft deze plaats op het rooster al" in answer.content.decode()
    assert answer.context["form"]["from_on"].value() == "2026-11-23"


def test_an_absent_colleague_is_put_down_with_a_warning(client, read, cast):
    Absence.objects.create(user=cast.anna, substitute=cast.bram, from_on=date(2026, 12, 1), until_on=date(2026, 12, 1))
    client.force_login(cast.dirk)
    client.post(reverse("duty_create", args=[cast.noord.pk]), answers(cast.anna))
    assert "Let op: Anna Jansen is afwezig: 1 december." in read(cast.dirk)


def test_a_form_that_grew_stale_changes_nothing(client, cast, at):
    put(duty(cast.anna, cast.noord, Shift.OFFICE))
    row = Duty.objects.get()
    client.force_login(cast.dirk)
    change = reverse("duty_change", args=[row.pk])
    version = client.get(change).context["form"]["version"].value()
    Duty.objects.update(changed_at=at, user=cast.dirk)
    answer = client.post(change, answers(cast.bram, version=version))
    assert answer.status_code == 422
    assert "Een collega heeft dit intussen gewijzigd" in answer.content.decode()
    assert Duty.objects.get().user == cast.dirk


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"until_on": "2026-11-01"}, "De laatste dag ligt vóór de eerste dag."),
        ({"from_on": ""}, "Kies de eerste dag."),
        ({"until_on": ""}, "Kies de laatste dag."),
        ({"until_on": "31-02-2026"}, "Deze dag bestaat niet."),
        ({"user": ""}, "Kies wie dienst heeft."),
    ],
)
def test_what_is_missing_is_said(client, cast, data, words):
    client.force_login(cast.dirk)
    answer = client.post(reverse("duty_create", args=[cast.noord.pk]), answers(cast.anna, **data))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_who_reads_and_who_changes(client, cast):
    put(duty(cast.anna, cast.noord, Shift.OFFICE), duty(cast.carla, cast.zuid, Shift.OFFICE))
    put(duty(cast.dirk, None, Shift.OFFICE))
    mine, other, of_all = (
        reverse("duty_change", args=[Duty.objects.get(user=user).pk]) for user in (cast.anna, cast.carla, cast.dirk)
    )
    found = {}
    for name in ("anna", "wim", "dirk", "carla", "mila", "olga", "hans", "petra"):
        client.force_login(getattr(cast, name))
        found[name] = tuple(client.get(url).status_code for url in (ROSTER, mine, other, of_all))
    assert found == {
        "anna": (200, 403, 404, 403),
        "wim": (200, 403, 404, 403),
        "dirk": (200, 200, 404, 403),
        "carla": (200, 404, 403, 403),
        "mila": (403, 404, 404, 404),
        "olga": (403, 404, 404, 404),
        "hans": (403, 404, 404, 404),
        "petra": (403, 404, 404, 404),
    }


# --- The administration ------------------------------------------------------------------------------
def test_the_administrator_makes_the_roster_of_a_team_and_of_the_association(client, cast):
    client.force_login(cast.hans)
    url = reverse("admin:work_duty_add")
    client.post(url, answers(cast.anna, team=cast.noord.pk))
    client.post(url, answers(cast.carla, team=""))
    assert {(row.team, row.user, row.changed_by) for row in Duty.objects.all()} == {
        (cast.noord, cast.anna, cast.hans),
        (None, cast.carla, cast.hans),
    }
    answer = client.post(url, answers(cast.carla, team=cast.noord.pk, order=DutyOrder.SECOND))
    Absence.objects.create(user=cast.bram, substitute=cast.dirk, from_on=date(2026, 12, 1), until_on=date(2026, 12, 4))
    offered = client.get(url).content.decode()
    assert "Bram Visser – afwezig" in offered
    assert f'value="{cast.wim.pk}"' not in offered.split('name="user"')[1].split("</select>")[0]
    assert client.post(url, answers(cast.wim, team="", order=DutyOrder.THIRD)).status_code == 200
    assert "Carla Meijer kan hier geen dienst hebben" in answer.content.decode()
    row = Duty.objects.get(team=None)
    client.post(reverse("admin:work_duty_delete", args=[row.pk]), {"post": "yes"})
    assert Duty.objects.count() == 1
    assert "Noord" in client.get(reverse("admin:work_duty_changelist")).content.decode()


def test_the_administrator_sets_the_hours(client, cast):
    client.force_login(cast.hans)
    url = reverse("admin:work_dutyhours_change", args=[DutyHours.objects.get().pk])
    client.post(url, {"opens_at": "07:30", "closes_at": "16:30", "minutes": "15"})
    hours = DutyHours.load()
    assert (str(hours), hours.minutes) == ("07:30–16:30", 15)
    for wrong in ({"opens_at": "17:00"}, {"minutes": "0"}, {"minutes": "9999"}):
        answer = client.post(url, {"opens_at": "07:30", "closes_at": "16:30", "minutes": "15"} | wrong)
        assert answer.status_code == 200
    assert DutyHours.load().minutes == 15


# --- Who is on duty now can be reached -----------------------------------------------------------------------------
def test_after_midnight_the_watch_of_yesterday_can_still_get_somebody(client, read, cast):
    with time_machine.travel(moment("2026-11-24T03:16"), tick=False):
        client.force_login(cast.dirk)
        url = reverse("duty_create", args=[cast.noord.pk])
        night = answers(cast.anna, shift=Shift.EVENING, from_on="2026-11-23", until_on="2026-11-23")
        refused = client.post(url, night | {"shift": Shift.OFFICE})
        assert "Deze dagen zijn voorbij. Kies een dag die nog komt." in refused.content.decode()
        assert client.post(url, night).status_code == 302
        assert "Nu dienst: Anna Jansen" in read(cast.wim)


def test_who_cannot_be_phoned_is_put_down_with_a_word_about_it(client, cast):
    client.force_login(cast.dirk)
    url = reverse("duty_create", args=[cast.noord.pk])
    words = "Let op: wij weten geen telefoonnummer van Anna Jansen."
    assert words in client.post(url, answers(cast.anna), follow=True).content.decode()
    User.objects.get_queryset().filter(pk=cast.bram.pk).update(phone="0612345678")
    page = client.post(url, answers(cast.bram, order=DutyOrder.SECOND), follow=True).content.decode()
    assert "wij weten geen telefoonnummer" not in page
