"""Writing down that someone looks, before anything is shown. No line, no data."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import structlog

from corporatie.privacy.models import Access
from corporatie.privacy.states import Look
from corporatie.subjects.models import Subject


def _write(*, look: Look, label: str, pk: Any, shown: list[str], by: Any, at: datetime) -> None:
    context = structlog.contextvars.get_contextvars()
    Access.objects.create(
        at=at,
        by=by,
        roles=",".join(sorted(by.roles)),
        look=look,
        subject_label=label,
        subject_id=pk,
        shown=shown,
        request_id=str(context.get("request_id", "")),
    )


def record_read(*, subject: Subject, by: Any, at: datetime, look: Look = Look.READ) -> None:
    """``by`` opens the page of ``subject``. Call this before rendering; if it fails, nothing is shown."""
    _write(look=look, label=subject.label(), pk=subject.pk, shown=[], by=by, at=at)


def record_list(*, label: str, shown: Iterable[Any], by: Any, at: datetime, look: Look = Look.LIST) -> None:
    """``by`` sees these rows in a list: one line with their ids, never with what was searched for."""
    ids = [str(pk) for pk in shown]
    if ids or look == Look.SEARCH:
        _write(look=look, label=label, pk=None, shown=ids, by=by, at=at)


def record_refusal(*, subject: Subject, by: Any, at: datetime) -> None:
    """``by`` may know of ``subject`` but asked for something that is not hers to do."""
    _write(look=Look.REFUSED, label=subject.label(), pk=subject.pk, shown=[], by=by, at=at)
