"""The administration changes settings and accounts. It shows no dossiers, and nobody is above the rules."""

from datetime import date

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.states import SignalType
from corporatie.privacy.models import Access
from corporatie.staff.models import Absence, AccountChange, RoleGrant, Team, User
from corporatie.staff.permissions import Role
from corporatie.work.models import ChoiceSetting, Duty, Heartbeat, HouseText, OutgoingMail, SpecialDay
from corporatie.work.reminders import sweep
from corporatie.work.states import MailFault, MailKind, MailState, Shift, TextKey, phone_lines
from tenants import actions as tenants
from tenants.models import Neighbourhood
from tests.cast import colleague, dwelling

TABLES = {
    "admin.logentry",
    "privacy.access",
    "staff.absence",
    "staff.accountchange",
    "staff.team",
    "staff.user",
    "tenants.complex",
    "tenants.dwelling",
    "tenants.neighbourhood",
    "work.choicesetting",
    "work.duty",
    "work.dutyhours",
    "work.heartbeat",
    "work.housetext",
    "work.outgoingmail",
    "work.responsenorm",
    "work.specialday",
}
FOR_PRIVACY = {"admin.logentry", "privacy.access", "staff.accountchange"}


def list_url(label):
    """The list of one table."""
    return reverse(f"admin:{label.replace('.', '_')}_changelist")


def change_url(row):
    """The page of one row."""
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])


# --- What is there, and for whom -----------------------------------------------------------------------
def test_exactly_these_tables_are_in_the_administration():
    assert {model._meta.label_lower for model in admin.site._registry} == TABLES


def test_who_does_not_administer_is_refused(client, cast):
    for user in (cast.anna, cast.carla, cast.dirk, cast.petra, cast.rachid, cast.wim, cast.mila):
        client.force_login(user)
        assert client.get(reverse("admin:index")).status_code == 403
        assert client.get(reverse("admin:login"), follow=True).status_code == 403
        assert {client.get(list_url(label)).status_code for label in TABLES} == {403}


def test_the_administrator_opens_everything_but_the_log_of_reads(client, hans):
    assert client.get(reverse("admin:index")).status_code == 200
    opened = {label for label in TABLES if client.get(list_url(label)).status_code == 200}
    assert opened == TABLES - {"privacy.access"}


def test_the_privacy_officer_opens_the_logs_only(client, cast):
    client.force_login(cast.olga)
    front = client.get(reverse("admin:index")).content.decode()
    assert list_url("privacy.access") in front
    assert list_url("staff.user") not in front
    opened = {label for label in TABLES if client.get(list_url(label)).status_code == 200}
    assert opened == FOR_PRIVACY
    assert client.get(change_url(cast.anna)).status_code == 403


def test_a_flag_in_the_database_opens_nothing(client, cast):
    first = User.objects.create_superuser("eerste@voorbeeld.example", name="Eerste Beheerder")
    assert first.is_superuser is False
    first.grants.all().delete()
    client.force_login(first)
    assert client.get(reverse("admin:index")).status_code == 403


def test_a_manager_of_two_jobs_sees_both_halves(client, cast):
    client.force_login(colleague("Ria Kok", Role.APP_ADMIN, Role.PRIVACY_OFFICER))
    assert {label for label in TABLES if client.get(list_url(label)).status_code == 200} == TABLES


def test_the_front_page_is_ordered_by_job_and_says_what_each_is_for(client, hans):
    page = client.get(reverse("admin:index"))
    jobs = [(str(job["name"]), [model["object_name"] for model in job["models"]]) for job in page.context["app_list"]]
    assert jobs == [
        ("Collega’s en teams", ["User", "Team", "Absence", "Duty"]),
        ("Woningen en complexen", ["Neighbourhood", "Complex", "Dwelling"]),
        ("Keuzelijsten", ["ChoiceSetting"]),
        ("Werkdagen", ["SpecialDay", "DutyHours", "ResponseNorm"]),
        ("Teksten", ["HouseText"]),
        ("Logboek", ["LogEntry", "AccountChange"]),
        ("Techniek", ["OutgoingMail", "Heartbeat"]),
    ]
    assert all(str(model["hint"]) for job in page.context["app_list"] for model in job["models"])


def test_each_list_says_first_what_it_is_for(client, hans):
    """Also when nothing stands in it yet: an empty list of choices means that all of them are offered."""
    page = client.get(reverse("admin:work_choicesetting_changelist")).content.decode()
    assert "De andere zijn zoals ze waren." in page


# --- The door ------------------------------------------------------------------------------------------
def test_signing_in_goes_through_the_one_door(client, db):
    refused = client.get(reverse("admin:index"))
    assert refused.status_code == 302
    door = client.get(refused.url)
    assert door.status_code == 302
    assert door.url == f"{reverse('account_login')}?next=%2Fbeheer%2F"
    assert client.post(reverse("admin:login"), {"username": "x", "password": "y"}).status_code == 302


@pytest.mark.parametrize("name", ["hans", "olga"])
def test_without_second_factor_the_administration_stays_shut(client, cast, settings, name):
    settings.SECOND_FACTOR_REQUIRED = True
    user = getattr(cast, name)
    client.force_login(user)
    for url in (reverse("admin:index"), list_url("admin.logentry")):
        assert client.get(url).url == reverse("mfa_activate_totp")

    # A factor that was not used in this session opens nothing either; using it does.
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    client.force_login(user)
    asked = client.get(reverse("admin:index")).url
    assert asked == f"{reverse('mfa_reauthenticate')}?next=%2Fbeheer%2F"
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert client.post(asked, {"code": code}).url == reverse("admin:index")
    assert client.get(reverse("admin:index")).status_code == 200


def test_no_road_leads_from_any_number_to_a_page(client, cast, hans):
    assert client.get(f"/beheer/r/1/{cast.bos.pk}/").status_code == 404


# --- Colleagues ----------------------------------------------------------------------------------------
def grants(user, *roles, **kept):
    """The part of the form that holds the roles."""
    rows = list(user.grants.order_by("pk")) if user else []
    data = {
        "grants-TOTAL_FORMS": len(rows) + len(roles),
        "grants-INITIAL_FORMS": len(rows),
        "grants-MIN_NUM_FORMS": 0,
        "grants-MAX_NUM_FORMS": 1000,
    }
    for place, row in enumerate(rows):
        data |= {f"grants-{place}-id": row.pk, f"grants-{place}-user": user.pk, f"grants-{place}-role": row.role}
        if kept.get("drop") == row.role:
            data[f"grants-{place}-DELETE"] = "on"
    for place, role in enumerate(roles, start=len(rows)):
        data |= {f"grants-{place}-role": role, f"grants-{place}-user": user.pk if user else ""}
    return data


def details(user, **changed):
    """The part of the form about the colleague."""
    data = {"name": user.name, "email": user.email, "phone": user.phone, "mail_choice": user.mail_choice}
    if user.is_active:
        data["is_active"] = "on"
    return {key: value for key, value in (data | changed).items() if value is not None}


def test_a_new_colleague_gets_no_password_from_anybody(client, hans):
    page = client.post(
        reverse("admin:staff_user_add"),
        {"name": "Nieuwe Collega", "email": "Nieuw@Voorbeeld.example", "phone": "", "mail_choice": "daily"}
        | grants(None, Role.HOUSING_CONSULTANT),
        follow=True,
    )
    new = User.objects.get(email="nieuw@voorbeeld.example")
    assert not new.has_usable_password()
    assert new.roles == {Role.HOUSING_CONSULTANT}
    assert "heeft nog geen wachtwoord" in page.content.decode()
    assert 'type="password"' not in client.get(change_url(new)).content.decode()


def test_a_new_colleague_asks_for_a_password_herself(client, db, mailed):
    new = User.objects.create_user("nieuw@voorbeeld.example", name="Nieuwe Collega")
    new.set_unusable_password()
    new.save()

    client.post(reverse("account_reset_password"), {"email": new.email})
    message = mailed()
    assert message.to == [new.email]
    assert "/account/password/reset/key/" in message.body


def test_roles_are_given_and_taken_and_the_log_names_no_one_else(client, cast, hans):
    url = change_url(cast.anna)
    data = details(cast.anna) | grants(cast.anna, Role.TEAM_LEAD, drop=Role.HOUSING_CONSULTANT)
    assert client.post(url, data).status_code == 302
    assert set(cast.anna.grants.values_list("role", flat=True)) == {Role.TEAM_LEAD}

    line = LogEntry.objects.get()
    assert (line.user, line.object_id, line.object_repr) == (hans, str(cast.anna.pk), f"collega {cast.anna.pk}")
    for role in (Role.TEAM_LEAD, Role.HOUSING_CONSULTANT):
        assert str(role.label) in line.get_change_message()
    assert "Anna" not in line.change_message
    assert cast.anna.email not in line.change_message

    # The list says the name she has now, and finds her by it.
    User.objects.filter(pk=cast.anna.pk).update(name="Anna Vermeer")
    for query in ({}, {"q": "vermeer"}):
        assert "Anna Vermeer" in client.get(list_url("admin.logentry"), query).content.decode()


def test_nobody_changes_her_own_roles_or_switches_herself_off(client, cast, hans):
    url = change_url(hans)
    data = details(hans, is_active=None) | grants(hans, Role.HOUSING_CONSULTANT, drop=Role.APP_ADMIN)
    client.post(url, data)
    assert set(hans.grants.values_list("role", flat=True)) == {Role.APP_ADMIN}
    assert User.objects.get(pk=hans.pk).is_active
    assert "Add another" not in client.get(url).content.decode()


def test_a_colleague_who_leaves_is_out_at_once_and_for_good(client, cast, hans):
    cast.anna.set_password("een-lang-wachtwoord-1")
    cast.anna.save()
    other = type(client)()
    other.force_login(cast.anna)
    assert other.get(reverse("project_list")).status_code == 200

    client.post(change_url(cast.anna), details(cast.anna, is_active=None) | grants(cast.anna))
    assert other.get(reverse("project_list")).status_code == 302

    # Coming back does not bring the old session back to life.
    anna = User.objects.get(pk=cast.anna.pk)
    assert not anna.has_usable_password()
    client.post(change_url(anna), details(anna, is_active="on") | grants(anna))
    assert User.objects.get(pk=anna.pk).is_active
    assert other.get(reverse("project_list")).status_code == 302


def test_a_colleague_is_never_deleted(client, cast, hans):
    url = reverse("admin:staff_user_delete", args=[cast.wim.pk])
    assert client.post(url, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [cast.wim.pk], "post": "yes"}
    client.post(list_url("staff.user"), chosen)
    assert User.objects.filter(pk=cast.wim.pk).exists()


# --- The rest ------------------------------------------------------------------------------------------
def test_a_team_gets_its_people_and_a_neighbourhood_its_team(client, cast, hans):
    data = {"name": "Noord", "members": [cast.anna.pk, cast.petra.pk]}
    assert client.post(change_url(cast.noord), data).status_code == 302
    assert set(cast.noord.members.all()) == {cast.anna, cast.petra}

    buurt = cast.buurt_noord
    data = {"name": buurt.name, "district": buurt.district, "team": cast.zuid.pk}
    assert client.post(change_url(buurt), data).status_code == 302
    assert Neighbourhood.objects.get(pk=buurt.pk).team == cast.zuid


def test_what_runs_by_itself_is_said_in_words(client, cast):
    sweep(at=timezone.now())
    Heartbeat.objects.create(name="mail", at=timezone.now())
    client.force_login(cast.hans)
    page = client.get(reverse("admin:work_heartbeat_changelist")).content.decode()
    assert "Elke minuut kijken wat er aan de beurt is" in page
    assert "Mail versturen" in page
    assert "Regel: Mail kon niet worden verstuurd" in page
    for code in ("sweep", "rule ", "alarm_mail", "promise_late"):
        assert f">{code}" not in page


def test_a_neighbourhood_that_goes_to_a_team_is_heard_by_who_watches(client, cast, hans):
    url = change_url(cast.buurt_zuid)
    client.post(url, {"name": "Zuid-1", "district": "Zuid", "team": cast.zuid.pk})
    assert not AccountChange.objects.exists()
    client.post(url, {"name": "Zuid-1", "district": "Zuid", "team": cast.noord.pk})
    [change] = AccountChange.objects.all()
    assert (change.kind, change.colleague, change.by) == ("neighbourhood_given", hans, hans)
    sweep(at=timezone.now())
    assert OutgoingMail.objects.filter(recipient=cast.olga, kind=MailKind.WATCH, changes=change).exists()
    assert "Gaf een buurt aan een team" in client.get(list_url("staff.accountchange")).content.decode()


def test_who_reads_households_gives_her_own_team_no_neighbourhood(client, cast, hans):
    RoleGrant.objects.create(user=hans, role=Role.TEAM_LEAD)
    cast.noord.members.add(hans)
    data = {"name": "Zuid-1", "district": "Zuid", "team": cast.noord.pk}
    page = client.post(change_url(cast.buurt_zuid), data)
    assert "U werkt voor dit team" in page.content.decode()
    page = client.post(reverse("admin:tenants_neighbourhood_add"), data | {"name": "Nieuw"})
    assert "U werkt voor dit team" in page.content.decode()
    cast.buurt_zuid.team = cast.noord
    with pytest.raises(ValidationError):
        tenants.keep_neighbourhood(neighbourhood=cast.buurt_zuid, by=User.objects.get(pk=hans.pk), at=cast.at)
    assert Neighbourhood.objects.get(pk=cast.buurt_zuid.pk).team == cast.zuid


@pytest.mark.parametrize("renamed", [{"name": "Zuid-9"}, {"district": "Elders"}])
def test_a_neighbourhood_keeps_the_name_by_which_a_delivery_finds_it(client, cast, hans, renamed):
    """Under another name the next delivery would hang its homes elsewhere: under nobody, or under one's own team."""
    buurt, at_first = cast.buurt_zuid, {"name": "Zuid-1", "district": "Zuid"}
    page = client.get(change_url(buurt)).content.decode()
    assert "De levering herkent de buurt hieraan" in page
    assert 'name="name"' not in page
    client.post(change_url(buurt), at_first | renamed | {"team": cast.zuid.pk})
    assert Neighbourhood.objects.filter(pk=buurt.pk, **at_first).exists()
    [(field, value)] = renamed.items()
    setattr(buurt, field, value)
    with pytest.raises(ValidationError, match="blijft zoals het is"):
        tenants.keep_neighbourhood(neighbourhood=buurt, by=hans, at=cast.at)
    assert Neighbourhood.objects.filter(pk=buurt.pk, **at_first).exists()


def test_standing_in_for_oneself_is_refused_in_words(client, cast, hans):
    data = {"user": cast.anna.pk, "from_on": "1-12-2026", "until_on": "5-12-2026", "part": "day"}
    url = reverse("admin:staff_absence_add")
    assert "Kies iemand anders" in client.post(url, data | {"substitute": cast.anna.pk}).content.decode()
    assert client.post(url, data | {"substitute": cast.bram.pk}).status_code == 302
    assert Absence.objects.get().from_on == date(2026, 12, 1)


def test_an_address_can_be_looked_up_and_shows_nobody(client, cast, hans):
    found = client.get(list_url("tenants.dwelling"), {"q": "1234 AB kerk"}).content.decode()
    page = client.get(change_url(cast.kerkstraat)).content.decode()
    for text in (found, page):
        assert "Kerkstraat 47" in text
        assert "Bos" not in text
    assert client.post(change_url(cast.kerkstraat), {"street": "Elders"}).status_code == 403
    assert client.get(reverse("admin:tenants_dwelling_add")).status_code == 403


def test_mail_shows_where_it_is_and_never_what_it_says(client, cast, hans):
    sent = OutgoingMail.objects.create(
        recipient=cast.anna, kind=MailKind.DIGEST, key="2026-11-24", on=date(2026, 11, 24), state=MailState.FAILED,
        attempts=5, fault=MailFault.RECIPIENT, next_try_at=cast.at, made_at=cast.at,
    )  # fmt: skip
    text = client.get(change_url(sent)).content.decode()
    assert cast.anna.email in text
    assert "De mailserver weigert dit adres" in text
    assert 'name="_save"' not in text
    assert client.post(change_url(sent), {"state": "sent"}).status_code == 403


def test_the_log_of_reads_cannot_be_changed_by_its_reader(client, cast):
    client.force_login(cast.anna)
    client.get(reverse("project_list"))
    line = Access.objects.create(at=cast.at, by=cast.anna, roles="x", look="read", subject_label="tenants.tenancy")
    client.force_login(cast.olga)
    assert "Anna Jansen" in client.get(list_url("privacy.access")).content.decode()
    assert client.get(change_url(line)).status_code == 200
    assert client.post(change_url(line), {"look": "print"}).status_code == 403
    assert client.post(reverse("admin:privacy_access_delete", args=[line.pk]), {"post": "yes"}).status_code == 403
    assert client.get(list_url("privacy.access"), {"q": "anna"}).status_code == 200


def test_the_log_leads_the_privacy_officer_nowhere_she_is_refused(client, cast):
    client.force_login(cast.anna)
    client.get(cast.bos.get_absolute_url())
    client.force_login(cast.olga)
    page = client.get(reverse("admin:privacy_access_change", args=[Access.objects.get().pk])).content.decode()
    assert "Anna Jansen" in page
    assert "/beheer/staff/user/" not in page


def test_a_room_is_called_by_its_own_name(client, hans):
    assert client.get(reverse("admin:app_list", args=["tenants"])).context["title"] == "Woningen en complexen"


def test_a_closing_day_is_added(client, hans):
    data = {"on": "24-12-2026", "name": "Kerstavond"}
    assert client.post(reverse("admin:work_specialday_add"), data).status_code == 302
    assert SpecialDay.objects.get().is_working_day is False


def test_a_new_colleague_gets_a_role_without_scripts(client, hans):
    page = client.get(reverse("admin:staff_user_add")).content.decode()
    assert 'name="grants-0-role"' in page
    assert 'name="grants-1-role"' not in page


# --- Texts ---------------------------------------------------------------------------------------------
def test_the_association_changes_its_emergency_numbers_and_the_strip_follows(client, hans):
    assert "Veilig Thuis" in render_to_string("components/danger_strip.html")

    url = reverse("admin:work_housetext_add")
    refused = client.post(url, {"key": TextKey.EMERGENCY_NUMBERS, "text": "Bel de crisisdienst"})
    assert "Eén nummer op elke regel" in refused.content.decode()
    assert (
        client.post(url, {"key": TextKey.EMERGENCY_NUMBERS, "text": "Crisisdienst <b>: 010 123 45 67"}).status_code
        == 302
    )

    strip = render_to_string("components/danger_strip.html")
    assert 'href="tel:0101234567"' in strip
    assert "Crisisdienst &lt;b&gt;" in strip
    assert "Veilig Thuis" not in strip
    assert HouseText.all_texts()[TextKey.SIGNAL_ADVICE]


def test_only_a_line_with_a_number_is_a_number_to_call():
    lines = phone_lines(
        "Politie: 0900 8844\n\nzomaar tekst\nWijkteam: javascript:alert(1)\nGGZ, 's nachts: +31 (0)10-123"
    )
    assert [(line.name, line.dialled) for line in lines] == [("Politie", "09008844"), ("GGZ, 's nachts", "+31010123")]


# --- As many queries for thirty as for one -------------------------------------------------------------
LIST_QUERIES = {
    "staff.user": 9,
    "staff.team": 5,
    "staff.absence": 5,
    "staff.accountchange": 5,
    "tenants.neighbourhood": 6,
    "tenants.complex": 5,
    "tenants.dwelling": 6,
    "work.specialday": 5,
    "work.choicesetting": 5,
    "work.duty": 6,
    "work.dutyhours": 5,
    "work.housetext": 5,
    "work.outgoingmail": 6,
    "work.responsenorm": 5,
    "work.heartbeat": 5,
    "admin.logentry": 5,
    "privacy.access": 5,
}


def fill(cast, number):
    """So many rows of everything."""
    for place in range(number):
        new = colleague(f"Collega{place} Smit", Role.HOUSING_CONSULTANT, team=Team.objects.create(name=f"Team {place}"))
        Absence.objects.create(user=new, substitute=cast.anna, from_on=date(2026, 1, 1), until_on=date(2026, 1, 2))
        days = {"from_on": date(2026, 1, 1), "until_on": date(2026, 1, 2)}
        Duty.objects.create(user=new, shift=Shift.OFFICE, changed_at=cast.at, changed_by=new, **days)
        dwelling(cast.buurt_noord, "Lindelaan", place + 1)
        SpecialDay.objects.create(on=date(2026, 1, place + 1), name="Dicht")
        ChoiceSetting.objects.create(list="signal_type", choice=SignalType.values[place % 20] + "x" * (place // 20))
        AccountChange.objects.create(colleague=new, by=cast.hans, kind="role_given", detail="manager", at=cast.at)
        Heartbeat.objects.create(name=f"klok {place}", at=cast.at)
        Access.objects.create(at=cast.at, by=new, roles="", look="read", subject_label="tenants.tenancy")
        LogEntry.objects.create(user=new, action_flag=2, object_repr="x", content_type=None, object_id="1")
        OutgoingMail.objects.create(
            recipient=new,
            kind=MailKind.DIGEST,
            key=str(place),
            on=date(2026, 1, 1),
            next_try_at=cast.at,
            made_at=cast.at,
        )


@pytest.mark.parametrize("number", [1, 30])
def test_a_list_asks_as_much_for_one_row_as_for_thirty(client, cast, number):
    fill(cast, number)
    client.force_login(colleague("Ria Kok", Role.APP_ADMIN, Role.PRIVACY_OFFICER))
    client.get(reverse("admin:index"))
    asked = {}
    for label in TABLES:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(list_url(label)).status_code == 200
        asked[label] = len(queries)
    assert asked == LIST_QUERIES


def test_access_and_leaving_are_two_things(client, cast, hans):
    front = client.get(reverse("admin:index")).content.decode()
    assert "Wie kan inloggen, met welke rollen" in front
    page = client.get(reverse("admin:staff_user_change", args=[cast.anna.pk])).content.decode()
    assert "Kan inloggen" in page
    assert "Werkt hier" not in page
    assert "Gaat iemand voorgoed weg" in page
    assert reverse("leaving", args=[cast.anna.pk]) in page
