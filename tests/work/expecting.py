"""Who ought to have heard of what, asked of one colleague after another: no set-based question of the house is used."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from cases.models import AttentionFlag, Case, CaseReader, Signal
from cases.rules import judges
from cases.states import Confidentiality, FlagStatus, Severity, SignalStatus
from corporatie.staff.models import Absence, Team, User, may
from corporatie.staff.permissions import PERMISSIONS_OF, Permission, Role
from corporatie.staff.states import AbsencePart
from corporatie.subjects.models import subject_model
from corporatie.work.models import Alarm, FollowUp, Notice
from tenants.models import Tenancy
from visits.models import Visit
from visits.states import VisitStatus

OPEN_SIGNALS = (SignalStatus.NEW, SignalStatus.TAKEN_UP)


def working_day_before(day: date) -> date:
    """Of weeks without a holiday."""
    return day - timedelta(days=3 if day.weekday() == 0 else 1)


def working_day_after(day: date) -> date:
    """Of weeks without a holiday."""
    return day + timedelta(days=max(7 - day.weekday(), 1) if day.weekday() > 3 else 1)


class Expected:
    """All that must be live at this moment: (rule, row) and who may be the one that hears of it."""

    def __init__(self, at: datetime) -> None:
        """Look at who is where."""
        self.at, self.on = at, timezone.localdate(at)
        self.users = {user.pk: user for user in User.objects.get_queryset()}
        local = timezone.localtime(at)
        part = AbsencePart.MORNING if local.hour < 12 else AbsencePart.AFTERNOON
        self.absences = list(Absence.objects.all())
        self.away = [
            (absence.user_id, absence.substitute_id)
            for absence in self.absences
            if absence.from_on <= self.on <= absence.until_on and absence.part in (AbsencePart.DAY, part)
        ]
        absent = {user for user, _substitute in self.away}
        self.present = {pk for pk, user in self.users.items() if user.is_active and pk not in absent}
        self.teams = {team.pk: {member.pk for member in team.members.all()} for team in Team.objects.all()}
        roles: dict[int, set[Permission]] = {pk: set() for pk in self.users}
        for user in self.users.values():
            for grant in user.grants.all():
                roles[user.pk] |= PERMISSIONS_OF[Role(grant.role)]
        self.may = roles

    def things(self) -> Iterator[tuple[str, Any, set[int | None]]]:
        """Everything that is due, and who may be the one."""
        before = working_day_before(self.on)
        for row in FollowUp.objects.filter(done_at=None).select_related("tenancy__dwelling__neighbourhood"):
            chain = self._chain(row, row.owner_id, self._works_on(row), self._named(row.subject_label, row.subject_id))
            is_told = row.told_on and row.told_on > row.due_on
            if row.due_on <= self.on:
                is_late = row.is_promise and row.due_on < before and not is_told
                yield ("promise_late" if is_late else "follow_up_due"), row, chain
            if row.tenancy.ended_on and row.tenancy.ended_on < self.on:
                yield "follow_up_household_left", row, chain
        yield from self._signals(before)
        for row in AttentionFlag.objects.filter(status=FlagStatus.ACTIVE):
            if row.review_on <= self.on + timedelta(days=14):
                yield "flag_review", row, self._chain(row, row.decided_by_id, self._sees(row, Permission.DECIDE_FLAGS))
        for row in Visit.objects.filter(status=VisitStatus.PLANNED):
            named = self._named(Visit.label(), row.pk)
            chain = self._chain(row, row.visitor_id, self._works_on_visit(row), named)
            if row.planned_on < self.on:
                yield "visit_no_outcome", row, chain
            if self.on <= row.planned_on <= working_day_after(self.on) and self._is_alone(row):
                yield "visit_nobody_goes", row, chain
            is_gone = row.tenancy.ended_on and row.planned_on > row.tenancy.ended_on
            if is_gone or row.planned_on < row.tenancy.started_on:
                yield "visit_household_left", row, chain

        yield from self._second_readers()

    def _is_alone(self, row: Visit) -> bool:
        """Who would go left, may not, or is away that whole day."""
        hers = [each for each in self.absences if each.user_id == row.visitor_id]
        parts = {each.part for each in hers if each.from_on <= row.planned_on <= each.until_on}
        is_away = AbsencePart.DAY in parts or {AbsencePart.MORNING, AbsencePart.AFTERNOON} <= parts
        return is_away or not (self.users[row.visitor_id].is_active and self._goes_there(row, row.visitor_id))

    def _goes_there(self, row: Visit, pk: int) -> bool:
        """She visits people, may open this household, and the dossier that it is for."""
        user = User.objects.get_queryset().get(pk=pk)
        household = Tenancy.objects.visible_to(user).filter(pk=row.tenancy_id)
        of_case = Case.objects.visible_to(user).filter(pk=row.case_id)
        return may(user, Permission.LOG_VISITS) and household.exists() and (not row.case_id or of_case.exists())

    def _second_readers(self) -> Iterator[tuple[str, Any, set[int | None]]]:
        able = {pk for pk, user in self.users.items() if user.is_active and Permission.OPEN_OWN_CASES in self.may[pk]}
        for row in Case.objects.filter(confidentiality=Confidentiality.SECRET).select_related("tenancy"):
            readers = set(CaseReader.objects.filter(case=row, is_second=True).values_list("user", flat=True))
            needs_one = row.is_open or row.handler_id not in able
            if needs_one and not readers & able and able - {row.handler_id}:
                yield "second_reader_left", row, self.first([{row.handler_id}], self._works_on_case(row))

    def _works_on_case(self, row: Case) -> Any:
        def asked(pk: int) -> bool:
            user = User.objects.get_queryset().get(pk=pk)
            case = Case.objects.visible_to(user).filter(pk=row.pk).first()
            return case is not None and case.is_worked_on_by(user)

        return asked

    def _signals(self, before: date) -> Iterator[tuple[str, Any, set[int | None]]]:
        for row in Signal.objects.all():
            acts = self._judges(row)
            mine, leads = self._chain(row, row.handler_id, acts), self._chain(row, None, acts)
            is_open = row.status in OPEN_SIGNALS
            if row.status == SignalStatus.NEW and row.severity == Severity.ACUTE:
                yield "signal_acute", row, leads
            if row.status == SignalStatus.TAKEN_UP and row.severity == Severity.ACUTE:
                yield "signal_acute_mine", row, mine
            if is_open and row.handler_id and row.respond_by_on < self.on:
                yield "signal_past_norm", row, mine
            if is_open and row.respond_by_on < (before if row.handler_id else self.on):
                yield "signal_past_norm_lead", row, leads
            reads = self._sees(row)
            told = {row.created_by_id} if self.users[row.created_by_id].is_active and reads(row.created_by_id) else ()
            if told and row.taken_up_at and row.handler_id != row.created_by_id:
                yield "signal_answered", row, set(told)
            if told and row.closed_at and row.closed_by_id != row.created_by_id:
                yield "signal_closed", row, set(told)

    # --- Who may ------------------------------------------------------------------------------------------------
    def _sees(self, row: Any, *permissions: Permission) -> Any:
        def asked(pk: int) -> bool:
            user = User.objects.get_queryset().get(pk=pk)
            shown = type(row)._default_manager.visible_to(user).filter(pk=row.pk).exists()
            return shown and all(may(user, permission) for permission in permissions)

        return asked

    def _judges(self, row: Signal) -> Any:
        sees = self._sees(row)
        return lambda pk: sees(pk) and judges(User.objects.get_queryset().get(pk=pk), row)

    def _works_on_visit(self, row: Visit) -> Any:
        def asked(pk: int) -> bool:
            user = User.objects.get_queryset().get(pk=pk)
            visit = Visit.objects.visible_to(user).filter(pk=row.pk).first()
            return visit is not None and visit.is_worked_on_by(user)

        return asked

    def _works_on(self, row: FollowUp) -> Any:
        model = subject_model(row.subject_label)

        def asked(pk: int) -> bool:
            user = User.objects.get_queryset().get(pk=pk)
            subject = model._default_manager.visible_to(user).filter(pk=row.subject_id).first()
            return subject is not None and subject.is_worked_on_by(user)

        return asked

    def _named(self, label: str, pk: Any) -> set[int]:
        case = None
        if label == Case.label():
            case = Case.objects.get(pk=pk)
        elif label == Visit.label():
            case = Visit.objects.get(pk=pk).case
        if case is None or not case.is_secret:
            return set()
        return {case.handler_id, *CaseReader.objects.filter(case=case, is_second=True).values_list("user", flat=True)}

    def _chain(self, row: Any, owner: int | None, may_hear: Any, named: Iterable[int] = ()) -> set[int | None]:
        members = self.teams.get(row.tenancy.dwelling.neighbourhood.team_id, set())
        leads = {pk for pk in members if Permission.SEE_TEAM_OVERVIEW in self.may[pk]}
        links = [{owner}, self._stand_ins({owner}), set(named), leads, self._stand_ins(leads)]
        return self.first(links if owner else links[3:], may_hear)

    def first(self, links: Iterable[set[int]], may_hear: Any) -> set[int | None]:
        """The first link of a chain in which somebody is there and may hear of it; otherwise nobody."""
        for link in links:
            if found := {pk for pk in link if pk in self.present and may_hear(pk)}:
                return set(found)
        return {None}

    def _stand_ins(self, whose: set[int]) -> set[int]:
        return {substitute for user, substitute in self.away if user in whose}

    # --- Held against what there is ---------------------------------------------------------------------------------
    def check(self) -> None:
        """Every open due thing has exactly one live notice at one of those; and nothing else has one."""
        wanted = {(rule, row.pk): who for rule, row, who in self.things()}
        # That a colleague gave her something is news, and nothing that is due: ``test_new_work.py``.
        news = Q(rule__in=("work_received", "case_given"))
        rows = Notice.objects.live().exclude(rule__startswith="alarm_").exclude(rule="sample").exclude(news)
        found: dict[tuple[str, Any], list[int | None]] = {}
        for rule, about, recipient in rows.values_list("rule", "about_id", "recipient"):
            found.setdefault((rule, about), []).append(recipient)
        assert wanted.keys() - found.keys() == set(), "due, and nobody hears of it"
        assert found.keys() - wanted.keys() == set(), "somebody hears of what is not due"
        wrong = {key: (who, wanted[key]) for key, who in found.items() if len(who) != 1 or who[0] not in wanted[key]}
        assert wrong == {}, "(rule, row): (who hears of it, who ought to)"
        self._check_alarms({about: who[0] for (_rule, about), who in found.items() if who == [None]})

    def _check_alarms(self, unheard: dict[Any, None]) -> None:
        numbers: dict[int | None, int] = {}
        rows = [
            *FollowUp.objects.all(),
            *Signal.objects.all(),
            *AttentionFlag.objects.all(),
            *Visit.objects.all(),
            *Case.objects.all(),
        ]
        for row in rows:
            if row.pk in unheard:
                team = row.tenancy.dwelling.neighbourhood.team_id
                numbers[team] = numbers.get(team, 0) + 1
        alarms = {alarm.team_id: alarm for alarm in Alarm.objects.filter(kind="nobody", number__gt=0)}
        assert {team: alarm.number for team, alarm in alarms.items()} == numbers
        told = Notice.objects.live().filter(rule="alarm_nobody")
        assert told.count() == len(alarms)
        for alarm in alarms.values():
            leads = {pk for pk in self.teams.get(alarm.team_id, set()) if Permission.SEE_TEAM_OVERVIEW in self.may[pk]}
            administrators = {pk for pk in self.users if Permission.ADMINISTER in self.may[pk]}
            wanted = self.first([leads, self._stand_ins(leads), administrators], self._sees(alarm))
            if wanted == {None}:
                wanted = {pk for pk in administrators if self.users[pk].is_active} or {None}
            assert told.get(about_id=alarm.pk).recipient_id in wanted
