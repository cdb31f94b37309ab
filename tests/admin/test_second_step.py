"""Her phone is gone: an application administrator takes the second step away, and never her own."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from corporatie.staff import actions as staff
from corporatie.staff.states import AccountChangeKind
from tests.cast import PASSWORD


def colleague_url(user):
    """The page of this colleague."""
    return reverse("admin:staff_user_change", args=[user.pk])


def reset_url(user):
    """Where the second step of this colleague is reset."""
    return reverse("admin:staff_user_reset", args=[user.pk])


@pytest.fixture
def lost(cast):
    """Anna has an app with recovery codes, on a phone that is gone."""
    TOTP.activate(cast.anna, generate_totp_secret())
    RecoveryCodes.activate(cast.anna)
    return cast.anna


def test_the_second_step_is_reset_after_a_question(client, cast, hans, lost):
    TOTP.activate(cast.bram, generate_totp_secret())
    phone, brams = type(client)(), type(client)()
    phone.force_login(lost)
    brams.force_login(cast.bram)

    assert reset_url(lost) in client.get(colleague_url(lost)).content.decode()
    asked = client.get(reset_url(lost)).content.decode()
    assert "Anna Jansen wordt overal uitgelogd" in asked
    assert Authenticator.objects.filter(user=lost).count() == 2
    assert phone.get(reverse("today")).status_code == 200

    answer = client.post(reset_url(lost), follow=True)
    assert "Anna Jansen stelt de tweede stap opnieuw in" in answer.content.decode()
    assert set(Authenticator.objects.values_list("user", flat=True)) == {cast.bram.pk}
    assert phone.get(reverse("today")).status_code == 302
    assert brams.get(reverse("today")).status_code == 200
    assert client.get(reverse("admin:index")).status_code == 200


def test_the_reset_stands_in_both_logs(client, cast, hans, lost):
    client.post(reset_url(lost))
    line = LogEntry.objects.get()
    assert (line.user, line.object_id, line.object_repr) == (hans, str(lost.pk), f"collega {lost.pk}")
    assert line.get_change_message() == "Tweede stap van het inloggen uitgezet."

    [change] = lost.account_changes.all()
    assert (change.kind, change.by) == (AccountChangeKind.FACTOR_OFF, hans)


def test_nobody_resets_her_own_second_step(client, hans):
    TOTP.activate(hans, generate_totp_secret())
    assert reset_url(hans) not in client.get(colleague_url(hans)).content.decode()
    assert client.get(reset_url(hans)).status_code == 403
    assert client.post(reset_url(hans)).status_code == 403
    with pytest.raises(ValidationError):
        staff.reset_second_factor(colleague=hans, by=hans, at=timezone.now())
    assert Authenticator.objects.filter(user=hans).exists()


@pytest.mark.parametrize("name", ["olga", "dirk", "anna", "mila"])
def test_resetting_is_for_who_administers(client, cast, lost, name):
    client.force_login(getattr(cast, name))
    assert client.post(reset_url(lost)).status_code == 403
    assert client.get(reverse("admin:staff_user_reset", args=["niemand"])).status_code == 403
    assert Authenticator.objects.filter(user=lost).count() == 2


def test_where_there_is_nothing_to_reset_it_says_so(client, cast, hans):
    assert reset_url(cast.anna) not in client.get(colleague_url(cast.anna)).content.decode()
    answer = client.post(reset_url(cast.anna), follow=True)
    assert "Anna Jansen heeft nog geen tweede stap." in answer.content.decode()
    assert (mail.outbox, LogEntry.objects.count()) == ([], 0)
    assert client.get(reverse("admin:staff_user_reset", args=["niemand"])).status_code == 404


def test_resetting_asks_first_who_one_is(client, cast, lost):
    cast.hans.set_password(PASSWORD)
    cast.hans.save()
    client.post(reverse("account_login"), {"login": cast.hans.email, "password": PASSWORD})
    for method in (client.get, client.post):
        assert method(reset_url(lost)).url.startswith(reverse("account_reauthenticate"))
    assert Authenticator.objects.filter(user=lost).count() == 2

    client.post(f"{reverse('account_reauthenticate')}?next={reset_url(lost)}", {"password": PASSWORD})
    client.post(reset_url(lost))
    assert not Authenticator.objects.filter(user=lost).exists()
