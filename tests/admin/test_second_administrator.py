"""What makes an administrator, or lets one read, counts only when a second administrator confirms it."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from corporatie.staff import actions
from corporatie.staff.models import AccountChange, RoleGrant, User, WaitingRole
from corporatie.staff.permissions import Permission, Role
from corporatie.staff.states import AccountChangeKind as Kind
from corporatie.work import actions as work
from corporatie.work.models import OutgoingMail
from corporatie.work.reminders import sweep
from corporatie.work.states import MailKind
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


# --- The other administrator went a moment ago ------------------------------------------------------------------
def gone_by_closing(ria, hans, at):
    """Her access is closed."""
    actions.say_goodbye(colleague=ria, by=hans, at=at)


def gone_by_role(ria, hans, at):
    """She is no administrator any more."""
    actions.take_role(colleague=ria, role=Role.APP_ADMIN, by=hans, at=at)


def gone_and_asked_back(ria, hans, at):
    """Closed, opened, and the role that waited for a second one withdrawn."""
    actions.say_goodbye(colleague=ria, by=hans, at=at)
    actions.come_back(colleague=ria, by=hans, at=at)
    actions.dismiss_role(waiting=WaitingRole.objects.get(), by=hans, at=at)


GONE = [gone_by_closing, gone_by_role, gone_and_asked_back]


@pytest.mark.parametrize("go", GONE)
def test_whoever_sent_the_other_away_is_not_alone_yet(cast, ria, at, go):
    go(ria, cast.hans, at)
    soon, later = at + timedelta(days=6), at + timedelta(days=8)
    assert not actions.give_role(colleague=cast.wim, role=Role.APP_ADMIN, by=cast.hans, at=soon)
    waiting = WaitingRole.objects.get()
    with pytest.raises(ValidationError):
        actions.confirm_role(waiting=waiting, by=cast.hans, at=soon)
    with pytest.raises(ValidationError):
        actions.confirm_role(waiting=waiting, by=cast.wim, at=later)
    # The house does not lock itself out.
    actions.confirm_role(waiting=waiting, by=cast.hans, at=later)
    assert Role.APP_ADMIN in fresh(cast.wim).roles


@pytest.mark.parametrize("go", GONE)
def test_a_week_after_the_other_left_it_counts_at_once(cast, ria, at, go):
    go(ria, cast.hans, at)
    assert actions.give_role(colleague=cast.wim, role=Role.APP_ADMIN, by=cast.hans, at=at + timedelta(days=8))


def test_closing_and_opening_again_gives_nobody_two_powers(cast, ria, at):
    actions.say_goodbye(colleague=ria, by=cast.hans, at=at)
    assert not actions.give_role(colleague=ria, role=Role.HOUSING_CONSULTANT, by=cast.hans, at=at)
    actions.take_role(colleague=ria, role=Role.APP_ADMIN, by=cast.hans, at=at)
    actions.give_role(colleague=ria, role=Role.HOUSING_CONSULTANT, by=cast.hans, at=at)
    assert not actions.give_role(colleague=ria, role=Role.APP_ADMIN, by=cast.hans, at=at)
    actions.come_back(colleague=ria, by=cast.hans, at=at)
    assert Role.APP_ADMIN not in fresh(ria).roles


def test_a_new_second_one_confirms_also_within_the_week(cast, ria, sara, at):
    actions.say_goodbye(colleague=ria, by=cast.hans, at=at)
    actions.give_role(colleague=cast.wim, role=Role.APP_ADMIN, by=cast.hans, at=at)
    actions.confirm_role(waiting=WaitingRole.objects.get(), by=sara, at=at)
    assert Role.APP_ADMIN in fresh(cast.wim).roles


def test_the_page_says_from_when_one_confirms_it_alone(client, cast, ria):
    now = timezone.now()
    actions.say_goodbye(colleague=ria, by=cast.hans, at=now - timedelta(days=3))
    actions.give_role(colleague=cast.wim, role=Role.APP_ADMIN, by=cast.hans, at=now)
    waiting = WaitingRole.objects.get()
    client.force_login(cast.hans)
    shown = client.get(role_url(waiting)).content.decode()
    assert 'name="confirm"' not in shown
    assert f"{date_format(timezone.localtime(now + timedelta(days=4)), 'j F')}" in shown
    assert "kunt u het zelf bevestigen" in shown
    AccountChange.objects.filter(colleague=ria).update(at=now - timedelta(days=8))
    assert 'name="confirm"' in client.get(role_url(waiting)).content.decode()


# --- The last one stays ---------------------------------------------------------------------------------------
ONLY = "is de enige functioneel beheerder"


def still_there(cast):
    """Hans can sign in, and administers."""
    return fresh(cast.hans).is_active and Role.APP_ADMIN in fresh(cast.hans).roles


def test_no_verb_takes_the_last_administrator(cast, at):
    roads = [
        lambda: actions.take_role(colleague=cast.hans, role=Role.APP_ADMIN, by=cast.dirk, at=at),
        lambda: work.leave(colleague=cast.hans, by=cast.dirk, at=at),
    ]
    for road in roads:
        with pytest.raises(ValidationError, match=ONLY):
            road()
        assert still_there(cast)


def test_one_whose_access_is_closed_is_no_second(cast, ria, at):
    actions.say_goodbye(colleague=ria, by=cast.hans, at=at)
    with pytest.raises(ValidationError, match=ONLY):
        work.leave(colleague=cast.hans, by=cast.dirk, at=at)


def test_of_two_one_may_go(cast, ria, at):
    work.leave(colleague=cast.hans, by=cast.dirk, at=at)
    assert not fresh(cast.hans).is_active


def test_her_access_is_closed_at_once_all_the_same_and_the_privacy_officer_hears_it(client, cast, at):
    """Somebody has her laptop: that cannot wait for another administrator."""
    cast.noord.members.add(cast.hans)
    client.force_login(cast.dirk)
    page = reverse("leaving_access", args=[cast.hans.pk])
    assert "Daarna kan niemand accounts beheren" in client.get(page).content.decode()
    assert client.post(page).status_code == 302
    assert not fresh(cast.hans).is_active
    sweep(at=timezone.now())
    assert OutgoingMail.objects.filter(kind=MailKind.WATCH, recipient=cast.olga).exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_send_each_other_away_at_once_leave_one(cast, ria, at):
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time: there is no such race")
    start = threading.Barrier(2)
    refused = []

    def send_away(colleague, by):
        start.wait()
        try:
            actions.take_role(colleague=colleague, role=Role.APP_ADMIN, by=by, at=at)
        except ValidationError as fault:
            refused.append(fault)
        connection.close()

    pairs = [(cast.hans, ria), (ria, cast.hans)]
    threads = [threading.Thread(target=send_away, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert User.objects.holding(Permission.ADMINISTER).count() == 1


def test_a_team_lead_reads_what_to_do_first(client, cast):
    cast.noord.members.add(cast.hans)
    client.force_login(cast.dirk)
    assert ONLY in client.get(reverse("leaving", args=[cast.hans.pk])).content.decode()
    answer = client.post(reverse("leaving_end", args=[cast.hans.pk]))
    assert answer.status_code == 422
    assert f"{ONLY}. Geef die rol eerst aan een collega" in answer.content.decode()
    assert still_there(cast)


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
