"""What the association says about itself: its days, its choices, its norms, its texts."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from corporatie.subjects.states import Keep, Retention, Sensitivity
from corporatie.work.states import (
    DEFAULT_TEXTS,
    LONGEST_NORM,
    TextKey,
    choice_lists,
    norms,
)


class SpecialDay(models.Model):
    """A day on which the association does otherwise than the calendar says."""

    keeps: ClassVar[Keep] = Keep(
        Retention.SETTING,
        {"on": Sensitivity.OPEN, "name": Sensitivity.OPEN, "is_working_day": Sensitivity.OPEN},
    )

    on = models.DateField(_("day"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    is_working_day = models.BooleanField(
        _("we work on this day"),
        default=False,
        help_text=_("Leave empty for a day on which the office is closed. Tick it for a holiday on which you do work."),
    )

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("working days")
        ordering = ["-on"]

    def __str__(self) -> str:
        return f"{self.on} {self.name}"


class ChoiceSetting(models.Model):
    """One choice of one list that the association offers, or leaves out, otherwise than we would."""

    keeps: ClassVar[Keep] = Keep(
        Retention.SETTING, {"list": Sensitivity.OPEN, "choice": Sensitivity.OPEN, "is_offered": Sensitivity.OPEN}
    )

    list = models.CharField(_("list"), max_length=40)
    choice = models.CharField(_("choice"), max_length=40)
    is_offered = models.BooleanField(
        _("colleagues can choose this"),
        default=False,
        help_text=_("Leave empty to leave it out. What was chosen before stays as it is."),
    )

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choice lists")
        ordering = ["list", "choice"]
        constraints = [models.UniqueConstraint(fields=["list", "choice"], name="choice_setting_once")]

    def __str__(self) -> str:
        known = choice_lists().get(self.list)
        return f"{known.label}: {known.words(self.choice)}" if known else f"{self.list}: {self.choice}"


class ResponseNorm(models.Model):
    """Within how many working days someone first acts on a signal this serious: the association's own norm."""

    keeps: ClassVar[Keep] = Keep(Retention.SETTING, {"severity": Sensitivity.OPEN, "working_days": Sensitivity.OPEN})

    severity = models.PositiveSmallIntegerField(_("how soon"), unique=True)
    working_days = models.PositiveSmallIntegerField(_("working days"))

    class Meta:
        verbose_name = _("norm")
        verbose_name_plural = _("norms")
        ordering = ["-severity"]
        constraints = [
            models.CheckConstraint(condition=Q(working_days__lte=LONGEST_NORM), name="response_norm_not_too_long")
        ]

    def __str__(self) -> str:
        return str(norms()[self.severity].label)

    @property
    def is_fixed(self) -> bool:
        """Nobody's to change."""
        return norms()[self.severity].is_fixed

    @classmethod
    def all_days(cls) -> dict[int, int]:
        """The working days of every norm, by severity. One query."""
        own = dict(cls.objects.values_list("severity", "working_days"))
        return {
            norm.severity: norm.days if norm.is_fixed else own.get(norm.severity, norm.days)
            for norm in norms().values()
        }


class HouseText(models.Model):
    """A text in the association's own words, in place of the standard one. Plain text."""

    keeps: ClassVar[Keep] = Keep(Retention.SETTING, {"key": Sensitivity.OPEN, "text": Sensitivity.OPEN})

    key = models.CharField(_("which text"), max_length=40, choices=TextKey.choices, unique=True)
    text = models.TextField(
        _("text"), max_length=600, help_text=_("Plain text. Telephone numbers: one a line, after a colon.")
    )

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["key"]

    def __str__(self) -> str:
        return str(self.get_key_display())

    @classmethod
    def all_texts(cls) -> dict[str, str]:
        """Every text by key: the association's own, otherwise the standard one. One query."""
        standard = {str(key): str(text) for key, text in DEFAULT_TEXTS.items()}
        return standard | dict(cls.objects.values_list("key", "text"))
