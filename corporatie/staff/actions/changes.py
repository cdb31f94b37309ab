"""The row that every change of an account leaves, and the end of the sessions that were opened before it."""

from datetime import datetime
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from corporatie.staff.models import AccountChange, User
from corporatie.staff.rules import administrators, why_no_goodbye
from corporatie.staff.states import AccountChangeKind

log = structlog.get_logger(__name__)


def note(
    *, colleague: User, kind: AccountChangeKind, by: Any, at: datetime, detail: object = "", old_email: str = ""
) -> None:
    """Write down what changed, in the transaction of the change, and one line in the log once it holds.

    Raises ``RuntimeError`` outside a transaction: a change that nobody hears of is what this is for.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("the row about a change of an account belongs to the transaction of the change")
    row = AccountChange.objects.create(
        colleague=colleague, by=by, kind=kind, detail=str(detail), old_email=old_email, at=at
    )
    told = {"kind": row.kind, "detail": row.detail, "colleague": row.colleague_id, "by": row.by_id}
    transaction.on_commit(lambda: log.info("account_changed", **told))


def end_sessions(colleague: User) -> None:
    """All her sessions end. The one in which she did it herself goes on only when its page says so."""
    User.objects.get_queryset().filter(pk=colleague.pk).update(sessions_ended=F("sessions_ended") + 1)
    colleague.refresh_from_db(fields=["sessions_ended"])


def keep_an_administrator(colleague: User) -> None:
    """Raises ``ValidationError`` when nobody would administer without her."""
    # Two who send each other away wait for one another here.
    list(administrators().order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    if reason := why_no_goodbye(colleague):
        raise ValidationError(reason)
