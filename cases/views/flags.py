"""Points of attention: decided on, renewed and ended by the team lead. The reason has a page of its own."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import actions, rules
from cases.forms import FlagForm, RenewFlagForm, in_words, latest_review
from cases.models import AttentionFlag, FlagReason
from cases.states import FlagStatus
from cases.views.asking import Question, ask
from corporatie.privacy import actions as privacy
from corporatie.privacy.pages import refuse, sent
from corporatie.privacy.states import Look
from tenants.pages import chosen_household, not_now, search_first
from tenants.rules import why_nothing_is_added


@login_required
@require_http_methods(["GET", "POST"])
def flag_create(request: HttpRequest) -> HttpResponse:
    """Decide on a point of attention for a household (``?huishouden=``)."""
    if not rules.may_decide_flag(request.user):
        raise PermissionDenied
    tenancy = chosen_household(request)
    if tenancy is None:
        return search_first("flag_create")
    if answer := not_now(request, tenancy, why_nothing_is_added(tenancy, on=timezone.localdate())):
        return answer
    form = FlagForm(sent(request), initial={"review_on": latest_review(timezone.localdate())})
    if request.method == "POST" and form.is_valid():
        answers = {**form.cleaned_data}
        try:
            flag = actions.decide_flag(
                id=answers.pop("client_uuid"), tenancy=tenancy, by=request.user, at=timezone.now(), **answers
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            words = {"kind": flag.get_kind_display(), "address": tenancy.dwelling.address}
            messages.success(request, _("Point of attention added: %(kind)s, %(address)s") % words)
            return redirect(tenancy)
    privacy.record_read(subject=tenancy, by=request.user, at=timezone.now())
    context = {"form": form, "tenancy": tenancy}
    return render(request, "cases/flag_form.html", context, status=422 if form.errors else 200)


def _visible_flag(request: HttpRequest, pk: UUID) -> AttentionFlag:
    rows = AttentionFlag.objects.visible_to(request.user).select_related("tenancy__dwelling", "decided_by")
    return get_object_or_404(rows, pk=pk)


@login_required
@require_http_methods(["GET"])
def flag_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The instruction, who decided it, and until when it holds. Not the reason."""
    flag = _visible_flag(request, pk)
    privacy.record_read(subject=flag, by=request.user, at=timezone.now())
    has_ended = flag.status == FlagStatus.ENDED
    context = {
        "flag": flag,
        "has_ended": has_ended,
        "is_past": not has_ended and flag.review_on < timezone.localdate(),
        # Why nobody told the person says much of the reason itself: for who may read that.
        "may_read_reasons": rules.may_read_flag_reasons(request.user),
        "has_reason": FlagReason.objects.visible_to(request.user).filter(flag=flag).exists(),
        "may_change": rules.may_change_flag(request.user, flag) and not has_ended,
    }
    return render(request, "cases/flag_detail.html", context)


@login_required
@require_http_methods(["GET"])
def flag_reason(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Why. The look is written down before anything is decrypted."""
    flag = _visible_flag(request, pk)
    if not rules.may_read_flag_reasons(request.user):
        refuse(request, flag)
    if not FlagReason.objects.visible_to(request.user).filter(flag=flag).exists():
        raise Http404
    privacy.record_read(subject=flag, by=request.user, at=timezone.now(), look=Look.REASON)
    reason = FlagReason.objects.visible_to(request.user).select_related("created_by").get(flag=flag)
    return render(request, "cases/flag_reason.html", {"flag": flag, "reason": reason})


def _to_change(request: HttpRequest, pk: UUID) -> AttentionFlag:
    flag = _visible_flag(request, pk)
    if not rules.may_change_flag(request.user, flag):
        refuse(request, flag)
    return flag


def _ended_already(request: HttpRequest, flag: AttentionFlag) -> HttpResponse | None:
    if flag.status != FlagStatus.ENDED:
        return None
    messages.info(request, _("This point of attention ended already."))
    return redirect(flag)


@login_required
@require_http_methods(["GET", "POST"])
def flag_renew(request: HttpRequest, pk: UUID) -> HttpResponse:
    """It holds on, until the next review."""
    flag = _to_change(request, pk)
    if answer := _ended_already(request, flag):
        return answer
    form = RenewFlagForm(sent(request), initial={"review_on": latest_review(timezone.localdate())})
    if request.method == "POST" and form.is_valid():
        review_on = form.cleaned_data["review_on"]
        try:
            actions.renew_flag(flag=flag, review_on=review_on, by=request.user, at=timezone.now())
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            words = {"kind": flag.get_kind_display(), "day": in_words(review_on)}
            messages.success(request, _("Point of attention holds on: %(kind)s, until %(day)s") % words)
            return redirect(flag)
    privacy.record_read(subject=flag, by=request.user, at=timezone.now())
    question = Question(
        heading=_("Renew the point of attention"),
        submit=_("Renew the point of attention"),
        intro=_("Only when it is still needed: “%(kind)s”.") % {"kind": flag.get_kind_display()},
        back_url=flag.get_absolute_url(),
        back_label=_("Back to the point of attention"),
    )
    return ask(request, form=form, tenancy=flag.tenancy, question=question)


@login_required
@require_http_methods(["POST"])
def flag_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """It no longer holds."""
    flag = _to_change(request, pk)
    if answer := _ended_already(request, flag):
        return answer
    try:
        actions.end_flag(flag=flag, by=request.user, at=timezone.now())
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    else:
        messages.success(request, _("Point of attention ended: %(kind)s") % {"kind": flag.get_kind_display()})
    return redirect(flag)
