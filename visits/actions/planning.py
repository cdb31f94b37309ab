"""A visit is planned, and ends without a talk: nobody home, not wanted, moved, unsafe, cancelled."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import AttentionFlag, Case
from cases.states import NEEDS_SECOND_VISITOR
from corporatie.journal import actions as journal
from corporatie.work.actions import settle_about
from tenants.models import Tenancy
from tenants.states import Daypart
from visits import facts
from visits.models import Visit
from visits.states import MOVES, STATUS_AFTER, Announced, Outcome, VisitStatus


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

    Raises ``ValidationError`` when a safety agreement asks for a second visitor, when the household moved out, or when
    the dossier is another household's.
    """
    if case is not None and case.tenancy_id != tenancy.pk:
        raise ValidationError(_("This dossier belongs to another household."))
    if tenancy.ended_on is not None and tenancy.ended_on < planned_on:
        raise ValidationError({"planned_on": _("This household has moved out by then.")})
    if second_visitor is None and needs_second_visitor(tenancy=tenancy, on=planned_on):
        raise ValidationError({"second_visitor": _("Choose who comes along: here we visit with two.")})
    if second_visitor is not None and second_visitor == visitor:
        raise ValidationError({"second_visitor": _("Choose someone else than who goes.")})
    visit, is_new = Visit.objects.get_or_create(
        id=id,
        defaults={
            "tenancy": tenancy,
            "case": case,
            "reason": reason,
            "purpose": purpose,
            "visitor": visitor,
            "second_visitor": second_visitor,
            "planned_on": planned_on,
            "planned_time": planned_time,
            "announced": announced,
            "created_by": by,
            "created_at": at,
        },
    )
    if is_new:
        journal.write(fact=facts.VisitPlanned(), subject=visit, concerns=concerned(visit), by=by, at=at)
    return visit


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
    door_signs: Iterable[str] = (),
    next_time: str = "",
) -> Visit:
    """The visit ended without a talk. Sending it again changes nothing.

    Raises ``ValidationError`` when a colleague gave it another outcome meanwhile.
    """
    if STATUS_AFTER[Outcome(outcome)] == VisitStatus.HELD:
        raise ValidationError(_("A talk asks for a report."))
    if claim(visit=visit, client_uuid=client_uuid, outcome=outcome, at=at):
        Visit.objects.filter(pk=visit.pk).update(door_signs=list(door_signs), next_time=next_time)
        visit.door_signs, visit.next_time = list(door_signs), next_time
        settle_about(about=visit.pk, at=at)
        journal.write(fact=facts.VisitEnded(outcome=outcome), subject=visit, concerns=concerned(visit), by=by, at=at)
    return visit


def claim(*, visit: Visit, client_uuid: UUID, outcome: str, at: datetime) -> bool:
    """Give a planned visit its one outcome. False when this very outcome was filed before.

    Raises ``ValidationError`` when a colleague was first with another one.
    """
    status = STATUS_AFTER[Outcome(outcome)]
    if status not in MOVES[VisitStatus.PLANNED]:
        raise ValidationError(_("Choose what came of the visit."))
    # Two phones, two clicks, one outcome: the row is claimed by its old status.
    changed = Visit.objects.filter(pk=visit.pk, status=VisitStatus.PLANNED).update(
        status=status, outcome=outcome, ended_at=at, daypart=daypart_of(at), client_uuid=client_uuid
    )
    visit.refresh_from_db(fields=["status", "outcome", "ended_at", "daypart", "client_uuid"])
    if changed:
        return True
    if visit.client_uuid == client_uuid:
        return False
    raise ValidationError(_("A colleague was first. Look at what happened."))


def daypart_of(at: datetime) -> str:
    """Morning until 12, afternoon until 18, evening after that (VERA DAGDEEL)."""
    hour = timezone.localtime(at).hour
    if hour < 12:
        return Daypart.MORNING
    return Daypart.AFTERNOON if hour < 18 else Daypart.EVENING


def concerned(visit: Visit) -> list[Any]:
    """Whose timelines show this visit: the household, and the dossier it was made for."""
    return [visit.tenancy, visit.case] if visit.case else [visit.tenancy]
