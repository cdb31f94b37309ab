"""When the machine fails and not the code: a full disk, a database that is away, read-only or broken.

Django asks here for the page of every error that nobody caught, wherever in the chain it came up. The pages ask the
database nothing, and give back what was typed: nobody needs to go back, where it may be gone.
"""

import errno
import sys
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views import defaults

TOO_LARGE, UNAVAILABLE, NO_ROOM = 413, 503, 507
# Seconds after which a browser or a monitor may ask again.
TRY_AGAIN_AFTER = "60"
# PostgreSQL: the transaction broke before; what broke it stands further back.
BROKEN_BEFORE = "25P02"
DISK_FULL = {"53100", "SQLITE_FULL"}


def failed(request: HttpRequest) -> HttpResponse:
    """What nobody caught: 503 or 507 when it is the machine's, otherwise our own fault."""
    status = _status_of(sys.exc_info()[1])
    if status is None:
        return defaults.server_error(request)
    # Who signs in, has nothing to save.
    sent = request.method not in {"GET", "HEAD"} and request.path != reverse("account_login")
    page = render_to_string(
        "503.html",
        {
            "sent": sent,
            "is_full": status == NO_ROOM,
            "again": _sent_again(request) if sent else [],
            "action": request.get_full_path(),
        },
    )
    headers = {"Cache-Control": "no-store", "Retry-After": TRY_AGAIN_AFTER}
    return HttpResponse(page, status=status, headers=headers)


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What a browser sent and we cannot take: too much of it, or nothing that means anything."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return HttpResponse(render_to_string("413.html"), status=TOO_LARGE, headers={"Cache-Control": "no-store"})
    return defaults.bad_request(request, exception)


def _status_of(fault: BaseException | None) -> int | None:
    for each in _line_of(fault):
        if isinstance(each, OSError) and each.errno in {errno.ENOSPC, errno.EDQUOT}:
            return NO_ROOM
        if isinstance(each, OSError) and each.errno == errno.EROFS:
            return UNAVAILABLE
        # Corrupt data comes as DatabaseError itself; its other children are faults of ours.
        if isinstance(each, OperationalError | InterfaceError | InternalError) or type(each) is DatabaseError:
            code = _code_of(each.__cause__)
            if code != BROKEN_BEFORE:
                return NO_ROOM if code in DISK_FULL else UNAVAILABLE
    return None


def _line_of(fault: BaseException | None) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    while fault is not None and fault not in seen:
        seen.append(fault)
        yield fault
        fault = fault.__cause__ or fault.__context__


def _code_of(driver: BaseException | None) -> str:
    return str(getattr(driver, "pgcode", None) or getattr(driver, "sqlite_errorname", None) or "")


def _sent_again(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed, to send once more; nothing where it is a secret or a file."""
    if not request.COOKIES or request.content_type != "application/x-www-form-urlencoded":
        return []
    try:
        fields: list[tuple[str, Any]] = [(name, value) for name, values in request.POST.lists() for value in values]
    except (OSError, RequestDataTooBig, TooManyFieldsSent):
        return []
    # Under /account/ stand passwords and codes; in the administration a password may.
    if request.path.startswith("/account/") or any("password" in name for name, _value in fields):
        return []
    return fields
