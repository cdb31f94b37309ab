"""Where allauth meets the house: no sign-up, secrets encrypted, fixed mails."""

from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from corporatie.staff import actions
from corporatie.staff.rules import own_page
from corporatie.subjects.encryption import decrypt, encrypt


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the application administrator, never by whoever comes along."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Nobody signs up."""
        return False

    def pre_authenticate(self, request: Any, **credentials: Any) -> None:
        """Past the limit the answer is 429 and no page with a form, for the right password too."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as refused:
            raise ImmediateHttpResponse(render(request, "429.html", status=429)) from refused

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        """Nothing goes out from here: each change leaves a row, and the sweep mails her from that."""

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        """To the address that is known here, whatever way of writing it was typed."""
        actions.tell_later(
            colleague=user,
            template="account/email/password_reset_key",
            context={"password_reset_url": context["password_reset_url"]},
        )

    def get_reset_password_from_key_url(self, key: str) -> str:
        """At our own address: the name by which somebody called this server proves nothing."""
        user, _hyphen, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": user, "key": token})
        return f"{settings.BASE_URL}{path}"

    def set_password(self, user: Any, password: str) -> None:
        """Every road to another password comes along here."""
        actions.choose_password(colleague=user, password=password, by=user, at=timezone.now())

    def is_safe_url(self, url: str) -> bool:
        """On to a page of this house, and nowhere else."""
        return bool(own_page(url))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Who has a second step uses it: a password that somebody overheard is not enough to change who gets in."""
        methods = list(super().get_reauthentication_methods(user))
        if is_mfa_enabled(user):
            return [method for method in methods if method["id"] != "reauthenticate"]
        return methods

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who signed in a moment ago and sets up her first second factor is not asked for her password again."""
        if app == "allauth.mfa" and _sets_up_the_first(self.request):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))


def _sets_up_the_first(request: Any) -> bool:
    """She gave her password within the last minutes, and has no factor yet."""
    records = get_authentication_records(request, request.user)
    signed_in = [
        record["at"] for record in records if record["method"] == "password" and "reauthenticated" not in record
    ]
    if not signed_in or timezone.now().timestamp() - signed_in[-1] >= app_settings.REAUTHENTICATION_TIMEOUT:
        return False
    return not is_mfa_enabled(request.user)


class MFAAdapter(DefaultMFAAdapter):
    """The seeds of the second factor are stored encrypted."""

    def encrypt(self, text: str) -> str:
        """Encrypt a seed with the association's own keys."""
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Read a seed back."""
        return decrypt(encrypted_text)
