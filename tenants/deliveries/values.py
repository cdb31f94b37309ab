"""One value at a time: what people type in an administration, made into what we keep."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    format_number,
    is_possible_number,
    is_valid_number,
    parse,
)

from tenants.deliveries.faults import UnreadableError
from tenants.states import VERA_ROLE, DwellingKind, DwellingStatus, Language
from tenants.text import normal_postcode

_DATE = re.compile(r"^(\d{1,2})-(\d{1,2})-(\d{4})$")
_SHORT_YEAR = re.compile(r"^\d{1,2}-\d{1,2}-(\d{2}|00\d{2})$")
_MAIL = re.compile(r"^[^@\s<>]+@[^@\s<>.]+(?:\.[^@\s<>.]+)+$")
# What is left of a Dutch number once the signs between the digits are gone.
_SIGNS = str.maketrans("", "", " -.()/")
_SALUTATIONS = {
    "": "",
    "mevrouw": "ms",
    "mevr.": "ms",
    "mevr": "ms",
    "mw.": "ms",
    "mw": "ms",
    "de heer": "mr",
    "heer": "mr",
    "meneer": "mr",
    "dhr.": "mr",
    "dhr": "mr",
}
_LANGUAGES = {
    "": "",
    **{code: code for code in Language.values},
    "nl": "nld",
    "ar": "ara",
    "tr": "tur",
    "pl": "pol",
    "en": "eng",
    "uk": "ukr",
    "ti": "tir",
}
# How administrations write that there is no date: all nines, all zeros, or a year that nobody here will see.
_NO_DATE = re.compile(r"0{6,8}|9{6,8}|\d{2,4}(9999|2999)|(9999|2999)\d{4}(0{6})?")
_OLDEST_START, _OLDEST_BIRTH = 1850, 1900
# A contract is known a while before it begins, and one that ends was made for a number of years.
_LATEST_START, _LATEST_END = timedelta(days=2 * 366), timedelta(days=30 * 366)
_NETHERLANDS, _DUTCH_DIGITS = 31, 9


def text(longest: int) -> Callable[[str], str]:
    """Any text of at most so many signs."""

    def read(value: str) -> str:
        if len(value) > longest:
            raise UnreadableError("value_too_long")
        return value

    return read


def needed(longest: int, missing: str) -> Callable[[str], str]:
    """A text that may not be empty; ``missing`` is the code of the fault when it is."""

    def read(value: str) -> str:
        if not value:
            raise UnreadableError(missing)
        if len(value) > longest:
            raise UnreadableError("value_too_long")
        return value

    return read


def whole_number(lowest: int, highest: int) -> Callable[[str], int | None]:
    """A whole number, or nothing."""

    def read(value: str) -> int | None:
        if not value:
            return None
        try:
            number = int(value)
        except ValueError:
            raise UnreadableError("value_not_a_number") from None
        if not lowest <= number <= highest:
            raise UnreadableError("value_not_a_number")
        return number

    return read


def house_number(value: str) -> int:
    """1 to 99999."""
    if not value:
        raise UnreadableError("unit_number_missing")
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 99999):
        raise UnreadableError("unit_number_unreadable")
    return int(value)


def letter(value: str) -> str:
    """One letter, as the BAG writes it."""
    if value and not (len(value) == 1 and value.isalpha()):
        raise UnreadableError("unit_letter_unreadable")
    return value.upper()


def addition(value: str) -> str:
    """At most six signs."""
    if len(value) > 6:
        raise UnreadableError("unit_letter_unreadable")
    return value


def postcode(value: str) -> str:
    """ "1234ab" becomes "1234 AB"."""
    found = normal_postcode(value)
    if not found:
        raise UnreadableError("unit_postcode_invalid")
    return found


def code(choices: Any, default: str, unknown: str) -> Callable[[str], str]:
    """One of the codes of VERA; empty means the usual one."""
    known = {"": default, **{each: each for each in choices.values}}

    def read(value: str) -> str:
        try:
            return known[value.upper()]
        except KeyError:
            raise UnreadableError(unknown) from None

    return read


dwelling_kind = code(DwellingKind, DwellingKind.HOME.value, "unit_kind_unknown")
dwelling_status = code(DwellingStatus, DwellingStatus.LET.value, "unit_status_unknown")


def bag_number(value: str) -> str:
    """16 digits, or nothing."""
    if value and not (len(value) == 16 and value.isascii() and value.isdigit()):
        raise UnreadableError("unit_bag_unreadable")
    return value


def role(value: str) -> str:
    """HUU, MDH or MBW."""
    try:
        return VERA_ROLE[value.upper()].value
    except KeyError:
        raise UnreadableError("contract_role_unknown") from None


def says_no_date(value: str) -> bool:
    """Nothing, or what stands for it: 31-12-9999, 00-00-0000, 99-99-9999."""
    digits = "".join(sign for sign in value if sign.isdigit())
    return not value or bool(_NO_DATE.fullmatch(digits))


def _date(value: str, impossible: str) -> date:
    if _SHORT_YEAR.match(value):
        raise UnreadableError("date_short_year")
    if found := _DATE.match(value):
        day, month, year = map(int, found.groups())
        try:
            return date(year, month, day)
        except ValueError:
            raise UnreadableError(impossible) from None
    raise UnreadableError(impossible)


def start_date(value: str, on: date) -> date:
    """dd-mm-yyyy, not centuries ago and not years ahead."""
    if says_no_date(value):
        raise UnreadableError("contract_start_missing")
    day = _date(value, "contract_impossible_date")
    if day.year < _OLDEST_START:
        raise UnreadableError("contract_date_long_ago")
    if day > on + _LATEST_START:
        raise UnreadableError("contract_start_far_ahead")
    return day


def end_date(value: str, on: date) -> date | None:
    """dd-mm-yyyy, or nothing."""
    if says_no_date(value):
        return None
    day = _date(value, "contract_impossible_date")
    if day.year < _OLDEST_START:
        raise UnreadableError("contract_date_long_ago")
    if day > on + _LATEST_END:
        raise UnreadableError("contract_end_far_ahead")
    return day


def runs(start: str, end: str, on: date) -> bool:
    """Whether a contract of these dates runs on this day. A date that cannot be read stands in nobody's way."""

    def read(value: str, otherwise: date) -> date:
        try:
            return otherwise if says_no_date(value) else _date(value, "")
        except UnreadableError:
            return otherwise

    return read(start, date.min) <= on <= read(end, date.max)


def birth_date(value: str, on: date) -> date | None:
    """dd-mm-yyyy, or nothing. Nobody is born tomorrow, or before 1900."""
    if says_no_date(value):
        return None
    day = _date(value, "person_birth_date_impossible")
    if day > on:
        raise UnreadableError("person_birth_to_come")
    if day.year < _OLDEST_BIRTH:
        raise UnreadableError("person_birth_long_ago")
    return day


def phone(value: str) -> str:
    """Any notation of a Dutch or foreign number, as +31612345678.

    Only the length is judged: a number that no longer works is found by calling it, not by a list of area codes.
    A Dutch number has nine digits after its zero; only service numbers (0800, 14) are shorter.
    """
    if not value:
        return ""
    try:
        number = parse(value, "NL")
    except NumberParseException:
        raise UnreadableError("person_phone_unreadable") from None
    fits = number.country_code != _NETHERLANDS or len(str(number.national_number)) == _DUTCH_DIGITS
    if not ((is_possible_number(number) and fits) or is_valid_number(number)):
        raise UnreadableError("person_phone_unreadable")
    return format_number(number, PhoneNumberFormat.E164)


def dialled(value: str) -> str:
    """How a number looks once kept, if it is an everyday one: "06-12 34 56 78" becomes "+31612345678"."""
    tight = value.translate(_SIGNS)
    return f"+31{tight[1:]}" if tight[:1] == "0" and tight[1:2] != "0" else tight


def mail(value: str) -> str:
    """Something, one @, and a domain with a dot."""
    if not value:
        return ""
    if len(value) > 254 or not _MAIL.match(value):
        raise UnreadableError("person_mail_invalid")
    return value


def language(value: str) -> str:
    """ISO 639-3; two letters will do."""
    try:
        return _LANGUAGES[value.lower()]
    except KeyError:
        raise UnreadableError("person_language_unknown") from None


def salutation(value: str) -> str:
    """Mevrouw or De heer, also in their short forms."""
    try:
        return _SALUTATIONS[value.lower()]
    except KeyError:
        raise UnreadableError("person_salutation_unknown") from None
