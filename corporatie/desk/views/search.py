"""Search: an address in any notation goes straight to its household; a name or a street gives a short list."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Case, DateField, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from corporatie.desk.templatetags.kt import day
from corporatie.privacy import actions as privacy
from corporatie.privacy.states import Look
from corporatie.subjects.text import fold
from projects.models import Project
from tenants.models import Dwelling, Tenancy, not_left
from tenants.text import AddressQuery, read_address
from visits.models import own_visits
from visits.states import VisitStatus

MOST = 25
MOST_PROJECTS = 5
MOST_TODAY = 10
LONGEST = 100
# One letter is no question: it would find half the neighbourhood.
SHORTEST = 2
# A house number has at most five digits; a longer number is part of a phone number.
LONGEST_HOUSE_NUMBER = 5
_ALONG_THE_STREET = (
    "dwelling__street", "dwelling__number", "dwelling__letter", "dwelling__addition", "started_on", "pk"
)  # fmt: skip
_PHONE = re.compile(r"^[+\d][\d\s().-]{6,}$")
# What a household may be searched for: the question goes on with the one that is chosen.
_FOR = (
    "visit_report_create",
    "visit_plan",
    "contact_create",
    "follow_up_create",
    "signal_create",
    "case_create",
    "flag_create",
)


@login_required
@require_http_methods(["GET"])
def search(request: HttpRequest) -> HttpResponse:
    """Find a household, an address or a project. What was found is written down, never what was asked."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    wanted = request.GET.get("voor", "")
    wanted = wanted if wanted in _FOR else ""
    if len(text) < SHORTEST:
        return _answer(request, text, wanted, [], [], [], today=_visited_today(request.user))
    address = read_address(text)
    dwellings = _dwellings(request.user, text, address)
    if address and address.number:
        found = list(dwellings[: MOST + 1])
        if len(found) == 1:
            return _straight_on(request, found[0], wanted)
        rows = Tenancy.objects.visible_to(request.user).not_left().filter(dwelling__in=found)
        tenancies = list(rows.select_related("dwelling").order_by(*_ALONG_THE_STREET)[: MOST + 1])
    else:
        tenancies = list(_tenancies(request.user, text, address)[: MOST + 1])
        found = list(dwellings.exclude(pk__in=_lived_in(request.user))[: MOST + 1])
    lived_in = {tenancy.dwelling_id for tenancy in tenancies}
    empty = [] if wanted else [dwelling for dwelling in found if dwelling.pk not in lived_in]
    projects = [] if wanted or address else _projects(request.user, text)
    return _answer(request, text, wanted, tenancies, empty, projects)


def _straight_on(request: HttpRequest, dwelling: Dwelling, wanted: str) -> HttpResponse:
    here = Tenancy.objects.visible_to(request.user).living().filter(dwelling=dwelling)
    tenancy = here.order_by("-started_on").first()
    _write_down(request, [tenancy.pk] if tenancy else [])
    if tenancy is None:
        return redirect(dwelling)
    return redirect(_url(tenancy, wanted))


def _url(tenancy: Tenancy, wanted: str) -> str:
    return f"{reverse(wanted)}?huishouden={tenancy.pk}" if wanted else tenancy.get_absolute_url()


def _write_down(request: HttpRequest, shown: list[UUID]) -> None:
    privacy.record_list(label=Tenancy.label(), shown=shown, by=request.user, at=timezone.now(), look=Look.SEARCH)


def _visited_today(user: Any) -> list[Tenancy]:
    """Where one is today, in the order of the day: before anything is asked, that is likeliest what it is about."""
    visits = own_visits(user).filter(planned_on=timezone.localdate()).exclude(status=VisitStatus.CANCELLED)
    rows = visits.select_related("tenancy__dwelling").order_by("planned_time", "pk")[:MOST_TODAY]
    return list({visit.tenancy_id: visit.tenancy for visit in rows}.values())


# --- Asking ------------------------------------------------------------------------------------------
def words_of(text: str) -> list[str]:
    """What was typed as folded words; a phone number in any notation as one word, as one dials it."""
    if _PHONE.match(text):
        digits = re.sub(r"\D", "", text)
        for country in ("0031", "31"):
            if digits.startswith(country) and (text.startswith("+") or country == "0031"):
                digits = "0" + digits.removeprefix(country)
        return [digits]
    return fold(text.replace(",", " ")).split()


def _matches(words: list[str], *, column: str, number: str) -> Q:
    condition = Q()
    for word in words:
        is_house_number = word.isdecimal() and len(word) <= LONGEST_HOUSE_NUMBER
        condition &= Q(**{number: int(word)}) if is_house_number else Q(**{f"{column}__contains": word})
    return condition


def _at(address: AddressQuery, prefix: str = "") -> Q:
    condition = Q(**{f"{prefix}postcode": address.postcode})
    if address.number:
        condition &= Q(**{f"{prefix}number": address.number})
    for extra in address.extras:
        # "12 2", "12-A" and "12 A-2": which part is the letter and which the addition, people mix up.
        condition &= Q(**{f"{prefix}letter__iexact": extra}) | Q(**{f"{prefix}addition__iexact": extra})
    return condition


def _dwellings(user: Any, text: str, address: AddressQuery | None) -> QuerySet[Dwelling]:
    matching = _at(address) if address else _matches(words_of(text), column="search_text", number="number")
    rows: QuerySet[Dwelling] = Dwelling.objects.visible_to(user).filter(matching)
    return rows.order_by("street", "number", "letter", "addition", "pk")


def _tenancies(user: Any, text: str, address: AddressQuery | None) -> QuerySet[Tenancy]:
    rows = Tenancy.objects.visible_to(user).select_related("dwelling")
    if address:
        rows = rows.not_left().filter(_at(address, "dwelling__"))
    else:
        words = words_of(text)
        by_address = _matches(words, column="dwelling__search_text", number="dwelling__number")
        # Who moved out is found by name or phone number, never by the address of who lives there now.
        rows = rows.filter(_matches(words, column="search_text", number="dwelling__number")).filter(
            not_left() | ~by_address
        )
    # Who lives there or comes, along the street; then who left, the last to leave first.
    left_on = Case(When(not_left(), then=Value(date.max)), default="ended_on", output_field=DateField())
    return rows.order_by(left_on.desc(), *_ALONG_THE_STREET)


def _lived_in(user: Any) -> QuerySet[Any]:
    return Tenancy.objects.visible_to(user).living().values("dwelling")


def _projects(user: Any, text: str) -> list[Project]:
    rows = Project.objects.visible_to(user)
    for word in text.split():
        rows = rows.filter(name__icontains=word)
    return list(rows.order_by("name", "pk")[:MOST_PROJECTS])


# --- Answering ---------------------------------------------------------------------------------------
def _answer(
    request: HttpRequest,
    text: str,
    wanted: str,
    tenancies: list[Tenancy],
    dwellings: list[Dwelling],
    projects: list[Project],
    today: Sequence[Tenancy] = (),
) -> HttpResponse:
    is_asked = len(text) >= SHORTEST
    has_more = len(tenancies) > MOST or len(dwellings) > MOST
    tenancies, dwellings = tenancies[:MOST], dwellings[:MOST]
    if is_asked:
        _write_down(request, [tenancy.pk for tenancy in tenancies])
    privacy.record_list(
        label=Tenancy.label(), shown=[tenancy.pk for tenancy in today], by=request.user, at=timezone.now()
    )
    context = {
        "today": [_household_row(tenancy, wanted) for tenancy in today],
        "text": text,
        "wanted": wanted,
        "is_asked": is_asked,
        "has_more": has_more,
        "households": [_household_row(tenancy, wanted) for tenancy in tenancies],
        "addresses": [_address_row(dwelling) for dwelling in dwellings],
        "projects": [_project_row(project) for project in projects],
        "heading": _HEADINGS.get(wanted, lambda: _("Search"))(),
        "all_url": f"{reverse('search')}?{urlencode({'q': text})}",
    }
    return render(request, "desk/search.html", context)


_HEADINGS = {
    "visit_report_create": lambda: _("With whom did you talk?"),
    "visit_plan": lambda: _("Whom do you visit?"),
    "contact_create": lambda: _("With whom did you have contact?"),
    "follow_up_create": lambda: _("For whom is the action?"),
    "signal_create": lambda: _("Where is it?"),
    "case_create": lambda: _("Whom is the dossier about?"),
    "flag_create": lambda: _("Whom is the point of attention about?"),
}


def _household_row(tenancy: Tenancy, wanted: str) -> dict[str, Any]:
    return {
        "url": _url(tenancy, wanted),
        "title": tenancy.dwelling.address,
        "detail": " · ".join(filter(None, [tenancy.name, tenancy.dwelling.floor_words, tenancy.dwelling.postcode])),
        "icon": "away",
        "tone": "" if tenancy.has_left(timezone.localdate()) else "tint",
        "tag": _when(tenancy, timezone.localdate()),
    }


def _when(tenancy: Tenancy, today: date) -> dict[str, str] | None:
    """That it left, comes or goes; nothing for who simply lives there."""
    if tenancy.has_left(today):
        return {"text": _("Moved out"), "icon": "door", "tone": ""}
    if tenancy.is_coming(today):
        return {"text": _("Comes on %(day)s") % {"day": day(tenancy.started_on)}, "icon": "day", "tone": ""}
    if tenancy.ended_on:
        return {"text": _("Leaves on %(day)s") % {"day": day(tenancy.ended_on)}, "icon": "day", "tone": ""}
    return None


def _address_row(dwelling: Dwelling) -> dict[str, Any]:
    return {
        "url": dwelling.get_absolute_url(),
        "title": dwelling.address,
        "detail": f"{dwelling.postcode} {dwelling.town}",
        "icon": "door",
        "tag": {"text": _("Nobody lives there now"), "icon": "s-lg", "tone": ""},
    }


def _project_row(project: Project) -> dict[str, Any]:
    return {
        "url": project.get_absolute_url(),
        "title": project.name,
        "detail": project.get_phase_display(),
        "icon": "project",
    }
