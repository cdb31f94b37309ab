"""What in this room is due, late or silent."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, DateField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import AttentionFlag
from cases.states import NEEDS_SECOND_VISITOR
from corporatie.staff.models import Absence, User
from corporatie.staff.states import NOON, AbsencePart
from corporatie.work.rules import Calendar
from corporatie.work.states import Reminder, Urgency, add_reminder
from visits.models import Visit

DAY = timedelta(days=1)


def _acts(at: datetime) -> Q:
    return Visit.who_works_on(OuterRef("page_id"), at=at)


def _named(at: datetime) -> Q:
    return Visit.who_stands_in(OuterRef("page_id"), at=at)


def _about_visits(rows: QuerySet[Visit], *, day: Any, whose: Any = None) -> QuerySet[Any]:
    return rows.annotate(
        for_id=whose or F("visitor_id"),
        about_id=F("pk"),
        page_label=Value(Visit.label(), CharField()),
        page_id=F("pk"),
        household=F("tenancy_id"),
        team=F("tenancy__dwelling__neighbourhood__team_id"),
        day=day,
    )


def _no_outcome(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    return _about_visits(Visit.objects.planned().filter(planned_on__lt=on), day=F("planned_on"))


def _nobody_goes(on: date, at: datetime) -> QuerySet[Any]:
    # From the working day before, so that there is time to find somebody, and on the day itself: a resident waits.
    coming = Visit.objects.planned().filter(planned_on__gte=on, planned_on__lte=Calendar.load().on_or_after(on + DAY))
    # Whom one could choose for it today: who moved to another team reads no safety agreement at this door any more.
    goes = User.objects.get_queryset().filter(Visit.who_visits(OuterRef("pk"), at=at), is_active=True)
    along = User.objects.get_queryset().filter(Visit.who_comes_along(OuterRef("pk"), at=at), is_active=True)
    cannot = ~Exists(goes.filter(pk=OuterRef("visitor"))) | _is_away("visitor", at)
    second = Q(second_visitor__isnull=False) & (
        ~Exists(along.filter(pk=OuterRef("second_visitor"))) | _is_away("second_visitor", at)
    )
    return _about_visits(coming.filter(cannot | second), day=F("planned_on"))


def _alone(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    """Planned for one, where a safety agreement that was decided since, or that a goodbye left behind, asks for two."""
    with_two = AttentionFlag.objects.active(on=OuterRef("planned_on")).filter(
        tenancy=OuterRef("tenancy"), kind__in=NEEDS_SECOND_VISITOR
    )
    alone = Visit.objects.planned().filter(Exists(with_two), planned_on__gte=on, second_visitor=None)
    return _about_visits(alone, day=F("planned_on"))


def _is_away(who: str, at: datetime) -> Q:
    """On the day of the visit, in the part of it in which it is.

    Without a time both parts count; from noon on only the afternoon of that day is left.
    """
    local = timezone.localtime(at)
    is_afternoon = Q(planned_on=local.date()) if local.time() >= NOON else Q(pk__in=[])
    then = {"from_on__lte": OuterRef("planned_on"), "until_on__gte": OuterRef("planned_on")}
    absences = Absence.objects.filter(user=OuterRef(who), **then)
    whole, morning, afternoon = (Exists(absences.filter(part=part)) for part in AbsencePart)
    return (
        Q(whole)
        | (Q(morning) & (Q(planned_time__lt=NOON) | (Q(planned_time=None) & Q(afternoon))))
        | (Q(afternoon) & (Q(planned_time__gte=NOON) | (Q(planned_time=None) & is_afternoon)))
    )


def _to_elaborate(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    yesterday_or_before = Visit.objects.filter(elaborate_later=True, ended_at__date__lt=on)
    whose = Coalesce("worked_out_by_id", "visitor_id")
    return _about_visits(yesterday_or_before, whose=whose, day=TruncDate("ended_at", output_field=DateField()))


def _household_left(on: date, at: datetime) -> QuerySet[Any]:  # noqa: ARG001
    # Also when they still have to leave, or to come: then the visit must be moved in time.
    is_elsewhere = Q(planned_on__gt=F("tenancy__ended_on")) | Q(planned_on__lt=F("tenancy__started_on"))
    return _about_visits(Visit.objects.planned().filter(is_elsewhere), day=F("planned_on"))


_YOURS = _("It is your visit")

for _reminder in (
    Reminder(
        code="visit_no_outcome",
        sentence=_("Visit without an outcome"),
        urgency=Urgency.WEEK,
        rows=_no_outcome,
        may_hear=_acts,
        named=_named,
        icon="day",
        why=_YOURS,
    ),
    Reminder(
        code="visit_nobody_goes",
        sentence=_("Who would go on this visit cannot: who does?"),
        urgency=Urgency.NOW,
        rows=_nobody_goes,
        may_hear=_acts,
        named=_named,
        icon="away",
        every_day=True,
        why=_("The visit waits for somebody who goes"),
    ),
    Reminder(
        code="visit_alone",
        sentence=_("Here we visit with two: who comes along?"),
        urgency=Urgency.NOW,
        rows=_alone,
        may_hear=_acts,
        named=_named,
        icon="two",
        every_day=True,
        why=_YOURS,
    ),
    Reminder(
        code="visit_to_elaborate",
        sentence=_("Talk still to be worked out"),
        urgency=Urgency.NOW,
        rows=_to_elaborate,
        may_hear=_acts,
        named=_named,
        icon="pencil",
        why=_("You had this talk"),
    ),
    Reminder(
        code="visit_household_left",
        sentence=_("Visit planned on a day on which this household does not live there"),
        urgency=Urgency.NOW,
        rows=_household_left,
        may_hear=_acts,
        named=_named,
        icon="door",
        why=_YOURS,
    ),
):
    add_reminder(_reminder)
