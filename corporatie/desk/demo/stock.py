"""The homes of Lindedam, a town that does not exist."""

from collections.abc import Iterator
from dataclasses import dataclass

from corporatie.staff.models import Team
from tenants import actions as tenants
from tenants.models import Complex, Dwelling, Neighbourhood
from tenants.states import DwellingStatus

TOWN = "Lindedam"
DOORS_PER_FLOOR = 4
DOORS_PER_STAIRWELL = 12


@dataclass(frozen=True)
class Row:
    """A street, or a part of it, that was built at once."""

    complex: str
    street: str
    numbers: range
    postcode: str
    built_in: int
    area: int
    rooms: int
    is_flat: bool = False


@dataclass(frozen=True)
class Quarter:
    """A neighbourhood with its streets."""

    name: str
    district: str
    team: str
    rows: tuple[Row, ...]


# Portieken of three floors with four doors each above the storerooms, and homes with a front garden.
QUARTERS = (
    Quarter(
        "Kerkstraat e.o.",
        "Lindedam-Noord",
        "Noord",
        (
            Row("101", "Kerkstraat", range(11, 95), "1234 AB", 1962, 68, 3, is_flat=True),
            Row("102", "Torenstraat", range(1, 25, 2), "1234 AC", 1954, 82, 4),
        ),
    ),
    Quarter(
        "Lindelaan e.o.",
        "Lindedam-Noord",
        "Noord",
        (
            Row("201", "Lindelaan", range(2, 42, 2), "1234 BC", 1958, 86, 4),
            Row("202", "Lindelaan", range(41, 65), "1234 BD", 1971, 72, 3, is_flat=True),
            Row("203", "Esdoornhof", range(1, 29), "1234 BE", 1986, 61, 2),
        ),
    ),
    Quarter(
        "Molenweg e.o.",
        "Lindedam-Zuid",
        "Zuid",
        (
            Row("301", "Molenweg", range(71, 119), "1235 CD", 1966, 70, 3, is_flat=True),
            Row("302", "Wiekslag", range(1, 25), "1235 CE", 1979, 92, 5),
        ),
    ),
)
COMPLEX_NAMES = {
    "101": "Kerkstraat 11–94",
    "102": "Torenstraat",
    "201": "Lindelaan laagbouw",
    "202": "Lindelaan 41–64",
    "203": "Esdoornhof",
    "301": "Molenweg 71–118",
    "302": "Wiekslag",
}
VACANT = frozenset({"Kerkstraat 29", "Kerkstraat 77", "Lindelaan 46", "Molenweg 81", "Molenweg 102"})


def build(teams: dict[str, Team]) -> dict[str, Dwelling]:
    """Build all homes. Returns them by address."""
    homes: list[Dwelling] = []
    for quarter in QUARTERS:
        neighbourhood = Neighbourhood.objects.create(
            name=quarter.name, district=quarter.district, team=teams[quarter.team]
        )
        for row in quarter.rows:
            group = Complex.objects.create(code=row.complex, name=COMPLEX_NAMES[row.complex])
            homes += _homes(row, neighbourhood, group)
    Dwelling.objects.bulk_create(homes)
    return {home.address: home for home in homes}


def _homes(row: Row, neighbourhood: Neighbourhood, group: Complex) -> Iterator[Dwelling]:
    for place, number in enumerate(row.numbers):
        home = Dwelling(
            neighbourhood=neighbourhood,
            complex=group,
            street=row.street,
            number=number,
            postcode=row.postcode,
            town=TOWN,
            built_in=row.built_in,
            rooms=row.rooms,
            area=row.area,
            floor=1 + place % DOORS_PER_STAIRWELL // DOORS_PER_FLOOR if row.is_flat else 0,
            stairwell="ABCDEFG"[place // DOORS_PER_STAIRWELL] if row.is_flat else "",
        )
        home.address = tenants.address_of(street=row.street, number=number, letter="", addition="")
        home.search_text = tenants.dwelling_search_text(home)
        if home.address in VACANT:
            home.status = DwellingStatus.VACANT
        yield home
