"""The page of a dossier: the next step on top, then what was agreed and what happened."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_http_methods

from cases import rules
from cases.models import AttentionFlag, Case, HandOver, Signal
from cases.states import CASE_MOVES, ENDED, FLAG_ICON, CaseStatus, FlagKind, SignalType
from corporatie.desk.views.gather import Row, part
from corporatie.desk.views.timeline import asked_for, timeline_of
from corporatie.privacy import actions as privacy
from corporatie.staff.rules import Permission, may
from corporatie.work.models import work_on
from corporatie.work.states import FollowUpKind
from tenants.models import Tenancy, asking_about
from tenants.rules import is_reached
from visits.models import Visit
from visits.states import VisitReason

# Steps that were taken stay in view; older ones stand in the timeline.
MOST_STEPS = 30
SHOWN_WITH = ("tenancy__dwelling__neighbourhood__team", "handler", "next_step__owner")


@dataclass
class Around:
    """What lies around a dossier, in the words of the screen."""

    case: Case
    rows: dict[str, list[Row]] = field(default_factory=dict)

    @classmethod
    def parts(cls, case: Case, user: Any) -> list[QuerySet[Any]]:
        """Other kinds, signals, planned visits, points of attention and readers, to ask in one question."""
        today = timezone.localdate()
        flags = AttentionFlag.objects.visible_to(user).active(on=today).filter(tenancy=case.tenancy_id)
        visits = Visit.objects.visible_to(user).planned().filter(case=case)
        return [
            part("kind", case.more_types.all(), key="case_id", one="type"),
            part("reader", case.readers.filter(is_second=False), key="case_id", who="user__name"),
            part("second_reader", case.readers.filter(is_second=True), key="case_id", who="user__name"),
            part("stand_in", case.handler.absences.on(today), key=None, who="substitute__name"),
            part(
                "asked",
                HandOver.objects.visible_to(user).waiting().filter(case=case),
                key=None,
                one="receiver_id",
                who="receiver__name",
            ),
            part(
                "refused",
                HandOver.objects.visible_to(user).refused().filter(Q(asked_by=user) | Q(case__handler=user), case=case),
                key=None,
                one="reason",
                who="receiver__name",
                on=TruncDate("answered_at"),
            ),
            part("household", Tenancy.objects.visible_to(user).filter(pk=case.tenancy_id)),
            part(
                "signal",
                Signal.objects.visible_to(user).filter(case=case),
                one="type",
                two="seen",
                who="created_by__name",
                on=TruncDate("created_at"),
            ),
            part("visit", visits, one="reason", two="purpose", who="visitor__name", on="planned_on"),
            part("flag", flags, one="kind", on="review_on"),
        ]

    @classmethod
    def of(cls, case: Case, rows: list[Row]) -> "Around":
        """What the question above gave."""
        today, around = timezone.localdate(), cls(case)
        for row in sorted(rows, key=lambda row: (row.on or today, row.one, row.who)):
            around.rows.setdefault(row.part, []).append(row)
        return around

    @cached_property
    def kinds(self) -> list[str]:
        """What it is about, the main kind first."""
        others = sorted(str(SignalType(row.one).label) for row in self.rows.get("kind", []))
        return [str(self.case.type_words), *others]

    @property
    def readers(self) -> list[str]:
        """Who was named to read it."""
        return [row.who for row in self.rows.get("reader", [])]

    @property
    def second_reader(self) -> str:
        """Who stands in for the handler of a secret dossier; nobody was named for an older one."""
        return next((row.who for row in self.rows.get("second_reader", [])), "")

    @property
    def stand_ins(self) -> list[str]:
        """Who stands in for the handler today. For a secret dossier that is the second reader alone."""
        is_away = self.rows.get("stand_in", [])
        if self.case.is_secret:
            return [self.second_reader] if is_away and self.second_reader else []
        return [row.who for row in is_away]

    @property
    def asked(self) -> Row | None:
        """Who was asked to take it over and did not answer yet: ``who`` and, as text, ``one`` her number."""
        return next(iter(self.rows.get("asked", [])), None)

    @property
    def refused(self) -> Row | None:
        """Who did not want it: ``who``, ``on`` which day and in ``one`` why, for who asked and who handles it."""
        return next(iter(self.rows.get("refused", [])), None)

    @property
    def sees_household(self) -> bool:
        """Whether this colleague may open the page of the household too."""
        return "household" in self.rows

    @property
    def signals(self) -> list[dict[str, Any]]:
        """The signals in it."""
        return [
            {"pk": row.key, "kind": SignalType(row.one).label, "seen": row.two, "by": row.who, "on": row.on}
            for row in self.rows.get("signal", [])
        ]

    @property
    def visits(self) -> list[dict[str, Any]]:
        """The visits that are planned for it."""
        return [
            {"pk": row.key, "why": row.two or VisitReason(row.one).label, "who": row.who, "on": row.on}
            for row in self.rows.get("visit", [])
        ]

    @property
    def flags(self) -> list[dict[str, Any]]:
        """What someone at the door must know."""
        return [
            {"pk": row.key, "text": FlagKind(row.one).label, "icon": FLAG_ICON[FlagKind(row.one)], "until": row.on}
            for row in self.rows.get("flag", [])
        ]


@login_required
@require_http_methods(["GET"])
def case_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One dossier. A secret one is there for its handler and named people only."""
    rows = Case.objects.visible_to(request.user).select_related(*SHOWN_WITH)
    case = get_object_or_404(rows, pk=pk)
    privacy.record_read(subject=case, by=request.user, at=timezone.now())
    asker = asking_about(request.user, case.tenancy)
    follow_ups = list(
        work_on(case, asker)
        .select_related("owner")
        .order_by(F("done_at").desc(nulls_first=True), "due_on", "id")[:MOST_STEPS]
    )
    timeline = timeline_of(case, asker, **asked_for(request), beside=Around.parts(case, asker))
    may_work = rules.may_work_on(request.user, case)
    moves = CASE_MOVES[case.status] if may_work else frozenset()
    around = Around.of(case, timeline.beside)
    context = {
        "case": case,
        "around": around,
        "steps": [follow_up for follow_up in follow_ups if follow_up.kind == FollowUpKind.CASE_STEP],
        "open_work": [
            follow_up
            for follow_up in follow_ups
            if follow_up.done_at is None and follow_up.kind != FollowUpKind.CASE_STEP
        ],
        "is_asked": around.asked is not None and around.asked.one == str(request.user.pk) and case.is_open,
        "may_work": may_work,
        "may_assign": rules.may_assign(request.user, case),
        "may_name_second": rules.may_name_second_reader(request.user, case),
        "may_visit": may_work and may(request.user, Permission.LOG_VISITS),
        "is_reached": is_reached(request.user, case.tenancy),
        "may_reopen": rules.may_reopen(request.user, case),
        "moves": [status for status in CaseStatus if status in moves and status not in ENDED],
        "may_close": CaseStatus.CLOSED in moves,
        "may_cancel": CaseStatus.CANCELLED in moves,
        "timeline": timeline,
        "today": timezone.localdate(),
    }
    return render(request, "desk/case_detail.html", context)
