"""Signing in: by e-mail, with two factors, ten tries, and nobody makes an account for herself."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from corporatie.staff.middleware import OPEN_VIEWS
from corporatie.staff.models import RoleGrant, User
from corporatie.staff.states import AccountChangeKind
from tests.cast import PASSWORD

SIGN_IN = "/account/login/"


@pytest.fixture
def anna(cast):
    """Anna has a password."""
    cast.anna.set_password(PASSWORD)
    cast.anna.save()
    return cast.anna


@pytest.fixture
def two_factors(settings):
    """The association asks the second factor, as it must."""
    settings.SECOND_FACTOR_REQUIRED = True


def sign_in(client, password=PASSWORD, email="anna@voorbeeld.example", **more):
    """Fill in the form and send it."""
    return client.post(SIGN_IN, {"login": email, "password": password}, **more)


# --- By e-mail ----------------------------------------------------------------------------------------------
def test_signing_in_by_e_mail(client, anna):
    assert client.get(SIGN_IN).status_code == 200
    answer = sign_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/vandaag/").status_code == 200


def test_capitals_in_the_address_make_no_difference(client, anna):
    assert sign_in(client, email="Anna@Voorbeeld.Example").status_code == 302


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, anna):
    wrong = sign_in(client, "iets-anders-1234")
    unknown = sign_in(client, email="niemand@voorbeeld.example")
    assert (wrong.status_code, unknown.status_code) == (200, 200)
    errors = [list(page.context["form"].non_field_errors()) for page in (wrong, unknown)]
    assert errors[0] == errors[1]
    assert errors[0]
    assert not wrong.wsgi_request.user.is_authenticated


def test_who_left_does_not_come_in(client, anna):
    User.objects.filter(pk=anna.pk).update(is_active=False)
    sign_in(client)
    assert client.get("/vandaag/")["Location"].startswith(SIGN_IN)


def test_leaving_ends_what_was_open(client, anna):
    sign_in(client)
    assert client.get("/vandaag/").status_code == 200
    User.objects.filter(pk=anna.pk).update(is_active=False)
    assert client.get("/vandaag/")["Location"].startswith(SIGN_IN)


def test_a_new_password_ends_the_sessions_of_the_old_one(client, anna):
    sign_in(client)
    anna.set_password("een-heel-ander-wachtwoord")
    anna.save()
    assert client.get("/vandaag/")["Location"].startswith(SIGN_IN)


def test_signing_in_gives_a_new_session_and_signing_out_ends_it(client, anna):
    client.get(SIGN_IN)
    before = client.session.session_key
    sign_in(client)
    during = client.session.session_key
    assert during != before
    assert client.get(reverse("account_logout")).status_code == 200
    assert client.get("/vandaag/").status_code == 200
    client.post(reverse("account_logout"))
    assert client.get("/vandaag/")["Location"].startswith(SIGN_IN)
    assert not client.session.__class__(during).exists(during)


def test_the_cookie_is_for_the_server_only(client, anna):
    sign_in(client)
    cookie = client.cookies["session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["expires"]) == (True, "Lax", "")


def test_nobody_is_sent_to_another_host(client, anna):
    for elsewhere in ("https://elders.example/", "//elders.example", "javascript:alert(1)", "\\\\elders.example"):
        client.logout()
        answer = client.post(SIGN_IN, {"login": anna.email, "password": PASSWORD, "next": elsewhere})
        assert answer["Location"] == "/"


# --- The limit -------------------------------------------------------------------------------------------------
def test_after_ten_wrong_passwords_even_the_right_one_waits_five_minutes(client, anna, at):
    with time_machine.travel(at, tick=False) as clock:
        codes = [sign_in(client, f"fout-wachtwoord-{number}").status_code for number in range(11)]
        assert codes == [200] * 10 + [429]
        refused = sign_in(client)
        assert refused.status_code == 429
        assert "Wacht vijf minuten" in refused.content.decode()
        clock.shift(timedelta(minutes=5, seconds=1))
        assert sign_in(client).status_code == 302


def test_the_limit_is_counted_in_the_database_and_for_every_address_alone(client, anna, cast):
    cast.bram.set_password(PASSWORD)
    cast.bram.save()
    for number in range(11):
        sign_in(client, f"fout-wachtwoord-{number}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache_entries")
        keys = " ".join(key for (key,) in cursor.fetchall())
    assert "login_failed" in keys
    assert "anna" not in keys
    assert sign_in(client, email="bram@voorbeeld.example").status_code == 302


def test_a_good_sign_in_does_not_use_up_a_try(client, anna):
    for _time in range(12):
        assert sign_in(client).status_code == 302
        client.logout()


# --- Accounts -----------------------------------------------------------------------------------------------------
def test_nobody_signs_up(client, db):
    page = client.get(reverse("account_signup"))
    assert "password1" not in page.content.decode()
    fields = {"email": "nieuw@voorbeeld.example", "password1": PASSWORD, "password2": PASSWORD}
    client.post(reverse("account_signup"), fields)
    assert not User.objects.exists()


def test_nobody_changes_her_own_address(client, anna):
    client.force_login(anna)
    url = reverse("account_email")
    client.post(url, {"action_add": "", "email": "anders@voorbeeld.example"})
    assert client.get(url)["Location"] == reverse("preferences")
    assert not connection.introspection.table_names() or not anna.emailaddress_set.exists()


def test_a_password_is_kept_as_argon2(anna):
    assert User.objects.get(pk=anna.pk).password.startswith("argon2$argon2id$")


# --- Choosing a password ------------------------------------------------------------------------------------------
LONG = "vier gele fietsen in de regen"
NEW = "account_change_password"


def refusal(password, user):
    """What is said of this password; nothing when it is good."""
    try:
        validate_password(password, user=user)
    except ValidationError as refused:
        return " ".join(refused.messages)
    return ""


def test_twelve_characters_are_enough_and_fifteen_for_who_hands_out_roles(cast):
    assert refusal("gelefietsje", cast.anna) == "Dit wachtwoord is te kort. Kies er een van minstens 12 tekens."
    assert refusal("gelefietsjes", cast.anna) == ""
    assert refusal("gelefietsjes44", cast.hans) == "Dit wachtwoord is te kort. Kies er een van minstens 15 tekens."
    assert refusal("gelefietsjes444", cast.hans) == ""


def test_the_first_administrator_chooses_a_long_one_too():
    # createsuperuser asks before it stores anyone.
    assert "minstens 15" in refusal("gelefietsjes44", User(email="eerste@voorbeeld.example", name="Eerste"))
    assert refusal("gelefietsjes44", None) == ""


def test_a_password_may_be_as_long_as_a_sentence_and_no_longer(cast):
    assert refusal("q" * 64 + "w" * 64, cast.anna) == ""
    assert refusal("q" * 64 + "w" * 65, cast.anna) == "Dit wachtwoord is te lang. Kies er een van hoogstens 128 tekens."


@pytest.mark.parametrize(
    "password", [LONG, "ALLEENHOOFDLETTERS", "alleenkleineletters", "482915730482", "🦆🦆🦆 in de sloot"]
)
def test_no_capital_digit_or_sign_is_asked(cast, password):
    assert refusal(password, cast.anna) == ""


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("mijn-Keukentafel-2026", "keukentafel"),
        ("wij van Woonfonds samen", "woonfonds"),
        ("de toren van Lindédam", "lindedam"),
        ("het huis van Anna thuis", "anna"),
        ("jánsen-jansen-jansen", "jansen"),
        ("groeten van voorbeeld", "voorbeeld"),
        ("naar dossierhuis toe", "dossierhuis"),
    ],
)
def test_what_others_would_try_first_is_refused(cast, settings, password, word):
    settings.ASSOCIATION_WORDS = ["Woonfonds", "Lindedam"]
    settings.BASE_URL = "https://dossierhuis.nl"
    assert refusal(password, cast.anna) == f"Laat “{word}” weg. Dat proberen anderen als eerste."


def test_a_short_name_may_stand_in_another_word(cast):
    cast.anna.name = "Bo Bos"
    assert refusal("bosbessen en boterhammen", cast.anna) == ""
    assert refusal("het huis van jansen thuis", cast.bram) == ""


@pytest.mark.parametrize(
    "password", ["password1234", "Welkom2026!!", "wachtwoord-01", "2026-Zomer!!!", "Geheim!!!!!!!"]
)
def test_what_everybody_chooses_is_refused_whatever_stands_around_it(cast, password):
    assert refusal(password, cast.anna).startswith("Dit kiezen veel mensen.")


def test_the_words_stand_beside_the_question_and_on_top(client, anna):
    client.force_login(anna)
    asked = client.get(reverse(NEW)).content.decode()
    assert "Minstens 12 tekens, of 15" in asked
    assert "maxlength" not in asked
    refused = client.post(reverse(NEW), {"oldpassword": PASSWORD, "password1": "anna", "password2": "anna"})
    html = refused.content.decode()
    for words in ("Dit wachtwoord is te kort. Kies er een van minstens 12 tekens.", "Laat “anna” weg."):
        assert html.count(words) == 2
    assert User.objects.get(pk=anna.pk).check_password(PASSWORD)
    client.post(reverse(NEW), {"oldpassword": PASSWORD, "password1": LONG, "password2": LONG})
    assert User.objects.get(pk=anna.pk).check_password(LONG)


def test_a_link_from_the_mail_asks_the_same(client, cast, mailed):
    client.post(reverse("account_reset_password"), {"email": cast.hans.email})
    link = next(line for line in mailed().body.splitlines() if "/reset/key/" in line)
    page = client.get(urlsplit(link).path, follow=True)
    url = page.redirect_chain[-1][0]
    refused = client.post(url, {"password1": "gelefietsjes44", "password2": "gelefietsjes44"})
    assert "Kies er een van minstens 15 tekens." in refused.content.decode()
    assert client.post(url, {"password1": LONG, "password2": LONG}).status_code == 302
    assert User.objects.get(pk=cast.hans.pk).check_password(LONG)


def test_a_change_of_password_or_second_step_mails_nothing_by_itself(client, anna, settings):
    """Each leaves a row, from which the sweep mails (``tests/work/test_account_mails.py``)."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    sign_in(client)
    given = {"oldpassword": PASSWORD, "password1": "vier losse woorden hier", "password2": "vier losse woorden hier"}
    assert client.post(reverse("account_change_password"), given).status_code == 302
    anna.refresh_from_db()
    assert anna.check_password("vier losse woorden hier")
    assert [change.kind for change in anna.account_changes.all()] == [AccountChangeKind.PASSWORD]


# --- The second factor --------------------------------------------------------------------------------------------
def test_without_a_second_factor_only_setting_it_up_opens(client, anna, two_factors, cast):
    sign_in(client)
    for url in ("/vandaag/", cast.bos.get_absolute_url(), "/zoeken/", "/postvak/", "/beheer/", "/voorkeuren/"):
        assert client.get(url)["Location"] == reverse("mfa_activate_totp"), url
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    assert client.get("/healthz").status_code == 200


def set_up(client):
    """Type what the app shows for the key on the page."""
    page = client.get(reverse("mfa_activate_totp"))
    return client.post(reverse("mfa_activate_totp"), {"code": code_for(page.context["form"].secret)})


def test_right_after_signing_in_the_first_set_up_asks_no_password_again(client, anna, two_factors, at):
    with time_machine.travel(at, tick=False) as clock:
        sign_in(client)
        clock.shift(timedelta(minutes=4))
        assert set_up(client)["Location"] == reverse("mfa_view_recovery_codes")
        assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200
    assert Authenticator.objects.filter(user=anna).count() == 2


def test_later_the_set_up_asks_who_one_is(client, anna, two_factors, at):
    with time_machine.travel(at, tick=False) as clock:
        sign_in(client)
        clock.shift(timedelta(minutes=5))
        again = client.get(reverse("mfa_activate_totp"))["Location"]
        assert again.startswith(reverse("account_reauthenticate"))
        assert client.post(again, {"password": PASSWORD})["Location"] == reverse("mfa_activate_totp")
        assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_who_has_a_second_factor_is_asked_before_she_changes_it(client, anna, two_factors, at):
    with time_machine.travel(at, tick=False):
        secret = totp.generate_totp_secret()
        totp.TOTP.activate(anna, secret)
    with time_machine.travel(at + timedelta(minutes=2), tick=False):
        sign_in(client)
        client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
        for name in ("mfa_deactivate_totp", "mfa_generate_recovery_codes"):
            assert "reauthenticate" in client.get(reverse(name))["Location"], name
        assert "reauthenticate" in client.post(reverse("mfa_deactivate_totp"))["Location"]
    assert Authenticator.objects.filter(user=anna).exists()


def test_the_open_list_holds_no_page_about_a_person():
    allowed = ("account_log", "account_reauthenticate", "account_reset_password", "mfa_", "healthz", "readyz")
    assert all(name.startswith(allowed) for name in OPEN_VIEWS)
    assert not {"mfa_deactivate_totp", "mfa_download_recovery_codes"} & OPEN_VIEWS


@pytest.mark.parametrize("name", ["mila"])
def test_who_can_open_nothing_needs_no_second_factor(client, cast, two_factors, name):
    client.force_login(getattr(cast, name))
    assert client.get("/postvak/").status_code == 200


@pytest.mark.parametrize("name", ["anna", "wim", "rachid", "petra", "dirk", "olga", "hans"])
def test_who_can_open_something_needs_one(client, cast, two_factors, name):
    client.force_login(getattr(cast, name))
    assert client.get("/postvak/")["Location"] == reverse("mfa_activate_totp")


@pytest.fixture
def secret(anna):
    """Anna has set up her second factor."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(anna, secret)
    return secret


def code_for(secret):
    """What her telephone shows now."""
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


def test_with_both_factors_everything_opens_and_costs_no_question_more(client, anna, secret, two_factors, settings):
    asked = sign_in(client)
    assert asked["Location"] == reverse("mfa_authenticate")
    assert client.get("/vandaag/")["Location"].startswith(SIGN_IN)
    assert client.post(reverse("mfa_authenticate"), {"code": code_for(secret)}).status_code == 302

    # The first page says that she is signed in, and writes down that it did.
    client.get("/voorkeuren/")
    with CaptureQueriesContext(connection) as with_two:
        assert client.get("/voorkeuren/").status_code == 200
    settings.SECOND_FACTOR_REQUIRED = False
    with CaptureQueriesContext(connection) as with_one:
        assert client.get("/voorkeuren/").status_code == 200
    assert len(with_two) == len(with_one)


def test_a_wrong_code_opens_nothing(client, anna, secret, two_factors):
    sign_in(client)
    right = code_for(secret)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    assert client.post(reverse("mfa_authenticate"), {"code": wrong}).status_code == 200
    assert client.get("/vandaag/")["Location"].startswith(SIGN_IN)


def test_a_code_works_once(client, anna, secret, two_factors, at):
    with time_machine.travel(at, tick=False):
        code = code_for(secret)
        sign_in(client)
        assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
        client.post(reverse("account_logout"))
        sign_in(client)
        assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200


def test_the_seed_of_the_second_factor_lies_encrypted(anna, secret):
    assert secret not in str(Authenticator.objects.get(user=anna).data)


# --- Roles -----------------------------------------------------------------------------------------------------------
def test_a_role_that_is_taken_away_is_gone_at_the_next_request(client, cast):
    client.force_login(cast.anna)
    url = cast.bos.get_absolute_url()
    assert client.get(url).status_code == 200
    RoleGrant.objects.filter(user=cast.anna).delete()
    assert client.get(url).status_code == 404
    RoleGrant.objects.create(user=cast.anna, role="housing_consultant")
    assert client.get(url).status_code == 200


def test_another_team_is_another_neighbourhood_at_the_next_request(client, cast):
    client.force_login(cast.anna)
    cast.noord.members.remove(cast.anna)
    cast.zuid.members.add(cast.anna)
    assert client.get(cast.bos.get_absolute_url()).status_code == 404
    assert client.get(cast.kaya.get_absolute_url()).status_code == 200


def test_technical_power_opens_nothing(client, cast, settings):
    chief = User.objects.create_superuser("chef@voorbeeld.example", PASSWORD, name="Chef Techniek")
    assert (chief.is_superuser, chief.has_perm("cases.view_case"), chief.has_module_perms("cases")) == (
        False,
        False,
        False,
    )
    client.force_login(chief)
    assert client.get("/beheer/").status_code == 200
    for url in (cast.bos.get_absolute_url(), cast.case().get_absolute_url(), cast.signal().get_absolute_url()):
        assert client.get(url).status_code == 404
