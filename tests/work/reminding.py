"""Every rule of the house as one line of a table: how it comes to hold, when, for whom, and what ends it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from unittest import mock
from uuid import uuid4

from django.utils import timezone

from cases import actions as cases
from cases.models import AttentionFlag, Signal
from cases.states import FlagKind, FlagStatus, Severity
from corporatie.staff.models import User
from corporatie.work import actions as work
from corporatie.work.models import FollowUp, Notice
from corporatie.work.reminders import sweep
from corporatie.work.states import reminders
from tenants.models import Tenancy
from tests.cast import Cast
from visits import actions as visits
from visits.models import Visit
from visits.states import Outcome, VisitStatus

# Tuesday to Tuesday; the week ends on the 27th.
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = (date(2026, 11, day) for day in range(23, 29))
NEXT_TUESDAY = date(2026, 12, 1)

Verb = Callable[[Cast, Any, datetime], Any]


def moment(day: date, hour: int = 10) -> datetime:
    """An hour of that day, as the clock on the wall says it."""
    return datetime.combine(day, time(hour), tzinfo=timezone.get_default_timezone()).astimezone(UTC)


def swept(day: date, hour: int = 10, *, only: str = "") -> datetime:
    """The sweep of that hour, of all rules or of one. Gives its moment."""
    at = moment(day, hour)
    rules = {code: rule for code, rule in reminders().items() if only in ("", code)}
    with mock.patch("corporatie.work.reminders.reminders", return_value=rules):
        sweep(at=at)
    return at


def live(rule: str, about: Any) -> list[str]:
    """Who has a live notice of this rule about this row, by first name; "-" for nobody."""
    rows = Notice.objects.live().filter(rule=rule, about_id=about.pk).select_related("recipient")
    return sorted(row.recipient.get_short_name() if row.recipient else "-" for row in rows)


def raw(row: Any, **values: Any) -> None:
    """A change that no verb made: a delivery, another page, a verb that forgot."""
    type(row)._default_manager.filter(pk=row.pk).update(**values)


@dataclass(frozen=True)
class Rule:
    """One rule. ``make`` gives a row that is Anna's (or her team's) and due from ``first`` on, not on ``before``.

    ``ends``: the verbs after which nothing may be left, at once. ``forgot``: the same without a verb, and how it
    comes to hold again. ``to`` gives the row to somebody else, without a verb.
    """

    code: str
    make: Callable[[Cast], Any]
    first: date
    before: date | None
    hears: str
    ends: dict[str, Verb]
    forgot: dict[str, tuple[Callable[[Any], None], Callable[[Any], None]]]
    to: Callable[[Any, User], None] | None = None

    def __str__(self) -> str:
        return self.code


# --- Promises and actions ----------------------------------------------------------------------------------------
def promise(due_on: date) -> Callable[[Cast], FollowUp]:
    """Anna promised mrs Bos something."""
    return lambda cast: work.add_follow_up(
        tenancy=cast.bos,
        subject=cast.bos,
        what="Schilder belt over het kozijn",
        owner=cast.anna,
        due_on=due_on,
        is_promise=True,
        by=cast.anna,
        at=cast.at,
    )


def action(due_on: date) -> Callable[[Cast], FollowUp]:
    """Something Anna has to do for mrs Bos, promised to nobody."""

    def make(cast: Cast) -> FollowUp:
        row = promise(due_on)(cast)
        raw(row, is_promise=False)
        return FollowUp.objects.get(pk=row.pk)

    return make


def left(days: int) -> Callable[[Cast], FollowUp]:
    """The household moved out while something is still promised, long from now."""

    def make(cast: Cast) -> FollowUp:
        raw(cast.bos, ended_on=WEDNESDAY)
        return promise(TUESDAY + timedelta(days=days))(cast)

    return make


def finish(cast: Cast, row: FollowUp, at: datetime) -> None:
    """Done."""
    work.finish_follow_up(follow_up=row, by=cast.anna, at=at)


def drop(cast: Cast, row: FollowUp, at: datetime) -> None:
    """Not done, and why."""
    work.drop_follow_up(follow_up=row, reason="Niet meer nodig", by=cast.anna, at=at)


def later(cast: Cast, row: FollowUp, at: datetime) -> None:
    """Another day, long from now."""
    work.move_follow_up(follow_up=row, due_on=date(2027, 2, 1), owner=row.owner, by=cast.anna, at=at)


def done(row: FollowUp) -> None:
    """Done, by whatever."""
    raw(row, done_at=moment(TUESDAY), done_by=row.owner, result="done")


def undone(row: FollowUp) -> None:
    """Open after all."""
    raw(row, done_at=None, done_by=None, result="")


def moved(field_name: str, **shift: int) -> tuple[Callable[[Any], None], Callable[[Any], None]]:
    """The day moves to some other day, and back again."""
    return (
        lambda row: raw(row, **{field_name: getattr(row, field_name) + timedelta(**shift)}),
        lambda row: raw(row, **{field_name: getattr(row, field_name)}),
    )


def home(ended_on: date | None, was: date) -> tuple[Callable[[Any], None], Callable[[Any], None]]:
    """The household does not leave after all, or later; and then it does."""
    return (lambda row: raw(row.tenancy, ended_on=ended_on), lambda row: raw(row.tenancy, ended_on=was))


def owner(field_name: str) -> Callable[[Any, User], None]:
    """Give it to somebody else, by whatever."""
    return lambda row, user: raw(row, **{field_name: user})


# --- Signals -----------------------------------------------------------------------------------------------------
def signal(severity: Severity, *verbs: Verb) -> Callable[[Cast], Signal]:
    """Anna reported it; a verb may have followed."""

    def make(cast: Cast) -> Signal:
        row = cast.signal(severity=severity)
        for verb in verbs:
            verb(cast, row, cast.at)
        return Signal.objects.get(pk=row.pk)

    return make


def take_up(cast: Cast, row: Signal, at: datetime) -> None:
    """Bram goes on with it."""
    cases.take_up_signal(signal=row, by=cast.bram, at=at)


def give_to_anna(cast: Cast, row: Signal, at: datetime) -> None:
    """Anna goes on with it."""
    cases.assign_signal(signal=row, handler=cast.anna, by=cast.dirk, at=at)


def close(cast: Cast, row: Signal, at: datetime) -> None:
    """Bram dealt with it."""
    cases.close_signal(signal=row, explanation="Opgelost", by=cast.bram, at=at)


def attach(cast: Cast, row: Signal, at: datetime) -> None:
    """It lies in a dossier."""
    cases.attach_signal(signal=row, case=cast.case(), by=cast.anna, at=at)


# --- Points of attention and visits --------------------------------------------------------------------------------
def flag(cast: Cast) -> AttentionFlag:
    """Dirk decided on it; it must be looked at again in the second week of December."""
    kinds = [FlagKind.DOG, FlagKind.INTERPRETER]
    kind = next(kind for kind in kinds if not AttentionFlag.objects.filter(tenancy=cast.bos, kind=kind).exists())
    return cases.decide_flag(
        tenancy=cast.bos,
        kind=kind,
        instruction="",
        reason="",
        review_on=THURSDAY + timedelta(days=14),
        told_on=TUESDAY,
        by=cast.dirk,
        at=cast.at,
    )


def renew(cast: Cast, row: AttentionFlag, at: datetime) -> None:
    """It holds on."""
    cases.renew_flag(flag=row, review_on=date(2027, 6, 1), by=cast.dirk, at=at)


def end(cast: Cast, row: AttentionFlag, at: datetime) -> None:
    """It holds no longer."""
    cases.end_flag(flag=row, by=cast.dirk, at=at)


def planned(on: date, ended_on: date | None = None) -> Callable[[Cast], Visit]:
    """Anna goes there on that day; the household may leave before."""

    def make(cast: Cast) -> Visit:
        raw(cast.bos, ended_on=None)
        visit = cast.visit(Tenancy.objects.get(pk=cast.bos.pk), on=on)
        raw(cast.bos, ended_on=ended_on)
        return visit

    return make


def nobody_home(cast: Cast, row: Visit, at: datetime) -> None:
    """Nobody was home."""
    visits.end_visit(visit=row, client_uuid=uuid4(), outcome=Outcome.NOBODY_HOME, by=cast.anna, at=at)


def talked(cast: Cast, row: Visit, at: datetime) -> None:
    """They spoke, and it was written down."""
    visits.file_report(
        client_uuid=uuid4(),
        tenancy=row.tenancy,
        visit=row,
        talk=visits.Talk(outcome=Outcome.TALKED, note="Goed gesprek"),
        by=cast.anna,
        at=at,
    )


def to_elaborate(cast: Cast) -> Visit:
    """They spoke; Anna writes it down later."""
    return visits.file_report(
        client_uuid=uuid4(),
        tenancy=cast.bos,
        talk=visits.Talk(outcome=Outcome.TALKED, elaborate_later=True),
        by=cast.anna,
        at=cast.at,
    )


def elaborate(cast: Cast, row: Visit, at: datetime) -> None:
    """And there it is."""
    visits.elaborate_report(visit=row, talk=visits.Talk(note="Goed gesprek"), by=cast.anna, at=at)


ENDED_VISIT = {"status": VisitStatus.CANCELLED, "outcome": Outcome.CANCELLED, "ended_at": moment(TUESDAY)}
PLANNED_VISIT = {"status": VisitStatus.PLANNED, "outcome": "", "ended_at": None}
CANCELLED = (lambda row: raw(row, **ENDED_VISIT), lambda row: raw(row, **PLANNED_VISIT))

RULES = [
    Rule(
        code="follow_up_due",
        make=action(THURSDAY),
        before=WEDNESDAY,
        first=THURSDAY,
        hears="Anna",
        ends={"done": finish, "dropped": drop, "moved": later},
        forgot={"done": (done, undone), "moved": moved("due_on", days=40)},
        to=owner("owner"),
    ),
    Rule(
        code="promise_late",
        make=promise(TUESDAY),
        before=WEDNESDAY,
        first=THURSDAY,
        hears="Anna",
        ends={"done": finish, "dropped": drop, "moved": later},
        forgot={
            "done": (done, undone),
            "moved": moved("due_on", days=40),
            "no promise": (lambda row: raw(row, is_promise=False), lambda row: raw(row, is_promise=True)),
        },
        to=owner("owner"),
    ),
    Rule(
        code="follow_up_household_left",
        make=left(90),
        before=TUESDAY,
        first=THURSDAY,
        hears="Anna",
        ends={"done": finish, "dropped": drop},
        forgot={
            "done": (done, undone),
            "stays": home(None, WEDNESDAY),
            "leaves later": home(date(2027, 1, 31), WEDNESDAY),
        },
        to=owner("owner"),
    ),
    Rule(
        code="signal_acute",
        make=signal(Severity.ACUTE),
        before=None,
        first=TUESDAY,
        hears="Dirk",
        ends={"taken up": take_up, "given": give_to_anna, "attached": attach},
        forgot={
            "less serious": (
                lambda row: raw(row, severity=Severity.LOW),
                lambda row: raw(row, severity=Severity.ACUTE),
            ),
        },
    ),
    Rule(
        code="signal_acute_mine",
        make=signal(Severity.ACUTE, give_to_anna),
        before=None,
        first=TUESDAY,
        hears="Anna",
        ends={"closed": close, "attached": attach},
        forgot={
            "less serious": (
                lambda row: raw(row, severity=Severity.LOW),
                lambda row: raw(row, severity=Severity.ACUTE),
            )
        },
        to=owner("handler"),
    ),
    Rule(
        code="signal_past_norm",
        make=signal(Severity.HIGH, give_to_anna),
        before=THURSDAY,
        first=FRIDAY,
        hears="Anna",
        ends={"closed": close, "attached": attach},
        forgot={"moved": moved("respond_by_on", days=40)},
        to=owner("handler"),
    ),
    Rule(
        code="signal_past_norm_lead",
        make=signal(Severity.HIGH),
        before=THURSDAY,
        first=FRIDAY,
        hears="Dirk",
        ends={"taken up": take_up, "given": give_to_anna, "attached": attach},
        forgot={"moved": moved("respond_by_on", days=40)},
    ),
    Rule(
        code="signal_answered",
        make=signal(Severity.MEDIUM, take_up),
        before=None,
        first=TUESDAY,
        hears="Anna",
        ends={"given to herself": give_to_anna},
        forgot={
            "long ago": (
                lambda row: raw(row, taken_up_at=moment(date(2026, 9, 1))),
                lambda row: raw(row, taken_up_at=row.taken_up_at),
            )
        },
        to=owner("created_by"),
    ),
    Rule(
        code="signal_closed",
        make=signal(Severity.MEDIUM, take_up, close),
        before=None,
        first=TUESDAY,
        hears="Anna",
        ends={},
        forgot={
            "long ago": (
                lambda row: raw(row, closed_at=moment(date(2026, 9, 1))),
                lambda row: raw(row, closed_at=row.closed_at),
            )
        },
        to=owner("created_by"),
    ),
    Rule(
        code="flag_review",
        make=flag,
        before=WEDNESDAY,
        first=THURSDAY,
        hears="Dirk",
        ends={"renewed": renew, "ended": end},
        forgot={
            "renewed": moved("review_on", days=90),
            "ended": (
                lambda row: raw(row, status=FlagStatus.ENDED, ended_on=TUESDAY),
                lambda row: raw(row, status=FlagStatus.ACTIVE, ended_on=None),
            ),
        },
    ),
    Rule(
        code="visit_no_outcome",
        make=planned(WEDNESDAY),
        before=WEDNESDAY,
        first=THURSDAY,
        hears="Anna",
        ends={"nobody home": nobody_home, "talked": talked},
        forgot={"cancelled": CANCELLED, "moved": moved("planned_on", days=40)},
        to=owner("visitor"),
    ),
    Rule(
        code="visit_to_elaborate",
        make=to_elaborate,
        before=TUESDAY,
        first=WEDNESDAY,
        hears="Anna",
        ends={"worked out": elaborate},
        forgot={
            "worked out": (
                lambda row: raw(row, elaborate_later=False),
                lambda row: raw(row, elaborate_later=True),
            )
        },
        to=owner("visitor"),
    ),
    Rule(
        code="visit_household_left",
        make=planned(date(2026, 12, 10), THURSDAY),
        before=None,
        first=TUESDAY,
        hears="Anna",
        ends={"called off": nobody_home},
        forgot={
            "cancelled": CANCELLED,
            "stays": home(None, THURSDAY),
            "leaves later": home(date(2026, 12, 31), THURSDAY),
            "goes before": moved("planned_on", days=-16),
        },
        to=owner("visitor"),
    ),
]
BY_CODE = {rule.code: rule for rule in RULES}
# Hears of it only while she is there, and else her substitute, and else the lead.
OWNED = [rule for rule in RULES if rule.to is not None and rule.code not in ("signal_answered", "signal_closed")]
LED = [BY_CODE["signal_acute"], BY_CODE["signal_past_norm_lead"]]
NEWS = [BY_CODE["signal_answered"], BY_CODE["signal_closed"]]
