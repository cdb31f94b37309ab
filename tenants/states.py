"""The choices of this room, each with its VERA code where the sector has one."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MembershipRole(TextChoices):
    """Who someone is in a household. VERA RELATIEROLSOORT: HUU, MDH, MBW."""

    TENANT = "tenant", _("Tenant")
    CO_TENANT = "co_tenant", _("Co-tenant")
    OCCUPANT = "occupant", _("Occupant")


VERA_ROLE = {
    "HUU": MembershipRole.TENANT,
    "MDH": MembershipRole.CO_TENANT,
    "MBW": MembershipRole.OCCUPANT,
}


class ContactRelation(TextChoices):
    """Who a contact person is. VERA: CPE, BWI, CUR, AMB; the others have no code."""

    INFORMAL_CARER = "informal_carer", _("Informal carer")
    FAMILY = "family", _("Family")
    ADMINISTRATOR = "administrator", _("Administrator of the money")
    GUARDIAN = "guardian", _("Legal guardian")
    SUPPORT_WORKER = "support_worker", _("Support worker")
    KEY_HOLDER = "key_holder", _("Key holder")
    INTERPRETER = "interpreter", _("Interprets")
    OTHER = "other", _("Contact person")


class Channel(TextChoices):
    """How we reach someone. VERA COMMUNICATIEKANAAL: BEZ, TEL, BAL, EMA, APP, SMS, BRI."""

    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    MESSAGE = "message", _("Text message")
    LETTER = "letter", _("Letter")
    DESK = "desk", _("At the desk")
    VISIT = "visit", _("At home")
    STREET = "street", _("In the neighbourhood")


# What the overviews count as one: spoken, and written.
BY_VOICE = (Channel.PHONE, Channel.DESK, Channel.VISIT, Channel.STREET)
ON_PAPER = (Channel.EMAIL, Channel.MESSAGE, Channel.LETTER)


class Daypart(TextChoices):
    """Part of the day. VERA DAGDEEL: OCH 8-12, MID 12-18, AVO 18-24."""

    MORNING = "morning", _("Morning")
    AFTERNOON = "afternoon", _("Afternoon")
    EVENING = "evening", _("Evening")


class DwellingKind(TextChoices):
    """VERA EENHEIDSOORT."""

    HOME = "WOO", pgettext_lazy("kind of dwelling", "Home")
    BUSINESS = "BED", _("Business space")
    CARE = "INT", _("Care home")
    SOCIAL = "MOG", _("Community building")
    PARKING = "PAR", _("Parking space")
    OTHER = "OVE", _("Other space")


class DwellingStatus(TextChoices):
    """VERA EENHEIDSTATUS."""

    LET = "VEH", _("Let")
    VACANT = "LEE", _("Vacant")
    DEVELOPMENT = "ONT", _("Being built")
    OUT = "UIT", _("No longer let")
    ADMINISTRATIVE = "ADM", _("On paper only")


class Language(TextChoices):
    """The language someone speaks with us: ISO 639-3."""

    DUTCH = "nld", _("Dutch")
    ARABIC = "ara", _("Arabic")
    TURKISH = "tur", _("Turkish")
    POLISH = "pol", _("Polish")
    ENGLISH = "eng", _("English")
    UKRAINIAN = "ukr", _("Ukrainian")
    BERBER = "ber", _("Berber")
    TIGRINYA = "tir", _("Tigrinya")
    OTHER = "und", _("Another language")
