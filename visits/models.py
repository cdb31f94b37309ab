"""Visits and what was said. The report is a table of its own, because fewer people may read it."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Signal, knows_case, opens_case, stands_in_on_case, works_on_case
from cases.states import Confidentiality
from corporatie.staff.models import holds, is_away, may, works_for
from corporatie.staff.permissions import Permission
from corporatie.staff.rules import own_or_covered
from corporatie.subjects.models import ByColleague, Subject, SubjectQuerySet, inside
from corporatie.subjects.states import Keep, Retention, Sensitivity
from tenants.models import Tenancy, of_teams, reaches, within_reach
from tenants.states import Channel, Daypart
from visits.states import (
    Announced,
    AreaAnswer,
    Direction,
    LifeArea,
    Mood,
    NextTime,
    Outcome,
    VisitReason,
    VisitStatus,
)


def knows_visit(user: Any, visit: str) -> Q:
    """A filter: a visit one makes, or one to a household of one's teams; for a dossier only with the dossier.

    Who stands in for the visitor knows it too, unless it is for a dossier she may not open. One's own for a secret
    dossier closes with the dossier; who comes along must know where she goes, and nothing of what was said there.
    Having planned it adds nothing. ``visit`` is the path to the visit with its dunder, or nothing on the visit itself.
    ``Visit.who_may_open`` is its twin.
    """
    if not may(user, Permission.LOG_VISITS):
        return Q(pk__in=[])
    own = Q(**{f"{visit}visitor": user}) | Q(**{f"{visit}second_visitor": user})
    along = Q(**{f"{visit}second_visitor": user, f"{visit}status": VisitStatus.PLANNED})
    by_others = Q(pk__in=[])
    if user.covers:
        by_others |= Q(**{f"{visit}visitor__in": user.covers})
    if may(user, Permission.OPEN_TEAM_HOUSEHOLDS):
        by_others |= of_teams(user, f"{visit}tenancy__")
    is_secret = Q(**{f"{visit}case__confidentiality": Confidentiality.SECRET})
    with_case = knows_case(user, f"{visit}case__", f"{visit}tenancy__")
    not_for_a_case = Q(**{f"{visit}case": None})
    # Who handles a secret dossier, or stands in for it, may be of another team.
    of_secret = is_secret & with_case
    # Without a dossier is said apart: beside the line above, "not secret" alone is not true of what has none.
    hers = own & (not_for_a_case | ~is_secret | with_case)
    return along | of_secret | hers | (by_others & (not_for_a_case | with_case))


def knows_report(user: Any, report: str) -> Q:
    """A filter: a report of a visit one may know of, by one's team or, for some, by oneself. ``report`` as above."""
    known = Q(pk__in=[])
    if may(user, Permission.READ_TEAM_REPORTS):
        known |= knows_visit(user, f"{report}visit__")
    if may(user, Permission.READ_OWN_REPORTS):
        known |= Q(**{f"{report}created_by": user}) & knows_visit(user, f"{report}visit__")
    return known


class VisitQuerySet(SubjectQuerySet):
    """Visits."""

    def visible_to(self, user: Any) -> Self:
        """One's own visits, and those to the households of one's teams (``knows_visit``)."""
        return self.filter(knows_visit(user, ""))

    def planned(self) -> Self:
        """Still to come, or waiting for an outcome."""
        return self.filter(status=VisitStatus.PLANNED)

    def personal_contact(self) -> Self:
        """The visits at which we spoke with someone."""
        return self.filter(status=VisitStatus.HELD)


class Visit(Subject, ByColleague):
    """A planned or held visit. It gets exactly one outcome; a next attempt is a next visit."""

    holds_work = gives_notice = True
    keeps: ClassVar[Keep] = Keep(
        Retention.VISIT,
        {
            "client_uuid": Sensitivity.INTERNAL,
            "reason": Sensitivity.CONFIDENTIAL,
            "purpose": Sensitivity.CONFIDENTIAL,
            "planned_on": Sensitivity.INTERNAL,
            "planned_time": Sensitivity.INTERNAL,
            "announced": Sensitivity.INTERNAL,
            "status": Sensitivity.INTERNAL,
            "outcome": Sensitivity.INTERNAL,
            "ended_at": Sensitivity.INTERNAL,
            "daypart": Sensitivity.INTERNAL,
            "door_signs": Sensitivity.INTERNAL,
            "next_time": Sensitivity.INTERNAL,
            "elaborate_later": Sensitivity.INTERNAL,
            "created_at": Sensitivity.INTERNAL,
        },
        export=True,
    )

    # The device names what came of the visit before it is sent, so that sending it twice changes nothing.
    client_uuid = models.UUIDField(null=True, unique=True, editable=False)
    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, related_name="visits")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="visits")
    reason = models.CharField(_("why"), max_length=20, choices=VisitReason.choices, default=VisitReason.TALK)
    purpose = models.CharField(_("what for"), max_length=120, blank=True)
    visitor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who goes"), on_delete=models.PROTECT, related_name="visits"
    )
    second_visitor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who comes along"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    planned_on = models.DateField(_("day"))
    planned_time = models.TimeField(_("time"), null=True, blank=True)
    announced = models.CharField(_("announced"), max_length=10, choices=Announced.choices, default=Announced.NO)
    status = models.CharField(_("status"), max_length=12, choices=VisitStatus.choices, default=VisitStatus.PLANNED)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices, blank=True)
    ended_at = models.DateTimeField(_("when"), null=True, blank=True)
    daypart = models.CharField(_("part of the day"), max_length=10, choices=Daypart.choices, blank=True)
    # A list of DoorSign codes.
    door_signs = models.JSONField(_("at the door"), default=list, blank=True)
    next_time = models.CharField(_("next time"), max_length=10, choices=NextTime.choices, blank=True)
    # "Later uitwerken": the talk was held, the report still has to be written.
    elaborate_later = models.BooleanField(_("still to be worked out"), default=False)
    # Who works it out, when that is not who was there.
    worked_out_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("works it out"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            models.CheckConstraint(
                condition=Q(status=VisitStatus.PLANNED, outcome="", ended_at=None)
                | (~Q(status=VisitStatus.PLANNED) & ~Q(outcome="") & Q(ended_at__isnull=False)),
                name="visit_outcome_together",
            ),
            models.CheckConstraint(
                condition=Q(second_visitor=None) | ~Q(second_visitor=F("visitor")), name="visit_two_different_people"
            ),
        ]
        indexes = [
            models.Index(
                fields=["visitor", "planned_on", "planned_time"],
                condition=Q(status=VisitStatus.PLANNED),
                name="visit_planned",
            ),
            models.Index(fields=["visitor", "-ended_at"], name="visit_ended"),
            models.Index(fields=["tenancy", "-planned_on"], name="visit_tenancy"),
            models.Index(fields=["tenancy", "-ended_at"], condition=Q(status=VisitStatus.HELD), name="visit_held"),
            models.Index(fields=["visitor"], condition=Q(elaborate_later=True), name="visit_elaborate"),
            models.Index(fields=["ended_at"], condition=Q(ended_at__isnull=False), name="visit_ended_at"),
        ]

    @property
    def is_planned(self) -> bool:
        """Waits for its outcome."""
        return self.status == VisitStatus.PLANNED

    @property
    def is_held(self) -> bool:
        """Someone was spoken to."""
        return self.status == VisitStatus.HELD

    @classmethod
    def who_may_open(cls, key: Any, *, at: datetime) -> Q:
        """The twin of ``visible_to``."""
        rows = cls.objects.filter(pk=inside(key))
        own = rows.filter(Q(visitor=OuterRef("pk")) | Q(second_visitor=OuterRef("pk")))
        along = rows.planned().filter(second_visitor=OuterRef("pk"))
        hers = Q(Exists(along)) | Q(Exists(own.exclude(case__confidentiality=Confidentiality.SECRET)))
        covered = rows.filter(is_away("visitor__absences__", at=at), visitor__absences__substitute=OuterRef("pk"))
        by_team = holds(Permission.OPEN_TEAM_HOUSEHOLDS) & works_for(
            rows, "tenancy__dwelling__neighbourhood__team", at=at
        )
        cases = Case.objects.filter(visits=inside(key))
        free = Q(Exists(rows.filter(case=None))) | opens_case(cases, at=at)
        with_case = (Q(Exists(own)) | Q(Exists(covered)) | by_team) & free
        of_secret = opens_case(cases.filter(confidentiality=Confidentiality.SECRET), at=at)
        return holds(Permission.LOG_VISITS) & (hers | with_case | of_secret)

    @classmethod
    def who_stands_in(cls, key: Any, *, at: datetime) -> Q:  # noqa: ARG003
        """Who stands in on the dossier that it was for."""
        return stands_in_on_case(Case.objects.filter(visits=inside(key)))

    @classmethod
    def who_comes_along(cls, key: Any, *, at: datetime) -> Q:
        """Who may go there beside who visits: whoever visits this household, and reads its points of attention."""
        return holds(Permission.LOG_VISITS) & reaches(cls.objects.filter(pk=inside(key)), "tenancy__", at=at)

    @classmethod
    def who_visits(cls, key: Any, *, at: datetime) -> Q:
        """Who may go there; for a dossier only who may open it. Having gone there before adds nothing."""
        is_free = Q(Exists(cls.objects.filter(pk=inside(key), case=None)))
        of_case = opens_case(Case.objects.filter(visits=inside(key)), at=at)
        return cls.who_comes_along(key, at=at) & (is_free | of_case)

    @classmethod
    def who_works_on(cls, key: Any, *, at: datetime) -> Q:
        """The twin of ``is_worked_on_by``."""
        rows = cls.objects.filter(pk=inside(key))
        is_free = Q(Exists(rows.filter(Q(case=None) | Q(visitor=OuterRef("pk")))))
        of_case = works_on_case(Case.objects.filter(visits=inside(key)), at=at)
        return cls.who_may_open(key, at=at) & (is_free | of_case)

    def is_worked_on_by(self, user: Any) -> bool:
        """Whoever visits; for a dossier, who made the visit and whoever works on the dossier."""
        is_free = self.case is None or self.visitor_id == user.pk or self.case.is_worked_on_by(user)
        return may(user, Permission.LOG_VISITS) and is_free

    def get_absolute_url(self) -> str:
        """The page of this visit and its report."""
        return reverse("visit_report_detail", args=[self.pk])


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports of talks."""

    def visible_to(self, user: Any) -> Self:
        """Consultants and team leads of the household's team; others what they wrote themselves."""
        return self.filter(knows_report(user, ""))


class Report(ByColleague):
    """What was said. The resident may read it; what the resident answers is added, never written over it."""

    keeps: ClassVar[Keep] = Keep(
        Retention.VISIT,
        {
            "mood": Sensitivity.CONFIDENTIAL,
            "quote": Sensitivity.CONFIDENTIAL,
            "note": Sensitivity.CONFIDENTIAL,
            "entry_allowed": Sensitivity.INTERNAL,
            "voluntary_explained": Sensitivity.INTERNAL,
            "created_at": Sensitivity.INTERNAL,
        },
        export=True,
    )

    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, related_name="report")
    mood = models.CharField(_("how did it go"), max_length=10, choices=Mood.choices, blank=True)
    quote = models.CharField(_("in the resident's own words"), max_length=300, blank=True)
    note = models.TextField(_("note"), max_length=4000, blank=True)
    entry_allowed = models.BooleanField(_("was allowed to come in"), default=False)
    voluntary_explained = models.BooleanField(_("explained that the talk is voluntary"), default=False)
    signal = models.OneToOneField(Signal, null=True, on_delete=models.PROTECT, related_name="+")

    objects = ReportQuerySet.as_manager()


class TopicQuerySet(models.QuerySet["Topic"]):
    """What was talked about."""

    def visible_to(self, user: Any) -> Self:
        """Whoever may read the report."""
        return self.filter(knows_report(user, "report__"))


class Topic(models.Model):
    """One thing we talked about: what was seen or heard, apart from what one thinks."""

    keeps: ClassVar[Keep] = Keep(
        Retention.VISIT,
        {
            "area": Sensitivity.INTERNAL,
            "answer": Sensitivity.CONFIDENTIAL,
            "said": Sensitivity.CONFIDENTIAL,
            "thought": Sensitivity.CONFIDENTIAL,
        },
        export=True,
    )

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="topics")
    area = models.CharField(_("topic"), max_length=12, choices=LifeArea.choices)
    answer = models.CharField(_("how does it go"), max_length=10, choices=AreaAnswer.choices, blank=True)
    said = models.CharField(_("what did you see or hear"), max_length=500, blank=True)
    thought = models.CharField(_("what do you think"), max_length=500, blank=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "area"], name="topic_once")]


class ResponseQuerySet(models.QuerySet["ResidentResponse"]):
    """What residents said of their reports."""

    def visible_to(self, user: Any) -> Self:
        """Whoever may read the report."""
        return self.filter(knows_report(user, "report__"))


class ResidentResponse(ByColleague):
    """What the resident says of the report. Appended; never changes it."""

    keeps: ClassVar[Keep] = Keep(
        Retention.VISIT, {"text": Sensitivity.CONFIDENTIAL, "created_at": Sensitivity.INTERNAL}, export=True
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="responses")
    text = models.TextField(_("what the resident says of it"), max_length=2000)

    objects = ResponseQuerySet.as_manager()


class WishQuerySet(models.QuerySet["Wish"]):
    """Wishes and ideas."""

    def visible_to(self, user: Any) -> Self:
        """Whoever may see the household: a wish may be shared, it is what the resident knows best."""
        if not may(user, Permission.SEE_WISHES):
            return self.none()
        return self.filter(within_reach(user, "tenancy__"))


class Wish(ByColleague):
    """A wish or idea of the resident, apart from the report, so that it can reach the project."""

    keeps: ClassVar[Keep] = Keep(
        Retention.PROJECT, {"text": Sensitivity.INTERNAL, "created_at": Sensitivity.INTERNAL}, export=True
    )

    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, related_name="wishes")
    text = models.CharField(_("wish or idea"), max_length=300)

    objects = WishQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["tenancy", "-created_at"], name="wish_tenancy"),
            models.Index(fields=["created_at"], name="wish_noted"),
        ]


class ContactQuerySet(models.QuerySet["ContactMoment"]):
    """Short lines of contact."""

    def visible_to(self, user: Any) -> Self:
        """Whoever visits the household; a line about a dossier only with the dossier."""
        if not may(user, Permission.LOG_VISITS):
            return self.none()
        return self.filter(within_reach(user, "tenancy__")).filter(Q(case=None) | knows_case(user, "case__"))


class ContactMoment(ByColleague):
    """A call, a letter, a word at the desk: one short line that also counts as contact."""

    keeps: ClassVar[Keep] = Keep(
        Retention.VISIT,
        {
            "client_uuid": Sensitivity.INTERNAL,
            "channel": Sensitivity.INTERNAL,
            "direction": Sensitivity.INTERNAL,
            "line": Sensitivity.CONFIDENTIAL,
            "happened_at": Sensitivity.INTERNAL,
            "created_at": Sensitivity.INTERNAL,
        },
        export=True,
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client_uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, related_name="contacts")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="contacts")
    channel = models.CharField(_("how"), max_length=10, choices=Channel.choices)
    direction = models.CharField(_("who sought contact"), max_length=4, choices=Direction.choices)
    line = models.CharField(_("in one line"), max_length=200)
    happened_at = models.DateTimeField(_("when"))

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact moment")
        verbose_name_plural = _("contact moments")
        indexes = [
            models.Index(fields=["tenancy", "-happened_at"], name="contact_tenancy"),
            models.Index(fields=["created_at"], name="contact_noted"),
        ]


def own_visits(user: Any) -> VisitQuerySet:
    """The visits one makes oneself, along with someone or for someone one stands in for, and talks one works out."""
    to_work_out = Q(elaborate_later=True) & own_or_covered(user, "worked_out_by")
    mine = own_or_covered(user, "visitor") | Q(second_visitor=user) | to_work_out
    return Visit.objects.visible_to(user).filter(mine)


def worked_out_by(user: Any) -> Q:
    """A filter: the talks that this colleague still works out."""
    return Q(elaborate_later=True) & (Q(worked_out_by=user) | Q(worked_out_by=None, visitor=user))


def last_talk(tenancy: Tenancy, user: Any) -> VisitQuerySet:
    """The last visit at which someone of this household was spoken to, that this colleague may know of."""
    talks = Visit.objects.visible_to(user).personal_contact().filter(tenancy=tenancy)
    return Visit.objects.filter(pk__in=talks.order_by("-ended_at", "-pk").values("pk")[:1])


def last_contact(tenancy: Tenancy, user: Any, channels: Iterable[Channel]) -> ContactQuerySet:
    """The last short contact over one of these channels, that this colleague may know of."""
    contacts = ContactMoment.objects.visible_to(user).filter(tenancy=tenancy, channel__in=channels)
    return ContactMoment.objects.filter(pk__in=contacts.order_by("-happened_at", "-created_at", "-pk").values("pk")[:1])
