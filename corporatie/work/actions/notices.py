"""Notices: made in one statement for each rule, read and put off by their colleague."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import Value

from corporatie.work.models import Notice
from corporatie.work.states import Reminder

_COLUMNS = ("recipient_id", "about_id", "subject_label", "subject_id", "tenancy_id", "on", "rule", "urgency", "made_at")


def make_notices(*, reminder: Reminder, on: date, at: datetime) -> int:
    """Give everyone this rule names a notice that is not there yet. Returns how many are new.

    One ``INSERT … SELECT … ON CONFLICT DO NOTHING``: two workers at once, or the same worker after a crash,
    make each notice exactly once, because the table refuses a second.
    """
    rows = reminder.rows(on, at).values_list(
        "to_id",
        "about_id",
        "page_label",
        "page_id",
        "household",
        "day",
        Value(reminder.code, models.CharField()),
        Value(str(reminder.urgency), models.CharField()),
        Value(at, models.DateTimeField()),
    )
    select, parameters = rows.order_by().query.sql_with_params()
    table = connection.ops.quote_name(Notice._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(name) for name in _COLUMNS)
    with connection.cursor() as cursor:
        # All names come from the model; every value travels as a parameter.
        cursor.execute(f"INSERT INTO {table} ({columns}) {select} ON CONFLICT DO NOTHING", parameters)
        return int(cursor.rowcount)


def settle_notices(*, about: UUID, at: datetime) -> None:
    """Nobody needs to be reminded any more of what is done, dealt with, or moved to another day."""
    Notice.objects.filter(about_id=about, read_at=None).update(read_at=at)


def mark_read(*, notice: Notice, by: Any, at: datetime) -> None:
    """Its colleague has read it."""
    Notice.objects.filter(pk=notice.pk, recipient=by, read_at=None).update(read_at=at)


def mark_several_read(*, notices: Iterable[Notice], by: Any, at: datetime) -> int:
    """Its colleague has read these. Returns how many were still unread."""
    keys = [notice.pk for notice in notices]
    return Notice.objects.filter(pk__in=keys, recipient=by, read_at=None).update(read_at=at)


def put_off(*, notice: Notice, until: date, by: Any) -> None:
    """Its colleague wants to see it again on that day."""
    Notice.objects.filter(pk=notice.pk, recipient=by, read_at=None).update(later_until=until)
