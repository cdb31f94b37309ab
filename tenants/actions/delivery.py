"""Reading a delivery in: everything that is right, in one transaction, a batch at a time."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from corporatie.journal import actions as journal
from corporatie.journal.facts import Fact
from tenants import facts
from tenants.actions.comparison import Comparison, Names
from tenants.actions.known import DWELLING_FIELDS, PERSON_FIELDS, Home, Household, Known
from tenants.deliveries.report import Report
from tenants.deliveries.rows import read
from tenants.models import Complex, Dwelling, Membership, Neighbourhood, Person, Tenancy

BATCH = 1000
# A household that is new to us is news in its timeline when it began this recently: a quarter and a bit, so that an
# association that delivers each quarter misses none. A contract of 2003 that was only mended now is no news.
NEWS = timedelta(days=100)
_STAGE: dict[type[models.Model], Any] = {
    Dwelling: _("Homes"),
    Person: _("People"),
    Tenancy: _("Contracts"),
    Membership: _("Household members"),
}
Thing = TypeVar("Thing")


def _silence(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


def read_delivery(
    *,
    folder: Path,
    by: Any,
    at: datetime,
    dry_run: bool = False,
    tell: Callable[[str, int, int], None] = _silence,
) -> Report:
    """Read the three files in ``folder``; with ``dry_run`` only say what would happen.

    What is right is stored all together or not at all; what is wrong is in the report. Nothing is ever deleted.
    Raises ``DeliveryRefusedError`` when a file cannot be read as a whole.
    """
    with _no_search_for_cycles(), transaction.atomic():
        known, on = Known(), timezone.localdate(at)
        delivery = read(folder, on=on, known_numbers=known.phone_numbers(), tell=tell)
        comparison = Comparison(delivery, known, on=on)
        writer = _Writer(comparison, by=by, at=at, tell=tell)
        comparison.run()
        writer.prepare()
        if not dry_run:
            writer.write()
    return comparison.report


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Hundreds of thousands of small rows and no cycle among them: searching for one costs a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Writer:
    """Writes what a comparison found: for each kind, new rows in one statement a batch, changed rows in another."""

    def __init__(self, comparison: Comparison, *, by: Any, at: datetime, tell: Callable[[str, int, int], None]) -> None:
        self.comparison, self.changes, self.report = comparison, comparison.changes, comparison.report
        self.by, self.at, self.tell = by, at, tell
        self.today = timezone.localdate(at)

    def prepare(self) -> None:
        """What belongs in the timelines, and which neighbourhoods nobody looks after."""
        self.started = [
            each
            for each in self.changes.new_households
            if not self.report.is_first
            and (each.end is None or each.end >= self.today)
            and each.start >= self.today - NEWS
        ]
        self.report.households_started = len(self.started)
        teams = {
            (district, name): team
            for district, name, team in Neighbourhood.objects.values_list("district", "name", "team")
        }
        homes = self.comparison.homes_by_key.values()
        self.report.without_team = sorted(
            {" / ".join(filter(None, each.place)) for each in homes if not teams.get(each.place)}
        )

    def write(self) -> None:
        """Write everything, in the order in which one needs the other."""
        homes, people = self._dwellings(), self._people()
        self._tenancies(Names(self.comparison, homes=homes, people=people))
        self._members({**self.comparison.known.person_keys, **{each.external_id or "": each.pk for each in people}})
        self.report.lines_written = journal.write_many(lines=self._lines(), by=self.by, at=self.at)

    def _dwellings(self) -> list[Dwelling]:
        """Write the dwellings, and give those that are new or changed."""
        homes = [*self.changes.new_homes, *self.changes.changed_homes]
        places, complexes = self._places(homes), self._complexes()

        def dwelling(home: Home) -> Dwelling:
            built = home.as_dwelling()
            built.neighbourhood_id = places[home.place]
            built.complex_id = complexes.get(home.complex_code)
            built.missing_since = None
            return built

        new = [dwelling(home) for home in self.changes.new_homes]
        self._create(Dwelling, new)
        changed = [dwelling(home) for home in self.changes.changed_homes]
        fields = ["neighbourhood", "complex", *DWELLING_FIELDS, "address", "search_text", "missing_since"]
        self._update(Dwelling, changed, fields)
        for batch in _batches(self.changes.gone_homes):
            Dwelling.objects.filter(pk__in=batch).update(missing_since=self.today)
        return [*new, *changed]

    @staticmethod
    def _places(homes: Sequence[Home]) -> dict[tuple[str, str], int]:
        if not homes:
            return {}
        known = set(Neighbourhood.objects.values_list("district", "name"))
        new = sorted({home.place for home in homes} - known)
        Neighbourhood.objects.bulk_create(
            [Neighbourhood(district=district, name=name) for district, name in new], batch_size=BATCH
        )
        return {(row[0], row[1]): row[2] for row in Neighbourhood.objects.values_list("district", "name", "pk")}

    def _complexes(self) -> dict[str | None, int]:
        wanted = [Complex(code=code, name=name) for code, name in self.changes.complexes.items()]
        if wanted:
            Complex.objects.bulk_create(
                wanted, batch_size=BATCH, update_conflicts=True, unique_fields=["code"], update_fields=["name"]
            )
        if not (self.changes.new_homes or self.changes.changed_homes):
            return {}
        return dict(Complex.objects.values_list("code", "pk"))

    def _people(self) -> list[Person]:
        """Write the people, and give those that are new or changed."""

        def person(key: str, values: tuple[Any, ...], pk: int | None = None) -> Person:
            return Person(pk=pk, external_id=key, **dict(zip(PERSON_FIELDS, values, strict=True)))

        new = [person(key, values) for key, values in self.changes.new_people.items()]
        self._create(Person, new)
        changed = [person(key, values, pk) for pk, (key, values) in self.changes.changed_people.items()]
        self._update(Person, changed, list(PERSON_FIELDS))
        return [*new, *changed]

    def _tenancies(self, names: Names) -> None:
        changed = dict(self.changes.changed_households)
        for pk in self.changes.renamed:
            changed.setdefault(pk, self.comparison.known.households[pk])
        # A home is free before the next household moves in: who changes leaves no more than a first day behind.
        for batch in _batches(list(self.changes.changed_households)):
            Tenancy.objects.filter(pk__in=batch).update(ended_on=F("started_on"))
        rows = [names.write(each) for each in changed.values()]
        self._update(Tenancy, rows, ["started_on", "ended_on", "name", "search_text"])
        self._create(Tenancy, [names.write(each) for each in self.changes.new_households])

    def _members(self, keys: dict[str, int]) -> None:
        new = [
            Membership(tenancy_id=tenancy, person_id=keys[key], role=role)
            for tenancy, key, role in self.changes.new_members
        ]
        self._create(Membership, new)
        changed = [
            Membership(pk=each.pk, tenancy_id=each.tenancy, person_id=each.person, role=each.role)
            for each in self.changes.changed_members
        ]
        self._update(Membership, changed, ["role"])

    def _lines(self) -> Iterator[tuple[Fact, Tenancy]]:
        for household in self.started:
            yield facts.TenancyStarted(), _subject(household)
        households: dict[UUID, Household] = self.comparison.known.households
        for pk, end in sorted(self.changes.ended.items()):
            yield facts.ending(end, on=self.today), _subject(households[pk])
        for pk, fields in sorted(self.changes.details.items()):
            yield facts.DetailsChanged(fields=sorted(fields)), _subject(households[pk])

    def _create(self, model: type[models.Model], rows: list[Any]) -> None:
        for batch in self._told(model, rows):
            model._default_manager.bulk_create(batch)

    def _update(self, model: type[models.Model], rows: list[Any], fields: list[str]) -> None:
        """Rows that exist: an upsert on their own key, so a batch is one statement."""
        for batch in self._told(model, rows):
            model._default_manager.bulk_create(
                batch, update_conflicts=True, unique_fields=[model._meta.pk.name], update_fields=fields
            )

    def _told(self, model: type[models.Model], rows: list[Thing]) -> Iterator[list[Thing]]:
        done = 0
        for batch in _batches(rows):
            yield batch
            done += len(batch)
            self.tell(str(_STAGE[model]), done, len(rows))


def _batches(rows: list[Thing]) -> Iterator[list[Thing]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def _subject(household: Household) -> Tenancy:
    return Tenancy(pk=household.pk)
