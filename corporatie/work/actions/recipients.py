"""Whom a rule reaches: the first of its chain who is there, may know of the row and can act. All rows in one query."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Case, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from corporatie.staff.models import User, holds, is_away, is_present
from corporatie.staff.permissions import Permission
from corporatie.work.models.duties import MOST_IN_LINE, changes_at_noon, in_line
from corporatie.work.rules import Watch
from corporatie.work.states import ONLY_HER, Call, Hearer, Reminder


def addressed(reminder: Reminder, rows: QuerySet[Any], *, at: datetime) -> QuerySet[Any]:
    """The rows of a rule with ``to_id``: the colleague who hears of it, or nobody.

    What is for her and nobody else is no row at all while it cannot reach her: nobody could do anything about it.
    """
    if Hearer.ON_DUTY in reminder.chain:
        rows = rows.annotate(turn=_turn(Watch.load(), at))
    may_hear = User.objects.get_queryset().filter(reminder.may_hear(at))
    asked = [_first(may_hear, hearer, reminder, at) for hearer in reminder.chain]
    # Asked in this order, and no further than the first that gives someone.
    to_id = Coalesce(*asked, output_field=BigIntegerField()) if len(asked) > 1 else asked[0]
    rows = rows.annotate(to_id=to_id)
    return rows.filter(to_id__isnull=False) if reminder.chain == ONLY_HER else rows


def _turn(watch: Watch, at: datetime) -> Any:
    """Whose turn it is, counted from when this shift began, or from noon where the line is another one since."""
    began, noon = watch.began(at), watch.noon(at)
    turn = watch.hours.turn("since", began=began, at=at)
    if not began < noon <= at:
        return turn
    anew, teams = watch.hours.turn("since", began=noon, at=at), changes_at_noon(*watch.at(at))
    return anew if None in teams else Case(When(team__in=teams, then=anew), default=turn)


def _first(colleagues: QuerySet[User], hearer: Hearer, reminder: Reminder, at: datetime) -> Subquery:
    if hearer in (Hearer.ON_DUTY, Hearer.ANY_ON_DUTY):
        day, shift = Watch.load().at(at)
        line = in_line(colleagues, OuterRef("team"), day=day, shift=shift, at=at)
        turn = 1 if hearer is Hearer.ANY_ON_DUTY else OuterRef("turn")
        return Subquery(line.filter(turn=turn).values("pk")[:1])
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
    found = list(addressed(reminder, rows, at=at).values_list("about_id", "to_id", "since"))
    asked = {row: to for row, to, _since in found}
    changes = defaultdict(list)
    for row, _to, since in found:
        for change in _changes(watch, since, at):
            changes[change].append(row)
    later: dict[Any, tuple[int, datetime]] = {}
    for change in sorted(changes):
        waiting = rows.filter(pk__in=[row for row in changes[change] if row not in later])
        then = addressed(reminder, waiting, at=change).values_list("about_id", "to_id")
        later |= {row: (to, change) for row, to in then if to and to != asked[row]}
    return _with_names(asked, later)


def _changes(watch: Watch, since: datetime, at: datetime) -> Iterator[datetime]:
    """When it may become somebody else's turn: the time of this one is over, or another shift or half day begins.

    Who is asked now may be the first of that shift too: then it is the one after her.
    """
    began, noon, change = watch.began(at), watch.noon(at), watch.next_change(at)
    for start in (began, noon) if began < noon <= at else (began,):
        number = max((at - max(since, start)) // watch.hours.wait + 1, 1)
        if number <= MOST_IN_LINE:
            yield min(max(since, start) + number * watch.hours.wait, change)
    for other in (noon, change) if at < noon < change else (change,):
        yield other
        yield other + watch.hours.wait


def _with_names(asked: dict[Any, int | None], later: dict[Any, tuple[int, datetime]]) -> dict[Any, Call]:
    keys = {to for to in asked.values() if to} | {to for to, _at in later.values()}
    people = User.objects.get_queryset().in_bulk(keys)
    nobody = (None, None)
    return {
        row: Call(people.get(to) if to else None, people.get(later.get(row, nobody)[0]), later.get(row, nobody)[1])
        for row, to in asked.items()
    }
