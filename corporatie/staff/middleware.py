"""The second factor: compulsory for everyone who can open something about a person."""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.account.views import PasswordResetFromKeyView
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

# What one needs to set the factor up, to sign out, and to know that the app is alive.
OPEN_VIEWS = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_generate_recovery_codes",
        "mfa_view_recovery_codes",
        "healthz",
        "readyz",
    }
)

# Pages that a mail leads to. The first answer takes the key into the session and goes on to an address without it.
LINK_VIEWS = frozenset({"account_reset_password_from_key", "account_confirm_email"})
KEYLESS = PasswordResetFromKeyView.reset_url_key


class SecondFactorMiddleware:
    """Only a session that used the second factor, or set it up, opens anything."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> HttpResponse | None:
        """Send a colleague who did not use a second factor here to where she sets it up, or uses it."""
        match = request.resolver_match
        if not settings.SECOND_FACTOR_REQUIRED or (match and match.view_name in OPEN_VIEWS):
            return None
        user = request.user
        if not user.is_authenticated or not user.needs_second_factor or _used_the_second_here(request):
            return None
        if is_mfa_enabled(user):
            # Set up somewhere else since: that this session knew the password says nothing about who is at the keys.
            onward = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{onward}")
        return HttpResponseRedirect(reverse("mfa_activate_totp"))


def _used_the_second_here(request: HttpRequest) -> bool:
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


class SecretLinkMiddleware:
    """A page whose address holds a key tells nobody where one came from, and is kept nowhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Mark the answer."""
        response = self.get_response(request)
        match = request.resolver_match
        if match and match.view_name in LINK_VIEWS:
            response["Cache-Control"] = "no-store"
            # The form that follows has no key in its address. Without any origin its answer would be refused.
            has_key = KEYLESS not in match.kwargs.values()
            response["Referrer-Policy"] = "no-referrer" if has_key else "strict-origin"
        return response
