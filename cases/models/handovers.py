"""A colleague is asked to take over a dossier."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cases.models.cases import Case, knows_case
from cases.states import ENDED, HandOverAnswer
from corporatie.staff.models import User, holds
from corporatie.staff.permissions import Permission
from corporatie.subjects.states import Keep, Retention, Sensitivity


class HandOverQuerySet(models.QuerySet["HandOver"]):
    """Questions to take over a dossier."""

    def visible_to(self, user: Any) -> Self:
        """Whoever may know of the dossier."""
        return self.filter(knows_case(user, "case__", "case__tenancy__"))

    def waiting(self) -> Self:
        """Not answered yet."""
        return self.filter(answered_at=None)

    def newest(self) -> Self:
        """The last of each dossier."""
        later = HandOver.objects.filter(case=OuterRef("case"), pk__gt=OuterRef("pk"))
        return self.filter(~Exists(later))

    def refused(self) -> Self:
        """Where a no was the last that was heard, and the dossier still is of whoever handled it then."""
        still = self.newest().filter(answer=HandOverAnswer.NO, handler=F("case__handler"))
        return still.exclude(case__status__in=ENDED)

    def holding(self, *, at: datetime) -> Self:
        """Waiting, while who was asked can say yes and who asked can have the dossier until then.

        Both as of now: who went to another team since may not open it any more.
        """
        able = User.objects.get_queryset().filter(
            holds(Permission.OPEN_OWN_CASES), Case.who_works_on(OuterRef("case"), at=at), is_active=True
        )
        there = self.waiting().filter(
            Exists(able.filter(pk=OuterRef("receiver"))), Exists(able.filter(pk=OuterRef("asked_by")))
        )
        return there.exclude(asked_by=F("case__handler")).exclude(case__status__in=ENDED)


class HandOver(models.Model):
    """The question, and what came of it. Until there is a yes the dossier stays with who handles it."""

    keeps: ClassVar[Keep] = Keep(
        Retention.CASE,
        {
            "asked_at": Sensitivity.INTERNAL,
            "answer": Sensitivity.INTERNAL,
            "answered_at": Sensitivity.INTERNAL,
            "reason": Sensitivity.CONFIDENTIAL,
        },
    )

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="hand_overs")
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who is asked"), on_delete=models.PROTECT, related_name="+"
    )
    # Nobody, when nobody asked: a secret dossier that went to its second reader.
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    # Whose the dossier was when the answer came; nobody, when there is none.
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(_("answer"), max_length=10, choices=HandOverAnswer.choices, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    reason = models.CharField(_("why not"), max_length=300, blank=True)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(answered_at=None), name="hand_over_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | Q(answer__in=HandOverAnswer.values, answered_at__isnull=False),
                name="hand_over_answered_together",
            ),
            models.CheckConstraint(
                condition=~Q(answer=HandOverAnswer.NO) | ~Q(reason=""), name="hand_over_refused_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["answered_at"], name="hand_over_answered")]
