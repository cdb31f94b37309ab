"""Which columns are read, under which headings people know them, and what each must hold.

What is not named here is not read. There is no column for BSN, nationality, income or rent, and there will be none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from tenants.deliveries import values
from tenants.deliveries.faults import Kind


@dataclass(frozen=True)
class Column:
    """A column we read. ``must``: without it the file cannot be read. ``vital``: a wrong value refuses the row.

    ``parse`` of a day is told which day it is: what is to come for one kind of day is a mistake for another.
    """

    name: str
    headings: tuple[str, ...]
    parse: Callable[..., Any]
    must: bool = False
    vital: bool = False
    empty: Any = ""

    def reader(self, on: date) -> Callable[[str], Any]:
        """How a value of this column is read on this day."""
        return partial(self.parse, on=on) if self.parse in _DAYS else self.parse


_DAYS = (values.start_date, values.end_date, values.birth_date)


def _vital(name: str, parse: Callable[..., Any], *headings: str) -> Column:
    return Column(name, headings, parse, must=True, vital=True)


def _extra(name: str, parse: Callable[..., Any], *headings: str, empty: Any = "") -> Column:
    return Column(name, headings, parse, empty=empty)


_UNIT = ("Eenheidnummer", "Eenheid", "Eenheidnr", "VHE-nummer", "VHE", "Objectnummer")
_PERSON = ("Relatienummer", "Relatie", "Relatienr", "Persoonsnummer", "Huurdernummer")

COLUMNS: dict[Kind, tuple[Column, ...]] = {
    Kind.DWELLINGS: (
        _vital("external_id", values.needed(40, "unit_key_missing"), *_UNIT),
        _extra("district", values.text(80), "Wijk", "Wijknaam", "Stadsdeel"),
        _vital("neighbourhood", values.needed(80, "unit_neighbourhood_missing"), "Buurt", "Buurtnaam"),
        _extra("complex_code", values.text(40), "Complexnummer", "Complex", "Complexcode"),
        _extra("complex_name", values.text(120), "Complexnaam", "Complexomschrijving"),
        _vital("street", values.needed(80, "unit_street_missing"), "Straatnaam", "Straat"),
        _vital("number", values.house_number, "Huisnummer", "Huisnr"),
        Column("letter", ("Huisletter", "Letter"), values.letter, vital=True),
        Column("addition", ("Toevoeging", "Huisnummertoevoeging"), values.addition, vital=True),
        _vital("postcode", values.postcode, "Postcode"),
        _extra("town", values.text(80), "Plaats", "Woonplaats"),
        _extra("kind", values.dwelling_kind, "Soort", "Eenheidsoort", "Soort eenheid", empty="OVE"),
        _extra("status", values.dwelling_status, "Status", "Eenheidstatus", empty="VEH"),
        _extra("floor", values.whole_number(-9, 99), "Etage", "Verdieping", "Bouwlaag", empty=None),
        _extra("stairwell", values.text(20), "Portiek", "Trappenhuis"),
        _extra("built_in", values.whole_number(1000, 2999), "Bouwjaar", empty=None),
        _extra("rooms", values.whole_number(0, 99), "Aantal kamers", "Kamers", empty=None),
        _extra("area", values.whole_number(0, 99999), "Oppervlakte", "Gebruiksoppervlakte", empty=None),
        _extra("bag_vbo_id", values.bag_number, "BAG VBO ID", "VBO ID", "BAG identificatie", "BAG nummer"),
    ),
    Kind.PEOPLE: (
        _vital("external_id", values.needed(40, "person_key_missing"), *_PERSON),
        _extra("salutation", values.salutation, "Aanhef", "Aanspreekvorm"),
        _extra("initials", values.text(20), "Voorletters"),
        _extra("first_name", values.text(80), "Roepnaam", "Voornaam"),
        _extra("prefix", values.text(30), "Tussenvoegsel", "Tussenvoegsels", "Voorvoegsel", "Voorvoegsels"),
        _vital("last_name", values.needed(120, "person_name_missing"), "Achternaam", "Naam"),
        _extra("born_on", values.birth_date, "Geboortedatum", empty=None),
        _extra("phone", values.phone, "Telefoon", "Telefoonnummer", "Vaste telefoon"),
        _extra("mobile", values.phone, "Mobiel", "Mobiel nummer", "Mobiele telefoon"),
        _extra("email", values.mail, "E-mail", "E-mailadres", "Mailadres"),
        _extra("language", values.language, "Voorkeurstaal", "Taal"),
    ),
    Kind.TENANCIES: (
        _vital(
            "contract", values.needed(40, "contract_key_missing"), "Contractnummer", "Contract", "Overeenkomstnummer"
        ),
        _vital("unit", values.needed(40, "contract_unknown_unit"), *_UNIT),
        _vital("person", values.needed(40, "contract_unknown_person"), *_PERSON),
        _vital("role", values.role, "Rol", "Relatierol"),
        _vital("start", values.start_date, "Ingangsdatum", "Begindatum", "Startdatum"),
        _vital("end", values.end_date, "Einddatum"),
    ),
}
