"""Work goes from one colleague to others: many rows at once, each kind by its own verb."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from corporatie.journal import actions as journal
from corporatie.staff.actions import note
from corporatie.staff.models import Absence
from corporatie.staff.rules import why_not_stand_in
from corporatie.staff.states import AccountChangeKind
from corporatie.subjects.models import subject_model
from corporatie.work import facts
from corporatie.work.actions.notices import settle_about
from corporatie.work.models import FollowUp, HandedOn


def hand_on(*, rows: QuerySet[Any], field: str, to: Mapping[Any, Any]) -> set[Any]:
    """Of ``rows`` those that are still so, each to the colleague named for its key. One statement a colleague.

    The rows are locked first: of two who divide at once, the second finds what the first left.
    """
    still = set(rows.filter(pk__in=list(to)).select_for_update(of=("self",)).values_list("pk", flat=True))
    by_colleague: dict[Any, list[Any]] = {}
    for key, colleague in to.items():
        if key in still:
            by_colleague.setdefault(colleague, []).append(key)
    for colleague, keys in by_colleague.items():
        rows.model._default_manager.filter(pk__in=keys).update(**{field: colleague})
    return still


@transaction.atomic
def hand_on_follow_ups(*, rows: Mapping[FollowUp, Any], holder: Any, by: Any, at: datetime) -> set[Any]:
    """These promises and actions go to others. Gives the keys of those that were still open and hers."""
    hers = FollowUp.objects.open().filter(owner=holder)
    given = hand_on(rows=hers, field="owner", to={row.pk: colleague for row, colleague in rows.items()})
    settle_about(about=given, at=at)
    _tell_of_moves([row for row in rows if row.pk in given], by=by, at=at)
    return given


@transaction.atomic
def take_over_follow_ups(*, rows: QuerySet[FollowUp], to: int, by: Any, at: datetime) -> None:
    """These promises and actions become this colleague's, whoever had them, each with its line."""
    held = list(rows.exclude(owner=to).select_for_update(of=("self",)).select_related("tenancy"))
    FollowUp.objects.filter(pk__in=[row.pk for row in held]).update(owner=to)
    _tell_of_moves(held, by=by, at=at)


def _tell_of_moves(rows: Iterable[FollowUp], *, by: Any, at: datetime) -> None:
    lines = []
    for row in rows:
        model: Any = subject_model(row.subject_label)
        if model is not None:
            lines.append((facts.FollowUpMoved(follow_up=str(row.pk)), model(pk=row.subject_id), row.tenancy))
    journal.write_many(lines=lines, by=by, at=at)


@transaction.atomic
def hand_on_standing_in(*, rows: Mapping[Absence, Any], holder: Any, by: Any, at: datetime) -> set[Any]:
    """Others stand in where she would have. Raises ``ValidationError`` for who could not do it, and for oneself."""
    for row, colleague in rows.items():
        if reason := why_not_stand_in(row, colleague, by=by, at=at):
            raise ValidationError(reason)
    hers = Absence.objects.filter(substitute=holder)
    given = hand_on(rows=hers, field="substitute", to={row.pk: colleague for row, colleague in rows.items()})
    for row, colleague in rows.items():
        if row.pk in given:
            note(colleague=row.user, kind=AccountChangeKind.ABSENCE, detail=colleague.pk, by=by, at=at)
    return given


def tell_of_new_work(*, given: Iterable[tuple[Any, str, Any]], by: Any, at: datetime) -> None:
    """What somebody else wrote down for her stands in her inbox. ``given`` holds ``(colleague, kind, key)``.

    One line for each colleague. What one gives oneself is no news, and nor is what is nobody's.
    """
    lists: dict[Any, list[tuple[str, str]]] = {}
    for colleague, code, key in given:
        if colleague is not None and colleague != by:
            lists.setdefault(colleague, []).append((code, str(key)))
    tell_receivers(given=lists, holder=by, by=by, at=at)


def tell_receivers(*, given: Mapping[Any, list[tuple[str, str]]], holder: Any, by: Any, at: datetime) -> None:
    """Each colleague gets one line with her own list of ``(kind, key)``; the sweep makes a notice of it."""
    HandedOn.objects.bulk_create(
        HandedOn(holder=holder, receiver=colleague, items=items, created_by=by, created_at=at)
        for colleague, items in given.items()
    )
