"""What can be done with dwellings, households and people."""

from tenants.actions.delivery import read_delivery
from tenants.actions.households import (
    add_contact_person,
    address_of,
    dwelling_search_text,
    end_tenancy,
    household_name,
    refresh_household,
    set_preference,
    start_tenancy,
    tenancy_search_text,
)
from tenants.actions.neighbourhoods import keep_neighbourhood

__all__ = [
    "add_contact_person",
    "address_of",
    "dwelling_search_text",
    "end_tenancy",
    "household_name",
    "keep_neighbourhood",
    "read_delivery",
    "refresh_household",
    "set_preference",
    "start_tenancy",
    "tenancy_search_text",
]
