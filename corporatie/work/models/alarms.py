"""How many things reach nobody. A number, never what or who."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from corporatie.staff.models import Team, holds, led_teams, works_for
from corporatie.staff.rules import Permission, may
from corporatie.subjects.models import (
    Subject,
    SubjectQuerySet,
    inside,
)
from corporatie.subjects.states import Keep, Retention, Sensitivity
from corporatie.work.models.notices import Notice
from corporatie.work.states import (
    TEAM_ALARMS,
    AlarmKind,
)


class AlarmQuerySet(SubjectQuerySet):
    """What must reach a person and says nothing about anybody."""

    def visible_to(self, user: Any) -> Self:
        """The application administrator; of a team also who leads it, or stands in for who does."""
        if may(user, Permission.ADMINISTER):
            return self
        if not may(user, Permission.SEE_TEAM_OVERVIEW):
            return self.none()
        return self.filter(kind__in=TEAM_ALARMS, team__in=led_teams(user))

    def on(self) -> Self:
        """Those that hold."""
        return self.filter(number__gt=0)


class Alarm(Subject):
    """How many due things of a team reach nobody, or how many mails could not be sent. A number, never what or who.

    One row for each kind and team; the sweep keeps the number, and ``since_on`` is the day it rose from nothing.
    """

    gives_notice = True
    keeps: ClassVar[Keep] = Keep(
        Retention.NOTICE,
        {"kind": Sensitivity.INTERNAL, "number": Sensitivity.INTERNAL, "since_on": Sensitivity.INTERNAL},
    )

    kind = models.CharField(_("what"), max_length=10, choices=AlarmKind.choices)
    team = models.ForeignKey(Team, verbose_name=_("team"), null=True, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(_("how many"), default=0)
    since_on = models.DateField(_("since"))

    objects = AlarmQuerySet.as_manager()

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        constraints = [models.UniqueConstraint(Coalesce("team", 0), "kind", name="alarm_once")]

    @classmethod
    def who_may_open(cls, key: Any, *, at: datetime) -> Q:
        """The twin of ``visible_to``."""
        of_a_team = cls.objects.filter(pk=inside(key), kind__in=TEAM_ALARMS)
        leads = holds(Permission.SEE_TEAM_OVERVIEW) & works_for(of_a_team, "team", at=at, leading=True)
        return leads | holds(Permission.ADMINISTER)

    @classmethod
    def any_reaches_nobody(cls) -> bool:
        """Whether one that holds was told to nobody."""
        return Notice.objects.live().filter(subject_label=cls.label(), recipient=None).exists()

    @property
    def sentence(self) -> str:
        """ "1 thing of team Noord reaches nobody." """
        if self.kind == AlarmKind.MAIL:
            words = ngettext("%(n)d mail could not be sent.", "%(n)d mails could not be sent.", self.number)
            return words % {"n": self.number}
        if self.team is None:
            words = ngettext(
                "%(n)d thing without a team reaches nobody.", "%(n)d things without a team reach nobody.", self.number
            )
            return words % {"n": self.number}
        words = ngettext(
            "%(n)d thing of team %(team)s reaches nobody.", "%(n)d things of team %(team)s reach nobody.", self.number
        )
        return words % {"n": self.number, "team": self.team.name}

    def get_absolute_url(self) -> str:
        """The page that says what one can do about it."""
        return reverse("alarm_detail", args=[self.pk])
