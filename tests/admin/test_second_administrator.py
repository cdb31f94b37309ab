"""What makes an administrator, or lets one read, counts only when a second administrator confirms it."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from corporatie.staff import actions
from corporatie.staff.models import AccountChange, RoleGrant, User, WaitingRole
from corporatie.staff.permissions import Permission, Role
from corporatie.staff.states import AccountChangeKind as Kind
from tests.cast import colleague

WAITS = "wacht op bevestiging door een tweede beheerder"


@pytest.fixture
def ria(cast):
    """A second administrator."""
    return colleague("Ria Kok", Role.APP_ADMIN)


@pytest.fixture
def sara(cast):
    """A third one."""
    return colleague("Sara Mol", Role.APP_ADMIN)


def fresh(user):
    """She, as the next request knows her."""
    return User.objects.get(pk=user.pk)


def kinds(user):
    """What was written down about her."""
    return [(row.kind, row.by, row.detail) for row in AccountChange.objects.filter(colleague=user).order_by("pk")]


def test_with_one_administrator_it_counts_at_once(cast, at):
    assert actions.give_role(colleague=cast.wim, role=Role.APP_ADMIN, by=cast.hans, at=at)
    assert Role.APP_ADMIN in fresh(cast.wim).roles
    assert kinds(cast.wim) == [(Kind.ROLE_GIVEN, cast.hans, "app_admin")]


def test_a_new_administrator_waits_and_is_nothing_until_then(cast, ria, at):
    assert not actions.give_role(colleague=cast.wim, role=Role.APP_ADMIN, by=cast.hans, at=at)
    assert not actions.give_role(colleague=cast.wim, role=Role.APP_ADMIN, by=cast.hans, at=at)
    assert fresh(cast.wim).roles == {Role.CARETAKER}
    assert not fresh(cast.wim).is_staff
    assert cast.wim not in User.objects.holding(Permission.ADMINISTER)
    assert kinds(cast.wim) == [(Kind.ROLE_ASKED, cast.hans, "app_admin")]


@pytest.mark.parametrize("role", [Role.HOUSING_CONSULTANT, Role.CARETAKER, Role.PROJECT_LEADER, Role.TEAM_LEAD])
def test_a_role_about_people_for_an_administrator_waits(cast, ria, at, role):
    assert not actions.give_role(colleague=ria, role=role, by=cast.hans, at=at)
    assert fresh(ria).roles == {Role.APP_ADMIN}
    assert not fresh(ria).permissions & {Permission.OPEN_TEAM_HOUSEHOLDS, Permission.OPEN_PROJECT_HOUSEHOLDS}


@pytest.mark.parametrize("role", [Role.MANAGER, Role.PRIVACY_OFFICER])
def test_a_role_that_opens_nobody_does_not_wait(cast, ria, at, role):
    assert actions.give_role(colleague=ria, role=role, by=cast.hans, at=at)


def test_a_role_about_people_for_somebody_else_does_not_wait(cast, ria, at):
    assert actions.give_role(colleague=cast.mila, role=Role.HOUSING_CONSULTANT, by=cast.hans, at=at)


def test_neither_who_asked_nor_she_herself_confirms(cast, ria, sara, at):
    actions.give_role(colleague=ria, role=Role.TEAM_LEAD, by=cast.hans, at=at)
    waiting = WaitingRole.objects.get()
    for nobody in (cast.hans, ria, cast.olga, cast.dirk):
        with pytest.raises(ValidationError):
            actions.confirm_role(waiting=waiting, by=nobody, at=at)
    assert fresh(ria).roles == {Role.APP_ADMIN}
    actions.confirm_role(waiting=waiting, by=sara, at=at)
    assert fresh(ria).roles == {Role.APP_ADMIN, Role.TEAM_LEAD}
    assert kinds(ria)[-1] == (Kind.ROLE_GIVEN, sara, "team_lead")
    with pytest.raises(ValidationError):
        actions.confirm_role(waiting=waiting, by=sara, at=at)
    assert len(kinds(ria)) == 2


def test_it_is_withdrawn_also_by_who_asked(cast, ria, at):
    actions.give_role(colleague=cast.wim, role=Role.APP_ADMIN, by=cast.hans, at=at)
    actions.dismiss_role(waiting=WaitingRole.objects.get(), by=cast.hans, at=at)
    assert kinds(cast.wim)[-1] == (Kind.ROLE_TAKEN, cast.hans, "app_admin")
    assert not WaitingRole.objects.exists()


def test_an_administrator_who_comes_back_is_a_new_one(cast, ria, sara, at):
    RoleGrant.objects.create(user=sara, role=Role.MANAGER)
    actions.say_goodbye(colleague=sara, by=cast.hans, at=at)
    actions.come_back(colleague=sara, by=cast.hans, at=at)
    assert fresh(sara).roles == {Role.MANAGER}
    assert kinds(sara)[1:] == [(Kind.ROLE_ASKED, cast.hans, "app_admin"), (Kind.ACCESS_OPENED, cast.hans, "")]
    actions.confirm_role(waiting=WaitingRole.objects.get(), by=ria, at=at)
    assert fresh(sara).roles == {Role.MANAGER, Role.APP_ADMIN}


def test_given_while_she_was_away_it_waits_as_well(cast, ria, sara, at):
    actions.say_goodbye(colleague=sara, by=cast.hans, at=at)
    assert not actions.give_role(colleague=sara, role=Role.HOUSING_CONSULTANT, by=cast.hans, at=at)


# --- On the pages ---------------------------------------------------------------------------------------------
def role_url(waiting):
    """Where this role is confirmed."""
    return reverse("admin:staff_user_role", args=[waiting.user_id, waiting.pk])


@pytest.fixture
def asked(client, cast, ria):
    """Hans asked on the page that Wim becomes an administrator too."""
    client.force_login(cast.hans)
    wim = cast.wim
    data = {"name": wim.name, "email": wim.email, "mail_choice": "daily", "is_active": "on"}
    data |= {"grants-TOTAL_FORMS": 1, "grants-INITIAL_FORMS": 0, "grants-0-role": Role.APP_ADMIN}
    page = client.post(reverse("admin:staff_user_change", args=[wim.pk]), data, follow=True).content.decode()
    assert "pas als een tweede beheerder het bevestigt" in page
    return WaitingRole.objects.get()


def test_the_list_and_the_page_say_that_it_waits(client, cast, asked):
    assert WAITS in client.get(reverse("admin:staff_user_changelist")).content.decode()
    page = client.get(reverse("admin:staff_user_change", args=[cast.wim.pk])).content.decode()
    assert WAITS in page.lower()
    assert role_url(asked) in page
    shown = client.get(role_url(asked)).content.decode()
    assert 'name="confirm"' not in shown
    assert "U kunt dit niet zelf bevestigen" in shown
    client.post(role_url(asked), {"confirm": "1"})
    assert not fresh(cast.wim).is_staff
    log = client.get(reverse("admin:admin_logentry_changelist")).content.decode()
    assert "Aangevraagd: Functioneel beheerder" in log


def test_the_second_administrator_confirms_on_the_page(client, cast, ria, asked):
    client.force_login(ria)
    assert 'name="confirm"' in client.get(role_url(asked)).content.decode()
    page = client.post(role_url(asked), {"confirm": "1"}, follow=True).content.decode()
    assert "Wim Kuiper is vanaf nu" in page
    assert Role.APP_ADMIN in fresh(cast.wim).roles
    assert client.get(role_url(asked)).status_code == 404


def test_it_is_withdrawn_on_the_page(client, cast, ria, asked):
    client.force_login(ria)
    client.post(role_url(asked), {"withdraw": "1"})
    assert not WaitingRole.objects.exists()
    assert not fresh(cast.wim).is_staff


@pytest.mark.parametrize("name", ["olga", "dirk", "wim"])
def test_the_page_is_for_who_administers(client, cast, asked, name):
    client.force_login(getattr(cast, name))
    assert client.get(role_url(asked)).status_code == 403
    assert client.post(role_url(asked), {"confirm": "1"}).status_code == 403
    assert WaitingRole.objects.exists()


def test_it_belongs_to_the_colleague_in_the_address(client, cast, asked):
    assert client.get(reverse("admin:staff_user_role", args=[cast.anna.pk, asked.pk])).status_code == 404
