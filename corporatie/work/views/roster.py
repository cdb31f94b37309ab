"""The roster of a team: this week and the next, day by day, with what is still missing."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from corporatie.privacy.pages import sent, status_of
from corporatie.staff.models import Absence, Team, User
from corporatie.staff.rules import Permission, away_between, may
from corporatie.work import actions, rules
from corporatie.work.forms import DutyForm
from corporatie.work.models import Duty
from corporatie.work.states import DutyOrder, Shift

WEEK = 7
WEEKS = ((0, gettext_lazy("This week")), (1, gettext_lazy("Next week")))
# What is missing, as one says it.
GAPS = {
    Shift.OFFICE: gettext_lazy("%(day)s: nobody is on duty in office hours."),
    Shift.EVENING: gettext_lazy("%(day)s: nobody is on duty in the evening and the night."),
    Shift.WEEKEND: gettext_lazy("%(day)s: nobody is on duty."),
}


@dataclass(frozen=True)
class Place:
    """One colleague in one shift, and why she does not count when she does not."""

    duty: Duty
    order: Any
    note: str


@dataclass(frozen=True)
class Line:
    """One shift of one day."""

    day: date
    shift: Shift
    places: list[Place]
    gap: str
    is_today: bool


@login_required
@require_http_methods(["GET"])
def roster(request: HttpRequest) -> HttpResponse:
    """Who is on duty for one's own teams. Whoever leads one changes it here."""
    user: Any = request.user
    if not rules.sees_roster(user):
        raise PermissionDenied
    watch = rules.Watch.load()
    # The day of the shift that runs: before the office opens it is still the night of yesterday.
    today, _shift = watch.at(timezone.now())
    monday = today - timedelta(days=today.weekday())
    teams = Team.objects.visible_to(user).filter(pk__in=user.team_ids)
    rosters = [_roster(request, team, watch, monday, today) for team in teams]
    leads = may(user, Permission.SEE_TEAM_OVERVIEW)
    context = {"rosters": rosters, "hours": watch.hours, "leads": leads}
    return render(request, "work/roster.html", context)


def _roster(request: HttpRequest, team: Team, watch: rules.Watch, monday: date, today: date) -> dict[str, Any]:
    last = monday + timedelta(days=len(WEEKS) * WEEK - 1)
    rows = Duty.objects.visible_to(request.user).between(monday, last).select_related("user")
    duties = [duty for duty in rows.order_by("order", "pk") if duty.team_id in (team.pk, None)]
    duties.sort(key=lambda duty: duty.team_id is None)
    able = set(rules.may_be_on_duty(team).values_list("pk", flat=True))
    people = User.objects.visible_to(request.user).filter(pk__in={duty.user_id for duty in duties})
    away = away_between(monday, last, among=people)
    weeks: list[tuple[Any, list[Line]]] = []
    for number, name in WEEKS:
        days = [monday + timedelta(days=number * WEEK + day) for day in range(WEEK)]
        # What is over says nothing any more; who has the night of yesterday stands on top.
        to_come = [day for day in days if day >= today]
        weeks.append((name, [line for day in to_come for line in _lines(day, duties, able, away, watch, today)]))
    later = Duty.objects.visible_to(request.user).filter(until_on__gt=last).select_related("user")
    return {
        "team": team,
        "weeks": weeks,
        "later": [duty for duty in later.order_by("from_on", "order", "pk") if duty.team_id in (team.pk, None)],
        "gaps": sum(bool(line.gap) for _name, lines in weeks for line in lines),
        "is_empty": not duties,
        "has_lead": bool(
            User.objects.visible_to(request.user).holding_of_teams([team.pk], Permission.SEE_TEAM_OVERVIEW)
        ),
        "now": list(rules.on_duty(team, at=timezone.now())),
        "may_change": rules.may_change_roster(request.user, team),
    }


def _lines(
    day: date, duties: list[Duty], able: set[int], away: dict[int, list[Absence]], watch: rules.Watch, today: date
) -> list[Line]:
    lines = []
    for shift in watch.shifts_of(day):
        here = [duty for duty in duties if duty.shift == shift and duty.from_on <= day <= duty.until_on]
        places = [
            Place(duty, DutyOrder(duty.order).label, _note(duty, able, away.get(duty.user_id, []), day))
            for duty in here
        ]
        present = [
            duty
            for duty in here
            if duty.user_id in able and not rules.is_away_in(shift, day, away.get(duty.user_id, []))
        ]
        gap = "" if present else GAPS[shift] % {"day": _in_words(day)}
        lines.append(Line(day, shift, places, gap, day == today))
    return lines


def _note(duty: Duty, able: set[int], absences: list[Absence], day: date) -> str:
    if not duty.user.is_active:
        return _("access closed")
    if duty.user_id not in able:
        return _("cannot open signals of this team")
    missed = [absence for absence in absences if absence.from_on <= day <= absence.until_on]
    if not missed:
        return ""
    return _("away, %(part)s") % {"part": missed[0].only} if missed[0].only else _("away")


def _in_words(day: date) -> str:
    words = date_format(day, "l j F")
    return words[:1].upper() + words[1:]


# --- Changing it -----------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "POST"])
def duty_create(request: HttpRequest, team: int) -> HttpResponse:
    """Put a colleague on the roster of this team."""
    user: Any = request.user
    if not rules.sees_roster(user):
        raise PermissionDenied
    mine = get_object_or_404(Team.objects.visible_to(user).filter(pk__in=user.team_ids), pk=team)
    if not rules.may_change_roster(user, mine):
        raise PermissionDenied
    return _duty_page(request, mine, None)


@login_required
@require_http_methods(["GET", "POST"])
def duty_change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Other days, another place or another colleague."""
    duty = _to_change(request, pk)
    assert duty.team is not None  # noqa: S101  (only the administration changes what holds for every team)
    return _duty_page(request, duty.team, duty)


@login_required
@require_http_methods(["POST"])
def duty_drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a row off the roster."""
    duty = _to_change(request, pk)
    actions.drop_duty(duty=duty, by=request.user, at=timezone.now())
    messages.success(request, _("Taken off the roster: %(name)s.") % {"name": duty.user.name})
    return redirect("roster")


def _to_change(request: HttpRequest, pk: UUID) -> Duty:
    duty = get_object_or_404(Duty.objects.visible_to(request.user).select_related("user", "team"), pk=pk)
    if duty.team is None or not rules.may_change_roster(request.user, duty.team):
        raise PermissionDenied
    return duty


def _duty_page(request: HttpRequest, team: Team, duty: Duty | None) -> HttpResponse:
    now = timezone.now()
    colleagues = rules.candidates_on_duty(team, at=now, present=duty.user if duty else None)
    form = DutyForm(sent(request), colleagues=colleagues, duty=duty)
    if request.method == "POST" and form.is_valid():
        wanted = duty or Duty(team=team)
        for name, value in form.cleaned_data.items():
            setattr(wanted, name, value)
        try:
            actions.plan_duty(duty=wanted, by=request.user, at=now)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            _say_what_happened(request, wanted)
            return redirect("roster")
    context = {"form": form, "team": team, "duty": duty}
    return render(request, "work/duty.html", context, status=status_of(form))


def _say_what_happened(request: HttpRequest, duty: Duty) -> None:
    messages.success(request, _("On the roster: %(name)s.") % {"name": duty.user.name})
    if not duty.user.phone:
        words = _("Mind: we have no phone number of %(name)s. Let the application administrator write it down.")
        messages.warning(request, words % {"name": duty.user.name})
    people = User.objects.visible_to(request.user).filter(pk=duty.user_id)
    for absence in away_between(duty.from_on, duty.until_on, among=people).get(duty.user_id, []):
        words = _("Mind: %(name)s is away %(days)s. Then the next one on the roster is asked.")
        messages.warning(request, words % {"name": duty.user.name, "days": absence.in_words})
