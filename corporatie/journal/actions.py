"""Writing a line: always inside the transaction of the action that made it true."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from corporatie.journal.facts import Fact
from corporatie.journal.models import Entry, Mention
from corporatie.subjects.models import Subject

BATCH = 1000


def write(*, fact: Fact, subject: Subject, concerns: Iterable[Subject] = (), by: Any, at: datetime) -> Entry:
    """Write down that ``fact`` happened to ``subject``, for the timelines of it and of all it ``concerns``.

    Raises ``RuntimeError`` outside a transaction: a line without its change, or a change without its line, is a lie.
    """
    _refuse_outside_a_transaction()
    entry = Entry.objects.create(
        subject_label=subject.label(), subject_id=subject.pk, kind=fact.code, data=fact.as_data(), by=by, at=at
    )
    targets = {(each.label(), each.pk) for each in (subject, *concerns)}
    Mention.objects.bulk_create(
        Mention(entry=entry, object_label=label, object_id=pk) for label, pk in sorted(targets, key=str)
    )
    return entry


def write_many(*, lines: Iterable[tuple[Fact, *tuple[Subject, ...]]], by: Any, at: datetime) -> int:
    """Write many lines at once, each with its subject and whom else it concerns; say how many.

    For work that changes many rows in one go: two statements for each batch, never two for each line.
    """
    _refuse_outside_a_transaction()
    told = [(fact, subjects[0], subjects) for fact, *subjects in lines]
    entries = Entry.objects.bulk_create(
        [
            Entry(
                subject_label=subject.label(), subject_id=subject.pk, kind=fact.code, data=fact.as_data(), by=by, at=at
            )
            for fact, subject, _subjects in told
        ],
        batch_size=BATCH,
    )
    Mention.objects.bulk_create(
        [
            Mention(entry=entry, object_label=label, object_id=pk)
            for entry, (_fact, _subject, subjects) in zip(entries, told, strict=True)
            for label, pk in sorted({(each.label(), each.pk) for each in subjects}, key=str)
        ],
        batch_size=BATCH,
    )
    return len(entries)


def _refuse_outside_a_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a line in the journal belongs to the transaction of the change")
