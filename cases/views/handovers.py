"""Somebody asks a colleague to take over a dossier: what comes along, and yes or no."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import actions
from cases.forms import HeirForm, RefuseHandOverForm
from cases.models import Case, HandOver
from cases.rules import heirs_offered, may_name_heir, orphans
from corporatie.privacy import actions as privacy
from corporatie.privacy.pages import refuse, sent, status_of
from corporatie.work.models import work_on


@login_required
@require_http_methods(["GET", "POST"])
def case_take_over(request: HttpRequest, pk: UUID) -> HttpResponse:
    """ "Do you take over this dossier?" For who is asked; everyone else who reads the dossier is refused."""
    user: Any = request.user
    rows = Case.objects.visible_to(user).select_related("tenancy__dwelling", "handler")
    case = get_object_or_404(rows, pk=pk)
    asked = HandOver.objects.visible_to(user).filter(case=case, receiver=user)
    hand_over = asked.select_related("asked_by").order_by("-pk").first()
    if hand_over is None:
        refuse(request, case)
    if hand_over.answered_at or not case.is_open:
        messages.info(request, _("This is not asked any more."))
        return redirect(case)
    form = RefuseHandOverForm(request.POST if request.POST.get("antwoord") == "nee" else None)
    if request.method == "POST":
        try:
            if request.POST.get("antwoord") == "ja":
                actions.accept_hand_over(hand_over=hand_over, by=request.user, at=timezone.now())
                messages.success(request, _("You handle this dossier now."))
                return redirect(case)
            if form.is_valid():
                reason = form.cleaned_data["reason"]
                actions.refuse_hand_over(hand_over=hand_over, reason=reason, by=request.user, at=timezone.now())
                messages.success(request, _("You do not take it over. Who asked hears why."))
                return redirect(case)
        except ValidationError as refused:
            messages.warning(request, " ".join(refused.messages))
            return redirect(case)
    privacy.record_read(subject=case, by=request.user, at=timezone.now())
    along = work_on(case, request.user).open().filter(owner=case.handler).order_by("due_on", "pk")
    context = {"case": case, "hand_over": hand_over, "along": along, "form": form}
    return render(request, "cases/take_over.html", context, status=status_of(form))


@login_required
@require_http_methods(["GET", "POST"])
def case_heirs(request: HttpRequest) -> HttpResponse:
    """Secret dossiers that nobody can open any more: by number, and who handles them from now on."""
    user: Any = request.user
    if not may_name_heir(user):
        raise PermissionDenied
    left = orphans(user)
    form = HeirForm(sent(request), orphans=left, colleagues=heirs_offered(user, left, at=timezone.now()))
    if request.method == "POST" and form.is_valid():
        case, handler = UUID(form.cleaned_data["case"]), form.cleaned_data["handler"]
        try:
            actions.name_heir(case=case, handler=handler, by=user, at=timezone.now())
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("%(name)s handles the dossier from now on, and hears it.") % {"name": handler})
            return redirect("case_heirs")
    return render(request, "cases/heirs.html", {"form": form, "orphans": left}, status=status_of(form))
