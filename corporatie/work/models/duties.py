"""Who is on duty: rows of the roster, and the hours of the association."""

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from corporatie.staff.models import Team, User, is_present
from corporatie.subjects.models import inside
from corporatie.subjects.states import Keep, Retention, Sensitivity
from corporatie.work.states import DutyOrder, Shift

SHORTEST_WAIT, LONGEST_WAIT = 5, 240
# A team's own colleagues, and then those of the whole association.
_OF_ALL = len(DutyOrder)


class DutyQuerySet(models.QuerySet["Duty"]):
    """Rows of the roster."""

    def visible_to(self, user: Any) -> Self:
        """Of one's own teams, with what holds for every team."""
        teams = user.team_ids if user.is_authenticated else []
        return self.filter(Q(team__in=teams) | Q(team=None)) if teams else self.none()

    def between(self, first: date, last: date) -> Self:
        """Those that hold on one of these days or more."""
        return self.filter(from_on__lte=last, until_on__gte=first)


class Duty(models.Model):
    """Someone is on duty from and until (both days included), for a team or for all of them, in one shift.

    ``changed_at`` is the version: two people who change the same row do not overwrite each other unseen.
    """

    keeps: ClassVar[Keep] = Keep(
        Retention.STAFF,
        {
            "shift": Sensitivity.INTERNAL,
            "order": Sensitivity.INTERNAL,
            "from_on": Sensitivity.INTERNAL,
            "until_on": Sensitivity.INTERNAL,
            "changed_at": Sensitivity.INTERNAL,
        },
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("Leave empty for the whole association: those are asked after the team’s own colleagues."),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("colleague"), on_delete=models.CASCADE, related_name="+"
    )
    shift = models.CharField(_("when"), max_length=10, choices=Shift.choices)
    order = models.PositiveSmallIntegerField(_("order"), choices=DutyOrder.choices, default=DutyOrder.FIRST)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until and including"))
    changed_at = models.DateTimeField(_("changed"), editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("changed by"),
    )

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("roster")
        ordering = ["from_on", "shift", "order", "id"]
        indexes = [models.Index(fields=["shift", "until_on"], name="duty_shift")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")),
                name="duty_ends_after_start",
                violation_error_message=_("The last day lies before the first day."),
            ),
            models.CheckConstraint(condition=Q(shift__in=Shift.values), name="duty_shift_known"),
            models.CheckConstraint(condition=Q(order__in=DutyOrder.values), name="duty_order_known"),
        ]

    def __str__(self) -> str:
        return f"{self.from_on} – {self.until_on}"


class DutyHours(models.Model):
    """From when until when the office is open, and how long a colleague on duty has before the next one is asked."""

    keeps: ClassVar[Keep] = Keep(
        Retention.SETTING,
        {"opens_at": Sensitivity.OPEN, "closes_at": Sensitivity.OPEN, "minutes": Sensitivity.OPEN},
    )

    opens_at = models.TimeField(_("office opens at"), default=time(8))
    closes_at = models.TimeField(_("office closes at"), default=time(17))
    minutes = models.PositiveSmallIntegerField(
        _("minutes until the next"),
        default=30,
        validators=[MinValueValidator(SHORTEST_WAIT), MaxValueValidator(LONGEST_WAIT)],
        help_text=_("When nobody took up an acute signal within this time, the next colleague on duty is asked."),
    )

    class Meta:
        verbose_name = _("hours of duty")
        verbose_name_plural = _("hours of duty")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="duty_hours_open_before_close",
                violation_error_message=_("The office closes after it opens."),
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=SHORTEST_WAIT, minutes__lte=LONGEST_WAIT), name="duty_hours_minutes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opens_at:%H:%M}–{self.closes_at:%H:%M}"

    @classmethod
    def load(cls) -> "DutyHours":
        """The association's own hours, otherwise the standard ones. One query."""
        return cls.objects.order_by("pk").first() or cls()

    @property
    def wait(self) -> timedelta:
        """How long each colleague on duty has."""
        return timedelta(minutes=self.minutes)


def in_line(colleagues: QuerySet[User], team: Any, *, day: date, shift: Shift, at: datetime) -> QuerySet[Any]:
    """Of these colleagues those on duty who are there, in the order in which they are asked: ``turn`` is 1, 2, 3…

    ``team`` is the key of one, or ``OuterRef`` to it. First whom the team itself named, then whom the association did;
    nobody twice.
    """
    place = Case(
        When(team=None, then=F("order") + Value(_OF_ALL)), default=F("order"), output_field=models.IntegerField()
    )
    named = Duty.objects.between(day, day).filter(Q(team=inside(team)) | Q(team=None), shift=shift, user=OuterRef("pk"))
    first = named.annotate(place=place).order_by("place").values("place")[:1]
    present = colleagues.filter(is_present(at=at)).annotate(place=Subquery(first)).filter(place__isnull=False)
    return present.annotate(turn=Window(RowNumber(), order_by=[F("place").asc(), F("pk").asc()]))
