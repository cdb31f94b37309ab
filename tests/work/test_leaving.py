"""Somebody leaves: her work is divided, and nothing is left without an owner. Who may not see a thing hears nothing."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import actions as cases
from cases.models import AttentionFlag, Case, CaseReader, HandOver, Signal
from cases.rules import orphans
from cases.states import FlagKind, SignalType
from corporatie.journal.models import Entry
from corporatie.staff.actions import say_goodbye
from corporatie.staff.models import Absence, AccountChange, RoleGrant
from corporatie.staff.permissions import Role
from corporatie.staff.states import AccountChangeKind
from corporatie.work import actions as work
from corporatie.work.models import FollowUp, HandedOn, Notice, OutgoingMail
from corporatie.work.reminders import sweep
from corporatie.work.rules import undivided
from corporatie.work.states import MailKind, holdings
from projects.models import ProjectMember
from projects.states import MemberRole
from tests.cast import colleague
from tests.work.leaving import divide, fresh, kinds, promise
from visits import actions as visits
from visits.models import Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def everything(cast):
    """One row of each kind that Anna can hold."""
    case = cast.case()
    work.add_follow_up(
        tenancy=cast.bos, subject=case, what="Brief", owner=cast.anna, due_on=cast.at.date(), by=cast.anna, at=cast.at
    )
    signal = cast.signal(by=cast.bram)
    cases.take_up_signal(signal=signal, by=cast.anna, at=cast.at)
    promise(cast)
    promise(cast, is_promise=False)
    cast.visit()
    cast.visit(by=cast.bram, second_visitor=cast.anna)
    held = visits.file_report(
        client_uuid=cast.visit().pk, tenancy=cast.bos, talk=visits.Talk(elaborate_later=True), by=cast.anna, at=cast.at
    )
    flag = cases.decide_flag(
        tenancy=cast.bos,
        kind=FlagKind.DOG,
        instruction="Eerst bellen",
        reason="",
        review_on=date(2027, 5, 1),
        told_on=cast.at.date(),
        by=cast.dirk,
        at=cast.at,
    )
    # She decided on it when she led the team.
    type(flag).objects.filter(pk=flag.pk).update(decided_by=cast.anna)
    flag.refresh_from_db()
    Absence.objects.create(user=cast.bram, substitute=cast.anna, from_on=cast.at.date(), until_on=cast.at.date())
    project = cast.project(members=[(cast.anna, MemberRole.CONSULTANT), (cast.petra, MemberRole.LEADER)])
    return {"case": case, "signal": signal, "talk": held, "flag": flag, "project": project}


ALL = {"promise", "action", "standing_in", "case", "signal", "flag", "visit", "along", "talk", "project"}


def test_every_room_says_what_somebody_holds(cast, everything):
    found = kinds(cast)
    assert set(found) == ALL == set(holdings())
    assert {code: len(rows) for code, rows in found.items() if len(rows) > 1} == {"visit": 2}
    (case,) = found["case"]
    assert case.row.along == 2


def test_who_may_not_open_a_row_is_not_offered_it(cast, everything):
    RoleGrant.objects.create(user=cast.bram, role=Role.TEAM_LEAD)
    for code, rows in kinds(cast).items():
        for held in rows:
            assert cast.anna.pk not in held.may
            assert not {cast.carla.pk, cast.hans.pk, cast.mila.pk, cast.olga.pk} & held.may - (
                {cast.carla.pk} if code == "project" else set()
            ), code
            assert held.may, code
    assert all(cast.wim.pk not in held.may for held in kinds(cast)["case"] + kinds(cast)["signal"])
    (along,) = kinds(cast)["along"]
    assert cast.bram.pk not in along.may


def test_who_left_is_not_offered(cast):
    promise(cast)
    assert cast.bram.pk in kinds(cast)["promise"][0].may
    say_goodbye(colleague=cast.bram, by=cast.hans, at=cast.at)
    assert cast.bram.pk not in kinds(cast)["promise"][0].may


def test_all_is_given_by_its_own_verb_and_written_down(cast, everything):
    RoleGrant.objects.create(user=cast.bram, role=Role.TEAM_LEAD)
    rows = [held for found in kinds(cast).values() for held in found]
    eva = colleague("Eva Noord", Role.HOUSING_CONSULTANT, Role.TEAM_LEAD, team=cast.noord)
    before = Entry.objects.count()
    result = divide(cast, rows, eva)
    assert (result.given, result.asked, result.gone, result.refused) == (len(rows) - 1, 1, 0, set())
    assert FollowUp.objects.filter(owner=eva).count() == 2
    assert Visit.objects.filter(visitor=eva).count() == 2
    assert Visit.objects.filter(second_visitor=eva).count() == 1
    assert Visit.objects.get(worked_out_by=eva).visitor == cast.anna
    assert Signal.objects.get(handler=eva).pk == everything["signal"].pk
    flag = AttentionFlag.objects.get(reviewer=eva)
    assert flag.decided_by == cast.anna
    assert ProjectMember.objects.filter(user=eva, project=everything["project"]).exists()
    assert Absence.objects.get().substitute == eva
    assert AccountChange.objects.get(kind=AccountChangeKind.ABSENCE).colleague == cast.bram
    assert HandOver.objects.get().receiver == eva
    assert Case.objects.get().handler == cast.anna
    # A line each, the standing in apart: that is no subject's.
    assert Entry.objects.count() - before == len(rows) - 1
    assert set(kinds(cast)) == {"case"}
    assert kinds(cast)["case"][0].asked == eva.pk
    assert undivided(cast.anna, at=cast.at) == {}


def test_each_receiver_gets_one_notice_with_her_own_list(cast):
    for number in range(3):
        promise(cast, what=f"Belofte {number}")
    rows = kinds(cast)["promise"]
    divide(cast, rows[:2], cast.bram)
    sweep(at=cast.at)
    sweep(at=cast.at)
    notice = Notice.objects.get(rule="work_received")
    assert notice.recipient == cast.bram
    handed = HandedOn.objects.get()
    assert notice.subject_id == handed.pk
    assert len(handed.items) == 2
    assert not HandedOn.objects.visible_to(cast.dirk).exists()


def test_what_goes_to_another_is_no_longer_told_to_her_at_once(cast, everything):
    """Of every kind, also those of which nothing was due: none of it waits for the sweep."""
    FollowUp.objects.update(due_on=cast.at.date() - timedelta(days=4))
    Visit.objects.update(planned_on=cast.at.date() - timedelta(days=4))
    Signal.objects.update(respond_by_on=cast.at.date() - timedelta(days=4))
    AttentionFlag.objects.update(review_on=cast.at.date() + timedelta(days=4))
    # Nor does she stand in for who holds the other half of a visit.
    Absence.objects.all().delete()
    sweep(at=cast.at)
    given = [held for rows in kinds(cast).values() for held in rows if not held.holding.asks]
    keys = {held.row.pk for held in given if held.holding.code != "project"}
    told = Notice.objects.live().filter(recipient=cast.anna, about_id__in=keys)
    rules = set(told.values_list("rule", flat=True))
    assert {"follow_up_due", "signal_past_norm", "visit_no_outcome"} <= rules
    divide(cast, given, cast.dirk)
    assert not told.exists()


def test_a_question_that_is_withdrawn_is_no_longer_told_at_once(cast):
    cast.case()
    divide(cast, kinds(cast)["case"], cast.bram)
    sweep(at=cast.at)
    asked = Notice.objects.live().filter(rule="hand_over_asked")
    assert asked.get().recipient == cast.bram
    divide(cast, kinds(cast)["case"], cast.dirk)
    assert not asked.exists()


def test_the_number_of_statements_does_not_grow_with_the_rows(cast):
    def counted(number):
        for _time in range(number):
            promise(cast)
            cast.visit()
            cast.case()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            rows = [held for found in kinds(cast, seen_by=fresh(cast.dirk)).values() for held in found]
        with CaptureQueriesContext(connection) as written:
            divide(cast, rows, cast.bram)
        return len(asked), len(written)

    few = counted(1)
    HandOver.objects.all().delete()
    Case.objects.update(handler=cast.anna)
    assert counted(29) == few


def test_two_leads_at_once_give_each_row_once(cast):
    eva = colleague("Eva Noord", Role.TEAM_LEAD, team=cast.noord)
    promise(cast)
    rows = kinds(cast)["promise"]
    assert divide(cast, rows, cast.bram).given == 1
    second = divide(cast, rows, eva, by=eva)
    assert (second.given, second.gone) == (0, 1)
    assert FollowUp.objects.get().owner == cast.bram


def test_the_same_twice_changes_nothing_the_second_time(cast):
    cast.case()
    promise(cast)
    rows = kinds(cast)["promise"] + kinds(cast)["case"]
    divide(cast, rows, cast.bram)
    lines, asked = Entry.objects.count(), HandOver.objects.get().asked_at
    result = divide(cast, rows, cast.bram)
    assert (result.given, result.asked, result.gone) == (0, 0, 1)
    assert Entry.objects.count() == lines
    assert HandOver.objects.get().asked_at == asked


def test_what_was_done_meanwhile_is_left_out_and_told(cast):
    follow_up = promise(cast)
    rows = kinds(cast)["promise"]
    work.finish_follow_up(follow_up=follow_up, by=cast.bram, at=cast.at)
    assert divide(cast, rows, cast.bram).gone == 1
    assert FollowUp.objects.get().owner == cast.anna


@pytest.mark.parametrize("who", ["carla", "hans", "mila", "anna"])
def test_nothing_goes_to_who_may_not_have_it(cast, who):
    promise(cast)
    rows = kinds(cast)["promise"]
    result = divide(cast, rows, getattr(cast, who))
    assert result.refused == {rows[0].key}
    assert FollowUp.objects.get().owner == cast.anna


def test_nothing_goes_to_who_left_a_moment_ago(cast):
    promise(cast)
    rows = kinds(cast)["promise"]
    say_goodbye(colleague=cast.bram, by=cast.hans, at=cast.at)
    assert divide(cast, rows, cast.bram).refused == {rows[0].key}


def test_who_leaves_is_away_no_more(cast):
    was = Absence.objects.create(
        user=cast.wim, substitute=cast.bram, from_on=date(2026, 11, 2), until_on=date(2026, 11, 6)
    )
    for first, last in ((date(2026, 11, 23), date(2027, 12, 31)), (date(2028, 1, 1), date(2028, 2, 1))):
        Absence.objects.create(user=cast.wim, substitute=cast.carla, from_on=first, until_on=last)
    work.leave(colleague=cast.wim, by=cast.hans, at=cast.at)
    assert list(Absence.objects.filter(user=cast.wim)) == [was]
    told = AccountChange.objects.filter(colleague=cast.wim).order_by("pk").values_list("kind", "detail")
    assert list(told)[:2] == [(AccountChangeKind.ABSENCE, str(cast.carla.pk))] * 2


def test_who_is_away_may_get_work(cast):
    day = cast.at.date()
    Absence.objects.create(user=cast.bram, substitute=cast.dirk, from_on=day, until_on=day)
    promise(cast)
    assert divide(cast, kinds(cast)["promise"], cast.bram).given == 1


@pytest.mark.parametrize(
    "key", ["promise-x", "promise-", "onzin-1", "standing_in-1", "standing_in-" + "9" * 30, "promise", "project-9" * 30]
)
def test_a_key_that_is_no_key_gives_nothing(cast, key):
    promise(cast)
    result = work.divide_work(holder=cast.anna, choices={key: cast.bram.pk}, by=fresh(cast.dirk), at=cast.at)
    assert (result.given, result.gone) == (0, 1)


def test_a_lead_gives_only_what_she_may_know_of(cast):
    lena = colleague("Lena Zuid", Role.TEAM_LEAD, team=cast.zuid)
    promise(cast)
    rows = kinds(cast)["promise"]
    assert kinds(cast, seen_by=fresh(lena)) == {}
    assert divide(cast, rows, cast.bram, by=lena).gone == 1


# --- Leaving ---------------------------------------------------------------------------------------------
def test_she_leaves_when_nothing_is_left_without_an_owner(cast, everything):
    with pytest.raises(ValidationError):
        work.leave(colleague=cast.anna, by=cast.hans, at=cast.at)
    assert fresh(cast.anna).is_active
    eva = colleague("Eva Noord", Role.HOUSING_CONSULTANT, Role.TEAM_LEAD, team=cast.noord)
    divide(cast, [held for found in kinds(cast).values() for held in found], eva)
    work.leave(colleague=cast.anna, by=cast.hans, at=cast.at)
    assert not fresh(cast.anna).is_active
    assert kinds(cast) == {}
    told = set(AccountChange.objects.filter(colleague=cast.anna).values_list("kind", flat=True))
    assert told == {AccountChangeKind.ACCESS_CLOSED, AccountChangeKind.LEFT}


def test_work_that_came_a_moment_ago_stops_it(cast):
    rows = kinds(cast)
    assert rows == {}
    promise(cast)
    with pytest.raises(ValidationError, match="1"):
        work.leave(colleague=cast.anna, by=cast.hans, at=cast.at)


def test_leaving_twice_is_said(cast):
    work.leave(colleague=cast.anna, by=cast.hans, at=cast.at)
    with pytest.raises(ValidationError):
        work.leave(colleague=cast.anna, by=cast.hans, at=cast.at)
    assert AccountChange.objects.filter(kind=AccountChangeKind.LEFT).count() == 1


def test_nobody_sends_herself_away(cast):
    with pytest.raises(ValidationError):
        work.leave(colleague=cast.hans, by=cast.hans, at=cast.at)


def test_whose_access_was_closed_first_can_leave_later(cast):
    promise(cast)
    say_goodbye(colleague=cast.anna, by=cast.dirk, at=cast.at)
    with pytest.raises(ValidationError):
        work.leave(colleague=cast.anna, by=cast.hans, at=cast.at)
    divide(cast, kinds(cast)["promise"], cast.bram)
    work.leave(colleague=cast.anna, by=cast.hans, at=cast.at)
    assert AccountChange.objects.filter(kind=AccountChangeKind.ACCESS_CLOSED).count() == 1


def test_closed_access_leaves_the_work_to_be_found_by_the_sweep(cast):
    promise(cast)
    say_goodbye(colleague=cast.anna, by=cast.dirk, at=cast.at)
    sweep(at=cast.at)
    assert Notice.objects.live().get(rule="follow_up_due").recipient == cast.dirk


def test_nobody_gives_the_standing_in_to_herself(cast):
    day = cast.at.date()
    absence = Absence.objects.create(user=cast.bram, substitute=cast.anna, from_on=day, until_on=day)
    result = work.divide_work(
        holder=cast.anna, choices={f"standing_in-{absence.pk}": cast.dirk.pk}, by=fresh(cast.dirk), at=cast.at
    )
    assert (result.given, result.refused) == (0, {f"standing_in-{absence.pk}"})
    assert Absence.objects.get().substitute == cast.anna
    with pytest.raises(ValidationError):
        work.hand_on_standing_in(rows={absence: cast.dirk}, holder=cast.anna, by=cast.dirk, at=cast.at)


@pytest.mark.parametrize(("began", "back", "given"), [(1, 3, 0), (-2, 3, 0), (1, 2, 1)])
def test_standing_in_goes_to_nobody_who_is_away_in_all_the_days_that_are_left(cast, began, back, given):
    """Eva is away just as long: what the page of absences refuses is refused when work is divided too."""
    eva = colleague("Eva Tak", Role.HOUSING_CONSULTANT, team=cast.noord)
    first, last = (cast.at.date() + timedelta(days=days) for days in (began, 3))
    absence = Absence.objects.create(user=cast.bram, substitute=cast.anna, from_on=first, until_on=last)
    until = cast.at.date() + timedelta(days=back)
    Absence.objects.create(user=eva, substitute=cast.dirk, from_on=cast.at.date(), until_on=until)
    key = f"standing_in-{absence.pk}"
    result = work.divide_work(holder=cast.anna, choices={key: eva.pk}, by=cast.dirk, at=cast.at)
    assert (result.given, result.refused) == (given, set() if given else {key})
    if not given:
        assert Absence.objects.get(pk=absence.pk).substitute == cast.anna
        with pytest.raises(ValidationError, match="al deze dagen zelf afwezig"):
            work.hand_on_standing_in(rows={absence: eva}, holder=cast.anna, by=cast.dirk, at=cast.at)


# --- What nobody hears of ----------------------------------------------------------------------------------
@pytest.fixture
def secret(cast):
    """A secret dossier of Anna, with a promise and a visit in it; Bram is its second reader."""
    case = cast.case(types=(SignalType.CHILDREN,), second_reader=cast.bram)
    promise(cast, subject=case, what="Stil")
    visit = cast.visit(case=case)
    promise(cast, subject=visit, what="Stiller")
    return case


def test_a_secret_dossier_is_nowhere_in_the_list_and_stops_nobody(cast, secret):
    assert kinds(cast) == {}
    assert kinds(cast, seen_by=fresh(cast.dirk)) == {}
    assert undivided(cast.anna, at=cast.at) == {}


def test_it_goes_to_its_second_reader_with_all_that_hangs_on_it(cast, secret):
    work.leave(colleague=cast.anna, by=cast.hans, at=cast.at)
    assert Case.objects.get().handler == cast.bram
    assert set(FollowUp.objects.open().values_list("owner", flat=True)) == {cast.bram.pk}
    assert Visit.objects.get().visitor == cast.bram
    sweep(at=cast.at)
    assert Notice.objects.live().get(rule="case_given").recipient == cast.bram
    assert not Notice.objects.filter(recipient=cast.dirk).exists()
    line = Entry.objects.get(kind="case_left")
    assert line.by is None
    assert str(cast.anna.pk) not in str(line.data)


def test_without_a_second_reader_the_alarm_says_it_without_content(cast, at):
    cast.case(types=(SignalType.CHILDREN,), first_step=cast.step(days=0))
    CaseReader.objects.all().delete()
    work.leave(colleague=cast.anna, by=cast.hans, at=at)
    sweep(at=at)
    assert Notice.objects.live().get(rule="follow_up_due").recipient is None
    assert Notice.objects.live().filter(rule="alarm_nobody").exists()


def test_a_second_reader_who_may_handle_none_any_more_is_no_heir_and_the_handler_hears_it(cast, secret):
    RoleGrant.objects.filter(user=cast.bram).update(role=Role.MANAGER)
    sweep(at=cast.at)
    assert Notice.objects.live().get(rule="second_reader_left").recipient == cast.anna
    work.leave(colleague=cast.anna, by=cast.hans, at=cast.at)
    assert Case.objects.get().handler == cast.anna


def test_a_step_in_somebody_elses_secret_dossier_is_its_handlers(cast):
    case = cast.case(types=(SignalType.CHILDREN,), by=cast.bram)
    step = promise(cast, cast.bram, subject=case)
    FollowUp.objects.filter(pk=step.pk).update(owner=cast.anna)
    work.leave(colleague=cast.anna, by=cast.hans, at=cast.at)
    assert FollowUp.objects.get(pk=step.pk).owner == cast.bram
    assert Entry.objects.get(kind="follow_up_moved").data == {"follow_up": str(step.pk)}


# --- A secret dossier that nobody can open any more -------------------------------------------------------------
@pytest.fixture
def orphan(cast, secret):
    """Anna left, and Bram after her."""
    work.leave(colleague=cast.bram, by=cast.hans, at=cast.at)
    work.leave(colleague=cast.anna, by=cast.hans, at=cast.at)
    return Case.objects.get()


def test_the_privacy_officer_names_a_handler_and_reads_nothing(cast, orphan, settings):
    eva = colleague("Eva Noord", Role.HOUSING_CONSULTANT, team=cast.noord)
    pat = colleague("Pat Tweede", Role.PRIVACY_OFFICER)
    (left,) = orphans(fresh(cast.olga))
    assert (left.pk, left.team) == (orphan.pk, "Noord")
    assert not Case.objects.visible_to(fresh(cast.olga)).exists()
    cases.name_heir(case=orphan.pk, handler=eva, by=fresh(cast.olga), at=cast.at)
    assert Case.objects.get().handler == eva
    assert set(FollowUp.objects.open().filter(subject_id=orphan.pk).values_list("owner", flat=True)) == {eva.pk}
    assert not Case.objects.visible_to(fresh(cast.olga)).exists()
    line = Entry.objects.filter(kind="case_assigned").latest("pk")
    assert (line.by, line.data) == (cast.olga, {"handler": eva.pk})
    change = AccountChange.objects.get(kind=AccountChangeKind.SECRET_GIVEN)
    assert (change.colleague, change.by, change.detail) == (eva, cast.olga, left.number)
    sweep(at=cast.at)
    assert Notice.objects.live().get(rule="case_given").recipient == eva
    told = OutgoingMail.objects.filter(kind=MailKind.WATCH, changes=change)
    assert set(told.values_list("recipient", flat=True)) == {cast.olga.pk, pat.pk}
    assert orphans(fresh(cast.olga)) == []
    with pytest.raises(ValidationError, match="heeft al iemand"):
        cases.name_heir(case=orphan.pk, handler=cast.carla, by=fresh(cast.olga), at=cast.at)


def test_nobody_names_herself_nor_who_could_not_handle_it(cast, orphan):
    RoleGrant.objects.create(user=cast.olga, role=Role.HOUSING_CONSULTANT)
    for by, handler in (
        (cast.olga, cast.olga),
        (cast.olga, cast.mila),
        (cast.hans, cast.carla),
        (cast.dirk, cast.carla),
    ):
        with pytest.raises(ValidationError):
            cases.name_heir(case=orphan.pk, handler=fresh(handler), by=fresh(by), at=cast.at)
    assert Case.objects.get().handler == cast.anna


@pytest.mark.parametrize("there", ["handler", "second", "not_secret"])
def test_what_somebody_can_open_is_nobodys_to_give(cast, secret, there):
    if there == "second":
        say_goodbye(colleague=cast.anna, by=cast.hans, at=cast.at)
    if there == "handler":
        say_goodbye(colleague=cast.bram, by=cast.hans, at=cast.at)
    key = secret.pk if there != "not_secret" else cast.case().pk
    assert orphans(fresh(cast.olga)) == []
    with pytest.raises(ValidationError):
        cases.name_heir(case=key, handler=cast.carla, by=fresh(cast.olga), at=cast.at)


def test_the_handler_hears_that_her_second_reader_left(cast):
    case = cast.case(types=(SignalType.CHILDREN,), second_reader=cast.bram)
    work.leave(colleague=cast.bram, by=cast.hans, at=cast.at)
    sweep(at=cast.at)
    notice = Notice.objects.live().get(rule="second_reader_left")
    assert (notice.recipient, notice.subject_id) == (cast.anna, case.pk)


@pytest.mark.parametrize("types", [(SignalType.NOISE,), (SignalType.CHILDREN,)])
def test_a_dossier_whose_handler_left_is_of_who_opens_it_again(cast, types):
    case = cast.case(by=cast.bram, types=types, second_reader=cast.anna)
    cases.close_case(case=case, result="no_action", summary="Klaar", told_on=None, by=cast.bram, at=cast.at)
    work.leave(colleague=fresh(cast.bram), by=cast.dirk, at=cast.at)
    case = Case.objects.get()
    cases.reopen_case(case=case, reason="Toch weer", step=cast.step(cast.anna), by=cast.anna, at=cast.at)
    case.refresh_from_db()
    assert (case.handler, case.next_step.owner, case.readers.exists()) == (cast.anna, cast.anna, False)
