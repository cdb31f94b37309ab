"""What can be wrong in a delivery, in words that say what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    """The three files, by name."""

    DWELLINGS = "eenheden.csv"
    PEOPLE = "relaties.csv"
    TENANCIES = "huurovereenkomsten.csv"


class UnreadableError(ValueError):
    """A value that cannot be read, with the code of the fault."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class DeliveryRefusedError(Exception):
    """Nothing of this delivery can be read; the message says why and what to do."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where, what, and what to do. ``kept`` when the rest of the row is used all the same."""

    code: str
    kind: Kind
    line: int
    column: str
    value: str
    row: tuple[str, ...] = field(repr=False)
    kept: bool = False
    words: Mapping[str, Any] = field(default_factory=dict)

    @property
    def problem(self) -> str:
        """What is wrong."""
        return str(SENTENCES[self.code][0]).format(**self.words)

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return str(SENTENCES[self.code][1]).format(**self.words)


_MEND = _("Mend the number in your own system and deliver again.")
_FIRST_WINS = _("Keep one of the two in your own system. We have used line {line}.")
_DUTCH_DATE = _("Write a date as day-month-year, for example 31-01-2026.")

_FOUR_DIGITS = _("Write the year with four digits, for example 31-01-2026.")
_LOOK_AT_YEAR = _("Look at the year, mend it in your own system and deliver again.")

SENTENCES: dict[str, tuple[Any, Any]] = {
    "row_columns_differ": (
        _("This line has more or fewer columns than the first line."),
        _("Put a value with a semicolon in it between double quotes."),
    ),
    "value_too_long": (_("This is too long."), _("Make it shorter in your own system and deliver again.")),
    "value_not_a_number": (_("This is not a number."), _("Use digits only, or leave it empty.")),
    "date_short_year": (_("We cannot see which century this year is in."), _FOUR_DIGITS),
    "unit_key_missing": (_("The unit number is missing."), _MEND),
    "unit_postcode_invalid": (
        _("This is not a Dutch postcode."),
        _("Write four digits and two letters, for example 1234 AB."),
    ),
    "unit_number_missing": (_("The house number is missing."), _("Fill in the house number and deliver again.")),
    "unit_number_unreadable": (
        _("This is not a house number."),
        _("Put the number, the letter and the addition in their own columns."),
    ),
    "unit_street_missing": (_("The street is missing."), _("Fill in the street and deliver again.")),
    "unit_neighbourhood_missing": (
        _("The neighbourhood is missing."),
        _("Fill in the neighbourhood: it decides which team looks after the home."),
    ),
    "unit_letter_unreadable": (
        _("This is not a house letter or an addition."),
        _("Use one letter for the letter and at most six characters for the addition."),
    ),
    "unit_kind_unknown": (_("We do not know this kind of unit."), _("Use WOO, BED, INT, MOG, PAR or OVE.")),
    "unit_status_unknown": (_("We do not know this status."), _("Use VEH, LEE, ONT, UIT or ADM.")),
    "unit_bag_unreadable": (_("A BAG number has 16 digits."), _("Look the number up in the BAG, or leave it empty.")),
    "unit_same_key_other_content": (
        _("This unit number is on line {line} too, with something else in: {columns}."),
        _FIRST_WINS,
    ),
    "unit_address_taken": (
        _("This address already belongs to another unit ({other})."),
        _("Find out which of the two is right, and mend the other."),
    ),
    "person_key_missing": (_("The relation number is missing."), _MEND),
    "person_name_missing": (_("The last name is missing."), _("Fill in the last name and deliver again.")),
    "person_mail_invalid": (
        _("This is not an e-mail address."),
        _("Mend it, or leave it empty. We kept everything else on this line."),
    ),
    "person_phone_unreadable": (
        _("This is not a phone number."),
        _("Mend it, or leave it empty. We kept everything else on this line."),
    ),
    "person_birth_date_impossible": (_("This date does not exist, or is written in another way."), _DUTCH_DATE),
    "person_birth_to_come": (_("This date of birth is still to come."), _LOOK_AT_YEAR),
    "person_birth_long_ago": (
        _("This date of birth lies before 1900."),
        _("Look at the year, or leave it empty. We kept everything else on this line."),
    ),
    "person_language_unknown": (
        _("We do not know this language."),
        _("Use nld, ara, tur, pol, eng, ukr, ber, tir or und (another language), or leave it empty."),
    ),
    "person_salutation_unknown": (
        _("We do not know this salutation."),
        _("Use Mevrouw or De heer, or leave it empty."),
    ),
    "person_same_key_other_content": (
        _("This relation number is on line {line} too, with something else in: {columns}."),
        _FIRST_WINS,
    ),
    "contract_key_missing": (_("The contract number is missing."), _MEND),
    "contract_unknown_unit": (
        _("This unit is not in the file with units."),
        _("Mend the unit number, or add the unit to the file with units."),
    ),
    "contract_unknown_person": (
        _("This person is not in the file with people."),
        _("Mend the relation number, or add the person to the file with people."),
    ),
    "contract_impossible_date": (_("This date does not exist, or is written in another way."), _DUTCH_DATE),
    "contract_start_missing": (
        _("The date on which the contract begins is missing."),
        _("Fill in the date on which the contract begins and deliver again."),
    ),
    "contract_date_long_ago": (_("This date lies before 1850."), _LOOK_AT_YEAR),
    "contract_start_far_ahead": (_("This contract begins more than two years from now."), _LOOK_AT_YEAR),
    "contract_end_far_ahead": (
        _("This contract ends more than thirty years from now."),
        _("Look at the year. Has the contract no end, then leave it empty."),
    ),
    "contract_end_before_start": (
        _("The contract ends before it begins ({start})."),
        _("Look the two dates up in the contract and mend the wrong one."),
    ),
    "contract_role_unknown": (
        _("We do not know this role."),
        _("Use HUU (tenant), MDH (co-tenant) or MBW (occupant)."),
    ),
    "contract_same_key_other_content": (
        _("This person is in this contract on line {line} too, with something else in: {columns}."),
        _FIRST_WINS,
    ),
    "contract_rows_differ": (
        _("Line {line} of the same contract says something else in: {columns}."),
        _("Give all lines of one contract the same unit and dates."),
    ),
    "contract_other_unit": (
        _("We know this contract at another unit ({other})."),
        _("Give a household that moves a new contract number: its new home starts with a clean page."),
    ),
    "contract_second_current": (
        _("In this home another contract still runs ({other})."),
        _("Give the contract that has ended an end date."),
    ),
    "contract_overlaps": (
        _("In this home contract {other} runs at the same time ({period})."),
        _("Let the one contract end on or before the day on which the other begins."),
    ),
    "contract_waits_for_unit": (
        _("This line waits: the unit itself has a fault in the file with units."),
        _("Mend the unit. This line then follows by itself."),
    ),
    "contract_waits_for_person": (
        _("This line waits: the person has a fault in the file with people."),
        _("Mend the person. This line then follows by itself."),
    ),
}
WAITING = frozenset({"contract_waits_for_unit", "contract_waits_for_person"})
