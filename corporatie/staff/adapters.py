"""Where allauth meets the house: no sign-up, secrets encrypted, fixed mails."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter

from corporatie.subjects.encryption import decrypt, encrypt


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the application administrator, never by whoever comes along."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Nobody signs up."""
        return False


class MFAAdapter(DefaultMFAAdapter):
    """The seeds of the second factor are stored encrypted."""

    def encrypt(self, text: str) -> str:
        """Encrypt a seed with the association's own keys."""
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Read a seed back."""
        return decrypt(encrypted_text)
