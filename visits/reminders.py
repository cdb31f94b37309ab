"""What in this room is due, late or silent."""

from datetime import date, datetime
from typing import Any

from django.db.models import CharField, DateField, F, Q, QuerySet, Value
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from corporatie.staff.rules import recipient
from corporatie.work.states import Reminder, Urgency, add_reminder
from visits.models import Visit


def _about_visits(rows: QuerySet[Visit], *, on: date, day: Any) -> QuerySet[Any]:
    return rows.annotate(
        to_id=recipient("visitor", on=on),
        about_id=F("pk"),
        page_label=Value(Visit.label(), CharField()),
        page_id=F("pk"),
        household=F("tenancy_id"),
        day=day,
    )


def _no_outcome(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    return _about_visits(Visit.objects.planned().filter(planned_on__lt=on), on=on, day=F("planned_on"))


def _to_elaborate(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    yesterday_or_before = Visit.objects.filter(elaborate_later=True, ended_at__date__lt=on)
    return _about_visits(yesterday_or_before, on=on, day=TruncDate("ended_at", output_field=DateField()))


def _household_left(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    # Also when they still have to leave, or to come: then the visit must be moved in time.
    is_elsewhere = Q(planned_on__gt=F("tenancy__ended_on")) | Q(planned_on__lt=F("tenancy__started_on"))
    left = Visit.objects.planned().filter(is_elsewhere)
    return _about_visits(left, on=on, day=F("planned_on"))


_YOURS = _("It is your visit")

for _reminder in (
    Reminder("visit_no_outcome", _("Visit without an outcome"), Urgency.WEEK, _no_outcome, "day", why=_YOURS),
    Reminder(
        "visit_to_elaborate",
        _("Talk still to be worked out"),
        Urgency.NOW,
        _to_elaborate,
        "pencil",
        why=_("You had this talk"),
    ),
    Reminder(
        "visit_household_left",
        _("Visit planned on a day on which this household does not live there"),
        Urgency.NOW,
        _household_left,
        "door",
        why=_YOURS,
    ),
):
    add_reminder(_reminder)
