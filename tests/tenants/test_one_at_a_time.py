"""Who lives there now, and that nobody else does at the same time."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from tenants.models import Tenancy
from tests.cast import dwelling, household

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _stand_still(time_machine_at):
    """It is 24 November 2026."""


@pytest.fixture
def home(cast):
    return dwelling(cast.buurt_noord, "Lindelaan", 3)


def lives(home, start, end):
    return Tenancy.objects.create(dwelling=home, started_on=start, ended_on=end)


@pytest.mark.parametrize(
    ("start", "end", "is_now", "comes", "left"),
    [
        (date(2015, 4, 1), None, True, False, False),
        (date(2015, 4, 1), date(2026, 12, 31), True, False, False),
        (date(2015, 4, 1), TODAY, True, False, False),
        (date(2015, 4, 1), date(2026, 11, 23), False, False, True),
        (TODAY, None, True, False, False),
        (TODAY, TODAY, True, False, False),
        (date(2026, 11, 25), None, False, True, False),
        (date(2027, 1, 1), date(2027, 6, 30), False, True, False),
    ],
)
def test_who_lives_there_now_comes_or_has_left(home, start, end, is_now, comes, left):
    one = lives(home, start, end)

    assert (one.lives_here(TODAY), one.is_coming(TODAY), one.has_left(TODAY)) == (is_now, comes, left)
    of_home = Tenancy.objects.filter(dwelling=home)
    found = [rows.exists() for rows in (of_home.living(), of_home.current(), of_home.coming(), of_home.not_left())]
    assert found == [is_now, is_now, comes, not left]


def test_on_the_day_of_the_change_both_live_there_and_the_last_to_come_is_now(home):
    old, new = lives(home, date(2015, 4, 1), TODAY), lives(home, TODAY, None)
    of_home = Tenancy.objects.filter(dwelling=home).order_by("started_on")

    assert list(of_home.living()) == [old, new]
    assert list(of_home.current()) == [new]
    assert list(of_home.current(on=TODAY - timedelta(days=1))) == [old]
    assert list(of_home.current(on=TODAY + timedelta(days=1))) == [new]


OLD = (date(2015, 4, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("start", "end", "is_refused"),
    [
        (date(2027, 1, 1), None, False),
        (date(2026, 12, 31), None, False),
        (date(2026, 12, 30), None, True),
        (date(2010, 1, 1), date(2015, 3, 31), False),
        (date(2010, 1, 1), date(2015, 4, 1), False),
        (date(2010, 1, 1), date(2015, 4, 2), True),
        (date(2010, 1, 1), None, True),
        (date(2020, 1, 1), date(2020, 6, 30), True),
    ],
)
def test_the_database_refuses_two_at_a_time_and_lets_them_share_a_day(home, start, end, is_refused):
    lives(home, *OLD)
    lives(dwelling(home.neighbourhood, "Lindelaan", 5), *OLD)
    if not is_refused:
        lives(home, start, end)
        return
    with pytest.raises(IntegrityError, match="tenancy_one_at_a_time"), transaction.atomic():
        lives(home, start, end)


def test_the_database_refuses_a_change_that_makes_two_at_a_time(home):
    old, new = lives(home, *OLD), lives(home, date(2027, 1, 1), None)
    for one, change in ((old, {"ended_on": None}), (new, {"started_on": date(2026, 12, 1)})):
        with pytest.raises(IntegrityError, match="tenancy_one_at_a_time"), transaction.atomic():
            Tenancy.objects.filter(pk=one.pk).update(**change)
    Tenancy.objects.filter(pk=old.pk).update(ended_on=date(2027, 1, 1))


def test_two_without_an_end_are_refused(cast):
    with pytest.raises(IntegrityError, match="tenancy_one_at_a_time"), transaction.atomic():
        household(cast.kerkstraat, "Smit", by=cast.anna, at=cast.at)


def test_the_migration_names_who_overlaps_and_changes_nothing(home):
    migration = import_module("tenants.migrations.0004_one_at_a_time")
    migration.allow_overlap(apps, Editor())
    one, two = lives(home, *OLD), lives(home, date(2026, 12, 1), None)
    Tenancy.objects.filter(pk=one.pk).update(external_id="C-1")

    with pytest.raises(migration.OverlapError, match=f"C-1 \\+ {two.pk}"):
        migration.refuse_overlap(apps, Editor())

    Tenancy.objects.filter(pk=one.pk).update(ended_on=date(2026, 12, 1))
    migration.refuse_overlap(apps, Editor())
    with pytest.raises(IntegrityError), transaction.atomic():
        Tenancy.objects.filter(pk=one.pk).update(ended_on=None)


def test_the_migration_reads_the_year_9999_as_no_end(home):
    one = lives(home, date(2015, 4, 1), date(9999, 12, 31))

    import_module("tenants.migrations.0004_one_at_a_time").read_no_end(apps, None)

    one.refresh_from_db()
    assert one.ended_on is None


class Editor:
    """Runs the statements of a migration at once, inside the transaction of the test."""

    connection = connection

    def execute(self, sql):
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute(sql)
