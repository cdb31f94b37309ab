"""May this colleague do this? Plain questions, asked at the moment of use."""

import re
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corporatie.staff.models import Absence, User, holds, may
from corporatie.staff.permissions import NEEDS_SECOND_FACTOR, Permission
from corporatie.subjects.text import fold

__all__ = [
    "Permission",
    "may",
    "may_administer",
    "may_read_access_log",
    "may_reset_second_factor",
    "own_or_covered",
    "who_can_stand_in",
    "why_no_substitute",
]

# What opens something about a person, as against the settings and the log of reads.
ABOUT_PEOPLE = NEEDS_SECOND_FACTOR - {Permission.ADMINISTER, Permission.READ_ACCESS_LOG}


def may_administer(user: Any) -> bool:
    """Settings and accounts. Never a dossier."""
    return may(user, Permission.ADMINISTER)


def may_reset_second_factor(user: Any, colleague: User) -> bool:
    """For somebody else. Nobody opens her own account with one factor."""
    return may_administer(user) and colleague.pk != user.pk


def may_read_access_log(user: Any) -> bool:
    """Who looked at what."""
    return may(user, Permission.READ_ACCESS_LOG)


# --- Standing in ---------------------------------------------------------------------------------------
def why_no_substitute(*, colleague: User, substitute: User, by: Any) -> str:
    """Why she cannot stand in for this colleague, in a sentence; nothing when she can."""
    if substitute.pk == by.pk:
        return _("You cannot make yourself the one who stands in. Ask another application administrator.")
    if not who_can_stand_in(colleague).filter(pk=substitute.pk).exists():
        words = _("%(name)s cannot do this work: the roles do not match. Choose someone with the same kind of role.")
        return words % {"name": substitute.name}
    return ""


def who_can_stand_in(colleague: User) -> QuerySet[User]:
    """Everybody else who works here with a role that opens the same kind of work."""
    others = User.objects.get_queryset().filter(is_active=True).exclude(pk=colleague.pk)
    needed = colleague.permissions & ABOUT_PEOPLE
    return others.filter(holds(*needed)) if needed else others


def away_between(first: date, last: date, *, among: QuerySet[User]) -> dict[int, list[Absence]]:
    """The absences of these colleagues that fall in these days, or in a part of them; by colleague."""
    found: dict[int, list[Absence]] = {}
    rows = Absence.objects.filter(user__in=among.values("pk"), from_on__lte=last, until_on__gte=first)
    for absence in rows.order_by("from_on", "pk"):
        found.setdefault(absence.user_id, []).append(absence)
    return found


# --- May she choose this password? -------------------------------------------------------------------
# Shorter than this it is no word that gives anything away: "Bos" stands in "bosbessen".
SHORTEST_WORD = 4
# What people here put a number behind, beside the library's list.
SEASONS_AND_DAYS = {
    "lente", "zomer", "herfst", "winter", "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus",
    "september", "oktober", "november", "december", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag",
    "zaterdag", "zondag",
}  # fmt: skip


class PasswordLength:
    """Long enough, and longer for who hands out the roles. Only the length counts: no capital or digit is asked."""

    def __init__(self, least: int, least_to_administer: int, most: int) -> None:
        """How many characters, at least and at most."""
        self.least, self.least_to_administer, self.most = least, least_to_administer, most

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ``ValidationError`` for a password that is too short or too long."""
        # Whom nobody saved yet is the first application administrator (createsuperuser).
        administers = user is not None and (user.pk is None or may_administer(user))
        least = self.least_to_administer if administers else self.least
        if len(password) < least:
            words = ngettext(
                "This password is too short. It must contain at least %d character.",
                "This password is too short. It must contain at least %d characters.",
                least,
            )
            raise ValidationError(words % least)
        if len(password) > self.most:
            raise ValidationError(_("This password is too long. It may contain at most %d characters.") % self.most)

    def get_help_text(self) -> str:
        """What one reads beforehand."""
        words = _("At least %(least)d characters, or %(more)d if you are the application administrator.")
        return words % {"least": self.least, "more": self.least_to_administer}


class NoWordsOfTheHouse:
    """Nothing that someone who knows the association and the colleague would try first."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ``ValidationError`` with the word that gives it away."""
        folded = fold(password)
        word = next((word for word in _words_of_the_house(user) if word in folded), "")
        if word:
            raise ValidationError(_("Leave out “%(word)s”: that is what others try first.") % {"word": word})

    def get_help_text(self) -> str:
        """What one reads beforehand."""
        return _("Not your own name, and not the name of the association or of Keukentafel.")


def _words_of_the_house(user: Any) -> list[str]:
    """The names of Keukentafel, of the association and of the colleague, word by word."""
    sources = ["Keukentafel", *settings.ASSOCIATION_WORDS, urlsplit(settings.BASE_URL).hostname or ""]
    sources += [settings.DEFAULT_FROM_EMAIL, *([user.email, user.name] if user is not None else [])]
    words = [word for source in sources for word in re.split(r"[\W_]+", fold(source))]
    return [word for word in words if len(word) >= SHORTEST_WORD]


class NotACommonPassword(CommonPasswordValidator):
    """Not one of the passwords that everybody chooses, nor one with a year or a sign behind it."""

    def __init__(self) -> None:
        """The library's list, and what people here choose."""
        super().__init__()
        self.passwords = self.passwords | SEASONS_AND_DAYS

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ``ValidationError`` for ``password1234`` and for ``Welkom2026!!``."""
        folded = fold(password)
        bare = re.sub(r"[\W\d_]+", "", folded)
        if not self.passwords.isdisjoint({folded, bare}):
            raise ValidationError(
                _("Many people choose this. Think of three or four words that do not belong together.")
            )

    def get_help_text(self) -> str:
        """What one reads beforehand."""
        return _("Three or four ordinary words in a row are easy to remember and hard to guess.")


def own_or_covered(user: Any, field: str) -> Q:
    """A filter: the colleague in ``field`` is this one, or someone she stands in for today."""
    return Q(**{f"{field}__in": user.stands_for})
