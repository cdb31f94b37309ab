"""What somebody writes down for a colleague stands in her inbox; what one takes oneself is no news."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from cases import actions as cases
from cases.models import Case, Signal
from cases.states import Severity, SignalType
from corporatie.staff.models import User
from corporatie.work import actions as work
from corporatie.work.models import FollowUp, HandedOn, Notice
from tests.work.reminding import THURSDAY, swept
from visits import actions as visits
from visits.states import Outcome

pytestmark = pytest.mark.django_db
NEWS = ("work_received", "case_given")


def news():
    """Who has which news, after a sweep."""
    swept(timezone.localdate(timezone.now()), 11)
    rows = Notice.objects.live().filter(rule__in=NEWS).select_related("recipient").order_by("recipient", "rule")
    return [(row.recipient.get_short_name(), row.rule) for row in rows]


@pytest.fixture(autouse=True)
def _today(time_machine_at):
    """All of this happens on the cast's day."""


def promise(cast, owner):
    """Anna promises something in this colleague's name."""
    return work.add_follow_up(
        tenancy=cast.bos,
        subject=cast.bos,
        what="Bel terug",
        owner=owner,
        due_on=THURSDAY,
        is_promise=True,
        by=cast.anna,
        at=cast.at,
    )


def page_of(client, cast, user):
    """What she reads behind her one line."""
    client.force_login(user)
    return client.get(HandedOn.objects.get(receiver=user).get_absolute_url()).content.decode()


def test_a_promise_in_her_name(cast, client):
    promise(cast, cast.bram)
    assert news() == [("Bram", "work_received")]
    page = page_of(client, cast, cast.bram)
    assert "Anna Jansen gaf u dit" in page
    assert "Bel terug" in page
    assert "Kerkstraat 47" in page


def test_what_goes_to_her_later_and_back_again(cast):
    made = promise(cast, cast.anna)
    assert news() == []
    work.move_follow_up(follow_up=made, due_on=THURSDAY, owner=cast.bram, by=cast.anna, at=cast.at)
    assert news() == [("Bram", "work_received")]
    # Another day alone is no other work.
    later = THURSDAY + timedelta(days=1)
    work.move_follow_up(follow_up=made, due_on=later, owner=cast.bram, by=cast.anna, at=cast.at)
    assert news() == [("Bram", "work_received")]
    work.move_follow_up(follow_up=made, due_on=later, owner=cast.anna, by=cast.bram, at=cast.at)
    assert news() == [("Anna", "work_received"), ("Bram", "work_received")]


def test_all_of_one_talk_is_one_line(cast, client):
    promises = [visits.Promise(what, THURSDAY, cast.bram) for what in ("Eerste", "Tweede")]
    talk = visits.Talk(outcome=Outcome.TALKED, promises=promises, actions=[visits.Action("Derde", THURSDAY, cast.bram)])
    visits.file_report(tenancy=cast.bos, client_uuid=uuid4(), talk=talk, by=cast.anna, at=cast.at)
    assert news() == [("Bram", "work_received")]
    page = page_of(client, cast, cast.bram)
    assert all(what in page for what in ("Eerste", "Tweede", "Derde"))


def test_a_visit_for_two_others(cast, client):
    cast.visit(visitor=cast.bram, second_visitor=cast.dirk, on=THURSDAY)
    assert news() == [("Bram", "work_received"), ("Dirk", "work_received")]
    assert "Kerkstraat 47" in page_of(client, cast, cast.dirk)


@pytest.mark.parametrize(("severity", "told"), [(Severity.HIGH, [("Anna", "work_received")]), (Severity.ACUTE, [])])
def test_a_signal_unless_it_has_a_line_of_its_own(cast, severity, told):
    signal = cast.signal(by=cast.wim, severity=severity)
    cases.assign_signal(signal=Signal.objects.get(pk=signal.pk), handler=cast.anna, by=cast.dirk, at=cast.at)
    assert news() == told
    assert Notice.objects.live().filter(rule="signal_acute_mine").exists() == (severity == Severity.ACUTE)


@pytest.mark.parametrize("kind", [SignalType.NOISE, SignalType.CHILDREN])
def test_a_dossier_and_its_step_are_one_line(cast, kind):
    case = cast.case(by=cast.anna, types=(kind,), handler=cast.bram, first_step=cast.step(cast.bram))
    assert news() == [("Bram", "case_given")]
    cases.assign_case(case=Case.objects.get(pk=case.pk), handler=cast.carla, by=cast.bram, at=cast.at)
    assert news() == [("Carla", "case_given")]


def test_a_step_of_another_than_the_handler(cast, client):
    case = cast.case(by=cast.anna)
    cases.take_step(case=case, following=cast.step(cast.bram, what="Bel de dochter"), by=cast.anna, at=cast.at)
    assert news() == [("Bram", "work_received")]
    assert "Bel de dochter" in page_of(client, cast, cast.bram)
    cases.change_step(case=case, step=cast.step(cast.anna), by=cast.bram, at=cast.at)
    assert news() == [("Anna", "work_received"), ("Bram", "work_received")]


def test_what_hangs_on_a_secret_dossier_is_shown_to_who_got_it(cast, client):
    case = cast.case(by=cast.anna, types=(SignalType.CHILDREN,), second_reader=cast.bram)
    visit = cast.visit(case=case)
    talk = visits.Talk(outcome=Outcome.TALKED, promises=[visits.Promise("Stil", THURSDAY, cast.anna)])
    visits.file_report(tenancy=cast.bos, visit=visit, client_uuid=uuid4(), talk=talk, by=cast.anna, at=cast.at)
    stil = FollowUp.objects.get(is_promise=True)
    # Her second reader keeps it while she is away.
    with time_machine.travel(cast.at + timedelta(days=1), tick=False):
        at = timezone.now()
        FollowUp.objects.filter(pk=stil.pk).update(owner=cast.bram)
        stil.refresh_from_db()
        work.move_follow_up(follow_up=stil, due_on=THURSDAY, owner=cast.anna, by=cast.bram, at=at)
        assert "Stil" in page_of(client, cast, cast.anna)
    assert not HandedOn.objects.visible_to(User.objects.get(pk=cast.dirk.pk)).exists()


def test_what_one_takes_oneself_is_no_news(cast):
    promise(cast, cast.anna)
    cast.visit(on=THURSDAY)
    case = cast.case()
    cases.take_step(case=case, following=cast.step(), by=cast.anna, at=cast.at)
    signal = cast.signal()
    cases.take_up_signal(signal=Signal.objects.get(pk=signal.pk), by=cast.anna, at=cast.at)
    assert news() == []
    assert not HandedOn.objects.exists()
