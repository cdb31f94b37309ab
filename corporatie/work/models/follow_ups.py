"""Promises and actions."""

import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from corporatie.staff.rules import Permission, may, own_or_covered
from corporatie.subjects.models import (
    ByColleague,
    PointedAt,
    Subject,
    subject_is_visible,
    subject_model,
    subject_models,
)
from corporatie.subjects.states import Keep, Retention, Sensitivity
from corporatie.work.states import (
    Carrier,
    FollowUpKind,
    FollowUpResult,
)
from tenants.models import Tenancy


def _holding_work() -> list[type[Subject]]:
    return [model for model in subject_models() if model.holds_work]


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    """Promises and actions."""

    def visible_to(self, user: Any) -> Self:
        """What belongs to a subject one may know of; who does not visit sees only her own work among it.

        Owning adds nothing: work on what one may not open shows to others, and not to its owner.
        """
        rows = self if may(user, Permission.LOG_VISITS) else self.filter(self.mine(user))
        return rows.filter(subject_is_visible(user, _holding_work()))

    @staticmethod
    def mine(user: Any) -> Q:
        """A filter: owned by this colleague, or by someone she stands in for today."""
        return own_or_covered(user, "owner")

    def open(self) -> Self:
        """Not done and not dropped."""
        return self.filter(done_at=None)


class FollowUp(PointedAt, ByColleague):
    """What must still be done, by whom and when. A promise to a resident, or an internal action."""

    keeps: ClassVar[Keep] = Keep(
        Retention.CASE,
        {
            "what": Sensitivity.CONFIDENTIAL,
            "kind": Sensitivity.INTERNAL,
            "carrier": Sensitivity.INTERNAL,
            "due_on": Sensitivity.INTERNAL,
            "is_promise": Sensitivity.INTERNAL,
            "told_on": Sensitivity.INTERNAL,
            "done_at": Sensitivity.INTERNAL,
            "result": Sensitivity.INTERNAL,
            "result_note": Sensitivity.CONFIDENTIAL,
            "subject_label": Sensitivity.INTERNAL,
            "subject_id": Sensitivity.INTERNAL,
            "created_at": Sensitivity.INTERNAL,
        },
        export=True,
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, related_name="follow_ups")
    what = models.CharField(_("what"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=FollowUpKind.choices, default=FollowUpKind.OTHER)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who"), on_delete=models.PROTECT, related_name="follow_ups"
    )
    carrier = models.CharField(_("carried out by"), max_length=10, choices=Carrier.choices, default=Carrier.ME)
    due_on = models.DateField(_("when"))
    is_promise = models.BooleanField(_("promised to the resident"), default=False)
    told_on = models.DateField(_("told the resident on"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("done by")
    )
    result = models.CharField(_("how it ended"), max_length=10, choices=FollowUpResult.choices, blank=True)
    result_note = models.CharField(_("explanation"), max_length=200, blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise or action")
        verbose_name_plural = _("promises and actions")
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None, result="")
                | Q(done_at__isnull=False, done_by__isnull=False, result__in=FollowUpResult.values),
                name="follow_up_done_together",
            ),
            models.CheckConstraint(
                condition=~Q(result=FollowUpResult.DROPPED) | ~Q(result_note=""), name="follow_up_dropped_with_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due_on", "id"], condition=Q(done_at=None), name="follow_up_open_owner"),
            models.Index(fields=["due_on"], condition=Q(done_at=None), name="follow_up_open_due"),
            models.Index(fields=["tenancy", "due_on"], name="follow_up_tenancy"),
            models.Index(fields=["subject_label", "subject_id"], name="follow_up_subject"),
            models.Index(
                fields=["done_at"], condition=Q(is_promise=True, done_at__isnull=False), name="follow_up_promise_ended"
            ),
        ]

    def who_may_own(self, *, at: datetime) -> Q:
        """A filter on colleagues: who works on what it came from, and so may have it."""
        model = subject_model(self.subject_label)
        return model.who_works_on(self.subject_id, at=at) if model and model.holds_work else Q(pk__in=[])

    def get_absolute_url(self) -> str:
        """The page of this promise or action."""
        return reverse("follow_up_detail", args=[self.pk])


def own_work(user: Any) -> FollowUpQuerySet:
    """One's own promises and actions, and those of colleagues one stands in for, as far as one may know of them."""
    return FollowUp.objects.filter(FollowUpQuerySet.mine(user)).visible_to(user)


def work_on(subject: Subject, user: Any) -> FollowUpQuerySet:
    """The promises and actions that hang on ``subject``, which this colleague is known to see."""
    rows = FollowUp.objects.filter(subject_label=subject.label(), subject_id=subject.pk)
    return rows if may(user, Permission.LOG_VISITS) else rows.filter(FollowUpQuerySet.mine(user))
