"""What of this room a colleague can hold: her place in a project that runs."""

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from corporatie.staff.models import holds
from corporatie.staff.permissions import Permission
from corporatie.work.states import Holding, add_holding
from projects import actions
from projects.models import Project, ProjectMember
from projects.states import MemberRole, Phase


def _all() -> QuerySet[Any]:
    return ProjectMember.objects.select_related("project")


def _seen_by(user: Any) -> QuerySet[Any]:
    return _all().filter(project__in=Project.objects.visible_to(user).values("pk"))


def _runs(holder: Any, on: date) -> Q:  # noqa: ARG001
    others = ProjectMember.objects.filter(
        project=OuterRef("project"), role=OuterRef("role"), user__is_active=True
    ).exclude(user=holder)
    return Q(user=holder) & ~Q(project__phase=Phase.FINISHED) & ~Q(Exists(others))


def _can_take_part(at: datetime) -> Q:  # noqa: ARG001
    """By her role; taking part is what lets her see the project. Not who does the same in it already."""
    leads = Q(Exists(ProjectMember.objects.filter(pk=OuterRef(OuterRef("pk")), role=MemberRole.LEADER)))
    same = ProjectMember.objects.filter(
        user=OuterRef("pk"), project=OuterRef(OuterRef("project")), role=OuterRef(OuterRef("role"))
    ).exclude(pk=OuterRef(OuterRef("pk")))
    able = (leads & holds(Permission.RUN_PROJECTS)) | (~leads & holds(Permission.WRITE_INTAKES))
    return able & ~Q(Exists(same))


def _words(member: Any) -> str:
    return f"{member.project.name} · {member.get_role_display()}"


add_holding(
    Holding(
        code="project",
        label=_("Projects"),
        rows=_all,
        seen_by=_seen_by,
        held=_runs,
        may_have=_can_take_part,
        words=_words,
        give=actions.hand_on_membership,
        day="project__starts_on",
        household="",
        who_divides=_("Whoever leads a team and may see the project."),
    )
)
