"""Notices: raised and settled by the same rule, in one statement each; read and put off by their colleague."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import Value
from django.utils import timezone

from corporatie.work.actions.recipients import addressed
from corporatie.work.models import Notice
from corporatie.work.rules import Watch
from corporatie.work.states import Reminder, reminders

# The columns of a notice, and what a rule gives for each.
_COLUMNS = {
    "recipient_id": "to_id",
    "about_id": "about_id",
    "subject_label": "page_label",
    "subject_id": "page_id",
    "tenancy_id": "household",
    "on": "day",
    "rule": "rule_code",
    "urgency": "rule_urgency",
    "made_at": "rule_at",
}
# Found again after it was settled: new for its colleague, and to be mailed again.
_AFRESH = ("settled_at", "read_at", "later_until", "mail_id")

# To whom, about what, and of which day: what a rule gives, held against what stands there (``_told``). As a list to
# look things up in, and not pair by pair: the table knows nothing yet of what was raised a moment ago.
_GIVEN = "(COALESCE(to_id, 0), about_id, day)"


class Given:
    """What a rule gives at this moment, and to whom: a long question, written down once however often it is asked.

    ``about`` asks about these rows only.
    """

    def __init__(self, reminder: Reminder, *, on: date, at: datetime, about: Collection[UUID] | None = None) -> None:
        self.reminder, self.at, self.about = reminder, at, about
        self._rows = reminder.rows(on, at)
        self.live = Notice.objects.live().filter(rule=reminder.code)
        if about is not None:
            self._rows, self.live = self._rows.filter(about_id__in=about), self.live.filter(about_id__in=about)

    @cached_property
    def due(self) -> tuple[str, tuple[Any, ...]] | None:
        """The question with its parameters; nothing where the rule gives no row at all, to whomever."""
        if not self._rows.exists():
            return None
        named = addressed(self.reminder, self._rows, at=self.at).annotate(
            rule_code=Value(self.reminder.code, models.CharField()),
            rule_urgency=Value(str(self.reminder.urgency), models.CharField()),
            rule_at=Value(self.at, models.DateTimeField()),
        )
        return named.order_by().values_list(*_COLUMNS.values()).query.sql_with_params()


def compare_notices(given: Given) -> tuple[bool, bool]:
    """Whether a rule gives something that is not there, and whether something is there that it no longer gives.

    Most minutes the answer is twice no, for half of what raising and settling would ask.
    """
    if given.due is None:
        return False, given.live.exists()
    due, parameters = given.due
    statement = f"""
        WITH due AS MATERIALIZED ({due}),
        known AS MATERIALIZED (
            SELECT {_told()[1:-1]} FROM work_notice WHERE rule = %s AND settled_at IS NULL
        )
        SELECT EXISTS (SELECT 1 FROM due WHERE {_GIVEN} NOT IN (SELECT * FROM known)),
            (SELECT COUNT(*) FROM known) > (SELECT COUNT(*) FROM due WHERE {_GIVEN} IN (SELECT * FROM known))
        """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, given.reminder.code])
        missing, outdated = cursor.fetchone()
    return bool(missing), bool(outdated)


def raise_notices(given: Given) -> int:
    """Give everyone a rule names a notice that is not there, or was settled. Returns how many are new.

    One ``INSERT … SELECT … ON CONFLICT``: two workers at once, or the same worker after a crash, make each notice
    exactly once, because the table refuses a second.
    """
    if given.due is None:
        return 0
    due, parameters = given.due
    columns = ", ".join(map(_quoted, _COLUMNS))
    # All names come from the model; every value travels as a parameter.
    statement = f"""
        WITH due AS MATERIALIZED ({due})
        INSERT INTO work_notice ({columns})
        SELECT {", ".join(map(_quoted, _COLUMNS.values()))} FROM due WHERE {_GIVEN} NOT IN (
            SELECT {_told()[1:-1]} FROM work_notice WHERE rule = %s AND settled_at IS NULL
        )
        ON CONFLICT (COALESCE(recipient_id, 0), rule, about_id, {_quoted("on")}) DO UPDATE SET
            {", ".join(f"{name} = NULL" for name in _AFRESH)}, made_at = excluded.made_at
            WHERE work_notice.settled_at IS NOT NULL
        """  # noqa: S608
    return _run(statement, [*parameters, given.reminder.code])


def settle_notices(given: Given) -> int:
    """Take back the notices that their rule no longer gives to that colleague. Returns how many."""
    if not given.live.exists():
        return 0
    # Whom it reaches is a long question, and most verbs leave nothing to ask it about.
    if given.due is None:
        return given.live.update(settled_at=given.at)
    due, parameters = given.due
    named = [_for_database(Notice, "about_id", key) for key in given.about or []]
    only = f"AND about_id IN ({', '.join(['%s'] * len(named))})" if named else ""
    statement = f"""
        WITH due AS MATERIALIZED ({due})
        UPDATE work_notice SET settled_at = %s WHERE rule = %s AND settled_at IS NULL {only}
        AND {_told()} NOT IN (SELECT {_GIVEN[1:-1]} FROM due)
        """  # noqa: S608
    settled_at = _for_database(Notice, "settled_at", given.at)
    return _run(statement, [*parameters, settled_at, given.reminder.code, *named])


def tell_anew(given: Given) -> None:
    """Who is asked still as another shift runs counts as told in this one, from now.

    No news for her, so nothing is mailed: the turns go on from the notice (``recipients``).
    """
    began = Watch.load().began(given.at)
    given.live.filter(made_at__lt=began, recipient__isnull=False).update(made_at=given.at)


def settle_about(*, about: Collection[UUID], at: datetime) -> None:
    """What a verb did to these rows may leave nothing to remind of: each rule that has a notice about one looks again.

    One statement a rule, however many rows.
    """
    codes = set(Notice.objects.live().filter(about_id__in=about).values_list("rule", flat=True))
    for reminder in (reminder for code, reminder in reminders().items() if code in codes):
        settle_notices(Given(reminder, on=timezone.localdate(at), at=at, about=about))


def settle_unknown(*, at: datetime) -> int:
    """Take back what a rule raised that is no rule any more. Returns how many."""
    return Notice.objects.live().exclude(rule__in=list(reminders())).update(settled_at=at)


def _told() -> str:
    return f"(COALESCE(recipient_id, 0), about_id, {_quoted('on')})"


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _for_database(model: type[models.Model], field: str, value: Any) -> Any:
    return model._meta.get_field(field).get_db_prep_value(value, connection)  # type: ignore[union-attr]


def _run(statement: str, parameters: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        if cursor.rowcount < 0:
            # SQLite counts nothing of a statement that begins with WITH, unless one asks.
            cursor.execute("SELECT changes()")
            return int(cursor.fetchone()[0])
        return int(cursor.rowcount)


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
