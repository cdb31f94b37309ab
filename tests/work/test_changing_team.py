"""Somebody goes to another team: what she could not open any more is given on first."""

import pytest
from django.core.exceptions import ValidationError

from corporatie.staff.models import Absence, AccountChange
from corporatie.staff.permissions import Role
from corporatie.staff.states import AccountChangeKind
from corporatie.work import actions as work
from corporatie.work.models import FollowUp
from corporatie.work.rules import Place, undivided
from projects.models import ProjectMember
from projects.states import MemberRole
from tests.cast import colleague
from tests.work.leaving import divide, fresh, kinds, promise

pytestmark = pytest.mark.django_db


def move(cast, **changes):
    values = {"out_of": [cast.noord], "into": cast.zuid, **changes}
    return work.change_team(colleague=cast.anna, by=cast.hans, at=cast.at, **values)


def test_going_to_another_team_asks_for_what_she_could_no_longer_open(cast):
    visit = cast.visit()
    promise(cast)
    other = work.add_follow_up(
        tenancy=cast.kaya,
        subject=cast.kaya,
        what="Zuid",
        owner=cast.carla,
        due_on=cast.at.date(),
        by=cast.carla,
        at=cast.at,
    )
    FollowUp.objects.filter(pk=other.pk).update(owner=cast.anna)
    lost = work.lost_by_moving(colleague=cast.anna, out_of=[cast.noord], into=cast.zuid, at=cast.at)
    # What is promised to a household of Noord she can no longer open, nor what one must know at its door.
    assert set(lost) == {"promise", "visit"}
    assert other.pk not in lost["promise"]
    assert lost["visit"] == [visit.pk]
    assert list(cast.anna.teams.all()) == [cast.noord]
    with pytest.raises(ValidationError):
        move(cast)
    assert list(cast.anna.teams.all()) == [cast.noord]
    for kind in ("promise", "visit"):
        divide(cast, kinds(cast)[kind], cast.bram)
    move(cast)
    assert list(cast.anna.teams.all()) == [cast.zuid]
    changes = AccountChange.objects.filter(colleague=cast.anna).order_by("pk").values_list("kind", "detail")
    assert list(changes) == [
        (AccountChangeKind.TEAM_LEFT, str(cast.noord.pk)),
        (AccountChangeKind.TEAM_JOINED, str(cast.zuid.pk)),
    ]


def test_coming_into_a_team_beside_her_own_asks_nothing(cast):
    promise(cast)
    move(cast, out_of=[])
    assert set(cast.anna.teams.all()) == {cast.noord, cast.zuid}
    move(cast, out_of=[])
    assert AccountChange.objects.filter(colleague=cast.anna).count() == 1


def test_going_out_of_a_team_asks_too(cast):
    promise(cast)
    with pytest.raises(ValidationError):
        move(cast, into=None)


def test_who_has_no_team_can_leave(cast):
    cast.project()
    with pytest.raises(ValidationError):
        work.leave(colleague=cast.petra, by=cast.hans, at=cast.at)
    rows = kinds(cast, cast.petra, seen_by=fresh(cast.dirk))["project"]
    assert rows[0].may == set()
    piet = colleague("Piet Leider", Role.PROJECT_LEADER)
    assert divide(cast, kinds(cast, cast.petra)["project"], piet, holder=cast.petra).given == 1
    work.leave(colleague=cast.petra, by=cast.hans, at=cast.at)
    assert ProjectMember.objects.get(role=MemberRole.LEADER).user == piet


def test_standing_in_for_who_is_in_no_team_stops_no_move(cast):
    paul = colleague("Paul Bos", Role.PROJECT_LEADER)
    day = cast.at.date()
    absence = Absence.objects.create(user=cast.petra, substitute=paul, from_on=day, until_on=day)
    (row,) = kinds(cast, paul)["standing_in"]
    assert row.may == {cast.rachid.pk}
    assert work.lost_by_moving(colleague=paul, out_of=[], into=cast.zuid, at=cast.at) == {}
    sofie = colleague("Sofie Mol", Role.PROJECT_LEADER)
    assert kinds(cast, paul)["standing_in"][0].may == {sofie.pk, cast.rachid.pk}
    work.hand_on_standing_in(rows={absence: sofie}, holder=paul, by=cast.hans, at=cast.at)
    work.leave(colleague=paul, by=cast.hans, at=cast.at)


def test_where_work_lies_says_who_divides_it(cast):
    promise(cast)
    cast.buurt_noord.team = None
    cast.buurt_noord.save()
    day = cast.at.date()
    Absence.objects.create(user=cast.petra, substitute=cast.anna, from_on=day, until_on=day)
    assert undivided(cast.anna, at=cast.at) == {Place(neighbourhood="Noord-1"): 1, Place(kind="standing_in"): 1}
    cast.buurt_noord.team = cast.zuid
    cast.buurt_noord.save()
    assert undivided(cast.anna, at=cast.at)[Place(team=cast.zuid.pk)] == 1
