"""What of this room a colleague can hold: dossiers, signals she took up, points of attention she looks at again."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cases import actions
from cases.models import AttentionFlag, Case, HandOver, Signal
from cases.models.flags import looked_at_by
from cases.models.signals import OPEN_STATUSES
from cases.rules import who_handles
from cases.states import ENDED, Confidentiality
from corporatie.staff.models import holds
from corporatie.staff.permissions import Permission
from corporatie.work.models import FollowUp
from corporatie.work.states import Holding, add_going_along, add_holding, add_secret_road


# --- Dossiers ----------------------------------------------------------------------------------------
def _with_what_goes_along(cases: QuerySet[Case]) -> QuerySet[Any]:
    steps = FollowUp.objects.open().filter(
        subject_label=Case.label(), subject_id=OuterRef("pk"), owner=OuterRef("handler")
    )
    number = steps.order_by().values("subject_id").annotate(number=Count("pk")).values("number")
    return cases.annotate(along=Coalesce(Subquery(number, output_field=IntegerField()), 0))


def _handled(holder: Any, on: date) -> Q:  # noqa: ARG001
    return Q(handler=holder) & ~Q(status__in=ENDED) & ~Q(confidentiality=Confidentiality.SECRET)


def _works_on(at: datetime) -> Q:
    return who_handles() & Case.who_works_on(OuterRef("pk"), at=at)


def _waits_for(cases: Iterable[Any], at: datetime) -> dict[Any, int]:
    return dict(HandOver.objects.holding(at=at).filter(case__in=list(cases)).values_list("case", "receiver"))


def _said_no(cases: Iterable[Any]) -> dict[Any, str]:
    return dict(HandOver.objects.refused().filter(case__in=list(cases)).values_list("case", "receiver__name"))


def _goes_along(case: Any) -> str:
    words = ngettext("%(n)d step or promise goes along", "%(n)d steps and promises go along", case.along)
    return words % {"n": case.along} if case.along else ""


def _steps_that_go_along(holder: Any) -> Q:
    secret = Q(confidentiality=Confidentiality.SECRET)
    # Of an ended dossier nothing goes along: it is given to nobody.
    cases = Case.objects.filter((Q(handler=holder) & ~Q(status__in=ENDED)) | secret)
    return Q(subject_label=Case.label(), subject_id__in=cases.values("pk"))


# --- Signals and points of attention --------------------------------------------------------------------
def _taken_up(holder: Any, on: date) -> Q:  # noqa: ARG001
    return Q(handler=holder, status__in=OPEN_STATUSES)


def _judges(at: datetime) -> Q:
    return Signal.who_judges(OuterRef("pk"), at=at)


def _looks_again(holder: Any, on: date) -> Q:  # noqa: ARG001
    return looked_at_by(holder)


def _decides(at: datetime) -> Q:
    return holds(Permission.DECIDE_FLAGS) & AttentionFlag.who_may_open(OuterRef("pk"), at=at)


for _holding in (
    Holding(
        code="case",
        label=_("Dossiers"),
        rows=lambda: _with_what_goes_along(Case.objects.all()),
        seen_by=lambda user: _with_what_goes_along(Case.objects.visible_to(user)),
        held=_handled,
        may_have=_works_on,
        words=lambda case: str(case.type_words),
        more=_goes_along,
        give=actions.ask_hand_overs,
        day="next_due_on",
        waits_for=_waits_for,
        said_no=_said_no,
        leave_to=actions.leave_waiting_cases,
    ),
    Holding(
        code="signal",
        label=_("Signals"),
        rows=Signal.objects.all,
        seen_by=Signal.objects.visible_to,
        held=_taken_up,
        may_have=_judges,
        words=lambda signal: str(signal.type_words),
        give=actions.hand_on_signals,
        day="respond_by_on",
    ),
    Holding(
        code="flag",
        label=_("Points of attention to look at again"),
        rows=AttentionFlag.objects.all,
        seen_by=AttentionFlag.objects.visible_to,
        held=_looks_again,
        may_have=_decides,
        words=lambda flag: str(flag.get_kind_display()),
        give=actions.hand_on_flags,
        day="review_on",
    ),
):
    add_holding(_holding)

add_going_along("cases", _steps_that_go_along)
add_secret_road("cases", actions.leave_secret_cases)
