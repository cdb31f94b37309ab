"""Neighbourhoods, complexes and addresses in the administration. Never who lives there."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from corporatie.staff.admin import HouseAdmin, ReadOnlyAdmin
from tenants.models import Complex, Dwelling, Neighbourhood


@admin.register(Neighbourhood)
class NeighbourhoodAdmin(HouseAdmin):
    """Neighbourhoods and the team that looks after each."""

    hint = _("Which team looks after which neighbourhood. Without a team nobody sees the households.")
    list_display = ("name", "district", "team")
    list_filter = ("team",)
    list_select_related = ("team",)
    search_fields = ("name", "district")


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
