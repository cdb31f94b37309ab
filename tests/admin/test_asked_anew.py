"""Before one changes who gets in where, one shows once more who one is; and what was typed meanwhile stays."""

from datetime import date, timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal import auth as totp
from django.urls import reverse

from corporatie.staff import actions
from corporatie.staff.models import Absence, AccountChange, Team, User, WaitingRole
from corporatie.staff.permissions import Role
from tenants.models import Neighbourhood
from tests.cast import PASSWORD, colleague


@pytest.fixture
def clock(at):
    """A clock that is set on by hand."""
    with time_machine.travel(at, tick=False) as clock:
        yield clock


@pytest.fixture
def hans(client, cast, clock, settings):
    """The application administrator signed in with both factors, some time ago."""
    settings.SECOND_FACTOR_REQUIRED = True
    cast.hans.set_password(PASSWORD)
    cast.hans.save()
    cast.hans.secret = totp.generate_totp_secret()
    totp.TOTP.activate(cast.hans, cast.hans.secret)
    client.post(reverse("account_login"), {"login": cast.hans.email, "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": code_for(cast.hans.secret)})
    clock.shift(timedelta(minutes=10))
    assert client.get(reverse("admin:index")).status_code == 200
    return cast.hans


def code_for(secret):
    """What the app shows now."""
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


def show(client, user):
    """Show who one is."""
    client.post(f"{reverse('mfa_reauthenticate')}?next=/", {"code": code_for(user.secret)})


@pytest.fixture
def urls(cast):
    """Each page that changes who gets in where."""
    absence = Absence.objects.create(
        user=cast.anna, substitute=cast.bram, from_on=date(2026, 12, 1), until_on=date(2026, 12, 4)
    )
    colleague("Ria Kok", Role.APP_ADMIN)
    actions.give_role(colleague=cast.wim, role=Role.APP_ADMIN, by=cast.hans, at=cast.at)
    totp.TOTP.activate(cast.anna, totp.generate_totp_secret())
    AccountChange.objects.all().delete()
    return [
        reverse("admin:staff_user_add"),
        reverse("admin:staff_user_change", args=[cast.anna.pk]),
        reverse("admin:staff_user_reset", args=[cast.anna.pk]),
        reverse("admin:staff_user_role", args=[cast.wim.pk, WaitingRole.objects.get().pk]),
        reverse("admin:staff_team_add"),
        reverse("admin:staff_team_change", args=[cast.noord.pk]),
        reverse("admin:staff_team_delete", args=[cast.noord.pk]),
        reverse("admin:tenants_neighbourhood_add"),
        reverse("admin:tenants_neighbourhood_change", args=[cast.buurt_noord.pk]),
        reverse("admin:staff_absence_add"),
        reverse("admin:staff_absence_change", args=[absence.pk]),
        reverse("admin:staff_absence_delete", args=[absence.pk]),
    ]


def test_it_is_asked_before_there_is_anything_to_lose(client, cast, hans, urls, clock):
    for url in urls:
        asked = client.get(url)
        assert (asked.status_code, asked.url.split("?")[0]) == (302, reverse("mfa_reauthenticate")), url
    show(client, hans)
    for url in urls:
        assert client.get(url).status_code == 200, url
    clock.shift(timedelta(minutes=5))
    assert client.get(urls[0]).status_code == 302


def test_one_comes_back_where_one_was(client, cast, hans, urls):
    asked = client.get(urls[1]).url
    assert client.post(asked, {"code": code_for(hans.secret)}).url == urls[1]


def test_a_password_is_not_enough_for_who_has_the_second_step(client, cast, hans, urls):
    client.post(f"{reverse('account_reauthenticate')}?next=/", {"password": PASSWORD})
    assert client.get(urls[1]).status_code == 302


def test_sent_too_late_nothing_is_written_and_what_was_typed_still_stands_there(client, cast, hans, urls, clock):
    details = {"name": "Anna Getypt", "email": "getypt@voorbeeld.example", "mail_choice": "daily", "is_active": "on"}
    details |= {"grants-TOTAL_FORMS": 1, "grants-INITIAL_FORMS": 0, "grants-0-role": Role.TEAM_LEAD}
    team = {"name": "Getypt", "members": [cast.anna.pk]}
    days = {"from_on": "2027-01-04", "until_on": "2027-01-05", "part": "day"}
    absence = {"user": cast.anna.pk, "substitute": cast.bram.pk, **days}
    buurt = {"team": cast.zuid.pk}
    fields = {"user": details, "team": team, "neighbourhood": buurt, "absence": absence}
    typed = {**dict.fromkeys(fields, "Getypt"), "user": "getypt@voorbeeld.example", "absence": "2027-01-05"}
    # Of a neighbourhood only the team can change.
    typed["neighbourhood"] = f'<option value="{cast.zuid.pk}" selected>'
    for url in urls:
        table = url.split("/")[3]
        before = _everything()
        answer = client.post(url, fields[table] | {"post": "yes", "confirm": "1"})
        assert _everything() == before, url
        if url.endswith(("/add/", "/change/")):
            page = answer.content.decode()
            assert answer.status_code == 200
            assert "Er is nog niets bewaard" in page, url
            assert typed[table] in page
            assert reverse("mfa_reauthenticate") in page
        else:
            assert answer.url.startswith(reverse("mfa_reauthenticate")), url
    # In another tab she shows who she is; the same form, sent again, is saved.
    show(client, hans)
    assert client.post(urls[1], details).status_code == 302
    assert User.objects.get(pk=cast.anna.pk).email == "getypt@voorbeeld.example"
    assert AccountChange.objects.filter(by=hans).count() == 2


def _everything():
    return (
        AccountChange.objects.count(),
        sorted(User.objects.values_list("pk", "name", "email", "is_active", "grants__role")),
        sorted(Team.objects.values_list("name", "members")),
        sorted(Neighbourhood.objects.values_list("name", "team__name")),
        sorted(Absence.objects.values_list("substitute", "from_on", "until_on")),
        WaitingRole.objects.count(),
    )


def test_who_may_not_open_it_is_refused_and_not_asked_who_she_is(client, cast, hans, urls):
    client.force_login(cast.dirk)
    totp.TOTP.activate(cast.dirk, secret := totp.generate_totp_secret())
    client.post(f"{reverse('mfa_reauthenticate')}?next=/", {"code": code_for(secret)})
    for url in urls:
        assert client.get(url).status_code == 403, url
        assert client.post(url).status_code == 403, url
