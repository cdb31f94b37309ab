"""Whom a rule reaches: the first of its chain who is there, may know of the row and can act. All rows in one query."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from corporatie.staff.models import User, holds, is_away, is_present
from corporatie.staff.permissions import Permission
from corporatie.work.models import DutyHours, Notice
from corporatie.work.models.duties import in_line
from corporatie.work.rules import Watch
from corporatie.work.states import LEADS, ONLY_HER, Call, Hearer, Reminder


class Told(NamedTuple):
    """Who is asked, and from when her time counts."""

    colleague: Any
    at: datetime


def addressed(
    reminder: Reminder, rows: QuerySet[Any], *, at: datetime, told: Mapping[Any, Told] | None = None
) -> QuerySet[Any]:
    """The rows of a rule with ``to_id``: the colleague who hears of it, or nobody.

    What is for her and nobody else is no row at all while it cannot reach her: nobody could do anything about it.
    ``told`` asks what comes next, as if these were told last.
    """
    may_hear = User.objects.get_queryset().filter(reminder.may_hear(at))
    asked = [_first(may_hear, hearer, reminder, at) for hearer in reminder.chain]
    if Hearer.ON_DUTY in reminder.chain:
        rows = _with_told(rows, reminder, at) if told is None else _as_if_told(rows, told, at)
        # Whose time is not over keeps it, as long as she is there, may hear of it and is one of those who are asked.
        keeps = may_hear.filter(pk=OuterRef("keeps_id"))
        asked = [*(_first(keeps, hearer, reminder, at) for hearer in (Hearer.ANY_ON_DUTY, *LEADS)), *asked]
    # Asked in this order, and no further than the first that gives someone.
    to_id = Coalesce(*asked, output_field=BigIntegerField()) if len(asked) > 1 else asked[0]
    rows = rows.annotate(to_id=to_id)
    return rows.filter(to_id__isnull=False) if reminder.chain == ONLY_HER else rows


def _told_in_shift(reminder: Reminder, at: datetime) -> QuerySet[Notice]:
    """The notices are the memory: whom a rule told since this shift began. Earlier ones were for another line."""
    began = Watch.load().began(at)
    return Notice.objects.filter(rule=reminder.code, recipient__isnull=False, made_at__gte=began)


def _with_told(rows: QuerySet[Any], reminder: Reminder, at: datetime) -> QuerySet[Any]:
    """The rows with who was told last and when, and with her as who keeps it while her time is not over."""
    told = _told_in_shift(reminder, at).filter(about_id=OuterRef("about_id")).order_by("-made_at", "-pk")
    recent = told.filter(made_at__gt=at - DutyHours.load().wait)
    return rows.annotate(
        told_id=Subquery(told.values("recipient")[:1]),
        told_at=Subquery(told.values("made_at")[:1]),
        keeps_id=Subquery(recent.values("recipient")[:1]),
    )


def _as_if_told(rows: QuerySet[Any], told: Mapping[Any, Told], at: datetime) -> QuerySet[Any]:
    """The same with these as the last who were told."""
    keys, over = defaultdict(list), at - DutyHours.load().wait
    for row, last in told.items():
        keys[last].append(row)
    number: Any = BigIntegerField()
    return rows.annotate(
        told_id=Case(*[When(pk__in=keys[last], then=last.colleague) for last in keys], output_field=number),
        keeps_id=Case(
            *[When(pk__in=keys[last], then=last.colleague) for last in keys if last.at > over], output_field=number
        ),
    )


def _first(colleagues: QuerySet[User], hearer: Hearer, reminder: Reminder, at: datetime) -> Subquery:
    if hearer in (Hearer.ON_DUTY, Hearer.ANY_ON_DUTY):
        if hearer is Hearer.ON_DUTY:
            told = _told_in_shift(reminder, at).filter(about_id=OuterRef(OuterRef("about_id")))
            colleagues = colleagues.exclude(Exists(told.filter(recipient=OuterRef("pk"))))
            colleagues = colleagues.exclude(pk=Coalesce(OuterRef("told_id"), 0))
        day, shift = Watch.load().at(at)
        line = in_line(colleagues, OuterRef("team"), day=day, shift=shift, at=at)
        return Subquery(line.filter(turn=1).values("pk")[:1])
    if hearer is Hearer.SHE_HERSELF:
        found = colleagues.filter(is_active=True, pk=OuterRef("for_id"))
    elif hearer is Hearer.ANY_ADMINISTRATOR:
        found = colleagues.filter(holds(Permission.ADMINISTER), is_active=True)
    else:
        found = colleagues.filter(is_present(at=at)).filter(_is(hearer, reminder, at))
    return Subquery(found.order_by("pk").values("pk")[:1])


def _is(hearer: Hearer, reminder: Reminder, at: datetime) -> Q:
    covers = is_away("stands_in_for__", at=at)
    match hearer:
        case Hearer.OWNER:
            return Q(pk=OuterRef("for_id"))
        case Hearer.SUBSTITUTE:
            return covers & Q(stands_in_for__user=OuterRef("for_id"))
        case Hearer.NAMED:
            return reminder.named(at) if reminder.named else Q(pk__in=[])
        case Hearer.LEAD:
            return Q(teams=OuterRef("team")) & holds(Permission.SEE_TEAM_OVERVIEW)
        case Hearer.SUBSTITUTE_OF_LEAD:
            leads = User.objects.get_queryset().filter(holds(Permission.SEE_TEAM_OVERVIEW))
            return covers & Q(stands_in_for__user__teams=OuterRef("team"), stands_in_for__user__in=leads)
        case _:
            return holds(Permission.ADMINISTER)


# --- Whom to phone -------------------------------------------------------------------------------------
def whom_to_phone(*, reminder: Reminder, about: Iterable[Any], at: datetime) -> dict[Any, Call]:
    """For each of these rows who is asked now, and where that goes by turns who is next and from when.

    The very question of the sweep, so that a page never names another colleague than the one who was told.
    """
    rows = reminder.rows(timezone.localdate(at), at).filter(pk__in=list(about))
    if Hearer.ON_DUTY not in reminder.chain:
        asked = dict(addressed(reminder, rows, at=at).values_list("about_id", "to_id"))
        return _with_names(asked, {})
    watch = Watch.load()
    found = addressed(reminder, rows, at=at).values_list("about_id", "to_id", "told_id", "told_at")
    # Whom the sweep has yet to tell has her time from now.
    asked = {row: Told(to, last_at if last_at and to == last else at) for row, to, last, last_at in found}
    changes = defaultdict(list)
    for row, one in asked.items():
        for change in _changes(watch, one.at + watch.hours.wait, at):
            changes[change].append(row)
    later: dict[Any, tuple[int, datetime]] = {}
    for change in sorted(changes):
        waiting = [row for row in changes[change] if row not in later]
        told = {row: asked[row] for row in waiting if asked[row].colleague}
        # Another shift begins with nobody told in it. Who is asked again as the first of it, has her time from there.
        if watch.began(change) > at:
            began = watch.began(change)
            told = {} if began == change else {row: Told(one.colleague, began) for row, one in told.items()}
        then = addressed(reminder, rows.filter(pk__in=waiting), at=change, told=told).values_list("about_id", "to_id")
        later |= {row: (to, change) for row, to in then if to and to != asked[row].colleague}
    return _with_names({row: one.colleague for row, one in asked.items()}, later)


def _changes(watch: Watch, over: datetime, at: datetime) -> Iterator[datetime]:
    """When it may become somebody else's turn: the time of this one is ``over``, or another shift or half day begins.

    Who is asked now may be the first of that shift too: then it is the one after her.
    """
    change = watch.next_change(at)
    if at < over < change:
        yield over
    until = min(change + watch.hours.wait, watch.next_change(change))
    yield from {change, until, *watch.half_days(at, until)}


def _with_names(asked: dict[Any, int | None], later: dict[Any, tuple[int, datetime]]) -> dict[Any, Call]:
    keys = {to for to in asked.values() if to} | {to for to, _at in later.values()}
    people = User.objects.get_queryset().in_bulk(keys)
    nobody = (None, None)
    return {
        row: Call(people.get(to) if to else None, people.get(later.get(row, nobody)[0]), later.get(row, nobody)[1])
        for row, to in asked.items()
    }
