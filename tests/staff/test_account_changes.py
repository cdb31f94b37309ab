"""Whoever changes an account leaves a row: which change, by whom, and enough to tell those who must hear of it."""

from datetime import date

import pytest
import structlog
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from corporatie.staff import actions
from corporatie.staff.actions.changes import note
from corporatie.staff.models import Absence, AccountChange, RoleGrant, Team, User
from corporatie.staff.permissions import Role
from corporatie.staff.states import AccountChangeKind as Kind
from tests.cast import PASSWORD

FROM, UNTIL = date(2026, 12, 1), date(2026, 12, 4)


def rows(colleague=None):
    """The rows about her, oldest first: kind, by whom, detail, old address."""
    found = AccountChange.objects.order_by("pk")
    found = found.filter(colleague=colleague) if colleague else found
    return [(row.kind, row.by, row.detail, row.old_email) for row in found]


# --- By verb -----------------------------------------------------------------------------------------------
def test_another_address_leaves_the_old_one_and_ends_every_session(cast, at, client):
    client.force_login(cast.anna)
    EmailAddress.objects.create(user=cast.anna, email=cast.anna.email, primary=True, verified=False)
    actions.change_address(colleague=cast.anna, email="Anders@Voorbeeld.example", by=cast.hans, at=at)
    assert User.objects.get(pk=cast.anna.pk).email == "anders@voorbeeld.example"
    assert rows() == [(Kind.EMAIL, cast.hans, "", "anna@voorbeeld.example")]
    assert AccountChange.objects.get().at == at
    assert not EmailAddress.objects.exists()
    assert client.get("/vandaag/").status_code == 302


def test_the_same_address_in_capitals_is_no_change(cast, at):
    actions.change_address(colleague=cast.anna, email="ANNA@voorbeeld.example", by=cast.hans, at=at)
    assert (rows(), User.objects.get(pk=cast.anna.pk).sessions_ended) == ([], 0)


def test_back_to_the_old_address_the_same_day_is_two_changes(cast, at):
    actions.change_address(colleague=cast.anna, email="b@voorbeeld.example", by=cast.hans, at=at)
    actions.change_address(colleague=cast.anna, email="anna@voorbeeld.example", by=cast.hans, at=at)
    assert [row[3] for row in rows()] == ["anna@voorbeeld.example", "b@voorbeeld.example"]


def test_roles_given_and_taken(cast, at):
    assert actions.give_role(colleague=cast.anna, role=Role.TEAM_LEAD, by=cast.hans, at=at)
    assert actions.give_role(colleague=cast.anna, role=Role.TEAM_LEAD, by=cast.hans, at=at)
    actions.take_role(colleague=cast.anna, role=Role.HOUSING_CONSULTANT, by=cast.hans, at=at)
    actions.take_role(colleague=cast.anna, role=Role.HOUSING_CONSULTANT, by=cast.hans, at=at)
    assert rows() == [
        (Kind.ROLE_GIVEN, cast.hans, "team_lead", ""),
        (Kind.ROLE_TAKEN, cast.hans, "housing_consultant", ""),
    ]


def test_nobody_changes_her_own_roles(cast, at):
    for verb, role in ((actions.give_role, Role.TEAM_LEAD), (actions.take_role, Role.APP_ADMIN)):
        with pytest.raises(ValidationError):
            verb(colleague=cast.hans, role=role, by=cast.hans, at=at)
    assert rows() == []


def test_a_team_gets_and_loses_people_and_who_left_keeps_her_place(cast, at):
    User.objects.filter(pk=cast.bram.pk).update(is_active=False)
    actions.set_members(team=cast.noord, members=[cast.anna, cast.petra], by=cast.hans, at=at)
    assert set(cast.noord.members.all()) == {cast.anna, cast.petra, cast.bram}
    team = str(cast.noord.pk)
    assert rows(cast.petra) == [(Kind.TEAM_JOINED, cast.hans, team, "")]
    assert rows(cast.dirk) == rows(cast.wim) == [(Kind.TEAM_LEFT, cast.hans, team, "")]
    assert rows(cast.anna) == rows(cast.bram) == []


def test_a_team_that_is_dropped_is_left_by_everyone(cast, at):
    team = Team.objects.create(name="Tijdelijk")
    team.members.add(cast.anna)
    key = str(team.pk)
    actions.drop_team(team=team, by=cast.hans, at=at)
    assert rows() == [(Kind.TEAM_LEFT, cast.hans, key, "")]
    assert not Team.objects.filter(name="Tijdelijk").exists()


def test_an_absence_planned_changed_and_dropped(cast, at):
    absence = Absence(user=cast.anna, substitute=cast.bram, from_on=FROM, until_on=UNTIL)
    actions.plan_absence(absence=absence, by=cast.hans, at=at)
    absence.substitute = cast.carla
    actions.plan_absence(absence=absence, by=cast.hans, at=at)
    actions.drop_absence(absence=absence, by=cast.hans, at=at)
    details = [str(cast.bram.pk), str(cast.carla.pk), str(cast.carla.pk)]
    assert rows() == [(Kind.ABSENCE, cast.hans, detail, "") for detail in details]
    assert not Absence.objects.exists()


def test_access_closed_and_opened(cast, at, client):
    client.force_login(cast.anna)
    actions.say_goodbye(colleague=cast.anna, by=cast.hans, at=at)
    actions.come_back(colleague=cast.anna, by=cast.hans, at=at)
    assert [row[:2] for row in rows()] == [(Kind.ACCESS_CLOSED, cast.hans), (Kind.ACCESS_OPENED, cast.hans)]
    # Coming back does not bring a session back to life.
    assert client.get("/vandaag/").status_code == 302


def test_a_row_without_its_change_is_refused(transactional_db, cast, at):
    with pytest.raises(RuntimeError):
        note(colleague=cast.anna, kind=Kind.PASSWORD, by=cast.anna, at=at)
    assert rows() == []


def test_a_line_in_the_log_says_who_and_what_by_number(cast, at, django_capture_on_commit_callbacks):
    with structlog.testing.capture_logs() as lines, django_capture_on_commit_callbacks(execute=True):
        actions.change_address(colleague=cast.anna, email="b@voorbeeld.example", by=cast.hans, at=at)
        actions.give_role(colleague=cast.anna, role=Role.TEAM_LEAD, by=cast.hans, at=at)
    told = [line for line in lines if line["event"] == "account_changed"]
    assert [(line["kind"], line["detail"], line["colleague"], line["by"]) for line in told] == [
        ("email", "", cast.anna.pk, cast.hans.pk),
        ("role_given", "team_lead", cast.anna.pk, cast.hans.pk),
    ]
    for word in ("Anna", "Hans", "voorbeeld", "@"):
        assert word not in str(told)


# --- By page -----------------------------------------------------------------------------------------------
@pytest.fixture
def hans(client, cast):
    """The application administrator is signed in."""
    client.force_login(cast.hans)
    return cast.hans


def inline(*roles, drop=()):
    """The part of the form that holds the roles."""
    data = {"grants-TOTAL_FORMS": len(drop) + len(roles), "grants-INITIAL_FORMS": len(drop)}
    for place, grant in enumerate(drop):
        data |= {f"grants-{place}-id": grant.pk, f"grants-{place}-user": grant.user_id, f"grants-{place}-DELETE": "on"}
    for place, role in enumerate(roles, start=len(drop)):
        data |= {f"grants-{place}-role": role}
    return data


def details(user, **changed):
    """The part of the form about the colleague."""
    data = {"name": user.name, "email": user.email, "mail_choice": "daily", "is_active": "on"} | changed
    return {name: value for name, value in data.items() if value is not None}


def test_a_new_colleague_on_the_page(client, cast, hans):
    fields = {"name": "Nieuwe Collega", "email": "Nieuw@Voorbeeld.example", "mail_choice": "daily"}
    client.post(reverse("admin:staff_user_add"), fields | inline(Role.CARETAKER, Role.TEAM_LEAD))
    new = User.objects.get(email="nieuw@voorbeeld.example")
    assert rows(new) == [
        (Kind.INVITED, hans, "", ""),
        (Kind.ROLE_GIVEN, hans, "caretaker", ""),
        (Kind.ROLE_GIVEN, hans, "team_lead", ""),
    ]


def test_everything_at_once_on_the_page_of_a_colleague(client, cast, hans):
    url = reverse("admin:staff_user_change", args=[cast.anna.pk])
    grant = cast.anna.grants.get()
    changed = details(cast.anna, name="Anna Vermeer", email="Vermeer@voorbeeld.example", is_active=None)
    assert client.post(url, changed | inline(Role.MANAGER, drop=[grant])).status_code == 302
    anna = User.objects.get(pk=cast.anna.pk)
    assert (anna.name, anna.email, anna.is_active) == ("Anna Vermeer", "vermeer@voorbeeld.example", False)
    assert rows(anna) == [
        (Kind.EMAIL, hans, "", "anna@voorbeeld.example"),
        (Kind.ACCESS_CLOSED, hans, "", ""),
        (Kind.ROLE_TAKEN, hans, "housing_consultant", ""),
        (Kind.ROLE_GIVEN, hans, "manager", ""),
    ]
    client.post(url, details(anna) | inline())
    assert rows(anna)[-1] == (Kind.ACCESS_OPENED, hans, "", "")


def test_a_name_or_phone_number_is_no_change_of_the_account(client, cast, hans):
    client.post(
        reverse("admin:staff_user_change", args=[cast.anna.pk]),
        details(cast.anna, name="Anna V.", phone="06") | inline(),
    )
    assert User.objects.get(pk=cast.anna.pk).name == "Anna V."
    assert rows() == []


def test_her_own_address_leaves_a_row_and_the_session_goes_on(client, cast, hans):
    other = type(client)()
    other.force_login(hans)
    url = reverse("admin:staff_user_change", args=[hans.pk])
    client.post(url, details(hans, email="hg@voorbeeld.example") | inline())
    assert rows(hans) == [(Kind.EMAIL, hans, "", "hans@voorbeeld.example")]
    assert client.get(reverse("admin:index")).status_code == 200
    assert other.get(reverse("admin:index")).status_code == 302


def test_the_pages_of_teams(client, cast, hans):
    client.post(reverse("admin:staff_team_change", args=[cast.noord.pk]), {"name": "Noord", "members": [cast.anna.pk]})
    assert {row[0] for row in rows()} == {Kind.TEAM_LEFT}
    client.post(reverse("admin:staff_team_add"), {"name": "West", "members": [cast.anna.pk]})
    west = Team.objects.get(name="West")
    assert rows(cast.anna) == [(Kind.TEAM_JOINED, hans, str(west.pk), "")]
    client.post(reverse("admin:staff_team_delete", args=[west.pk]), {"post": "yes"})
    assert rows(cast.anna)[-1] == (Kind.TEAM_LEFT, hans, str(west.pk), "")


def test_nobody_puts_herself_in_a_team(client, cast, hans):
    RoleGrant.objects.create(user=hans, role=Role.HOUSING_CONSULTANT)
    url = reverse("admin:staff_team_change", args=[cast.zuid.pk])
    members = list(cast.zuid.members.all())
    page = client.post(url, {"name": "Zuid", "members": [*(each.pk for each in members), hans.pk]})
    assert "U kunt uzelf niet in een team zetten" in page.content.decode()
    client.post(reverse("admin:staff_team_add"), {"name": "West", "members": [hans.pk]})
    with pytest.raises(ValidationError):
        actions.set_members(team=cast.zuid, members=[*members, hans], by=hans, at=cast.at)
    with pytest.raises(ValidationError):
        actions.change_teams(colleague=hans, into=[cast.zuid], by=hans, at=cast.at)
    assert (list(hans.teams.all()), rows()) == ([], [])


def test_who_is_in_a_team_changes_it_and_stays(client, cast, hans):
    cast.zuid.members.add(hans)
    url = reverse("admin:staff_team_change", args=[cast.zuid.pk])
    members = cast.zuid.members.values_list("pk", flat=True)
    client.post(url, {"name": "Zuid-Oost", "members": [*members, cast.petra.pk]})
    assert rows() == [(Kind.TEAM_JOINED, hans, str(cast.zuid.pk), "")]
    page = client.post(url, {"name": "Zuid-Oost", "members": [cast.petra.pk, cast.carla.pk]})
    assert "U kunt uzelf niet in een team zetten" in page.content.decode()


def test_the_pages_of_absences(client, cast, hans):
    days = {"from_on": "2026-12-01", "until_on": "2026-12-04", "part": "day"}
    data = {"user": cast.anna.pk, "substitute": cast.bram.pk, **days}
    client.post(reverse("admin:staff_absence_add"), data)
    absence = Absence.objects.get()
    client.post(reverse("admin:staff_absence_change", args=[absence.pk]), data | {"substitute": cast.carla.pk})
    client.post(reverse("admin:staff_absence_delete", args=[absence.pk]), {"post": "yes"})
    assert [(row[0], row[2]) for row in rows(cast.anna)] == [
        (Kind.ABSENCE, str(cast.bram.pk)),
        (Kind.ABSENCE, str(cast.carla.pk)),
        (Kind.ABSENCE, str(cast.carla.pk)),
    ]


@pytest.mark.parametrize("label", ["user", "team", "absence"])
def test_nothing_is_changed_in_bulk(client, cast, hans, label):
    Absence.objects.create(user=cast.anna, substitute=cast.bram, from_on=FROM, until_on=UNTIL)
    counts = [model.objects.count() for model in (User, Team, Absence)]
    chosen = {"action": "delete_selected", "_selected_action": [cast.noord.pk, 1], "post": "yes"}
    page = client.post(reverse(f"admin:staff_{label}_changelist"), chosen, follow=True)
    assert "delete_selected" not in page.content.decode()
    assert [model.objects.count() for model in (User, Team, Absence)] == counts


def test_the_second_step_reset_by_the_administrator(client, cast, hans):
    TOTP.activate(cast.anna, generate_totp_secret())
    client.post(reverse("admin:staff_user_reset", args=[cast.anna.pk]))
    assert rows() == [(Kind.FACTOR_OFF, hans, "", "")]


def test_a_password_chosen_on_her_own_page_and_by_the_link(client, cast, mailed):
    cast.anna.set_password(PASSWORD)
    cast.anna.save()
    client.force_login(cast.anna)
    new = "vier losse woorden hier"
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert rows() == [(Kind.PASSWORD, cast.anna, "", "")]
    assert client.get("/vandaag/").status_code == 200


def test_the_command_line_leaves_rows_too(db, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", email="Eerste@Voorbeeld.example", name="Eerste", interactive=False, verbosity=0)
    first = User.objects.get(email="eerste@voorbeeld.example")
    assert rows(first) == [(Kind.INVITED, None, "", ""), (Kind.ROLE_GIVEN, None, "app_admin", "")]
    assert User.objects.get_by_natural_key("EERSTE@voorbeeld.example") == first
    assert RoleGrant.objects.get().user == first


def test_a_password_set_at_the_command_line_leaves_a_row_and_ends_the_sessions(client, cast, monkeypatch):
    client.force_login(cast.anna)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "vier losse woorden hier")
    call_command("changepassword", "Anna@voorbeeld.example", verbosity=0)
    assert rows() == [(Kind.PASSWORD, None, "", "")]
    assert User.objects.get(pk=cast.anna.pk).check_password("vier losse woorden hier")
    assert client.get("/vandaag/").status_code == 302
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "anna")
    for address in ("anna@voorbeeld.example", "niemand@voorbeeld.example"):
        with pytest.raises(CommandError):
            call_command("changepassword", address, verbosity=0)
    assert len(rows()) == 1


# --- Standing in ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["mila", "olga", "petra", "rachid", "wim", "hans"])
def test_who_could_not_do_the_work_does_not_stand_in(client, cast, hans, at, name):
    substitute = getattr(cast, name)
    days = {"from_on": "2026-12-01", "until_on": "2026-12-04", "part": "day"}
    data = {"user": cast.anna.pk, "substitute": substitute.pk, **days}
    page = client.post(reverse("admin:staff_absence_add"), data)
    assert page.status_code == 200
    assert page.context["adminform"].form.errors["substitute"]
    absence = Absence(user=cast.anna, substitute=substitute, from_on=FROM, until_on=UNTIL)
    with pytest.raises(ValidationError):
        actions.plan_absence(absence=absence, by=cast.hans, at=at)
    assert (Absence.objects.count(), rows()) == (0, [])


def test_only_who_can_do_the_work_is_offered_and_when_she_is_away_herself(client, cast, hans):
    Absence.objects.create(
        user=cast.bram, substitute=cast.dirk, from_on=timezone.localdate(), until_on=timezone.localdate()
    )
    add = reverse("admin:staff_absence_add")
    empty = client.get(add).content.decode()
    assert "Kies eerst wie afwezig is" in empty
    days = {"from_on": "2026-12-01", "until_on": "2026-12-04", "part": "day"}
    page = client.post(add, {"user": cast.anna.pk, **days}).content.decode()
    assert "Bram Visser – afwezig vandaag, Dirk Bakker vervangt" in page
    for nobody in (cast.mila, cast.olga, cast.petra, cast.rachid, cast.wim, cast.hans):
        assert f'<option value="{nobody.pk}">{nobody.name}</option>' not in page.split('name="substitute"')[1]
    # Who stands in now stays in view, also when she may not any more.
    absence = Absence.objects.create(user=cast.anna, substitute=cast.wim, from_on=FROM, until_on=UNTIL)
    User.objects.filter(pk=cast.wim.pk).update(is_active=False)
    page = client.get(reverse("admin:staff_absence_change", args=[absence.pk])).content.decode()
    assert "Wim Kuiper – mag dit niet openen" in page


@pytest.mark.parametrize(
    ("away", "substitute"), [("anna", "dirk"), ("wim", "rachid"), ("petra", "rachid"), ("mila", "anna")]
)
def test_who_can_do_the_work_stands_in(cast, at, away, substitute):
    absence = Absence(user=getattr(cast, away), substitute=getattr(cast, substitute), from_on=FROM, until_on=UNTIL)
    actions.plan_absence(absence=absence, by=cast.hans, at=at)
    assert Absence.objects.get().substitute == getattr(cast, substitute)


def test_nobody_makes_herself_the_one_who_stands_in(client, cast, at):
    """Not even who holds a dossier role beside administering."""
    RoleGrant.objects.create(user=cast.hans, role=Role.HOUSING_CONSULTANT)
    client.force_login(cast.hans)
    days = {"from_on": "2026-12-01", "until_on": "2026-12-04", "part": "day"}
    data = {"user": cast.anna.pk, "substitute": cast.hans.pk, **days}
    form = client.get(reverse("admin:staff_absence_add"), {"user": cast.anna.pk}).context["adminform"].form
    offered = [each.colleague for each in form.fields["substitute"].candidates]
    assert cast.hans not in offered
    assert cast.bram in offered
    assert client.post(reverse("admin:staff_absence_add"), data).status_code == 200
    absence = Absence(user=cast.anna, substitute=cast.hans, from_on=FROM, until_on=UNTIL)
    with pytest.raises(ValidationError):
        actions.plan_absence(absence=absence, by=cast.hans, at=at)
    assert not Absence.objects.exists()


def test_who_stands_in_does_not_make_it_last_longer(client, cast, at):
    RoleGrant.objects.create(user=cast.hans, role=Role.HOUSING_CONSULTANT)
    absence = Absence.objects.create(user=cast.anna, substitute=cast.hans, from_on=FROM, until_on=UNTIL)
    client.force_login(cast.hans)
    url = reverse("admin:staff_absence_change", args=[absence.pk])
    assert client.get(url).status_code == 200
    data = {"substitute": cast.bram.pk, "from_on": "2026-12-01", "until_on": "2027-12-04", "part": "day"}
    assert client.post(url, data).status_code == 403
    absence.until_on = date(2027, 12, 4)
    with pytest.raises(ValidationError):
        actions.plan_absence(absence=absence, by=cast.hans, at=at)
    assert Absence.objects.get().until_on == UNTIL


def test_who_left_does_not_stand_in(cast, at):
    User.objects.filter(pk=cast.bram.pk).update(is_active=False)
    absence = Absence(user=cast.anna, substitute=User.objects.get(pk=cast.bram.pk), from_on=FROM, until_on=UNTIL)
    with pytest.raises(ValidationError, match="werkt hier niet meer"):
        actions.plan_absence(absence=absence, by=cast.hans, at=at)
