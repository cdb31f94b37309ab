"""Owning, standing in, being named, going along and having reported: none of them adds a right that the role lacks.

Each writing verb about one dossier and what hangs on it, for each colleague, in each relation to it. What counts is
what was written: the status of the answer could lie.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from cases.models import Case, CaseReader, Signal
from cases.states import SignalType
from corporatie.journal.models import Entry
from corporatie.staff.models import Absence
from corporatie.work.actions import add_follow_up
from corporatie.work.models import FollowUp
from corporatie.work.states import FollowUpKind
from tests.cast import colleague
from visits import actions as visits
from visits.models import ContactMoment, Report, ResidentResponse, Visit

pytestmark = pytest.mark.django_db
WRITTEN = (Case, CaseReader, Signal, FollowUp, Visit, Report, ResidentResponse, ContactMoment)
# One of each role, who has nothing to do with the household: a team of her own, or none.
ROLES = (
    "housing_consultant",
    "caretaker",
    "resident_coordinator",
    "project_leader",
    "team_lead",
    "privacy_officer",
    "manager",
    "app_admin",
)
JUDGES = {"housing_consultant", "team_lead"}


class Stage:
    """A dossier of Anna's with all that may hang on it, and somebody of some role."""

    def __init__(self, cast, role, *, secret):
        self.cast, self.role = cast, role
        self.her = colleague("Zus Nieuw", role)
        kind = SignalType.CHILDREN if secret else SignalType.NOISE
        self.signal = cast.signal(type=kind)
        self.case = cast.case(types=[kind])
        day = cast.at.date()
        self.promise = add_follow_up(
            tenancy=cast.bos, subject=self.case, what="Wij bellen", owner=cast.anna, due_on=day, is_promise=True,
            by=cast.anna, at=cast.at,
        )  # fmt: skip
        self.visit = cast.visit(case=self.case, on=day)
        held = cast.visit(case=self.case, on=day)
        self.held = visits.file_report(
            client_uuid=uuid4(), tenancy=cast.bos, visit=held, talk=visits.Talk(note="Rustig"), by=cast.anna, at=cast.at
        )

    def owner(self):
        """All work is hers in the rows, from before anybody refused it."""
        FollowUp.objects.update(owner=self.her)

    def substitute(self):
        """She stands in for the handler."""
        day = self.cast.at.date()
        Absence.objects.create(user=self.cast.anna, substitute=self.her, from_on=day, until_on=day)

    def named_reader(self):
        """She was named to read it."""
        CaseReader.objects.create(case=self.case, user=self.her)

    def second_visitor(self):
        """She goes along."""
        Visit.objects.update(second_visitor=self.her)

    def reporter(self):
        """She reported the signal."""
        Signal.objects.update(created_by=self.her)

    def verbs(self):
        """Address and answers of everything that writes."""
        case, day = self.case, (self.cast.at.date() + timedelta(days=2)).isoformat()
        step = {"step_what": "Bel terug", "step_owner": self.cast.anna.pk, "step_due_on": day}
        about = f"?dossier={case.pk}&huishouden={self.cast.bos.pk}"
        alone = f"?dossier={case.pk}"
        plan = {
            "visit_id": uuid4(),
            "reason": "talk",
            "planned_on": day,
            "visitor": self.cast.anna.pk,
            "announced": "no",
        }
        call = {"client_uuid": uuid4(), "channel": "phone", "direction": "out", "line": "Gebeld",
                "happened_on": self.cast.at.date().isoformat()}  # fmt: skip
        action = {"what": "Bel", "sort": "action", "due_on": day, "owner": self.cast.anna.pk}
        yield "step", reverse("case_step", args=[case.pk]), {"step": case.next_step_id, **step}
        yield "change", reverse("case_step", args=[case.pk]) + "?wijzig=1", {"step": case.next_step_id, **step}
        yield "move", reverse("case_move", args=[case.pk]), {"naar": "in_progress"}
        yield "assign", reverse("case_assign", args=[case.pk]), {"handler": self.cast.bram.pk}
        yield "second", reverse("case_second_reader", args=[case.pk]), {"second_reader": self.cast.bram.pk}
        yield "problem", reverse("case_problem_owner", args=[case.pk]), {"problem_owner": "neighbours"}
        yield "close", reverse("case_close", args=[case.pk]), {"result": "no_action", "summary": "Klaar"}
        yield "cancel", reverse("case_cancel", args=[case.pk]), {"summary": "Fout"}
        for name, query in (("case", about), ("alone", alone)):
            yield f"plan {name}", reverse("visit_plan") + query, plan
            yield f"call {name}", reverse("contact_create") + query, call
        yield "action", reverse("follow_up_create") + alone, action
        yield "finish", reverse("follow_up_finish", args=[self.promise.pk]), {"note": ""}
        yield "drop", reverse("follow_up_drop", args=[self.promise.pk]), {"reason": "Hoeft niet"}
        moved = {"due_on": day, "owner": self.cast.anna.pk}
        yield "shift", reverse("follow_up_move", args=[self.promise.pk]), moved
        yield "told", reverse("follow_up_told", args=[self.promise.pk]), {}
        closed = {"client_uuid": uuid4(), "outcome": "cancelled"}
        yield "nobody", reverse("visit_nobody_home", args=[self.visit.pk]), {"client_uuid": uuid4()}
        yield "other", reverse("visit_other", args=[self.visit.pk]), closed
        yield "talk", reverse("visit_report_file", args=[self.visit.pk]), {"client_uuid": uuid4(), "outcome": "talked"}
        yield "respond", reverse("report_response", args=[self.held.pk]), {"text": "Klopt niet"}
        yield "take up", reverse("signal_take_up", args=[self.signal.pk]), {}
        yield "give", reverse("signal_assign", args=[self.signal.pk]), {"handler": self.cast.anna.pk}
        yield "close signal", reverse("signal_close", args=[self.signal.pk]), {"explanation": "Klaar"}
        yield "attach", reverse("signal_attach", args=[self.signal.pk]), {"case": case.pk}


def rows():
    return [list(model.objects.order_by("pk").values()) for model in WRITTEN] + [Entry.objects.count()]


def what_she_may(relation, role, names, *, secret):
    """What each relation gives, within the role. The rest is refused, and nothing is written."""
    if relation == "substitute" and role in JUDGES and not secret:
        # The scope of who is away; what she may do there is her own role's. Naming who stands in is the handler's own
        # choice, and a dossier that is not secret has none.
        return names - {"second"}
    return set()


def makes_way(name):
    """A dossier ends when nothing else in it is open."""
    if name in {"close", "cancel"}:
        FollowUp.objects.exclude(kind=FollowUpKind.CASE_STEP).delete()


@pytest.mark.parametrize("secret", [False, True], ids=["of the team", "secret"])
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("relation", ["owner", "substitute", "named_reader", "second_visitor", "reporter"])
def test_what_a_relation_gives_is_within_the_role(client, cast, time_machine_at, relation, role, secret):
    stage = Stage(cast, role, secret=secret)
    getattr(stage, relation)()
    client.force_login(stage.her)
    wrote = set()
    answers = {}
    for name, url, sent in stage.verbs():
        with transaction.atomic():
            makes_way(name)
            before = rows()
            answers[name] = client.post(url, sent).status_code
            if rows() != before:
                wrote.add(name)
            transaction.set_rollback(True)
    expected = what_she_may(relation, role, set(answers), secret=secret)
    assert wrote == expected, answers
    assert {answers[name] for name in answers if name not in expected | {"attach"}} <= {403, 404}, answers


@pytest.mark.parametrize("secret", [False, True], ids=["of the team", "secret"])
def test_the_handler_does_all_of_it(client, cast, time_machine_at, secret):
    """So that the table above can fail: each verb writes, for whoever may."""
    stage = Stage(cast, "manager", secret=secret)
    client.force_login(cast.anna)
    for name, url, sent in stage.verbs():
        if (name == "second" and not secret) or (name in {"take up", "give", "close signal", "attach"} and secret):
            continue
        with transaction.atomic():
            makes_way(name)
            before = rows()
            status = client.post(url, sent).status_code
            assert rows() != before, (name, status)
            transaction.set_rollback(True)


def test_the_second_reader_works_on_it_only_while_the_handler_is_not_there(client, cast, time_machine_at):
    stage = Stage(cast, "manager", secret=True)
    for away, gets in ((False, 403), (True, 302)):
        if away:
            day = cast.at.date()
            Absence.objects.create(user=cast.anna, substitute=cast.bram, from_on=day, until_on=day)
        client.force_login(cast.sofie)
        before = rows()
        assert client.post(reverse("case_move", args=[stage.case.pk]), {"naar": "in_progress"}).status_code == gets
        assert (rows() != before) == away
