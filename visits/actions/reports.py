"""A talk is written down: one outcome, and all that came with it, in one transaction."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cases.actions import raise_signal
from cases.states import SignalSource
from corporatie.journal import actions as journal
from corporatie.journal.facts import said_of
from corporatie.staff.rules import hold_colleagues, must_be_allowed
from corporatie.subjects.models import sender, under_own_key
from corporatie.work.actions import add_follow_up, settle_about, tell_of_new_work, work_of
from corporatie.work.states import Carrier, FollowUpKind
from tenants.models import Tenancy
from tenants.rules import must_live_there
from visits import facts
from visits.actions.planning import claim, concerned, daypart_of, moment_of
from visits.models import Report, ResidentResponse, Topic, Visit, Wish
from visits.rules import who_tells_of
from visits.states import STATUS_AFTER, Outcome, VisitReason


@dataclass(frozen=True)
class TopicLine:
    """One thing we talked about."""

    area: str
    answer: str = ""
    said: str = ""
    thought: str = ""


@dataclass(frozen=True)
class Promise:
    """What we promised, when, and who carries it out. ``owner`` answers for it."""

    what: str
    due_on: date
    owner: Any
    carrier: str = Carrier.ME


@dataclass(frozen=True)
class Action:
    """An internal step that a note was turned into."""

    what: str
    due_on: date
    owner: Any


@dataclass(frozen=True)
class Worry:
    """What becomes a signal. ``client_uuid`` keeps a resent talk from reporting it twice."""

    client_uuid: UUID
    type: str
    seen: str
    severity: int
    thought: str = ""
    resident_told: str = ""


@dataclass(frozen=True)
class Talk:
    """All that was written down of one talk. Only the outcome is needed."""

    outcome: str = Outcome.TALKED
    mood: str = ""
    quote: str = ""
    note: str = ""
    entry_allowed: bool = False
    voluntary_explained: bool = False
    topics: list[TopicLine] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    worry: Worry | None = None
    wishes: list[str] = field(default_factory=list)
    elaborate_later: bool = False


@transaction.atomic
def file_report(
    *,
    client_uuid: UUID,
    tenancy: Tenancy,
    talk: Talk,
    by: Any,
    at: datetime,
    visit: Visit | None = None,
    reason: str = VisitReason.TALK,
    happened_at: datetime | None = None,
) -> Visit:
    """Write down a talk, on the planned ``visit`` or as one that was not planned; now, or at the moment it was.

    Filing the same ``client_uuid`` again changes nothing and gives the same visit. Raises ``ValidationError``
    when a colleague gave the planned visit another outcome meanwhile, or for a moment that cannot be or at which the
    household did not live there; ``PermissionDenied`` for who does not visit there. Never fewer than all is stored.
    """
    must_be_allowed(who_tells_of(tenancy, visit, at=at), by)
    hold_colleagues(promise.owner for promise in talk.promises)
    moment = moment_of(happened_at=happened_at, at=at)
    must_live_there(tenancy, on=timezone.localdate(moment), field="happened_at")
    if visit is None:
        details = {
            "reason": reason,
            "visitor": by,
            "planned_on": timezone.localdate(moment),
            "status": STATUS_AFTER[Outcome(talk.outcome)],
            "outcome": talk.outcome,
            "ended_at": moment,
            "daypart": daypart_of(moment),
            "created_at": at,
        }
        visit, is_new = under_own_key(
            client_uuid,
            sender(tenancy, by),
            lambda key: Visit.objects.get_or_create(client_uuid=key, tenancy=tenancy, created_by=by, defaults=details),
        )
    else:
        is_new = claim(visit=visit, client_uuid=client_uuid, outcome=talk.outcome, at=moment)
    if not is_new:
        return visit
    # Who was there works it out, also when somebody else would have gone.
    visit.elaborate_later = talk.elaborate_later
    visit.worked_out_by = by if talk.elaborate_later and by.pk != visit.visitor_id else None
    visit.save(update_fields=["elaborate_later", "worked_out_by"])
    settle_about(about=[visit.pk], at=at)
    report = Report.objects.create(visit=visit, created_by=by, created_at=at, **_report_fields(talk))
    fact = facts.TalkHeld(outcome=talk.outcome, happened_at=said_of(moment, written_at=at))
    journal.write(fact=fact, subject=visit, concerns=concerned(visit), by=by, at=at)
    _file_lines(report, talk, by=by, at=at)
    return visit


@transaction.atomic
def elaborate_report(*, visit: Visit, talk: Talk, by: Any, at: datetime) -> Visit:
    """Work out a talk that was kept for later. Does nothing when that was done already.

    Raises ``PermissionDenied`` for who does not work on it.
    """
    must_be_allowed(who_tells_of(visit.tenancy, visit, at=at), by)
    hold_colleagues(promise.owner for promise in talk.promises)
    changed = Visit.objects.filter(pk=visit.pk, elaborate_later=True).update(elaborate_later=talk.elaborate_later)
    if not changed:
        return visit
    settle_about(about=[visit.pk], at=at)
    visit.elaborate_later = talk.elaborate_later
    report = Report.objects.get(visit=visit)
    for name, value in _report_fields(talk).items():
        setattr(report, name, value)
    report.save(update_fields=[*_report_fields(talk)])
    report.topics.all().delete()
    _file_lines(report, talk, by=by, at=at)
    journal.write(fact=facts.ReportElaborated(), subject=visit, concerns=concerned(visit), by=by, at=at)
    return visit


@transaction.atomic
def add_response(*, report: Report, text: str, by: Any, at: datetime) -> ResidentResponse:
    """The resident says something of the report. It is added; the report stays as it was.

    Raises ``PermissionDenied`` for who does not work on the visit.
    """
    must_be_allowed(Visit.who_works_on(report.visit_id, at=at), by)
    response = ResidentResponse.objects.create(report=report, text=text, created_by=by, created_at=at)
    journal.write(
        fact=facts.ResidentResponded(response=str(response.pk)),
        subject=report.visit,
        concerns=concerned(report.visit),
        by=by,
        at=at,
    )
    return response


def _report_fields(talk: Talk) -> dict[str, Any]:
    return {
        "mood": talk.mood,
        "quote": talk.quote,
        "note": talk.note,
        "entry_allowed": talk.entry_allowed,
        "voluntary_explained": talk.voluntary_explained,
    }


def _file_lines(report: Report, talk: Talk, *, by: Any, at: datetime) -> None:
    visit = report.visit
    Topic.objects.bulk_create(
        Topic(report=report, area=line.area, answer=line.answer, said=line.said, thought=line.thought)
        for line in talk.topics
    )
    Wish.objects.bulk_create(
        Wish(tenancy=visit.tenancy, text=text, created_by=by, created_at=at) for text in talk.wishes
    )
    made = []
    for promise in talk.promises:
        follow_up = add_follow_up(
            tenancy=visit.tenancy,
            subject=visit,
            what=promise.what,
            owner=promise.owner,
            due_on=promise.due_on,
            carrier=promise.carrier,
            is_promise=True,
            concerns=concerned(visit),
            by=by,
            at=at,
            tells=False,
        )
        made.append(follow_up)
    for action in talk.actions:
        follow_up = add_follow_up(
            tenancy=visit.tenancy,
            subject=visit,
            what=action.what,
            owner=action.owner,
            due_on=action.due_on,
            kind=FollowUpKind.OTHER,
            concerns=concerned(visit),
            by=by,
            at=at,
            tells=False,
        )
        made.append(follow_up)
    tell_of_new_work(given=[work_of(follow_up) for follow_up in made], by=by, at=at)
    if talk.worry:
        _raise(report, talk.worry, by=by, at=at)


def _raise(report: Report, worry: Worry, *, by: Any, at: datetime) -> None:
    report.signal = raise_signal(
        client_uuid=worry.client_uuid,
        tenancy=report.visit.tenancy,
        type=worry.type,
        seen=worry.seen,
        thought=worry.thought,
        severity=worry.severity,
        source=SignalSource.OWN,
        resident_told=worry.resident_told,
        concerns=concerned(report.visit),
        seen_at=report.visit,
        seen_on=timezone.localdate(report.visit.ended_at),
        by=by,
        at=at,
    )
    report.save(update_fields=["signal"])
