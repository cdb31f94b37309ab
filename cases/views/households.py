"""Which household is it about? A step before a form, for who starts without one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from corporatie.privacy import actions as privacy
from corporatie.privacy.states import Look
from tenants.models import Tenancy, TenancyQuerySet
from tenants.text import fold, read_address

MOST_FOUND = 20
SHORTEST = 2
LONGEST_HOUSE_NUMBER = 5


def choose_household(request: HttpRequest, *, heading: str, intro: str) -> HttpResponse:
    """Ask for an address or a name, and offer the households this colleague may see."""
    text = request.GET.get("zoek", "").strip()[:100]
    found: list[Tenancy] = []
    if len(text) >= SHORTEST:
        matching = _matching(Tenancy.objects.visible_to(request.user).current(), text).select_related("dwelling")
        order = ("dwelling__street", "dwelling__number", "dwelling__letter", "dwelling__addition")
        found = list(matching.order_by(*order)[:MOST_FOUND])
        shown = [tenancy.pk for tenancy in found]
        privacy.record_list(label=Tenancy.label(), shown=shown, by=request.user, at=timezone.now(), look=Look.SEARCH)
    rows = [
        {
            "url": f"{request.path}?huishouden={tenancy.pk}",
            "title": tenancy.dwelling.address,
            "detail": tenancy.name,
            "icon": "away",
        }
        for tenancy in found
    ]
    context = {"heading": heading, "intro": intro, "text": text, "rows": rows, "is_full": len(found) == MOST_FOUND}
    return render(request, "cases/choose_household.html", context)


def _matching(rows: TenancyQuerySet, text: str) -> TenancyQuerySet:
    address = read_address(text)
    if address:
        rows = rows.filter(dwelling__postcode=address.postcode)
        return rows.filter(dwelling__number=address.number) if address.number else rows
    for word in fold(text).replace(",", " ").split():
        if word.isdigit() and len(word) <= LONGEST_HOUSE_NUMBER:
            rows = rows.filter(dwelling__number=int(word))
        else:
            rows = rows.filter(search_text__contains=word)
    return rows
