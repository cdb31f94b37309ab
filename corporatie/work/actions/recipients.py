"""Whom a rule reaches: the first of its chain who is there, may know of the row and can act. All rows in one query."""

from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from corporatie.staff.models import User, holds, is_away, is_present
from corporatie.staff.permissions import Permission
from corporatie.work.models.duties import in_line
from corporatie.work.rules import Watch
from corporatie.work.states import Hearer, Reminder


def addressed(reminder: Reminder, rows: QuerySet[Any], *, at: datetime) -> QuerySet[Any]:
    """The rows of a rule with ``to_id``: the colleague who hears of it, or nobody."""
    may_hear = User.objects.get_queryset().filter(reminder.may_hear(at))
    asked = [_first(may_hear, hearer, reminder, at) for hearer in reminder.chain]
    # Asked in this order, and no further than the first that gives someone.
    to_id = Coalesce(*asked, output_field=BigIntegerField()) if len(asked) > 1 else asked[0]
    return rows.annotate(to_id=to_id)


def _first(colleagues: QuerySet[User], hearer: Hearer, reminder: Reminder, at: datetime) -> Subquery:
    if hearer is Hearer.ON_DUTY:
        day, shift = Watch.load().at(at)
        line = in_line(colleagues, OuterRef("team"), day=day, shift=shift, at=at)
        return Subquery(line.filter(turn=OuterRef("turn")).values("pk")[:1])
    if hearer is Hearer.SHE_HERSELF:
        found = colleagues.filter(is_active=True, pk=OuterRef("for_id"))
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
