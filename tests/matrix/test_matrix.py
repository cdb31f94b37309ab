"""Every address × method × colleague × object, against the answers that were agreed (``expected.csv``).

The addresses come from the resolver: a new page without a line fails, and so does a line without a page. The file is
read in a review as part of the change; ``pytest tests/matrix --write-matrix`` writes it again.
"""

import csv
import re
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings

from corporatie.staff.middleware import OPEN_VIEWS
from tests.matrix.walk import SAFE, endpoints, targets
from tests.matrix.walked import ONE_FACTOR

LINK = re.compile(r'<a [^>]*?href="(/[^"]*)"')
FORM = re.compile(r'<form[^>]*method="post".*?</form>', re.DOTALL)

pytestmark = pytest.mark.django_db

EXPECTED = Path(__file__).with_name("expected.csv")
ACTORS = (
    "anonymous",
    "left",
    ONE_FACTOR,
    "anna",
    "bram",
    "carla",
    "wim",
    "rachid",
    "petra",
    "dirk",
    "olga",
    "mila",
    "hans",
)
# Pages of the libraries: signing in, the second factor, the administration. They answer HEAD and OPTIONS by themselves.
LIBRARIES = ("account_", "mfa_", "admin:", "/beheer/")
OPEN_TO_ALL = {
    "healthz": "for machines",
    "readyz": "for machines",
    "dev_mail": "the mail that was sent, on one's own machine; in production it is not there",
}


def agreed() -> dict[tuple[str, str, str], dict[str, str]]:
    """The committed matrix."""
    with EXPECTED.open(newline="") as file:
        return {
            (row["page"], row["object"], row["method"]): {actor: row[actor] for actor in ACTORS}
            for row in csv.DictReader(file)
        }


def write(table: dict[tuple[str, str, str], dict[str, str]]) -> None:
    """Write the matrix down, one line for each page, object and method."""
    with EXPECTED.open("w", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(["page", "object", "method", *ACTORS])
        for cell, answers in sorted(table.items()):
            lines.writerow([*cell, *(answers[actor] for actor in ACTORS)])


def test_every_answer_is_the_one_that_was_agreed(walked, request):
    table = walked.table()
    if request.config.getoption("write_matrix", default=False):
        write(table)
    expected = agreed()
    assert sorted(table.keys() - expected.keys()) == []
    assert sorted(expected.keys() - table.keys()) == []
    differ = [
        f"{' '.join(cell)} as {actor}: {table[cell][actor]} (agreed: {answers[actor]})"
        for cell, answers in expected.items()
        for actor in ACTORS
        if table[cell][actor] != answers[actor]
    ]
    assert differ == []


def test_every_address_of_the_resolver_is_in_it():
    assert {endpoint.name for endpoint in endpoints()} == {page for page, _object, _method in agreed()}


def test_no_answer_is_a_fault_of_ours(walked):
    assert [(answer.cell, answer.actor, answer.fault) for answer in walked.answers if answer.code >= 500] == []


def test_a_refusal_changes_nothing(walked):
    refused = [answer for answer in walked.answers if answer.is_refused]
    assert len(refused) > 3000
    assert [(answer.cell, answer.actor, sorted(answer.written)) for answer in refused if answer.written] == []
    assert [(answer.cell, answer.actor) for answer in refused if answer.changed] == []


def test_looking_changes_nothing(walked):
    looks = [answer for answer in walked.answers if answer.method in SAFE]
    assert {answer.target.name for answer in looks if answer.written} == set()


def test_each_form_that_changes_something_carries_its_token(walked):
    """The walk itself sends without one: a form that forgot it would be refused only at the table."""
    forms = {
        (answer.target.name, form)
        for answer in walked.answers
        if answer.method == "GET" and answer.code == 200
        for form in FORM.findall(answer.body)
    }
    assert len(forms) > 100
    assert {name for name, form in forms if 'name="csrfmiddlewaretoken"' not in form} == set()


def test_no_page_leads_where_one_is_refused(walked):
    """A link is a promise: whoever sees it may follow it. Nor does saving something end in a refusal."""
    colleagues = [answer for answer in walked.answers if answer.actor in ACTORS[3:]]
    code = {(answer.actor, answer.target.url): answer.code for answer in colleagues if answer.method == "GET"}
    followed, refused = set(), set()
    for answer in colleagues:
        links = {unescape(link).partition("#")[0] for link in LINK.findall(answer.body) if answer.code == 200}
        # Where the pages of a library send one on is theirs.
        onward = "" if answer.target.name.startswith(LIBRARIES) else answer.location
        known = {link for link in (*links, onward) if (answer.actor, link) in code}
        followed |= known
        refused |= {(answer.actor, answer.cell, link) for link in known if code[answer.actor, link] in (403, 404)}
    assert len(followed) > 60
    assert refused == set()


def test_what_is_not_visible_looks_exactly_like_what_is_not_there(walked):
    absent = {}
    for answer in walked.answers:
        if answer.target.which == "absent" and answer.code == 404:
            absent[answer.actor, answer.target.name, answer.method] = _bare(answer)
    compared, differ = 0, []
    for answer in walked.answers:
        key = (answer.actor, answer.target.name, answer.method)
        if answer.code == 404 and answer.target.which != "absent" and key in absent:
            compared += 1
            if _bare(answer) != absent[key]:
                differ.append((answer.cell, answer.actor))
    assert compared > 400
    assert differ == []


def _bare(answer) -> str:
    """The page without what differs by nature: the address itself, and the numbers of this one request."""
    last = answer.target.url.split("/")[-2]
    body = answer.body.replace(answer.target.url, "")
    # A number of one digit stands everywhere.
    body = body.replace(last, "") if len(last) > 4 else body
    return re.sub(r'(name="csrfmiddlewaretoken" value=")\w+|(Noem nummer )\w{8}', r"\1\2", body)


def test_methods_nobody_uses_are_refused(walked):
    unused = [answer for answer in walked.answers if answer.method not in ("GET", "POST")]
    assert len({answer.target.name for answer in unused}) == len({endpoint.name for endpoint in endpoints()})
    ours = [answer for answer in unused if not answer.target.name.startswith(LIBRARIES)]
    health = {"healthz", "readyz"}
    answered = {
        (answer.target.name, answer.method, answer.status)
        for answer in ours
        if not answer.is_refused and answer.target.name not in health
    }
    assert answered == set()
    assert {answer.method for answer in ours if answer.code == 200} == {"HEAD"}
    assert {answer.target.name for answer in unused if answer.written or answer.changed} == set()
    assert [answer.cell for answer in unused if answer.method in ("HEAD", "OPTIONS") and answer.canaries] == []


def test_with_one_factor_only_the_page_that_sets_up_the_second_opens(walked):
    opened = {
        answer.target.name
        for answer in walked.answers
        if answer.actor == ONE_FACTOR and answer.status not in ("2fa", "in")
    }
    assert opened <= OPEN_VIEWS
    assert {"mfa_activate_totp", "account_logout", "healthz"} <= opened


def test_who_left_is_nobody(walked):
    assert [cell for cell, answers in walked.table().items() if answers["left"] != answers["anonymous"]] == []


def test_nobody_comes_in_without_signing_in(walked):
    opened = {
        answer.target.name
        for answer in walked.answers
        if answer.actor == "anonymous" and answer.method in ("GET", "POST") and answer.code == 200
    }
    assert {name for name in opened if not name.startswith("account_")} == set(OPEN_TO_ALL)


def test_in_production_nobody_reads_the_mail_that_was_sent(stage, settings):
    settings.MODE = "production"
    again = [
        stage.ask(actor, target, "GET")
        for target in targets(stage.world)
        if target.name.startswith("dev_mail")
        for actor in ("anonymous", "anna", "hans")
    ]
    assert {answer.code for answer in again} == {404}


def test_no_page_holds_a_script_a_style_or_another_host(walked):
    from tests.house.source import template_faults

    pages = {answer.target.name: answer for answer in walked.answers if answer.code == 200 and "<html" in answer.body}
    assert len(pages) > 60
    hosts = settings.BASE_URL
    found = {name: template_faults(answer.body.replace(hosts, "")) for name, answer in pages.items()}
    assert {name: faults for name, faults in found.items() if faults} == {}
