"""Points of attention: few, expiring, an instruction for who stands at the door. The reason lies elsewhere."""

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.states import FLAG_ICON, SAFETY_FLAGS, FlagKind, FlagStatus
from corporatie.staff.models import holds, may
from corporatie.staff.permissions import Permission
from corporatie.subjects.encryption import EncryptedTextField
from corporatie.subjects.models import ByColleague, Subject, SubjectQuerySet, inside
from corporatie.subjects.states import Keep, Retention, Sensitivity
from tenants.models import Tenancy, of_teams, reaches, within_reach


class FlagQuerySet(SubjectQuerySet):
    """Points of attention."""

    def visible_to(self, user: Any) -> Self:
        """Whoever plans or pays a visit to a household she may see."""
        if not may(user, Permission.SEE_FLAGS):
            return self.none()
        return self.filter(within_reach(user, "tenancy__"))

    def active(self, *, on: date | OuterRef) -> Self:
        """Those that hold on this day. Past its review date a flag holds no longer until someone renews it."""
        return self.filter(status=FlagStatus.ACTIVE, review_on__gte=on)


class AttentionFlag(Subject):
    """What someone at the door must do. Decided by someone, told to the person, looked at again within a year."""

    gives_notice = True
    keeps: ClassVar[Keep] = Keep(
        Retention.FLAG,
        {
            "kind": Sensitivity.CONFIDENTIAL,
            "instruction": Sensitivity.CONFIDENTIAL,
            "decided_on": Sensitivity.INTERNAL,
            "told_on": Sensitivity.INTERNAL,
            "not_told_because": Sensitivity.CONFIDENTIAL,
            "review_on": Sensitivity.INTERNAL,
            "status": Sensitivity.INTERNAL,
            "ended_on": Sensitivity.INTERNAL,
        },
        export=True,
    )

    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, related_name="flags")
    kind = models.CharField(_("what"), max_length=20, choices=FlagKind.choices)
    instruction = models.CharField(_("what to do"), max_length=120, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("decided by"), on_delete=models.PROTECT, related_name="+"
    )
    # Who looks at it again, when that is not who decided.
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("looks at it again"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_on = models.DateField(_("decided on"))
    told_on = models.DateField(_("told the person on"), null=True, blank=True)
    not_told_because = models.CharField(_("why the person was not told"), max_length=200, blank=True)
    review_on = models.DateField(_("look at it again by"))
    status = models.CharField(_("status"), max_length=3, choices=FlagStatus.choices, default=FlagStatus.ACTIVE)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("point of attention")
        verbose_name_plural = _("points of attention")
        constraints = [
            models.UniqueConstraint(
                fields=["tenancy", "kind"], condition=~Q(status=FlagStatus.ENDED), name="flag_kind_once"
            ),
            models.CheckConstraint(condition=Q(review_on__gt=F("decided_on")), name="flag_review_after_decision"),
            models.CheckConstraint(
                condition=Q(told_on__isnull=False) | ~Q(not_told_because=""), name="flag_told_or_why_not"
            ),
            models.CheckConstraint(
                condition=Q(status=FlagStatus.ENDED, ended_on__isnull=False)
                | (~Q(status=FlagStatus.ENDED) & Q(ended_on=None)),
                name="flag_ended_together",
            ),
        ]
        indexes = [
            models.Index(fields=["tenancy"], condition=Q(status=FlagStatus.ACTIVE), name="flag_active"),
            models.Index(fields=["review_on"], condition=Q(status=FlagStatus.ACTIVE), name="flag_review"),
        ]

    @property
    def is_safety(self) -> bool:
        """A safety agreement (veiligheidsafspraak)."""
        return self.kind in SAFETY_FLAGS

    @property
    def icon(self) -> str:
        """The sign beside the words."""
        return FLAG_ICON[FlagKind(self.kind)]

    @classmethod
    def who_may_open(cls, key: Any, *, at: datetime) -> Q:
        """The twin of ``visible_to``."""
        return holds(Permission.SEE_FLAGS) & reaches(cls.objects.filter(pk=inside(key)), "tenancy__", at=at)

    def get_absolute_url(self) -> str:
        """The page of this point of attention."""
        return reverse("flag_detail", args=[self.pk])


def looked_at_by(user: Any) -> Q:
    """A filter: the points that hold and that this colleague looks at again."""
    return Q(status=FlagStatus.ACTIVE) & (Q(reviewer=user) | Q(reviewer=None, decided_by=user))


class FlagReasonQuerySet(models.QuerySet["FlagReason"]):
    """Reasons behind points of attention."""

    def visible_to(self, user: Any) -> Self:
        """Consultants and team leads of the household's team."""
        if not may(user, Permission.READ_FLAG_REASONS):
            return self.none()
        return self.filter(of_teams(user, "flag__tenancy__"))


class FlagReason(ByColleague):
    """Why. A table of its own, stored encrypted."""

    keeps: ClassVar[Keep] = Keep(Retention.FLAG, {"text": Sensitivity.SECRET, "created_at": Sensitivity.INTERNAL})

    flag = models.OneToOneField(AttentionFlag, on_delete=models.CASCADE, related_name="+")
    text = EncryptedTextField(_("why"))

    objects = FlagReasonQuerySet.as_manager()
