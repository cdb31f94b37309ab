"""How far each project is, whom it must take into account, and never why."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods

from corporatie.privacy import actions as privacy
from corporatie.privacy.pages import refuse
from corporatie.staff.rules import Permission, may
from projects import actions, rules
from projects.forms import PhaseForm
from projects.models import (
    INTAKE_ORDER,
    START_ORDER,
    WALKING_ORDER,
    Accommodation,
    Intake,
    PhaseChange,
    Project,
    after,
    homes_of,
    states_of,
)
from projects.states import PHASE_ORDER, SPOKEN_GOAL, SPOKEN_STATES, HomeState, IntakeAnswer, Phase, next_phase
from tenants.models import Tenancy
from visits.rules import may_log_visits
from visits.states import VisitReason

PAGE_SIZE = 25
REFUSED = 422

# The sign of each state, beside its word and its code.
STATE_ICONS = {
    HomeState.NOT_SPOKEN: "s-nn",
    HomeState.PLANNED: "s-p",
    HomeState.NOT_HOME: "away",
    HomeState.SPOKEN: "check",
    HomeState.ACCOUNT: "s-rh",
    HomeState.DECLINED: "s-w",
}


@dataclass(frozen=True)
class Step:
    """One phase in the bar."""

    label: str
    state: str
    note: str = ""
    on: date | None = None


@dataclass(frozen=True)
class Start:
    """The day the works start or started, and how far away that is."""

    word: str
    on: date
    away: str


@dataclass(frozen=True)
class Home:
    """One household in the list of a project."""

    pk: UUID
    address: str
    name: str
    url: str
    state: str
    code: str
    icon: str
    word: str
    detail: str
    planned_on: date | None
    plan_url: str
    talk_url: str


@login_required
@require_http_methods(["GET"])
def project_list(request: HttpRequest) -> HttpResponse:
    """The projects one takes part in, with how far each is."""
    if not may(request.user, Permission.SEE_PROJECTS):
        raise PermissionDenied
    projects = Project.objects.visible_to(request.user).with_numbers(request.user).in_order_of_start()
    shown, more = _page(request, projects, START_ORDER, "na")
    context = {
        "projects": [(project, _steps(project), _start_of(project)) for project in shown],
        "next_url": more,
        "first_url": request.path if "na" in request.GET else "",
    }
    return render(request, "projects/list.html", context)


@login_required
@require_http_methods(["GET"])
def project_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One project: its phase, how far the talks are, each household, and what to take into account."""
    project = get_object_or_404(Project.objects.visible_to(request.user).with_people(), slug=slug)
    changes = list(PhaseChange.objects.visible_to(request.user).filter(project=project).order_by("pk"))
    homes = homes_of(project, request.user)
    counts = states_of(homes)
    total = sum(counts.values())
    spoken = sum(counts.get(state, 0) for state in SPOKEN_STATES)
    context: dict[str, Any] = {
        "project": project,
        "start": _start_of(project),
        "steps": _steps(project, changes),
        "early": [change for change in changes if change.explanation],
        "people": [{"label": member.get_role_display(), "value": member.user.name} for member in project.members.all()],
        "total": total,
        "spoken": spoken,
        "account": counts.get(HomeState.ACCOUNT, 0),
        "goal": SPOKEN_GOAL,
        "spoken_note": _left_to_speak(total - spoken),
        "open_url": f"?stand={HomeState.NOT_SPOKEN}#adressen" if counts.get(HomeState.NOT_SPOKEN) else "",
        "may_run": rules.may_run(request.user, project),
        "next_phase": next_phase(project.phase),
        "first_url": request.path if {"na", "rhna"} & request.GET.keys() else "",
        # A further part of one list leaves the other one out: one list to a page, and one way on.
        "shows_homes": "rhna" not in request.GET,
        "shows_instructions": "na" not in request.GET,
    }
    if context["shows_homes"]:
        context |= _homes(request, homes, counts)
    if context["shows_instructions"]:
        context |= _instructions(request, project)
    return render(request, "projects/detail.html", context)


@login_required
@require_http_methods(["POST"])
def project_phase(request: HttpRequest, slug: str) -> HttpResponse:
    """On to the next phase. With too few households spoken to, it stops first and asks why."""
    project = get_object_or_404(Project.objects.visible_to(request.user).with_people(), slug=slug)
    if not rules.may_run(request.user, project):
        refuse(request, project)
    to = next_phase(project.phase)
    form = PhaseForm(request.POST)
    if to is None or not form.is_valid() or form.cleaned_data["phase"] != project.phase:
        messages.warning(request, _("A colleague was first. Look at what happened."))
        return redirect(project)
    try:
        actions.change_phase(
            project=project,
            to=to,
            explanation=form.cleaned_data["explanation"],
            by=request.user,
            at=timezone.now(),
        )
    except ValidationError as refused:
        if not hasattr(refused, "error_dict"):
            messages.warning(request, " ".join(refused.messages))
            return redirect(project)
        if "explanation" in request.POST:
            form.add_error(None, refused)
        else:
            form = PhaseForm(initial={"phase": project.phase})
        return _interruption(request, project, to, form)
    messages.success(request, _("%(project)s: now %(phase)s") % {"project": project.name, "phase": to.label})
    return redirect(project)


@login_required
@require_http_methods(["GET"])
def intake_reason(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Why a household asks to be taken into account, for the few who may read it."""
    intakes = Intake.objects.visible_to(request.user).select_related("project", "tenancy__dwelling")
    intake = get_object_or_404(intakes, pk=pk)
    reasons = actions.read_reasons(intake=intake, by=request.user, at=timezone.now())
    if not reasons:
        raise Http404
    return render(request, "projects/reason.html", {"intake": intake, "reasons": reasons})


def _interruption(request: HttpRequest, project: Project, to: Phase, form: PhaseForm) -> HttpResponse:
    homes, spoken = actions.spoken_in(project, on=timezone.localdate())
    # On this page the explanation is the question; on the way to it nobody could have answered it.
    form.fields["explanation"].required = True
    context = {
        "form": form,
        "project": project,
        "to": to,
        "homes": homes,
        "spoken": spoken,
        "goal": SPOKEN_GOAL,
    }
    return render(request, "projects/phase.html", context, status=REFUSED if form.errors else 200)


# --- Pages by key ------------------------------------------------------------------------------------
def _page(request: HttpRequest, rows: QuerySet[Any], order: tuple[str, ...], name: str) -> tuple[list[Any], str]:
    """One page of ``rows`` behind the row that ``?name=`` gives, and the address of the next page."""
    key = request.GET.get(name)
    if key:
        try:
            last = rows.filter(pk=key).first()
        except (ValidationError, ValueError):
            last = None
        if last is None:
            raise Http404
        rows = rows.filter(after(order, last))
    shown = list(rows[: PAGE_SIZE + 1])
    if len(shown) <= PAGE_SIZE:
        return shown, ""
    shown = shown[:PAGE_SIZE]
    keep = {"stand": request.GET["stand"]} if "stand" in request.GET else {}
    return shown, "?" + urlencode(keep | {name: shown[-1].pk})


# --- The phases --------------------------------------------------------------------------------------
def _steps(project: Project, changes: list[PhaseChange] | None = None) -> list[Step]:
    order = list(Phase)
    now = order.index(Phase(project.phase))
    left_on = {change.before: change for change in changes or []}
    steps = []
    for place, phase in enumerate(PHASE_ORDER):
        state = "done" if place < now else "now" if place == now else "next"
        note, on = ("", None) if changes is None else _note(project, phase, state, left_on.get(phase))
        steps.append(Step(label=str(phase.label), state=state, note=note, on=on))
    return steps


def _note(project: Project, phase: Phase, state: str, change: PhaseChange | None) -> tuple[str, date | None]:
    if state == "done" and change:
        if change.explanation:
            text = ngettext(
                "went on with %(number)d address not spoken to",
                "went on with %(number)d addresses not spoken to",
                change.not_spoken,
            )
            return text % {"number": change.not_spoken}, None
        return _("finished on"), timezone.localdate(change.created_at)
    if phase == Phase.DEFINITION and state != "done":
        return _("closes when %(goal)d %% is spoken to") % {"goal": SPOKEN_GOAL}, None
    if phase == Phase.EXECUTION and state == "next" and project.starts_on:
        return pgettext("followed by a day", "from"), project.starts_on
    return "", None


def _start_of(project: Project) -> Start | None:
    if not project.starts_on:
        return None
    days = (project.starts_on - timezone.localdate()).days
    if days < 0:
        return Start(_("works since"), project.starts_on, "")
    if days == 0:
        return Start(_("works start"), project.starts_on, _("today"))
    away = ngettext("in %(number)d day", "in %(number)d days", days) % {"number": days}
    return Start(_("works start"), project.starts_on, away)


def _left_to_speak(number: int) -> str:
    if not number:
        return _("Everyone was spoken to")
    text = ngettext("%(number)d address not spoken to yet", "%(number)d addresses not spoken to yet", number)
    return text % {"number": number}


# --- The two lists -----------------------------------------------------------------------------------
def _homes(request: HttpRequest, homes: QuerySet[Any], counts: dict[str, int]) -> dict[str, Any]:
    chosen = request.GET.get("stand", "")
    rows = homes.filter(state=chosen) if chosen in HomeState.values else homes
    shown, more = _page(request, rows, WALKING_ORDER, "na")
    privacy.record_list(
        label=Tenancy.label(), shown=[tenancy.pk for tenancy in shown], by=request.user, at=timezone.now()
    )
    visits = may_log_visits(request.user)
    chips = [{"url": "?#adressen", "text": _("All"), "count": sum(counts.values()), "is_current": not chosen}]
    chips += [
        {"url": f"?stand={state}#adressen", "text": state.label, "count": counts.get(state, 0), "is_current": True}
        if state == chosen
        else {"url": f"?stand={state}#adressen", "text": state.label, "count": counts[state], "is_current": False}
        for state in HomeState
        if state in counts or state == chosen
    ]
    return {"homes": [_home(tenancy, visits=visits) for tenancy in shown], "homes_next": more, "chips": chips}


def _home(tenancy: Any, *, visits: bool) -> Home:
    state = HomeState(tenancy.state)
    code, detail = {HomeState.NOT_SPOKEN: "–"}.get(state, state.upper()), ""
    if tenancy.times_not_home and state in {HomeState.NOT_HOME, HomeState.PLANNED}:
        times = ngettext("%(number)d time not home", "%(number)d times not home", tenancy.times_not_home)
        detail = times % {"number": tenancy.times_not_home}
    word = str(state.label)
    if state == HomeState.NOT_HOME:
        code, word, detail = f"N{tenancy.times_not_home}", detail, ""
    if tenancy.answer == IntakeAnswer.LATER:
        detail = _("does not know yet")
    is_open = state not in SPOKEN_STATES or tenancy.answer == IntakeAnswer.LATER
    household = urlencode({"huishouden": tenancy.pk})
    reason = urlencode({"reden": VisitReason.RENOVATION_INTAKE})
    return Home(
        pk=tenancy.pk,
        address=tenancy.dwelling.address,
        name=tenancy.name,
        url=reverse("tenancy_detail", args=[tenancy.pk]),
        state=state,
        code=code,
        icon=STATE_ICONS[state],
        word=word,
        detail=detail,
        planned_on=tenancy.planned_on if state == HomeState.PLANNED else None,
        plan_url=f"{reverse('visit_plan')}?{household}&{reason}"
        if visits and is_open and not tenancy.planned_on
        else "",
        talk_url=f"{reverse('visit_report_create')}?{household}" if visits and is_open else "",
    )


def _instructions(request: HttpRequest, project: Project) -> dict[str, Any]:
    rows = Accommodation.objects.visible_to(request.user).of_homes(project).with_reasons_of(request.user)
    shown, more = _page(request, rows, INTAKE_ORDER, "rhna")
    intakes = list(dict.fromkeys(line.intake_id for line in shown))
    privacy.record_list(label=Intake.label(), shown=intakes, by=request.user, at=timezone.now())
    # One link for each household, on its first line: the reason belongs to the intake, not to one instruction.
    first: dict[UUID, int] = {}
    for line in shown:
        first.setdefault(line.intake_id, line.pk)
    return {
        "instructions": [
            (line, line.intake.tenancy.dwelling.address, first[line.intake_id] == line.pk, line.has_reason)
            for line in shown
        ],
        "instructions_next": more,
        "reads_reasons": any(line.has_reason for line in shown),
    }
