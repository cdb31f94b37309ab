"""A signal: there may be something wrong."""

import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.models.cases import Case, knows_case, opens_case
from cases.models.worries import Worry
from cases.states import (
    SIGNAL_STATUS_ICON,
    Confidentiality,
    ResidentTold,
    Severity,
    SignalSource,
    SignalStatus,
    SignalType,
)
from corporatie.staff.models import holds, is_away, led_teams, may, works_for
from corporatie.staff.permissions import Permission
from corporatie.subjects.models import ByColleague, Subject, SubjectQuerySet, inside
from corporatie.subjects.states import Keep, Retention, Sensitivity
from tenants.models import Tenancy, of_teams

OPEN_STATUSES = (SignalStatus.NEW, SignalStatus.TAKEN_UP)


class SignalQuerySet(SubjectQuerySet):
    """Signals."""

    def visible_to(self, user: Any) -> Self:
        """What one reported or took up oneself, and the signals of one's teams.

        A secret signal is for who reported it, who took it up, and the team leads who must give it to someone.
        Once it lies in a dossier, whoever may open the dossier reads it there. ``Signal.who_may_open`` is its twin.
        """
        known = Q(pk__in=[])
        if may(user, Permission.REPORT_SIGNALS):
            known |= Q(created_by=user)
        if may(user, Permission.TRIAGE_SIGNALS):
            covered = Q(handler__in=user.covers) if user.covers else Q(pk__in=[])
            known |= Q(handler=user)
            known |= (of_teams(user, "tenancy__") | covered) & ~Q(confidentiality=Confidentiality.SECRET)
        if may(user, Permission.TRIAGE_SECRET_SIGNALS):
            of_led = Q(tenancy__dwelling__neighbourhood__team__in=led_teams(user))
            known |= of_led if user.covers else of_teams(user, "tenancy__")
        if may(user, Permission.OPEN_OWN_CASES):
            known |= Q(case__isnull=False) & knows_case(user, "case__")
        return self.filter(known)

    def open(self) -> Self:
        """New, or taken up and not yet in a dossier or closed."""
        return self.filter(status__in=OPEN_STATUSES)

    def in_order_of_urgency(self) -> Self:
        """The most serious first, then whose norm comes first."""
        return self.order_by("-severity", "respond_by_on", "id")


class Signal(Worry, Subject, ByColleague):
    """What someone noticed about a household: what was seen or heard, apart from what is thought."""

    gives_notice = True
    keeps: ClassVar[Keep] = Keep(
        Retention.CASE,
        {
            "client_uuid": Sensitivity.INTERNAL,
            "type": Sensitivity.CONFIDENTIAL,
            "seen": Sensitivity.CONFIDENTIAL,
            "thought": Sensitivity.CONFIDENTIAL,
            "severity": Sensitivity.INTERNAL,
            "source": Sensitivity.CONFIDENTIAL,
            "resident_told": Sensitivity.INTERNAL,
            "confidentiality": Sensitivity.INTERNAL,
            "status": Sensitivity.INTERNAL,
            "respond_by_on": Sensitivity.INTERNAL,
            "taken_up_at": Sensitivity.INTERNAL,
            "explanation": Sensitivity.CONFIDENTIAL,
            "closed_at": Sensitivity.INTERNAL,
            "created_at": Sensitivity.INTERNAL,
        },
        export=True,
    )

    # Named by the device before it is sent, so that sending twice changes nothing.
    client_uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, related_name="signals")
    type = models.CharField(_("what strikes you"), max_length=20, choices=SignalType.choices)
    seen = models.TextField(_("what did you see or hear"), max_length=2000, blank=True)
    thought = models.TextField(_("what do you think"), max_length=1000, blank=True)
    severity = models.PositiveSmallIntegerField(_("how soon"), choices=Severity.choices)
    source = models.CharField(
        _("who noticed it"), max_length=20, choices=SignalSource.choices, default=SignalSource.OWN
    )
    resident_told = models.CharField(
        _("does the resident know"), max_length=10, choices=ResidentTold.choices, blank=True
    )
    confidentiality = models.CharField(_("who may know"), max_length=3, choices=Confidentiality.choices)
    status = models.CharField(_("status"), max_length=10, choices=SignalStatus.choices, default=SignalStatus.NEW)
    respond_by_on = models.DateField(_("first action by"))
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("taken up by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="signals",
    )
    taken_up_at = models.DateTimeField(null=True)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="signals")
    explanation = models.CharField(_("explanation"), max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = SignalQuerySet.as_manager()

    class Meta:
        verbose_name = _("signal")
        verbose_name_plural = _("signals")
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=SignalStatus.TAKEN_UP) | Q(handler__isnull=False, taken_up_at__isnull=False),
                name="signal_taken_up_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(status=SignalStatus.ATTACHED, case__isnull=False)
                | (~Q(status=SignalStatus.ATTACHED) & Q(case=None)),
                name="signal_attached_to_case",
            ),
            models.CheckConstraint(
                condition=Q(status=SignalStatus.CLOSED, closed_at__isnull=False, closed_by__isnull=False)
                & ~Q(explanation="")
                | (~Q(status=SignalStatus.CLOSED) & Q(closed_at=None, closed_by=None)),
                name="signal_closed_with_explanation",
            ),
            models.CheckConstraint(condition=~Q(type=SignalType.OTHER) | ~Q(seen=""), name="signal_other_is_described"),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="signal_severity_known"),
        ]
        indexes = [
            models.Index(
                fields=["-severity", "respond_by_on", "id"],
                condition=Q(status__in=OPEN_STATUSES),
                name="signal_open_urgency",
            ),
            models.Index(fields=["respond_by_on"], condition=Q(status__in=OPEN_STATUSES), name="signal_open_norm"),
            models.Index(fields=["tenancy", "-created_at"], name="signal_tenancy"),
            models.Index(fields=["-created_at", "-id"], name="signal_newest"),
            models.Index(fields=["taken_up_at"], name="signal_taken_up"),
            models.Index(fields=["closed_at"], name="signal_closed"),
        ]

    @property
    def is_open(self) -> bool:
        """New, or taken up and not yet in a dossier or closed."""
        return self.status in OPEN_STATUSES

    @property
    def is_secret(self) -> bool:
        """For who reported it, who took it up, and the team lead only."""
        return self.confidentiality == Confidentiality.SECRET

    @property
    def status_words(self) -> Any:
        """Where it stands."""
        return SignalStatus(self.status).label

    @property
    def source_words(self) -> Any:
        """Who noticed it."""
        return SignalSource(self.source).label

    @property
    def status_icon(self) -> str:
        """The sign beside the status."""
        return SIGNAL_STATUS_ICON[SignalStatus(self.status)]

    @classmethod
    def who_may_open(cls, key: Any, *, at: datetime) -> Q:
        """The twin of ``visible_to``."""
        rows = cls.objects.filter(pk=inside(key))
        of_all = rows.exclude(confidentiality=Confidentiality.SECRET)
        covered = of_all.filter(is_away("handler__absences__", at=at), handler__absences__substitute=OuterRef("pk"))
        team = "tenancy__dwelling__neighbourhood__team"
        reported = holds(Permission.REPORT_SIGNALS) & Q(Exists(rows.filter(created_by=OuterRef("pk"))))
        judged = Q(Exists(rows.filter(handler=OuterRef("pk")))) | Q(Exists(covered)) | works_for(of_all, team, at=at)
        led = holds(Permission.TRIAGE_SECRET_SIGNALS) & works_for(rows, team, at=at, leading=True)
        in_case = opens_case(Case.objects.filter(signals=inside(key)), at=at) & holds(Permission.OPEN_OWN_CASES)
        return reported | (holds(Permission.TRIAGE_SIGNALS) & judged) | led | in_case

    @classmethod
    def who_judges(cls, key: Any, *, at: datetime) -> Q:
        """Who may open it and decides what happens with it: the twin of ``rules.judges``."""
        rows = cls.objects.filter(pk=inside(key))
        covered = rows.filter(is_away("handler__absences__", at=at), handler__absences__substitute=OuterRef("pk"))
        is_hers = Q(Exists(rows.filter(handler=OuterRef("pk")))) | Q(Exists(covered))
        is_ours = works_for(rows, "tenancy__dwelling__neighbourhood__team", at=at)
        return holds(Permission.TRIAGE_SIGNALS) & (is_hers | is_ours) & cls.who_may_open(key, at=at)

    def get_absolute_url(self) -> str:
        """The page of this signal."""
        return reverse("signal_detail", args=[self.pk])
