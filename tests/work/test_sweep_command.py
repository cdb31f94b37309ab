"""``manage.py sweep`` for cron: the same as worker and beat do each minute, without a broker."""

from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from corporatie.work import reminders
from corporatie.work.models import Heartbeat, OutgoingMail
from tests.work.mailing import due, waiting


def run(at):
    """What it says."""
    told = StringIO()
    with time_machine.travel(at, tick=False):
        call_command("sweep", stdout=told)
    return told.getvalue().strip()


def test_it_sweeps_and_sends_and_says_how_many(cast, sink):
    due(cast, cast.anna)
    assert run(cast.at) == "follow_up_due=1 mails=1 sent=1"
    assert [kept.to for kept in sink.kept] == [["anna@voorbeeld.example"]]
    assert {"sweep", "mail", "rule follow_up_due"} <= set(Heartbeat.objects.values_list("name", flat=True))
    assert run(cast.at) == "nothing to do"


@pytest.mark.parametrize("down", [True, False])
def test_when_nothing_could_be_sent_it_says_so(cast, sink, down):
    due(cast, cast.anna)
    if down:
        sink.down()
    else:
        sink.answer = "554 no"
    with pytest.raises(CommandError, match="no mail could be sent"):
        run(cast.at)


def test_when_a_sweep_breaks_off_what_waits_goes_out_all_the_same(cast, sink, monkeypatch):
    waiting(cast.anna, at=cast.at)

    def broken(**_when):
        raise KeyError("mevrouw Bos")

    monkeypatch.setattr(reminders, "sweep", broken)
    with pytest.raises(CommandError) as refused:
        run(cast.at)
    assert "Bos" not in str(refused.value)
    assert OutgoingMail.objects.get().state == "sent"
