"""A visit for a secret dossier closes with the dossier: what hangs on it is of who handles that now."""

from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from cases import actions as cases
from cases.models import Case
from cases.states import SignalType
from corporatie.staff.models import User
from corporatie.work.actions import leave
from corporatie.work.models import FollowUp
from tests.work.reminding import THURSDAY, TUESDAY, WEDNESDAY, live, moment, swept
from visits import actions as visits
from visits.models import Report, Visit
from visits.states import Outcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast):
    """Anna's secret dossier."""
    return cast.case(by=cast.anna, types=(SignalType.CONFUSION,))


def given_to_bram(cast, case):
    """It is not Anna's any more."""
    cases.assign_case(case=Case.objects.get(pk=case.pk), handler=cast.bram, by=cast.anna, at=cast.at)


def spoken(cast, visit, by, at, **talk):
    """A talk at this visit."""
    visits.file_report(
        client_uuid=uuid4(),
        tenancy=cast.bos,
        visit=visit,
        talk=visits.Talk(outcome=Outcome.TALKED, note="Ze is bang", **talk),
        by=User.objects.get(pk=by.pk),
        at=at,
    )


def test_what_is_written_later_is_not_for_who_handled_it_before(cast, case, client):
    visit = cast.visit(by=cast.anna, visitor=cast.anna, on=THURSDAY, case=case)
    given_to_bram(cast, case)
    spoken(cast, visit, cast.bram, moment(THURSDAY))
    anna = User.objects.get(pk=cast.anna.pk)
    assert not Visit.objects.visible_to(anna).filter(pk=visit.pk).exists()
    assert not Report.objects.visible_to(anna).filter(visit=visit).exists()
    assert Report.objects.visible_to(User.objects.get(pk=cast.bram.pk)).filter(visit=visit).exists()
    with time_machine.travel(moment(THURSDAY), tick=False):
        client.force_login(cast.anna)
        assert client.get(reverse("visit_report_detail", args=[visit.pk])).status_code == 404


def test_her_planned_visit_reaches_who_handles_it_now(cast, case):
    visit = cast.visit(by=cast.anna, visitor=cast.anna, on=WEDNESDAY, case=case)
    given_to_bram(cast, case)
    swept(THURSDAY, only="visit_no_outcome")
    assert live("visit_no_outcome", visit) == ["Bram"]


def test_her_talk_to_work_out_reaches_who_handles_it_now(cast, case):
    visit = cast.visit(by=cast.anna, visitor=cast.anna, on=TUESDAY, case=case)
    spoken(cast, visit, cast.anna, cast.at, elaborate_later=True)
    given_to_bram(cast, case)
    swept(WEDNESDAY, only="visit_to_elaborate")
    assert live("visit_to_elaborate", visit) == ["Bram"]


def test_her_promise_at_such_a_visit_reaches_who_handles_it_now(cast, case):
    visit = cast.visit(by=cast.anna, visitor=cast.anna, on=TUESDAY, case=case)
    spoken(cast, visit, cast.anna, cast.at, promises=[visits.Promise("Bel haar dochter", TUESDAY, cast.anna)])
    promise = FollowUp.objects.get(what="Bel haar dochter")
    given_to_bram(cast, case)
    swept(WEDNESDAY, only="follow_up_due")
    assert live("follow_up_due", promise) == ["Bram"]
    assert not FollowUp.objects.visible_to(User.objects.get(pk=cast.anna.pk)).filter(pk=promise.pk).exists()


def test_who_was_second_reader_loses_the_visit_and_who_comes_along_keeps_it(cast):
    case = cast.case(by=cast.anna, types=(SignalType.CONFUSION,), second_reader=cast.bram)
    visit = cast.visit(by=cast.anna, visitor=cast.bram, second_visitor=cast.dirk, on=THURSDAY, case=case)
    cases.name_second_reader(case=Case.objects.get(pk=case.pk), reader=cast.sofie, by=cast.anna, at=cast.at)
    seen_by = [
        who.get_short_name()
        for who in (cast.anna, cast.bram, cast.dirk)
        if Visit.objects.visible_to(User.objects.get(pk=who.pk)).filter(pk=visit.pk).exists()
    ]
    assert seen_by == ["Anna", "Dirk"]


@pytest.mark.parametrize("goes", ["visitor", "second_visitor"])
def test_who_leaves_a_visit_with_its_handler_leaves_it_to_her_alone(cast, goes):
    case = cast.case(by=cast.bram, types=(SignalType.CONFUSION,), second_reader=cast.anna)
    both = {"visitor": cast.bram, "second_visitor": cast.bram} | {goes: cast.anna}
    visit = cast.visit(by=cast.bram, on=THURSDAY, case=case, **both)
    leave(colleague=User.objects.get(pk=cast.anna.pk), by=cast.dirk, at=cast.at)
    visit.refresh_from_db()
    assert (visit.visitor, visit.second_visitor) == (cast.bram, None)
