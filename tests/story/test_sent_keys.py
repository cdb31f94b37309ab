"""The key a form sends along: one's own key finds one's own row again, anybody else's finds nothing."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from cases import actions as cases
from cases.models import AttentionFlag, Case, FlagReason, Signal
from cases.states import FlagKind, Severity, SignalType
from corporatie.desk.actions import IntakeLine, log_talk
from corporatie.journal.models import Entry
from corporatie.staff.models import RoleGrant
from corporatie.staff.permissions import Role
from corporatie.work.models import FollowUp
from projects import actions as projects
from projects.models import Intake
from tests.cast import dwelling, household
from visits import actions as visits
from visits.models import ContactMoment, Report, Visit
from visits.states import Outcome


@pytest.fixture(autouse=True)
def _today(time_machine_at):
    """All of this happens on the cast's day."""


# --- The verbs -------------------------------------------------------------------------------------------
def plan(cast, key, tenancy, by, words="a"):
    return visits.plan_visit(
        id=key,
        tenancy=tenancy,
        visitor=by,
        planned_on=cast.at.date(),
        reason="talk",
        purpose=words,
        by=by,
        at=cast.at,
    )


def talk(cast, key, tenancy, by, words="a"):
    return visits.file_report(client_uuid=key, tenancy=tenancy, talk=visits.Talk(note=words), by=by, at=cast.at)


def planned_talk(cast, key, tenancy, by, words="a"):
    visit = cast.visit(tenancy, by=by)
    return visits.file_report(
        client_uuid=key, tenancy=tenancy, visit=visit, talk=visits.Talk(note=words), by=by, at=cast.at
    )


def closed_door(cast, key, tenancy, by, words="a"):
    visit = cast.visit(tenancy, by=by)
    return visits.end_visit(visit=visit, client_uuid=key, outcome=Outcome.NOBODY_HOME, by=by, at=cast.at)


def contact(cast, key, tenancy, by, words="a"):
    return visits.log_contact(
        client_uuid=key,
        tenancy=tenancy,
        channel="phone",
        direction="out",
        line=words,
        happened_at=cast.at,
        by=by,
        at=cast.at,
    )


def signal(cast, key, tenancy, by, words="a"):
    return cast.signal(tenancy, by=by, client_uuid=key, seen=words)


def case(cast, key, tenancy, by, words="a"):
    return cast.case(tenancy, by=by, id=key, goal=words)


def flag(cast, key, tenancy, by, words="a"):
    # Whoever decides on a point of attention leads the team.
    RoleGrant.objects.get_or_create(user=by, role=Role.TEAM_LEAD)
    return cases.decide_flag(
        id=key,
        tenancy=tenancy,
        kind=FlagKind.DOG,
        instruction="Bel eerst aan",
        reason=words,
        review_on=cast.at.date().replace(year=2027),
        told_on=cast.at.date(),
        by=by,
        at=cast.at,
    )


def intake(cast, key, tenancy, by, words="a"):
    project = cast.project(tenancy.dwelling, slug=f"p-{uuid4().hex[:8]}")
    return projects.answer_intake(
        client_uuid=key, project=project, tenancy=tenancy, visit=None, answer="yes", reason=words, by=by, at=cast.at
    )


CREATING = [plan, talk, contact, signal, case, flag]
ALL = [*CREATING, planned_talk, closed_door, intake]


@pytest.fixture
def neighbours(cast):
    """Another household of Noord."""
    return household(dwelling(cast.buurt_noord, "Lindelaan", 2), "Post", by=cast.anna, at=cast.at)


def key_of(row: Any) -> Any:
    return row.client_uuid if hasattr(row, "client_uuid") else row.pk


@pytest.mark.parametrize("verb", CREATING, ids=lambda verb: verb.__name__)
def test_one_s_own_key_finds_one_s_own_row(cast, verb):
    key = uuid4()
    first = verb(cast, key, cast.bos, cast.anna)
    lines = Entry.objects.count()
    assert verb(cast, key, cast.bos, cast.anna).pk == first.pk
    assert key in (first.pk, key_of(first))
    assert Entry.objects.count() == lines


@pytest.mark.parametrize("verb", ALL, ids=lambda verb: verb.__name__)
@pytest.mark.parametrize("way", ["noord first", "zuid first"])
def test_a_key_of_another_team_s_row_gets_a_row_of_one_s_own(cast, verb, way):
    key = uuid4()
    mine, other = ((cast.kaya, cast.carla), (cast.bos, cast.anna))[:: 1 if way == "noord first" else -1]
    theirs = verb(cast, key, *other, "van hen")
    got = verb(cast, key, *mine, "van mij")
    assert got.pk != theirs.pk
    assert got.tenancy == mine[0]
    theirs.refresh_from_db()
    assert theirs.tenancy == other[0]
    # Sent again it is still one row.
    if verb in CREATING:
        assert verb(cast, key, *mine, "van mij").pk == got.pk


@pytest.mark.parametrize("verb", ALL, ids=lambda verb: verb.__name__)
def test_a_key_of_one_s_own_row_at_another_household_gets_a_row_there(cast, neighbours, verb):
    key = uuid4()
    first = verb(cast, key, cast.bos, cast.anna)
    second = verb(cast, key, neighbours, cast.anna)
    assert first.pk != second.pk
    assert (first.tenancy, second.tenancy) == (cast.bos, neighbours)


@pytest.mark.parametrize("verb", [plan, talk, contact, signal, case], ids=lambda verb: verb.__name__)
def test_a_colleague_s_key_at_the_same_household_loses_no_words(cast, verb):
    key = uuid4()
    first = verb(cast, key, cast.bos, cast.anna, "van Anna")
    second = verb(cast, key, cast.bos, cast.bram, "van Bram")
    assert first.pk != second.pk
    assert second.created_by == cast.bram


def test_a_colleague_s_key_in_an_intake_of_the_same_household_keeps_the_later_answer(cast):
    project, key = cast.project(), uuid4()
    for by, answer in ((cast.anna, "yes"), (cast.bram, "no")):
        line = IntakeLine(project, answer)
        log_talk(client_uuid=key, tenancy=cast.bos, talk=visits.Talk(note=answer), intake=line, by=by, at=cast.at)
    assert Intake.objects.get().answer == "no"
    assert Visit.objects.count() == Report.objects.count() == 2


def test_the_worry_of_a_talk_with_somebody_else_s_key_is_one_s_own(cast):
    theirs = cast.signal()
    worry = visits.Worry(theirs.client_uuid, SignalType.ENERGY, "Het was koud", Severity.MEDIUM)
    visit = visits.file_report(
        client_uuid=uuid4(), tenancy=cast.kaya, talk=visits.Talk(worry=worry), by=cast.carla, at=cast.at
    )
    assert Report.objects.get(visit=visit).signal.tenancy == cast.kaya


def test_a_signal_in_a_dossier_under_somebody_else_s_key_moves_along(cast):
    theirs = cast.case()
    reported = cast.signal(cast.kaya, by=cast.carla)
    mine = cast.case(cast.kaya, by=cast.carla, id=theirs.pk, signal=reported)
    reported.refresh_from_db()
    assert reported.case == mine != theirs
    assert FollowUp.objects.count() == 2


# --- The pages -------------------------------------------------------------------------------------------
@dataclass
class Page:
    """What one sends, and where the key stands in it."""

    name: str
    key: str
    model: Any
    data: dict[str, Any] = field(default_factory=dict)


PAGES = [
    Page(
        "visit_plan",
        "visit_id",
        Visit,
        {"reason": "talk", "planned_on": "2026-11-25", "announced": "no", "visitor": "me"},
    ),
    Page(
        "contact_create",
        "client_uuid",
        ContactMoment,
        {"channel": "phone", "direction": "out", "line": "Belt terug", "happened_on": "2026-11-24"},
    ),
    Page("visit_report_create", "client_uuid", Visit, {"mood": "good", "note": "Gesproken"}),
    Page(
        "signal_create",
        "client_uuid",
        Signal,
        {"type": "noise", "seen": "Muziek", "severity": "2", "source": "own", "resident_told": "yes"},
    ),
    Page(
        "case_create",
        "client_uuid",
        Case,
        {
            "type": "noise",
            "severity": "2",
            "handler": "me",
            "problem_owner": "unknown",
            "step_what": "Bellen",
            "step_owner": "me",
            "step_due_on": "2026-11-27",
        },
    ),
    Page(
        "flag_create",
        "client_uuid",
        AttentionFlag,
        {
            "kind": "dog",
            "instruction": "Bel eerst aan",
            "reason": "Schrikt van bezoek",
            "review_on": "2027-05-01",
            "told_on": "2026-11-24",
        },
    ),
]


def theirs(cast, page, tenancy, by):
    """A row of that kind of somebody else, and its key."""
    made = {
        "visit_plan": plan,
        "contact_create": contact,
        "visit_report_create": talk,
        "signal_create": signal,
        "case_create": case,
        "flag_create": flag,
    }[page.name](cast, uuid4(), tenancy, by)
    return made, made.pk if page.key == "visit_id" or page.model in (Case, AttentionFlag) else made.client_uuid


def send(client, page, *, user, tenancy, key):
    client.force_login(user)
    data = {name: user.pk if value == "me" else value for name, value in page.data.items()}
    url = f"{reverse(page.name)}?huishouden={tenancy.pk}"
    return client.post(url, {**data, page.key: key})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
@pytest.mark.parametrize("way", ["carla with noord's", "noord with carla's"])
def test_a_page_takes_somebody_else_s_key_for_a_new_one(client, cast, page, way):
    cast.lead = _lead(cast)
    noord, zuid = (cast.bos, cast.dirk), (cast.kaya, cast.lead)
    mine, other = (zuid, noord) if way == "carla with noord's" else (noord, zuid)
    row, key = theirs(cast, page, *other)
    before = page.model.objects.filter(pk=row.pk).values().get()
    answer = send(client, page, user=mine[1], tenancy=mine[0], key=key)
    own = send(client, page, user=mine[1], tenancy=mine[0], key=uuid4()) if page.model is not AttentionFlag else answer
    assert answer.status_code == own.status_code == 302
    # The answer is the one a new key gets: nothing tells that the other row exists.
    assert str(row.pk) not in answer.url
    assert page.model.objects.filter(tenancy=mine[0]).count() == (1 if page.model is AttentionFlag else 2)
    assert page.model.objects.filter(pk=row.pk).values().get() == before


def _lead(cast):
    """Somebody of Zuid who may do all of it."""
    from tests.cast import colleague

    return colleague("Teun Zuid", "team_lead", team=cast.zuid)


@pytest.mark.parametrize("name", ["visit_report_file", "visit_nobody_home", "visit_other"])
@pytest.mark.parametrize("way", ["carla with noord's", "noord with carla's"])
def test_what_came_of_a_visit_may_not_take_somebody_else_s_key(client, cast, name, way):
    mine, other = ((cast.kaya, cast.carla), (cast.bos, cast.anna))[:: 1 if way == "carla with noord's" else -1]
    row = planned_talk(cast, uuid4(), *other)
    visit = cast.visit(mine[0], by=mine[1])
    client.force_login(mine[1])
    data = {"client_uuid": row.client_uuid, "outcome": "refused"} if name == "visit_other" else {}
    for _twice in range(2):
        answer = client.post(reverse(name, args=[visit.pk]), {"client_uuid": row.client_uuid, **data})
        assert answer.status_code == 302
    visit.refresh_from_db()
    assert visit.ended_at == cast.at
    assert visit.client_uuid not in (None, row.client_uuid)


GARBAGE = ["", "geen-nummer", "0", "1' OR '1'='1", "\x00", "é" * 40, "0" * 400, "../../x"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
@pytest.mark.parametrize("key", GARBAGE)
def test_a_key_that_is_none_is_refused_and_keeps_what_was_typed(client, cast, page, key):
    answer = send(client, page, user=cast.dirk, tenancy=cast.bos, key=key)
    assert answer.status_code == 422
    assert page.model.objects.count() == 0
    assert FlagReason.objects.count() == 0
