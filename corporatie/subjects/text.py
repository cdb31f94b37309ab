"""Words: folded so that they compare, and the ones that name a condition."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Letters that NFKD leaves whole.
_WHOLE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})

# Words that name a condition, not an instruction. Source: the field guide (9.2 R2), to be extended by the association.
MEDICAL_WORDS = (
    "adhd", "alcoholist", "alzheimer", "angststoornis", "astma", "autisme", "autist", "bipolair", "borderline",
    "burn-out", "burnout", "copd", "crimineel", "dement", "dementie", "depressie", "depressief", "diabetes",
    "epilepsie", "hiv", "kanker", "lvb", "nah", "parkinson", "psychiatrisch", "psychisch", "psychose", "ptss",
    "reuma", "schizofreen", "schizofrenie", "verslaafd", "verslaving", "zwakbegaafd", "zwanger",
)  # fmt: skip
_MEDICAL = re.compile(rf"\b({'|'.join(re.escape(word) for word in MEDICAL_WORDS)})\b", re.IGNORECASE)


def fold(text: str) -> str:
    """Lower case without accents and with single spaces: "Özdemir" becomes "ozdemir"."""
    plain = text.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(sign for sign in plain if not unicodedata.combining(sign)).translate(_WHOLE)
    return " ".join(plain.split())


def medical_word(text: str) -> str | None:
    """The first word that names a condition, or nothing."""
    found = _MEDICAL.search(text)
    return found.group(0) if found else None


def refuse_medical_words(text: str) -> None:
    """For an instruction: who stands at the door needs no diagnosis. Raises ``ValidationError`` with a way out."""
    word = medical_word(text)
    if word:
        raise ValidationError(
            _("Leave out “%(word)s”: who comes to the door needs no diagnosis. Write what they must do.")
            % {"word": word}
        )
