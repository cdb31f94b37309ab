"""A session is worth what was shown in it. Who changes how she signs in ends the sessions from before."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from corporatie.staff import actions
from corporatie.staff.models import AccountChange, User
from corporatie.staff.states import AccountChangeKind as Kind
from tests.cast import PASSWORD

TODAY = "/vandaag/"


@pytest.fixture(autouse=True)
def _two_factors(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def anna(cast):
    """Anna has a password and no second factor yet."""
    cast.anna.set_password(PASSWORD)
    cast.anna.save()
    return cast.anna


@pytest.fixture
def clock(at):
    """A clock that is set on by hand, so that each code is a new one."""
    with time_machine.travel(at, tick=False) as clock:
        yield clock


def code_for(secret):
    """What the app shows now."""
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


def with_password(user):
    """A session that knows the password."""
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def with_both(user, secret, clock):
    """A session that used the second factor as well."""
    clock.shift(timedelta(minutes=1))
    client = with_password(user)
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert opens(client)
    return client


def set_up(client):
    """Link the app; gives its key."""
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    assert answer.url == reverse("mfa_view_recovery_codes")
    return secret


def opens(client):
    """Whether this session opens a page about people."""
    return client.get(TODAY).status_code == 200


def anew(client, secret, clock):
    """Show once more who one is, with a code of now."""
    clock.shift(timedelta(minutes=1))
    client.post(f"{reverse('mfa_reauthenticate')}?next=/", {"code": code_for(secret)})


def test_who_sets_it_up_goes_on_and_the_session_with_a_password_alone_ends(anna, clock):
    thief, owner = with_password(anna), with_password(anna)
    assert thief.get(TODAY).url == reverse("mfa_activate_totp")
    set_up(owner)
    assert opens(owner)
    assert owner.get(reverse("mfa_view_recovery_codes")).status_code == 200
    assert thief.get(TODAY).url.startswith(reverse("account_login"))
    assert thief.get(reverse("mfa_view_recovery_codes")).status_code == 302


def test_a_session_of_after_that_shows_the_factor_too(anna, clock):
    owner = with_password(anna)
    set_up(owner)
    thief = with_password(anna)
    assert not opens(thief)
    assert thief.get(TODAY).url.startswith(reverse("account_login"))
    assert opens(owner)


def test_a_session_that_outlived_it_is_asked_for_the_factor_and_gets_nothing_by_the_password(anna, clock):
    """As after a restore, or for who had no role before: a session without the factor while there is one."""
    session = with_password(anna)
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(anna, secret)
    asked = session.get(TODAY).url
    assert asked == f"{reverse('mfa_reauthenticate')}?next=%2Fvandaag%2F"
    password_page = session.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert password_page.url.startswith(reverse("mfa_reauthenticate"))
    assert not opens(session)
    for name in ("mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_view_recovery_codes", "mfa_activate_totp"):
        assert session.post(reverse(name), {"code": "1"}).status_code in (302, 405), name
    assert Authenticator.objects.filter(user=anna).count() == 1
    assert session.post(asked, {"code": code_for(secret)}).url == TODAY
    assert opens(session)


@pytest.mark.parametrize("first", [True, False], ids=["older does it", "newer does it"])
def test_turning_the_app_off_ends_the_others_and_opens_nothing(anna, clock, first):
    secret = set_up(with_password(anna))
    older, newer = with_both(anna, secret, clock), with_both(anna, secret, clock)
    doer, other = (older, newer) if first else (newer, older)
    anew(doer, secret, clock)
    assert doer.post(reverse("mfa_deactivate_totp")).url == reverse("mfa_index")
    assert not opens(other)
    assert other.get(TODAY).url.startswith(reverse("account_login"))
    # Until it is set up again nothing opens, and that asks who one is.
    clock.shift(timedelta(minutes=5))
    assert doer.get(TODAY).url == reverse("mfa_activate_totp")
    assert "reauthenticate" in doer.get(reverse("mfa_activate_totp")).url
    doer.post(f"{reverse('account_reauthenticate')}?next=/", {"password": PASSWORD})
    set_up(doer)
    assert opens(doer)
    kinds = [(row.kind, row.detail, row.by) for row in AccountChange.objects.order_by("pk")]
    assert kinds == [(Kind.FACTOR_ON, "totp", anna), (Kind.FACTOR_OFF, "totp", anna), (Kind.FACTOR_ON, "totp", anna)]


@pytest.mark.parametrize("first", [True, False], ids=["older does it", "newer does it"])
def test_new_recovery_codes_end_the_others(anna, clock, first):
    secret = set_up(with_password(anna))
    older, newer = with_both(anna, secret, clock), with_both(anna, secret, clock)
    doer, other = (older, newer) if first else (newer, older)
    anew(doer, secret, clock)
    assert doer.post(reverse("mfa_generate_recovery_codes")).url == reverse("mfa_view_recovery_codes")
    assert (opens(doer), opens(other)) == (True, False)
    row = AccountChange.objects.order_by("pk").last()
    assert (row.kind, row.detail) == (Kind.FACTOR_ON, "recovery_codes")


@pytest.mark.parametrize("first", [True, False], ids=["older does it", "newer does it"])
def test_another_password_ends_the_others(anna, clock, first):
    secret = set_up(with_password(anna))
    older, newer = with_both(anna, secret, clock), with_both(anna, secret, clock)
    doer, other = (older, newer) if first else (newer, older)
    new = "vier losse woorden hier"
    doer.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (opens(doer), opens(other)) == (True, False)


@pytest.mark.parametrize("change", ["address", "closed", "reset"])
def test_what_the_administrator_changes_ends_all_of_them(cast, anna, clock, change):
    secret = set_up(with_password(anna))
    one, two = with_both(anna, secret, clock), with_both(anna, secret, clock)
    signs = {"colleague": User.objects.get(pk=anna.pk), "by": cast.hans, "at": timezone.now()}
    if change == "address":
        actions.change_address(email="nieuw@voorbeeld.example", **signs)
    elif change == "closed":
        actions.say_goodbye(**signs)
        actions.come_back(**signs)
    else:
        actions.reset_second_factor(**signs)
    assert not opens(one)
    assert one.get(TODAY).url.startswith(reverse("account_login"))
    assert not opens(two)


def test_who_sent_the_set_up_twice_reads_that_it_is_on(anna, clock):
    owner = with_password(anna)
    set_up(owner)
    assert owner.post(reverse("mfa_activate_totp"), {"code": "123456"}).url == reverse("mfa_index")
    assert Authenticator.objects.filter(user=anna, type="totp").exists()


def test_a_key_of_before_still_knows_her_sessions(anna, clock, settings):
    owner = with_password(anna)
    set_up(owner)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "een-andere-sleutel-van-vandaag"
    assert opens(owner)
    actions.change_address(colleague=anna, email="n@voorbeeld.example", by=None, at=timezone.now())
    assert not opens(owner)
