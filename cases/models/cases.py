"""The dossier: followed over time, with a handler and a next step."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.worries import Worry
from cases.states import (
    CASE_STATUS_ICON,
    ENDED,
    WAITING,
    CaseResult,
    CaseStatus,
    Confidentiality,
    ProblemOwner,
    Severity,
    SignalType,
)
from corporatie.staff.models import Absence, User, holds, is_away, is_present, may, works_for
from corporatie.staff.permissions import Permission
from corporatie.staff.states import AbsencePart
from corporatie.subjects.models import ByColleague, Subject, SubjectQuerySet, inside
from corporatie.subjects.states import Keep, Retention, Sensitivity
from corporatie.work.models import FollowUp
from tenants.models import Tenancy, neighbourhoods_of, of_teams, within_reach

SOON_BACK = timedelta(days=14)


def knows_case(user: Any, case: str, household: str = "tenancy__") -> Q:
    """A filter: the dossier is one of one's teams, or one that one handles or was named for.

    Who stands in for a handler opens what she could open as a colleague of the team; a secret dossier opens for its
    handler and for named people only. ``case`` is the path to the dossier with its dunder ("case__"), or nothing on
    the dossier itself; ``household`` the path to the household of the row, which is that of its dossier too: one road
    there is quicker than two. A plain join instead of a subquery: what is asked on every line of every page must be
    quick to write down as well. ``opens_case`` is its twin.
    """
    known = Q(pk__in=[])
    if may(user, Permission.OPEN_TEAM_CASES):
        covered = Q(**{f"{case}handler__in": user.covers}) if user.covers else Q(pk__in=[])
        known |= (of_teams(user, household) | covered) & ~Q(**{f"{case}confidentiality": Confidentiality.SECRET})
    if may(user, Permission.OPEN_OWN_CASES):
        known |= Q(**{f"{case}handler": user}) | Q(**{f"{case}pk__in": user.reach("named")})
    return known


def opens_case(rows: models.QuerySet["Case"], *, at: datetime) -> Q:
    """A filter on colleagues: ``knows_case`` of hers holds for one of ``rows``."""
    of_all = rows.exclude(confidentiality=Confidentiality.SECRET)
    covered = of_all.filter(is_away("handler__absences__", at=at), handler__absences__substitute=OuterRef("pk"))
    by_team = works_for(of_all, "tenancy__dwelling__neighbourhood__team", at=at) | Q(Exists(covered))
    handled = Q(Exists(rows.filter(handler=OuterRef("pk"))))
    named = Q(Exists(rows.filter(readers__user=OuterRef("pk"))))
    return (holds(Permission.OPEN_TEAM_CASES) & by_team) | (holds(Permission.OPEN_OWN_CASES) & (handled | named))


def at_work_on_cases(*, at: datetime) -> models.QuerySet[User]:
    """The colleagues who are there and may handle a dossier. Whose role was taken, is there for nothing of the kind."""
    return User.objects.get_queryset().filter(is_present(at=at), holds(Permission.OPEN_OWN_CASES))


def here_for_cases(*, at: datetime) -> models.QuerySet[User]:
    """The colleagues who may handle a dossier, and are here or back within two weeks.

    Who is away for longer counts as gone where nobody else could open something meanwhile.
    """
    last = timezone.localdate(at) + SOON_BACK
    for_long = Absence.objects.on(timezone.localdate(at)).filter(user=OuterRef("pk"), until_on__gt=last)
    whole, morning, afternoon = (Q(Exists(for_long.filter(part=part))) for part in AbsencePart)
    able = User.objects.get_queryset().filter(holds(Permission.OPEN_OWN_CASES), is_active=True)
    return able.exclude(whole | (morning & afternoon))


def works_on_case(rows: models.QuerySet["Case"], *, at: datetime) -> Q:
    """A filter on colleagues: ``Case.is_worked_on_by`` of hers holds for one of ``rows``."""
    of_all = rows.exclude(confidentiality=Confidentiality.SECRET)
    covered = of_all.filter(is_away("handler__absences__", at=at), handler__absences__substitute=OuterRef("pk"))
    by_team = works_for(of_all, "tenancy__dwelling__neighbourhood__team", at=at) | Q(Exists(covered))
    handled = Q(Exists(rows.filter(handler=OuterRef("pk"))))
    is_there = at_work_on_cases(at=at).filter(pk=OuterRef("handler"))
    of_second = rows.filter(
        ~Exists(is_there),
        readers__user=OuterRef("pk"),
        readers__is_second=True,
        confidentiality=Confidentiality.SECRET,
    )
    by_herself = handled | Q(Exists(of_second))
    return (holds(Permission.OPEN_TEAM_CASES) & by_team) | (holds(Permission.OPEN_OWN_CASES) & by_herself)


def stands_in_on_case(rows: models.QuerySet["Case"]) -> Q:
    """A filter on colleagues: of a secret dossier among ``rows`` its handler, or its second reader.

    What hangs on it may be somebody else's, who is not there; and she alone stands in for its handler.
    """
    secret = rows.filter(confidentiality=Confidentiality.SECRET)
    second = secret.filter(readers__user=OuterRef("pk"), readers__is_second=True)
    return Q(Exists(secret.filter(handler=OuterRef("pk")))) | Q(Exists(second))


class CaseQuerySet(SubjectQuerySet):
    """Dossiers."""

    def visible_to(self, user: Any) -> Self:
        """The dossiers of one's teams, and those one handles or was named for (``knows_case``)."""
        return self.filter(knows_case(user, ""))

    def known_by_handler(self, user: Any) -> Self:
        """Open dossiers one may not read, of households one may see: only the name of the handler may be told.

        A secret dossier is never among them.
        """
        return (
            self.open()
            .filter(within_reach(user, "tenancy__"))
            .exclude(confidentiality=Confidentiality.SECRET)
            .exclude(knows_case(user, ""))
        )

    def open(self) -> Self:
        """Neither closed nor cancelled."""
        return self.exclude(status__in=ENDED)

    def left_alone(self, *, at: datetime) -> Self:
        """Secret dossiers, ended ones too, that nobody can open, nor will soon: no handler, and no second reader."""
        able = here_for_cases(at=at).values("pk")
        secret = self.filter(confidentiality=Confidentiality.SECRET)
        second = CaseReader.objects.filter(case=OuterRef("pk"), is_second=True, user__in=able)
        return secret.exclude(handler__in=able).exclude(Exists(second))

    def in_order_of_next_step(self) -> Self:
        """The work list: whose next step comes first stands on top."""
        return self.order_by("next_due_on", "id")


class Case(Worry, Subject, ByColleague):
    """The handling of a signal or question. The handler does the work; the problem owner has the problem."""

    holds_work = gives_notice = True
    keeps: ClassVar[Keep] = Keep(
        Retention.CASE,
        {
            "type": Sensitivity.CONFIDENTIAL,
            "severity": Sensitivity.INTERNAL,
            "confidentiality": Sensitivity.INTERNAL,
            "status": Sensitivity.INTERNAL,
            "problem_owner": Sensitivity.CONFIDENTIAL,
            "problem_owner_name": Sensitivity.CONFIDENTIAL,
            "goal": Sensitivity.CONFIDENTIAL,
            "next_due_on": Sensitivity.INTERNAL,
            "result": Sensitivity.CONFIDENTIAL,
            "closing_summary": Sensitivity.CONFIDENTIAL,
            "told_on": Sensitivity.INTERNAL,
            "closed_at": Sensitivity.INTERNAL,
            "reopen_reason": Sensitivity.CONFIDENTIAL,
            "created_at": Sensitivity.INTERNAL,
        },
        export=True,
    )

    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, related_name="cases")
    type = models.CharField(_("kind"), max_length=20, choices=SignalType.choices)
    severity = models.PositiveSmallIntegerField(_("how serious"), choices=Severity.choices, default=Severity.MEDIUM)
    confidentiality = models.CharField(_("who may know"), max_length=3, choices=Confidentiality.choices)
    status = models.CharField(_("status"), max_length=20, choices=CaseStatus.choices, default=CaseStatus.NEW)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("handler"), on_delete=models.PROTECT, related_name="cases"
    )
    problem_owner = models.CharField(
        _("whose problem is it"), max_length=20, choices=ProblemOwner.choices, default=ProblemOwner.UNKNOWN
    )
    problem_owner_name = models.CharField(_("who exactly"), max_length=120, blank=True)
    goal = models.CharField(_("what the resident wants"), max_length=300, blank=True)
    next_step = models.OneToOneField(FollowUp, null=True, on_delete=models.PROTECT, related_name="+")
    # The day of the next step, once more: the work list runs along it. The actions of this room keep both alike.
    next_due_on = models.DateField(null=True)
    result = models.CharField(_("result"), max_length=20, choices=CaseResult.choices, blank=True)
    closing_summary = models.CharField(_("one sentence for the resident"), max_length=300, blank=True)
    told_on = models.DateField(_("told the resident on"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    reopen_reason = models.CharField(_("why it was opened again"), max_length=300, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ENDED, next_step=None, next_due_on=None)
                | (~Q(status__in=ENDED) & Q(next_step__isnull=False, next_due_on__isnull=False)),
                name="case_open_has_next_step",
            ),
            models.CheckConstraint(
                condition=~Q(status=CaseStatus.CLOSED)
                | (Q(result__in=CaseResult.values, closed_at__isnull=False) & ~Q(closing_summary="")),
                name="case_closed_with_result",
            ),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="case_severity_known"),
        ]
        indexes = [
            models.Index(fields=["tenancy", "-created_at"], name="case_tenancy"),
            models.Index(fields=["next_due_on", "id"], condition=~Q(status__in=ENDED), name="case_open_next"),
            models.Index(fields=["handler"], condition=~Q(status__in=ENDED), name="case_open_handler"),
            models.Index(fields=["-closed_at", "-id"], condition=Q(status__in=ENDED), name="case_closed"),
            models.Index(fields=["created_at"], name="case_opened"),
        ]

    @property
    def is_open(self) -> bool:
        """Neither closed nor cancelled."""
        return self.status not in ENDED

    @property
    def is_over(self) -> bool:
        """Closed or cancelled: what must be done first opens it again."""
        return not self.is_open

    @property
    def is_secret(self) -> bool:
        """Opens for the handler and named people only."""
        return self.confidentiality == Confidentiality.SECRET

    @property
    def status_words(self) -> Any:
        """Where it stands."""
        return CaseStatus(self.status).label

    @property
    def status_icon(self) -> str:
        """The sign beside the status."""
        return CASE_STATUS_ICON[CaseStatus(self.status)]

    @property
    def status_tone(self) -> str:
        """Waiting stands out a little; what ended is quiet."""
        if self.status in WAITING:
            return "info"
        return "" if self.is_open else "done"

    @classmethod
    def who_may_open(cls, key: Any, *, at: datetime) -> Q:
        """The twin of ``visible_to``."""
        return opens_case(cls.objects.filter(pk=inside(key)), at=at)

    @classmethod
    def who_stands_in(cls, key: Any, *, at: datetime) -> Q:  # noqa: ARG003
        """Who stands in on a secret dossier."""
        return stands_in_on_case(cls.objects.filter(pk=inside(key)))

    @classmethod
    def who_works_on(cls, key: Any, *, at: datetime) -> Q:
        """The twin of ``is_worked_on_by``."""
        return works_on_case(cls.objects.filter(pk=inside(key)), at=at)

    def is_worked_on_by(self, user: Any) -> bool:
        """Its handler, the colleagues of the team, and the second reader while the handler is not there or may not.

        A colleague who was only named to read it does not change it.
        """
        if self.handler_id == user.pk:
            return may(user, Permission.OPEN_OWN_CASES)
        if self.is_secret:
            return may(user, Permission.OPEN_OWN_CASES) and self._has_second_reader_at_work(user)
        is_ours = self.tenancy.dwelling.neighbourhood_id in neighbourhoods_of(user)
        return may(user, Permission.OPEN_TEAM_CASES) and (is_ours or self.handler_id in user.covers)

    def _has_second_reader_at_work(self, user: Any) -> bool:
        handler = at_work_on_cases(at=timezone.now()).filter(pk=self.handler_id)
        return self.readers.filter(user=user, is_second=True).exists() and not handler.exists()

    def get_absolute_url(self) -> str:
        """The page of this dossier."""
        return reverse("case_detail", args=[self.pk])


class CaseType(models.Model):
    """Another kind of worry that this dossier is about too."""

    keeps: ClassVar[Keep] = Keep(Retention.CASE, {"type": Sensitivity.CONFIDENTIAL}, export=True)

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="more_types")
    type = models.CharField(_("kind"), max_length=20, choices=SignalType.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "type"], name="case_type_once")]


class CaseReader(models.Model):
    """A colleague who was named to read one dossier. She reads; she does not change.

    The second reader of a secret dossier was named at its opening: while its handler is not there, she alone stands in.
    """

    keeps: ClassVar[Keep] = Keep(Retention.CASE, {"is_second": Sensitivity.INTERNAL})

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="readers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_second = models.BooleanField(_("second reader"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "user"], name="case_reader_once"),
            models.UniqueConstraint(fields=["case"], condition=Q(is_second=True), name="case_second_reader_once"),
        ]
