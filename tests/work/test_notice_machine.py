"""Whatever happens, in whatever order: every due thing is with one person who is there and may see it.

Or it is a line that says nothing, at a lead or the administrator. Nobody hears of what is not due or not hers to know.
"""

from contextlib import suppress
from datetime import timedelta
from threading import Thread
from unittest import mock
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from cases import actions as cases
from cases.models import AttentionFlag, Case, Signal
from cases.states import CaseResult, FlagKind, Severity, SignalType
from corporatie.staff.models import Absence, User
from corporatie.staff.permissions import Role
from corporatie.staff.states import AbsencePart
from corporatie.work import actions as work
from corporatie.work.models import FollowUp, Notice
from corporatie.work.reminders import sweep
from tests.cast import Cast
from tests.work.expecting import Expected, working_day_before
from tests.work.reminding import TUESDAY, moment, raw
from visits import actions as visits
from visits.models import Visit
from visits.states import Outcome

people = st.sampled_from(["anna", "bram", "carla", "dirk", "wim", "hans"])
consultants = st.sampled_from(["anna", "bram", "dirk"])
days = st.integers(min_value=-3, max_value=1)
which = st.integers(min_value=0, max_value=5)


class Killed(BaseException):
    """The worker was killed here."""


class Notices(RuleBasedStateMachine):
    """A small office in which anything may happen between two sweeps."""

    threads = False

    def __init__(self) -> None:
        """A household of Noord, a dossier of Anna's and a secret one of Bram's with Anna as second reader."""
        super().__init__()
        self.open = transaction.atomic()
        if not self.threads:
            self.open.__enter__()
        self.at = moment(TUESDAY)
        self.clock = time_machine.travel(self.at, tick=False)
        self.traveller = self.clock.start()
        self.cast = Cast.make(self.at)
        step = self.cast.step(self.cast.anna, days=0)
        self.case = self.cast.case(by=self.cast.anna, first_step=step)
        step = self.cast.step(self.cast.bram, days=0)
        self.secret = self.cast.case(
            by=self.cast.bram, types=(SignalType.CONFUSION,), first_step=step, second_reader=self.cast.anna
        )

    def teardown(self) -> None:
        """However it ended, it must be right after one more sweep; and nothing of it stays."""
        try:
            self.sweeps()
        finally:
            self.clock.stop()
            if self.threads:
                _empty()
            else:
                transaction.set_rollback(True)
                self.open.__exit__(None, None, None)

    # --- Things come to be due ------------------------------------------------------------------------------------
    def _day(self, number: int):
        """A working day so many days from today."""
        day = timezone.localdate(self.at)
        for _day in range(-number):
            day = working_day_before(day)
        return day + timedelta(days=7 * max(number, 0))

    @rule(who=people, on=days, subject=st.sampled_from(["household", "case", "secret", "visit"]), promise=st.booleans())
    def something_is_promised(self, who, on, subject, promise):
        """By whoever, on whatever; a promise of who may not have it is refused."""
        visit = Visit.objects.first() if subject == "visit" else None
        with suppress(ValidationError, PermissionDenied), transaction.atomic():
            work.add_follow_up(
                tenancy=self.cast.bos,
                subject=visit or {"case": self.case, "secret": self.secret}.get(subject, self.cast.bos),
                what="Bel",
                owner=getattr(self.cast, who),
                due_on=self._day(on),
                is_promise=promise,
                by=self.cast.anna,
                at=self.at,
            )

    @rule(acute=st.booleans(), secret=st.booleans(), late=st.booleans(), by=st.sampled_from(["anna", "wim", "dirk"]))
    def something_is_reported(self, acute, secret, late, by):
        """Acute or not, secret or not, a while ago or now; not by who does not come there."""
        with suppress(ValidationError, PermissionDenied), transaction.atomic():
            signal = self.cast.signal(
                by=getattr(self.cast, by),
                severity=Severity.ACUTE if acute else Severity.HIGH,
                type=SignalType.CHILDREN if secret else SignalType.NOISE,
            )
            if late:
                raw(signal, respond_by_on=self._day(-2))

    @rule(who=consultants, on=days, secret=st.booleans())
    def a_visit_is_planned(self, who, on, secret):
        """For the secret dossier, or for none."""
        raw(self.cast.bos, ended_on=None)
        self.cast.bos.refresh_from_db()
        with suppress(ValidationError, PermissionDenied), transaction.atomic():
            self.cast.visit(by=getattr(self.cast, who), on=self._day(on), case=self.secret if secret else None)

    @rule(kind=st.sampled_from([FlagKind.DOG, FlagKind.INTERPRETER]))
    def a_flag_is_decided_on(self, kind):
        """To be looked at again within two weeks."""
        if AttentionFlag.objects.filter(kind=kind).exists():
            return
        with suppress(ValidationError, PermissionDenied), transaction.atomic():
            cases.decide_flag(
                tenancy=self.cast.bos,
                kind=kind,
                instruction="",
                reason="",
                review_on=timezone.localdate(self.at) + timedelta(days=10),
                told_on=timezone.localdate(self.at),
                by=self.cast.dirk,
                at=self.at,
            )

    # --- And change -------------------------------------------------------------------------------------------------
    def _one_of(self, rows, number):
        found = list(rows.order_by("pk"))
        return found[number % len(found)] if found else None

    def _work(self, number):
        """A promise or action that is still open."""
        return self._one_of(FollowUp.objects.filter(done_at=None), number)

    @rule(number=which, on=days, who=people)
    def work_moves(self, number, on, who):
        """To another day, or another colleague; also to who may not have it (any more), which no verb does."""
        row, owner = self._work(number), getattr(self.cast, who)
        if row is None:
            return
        try:
            with transaction.atomic():
                work.move_follow_up(follow_up=row, due_on=self._day(on), owner=owner, by=row.owner, at=self.at)
        except ValidationError:
            raw(row, due_on=self._day(on), owner=owner)

    @rule(number=which, verb=st.booleans())
    def work_is_done(self, number, verb):
        """By its verb, or by whatever."""
        row = self._work(number)
        if row is None or Case.objects.filter(next_step=row).exists():
            return
        if verb:
            work.finish_follow_up(follow_up=row, by=row.owner, at=self.at)
        else:
            raw(row, done_at=self.at, done_by=row.owner, result="done")

    @rule(number=which)
    def work_is_reopened(self, number):
        """It was not done after all."""
        done = self._one_of(FollowUp.objects.exclude(done_at=None).filter(result="done"), number)
        if done is not None:
            raw(done, done_at=None, done_by=None, result="")

    @rule(number=which, who=consultants)
    def a_signal_is_given(self, number, who):
        """To somebody, or taken up."""
        self._try(
            Signal,
            number,
            lambda row: cases.assign_signal(signal=row, handler=getattr(self.cast, who), by=self.cast.dirk, at=self.at),
        )

    @rule(number=which, attach=st.booleans())
    def a_signal_is_dealt_with(self, number, attach):
        """In the dossier, or with an explanation."""
        if attach:
            self._try(
                Signal,
                number,
                lambda row: cases.attach_signal(signal=row, case=self.secret, by=self.cast.bram, at=self.at),
            )
        else:
            self._try(
                Signal,
                number,
                lambda row: cases.close_signal(signal=row, explanation="Opgelost", by=self.cast.bram, at=self.at),
            )

    @rule(number=which)
    def a_visit_ends(self, number):
        """Nobody was home."""
        self._try(
            Visit,
            number,
            lambda row: visits.end_visit(
                visit=row, client_uuid=uuid4(), outcome=Outcome.NOBODY_HOME, by=self.cast.anna, at=self.at
            ),
        )

    @rule(number=which, ends=st.booleans())
    def a_flag_is_looked_at(self, number, ends):
        """It ends, or holds on."""
        if ends:
            self._try(AttentionFlag, number, lambda row: cases.end_flag(flag=row, by=self.cast.dirk, at=self.at))
        else:
            later = timezone.localdate(self.at) + timedelta(days=90)
            self._try(
                AttentionFlag,
                number,
                lambda row: cases.renew_flag(flag=row, review_on=later, by=self.cast.dirk, at=self.at),
            )

    @rule(who=consultants, secret=st.booleans())
    def a_dossier_is_given(self, who, secret):
        """With the step that was its handler's."""
        number = sorted([self.case.pk, self.secret.pk]).index(self.secret.pk if secret else self.case.pk)
        handler = getattr(self.cast, who)
        self._try(Case, number, lambda row: cases.assign_case(case=row, handler=handler, by=self.cast.dirk, at=self.at))

    @rule()
    def a_dossier_is_closed_or_opened_again(self):
        """Anna's own."""
        case = Case.objects.get(pk=self.case.pk)
        try:
            with transaction.atomic():
                if case.is_open:
                    cases.close_case(
                        case=case,
                        result=CaseResult.NO_ACTION,
                        summary="Rust",
                        told_on=None,
                        by=self.cast.anna,
                        at=self.at,
                    )
                else:
                    step = cases.Step("Bel", self.cast.anna, timezone.localdate(self.at))
                    cases.reopen_case(case=case, reason="Toch weer", step=step, by=self.cast.anna, at=self.at)
        except (ValidationError, PermissionDenied):
            return

    @rule(stays=st.booleans())
    def the_household_leaves_or_stays(self, stays):
        """A while ago, or not after all."""
        raw(self.cast.bos, ended_on=None if stays else self._day(-2))

    def _try(self, model, number, verb):
        row = self._one_of(model._default_manager.all(), number)
        try:
            if row is not None:
                with transaction.atomic():
                    verb(row)
        except (ValidationError, PermissionDenied):
            return

    # --- People -------------------------------------------------------------------------------------------------------
    @rule(who=people, substitute=people, part=st.sampled_from(AbsencePart))
    def somebody_is_away(self, who, substitute, part):
        """Today, or a half of it."""
        today = timezone.localdate(self.at)
        if who != substitute:
            Absence.objects.create(
                user=getattr(self.cast, who),
                substitute=getattr(self.cast, substitute),
                from_on=today,
                until_on=today,
                part=part,
            )

    @rule(who=people)
    def somebody_is_back(self, who):
        """Earlier than was said."""
        Absence.objects.filter(user=getattr(self.cast, who)).delete()

    @rule(who=people, works_here=st.booleans())
    def somebody_leaves_or_returns(self, who, works_here):
        """Switched off, and on again."""
        User.objects.get_queryset().filter(pk=getattr(self.cast, who).pk).update(is_active=works_here)

    @rule(who=people, role=st.sampled_from([Role.HOUSING_CONSULTANT, Role.TEAM_LEAD, Role.MANAGER]))
    def somebody_gets_another_role(self, who, role):
        """In place of what she had."""
        user = getattr(self.cast, who)
        user.grants.all().delete()
        user.grants.create(role=role)

    @rule(who=people, joins=st.booleans())
    def somebody_joins_or_leaves_the_team(self, who, joins):
        """Team Noord."""
        (self.cast.noord.members.add if joins else self.cast.noord.members.remove)(getattr(self.cast, who))

    @rule(team=st.sampled_from(["noord", "zuid", ""]))
    def the_street_goes_to_another_team(self, team):
        """Or to none."""
        raw(self.cast.buurt_noord, team=getattr(self.cast, team) if team else None)

    # --- Reading, and time --------------------------------------------------------------------------------------
    @rule()
    def everything_is_read(self):
        """By everyone."""
        Notice.objects.live().update(read_at=self.at)

    @rule(number=which)
    def one_is_put_off(self, number):
        """Until next week."""
        if row := self._one_of(Notice.objects.live().exclude(recipient=None), number):
            work.put_off(notice=row, until=timezone.localdate(self.at) + timedelta(days=7), by=row.recipient)

    @rule()
    def half_a_day_passes(self):
        """The afternoon, or the next morning."""
        hours = 4 if timezone.localtime(self.at).hour < 12 else 20
        self.at += timedelta(hours=hours)
        while timezone.localdate(self.at).weekday() > 4:
            self.at += timedelta(days=1)
        self.traveller.move_to(self.at)

    # --- The sweep ----------------------------------------------------------------------------------------------------
    @rule()
    def sweeps(self):
        """And then it must be so."""
        sweep(at=self.at)
        Expected(self.at).check()

    @rule()
    def two_sweep_at_once(self):
        """Two workers; what one leaves lying the other finds."""
        if self.threads:
            workers = [Thread(target=_in_thread, args=(self.at,)) for _worker in range(2)]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
        else:
            sweep(at=self.at)
            sweep(at=self.at)
        Expected(self.at).check()

    @precondition(lambda self: not self.threads)
    @rule()
    def a_sweep_is_killed_halfway(self):
        """After it raised, and before it settled; the next one makes it good."""
        with mock.patch("corporatie.work.actions.settle_notices", side_effect=Killed), suppress(Killed):
            sweep(at=self.at)
        self.sweeps()


class NoticesOfTwoWorkers(Notices):
    """The same with two real connections."""

    threads = True


def _in_thread(at) -> None:
    try:
        sweep(at=at)
    finally:
        connection.close()


def _empty() -> None:
    from django.core.management import call_command

    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)


def _runs(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        # A failure is told with as few steps as lead to it.
        phases=[Phase.generate, Phase.shrink],
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.django_db
def test_every_due_thing_is_with_one_person_who_is_there_and_may_see_it():
    run_state_machine_as_test(Notices, settings=_runs(12, 14))


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
def test_also_when_two_workers_sweep_at_once():
    run_state_machine_as_test(NoticesOfTwoWorkers, settings=_runs(4, 12))
