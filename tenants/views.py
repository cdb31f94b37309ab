"""Pages of this room: how to reach a household, and whom else we may call."""

from collections.abc import Callable
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

from corporatie.privacy import actions as privacy
from corporatie.privacy.pages import refuse, sent, status_of
from tenants import actions, rules
from tenants.forms import ContactPersonForm, PreferenceForm
from tenants.models import Tenancy
from tenants.pages import not_now


@login_required
@require_http_methods(["GET", "POST"])
def preference_update(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How the household likes to be reached."""
    tenancy = _household(request, pk)
    form = PreferenceForm(sent(request), initial=_known(tenancy))
    done = _("Saved how to reach them: %(address)s")
    return _ask(request, tenancy, form, actions.set_preference, _("How do we reach them?"), _("Save"), done)


@login_required
@require_http_methods(["GET", "POST"])
def contact_person_create(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Someone outside the household whom we may call."""
    tenancy = _household(request, pk)
    form = ContactPersonForm(sent(request))
    heading, submit = _("Whom may we call?"), _("Save contact person")
    return _ask(
        request, tenancy, form, actions.add_contact_person, heading, submit, _("Contact person added: %(address)s")
    )


def _household(request: HttpRequest, pk: UUID) -> Tenancy:
    rows = Tenancy.objects.visible_to(request.user).select_related("dwelling", "preference")
    tenancy = get_object_or_404(rows, pk=pk)
    if not rules.may_change_contact_details(request.user, tenancy):
        refuse(request, tenancy)
    return tenancy


def _known(tenancy: Tenancy) -> dict[str, Any]:
    preference = getattr(tenancy, "preference", None)
    return {name: getattr(preference, name) for name in PreferenceForm.base_fields} if preference else {}


def _ask(
    request: HttpRequest, tenancy: Tenancy, form: Any, verb: Callable[..., Any], heading: str, submit: str, done: str
) -> HttpResponse:
    now = timezone.now()
    if answer := not_now(request, tenancy, rules.why_nothing_is_added(tenancy, on=timezone.localdate(now))):
        return answer
    if request.method == "POST" and form.is_valid():
        try:
            verb(tenancy=tenancy, by=request.user, at=now, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, done % {"address": tenancy.dwelling.address})
            return redirect(tenancy)
    privacy.record_read(subject=tenancy, by=request.user, at=now)
    context = {"form": form, "tenancy": tenancy, "heading": heading, "submit": submit}
    return render(request, "tenants/question.html", context, status=status_of(form))
