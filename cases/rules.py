"""May this colleague do this with a signal, a dossier or a point of attention?"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cases.models import AttentionFlag, Case, Signal, here_for_cases
from cases.states import CASE_MOVES, CaseStatus
from corporatie.staff.fields import Candidate
from corporatie.staff.models import Team, User, holds, may, works_for
from corporatie.staff.permissions import Permission
from corporatie.staff.rules import candidates, may_read_access_log
from corporatie.subjects.models import Subject
from tenants.models import Tenancy, neighbourhoods_of


def may_report_signal(user: Any) -> bool:
    """Everyone who comes to the door may say that something is wrong."""
    return may(user, Permission.REPORT_SIGNALS)


def may_judge_signals(user: Any) -> bool:
    """Whoever decides what happens with a signal. Others report, and read what came of it."""
    return may(user, Permission.TRIAGE_SIGNALS)


def may_triage(user: Any, signal: Signal) -> bool:
    """Take up, hand on, attach or close an open signal."""
    return judges(user, signal) and signal.is_open


def judges(user: Any, signal: Signal) -> bool:
    """Whoever took it up, or works for the household's team. Having reported it adds nothing."""
    is_hers = signal.handler_id in user.stands_for
    is_ours = signal.tenancy.dwelling.neighbourhood_id in neighbourhoods_of(user)
    return may_judge_signals(user) and (is_hers or is_ours)


def may_open_case(user: Any) -> bool:
    """Whoever judges signals may open a dossier."""
    return may(user, Permission.TRIAGE_SIGNALS)


def may_see_cases(user: Any) -> bool:
    """Whoever handles dossiers, or may be named to read one, has a list of them."""
    return may(user, Permission.OPEN_OWN_CASES) or may(user, Permission.OPEN_TEAM_CASES)


def may_see_team_cases(user: Any) -> bool:
    """Beside one's own, the dossiers of one's team."""
    return may(user, Permission.OPEN_TEAM_CASES)


def may_work_on(user: Any, case: Case) -> bool:
    """The handler, the colleagues of the team, and who stands in. It must be open."""
    return case.is_open and is_concerned(user, case)


def may_assign(user: Any, case: Case) -> bool:
    """Say who handles it: who works on it. A secret one its handler gives away, unless she is gone or away for long."""
    return may_work_on(user, case) and _is_hers_to_give(case, user, at=timezone.now())


def _is_hers_to_give(case: Case, user: Any, *, at: datetime) -> bool:
    if not case.is_secret or case.handler_id == user.pk:
        return True
    return not here_for_cases(at=at).filter(pk=case.handler_id).exists()


def may_name_second_reader(user: Any, case: Case) -> bool:
    """The handler of a secret dossier says who stands in for her."""
    return case.is_secret and case.is_open and case.handler_id == user.pk and is_concerned(user, case)


def may_reopen(user: Any, case: Case) -> bool:
    """The same people, once it is closed."""
    return CaseStatus.IN_PROGRESS in CASE_MOVES[case.status] and not case.is_open and is_concerned(user, case)


def is_concerned(user: Any, case: Case) -> bool:
    """Whoever may know of this dossier and works on it; someone who was only named to read it does not."""
    return case.is_worked_on_by(user)


# --- A secret dossier that nobody can open any more --------------------------------------------------------
@dataclass(frozen=True)
class Orphan:
    """As much as one knows of it who names its handler: a number, and the team whose households it is about."""

    pk: UUID
    team: str

    @property
    def number(self) -> str:
        """Its number."""
        return number_of(self.pk)


def number_of(case: UUID) -> str:
    """A number to speak of a dossier with, that says nothing."""
    return str(case)[:8]


def may_name_heir(user: Any) -> bool:
    """Who watches over reading, and opens no dossier herself."""
    return may_read_access_log(user)


def orphans(user: Any) -> list[Orphan]:
    """The secret dossiers for which this colleague names a handler."""
    if not may_name_heir(user):
        return []
    rows = Case.objects.left_alone(at=timezone.now()).order_by("created_at", "pk")
    found = rows.values_list("pk", "tenancy__dwelling__neighbourhood__team__name")
    return [Orphan(pk, team or "") for pk, team in found]


def heirs_offered(user: Any, left: list[Orphan], *, at: datetime) -> list[Candidate]:
    """Whom one may name for these: not herself, and first those of the teams that they lie in."""
    ours = Team.objects.filter(members=OuterRef("pk"), name__in=[each.team for each in left])
    return candidates(who_handles() & ~Q(pk=user.pk), team=Q(Exists(ours)), at=at)


def may_decide_flag(user: Any) -> bool:
    """A point of attention is a decision of the team lead."""
    return may(user, Permission.DECIDE_FLAGS)


def may_change_flag(user: Any, flag: AttentionFlag) -> bool:  # noqa: ARG001
    """Renewing and ending are decisions of the team lead too."""
    return may_decide_flag(user)


def may_read_flag_reasons(user: Any) -> bool:
    """Why a point of attention was decided on: for consultants and team leads."""
    return may(user, Permission.READ_FLAG_REASONS)


# --- Who may do it? Filters on colleagues, for the verbs: twins of the questions above. -------------------
def who_reports(tenancy: Tenancy, *, seen_at: Subject | None, at: datetime) -> Q:
    """Whoever comes to this door, or works on the visit at which it was seen."""
    there = Tenancy.who_may_open(tenancy.pk, at=at)
    return holds(Permission.REPORT_SIGNALS) & (there | seen_at.who_works_on(seen_at.pk, at=at) if seen_at else there)


def who_triages(signal: Signal, *, at: datetime) -> Q:
    """The twin of ``judges``, for who may open it."""
    return Signal.who_judges(signal.pk, at=at)


def who_opens_case(tenancy: Tenancy, signal: Signal | None, *, at: datetime) -> Q:
    """Whoever judges this signal, or without one the signals of this household."""
    if signal is not None:
        return who_triages(signal, at=at)
    return holds(Permission.TRIAGE_SIGNALS) & Tenancy.who_may_open(tenancy.pk, at=at)


def who_decides_flag(tenancy: Tenancy, *, at: datetime) -> Q:
    """The twin of ``may_decide_flag``, for who may open the household."""
    return holds(Permission.DECIDE_FLAGS) & Tenancy.who_may_open(tenancy.pk, at=at)


def who_assigns(case: Case, *, by: Any, at: datetime) -> Q:
    """The twin of ``may_assign``."""
    return Case.who_works_on(case.pk, at=at) if _is_hers_to_give(case, by, at=at) else Q(pk__in=[])


def works_on(user: Any, *, at: datetime) -> Q:
    """A filter on dossiers: this colleague works on it. Who was named to read one does not."""
    herself = User.objects.get_queryset().filter(Case.who_works_on(OuterRef("pk"), at=at), pk=user.pk)
    return Q(Exists(herself))


# --- Whom may one choose? Filters on colleagues, for the lists and for the verbs. -----------------------
def who_judges(signal: Signal, *, at: datetime) -> Q:
    """To whom one may hand this signal: whoever judges signals of the household's team, the secret ones included."""
    rows = Tenancy.objects.filter(pk=signal.tenancy_id)
    return holds(Permission.TRIAGE_SIGNALS) & works_for(rows, "dwelling__neighbourhood__team", at=at)


def who_handles() -> Q:
    """Who can open a dossier as its handler, secret or not."""
    return holds(Permission.OPEN_OWN_CASES)


def who_reads_second(*, handler: User | None = None) -> Q:
    """Who may be named second reader: whoever may open a dossier she is named for, and not its handler."""
    return holds(Permission.OPEN_OWN_CASES) & ~Q(pk=handler.pk if handler else None)
