"""What is given to somebody while she leaves waits, and is refused."""

import pytest

from cases import actions as cases
from cases.models import Case
from corporatie.staff.models import User
from corporatie.work import actions as work
from corporatie.work.models import FollowUp
from tests.work.at_once import meanwhile, needs_postgresql, real
from tests.work.reminding import THURSDAY, TUESDAY
from visits.models import Visit


def leaves(cast):
    """Bram leaves; Dirk does it."""
    bram = User.objects.get(pk=cast.bram.pk)
    return lambda: work.leave(colleague=bram, by=cast.dirk, at=cast.at)


def give_promise(cast):
    work.add_follow_up(
        tenancy=cast.bos, subject=cast.bos, what="Bel", owner=cast.bram, due_on=TUESDAY, by=cast.anna, at=cast.at
    )


def plan_visit(cast):
    cast.visit(by=cast.anna, visitor=cast.bram, on=THURSDAY)


def come_along(cast):
    cast.visit(by=cast.anna, visitor=cast.anna, second_visitor=cast.bram, on=THURSDAY)


def assign_case(cast):
    cases.assign_case(case=Case.objects.get(), handler=cast.bram, by=cast.anna, at=cast.at)


def open_case(cast):
    cast.case(by=cast.anna, handler=cast.bram)


@real
@needs_postgresql
@pytest.mark.parametrize("give", [give_promise, plan_visit, come_along, assign_case, open_case])
def test_what_is_given_while_she_leaves_is_refused(cast, give):
    cast.case(by=cast.anna)
    (fault,) = meanwhile(leaves(cast), lambda: give(cast))
    assert "Bram" in fault
    assert not User.objects.get_queryset().get(pk=cast.bram.pk).is_active
    assert not FollowUp.objects.filter(owner=cast.bram).exists()
    assert not Visit.objects.filter(visitor=cast.bram).exists()
    assert not Visit.objects.filter(second_visitor=cast.bram).exists()
    assert not Case.objects.filter(handler=cast.bram).exists()
