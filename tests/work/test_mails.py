"""Mail about the inbox: one for each colleague, and nothing about anybody."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import close_old_connections, connection

from cases.states import Severity
from corporatie.staff.models import User
from corporatie.work import actions
from corporatie.work.models import HandedOn, Notice, OutgoingMail
from corporatie.work.reminders import sweep
from corporatie.work.states import MailState
from tests.work.mailing import MINUTE, due, minutes, notice, send, states


# --- What it says --------------------------------------------------------------------------------------
def test_a_mail_says_nothing_about_anybody(cast):
    due(cast, cast.anna)
    minutes(cast.at, 1)

    [message] = mail.outbox
    text = f"{message.subject} {message.body} {message.extra_headers}"
    for secret in ("Bos", "Kerkstraat", "Schilder", "kozijn", "1234"):
        assert secret not in text
    assert "http://testserver/postvak/" in text


def test_no_mail_before_half_past_seven(cast):
    due(cast, cast.anna)
    minutes(datetime(2026, 11, 24, 6, 29, tzinfo=UTC), 1)
    assert (Notice.objects.count(), mail.outbox) == (1, [])


@pytest.mark.parametrize("chosen_first", [True, False])
def test_no_mail_for_who_wants_none_however_late_she_said_so(cast, chosen_first):
    due(cast, cast.anna)
    if not chosen_first:
        sweep(at=cast.at)
    User.objects.get_queryset().filter(pk=cast.anna.pk).update(mail_choice="none")
    minutes(cast.at, 1)
    assert (Notice.objects.count(), mail.outbox) == (1, [])


def test_who_left_gets_no_mail_that_still_waited(cast):
    due(cast, cast.anna)
    sweep(at=cast.at)
    User.objects.get_queryset().filter(pk=cast.anna.pk).update(is_active=False)
    send(cast.at)
    assert (states(), mail.outbox) == ({"Anna": MailState.NOT_NEEDED}, [])


def test_what_was_read_before_the_mail_went_is_not_announced(cast):
    due(cast, cast.anna, cast.anna, cast.bram)
    sweep(at=cast.at)
    Notice.objects.filter(recipient=cast.bram).update(read_at=cast.at)
    Notice.objects.filter(pk=Notice.objects.filter(recipient=cast.anna).first().pk).update(read_at=cast.at)
    batch = send(cast.at)

    assert states() == {"Anna": MailState.SENT, "Bram": MailState.NOT_NEEDED}
    assert (batch.sent, batch.not_needed) == (1, 1)
    assert "1 bericht kan niet wachten." in mail.outbox[0].body


# --- One for each colleague ----------------------------------------------------------------------------
def test_thirty_acute_signals_in_one_sweep_are_one_mail_that_counts_them(cast, sink):
    for _each in range(30):
        cast.signal(severity=Severity.ACUTE)
    minutes(cast.at, 2)
    assert [kept.to for kept in sink.kept] == [["dirk@voorbeeld.example"]]
    assert "30 berichten kunnen niet wachten." in sink.kept[0].text


def test_what_comes_after_a_mail_that_went_makes_another_and_joins_one_that_waits(cast, sink):
    early = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
    cast.signal(severity=Severity.ACUTE)
    minutes(early, 1)
    cast.signal(severity=Severity.ACUTE)
    minutes(early + MINUTE, 1)
    assert [kept.text.count("1 bericht kan niet wachten.") for kept in sink.kept] == [1, 1]

    sink.down()
    for minute in range(2, 5):
        cast.signal(severity=Severity.ACUTE)
        minutes(early + minute * MINUTE, 1)
    sink.up()
    minutes(early + timedelta(minutes=20), 1)
    assert len(sink.kept) == 3
    assert "3 berichten kunnen niet wachten." in sink.kept[2].text


def test_a_notice_that_is_raised_again_is_mailed_again(cast, sink):
    early = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
    cast.signal(severity=Severity.ACUTE)
    minutes(early, 1)
    Notice.objects.update(mail=None)
    minutes(early + MINUTE, 1)
    assert len(sink.kept) == 2


def test_an_urgent_and_a_daily_mail_at_the_same_moment_are_one(cast, sink):
    cast.signal(severity=Severity.ACUTE)
    HandedOn.objects.create(holder=cast.anna, receiver=cast.dirk, items=[], created_by=cast.hans, created_at=cast.at)
    minutes(cast.at, 3)
    assert [kept.to for kept in sink.kept] == [["dirk@voorbeeld.example"]]
    assert "1 bericht kan niet wachten." in sink.kept[0].text
    assert "1 bericht voor deze week." in sink.kept[0].text


@pytest.mark.django_db(transaction=True)
def test_eight_sweeps_at_once_make_one_mail(cast):
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time: there is no such race")
    for _each in range(5):
        notice(cast, cast.dirk)
    start = threading.Barrier(8)

    def one_sweep():
        start.wait()
        actions.make_mails(on=cast.at.date(), at=datetime(2026, 11, 24, 4, 0, tzinfo=UTC), is_working_day=True)
        close_old_connections()
        connection.close()

    threads = [threading.Thread(target=one_sweep) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert OutgoingMail.objects.count() == 1
    assert not Notice.objects.filter(mail=None).exists()
