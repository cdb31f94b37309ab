"""Somebody leaves, or goes to another team: her work is divided first, and nothing is left without an owner."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corporatie.staff.actions import change_teams, drop_absence, keep_an_administrator, note, say_goodbye
from corporatie.staff.models import Absence, Team, User
from corporatie.staff.rules import has_left
from corporatie.staff.states import AccountChangeKind
from corporatie.work.actions.duties import end_duties
from corporatie.work.actions.handing import tell_receivers
from corporatie.work.rules import held_by, out_of_reach, undivided
from corporatie.work.states import holdings, secret_roads


@dataclass
class Division:
    """What came of dividing: how many rows went or were asked for, which were not there any more, which could not."""

    given: int = 0
    asked: int = 0
    gone: int = 0
    refused: set[str] = field(default_factory=set)


@transaction.atomic
def divide_work(*, holder: User, choices: Mapping[str, int], by: Any, at: datetime) -> Division:
    """Give these rows of hers (by ``Held.key``) to these colleagues: one verb a kind, however many rows.

    Only what ``by`` may know of, and only to who may open it and works on it now. A row that was done or given
    meanwhile is counted as gone; one whose receiver may not have it is refused. What was asked of the same colleague
    already is left as it is.
    """
    # Who gives is not overtaken by a receiver who leaves: her row is held first.
    named = User.objects.get_queryset().filter(pk__in=set(choices.values()), is_active=True).order_by("pk")
    receivers = {colleague.pk: colleague for colleague in named.select_for_update(no_key=True)}
    wanted, keys = _by_key(choices)
    rows = held_by(holder, at=at, seen_by=by, only=keys)
    result = Division(gone=len(choices) - len(rows))
    lists: dict[User, list[tuple[str, str]]] = {}
    choices = wanted
    for code, pairs in _by_kind(rows, choices, receivers, result, by=by, at=at).items():
        holding = holdings()[code]
        given = holding.give(rows=pairs, holder=holder, by=by, at=at)
        result.gone += len(pairs) - len(given)
        if holding.asks:
            # What she takes herself waits for nobody.
            own = sum(row.pk in given and colleague.pk == by.pk for row, colleague in pairs.items())
            result.given, result.asked = result.given + own, result.asked + len(given) - own
            continue
        result.given += len(given)
        for row, colleague in pairs.items():
            if row.pk in given:
                lists.setdefault(colleague, []).append((code, str(row.pk)))
    tell_receivers(given=lists, holder=holder, by=by, at=at)
    return result


def _by_key(choices: Mapping[str, int]) -> tuple[dict[str, int], dict[str, list[Any]]]:
    """What was sent, with each key as we write it, and the keys by kind. What is no key is left out."""
    wanted: dict[str, int] = {}
    keys: dict[str, list[Any]] = {}
    for key, colleague in choices.items():
        code, _sign, text = key.partition("-")
        if code not in holdings():
            continue
        try:
            field = holdings()[code].rows().model._meta.pk
            pk = field.to_python(text)
            # A number that no row can have stops SQLite.
            field.run_validators(pk)
        except ValidationError:
            continue
        wanted[f"{code}-{pk}"] = colleague
        keys.setdefault(code, []).append(pk)
    return wanted, keys


def _by_kind(
    rows: Any, choices: Any, receivers: Any, result: Division, *, by: Any, at: datetime
) -> dict[str, dict[Any, Any]]:
    pairs: dict[str, dict[Any, Any]] = {}
    for held in rows:
        chosen = choices[held.key]
        # Asked already; but what was asked of her who divides, she may simply take.
        if held.asked == chosen != by.pk:
            continue
        why_not = held.holding.why_not
        cannot = chosen not in held.may or chosen not in receivers
        if cannot or (why_not and why_not(held.row, receivers[chosen], by=by, at=at)):
            result.refused.add(held.key)
            continue
        pairs.setdefault(held.holding.code, {})[held.row] = receivers[chosen]
    return pairs


@transaction.atomic
def leave(*, colleague: User, by: Any, at: datetime) -> None:
    """She does not work here any more. What waits for a yes is until then of who asked for it.

    Raises ``ValidationError`` while there is work nobody was asked for, also when it came a moment ago; for the last
    administrator; and for oneself. Secrets go their own road, and stop nobody. Nobody stands in for her any more.
    """
    _refuse_oneself(colleague, by)
    # All administrators before any one of them: two who let each other leave wait in one order.
    keep_an_administrator(colleague)
    # What is given to her at this moment waits for this row, or was written before it.
    stored = User.objects.get_queryset().select_for_update(no_key=True).get(pk=colleague.pk)
    if has_left(stored):
        raise ValidationError(_("%(name)s left already.") % {"name": stored.name})
    _refuse_while(sum(undivided(stored, at=at).values()))
    for holding in holdings().values():
        if holding.leave_to:
            holding.leave_to(holder=stored, by=by, at=at)
    for road in secret_roads():
        road(holder=stored, at=at)
    end_duties(colleague=stored, by=by, at=at)
    for absence in Absence.objects.filter(user=stored, until_on__gte=timezone.localdate(at)):
        drop_absence(absence=absence, by=by, at=at)
    if stored.is_active:
        say_goodbye(colleague=stored, by=by, at=at)
    note(colleague=stored, kind=AccountChangeKind.LEFT, by=by, at=at)
    colleague.refresh_from_db()


def lost_by_moving(*, colleague: User, out_of: list[Team], into: Team | None, at: datetime) -> dict[str, list[Any]]:
    """What she holds and could not have any more after this move, as keys by kind. Tried out, and taken back."""
    with transaction.atomic():
        _move(colleague, out_of, into, by=None, at=at)
        found = out_of_reach(colleague, at=at)
        transaction.set_rollback(True)
    return found


def stays_behind(colleague: User, team: Team, at: datetime) -> bool:
    """Whether she holds what she could not open any more out of this team, and nobody was asked for."""
    lost = lost_by_moving(colleague=colleague, out_of=[team], into=None, at=at)
    return bool(lost) and bool(undivided(colleague, at=at, only=lost))


@transaction.atomic
def change_team(*, colleague: User, out_of: list[Team], into: Team | None, by: Any, at: datetime) -> None:
    """She goes out of these teams, and into that one.

    Raises ``ValidationError`` while she holds what she could not open afterwards and nobody was asked for; and for
    oneself.
    """
    _refuse_oneself(colleague, by)
    User.objects.get_queryset().select_for_update(no_key=True).get(pk=colleague.pk)
    _move(colleague, out_of, into, by=by, at=at)
    lost = out_of_reach(colleague, at=at)
    _refuse_while(sum(undivided(colleague, at=at, only=lost).values()) if lost else 0)
    for holding in holdings().values():
        if holding.leave_to and lost.get(holding.code):
            holding.leave_to(holder=colleague, by=by, at=at, only=lost[holding.code])


def _move(colleague: User, out_of: list[Team], into: Team | None, *, by: Any, at: datetime) -> None:
    change_teams(colleague=colleague, out_of=out_of, into=[into] if into else [], by=by, at=at)


def _refuse_oneself(colleague: User, by: Any) -> None:
    if colleague.pk == by.pk:
        raise ValidationError(_("Somebody else does this for you."))


def _refuse_while(number: int) -> None:
    if number:
        words = ngettext("%(n)d row has no new owner yet.", "%(n)d rows have no new owner yet.", number)
        raise ValidationError(words % {"n": number})
