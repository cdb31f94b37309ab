"""The journal is written once, in the transaction of what happened, and shows what its subject shows."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from corporatie.journal import actions as journal
from corporatie.journal.facts import Fact, kind_of, kinds
from corporatie.journal.models import Entry, Mention
from corporatie.privacy import actions as privacy
from corporatie.privacy.models import Access
from corporatie.subjects.models import subject_is_visible, subject_models, visible_ids
from tenants.facts import TenancyStarted

TABLES = {"journal_entry": "kind", "journal_mention": "object_label", "privacy_access": "roles"}
MIGRATIONS = ("corporatie.journal.migrations.0002_append_only", "corporatie.privacy.migrations.0002_append_only")


@pytest.fixture
def triggers(cast):
    """The triggers of the migrations stand: on SQLite the test suite takes half of them away to clean up."""
    privacy.record_read(subject=cast.bos, by=cast.anna, at=cast.at)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # The editor of a migration needs a transaction of its own; here the statements go straight on.
            editor = SimpleNamespace(connection=connection, execute=cursor.execute)
            for name in MIGRATIONS:
                migration = import_module(name)
                for table in migration.TABLES:
                    cursor.execute(f"DROP TRIGGER {table}_no_update")
                migration.refuse_changes(None, editor)


# --- Append-only ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("table", TABLES)
def test_the_database_refuses_to_change_a_line(triggers, table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  (names of our own tables)
        assert cursor.fetchone()[0] > 0
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {TABLES[table]} = 'anders'")  # noqa: S608


@pytest.mark.parametrize("table", TABLES)
def test_the_database_refuses_to_remove_a_line(triggers, table):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608


@pytest.mark.parametrize("model", [Entry, Mention, Access])
def test_the_code_refuses_too(cast, model):
    with pytest.raises(TypeError, match="append-only"):
        model.objects.all().update(pk=1)
    with pytest.raises(TypeError, match="append-only"):
        model.objects.all().delete()


def test_a_line_is_written_in_the_transaction_of_what_happened(cast, monkeypatch):
    # Each test runs inside a transaction, so the code is told that there is none.
    nothing = SimpleNamespace(in_atomic_block=False)
    with monkeypatch.context() as patched:
        patched.setattr(transaction, "get_connection", lambda using=None: nothing)
        with pytest.raises(RuntimeError, match="transaction"):
            journal.write(fact=TenancyStarted(), subject=cast.bos, by=cast.anna, at=cast.at)
        with pytest.raises(RuntimeError, match="transaction"):
            journal.write_many(lines=[(TenancyStarted(), cast.bos)], by=cast.anna, at=cast.at)


def test_what_is_undone_leaves_no_line(cast):
    before = Entry.objects.count()
    with transaction.atomic():
        cast.case()
        assert Entry.objects.count() > before
        transaction.set_rollback(True)
    assert Entry.objects.count() == before


def test_a_subject_is_mentioned_once_in_a_line(cast):
    entry = journal.write(
        fact=TenancyStarted(), subject=cast.bos, concerns=[cast.bos, cast.kerkstraat], by=cast.anna, at=cast.at
    )
    assert sorted(entry.mentions.values_list("object_label", flat=True)) == ["tenants.dwelling", "tenants.tenancy"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Mention.objects.create(entry=entry, object_label="tenants.tenancy", object_id=cast.bos.pk)


# --- Who may read a line ------------------------------------------------------------------------------------
def test_a_line_shows_exactly_to_whom_its_subject_shows(cast):
    cast.case()
    cast.visit()
    cast.signal()
    people = [cast.anna, cast.carla, cast.wim, cast.rachid, cast.petra, cast.dirk, cast.mila, cast.olga, cast.hans]
    lines = list(Entry.objects.all())
    assert len({line.subject_label for line in lines}) == 4
    for user in people:
        seen = set(Entry.objects.visible_to(user).values_list("pk", flat=True))
        known = visible_ids(user, [(line.subject_label, line.subject_id) for line in lines])
        assert seen == {line.pk for line in lines if (line.subject_label, line.subject_id) in known}
    assert Entry.objects.visible_to(cast.anna).count() > Entry.objects.visible_to(cast.wim).count() > 0
    assert Entry.objects.visible_to(cast.mila).count() == 0


def test_a_line_about_something_nobody_knows_shows_to_nobody(cast):
    Entry.objects.create(subject_label="elsewhere.thing", subject_id=uuid4(), kind="thing", by=cast.anna, at=cast.at)
    Entry.objects.create(subject_label="tenants.tenancy", subject_id=uuid4(), kind="thing", by=cast.anna, at=cast.at)
    for user in (cast.anna, cast.dirk, cast.olga, cast.hans):
        assert not Entry.objects.visible_to(user).filter(kind="thing").exists()
        assert not Entry.objects.filter(subject_is_visible(user, subject_models()), kind="thing").exists()


def test_the_timeline_holds_every_line_that_concerns_it_newest_first(cast):
    case = cast.case()
    later = journal.write(
        fact=TenancyStarted(), subject=cast.bos, concerns=[case], by=cast.anna, at=cast.at - timedelta(days=1)
    )
    told = list(Entry.objects.visible_to(cast.anna).about(case))
    assert told[0] == later
    assert [line.pk for line in told] == sorted((line.pk for line in told), reverse=True)


# --- Kinds ----------------------------------------------------------------------------------------------------
def test_every_kind_reads_back_and_tells_a_sentence(cast):
    assert len(kinds()) > 20
    cast.case()
    for entry in Entry.objects.all():
        assert kind_of(entry.kind).code == entry.kind
        assert entry.fact().tell()


def test_two_rooms_cannot_use_one_name_for_two_kinds():
    taken = next(iter(kinds()))
    with pytest.raises(TypeError, match="two kinds"):
        type("Twin", (Fact,), {"code": taken, "sentence": "x"})
