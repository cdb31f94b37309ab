"""One rule that fails does not stop the others; two workers and a colleague at once make no second and no lock."""

from dataclasses import replace
from datetime import timedelta
from time import monotonic
from unittest import mock

import pytest
import time_machine
from django.db import connection
from django.db.models import BooleanField, Value
from django.db.models.functions import Cast as Converted
from structlog.testing import capture_logs

from cases.states import Severity
from corporatie.work import actions
from corporatie.work.models import Alarm, FollowUp, Heartbeat, Notice
from corporatie.work.reminders import sweep
from corporatie.work.states import Urgency, reminders
from tests.cast import Cast
from tests.work.at_once import needs_postgresql, real, together
from tests.work.reminding import RULES, SATURDAY, THURSDAY, live, moment, promise


def broken(code, rows):
    """All rules, of which one asks what cannot be answered."""
    return {**reminders(), code: replace(reminders()[code], rows=rows)}


def raises(on, at):
    """A rule with a mistake in it."""
    raise LookupError("no such table")


def poisoned(on, at):
    """A row on which the database itself stumbles."""
    column = reminders()["follow_up_due"].rows(on, at)
    if connection.vendor == "sqlite":
        return column.extra(where=["abs(-9223372036854775807 - 1) > 0"])
    return column.annotate(poison=Converted(Value("no"), BooleanField())).extra(where=["1 / (length(what) * 0) > 0"])


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [raises, poisoned])
def test_a_rule_that_fails_stops_no_other_and_the_sweep_does_not_say_it_ran(cast, fault, caplog):
    rows = {rule.code: rule.make(cast) for rule in RULES if rule.code in ("follow_up_due", "flag_review")}
    rows["signal_acute"] = cast.signal(severity=Severity.ACUTE)
    with mock.patch("corporatie.work.reminders.reminders", return_value=broken("follow_up_due", fault)):
        made = sweep(at=moment(THURSDAY))
    assert "follow_up_due" not in made
    assert live("follow_up_due", rows["follow_up_due"]) == []
    assert live("flag_review", rows["flag_review"]) == ["Dirk"]
    assert live("signal_acute", rows["signal_acute"]) == ["Dirk"]
    assert not Heartbeat.objects.filter(name="sweep").exists()
    # Mended: what was left comes, and the heart beats.
    sweep(at=moment(THURSDAY, 11))
    assert live("follow_up_due", rows["follow_up_due"]) == ["Anna"]
    assert Heartbeat.objects.get(name="sweep").at == moment(THURSDAY, 11)


@pytest.mark.django_db
@pytest.mark.parametrize("code", sorted(reminders()))
def test_any_of_them_may_fail(cast, code):
    with mock.patch("corporatie.work.reminders.reminders", return_value=broken(code, raises)):
        made = sweep(at=moment(THURSDAY))
    assert set(reminders()) - set(made) == {code}
    assert not Heartbeat.objects.filter(name="sweep").exists()


def hangs(on, at):
    """A rule whose question takes minutes."""
    return reminders()["follow_up_due"].rows(on, at).extra(where=["(SELECT COUNT(*) FROM pg_sleep(60)) > 0"])


@needs_postgresql
@pytest.mark.django_db
def test_a_rule_that_hangs_stops_no_other(client, cast, settings, caplog):
    settings.RULE_TIMEOUT_MS = 300
    rows = {rule.code: rule.make(cast) for rule in RULES if rule.code in ("follow_up_due", "flag_review")}
    with (
        mock.patch("corporatie.work.reminders.reminders", return_value=broken("follow_up_due", hangs)),
        capture_logs() as lines,
    ):
        began = monotonic()
        made = sweep(at=moment(THURSDAY))
    assert monotonic() - began < 30
    assert made["failed"] == 1
    assert live("follow_up_due", rows["follow_up_due"]) == []
    assert live("flag_review", rows["flag_review"]) == ["Dirk"]
    assert [line["rule"] for line in lines if line["event"] == "rule_failed"] == ["follow_up_due"]
    # Nothing says that it ran, so whoever watches hears of it.
    assert not Heartbeat.objects.filter(name="sweep").exists()
    with time_machine.travel(moment(THURSDAY), tick=False):
        assert client.get("/readyz").status_code == 503


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_the_patience_with_a_rule_holds_for_that_rule_alone(cast, settings):
    settings.RULE_TIMEOUT_MS = 300
    sweep(at=moment(THURSDAY))
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


@pytest.mark.django_db
def test_what_a_rule_raised_that_is_gone_is_settled(cast):
    row = promise(THURSDAY)(cast)
    sweep(at=moment(THURSDAY))
    known = Notice.objects.get(rule="follow_up_due")
    for number, who in enumerate((cast.anna, cast.bram, None)):
        Notice.objects.create(
            recipient=who,
            rule="of_long_ago",
            about_id=row.pk,
            on=THURSDAY + timedelta(days=number),
            urgency=Urgency.NOW,
            made_at=cast.at,
            subject_label=row.subject_label,
            subject_id=row.subject_id,
        )
    sweep(at=moment(SATURDAY))
    assert list(Notice.objects.live()) == [known]
    assert set(Notice.objects.filter(rule="of_long_ago").values_list("settled_at", flat=True)) == {moment(SATURDAY)}
    # Nor does it count as something that reaches nobody.
    assert not Alarm.objects.on().exists()


@pytest.mark.django_db
def test_when_counting_what_reaches_nobody_fails_the_mails_still_go(cast):
    promise(THURSDAY)(cast)
    with mock.patch("corporatie.work.actions.count_alarms", side_effect=LookupError):
        made = sweep(at=moment(THURSDAY))
    assert made["follow_up_due"] == 1
    assert Notice.objects.exclude(mail=None).count() == 1
    assert not Heartbeat.objects.filter(name="sweep").exists()


def once():
    """How many live notices stand there twice."""
    keys = list(Notice.objects.live().values_list("rule", "about_id"))
    return len(keys) - len(set(keys))


@real
@needs_postgresql
def test_two_workers_make_each_notice_once():
    cast = Cast.make(moment(THURSDAY) - timedelta(days=2))
    for _row in range(20):
        promise(THURSDAY)(cast)
    cast.signal(severity=Severity.ACUTE)
    at = moment(THURSDAY)
    for round_ in range(3):
        Notice.objects.all().update(settled_at=at)
        assert together(*[lambda: sweep(at=at + timedelta(minutes=round_))] * 2) == []  # noqa: B023
        sweep(at=at + timedelta(minutes=round_))
        # The promises, and the signal: acute, and past its norm.
        assert (Notice.objects.live().count(), once()) == (22, 0)


@real
@needs_postgresql
def test_finishing_while_the_sweep_runs_locks_nothing():
    cast = Cast.make(moment(THURSDAY) - timedelta(days=2))
    at = moment(THURSDAY)
    rules = {code: rule for code, rule in reminders().items() if code in ("follow_up_due", "promise_late")}
    rows = [promise(day)(cast) for day in [THURSDAY - timedelta(days=3)] * 50]
    with mock.patch("corporatie.work.reminders.reminders", return_value=rules):
        sweep(at=at)
        for row in rows:
            faults = together(
                lambda: sweep(at=at),
                lambda: actions.finish_follow_up(follow_up=row, by=cast.anna, at=at),  # noqa: B023
            )
            assert faults == []
        sweep(at=at)
    assert FollowUp.objects.open().count() == 0
    assert Notice.objects.live().filter(rule__in=rules).count() == 0
