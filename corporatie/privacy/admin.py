"""The log of reads in the administration, for the privacy officer only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from corporatie.privacy.models import Access
from corporatie.staff.admin import ReadOnlyAdmin
from corporatie.staff.rules import may_read_access_log


@admin.register(Access)
class AccessAdmin(ReadOnlyAdmin):
    """Who looked at what. Ids only: it never repeats what was read."""

    hint = _("Who looked at which page, and when. It never repeats what was read.")
    fields = ("at", "by", "roles", "look", "subject_label", "subject_id", "shown", "request_id")
    list_display = ("at", "by", "look", "subject_label", "subject_id")
    list_filter = ("look", "at")
    search_fields = ("by__name",)
    ordering = ("-id",)

    def opened_by(self, user: Any) -> bool:
        """The privacy officer, and nobody else."""
        return may_read_access_log(user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Access]:
        """What this colleague may review."""
        return Access.objects.visible_to(request.user).select_related("by").order_by("-id")
