"""Deliveries for tests: files with only what a test is about, and a look at everything the database holds."""

import hashlib
from pathlib import Path

from django.apps import apps

from tenants.actions import read_delivery

# Looks like a BSN, and may turn up nowhere.
CANARY = "900000093"
# A rent nobody pays, and which may turn up nowhere either.
RENT = "54321,98"

UNIT = {
    "Eenheidnummer": "E1",
    "Complexnummer": "100",
    "Complexnaam": "Kerkstraat e.o.",
    "Wijk": "Noord",
    "Buurt": "Noord-1",
    "Straatnaam": "Kerkstraat",
    "Huisnummer": "1",
    "Huisletter": "",
    "Toevoeging": "",
    "Postcode": "1234 AB",
    "Plaats": "Lindedam",
    "Soort": "WOO",
    "Bouwjaar": "1964",
    "Etage": "0",
    "Aantal kamers": "4",
    "Oppervlakte": "85",
    "Status": "VEH",
    "BAG VBO ID": "0741010000000001",
}
PERSON = {
    "Relatienummer": "R1",
    "Voorletters": "E.",
    "Roepnaam": "Eliza",
    "Tussenvoegsel": "van",
    "Achternaam": "Luinenburg",
    "Aanhef": "Mevrouw",
    "Geboortedatum": "14-08-1950",
    "Telefoon": "077-9306674",
    "Mobiel": "06-87 19 25 75",
    "E-mail": "eliza@voorbeeld.example",
    "Voorkeurstaal": "nld",
    "BSN": CANARY,
}
CONTRACT = {
    "Contractnummer": "C1",
    "Eenheidnummer": "E1",
    "Relatienummer": "R1",
    "Rol": "HUU",
    "Ingangsdatum": "02-10-2002",
    "Einddatum": "",
    "Status": "LOP",
    "Netto huur": RENT,
}


def unit(**details):
    """A row of eenheden.csv; details by a short name."""
    names = {
        "key": "Eenheidnummer",
        "complex_code": "Complexnummer",
        "complex_name": "Complexnaam",
        "district": "Wijk",
        "neighbourhood": "Buurt",
        "street": "Straatnaam",
        "number": "Huisnummer",
        "letter": "Huisletter",
        "addition": "Toevoeging",
        "postcode": "Postcode",
        "town": "Plaats",
        "kind": "Soort",
        "status": "Status",
        "built": "Bouwjaar",
        "floor": "Etage",
        "bag": "BAG VBO ID",
    }
    return {**UNIT, **{names[name]: value for name, value in details.items()}}


def person(**details):
    """A row of relaties.csv; details by a short name."""
    names = {
        "key": "Relatienummer",
        "initials": "Voorletters",
        "first": "Roepnaam",
        "prefix": "Tussenvoegsel",
        "last": "Achternaam",
        "salutation": "Aanhef",
        "born": "Geboortedatum",
        "phone": "Telefoon",
        "mobile": "Mobiel",
        "mail": "E-mail",
        "language": "Voorkeurstaal",
        "bsn": "BSN",
    }
    return {**PERSON, **{names[name]: value for name, value in details.items()}}


def contract(**details):
    """A row of huurovereenkomsten.csv; details by a short name."""
    names = {
        "key": "Contractnummer",
        "unit": "Eenheidnummer",
        "person": "Relatienummer",
        "role": "Rol",
        "start": "Ingangsdatum",
        "end": "Einddatum",
    }
    return {**CONTRACT, **{names[name]: value for name, value in details.items()}}


def street(count: int):
    """So many homes in a row, each with a tenant: (units, people, contracts)."""
    numbers = range(1, count + 1)
    return (
        [unit(key=f"E{n}", number=str(n), bag=f"{n:016d}") for n in numbers],
        [person(key=f"R{n}", last=f"Achternaam{n}", mobile=f"06{n:08d}") for n in numbers],
        [contract(key=f"C{n}", unit=f"E{n}", person=f"R{n}") for n in numbers],
    )


def as_text(rows, *, separator=";", line_end="\r\n"):
    """The rows as a file, with their heading."""
    lines = [separator.join(rows[0]), *(separator.join(row.values()) for row in rows)]
    return line_end.join(lines) + line_end


def deliver(folder: Path, *, units=None, people=None, contracts=None, encoding="utf-8") -> Path:
    """Write the three files; one ordinary household unless said otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (
        ("eenheden.csv", units or [unit()]),
        ("relaties.csv", people or [person()]),
        ("huurovereenkomsten.csv", contracts or [contract()]),
    ):
        (folder / name).write_bytes(as_text(rows).encode(encoding))
    return folder


def read_in(folder: Path, at, **options):
    """Read a delivery in, as the system does."""
    return read_delivery(folder=folder, by=None, at=at, **options)


def told(report):
    """Each fault as (code, file, line, value)."""
    return [(fault.code, fault.kind.value, fault.line, fault.value) for fault in report.faults]


def everything_stored() -> str:
    """All rows of all tables as one text."""
    lines = []
    for model in apps.get_models():
        rows = model._default_manager.order_by("pk").values_list()
        lines += [f"{model._meta.label} {row}" for row in rows]
    return "\n".join(lines)


def fingerprint() -> str:
    """The same as long as nothing in the database changed."""
    return hashlib.sha256(everything_stored().encode()).hexdigest()
