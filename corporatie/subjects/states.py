"""The privacy decision that every field of every model carries."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Sensitivity(IntEnum):
    """Class 1-4: what a leak of this field would mean. Class 4 is stored encrypted."""

    OPEN = 1
    INTERNAL = 2
    CONFIDENTIAL = 3
    SECRET = 4


class Retention(StrEnum):
    """When a row has had its time. The terms themselves are settings of the association."""

    TENANCY = "two years after the tenancy ends"
    CASE = "with its dossier"
    VISIT = "with its visit"
    PROJECT = "with the aftercare of its project"
    FLAG = "one year after it ended"
    LOG = "five years after the event"
    NOTICE = "three months after it was made"
    STAFF = "two years after the colleague left"
    SETTING = "as long as the association uses it"
    STOCK = "as long as the association owns it"


@dataclass(frozen=True)
class Keep:
    """How long a model's rows are kept, and how sensitive each field is.

    ``fields`` names every concrete field that is not a key; a key (primary or foreign) is ``INTERNAL``.
    ``export`` says whether the row belongs in a resident's own overview (AVG art. 15).
    """

    retention: Retention
    fields: dict[str, Sensitivity] = field(default_factory=dict)
    export: bool = False
