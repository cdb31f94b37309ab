"""A delivery laid beside what we know: what is new, what changed, what stays. Nothing is written here.

Everything is compared in memory, against a fixed number of queries however large the association is.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from tenants.actions.households import household_name, tenancy_search_text
from tenants.actions.known import DWELLING_FIELDS, PERSON_FIELDS, Home, Household, Known, Member
from tenants.deliveries.report import Count, Found, Report
from tenants.deliveries.rows import Clean, Contract, Delivery, Table, contracts_of
from tenants.deliveries.values import runs
from tenants.models import Dwelling, Person, Tenancy
from tenants.states import MembershipRole

# The name of a household is made of these, and search reads these.
_NAMED_BY = frozenset({"salutation", "initials", "first_name", "prefix", "last_name", "phone", "mobile"})
# Under which word the timeline tells of a change: see tenants.facts.DETAIL.
_TOLD_AS = dict.fromkeys(("salutation", "initials", "first_name", "prefix", "last_name"), "name")
_ROLE_ORDER = {role: place for place, role in enumerate(MembershipRole.values)}


@dataclass
class Changes:
    """What a delivery changes."""

    report: Report = field(default_factory=Report)
    complexes: dict[str, str] = field(default_factory=dict)
    new_homes: list[Home] = field(default_factory=list)
    changed_homes: list[Home] = field(default_factory=list)
    gone_homes: list[UUID] = field(default_factory=list)
    new_people: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    changed_people: dict[int, tuple[str, tuple[Any, ...]]] = field(default_factory=dict)
    new_households: list[Household] = field(default_factory=list)
    changed_households: dict[UUID, Household] = field(default_factory=dict)
    new_members: list[tuple[UUID, str, str]] = field(default_factory=list)
    changed_members: list[Member] = field(default_factory=list)
    ended: dict[UUID, date] = field(default_factory=dict)
    # Which details of which household changed, for its timeline; and which need their name written again.
    details: dict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    renamed: set[UUID] = field(default_factory=set)


class Comparison:
    """Lays a delivery beside what is known, file by file."""

    def __init__(self, delivery: Delivery, known: Known, *, on: date) -> None:
        self.delivery = delivery
        self.on = on
        self.known = known
        self.changes = Changes()
        self.report = self.changes.report
        # Every contract in the file, also of the lines with a fault.
        self.delivered = {key for key, _person in delivery.members.found if key}
        self._members_of: dict[UUID, list[Member]] | None = None

    def run(self) -> Changes:
        """Compare everything."""
        self.report.is_first = not self.known.household_keys
        self._dwellings()
        self._people()
        self._tenancies()
        self._tell_what_was_found()
        return self.changes

    # Dwellings

    def _dwellings(self) -> None:
        table, count = self.delivery.dwellings, self.report.dwellings
        owners = {home.address: home for home in self.known.homes.values()}
        moved: set[UUID] = set()
        for key, clean in list(table.clean.items()):
            known = self.known.home_keys.get(key)
            new = self._home(key, clean, known)
            if owners.setdefault(new.address, new).key != key:
                other = owners[new.address].key or owners[new.address].as_dwelling().address
                table.fault("unit_address_taken", clean.row, "street", other=other)
                del table.clean[key]
                continue
            if known is None:
                count.new += 1
                self.changes.new_homes.append(new)
            elif known == new:
                count.same += 1
            else:
                count.changed += 1
                self.changes.changed_homes.append(new)
                if known.values[:6] != new.values[:6]:
                    moved.add(new.pk)
        self.changes.renamed.update(each.pk for each in self.known.households.values() if each.dwelling in moved)
        self._complexes()
        self._gone()

    def _home(self, key: str, clean: Clean, known: Home | None) -> Home:
        """The dwelling this row describes; where the row says nothing, what we know stays."""
        _key, district, name, code, _complex, *rest = clean.values
        if known is None:
            return Home(uuid4(), key, (district, name), code or None, tuple(rest))
        values, place = tuple(rest), (district, name)
        if clean.unsaid:
            values = _stays(DWELLING_FIELDS, values, known.values, clean.unsaid)
            place = (known.place[0] if "district" in clean.unsaid else district, name)
            code = known.complex_code if "complex_code" in clean.unsaid else code
        return Home(known.pk, key, place, code or None, values)

    def _complexes(self) -> None:
        for clean in self.delivery.dwellings.clean.values():
            code, name = clean.values[3], clean.values[4]
            if code and code not in self.changes.complexes:
                name = name or self.known.complexes.get(code) or code
                if self.known.complexes.get(code) != name:
                    self.changes.complexes[code] = name

    def _gone(self) -> None:
        gone = [home for key, home in self.known.home_keys.items() if key not in self.delivery.dwellings.found]
        self.report.dwellings_missing = len(gone)
        self.changes.gone_homes = [home.pk for home in gone if home.missing_since is None]

    # People

    def _people(self) -> None:
        count, known = self.report.people, self.known
        for key, clean in self.delivery.people.clean.items():
            pk = known.person_keys.get(key)
            values = clean.values[1:]
            if pk is None:
                count.new += 1
                self.changes.new_people[key] = values
                continue
            if clean.unsaid:
                values = _stays(PERSON_FIELDS, values, known.people[pk], clean.unsaid)
            if values == known.people[pk]:
                count.same += 1
            else:
                count.changed += 1
                self._person_changed(pk, key, values)

    def _person_changed(self, pk: int, key: str, values: tuple[Any, ...]) -> None:
        pairs = zip(PERSON_FIELDS, values, self.known.people[pk], strict=True)
        changed = {name for name, new, old in pairs if new != old}
        self.changes.changed_people[pk] = (key, values)
        self.report.phones_changed += bool(changed & {"phone", "mobile"})
        homes = [self.known.households[each.tenancy] for each in self._memberships_of(pk)]
        if changed & _NAMED_BY:
            self.changes.renamed.update(each.pk for each in homes)
        # The household of today hears of it; someone who moved out leaves the news with the last one.
        told = [each for each in homes if each.lives_here(self.on)] or sorted(homes, key=lambda each: each.start)[-1:]
        for each in told:
            self.changes.details[each.pk] |= {_TOLD_AS.get(name, name) for name in changed}

    def _memberships_of(self, person: int) -> Iterable[Member]:
        if not hasattr(self, "_by_person"):
            self._by_person: dict[int, list[Member]] = defaultdict(list)
            for member in self.known.members.values():
                self._by_person[member.person].append(member)
        return self._by_person.get(person, ())

    # Tenancies and who belongs to them

    def _tenancies(self) -> None:
        self.homes_by_key = {
            **self.known.home_keys,
            **{home.key: home for home in (*self.changes.changed_homes, *self.changes.new_homes) if home.key},
        }
        contracts = contracts_of(
            self.delivery,
            units=self.homes_by_key.keys(),
            people=self.known.person_keys.keys() | self.changes.new_people.keys(),
        )
        for contract, home in self._possible(contracts):
            known = self.known.household_keys.get(contract.key)
            if known is None:
                new = Household(uuid4(), contract.key, home.pk, contract.start, contract.end)
                self.report.tenancies.new += 1
                self.changes.new_households.append(new)
                self._new_members(new.pk, contract)
            else:
                self._known_tenancy(known, contract)

    def _known_tenancy(self, known: Household, contract: Contract) -> None:
        new = Household(known.pk, known.key, known.dwelling, contract.start, contract.end)
        if known == new:
            self.report.tenancies.same += 1
        else:
            self.report.tenancies.changed += 1
            self.changes.changed_households[new.pk] = new
            if known.end is None and new.end is not None:
                self.changes.ended[new.pk] = new.end
            if known.start != new.start or known.end is not None:
                self.changes.details[new.pk].add("tenancy")
        self._compare_members(new.pk, contract)

    def _possible(self, contracts: dict[str, Contract]) -> Iterator[tuple[Contract, Home]]:
        """The contracts that can stand beside each other: one at a time in each home, and none that moves house."""
        known = self.known.household_keys
        staying: dict[UUID, list[Household]] = defaultdict(list)
        wishes: dict[UUID, list[tuple[Contract, Household]]] = defaultdict(list)
        for each in self.known.households.values():
            if each.key not in contracts:
                staying[each.dwelling].append(each)
        # Who lives there keeps the home; the others follow in the order of the file.
        for contract in sorted(contracts.values(), key=lambda each: not self._lives_here(each.key)):
            home, was = self.homes_by_key[contract.unit], known.get(contract.key)
            if was is not None and was.dwelling != home.pk:
                other = self.known.homes[was.dwelling]
                self._refuse(self.delivery.members, contract, "contract_other_unit", "unit", other=other.key or "?")
                staying[was.dwelling].append(was)
            else:
                as_delivered = Household(UUID(int=0), contract.key, home.pk, contract.start, contract.end)
                wishes[home.pk].append((contract, as_delivered))
        for home_pk, wanted in wishes.items():
            self._withdraw(wanted, staying[home_pk])
            refused = self._in_the_way(wanted, staying[home_pk])
            for contract, _as_delivered in wanted:
                if contract.key in refused:
                    self._refuse_overlap(contract, refused[contract.key])
                else:
                    yield contract, self.homes_by_key[contract.unit]

    def _withdraw(self, wanted: list[tuple[Contract, Household]], staying: list[Household]) -> None:
        """Who would come and is delivered no more does not keep another out of the home: that contract never began.

        It is kept as one that is over, of the day before this delivery.
        """
        over = self.on - timedelta(days=1)
        for each in [each for each in staying if each.start > self.on and self._is_delivered_no_more(each)]:
            if any(each.overlaps(one) for _contract, one in wanted):
                staying.remove(each)
                self.changes.changed_households[each.pk] = Household(each.pk, each.key, each.dwelling, over, over)
                self.changes.ended[each.pk] = over

    def _is_delivered_no_more(self, household: Household) -> bool:
        """A contract in the file with a fault is delivered; a line without its columns may be any contract."""
        members = self.delivery.members
        return household.key is not None and household.key not in self.delivered and not members.sheet.faults

    def _lives_here(self, key: str) -> bool:
        known = self.known.household_keys.get(key)
        return known is not None and known.lives_here(self.on)

    def _in_the_way(self, wanted: list[tuple[Contract, Household]], staying: list[Household]) -> dict[str, Household]:
        """Which contracts cannot be used, each with the household that is there then.

        A contract we know that is refused keeps its old dates, and these can stand in the way of another.
        """
        while True:
            refused: dict[str, Household] = {}
            taken = [*staying]
            for contract, one in wanted:
                other = next((each for each in taken if each.key != one.key and each.overlaps(one)), None)
                if other is None:
                    taken.append(one)
                    continue
                refused[contract.key] = other
                known = self.known.household_keys.get(contract.key)
                if known is not None and known not in staying:
                    staying.append(known)
                    break
            else:
                return refused

    def _refuse_overlap(self, contract: Contract, other: Household) -> None:
        if contract.end is None and other.end is None:
            self._refuse(self.delivery.members, contract, "contract_second_current", "end", other=other.key or "?")
            return
        period = " – ".join(day.strftime("%d-%m-%Y") if day else "…" for day in (other.start, other.end))
        self._refuse(
            self.delivery.members, contract, "contract_overlaps", "start", other=other.key or "?", period=period
        )

    @staticmethod
    def _refuse(table: Table, contract: Contract, code: str, column: str, **words: Any) -> None:
        for person, _role in contract.members:
            table.fault(code, table.clean[contract.key, person].row, column, **words)

    def _new_members(self, tenancy: UUID, contract: Contract) -> None:
        self.report.memberships.new += len(contract.members)
        self.changes.new_members += [(tenancy, person, role) for person, role in contract.members]

    def _compare_members(self, tenancy: UUID, contract: Contract) -> None:
        count, news = self.report.memberships, False
        for key, role in contract.members:
            person = self.known.person_keys.get(key)
            member = self.known.members.get((tenancy, person)) if person is not None else None
            if member is None:
                count.new += 1
                self.changes.new_members.append((tenancy, key, role))
            elif member.role == role:
                count.same += 1
                continue
            else:
                count.changed += 1
                self.changes.changed_members.append(Member(tenancy, member.person, role, member.pk))
            news = True
        if news:
            self.changes.details[tenancy].add("members")
            self.changes.renamed.add(tenancy)

    # Counts

    def _tell_what_was_found(self) -> None:
        report, delivery = self.report, self.delivery
        contracts = self.delivered
        rows = [row.values for row in delivery.members.sheet.rows if row.values[0]]
        running = {values[0] for values in rows if runs(values[4], values[5], self.on)}
        report.found = Found(
            dwellings=len(delivery.dwellings.found),
            people=len(delivery.people.found),
            tenancies=len(contracts),
            current_tenancies=len(running),
        )
        report.tenancies_missing = len(self.known.household_keys.keys() - contracts)
        report.tenancies_ended = len(self.changes.ended)
        for table, count in (
            (delivery.dwellings, report.dwellings),
            (delivery.people, report.people),
            (delivery.members, report.memberships),
        ):
            _count_faults(table, count)
            report.add_faults(table.faults)
            report.headings[table.kind] = table.sheet.headings
            report.unread[table.kind] = table.sheet.unread
        self._count_contracts(contracts)

    def _count_contracts(self, contracts: set[str]) -> None:
        report = self.report
        used = {each.key for each in self.changes.new_households} | self.known.household_keys.keys()
        wrong = {fault.row[0] for fault in report.faults if fault.kind == self.delivery.members.kind and fault.row}
        report.tenancies.faulty = len((contracts - used) & wrong)
        report.tenancies.waiting = len(contracts - used - wrong)


class Names:
    """What each household is called, and what search reads of it, after the delivery.

    ``homes`` and ``people`` are the rows that are new or changed; the others are taken from what we know.
    """

    def __init__(self, comparison: Comparison, *, homes: Iterable[Dwelling], people: Iterable[Person]) -> None:
        self.known, changes = comparison.known, comparison.changes
        self.homes = {home.pk: home for home in homes}
        self.people = {person.pk: person for person in people}
        keys = {**self.known.person_keys, **{each.external_id or "": each.pk for each in self.people.values()}}
        self.members: dict[UUID, list[tuple[str, int]]] = defaultdict(list)
        roles = {(each.tenancy, each.person): each.role for each in changes.changed_members}
        wanted = changes.renamed | changes.changed_households.keys()
        for pair, member in self.known.members.items() if wanted else ():
            if member.tenancy in wanted:
                self.members[member.tenancy].append((roles.get(pair, member.role), member.person))
        for tenancy, key, role in changes.new_members:
            self.members[tenancy].append((role, keys[key]))

    def write(self, household: Household) -> Tenancy:
        """The tenancy, ready to be stored."""
        tenancy = Tenancy(
            pk=household.pk, external_id=household.key, started_on=household.start, ended_on=household.end
        )
        tenancy.dwelling = self._home(household.dwelling)
        # Equal roles keep the order in which they came.
        members = sorted(self.members[household.pk], key=lambda member: _ROLE_ORDER[member[0]])
        people = [(role, self._person(pk)) for role, pk in members]
        tenancy.name = household_name(people)[:160]
        tenancy.search_text = tenancy_search_text(tenancy, [person for _role, person in people])
        return tenancy

    def _home(self, pk: UUID) -> Dwelling:
        if pk not in self.homes:
            self.homes[pk] = self.known.homes[pk].as_dwelling()
        return self.homes[pk]

    def _person(self, pk: int) -> Person:
        if pk not in self.people:
            self.people[pk] = Person(pk=pk, **dict(zip(PERSON_FIELDS, self.known.people[pk], strict=True)))
        return self.people[pk]


def _stays(
    names: tuple[str, ...], values: tuple[Any, ...], known: tuple[Any, ...], unsaid: frozenset[str]
) -> tuple[Any, ...]:
    return tuple(old if name in unsaid else new for name, new, old in zip(names, values, known, strict=True))


def _count_faults(table: Table, count: Count) -> None:
    waiting = {fault.line for fault in table.faults if "_waits_for_" in fault.code}
    count.waiting = len(waiting)
    count.faulty = len({fault.line for fault in table.faults} - waiting)
    count.double = table.double
