"""What can be done with projects and intakes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corporatie.journal import actions as journal
from corporatie.privacy import actions as privacy
from corporatie.privacy.states import Look
from corporatie.staff.rules import must_be_allowed
from corporatie.subjects.models import sender, under_own_key
from corporatie.subjects.text import refuse_medical_words
from corporatie.work.actions import hand_on
from projects import facts
from projects.models import (
    Accommodation,
    ConfidentialReason,
    Intake,
    PhaseChange,
    Project,
    ProjectDwelling,
    ProjectMember,
)
from projects.rules import needs_explanation, who_runs, who_writes_intakes
from projects.states import AccommodationSource, Importance, Phase
from tenants.models import Dwelling, Tenancy
from tenants.rules import must_live_there
from visits.models import Visit


@dataclass(frozen=True)
class TakeIntoAccount:
    """One thing to take into account: what must be done, never why."""

    code: str
    instruction: str
    importance: str = Importance.MUST
    source: str = AccommodationSource.RESIDENT
    resident_ok_to_share: bool = False
    valid_from: date | None = None
    valid_to: date | None = None


@transaction.atomic
def start_project(
    *,
    name: str,
    slug: str,
    kind: str,
    dwellings: Iterable[Dwelling],
    members: Iterable[tuple[Any, str]],
    by: Any,
    at: datetime,
    starts_on: date | None = None,
    ends_on: date | None = None,
    phase: str = Phase.INITIATIVE,
) -> Project:
    """Start a project with its dwellings and its people. ``members`` gives (colleague, role)."""
    project = Project.objects.create(
        name=name, slug=slug, kind=kind, phase=phase, starts_on=starts_on, ends_on=ends_on, created_by=by, created_at=at
    )
    ProjectDwelling.objects.bulk_create(ProjectDwelling(project=project, dwelling=dwelling) for dwelling in dwellings)
    ProjectMember.objects.bulk_create(ProjectMember(project=project, user=user, role=role) for user, role in members)
    journal.write(fact=facts.ProjectStarted(), subject=project, by=by, at=at)
    return project


@transaction.atomic
def hand_on_membership(*, rows: Mapping[ProjectMember, Any], holder: Any, by: Any, at: datetime) -> set[Any]:
    """Others take part in her place. Gives the keys of the places that were still hers."""
    hers = ProjectMember.objects.filter(user=holder)
    given = hand_on(rows=hers, field="user", to={row.pk: colleague for row, colleague in rows.items()})
    lines = [(facts.MemberReplaced(), row.project) for row in rows if row.pk in given]
    journal.write_many(lines=lines, by=by, at=at)
    return given


@transaction.atomic
def change_phase(*, project: Project, to: str, by: Any, at: datetime, explanation: str = "") -> PhaseChange:
    """The project goes on to another phase.

    Raises ``ValidationError`` for ``explanation`` when too few households were spoken to and nothing is said about it;
    ``PermissionDenied`` for who does not lead it.
    """
    must_be_allowed(who_runs(project), by)
    before = project.phase
    homes, spoken = spoken_in(project, on=timezone.localdate(at))
    if needs_explanation(before, spoken=spoken, homes=homes) and not explanation:
        raise ValidationError({"explanation": _("Write in one line why the project goes on already.")})
    changed = Project.objects.filter(pk=project.pk, phase=before).update(phase=to)
    if not changed:
        raise ValidationError(_("A colleague was first. Look at what happened."))
    project.phase = to
    step = PhaseChange.objects.create(
        project=project,
        before=before,
        after=to,
        homes=homes,
        spoken=spoken,
        explanation=explanation,
        created_by=by,
        created_at=at,
    )
    journal.write(fact=facts.PhaseChanged(before=before, after=to), subject=project, by=by, at=at)
    return step


def spoken_in(project: Project, *, on: date) -> tuple[int, int]:
    """How many households live in the project that day, and how many of them answered the first question."""
    homes = Tenancy.objects.current(on=on).filter(dwelling__projects__project=project)
    spoken = homes.filter(intakes__project=project)
    return homes.count(), spoken.count()


@transaction.atomic
def answer_intake(
    *,
    project: Project,
    tenancy: Tenancy,
    visit: Visit | None,
    answer: str,
    by: Any,
    at: datetime,
    take_into_account: Iterable[TakeIntoAccount] = (),
    reason: str = "",
    client_uuid: UUID | None = None,
    answered_at: datetime | None = None,
) -> Intake:
    """Write down the answer to the first question. A later answer replaces the earlier one and adds what is new.

    Sending the same ``client_uuid`` again changes nothing.

    ``reason`` is confidential: it goes to a table of its own and never to the project. Raises ``ValidationError``
    for an instruction that names a condition, and for a household that did not live there then; ``PermissionDenied``
    for who does not do the intakes there.
    """
    must_be_allowed(who_writes_intakes(tenancy, at=at), by)
    answered_at = answered_at or at
    must_live_there(tenancy, on=timezone.localdate(answered_at))

    def store(key: UUID) -> tuple[Intake, bool]:
        details = {"visit": visit, "answer": answer, "answered_at": answered_at, "created_by": by, "created_at": at}
        intake, is_new = Intake.objects.get_or_create(
            project=project, tenancy=tenancy, defaults={**details, "client_uuid": key}
        )
        if is_new or intake.client_uuid == key:
            return intake, is_new
        intake.client_uuid, intake.visit = key, visit or intake.visit
        intake.answer, intake.answered_at = answer, answered_at
        intake.save(update_fields=["client_uuid", "visit", "answer", "answered_at"])
        return intake, True

    intake, is_news = under_own_key(client_uuid, f"{project.pk} {sender(tenancy, by)}", store)
    if not is_news:
        return intake
    journal.write(fact=facts.IntakeAnswered(), subject=intake, concerns=[tenancy, project], by=by, at=at)
    for line in take_into_account:
        _add_accommodation(intake=intake, line=line, by=by, at=at)
    if reason:
        ConfidentialReason.objects.create(intake=intake, text=reason, created_by=by, created_at=at)
    return intake


def _add_accommodation(*, intake: Intake, line: TakeIntoAccount, by: Any, at: datetime) -> Accommodation:
    """Take one thing into account. Raises ``ValidationError`` for an instruction that names a condition."""
    refuse_medical_words(line.instruction)
    accommodation = Accommodation.objects.create(
        intake=intake,
        code=line.code,
        instruction=line.instruction,
        importance=line.importance,
        source=line.source,
        resident_ok_to_share=line.resident_ok_to_share,
        valid_from=line.valid_from,
        valid_to=line.valid_to,
        created_by=by,
        created_at=at,
    )
    journal.write(fact=facts.AccommodationAdded(), subject=intake, concerns=[intake.tenancy], by=by, at=at)
    return accommodation


def read_reasons(*, intake: Intake, by: Any, at: datetime) -> list[ConfidentialReason]:
    """The confidential reasons of this intake that this colleague may read; the log says so before they are opened."""
    reasons = ConfidentialReason.objects.visible_to(by).filter(intake=intake)
    if not reasons.exists():
        return []
    privacy.record_read(subject=intake, by=by, at=at, look=Look.REASON)
    return list(reasons.select_related("created_by").order_by("pk"))
