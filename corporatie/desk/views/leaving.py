"""Somebody leaves, or goes to another team: who gets her work, and then the door closes."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from corporatie.privacy import actions as privacy
from corporatie.privacy.pages import UNPROCESSABLE
from corporatie.staff.actions import say_goodbye
from corporatie.staff.fields import Candidate
from corporatie.staff.models import Team, User, colleagues_to_part_with
from corporatie.staff.rules import (
    Permission,
    candidates,
    has_left,
    may,
    may_administer,
    may_close_access,
    why_no_goodbye,
)
from corporatie.work import actions
from corporatie.work.models import Duty, FollowUp
from corporatie.work.rules import Held, Place, held_by, may_divide, undivided
from corporatie.work.states import holdings
from tenants.models import Tenancy

NAME = "n-"


@dataclass
class Move:
    """Out of which teams, and into which. Without either it is a goodbye."""

    out_of: list[Team] = field(default_factory=list)
    into: Team | None = None

    @property
    def is_one(self) -> bool:
        """Another team, and no goodbye."""
        return bool(self.out_of) or self.into is not None


@dataclass
class Line:
    """One row, the colleagues one may choose for it, and whom one chose."""

    held: Held
    offered: list[Candidate]
    chosen: int | None

    @property
    def is_todo(self) -> bool:
        """Nobody was asked yet."""
        return not self.held.is_divided


@login_required
@require_http_methods(["GET", "POST"])
def leaving(request: HttpRequest, pk: int) -> HttpResponse:
    """Her open work, row by row (``?naar=``, ``?uit=``: what she could no longer open in another team)."""
    colleague, now = _colleague(request, pk), timezone.now()
    divides = may_divide(request.user, colleague, at=now)
    if not divides and not may_close_access(request.user, colleague):
        raise Http404
    move = _move(request, colleague)
    if request.method == "POST":
        if not divides:
            raise PermissionDenied
        if "vul" not in request.POST:
            return _divide(request, colleague, now)
    return _page(request, colleague, move, divides=divides, now=now)


@login_required
@require_http_methods(["GET", "POST"])
def leaving_access(request: HttpRequest, pk: int) -> HttpResponse:
    """Close her access, now. Her work stays."""

    def close(colleague: User, by: Any, at: datetime) -> str:
        if not colleague.is_active:
            raise ValidationError(_("Her access was closed already."))
        say_goodbye(colleague=colleague, by=by, at=at)
        return _("%(name)s is signed out everywhere. Her work waits.")

    words = {
        "heading": _("Close the access of %(name)s"),
        "text": _("%(name)s is signed out everywhere, at once. Mail and links stop. Her work stays where it is."),
        "submit": _("Close access now"),
    }
    return _sure(request, pk, words, close, may_do=may_close_access, warns=_then_nobody_administers)


@login_required
@require_http_methods(["GET", "POST"])
def leaving_end(request: HttpRequest, pk: int) -> HttpResponse:
    """She does not work here any more: when nothing is left without an owner."""

    def end(colleague: User, by: Any, at: datetime) -> str:
        duties = Duty.objects.visible_to(by).filter(user=colleague, until_on__gte=timezone.localdate(at))
        was_on_roster = duties.exists()
        actions.leave(colleague=colleague, by=by, at=at)
        if was_on_roster:
            messages.warning(request, _("%(name)s is off the roster: look who is on duty.") % {"name": colleague.name})
        return _("%(name)s does not work here any more. Nothing was lost.")

    words = {
        "heading": _("%(name)s leaves"),
        "text": _("%(name)s can no longer sign in. What %(name)s wrote stays, with the name beside it."),
        "submit": _("Leaves"),
    }
    return _sure(request, pk, words, end, may_do=may_close_access)


@login_required
@require_http_methods(["GET", "POST"])
def leaving_team(request: HttpRequest, pk: int) -> HttpResponse:
    """To another team, or out of one: when she can still open all she holds."""
    move = _move(request, _colleague(request, pk))

    def go(colleague: User, by: Any, at: datetime) -> str:
        actions.change_team(colleague=colleague, out_of=move.out_of, into=move.into, by=by, at=at)
        return _("The team of %(name)s was changed.")

    words = {
        "heading": _title(move) + ": %(name)s",
        "text": _("From now on %(name)s sees the households of the new team, and not those of the old one."),
        "submit": _("Change the team"),
    }
    may_move: Callable[[Any, User], bool] = lambda user, colleague: may_administer(user) and colleague.pk != user.pk  # noqa: E731
    if not move.is_one:
        raise Http404
    return _sure(request, pk, words, go, may_do=may_move)


def _then_nobody_administers(colleague: User) -> str:
    if not why_no_goodbye(colleague):
        return ""
    words = _(
        "%(name)s is the only application administrator. After this nobody can look after accounts. Only on the server "
        "can another one be made."
    )
    return words % {"name": colleague.name}


# --- Asking ------------------------------------------------------------------------------------------
def _colleague(request: HttpRequest, pk: int) -> User:
    """Who leaves, also when her access is closed already. Who has nothing to do with it finds nobody."""
    colleague = colleagues_to_part_with(request.user).filter(pk=pk).first()
    if colleague is None:
        raise Http404
    return colleague


def _move(request: HttpRequest, colleague: User) -> Move:
    teams = {str(team.pk): team for team in Team.objects.visible_to(request.user)}
    into, out_of = teams.get(request.GET.get("naar", "")), teams.get(request.GET.get("uit", ""))
    if into is None and out_of is None:
        return Move()
    hers = [team for team in Team.objects.visible_to(request.user).filter(members=colleague) if team != into]
    return Move([out_of] if out_of else hers, into)


def _sent(request: HttpRequest) -> dict[str, int]:
    """Whom one chose, by key of the row."""
    found = {}
    for name in request.POST:
        value = str(request.POST.get(name, ""))
        if name.startswith(NAME) and value.isascii() and value.isdigit() and len(value) < 10:
            found[name.removeprefix(NAME)] = int(value)
    return found


def _divide(request: HttpRequest, colleague: User, now: datetime) -> HttpResponse:
    choices = _sent(request)
    result = actions.divide_work(holder=colleague, choices=choices, by=request.user, at=now)
    if result.given:
        words = ngettext("%(n)d row went to a colleague.", "%(n)d rows went to colleagues.", result.given)
        messages.success(request, words % {"n": result.given})
    if result.asked:
        words = ngettext("%(n)d dossier waits for a yes.", "%(n)d dossiers wait for a yes.", result.asked)
        messages.success(request, words % {"n": result.asked})
    if result.gone:
        words = ngettext("%(n)d row was done or given already.", "%(n)d rows were done or given already.", result.gone)
        messages.info(request, words % {"n": result.gone})
    if result.refused:
        words = ngettext(
            "%(n)d row stayed: that colleague may not open it, is away, or left.",
            "%(n)d rows stayed: that colleague may not open them, is away, or left.",
            len(result.refused),
        )
        messages.warning(request, words % {"n": len(result.refused)})
    if not choices:
        messages.info(request, _("You chose nobody yet."))
    return redirect(request.get_full_path())


# --- Answering ---------------------------------------------------------------------------------------
def _title(move: Move) -> str:
    if move.into:
        return _("To team %(team)s") % {"team": move.into}
    return _("Out of team %(team)s") % {"team": ", ".join(map(str, move.out_of))}


def _page(request: HttpRequest, colleague: User, move: Move, *, divides: bool, now: datetime) -> HttpResponse:
    only = None
    if move.is_one:
        only = actions.lost_by_moving(colleague=colleague, out_of=move.out_of, into=move.into, at=now)
    rows = held_by(colleague, at=now, seen_by=request.user, only=only) if divides else []
    left = undivided(colleague, at=now, only=only)
    offered = _offered(request.user, rows, now) if rows else []
    lines = _lines(request, rows, offered)
    if "vul" in request.POST:
        _say_what_was_filled_in(request, lines)
    shown = dict.fromkeys(held.row.tenancy_id for held in rows if held.holding.household)
    privacy.record_list(label=Tenancy.label(), shown=shown, by=request.user, at=now)
    administers = may_administer(request.user)
    todo = sum(line.is_todo for line in lines) if divides else sum(left.values())
    context = {
        "colleague": colleague,
        "heading": _title(move) if move.is_one else _("Goodbye"),
        "teams": ", ".join(map(str, Team.objects.visible_to(request.user).filter(members=colleague))),
        "divides": divides,
        "groups": _groups(lines),
        "total": len(lines),
        "todo": todo,
        "waiting": [_waiting(line, offered) for line in lines if not line.is_todo],
        "offered": [each for each in offered if any(each.colleague.pk in held.may for held in rows)],
        "room": _room(request.user, offered, lines),
        "elsewhere": _elsewhere(request.user, colleague, left, lines, divides=divides),
        "is_free": not left,
        "is_move": move.is_one,
        "may_close": may_close_access(request.user, colleague),
        "has_left": has_left(colleague),
        "why_not": "" if move.is_one else why_no_goodbye(colleague),
        "may_move": administers,
        "query": urlencode({name: request.GET[name] for name in ("naar", "uit") if name in request.GET}),
        "other_teams": [] if move.is_one else _other_teams(request.user, colleague),
        "today": timezone.localdate(now),
        "back_url": reverse("team_overview")
        if may(request.user, Permission.SEE_TEAM_OVERVIEW)
        else _settings(colleague),
    }
    return render(request, "desk/leaving.html", context)


def _settings(colleague: User) -> str:
    return reverse("admin:staff_user_change", args=[colleague.pk])


def _offered(user: Any, rows: list[Held], now: datetime) -> list[Candidate]:
    """Everyone whom some row may go to, the lead's own teams first, with who is away."""
    ids = frozenset[int]().union(*(held.may for held in rows))
    ours = User.objects.visible_to(user).filter(teams__in=user.team_ids)
    return candidates(Q(pk__in=ids), team=Q(pk__in=ours.values("pk")), at=now)


def _lines(request: HttpRequest, rows: list[Held], offered: list[Candidate]) -> list[Line]:
    chosen = _sent(request) if request.method == "POST" else {}
    everything = request.POST.get("allen", "")
    to_all = int(everything) if everything.isascii() and everything.isdigit() and len(everything) < 10 else None
    lines = []
    for held in rows:
        to = chosen.get(held.key, held.asked)
        # Proposed only where it may be, and never over what one chose oneself.
        to = to_all if to is None and to_all in held.may else to
        lines.append(Line(held, [each for each in offered if each.colleague.pk in held.may], to))
    return lines


def _say_what_was_filled_in(request: HttpRequest, lines: list[Line]) -> None:
    if not request.POST.get("allen"):
        messages.info(request, _("You chose nobody yet."))
        return
    filled = sum(line.is_todo and line.chosen is not None for line in lines)
    words = ngettext(
        "%(n)d row is filled in. Nothing is saved yet.", "%(n)d rows are filled in. Nothing is saved yet.", filled
    )
    messages.info(request, words % {"n": filled})


def _groups(lines: list[Line]) -> list[dict[str, Any]]:
    groups: dict[str, dict[str, Any]] = {}
    # What asks for a yes takes longest, and stands first.
    for line in sorted(lines, key=lambda line: not line.held.holding.asks):
        holding = line.held.holding
        groups.setdefault(holding.code, {"label": holding.label, "lines": []})["lines"].append(line)
    return list(groups.values())


def _waiting(line: Line, offered: list[Candidate]) -> dict[str, Any]:
    names = {each.colleague.pk: each.colleague.name for each in offered}
    return {"name": names.get(line.held.asked, ""), "address": line.held.address}


def _room(user: Any, offered: list[Candidate], lines: list[Line]) -> list[dict[str, Any]]:
    """How much is open already with each of them, that one may see: in alphabetical order."""
    if not offered:
        return []
    owners = [each.colleague.pk for each in offered]
    steps = FollowUp.objects.visible_to(user).open().filter(owner__in=owners)
    known = dict(steps.order_by().values("owner").annotate(number=Count("pk")).values_list("owner", "number"))
    return [
        {
            "name": each.words,
            "open": known.get(each.colleague.pk, 0),
            "more": sum(line.chosen == each.colleague.pk for line in lines),
        }
        for each in sorted(offered, key=lambda each: each.colleague.name)
    ]


def _elsewhere(
    user: Any, colleague: User, left: dict[Place, int], lines: list[Line], *, divides: bool
) -> list[dict[str, Any]]:
    """Where else there is work, and who divides that: nobody her own. How much: only for who sees no row of it."""
    administers = may_administer(user)
    mine = set(user.team_ids) if divides else set()
    seen = Counter(line.held.holding.code for line in lines if line.is_todo)
    teams = {team.pk: team for team in Team.objects.visible_to(user).filter(pk__in=[place.team for place in left])}
    leads = User.objects.visible_to(user).holding_of_teams(list(teams), Permission.SEE_TEAM_OVERVIEW)
    found = []
    for place, number in left.items():
        if place.team in mine or (place.kind and number == seen[place.kind]):
            continue
        names = [lead.name for lead, team in leads if team == place.team and lead.pk != colleague.pk]
        title, told, settings = _who_divides(place, teams, names)
        found.append(
            {
                "title": title,
                "told": told,
                "number": number if administers and not divides else None,
                "url": reverse(settings) if administers and settings else "",
            }
        )
    return found


def _who_divides(place: Place, teams: dict[int, Team], leads: list[str]) -> tuple[Any, Any, str]:
    """Where it lies, who divides it, and the settings in which an administrator makes that possible."""
    if place.neighbourhood:
        title = _("Neighbourhood %(name)s, without a team") % {"name": place.neighbourhood}
        told = _("Let the application administrator give the neighbourhood a team. Then its team lead divides this.")
        return title, told, "admin:tenants_neighbourhood_changelist"
    if place.kind:
        settings = "admin:staff_absence_changelist" if place.kind == "standing_in" else ""
        return holdings()[place.kind].label, holdings()[place.kind].who_divides, settings
    title = _("Team %(teams)s") % {"teams": teams[place.team] if place.team else ""}
    if leads:
        return title, ", ".join(leads), ""
    told = _("This team has no team lead. Let the application administrator name one.")
    return title, told, "admin:staff_user_changelist"


def _other_teams(user: Any, colleague: User) -> list[Team]:
    return list(Team.objects.visible_to(user).exclude(members=colleague))


def _sure(
    request: HttpRequest,
    pk: int,
    words: dict[str, str],
    do: Callable[[User, Any, datetime], str],
    *,
    may_do: Callable[[Any, User], bool],
    warns: Callable[[User], str] = lambda _colleague: "",
) -> HttpResponse:
    """Who one is, asked anew; whether one is sure; and then it is done."""
    colleague = _colleague(request, pk)
    if not may_do(request.user, colleague):
        raise PermissionDenied
    query = urlencode({name: request.GET[name] for name in ("naar", "uit") if name in request.GET})
    back_url = reverse("leaving", args=[colleague.pk]) + (f"?{query}" if query else "")

    def sure(request: HttpRequest) -> HttpResponse:
        refused: list[str] = []
        if request.method == "POST":
            try:
                told = do(colleague, request.user, timezone.now())
            except ValidationError as fault:
                refused = list(fault.messages)
            else:
                messages.success(request, told % {"name": colleague.name})
                return redirect(reverse("leaving", args=[colleague.pk]))
        context: dict[str, Any] = {name: text % {"name": colleague.name} for name, text in words.items()}
        context |= {"refused": refused, "back_url": back_url, "warning": warns(colleague)}
        return render(request, "desk/leaving_sure.html", context, status=UNPROCESSABLE if refused else 200)

    answer: HttpResponse = reauthentication_required(sure)(request)
    return answer
