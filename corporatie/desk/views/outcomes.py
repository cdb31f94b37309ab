"""A visit that ended without a talk at the table: from the card, or from its own page."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from corporatie.desk.forms import NobodyHomePageForm, OtherOutcomePageForm
from corporatie.desk.views.today import way_back
from corporatie.privacy import actions as privacy
from corporatie.privacy.pages import refuse, sent, status_of
from visits import rules
from visits.actions import end_visit
from visits.models import Visit
from visits.states import Outcome


@login_required
@require_http_methods(["GET", "POST"])
def visit_nobody_home(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Nobody home: two taps from the card, or this page."""
    visit = _own_visit(request, pk)
    form = NobodyHomePageForm(sent(request), planned=visit)
    if request.method == "POST" and form.is_valid():
        try:
            end_visit(
                visit=visit,
                client_uuid=form.cleaned_data["client_uuid"],
                outcome=Outcome.NOBODY_HOME,
                door_signs=form.cleaned_data["door_signs"],
                next_time=form.cleaned_data["next_time"],
                happened_at=form.happened_at,
                by=request.user,
                at=timezone.now(),
            )
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Nobody home: %(address)s") % {"address": visit.tenancy.dwelling.address})
            return redirect(way_back(request.user, visit, visit.tenancy)["url"])
    return render(request, "desk/nobody_home.html", _context(request, form, visit), status=status_of(form))


@login_required
@require_http_methods(["GET", "POST"])
def visit_other(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another outcome. A talk at the door goes on to its report."""
    visit = _own_visit(request, pk)
    form = OtherOutcomePageForm(sent(request), planned=visit)
    if request.method == "POST" and form.is_valid():
        if form.is_talk:
            query = urlencode({"waar": "deur", **form.carried})
            return redirect(f"{reverse('visit_report_file', args=[visit.pk])}?{query}")
        outcome = form.cleaned_data["outcome"]
        try:
            end_visit(
                visit=visit,
                client_uuid=form.cleaned_data["client_uuid"],
                outcome=outcome,
                happened_at=form.happened_at,
                by=request.user,
                at=timezone.now(),
            )
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(
                request,
                _("%(outcome)s: %(address)s")
                % {"outcome": Outcome(outcome).label, "address": visit.tenancy.dwelling.address},
            )
            if outcome == Outcome.UNSAFE:
                messages.warning(request, _("Are you all right? Call your team lead. Report a signal if you need to."))
            return redirect(way_back(request.user, visit, visit.tenancy)["url"])
    return render(request, "desk/other.html", _context(request, form, visit), status=status_of(form))


def _context(request: HttpRequest, form: Form, visit: Visit) -> dict[str, Any]:
    return {"form": form, "visit": visit, "back": way_back(request.user, visit, visit.tenancy)}


def _own_visit(request: HttpRequest, pk: UUID) -> Visit:
    rows = Visit.objects.visible_to(request.user).select_related("tenancy__dwelling", "case__tenancy__dwelling")
    visit = get_object_or_404(rows, pk=pk)
    if not rules.may_work_on(request.user, visit) or (
        request.method == "GET" and not rules.may_file(request.user, visit)
    ):
        refuse(request, visit)
    privacy.record_read(subject=visit, by=request.user, at=timezone.now())
    return visit
