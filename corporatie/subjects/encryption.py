"""Text that the database itself cannot read: MultiFernet with keys from the environment, newest first.

Fernet is AES-128-CBC with HMAC-SHA256 (encrypt-then-MAC). Encrypted text cannot be searched or sorted, by design.
"""

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


class UnreadableTextError(Exception):
    """Text that none of the keys opens: never shown as empty, always an alarm."""


class WrongKeysError(ImproperlyConfigured):
    """The keys are not those this database was filled with."""

    def __init__(self) -> None:
        """Say what is wrong and what mends it."""
        super().__init__(
            "Keukentafel does not start, because ENCRYPTION_KEYS does not open what this database holds: confidential "
            "reasons and second factors would be unreadable.\n"
            "  Put back the key that was in use, from the copy you keep: in ENCRYPTION_KEYS, in the file that "
            "ENCRYPTION_KEYS_FILE names (secrets/encryption_keys), or on one machine in "
            f"{settings.VAR_DIR / 'encryption_key'}. A new key comes before it, with a comma between.\n"
            "  A demo may begin afresh instead: make demo-reset"
        )


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    if not keys:
        raise ImproperlyConfigured("ENCRYPTION_KEYS is empty: nothing can be encrypted.")
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> str:
    """Encrypt with the newest key."""
    return _cipher(tuple(settings.ENCRYPTION_KEYS)).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Read back with whichever key fits. Raises ``UnreadableTextError`` when none does."""
    try:
        return _cipher(tuple(settings.ENCRYPTION_KEYS)).decrypt(token.encode()).decode()
    except InvalidToken as wrong:
        raise UnreadableTextError("no key opens this text") from wrong


def opens(token: str) -> bool:
    """Whether one of the keys opens this."""
    try:
        decrypt(token)
    except UnreadableTextError:
        return False
    return True


def is_newest(token: str) -> bool:
    """Whether the newest key, and not only an older one, opens this."""
    try:
        Fernet(settings.ENCRYPTION_KEYS[0]).decrypt(token.encode())
    except InvalidToken:
        return False
    return True


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """A text column that holds a token; Python sees the text."""

    def get_prep_value(self, value: Any) -> Any:
        """The token that goes to the database."""
        return None if value is None else encrypt(str(value))

    def from_db_value(self, value: str | None, *args: Any) -> str | None:
        """The text that came out of it."""
        return None if value is None else decrypt(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only "is it there" can be asked of encrypted text."""
        if lookup_name != "isnull":
            raise TypeError("encrypted text cannot be searched")
        return super().get_lookup(lookup_name)
