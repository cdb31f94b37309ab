"""Colleagues, teams and absences in the administration, and what every page of it has in common."""

from typing import Any, ClassVar

from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corporatie.staff import actions
from corporatie.staff.models import Absence, RoleGrant, Team, User
from corporatie.staff.rules import may_administer, may_read_access_log, may_reset_second_factor

# Nobody pages further than this, and counting on would cost on a table that only grows.
MOST_COUNTED = 1000


class HousePaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than a page is of use."""

    @cached_property
    def count(self) -> int:
        """At most a thousand."""
        rows: Any = self.object_list
        return min(int(rows[: MOST_COUNTED + 1].count()), MOST_COUNTED)


class Opened:
    """Who opens a page of the administration: a predicate of the house, never a permission of Django's own."""

    may_add = True
    may_change = True
    may_delete = False

    def opened_by(self, user: Any) -> bool:
        """The question: whoever administers, unless a page says otherwise."""
        return may_administer(user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether it stands on the front page."""
        return self.opened_by(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether it opens."""
        return self.opened_by(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether one may be added."""
        return self.may_add and self.opened_by(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether it can be changed."""
        return self.may_change and self.opened_by(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether it can be thrown away."""
        return self.may_delete and self.opened_by(request.user)


class HouseAdmin(Opened, admin.ModelAdmin):  # type: ignore[type-arg]
    """A page of the administration."""

    paginator = HousePaginator
    list_per_page = 50
    show_full_result_count = False
    view_on_site = False
    # Its name in the menu, where the name of the table would not do; and one line for the front page.
    title: str | Any = ""
    hint: str | Any = ""

    # The browser's own calendar: it fits every screen, and needs no script.
    formfield_overrides = {
        models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
    }

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A choice is a choice: no second window to change what one chooses from."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            wrapper = field.widget
            wrapper.can_add_related = wrapper.can_change_related = False
            wrapper.can_delete_related = wrapper.can_view_related = False
        return field


class ReadOnlyAdmin(HouseAdmin):
    """A page of the administration that shows and changes nothing."""

    may_add = may_change = may_delete = False


class ColleagueForm(forms.ModelForm):  # type: ignore[type-arg]
    """A colleague. A password is never chosen by somebody else."""

    class Meta:
        model = User
        fields: ClassVar = ["name", "email", "phone", "mail_choice", "is_active"]

    def clean_email(self) -> str:
        """One way of writing, so that signing in never hangs on a capital."""
        return str(self.cleaned_data["email"]).lower()


class GrantInline(Opened, admin.StackedInline):  # type: ignore[type-arg]
    """The roles of a colleague. Nobody changes her own."""

    model = RoleGrant
    extra = 0
    may_delete = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not one's own."""
        return super().has_add_permission(request, obj) and not _is_self(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not one's own."""
        return super().has_change_permission(request, obj) and not _is_self(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not one's own."""
        return super().has_delete_permission(request, obj) and not _is_self(request, obj)


def _is_self(request: HttpRequest, obj: Any) -> bool:
    return obj is not None and obj.pk == request.user.pk


@admin.register(User)
class ColleagueAdmin(HouseAdmin):
    """Colleagues and their roles."""

    hint = gettext_lazy("Who works here, with which roles. Someone who leaves is switched off, never deleted.")
    form = ColleagueForm
    inlines = (GrantInline,)
    list_display = ("name", "email", "roles_in_words", "teams_in_words", "is_active")
    list_filter = ("is_active", "grants__role", "teams")
    search_fields = ("name", "email")
    readonly_fields = ("teams_in_words", "last_login", "second_step", "second_step_to_reset")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With roles and teams, each in one query."""
        return (
            super().get_queryset(request).prefetch_related("grants", Prefetch("teams", Team.objects.order_by("name")))
        )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """What there is to fill in; a new colleague works here by definition."""
        known = ["is_active", "teams_in_words", "last_login"] if obj else []
        if obj:
            known.append("second_step" if _is_self(request, obj) else "second_step_to_reset")
        return ["name", "email", "phone", "mail_choice", *known]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Nobody switches herself off."""
        return [*self.readonly_fields, *(["is_active"] if _is_self(request, obj) else [])]

    @admin.display(description=gettext_lazy("roles"))
    def roles_in_words(self, colleague: User) -> str:
        """All roles, side by side."""
        return ", ".join(str(grant) for grant in colleague.grants.all()) or _("none yet")

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

    def get_urls(self) -> list[URLPattern]:
        """With the page that resets the second step."""
        reset = self.admin_site.admin_view(self.reset_view)
        return [path("<path:object_id>/tweede-stap/", reset, name="staff_user_reset"), *super().get_urls()]

    def reset_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Her phone is gone. Asks who one is, and whether one is sure."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        colleague = self.get_object(request, object_id)
        if colleague is None:
            raise Http404
        if not may_reset_second_factor(request.user, colleague):
            raise PermissionDenied
        answer: HttpResponse = reauthentication_required(self._reset)(request, colleague)
        return answer

    def _reset(self, request: HttpRequest, colleague: User) -> HttpResponse:
        back_url = reverse("admin:staff_user_change", args=[colleague.pk])
        if request.method == "POST":
            user: Any = request.user
            try:
                is_told = actions.reset_second_factor(colleague=colleague, by=user, at=timezone.now())
            except ValidationError as refused:
                messages.warning(request, " ".join(refused.messages))
            else:
                words = {"name": colleague.name}
                messages.success(request, _("%(name)s sets up the second step again at the next sign-in.") % words)
                if not is_told:
                    messages.warning(request, _("The mail about it could not be sent. Tell %(name)s yourself.") % words)
            return redirect(back_url)
        title = _("Turn off the second step of %(name)s") % {"name": colleague.name}
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        return TemplateResponse(
            request, "admin/staff/user/reset.html", {**context, "colleague": colleague, "back_url": back_url}
        )

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
        elif "is_active" in form.changed_data and not obj.is_active:
            actions.say_goodbye(colleague=obj, by=request.user, at=now)
            messages.info(request, _("%(name)s is signed out everywhere.") % {"name": obj.name})
        else:
            super().save_model(request, obj, form, change)


class TeamForm(forms.ModelForm):  # type: ignore[type-arg]
    """A team and who is in it: a box to tick for each colleague who works here."""

    members = forms.ModelMultipleChoiceField(
        label=gettext_lazy("colleagues"),
        queryset=User.objects.get_queryset().filter(is_active=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Team
        fields: ClassVar = ["name", "members"]


@admin.register(Team)
class TeamAdmin(HouseAdmin):
    """Teams and who is in them."""

    hint = gettext_lazy("Who works together. A team sees the households of its own neighbourhoods.")
    form = TeamForm
    list_display = ("name",)
    search_fields = ("name",)
    may_delete = True


@admin.register(Absence)
class AbsenceAdmin(HouseAdmin):
    """Who is away, and who stands in."""

    hint = gettext_lazy("Who is away, and who stands in: that colleague gets the reminders and sees the work.")
    list_display = ("user", "substitute", "from_on", "until_on", "part_in_words")
    list_select_related = ("user", "substitute")
    fields = ("user", "substitute", "from_on", "until_on", "part")
    radio_fields: ClassVar = {"part": admin.VERTICAL}
    search_fields = ("user__name", "substitute__name")
    may_delete = True

    @admin.display(description=gettext_lazy("which part of the day"))
    def part_in_words(self, absence: Absence) -> str:
        """Nothing for whole days."""
        return str(absence.only)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Colleagues who work here."""
        kwargs["queryset"] = User.objects.visible_to(request.user).order_by("name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """What was changed in the administration."""

    title = gettext_lazy("What was changed here")
    hint = gettext_lazy("Who changed what in these settings, roles included.")
    list_display = ("action_time", "user", "content_type", "object_repr", "change_in_words")
    list_display_links = None
    list_filter = ("action_flag", "action_time")
    list_select_related = ("user", "content_type")
    search_fields = ("user__name", "object_repr")

    def opened_by(self, user: Any) -> bool:
        """Administrators, and the privacy officer, who watches the handing out of roles."""
        return may_administer(user) or may_read_access_log(user)

    @admin.display(description=gettext_lazy("change"))
    def change_in_words(self, line: LogEntry) -> str:
        """The fields that changed, and the roles that came and went."""
        return line.get_change_message()
