"""What every page does the same way when someone may not."""

from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from corporatie.privacy import actions
from corporatie.subjects.models import Subject

# What a page answers to a form that is not right yet.
UNPROCESSABLE = 422


def refuse(request: HttpRequest, subject: Subject | None) -> NoReturn:
    """She may know of it, but this is not hers to do: written down, then refused. Of nothing there is no line."""
    if subject is not None:
        actions.record_refusal(subject=subject, by=request.user, at=timezone.now())
    raise PermissionDenied


def sent(request: HttpRequest) -> Any:
    """What was sent, be it nothing at all; nothing on the way to the form."""
    return request.POST if request.method == "POST" else None


def status_of(form: Any) -> int:
    """200, or 422 for a form that was refused."""
    return UNPROCESSABLE if form.errors else 200
