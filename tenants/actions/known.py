"""What we know before a delivery: the homes, the people and the households as they stand."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from tenants.actions.households import address_of, dwelling_search_text
from tenants.models import Complex, Dwelling, Membership, Person, Tenancy

DWELLING_FIELDS = (
    "street",
    "number",
    "letter",
    "addition",
    "postcode",
    "town",
    "kind",
    "status",
    "floor",
    "stairwell",
    "built_in",
    "rooms",
    "area",
    "bag_vbo_id",
)
PERSON_FIELDS = (
    "salutation",
    "initials",
    "first_name",
    "prefix",
    "last_name",
    "born_on",
    "phone",
    "mobile",
    "email",
    "language",
)
Place = tuple[str, str]


@dataclass(slots=True)
class Home:
    """A dwelling as it is, or as it will be."""

    pk: UUID
    key: str | None
    place: Place
    complex_code: str | None
    values: tuple[Any, ...]
    missing_since: date | None = None

    @property
    def address(self) -> tuple[Any, ...]:
        """What is there once in the country: postcode, number, letter, addition."""
        _street, number, letter, addition, postcode = self.values[:5]
        return postcode, number, letter, addition

    def as_dwelling(self) -> Dwelling:
        """The dwelling, with the address and the search column written out."""
        home = Dwelling(pk=self.pk, external_id=self.key, **dict(zip(DWELLING_FIELDS, self.values, strict=True)))
        home.address = address_of(street=home.street, number=home.number, letter=home.letter, addition=home.addition)
        home.search_text = dwelling_search_text(home)
        return home


@dataclass(slots=True)
class Household:
    """A tenancy as it is, or as it will be."""

    pk: UUID
    key: str | None
    dwelling: UUID
    start: date
    end: date | None

    def lives_here(self, on: date) -> bool:
        """Whether it lives there on this day (see ``tenants.models.lives_here``)."""
        return self.start <= on and (self.end is None or self.end >= on)

    def overlaps(self, other: "Household") -> bool:
        """Whether the two share more than the day on which one goes and the other comes."""
        first, last = max(self.start, other.start), min(self.end or date.max, other.end or date.max)
        return first < last


@dataclass(slots=True)
class Member:
    """Someone in a household. Without ``pk`` when that is new."""

    tenancy: UUID
    person: int
    role: str
    pk: int | None = None


class Known:
    """What we have now, in five queries."""

    def __init__(self) -> None:
        dwellings = Dwelling.objects.values_list(
            "pk",
            "external_id",
            "neighbourhood__district",
            "neighbourhood__name",
            "complex__code",
            "missing_since",
            *DWELLING_FIELDS,
        )
        self.homes = {
            row[0]: Home(row[0], row[1], (row[2], row[3]), row[4], row[6:], row[5]) for row in dwellings.iterator()
        }
        self.people: dict[int, tuple[Any, ...]] = {}
        self.person_keys: dict[str, int] = {}
        for pk, key, *values in Person.objects.values_list("pk", "external_id", *PERSON_FIELDS).iterator():
            self.people[pk] = tuple(values)
            if key is not None:
                self.person_keys[key] = pk
        tenancies = Tenancy.objects.values_list("pk", "external_id", "dwelling_id", "started_on", "ended_on")
        self.households = {row[0]: Household(*row) for row in tenancies.iterator()}
        members = Membership.objects.values_list("tenancy_id", "person_id", "role", "pk")
        self.members = {(row[0], row[1]): Member(*row) for row in members.order_by("pk").iterator()}
        self.home_keys = {home.key: home for home in self.homes.values() if home.key is not None}
        self.household_keys = {each.key: each for each in self.households.values() if each.key is not None}
        self.complexes = dict(Complex.objects.values_list("code", "name"))

    def phone_numbers(self) -> set[str]:
        """Numbers that were judged when they came in."""
        at = PERSON_FIELDS.index("phone")
        return {number for values in self.people.values() for number in values[at : at + 2]}
