"""Postvak: what cannot wait, what is for this week, and what is good to know."""

from collections import Counter
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from corporatie.privacy import actions as privacy
from corporatie.staff.models import User, may
from corporatie.staff.permissions import Permission
from corporatie.subjects.fields import in_a_word
from corporatie.subjects.models import subject_model
from corporatie.work import actions
from corporatie.work.forms import LaterForm
from corporatie.work.models import Alarm, FollowUp, Notice, Waiting, notices_of, waiting_for
from corporatie.work.rules import Calendar
from corporatie.work.states import Call, FollowUpKind, Hearer, Urgency, reminders
from tenants.models import Tenancy

PAGE = 25
MOST = 1000
REFUSED = 422
# In the address, by group.
GROUPS = {"nu": Urgency.NOW, "week": Urgency.WEEK, "info": Urgency.INFO}
_RANK = {urgency: rank for rank, urgency in enumerate(GROUPS.values())}
MONDAY = 0


@login_required
@require_http_methods(["GET"])
def inbox(request: HttpRequest) -> HttpResponse:
    """One's own notices that were not read yet, the most urgent first."""
    chosen = request.GET.get("groep", "")
    chosen = chosen if chosen in GROUPS else ""
    unread = _unread(request)
    wanted = [key for key in unread if not chosen or key.urgency == GROUPS[chosen]]
    notices, next_key = _page(wanted, request.GET.get("na", ""))
    shown = [notice.tenancy_id for notice in notices if notice.tenancy_id]
    privacy.record_list(label=Tenancy.label(), shown=shown, by=request.user, at=timezone.now())
    context = {
        "groups": _grouped(_rows(request, notices)),
        "chips": _chips(unread, chosen),
        "later": _later(timezone.localdate()),
        "next_url": _url(groep=chosen, na=next_key) if next_key else "",
        "first_url": _url(groep=chosen) if request.GET.get("na") else "",
    }
    return render(request, "work/inbox.html", context)


@login_required
@require_http_methods(["POST"])
def notice_read(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice was read."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    actions.mark_read(notice=notice, by=request.user, at=timezone.now())
    messages.success(request, _("Read: %(what)s") % {"what": _sentence(notice)})
    return redirect("inbox")


@login_required
@require_http_methods(["POST"])
def notices_read(request: HttpRequest) -> HttpResponse:
    """The chosen notices were read."""
    keys = [key for key in request.POST.getlist("notice") if key.isascii() and key.isdigit() and len(key) < 19]
    chosen = Notice.objects.visible_to(request.user).filter(pk__in=keys[:PAGE])
    number = actions.mark_several_read(notices=chosen, by=request.user, at=timezone.now())
    if number:
        messages.success(request, ngettext("%(n)d notice read.", "%(n)d notices read.", number) % {"n": number})
    else:
        messages.info(request, _("You chose nothing. Tick what you have read."))
    return redirect("inbox")


@login_required
@require_http_methods(["GET", "POST"])
def notice_later(request: HttpRequest, pk: int) -> HttpResponse:
    """One wants to see it again on another day."""
    rows = Notice.objects.visible_to(request.user).select_related("tenancy__dwelling")
    notice = get_object_or_404(rows, pk=pk)
    form = LaterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        until = form.cleaned_data["until"]
        actions.put_off(notice=notice, until=until, by=request.user)
        messages.success(request, _("You see it again on %(day)s.") % {"day": _in_words(until)})
        return redirect("inbox")
    context = {"form": form, "what": _sentence(notice), "notice": notice}
    return render(request, "work/later.html", context, status=REFUSED if form.errors else 200)


# --- Asking ------------------------------------------------------------------------------------------
def _unread(request: HttpRequest) -> list[Waiting]:
    """What waits, the most urgent first and then the newest. Also tells the frame, for the badge."""
    known = waiting_for(request.user, most=MOST + 1)
    request.unread_now = sum(key.urgency == Urgency.NOW for key in known)  # type: ignore[attr-defined]
    # A rule that is gone has no words any more.
    return sorted((key for key in known if key.rule in reminders()), key=_place)


def _place(key: Waiting) -> tuple[int, int]:
    return _RANK[Urgency(key.urgency)], -key.id


def _page(keys: list[Waiting], after: str) -> tuple[list[Notice], str]:
    group, _sign, last = after.partition("-")
    if group.isdigit() and last.isdigit() and len(group) < 2 and len(last) < 19:
        keys = [key for key in keys if _place(key) > (int(group), -int(last))]
    page = keys[:PAGE]
    rank, last_id = _place(page[-1]) if page else (0, 0)
    return notices_of(page), f"{rank}-{-last_id}" if len(keys) > PAGE else ""


def _chips(unread: list[Waiting], chosen: str) -> list[dict[str, Any]]:
    counts = Counter(key.urgency for key in unread)
    every = len(unread)
    chips = [{"url": _url(), "text": _("Everything"), "count": _capped(every), "is_current": not chosen}]
    for name, urgency in GROUPS.items():
        number = counts[urgency]
        is_current = name == chosen
        chips.append(
            {"url": _url(groep=name), "text": urgency.label, "count": _capped(number), "is_current": is_current}
        )
    return chips


def _capped(number: int) -> str:
    return f"{MOST}+" if number > MOST else str(number)


def _url(**query: str) -> str:
    asked = urlencode({name: value for name, value in query.items() if value})
    return f"{reverse('inbox')}?{asked}" if asked else reverse("inbox")


# --- Telling -----------------------------------------------------------------------------------------
def _sentence(notice: Notice) -> str:
    return str(notice.reminder.sentence) if notice.reminder else ""


def _rows(request: HttpRequest, notices: list[Notice]) -> list[dict[str, Any]]:
    about = [notice.about_id for notice in notices]
    steps = FollowUp.objects.visible_to(request.user).filter(pk__in=about).select_related("owner").in_bulk()
    told = [notice.subject_id for notice in notices if notice.subject_label == Alarm.label()]
    alarms = Alarm.objects.visible_to(request.user).select_related("team").in_bulk(told) if told else {}
    rows = [_row(notice, steps.get(notice.about_id), request.user) for notice in notices]
    calls = _calls(notices)
    others = _of_others([notice for notice in notices if notice.about_id not in steps], request.user)
    for row, notice in zip(rows, notices, strict=True):
        if owner := others.get((notice.rule, notice.about_id)):
            row["why"] = _why_not_hers(owner, request.user)
        row["call"] = calls.get(notice.about_id)
        if alarm := alarms.get(notice.subject_id):
            row["sentence"] = alarm.sentence
    return rows


def _of_others(notices: list[Notice], user: Any) -> dict[tuple[str, Any], User]:
    """Whose it is, where it is somebody else's: asked of the rule itself, for who hears of the work of others."""
    if not (user.covers or may(user, Permission.SEE_TEAM_OVERVIEW)):
        return {}
    about: dict[str, list[Any]] = {}
    for notice in notices:
        if notice.reminder and Hearer.SUBSTITUTE in notice.reminder.chain:
            about.setdefault(notice.rule, []).append(notice.about_id)
    now = timezone.now()
    found: dict[tuple[str, Any], int] = {}
    for code, keys in about.items():
        rows = reminders()[code].rows(timezone.localdate(now), now).filter(about_id__in=keys).exclude(for_id=user.pk)
        found |= {(code, key): whose for key, whose in rows.order_by().values_list("about_id", "for_id")}
    people = User.objects.visible_to(user).in_bulk(set(found.values())) if found else {}
    return {key: people[whose] for key, whose in found.items() if whose in people}


def _why_not_hers(owner: User, user: Any) -> str:
    if owner.pk in user.covers:
        return _("You stand in for %(name)s") % {"name": owner.name}
    return _("%(name)s is not there, or may not open this") % {"name": owner.name}


def _calls(notices: list[Notice]) -> dict[Any, Call]:
    """Who is next, for what goes on to the next colleague on duty."""
    turns: dict[str, list[Any]] = {}
    for notice in notices:
        if notice.reminder and Hearer.ON_DUTY in notice.reminder.chain:
            turns.setdefault(notice.rule, []).append(notice.about_id)
    calls: dict[Any, Call] = {}
    for code, about in turns.items():
        calls |= actions.whom_to_phone(reminder=reminders()[code], about=about, at=timezone.now())
    return calls


def _row(notice: Notice, step: FollowUp | None, user: Any) -> dict[str, Any]:
    reminder = notice.reminder
    why = str(reminder.why) if reminder else ""
    if step is not None and step.owner_id != user.pk:
        why = _why_not_hers(step.owner, user)
    return {
        "pk": notice.pk,
        "urgency": notice.urgency,
        "icon": reminder.icon if reminder else "info",
        "sentence": _sentence(notice),
        "what": step.what if step else "",
        "is_case_step": step is not None and step.kind == FollowUpKind.CASE_STEP,
        "due_on": step.due_on if step else None,
        "address": notice.tenancy.dwelling.address if notice.tenancy else "",
        "why": why,
        "url": _page_of(notice, step),
    }


def _page_of(notice: Notice, step: FollowUp | None) -> str:
    """The next step of a dossier opens the dossier; any other promise or action its own page."""
    if step is not None and step.kind != FollowUpKind.CASE_STEP:
        return step.get_absolute_url()
    model: Any = subject_model(notice.subject_label)
    return str(model(pk=notice.subject_id).get_absolute_url()) if model else reverse("inbox")


def _grouped(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    groups = [
        {
            "name": name,
            "label": urgency.label,
            "is_now": urgency == Urgency.NOW,
            "rows": [row for row in rows if row["urgency"] == urgency],
        }
        for name, urgency in GROUPS.items()
    ]
    return [group for group in groups if group["rows"]]


def _later(today: date) -> list[dict[str, Any]]:
    """The next working day, and the first one of next week."""
    calendar = Calendar.load()
    monday = today + timedelta(days=(MONDAY - today.weekday() - 1) % 7 + 1)
    days = dict.fromkeys([calendar.add(today, 1), calendar.on_or_after(monday)])
    icons = ("clock", "day")
    return [{"on": day, "text": in_a_word(day, today), "icon": icon} for day, icon in zip(days, icons, strict=False)]


def _in_words(day: date) -> str:
    return date_format(day, "l j F").lower()
