"""When something that runs by itself last ran."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from corporatie.subjects.states import Keep, Retention, Sensitivity


class Heartbeat(models.Model):
    """When something that runs by itself last ran."""

    keeps: ClassVar[Keep] = Keep(Retention.SETTING, {"name": Sensitivity.INTERNAL, "at": Sensitivity.INTERNAL})

    name = models.CharField(_("what"), max_length=40, primary_key=True)
    at = models.DateTimeField(_("last ran"))

    class Meta:
        verbose_name = _("what runs by itself")
        verbose_name_plural = _("what runs by itself")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def is_on_time(cls, name: str, *, at: datetime) -> bool:
        """Whether it ran lately. What runs each minute may miss two of them."""
        return cls.objects.filter(name=name, at__gte=at - timedelta(minutes=3)).exists()
