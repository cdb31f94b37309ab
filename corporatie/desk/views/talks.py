"""Write down a talk: planned or not, with a renovation intake or without."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.models import AttentionFlag, Signal
from cases.states import Severity
from corporatie.desk import actions
from corporatie.desk.forms import CARRIED, TalkForm, moment_carried
from corporatie.desk.templatetags.kt import day as in_words
from corporatie.desk.views.today import households_to_ask, way_back
from corporatie.privacy import actions as privacy
from corporatie.privacy.pages import refuse, sent, status_of
from corporatie.staff.models import User
from projects.models import Intake, Project
from tenants.models import Tenancy
from tenants.pages import chosen_household, not_now, search_first
from tenants.rules import candidates_for, why_nothing_happens
from visits import rules
from visits.models import Report, Visit
from visits.states import Outcome


@login_required
@require_http_methods(["GET", "POST"])
def visit_report_create(request: HttpRequest) -> HttpResponse:
    """A talk that was not planned (``?huishouden=``)."""
    tenancy = chosen_household(request)
    if not rules.may_log_visits(request.user):
        refuse(request, tenancy)
    if tenancy is None:
        return search_first("visit_report_create")
    if answer := not_now(request, tenancy, why_nothing_happens(tenancy, on=timezone.localdate())):
        return answer
    return _talk_page(request, tenancy, None)


@login_required
@require_http_methods(["GET", "POST"])
def visit_report_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The talk of a planned visit, or one that was kept to be worked out later."""
    rows = Visit.objects.visible_to(request.user).select_related("tenancy__dwelling", "case__tenancy__dwelling")
    visit = get_object_or_404(rows, pk=pk)
    if not rules.may_work_on(request.user, visit):
        refuse(request, visit)
    # Sent a second time, a talk is simply there; only opening the questions again makes no sense.
    if request.method == "GET" and not rules.may_file(request.user, visit):
        return redirect(visit)
    return _talk_page(request, visit.tenancy, visit)


def _talk_page(request: HttpRequest, tenancy: Tenancy, visit: Visit | None) -> HttpResponse:
    project = _project_that_asks(request.user, tenancy, visit)
    now = timezone.now()
    who = rules.who_keeps_promises(tenancy, visit, by=request.user, at=now)
    form = TalkForm(
        sent(request),
        asks_intake=project is not None,
        colleagues=candidates_for(tenancy, who, at=now),
        user=cast(User, request.user),
        planned=visit,
        held_on=timezone.localdate(visit.ended_at) if visit and visit.elaborate_later else None,
        initial=_initial(request, visit, project),
    )
    if request.method == "POST" and form.is_valid():
        try:
            filed = _file(request, form, tenancy, visit, project)
        except ValidationError as refused:
            form.refuse(refused)
        else:
            _say_what_happened(request, form, filed)
            return redirect(_acute(request.user, form, tenancy) or way_back(request.user, visit, tenancy)["url"])
    privacy.record_read(subject=visit or tenancy, by=request.user, at=now)
    context = {
        "form": form,
        "tenancy": tenancy,
        "back": way_back(request.user, visit, tenancy),
        "visit": visit,
        "project": project,
        "flags": list(
            AttentionFlag.objects.visible_to(request.user).active(on=timezone.localdate(now)).filter(tenancy=tenancy)
        ),
        "summary": form.summary(),
    }
    return render(request, "desk/talk.html", context, status=status_of(form))


def _file(
    request: HttpRequest, form: TalkForm, tenancy: Tenancy, visit: Visit | None, project: Project | None
) -> Visit:
    answers = form.cleaned_data
    intake = None
    if project is not None and answers.get("answer"):
        intake = actions.IntakeLine(project, answers["answer"], form.take_into_account(), answers.get("reason", ""))
    return actions.log_talk(
        client_uuid=answers["client_uuid"],
        tenancy=tenancy,
        talk=form.talk(elaborate_later="later" in request.POST),
        visit=visit,
        intake=intake,
        happened_at=form.happened_at,
        by=request.user,
        at=timezone.now(),
    )


def _say_what_happened(request: HttpRequest, form: TalkForm, visit: Visit) -> None:
    address = visit.tenancy.dwelling.address
    if visit.elaborate_later:
        messages.success(request, _("Talk kept to work out later: %(address)s") % {"address": address})
    else:
        messages.success(request, _("Talk saved: %(address)s") % {"address": address})
    if form.happened_at and timezone.localdate(form.happened_at) != timezone.localdate():
        messages.info(request, _("Written down for %(day)s.") % {"day": in_words(timezone.localdate(form.happened_at))})
    words = form.words_to_mind()
    if words:
        messages.warning(
            request,
            _("You wrote “%(words)s”. Better write what you saw or heard; the resident may read this.")
            % {"words": ", ".join(words)},
        )


def _acute(user: Any, form: TalkForm, tenancy: Tenancy) -> Signal | None:
    """The signal that came of this talk when it cannot wait: its page says whom to phone now."""
    answers = form.cleaned_data
    if not answers["worry_type"] or answers["worry_severity"] != Severity.ACUTE:
        return None
    rows = Signal.objects.visible_to(user).open().filter(tenancy=tenancy, created_by=user, severity=Severity.ACUTE)
    return rows.order_by("-created_at").first()


def _project_that_asks(user: Any, tenancy: Tenancy, visit: Visit | None) -> Project | None:
    """The project that wants the first question: not answered yet, or answered in this very talk."""
    wanted = households_to_ask(user, [tenancy]).get(tenancy.pk)
    if wanted is None and visit is not None:
        intake = Intake.objects.visible_to(user).filter(visit=visit).first()
        wanted = intake.project_id if intake else None
    return Project.objects.visible_to(user).filter(pk=wanted).first() if wanted else None


def _initial(request: HttpRequest, visit: Visit | None, project: Project | None) -> dict[str, Any]:
    """What is known already, so that nobody is asked twice."""
    initial: dict[str, Any] = moment_carried(request.GET.get(CARRIED, ""))
    if request.GET.get("waar") == "deur":
        initial["outcome"] = Outcome.TALKED_AT_DOOR
    if visit is None or not visit.elaborate_later:
        return initial
    initial["outcome"] = visit.outcome
    report = Report.objects.visible_to(request.user).filter(visit=visit).first()
    if report is not None:
        for name in ("mood", "quote", "note", "entry_allowed", "voluntary_explained"):
            initial[name] = getattr(report, name)
        for topic in report.topics.all():
            for name in ("answer", "said", "thought"):
                initial[f"{topic.area}_{name}"] = getattr(topic, name)
    if project is not None:
        intake = Intake.objects.visible_to(request.user).filter(project=project, tenancy=visit.tenancy).first()
        initial["answer"] = intake.answer if intake else ""
    return initial
