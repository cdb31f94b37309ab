"""Being given something, standing in, and being named add no permission: only what role and scope allow."""

import csv
from pathlib import Path

import pytest

from tests.matrix.positions import ACTORS, walk_positions

pytestmark = pytest.mark.django_db

AGREED = Path(__file__).with_name("positions.csv")
# Whose roles open nothing about a household, whatever she is given.
NOTHING = ("mila", "olga", "hans")
HEADING = ["position", "page", "object", "method"]


@pytest.fixture(scope="module")
def placed(stage):
    """Everyone in every place."""
    return walk_positions(stage)


def table(placed):
    """What came back, and a star where something was written."""
    return {
        key: {actor: answer.status + "*" * bool(answer.written) for actor, answer in answers.items()}
        for key, answers in placed.items()
    }


def test_every_place_opens_what_was_agreed(placed, request):
    found = table(placed)
    if request.config.getoption("write_matrix", default=False):
        with AGREED.open("w", newline="") as file:
            lines = csv.writer(file, lineterminator="\n")
            lines.writerow([*HEADING, *ACTORS])
            lines.writerows([*key, *(answers[actor] for actor in ACTORS)] for key, answers in sorted(found.items()))
    with AGREED.open(newline="") as file:
        agreed = {tuple(row[name] for name in HEADING): row for row in csv.DictReader(file)}
    assert found.keys() == agreed.keys()
    assert [
        (key, actor, answers[actor], agreed[key][actor])
        for key, answers in found.items()
        for actor in ACTORS
        if answers[actor] != agreed[key][actor]
    ] == []


def test_no_answer_is_a_fault_of_ours(placed):
    assert [
        (key, actor, answer.fault)
        for key, answers in placed.items()
        for actor, answer in answers.items()
        if answer.code >= 500
    ] == []


def test_a_refusal_writes_nothing(placed):
    refused = [answer for answers in placed.values() for answer in answers.values() if answer.is_refused]
    assert len(refused) > 1000
    assert [(answer.cell, answer.actor) for answer in refused if answer.written] == []


def test_who_may_nothing_is_given_nothing(placed):
    assert [(key, actor) for key, answers in placed.items() for actor in NOTHING if not answers[actor].is_refused] == []


def bare(placed):
    """What each may do without having been given anything."""
    return {key[1:]: answers for key, answers in placed.items() if key[0] == "nowhere"}


def more(placed, position):
    """What one may do in this position and not without it."""
    without = bare(placed)
    return {
        (actor, *key[1:])
        for key, answers in placed.items()
        if key[0] == position
        for actor, answer in answers.items()
        if not answer.is_refused and without[key[1:]][actor].is_refused
    }


@pytest.mark.parametrize("position", ["owner of the promise", "owner of the step", "owner of the secret step"])
def test_owning_adds_nothing(placed, position):
    assert more(placed, position) == set()


@pytest.mark.parametrize("position", ["named reader", "named reader of the secret case", "second reader"])
def test_a_named_reader_reads_and_changes_nothing(placed, position):
    found = more(placed, position)
    assert found
    assert {(actor, page) for actor, page, _object, method in found if method == "POST"} == set()


def test_standing_in_opens_nothing_secret(placed):
    found = more(placed, "stand-in")
    assert found
    # Whoever visits does so for a visitor too; dossiers, signals and points of attention ask for the role.
    assert {actor for actor, *_rest in found} == {"carla", "rachid"}
    theirs = {page.partition("_")[0] for actor, page, *_rest in found if actor == "rachid"}
    assert theirs <= {"visit", "follow", "report", "flag"}
    assert {(page, which) for _actor, page, which, _method in found if which.startswith("secret")} == set()


def test_standing_in_for_the_lead_makes_nobody_a_lead(placed):
    assert {page for _actor, page, which, _method in more(placed, "stand-in of the lead") if which == "secret"} == set()
