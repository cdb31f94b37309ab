"""What of this room a colleague can hold: visits she makes or comes along with, talks she still works out."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _

from cases.states import Confidentiality
from corporatie.work.states import Holding, add_going_along, add_holding, add_secret_road
from visits import actions
from visits.models import Visit, worked_out_by
from visits.states import VisitStatus

_OF_A_SECRET = Q(case__isnull=False, case__confidentiality=Confidentiality.SECRET)


def _all() -> QuerySet[Any]:
    return Visit.objects.exclude(_OF_A_SECRET).select_related("case")


def _seen_by(user: Any) -> QuerySet[Any]:
    return Visit.objects.visible_to(user).exclude(_OF_A_SECRET).select_related("case")


def _planned(field: str) -> Callable[[Any, date], Q]:
    return lambda holder, on: Q(status=VisitStatus.PLANNED, **{field: holder})  # noqa: ARG005


def _own(field: str) -> Callable[[Any], QuerySet[Any]]:
    return lambda user: Visit.objects.visible_to(user).planned().filter(**{field: user}).select_related("case")


def _own_talks(user: Any) -> QuerySet[Any]:
    return Visit.objects.visible_to(user).filter(worked_out_by(user)).select_related("case")


def _but_not(other: str) -> Q:
    """Who is not the other one of the two already."""
    return ~Q(Exists(Visit.objects.filter(pk=OuterRef(OuterRef("pk")), **{other: OuterRef("pk")})))


def _visits(at: datetime) -> Q:
    return Visit.who_visits(OuterRef("pk"), at=at) & _but_not("second_visitor")


def _comes_along(at: datetime) -> Q:
    return Visit.who_comes_along(OuterRef("pk"), at=at) & _but_not("visitor")


def _works_on(at: datetime) -> Q:
    return Visit.who_works_on(OuterRef("pk"), at=at)


def _words(visit: Any) -> str:
    return visit.purpose or str(visit.get_reason_display())


def _time(visit: Any) -> str:
    return time_format(visit.planned_time, "H:i") if visit.planned_time else ""


def _steps_of_secrets(holder: Any) -> Q:  # noqa: ARG001
    secret = Visit.objects.filter(_OF_A_SECRET)
    return Q(subject_label=Visit.label(), subject_id__in=secret.values("pk"))


for _holding in (
    Holding(
        code="visit",
        label=_("Visits"),
        rows=_all,
        seen_by=_seen_by,
        own=_own("visitor"),
        held=_planned("visitor"),
        may_have=_visits,
        words=_words,
        more=_time,
        give=actions.hand_on_visits,
        day="planned_on",
    ),
    Holding(
        code="along",
        label=_("Coming along on a visit"),
        rows=_all,
        seen_by=_seen_by,
        own=_own("second_visitor"),
        held=_planned("second_visitor"),
        may_have=_comes_along,
        words=_words,
        more=_time,
        give=actions.hand_on_coming_along,
        day="planned_on",
    ),
    Holding(
        code="talk",
        label=_("Talks still to be worked out"),
        rows=_all,
        seen_by=_seen_by,
        own=_own_talks,
        held=lambda holder, on: worked_out_by(holder),  # noqa: ARG005
        may_have=_works_on,
        words=_words,
        give=actions.hand_on_talks,
        day="planned_on",
    ),
):
    add_holding(_holding)

add_going_along("visits", _steps_of_secrets)
add_secret_road("visits", actions.leave_secret_visits)
