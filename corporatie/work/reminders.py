"""The sweep: walks every room's rules over the rows. Safe to run twice, from two workers, and after a crash."""

from datetime import date, datetime
from typing import Any

import structlog
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from corporatie.staff.rules import recipient
from corporatie.work import actions
from corporatie.work.models import FollowUp, Heartbeat
from corporatie.work.rules import Calendar
from corporatie.work.states import Reminder, Urgency, add_reminder, reminders

log = structlog.get_logger(__name__)


def sweep(*, at: datetime) -> dict[str, int]:
    """Make the notices and mails of this moment. Returns what was made, by rule."""
    on = timezone.localdate(at)
    is_working_day = Calendar.load().is_working_day(on)
    made = {
        reminder.code: actions.make_notices(reminder=reminder, on=on, at=at)
        for reminder in reminders().values()
        if is_working_day or reminder.every_day
    }
    made["mails"] = actions.make_mails(on=on, at=at, is_working_day=is_working_day)
    made["account_mails"] = actions.make_account_mails(on=on, at=at, is_working_day=is_working_day)
    Heartbeat.objects.update_or_create(name="sweep", defaults={"at": at})
    if any(made.values()):
        log.info("sweep", **made)
    return made


def _about_follow_ups(rows: QuerySet[FollowUp], on: date) -> QuerySet[Any]:
    return rows.annotate(
        to_id=recipient("owner", on=on),
        about_id=F("pk"),
        page_label=F("subject_label"),
        page_id=F("subject_id"),
        household=F("tenancy_id"),
        day=F("due_on"),
    )


def _due(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    return _about_follow_ups(FollowUp.objects.open().filter(due_on__lte=on), on)


def _late_promises(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    # Late counts in working days, so a promise for Friday is late on Tuesday, not on Sunday.
    since = Calendar.load().before(on, 1)
    return _about_follow_ups(FollowUp.objects.open().filter(is_promise=True, due_on__lt=since), on)


def _of_a_household_that_left(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    return _about_follow_ups(FollowUp.objects.open().filter(tenancy__ended_on__lte=on), on)


add_reminder(
    Reminder(
        code="follow_up_due",
        sentence=pgettext_lazy("reminder", "Due"),
        urgency=Urgency.NOW,
        rows=_due,
        icon="clock",
        why=_("You do this"),
    )
)
add_reminder(
    Reminder(
        code="promise_late",
        sentence=_("Promise late: tell the resident how it stands"),
        urgency=Urgency.NOW,
        rows=_late_promises,
        icon="promise",
        why=_("You answer for this promise"),
    )
)
add_reminder(
    Reminder(
        code="follow_up_household_left",
        sentence=_("The household moved out: is this still needed?"),
        urgency=Urgency.WEEK,
        rows=_of_a_household_that_left,
        icon="away",
    )
)
