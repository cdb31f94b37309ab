"""The administration: people, teams, neighbourhoods, working days, texts. No dossier content, ever."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils.translation import gettext_lazy as _

from cases.rules import may_name_heir
from corporatie.staff.rules import own_page

# The front page is ordered by the job one comes to do, not by the room a table lies in.
JOBS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("People & teams"), ("staff.user", "staff.team", "staff.absence", "work.duty")),
    (_("Homes & complexes"), ("tenants.neighbourhood", "tenants.complex", "tenants.dwelling")),
    (_("Choice lists"), ("work.choicesetting",)),
    (_("Working days"), ("work.specialday", "work.dutyhours", "work.responsenorm")),
    (_("Texts"), ("work.housetext",)),
    (_("Log"), ("privacy.access", "admin.logentry", "staff.accountchange")),
    (_("Technical"), ("work.outgoingmail", "work.heartbeat")),
)


class BeheerSite(admin.AdminSite):
    """The front door of the administration."""

    site_header = _("Settings of Keukentafel")
    site_title = _("Settings")
    index_title = _("Settings")
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        """Application administrators, and the privacy officer for the log of reads."""
        return bool(request.user.is_active and request.user.is_authenticated and request.user.is_staff)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only the tables of the house, each saying who opens it. A library does not put its own here by itself."""
        if hasattr(admin_class, "opened_by"):
            super().register(model_or_iterable, admin_class, **options)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:  # type: ignore[override]  # noqa: FBT001
        """Who is signed in but has nothing to do here is refused, and not asked to sign in once more."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            try:
                return inner(request, *args, **kwargs)
            except OverflowError as fault:
                # A number that no row can have, which SQLite cannot be asked for: no page of ours sends it.
                raise BadRequest("a number out of range") from fault

        return guarded

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one door: signing in with the second factor."""
        if request.user.is_authenticated:
            return redirect("admin:index")
        onward = own_page(request.GET.get("next")) or reverse("admin:index")
        return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': onward})}")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        """There is one way out."""
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        """There is one place to change a password."""
        return redirect("account_change_password")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """With the one page about dossiers that who watches over reading has, which shows nothing of them."""
        return super().index(request, {"may_name_heir": may_name_heir(request.user), **(extra_context or {})})

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The tables of one room under its own name."""
        known = {config.label: config.verbose_name for config in apps.get_app_configs()}
        return super().app_index(request, app_label, {"title": known.get(app_label, ""), **(extra_context or {})})

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """Without the road that leads from any number of any table to the page of that row, and the one that looks
        up what somebody types: no page of ours asks it."""
        closed = {"view_on_site", "autocomplete"}
        return [url for url in super().get_urls() if getattr(url, "name", None) not in closed]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The tables by job, each with one line that says what it is for."""
        rooms = super().get_app_list(request, app_label)
        if app_label is not None:
            return rooms
        tables = {entry["model"]._meta.label_lower: entry for room in rooms for entry in room["models"]}
        jobs = []
        for name, labels in JOBS:
            found = [self._entry(tables[label]) for label in labels if label in tables]
            if found:
                jobs.append({"name": name, "app_label": labels[0].split(".")[0], "app_url": "", "models": found})
        return jobs

    def _entry(self, table: dict[str, Any]) -> dict[str, Any]:
        page: Any = self._registry[table["model"]]
        return table | {"name": page.title or table["name"], "hint": page.hint}
