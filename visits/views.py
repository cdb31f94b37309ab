"""Plan a visit, note a short contact, read a report."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.models import AttentionFlag, Case
from corporatie.privacy import actions as privacy
from corporatie.privacy.pages import refuse, sent, status_of
from corporatie.staff.rules import NEAR
from tenants.models import Tenancy
from tenants.pages import as_uuid, chosen_household, not_now, search_first
from tenants.rules import candidates_for, why_nothing_is_added
from visits import actions, rules
from visits.forms import ContactForm, PlanForm, ResponseForm, VisitorsForm
from visits.models import Report, Visit


@login_required
@require_http_methods(["GET", "POST"])
def visit_plan(request: HttpRequest) -> HttpResponse:
    """Plan a visit to a household (``?huishouden=``), perhaps for a dossier (``?dossier=``)."""
    tenancy = _household_of(request)
    if not rules.may_log_visits(request.user):
        refuse(request, tenancy)
    if tenancy is None:
        return search_first("visit_plan")
    case = _chosen_case(request, tenancy)
    if not rules.may_add_to(request.user, case):
        refuse(request, case)
    now = timezone.now()
    if answer := not_now(request, tenancy, why_nothing_is_added(tenancy, on=timezone.localdate(now))):
        return answer
    flags = list(AttentionFlag.objects.visible_to(request.user).active(on=timezone.localdate()).filter(tenancy=tenancy))
    form = PlanForm(
        sent(request),
        visitors=candidates_for(tenancy, rules.who_visits(tenancy, case, at=now), at=now, ahead=NEAR),
        companions=candidates_for(tenancy, rules.who_comes_along(tenancy, at=now), at=now, ahead=NEAR),
        needs_two=actions.needs_second_visitor(tenancy=tenancy, on=timezone.localdate()),
        initial={"visitor": request.user, "reason": request.GET.get("reden")},
    )
    if request.method == "POST" and form.is_valid():
        answers = {**form.cleaned_data}
        try:
            visit = actions.plan_visit(
                id=answers.pop("visit_id"), tenancy=tenancy, case=case, by=request.user, at=now, **answers
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Visit planned: %(address)s") % {"address": tenancy.dwelling.address})
            return redirect(case or visit.tenancy)
    privacy.record_read(subject=tenancy, by=request.user, at=timezone.now())
    context = {"form": form, "tenancy": tenancy, "case": case, "flags": flags}
    return render(request, "visits/plan.html", context, status=status_of(form))


@login_required
@require_http_methods(["GET", "POST"])
def contact_create(request: HttpRequest) -> HttpResponse:
    """One short line about a call, a letter or a word at the desk."""
    tenancy = _household_of(request)
    if not rules.may_log_visits(request.user):
        refuse(request, tenancy)
    if tenancy is None:
        return search_first("contact_create")
    case = _chosen_case(request, tenancy)
    if not rules.may_add_to(request.user, case):
        refuse(request, case)
    now = timezone.now()
    # What is about a dossier goes on for as long as the dossier does.
    reason = "" if case else why_nothing_is_added(tenancy, on=timezone.localdate(now))
    if answer := not_now(request, tenancy, reason):
        return answer
    form = ContactForm(sent(request))
    if request.method == "POST" and form.is_valid():
        answers = {**form.cleaned_data}
        day = answers.pop("happened_on")
        noon = timezone.make_aware(datetime.combine(day, time(12)))
        moment = now if day == timezone.localdate(now) else noon
        try:
            actions.log_contact(tenancy=tenancy, case=case, happened_at=moment, by=request.user, at=now, **answers)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Contact noted: %(address)s") % {"address": tenancy.dwelling.address})
            return redirect(case or tenancy)
    privacy.record_read(subject=tenancy, by=request.user, at=timezone.now())
    context = {"form": form, "tenancy": tenancy, "case": case}
    return render(request, "visits/contact.html", context, status=status_of(form))


@login_required
@require_http_methods(["GET"])
def visit_report_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A visit and, for who may read it, what was said."""
    visit = _visible_visit(request, pk)
    report = Report.objects.visible_to(request.user).select_related("created_by").filter(visit=visit).first()
    if report is not None:
        report.visit = visit
    privacy.record_read(subject=visit, by=request.user, at=timezone.now())
    context = {
        "visit": visit,
        "report": report,
        "topics": list(report.topics.all()) if report else [],
        "responses": list(report.responses.select_related("created_by").order_by("created_at")) if report else [],
        "may_file": rules.may_file(request.user, visit),
        "may_change_visitors": rules.may_change_visitors(request.user, visit),
        "may_respond": report is not None and rules.may_respond(request.user, report),
    }
    return render(request, "visits/report.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def visit_visitors(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Others go on a planned visit."""
    visit = _visible_visit(request, pk)
    if not rules.may_work_on(request.user, visit):
        refuse(request, visit)
    if not rules.may_change_visitors(request.user, visit):
        messages.info(request, _("This visit has its outcome already."))
        return redirect(visit)
    now = timezone.now()
    tenancy = visit.tenancy
    goes, along = rules.who_visits(tenancy, visit.case, at=now), rules.who_comes_along(tenancy, at=now)
    form = VisitorsForm(
        sent(request),
        visitors=candidates_for(tenancy, goes, at=now, present=visit.visitor, ahead=NEAR),
        companions=candidates_for(tenancy, along, at=now, present=visit.second_visitor, ahead=NEAR),
        needs_two=actions.needs_second_visitor(tenancy=tenancy, on=visit.planned_on),
        initial={"visitor": visit.visitor, "second_visitor": visit.second_visitor},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_visitors(visit=visit, by=request.user, at=now, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("%(name)s goes: %(address)s") % _who_and_where(visit))
            return redirect(visit if _still_visible(request, visit) else visit.tenancy)
    privacy.record_read(subject=visit, by=request.user, at=now)
    return render(request, "visits/visitors.html", {"form": form, "visit": visit}, status=status_of(form))


def _who_and_where(visit: Visit) -> dict[str, Any]:
    return {"name": visit.visitor, "address": visit.tenancy.dwelling.address}


def _still_visible(request: HttpRequest, visit: Visit) -> bool:
    return Visit.objects.visible_to(request.user).filter(pk=visit.pk).exists()


@login_required
@require_http_methods(["GET", "POST"])
def report_response(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the resident says of the report: added to it, never written over it."""
    visit = _visible_visit(request, pk)
    report = get_object_or_404(Report.objects.visible_to(request.user), visit=visit)
    report.visit = visit
    if not rules.may_respond(request.user, report):
        refuse(request, visit)
    form = ResponseForm(sent(request))
    if request.method == "POST" and form.is_valid():
        actions.add_response(report=report, text=form.cleaned_data["text"], by=request.user, at=timezone.now())
        messages.success(request, _("Added: what the resident says of the report."))
        return redirect(visit)
    privacy.record_read(subject=visit, by=request.user, at=timezone.now())
    return render(request, "visits/response.html", {"form": form, "visit": visit}, status=status_of(form))


def _visible_visit(request: HttpRequest, pk: UUID) -> Visit:
    rows = Visit.objects.visible_to(request.user).select_related(
        "tenancy__dwelling", "case__tenancy__dwelling", "visitor", "second_visitor"
    )
    return get_object_or_404(rows, pk=pk)


def _household_of(request: HttpRequest) -> Tenancy | None:
    """The household that was chosen, or the one of the dossier (``?dossier=``)."""
    case = as_uuid(request.GET.get("dossier", ""))
    if case is None or "huishouden" in request.GET:
        return chosen_household(request)
    rows = Case.objects.visible_to(request.user).select_related("tenancy__dwelling")
    return get_object_or_404(rows, pk=case).tenancy


def _chosen_case(request: HttpRequest, tenancy: Tenancy) -> Case | None:
    pk = as_uuid(request.GET.get("dossier", ""))
    if pk is None:
        return None
    rows = Case.objects.visible_to(request.user).select_related("tenancy__dwelling")
    return get_object_or_404(rows, pk=pk, tenancy=tenancy)
