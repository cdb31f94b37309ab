"""Signals: reported by anyone at the door, judged by who decides what happens with them."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cases import actions, rules
from cases.forms import AttachForm, ExplanationForm, HandlerForm, SignalForm, today_or
from cases.models import Case, Signal
from cases.states import Severity, SignalStatus
from cases.views.asking import PAGE, Question, ask, chips, from_the_start, further
from corporatie.privacy import actions as privacy
from corporatie.privacy.pages import refuse, sent
from corporatie.staff.rules import own_or_covered
from corporatie.subjects.models import counted, found_in
from corporatie.work import actions as work
from corporatie.work.rules import sees_roster
from corporatie.work.states import Call, reminders
from tenants.models import Tenancy
from tenants.pages import as_uuid, chosen_household, not_now, search_first
from tenants.rules import candidates_for, why_nothing_happens

SHOWN_WITH = ("tenancy__dwelling", "handler", "created_by", "closed_by")
# What a row shows: a list need not fetch the rest. Each table more is more to think about for the database.
SHOWN = (
    "type",
    "severity",
    "source",
    "confidentiality",
    "status",
    "respond_by_on",
    "created_at",
    "tenancy__name",
    "tenancy__dwelling__address",
    "tenancy__dwelling__neighbourhood",
    "handler__name",
)
SHOWN_DONE = (*SHOWN, "closed_by__name")
# The pane beside the rows shows one of them, so they all bring it along.
SHOWN_BESIDE = (*SHOWN_DONE, "seen", "thought", "resident_told", "case_id", "created_by__name")
FILTERS = {
    "open": gettext_lazy("All open"),
    "acuut": gettext_lazy("Acute, nobody took it up"),
    "laat": gettext_lazy("Too late"),
    "zonder": gettext_lazy("Without an owner"),
    "mij": gettext_lazy("Mine"),
    "week": gettext_lazy("This week"),
    "klaar": gettext_lazy("Dealt with"),
}


# --- The list --------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET"])
def signal_list(request: HttpRequest) -> HttpResponse:
    """The signals one may know of. Who only reports reads here what came of it."""
    if not rules.may_report_signal(request.user):
        raise PermissionDenied
    if not rules.may_judge_signals(request.user):
        return _my_signals(request)
    today = timezone.localdate()
    visible = Signal.objects.visible_to(request.user)
    conditions = _conditions(request.user, today)
    current = request.GET.get("toon", "open")
    current = current if current in FILTERS else "open"
    done = current == "klaar"
    rows = visible.exclude(pk__in=visible.open().values("pk")) if done else visible.open().filter(conditions[current])
    if "kies" in request.GET:
        rows = rows.select_related(*SHOWN_WITH).only(*SHOWN_BESIDE).annotate(has_case=_has_open_case(request.user))
    elif done:
        rows = rows.select_related("tenancy__dwelling", "handler", "closed_by").only(*SHOWN_DONE)
    else:
        rows = rows.select_related("tenancy__dwelling", "handler").only(*SHOWN)
    found, next_url = _newest(request, rows) if done else _most_urgent(request, rows)
    counts = counted(visible.open().in_order_of_urgency(), conditions)
    privacy.record_list(label=Signal.label(), shown=[row.pk for row in found], by=request.user, at=timezone.now())
    chosen = _chosen(request, found)
    calls = _calls(found if chosen is None or chosen in found else [*found, chosen])
    for signal in [*found, chosen]:
        if signal is not None:
            signal.may_triage = rules.may_triage(request.user, signal)  # type: ignore[attr-defined]
            signal.call = calls.get(signal.pk)  # type: ignore[attr-defined]
    context = {
        "signals": found,
        "chips": chips("signal_list", _names(counts, current), counts=counts, current=current),
        "has_roster": sees_roster(request.user),
        "counts": counts,
        "current": current,
        "today": today,
        "chosen": chosen,
        "call": calls.get(chosen.pk) if chosen else None,
        "chosen_pk": chosen.pk if chosen else None,
        "next_url": next_url,
        "first_url": from_the_start(request),
        "list_query": urlencode({"toon": current}),
    }
    return render(request, "cases/signal_list.html", context)


def _names(counts: dict[str, str], current: str) -> dict[str, Any]:
    # What should never happen has a filter only while it does.
    return {name: text for name, text in FILTERS.items() if name != "acuut" or current == name or counts[name] != "0"}


def _conditions(user: Any, today: date) -> dict[str, Q]:
    sunday = today + timedelta(days=6 - today.weekday())
    return {
        "open": Q(pk__isnull=False),
        "acuut": Q(severity=Severity.ACUTE, handler=None),
        "laat": Q(respond_by_on__lt=today),
        "zonder": Q(handler=None),
        "mij": own_or_covered(user, "handler"),
        "week": Q(respond_by_on__gte=today, respond_by_on__lte=sunday),
    }


def _has_open_case(user: Any) -> Any:
    here = found_in(Case.objects.visible_to(user).open().filter(tenancy=OuterRef("tenancy")))
    return ExpressionWrapper(here, output_field=BooleanField())


def _most_urgent(request: HttpRequest, rows: QuerySet[Signal]) -> tuple[list[Signal], str]:
    key = _urgency_key(request.GET.get("na", ""))
    if key:
        severity, norm, pk = key
        rows = rows.filter(
            Q(severity__lt=severity)
            | Q(severity=severity, respond_by_on__gt=norm)
            | Q(severity=severity, respond_by_on=norm, pk__gt=pk)
        )
    found = list(rows.order_by("-severity", "respond_by_on", "id")[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    last = found[PAGE - 1]
    return found[:PAGE], further(request, f"{last.severity}_{last.respond_by_on}_{last.pk}")


def _urgency_key(text: str) -> tuple[int, date, UUID] | None:
    parts = text.split("_")
    pk = as_uuid(parts[-1])
    try:
        return (int(parts[0]), date.fromisoformat(parts[1]), pk) if pk and len(parts) == 3 else None
    except ValueError:
        return None


def _newest(request: HttpRequest, rows: QuerySet[Signal]) -> tuple[list[Signal], str]:
    # The key is the last row itself: its moment is read back, so that no fraction of a second is lost.
    after = as_uuid(request.GET.get("na", ""))
    moment = Signal.objects.visible_to(request.user).filter(pk=after).values_list("created_at", flat=True).first()
    if moment:
        rows = rows.filter(Q(created_at__lt=moment) | Q(created_at=moment, pk__lt=after))
    found = list(rows.order_by("-created_at", "-id")[: PAGE + 1])
    return found[:PAGE], further(request, str(found[PAGE - 1].pk)) if len(found) > PAGE else ""


def _chosen(request: HttpRequest, found: list[Signal]) -> Signal | None:
    pk = as_uuid(request.GET.get("kies", ""))
    if not pk:
        return None
    chosen = next((signal for signal in found if signal.pk == pk), None)
    if chosen is None:
        rows = Signal.objects.visible_to(request.user).select_related(*SHOWN_WITH)
        chosen = rows.annotate(has_case=_has_open_case(request.user)).filter(pk=pk).first()
    if chosen:
        privacy.record_read(subject=chosen, by=request.user, at=timezone.now())
    return chosen


def _my_signals(request: HttpRequest) -> HttpResponse:
    rows = Signal.objects.visible_to(request.user).select_related(*SHOWN_WITH, "case")
    found, next_url = _newest(request, rows)
    privacy.record_list(label=Signal.label(), shown=[row.pk for row in found], by=request.user, at=timezone.now())
    calls = _calls(found)
    for row in found:
        row.call = calls.get(row.pk)  # type: ignore[attr-defined]
    context = {
        "signals": found,
        "next_url": next_url,
        "first_url": from_the_start(request),
        "has_roster": sees_roster(request.user),
    }
    return render(request, "cases/signal_mine.html", context)


# --- Reporting ---------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "POST"])
def signal_create(request: HttpRequest) -> HttpResponse:
    """Report a signal about a household (``?huishouden=``)."""
    if not rules.may_report_signal(request.user):
        raise PermissionDenied
    tenancy = chosen_household(request)
    if tenancy is None:
        return search_first("signal_create")
    if answer := not_now(request, tenancy, why_nothing_happens(tenancy, on=timezone.localdate())):
        return answer
    form = SignalForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            signal = actions.raise_signal(tenancy=tenancy, by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            words = {"address": tenancy.dwelling.address, "day": today_or(signal.respond_by_on)}
            messages.success(request, _("Signal reported: %(address)s. First action by %(day)s.") % words)
            return redirect(signal)
    privacy.record_read(subject=tenancy, by=request.user, at=timezone.now())
    context = {"form": form, "tenancy": tenancy, "runs_already": _runs_already(request.user, tenancy)}
    return render(request, "cases/signal_form.html", context, status=422 if form.errors else 200)


def _runs_already(user: Any, tenancy: Tenancy) -> bool:
    """Whether an open signal or dossier that this colleague may know of is there already."""
    signals = Signal.objects.visible_to(user).open().filter(tenancy=tenancy)
    cases = Case.objects.visible_to(user).open().filter(tenancy=tenancy)
    return signals.exists() or cases.exists()


# --- One signal ----------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET"])
def signal_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was seen, what happened with it, and what one may do."""
    judges = rules.may_judge_signals(request.user)
    has_case = _has_open_case(request.user) if judges else Value(False, output_field=BooleanField())
    rows = Signal.objects.visible_to(request.user).select_related(*SHOWN_WITH, "case").annotate(has_case=has_case)
    signal = get_object_or_404(rows, pk=pk)
    privacy.record_read(subject=signal, by=request.user, at=timezone.now())
    context = {
        "signal": signal,
        "judges": judges,
        "may_triage": rules.may_triage(request.user, signal),
        "case": _visible_case(request.user, signal),
        "call": _calls([signal]).get(signal.pk),
        "is_late": signal.is_open and signal.respond_by_on < timezone.localdate(),
        "sees_household": Tenancy.objects.visible_to(request.user).filter(pk=signal.tenancy_id).exists(),
    }
    return render(request, "cases/signal_detail.html", context)


def _calls(signals: list[Signal]) -> dict[UUID, Call]:
    """Whom to phone about each acute signal that is open, among signals this colleague was shown."""
    calls: dict[UUID, Call] = {}
    for code, status in (("signal_acute", SignalStatus.NEW), ("signal_acute_mine", SignalStatus.TAKEN_UP)):
        about = [row.pk for row in signals if row.severity == Severity.ACUTE and row.status == status]
        if about:
            calls |= work.whom_to_phone(reminder=reminders()[code], about=about, at=timezone.now())
    return calls


def _visible_case(user: Any, signal: Signal) -> Case | None:
    if signal.case_id is None:
        return None
    return Case.objects.visible_to(user).filter(pk=signal.case_id).first()


def _to_judge(request: HttpRequest, pk: UUID) -> Signal:
    rows = Signal.objects.visible_to(request.user).select_related(*SHOWN_WITH)
    signal = get_object_or_404(rows, pk=pk)
    if not rules.judges(request.user, signal):
        refuse(request, signal)
    return signal


def _dealt_with(request: HttpRequest, signal: Signal) -> HttpResponse | None:
    """A second click, or a colleague who was first: the page says how it stands."""
    if rules.may_triage(request.user, signal):
        return None
    messages.info(request, _("This signal has been dealt with already."))
    return redirect(signal)


def _back_to(signal: Signal) -> dict[str, str]:
    return {"back_url": signal.get_absolute_url(), "back_label": _("Back to the signal")}


@login_required
@require_http_methods(["POST"])
def signal_take_up(request: HttpRequest, pk: UUID) -> HttpResponse:
    """ "I go on with it", in one tap."""
    signal = _to_judge(request, pk)
    page = _list_or(request, signal)
    if not rules.may_triage(request.user, signal) or signal.handler_id == request.user.pk:
        return _dealt_with(request, signal) or redirect(page)
    try:
        actions.take_up_signal(signal=signal, by=request.user, at=timezone.now())
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    else:
        messages.success(request, _("You go on with it: %(address)s") % {"address": signal.tenancy.dwelling.address})
    return redirect(page)


def _list_or(request: HttpRequest, signal: Signal) -> str:
    # From the list one goes on in the same list; only the name of a filter travels, never an address.
    name = request.POST.get("toon", "")
    if name not in FILTERS:
        return signal.get_absolute_url()
    query = {"toon": name} | ({"kies": str(signal.pk)} if request.POST.get("kies") else {})
    return f"{reverse('signal_list')}?{urlencode(query)}"


@login_required
@require_http_methods(["GET", "POST"])
def signal_assign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give it to a colleague of the team."""
    signal = _to_judge(request, pk)
    if answer := _dealt_with(request, signal):
        return answer
    now = timezone.now()
    colleagues = candidates_for(signal.tenancy, rules.who_judges(signal, at=now), at=now, present=signal.handler)
    form = HandlerForm(sent(request), colleagues=colleagues, holder=signal.handler)
    if request.method == "POST" and form.is_valid():
        handler = form.cleaned_data["handler"]
        try:
            actions.assign_signal(signal=signal, handler=handler, by=request.user, at=timezone.now())
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            address = signal.tenancy.dwelling.address
            messages.success(
                request, _("%(name)s goes on with it: %(address)s") % {"name": handler, "address": address}
            )
            still_visible = Signal.objects.visible_to(request.user).filter(pk=signal.pk).exists()
            return redirect(signal if still_visible else "signal_list")
    privacy.record_read(subject=signal, by=request.user, at=timezone.now())
    question = Question(
        heading=_("Give the signal to a colleague"),
        submit=_("Give the signal"),
        warning=_("Only the colleague you choose, who reported it and the team lead can read this signal.")
        if signal.is_secret
        else "",
        **_back_to(signal),
    )
    return ask(request, form=form, tenancy=signal.tenancy, question=question)


@login_required
@require_http_methods(["GET", "POST"])
def signal_attach(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add it to an open dossier of the same household."""
    signal = _to_judge(request, pk)
    if answer := _dealt_with(request, signal):
        return answer
    works_on = rules.works_on(request.user, at=timezone.now())
    cases = Case.objects.visible_to(request.user).open().filter(works_on, tenancy=signal.tenancy_id)
    form = AttachForm(sent(request), cases=cases.order_by("-created_at"))
    if request.method == "POST" and form.is_valid():
        case = form.cleaned_data["case"]
        try:
            actions.attach_signal(signal=signal, case=case, by=request.user, at=timezone.now())
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            address = signal.tenancy.dwelling.address
            messages.success(request, _("Signal added to the dossier: %(address)s") % {"address": address})
            return redirect(case)
    privacy.record_read(subject=signal, by=request.user, at=timezone.now())
    question = Question(
        heading=_("Add the signal to a dossier"),
        submit=_("Add to the dossier"),
        intro=_("Whoever may read the dossier reads the signal there."),
        warning="" if form.errors or cases else _("This household has no open dossier. Open one for this signal."),
        **_back_to(signal),
    )
    return ask(request, form=form, tenancy=signal.tenancy, question=question)


@login_required
@require_http_methods(["GET", "POST"])
def signal_close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Nothing more is needed, and why."""
    signal = _to_judge(request, pk)
    if answer := _dealt_with(request, signal):
        return answer
    form = ExplanationForm(sent(request))
    if request.method == "POST" and form.is_valid():
        explanation = form.cleaned_data["explanation"]
        try:
            actions.close_signal(signal=signal, explanation=explanation, by=request.user, at=timezone.now())
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            address = signal.tenancy.dwelling.address
            messages.success(request, _("Signal closed: %(address)s") % {"address": address})
            return redirect(signal)
    privacy.record_read(subject=signal, by=request.user, at=timezone.now())
    question = Question(
        heading=_("Close the signal"),
        submit=_("Close the signal"),
        intro=_("Who reported it hears that it was dealt with, not what you write here."),
        **_back_to(signal),
    )
    return ask(request, form=form, tenancy=signal.tenancy, question=question)
