"""Renovation projects. What we take into account and why lie in two tables with two permissions."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
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
    Importance,
    IntakeAnswer,
    MemberRole,
    Phase,
    ProjectKind,
)
from tenants.models import Dwelling, Tenancy
from visits.models import Visit


class ProjectQuerySet(SubjectQuerySet):
    """Renovation projects."""

    def visible_to(self, user: Any) -> Self:
        """The projects one takes part in, and those in the neighbourhoods of one's teams."""
        if not may(user, Permission.SEE_PROJECTS):
            return self.none()
        known = self._of_members(user)
        if may(user, Permission.OPEN_TEAM_HOUSEHOLDS):
            homes = ProjectDwelling.objects.filter(
                project=OuterRef("pk"), dwelling__in=Dwelling.objects.visible_to(user).values("pk")
            )
            known |= Q(Exists(homes))
        return self.filter(known)

    @staticmethod
    def _of_members(user: Any) -> Q:
        return Q(Exists(ProjectMember.objects.filter(project=OuterRef("pk"), user=user)))

    def asking(self) -> Self:
        """Those in which we still ask the first question."""
        return self.filter(phase__in=ASKING_PHASES)


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


class ProjectDwelling(models.Model):
    """A dwelling in a project. ``unit`` names the structural unit in which consent is counted."""

    keeps: ClassVar[Keep] = Keep(Retention.PROJECT, {"unit": Sensitivity.OPEN})

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="dwellings")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="projects")
    unit = models.CharField(_("structural unit"), max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "dwelling"], name="project_dwelling_once")]


def dwellings_of_projects(user: Any) -> models.QuerySet[Any]:
    """The ids of the dwellings in the running projects this colleague takes part in."""
    return (
        ProjectDwelling.objects.filter(Exists(ProjectMember.objects.filter(project=OuterRef("project"), user=user)))
        .exclude(project__phase=Phase.FINISHED)
        .values("dwelling")
    )


class IntakeQuerySet(SubjectQuerySet):
    """Intakes."""

    def visible_to(self, user: Any) -> Self:
        """The intakes of the projects one may see, for the households one may see."""
        if not may(user, Permission.READ_INSTRUCTIONS):
            return self.none()
        return self.filter(
            tenancy__in=Tenancy.objects.visible_to(user).values("pk"),
            project__in=Project.objects.visible_to(user).values("pk"),
        )


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
        """Whoever may see the intake; the project's leaders only what the resident lets us pass on."""
        rows = self.filter(intake__in=Intake.objects.visible_to(user).values("pk"))
        return rows if may(user, Permission.WRITE_INTAKES) else rows.filter(resident_ok_to_share=True)


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


class ConfidentialReasonQuerySet(models.QuerySet["ConfidentialReason"]):
    """Reasons."""

    def visible_to(self, user: Any) -> Self:
        """Consultants of the household's team, and a coordinator those she wrote herself. Never the project."""
        known = Q(pk__in=[])
        if may(user, Permission.READ_TEAM_REASONS):
            known |= Q(intake__tenancy__in=Tenancy.objects.of_teams(user).values("pk"))
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
