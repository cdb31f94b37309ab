"""A visit is planned, goes to others, and ends without a talk: nobody home, not wanted, moved, unsafe, cancelled."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import AttentionFlag, Case
from cases.states import NEEDS_SECOND_VISITOR
from corporatie.journal import actions as journal
from corporatie.journal.facts import said_of
from corporatie.staff.rules import hold_colleagues, must_be_allowed, must_be_among
from corporatie.subjects.models import sender, under_own_key
from corporatie.work.actions import settle_about, tell_of_new_work, tell_receivers
from tenants.models import Tenancy
from tenants.rules import must_live_there
from tenants.states import Daypart
from visits import facts
from visits.models import Visit
from visits.rules import who_adds_to, who_comes_along, who_visits
from visits.states import MOVES, STATUS_AFTER, Announced, Outcome, VisitStatus

# What is older is no longer written down as a talk: it would be a guess.
LONGEST_AGO = timedelta(days=31)


@transaction.atomic
def plan_visit(
    *,
    id: UUID,  # noqa: A002  (the device names the visit)
    tenancy: Tenancy,
    visitor: Any,
    planned_on: date,
    reason: str,
    by: Any,
    at: datetime,
    planned_time: time | None = None,
    purpose: str = "",
    second_visitor: Any = None,
    announced: str = Announced.NO,
    case: Case | None = None,
) -> Visit:
    """Plan a visit. Sending the same ``id`` again gives the visit that is already there.

    Raises ``ValidationError`` when a safety agreement asks for a second visitor, when the household does not live there
    on that day, when the dossier is another household's or ended, or when somebody who goes may not open it.
    ``PermissionDenied`` for who does not visit there.
    """
    must_be_allowed(who_adds_to(tenancy, case, at=at), by)
    if case is not None and case.tenancy_id != tenancy.pk:
        raise ValidationError(_("This dossier belongs to another household."))
    if case is not None and case.is_over:
        raise ValidationError(_("This dossier is closed already."))
    must_live_there(tenancy, on=planned_on, field="planned_on")
    hold_colleagues([visitor, second_visitor])
    _must_be_able(tenancy, case, visitor, second_visitor, on=planned_on, at=at)
    details = {
        "case": case,
        "reason": reason,
        "purpose": purpose,
        "visitor": visitor,
        "second_visitor": second_visitor,
        "planned_on": planned_on,
        "planned_time": planned_time,
        "announced": announced,
        "created_at": at,
    }
    visit, is_new = under_own_key(
        id,
        sender(tenancy, by),
        lambda key: Visit.objects.get_or_create(id=key, tenancy=tenancy, created_by=by, defaults=details),
    )
    if is_new:
        places = [(visitor, "visit", visit.pk), (second_visitor, "along", visit.pk)]
        tell_of_new_work(given=places, by=by, at=at)
        journal.write(fact=facts.VisitPlanned(), subject=visit, concerns=concerned(visit), by=by, at=at)
    return visit


@transaction.atomic
def change_visitors(*, visit: Visit, visitor: Any, second_visitor: Any, by: Any, at: datetime) -> None:
    """Others go on a planned visit; who is new hears it in her inbox. Saving what stands there already changes nothing.

    Raises ``ValidationError`` as ``plan_visit`` does, and when the visit got its outcome meanwhile;
    ``PermissionDenied`` for who does not work on it.
    """
    must_be_allowed(Visit.who_works_on(visit.pk, at=at), by)
    hold_colleagues([visitor, second_visitor])
    _must_be_able(visit.tenancy, visit.case, visitor, second_visitor, on=visit.planned_on, at=at)
    now = Visit.objects.planned().select_for_update(of=("self",)).filter(pk=visit.pk).first()
    if now is None:
        raise ValidationError(_("A colleague was first. Look at what happened."))
    if (now.visitor, now.second_visitor) == (visitor, second_visitor):
        return
    Visit.objects.filter(pk=visit.pk).update(visitor=visitor, second_visitor=second_visitor)
    _tell_who_goes(now, visitor, second_visitor, by=by, at=at)
    visit.visitor, visit.second_visitor = visitor, second_visitor
    settle_about(about=[visit.pk], at=at)
    journal.write(fact=facts.VisitHandedOn(), subject=visit, concerns=concerned(visit), by=by, at=at)


def _tell_who_goes(visit: Visit, visitor: Any, second_visitor: Any, *, by: Any, at: datetime) -> None:
    # Of each place: whose it was, and whose it is. Where nobody came along yet, it is asked by who changes it.
    places = [("visit", visit.visitor, visitor), ("along", visit.second_visitor or by, second_visitor)]
    for code, before, after in places:
        if after is not None and after not in (before, by):
            tell_receivers(given={after: [(code, str(visit.pk))]}, holder=before, by=by, at=at)


def _must_be_able(
    tenancy: Tenancy, case: Case | None, visitor: Any, second_visitor: Any, *, on: date, at: datetime
) -> None:
    """Raises ``ValidationError``, for the field, when these two may not go there together or alone."""
    if second_visitor is None and needs_second_visitor(tenancy=tenancy, on=on):
        raise ValidationError({"second_visitor": _("Choose who comes along: here we visit with two.")})
    if second_visitor is not None and second_visitor == visitor:
        raise ValidationError({"second_visitor": _("Choose someone else than who goes.")})
    must_be_among(who_visits(tenancy, case, at=at), visitor, field="visitor")
    if second_visitor is not None:
        must_be_among(who_comes_along(tenancy, at=at), second_visitor, field="second_visitor")


def needs_second_visitor(*, tenancy: Tenancy, on: date) -> bool:
    """Whether a safety agreement that holds on this day says: visit with two."""
    return AttentionFlag.objects.active(on=on).filter(tenancy=tenancy, kind__in=NEEDS_SECOND_VISITOR).exists()


@transaction.atomic
def end_visit(
    *,
    visit: Visit,
    client_uuid: UUID,
    outcome: str,
    by: Any,
    at: datetime,
    happened_at: datetime | None = None,
    door_signs: Iterable[str] = (),
    next_time: str = "",
) -> Visit:
    """The visit ended without a talk, now or at the moment it was. Sending it again changes nothing.

    Raises ``ValidationError`` when a colleague gave it another outcome meanwhile, or for a moment that cannot be.
    ``PermissionDenied`` for who does not work on it.
    """
    must_be_allowed(Visit.who_works_on(visit.pk, at=at), by)
    if STATUS_AFTER[Outcome(outcome)] == VisitStatus.HELD:
        raise ValidationError(_("A talk asks for a report."))
    moment = moment_of(happened_at=happened_at, at=at)
    if claim(visit=visit, client_uuid=client_uuid, outcome=outcome, at=moment):
        Visit.objects.filter(pk=visit.pk).update(door_signs=list(door_signs), next_time=next_time)
        visit.door_signs, visit.next_time = list(door_signs), next_time
        settle_about(about=[visit.pk], at=at)
        fact = facts.VisitEnded(outcome=outcome, happened_at=said_of(moment, written_at=at))
        journal.write(fact=fact, subject=visit, concerns=concerned(visit), by=by, at=at)
    return visit


def claim(*, visit: Visit, client_uuid: UUID, outcome: str, at: datetime) -> bool:
    """Give a planned visit its one outcome, at the moment it was. False when this very outcome was filed before.

    Raises ``ValidationError`` when a colleague was first with another one.
    """
    status = STATUS_AFTER[Outcome(outcome)]
    if status not in MOVES[VisitStatus.PLANNED]:
        raise ValidationError(_("Choose what came of the visit."))
    # Two phones, two clicks, one outcome: the row is claimed by its old status.
    planned = Visit.objects.filter(pk=visit.pk, status=VisitStatus.PLANNED)
    changes = {"status": status, "outcome": outcome, "ended_at": at, "daypart": daypart_of(at)}

    def first(key: UUID) -> bool:
        if planned.update(client_uuid=key, **changes):
            return True
        if Visit.objects.filter(pk=visit.pk, client_uuid=key).exists():
            return False
        # Not under this key; perhaps it was filed under the one that stood in for it.
        raise IntegrityError

    try:
        return under_own_key(client_uuid, str(visit.pk), first)
    except IntegrityError:
        raise ValidationError(_("A colleague was first. Look at what happened.")) from None
    finally:
        visit.refresh_from_db(fields=["status", "outcome", "ended_at", "daypart", "client_uuid"])


def moment_of(*, happened_at: datetime | None, at: datetime) -> datetime:
    """When a visit was: now, unless another moment is said.

    Raises ``ValidationError`` for a moment to come, and for one too long ago to be written down for the first time.
    """
    moment = happened_at or at
    if moment > at:
        raise ValidationError({"happened_at": _("This is still to come. Choose a moment that lies behind us.")})
    if moment < at - LONGEST_AGO:
        raise ValidationError({"happened_at": _("This is more than a month ago. Look at the day.")})
    return moment


def daypart_of(at: datetime) -> str:
    """Morning until 12, afternoon until 18, evening after that (VERA DAGDEEL)."""
    hour = timezone.localtime(at).hour
    if hour < 12:
        return Daypart.MORNING
    return Daypart.AFTERNOON if hour < 18 else Daypart.EVENING


def concerned(visit: Visit) -> list[Any]:
    """Whose timelines show this visit: the household, and the dossier it was made for."""
    return [visit.tenancy, visit.case] if visit.case else [visit.tenancy]
