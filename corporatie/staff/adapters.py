"""Where allauth meets the house: no sign-up, secrets encrypted, fixed mails."""

from datetime import UTC, datetime
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.utils import timezone

from corporatie.staff.actions import tell
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
        """Her password or her second step changed: she hears of it, also when it was not she who did it."""
        tell(colleague=user, template=template_prefix)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who signed in a moment ago and sets up her first second factor is not asked for her password again."""
        if app == "allauth.mfa" and _sets_up_the_first(self.request):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))


def _sets_up_the_first(request: Any) -> bool:
    """She gave her password within the last minutes, and has no factor from before that."""
    records = get_authentication_records(request, request.user)
    signed_in = [
        record["at"] for record in records if record["method"] == "password" and "reauthenticated" not in record
    ]
    if not signed_in or timezone.now().timestamp() - signed_in[-1] >= app_settings.REAUTHENTICATION_TIMEOUT:
        return False
    # The codes that come with the factor are shown right after it: what is newer than the sign-in belongs to it.
    before = datetime.fromtimestamp(signed_in[-1], tz=UTC)
    return not request.user.authenticator_set.filter(created_at__lt=before).exists()


class MFAAdapter(DefaultMFAAdapter):
    """The seeds of the second factor are stored encrypted."""

    def encrypt(self, text: str) -> str:
        """Encrypt a seed with the association's own keys."""
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Read a seed back."""
        return decrypt(encrypted_text)
