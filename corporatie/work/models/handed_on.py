"""What somebody else left to a colleague."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from corporatie.subjects.models import (
    ByColleague,
    Subject,
    SubjectQuerySet,
    inside,
)
from corporatie.subjects.states import Keep, Retention, Sensitivity


class HandedOnQuerySet(SubjectQuerySet):
    """What was handed on."""

    def visible_to(self, user: Any) -> Self:
        """Who got it."""
        return self.filter(receiver=user.pk)


class HandedOn(Subject, ByColleague):
    """A colleague gave these rows to another: her own list, as ``[kind, key]``. She hears of it once.

    ``holder`` is whose they were; of new work, who gave it.
    """

    gives_notice = True
    keeps: ClassVar[Keep] = Keep(Retention.NOTICE, {"items": Sensitivity.INTERNAL, "created_at": Sensitivity.INTERNAL})

    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    receiver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    items = models.JSONField()

    objects = HandedOnQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="handed_on_at")]

    @classmethod
    def who_may_open(cls, key: Any, *, at: datetime) -> Q:  # noqa: ARG003
        """The twin of ``visible_to``."""
        return Q(Exists(cls.objects.filter(pk=inside(key), receiver=OuterRef("pk"))))

    def get_absolute_url(self) -> str:
        """The page with the list."""
        return reverse("handed_on_detail", args=[self.pk])
