"""Neighbourhoods, complexes and addresses in the administration. Never who lives there."""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from corporatie.staff.admin import AskedAnewAdmin, AskedAnewForm, HouseAdmin, ReadOnlyAdmin
from tenants import actions
from tenants.models import Complex, Dwelling, Neighbourhood
from tenants.rules import why_team_may_not_have_it


class NeighbourhoodForm(AskedAnewForm):
    """A neighbourhood and its team: who sees the households follows from it."""

    class Meta:
        model = Neighbourhood
        fields: ClassVar = ["name", "district", "team"]
        help_texts: ClassVar = {"name": _("A delivery knows the neighbourhood by this. Later it cannot be changed.")}

    def clean_team(self) -> Any:
        """Nobody gives her own team another neighbourhood to read in."""
        team = self.cleaned_data["team"]
        if "team" in self.changed_data and (reason := why_team_may_not_have_it(team, by=self.by)):
            raise ValidationError(reason)
        return team


@admin.register(Neighbourhood)
class NeighbourhoodAdmin(AskedAnewAdmin):
    """Neighbourhoods and the team that looks after each."""

    form = NeighbourhoodForm
    hint = _("Which team looks after which neighbourhood. Without a team nobody sees the households.")
    list_display = ("name", "district", "team")
    list_filter = ("team",)
    list_select_related = ("team",)
    search_fields = ("name", "district")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Its name stays as it is: a delivery finds it by that."""
        return ["name", "district"] if obj else []

    def save_model(self, request: HttpRequest, obj: Neighbourhood, form: Any, change: bool) -> None:  # noqa: FBT001
        """By its verb."""
        actions.keep_neighbourhood(neighbourhood=obj, by=request.user, at=timezone.now())


@admin.register(Complex)
class ComplexAdmin(HouseAdmin):
    """Complexes."""

    hint = _("Groups of homes that are managed as one.")
    list_display = ("code", "name")
    search_fields = ("code", "name")


@admin.register(Dwelling)
class DwellingAdmin(ReadOnlyAdmin):
    """Addresses, to look up. They change by the next delivery."""

    hint = _("Look up an address. It changes with the next delivery, not here.")
    fields = (
        "address", "postcode", "town", "external_id", "neighbourhood", "complex", "kind", "status", "floor",
        "stairwell", "built_in", "rooms", "area", "bag_vbo_id", "missing_since",
    )  # fmt: skip
    list_display = ("address", "postcode", "town", "neighbourhood", "complex", "kind", "status")
    list_filter = ("neighbourhood", "kind", "status")
    list_select_related = ("neighbourhood", "complex")
    ordering = ("street", "number", "letter", "addition")
    search_fields = ("address", "postcode", "external_id")
