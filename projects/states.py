"""The choices of this room."""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from corporatie.work.states import ChoiceList, add_choice_list

StrOrPromise = str | Promise


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


add_choice_list(
    ChoiceList(
        "accommodation",
        _("What we take into account"),
        AccommodationCode,
        always=frozenset({AccommodationCode.OTHER}),
    )
)

# The phases of the bar, in order; a finished project has them all behind it.
PHASE_ORDER = tuple(phase for phase in Phase if phase != Phase.FINISHED)

# Leaving these phases while fewer households than this were spoken to asks for an explanation. A soft gate.
GATED_PHASES = (Phase.DEFINITION, Phase.DESIGN, Phase.PREPARATION)
SPOKEN_GOAL = 90


def next_phase(phase: str) -> Phase | None:
    """The phase after this one; nothing after the last."""
    order = list(Phase)
    place = order.index(Phase(phase)) + 1
    return order[place] if place < len(order) else None


class HomeState(TextChoices):
    """Where the talk with one household of a project stands. Derived, never stored."""

    NOT_SPOKEN = "nn", _("Not spoken to yet")
    PLANNED = "p", _("Visit planned")
    NOT_HOME = "n", _("Not home")
    SPOKEN = "ok", _("Spoken to")
    ACCOUNT = "rh", _("Take into account")
    DECLINED = "w", _("Would rather not say")


# The states in which somebody answered the first question.
SPOKEN_STATES = (HomeState.SPOKEN, HomeState.ACCOUNT, HomeState.DECLINED)


# The codes as one asks for them, in six groups of which the first two cover most answers.
GROUPS: tuple[tuple[StrOrPromise, tuple[AccommodationCode, ...]], ...] = (
    (
        _("Times and announcing"),
        (
            AccommodationCode.DOOR_TIME,
            AccommodationCode.CALL_FIRST,
            AccommodationCode.TIME_WINDOW,
            AccommodationCode.NO_WORK_PERIOD,
        ),
    ),
    (
        _("Who comes"),
        (
            AccommodationCode.SAME_FACE,
            AccommodationCode.NOT_ALONE,
            AccommodationCode.WHO_ENTERS,
            AccommodationCode.VIA_CONTACT,
            AccommodationCode.WITH_TWO,
        ),
    ),
    (
        _("Dust, noise, power, water"),
        (
            AccommodationCode.DUST,
            AccommodationCode.NOISE,
            AccommodationCode.SMELL,
            AccommodationCode.POWER,
            AccommodationCode.WATER,
            AccommodationCode.WARMTH,
        ),
    ),
    (
        _("Room and belongings"),
        (
            AccommodationCode.WALKWAY,
            AccommodationCode.PACKING,
            AccommodationCode.FULL_HOME,
            AccommodationCode.PRIVATE_ROOM,
            AccommodationCode.OWN_FITTING,
            AccommodationCode.AID,
            AccommodationCode.DAY_RETREAT,
            AccommodationCode.ELSEWHERE,
        ),
    ),
    (
        _("Language and explaining"),
        (
            AccommodationCode.LANGUAGE,
            AccommodationCode.READING,
            AccommodationCode.SIMPLE,
            AccommodationCode.HEARING,
            AccommodationCode.SIGHT,
        ),
    ),
    (
        _("Family and pets"),
        (
            AccommodationCode.CHILDREN,
            AccommodationCode.PETS,
            AccommodationCode.CUSTOMS,
            AccommodationCode.OTHER,
        ),
    ),
)

# What one may pick as the instruction, and then change. It says what to do at the door, never why.
PRESETS: dict[AccommodationCode, tuple[StrOrPromise, ...]] = {
    AccommodationCode.DOOR_TIME: (_("Ring the bell and wait 3 minutes"), _("Phone first, then ring the bell")),
    AccommodationCode.CALL_FIRST: (
        _("Phone the day before, between 10 and 12 o'clock"),
        _("Send a text message the day before"),
    ),
    AccommodationCode.SAME_FACE: (_("Always the same worker. Show your pass with photo first"),),
    AccommodationCode.NOT_ALONE: (_("Start only when the contact person is there"),),
    AccommodationCode.TIME_WINDOW: (
        _("Not before 10 o'clock"),
        _("Not between 13 and 15 o'clock"),
        _("Only on Tuesday and Thursday"),
    ),
    AccommodationCode.NO_WORK_PERIOD: (_("Do not work from … until …"),),
    AccommodationCode.DUST: (_("Screen off the dust, use extraction, clean up every day"),),
    AccommodationCode.NOISE: (
        _("Announce drilling. At most 2 hours on end"),
        _("Arrange a quiet place for the drilling days"),
    ),
    AccommodationCode.SMELL: (_("Use products without solvents and air the room well"),),
    AccommodationCode.POWER: (_("Never switch off the power without asking. Arrange emergency power first"),),
    AccommodationCode.WATER: (_("Toilet and shower work again the same day, or bring a spare one"),),
    AccommodationCode.WARMTH: (_("Put electric heaters in place before the heating goes off"),),
    AccommodationCode.WALKWAY: (_("Keep the walking route free, no thresholds or boards"),),
    AccommodationCode.HEARING: (
        _("Ring long and twice. Write down what you say"),
        _("Send a text message, do not phone"),
    ),
    AccommodationCode.SIGHT: (_("Say what you do. Put nothing in another place without saying so"),),
    AccommodationCode.LANGUAGE: (_("Bring an interpreter. Language: …"), _("Show it with pictures")),
    AccommodationCode.READING: (_("No letters. Phone or drop by"),),
    AccommodationCode.SIMPLE: (_("One thing at a time. Leave the appointment on a card"),),
    AccommodationCode.PACKING: (_("Help with packing and carrying is planned on …"),),
    AccommodationCode.FULL_HOME: (_("First the clearing appointment on …. Throw nothing away"),),
    AccommodationCode.PETS: (_("Keep the doors shut. The dog is tied up or elsewhere"), _("Do not move the aquarium")),
    AccommodationCode.CHILDREN: (_("Never leave tools lying about"),),
    AccommodationCode.DAY_RETREAT: (_("A place to rest is booked on …"),),
    AccommodationCode.ELSEWHERE: (_("Nobody lives here from … until …. Key through …"),),
    AccommodationCode.OWN_FITTING: (_("Do not take away: …. Take photos first"),),
    AccommodationCode.AID: (_("Leave the stairlift and the handrails, or place a spare one before the start"),),
    AccommodationCode.CUSTOMS: (_("Wear shoe covers indoors"), _("Do not work on …")),
    AccommodationCode.WHO_ENTERS: (
        _("Say beforehand who comes"),
        _("Preferably a woman"),
        _("Come with two people"),
    ),
    AccommodationCode.VIA_CONTACT: (_("All contact goes through the resident coordinator"),),
    AccommodationCode.WITH_TWO: (_("Work with two people. Report to the foreman when you go in and come out"),),
    AccommodationCode.PRIVATE_ROOM: (_("Enter this room by appointment only: …"),),
    AccommodationCode.OTHER: (),
}
