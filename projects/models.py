"""Renovation projects. What we take into account and why lie in two tables with two permissions."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, Func, Min, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from corporatie.staff.models import may
from corporatie.staff.permissions import Permission
from corporatie.subjects.encryption import EncryptedTextField
from corporatie.subjects.models import ByColleague, Subject, SubjectQuerySet
from corporatie.subjects.states import Keep, Retention, Sensitivity
from projects.states import (
    ASKING_PHASES,
    AccommodationCode,
    AccommodationSource,
    HomeState,
    Importance,
    IntakeAnswer,
    MemberRole,
    Phase,
    ProjectKind,
)
from tenants.models import Dwelling, Tenancy, neighbourhoods_of, of_teams, within_reach
from visits.models import Visit
from visits.states import VisitReason, VisitStatus

# The order in which one walks along a street.
WALKING_ORDER = ("dwelling__street", "dwelling__number", "dwelling__letter", "dwelling__addition", "pk")


def after(fields: Sequence[str], row: Any) -> Q:
    """A filter: everything behind ``row`` in the order of ``fields``. Paging by key keeps a far page as quick."""
    behind, same = Q(pk__in=[]), Q()
    for field in fields:
        value = row
        for name in field.split("__"):
            value = getattr(value, name)
        behind |= same & Q(**{f"{field}__gt": value})
        same &= Q(**{field: value})
    return behind


INTAKE_ORDER = (*(f"intake__tenancy__{field}" for field in WALKING_ORDER), "pk")

# Running projects before finished ones, the first to start on top.
START_ORDER = ("is_finished", "starts", "name", "pk")


def _number_of(rows: models.QuerySet[Any]) -> Subquery:
    return Subquery(rows.order_by().values(number=Func("pk", function="COUNT")), output_field=models.IntegerField())


def knows_project(user: Any, project: str) -> Q:
    """A filter: a project one takes part in, or one in the neighbourhoods of one's teams.

    ``project`` is the path to the project with its dunder, or nothing on the project itself.
    """
    if not may(user, Permission.SEE_PROJECTS):
        return Q(pk__in=[])
    known = Q(**{f"{project}pk__in": user.reach("project")})
    if may(user, Permission.OPEN_TEAM_HOUSEHOLDS):
        homes = ProjectDwelling.objects.filter(
            project=OuterRef(f"{project}pk"), dwelling__neighbourhood__in=neighbourhoods_of(user)
        )
        known |= Q(Exists(homes))
    return known


def knows_intake(user: Any, intake: str) -> Q:
    """A filter: an intake of a project one may see, for a household one may see. ``intake`` as above."""
    if not may(user, Permission.READ_INSTRUCTIONS):
        return Q(pk__in=[])
    return within_reach(user, f"{intake}tenancy__") & knows_project(user, f"{intake}project__")


class ProjectQuerySet(SubjectQuerySet):
    """Renovation projects."""

    def visible_to(self, user: Any) -> Self:
        """The projects one takes part in, and those in the neighbourhoods of one's teams (``knows_project``)."""
        return self.filter(knows_project(user, ""))

    def asking(self) -> Self:
        """Those in which we still ask the first question."""
        return self.filter(phase__in=ASKING_PHASES)

    def with_numbers(self, user: Any) -> Self:
        """The households this colleague sees in it: ``homes``, ``spoken`` to, and with something to ``account`` for."""
        homes = Tenancy.objects.visible_to(user).current().filter(dwelling__projects__project=OuterRef("pk"))
        answers = Intake.objects.visible_to(user).filter(project=OuterRef(OuterRef("pk")), tenancy=OuterRef("pk"))
        lines = Accommodation.objects.visible_to(user).in_force()
        lines = lines.filter(intake__project=OuterRef(OuterRef("pk")), intake__tenancy=OuterRef("pk"))
        return self.annotate(
            homes=_number_of(homes),
            spoken=_number_of(homes.filter(Exists(answers))),
            account=_number_of(homes.filter(Exists(lines))),
        )

    def in_order_of_start(self) -> Self:
        """What runs first, then by the day the works start."""
        return self.annotate(
            is_finished=Case(When(phase=Phase.FINISHED, then=1), default=0, output_field=models.IntegerField()),
            starts=Coalesce("starts_on", Value(date.max), output_field=models.DateField()),
        ).order_by(*START_ORDER)

    def with_people(self) -> Self:
        """With the colleagues who take part, in one query."""
        people = ProjectMember.objects.select_related("user").order_by("role", "user__name")
        return self.prefetch_related(Prefetch("members", queryset=people))


class Project(Subject, ByColleague):
    """Works on a number of dwellings, and the people who live in them."""

    keeps: ClassVar[Keep] = Keep(
        Retention.PROJECT,
        {
            "name": Sensitivity.OPEN,
            "slug": Sensitivity.OPEN,
            "kind": Sensitivity.OPEN,
            "phase": Sensitivity.OPEN,
            "starts_on": Sensitivity.OPEN,
            "ends_on": Sensitivity.OPEN,
            "created_at": Sensitivity.INTERNAL,
        },
    )

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=ProjectKind.choices)
    phase = models.CharField(_("phase"), max_length=12, choices=Phase.choices, default=Phase.INITIATIVE)
    starts_on = models.DateField(_("works start on"), null=True, blank=True)
    ends_on = models.DateField(_("works end on"), null=True, blank=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="project_ends_after_start",
            ),
        ]

    def get_absolute_url(self) -> str:
        """The page of this project."""
        return reverse("project_detail", args=[self.slug])


class ProjectMember(models.Model):
    """A colleague who takes part in a project."""

    keeps: ClassVar[Keep] = Keep(Retention.PROJECT, {"role": Sensitivity.INTERNAL})

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="project_roles")
    role = models.CharField(_("role"), max_length=12, choices=MemberRole.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "user", "role"], name="project_member_once")]


class ProjectDwellingQuerySet(models.QuerySet["ProjectDwelling"]):
    """Dwellings in projects."""

    def visible_to(self, user: Any) -> Self:
        """Those of the projects one may see."""
        return self.filter(knows_project(user, "project__"))

    def asking(self) -> Self:
        """Those whose project still asks the first question."""
        return self.filter(project__phase__in=ASKING_PHASES)


class ProjectDwelling(models.Model):
    """A dwelling in a project. ``unit`` names the structural unit in which consent is counted."""

    keeps: ClassVar[Keep] = Keep(Retention.PROJECT, {"unit": Sensitivity.OPEN})

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="dwellings")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="projects")
    unit = models.CharField(_("structural unit"), max_length=80, blank=True)

    objects = ProjectDwellingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "dwelling"], name="project_dwelling_once")]


class PhaseChangeQuerySet(models.QuerySet["PhaseChange"]):
    """Steps from one phase to the next."""

    def visible_to(self, user: Any) -> Self:
        """Whoever may see the project."""
        return self.filter(knows_project(user, "project__"))


class PhaseChange(ByColleague):
    """A project went on to another phase: how far the talks were that day, and why it went on when that was early."""

    keeps: ClassVar[Keep] = Keep(
        Retention.PROJECT,
        {
            "before": Sensitivity.OPEN,
            "after": Sensitivity.OPEN,
            "homes": Sensitivity.INTERNAL,
            "spoken": Sensitivity.INTERNAL,
            "explanation": Sensitivity.INTERNAL,
            "created_at": Sensitivity.INTERNAL,
        },
    )

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="phase_changes")
    before = models.CharField(_("from phase"), max_length=12, choices=Phase.choices)
    after = models.CharField(_("to phase"), max_length=12, choices=Phase.choices)
    homes = models.PositiveIntegerField(_("households"))
    spoken = models.PositiveIntegerField(_("households spoken to"))
    explanation = models.CharField(_("why the project goes on already"), max_length=200, blank=True)

    objects = PhaseChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(spoken__lte=F("homes")), name="phase_change_spoken_within_homes")
        ]

    @property
    def not_spoken(self) -> int:
        """How many households had not answered that day."""
        return self.homes - self.spoken


def dwellings_of_projects(user: Any) -> models.QuerySet[Any]:
    """The ids of the dwellings in the running projects this colleague takes part in."""
    return (
        ProjectDwelling.objects.filter(project__in=user.reach("project"))
        .exclude(project__phase=Phase.FINISHED)
        .values("dwelling")
    )


def running_projects_of(dwelling: Any, user: Any) -> models.QuerySet[Any]:
    """The homes of ``dwellings_of_projects``, for a dwelling and a colleague that the question around it knows."""
    rows = ProjectDwelling.objects.filter(dwelling=dwelling, project__members__user=user)
    return rows.exclude(project__phase=Phase.FINISHED)


class IntakeQuerySet(SubjectQuerySet):
    """Intakes."""

    def visible_to(self, user: Any) -> Self:
        """The intakes of the projects one may see, for the households one may see (``knows_intake``)."""
        return self.filter(knows_intake(user, ""))


class Intake(Subject, ByColleague):
    """What one household answered to the first question of one project. Held by a visit."""

    keeps: ClassVar[Keep] = Keep(
        Retention.PROJECT,
        {
            "client_uuid": Sensitivity.INTERNAL,
            "answer": Sensitivity.CONFIDENTIAL,
            "answered_at": Sensitivity.INTERNAL,
            "created_at": Sensitivity.INTERNAL,
        },
        export=True,
    )

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="intakes")
    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, related_name="intakes")
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="intakes")
    # The device names the talk in which it was answered, so that sending it twice changes nothing.
    client_uuid = models.UUIDField(null=True, unique=True, editable=False)
    answer = models.CharField(_("answer"), max_length=10, choices=IntakeAnswer.choices)
    answered_at = models.DateTimeField(_("answered"))

    objects = IntakeQuerySet.as_manager()

    class Meta:
        verbose_name = _("intake")
        verbose_name_plural = _("intakes")
        constraints = [models.UniqueConstraint(fields=["project", "tenancy"], name="intake_once_per_household")]
        indexes = [models.Index(fields=["tenancy"], name="intake_tenancy")]

    def get_absolute_url(self) -> str:
        """An intake shows on the page of its project."""
        return f"{reverse('project_detail', args=[self.project.slug])}#intake-{self.pk}"


class AccommodationQuerySet(models.QuerySet["Accommodation"]):
    """Instructions."""

    def visible_to(self, user: Any) -> Self:
        """Who does the intakes: all. The project's leaders and the household's team: what the resident shares."""
        if not may(user, Permission.READ_INSTRUCTIONS):
            return self.none()
        shared = Q(resident_ok_to_share=True)
        known = knows_intake(user, "intake__")
        if not may(user, Permission.WRITE_INTAKES):
            known &= shared
        if may(user, Permission.OPEN_TEAM_HOUSEHOLDS):
            known |= of_teams(user, "intake__tenancy__") & shared
        return self.filter(known)

    def in_force(self) -> Self:
        """What still holds today, or will."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=timezone.localdate()))

    def of_homes(self, project: Project) -> Self:
        """Of the households that live in this project now, along the street."""
        rows = self.in_force().filter(intake__tenancy__in=Tenancy.objects.current(), intake__project=project)
        return rows.select_related("intake__tenancy__dwelling").order_by(*INTAKE_ORDER)

    def with_reasons_of(self, user: Any) -> Self:
        """Whether this colleague may read a reason with it. Who may read none never asks the table of reasons."""
        if not (may(user, Permission.READ_TEAM_REASONS) or may(user, Permission.READ_OWN_REASONS)):
            return self.annotate(has_reason=Value(False))
        reasons = ConfidentialReason.objects.visible_to(user).filter(intake=OuterRef("intake"))
        return self.annotate(has_reason=Exists(reasons))


class Accommodation(ByColleague):
    """What we take into account: a practical instruction, never a reason."""

    keeps: ClassVar[Keep] = Keep(
        Retention.PROJECT,
        {
            "code": Sensitivity.CONFIDENTIAL,
            "instruction": Sensitivity.CONFIDENTIAL,
            "importance": Sensitivity.INTERNAL,
            "valid_from": Sensitivity.INTERNAL,
            "valid_to": Sensitivity.INTERNAL,
            "source": Sensitivity.INTERNAL,
            "resident_ok_to_share": Sensitivity.INTERNAL,
            "created_at": Sensitivity.INTERNAL,
        },
        export=True,
    )

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="accommodations")
    code = models.CharField(_("what"), max_length=20, choices=AccommodationCode.choices)
    instruction = models.CharField(_("practical instruction"), max_length=120)
    importance = models.CharField(_("importance"), max_length=10, choices=Importance.choices, default=Importance.MUST)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)
    source = models.CharField(
        _("who said it"), max_length=20, choices=AccommodationSource.choices, default=AccommodationSource.RESIDENT
    )
    resident_ok_to_share = models.BooleanField(_("the resident lets us pass this on"), default=False)

    objects = AccommodationQuerySet.as_manager()

    class Meta:
        verbose_name = _("what we take into account")
        verbose_name_plural = _("what we take into account")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="accommodation_ends_after_start",
            ),
            models.CheckConstraint(condition=~Q(instruction=""), name="accommodation_has_instruction"),
        ]
        indexes = [models.Index(fields=["created_at"], name="accommodation_noted")]


class ConfidentialReasonQuerySet(models.QuerySet["ConfidentialReason"]):
    """Reasons."""

    def visible_to(self, user: Any) -> Self:
        """Consultants of the household's team, and a coordinator those she wrote herself. Never the project."""
        known = Q(pk__in=[])
        if may(user, Permission.READ_TEAM_REASONS):
            known |= of_teams(user, "intake__tenancy__")
        if may(user, Permission.READ_OWN_REASONS):
            known |= Q(created_by=user)
        return self.filter(known)


class ConfidentialReason(ByColleague):
    """Why. A table of its own, stored encrypted, read with a line in the log.

    It hangs on the intake and not on one instruction, so that nobody can lay a reason beside the line it explains.
    """

    keeps: ClassVar[Keep] = Keep(Retention.PROJECT, {"text": Sensitivity.SECRET, "created_at": Sensitivity.INTERNAL})

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="+")
    text = EncryptedTextField(_("confidential reason"))

    objects = ConfidentialReasonQuerySet.as_manager()


def homes_of(project: Project, user: Any) -> models.QuerySet[Any]:
    """The households that live in this project now, as far as this colleague sees them, each with its ``state``.

    The state counts this project's own intake visits only, so that it tells nothing about any other.
    """
    answers = Intake.objects.visible_to(user).filter(project=project, tenancy=OuterRef("pk"))
    lines = Accommodation.objects.visible_to(user).in_force()
    lines = lines.filter(intake__project=project, intake__tenancy=OuterRef("pk"))
    visits = Visit.objects.filter(
        tenancy=OuterRef("pk"), reason=VisitReason.RENOVATION_INTAKE, created_at__gte=project.created_at
    )
    planned = visits.filter(status=VisitStatus.PLANNED).order_by().values("tenancy").annotate(first=Min("planned_on"))
    homes: models.QuerySet[Any] = (
        Tenancy.objects.visible_to(user)
        .current()
        .filter(Exists(ProjectDwelling.objects.filter(project=project, dwelling=OuterRef("dwelling"))))
        .annotate(
            answer=Subquery(answers.values("answer")[:1]),
            planned_on=Subquery(planned.values("first")),
            times_not_home=_number_of(visits.filter(status=VisitStatus.NOBODY_HOME)),
        )
        .annotate(
            state=Case(
                When(Exists(lines), then=Value(HomeState.ACCOUNT)),
                When(answer=IntakeAnswer.DECLINED, then=Value(HomeState.DECLINED)),
                When(answer__isnull=False, then=Value(HomeState.SPOKEN)),
                When(planned_on__isnull=False, then=Value(HomeState.PLANNED)),
                When(times_not_home__gt=0, then=Value(HomeState.NOT_HOME)),
                default=Value(HomeState.NOT_SPOKEN),
                output_field=models.CharField(),
            )
        )
        .select_related("dwelling")
        .order_by(*WALKING_ORDER)
    )
    return homes


def states_of(homes: models.QuerySet[Any]) -> dict[str, int]:
    """How many households stand where."""
    counts = homes.order_by().values("state").annotate(number=Count("pk"))
    return {row["state"]: row["number"] for row in counts}
