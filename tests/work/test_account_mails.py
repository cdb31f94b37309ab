"""A change of somebody's account is heard: by herself, at her old address, and by who watches over accounts."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from corporatie.staff import actions as staff
from corporatie.staff.models import AccountChange, RoleGrant, User
from corporatie.staff.permissions import Role
from corporatie.staff.states import AccountChangeKind as Kind
from corporatie.work import actions
from corporatie.work.models import OutgoingMail
from corporatie.work.reminders import sweep
from tests.cast import colleague

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


@pytest.fixture
def change(cast):
    """Something changed in an account; by Hans unless said otherwise."""

    def write(whose, kind, *, by=cast.hans, at=cast.at, **details):
        return AccountChange.objects.create(colleague=whose, by=by, kind=kind, at=at, **details)

    return write


def heard(at):
    """Who hears what in this minute: the first part of the address, and the subject."""
    before = len(mail.outbox)
    sweep(at=at)
    actions.send_mails(clock=lambda: at)
    return sorted((message.to[0].split("@")[0], message.subject) for message in mail.outbox[before:])


OWN = "Keukentafel: uw account is gewijzigd"
READY = "Keukentafel: uw account is klaar"
OTHERS = "Keukentafel: accounts van collega’s zijn gewijzigd"
WEEK = "Keukentafel: wijzigingen van accounts van vorige week"


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.ROLE_GIVEN])
def test_she_herself_hears_of_every_change_once(cast, change, kind):
    change(cast.anna, kind)
    told = heard(cast.at)
    assert told.count(("anna", READY if kind == Kind.INVITED else OWN)) == 1
    assert {to for to, _subject in told} <= {"anna", "olga"}
    assert heard(cast.at + timedelta(minutes=1)) == []


def test_also_who_wants_no_mail_and_who_may_no_longer_come_in(cast, change):
    User.objects.get_queryset().filter(pk=cast.anna.pk).update(mail_choice="none", is_active=False)
    change(cast.anna, Kind.ACCESS_CLOSED)
    assert heard(cast.at) == [("anna", OWN)]


def test_the_old_address_hears_that_it_no_longer_counts(cast, change):
    change(cast.anna, Kind.EMAIL, old_email="anna.vroeger@elders.example")
    assert heard(cast.at) == [("anna", OWN), ("anna.vroeger", OWN), ("olga", OTHERS)]
    assert all("anna@" not in message.body and "elders" not in message.body for message in mail.outbox)


def test_who_is_new_reads_how_to_come_in_and_who_may_not_come_in_reads_no_link(cast, change):
    change(cast.anna, Kind.INVITED)
    change(cast.anna, Kind.ROLE_GIVEN, detail=Role.CARETAKER)
    change(cast.bram, Kind.INVITED)
    cast.bram.set_password("een lang wachtwoord")
    cast.bram.save()
    change(cast.carla, Kind.INVITED)
    User.objects.get_queryset().filter(pk=cast.carla.pk).update(is_active=False)
    told = dict(heard(cast.at))
    assert [told[name] for name in ("anna", "bram", "carla")] == [READY, OWN, OWN]


def test_an_old_address_that_is_a_new_colleague_s_hears_nothing(cast):
    had = cast.bram.email
    staff.change_address(colleague=cast.bram, email="bram.visser@voorbeeld.example", by=cast.hans, at=cast.at)
    staff.welcome(colleague=User(email=had, name="Bram Nieuw"), by=cast.hans, at=cast.at)
    told = heard(cast.at)
    # One, about the new account of her own.
    assert [subject for to, subject in told if to == "bram"] == [READY]
    [own] = [message for message in mail.outbox if message.to == [had]]
    assert "Kies eerst een wachtwoord" in own.body
    assert "/account/password/reset/" in own.body
    assert ("bram.visser", OWN) in told
    assert not OutgoingMail.objects.failed().exists()


@pytest.mark.parametrize(
    ("kind", "detail", "hears"),
    [
        (Kind.EMAIL, "", True),
        (Kind.FACTOR_ON, "", True),
        (Kind.FACTOR_OFF, "", True),
        (Kind.ROLE_GIVEN, Role.HOUSING_CONSULTANT, True),
        (Kind.ROLE_GIVEN, Role.PROJECT_LEADER, True),
        (Kind.ROLE_GIVEN, Role.APP_ADMIN, True),
        (Kind.ROLE_GIVEN, Role.PRIVACY_OFFICER, True),
        (Kind.ROLE_GIVEN, Role.MANAGER, False),
        (Kind.ROLE_TAKEN, Role.HOUSING_CONSULTANT, False),
        (Kind.ROLE_TAKEN, Role.APP_ADMIN, True),
        (Kind.ACCESS_CLOSED, "", False),
        (Kind.TEAM_JOINED, "1", False),
        (Kind.PASSWORD, "", False),
        (Kind.INVITED, "", False),
        (Kind.ABSENCE, "", False),
        (Kind.ACCESS_OPENED, "", True),
    ],
)
@pytest.mark.parametrize("by_herself", [True, False])
def test_the_privacy_officer_hears_at_once_of_what_opens_a_door(cast, change, kind, detail, hears, by_herself):
    change(cast.anna, kind, detail=detail, by=cast.anna if by_herself else cast.hans)
    assert (("olga", OTHERS) in heard(cast.at)) == hears


def test_the_privacy_officer_hears_at_once_that_an_administrator_was_sent_away(cast, change):
    ria = colleague("Ria Kok", Role.APP_ADMIN)
    User.objects.get_queryset().filter(pk=ria.pk).update(is_active=False)
    change(ria, Kind.ACCESS_CLOSED)
    assert ("olga", OTHERS) in heard(cast.at)


def test_the_other_administrators_hear_of_a_new_one(cast, change):
    ria = colleague("Ria Kok", Role.APP_ADMIN)
    colleague("Leo Vos", Role.APP_ADMIN)
    gone = colleague("Gerda Bos", Role.APP_ADMIN)
    User.objects.get_queryset().filter(pk=gone.pk).update(is_active=False)
    change(ria, Kind.ROLE_GIVEN, detail=Role.APP_ADMIN)
    # Not Hans, who did it, and not Ria twice.
    assert heard(cast.at) == [("leo", OTHERS), ("olga", OTHERS), ("ria", OWN)]


def test_the_other_administrators_hear_of_one_who_comes_back(cast, change):
    ria = colleague("Ria Kok", Role.APP_ADMIN)
    colleague("Leo Vos", Role.APP_ADMIN)
    change(ria, Kind.ACCESS_OPENED)
    assert heard(cast.at) == [("leo", OTHERS), ("olga", OTHERS), ("ria", OWN)]


def test_the_other_administrators_hear_when_one_of_them_gets_a_dossier_role(cast, change):
    ria = colleague("Ria Kok", Role.APP_ADMIN)
    colleague("Leo Vos", Role.APP_ADMIN)
    change(ria, Kind.ROLE_GIVEN, detail=Role.TEAM_LEAD)
    assert ("leo", OTHERS) in heard(cast.at)
    change(cast.anna, Kind.ROLE_GIVEN, detail=Role.TEAM_LEAD)
    change(ria, Kind.ROLE_GIVEN, detail=Role.MANAGER)
    assert ("leo", OTHERS) not in heard(cast.at + timedelta(minutes=1))


def test_a_new_colleague_is_one_mail_and_not_six(cast, change):
    cast.wim.set_password("een lang wachtwoord")
    cast.wim.save()
    for kind, detail in [(Kind.INVITED, ""), (Kind.ROLE_GIVEN, Role.CARETAKER), (Kind.ROLE_GIVEN, Role.MANAGER)]:
        change(cast.wim, kind, detail=detail)
    for kind in (Kind.TEAM_JOINED, Kind.FACTOR_ON, Kind.PASSWORD):
        change(cast.wim, kind)
    assert heard(cast.at) == [("olga", OTHERS), ("wim", OWN)]
    [own] = [message for message in mail.outbox if message.to == [cast.wim.email]]
    assert own.body.count("24-11-2026 10:00") == 6


def test_no_name_no_address_and_nobody_s_account_stands_in_a_mail(cast, change, settings):
    settings.BASE_URL = "https://keukentafel.example"
    change(cast.anna, Kind.EMAIL, old_email="anna.vroeger@elders.example")
    change(cast.anna, Kind.ROLE_GIVEN, detail=Role.TEAM_LEAD)
    change(cast.anna, Kind.ABSENCE, detail=str(cast.bram.pk))
    heard(cast.at)
    heard(MONDAY)
    assert len(mail.outbox) == 4
    for message in mail.outbox:
        text = f"{message.subject} {message.body} {message.extra_headers}"
        for secret in ("Anna", "anna@", "Jansen", "vroeger", "Bram", "Hans", "Groot"):
            assert secret not in text
    log = "https://keukentafel.example" + reverse("admin:staff_accountchange_changelist")
    assert [log in message.body for message in mail.outbox] == [
        message.to == [cast.olga.email] for message in mail.outbox
    ]


def test_the_rest_is_one_mail_on_the_first_working_day_of_the_week(cast, change):
    change(cast.anna, Kind.PASSWORD, by=cast.anna)
    change(cast.bram, Kind.PASSWORD, by=cast.bram)
    change(cast.anna, Kind.FACTOR_ON, by=cast.anna)
    heard(cast.at)
    for day in (1, 2, 3, 4, 5):
        assert heard(cast.at + timedelta(days=day)) == []
    assert heard(MONDAY - timedelta(hours=3)) == []
    assert heard(MONDAY) == [("olga", WEEK)]
    body = mail.outbox[-1].body
    assert "Wachtwoord gewijzigd: 2" in body
    assert "Tweede stap" not in body
    assert heard(MONDAY + timedelta(days=1)) == []
    assert heard(MONDAY + timedelta(days=7)) == []


def test_what_changes_in_the_week_waits_for_the_next_and_a_closed_monday_for_tuesday(cast, change):
    from corporatie.work.models import SpecialDay

    change(cast.anna, Kind.PASSWORD, at=MONDAY - timedelta(hours=20))
    change(cast.anna, Kind.TEAM_LEFT, at=MONDAY - timedelta(hours=1))
    SpecialDay.objects.create(on=MONDAY.date(), name="Brugdag")
    assert ("olga", WEEK) not in heard(MONDAY)
    assert heard(MONDAY + timedelta(days=1)) == [("olga", WEEK)]
    assert "Ging uit een team" not in mail.outbox[-1].body
    assert heard(MONDAY + timedelta(days=7)) == [("olga", WEEK)]


def test_without_a_privacy_officer_the_week_waits_for_one(cast, change):
    RoleGrant.objects.filter(user=cast.olga).delete()
    change(cast.anna, Kind.PASSWORD)
    heard(cast.at)
    assert heard(MONDAY) == []
    colleague("Nel Prins", Role.PRIVACY_OFFICER)
    assert heard(MONDAY + timedelta(days=1)) == [("nel", WEEK)]


@pytest.mark.django_db(transaction=True)
def test_eight_sweeps_at_once_tell_each_change_once(cast, change):
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time: there is no such race")
    change(cast.anna, Kind.FACTOR_OFF)
    change(cast.anna, Kind.PASSWORD)
    start = threading.Barrier(8)
    faults = []

    def one_sweep():
        start.wait()
        try:
            actions.make_account_mails(on=MONDAY.date(), at=MONDAY, is_working_day=True)
        except Exception as fault:  # noqa: BLE001
            faults.append(fault)
        connection.close()

    threads = [threading.Thread(target=one_sweep) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert sorted(OutgoingMail.objects.values_list("recipient__name", "kind")) == [
        ("Anna Jansen", "account"),
        ("Olga Dekker", "watch"),
        ("Olga Dekker", "weekly"),
    ]


# --- Nobody takes the watch away and is unheard ---------------------------------------------------------
def watched(cast, colleague, *, by="olga"):
    """Whether she who watches is told, in any mail, of a dossier role of this colleague; and at which addresses."""
    told = OutgoingMail.objects.filter(kind="watch", recipient=getattr(cast, by), changes__colleague=colleague)
    return sorted({row.goes_to for row in told.filter(changes__kind=Kind.ROLE_GIVEN)})


def test_an_officer_without_the_role_for_a_minute_hears_of_what_was_done_in_it(cast):
    xena = colleague("Xena Nep")
    address = cast.olga.email
    staff.take_role(colleague=cast.olga, role=Role.PRIVACY_OFFICER, by=cast.hans, at=cast.at)
    staff.give_role(colleague=xena, role=Role.HOUSING_CONSULTANT, by=cast.hans, at=cast.at)
    sweep(at=cast.at)
    assert watched(cast, xena) == [address]


def test_an_officer_whose_access_was_closed_for_a_minute_hears_of_what_was_done_in_it(cast):
    xena = colleague("Xena Nep")
    staff.give_role(colleague=xena, role=Role.HOUSING_CONSULTANT, by=cast.hans, at=cast.at)
    staff.say_goodbye(colleague=cast.olga, by=cast.hans, at=cast.at)
    assert ("olga", OTHERS) in heard(cast.at)


def test_an_officer_with_another_address_hears_at_the_one_she_had_as_well(cast):
    xena = colleague("Xena Nep")
    had = cast.olga.email
    for address in ("kwaad@elders.example", had, "kwaad@elders.example"):
        staff.change_address(colleague=cast.olga, email=address, by=cast.hans, at=cast.at)
    staff.give_role(colleague=xena, role=Role.HOUSING_CONSULTANT, by=cast.hans, at=cast.at)
    told = heard(cast.at)
    assert watched(cast, xena) == ["kwaad@elders.example", had]
    assert ("olga", OTHERS) in told


def _takes_the_role(cast):
    staff.take_role(colleague=cast.olga, role=Role.PRIVACY_OFFICER, by=cast.hans, at=cast.at)


def _closes_her_access(cast):
    staff.say_goodbye(colleague=cast.olga, by=cast.hans, at=cast.at)


def _changes_her_address(cast):
    staff.change_address(colleague=cast.olga, email="olga2@elders.example", by=cast.hans, at=cast.at)


@pytest.mark.parametrize("done", [_takes_the_role, _closes_her_access, _changes_her_address])
def test_that_an_officer_goes_is_heard_by_the_other_officers_and_the_administrators(cast, done):
    colleague("Nel Prins", Role.PRIVACY_OFFICER)
    colleague("Leo Vos", Role.APP_ADMIN)
    done(cast)
    told = heard(cast.at)
    assert {("nel", OTHERS), ("leo", OTHERS)} <= set(told)
    assert ("hans", OTHERS) not in told


@pytest.mark.parametrize(("second", "hears"), [(True, "leo"), (False, "mila")])
@pytest.mark.parametrize("gone", [_takes_the_role, _closes_her_access])
def test_without_an_officer_other_administrators_hear_and_without_those_managers(cast, change, gone, second, hears):
    """A dossier role that one administrator gives is heard by somebody else, whoever that is."""
    if second:
        colleague("Leo Vos", Role.APP_ADMIN)
    gone(cast)
    heard(cast.at)
    change(cast.wim, Kind.ROLE_GIVEN, detail=Role.TEAM_LEAD)
    assert heard(cast.at + timedelta(days=1)) == [(hears, OTHERS), ("wim", OWN)]


def test_the_only_officer_does_not_watch_over_herself_alone(cast, change):
    """Of what happens to her account, and of what she does as an administrator, somebody else hears too."""
    staff.give_role(colleague=cast.olga, role=Role.APP_ADMIN, by=cast.hans, at=cast.at)
    heard(cast.at)
    change(cast.olga, Kind.FACTOR_OFF, by=None)
    change(cast.wim, Kind.ROLE_GIVEN, detail=Role.TEAM_LEAD, by=cast.olga)
    told = heard(cast.at + timedelta(minutes=1))
    assert {("hans", OTHERS), ("olga", OTHERS)} <= set(told)
    assert ("mila", OTHERS) not in told


def test_a_manager_gets_no_link_to_a_list_she_may_not_open(cast, change):
    _takes_the_role(cast)
    change(cast.wim, Kind.ROLE_GIVEN, detail=Role.TEAM_LEAD)
    heard(cast.at)
    [told] = [message for message in mail.outbox if message.to == [cast.mila.email]]
    assert reverse("admin:staff_accountchange_changelist") not in told.body
    assert "Vraag de applicatiebeheerder om welk account het gaat" in told.body
    assert "Wim" not in told.body


# --- Where one reads who and what ----------------------------------------------------------------------
@pytest.mark.parametrize("reader", ["olga", "hans"])
def test_who_watches_over_accounts_reads_who_and_what(client, cast, change, reader):
    change(cast.anna, Kind.ROLE_GIVEN, detail=Role.TEAM_LEAD)
    change(cast.anna, Kind.TEAM_JOINED, detail=str(cast.zuid.pk))
    change(cast.wim, Kind.ABSENCE, detail=str(cast.bram.pk), by=None)
    last = change(cast.anna, Kind.EMAIL, old_email="anna.vroeger@elders.example")
    client.force_login(getattr(cast, reader))
    page = client.get(reverse("admin:staff_accountchange_changelist")).content.decode()
    for words in ("Anna Jansen", "Hans Groot", "Teamleider", "Zuid", "Bram Visser", "vanzelf", "anna.vroeger"):
        assert words in page
    url = reverse("admin:staff_accountchange_change", args=[last.pk])
    shown = client.get(url).content.decode()
    assert "anna.vroeger@elders.example" in shown
    assert f"/beheer/staff/user/{cast.anna.pk}" not in shown
    assert client.post(url, {"kind": "password"}).status_code == 403
