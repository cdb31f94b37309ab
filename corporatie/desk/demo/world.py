"""The stage of the demo, and the verbs in which its stories are told. Each verb is one ordinary action."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from cases import actions as cases
from cases.models import Case, Signal
from corporatie.desk.demo.people import Crowd
from corporatie.desk.demo.timeline import Timeline
from corporatie.privacy import actions as privacy
from corporatie.staff.models import User
from corporatie.staff.permissions import Permission
from corporatie.work import actions as work
from corporatie.work.models import FollowUp
from tenants.models import Dwelling, Tenancy
from visits import actions as visits
from visits.models import Visit
from visits.states import Announced, VisitReason

# Whoever went somewhere in these weeks read about the household first: the log of reads shows it.
READS_SHOWN = timedelta(days=28)


@dataclass
class World:
    """Who and what there is, and what time it is."""

    time: Timeline
    rng: Random
    colleagues: dict[str, User]
    homes: dict[str, Dwelling]
    tenancies: dict[str, Tenancy] = field(default_factory=dict)
    phones: Iterator[int] = field(default_factory=lambda: count(200))

    def __post_init__(self) -> None:
        self.crowd = Crowd(self.rng)

    def phone(self) -> str:
        """A number that nobody has: 06 0000 0200 and on."""
        return f"+3160000{next(self.phones):04}"

    def uuid(self) -> UUID:
        """A number that is the same in every load."""
        return UUID(int=self.rng.getrandbits(128), version=4)

    def who(self, key: str) -> User:
        """A colleague."""
        return self.colleagues[key]

    def lead_beside(self, key: str) -> User:
        """The team lead of this colleague's team, or of the other team for who leads it: the second reader."""
        colleague = self.who(key)
        leads = User.objects.holding(Permission.SEE_TEAM_OVERVIEW).exclude(pk=colleague.pk)
        ours = leads.filter(teams__in=colleague.teams.all())
        return ours.first() or leads.earliest("pk")

    def plan(self, address: str, who: str, on: date, clock: str, reason: str = VisitReason.TALK, **more: Any) -> Visit:
        """Plan a visit of this colleague."""
        if "second" in more:
            more["second_visitor"] = self.who(more.pop("second"))
        return visits.plan_visit(
            id=self.uuid(),
            tenancy=self.tenancies[address],
            visitor=self.who(who),
            planned_on=on,
            planned_time=time.fromisoformat(clock),
            reason=reason,
            announced=more.pop("announced", Announced.PHONE),
            by=self.who(more.pop("by", who)),
            at=self.time.now,
            **more,
        )

    def talk(self, address: str, who: str, visit: Visit | None = None, **talk: Any) -> Visit:
        """Write down a talk: on the planned visit, or one that came about by itself."""
        reason = talk.pop("reason", VisitReason.TALK)
        if self.time.end - self.time.now < READS_SHOWN:
            self.read(address, who)
        talk.setdefault("entry_allowed", True)
        talk.setdefault("voluntary_explained", True)
        return visits.file_report(
            client_uuid=self.uuid(),
            tenancy=self.tenancies[address],
            talk=visits.Talk(**talk),
            visit=visit,
            reason=reason,
            by=self.who(who),
            at=self.time.now,
        )

    def end(self, visit: Visit, outcome: str, who: str | None = None, **more: Any) -> None:
        """The visit ended without a talk."""
        by = self.who(who) if who else visit.visitor
        visits.end_visit(visit=visit, client_uuid=self.uuid(), outcome=outcome, by=by, at=self.time.now, **more)

    def contact(
        self, address: str, who: str, channel: str, direction: str, line: str, case: Case | None = None
    ) -> None:
        """A call, a letter, a word at the desk."""
        visits.log_contact(
            client_uuid=self.uuid(),
            tenancy=self.tenancies[address],
            channel=channel,
            direction=direction,
            line=line,
            case=case,
            happened_at=self.time.now,
            by=self.who(who),
            at=self.time.now,
        )

    def promise(self, what: str, due_on: date, who: str, **more: Any) -> visits.Promise:
        """A promise, to go with a talk."""
        return visits.Promise(what=what, due_on=due_on, owner=self.who(who), **more)

    def promise_now(self, address: str, who: str, what: str, due_on: date, **more: Any) -> FollowUp:
        """A promise that was made apart from a visit."""
        tenancy = self.tenancies[address]
        return work.add_follow_up(
            tenancy=tenancy,
            subject=tenancy,
            what=what,
            owner=self.who(who),
            due_on=due_on,
            is_promise=True,
            by=self.who(more.pop("by", who)),
            at=self.time.now,
            **more,
        )

    def keep(self, follow_up: FollowUp, who: str | None = None, note: str = "") -> None:
        """It was done."""
        by = self.who(who) if who else follow_up.owner
        work.finish_follow_up(follow_up=follow_up, note=note, by=by, at=self.time.now)

    def drop(self, follow_up: FollowUp, reason: str) -> None:
        """It was not done, and why."""
        work.drop_follow_up(follow_up=follow_up, reason=reason, by=follow_up.owner, at=self.time.now)

    def promises_of(self, visit: Visit) -> list[FollowUp]:
        """What was promised at this visit, in order of day."""
        made = FollowUp.objects.filter(subject_label=Visit.label(), subject_id=visit.pk, is_promise=True)
        return list(made.select_related("owner", "tenancy").order_by("due_on", "what"))

    def signal(self, address: str, who: str, kind: str, severity: int, seen: str, **more: Any) -> Signal:
        """Someone noticed something."""
        return cases.raise_signal(
            client_uuid=self.uuid(),
            tenancy=self.tenancies[address],
            type=kind,
            seen=seen,
            severity=severity,
            by=self.who(who),
            at=self.time.now,
            **more,
        )

    def step(self, what: str, who: str, due_on: date) -> cases.Step:
        """The next step of a dossier."""
        return cases.Step(what, self.who(who), due_on)

    def elaborate(self, visit: Visit, who: str, **talk: Any) -> None:
        """Work out a talk that was kept for later."""
        visits.elaborate_report(visit=visit, talk=visits.Talk(**talk), by=self.who(who), at=self.time.now)

    def refuse(self, address: str, who: str) -> None:
        """A colleague asked for a page that is not hers: the log says so."""
        privacy.record_refusal(subject=self.tenancies[address], by=self.who(who), at=self.time.now)

    def respond(self, visit: Visit, who: str, text: str) -> None:
        """The resident says something of the report."""
        visits.add_response(report=visit.report, text=text, by=self.who(who), at=self.time.now)

    def read(self, address: str, who: str) -> None:
        """A colleague opened the page of a household."""
        privacy.record_read(subject=self.tenancies[address], by=self.who(who), at=self.time.now)
