"""The second factor: compulsory for everyone who can open something about a person."""

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
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


class SecondFactorMiddleware:
    """Without a second factor only the page that sets it up opens."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> HttpResponse | None:
        """Send a colleague without a second factor to the page that sets it up."""
        match = request.resolver_match
        if not settings.SECOND_FACTOR_REQUIRED or (match and match.view_name in OPEN_VIEWS):
            return None
        user = request.user
        if not user.is_authenticated or not user.needs_second_factor or _signed_in_with_two(request):
            return None
        # Asked of the database only until the factor has been used once in this session.
        return None if is_mfa_enabled(user) else HttpResponseRedirect(reverse("mfa_activate_totp"))


def _signed_in_with_two(request: HttpRequest) -> bool:
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))
