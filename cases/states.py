"""The choices of this room and the one table of moves. Codes of VERA stand beside ours where there are any."""

from datetime import timedelta

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from corporatie.work.states import ChoiceList, Norm, add_choice_list, add_norm


class Severity(IntegerChoices):
    """How serious it is. The higher, the sooner; the norms are the association's own (servicenorm)."""

    LOW = 1, _("Low")
    MEDIUM = 2, _("Medium")
    HIGH = 3, _("High")
    ACUTE = 4, _("Acute")


# Working days until the first action, where the association set nothing else.
NORM_DAYS = {Severity.ACUTE: 0, Severity.HIGH: 2, Severity.MEDIUM: 5, Severity.LOW: 10}
for _severity, _days in NORM_DAYS.items():
    # Acute means: the same day, working day or not.
    add_norm(Norm(_severity.value, _severity.label, _days, is_fixed=_severity == Severity.ACUTE))

SEVERITY_ICON = {Severity.ACUTE: "warn", Severity.HIGH: "high", Severity.MEDIUM: "mid", Severity.LOW: "low"}
SEVERITY_TONE = {Severity.ACUTE: "bad", Severity.HIGH: "warn", Severity.MEDIUM: "", Severity.LOW: ""}


class Confidentiality(TextChoices):
    """Who may know. VERA VERTROUWELIJKHEID: INT, VER, GEH."""

    INTERNAL = "INT", _("Internal")
    CONFIDENTIAL = "VER", _("Confidential")
    SECRET = "GEH", _("Secret")


class SignalType(TextChoices):
    """What may be wrong. The VERA code (ZAAKTYPEDETAILSOORT) is for export only, see ``VERA_TYPE``."""

    FILTH = "filth", _("Dirty home or garden")
    HOARDING = "hoarding", _("Home very full, collecting")
    NEGLECT = "neglect", _("Neglect of home or self")
    LONELINESS = "loneliness", _("Loneliness")
    CONFUSION = "confusion", _("Behaviour that is not understood")
    SUBSTANCES = "substances", _("Worries about alcohol or drugs")
    MONEY = "money", _("Money worries or rent arrears")
    ENERGY = "energy", _("Cold home, energy costs")
    INDEPENDENCE = "independence", _("Worries about living independently")
    SAFETY_HOME = "safety_home", _("Worries about safety at home")
    CHILDREN = "children", _("Worries about children")
    NOISE = "noise", _("Noise nuisance")
    NEIGHBOURS = "neighbours", _("Quarrel between neighbours")
    NUISANCE = "nuisance", _("Other nuisance")
    INTIMIDATION = "intimidation", _("Threats or aggression towards neighbours")
    AGGRESSION = "aggression", _("Aggression towards a colleague")
    FIRE = "fire", _("Danger of fire or gas")
    NO_CONTACT = "no_contact", _("No contact, mail piles up")
    REFUSES_REPAIR = "refuses_repair", _("Lets no one in for repairs")
    UNFIT_HOME = "unfit_home", _("The home no longer fits")
    OTHER = "other", _("Something else")
    DRUGS = "drugs", _("Suspicion of dealing in drugs or of growing hemp")
    SUBLETTING = "subletting", _("Suspicion of subletting, or of not living there oneself")


SIGNAL_ICON = {
    SignalType.FILTH: "broom",
    SignalType.HOARDING: "inbox",
    SignalType.NEGLECT: "away",
    SignalType.LONELINESS: "alone",
    SignalType.CONFUSION: "quiz",
    SignalType.SUBSTANCES: "glass",
    SignalType.MONEY: "euro",
    SignalType.ENERGY: "bulb",
    SignalType.INDEPENDENCE: "hand",
    SignalType.SAFETY_HOME: "homecare",
    SignalType.CHILDREN: "two",
    SignalType.NOISE: "sound",
    SignalType.NEIGHBOURS: "talk",
    SignalType.NUISANCE: "ear",
    SignalType.INTIMIDATION: "alert",
    SignalType.AGGRESSION: "bolt",
    SignalType.FIRE: "flame",
    SignalType.NO_CONTACT: "mail",
    SignalType.REFUSES_REPAIR: "tool",
    SignalType.UNFIT_HOME: "stairs",
    SignalType.OTHER: "dots",
    SignalType.DRUGS: "hide",
    SignalType.SUBLETTING: "key",
}

VERA_TYPE = {
    SignalType.FILTH: "SOC.VUI",
    SignalType.HOARDING: "SOC.VUI",
    SignalType.NEGLECT: "SOC.OVE",
    SignalType.LONELINESS: "SOC.OVE",
    SignalType.CONFUSION: "SOC.PSY",
    SignalType.SUBSTANCES: "SOC.VER",
    SignalType.MONEY: "FIN.HUA",
    SignalType.ENERGY: "FIN",
    SignalType.INDEPENDENCE: "SOC.OVE",
    SignalType.SAFETY_HOME: "SOC.OVE",
    SignalType.CHILDREN: "SOC.OVE",
    SignalType.NOISE: "SOC.GEL",
    SignalType.NEIGHBOURS: "SOC.RUZ",
    SignalType.NUISANCE: "SOC.STA",
    SignalType.INTIMIDATION: "SOC.AGR",
    SignalType.AGGRESSION: "SOC.AGR",
    SignalType.FIRE: "SOC.ONV",
    SignalType.NO_CONTACT: "SOC.OVE",
    SignalType.REFUSES_REPAIR: "SOC.OVE",
    SignalType.UNFIT_HOME: "SOC.OVE",
    SignalType.OTHER: "SOC.OVE",
    SignalType.DRUGS: "SOC.DRU",
    SignalType.SUBLETTING: "WOO.ONR",
}

_INTERNAL = {
    SignalType.NOISE,
    SignalType.NEIGHBOURS,
    SignalType.NUISANCE,
    SignalType.FIRE,
    SignalType.NO_CONTACT,
    SignalType.REFUSES_REPAIR,
    SignalType.OTHER,
}
_SECRET = {
    SignalType.CONFUSION,
    SignalType.SUBSTANCES,
    SignalType.INDEPENDENCE,
    SignalType.SAFETY_HOME,
    SignalType.CHILDREN,
    SignalType.DRUGS,
}


def confidentiality_of(signal_type: str) -> Confidentiality:
    """Who may know of a signal of this type."""
    if signal_type in _SECRET:
        return Confidentiality.SECRET
    return Confidentiality.INTERNAL if signal_type in _INTERNAL else Confidentiality.CONFIDENTIAL


class SignalSource(TextChoices):
    """Who noticed it first."""

    OWN = "own", _("Seen or heard myself")
    TENANT = "tenant", _("The tenant")
    NEIGHBOUR = "neighbour", _("A neighbour")
    FAMILY = "family", _("Family or informal carer")
    CARETAKER = "caretaker", _("Caretaker")
    MECHANIC = "mechanic", _("Mechanic")
    CONTRACTOR = "contractor", _("Contractor")
    COLLECTIONS = "collections", _("Collections")
    CONTACT_CENTRE = "contact_centre", _("Customer contact centre")
    SOCIAL_TEAM = "social_team", _("Social team of the municipality")
    POLICE = "police", _("Community police officer")
    CARE_PARTNER = "care_partner", _("Care partner")
    ANONYMOUS = "anonymous", _("Anonymous")
    OTHER = "other", _("Someone else")


add_choice_list(
    ChoiceList(
        "signal_type",
        _("What strikes you"),
        SignalType,
        always=frozenset({SignalType.OTHER}),
        # A suspicion of a crime has no ground of its own (AVG art. 10): only where the association decided otherwise.
        only_if_wanted=frozenset({SignalType.DRUGS, SignalType.SUBLETTING}),
    )
)
add_choice_list(ChoiceList("signal_source", _("Who noticed it"), SignalSource, always=frozenset({SignalSource.OWN})))


class ResidentTold(TextChoices):
    """Does the resident know that this was reported?"""

    YES = "yes", _("Yes")
    NOT_YET = "not_yet", _("No, not yet")
    UNSAFE = "unsafe", _("It cannot be done safely")


class SignalStatus(TextChoices):
    """Where a signal is."""

    NEW = "new", _("New")
    TAKEN_UP = "taken_up", _("Taken up")
    ATTACHED = "attached", _("In a dossier")
    CLOSED = "closed", _("Closed with an explanation")


SIGNAL_STATUS_ICON = {
    SignalStatus.NEW: "signal",
    SignalStatus.TAKEN_UP: "person",
    SignalStatus.ATTACHED: "case",
    SignalStatus.CLOSED: "check",
}

# The one table of moves of a signal.
SIGNAL_MOVES: dict[str, frozenset[str]] = {
    SignalStatus.NEW: frozenset({SignalStatus.TAKEN_UP, SignalStatus.ATTACHED, SignalStatus.CLOSED}),
    SignalStatus.TAKEN_UP: frozenset({SignalStatus.TAKEN_UP, SignalStatus.ATTACHED, SignalStatus.CLOSED}),
    SignalStatus.ATTACHED: frozenset(),
    SignalStatus.CLOSED: frozenset(),
}


class CaseStatus(TextChoices):
    """Where a dossier is. VERA ZAAKSTATUSSOORT: AAN, INB, INU, INU, INU, AFG, GES, GEA."""

    NEW = "new", _("New")
    ASSESSING = "assessing", _("To be assessed")
    IN_PROGRESS = "in_progress", _("In progress")
    WAITING_RESIDENT = "waiting_resident", _("Waiting for the resident")
    WAITING_PARTNER = "waiting_partner", _("Waiting for a partner")
    MONITORING = "monitoring", _("Keeping an eye on it")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


CASE_STATUS_ICON = {
    CaseStatus.NEW: "case",
    CaseStatus.ASSESSING: "search",
    CaseStatus.IN_PROGRESS: "arrow",
    CaseStatus.WAITING_RESIDENT: "wait",
    CaseStatus.WAITING_PARTNER: "wait",
    CaseStatus.MONITORING: "eye",
    CaseStatus.CLOSED: "check",
    CaseStatus.CANCELLED: "x",
}
WAITING = frozenset({CaseStatus.WAITING_RESIDENT, CaseStatus.WAITING_PARTNER})
ENDED = frozenset({CaseStatus.CLOSED, CaseStatus.CANCELLED})

# The one table of moves of a dossier. Closing asks a result, reopening a reason.
CASE_MOVES: dict[str, frozenset[str]] = {
    CaseStatus.NEW: frozenset({CaseStatus.ASSESSING}),
    CaseStatus.ASSESSING: frozenset({CaseStatus.IN_PROGRESS, CaseStatus.CLOSED, CaseStatus.CANCELLED}),
    CaseStatus.IN_PROGRESS: frozenset({CaseStatus.WAITING_RESIDENT, CaseStatus.WAITING_PARTNER, CaseStatus.MONITORING}),
    CaseStatus.WAITING_RESIDENT: frozenset({CaseStatus.IN_PROGRESS}),
    CaseStatus.WAITING_PARTNER: frozenset({CaseStatus.IN_PROGRESS}),
    CaseStatus.MONITORING: frozenset({CaseStatus.IN_PROGRESS, CaseStatus.CLOSED}),
    CaseStatus.CLOSED: frozenset({CaseStatus.IN_PROGRESS}),
    CaseStatus.CANCELLED: frozenset(),
}


class CaseResult(TextChoices):
    """How a dossier ended."""

    SOLVED = "solved", _("Solved")
    STABLE = "stable", _("Stable, with support")
    HANDED_OVER = "handed_over", _("Referred and handed over")
    NO_HELP_WANTED = "no_help_wanted", _("The resident does not want help (yet)")
    MOVED = "moved", pgettext_lazy("result of a dossier", "Moved")
    EVICTED = "evicted", _("Evicted")
    DECEASED = "deceased", _("Deceased")
    UNFOUNDED = "unfounded", _("Turned out not to be so")
    MERGED = "merged", _("Merged with another dossier")
    NO_ACTION = "no_action", _("No action needed")


# From "to be assessed" a dossier may only close with one of these.
RESULTS_AFTER_ASSESSING = frozenset({CaseResult.NO_ACTION, CaseResult.HANDED_OVER})


class ProblemOwner(TextChoices):
    """Whose is the problem behind the front door? Someone else than who handles the dossier, most often."""

    RESIDENT = "resident", _("The resident")
    NEIGHBOURS = "neighbours", _("The neighbours together")
    ASSOCIATION = "association", _("We, the housing association")
    MUNICIPALITY = "municipality", _("The municipality")
    CARE = "care", _("A care partner")
    POLICE = "police", _("The police")
    UNKNOWN = "unknown", _("Not clear yet")


class FlagKind(TextChoices):
    """What someone at the door must know. Neither code nor label gives the reason away."""

    TWO_VISITORS = "two_visitors", _("Visit with two")
    IN_WRITING_ONLY = "in_writing_only", _("Contact in writing only")
    NOT_INSIDE_ALONE = "not_inside_alone", _("Do not go inside alone")
    NOT_AT_HOME = "not_at_home", _("Do not visit at home")
    MONEY_ADMINISTRATOR = "money_administrator", _("Contact through the administrator")
    GUARDIAN = "guardian", _("Contact through the guardian")
    SUPPORT = "support", _("Support is involved")
    INTERPRETER = "interpreter", _("Interpreter needed")
    WAIT_AT_DOOR = "wait_at_door", _("Wait longer at the door")
    DOG = "dog", _("A dog lives here")


# A safety agreement: planning a visit asks for a second name, or warns.
SAFETY_FLAGS = frozenset(
    {FlagKind.TWO_VISITORS, FlagKind.NOT_INSIDE_ALONE, FlagKind.NOT_AT_HOME, FlagKind.IN_WRITING_ONLY}
)
NEEDS_SECOND_VISITOR = frozenset({FlagKind.TWO_VISITORS, FlagKind.NOT_INSIDE_ALONE})
FLAG_ICON = {
    FlagKind.TWO_VISITORS: "two",
    FlagKind.NOT_INSIDE_ALONE: "two",
    FlagKind.NOT_AT_HOME: "warn",
    FlagKind.IN_WRITING_ONLY: "mail",
    FlagKind.MONEY_ADMINISTRATOR: "person",
    FlagKind.GUARDIAN: "person",
    FlagKind.SUPPORT: "person",
    FlagKind.INTERPRETER: "lang",
    FlagKind.WAIT_AT_DOOR: "clock",
    FlagKind.DOG: "dog",
}
# VERA SIGNALERINGDETAILSOORT, for export.
VERA_FLAG = {
    FlagKind.TWO_VISITORS: "BEZ",
    FlagKind.MONEY_ADMINISTRATOR: "BEW",
    FlagKind.GUARDIAN: "CUR",
    FlagKind.SUPPORT: "ONB.AMB",
}


class FlagStatus(TextChoices):
    """VERA SIGNALERINGSTATUS."""

    ACTIVE = "ACT", _("Active")
    PASSIVE = "PAS", _("To be reviewed")
    ENDED = "VER", _("Ended")


# A point of attention is looked at again within a year.
LONGEST_FLAG = timedelta(days=365)


class HandOverAnswer(TextChoices):
    """What came of the question to take over a dossier."""

    YES = "yes", _("Takes it over")
    NO = "no", _("Does not take it over")
    WITHDRAWN = "withdrawn", _("Not asked any more")
    # The handler left: to the second reader of a secret dossier, or to the team lead until there is a yes.
    GIVEN = "given", _("Given without asking")
