"""The log of reads in the administration, for the privacy officer only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from corporatie.privacy.models import Access
from corporatie.staff.admin import ReadOnlyAdmin
from corporatie.staff.permissions import Role
from corporatie.staff.rules import may_read_access_log
from corporatie.subjects.models import subject_model


@admin.register(Access)
class AccessAdmin(ReadOnlyAdmin):
    """Who looked at what. Ids only: it never repeats what was read."""

    title = _("Who looked at what")
    hint = _("Who looked at which page, and when. It never repeats what was read.")
    fields = ("at", "who", "roles_in_words", "look", "page_in_words", "subject_id", "shown", "request_id")
    list_display = ("at", "by", "look", "page_in_words", "subject_id")
    list_filter = ("look", "at")
    search_fields = ("by__name",)
    ordering = ("-id",)

    def opened_by(self, user: Any) -> bool:
        """The privacy officer, and nobody else."""
        return may_read_access_log(user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Access]:
        """What this colleague may review."""
        return Access.objects.visible_to(request.user).select_related("by").order_by("-id")

    @admin.display(description=_("who"), ordering="by__name")
    def who(self, line: Access) -> str:
        """By name, not as a link: who reviews the log does not administer the colleague."""
        return line.by.name

    @admin.display(description=_("kind of page"), ordering="subject_label")
    def page_in_words(self, line: Access) -> str:
        """The kind of page in words; a page that is no subject keeps its code."""
        model = subject_model(line.subject_label)
        return str(model._meta.verbose_name) if model else line.subject_label

    @admin.display(description=_("roles"))
    def roles_in_words(self, line: Access) -> str:
        """The roles she held then. A role that is gone since keeps its code."""
        return ", ".join(str(dict(Role.choices).get(code, code)) for code in line.roles.split(",") if code)
