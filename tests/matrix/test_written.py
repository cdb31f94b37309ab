"""What each thing one can send writes, and for whom: every table, held against a list that was agreed on."""

import csv
from pathlib import Path

import pytest

pytestmark = pytest.mark.django_db

AGREED = Path(__file__).with_name("written.csv")


def written(walked):
    """Page and whose, what was written, and the colleagues for whom it was. What writes nothing is not in it."""
    rows: dict[tuple[str, str, str], list[str]] = {}
    for answer in walked.answers:
        if answer.method == "POST" and answer.how and not answer.is_refused:
            key = (answer.target.name, answer.target.which, " ".join(sorted(answer.how)))
            rows.setdefault(key, []).append(answer.actor)
    return {key: " ".join(sorted(set(actors))) for key, actors in rows.items()}


def agreed():
    """The committed list."""
    with AGREED.open(newline="") as file:
        return {(row["page"], row["object"], row["written"]): row["actors"] for row in csv.DictReader(file)}


def test_what_was_written_is_what_was_agreed(walked, request):
    found = written(walked)
    if request.config.getoption("write_matrix", default=False):
        with AGREED.open("w", newline="") as file:
            lines = csv.writer(file, lineterminator="\n")
            lines.writerow(["page", "object", "written", "actors"])
            lines.writerows([*key, actors] for key, actors in sorted(found.items()))
    assert found == agreed()


def test_the_list_says_something(walked):
    found = written(walked)
    pages = {page for page, _object, _written in found}
    assert len(pages) > 25
    # Whatever a colleague changes about a household leaves its line in the journal.
    ours = ("case_", "visit_", "follow_up_", "signal_", "flag_")
    silent = {
        page for page, _object, tables in found if page.startswith(ours) and "+journal_entry" not in tables.split()
    }
    assert silent == set()
