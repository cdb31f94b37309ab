"""What every page of the administration has in common, and those that change who gets in where."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _

from corporatie.staff.rules import may_administer
from corporatie.subjects.fields import DayField

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
        models.DateField: {"form_class": DayField, "earliest": None, "chips": False},
    }

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what the filters beside the list ask themselves.

        Anything else in the address reads a column that is on no page letter by letter, or keeps the database busy.
        """
        asked = (
            question
            for path in (self.get_list_filter(request) if request else self.list_filter)
            for question in _questions_of(str(path), get_fields_from_path(self.model, str(path))[-1]).items()
        )
        return any(lookup == name and is_good(value) for name, is_good in asked)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A choice is a choice: no second window to change what one chooses from."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            wrapper = field.widget
            wrapper.can_add_related = wrapper.can_change_related = False
            wrapper.can_delete_related = wrapper.can_view_related = False
        return field


def _questions_of(path: str, field: Any) -> dict[str, Any]:
    """What the library's own filter on this field puts in an address, and what may stand behind it."""
    if field.remote_field:
        return {f"{path}__{field.target_field.name}__exact": _is_number, f"{path}__isnull": _is_yes_or_no}
    if isinstance(field, models.BooleanField):
        return {f"{path}__exact": {"0", "1"}.__contains__}
    if isinstance(field, models.DateField):
        return {f"{path}__gte": _is_moment, f"{path}__lt": _is_moment}
    return {f"{path}__exact": {str(choice) for choice, _words in field.flatchoices}.__contains__}


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < len(str(2**63))


def _is_yes_or_no(value: str) -> bool:
    return value in {"True", "False"}


def _is_moment(value: str) -> bool:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return False
    # Nearer to either end, moving it to another zone would leave the calendar.
    return date.min.year < moment.year < date.max.year


class ReadOnlyAdmin(HouseAdmin):
    """A page of the administration that shows and changes nothing."""

    may_add = may_change = may_delete = False


# --- Who gets in where: asked anew -------------------------------------------------------------------------
def is_asked_anew(request: HttpRequest) -> bool:
    """She showed within the last five minutes that it is she, with the second step where she has one."""
    return bool(did_recently_reauthenticate(request))


def ask_anew_url(request: HttpRequest, onward: str) -> str:
    methods = get_adapter(request).get_reauthentication_methods(request.user)
    return f"{methods[0]['url']}?{urlencode({'next': onward})}"


class AskedAnewForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that saves only for who showed a moment ago that it is she. What was typed stays on the page."""

    ask_anew_url = ""
    by: Any = None

    def clean(self) -> dict[str, Any]:
        """Nothing is saved, and the sentence says so."""
        answers: dict[str, Any] = super().clean() or {}
        if self.ask_anew_url:
            words = _("Nothing is saved yet: it is more than five minutes ago that you showed who you are.")
            then = _("Then come back to this tab and save once more. What you filled in still stands here.")
            link = '{} <a href="{}" target="_blank" rel="noopener">{}</a> {}'
            self.add_error(
                None, ValidationError(format_html(link, words, self.ask_anew_url, _("Show it in a new tab."), then))
            )
        return answers


class AskedAnewAdmin(HouseAdmin):
    """A page that changes who gets in where. Before one fills it in, it asks who one is."""

    form = AskedAnewForm
    # One at a time: each by its own verb.
    actions = None

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001
        """The form knows who sends it, and whether she showed a moment ago that it is she."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.by = request.user
        if request.method == "POST" and not is_asked_anew(request):
            form.ask_anew_url = ask_anew_url(request, reverse("admin:index"))
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Asked before there is anything to lose."""
        if request.method != "POST" and self.opened_by(request.user) and not is_asked_anew(request):
            return redirect(ask_anew_url(request, request.get_full_path()))
        return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        """Throwing away asks it too; there is nothing typed to lose."""
        if self.opened_by(request.user) and not is_asked_anew(request):
            return first_who(request)
        return super().delete_view(request, object_id, extra_context)


def first_who(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        messages.warning(request, _("Nothing was changed. First show who you are, then try once more."))
    return redirect(ask_anew_url(request, request.path))
