"""Reminders arrive once, at the right colleague, on working days."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from cases.states import Severity
from corporatie.staff.models import Absence
from corporatie.work import actions
from corporatie.work.models import FollowUp, Notice, OutgoingMail, SpecialDay
from corporatie.work.reminders import sweep


@pytest.fixture
def promise(cast):
    """We promised mrs Bos a call, today."""
    return actions.add_follow_up(
        tenancy=cast.bos,
        subject=cast.bos,
        what="Schilder belt over het kozijn",
        owner=cast.anna,
        due_on=date(2026, 11, 24),
        is_promise=True,
        by=cast.anna,
        at=cast.at,
    )


def notices():
    """Who was told what, in order."""
    return list(Notice.objects.order_by("id").values_list("recipient__name", "rule", "on"))


def mails():
    """Who is mailed, in order."""
    return list(OutgoingMail.objects.order_by("id").values_list("recipient__name", "kind"))


def test_a_promise_that_is_due_becomes_one_notice_and_one_mail(cast, promise):
    sweep(at=cast.at)

    assert notices() == [("Anna Jansen", "follow_up_due", date(2026, 11, 24))]
    assert mails() == [("Anna Jansen", "digest")]
    assert Notice.objects.get().subject_id == cast.bos.pk


def test_sweeping_again_changes_nothing(cast, promise):
    sweep(at=cast.at)
    made = sweep(at=cast.at + timedelta(minutes=1))

    assert not any(made.values())
    assert Notice.objects.count() == 1
    assert len(mails()) == 1


def test_nothing_is_due_on_a_day_the_association_is_closed(cast, promise):
    SpecialDay.objects.create(on=date(2026, 11, 24), name="Brugdag")
    sweep(at=cast.at)
    assert notices() == []

    sweep(at=cast.at + timedelta(days=1))
    assert [row[:2] for row in notices()] == [("Anna Jansen", "follow_up_due")]


def test_nothing_is_due_in_the_weekend_unless_the_association_works(cast, promise):
    saturday = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
    sweep(at=saturday)
    assert notices() == []

    SpecialDay.objects.create(on=date(2026, 11, 28), name="Open huis", is_working_day=True)
    sweep(at=saturday)
    assert [row[1] for row in notices()] == ["promise_late"]


def test_who_stands_in_gets_it_during_an_absence(cast, promise):
    Absence.objects.create(
        user=cast.anna, substitute=cast.bram, from_on=date(2026, 11, 23), until_on=date(2026, 11, 27)
    )
    sweep(at=cast.at)
    assert [row[0] for row in notices()] == ["Bram Visser"]


def test_a_promise_late_by_a_working_day_is_said_once_more_and_once_only(cast, promise):
    for day in range(5):
        sweep(at=cast.at + timedelta(days=day))
    assert [row[1] for row in notices()] == ["follow_up_due", "promise_late"]
    assert [notice.rule for notice in Notice.objects.live()] == ["promise_late"]


def test_beat_that_slept_three_days_makes_up_with_one_notice_each(cast, promise):
    sweep(at=cast.at + timedelta(days=3))
    assert [row[1] for row in notices()] == ["promise_late"]
    assert len(mails()) == 1


def test_a_done_promise_reminds_nobody(cast, promise):
    actions.finish_follow_up(follow_up=promise, by=cast.anna, at=cast.at)
    sweep(at=cast.at)
    assert notices() == []


def test_a_signal_past_its_norm_goes_to_the_handler_and_then_to_the_team_lead(cast):
    signal = cast.signal(severity=Severity.HIGH)
    from cases.actions import take_up_signal

    take_up_signal(signal=signal, by=cast.bram, at=cast.at)
    assert signal.respond_by_on == date(2026, 11, 26)
    sweep(at=cast.at + timedelta(days=3))
    assert ("Bram Visser", "signal_past_norm", date(2026, 11, 26)) in notices()
    assert "signal_past_norm_lead" not in {row[1] for row in notices()}

    sweep(at=cast.at + timedelta(days=6))
    assert ("Dirk Bakker", "signal_past_norm_lead", date(2026, 11, 26)) in notices()
    assert Notice.objects.filter(rule="signal_past_norm").count() == 1


def test_an_acute_signal_reaches_the_team_lead_at_once_also_on_sunday(cast):
    sunday = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    cast.signal(severity=Severity.ACUTE, client_uuid=uuid4())
    sweep(at=sunday)
    assert [row[:2] for row in notices()] == [("Dirk Bakker", "signal_acute")]
    assert mails() == [("Dirk Bakker", "urgent")]


def test_a_promise_to_a_household_that_left_is_found(cast, promise):
    from tenants.actions import end_tenancy

    end_tenancy(tenancy=cast.bos, ended_on=date(2026, 11, 20), by=cast.anna, at=cast.at)
    sweep(at=cast.at)
    assert "follow_up_household_left" in {row[1] for row in notices()}


def test_moving_a_follow_up_reminds_again_on_the_new_day(cast, promise):
    sweep(at=cast.at)
    actions.move_follow_up(follow_up=promise, due_on=date(2026, 11, 26), owner=cast.bram, by=cast.anna, at=cast.at)
    sweep(at=cast.at + timedelta(days=2))
    due = [who for who, rule, _on in notices() if rule == "follow_up_due"]
    assert due == ["Anna Jansen", "Bram Visser"]
    assert FollowUp.objects.get().owner == cast.bram


def test_taking_up_an_acute_signal_settles_what_the_team_lead_was_told(cast):
    from cases.actions import take_up_signal

    signal = cast.signal(severity=Severity.ACUTE)
    sweep(at=cast.at)
    assert Notice.objects.live().filter(recipient=cast.dirk).count() == 1
    take_up_signal(signal=signal, by=cast.bram, at=cast.at)
    assert Notice.objects.live().filter(recipient=cast.dirk).count() == 0
