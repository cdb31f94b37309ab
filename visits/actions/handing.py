"""Visits, and talks still to be worked out, go from one colleague to others: many rows at once."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery

from cases.models import Case
from cases.states import Confidentiality
from corporatie.journal import actions as journal
from corporatie.work.actions import hand_on, settle_about, tell_receivers
from corporatie.work.models import FollowUp
from visits import facts
from visits.actions.planning import concerned
from visits.models import Visit, worked_out_by


@transaction.atomic
def hand_on_visits(*, rows: Mapping[Visit, Any], holder: Any, by: Any, at: datetime) -> set[Any]:
    """Others go. Gives the keys of the visits that were still planned and hers."""
    return _hand_on(rows, Visit.objects.planned().filter(visitor=holder), "visitor", by=by, at=at)


@transaction.atomic
def hand_on_coming_along(*, rows: Mapping[Visit, Any], holder: Any, by: Any, at: datetime) -> set[Any]:
    """Others come along. Gives the keys of the visits that were still planned and hers to come along with."""
    return _hand_on(rows, Visit.objects.planned().filter(second_visitor=holder), "second_visitor", by=by, at=at)


@transaction.atomic
def hand_on_talks(*, rows: Mapping[Visit, Any], holder: Any, by: Any, at: datetime) -> set[Any]:
    """Others work them out; who was there stays who was there. Gives the keys of those that still waited for her."""
    return _hand_on(rows, Visit.objects.filter(worked_out_by(holder)), "worked_out_by", by=by, at=at)


@transaction.atomic
def leave_secret_visits(*, holder: Any, at: datetime) -> None:
    """What hangs on a secret dossier goes to who handles that now, when she is there. She hears of each visit."""
    of_secret = Visit.objects.filter(
        case__confidentiality=Confidentiality.SECRET, case__handler__is_active=True
    ).exclude(case__handler=holder)
    planned = of_secret.planned()
    # Where its handler goes already, she goes alone: nobody visits with herself.
    led = list(planned.filter(visitor=holder, second_visitor=F("case__handler")).values_list("pk", flat=True))
    Visit.objects.filter(pk__in=led).update(visitor=F("second_visitor"), second_visitor=None)
    alone = list(planned.filter(second_visitor=holder, visitor=F("case__handler")).values_list("pk", flat=True))
    Visit.objects.filter(pk__in=alone).update(second_visitor=None)
    goes = [*led, *_leave(planned.filter(visitor=holder), "visitor")]
    along = _leave(planned.filter(second_visitor=holder), "second_visitor")
    talks = _leave(of_secret.filter(worked_out_by(holder)), "worked_out_by")
    _tell_handlers({"visit": goes, "along": along, "talk": talks}, holder=holder, at=at)
    moved = [*goes, *along, *alone, *talks]
    _write_down([*goes, *along, *alone], by=None, at=at)
    steps = FollowUp.objects.open().filter(owner=holder, subject_label=Visit.label())
    of_visits = of_secret.filter(pk__in=steps.values("subject_id"))
    moved += steps.filter(subject_id__in=of_visits.values("pk")).values_list("pk", flat=True)
    for pk, handler in of_visits.values_list("pk", "case__handler"):
        steps.filter(subject_id=pk).update(owner=handler)
    settle_about(about=moved, at=at)


def _leave(rows: QuerySet[Visit], field: str) -> list[Any]:
    heir = Subquery(Case.objects.filter(pk=OuterRef("case")).values("handler")[:1])
    keys = list(rows.values_list("pk", flat=True))
    Visit.objects.filter(pk__in=keys).update(**{f"{field}_id": heir})
    return keys


def _tell_handlers(keys: Mapping[str, list[Any]], *, holder: Any, at: datetime) -> None:
    """One list for each handler, of what came to her."""
    visits = Visit.objects.filter(pk__in=[pk for found in keys.values() for pk in found]).select_related(
        "case__handler"
    )
    handlers = {visit.pk: visit.case.handler for visit in visits if visit.case}
    given: dict[Any, list[tuple[str, str]]] = {}
    for code, found in keys.items():
        for pk in found:
            given.setdefault(handlers[pk], []).append((code, str(pk)))
    tell_receivers(given=given, holder=holder, by=holder, at=at)


def _write_down(keys: Iterable[Any], *, by: Any, at: datetime) -> None:
    visits = Visit.objects.filter(pk__in=list(keys)).select_related("tenancy", "case")
    journal.write_many(lines=[(facts.VisitHandedOn(), visit, *concerned(visit)) for visit in visits], by=by, at=at)


def _hand_on(rows: Mapping[Visit, Any], hers: QuerySet[Visit], field: str, *, by: Any, at: datetime) -> set[Any]:
    given = hand_on(rows=hers, field=field, to={visit.pk: colleague for visit, colleague in rows.items()})
    settle_about(about=given, at=at)
    lines = [(facts.VisitHandedOn(), visit, *concerned(visit)) for visit in rows if visit.pk in given]
    journal.write_many(lines=lines, by=by, at=at)
    return given
