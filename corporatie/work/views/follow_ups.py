"""Promises and actions: added, done, not done, moved, told. The next step of a dossier is done on its dossier."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from corporatie.privacy import actions as privacy
from corporatie.privacy.pages import refuse, sent, status_of
from corporatie.staff.rules import own_page
from corporatie.subjects.models import Subject, subject_model, visible
from corporatie.work import actions, rules
from corporatie.work.forms import DropForm, FinishForm, FollowUpForm, MoveForm
from corporatie.work.models import FollowUp
from corporatie.work.states import Carrier, FollowUpKind
from tenants.models import Tenancy
from tenants.pages import not_now
from tenants.rules import candidates_for, why_nothing_is_added

# What a promise or action may come from, by the word in the address.
_FROM = {"huishouden": "tenants.tenancy", "dossier": "cases.case"}


@login_required
@require_http_methods(["GET", "POST"])
def follow_up_create(request: HttpRequest) -> HttpResponse:
    """Promise something to a household (``?huishouden=``), or add an action to it or to a dossier (``?dossier=``)."""
    subject = _chosen_subject(request)
    if not rules.may_add_follow_up(request.user, subject):
        refuse(request, subject)
    if subject is None:
        return redirect(f"{reverse('search')}?{urlencode({'voor': 'follow_up_create'})}")
    tenancy = subject if isinstance(subject, Tenancy) else subject.tenancy  # type: ignore[attr-defined]
    now = timezone.now()
    reason = why_nothing_is_added(tenancy, on=timezone.localdate(now)) if subject == tenancy else ""
    if answer := not_now(request, tenancy, reason):
        return answer
    colleagues = candidates_for(tenancy, subject.who_works_on(subject.pk, at=now), at=now)
    form = FollowUpForm(sent(request), colleagues=colleagues, initial={"owner": request.user})
    if request.method == "POST" and form.is_valid():
        owner = form.cleaned_data["owner"]
        try:
            follow_up = actions.add_follow_up(
                tenancy=tenancy,
                subject=subject,
                what=form.cleaned_data["what"],
                owner=owner,
                carrier=Carrier.ME if owner == request.user else Carrier.COLLEAGUE,
                due_on=form.cleaned_data["due_on"],
                is_promise=form.is_promise,
                told_on=timezone.localdate(now) if form.is_promise and form.cleaned_data["is_told"] else None,
                by=request.user,
                at=now,
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            words = _("Promise added: %(address)s") if follow_up.is_promise else _("Action added: %(address)s")
            messages.success(request, _told(words, follow_up))
            return redirect(subject)
    privacy.record_read(subject=subject, by=request.user, at=timezone.now())
    context = {"form": form, "tenancy": tenancy, "subject": subject, "is_of_case": subject is not tenancy}
    return render(request, "work/follow_up_form.html", context, status=status_of(form))


@login_required
@require_http_methods(["GET"])
def follow_up_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One promise or action."""
    follow_up = _visible(request, pk)
    return _shown(request, "work/follow_up.html", follow_up, {})


@login_required
@require_http_methods(["GET", "POST"])
def follow_up_finish(request: HttpRequest, pk: UUID) -> HttpResponse:
    """It is done: one tap from a list, or here with a word about it."""
    follow_up = _visible(request, pk)
    if follow_up.done_at is not None:
        return _was_done(request, follow_up)
    _may_finish(request, follow_up)
    form = FinishForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.finish_follow_up(
                follow_up=follow_up, note=form.cleaned_data["note"], by=request.user, at=timezone.now()
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            words = _("Promise kept: %(address)s") if follow_up.is_promise else _("Done: %(address)s")
            messages.success(request, _told(words, follow_up))
            return _onward(request, follow_up)
    page = {"form": form, "heading": _("Done"), "submit": _("Save as done")}
    return _shown(request, "work/follow_up_question.html", follow_up, page)


@login_required
@require_http_methods(["GET", "POST"])
def follow_up_drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """It will not be done, and why."""
    follow_up = _visible(request, pk)
    if follow_up.done_at is not None:
        return _was_done(request, follow_up)
    _may_finish(request, follow_up)
    form = DropForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.drop_follow_up(
                follow_up=follow_up, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _told(_("Not done: %(address)s"), follow_up))
            return _onward(request, follow_up)
    page = {"form": form, "heading": _("Will not be done"), "submit": _("Save the reason")}
    return _shown(request, "work/follow_up_question.html", follow_up, page)


@login_required
@require_http_methods(["GET", "POST"])
def follow_up_move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another day, or another colleague."""
    follow_up = _visible(request, pk)
    if follow_up.done_at is not None:
        return _was_done(request, follow_up)
    _may_finish(request, follow_up)
    now = timezone.now()
    form = MoveForm(
        sent(request),
        colleagues=candidates_for(follow_up.tenancy, follow_up.who_may_own(at=now), at=now, present=follow_up.owner),
        initial={"due_on": follow_up.due_on, "owner": follow_up.owner},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.move_follow_up(
                follow_up=follow_up,
                due_on=form.cleaned_data["due_on"],
                owner=form.cleaned_data["owner"],
                by=request.user,
                at=now,
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _told(_("Moved: %(address)s"), follow_up))
            return _onward(request, follow_up)
    page = {"form": form, "heading": _("Another day or another colleague"), "submit": _("Save the new day")}
    return _shown(request, "work/follow_up_question.html", follow_up, page)


@login_required
@require_http_methods(["POST"])
def follow_up_told(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The resident knows how it stands, as of today."""
    follow_up = _visible(request, pk)
    if not rules.may_change(request.user, follow_up):
        refuse(request, follow_up.tenancy)
    now = timezone.now()
    actions.tell_resident(follow_up=follow_up, on=timezone.localdate(now), by=request.user, at=now)
    messages.success(request, _told(_("Noted that the resident knows: %(address)s"), follow_up))
    return redirect(follow_up)


# --- Asking ------------------------------------------------------------------------------------------
def _chosen_subject(request: HttpRequest) -> Subject | None:
    for word, label in _FROM.items():
        model = subject_model(label)
        if word not in request.GET or model is None:
            continue
        related = "dwelling" if model is Tenancy else "tenancy__dwelling"
        try:
            pk = UUID(request.GET[word])
        except ValueError as fault:
            raise Http404 from fault
        subject: Subject = get_object_or_404(visible(model, request.user).select_related(related), pk=pk)
        return subject
    return None


def _visible(request: HttpRequest, pk: UUID) -> FollowUp:
    rows = FollowUp.objects.visible_to(request.user).select_related(
        "tenancy__dwelling", "owner", "done_by", "created_by"
    )
    return get_object_or_404(rows, pk=pk)


def _may_finish(request: HttpRequest, follow_up: FollowUp) -> None:
    if not rules.may_finish(request.user, follow_up):
        refuse(request, follow_up.tenancy)


# --- Answering ---------------------------------------------------------------------------------------
def _shown(request: HttpRequest, template: str, follow_up: FollowUp, page: dict[str, Any]) -> HttpResponse:
    privacy.record_read(subject=follow_up.tenancy, by=request.user, at=timezone.now())
    form = page.get("form")
    is_open = follow_up.done_at is None
    context = {
        **page,
        "follow_up": follow_up,
        "is_open": is_open,
        "is_late": is_open and follow_up.due_on < timezone.localdate(),
        "is_case_step": follow_up.kind == FollowUpKind.CASE_STEP,
        "origin_url": _origin(request, follow_up),
        "household_url": _household(request, follow_up),
        "may_finish": rules.may_finish(request.user, follow_up),
        "may_change": rules.may_change(request.user, follow_up),
        "next": _next(request),
    }
    return render(request, template, context, status=status_of(form) if form else 200)


def _origin(request: HttpRequest, follow_up: FollowUp) -> str:
    """The page it came from, for who may open it; a household has its own link."""
    model = subject_model(follow_up.subject_label)
    if model is None or model is Tenancy:
        return ""
    subject = visible(model, request.user).filter(pk=follow_up.subject_id).first()
    return subject.get_absolute_url() if subject else ""


def _household(request: HttpRequest, follow_up: FollowUp) -> str:
    is_known = Tenancy.objects.visible_to(request.user).filter(pk=follow_up.tenancy_id).exists()
    return follow_up.tenancy.get_absolute_url() if is_known else ""


def _next(request: HttpRequest) -> str:
    """Where one came from, when that is a page of ours."""
    return own_page(request.POST.get("next") or request.GET.get("next"))


def _onward(request: HttpRequest, follow_up: FollowUp) -> HttpResponse:
    return redirect(_next(request) or _household(request, follow_up) or reverse("inbox"))


def _told(words: str, follow_up: FollowUp) -> str:
    """What just happened, by address: the words of a promise stand on its page and never wait in a session."""
    return words % {"address": follow_up.tenancy.dwelling.address}


def _was_done(request: HttpRequest, follow_up: FollowUp) -> HttpResponse:
    messages.info(request, _told(_("This was done already: %(address)s"), follow_up))
    return redirect(follow_up)
