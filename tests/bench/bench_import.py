"""Reading an export against the bare writing of the same rows, in one run, on whatever database is set.

The floor is what performance.md calls COPY + upsert: on PostgreSQL each table is filled by COPY into a temporary
table and one INSERT … ON CONFLICT; on SQLite by statements of as many rows as one can hold. It reads no file, judges
nothing and knows the rows beforehand. The second floor is Django's own bulk_create of the same rows.
"""

import io
import sys
import time
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from corporatie.journal.models import Entry, Mention
from tenants.models import Complex, Dwelling, Membership, Neighbourhood, Person, Tenancy
from tests.tenants.delivering import contract, deliver, person, read_in, unit

PEOPLE = 20_000
AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TABLES = [Neighbourhood, Complex, Dwelling, Person, Tenancy, Membership]


def association(count):
    """So many people, two in each home, with a contract that ended before for every fourth home."""
    homes = count // 2
    units = [
        unit(
            key=f"E{n}",
            street=f"Straat {n // 100}",
            number=str(n % 100 + 1),
            postcode=f"{1000 + n // 100} AB",
            neighbourhood=f"Buurt {n // 1000}",
            bag=f"{n:016d}",
        )
        for n in range(homes)
    ]
    people = [person(key=f"R{n}", last=f"Achternaam{n}", mobile=f"06-{10_000_000 + n}") for n in range(count)]
    contracts = [
        contract(key=f"C{n // 2}", unit=f"E{n // 2}", person=f"R{n}", role="MDH" if n % 2 else "HUU")
        for n in range(count)
    ]
    contracts += [
        contract(key=f"D{n}", unit=f"E{n}", person=f"R{n}", start="01-01-1990", end="01-01-2000")
        for n in range(0, homes, 4)
    ]
    return units, people, contracts


def seconds(work):
    """How long it takes. On SQLite all work is in this process, so what else the machine does need not count."""
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    start = clock()
    work()
    return clock() - start


def rows_of(model):
    """The rows of a table, as the database gives them."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608
        return [column[0] for column in cursor.description], cursor.fetchall()


def write_bare(tables):
    """The floor: the same rows into the same tables, upserted by key."""
    with transaction.atomic(), connection.cursor() as cursor:
        for model, (columns, rows) in tables:
            table, names = model._meta.db_table, ", ".join(f'"{name}"' for name in columns)
            news = ", ".join(f'"{name}" = excluded."{name}"' for name in columns[1:])
            upsert = f"ON CONFLICT (id) DO UPDATE SET {news}"
            if connection.vendor == "postgresql":
                lines = io.StringIO("".join("\t".join(map(as_copied, row)) + "\n" for row in rows))
                cursor.execute(f'CREATE TEMP TABLE floor (LIKE "{table}")')
                cursor.copy_expert(f"COPY floor ({names}) FROM STDIN", lines)
                cursor.execute(f'INSERT INTO "{table}" ({names}) SELECT {names} FROM floor {upsert}')  # noqa: S608
                cursor.execute("DROP TABLE floor")
            else:
                size = 999 // len(columns)
                for start in range(0, len(rows), size):
                    batch = rows[start : start + size]
                    marks = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * len(batch))
                    values = [value for row in batch for value in row]
                    cursor.execute(f'INSERT INTO "{table}" ({names}) VALUES {marks} {upsert}', values)  # noqa: S608


def write_by_the_orm(tables):
    """The second floor: the same rows by Django's own bulk_create, also knowing them beforehand."""
    with transaction.atomic():
        for model, rows in tables:
            model._default_manager.bulk_create(rows, batch_size=1000)


def as_copied(value):
    """A value as COPY reads it. None of ours holds a tab, an end of line or a backslash."""
    return r"\N" if value is None else str(value)


def empty():
    """Nothing left of an association."""
    for model in reversed(TABLES):
        model._default_manager.all()._raw_delete(connection.alias)


def say(line):
    """On the screen, also when the test passes."""
    sys.stdout.write(f"{line}\n")


@pytest.mark.bench
@pytest.mark.django_db
def test_import_against_the_floor(tmp_path, capsys):
    units, people, contracts = association(PEOPLE)
    folder = deliver(tmp_path / "een", units=units, people=people, contracts=contracts)
    for row in people:
        row["Mobiel"] = row["Mobiel"].replace("06-1", "06-2")
    changed = deliver(tmp_path / "twee", units=units, people=people, contracts=contracts)

    first = seconds(lambda: read_in(folder, AT))
    tables = [(model, rows_of(model)) for model in TABLES]
    total = sum(len(rows) for _model, (_columns, rows) in tables)
    objects = [(model, list(model._default_manager.all())) for model in TABLES]
    empty()
    by_the_orm = seconds(lambda: write_by_the_orm(objects))
    empty()
    floor = seconds(lambda: write_bare(tables))
    again = min(seconds(lambda: read_in(folder, AT)) for _turn in range(2))
    with_lines = seconds(lambda: read_in(changed, AT))

    assert Person.objects.count() == PEOPLE
    assert Entry.objects.count() == Mention.objects.count() == PEOPLE // 2
    with capsys.disabled():
        say(f"\nImport of {PEOPLE:,} people, {total:,} rows on {connection.vendor}")
        say(f"  floor: COPY + upsert {floor:.2f} s; bulk_create {by_the_orm:.2f} s")
        for name, spent, gate in (
            ("first delivery", first, "≤ 3×"),
            ("every phone number changed, with lines", with_lines, "≤ 5×"),
            ("the same delivery again", again, "≤ 0.3×"),
        ):
            ratios = f"{spent / floor:5.2f}× COPY {spent / by_the_orm:5.2f}× bulk_create"
            say(f"  {name:<40} {spent:6.2f} s  {ratios}   gate {gate}")
        say(f"  {'the same again, against the first':<40} {again / first:15.2f}×")
