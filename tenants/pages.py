"""What every page about a household does the same way: find the household it is about."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from tenants.models import Tenancy


def as_uuid(text: str) -> UUID | None:
    """The id someone put in an address, or nothing for what is no id."""
    try:
        return UUID(text)
    except ValueError:
        return None


def chosen_household(request: HttpRequest) -> Tenancy | None:
    """The household in the address (``?huishouden=``), nothing when none was chosen, 404 when it is not hers."""
    text = request.GET.get("huishouden", "")
    if not text:
        return None
    rows = Tenancy.objects.visible_to(request.user).select_related("dwelling")
    return get_object_or_404(rows, pk=as_uuid(text))


def search_first(view: str) -> HttpResponse:
    """Who starts without a household searches one; the search goes on to ``view``."""
    return redirect(f"{reverse('search')}?{urlencode({'voor': view})}")


def not_now(request: HttpRequest, tenancy: Tenancy, reason: str) -> HttpResponse | None:
    """Back to the household, with the reason, before somebody fills in what would be refused.

    What is sent goes on to its verb, so that nothing typed is lost.
    """
    if request.method != "GET" or not reason:
        return None
    messages.info(request, reason)
    return redirect(tenancy)
