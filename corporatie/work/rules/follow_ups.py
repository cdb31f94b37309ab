"""Who may do what with a promise or an action."""

from datetime import datetime
from typing import Any

from django.db.models import CharField, OuterRef, Q, Value
from django.db.models.lookups import Exact

from corporatie.staff.rules import Permission, may
from corporatie.subjects.models import Subject, subject_model, subject_models, visible
from corporatie.work.models import FollowUp
from corporatie.work.states import FollowUpKind


def may_add_follow_up(user: Any, subject: Subject | None) -> bool:
    """Promise something, or write down what must be done: whoever visits, and works on what it comes from."""
    return may(user, Permission.LOG_VISITS) and (subject is None or subject.is_worked_on_by(user))


def may_finish(user: Any, follow_up: FollowUp) -> bool:
    """Whoever works on what it came from. Not the step of a dossier: that is done there."""
    if follow_up.done_at is not None or follow_up.kind == FollowUpKind.CASE_STEP:
        return False
    return may_change(user, follow_up)


def may_change(user: Any, follow_up: FollowUp) -> bool:
    """Whoever works on what it came from. Owning it adds nothing."""
    model = subject_model(follow_up.subject_label)
    subject = visible(model, user).filter(pk=follow_up.subject_id).first() if model and model.holds_work else None
    return subject is not None and bool(subject.is_worked_on_by(user))


# --- Who works on what a promise or action hangs on: a filter on colleagues, for rows with page_label and page_id -----
def who_works_on_it(at: datetime) -> Q:
    """Who changes what hangs on the subject of the row."""
    return _of_subject(lambda model: model.who_works_on(OuterRef("page_id"), at=at))


def who_stands_in_on_it(at: datetime) -> Q:
    """Whom the subject of the row names to stand in."""
    return _of_subject(lambda model: model.who_stands_in(OuterRef("page_id"), at=at))


def _of_subject(asked: Any) -> Q:
    condition = Q(pk__in=[])
    for model in subject_models():
        if model.holds_work:
            is_of_this_kind = Exact(OuterRef("page_label"), Value(model.label(), CharField()))
            condition |= Q(is_of_this_kind) & asked(model)
    return condition
