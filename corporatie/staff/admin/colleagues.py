"""Colleagues and their roles in the administration."""

import json
from typing import Any, ClassVar

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth import update_session_auth_hash
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corporatie.staff import actions
from corporatie.staff.admin.house import (
    AskedAnewAdmin,
    AskedAnewForm,
    Opened,
    first_who,
    is_asked_anew,
)
from corporatie.staff.models import RoleGrant, Team, User, WaitingRole
from corporatie.staff.permissions import Role
from corporatie.staff.rules import (
    confirms_alone_from,
    may_confirm_role,
    may_reset_second_factor,
)


class ColleagueForm(AskedAnewForm):
    """A colleague. A password is never chosen by somebody else."""

    class Meta:
        model = User
        fields: ClassVar = ["name", "email", "phone", "mail_choice", "is_active"]
        help_texts: ClassVar = {
            "is_active": gettext_lazy(
                "Unticked, the colleague is signed out everywhere and the work waits. Does somebody leave for good, "
                "then begin with “Goodbye” below: there the work is divided."
            )
        }

    def clean_email(self) -> str:
        """One way of writing, so that signing in never hangs on a capital."""
        return str(self.cleaned_data["email"]).lower()


class GrantInline(Opened, admin.StackedInline):  # type: ignore[type-arg]
    """The roles of a colleague: given and taken, never turned into another. Nobody changes her own."""

    model = RoleGrant
    extra = 0
    may_change = False
    may_delete = True

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """A new colleague has an empty row for a role, also without scripts."""
        return self.extra if obj else 1

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not one's own."""
        return super().has_add_permission(request, obj) and not _is_self(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not one's own."""
        return super().has_delete_permission(request, obj) and not _is_self(request, obj)


def _is_self(request: HttpRequest, obj: Any) -> bool:
    return obj is not None and obj.pk == request.user.pk


@admin.register(User)
class ColleagueAdmin(AskedAnewAdmin):
    """Colleagues and their roles."""

    hint = gettext_lazy(
        "Who can sign in, with which roles. Does somebody leave, or go to another team? Open that colleague and choose "
        "“Divide the work, close access”."
    )
    form = ColleagueForm
    inlines = (GrantInline,)
    list_display = ("name", "email", "roles_in_words", "teams_in_words", "is_active")
    list_filter = ("is_active", "grants__role", "teams")
    search_fields = ("name", "email")
    readonly_fields = (
        "teams_in_words",
        "last_login",
        "second_step",
        "second_step_to_reset",
        "goodbye",
        "waiting_in_words",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With roles and teams, each in one query."""
        return (
            super()
            .get_queryset(request)
            .prefetch_related("grants", "waiting_roles", Prefetch("teams", Team.objects.order_by("name")))
        )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """What there is to fill in; a new colleague works here by definition."""
        known = ["is_active", "teams_in_words", "last_login"] if obj else []
        if obj:
            known.append("second_step" if _is_self(request, obj) else "second_step_to_reset")
            known += [] if _is_self(request, obj) else ["goodbye"]
        if obj and obj.waiting_roles.all():
            known.append("waiting_in_words")
        return ["name", "email", "phone", "mail_choice", *known]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Nobody switches herself off."""
        return [*self.readonly_fields, *(["is_active"] if _is_self(request, obj) else [])]

    @admin.display(description=gettext_lazy("roles"))
    def roles_in_words(self, colleague: User) -> str:
        """All roles, side by side; what waits says so."""
        held = [str(grant) for grant in colleague.grants.all()]
        waits = _("%(role)s (waits for confirmation by a second administrator)")
        return ", ".join([*held, *(waits % {"role": each} for each in colleague.waiting_roles.all())]) or _("none yet")

    @admin.display(description=gettext_lazy("waits for confirmation by a second administrator"))
    def waiting_in_words(self, colleague: User) -> str:
        """Each role that waits, with the page on which a second administrator confirms it."""
        return format_html_join(
            ", ",
            '<a href="{}">{}</a>',
            (
                (reverse("admin:staff_user_role", args=[colleague.pk, waiting.pk]), str(waiting))
                for waiting in colleague.waiting_roles.all()
            ),
        )

    @admin.display(description=gettext_lazy("teams"))
    def teams_in_words(self, colleague: User) -> str:
        """All teams, side by side."""
        return ", ".join(team.name for team in colleague.teams.all()) or _("none yet")

    @admin.display(description=gettext_lazy("second step for signing in"))
    def second_step(self, colleague: User) -> str:
        """Whether it is set up."""
        return _("set up") if is_mfa_enabled(colleague) else _("not set up yet")

    @admin.display(description=gettext_lazy("second step for signing in"))
    def second_step_to_reset(self, colleague: User) -> str:
        """The same, with the way to reset it."""
        words = self.second_step(colleague)
        if not is_mfa_enabled(colleague):
            return words
        url = reverse("admin:staff_user_reset", args=[colleague.pk])
        return format_html('{} · <a href="{}">{}</a>', words, url, _("Turn off the second step"))

    @admin.display(description=gettext_lazy("goodbye, or another team"))
    def goodbye(self, colleague: User) -> str:
        """The way to what happens with her work."""
        return format_html(
            '<a href="{}">{}</a>', reverse("leaving", args=[colleague.pk]), _("Divide the work, close access")
        )

    def get_urls(self) -> list[URLPattern]:
        """With the page that resets the second step, and the one that confirms a role."""
        reset = self.admin_site.admin_view(self.reset_view)
        role = self.admin_site.admin_view(self.role_view)
        return [
            path("<path:object_id>/tweede-stap/", reset, name="staff_user_reset"),
            path("<path:object_id>/rol/<int:waiting_id>/", role, name="staff_user_role"),
            *super().get_urls(),
        ]

    def reset_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Her phone is gone. Asks who one is, and whether one is sure."""
        colleague = self._asked_about(request, object_id)
        if not may_reset_second_factor(request.user, colleague):
            raise PermissionDenied
        return self._reset(request, colleague) if is_asked_anew(request) else first_who(request)

    def _asked_about(self, request: HttpRequest, object_id: str) -> User:
        if not self.has_change_permission(request):
            raise PermissionDenied
        colleague = self.get_object(request, object_id)
        if colleague is None:
            raise Http404
        return colleague

    def _reset(self, request: HttpRequest, colleague: User) -> HttpResponse:
        back_url = reverse("admin:staff_user_change", args=[colleague.pk])
        if request.method == "POST":
            user: Any = request.user
            try:
                actions.reset_second_factor(colleague=colleague, by=user, at=timezone.now())
            except ValidationError as refused:
                messages.warning(request, " ".join(refused.messages))
            else:
                words = {"name": colleague.name}
                messages.success(request, _("%(name)s sets up the second step again at the next sign-in.") % words)
            return redirect(back_url)
        title = _("Turn off the second step of %(name)s") % {"name": colleague.name}
        return self._question(request, "reset", {"title": title, "colleague": colleague, "back_url": back_url})

    def role_view(self, request: HttpRequest, object_id: str, waiting_id: int) -> HttpResponse:
        """A role waits. A second administrator confirms it; any administrator withdraws it."""
        colleague = self._asked_about(request, object_id)
        waiting = colleague.waiting_roles.select_related("asked_by", "user").filter(pk=waiting_id).first()
        if waiting is None:
            raise Http404
        if not is_asked_anew(request):
            return first_who(request)
        back_url = reverse("admin:staff_user_change", args=[colleague.pk])
        if request.method == "POST":
            self._answer(request, waiting)
            return redirect(back_url)
        page: dict[str, Any] = {"colleague": colleague, "waiting": waiting, "back_url": back_url, "title": str(waiting)}
        now = timezone.now()
        page["may_confirm"] = may_confirm_role(request.user, waiting, at=now)
        page["alone_from"] = confirms_alone_from(request.user, waiting, at=now)
        return self._question(request, "role", page)

    def _answer(self, request: HttpRequest, waiting: WaitingRole) -> None:
        user: Any = request.user
        is_confirmed = "confirm" in request.POST
        words = {"name": waiting.user.name, "role": str(waiting)}
        try:
            verb = actions.confirm_role if is_confirmed else actions.dismiss_role
            verb(waiting=waiting, by=user, at=timezone.now())
        except ValidationError as refused:
            messages.warning(request, " ".join(refused.messages))
            return
        if is_confirmed:
            messages.success(request, _("%(name)s is %(role)s from now on.") % words)
        else:
            messages.success(request, _("%(name)s does not become %(role)s.") % words)
        self.log_change(request, waiting.user, [{"added" if is_confirmed else "deleted": _named(waiting)}])

    def _question(self, request: HttpRequest, template: str, page: dict[str, Any]) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, **page}
        return TemplateResponse(request, f"admin/staff/user/{template}.html", context)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        """The log names nobody: the number leads to the name as long as it is kept."""
        return _log(request, obj, ADDITION, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        """The log names nobody."""
        return _log(request, obj, CHANGE, message)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001
        """A new colleague asks for a password herself; one who leaves is out at once."""
        now = timezone.now()
        if not change:
            actions.welcome(colleague=obj, by=request.user, at=now)
            messages.info(
                request,
                _("%(name)s has no password yet. Let the colleague use “Forgot your password?” at sign-in.")
                % {"name": obj.name},
            )
            return
        actions.change_colleague(colleague=obj, by=request.user, at=now)
        if "is_active" in form.changed_data and not obj.is_active:
            messages.info(request, _("%(name)s is signed out everywhere.") % {"name": obj.name})
        if "email" in form.changed_data:
            # Her own other sessions ended; the one in which she did it goes on.
            if _is_self(request, obj):
                update_session_auth_hash(request, obj)
            else:
                messages.info(request, _("%(name)s is signed out everywhere.") % {"name": obj.name})

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001
        """Each role by its own verb."""
        user: Any = request.user
        now = timezone.now()
        colleague = form.instance
        formset.save(commit=False)
        for grant in formset.deleted_objects:
            actions.take_role(colleague=colleague, role=Role(grant.role), by=user, at=now)
        waiting = [
            grant
            for grant in formset.new_objects
            if not actions.give_role(colleague=colleague, role=Role(grant.role), by=user, at=now)
        ]
        # What waits was not given: the log says so, and so does the page.
        formset.new_objects = [grant for grant in formset.new_objects if grant not in waiting]
        for grant in waiting:
            words = {"name": colleague.name, "role": str(grant)}
            told = _("%(name)s becomes %(role)s only when a second administrator confirms it.")
            messages.warning(request, told % words)
            self.log_change(request, colleague, _("Asked for: %(role)s. Waits for a second administrator.") % words)


def _named(row: Any) -> dict[str, str]:
    return {"name": str(RoleGrant._meta.verbose_name), "object": str(row)}


def _log(request: HttpRequest, colleague: User, flag: int, message: Any) -> LogEntry:
    user: Any = request.user
    return LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(colleague.pk),
        object_repr=colleague.number_in_words,
        action_flag=flag,
        change_message=json.dumps(message) if isinstance(message, list) else message,
    )
