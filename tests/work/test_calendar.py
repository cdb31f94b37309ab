"""Working days: Dutch holidays, and what the association says itself."""

from datetime import date

import pytest

from cases.states import Severity
from corporatie.work.models import SpecialDay
from corporatie.work.rules import Calendar


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 24), True),
        (date(2026, 11, 28), False),  # Saturday
        (date(2026, 4, 3), True),  # Good Friday: most employers work
        (date(2026, 4, 6), False),  # Easter Monday
        (date(2026, 4, 27), False),  # King's Day
        (date(2025, 4, 26), False),  # King's Day on Saturday, because the 27th is a Sunday
        (date(2026, 5, 5), True),  # Liberation Day, no lustrum year
        (date(2030, 5, 5), False),  # a Sunday, and a lustrum year
        (date(2025, 5, 5), False),  # Liberation Day, lustrum year
        (date(2026, 5, 14), False),  # Ascension Day
        (date(2026, 5, 25), False),  # Whit Monday
        (date(2026, 12, 25), False),
        (date(2027, 1, 1), False),
        (date(2028, 2, 29), True),  # leap day
    ],
)
def test_working_days(day, works):
    assert Calendar({}).is_working_day(day) is works


def test_five_working_days_over_christmas_and_new_year():
    assert Calendar({}).add(date(2026, 12, 24), 5) == date(2027, 1, 4)


def test_no_working_days_is_the_day_itself_also_on_sunday():
    assert Calendar({}).add(date(2026, 11, 22), 0) == date(2026, 11, 22)


@pytest.mark.django_db
def test_the_association_has_the_last_word():
    SpecialDay.objects.create(on=date(2026, 11, 25), name="Brugdag")
    SpecialDay.objects.create(on=date(2026, 11, 28), name="Open huis", is_working_day=True)
    calendar = Calendar.load()
    assert calendar.add(date(2026, 11, 24), 1) == date(2026, 11, 26)
    assert calendar.on_or_after(date(2026, 11, 28)) == date(2026, 11, 28)
    assert calendar.before(date(2026, 11, 26), 1) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("severity", "by"),
    [
        (Severity.ACUTE, date(2026, 11, 24)),
        (Severity.HIGH, date(2026, 11, 26)),
        (Severity.MEDIUM, date(2026, 12, 1)),
        (Severity.LOW, date(2026, 12, 8)),
    ],
)
def test_the_norm_of_a_signal_follows_its_severity(cast, severity, by):
    assert cast.signal(severity=severity).respond_by_on == by
