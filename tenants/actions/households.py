"""Households: who lives where, under which name, and how they like to be reached."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from corporatie.journal import actions as journal
from corporatie.staff.rules import must_be_allowed
from corporatie.subjects.text import fold
from tenants import facts
from tenants.models import ContactPerson, ContactPreference, Dwelling, Membership, Person, Tenancy
from tenants.rules import must_not_have_left
from tenants.states import MembershipRole

_SALUTATION = {Person.Salutation.MS: "Mw.", Person.Salutation.MR: "Dhr."}


def address_of(*, street: str, number: int, letter: str, addition: str) -> str:
    """ "Kerkstraat 12 A-2": letter after a space, addition after a hyphen."""
    return f"{street} {number}" + (f" {letter}" if letter else "") + (f"-{addition}" if addition else "")


def dwelling_search_text(dwelling: Dwelling) -> str:
    """What search reads of an address: "kerkstraat 12 a-2 1234ab 1234 ab lindedam"."""
    return fold(f"{dwelling.address} {dwelling.postcode.replace(' ', '')} {dwelling.postcode} {dwelling.town}")


def household_name(people: Iterable[tuple[str, Person]]) -> str:
    """ "Fam. De Vries" for two who hold the tenancy, "Mw. Bos" or "E. van Luinenburg" for one.

    ``people`` gives (role, person), the tenant first.
    """
    everyone = list(people)
    # A delivery can name an occupant whose tenant could not be read yet: then the household goes by that name.
    holders = [person for role, person in everyone if role != MembershipRole.OCCUPANT] or [
        person for _role, person in everyone
    ]
    if not holders:
        return ""
    first = holders[0]
    surname = f"{first.prefix} {first.last_name}".strip()
    if len(holders) > 1:
        return f"Fam. {surname[:1].upper()}{surname[1:]}"
    title = _SALUTATION.get(Person.Salutation(first.salutation)) if first.salutation else None
    if title:
        return f"{title} {surname[:1].upper()}{surname[1:]}"
    return f"{first.initials or first.first_name} {surname}".strip()


def tenancy_search_text(tenancy: Tenancy, people: Iterable[Person]) -> str:
    """What search reads of a household: names, phone numbers as one dials them, and the address."""
    words = [tenancy.dwelling.search_text]
    for person in people:
        words.append(fold(f"{person.first_name} {person.prefix} {person.last_name}"))
        words += ["0" + number[3:] for number in (person.phone, person.mobile) if number.startswith("+31")]
    return " ".join(words)[:1000]


def refresh_household(*, tenancy: Tenancy) -> None:
    """Write the name and the search column of one household again, from its people and its address."""
    order = list(MembershipRole.values)
    members = sorted(
        tenancy.memberships.select_related("person"), key=lambda member: (order.index(member.role), member.pk)
    )
    tenancy.name = household_name([(member.role, member.person) for member in members])
    tenancy.search_text = tenancy_search_text(tenancy, [member.person for member in members])
    tenancy.save(update_fields=["name", "search_text"])


@transaction.atomic
def start_tenancy(
    *, dwelling: Dwelling, started_on: date, people: Iterable[tuple[str, Person]], by: Any, at: datetime
) -> Tenancy:
    """A household moves in. ``people`` gives (role, person). The dwelling's earlier history stays with its own."""
    tenancy = Tenancy.objects.create(dwelling=dwelling, started_on=started_on)
    Membership.objects.bulk_create(Membership(tenancy=tenancy, person=person, role=role) for role, person in people)
    refresh_household(tenancy=tenancy)
    journal.write(fact=facts.TenancyStarted(), subject=tenancy, by=by, at=at)
    return tenancy


@transaction.atomic
def end_tenancy(*, tenancy: Tenancy, ended_on: date, by: Any, at: datetime) -> None:
    """A household moves out on this day, or will. What was promised to them is found by the reminders, not told."""
    tenancy.ended_on = ended_on
    tenancy.save(update_fields=["ended_on"])
    fact = facts.ending(ended_on, on=timezone.localdate(at))
    journal.write(fact=fact, subject=tenancy, by=by, at=at)


@transaction.atomic
def set_preference(*, tenancy: Tenancy, by: Any, at: datetime, **choices: Any) -> ContactPreference:
    """Write down how the household likes to be reached: channel, daypart, language, interpreter, large print."""
    _must_reach(tenancy, by=by, at=at)
    preference, _created = ContactPreference.objects.update_or_create(tenancy=tenancy, defaults=choices)
    journal.write(fact=facts.DetailsChanged(fields=["preference"]), subject=tenancy, by=by, at=at)
    return preference


@transaction.atomic
def add_contact_person(*, tenancy: Tenancy, by: Any, at: datetime, **details: Any) -> ContactPerson:
    """Write down whom we may call: name, relation, phone, key."""
    _must_reach(tenancy, by=by, at=at)
    person = ContactPerson.objects.create(tenancy=tenancy, **details)
    journal.write(fact=facts.DetailsChanged(fields=["contact_person"]), subject=tenancy, by=by, at=at)
    return person


def _must_reach(tenancy: Tenancy, *, by: Any, at: datetime) -> None:
    """Raises ``PermissionDenied`` for who does not visit there, and ``ValidationError`` for a household that left."""
    must_be_allowed(Tenancy.who_works_on(tenancy.pk, at=at), by)
    must_not_have_left(tenancy, on=timezone.localdate(at))
