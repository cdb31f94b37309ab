"""Dossiers: the work list, opening one, and every step, move and decision in it."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cases import actions, rules
from cases.actions import Step
from cases.forms import (
    CancelForm,
    CaseForm,
    ChangeStepForm,
    CloseCaseForm,
    HandlerForm,
    ProblemOwnerForm,
    ReopenForm,
    SecondReaderForm,
    TakeStepForm,
    in_words,
)
from cases.models import Case, Signal
from cases.models.cases import CaseQuerySet
from cases.states import CASE_MOVES, ENDED, WAITING, CaseStatus
from cases.views.asking import PAGE, Question, ask, chips, from_the_start, further
from corporatie.privacy import actions as privacy
from corporatie.privacy.pages import refuse, sent
from corporatie.staff.fields import Candidate
from corporatie.staff.rules import own_or_covered
from corporatie.subjects.models import counted
from tenants.models import Tenancy
from tenants.pages import as_uuid, chosen_household, not_now, search_first
from tenants.rules import candidates_for, why_nothing_happens

SHOWN_WITH = ("tenancy__dwelling", "handler", "next_step__owner")
# What a row shows: a list need not fetch the rest.
SHOWN = (
    "type",
    "severity",
    "confidentiality",
    "status",
    "result",
    "closed_at",
    "tenancy__name",
    "tenancy__dwelling__address",
    "handler__name",
    "next_due_on",
    "next_step__what",
    "next_step__owner__name",
)
FILTERS = {
    "mijn": gettext_lazy("Mine"),
    "team": gettext_lazy("Team"),
    "laat": gettext_lazy("Too late"),
    "wacht": gettext_lazy("Waiting"),
    "klaar": gettext_lazy("Closed"),
}
# Who only reads the dossiers she was named for has no team to choose.
FILTERS_ALONE = {
    "team": gettext_lazy("All open"),
    "laat": gettext_lazy("Too late"),
    "klaar": gettext_lazy("Closed"),
}


# --- The list ----------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET"])
def case_list(request: HttpRequest) -> HttpResponse:
    """The work list: whose next step comes first stands on top."""
    if not rules.may_see_cases(request.user):
        raise PermissionDenied
    today = timezone.localdate()
    names = FILTERS if rules.may_see_team_cases(request.user) else FILTERS_ALONE
    current = request.GET.get("toon", "")
    current = current if current in names else next(iter(names))
    visible = Case.objects.visible_to(request.user)
    conditions = {
        "mijn": own_or_covered(request.user, "handler"),
        "team": Q(pk__isnull=False),
        "laat": Q(next_due_on__lt=today),
        "wacht": Q(status__in=WAITING),
    }
    if current == "klaar":
        found, next_url = _last_closed(request, _rows(visible.filter(status__in=ENDED)))
    else:
        found, next_url = _next_first(request, _rows(visible.open().filter(conditions[current])))
    counts = counted(visible.open().in_order_of_next_step(), conditions)
    privacy.record_list(label=Case.label(), shown=[row.pk for row in found], by=request.user, at=timezone.now())
    context = {
        "cases": found,
        "chips": chips("case_list", names, counts=counts, current=current),
        "current": current,
        "counts": counts,
        "today": today,
        "next_url": next_url,
        "first_url": from_the_start(request),
        "may_open": rules.may_open_case(request.user),
    }
    return render(request, "cases/case_list.html", context)


def _rows(cases: CaseQuerySet) -> CaseQuerySet:
    return cases.select_related(*SHOWN_WITH).only(*SHOWN)


def _next_first(request: HttpRequest, rows: CaseQuerySet) -> tuple[list[Case], str]:
    day_text, _sign, case_text = request.GET.get("na", "").partition("_")
    after = as_uuid(case_text)
    day = _as_day(day_text)
    if after and day:
        rows = rows.filter(Q(next_due_on__gt=day) | Q(next_due_on=day, pk__gt=after))
    found = list(rows.in_order_of_next_step()[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    last = found[PAGE - 1]
    return found[:PAGE], further(request, f"{last.next_due_on}_{last.pk}")


def _as_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _last_closed(request: HttpRequest, rows: QuerySet[Case]) -> tuple[list[Case], str]:
    # The key is the last row itself: its moment is read back, so that no fraction of a second is lost.
    after = as_uuid(request.GET.get("na", ""))
    moment = rows.filter(pk=after).values_list("closed_at", flat=True).first() if after else None
    if moment:
        rows = rows.filter(Q(closed_at__lt=moment) | Q(closed_at=moment, pk__lt=after))
    found = list(rows.order_by("-closed_at", "-id")[: PAGE + 1])
    return found[:PAGE], further(request, str(found[PAGE - 1].pk)) if len(found) > PAGE else ""


# --- Opening ---------------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "POST"])
def case_create(request: HttpRequest) -> HttpResponse:
    """Open a dossier about a household (``?huishouden=``) without a signal."""
    if not rules.may_open_case(request.user):
        raise PermissionDenied
    tenancy = chosen_household(request)
    if tenancy is None:
        return search_first("case_create")
    if answer := not_now(request, tenancy, why_nothing_happens(tenancy, on=timezone.localdate())):
        return answer
    return _open(request, tenancy=tenancy, signal=None)


@login_required
@require_http_methods(["GET", "POST"])
def case_open(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open a dossier for this signal."""
    rows = Signal.objects.visible_to(request.user).select_related("tenancy__dwelling", "case", "created_by")
    signal = get_object_or_404(rows, pk=pk)
    if not rules.judges(request.user, signal):
        refuse(request, signal)
    if not signal.is_open:
        messages.info(request, _("This signal has been dealt with already."))
        case = Case.objects.visible_to(request.user).filter(pk=signal.case_id).first() if signal.case_id else None
        return redirect(case or signal)
    return _open(request, tenancy=signal.tenancy, signal=signal)


def _open(request: HttpRequest, *, tenancy: Tenancy, signal: Signal | None) -> HttpResponse:
    initial: dict[str, Any] = {"handler": request.user.pk, "step_owner": request.user.pk}
    if signal:
        initial |= {"type": signal.type, "severity": signal.severity}
    now = timezone.now()
    colleagues = candidates_for(tenancy, rules.who_handles(), at=now)
    form = CaseForm(sent(request), colleagues=colleagues, initial=initial)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            case = actions.open_case(
                id=answers["client_uuid"],
                tenancy=tenancy,
                types=form.types,
                severity=answers["severity"],
                handler=answers["handler"],
                first_step=_step(form),
                problem_owner=answers["problem_owner"],
                problem_owner_name=answers["problem_owner_name"],
                goal=answers["goal"],
                signal=signal,
                second_reader=answers["second_reader"],
                by=request.user,
                at=now,
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Dossier opened: %(address)s") % {"address": tenancy.dwelling.address})
            return _to(request, case)
    about: Any = signal or tenancy
    privacy.record_read(subject=about, by=request.user, at=timezone.now())
    others = Case.objects.visible_to(request.user).open().filter(tenancy=tenancy)
    context = {"form": form, "tenancy": tenancy, "signal": signal, "runs_already": others.exists()}
    return render(request, "cases/case_form.html", context, status=422 if form.errors else 200)


def _step(form: forms.Form) -> Step:
    answers = form.cleaned_data
    return Step(what=answers["step_what"], owner=answers["step_owner"], due_on=answers["step_due_on"])


def _to(request: HttpRequest, case: Case) -> HttpResponse:
    """The dossier, or the list for who may no longer open it: a secret one is for its handler."""
    if Case.objects.visible_to(request.user).filter(pk=case.pk).exists():
        return redirect(case)
    messages.info(
        request, _("Now %(name)s goes on with it. You can no longer open this dossier.") % {"name": case.handler}
    )
    return redirect("case_list")


# --- Working on one ------------------------------------------------------------------------------------------
def _to_work_on(request: HttpRequest, pk: UUID) -> Case:
    rows = Case.objects.visible_to(request.user).select_related(*SHOWN_WITH)
    case = get_object_or_404(rows, pk=pk)
    if not rules.is_concerned(request.user, case):
        refuse(request, case)
    return case


def _closed_already(request: HttpRequest, case: Case) -> HttpResponse | None:
    """A second click, or a colleague who was first: the page says how it stands."""
    if case.is_open:
        return None
    messages.info(request, _("This dossier is closed already."))
    return redirect(case)


def _who_works_on(case: Case, *, present: Any = None) -> list[Candidate]:
    now = timezone.now()
    return candidates_for(case.tenancy, Case.who_works_on(case.pk, at=now), at=now, present=present)


def _question(case: Case, heading: str, submit: str, **more: str) -> Question:
    url = case.get_absolute_url()
    return Question(heading=heading, submit=submit, back_url=url, back_label=_("Back to the dossier"), **more)


def _ask(request: HttpRequest, case: Case, form: forms.Form, question: Question) -> HttpResponse:
    privacy.record_read(subject=case, by=request.user, at=timezone.now())
    return ask(request, form=form, tenancy=case.tenancy, question=question)


@login_required
@require_http_methods(["GET", "POST"])
def case_step(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The step is done and this follows; or (``?wijzig=1``) the step itself changes."""
    case = _to_work_on(request, pk)
    if answer := _closed_already(request, case):
        return answer
    changes = "wijzig" in request.GET
    step = case.next_step
    initial: dict[str, Any] = {"step": case.next_step_id, "step_owner": request.user.pk}
    if changes and step:
        initial |= {"step_what": step.what, "step_owner": step.owner_id, "step_due_on": step.due_on}
    kind = ChangeStepForm if changes else TakeStepForm
    form = kind(
        sent(request), colleagues=_who_works_on(case, present=step.owner if changes and step else None), initial=initial
    )
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["step"] != case.next_step_id:
            # A second click would finish the step that came after.
            messages.info(request, _("This step was done already. This is the next one."))
            return redirect(case)
        try:
            _do_step(request, case, form, changes=changes)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return redirect(case)
    if changes:
        question = _question(case, _("Change the next step"), _("Save step"))
    else:
        done = _("“%(step)s” is done.") % {"step": step.what if step else ""}
        question = _question(case, _("Done – and now?"), _("Save and go on"), intro=done)
    return _ask(request, case, form, question)


def _do_step(request: HttpRequest, case: Case, form: forms.Form, *, changes: bool) -> None:
    following, now = _step(form), timezone.now()
    words = {"day": in_words(following.due_on)}
    if changes:
        actions.change_step(case=case, step=following, by=request.user, at=now)
        messages.success(request, _("Step changed: %(day)s") % words)
    else:
        actions.take_step(case=case, following=following, note=form.cleaned_data["note"], by=request.user, at=now)
        messages.success(request, _("Next step: %(day)s") % words)


@login_required
@require_http_methods(["POST"])
def case_move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another status, by the one table of moves."""
    case = _to_work_on(request, pk)
    if answer := _closed_already(request, case):
        return answer
    to = request.POST.get("naar", "")
    if to == case.status:
        return redirect(case)
    if to not in CASE_MOVES[case.status] or to in ENDED:
        messages.warning(request, _("From “%(before)s” this cannot be done.") % {"before": case.status_words})
        return redirect(case)
    try:
        actions.move_case(case=case, to=to, by=request.user, at=timezone.now())
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    else:
        words = {"address": case.tenancy.dwelling.address, "status": CaseStatus(to).label}
        messages.success(request, _("Dossier %(address)s: %(status)s") % words)
    return redirect(case)


@login_required
@require_http_methods(["GET", "POST"])
def case_assign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another colleague handles it."""
    case = _to_work_on(request, pk)
    if answer := _closed_already(request, case):
        return answer
    if not rules.may_assign(request.user, case):
        refuse(request, case)
    colleagues = candidates_for(case.tenancy, rules.who_handles(), at=timezone.now(), present=case.handler)
    form = HandlerForm(sent(request), colleagues=colleagues, holder=case.handler)
    if request.method == "POST" and form.is_valid():
        handler = form.cleaned_data["handler"]
        was_second = case.readers.filter(user=handler, is_second=True).exists()
        if handler.pk != case.handler_id:
            try:
                actions.assign_case(case=case, handler=handler, by=request.user, at=timezone.now())
            except ValidationError as refused:
                form.add_error(None, refused)
        if not form.errors:
            words = {"name": handler, "address": case.tenancy.dwelling.address}
            messages.success(request, _("%(name)s handles the dossier: %(address)s") % words)
            if was_second:
                messages.warning(request, _("%(name)s was the second reader. The dossier needs another one.") % words)
            return _to(request, case)
    question = _question(
        case,
        _("Hand the dossier over"),
        _("Hand over"),
        intro=_("The next step goes along, when it is the handler’s."),
        warning=_("This dossier is secret: afterwards only the new handler and the second reader can open it.")
        if case.is_secret
        else "",
    )
    return _ask(request, case, form, question)


@login_required
@require_http_methods(["GET", "POST"])
def case_second_reader(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who stands in for the handler of a secret dossier."""
    case = _to_work_on(request, pk)
    if answer := _closed_already(request, case):
        return answer
    if not rules.may_name_second_reader(request.user, case):
        refuse(request, case)
    second = case.readers.filter(is_second=True).select_related("user").first()
    who = rules.who_reads_second(handler=case.handler)
    form = SecondReaderForm(
        sent(request),
        colleagues=candidates_for(case.tenancy, who, at=timezone.now(), present=second.user if second else None),
        holder=second.user if second else None,
    )
    if request.method == "POST" and form.is_valid():
        reader = form.cleaned_data["second_reader"]
        try:
            actions.name_second_reader(case=case, reader=reader, by=request.user, at=timezone.now())
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            words = {"name": reader, "address": case.tenancy.dwelling.address}
            messages.success(request, _("%(name)s is the second reader: %(address)s") % words)
            return redirect(case)
    intro = _("Whoever was the second reader until now can no longer open the dossier.") if second else ""
    return _ask(request, case, form, _question(case, _("Second reader"), _("Save the second reader"), intro=intro))


@login_required
@require_http_methods(["GET", "POST"])
def case_problem_owner(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Whose problem it is behind the front door."""
    case = _to_work_on(request, pk)
    if answer := _closed_already(request, case):
        return answer
    initial = {"problem_owner": case.problem_owner, "problem_owner_name": case.problem_owner_name}
    form = ProblemOwnerForm(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.set_problem_owner(
            case=case,
            problem_owner=form.cleaned_data["problem_owner"],
            name=form.cleaned_data["problem_owner_name"],
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("Written down: whose problem it is."))
        return redirect(case)
    question = _question(case, _("Whose problem is it?"), _("Save whose problem it is"))
    return _ask(request, case, form, question)


# --- Ending and opening again ----------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "POST"])
def case_close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """It ended: a result, and one sentence for the resident."""
    case = _to_work_on(request, pk)
    if answer := _closed_already(request, case):
        return answer
    form = CloseCaseForm(sent(request), status=case.status)
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_case(case=case, by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Dossier closed: %(address)s") % {"address": case.tenancy.dwelling.address})
            return redirect(case)
    warning = ""
    if CaseStatus.CLOSED not in CASE_MOVES[case.status]:
        warning = _("From “%(before)s” a dossier cannot be closed yet. Keep an eye on it first.") % {
            "before": case.status_words
        }
    elif case.status == CaseStatus.ASSESSING:
        warning = _("Work has not started yet. For another result, start the dossier first.")
    return _ask(request, case, form, _question(case, _("Close the dossier"), _("Close the dossier"), warning=warning))


@login_required
@require_http_methods(["GET", "POST"])
def case_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """It was opened by mistake."""
    case = _to_work_on(request, pk)
    if answer := _closed_already(request, case):
        return answer
    form = CancelForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel_case(case=case, summary=form.cleaned_data["summary"], by=request.user, at=timezone.now())
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Dossier cancelled: %(address)s") % {"address": case.tenancy.dwelling.address})
            return redirect(case)
    warning = ""
    if CaseStatus.CANCELLED not in CASE_MOVES[case.status]:
        warning = _("Work on this dossier has started. Close it with a result instead.")
    question = _question(
        case,
        _("Cancel the dossier"),
        _("Cancel the dossier"),
        intro=_("Only for a dossier that was opened by mistake. It cannot be opened again."),
        warning=warning,
    )
    return _ask(request, case, form, question)


@login_required
@require_http_methods(["GET", "POST"])
def case_reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """It is open again, with a reason and a next step."""
    case = _to_work_on(request, pk)
    if not rules.may_reopen(request.user, case):
        messages.info(
            request,
            _("This dossier is open already.") if case.is_open else _("A cancelled dossier stays closed."),
        )
        return redirect(case)
    form = ReopenForm(sent(request), colleagues=_who_works_on(case), initial={"step_owner": request.user.pk})
    if request.method == "POST" and form.is_valid():
        try:
            actions.reopen_case(
                case=case,
                reason=form.cleaned_data["reason"],
                step=_step(form),
                by=request.user,
                at=timezone.now(),
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Dossier reopened: %(address)s") % {"address": case.tenancy.dwelling.address})
            return redirect(case)
    question = _question(case, _("Reopen the dossier"), _("Reopen the dossier"))
    return _ask(request, case, form, question)
