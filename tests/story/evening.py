"""One evening at the association: who plays, what is said, and what must stand in the house afterwards.

The story is told twice: by the client (``tests/story/test_evening.py``) and by a browser (``tests/e2e/test_story.py``).
"""

import io
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

import time_machine
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from cases.models import Case, Signal
from corporatie.staff.models import Team, User
from corporatie.staff.permissions import Role
from corporatie.work.models import FollowUp, Notice, OutgoingMail
from corporatie.work.rules import Calendar
from corporatie.work.tasks import send_mails, sweep
from tenants.models import Neighbourhood, Tenancy
from tests.cast import colleague
from visits.models import Report, Visit

DELIVERY = Path(__file__).parents[1] / "tenants" / "deliveries" / "eerste"

# At the kitchen table of Kerkstraat 1.
QUOTE = "Het is stil in huis sinds mijn broer weg is."
PROMISE = "Schilder belt over het kozijn"
SEEN = "De post van twee weken lag nog op de mat."
FIRST_STEP = "Bel het sociaal team over een kop koffie in de buurt"
PROBLEM_OWNER = "Sociaal team Noord"
# What the household remembers of it, newest first.
TIMELINE = [
    "Belofte nagekomen",
    "Signaal toegevoegd aan het dossier",
    "Dossier geopend, Anna Jansen behandelt het",
    "Signaal opgepakt door Anna Jansen",
    "Signaal gemeld",
    "Beloofd",
    "Gesprek aan tafel",
    "Bezoek gepland",
]
# Nobody may read any of this in a mail.
PRIVATE = ("Brink", "Kerkstraat", "Schilder", "kozijn", "Eenzaam", "sociaal team", "1234")


@dataclass
class Evening:
    """Who plays, and the two households they visit."""

    anna: User
    fatma: User
    hans: User
    team: Team
    brink: Tenancy
    wisniewska: Tenancy


def delivered() -> str:
    """The export of the association is read in. Returns what the command says."""
    told = io.StringIO()
    call_command("import_export", str(DELIVERY), stdout=told, stderr=told)
    return told.getvalue()


def begin() -> Evening:
    """Three colleagues and a delivery that was read. No team looks after the neighbourhood yet."""
    team = Team.objects.create(name="Noord")
    anna = colleague("Anna Jansen", Role.HOUSING_CONSULTANT, team=team)
    fatma = colleague("Fatma Aydin", Role.HOUSING_CONSULTANT, team=team)
    hans = colleague("Hans Groot", Role.APP_ADMIN)
    told = delivered()
    assert "Buurt zonder team: niemand ziet deze huishoudens: Noord / Noord-1" in told
    return Evening(
        anna=anna,
        fatma=fatma,
        hans=hans,
        team=team,
        brink=Tenancy.objects.get(external_id="C1"),
        wisniewska=Tenancy.objects.get(external_id="C3"),
    )


def noord() -> Neighbourhood:
    """The neighbourhood of both households."""
    return Neighbourhood.objects.get(name="Noord-1")


def next_morning(now: datetime) -> datetime:
    """Eight o'clock on the first working day after this moment."""
    calendar, day = Calendar.load(), timezone.localdate(now) + timedelta(days=1)
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time(8)))


def beat_wakes_the_sweep(at: datetime) -> None:
    """The tasks that beat wakes each minute, twice in the same minute: they may not say anything twice."""
    with time_machine.travel(at, tick=False):
        for _time in range(2):
            sweep()
            send_mails()


def what_stands_there_before_the_night(evening: Evening) -> None:
    """Three visits, one promise, one signal, one dossier with a first step."""
    outcomes = list(Visit.objects.order_by("planned_time").values_list("tenancy", "outcome"))
    assert outcomes == [
        (evening.brink.pk, "talked"),
        (evening.wisniewska.pk, "nobody_home"),
        (evening.wisniewska.pk, "talked"),
    ]
    assert Report.objects.get(visit__tenancy=evening.brink).quote == QUOTE
    promise = FollowUp.objects.get(is_promise=True)
    assert (promise.what, promise.owner, promise.due_on) == (PROMISE, evening.anna, timezone.localdate())
    signal, case = Signal.objects.get(), Case.objects.get()
    assert (signal.seen, signal.handler, signal.case) == (SEEN, evening.anna, case)
    assert (case.handler, case.problem_owner, case.problem_owner_name) == (evening.anna, "care", PROBLEM_OWNER)
    assert (case.next_step.what, case.next_step.owner) == (FIRST_STEP, evening.fatma)


def what_the_night_brought(evening: Evening) -> None:
    """One notice and one mail for Anna, however often the sweep ran, and the mail says nothing about anybody.

    Fatma reads that the first step is hers. Hans hears that with his account a team got its neighbourhood.
    """
    told = Notice.objects.order_by("recipient__name").values_list("recipient__name", "rule")
    assert list(told) == [("Anna Jansen", "follow_up_due"), ("Fatma Aydin", "work_received")]
    message, other, own = sorted(mail.outbox, key=lambda each: each.to)
    assert [each.to for each in (message, other, own)] == [
        [evening.anna.email],
        [evening.fatma.email],
        [evening.hans.email],
    ]
    assert "http://testserver/postvak/" in message.body
    assert "Gaf een buurt aan een team" in own.body
    text = " ".join(f"{each.subject} {each.body} {each.extra_headers}" for each in (message, other, own)).lower()
    assert [word for word in PRIVATE if word.lower() in text] == []
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"sent"}
