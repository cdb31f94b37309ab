"""The team lead's overview: what cannot wait, what is silent, how work is divided, how we talk with residents.

To help divide work. No ranking of people: colleagues stand in alphabetical order, and every figure opens its list.
"""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Case as Choice
from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When, Window
from django.db.models.functions import Cast, TruncMonth
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from cases.models import Case, Signal
from cases.states import Severity
from corporatie.desk.templatetags.kt import day
from corporatie.desk.views.bars import Bar, bar
from corporatie.privacy import actions as privacy
from corporatie.staff.models import User, colleagues_to_part_with, is_left_alone, led_teams
from corporatie.staff.rules import Permission, may
from corporatie.subjects.models import counted
from corporatie.work.models import FollowUp
from corporatie.work.rules import sees_roster
from tenants.models import Tenancy, of_teams
from tenants.pages import as_uuid
from tenants.states import BY_VOICE, ON_PAPER
from visits.models import ContactMoment, Visit

PAGE = 25
SILENT = 6
MONTHS_BACK = 6
# A percentage of fewer than this says nothing, and may say something of someone.
FEWEST = 5
WEEK = timedelta(days=7)

WHEN: dict[str, str | Promise] = {
    "laat": gettext_lazy("too late"),
    "week": gettext_lazy("within a week"),
    "later": gettext_lazy("later"),
}
HOW: dict[str, str | Promise] = {
    "tafel": gettext_lazy("at the table or at the door"),
    "stem": gettext_lazy("by phone or at the desk"),
    "papier": gettext_lazy("by letter or message"),
}
_TONE = {"laat": "late", "week": "week", "later": "later", "tafel": "home", "stem": "call", "papier": "mail"}


@login_required
@require_http_methods(["GET"])
def team_overview(request: HttpRequest) -> HttpResponse:
    """The overview, or the list behind one of its figures (``?wie=&wanneer=``, ``?maand=&hoe=``)."""
    if not may(request.user, Permission.SEE_TEAM_OVERVIEW):
        raise PermissionDenied
    if "wie" in request.GET:
        return _steps_page(request)
    if "maand" in request.GET:
        return _contacts_page(request)
    today = timezone.localdate()
    silent = list(_silent(request.user, today)[:SILENT])
    privacy.record_list(label=Case.label(), shown=[case.pk for case in silent], by=request.user, at=timezone.now())
    colleagues, teams = _colleagues(request.user)
    months = _months(today)
    context = {
        "teams": teams,
        "has_roster": sees_roster(request.user),
        "colleagues": len(colleagues),
        "figures": _figures(request.user, today),
        "silent": [_silent_row(case, today) for case in silent],
        "silent_total": silent[0].total if silent else 0,  # type: ignore[attr-defined]
        "silent_url": f"{reverse('case_list')}?toon=laat",
        "division": _division(request.user, colleagues, timezone.now()),
        "people": _to_part_with(request.user, colleagues, timezone.now()),
        "when": [{"tone": _TONE[name], "label": label} for name, label in WHEN.items()],
        "contact": (contact := _contact(request.user, months)),
        "how": [{"tone": _TONE[name], "label": label} for name, label in HOW.items()],
        "share": _share(contact),
        "today": today,
    }
    return render(request, "desk/team.html", context)


# --- Nu ------------------------------------------------------------------------------------------------
def _figures(user: Any, today: date) -> list[dict[str, Any]]:
    conditions = {
        "acuut": Q(severity=Severity.ACUTE, handler=None),
        "laat": Q(respond_by_on__lt=today),
        "zonder": Q(handler=None),
    }
    counts = counted(Signal.objects.visible_to(user).open().in_order_of_urgency(), conditions)
    acute, late, unowned = (int(counts[name].rstrip("+")) for name in conditions)
    words = {
        "acuut": (
            ngettext("acute signal that nobody took up", "acute signals that nobody took up", acute),
            _("today is the norm"),
        ),
        "laat": (
            ngettext("signal past its norm", "signals past their norm", late),
            _("the first action is late"),
        ),
        "zonder": (
            ngettext("signal without an owner", "signals without an owner", unowned),
            ngettext("give it to someone", "give them to someone", unowned),
        ),
    }
    return [
        {
            "number": counts[name],
            "label": label,
            "note": note,
            "url": f"{reverse('signal_list')}?toon={name}",
            "is_bad": name == "acuut" and acute > 0,
        }
        for name, (label, note) in words.items()
    ]


# --- Stil ----------------------------------------------------------------------------------------------
def _silent(user: Any, today: date) -> QuerySet[Case]:
    late = Case.objects.visible_to(user).open().filter(next_due_on__lt=today)
    rows = late.select_related("tenancy__dwelling", "handler").annotate(total=Window(Count("pk")))
    return rows.in_order_of_next_step()


def _silent_row(case: Case, today: date) -> dict[str, Any]:
    return {
        "url": case.get_absolute_url(),
        "address": case.tenancy.dwelling.address,
        "kind": case.type_words,
        "handler": case.handler.name,
        "days": (today - case.next_due_on).days if case.next_due_on else 0,
    }


# --- Verdeling -------------------------------------------------------------------------------------------
# Work on the households of the team that no bar of a colleague shows: whose it is cannot do it now.
OTHERS: dict[str, str | Promise] = {
    "weg": gettext_lazy("Left, or access closed"),
    "afwezig": gettext_lazy("Away, nobody stands in"),
    "elders": gettext_lazy("Of another team"),
}


def _url(**query: str) -> str:
    return f"{reverse('team_overview')}?{urlencode(query)}"


def _colleagues(user: Any) -> tuple[list[tuple[int, str]], str]:
    """The colleagues of the teams one leads in alphabetical order, and what the teams are called."""
    rows = User.objects.visible_to(user).filter(teams__in=led_teams(user))
    found = list(rows.order_by("name", "pk").values_list("pk", "name", "teams__name"))
    people = list(dict.fromkeys((pk, name) for pk, name, _team in found))
    return people, ", ".join(sorted({team for _pk, _name, team in found}))


def _due(name: str, today: date) -> Q:
    return {
        "laat": Q(due_on__lt=today),
        "week": Q(due_on__gte=today, due_on__lt=today + WEEK),
        "later": Q(due_on__gte=today + WEEK),
    }[name]


def _steps(user: Any, colleagues: list[tuple[int, str]], now: datetime) -> QuerySet[Any]:
    """The open steps of the team's households, whoever has them, each under one name (``whose``)."""
    works_here = User.objects.visible_to(user).filter(pk=OuterRef("owner"))
    whose = Choice(
        When(~Q(Exists(works_here)), then=Value("weg")),
        When(Q(Exists(works_here.filter(is_left_alone(at=now)))), then=Value("afwezig")),
        When(owner__in=[pk for pk, _name in colleagues], then=Cast("owner_id", CharField())),
        default=Value("elders"),
    )
    ours = FollowUp.objects.visible_to(user).open().filter(of_teams(user, "tenancy__"))
    return ours.annotate(whose=whose)


def _to_part_with(user: Any, colleagues: list[tuple[int, str]], now: datetime) -> list[dict[str, str]]:
    """Whose work one may divide: of one's teams, and of who holds work there, also when she left or is in no team."""
    ours = Q(pk__in=[pk for pk, _name in colleagues])
    holders = Q(pk__in=_steps(user, colleagues, now).order_by().values("owner"))
    found = colleagues_to_part_with(user).filter(ours | holders).order_by("name", "pk")
    return [{"name": each.name, "url": reverse("leaving", args=[each.pk])} for each in found]


def _division(user: Any, colleagues: list[tuple[int, str]], now: datetime) -> list[Bar]:
    today = timezone.localdate(now)
    counts = {name: Count("pk", filter=_due(name, today)) for name in WHEN}
    grouped: Any = _steps(user, colleagues, now).order_by().values("whose").annotate(**counts)
    found: dict[str, dict[str, int]] = {row["whose"]: row for row in grouped}
    lines = [(str(pk), name) for pk, name in colleagues]
    lines += [(code, str(label)) for code, label in OTHERS.items() if code in found]
    rows = {code: {name: found.get(code, {}).get(name, 0) for name in WHEN} for code, _name in lines}
    longest = max((sum(numbers.values()) for numbers in rows.values()), default=0)
    return [
        bar(
            name,
            [(_TONE[when], number) for when, number in rows[code].items()],
            longest=longest,
            urls=[_url(wie=code, wanneer=when) for when in WHEN],
        )
        for code, name in lines
    ]


# --- Aan tafel -------------------------------------------------------------------------------------------
def _months(today: date) -> list[date]:
    """The first days of the last months, this one included, the oldest first."""
    months, first = [], today.replace(day=1)
    for _month in range(MONTHS_BACK):
        months.append(first)
        first = (first - timedelta(days=1)).replace(day=1)
    return months[::-1]


def _start(month: date) -> datetime:
    return timezone.make_aware(datetime.combine(month, datetime.min.time()))


def _after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _contact(user: Any, months: list[date]) -> list[Bar]:
    since = _start(months[0])
    talks = Visit.objects.visible_to(user).personal_contact().filter(ended_at__gte=since)
    talked = dict(_by_month(talks, "ended_at", table=Count("pk")))
    contacts = ContactMoment.objects.visible_to(user).filter(happened_at__gte=since)
    by_voice, on_paper = Count("pk", filter=Q(channel__in=BY_VOICE)), Count("pk", filter=Q(channel__in=ON_PAPER))
    noted = {month: rest for month, *rest in _by_month(contacts, "happened_at", voice=by_voice, paper=on_paper)}
    bars = []
    for month in months:
        voice, paper = noted.get(month, (0, 0))
        numbers = {"tafel": talked.get(month, 0), "stem": voice, "papier": paper}
        tones = [(_TONE[how], number) for how, number in numbers.items()]
        urls = [_url(maand=f"{month:%Y-%m}", hoe=how) for how in HOW]
        bars.append(bar(str(MONTHS[month.month]), tones, longest=sum(numbers.values()), urls=urls))
    return bars


def _by_month(rows: Any, moment: str, **counts: Count) -> Any:
    grouped = rows.order_by().annotate(month=TruncMonth(moment)).values("month").annotate(**counts)
    return [(timezone.localdate(month), *numbers) for month, *numbers in grouped.values_list("month", *counts.keys())]


def _share(bars: list[Bar]) -> dict[str, Any] | None:
    """What part of this month's contact was face to face; nothing when there was too little to say so."""
    now = bars[-1]
    if now.total < FEWEST:
        return None
    face_to_face = now.parts[0].number
    return {
        "percent": face_to_face * 100 // now.total,
        "month": now.label,
        "part": face_to_face,
        "whole": now.total,
    }


# --- The lists behind the figures ----------------------------------------------------------------------------
def _steps_page(request: HttpRequest) -> HttpResponse:
    when, wanted = request.GET.get("wanneer", ""), request.GET["wie"]
    colleagues = _colleagues(request.user)[0]
    names = {str(pk): name for pk, name in colleagues} | {code: str(label) for code, label in OTHERS.items()}
    if wanted not in names or when not in WHEN:
        raise Http404
    now = timezone.now()
    steps = _steps(request.user, colleagues, now).filter(_due(when, timezone.localdate(now)), whose=wanted)
    steps = steps.select_related("tenancy__dwelling")
    after, key = _key(request)
    if after and key:
        steps = steps.filter(Q(due_on__gt=after) | Q(due_on=after, pk__gt=key))
    found = list(steps.order_by("due_on", "pk")[: PAGE + 1])
    rows = [
        {
            "url": step.get_absolute_url(),
            "title": step.what,
            "detail": f"{step.tenancy.dwelling.address} · {day(step.due_on)}",
            "icon": "promise" if step.is_promise else "check",
            "tone": "tint" if step.is_promise else "",
        }
        for step in found[:PAGE]
    ]
    words = _("Open steps: %(name)s") if wanted in OTHERS else _("Open steps of %(name)s")
    heading = words % {"name": names[wanted]}
    more = f"{found[PAGE - 1].due_on}_{found[PAGE - 1].pk}" if len(found) > PAGE else ""
    return _list_page(request, heading, WHEN[when], rows, [step.tenancy_id for step in found[:PAGE]], more)


def _contacts_page(request: HttpRequest) -> HttpResponse:
    how, month = request.GET.get("hoe", ""), _month(request.GET["maand"])
    if month is None or how not in HOW:
        raise Http404
    moment = "ended_at" if how == "tafel" else "happened_at"
    rows: Any = (
        Visit.objects.visible_to(request.user).personal_contact()
        if how == "tafel"
        else ContactMoment.objects.visible_to(request.user).filter(channel__in=BY_VOICE if how == "stem" else ON_PAPER)
    )
    rows = rows.filter(**{f"{moment}__gte": _start(month), f"{moment}__lt": _start(_after(month))})
    last = rows.filter(pk=as_uuid(request.GET.get("na", ""))).values_list(moment, "pk").first()
    if last:
        rows = rows.filter(Q(**{f"{moment}__lt": last[0]}) | Q(**{moment: last[0], "pk__lt": last[1]}))
    found = list(rows.select_related("tenancy__dwelling").order_by(f"-{moment}", "-pk")[: PAGE + 1])
    lines = [
        {
            "url": each.get_absolute_url() if how == "tafel" else each.tenancy.get_absolute_url(),
            "title": each.tenancy.dwelling.address,
            "detail": f"{day(getattr(each, moment))} · "
            f"{each.get_outcome_display() if how == 'tafel' else each.get_channel_display()}",
            "icon": {"tafel": "talk", "stem": "phone", "papier": "mail"}[how],
        }
        for each in found[:PAGE]
    ]
    heading = _("Contact in %(month)s %(year)s") % {"month": MONTHS[month.month], "year": month.year}
    more = str(found[PAGE - 1].pk) if len(found) > PAGE else ""
    return _list_page(request, heading, HOW[how], lines, [each.tenancy_id for each in found[:PAGE]], more)


def _list_page(
    request: HttpRequest, heading: str, note: Any, rows: list[dict[str, Any]], shown: list[UUID], more: str
) -> HttpResponse:
    privacy.record_list(label=Tenancy.label(), shown=shown, by=request.user, at=timezone.now())
    here = {name: request.GET[name] for name in ("wie", "wanneer", "maand", "hoe") if name in request.GET}
    context = {
        "heading": heading,
        "note": note,
        "rows": rows,
        "next_url": _url(**here, na=more) if more else "",
        "first_url": _url(**here) if request.GET.get("na") else "",
    }
    return render(request, "desk/team_list.html", context)


def _key(request: HttpRequest) -> tuple[date | None, UUID | None]:
    day_text, _sign, pk_text = request.GET.get("na", "").partition("_")
    try:
        return date.fromisoformat(day_text), UUID(pk_text)
    except ValueError:
        return None, None


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
