"""Where allauth meets the house: no sign-up, secrets encrypted, fixed mails."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError
from django.shortcuts import render

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


class MFAAdapter(DefaultMFAAdapter):
    """The seeds of the second factor are stored encrypted."""

    def encrypt(self, text: str) -> str:
        """Encrypt a seed with the association's own keys."""
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Read a seed back."""
        return decrypt(encrypted_text)
