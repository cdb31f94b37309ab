"""Mail is sent: nothing is given up in silence, and nothing goes twice on purpose."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from corporatie.staff.models import User
from corporatie.work import actions
from corporatie.work.actions import mails as inbox
from corporatie.work.actions import post
from corporatie.work.models import Heartbeat, Notice, OutgoingMail
from corporatie.work.reminders import sweep
from corporatie.work.states import MailFault, MailKind, MailState, Urgency
from tests.work.mailing import MINUTE, Clock, due, minutes, send, states, waiting


# --- Nothing is given up in silence --------------------------------------------------------------------
def test_three_hours_without_a_mail_server_and_then_everything_arrives(cast, sink):
    due(cast, cast.anna, cast.bram, cast.dirk)
    sink.down()
    for minute in range(180):
        # Each minute the post tries; what the sweep makes, it made in the first, and it makes it once.
        if minute % 15 == 0:
            sweep(at=cast.at + minute * MINUTE)
        send(cast.at + minute * MINUTE)
    assert set(states().values()) == {MailState.PENDING}
    assert set(OutgoingMail.objects.exclude(fault="").values_list("fault", flat=True)) == {MailFault.UNREACHABLE}

    sink.up()
    minutes(cast.at + timedelta(hours=3), 16)
    assert sorted(kept.to[0].split("@")[0] for kept in sink.kept) == ["anna", "bram", "dirk"]
    assert set(states().values()) == {MailState.SENT}


def test_while_the_mail_server_is_shut_one_mail_of_each_batch_knocks(cast, sink):
    waiting(cast.anna, number=5, at=cast.at)
    sink.at_the_door = "421 too busy"
    send(cast.at)
    assert sorted(OutgoingMail.objects.values_list("attempts", "fault")) == [(0, "")] * 4 + [(1, MailFault.BUSY)]


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"answer": "451 later"}, MailFault.BUSY),
        ({"refuses": {"anna@voorbeeld.example": "450 grey"}}, MailFault.BUSY),
        ({"drops": True}, MailFault.DROPPED),
        ({"slow": 2.0}, MailFault.DROPPED),
        ({"sender_answer": "451 later"}, MailFault.BUSY),
        ({"at_the_door": "421 later"}, MailFault.BUSY),
        # About us, and not about her.
        ({"at_the_door": "554 not you"}, MailFault.SERVER),
        ({"sender_answer": "550 not you"}, MailFault.SENDER),
        ({"sender_answer": "530 sign in first"}, MailFault.SIGN_IN),
        ({"refuses": {"anna@voorbeeld.example": "530 sign in first"}}, MailFault.SIGN_IN),
    ],
)
def test_what_may_pass_is_tried_again_with_growing_waits(cast, sink, settings, told, fault):
    settings.EMAIL_TIMEOUT = 0.5
    waiting(cast.anna, at=cast.at)
    vars(sink).update(told)
    at, waits = cast.at, []
    for _each in range(7):
        send(at)
        row = OutgoingMail.objects.get()
        assert (row.state, row.fault) == (MailState.PENDING, fault)
        waits.append((row.next_try_at - at) / MINUTE)
        at = row.next_try_at
    assert waits == [1, 2, 4, 8, 15, 15, 15]

    vars(sink).update(vars(type(sink)(port=sink.port)) | {"_controller": sink._controller})
    send(at)
    assert OutgoingMail.objects.get().state == MailState.SENT


def test_a_server_that_cannot_talk_safely_is_tried_again(cast, sink, settings):
    settings.EMAIL_USE_SSL = True
    waiting(cast.anna, at=cast.at)
    send(cast.at)
    row = OutgoingMail.objects.get()
    assert (row.state, row.fault) == (MailState.PENDING, MailFault.NOT_SAFE)


def test_a_server_that_takes_no_password_is_our_fault(cast, sink, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "wij", "fout"
    waiting(cast.anna, at=cast.at)
    send(cast.at)
    assert OutgoingMail.objects.get().state == MailState.PENDING
    assert list(OutgoingMail.objects.held_up(at=cast.at)) == [OutgoingMail.objects.get()]


def test_a_mail_waits_for_days_and_then_visibly_no_longer(cast, sink):
    waiting(cast.anna, at=cast.at)
    sink.refuses["anna@voorbeeld.example"] = "450 grey"
    at, days = cast.at, 0.0
    OutgoingMail.objects.update(attempts=post.MOST_ATTEMPTS - 2)
    for _each in range(2):
        send(at)
        at = OutgoingMail.objects.get().next_try_at
    assert OutgoingMail.objects.get().state == MailState.FAILED
    days = (post.MOST_ATTEMPTS - 4) * post.LONGEST_WAIT / timedelta(days=1)
    assert days > 4.5


def test_while_nobody_gets_mail_no_mail_is_to_blame(cast, sink):
    waiting(cast.anna, at=cast.at)
    OutgoingMail.objects.update(attempts=post.MOST_ATTEMPTS + 5)
    sink.down()
    send(cast.at)
    assert OutgoingMail.objects.get().state == MailState.PENDING


@pytest.mark.parametrize(
    ("address", "told", "fault"),
    [
        ("anna@" + "a" * 70 + ".nl", {}, MailFault.ADDRESS),
        ("ánna@voorbeeld.example", {}, MailFault.ADDRESS),
        ("anna@voorbeeld.example\nBcc: x@y.nl", {}, MailFault.ADDRESS),
        ("anna", {}, MailFault.ADDRESS),
        ("", {}, MailFault.ADDRESS),
        ("anna@voorbeeld.example", {"refuses": {"anna@voorbeeld.example": "550 unknown"}}, MailFault.RECIPIENT),
    ],
)
def test_what_will_never_go_is_set_apart_at_once_and_stops_no_other(cast, sink, address, told, fault):
    User.objects.get_queryset().filter(pk=cast.anna.pk).update(email=address)
    waiting(cast.anna, at=cast.at)
    waiting(cast.bram, at=cast.at)
    vars(sink).update(told)
    batch = send(cast.at)
    assert states() == {"Anna": MailState.FAILED, "Bram": MailState.SENT}
    assert (batch.sent, batch.failed) == (1, 1)
    assert list(OutgoingMail.objects.failed().values_list("recipient", "fault")) == [(cast.anna.pk, fault)]


def test_a_mail_that_is_refused_as_a_whole_is_set_apart(cast, sink):
    waiting(cast.anna, at=cast.at)
    sink.answer = "554 no"
    send(cast.at)
    assert OutgoingMail.objects.get().fault == MailFault.CONTENT


def test_a_mail_that_cannot_be_made_stops_no_other_and_leaves_no_words_in_the_log(cast, sink, monkeypatch, caplog):
    waiting(cast.anna, at=cast.at)
    waiting(cast.bram, at=cast.at)

    def broken(row):
        if row.recipient == cast.anna:
            raise KeyError("mevrouw Bos, Kerkstraat 47")
        return inbox.inbox_text(row)

    monkeypatch.setattr(post, "inbox_text", broken)
    send(cast.at)
    assert states() == {"Anna": MailState.FAILED, "Bram": MailState.SENT}
    assert "KeyError" in caplog.text
    assert "Bos" not in caplog.text


def test_what_somebody_mended_goes_once_more(cast, sink):
    waiting(cast.anna, at=cast.at)
    waiting(cast.bram, at=cast.at)
    sink.answer = "554 no"
    send(cast.at)
    sink.answer = "250 OK"
    send(cast.at + timedelta(days=1))
    assert sink.kept == []

    at = cast.at + timedelta(days=1)
    hers = OutgoingMail.objects.filter(recipient=cast.anna)
    assert actions.try_mails_again(mails=hers, by=cast.hans, at=at) == 1
    send(at)
    assert states() == {"Anna": MailState.SENT, "Bram": MailState.FAILED}
    assert actions.try_mails_again(mails=OutgoingMail.objects.all(), by=cast.hans, at=at) == 1
    send(at)
    assert len(sink.kept) == 2


def test_what_waits_too_long_is_known(cast, sink):
    waiting(cast.anna, at=cast.at)
    sink.down()
    send(cast.at)
    assert not OutgoingMail.objects.held_up(at=cast.at + timedelta(minutes=59)).exists()
    assert OutgoingMail.objects.held_up(at=cast.at + timedelta(minutes=61)).exists()
    # Also when nobody sends at all.
    OutgoingMail.objects.update(attempts=0, fault="")
    assert OutgoingMail.objects.held_up(at=cast.at + timedelta(minutes=70)).exists()


# --- A lease for each mail -----------------------------------------------------------------------------
def test_a_slow_server_ends_the_batch_in_time_and_nothing_goes_twice(cast, sink, monkeypatch):
    waiting(cast.anna, number=12, at=cast.at)
    clock = Clock(cast.at)
    deliver = post._deliver

    def eight_seconds(*told):
        deliver(*told)
        clock.at += timedelta(seconds=8)

    monkeypatch.setattr(post, "_deliver", eight_seconds)
    sent = []
    for turn in range(4):
        # Each half minute one begins.
        began = clock.at = cast.at + turn * timedelta(seconds=30)
        sent.append(actions.send_mails(clock=clock).sent)
        # It ends before the next one begins.
        assert clock.at - began < timedelta(seconds=30)
    assert sent == [3, 3, 3, 3]
    assert len({kept.number for kept in sink.kept}) == len(sink.kept) == 12


def test_the_lease_begins_when_the_mail_is_sent(cast, sink, monkeypatch):
    waiting(cast.anna, number=2, at=cast.at)
    clock, leases = Clock(cast.at), []

    def look(*_told):
        leases.append(OutgoingMail.objects.get(state=MailState.SENDING).lease_until)
        clock.at += timedelta(seconds=15)

    monkeypatch.setattr(post, "_deliver", look)
    actions.send_mails(clock=clock)
    assert leases == [cast.at + post.LEASE, cast.at + timedelta(seconds=15) + post.LEASE]


def test_the_lease_outlives_the_task_and_the_task_its_batch(settings):
    from corporatie.work.tasks import send_mails

    assert timedelta(seconds=send_mails.time_limit) < post.LEASE
    assert send_mails.soft_time_limit < send_mails.time_limit
    assert post.BUDGET.total_seconds() + settings.EMAIL_TIMEOUT < send_mails.soft_time_limit


def test_what_is_urgent_goes_before_the_daily_mails(cast, sink):
    waiting(cast.anna, at=cast.at, kind=MailKind.DIGEST)
    Notice.objects.update(urgency=Urgency.INFO)
    waiting(cast.bram, at=cast.at, kind=MailKind.DIGEST)
    waiting(cast.dirk, at=cast.at + timedelta(seconds=1))
    send(cast.at + timedelta(seconds=2))
    assert [kept.to[0].split("@")[0] for kept in sink.kept] == ["bram", "dirk", "anna"]


def test_a_worker_that_died_holding_a_mail_gives_it_back_under_the_same_number(cast, sink, monkeypatch):
    waiting(cast.anna, at=cast.at)
    deliver = post._deliver

    def killed(*told):
        deliver(*told)
        raise KeyboardInterrupt

    monkeypatch.setattr(post, "_deliver", killed)
    with pytest.raises(KeyboardInterrupt):
        send(cast.at)
    monkeypatch.undo()
    assert send(cast.at + timedelta(minutes=4)).sent == 0
    assert send(cast.at + timedelta(minutes=6)).sent == 1
    assert len({kept.number for kept in sink.kept}) == 1
    assert len(sink.kept) == 2


def test_a_task_that_took_too_long_puts_its_mail_back(cast, sink, monkeypatch):
    from celery.exceptions import SoftTimeLimitExceeded

    waiting(cast.anna, at=cast.at)

    def too_long(*_told):
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(post, "_deliver", too_long)
    with pytest.raises(SoftTimeLimitExceeded):
        send(cast.at)
    row = OutgoingMail.objects.get()
    assert (row.state, row.fault, row.next_try_at) == (MailState.PENDING, MailFault.SLOW, cast.at + MINUTE)


def test_a_mail_that_another_took_over_is_not_put_back(cast, sink, monkeypatch):
    waiting(cast.anna, at=cast.at)

    def overtaken(*_told):
        OutgoingMail.objects.update(state=MailState.SENT, sent_at=cast.at, lease_until=None)
        raise post.UndeliveredError(MailFault.DROPPED)

    monkeypatch.setattr(post, "_deliver", overtaken)
    send(cast.at)
    assert OutgoingMail.objects.get().state == MailState.SENT


def test_a_goodbye_that_goes_wrong_does_not_send_it_again(cast, sink, monkeypatch):
    from django.core.mail.backends.smtp import EmailBackend

    waiting(cast.anna, at=cast.at)
    close = EmailBackend.close

    def rude(self):
        close(self)
        raise OSError

    monkeypatch.setattr(EmailBackend, "close", rude)
    send(cast.at)
    send(cast.at + timedelta(hours=1))
    assert (len(sink.kept), OutgoingMail.objects.get().state) == (1, MailState.SENT)


def test_a_clock_that_ran_ahead_makes_no_mail_wait(cast, sink):
    waiting(cast.anna, at=cast.at)
    sink.down()
    send(cast.at + timedelta(days=300))
    sink.up()
    assert send(cast.at + MINUTE).sent == 1


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_mail_once(cast, sink):
    if connection.vendor == "sqlite":
        pytest.skip("the threads of this test have a database each")
    waiting(cast.anna, number=20, at=cast.at)
    start = threading.Barrier(3)

    def one_sender():
        start.wait()
        send(cast.at)
        connection.close()

    threads = [threading.Thread(target=one_sender) for _each in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({kept.number for kept in sink.kept}) == len(sink.kept) == 20


def test_the_heart_of_the_post_beats_with_nothing_to_send_and_with_the_door_shut(cast, sink):
    send(cast.at)
    assert Heartbeat.objects.get(name="mail").at == cast.at
    waiting(cast.anna, at=cast.at)
    sink.down()
    send(cast.at + MINUTE)
    assert Heartbeat.objects.get(name="mail").at == cast.at + MINUTE


def test_embedded_each_mail_is_a_file_of_its_own(cast, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    due(cast, cast.anna, cast.bram, cast.dirk)
    minutes(cast.at, 1)
    files = list(tmp_path.iterdir())
    assert len(files) == 3
    assert all("Message-ID" in file.read_text() for file in files)
