"""Who looked: one append-only line for each read, with ids and never with what was read."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from corporatie.journal.models import AppendOnlyQuerySet
from corporatie.privacy.states import Look
from corporatie.staff.models import may
from corporatie.staff.permissions import Permission
from corporatie.subjects.states import Keep, Retention, Sensitivity


class AccessQuerySet(AppendOnlyQuerySet):
    """Lines of the log of reads."""

    def visible_to(self, user: Any) -> Self:
        """The privacy officer reviews reading; a colleague may see what she looked at herself."""
        if may(user, Permission.READ_ACCESS_LOG):
            return self.all()
        return self.filter(by=user) if user.is_authenticated else self.none()


class Access(models.Model):
    """Someone looked. By far the largest table: never counted and never joined in a page."""

    keeps: ClassVar[Keep] = Keep(
        Retention.LOG,
        {
            "at": Sensitivity.INTERNAL,
            "look": Sensitivity.INTERNAL,
            "roles": Sensitivity.INTERNAL,
            "subject_label": Sensitivity.INTERNAL,
            "subject_id": Sensitivity.INTERNAL,
            "shown": Sensitivity.INTERNAL,
            "request_id": Sensitivity.INTERNAL,
        },
    )

    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("who"), on_delete=models.PROTECT, related_name="+")
    roles = models.CharField(_("roles"), max_length=200)
    look = models.CharField(_("what"), max_length=10, choices=Look.choices)
    subject_label = models.CharField(_("kind of page"), max_length=60)
    subject_id = models.UUIDField(_("number"), null=True)
    shown = models.JSONField(_("rows shown"), default=list)
    request_id = models.CharField(_("reference"), max_length=64, blank=True)

    objects = AccessQuerySet.as_manager()

    class Meta:
        verbose_name = _("line in the log of reads")
        verbose_name_plural = _("lines in the log of reads")
        indexes = [
            models.Index(fields=["subject_label", "subject_id", "-id"], name="access_subject"),
            models.Index(fields=["by", "-id"], name="access_by"),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.at):%d-%m-%Y %H:%M}"
