"""What may be written down about whom, and by whom: each verb says so itself, whatever page called it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from cases import actions as cases
from cases.states import CaseResult, CaseStatus, FlagKind, ProblemOwner, SignalType
from corporatie.staff.permissions import Role
from corporatie.work.actions import add_follow_up
from projects import actions as projects
from projects.states import IntakeAnswer, Phase
from tenants import actions as tenants
from tests.cast import colleague, household
from visits import actions as visits
from visits.actions import Talk
from visits.models import Report
from visits.states import Outcome

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stand_still(time_machine_at):
    """It is 24 November 2026."""


class About:
    """Everything one writes down about a household of itself, by the name of the verb."""

    def __init__(self, cast, tenancy) -> None:
        """By whoever may do so, unless said otherwise."""
        self.cast, self.tenancy = cast, tenancy
        self.project = cast.project()

    def _by(self, by, usual):
        return {"tenancy": self.tenancy, "by": by or usual, "at": self.cast.at}

    def talk(self, by=None):
        return visits.file_report(client_uuid=uuid4(), talk=Talk(), **self._by(by, self.cast.anna))

    def signal(self, by=None):
        return self.cast.signal(self.tenancy, by=by)

    def case(self, by=None):
        return self.cast.case(self.tenancy, by=by)

    def intake(self, by=None):
        answer = {"project": self.project, "visit": None, "answer": IntakeAnswer.NO}
        return projects.answer_intake(**answer, **self._by(by, self.cast.anna))

    def visit(self, by=None):
        return self.cast.visit(self.tenancy, by=by, visitor=self.cast.anna)

    def contact(self, by=None):
        line = {"channel": "phone", "direction": "in", "line": "Belde", "happened_at": self.cast.at}
        return visits.log_contact(client_uuid=uuid4(), **line, **self._by(by, self.cast.anna))

    def follow_up(self, by=None):
        what = {"what": "Bel mevrouw", "owner": self.cast.anna, "due_on": self.cast.at.date()}
        return add_follow_up(subject=self.tenancy, **what, **self._by(by, self.cast.anna))

    def flag(self, by=None):
        today = self.cast.at.date()
        review = {"review_on": today + timedelta(days=300), "told_on": today}
        what = {"kind": FlagKind.TWO_VISITORS, "instruction": "", "reason": ""}
        return cases.decide_flag(**what, **review, **self._by(by, self.cast.dirk))

    def preference(self, by=None):
        return tenants.set_preference(channel="phone", **self._by(by, self.cast.anna))

    def contact_person(self, by=None):
        who = {"name": "Zus", "relation": "family"}
        return tenants.add_contact_person(**who, **self._by(by, self.cast.anna))


HAPPENS = ("talk", "signal", "case", "intake", "visit")
IS_ADDED = ("contact", "follow_up", "flag", "preference", "contact_person")
# Days from today: since when it lives there and until when.
WHO = {
    "coming": (1, None),
    "came today, beside who goes": (0, None),
    "now": (-900, None),
    "leaving": (-900, 30),
    "leaves today, beside who came": (-900, 0),
    "left": (-900, -1),
}
ALLOWED = {
    **{(verb, who): who not in {"coming", "left"} for verb in HAPPENS for who in WHO},
    **{(verb, who): who != "left" for verb in IS_ADDED for who in WHO},
}


def who_lives_so(cast, who):
    """The household of Kerkstraat 47 that comes, lives there or left; on a shared day beside another one."""
    today = cast.at.date()
    since, until = WHO[who]
    if since < 0:
        if until is not None:
            tenants.end_tenancy(tenancy=cast.bos, ended_on=today + timedelta(days=until), by=cast.anna, at=cast.at)
        if until == 0:
            household(cast.kerkstraat, "Yilmaz", since=today, by=cast.anna, at=cast.at)
        return cast.bos
    ended_on = today - timedelta(days=since and 10)
    tenants.end_tenancy(tenancy=cast.bos, ended_on=ended_on, by=cast.anna, at=cast.at)
    return household(cast.kerkstraat, "Yilmaz", since=today + timedelta(days=since), by=cast.anna, at=cast.at)


@pytest.mark.parametrize(("verb", "who"), ALLOWED)
def test_what_may_be_written_about_whom(cast, verb, who):
    about = About(cast, who_lives_so(cast, who))
    if ALLOWED[verb, who]:
        getattr(about, verb)()
        return
    with pytest.raises(ValidationError) as refused:
        getattr(about, verb)()
    words = (
        "komt hier pas wonen op 25 november 2026" if who == "coming" else "laatste dag van dit huishouden hier is 23"
    )
    assert words in refused.value.messages[0]


PAGES = {
    "visit_report_create": {},
    "signal_create": {"type": "noise", "severity": "2", "seen": "Harde muziek"},
    "case_create": {
        "type": "noise",
        "severity": "2",
        "step_what": "Bel",
        "step_due_on": "2026-11-26",
        "problem_owner": "unknown",
    },
    "visit_plan": {"reason": "talk", "planned_on": "2026-11-24", "announced": "no"},
    "contact_create": {"channel": "phone", "direction": "in", "line": "Belde", "happened_on": "2026-11-24"},
    "follow_up_create": {"what": "Bel mevrouw", "due_on": "2026-11-26", "sort": "action"},
    "flag_create": {"kind": "dog", "reason": "Beet", "review_on": "2027-09-01", "told_on": "2026-11-24"},
}
PREPARES = {"visit_plan", "contact_create", "follow_up_create", "flag_create"}


@pytest.mark.parametrize("who", ["coming", "left"])
@pytest.mark.parametrize("page", PAGES)
def test_the_page_asks_nothing_it_would_refuse_and_keeps_what_was_typed_before(client, cast, page, who):
    client.force_login(cast.dirk)
    tenancy = who_lives_so(cast, who)
    url = f"{reverse(page)}?huishouden={tenancy.pk}"
    opened = client.get(url, follow=True)
    if who == "coming" and page in PREPARES:
        assert opened.context["form"]
        return
    words = "komt hier pas wonen op" if who == "coming" else "De laatste dag van dit huishouden hier is"
    assert opened.redirect_chain[0][0] == tenancy.get_absolute_url()
    assert words in opened.content.decode()

    people = dict.fromkeys(("handler", "step_owner", "owner", "visitor"), cast.dirk.pk)
    keys = dict.fromkeys(("client_uuid", "visit_id"), str(uuid4()))
    sent = client.post(url, {**people, **keys, **PAGES[page]})

    assert (sent.status_code, words in sent.content.decode()) == (422, True), sent.context["form"].errors


@pytest.mark.parametrize("name", ["preference_update", "contact_person_create"])
def test_how_to_reach_who_left_is_not_written_down(client, cast, name):
    client.force_login(cast.anna)
    url = reverse(name, args=[who_lives_so(cast, "left").pk])

    assert client.get(url).url == cast.bos.get_absolute_url()
    page = client.post(url, {"name": "Zus", "relation": "family", "channel": "phone"})

    assert (page.status_code, "De laatste dag van dit huishouden" in page.content.decode()) == (422, True)


# --- What runs is finished ------------------------------------------------------------------------------------
def test_what_runs_goes_on_for_who_left(cast):
    signal, case, planned = cast.signal(), cast.case(), cast.visit()
    tenants.end_tenancy(tenancy=cast.bos, ended_on=cast.at.date(), by=cast.anna, at=cast.at)
    later = cast.at + timedelta(days=3)
    of_case = {"tenancy": cast.bos, "by": cast.anna, "at": later}

    visits.end_visit(visit=planned, client_uuid=uuid4(), outcome=Outcome.EMPTY, by=cast.anna, at=later)
    visits.log_contact(
        client_uuid=uuid4(), case=case, channel="phone", direction="in", line="Belde", happened_at=later, **of_case
    )
    add_follow_up(subject=case, what="Borg", owner=cast.anna, due_on=later.date(), **of_case)
    cases.take_step(case=case, following=cast.step(), by=cast.anna, at=later)
    opened = cases.open_case(
        types=[SignalType.NOISE], severity=2, handler=cast.anna, first_step=cast.step(), signal=signal, **of_case
    )
    assert signal.case == opened


def test_what_was_seen_when_they_lived_there_is_told_afterwards(cast):
    tenants.end_tenancy(tenancy=cast.bos, ended_on=cast.at.date() - timedelta(days=1), by=cast.anna, at=cast.at)
    worry = visits.Worry(uuid4(), SignalType.NOISE, "Harde muziek", 2)

    talk = {"tenancy": cast.bos, "talk": Talk(worry=worry), "by": cast.anna, "at": cast.at}
    visits.file_report(client_uuid=uuid4(), happened_at=cast.at - timedelta(days=2), **talk)

    assert Report.objects.get().signal.seen == "Harde muziek"


def test_a_visit_to_who_still_has_to_come_can_be_called_off(cast):
    new = who_lives_so(cast, "coming")
    visit = cast.visit(new, on=new.started_on)

    visits.end_visit(visit=visit, client_uuid=uuid4(), outcome=Outcome.CANCELLED, by=cast.anna, at=cast.at)

    assert visit.outcome == Outcome.CANCELLED


# --- Who may not --------------------------------------------------------------------------------------------
class Running:
    """What is done to what is there already, by the name of the verb."""

    def __init__(self, cast) -> None:
        """Something of each kind in team Noord."""
        self.cast = cast

    def _told(self, by):
        return {"by": by, "at": self.cast.at}

    def file_planned(self, by):
        visit = self.cast.visit()
        visits.file_report(client_uuid=uuid4(), tenancy=self.cast.bos, talk=Talk(), visit=visit, **self._told(by))

    def end_visit(self, by):
        told = {"client_uuid": uuid4(), "outcome": Outcome.NOBODY_HOME, **self._told(by)}
        visits.end_visit(visit=self.cast.visit(), **told)

    def elaborate(self, by):
        visits.elaborate_report(visit=self._kept(), talk=Talk(), **self._told(by))

    def respond(self, by):
        visits.add_response(report=self._kept().report, text="Klopt", **self._told(by))

    def _kept(self):
        talk = {"tenancy": self.cast.bos, "talk": Talk(elaborate_later=True)}
        return visits.file_report(client_uuid=uuid4(), **talk, **self._told(self.cast.anna))

    def take_up(self, by):
        cases.take_up_signal(signal=self.cast.signal(), **self._told(by))

    def assign_signal(self, by):
        cases.assign_signal(signal=self.cast.signal(), handler=self.cast.bram, **self._told(by))

    def attach(self, by):
        cases.attach_signal(signal=self.cast.signal(), case=self.cast.case(), **self._told(by))

    def close_signal(self, by):
        cases.close_signal(signal=self.cast.signal(), explanation="Gesproken", **self._told(by))

    def open_for_signal(self, by):
        what = {"types": [SignalType.NOISE], "severity": 2, "handler": by, "first_step": self.cast.step(by)}
        cases.open_case(tenancy=self.cast.bos, signal=self.cast.signal(), **what, **self._told(by))

    def take_step(self, by):
        cases.take_step(case=self.cast.case(), following=self.cast.step(), **self._told(by))

    def change_step(self, by):
        cases.change_step(case=self.cast.case(), step=self.cast.step(), **self._told(by))

    def move_case(self, by):
        cases.move_case(case=self.cast.case(), to=CaseStatus.IN_PROGRESS, **self._told(by))

    def assign_case(self, by):
        cases.assign_case(case=self.cast.case(), handler=self.cast.bram, **self._told(by))

    def problem_owner(self, by):
        owner = {"problem_owner": ProblemOwner.RESIDENT, "name": ""}
        cases.set_problem_owner(case=self.cast.case(), **owner, **self._told(by))

    def close_case(self, by):
        told = {"result": CaseResult.NO_ACTION, "summary": "Klaar", "told_on": None}
        cases.close_case(case=self.cast.case(), **told, **self._told(by))

    def cancel_case(self, by):
        cases.cancel_case(case=self.cast.case(), summary="Vergissing", **self._told(by))

    def reopen_case(self, by):
        case = self.cast.case()
        told = {"result": CaseResult.NO_ACTION, "summary": "Klaar", "told_on": None}
        cases.close_case(case=case, **told, **self._told(self.cast.anna))
        cases.reopen_case(case=case, reason="Weer", step=self.cast.step(), **self._told(by))

    def second_reader(self, by):
        case = self.cast.case(types=[SignalType.CHILDREN])
        cases.name_second_reader(case=case, reader=self.cast.bram, **self._told(by))

    def renew_flag(self, by):
        cases.renew_flag(flag=self._flag(), review_on=self.cast.at.date() + timedelta(days=9), **self._told(by))

    def end_flag(self, by):
        cases.end_flag(flag=self._flag(), **self._told(by))

    def _flag(self):
        return About(self.cast, self.cast.bos).flag()

    def change_phase(self, by):
        told = {"to": Phase.PREPARATION, "explanation": "Haast"}
        projects.change_phase(project=self.cast.project(), **told, **self._told(by))


def verbs(kind):
    return [name for name, found in vars(kind).items() if callable(found) and not name.startswith("_")]


# Actions are asked for of ``may_add_follow_up``, which knows what they hang on.
@pytest.mark.parametrize("verb", [verb for verb in verbs(About) if verb != "follow_up"])
def test_who_does_not_come_there_writes_nothing(cast, verb):
    by = colleague("Zoë Zuid", Role.TEAM_LEAD, team=cast.zuid) if verb == "flag" else cast.carla
    with pytest.raises(PermissionDenied):
        getattr(About(cast, cast.bos), verb)(by)


@pytest.mark.parametrize("verb", verbs(Running))
def test_who_works_on_it_may(cast, verb):
    allowed = {"renew_flag": cast.dirk, "end_flag": cast.dirk, "change_phase": cast.petra}.get(verb, cast.anna)
    getattr(Running(cast), verb)(allowed)


@pytest.mark.parametrize("verb", verbs(Running))
def test_who_works_elsewhere_does_nothing_to_it(cast, verb):
    by = colleague("Zoë Zuid", Role.TEAM_LEAD, Role.PROJECT_LEADER, Role.HOUSING_CONSULTANT, team=cast.zuid)
    with pytest.raises(PermissionDenied):
        getattr(Running(cast), verb)(by)


def test_who_leads_the_team_does_no_intake_and_is_not_asked_for_one(client, cast):
    about = About(cast, cast.bos)
    with pytest.raises(PermissionDenied):
        about.intake(cast.dirk)
    url = f"{reverse('visit_report_create')}?huishouden={cast.bos.pk}"
    for who, is_asked in ((cast.dirk, False), (cast.anna, True)):
        client.force_login(who)
        assert client.get(url).context["form"].asks_intake == is_asked
