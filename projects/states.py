"""The choices of this room."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProjectKind(TextChoices):
    """What kind of works. VERA PROJECTSOORT: REB, REO, SLN, SLO."""

    MAJOR_MAINTENANCE = "major_maintenance", _("Major maintenance")
    RENOVATION_LIVED_IN = "renovation_lived_in", _("Renovation while people live there")
    RENOVATION_EMPTY = "renovation_empty", _("Renovation of empty homes")
    ENERGY = "energy", _("Making homes save energy")
    REBUILD = "rebuild", _("Demolition and new homes")
    DEMOLITION = "demolition", _("Demolition")
    URGENT = "urgent", _("Urgent works")
    PLANNED = "planned", _("Planned maintenance")


class Phase(TextChoices):
    """Where a project is. VERA's phases, with the residents' track as their gate."""

    INITIATIVE = "initiative", _("Initiative")
    DEFINITION = "definition", _("Definition")
    DESIGN = "design", _("Design")
    PREPARATION = "preparation", _("Preparation")
    EXECUTION = "execution", _("Execution")
    HANDOVER = "handover", _("Handover")
    AFTERCARE = "aftercare", _("Aftercare")
    FINISHED = "finished", _("Finished")


# The phases in which we still ask the first question.
ASKING_PHASES = (Phase.INITIATIVE, Phase.DEFINITION, Phase.DESIGN, Phase.PREPARATION, Phase.EXECUTION)


class IntakeAnswer(TextChoices):
    """The four answers to the first question. "I'd rather not say" is a full answer, without pressure."""

    NO = "no", _("No")
    YES = "yes", _("Yes")
    LATER = "later", _("I do not know yet")
    DECLINED = "declined", _("I would rather not say")


class MemberRole(TextChoices):
    """What someone does in a project."""

    LEADER = "leader", _("Project leader")
    COORDINATOR = "coordinator", _("Resident coordinator")
    CONSULTANT = "consultant", _("Housing consultant")


class Importance(TextChoices):
    """How firmly it must be kept."""

    MUST = "must", _("Must")
    PREFER = "prefer", _("If possible")


class AccommodationSource(TextChoices):
    """Who said it."""

    RESIDENT = "resident", _("The resident")
    CONTACT_PERSON = "contact_person", _("A contact person")
    COLLEAGUE = "colleague", _("A colleague, with the resident's consent")


class AccommodationCode(TextChoices):
    """What we take into account, as the resident would say it. The contractor sees the instruction only."""

    DOOR_TIME = "door_time", _("More time to open the door")
    CALL_FIRST = "call_first", _("Contact beforehand")
    SAME_FACE = "same_face", _("A familiar face")
    NOT_ALONE = "not_alone", _("Someone is present")
    TIME_WINDOW = "time_window", _("Times")
    NO_WORK_PERIOD = "no_work_period", _("A period without works")
    DUST = "dust", _("Less dust")
    NOISE = "noise", _("Less noise")
    SMELL = "smell", _("Smells and products")
    POWER = "power", _("The power must not go off")
    WATER = "water", _("Toilet and shower always needed")
    WARMTH = "warmth", _("Keep it warm")
    WALKWAY = "walkway", _("Keep the way free")
    HEARING = "hearing", _("Hears less")
    SIGHT = "sight", _("Sees less")
    LANGUAGE = "language", _("Another language")
    READING = "reading", _("Explain in speech")
    SIMPLE = "simple", _("Short explanation")
    PACKING = "packing", _("Help with belongings")
    FULL_HOME = "full_home", _("Make room first")
    PETS = "pets", _("Pets")
    CHILDREN = "children", _("Children")
    DAY_RETREAT = "day_retreat", _("A place to rest")
    ELSEWHERE = "elsewhere", _("Living elsewhere for a while")
    OWN_FITTING = "own_fitting", _("Something fitted by the resident")
    AID = "aid", _("An aid in the home")
    CUSTOMS = "customs", _("Customs")
    WHO_ENTERS = "who_enters", _("Who comes in")
    VIA_CONTACT = "via_contact", _("Through a contact person")
    WITH_TWO = "with_two", _("With two people")
    PRIVATE_ROOM = "private_room", _("A room not to enter")
    OTHER = "other", _("Something else")


# Words that name a condition. In an instruction for the contractor they are refused; source: field guide R2.
MEDICAL_WORDS = (
    "adhd", "alcoholist", "alzheimer", "angststoornis", "astma", "autisme", "autist", "bipolair", "borderline",
    "burn-out", "burnout", "copd", "crimineel", "dement", "dementie", "depressie", "depressief", "diabetes",
    "epilepsie", "hiv", "kanker", "lvb", "nah", "parkinson", "psychiatrisch", "psychisch", "psychose", "ptss",
    "reuma", "schizofreen", "schizofrenie", "verslaafd", "verslaving", "zwakbegaafd", "zwanger",
)  # fmt: skip
