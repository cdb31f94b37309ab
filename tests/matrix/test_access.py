"""No line, no data: what shows something about a person is written down first."""

import pytest
from django.db import DatabaseError

from corporatie.privacy.models import Access
from tests.matrix.canaries import unlogged

pytestmark = pytest.mark.django_db


def test_every_page_about_a_person_left_a_line(walked):
    shown = [answer for answer in walked.answers if answer.canaries]
    assert len(shown) > 300
    assert unlogged(walked.answers) == []


def test_a_page_about_nobody_leaves_no_line(walked):
    lines = {answer.target.name for answer in walked.answers if answer.looks and answer.method == "GET"}
    assert lines.isdisjoint(
        {"healthz", "readyz", "preferences", "account_login", "mfa_index", "admin:index", "style_guide"}
    )


def test_every_refusal_of_something_one_may_know_of_left_a_line(walked):
    refused = [
        answer
        for answer in walked.answers
        if answer.code == 403 and answer.target.which == "own" and answer.method in ("GET", "POST")
    ]
    assert len(refused) > 10
    # The log says who looked at whose household. These pages are about colleagues and show none; what is behind them
    # of a household (the open work of who leaves) is 404 for who may not divide it, and each row it shows is logged.
    about_colleagues = {
        "duty_create",
        "duty_change",
        "duty_drop",
        "roster",
        "leaving",
        "leaving_access",
        "leaving_end",
        "leaving_team",
    }
    silent = {answer.target.name for answer in refused if not answer.looks}
    assert silent <= about_colleagues
    shown = {answer.target.name for answer in walked.answers if answer.canaries and answer.target.name in silent}
    assert shown <= {"leaving"}


def test_nothing_is_shown_when_the_line_cannot_be_written(walked, stage, monkeypatch):
    showed = [answer for answer in walked.answers if answer.canaries and answer.method == "GET"]
    assert len({answer.target.name for answer in showed}) > 30

    def broken(*args, **kwargs):
        raise DatabaseError("the log is full")

    monkeypatch.setattr(Access, "save", broken)
    again = [stage.ask(answer.actor, answer.target, "GET") for answer in showed]
    assert [(answer.cell, answer.actor) for answer in again if answer.canaries] == []
    assert {answer.code for answer in again} == {503}
