"""What reaches nobody: a number, and what one can do about it."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from corporatie.staff.rules import may_administer
from corporatie.work.models import Alarm
from corporatie.work.states import AlarmKind


@login_required
@require_http_methods(["GET"])
def alarm_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One alarm, as it stands now."""
    alarm = get_object_or_404(Alarm.objects.visible_to(request.user).select_related("team"), pk=pk)
    context = {"alarm": alarm, "is_mail": alarm.kind == AlarmKind.MAIL, "administers": may_administer(request.user)}
    return render(request, "work/alarm.html", context)
