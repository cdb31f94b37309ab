"""One's own start page and choices, and for developers the mail that was sent."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from corporatie.desk.forms import MailForm, OwnAbsenceForm
from corporatie.privacy.pages import sent, status_of
from corporatie.staff import actions as staff
from corporatie.staff.models import Absence
from corporatie.staff.rules import Permission, may, stand_ins
from corporatie.work.rules import sees_roster

REFUSED = 422
MOST_FILES = 50
_BETWEEN = re.compile(rb"^-{79}$", re.MULTILINE)
# Where each role begins: the first that fits.
HOMES = (
    (Permission.SEE_TEAM_OVERVIEW, "team_overview"),
    (Permission.SEE_TODAY, "today"),
    (Permission.RUN_PROJECTS, "project_list"),
    (Permission.SEE_FIGURES, "figures"),
    (Permission.READ_ACCESS_LOG, "admin:index"),
    (Permission.ADMINISTER, "admin:index"),
)


@login_required
@require_http_methods(["GET"])
def home(request: HttpRequest) -> HttpResponse:
    """On to where one's work begins. Whoever has no page of her own starts in the inbox."""
    return redirect(next((name for permission, name in HOMES if may(request.user, permission)), "inbox"))


@login_required
@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Mail, signing in, and who stands in."""
    user: Any = request.user
    form = MailForm(request.POST or None, initial={"mail_choice": user.mail_choice})
    if request.method == "POST" and form.is_valid():
        staff.choose_mail(colleague=user, choice=form.cleaned_data["mail_choice"], by=request.user, at=timezone.now())
        messages.success(request, _("Saved when you want mail."))
        return redirect("preferences")
    away = Absence.objects.visible_to(user).select_related("user", "substitute")
    today = timezone.localdate()
    context = {
        "form": form,
        "has_roster": sees_roster(user),
        "mine": [absence for absence in away if absence.user_id == user.pk and absence.until_on >= today],
        "for_others": [
            absence
            for absence in away
            if absence.substitute_id == user.pk and absence.from_on <= today <= absence.until_on
        ],
    }
    return render(request, "desk/preferences.html", context, status=REFUSED if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
@reauthentication_required
def absence_create(request: HttpRequest) -> HttpResponse:
    """One is away oneself: from when, until when, which part of the day, and who stands in.

    Who stands in sees what she sees: so it is asked anew who one is, before there is anything to fill in.
    """
    user: Any = request.user
    now = timezone.now()
    form = OwnAbsenceForm(sent(request), colleagues=stand_ins(user, at=now))
    if request.method == "POST" and form.is_valid():
        absence = Absence(user=user, **form.cleaned_data)
        try:
            staff.plan_absence(absence=absence, by=user, at=now)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            words = _("Absence saved: %(days)s. %(name)s stands in for you.")
            messages.success(request, words % {"days": absence.in_words, "name": absence.substitute.name})
            return redirect("preferences")
    return render(request, "desk/absence.html", {"form": form}, status=status_of(form))


@login_required
@require_http_methods(["POST"])
@reauthentication_required
def absence_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """One is not away after all. Of somebody else's absence one only reads that one stands in."""
    user: Any = request.user
    absence = get_object_or_404(Absence.objects.visible_to(user), pk=pk)
    if absence.user_id != user.pk:
        raise PermissionDenied
    staff.drop_absence(absence=absence, by=user, at=timezone.now())
    messages.success(request, _("Absence taken away. You are reminded yourself again."))
    return redirect("preferences")


# --- Mail that was sent, on one's own machine ----------------------------------------------------------
@dataclass(frozen=True)
class SentMail:
    """One mail, and the file it lies in."""

    name: str
    at: datetime
    to: str
    subject: str
    body: str


@require_http_methods(["GET"])
def dev_mail(request: HttpRequest) -> HttpResponse:
    """The mail that was sent, the newest first. Not in production."""
    mails = [mail for path in _files()[:MOST_FILES] for mail in _read(path)]
    return render(request, "desk/dev_mail.html", {"mails": mails})


@require_http_methods(["GET"])
def dev_mail_detail(request: HttpRequest, name: str) -> HttpResponse:
    """The mails in one file. The name is looked up among the files, so that it never leads out of their folder."""
    path = next((path for path in _files() if path.name == name), None)
    if path is None:
        raise Http404
    return render(request, "desk/dev_mail_detail.html", {"mails": _read(path)})


def _files() -> list[Path]:
    if settings.MODE == "production":
        raise Http404
    folder = Path(settings.EMAIL_FILE_PATH)
    found = [path for path in folder.glob("*.log") if path.is_file()] if folder.is_dir() else []
    return sorted(found, key=lambda path: (path.stat().st_mtime, path.name), reverse=True)


def _read(path: Path) -> list[SentMail]:
    """The mails of one file: one connection writes them one after another, with a line of hyphens between."""
    at = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    parts = [part.strip() for part in _BETWEEN.split(path.read_bytes())]
    return [_mail(path.name, at, part) for part in parts if part][::-1]


def _mail(name: str, at: datetime, content: bytes) -> SentMail:
    mail = message_from_bytes(content, policy=policy.default)
    body = mail.get_body(preferencelist=("plain",))
    text = str(body.get_content()) if body else ""
    return SentMail(name, at, str(mail.get("To", "")), str(mail.get("Subject", "")), text.strip())
