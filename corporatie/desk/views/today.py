"""Vandaag: must I do something now, whom do I visit, who lives nearby?"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cases.models import AttentionFlag, Signal
from cases.states import Severity, SignalStatus
from corporatie.desk.forms import NobodyHomeForm, OtherOutcomeForm, QuickTalkForm
from corporatie.privacy import actions as privacy
from corporatie.staff.rules import Permission, may, own_or_covered
from corporatie.work.models import FollowUp
from corporatie.work.states import FollowUpKind
from projects.models import Intake, ProjectDwelling
from projects.states import IntakeAnswer
from tenants.models import Tenancy
from visits.models import Visit
from visits.states import OTHER_WAY_AFTER, Outcome, VisitStatus

# What cannot wait is capped, or it is no longer "now".
NOW = 5
NEARBY = 3


@dataclass
class Card:
    """A visit of this day: three facts, and the card is the form."""

    visit: Visit
    flags: list[dict[str, str]] = field(default_factory=list)
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
        promises, closed = visit.open_promises, visit.closed_doors  # type: ignore[attr-defined]
        if promises:
            parts.append(ngettext("%(n)d promise", "%(n)d promises", promises) % {"n": promises})
        if closed:
            parts.append(_("attempt %(n)d") % {"n": closed + 1})
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
        return bool(self.visit.closed_doors >= OTHER_WAY_AFTER)  # type: ignore[attr-defined]


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


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _belongs_to(visit: Visit, day: date) -> bool:
    return visit.planned_on == day and visit.status != VisitStatus.CANCELLED


def _visits(user: Any, day: date) -> list[Visit]:
    """The visits of this day, and the talks still to be worked out, with what their cards say. One query."""
    mine = own_or_covered(user, "visitor") | Q(second_visitor=user)
    promises = FollowUp.objects.visible_to(user).open().filter(tenancy=OuterRef("tenancy"), is_promise=True)
    closed = Visit.objects.visible_to(user).filter(
        tenancy=OuterRef("tenancy"), status=VisitStatus.NOBODY_HOME, planned_on__gt=OuterRef("last_talk")
    )
    talk = Visit.objects.visible_to(user).personal_contact().filter(tenancy=OuterRef("tenancy")).order_by("-planned_on")
    return list(
        Visit.objects.visible_to(user)
        .filter(mine)
        .filter(Q(planned_on=day) | Q(elaborate_later=True))
        .annotate(last_talk=Coalesce(Subquery(talk.values("planned_on")[:1]), date(1900, 1, 1)))
        .annotate(open_promises=_count(promises), closed_doors=_count(closed))
        .select_related("tenancy__dwelling")
        .order_by("planned_on", "planned_time", "id")
    )


def _count(rows: Any) -> Coalesce:
    counted = rows.order_by().values("tenancy").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _cards(user: Any, visits: list[Visit], *, now: datetime) -> list[Card]:
    flags = _flags(user, visits, on=timezone.localdate(now))
    asking = households_to_ask(user, [visit.tenancy for visit in visits])
    cards = [Card(visit, flags=flags[visit.tenancy_id]) for visit in visits]
    waiting = [card for card in cards if card.visit.is_planned]
    for card in waiting:
        card.ask(asks_intake=card.visit.tenancy_id in asking)
    if waiting:
        waiting[0].is_now = True
    return cards


def _flags(user: Any, visits: list[Visit], *, on: date) -> dict[UUID, list[dict[str, str]]]:
    found: dict[UUID, list[dict[str, str]]] = defaultdict(list)
    rows = AttentionFlag.objects.visible_to(user).active(on=on)
    for flag in rows.filter(tenancy__in=[visit.tenancy_id for visit in visits]).order_by("kind"):
        found[flag.tenancy_id].append({"text": str(flag.get_kind_display()), "icon": flag.icon})
    return found


def households_to_ask(user: Any, tenancies: list[Tenancy]) -> dict[UUID, UUID]:
    """The households whose renovation project still wants the first question: tenancy id to project id. One query."""
    dwellings = {tenancy.dwelling_id: tenancy.pk for tenancy in tenancies}
    answered = (
        Intake.objects.visible_to(user)
        .filter(
            project=OuterRef("project"), tenancy__dwelling=OuterRef("dwelling"), tenancy__in=list(dwellings.values())
        )
        .exclude(answer=IntakeAnswer.LATER)
    )
    rows = (
        ProjectDwelling.objects.visible_to(user)
        .asking()
        .filter(dwelling__in=dwellings)
        .exclude(Exists(answered))
        .order_by("project__starts_on")
        .values_list("dwelling", "project")
    )
    return {dwellings[dwelling]: project for dwelling, project in rows}


def _urgent(user: Any, on: date) -> list[dict[str, Any]]:
    """What cannot wait: acute signals first, then promises, then other work. Two queries."""
    return [*_urgent_signals(user, on), *_urgent_work(user, on)]


def _urgent_signals(user: Any, on: date) -> list[dict[str, Any]]:
    nobody = Q(status=SignalStatus.NEW, severity=Severity.ACUTE)
    mine = Q(handler=user, respond_by_on__lte=on)
    rows = Signal.objects.visible_to(user).open().filter(nobody | mine).select_related("tenancy__dwelling")
    return [
        {
            "household": signal.tenancy_id,
            "url": signal.get_absolute_url(),
            "title": _("%(how)s signal: %(address)s")
            % {"how": signal.get_severity_display(), "address": signal.tenancy.dwelling.address},
            "detail": f"{signal.get_type_display()} · {signal.get_status_display()}",
            "icon": "warn" if signal.severity == Severity.ACUTE else "signal",
            "tone": "bad",
        }
        for signal in rows.in_order_of_urgency()[: NOW * 4]
    ]


def _urgent_work(user: Any, on: date) -> list[dict[str, Any]]:
    rows = (
        FollowUp.objects.visible_to(user)
        .filter(own_or_covered(user, "owner"))
        .open()
        .filter(due_on__lte=on)
        .select_related("tenancy__dwelling")
        .order_by("-is_promise", "due_on", "id")
    )
    return [_work_row(follow_up, on) for follow_up in rows[: NOW * 4]]


def _work_row(follow_up: FollowUp, on: date) -> dict[str, Any]:
    is_late = follow_up.due_on < on
    if follow_up.is_promise:
        title = _("Promise late: %(what)s") if is_late else _("Promise for today: %(what)s")
    else:
        title = _("Late: %(what)s") if is_late else _("For today: %(what)s")
    is_step = follow_up.kind == FollowUpKind.CASE_STEP
    return {
        "household": follow_up.tenancy_id,
        "url": reverse("case_detail", args=[follow_up.subject_id]) if is_step else follow_up.get_absolute_url(),
        "title": title % {"what": follow_up.what},
        "detail": f"{follow_up.tenancy.dwelling.address} · {follow_up.tenancy.name}",
        "icon": "promise" if follow_up.is_promise else "check",
        "tone": "warn",
    }


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
