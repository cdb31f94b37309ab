"""Standing in counts from the first day to the last, gives the scope of who is away, and never a permission."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cases.models import Case, Signal
from cases.rules import may_work_on
from cases.states import SignalType
from corporatie.staff.actions import say_goodbye
from corporatie.staff.models import Absence, User, works_for
from corporatie.staff.permissions import PERMISSIONS_OF, Permission, Role
from corporatie.staff.rules import may_close_access
from corporatie.staff.states import AbsencePart
from corporatie.work.models import Alarm, FollowUp
from corporatie.work.rules import may_change, may_change_roster, may_divide
from corporatie.work.states import AlarmKind
from projects.models import ConfidentialReason
from tenants.models import Tenancy
from tests.cast import colleague

FROM, UNTIL = date(2026, 11, 24), date(2026, 11, 27)


@pytest.fixture
def away(cast):
    """Anna is away from Tuesday to Friday; Carla of Zuid stands in."""
    return Absence.objects.create(user=cast.anna, substitute=cast.carla, from_on=FROM, until_on=UNTIL)


def on(day, at):
    """Ten in the morning on this day."""
    return time_machine.travel(at + (day - at.date()), tick=False)


def sees(name, model, cast):
    """Whether this colleague, freshly signed in, sees anything of Noord."""
    user = User.objects.get(email=f"{name}@voorbeeld.example")
    return model.objects.visible_to(user).filter(**_of_noord(model, cast)).exists()


def _of_noord(model, cast):
    return {"pk": cast.bos.pk} if model is Tenancy else {"tenancy": cast.bos}


@pytest.mark.parametrize(
    ("day", "may"),
    [
        (FROM - timedelta(days=1), False),
        (FROM, True),
        (FROM + timedelta(days=1), True),
        (UNTIL, True),
        (UNTIL + timedelta(days=1), False),
    ],
)
def test_standing_in_counts_from_the_first_day_to_the_last(cast, away, at, day, may):
    cast.case()
    with on(day, at):
        assert sees("carla", Tenancy, cast) is may
        assert sees("carla", Case, cast) is may
        assert sees("carla", FollowUp, cast) is may
        teams = set(User.objects.get(pk=cast.carla.pk).team_ids)
        assert teams == ({cast.noord.pk, cast.zuid.pk} if may else {cast.zuid.pk})


def test_nobody_stands_in_for_who_can_no_longer_sign_in(cast, away, at):
    cast.case()
    say_goodbye(colleague=cast.anna, by=cast.hans, at=at)
    with on(FROM, at):
        assert not sees("carla", Tenancy, cast)
        assert not sees("carla", Case, cast)
        carla = User.objects.get(pk=cast.carla.pk)
        assert (carla.covers, carla.team_ids) == ([], [cast.zuid.pk])
        noord = works_for(Tenancy.objects.filter(pk=cast.bos.pk), "dwelling__neighbourhood__team", at=at)
        assert not User.objects.get_queryset().filter(noord, pk=carla.pk).exists()


def test_who_is_away_keeps_her_own_work(cast, away, at):
    with on(FROM, at):
        assert sees("anna", Tenancy, cast)


def test_a_secret_dossier_of_who_is_away_opens_for_its_second_reader_and_not_for_who_stands_in(cast, at):
    cast.case(types=(SignalType.CHILDREN,), second_reader=cast.dirk)
    Absence.objects.create(user=cast.anna, substitute=cast.bram, from_on=FROM, until_on=UNTIL)
    with on(UNTIL, at):
        assert not sees("bram", Case, cast)
        assert sees("dirk", Case, cast)


def test_the_second_reader_works_on_it_while_the_handler_is_away_and_not_longer(cast, at):
    case = cast.case(types=(SignalType.CHILDREN,), second_reader=cast.dirk)
    Absence.objects.create(user=cast.anna, substitute=cast.bram, from_on=FROM, until_on=UNTIL)
    with on(UNTIL, at):
        assert may_work_on(User.objects.get(pk=cast.dirk.pk), case)
    with on(UNTIL + timedelta(days=1), at):
        assert not may_work_on(User.objects.get(pk=cast.dirk.pk), case)


@pytest.mark.parametrize("who", ["hans", "mila", "olga", "wim", "rachid"])
def test_who_is_named_to_stand_in_sees_nothing_her_role_does_not_open(cast, at, who):
    """Whoever sets up accounts could name herself, or a manager."""
    case, secret = cast.case(), cast.case(types=(SignalType.CHILDREN,))
    Absence.objects.create(user=cast.anna, substitute=getattr(cast, who), from_on=FROM, until_on=UNTIL)
    with on(FROM, at):
        assert not sees(who, Case, cast)
        named = User.objects.get(pk=getattr(cast, who).pk)
        for step in (case.next_step, secret.next_step):
            assert not FollowUp.objects.visible_to(named).filter(pk=step.pk).exists()
            assert not may_change(named, step)


def test_half_a_day_away_is_half_a_day_stood_in(cast, away, at):
    away.part = AbsencePart.AFTERNOON
    away.save()
    with on(FROM, at):
        assert not sees("carla", Tenancy, cast)
    with on(FROM, at + timedelta(hours=4)):
        assert sees("carla", Tenancy, cast)


def test_standing_in_never_adds_a_permission(cast, at):
    Absence.objects.create(user=cast.anna, substitute=cast.wim, from_on=FROM, until_on=UNTIL)
    before = cast.wim.permissions
    with on(FROM, at):
        wim = User.objects.get(pk=cast.wim.pk)
        assert wim.permissions == before == PERMISSIONS_OF[Role.CARETAKER]
        assert not ConfidentialReason.objects.visible_to(wim).exists()


def test_standing_in_for_who_stands_in_is_not_passed_on(cast, away, at):
    Absence.objects.create(user=cast.carla, substitute=cast.rachid, from_on=FROM, until_on=UNTIL)
    with on(FROM, at):
        assert not sees("rachid", Case, cast)


def test_the_database_knows_what_an_absence_is(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(user=cast.anna, substitute=cast.bram, from_on=UNTIL, until_on=FROM)
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(user=cast.anna, substitute=cast.anna, from_on=FROM, until_on=UNTIL)
    with pytest.raises(ValidationError):
        Absence(user=cast.anna, substitute=cast.anna, from_on=FROM, until_on=UNTIL).validate_constraints()


def test_the_manager_and_the_administrators_hold_nothing_about_people():
    about = ("open_", "read_team", "read_own", "see_flags")
    about_people = {each for each in Permission if each.value.startswith(about)}
    assert PERMISSIONS_OF[Role.MANAGER] == {Permission.SEE_FIGURES}
    assert not PERMISSIONS_OF[Role.APP_ADMIN] & about_people
    assert not PERMISSIONS_OF[Role.PRIVACY_OFFICER] & about_people
    assert not PERMISSIONS_OF[Role.PROJECT_LEADER] & {
        Permission.READ_TEAM_REASONS,
        Permission.READ_OWN_REASONS,
        Permission.READ_TEAM_REPORTS,
        Permission.READ_OWN_REPORTS,
        Permission.OPEN_TEAM_CASES,
        Permission.OPEN_OWN_CASES,
    }
    assert len(about_people) >= 8


@pytest.mark.parametrize(("for_whom", "powers"), [("anna", False), ("dirk", True)])
def test_a_lead_gets_the_power_of_a_lead_only_by_standing_in_for_one(cast, at, time_machine_at, for_whom, powers):
    lena = colleague("Lena Zuid", Role.TEAM_LEAD, team=cast.zuid)
    signal = cast.signal(by=cast.wim, type=SignalType.CHILDREN)
    today = at.date()
    Absence.objects.create(user=getattr(cast, for_whom), substitute=lena, from_on=today, until_on=today)
    lena = User.objects.get_queryset().get(pk=lena.pk)
    assert Signal.objects.visible_to(lena).filter(pk=signal.pk).exists() is powers
    twin = User.objects.get_queryset().filter(Signal.who_may_open(signal.pk, at=at), pk=lena.pk)
    assert twin.exists() is powers
    assert may_close_access(lena, cast.bram) is powers
    assert may_change_roster(lena, cast.noord) is powers
    assert may_change_roster(lena, cast.zuid)


# --- For who leads a team ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "away", "leads"),
    [
        (Role.TEAM_LEAD, "dirk", True),
        (Role.TEAM_LEAD, "anna", False),
        (Role.HOUSING_CONSULTANT, "dirk", False),
        (Role.MANAGER, "dirk", False),
    ],
)
def test_leading_comes_with_standing_in_for_a_lead_and_ones_own_permission(cast, at, client, role, away, leads):
    """Alarms of the team, its colleagues on /team/, dividing their work: all of it, or nothing."""
    nel = colleague("Nel Prins", role, team=cast.zuid)
    bram = cast.bram
    cast.visit(by=bram, on=at.date() + timedelta(days=1))
    alarm = Alarm.objects.create(kind=AlarmKind.NOBODY, team=cast.noord, number=1, since_on=at.date())
    Absence.objects.create(user=getattr(cast, away), substitute=nel, from_on=FROM, until_on=UNTIL)
    with on(at.date(), at):
        user = User.objects.get(pk=nel.pk)
        client.force_login(user)
        assert Alarm.objects.visible_to(user).filter(pk=alarm.pk).exists() is leads
        assert User.objects.filter(Alarm.who_may_open(alarm.pk, at=at), pk=nel.pk).exists() is leads
        assert may_divide(user, bram, at=at) is leads
        page = client.get("/team/").content.decode()
        assert (bram.name in page) is leads
        assert (client.get(alarm.get_absolute_url()).status_code == 200) is leads
