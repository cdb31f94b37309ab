"""Days people type, in every form: what cannot be right is said beside the field; a day off is never proposed."""

import ast
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from corporatie.staff.admin import HouseAdmin
from corporatie.subjects.fields import A_YEAR, DayField, same_term, usual_days
from corporatie.work.actions import add_follow_up
from corporatie.work.models import Notice, SpecialDay
from corporatie.work.reminders import sweep
from corporatie.work.rules import Calendar
from visits.models import ContactMoment, Visit

ROOT = Path(__file__).parents[2]
AHEAD = {"earliest": 0, "latest": A_YEAR}
BEHIND = {"earliest": -A_YEAR, "latest": 0}


@pytest.fixture(autouse=True)
def _stand_still(time_machine_at):
    """It is Tuesday 24 November 2026."""


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-12-03", date(2026, 12, 3)),
        ("3-12-2026", date(2026, 12, 3)),
        ("3 12 2026", date(2026, 12, 3)),
        ("3/12/2026", date(2026, 12, 3)),
        ("3.12.2026", date(2026, 12, 3)),
        (" 3-12-26 ", date(2026, 12, 3)),
        ("24-11-2026", date(2026, 11, 24)),
    ],
)
def test_a_day_in_each_notation(typed, day):
    assert DayField(**AHEAD).clean(typed) == day


@pytest.mark.parametrize(
    ("typed", "bounds", "says"),
    [
        ("0026-12-03", AHEAD, "Het jaar 26 kan niet kloppen. Schrijf het met vier cijfers, bijvoorbeeld 2026."),
        ("1026-12-03", AHEAD, "Het jaar 1026 kan niet kloppen. Het is nu 2026."),
        ("9999-12-31", AHEAD, "Het jaar 9999 kan niet kloppen. Het is nu 2026."),
        ("9999-12-31", BEHIND, "Het jaar 9999 kan niet kloppen."),
        ("2126-12-03", AHEAD, "Deze dag is pas over meer dan een jaar."),
        ("23-11-2026", AHEAD, "Deze dag is voorbij. Kies vandaag of een latere dag."),
        ("24-11-2026", {"earliest": 1}, "Kies morgen of een latere dag."),
        ("25-11-2026", BEHIND, "Deze dag moet nog komen. Kies vandaag of een eerdere dag."),
        ("24-11-2015", BEHIND, "Deze dag is meer dan een jaar geleden."),
        ("29-2-2027", AHEAD, "29 februari bestaat niet in 2027."),
        ("2027-02-29", AHEAD, "29 februari bestaat niet in 2027."),
        ("31-11-2026", AHEAD, "Deze dag bestaat niet. Kijk naar de dag en de maand."),
        ("00-00-0000", AHEAD, "Deze dag bestaat niet."),
        ("morgen", AHEAD, "Kies een dag, of vul er een in."),
        ("", AHEAD, "Kies een dag, of vul er een in."),
    ],
)
def test_a_day_that_cannot_be_right_has_its_own_sentence(typed, bounds, says):
    with pytest.raises(ValidationError) as refused:
        DayField(**bounds).clean(typed)
    assert refused.value.messages[0].startswith(says)


def test_every_form_asks_for_a_day_in_the_same_way():
    """Another field would take the year 26."""
    found = []
    for path in ROOT.rglob("*.py"):
        parts = path.relative_to(ROOT).parts
        if parts[0] in {"tests", "var"} or "migrations" in parts or parts[0].startswith("."):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in {"forms.DateField", "forms.DateTimeField"}:
                found.append(str(path.relative_to(ROOT)))  # noqa: PERF401
    assert found == ["corporatie/subjects/fields.py"]
    assert [each["form_class"] for each in HouseAdmin.formfield_overrides.values()] == [DayField]


# --- Each page ------------------------------------------------------------------------------------------
def plan(day):
    return "visit_plan", {"planned_on": "other", "planned_on_date": day, "visit_id": uuid4(), "reason": "talk"}


def contact(day):
    return "contact_create", {"happened_on": day, "channel": "phone", "direction": "in", "line": "Belde terug"}


def follow_up(day):
    return "follow_up_create", {"due_on": "other", "due_on_date": day, "what": "Bel", "sort": "promise"}


def case(day):
    return "case_create", {"step_due_on": "other", "step_due_on_date": day, "step_what": "Bel", "type": "noise"}


def talk(day):
    return "visit_report_create", {"promise_1_due": "other", "promise_1_due_date": day, "promise_1_what": "Bel"}


def note(day):
    return "visit_report_create", {
        "note": "Bel", "note_is_action": "on", "note_due": "other", "note_due_date": day
    }  # fmt: skip


def flag(day):
    return "flag_create", {"review_on": day, "kind": "dog", "not_told_because": "Nog niet gesproken"}


def told(day):
    return "flag_create", {"told_on": day, "kind": "dog", "review_on": "2027-03-01"}


YEAR, OVER, FAR = "kan niet kloppen", "Deze dag is voorbij", "Deze dag is pas over meer dan"
COME, AGO, NONE = "Deze dag moet nog komen", "Deze dag is meer dan een jaar geleden", "bestaat niet"


@pytest.mark.django_db
@pytest.mark.parametrize("form", [plan, contact, follow_up, case, talk, note, flag, told])
@pytest.mark.parametrize("day", ["0026-12-03", "1026-12-03", "9999-12-31", "2026-02-29", "2120-01-01", "2026-11-20"])
def test_each_page_says_what_is_wrong_with_a_day(client, cast, form, day):
    client.force_login(cast.dirk if form in (flag, told) else cast.anna)
    name, data = form(day)
    behind = form in (contact, told)
    says = {
        "2026-02-29": NONE,
        "2120-01-01": COME if behind else FAR,
        "2026-11-20": None if behind else "Kies morgen of een latere dag" if form is flag else OVER,
    }.get(day, YEAR)
    before = (Visit.objects.count(), ContactMoment.objects.count())

    answer = client.post(f"{reverse(name)}?huishouden={cast.bos.pk}", data)

    if says is None:
        return
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert (Visit.objects.count(), ContactMoment.objects.count()) == before


# --- What is proposed -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("today", "proposed"),
    [
        # An ordinary Tuesday; a Friday; a Sunday, of which the second Sunday after is one too.
        (date(2026, 11, 24), [("2026-11-25", "Morgen"), ("2026-11-27", "Vrijdag"), ("2026-12-08", "Over twee weken")]),
        (date(2026, 11, 27), [("2026-11-30", "Maandag"), ("2026-12-04", "Vrijdag"), ("2026-12-11", "Over twee weken")]),
        (date(2026, 11, 22), [("2026-11-23", "Morgen"), ("2026-11-27", "Vrijdag"), ("2026-12-07", "Over twee weken")]),
        # Thursday: tomorrow is the Friday. Before Christmas: the first working day is Monday, and so is "Friday".
        (date(2026, 11, 26), [("2026-11-27", "Morgen"), ("2026-12-10", "Over twee weken")]),
        (date(2026, 12, 24), [("2026-12-28", "Maandag"), ("2027-01-07", "Over twee weken")]),
        # Two weeks before Christmas day, and before a day on which the office is closed.
        (date(2026, 12, 11), [("2026-12-14", "Maandag"), ("2026-12-18", "Vrijdag"), ("2026-12-28", "Over twee weken")]),
        (date(2026, 12, 2), [("2026-12-03", "Morgen"), ("2026-12-04", "Vrijdag"), ("2026-12-17", "Over twee weken")]),
    ],
)
def test_no_day_off_is_proposed(today, proposed):
    calendar = Calendar({date(2026, 12, 16): False})

    assert usual_days(today, calendar) == proposed
    assert all(calendar.is_working_day(date.fromisoformat(day)) for day, _words in proposed)


@pytest.mark.django_db
def test_the_page_and_the_inbox_propose_no_day_off(client, cast):
    SpecialDay.objects.create(on=date(2026, 11, 30), name="Teamdag")
    promise = {"tenancy": cast.bos, "subject": cast.bos, "what": "Bel", "owner": cast.anna, "due_on": cast.at.date()}
    add_follow_up(**promise, by=cast.anna, at=cast.at)
    sweep(at=cast.at)
    with time_machine.travel("2026-11-27T09:00:00Z", tick=False):
        client.force_login(cast.anna)
        form = client.get(f"{reverse('follow_up_create')}?huishouden={cast.bos.pk}").content.decode()
        inbox = client.get(reverse("inbox")).content.decode()
    for page, name in ((form, "due_on"), (inbox, "until")):
        assert f'name="{name}" value="2026-12-01"' in page
        assert "Dinsdag" in page
        for day in ("2026-11-28", "2026-11-30"):
            assert f'value="{day}"' not in page


@pytest.mark.django_db
def test_a_term_counts_from_the_day_of_the_talk(cast):
    today, talk_day = date(2026, 11, 24), date(2026, 11, 20)
    terms = {"2026-11-25": "2026-11-23", "2026-11-27": "2026-11-27", "2026-12-08": "2026-12-04"}
    for chosen, meant in terms.items():
        day = same_term(date.fromisoformat(chosen), today=today, as_of=talk_day)
        assert day.isoformat() == meant
    assert same_term(date(2026, 12, 3), today=today, as_of=talk_day) == date(2026, 12, 3)


# --- What is due on a day nobody works ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("on", "until"),
    [
        (date(2026, 11, 24), date(2026, 11, 24)),
        (date(2026, 11, 27), date(2026, 11, 29)),  # Friday: also for Saturday and Sunday
        (date(2026, 12, 24), date(2026, 12, 27)),  # Thursday: Christmas, and the weekend behind it
        (date(2026, 12, 31), date(2027, 1, 3)),
        (date(2026, 4, 3), date(2026, 4, 6)),  # Good Friday: also for Easter Monday
        (date(2026, 12, 15), date(2026, 12, 16)),  # the office is closed the day after
    ],
)
def test_the_last_day_that_is_reminded_on_a_day(on, until):
    assert Calendar({date(2026, 12, 16): False}).last_reminded(on) == until


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("due", "reminded"),
    [
        (date(2026, 12, 5), date(2026, 12, 4)),
        (date(2026, 12, 6), date(2026, 12, 4)),
        (date(2026, 12, 25), date(2026, 12, 24)),
        (date(2026, 12, 26), date(2026, 12, 24)),
        (date(2026, 12, 7), date(2026, 12, 7)),
        (date(2026, 12, 16), date(2026, 12, 15)),
    ],
)
def test_what_is_due_on_a_day_off_is_reminded_on_the_last_working_day_before(cast, due, reminded):
    SpecialDay.objects.create(on=date(2026, 12, 16), name="Teamdag")
    add_follow_up(tenancy=cast.bos, subject=cast.bos, what="Bel", owner=cast.anna, due_on=due, by=cast.anna, at=cast.at)
    days = [date(2026, 12, day) for day in range(1, 31)]
    made = []
    for day in days:
        sweep(at=datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
        if not made and Notice.objects.filter(rule="follow_up_due").exists():
            made.append(day)
    assert made == [reminded]
