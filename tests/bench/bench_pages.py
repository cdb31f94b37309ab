"""The pages on 20,000 dossiers against the floor: the same rows by a raw cursor, the right index, a minimal template.

Both are served by one process (``serving.py``), one after the other, signed in by the same middleware. Only the ratio
counts. Run with ``make bench``; on PostgreSQL with ``DATABASE_URL`` set.
"""

import os
import subprocess
import sys
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from cases.models import Case, Signal
from cases.states import CaseStatus, Confidentiality, Severity, SignalType
from corporatie.journal.models import Entry, Mention
from corporatie.work.models import FollowUp
from corporatie.work.states import FollowUpKind
from tenants.models import Dwelling, Tenancy
from tests.cast import Cast
from visits.models import Visit

pytestmark = pytest.mark.bench

HOMES = 20_000
# The gates of the performance guide: times the floor, and the ceiling on queries.
GATES = {"signal_list": 3.0, "case_list": 3.0, "tenancy_detail": 4.0, "case_detail": 4.0, "search": 3.0}


def build_town(cast):
    """20,000 homes in Noord, a dossier on each (one in ten open) and a signal on each (one in ten open)."""
    homes = [
        Dwelling(
            neighbourhood=cast.buurt_noord,
            street=f"Straat{number // 100}",
            number=number % 100 + 1,
            postcode=f"{1000 + number // 100} AB",
            town="Lindedam",
            address=f"Straat{number // 100} {number % 100 + 1}",
            search_text=f"straat{number // 100} {number % 100 + 1} {1000 + number // 100}ab lindedam",
        )
        for number in range(HOMES)
    ]
    Dwelling.objects.bulk_create(homes, batch_size=2000)
    tenancies = [
        Tenancy(
            dwelling=home,
            started_on=cast.at.date() - timedelta(days=number % 4000),
            name=f"Mw. Huurder{number}",
            search_text=f"{home.search_text} huurder{number}",
        )
        for number, home in enumerate(homes)
    ]
    Tenancy.objects.bulk_create(tenancies, batch_size=2000)
    steps, cases, signals = [], [], []
    for number, tenancy in enumerate(tenancies):
        is_open = number % 10 == 0
        case = Case(
            id=uuid4(),
            tenancy=tenancy,
            type=SignalType.NOISE,
            severity=number % 4 + 1,
            confidentiality=Confidentiality.INTERNAL,
            status=CaseStatus.IN_PROGRESS if is_open else CaseStatus.CLOSED,
            handler=cast.anna if number % 3 else cast.bram,
            result="" if is_open else "solved",
            closing_summary="" if is_open else "Opgelost",
            closed_at=None if is_open else cast.at - timedelta(days=number % 700),
            created_by=cast.anna,
            created_at=cast.at - timedelta(days=number % 900),
        )
        if is_open:
            case.next_step = FollowUp(
                tenancy=tenancy,
                subject_label="cases.case",
                subject_id=case.pk,
                what=f"Stap {number}",
                kind=FollowUpKind.CASE_STEP,
                owner=case.handler,
                due_on=cast.at.date() + timedelta(days=number % 60),
                created_by=cast.anna,
                created_at=cast.at,
            )
            case.next_due_on = case.next_step.due_on
            steps.append(case.next_step)
        cases.append(case)
        signals.append(
            Signal(
                tenancy=tenancy,
                type=SignalType.NOISE,
                seen="Harde muziek",
                severity=Severity(number % 3 + 1),
                confidentiality=Confidentiality.INTERNAL,
                status="new" if is_open else "closed",
                respond_by_on=cast.at.date() + timedelta(days=number % 20),
                explanation="" if is_open else "Opgelost",
                closed_at=None if is_open else cast.at,
                closed_by=None if is_open else cast.anna,
                created_by=cast.anna,
                created_at=cast.at - timedelta(days=number % 900),
            )
        )
    FollowUp.objects.bulk_create(steps, batch_size=1000)
    Case.objects.bulk_create(cases, batch_size=1000)
    Signal.objects.bulk_create(signals, batch_size=1000)
    # One household with a past of 300 lines.
    busy, dossier = tenancies[0], cases[0]
    visits = [
        Visit(
            tenancy=busy,
            visitor=cast.anna,
            planned_on=cast.at.date() - timedelta(days=number),
            status="held",
            outcome="talked",
            ended_at=cast.at - timedelta(days=number),
            created_by=cast.anna,
            created_at=cast.at,
        )
        for number in range(300)
    ]
    Visit.objects.bulk_create(visits)
    lines = Entry.objects.bulk_create(
        Entry(
            subject_label="visits.visit",
            subject_id=visit.pk,
            at=visit.ended_at,
            by=cast.anna,
            kind="talk_held",
            data={"outcome": "talked"},
        )
        for visit in reversed(visits)
    )
    Mention.objects.bulk_create(
        Mention(entry=line, object_label=label, object_id=pk)
        for line in lines
        for label, pk in (("tenants.tenancy", busy.pk), ("cases.case", dossier.pk))
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return busy, dossier


@pytest.fixture
def town(transactional_db, at):
    """The town of the bench, written down where another process can read it."""
    cast = Cast.make(at)
    return cast, *build_town(cast)


def database(folder):
    """The address of this database; of one in memory, a copy on disk."""
    if connection.vendor == "postgresql":
        where = connection.settings_dict
        login = f"{where['USER']}:{where['PASSWORD']}".rstrip(":")
        return f"postgres://{login}@{where['HOST']}:{where['PORT'] or 5432}/{where['NAME']}"
    copy = folder / "town.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(copy)])
    return f"sqlite:///{copy}"


def test_pages_against_the_floor(town, tmp_path):
    cast, busy, dossier = town
    pages = {
        "signal_list": reverse("signal_list"),
        "case_list": reverse("case_list"),
        "tenancy_detail": busy.get_absolute_url(),
        "case_detail": dossier.get_absolute_url(),
        "search": reverse("search") + "?q=huurder1234",
    }
    served = subprocess.run(
        [sys.executable, "-m", "tests.bench.serving", str(cast.anna.pk), "/floor/", *pages.values()],
        env={**os.environ, "DATABASE_URL": database(tmp_path), "DJANGO_SETTINGS_MODULE": "corporatie.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    lowest, *spent = [float(line) for line in served.stdout.split() if line.replace(".", "").isdigit()]
    print(f"\nfloor {lowest:.1f} ms on {connection.vendor}, {HOMES} dossiers")
    for name, milliseconds in zip(pages, spent, strict=True):
        print(f"{name:15} {milliseconds / lowest:5.2f}× the floor (gate {GATES[name]}×)")
