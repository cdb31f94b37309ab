"""Vandaag: must I do something now, whom do I visit, who lives nearby?"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, Subquery, UUIDField
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cases.models import AttentionFlag, Signal
from cases.states import FLAG_ICON, FlagKind, Severity, SignalStatus
from corporatie.desk.forms import NobodyHomeForm, OtherOutcomeForm, QuickTalkForm
from corporatie.desk.templatetags.kt import day as in_words
from corporatie.desk.views.gather import Row, gather, part
from corporatie.privacy import actions as privacy
from corporatie.staff.rules import Permission, may
from corporatie.work.models import FollowUp, own_work
from corporatie.work.rules import Calendar
from corporatie.work.states import FollowUpKind
from projects.models import Intake, ProjectDwelling
from projects.rules import may_write_intakes
from projects.states import IntakeAnswer
from tenants.models import Tenancy
from visits.models import Visit, own_visits
from visits.rules import works_on
from visits.states import OTHER_WAY_AFTER, Outcome, VisitStatus

# What cannot wait is capped, or it is no longer "now".
NOW = 5
NEARBY = 3


@dataclass
class Card:
    """A visit of this day: three facts, and the card is the form."""

    visit: Visit
    flags: list[dict[str, str]] = field(default_factory=list)
    # What we still owe the household, and how often the door stayed closed since we last spoke.
    promises: int = 0
    closed_doors: int = 0
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    is_now: bool = False

    @property
    def tenancy(self) -> Tenancy:
        """The household."""
        return self.visit.tenancy

    @property
    def id(self) -> str:
        """Opening one answer closes the other."""
        return f"card-{self.visit.pk.hex[:8]}"

    @property
    def at(self) -> datetime | None:
        """When we come, or when it ended."""
        visit = self.visit
        if visit.planned_time is None:
            return visit.ended_at
        return timezone.make_aware(datetime.combine(visit.planned_on, visit.planned_time))

    @property
    def address(self) -> str:
        """Where."""
        return self.tenancy.dwelling.address

    @property
    def people(self) -> str:
        """Who lives there, and on which floor."""
        return ", ".join(part for part in (self.tenancy.name, self.tenancy.dwelling.floor_words) if part)

    @property
    def url(self) -> str:
        """Read first, in a minute."""
        return reverse("tenancy_brief", args=[self.visit.tenancy_id])

    @property
    def done(self) -> str:
        """What came of it; empty while it is planned."""
        return "" if self.visit.is_planned else str(self.visit.get_outcome_display())

    @property
    def report_url(self) -> str:
        """Where the talk can still be worked out."""
        visit = self.visit
        return reverse("visit_report_file", args=[visit.pk]) if visit.elaborate_later else visit.get_absolute_url()

    @property
    def reason(self) -> str:
        """Why we come, what we promised, which attempt this is."""
        visit = self.visit
        parts = [visit.purpose or str(visit.get_reason_display())]
        if self.promises:
            parts.append(ngettext("%(n)d promise", "%(n)d promises", self.promises) % {"n": self.promises})
        if self.closed_doors:
            parts.append(_("attempt %(n)d") % {"n": self.closed_doors + 1})
        return " · ".join(parts)

    def ask(self, *, asks_intake: bool) -> None:
        """Put the three answers on the card. Each is a small form with ids of its own."""
        ids = f"id_{self.visit.pk.hex[:8]}_%s"
        pk = self.visit.pk
        self.outcomes = [
            {
                "label": Outcome.TALKED.label,
                "url": reverse("visit_report_file", args=[pk]),
                "form": QuickTalkForm(asks_intake=asks_intake, auto_id=ids),
                "save": _("Save talk"),
                "is_main": True,
                "more_label": _("Write more"),
            },
            {
                "label": Outcome.NOBODY_HOME.label,
                "url": reverse("visit_nobody_home", args=[pk]),
                "form": NobodyHomeForm(auto_id=ids),
                "save": _("Save"),
            },
            {
                "label": _("Other outcome"),
                "url": reverse("visit_other", args=[pk]),
                "form": OtherOutcomeForm(auto_id=ids),
                "save": _("Save"),
                "has_more": True,
            },
        ]

    @property
    def wants_other_way(self) -> bool:
        """The door stayed closed so often that another way may work better."""
        return self.closed_doors >= OTHER_WAY_AFTER


@login_required
@require_http_methods(["GET"])
def today(request: HttpRequest) -> HttpResponse:
    """The morning page of who visits people."""
    user = request.user
    if not may(user, Permission.SEE_TODAY):
        raise PermissionDenied
    now = timezone.now()
    day = _day(request.GET.get("dag")) or timezone.localdate(now)
    visits = _visits(user, day)
    cards = _cards(user, [visit for visit in visits if _belongs_to(visit, day)], now=now)
    urgent = _urgent(user, timezone.localdate(now))
    to_elaborate = [visit for visit in visits if visit.elaborate_later]
    nearby = _nearby(user, cards)
    households = [*(visit.tenancy_id for visit in visits), *(row["household"] for row in [*urgent, *nearby])]
    privacy.record_list(label=Tenancy.label(), shown=dict.fromkeys(households), by=user, at=now)
    context = {
        "day": day,
        "is_today": day == timezone.localdate(now),
        "cards": cards,
        "open_cards": sum(card.visit.is_planned for card in cards),
        "to_elaborate": to_elaborate,
        "now_count": len(urgent) + len(to_elaborate),
        "urgent": urgent[:NOW],
        "urgent_more": urgent[NOW:],
        "nearby": nearby,
    }
    return render(request, "desk/today.html", context)


def way_back(user: Any, visit: Visit | None, tenancy: Tenancy) -> dict[str, Any]:
    """Where one goes on after a visit: to one's day. Without a visit, or for who has no such page, to the household."""
    if visit is not None and may(user, Permission.SEE_TODAY):
        return {"url": reverse("today"), "label": _("Today")}
    return {"url": tenancy.get_absolute_url(), "label": tenancy.dwelling.address}


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _belongs_to(visit: Visit, day: date) -> bool:
    return visit.planned_on == day and visit.status != VisitStatus.CANCELLED


def _visits(user: Any, day: date) -> list[Visit]:
    """The visits of this day, and the talks still to be worked out. One query."""
    return list(
        own_visits(user)
        .filter(Q(planned_on=day) | Q(elaborate_later=True))
        .select_related("tenancy__dwelling")
        .order_by("planned_on", "planned_time", "id")
    )


def _cards(user: Any, visits: list[Visit], *, now: datetime) -> list[Card]:
    around = _around(user, visits, on=timezone.localdate(now))
    asking = households_to_ask(user, [visit.tenancy for visit in visits])
    cards = [_card(visit, around[visit.tenancy_id]) for visit in visits]
    waiting = [card for card in cards if card.visit.is_planned]
    told_by_others = _told_by_others(user, [card.visit for card in waiting], now=now)
    for card in waiting:
        if card.visit.pk not in told_by_others:
            card.ask(asks_intake=card.visit.tenancy_id in asking)
    if waiting:
        waiting[0].is_now = True
    return cards


def _told_by_others(user: Any, visits: list[Visit], *, now: datetime) -> set[UUID]:
    """The visits for a dossier one does not work on: one comes along, and writes nothing down. At most one query."""
    along = {visit.pk for visit in visits if visit.case_id and visit.visitor_id != user.pk}
    if not along:
        return set()
    hers = Visit.objects.visible_to(user).filter(works_on(user, at=now), pk__in=along)
    return along - set(hers.values_list("pk", flat=True))


def _around(user: Any, visits: list[Visit], *, on: date) -> dict[UUID, list[Row]]:
    """What the cards say of each household: points of attention, promises, talks and closed doors. One query."""
    households = {"tenancy__in": {visit.tenancy_id for visit in visits}}
    past = Visit.objects.visible_to(user).filter(status__in=(VisitStatus.HELD, VisitStatus.NOBODY_HOME), **households)
    promises = FollowUp.objects.visible_to(user).open().filter(is_promise=True, **households)
    found: dict[UUID, list[Row]] = defaultdict(list)
    if not visits:
        return found
    for row in gather(
        part(
            "flag",
            AttentionFlag.objects.visible_to(user).active(on=on).filter(**households),
            key="tenancy_id",
            one="kind",
        ),
        part("promise", promises, key="tenancy_id"),
        part("visit", past, key="tenancy_id", one="status", on=TruncDate("ended_at")),
    ):
        found[row.key or UUID(int=0)].append(row)
    return found


def _card(visit: Visit, rows: list[Row]) -> Card:
    kinds = sorted(row.one for row in rows if row.part == "flag")
    last_talk = max((row.on for row in rows if row.on and row.one == VisitStatus.HELD), default=date.min)
    return Card(
        visit,
        flags=[{"text": str(FlagKind(kind).label), "icon": FLAG_ICON[FlagKind(kind)]} for kind in kinds],
        promises=sum(row.part == "promise" for row in rows),
        closed_doors=sum(row.one == VisitStatus.NOBODY_HOME and (row.on or last_talk) > last_talk for row in rows),
    )


def households_to_ask(user: Any, tenancies: list[Tenancy]) -> dict[UUID, UUID]:
    """The households whose renovation project still wants the first question: tenancy id to project id. One query."""
    if not may_write_intakes(user):
        return {}
    answered = (
        Intake.objects.visible_to(user)
        .filter(project=OuterRef("project"), tenancy=OuterRef(OuterRef("pk")))
        .exclude(answer=IntakeAnswer.LATER)
    )
    asking = (
        ProjectDwelling.objects.visible_to(user)
        .asking()
        .filter(dwelling=OuterRef("dwelling"))
        .exclude(Exists(answered))
        .order_by("-project__starts_on")
        .values("project")
    )
    rows = Tenancy.objects.visible_to(user).filter(pk__in=[tenancy.pk for tenancy in tenancies])
    found = rows.values_list("pk", Subquery(asking[:1], output_field=UUIDField()))
    return {household: project for household, project in found if project}


def _urgent(user: Any, on: date) -> list[dict[str, Any]]:
    """What cannot wait, until the next working day: acute signals, then promises, then other work. Three queries."""
    until = Calendar.load().last_reminded(on)
    return [*_urgent_signals(user, until), *_urgent_work(user, on, until)]


def _urgent_signals(user: Any, until: date) -> list[dict[str, Any]]:
    nobody = Q(status=SignalStatus.NEW, severity=Severity.ACUTE)
    mine = Q(handler=user, respond_by_on__lte=until)
    rows = Signal.objects.visible_to(user).open().filter(nobody | mine).select_related("tenancy__dwelling")
    return [
        {
            "household": signal.tenancy_id,
            "url": signal.get_absolute_url(),
            "title": _("%(how)s signal: %(address)s")
            % {"how": signal.severity_words, "address": signal.tenancy.dwelling.address},
            "detail": f"{signal.type_words} · {signal.status_words}",
            "icon": "warn" if signal.severity == Severity.ACUTE else "signal",
            "tone": "bad",
        }
        for signal in rows.in_order_of_urgency()[: NOW * 4]
    ]


def _urgent_work(user: Any, on: date, until: date) -> list[dict[str, Any]]:
    rows = (
        own_work(user)
        .open()
        .filter(due_on__lte=until)
        .select_related("tenancy__dwelling")
        .order_by("-is_promise", "due_on", "id")
    )
    return [_work_row(follow_up, on) for follow_up in rows[: NOW * 4]]


def _work_row(follow_up: FollowUp, on: date) -> dict[str, Any]:
    is_late = follow_up.due_on < on
    if follow_up.is_promise:
        title = _("Promise late: %(what)s") if is_late else _("Promise for %(day)s: %(what)s")
    else:
        title = _("Late: %(what)s") if is_late else _("For %(day)s: %(what)s")
    is_step = follow_up.kind == FollowUpKind.CASE_STEP
    return {
        "household": follow_up.tenancy_id,
        "url": reverse("case_detail", args=[follow_up.subject_id]) if is_step else follow_up.get_absolute_url(),
        "title": title % {"what": follow_up.what, "day": _when(follow_up.due_on, on)},
        "detail": f"{follow_up.tenancy.dwelling.address} · {follow_up.tenancy.name}",
        "icon": "promise" if follow_up.is_promise else "check",
        "tone": "warn",
    }


def _when(due_on: date, on: date) -> str:
    return _("today") if due_on == on else in_words(due_on)


def _nearby(user: Any, cards: list[Card]) -> list[dict[str, Any]]:
    """Households in the streets of today that a project still has to ask, without a visit planned. One query."""
    streets = {card.tenancy.dwelling.street for card in cards}
    if not streets:
        return []
    asking = ProjectDwelling.objects.visible_to(user).asking().filter(dwelling=OuterRef("dwelling"))
    rows = (
        Tenancy.objects.visible_to(user)
        .current()
        .filter(dwelling__street__in=streets)
        .filter(Exists(asking))
        .exclude(Exists(Intake.objects.visible_to(user).filter(tenancy=OuterRef("pk"))))
        .exclude(Exists(Visit.objects.visible_to(user).planned().filter(tenancy=OuterRef("pk"))))
        .select_related("dwelling")
        .order_by("dwelling__street", "dwelling__number", "pk")
    )
    return [
        {
            "household": tenancy.pk,
            "url": f"{reverse('visit_plan')}?huishouden={tenancy.pk}&reden=renovation_intake",
            "title": tenancy.dwelling.address,
            "detail": _("Intake still open"),
            "icon": "away",
            "sign": "plus",
        }
        for tenancy in rows[:NEARBY]
    ]
