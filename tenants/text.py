"""Addresses and phone numbers as people write them, recognised in any notation."""

import re
from dataclasses import dataclass

# Four digits, no leading zero, two letters; PostNL never issues SA, SD and SS.
POSTCODE = re.compile(r"^[1-9][0-9]{3} ?(?!SA|SD|SS)[A-Z]{2}$")
_ADDRESS = re.compile(
    r"^\s*(?P<digits>[1-9]\d{3})\s*(?P<letters>[A-Za-z]{2})"
    r"(?:[\s,;/-]*(?P<number>\d{1,5})(?P<rest>[\s-]*[A-Za-z0-9]{0,6}(?:[\s-]+[A-Za-z0-9]{1,6})?)?)?\s*$"
)
_PARTS = re.compile(r"[A-Za-z]+|\d+")


def normal_postcode(text: str) -> str | None:
    """ "1234ab" becomes "1234 AB"; nothing for what is not a Dutch postcode."""
    tight = "".join(text.split()).upper()
    return f"{tight[:4]} {tight[4:]}" if POSTCODE.match(tight) else None


@dataclass(frozen=True)
class AddressQuery:
    """A postcode with, perhaps, a house number, letter and addition. Letter and addition are upper case."""

    postcode: str
    number: int | None
    extras: tuple[str, ...]


def read_address(text: str) -> AddressQuery | None:
    """Recognise "1234ab12 2", "1234 AB, 12-2" or "1234 AB 12 A". Nothing when it is no address."""
    found = _ADDRESS.match(text)
    if not found:
        return None
    postcode = normal_postcode(found["digits"] + found["letters"])
    if not postcode:
        return None
    number = int(found["number"]) if found["number"] else None
    return AddressQuery(postcode, number, tuple(part.upper() for part in _PARTS.findall(found["rest"] or "")))


def phone_words(number: str) -> str:
    """ "+31612345678" as people say it: "06 1234 5678". Another country's number stays as it is."""
    if not number.startswith("+31"):
        return number
    local = f"0{number[3:]}"
    return f"{local[:2]} {local[2:6]} {local[6:]}" if local.startswith("06") and len(local) == 10 else local
