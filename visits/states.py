"""The choices of this room and the one table of moves."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from corporatie.work.states import ChoiceList, add_choice_list


class VisitReason(TextChoices):
    """Why we come."""

    INTRODUCTION = "introduction", _("Getting to know each other")
    TALK = "talk", _("Talk at the kitchen table")
    RENOVATION_INTAKE = "renovation_intake", _("Renovation intake")
    SOCIAL_SURVEY = "social_survey", _("Survey with the residents")
    TECHNICAL_SURVEY = "technical_survey", _("Survey of the building")
    SIGNAL = "signal", _("Following up a signal")
    NUISANCE = "nuisance", _("Nuisance")
    ARREARS = "arrears", _("Rent arrears")
    RECHECK = "recheck", _("Looking at the home again")
    AFTER_MOVE = "after_move", _("After moving in")
    NEW_TENANT = "new_tenant", _("New tenant, after 30 days")
    RESIDENT_ASKED = "resident_asked", _("The resident asked for it")
    PARTNER_ASKED = "partner_asked", _("A partner asked for it")
    AFTERCARE = "aftercare", _("After the works")
    MEDIATION = "mediation", _("Mediation")


add_choice_list(
    ChoiceList(
        "visit_reason",
        _("Why we come"),
        VisitReason,
        always=frozenset({VisitReason.TALK, VisitReason.RENOVATION_INTAKE}),
    )
)


class VisitStatus(TextChoices):
    """Where a visit is."""

    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    NOBODY_HOME = "nobody_home", _("Nobody home")
    REFUSED = "refused", _("Did not want to")
    MOVED = "moved", _("Moved to another time")
    UNSAFE = "unsafe", _("Unsafe, left")
    CANCELLED = "cancelled", _("Did not take place")


class Outcome(TextChoices):
    """What came of it, as one taps it on the card."""

    TALKED = "talked", _("Talked")
    TALKED_AT_DOOR = "talked_at_door", _("Talked at the door")
    NOBODY_HOME = "nobody_home", _("Nobody home")
    REFUSED = "refused", _("Did not want to")
    MOVED_BY_RESIDENT = "moved_by_resident", _("Moved by the resident")
    MOVED_BY_US = "moved_by_us", _("Moved by us")
    UNSAFE = "unsafe", _("Unsafe, left")
    EMPTY = "empty", _("Nobody lives there")
    CANCELLED = "cancelled", _("Did not take place")


STATUS_AFTER = {
    Outcome.TALKED: VisitStatus.HELD,
    Outcome.TALKED_AT_DOOR: VisitStatus.HELD,
    Outcome.NOBODY_HOME: VisitStatus.NOBODY_HOME,
    Outcome.REFUSED: VisitStatus.REFUSED,
    Outcome.MOVED_BY_RESIDENT: VisitStatus.MOVED,
    Outcome.MOVED_BY_US: VisitStatus.MOVED,
    Outcome.UNSAFE: VisitStatus.UNSAFE,
    Outcome.EMPTY: VisitStatus.NOBODY_HOME,
    Outcome.CANCELLED: VisitStatus.CANCELLED,
}

# The one table of moves. A next attempt is a next visit.
MOVES: dict[str, frozenset[str]] = {
    VisitStatus.PLANNED: frozenset(status for status in VisitStatus.values if status != VisitStatus.PLANNED),
    VisitStatus.HELD: frozenset(),
    VisitStatus.NOBODY_HOME: frozenset(),
    VisitStatus.REFUSED: frozenset(),
    VisitStatus.MOVED: frozenset(),
    VisitStatus.UNSAFE: frozenset(),
    VisitStatus.CANCELLED: frozenset(),
}

# Other than "talked" and "nobody home": the answers behind "Anders" on the card.
OTHER_OUTCOMES = (
    Outcome.TALKED_AT_DOOR,
    Outcome.REFUSED,
    Outcome.MOVED_BY_RESIDENT,
    Outcome.UNSAFE,
    Outcome.EMPTY,
    Outcome.CANCELLED,
)


class DoorSign(TextChoices):
    """What one saw at a closed door."""

    CARD_LEFT = "card_left", _("Left a card")
    INTERCOM = "intercom", _("Spoke through the intercom")
    BELL_BROKEN = "bell_broken", _("The bell does not work")
    LIVED_IN = "lived_in", _("Looks lived in")


class NextTime(TextChoices):
    """How to try the next time."""

    DAYTIME = "daytime", _("During the day")
    EVENING = "evening", _("In the evening")
    WEEKEND = "weekend", _("At the weekend")
    PHONE = "phone", _("By phone")


class Mood(TextChoices):
    """The one answer of a talk outside a renovation project: how did it go?"""

    GOOD = "good", _("Good talk")
    WORRY = "worry", _("Something is going on")
    LATER = "later", _("Wants to talk on later")


class LifeArea(TextChoices):
    """What we talked about. Our own list of six, about living; no scores."""

    HOME = "home", _("Home and maintenance")
    NEIGHBOURS = "neighbours", _("Neighbours and neighbourhood")
    MONEY = "money", _("Money and paperwork")
    DAILY = "daily", _("Daily things at home")
    SUPPORT = "support", _("Contacts and support")
    SAFETY = "safety", _("Feeling safe")


class AreaAnswer(TextChoices):
    """How it goes with one part of living."""

    WELL = "well", _("Goes well")
    ATTENTION = "attention", _("Needs attention")
    HELP = "help", _("Help wanted")


class Announced(TextChoices):
    """How the visit was announced."""

    NO = "no", _("Not announced")
    PHONE = "phone", _("By phone")
    LETTER = "letter", _("By letter")
    EMAIL = "email", _("By e-mail")


class Direction(TextChoices):
    """Who sought contact. VERA COMMUNICATIERICHTING: INK, UIT."""

    IN = "in", _("They contacted us")
    OUT = "out", _("We contacted them")


# After this many closed doors the card asks for another way: a letter, family, the social team.
OTHER_WAY_AFTER = 3
