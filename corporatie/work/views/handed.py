"""What a colleague left to me: my own list, as far as it is still mine."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from corporatie.privacy import actions as privacy
from corporatie.work.models import HandedOn
from corporatie.work.rules import held_by
from tenants.models import Tenancy


@login_required
@require_http_methods(["GET"])
def handed_on_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The rows one got from one colleague, each with its own page. What was done or went on since is not there."""
    handed = get_object_or_404(HandedOn.objects.visible_to(request.user).select_related("holder", "created_by"), pk=pk)
    keys: dict[str, list[str]] = {}
    for code, key in handed.items:
        keys.setdefault(code, []).append(key)
    now = timezone.now()
    rows = held_by(request.user, at=now, seen_by=request.user, only=keys)
    shown = dict.fromkeys(held.row.tenancy_id for held in rows if held.holding.household)
    privacy.record_list(label=Tenancy.label(), shown=shown, by=request.user, at=now)
    context = {"handed": handed, "rows": rows, "gone": len(handed.items) - len(rows)}
    return render(request, "work/handed_on.html", context)
