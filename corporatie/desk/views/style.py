"""The page on which every component stands in all its states: for whoever builds or judges one."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from corporatie.staff.rules import may_administer


@login_required
@require_http_methods(["GET"])
def style_guide(request: HttpRequest) -> HttpResponse:
    """Every component once. Shows invented examples only."""
    if not may_administer(request.user):
        raise PermissionDenied
    return render(request, "desk/style_guide.html")
