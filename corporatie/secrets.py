"""What makes a secret no secret: a word everybody knows, a pattern, or the same value twice. Plain questions."""

import base64
import binascii
import re
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from itertools import pairwise

from django.contrib.auth.password_validation import CommonPasswordValidator

# What a key must hold beside the words in it and beside what comes back in it.
LEAST_OF_ITS_OWN = 32
MOST_SIGNS_BETWEEN_WORDS = 4
SHORTEST_PASSWORD = 8
# Of 32 random bytes about 30 differ.
LEAST_DIFFERENT_BYTES = 20

# What stands in examples and documentation, and what people type to have something.
WORDS = re.findall(
    r"\S+",
    """
    changeme change-me change_me replaceme replace-me insecure django secret geheim password passphrase
    wachtwoord keukentafel example voorbeeld placeholder default production productie staging development
    testing letmein welcome welkom qwerty azerty admin beheer postgres redis rabbitmq celery database encryption
    fernet token please verander vervang invullen dummy foobar lorem ipsum your here
    """,
)
# Printed in a specification and in examples that many people copied.
PRINTED_KEYS = {
    "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=",
    "46BKJoQYlPPOexq0OhDZnIlNepKFf87WFwLbfzqDDho=",
}


@cache
def common_passwords() -> set[str]:
    """The twenty thousand that Django knows."""
    return set(CommonPasswordValidator().passwords)


def is_guessable(key: str) -> bool:
    """Whether a long key was thought up rather than drawn: words, repetition, a row of signs, small letters only."""
    plain = key.casefold()
    if plain.startswith("django-insecure"):
        return True
    # In a drawn text nearly every four signs are new.
    if len({plain[start : start + 4] for start in range(len(plain) - 3)}) < LEAST_OF_ITS_OWN:
        return True
    # 0123…, abcd…, zyxw…: each sign follows from the one before.
    if sum(ord(second) - ord(first) in {-1, 0, 1} for first, second in pairwise(plain)) > len(plain) / 2:
        return True
    kinds = [any(map(kind, key)) for kind in (str.islower, str.isupper, str.isdigit)]
    # Between words stands a dash or a space; many kinds of signs are drawn.
    kinds.append(len({sign for sign in key if not sign.isalnum()}) > MOST_SIGNS_BETWEEN_WORDS)
    if sum(kinds) == 1 and not key.isdigit():
        return True
    for word in WORDS:
        plain = plain.replace(word, "")
    return len(plain) < LEAST_OF_ITS_OWN


def is_well_known(password: str, *names: str) -> bool:
    """Whether a password is short, common, or one of these names: a user, a database, a house."""
    plain = re.sub(r"[\W_]", "", password.casefold())
    bare = plain.strip("0123456789")
    if len(password) < SHORTEST_PASSWORD or len(set(password)) < SHORTEST_PASSWORD // 2:
        return True
    if bare in {re.sub(r"[\W_]", "", name.casefold()) for name in names if name}:
        return True
    if {plain, password.casefold().strip()} & common_passwords():
        return True
    left = plain
    for word in WORDS:
        left = left.replace(re.sub(r"[\W_]", "", word), "")
    # Words of the house alone, with a number behind them perhaps.
    return len(left.strip("0123456789")) < SHORTEST_PASSWORD // 2


def bytes_of(key: str) -> bytes:
    """The bytes of an encryption key; none when it is no key."""
    try:
        return base64.urlsafe_b64decode(key)
    except (binascii.Error, ValueError):
        return b""


def is_thought_up(key: str) -> bool:
    """Whether an encryption key was made by a person, or was printed somewhere."""
    raw = bytes_of(key)
    steps = {(second - first) % 256 for first, second in pairwise(raw)}
    return (
        key in PRINTED_KEYS
        or len(set(raw)) < LEAST_DIFFERENT_BYTES
        or len(steps) < LEAST_DIFFERENT_BYTES // 2
        # Letters, digits and signs only: a sentence, or another secret, that was encoded.
        or all(32 <= byte < 127 for byte in raw)
        or raw in {sha256(word.encode()).digest() for word in [*WORDS, "test", "key", ""]}
    )


def used_twice(secrets: Iterable[str]) -> bool:
    """Whether one of the secrets is the same as another, or follows from it."""
    seen: set[bytes] = set()
    for secret in filter(None, secrets):
        forms = {secret.encode(), sha256(secret.encode()).digest()}
        if raw := bytes_of(secret):
            forms.add(raw)
        if forms & seen:
            return True
        seen |= forms
    return False
