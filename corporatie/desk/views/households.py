"""A household: its page, what one reads in a minute before ringing, and the way from an address."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from corporatie.desk.views.gather import gather
from corporatie.desk.views.household import Household
from corporatie.desk.views.household_parts import around, parts_of
from corporatie.desk.views.timeline import asked_for, timeline_of
from corporatie.privacy import actions as privacy
from tenants.models import Dwelling, Tenancy, asking_about


@login_required
@require_http_methods(["GET"])
def tenancy_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All about a household that this colleague may know."""
    tenancy = _open(request, pk)
    asker = asking_about(request.user, tenancy)
    beside = [*parts_of(tenancy, asker), around(tenancy, request.user)]
    timeline = timeline_of(tenancy, asker, **asked_for(request), beside=beside)
    home = Household(tenancy, request.user, timeline.beside)
    return render(request, "desk/tenancy_detail.html", {"home": home, "timeline": timeline})


@login_required
@require_http_methods(["GET"])
def tenancy_brief(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What one reads in a minute before ringing: safety first."""
    tenancy = _open(request, pk)
    home = Household(tenancy, request.user, gather(*parts_of(tenancy, asking_about(request.user, tenancy))))
    return render(request, "desk/tenancy_brief.html", {"home": home})


def _open(request: HttpRequest, pk: UUID) -> Tenancy:
    """The household, or 404 when this colleague may not know of it; with a line that says who looked."""
    rows = Tenancy.objects.visible_to(request.user).select_related("dwelling", "preference")
    tenancy = get_object_or_404(rows, pk=pk)
    privacy.record_read(subject=tenancy, by=request.user, at=timezone.now())
    return tenancy


@login_required
@require_http_methods(["GET"])
def dwelling_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An address: on to the household that lives there now, or that nobody does, and who comes."""
    home = get_object_or_404(Dwelling.objects.visible_to(request.user).select_related("neighbourhood"), pk=pk)
    # Who lives there came before who is still to come; on the day of a change the last to come is now.
    today = timezone.localdate()
    found = list(Tenancy.objects.visible_to(request.user).not_left().filter(dwelling=home).order_by("started_on"))
    here = [tenancy for tenancy in found if tenancy.lives_here(today)]
    if here:
        return redirect(here[-1])
    return render(request, "desk/dwelling_detail.html", {"dwelling": home, "coming": found[0] if found else None})
