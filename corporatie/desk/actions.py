"""What touches more than one room: one call from the page, one transaction over the rooms."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from projects.actions import TakeIntoAccount, answer_intake
from projects.models import Project
from tenants.models import Tenancy
from visits.actions import Talk, elaborate_report, file_report
from visits.models import Visit
from visits.states import VisitReason


@dataclass(frozen=True)
class IntakeLine:
    """What the household answered to the first question of a project."""

    project: Project
    answer: str
    take_into_account: Iterable[TakeIntoAccount] = field(default_factory=list)
    reason: str = ""


@transaction.atomic
def log_talk(
    *,
    client_uuid: UUID,
    tenancy: Tenancy,
    talk: Talk,
    by: Any,
    at: datetime,
    visit: Visit | None = None,
    intake: IntakeLine | None = None,
    happened_at: datetime | None = None,
) -> Visit:
    """Write down a talk with all that came of it, now or at the moment it was: everything or nothing.

    Sending the same ``client_uuid`` again changes nothing. Raises ``ValidationError`` as ``file_report`` does.
    """
    if visit is not None and visit.elaborate_later:
        filed = elaborate_report(visit=visit, talk=talk, by=by, at=at)
    else:
        filed = file_report(
            client_uuid=client_uuid,
            tenancy=tenancy,
            talk=talk,
            visit=visit,
            reason=VisitReason.RENOVATION_INTAKE if intake else VisitReason.TALK,
            happened_at=happened_at,
            by=by,
            at=at,
        )
        # The answer goes by the key the talk went by: what was filed before was answered before.
        client_uuid = filed.client_uuid or client_uuid
    if intake is not None:
        answer_intake(
            client_uuid=client_uuid,
            project=intake.project,
            tenancy=tenancy,
            visit=filed,
            answer=intake.answer,
            take_into_account=intake.take_into_account,
            reason=intake.reason,
            answered_at=filed.ended_at,
            by=by,
            at=at,
        )
    return filed
