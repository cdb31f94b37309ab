"""Worries and how they went: a signal, who took it up, the dossier with its steps, and how it ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from cases import actions as cases
from cases.models import Case
from cases.states import CaseResult, CaseStatus, ProblemOwner, ResidentTold, Severity, SignalSource, SignalType
from corporatie.desk.demo.world import World

LOW, MEDIUM, HIGH = Severity.LOW, Severity.MEDIUM, Severity.HIGH
CLOSED, WAITS_PARTNER, WAITS_RESIDENT = CaseStatus.CLOSED, CaseStatus.WAITING_PARTNER, CaseStatus.WAITING_RESIDENT
IN_PROGRESS, MONITORING, ASSESSING = CaseStatus.IN_PROGRESS, CaseStatus.MONITORING, CaseStatus.ASSESSING
TOLD, NOT_YET, UNSAFE = ResidentTold.YES, ResidentTold.NOT_YET, ResidentTold.UNSAFE
# How a dossier comes from "to be assessed" to each status.
WAYS: dict[str, tuple[str, ...]] = {
    ASSESSING: (),
    IN_PROGRESS: (IN_PROGRESS,),
    WAITS_PARTNER: (IN_PROGRESS, WAITS_PARTNER),
    WAITS_RESIDENT: (IN_PROGRESS, WAITS_RESIDENT),
    MONITORING: (IN_PROGRESS, MONITORING),
    CLOSED: (IN_PROGRESS, MONITORING),
}


@dataclass(frozen=True)
class Course:
    """One worry from the first word to where it is now.

    ``began`` and ``ended`` count days ago; ``steps`` holds what was done and, last, what comes next, ``due`` working
    days from today. ``status`` is where it stands; a closed one has ``result`` and ``summary``.
    """

    address: str
    began: int
    reporter: str
    kind: str
    severity: int
    seen: str
    handler: str
    steps: tuple[str, ...]
    status: str
    due: int = 5
    thought: str = ""
    source: str = SignalSource.OWN
    told: str = TOLD
    owner: str = ProblemOwner.RESIDENT
    owner_name: str = ""
    goal: str = ""
    more: tuple[str, ...] = ()
    ended: int = 0
    result: str = ""
    summary: str = ""
    reopened: str = ""


@dataclass(frozen=True)
class Closed:
    """A signal that needed no dossier, and why."""

    address: str
    began: int
    reporter: str
    kind: str
    severity: int
    seen: str
    by: str
    explanation: str
    source: str = SignalSource.OWN


COURSES = (
    # --- Noord, open
    Course("Lindelaan 22", 24, "fatma", SignalType.MONEY, HIGH,
           "Mevrouw belt zelf: twee maanden huur niet betaald en er ligt een stapel dichte post.", "anna",
           ("Huisbezoek: samen de post openen", "Overzicht maken van wat er openstaat",
            "Bel schuldhulp van de gemeente: is er een datum voor het eerste gesprek?"), WAITS_PARTNER, 1,
           "Zij werkt sinds een paar maanden minder uren. Zij wil zelf hulp.", SignalSource.TENANT,
           owner_name="Mw. El Amrani", goal="Dat ik 's avonds weer rustig kan slapen."),
    Course("Torenstraat 7", 150, "bilal", SignalType.LONELINESS, LOW,
           "Gordijnen overdag dicht. Zegt dat zij alleen de radio nog hoort praten.", "anna",
           ("Kennismaken en vragen wat zij zelf wil", "Samen naar de eettafel in het buurthuis",
            "Bellen hoe het op de eettafel gaat", "Koffie drinken: lukt het op eigen kracht?"), MONITORING, 5,
           goal="Eén keer per week met iemand eten.", owner_name="Mw. Sewnarain"),
    Course("Kerkstraat 35", 31, "joost", SignalType.NOISE, MEDIUM,
           "Benedenbuur hoort tot na elven rennen en springen boven de slaapkamer, vier avonden in twee weken.", "anna",
           ("Beide gezinnen apart spreken", "Gesprek met beide buren aan één tafel plannen"), IN_PROGRESS, 3,
           "Beide gezinnen willen er samen uitkomen.", SignalSource.NEIGHBOUR, owner=ProblemOwner.NEIGHBOURS,
           owner_name="Fam. Kowalczyk en de benedenbuur",
           goal="Dat de kinderen kunnen spelen en de buren kunnen slapen."),
    Course("Kerkstraat 83", 46, "bilal", SignalType.HOARDING, MEDIUM,
           "Gang en woonkamer staan vol dozen, er is één looppad. De rookmelder hangt en piept bij de test.", "fatma",
           ("Kennismaken aan de deur", "Samen één hoek kiezen om te beginnen",
            "Meneer kiest zelf een dag voor de container"), WAITS_RESIDENT, -2,
           goal="Dat mijn boeken mogen blijven.", owner_name="Dhr. Dijkstra"),
    Course("Kerkstraat 27", 19, "sanne", SignalType.INDEPENDENCE, HIGH,
           "Vroeg drie keer welke dag het was. Het gas stond laag aan zonder pan erop.", "fatma",
           ("Dochter bellen, mevrouw vindt dat goed", "Met mevrouw en dochter bespreken welke hulp past"),
           IN_PROGRESS, 2, "Wil thuis blijven wonen. Dochter maakt zich al langer zorgen.",
           owner=ProblemOwner.RESIDENT, owner_name="Mw. Van Leeuwen", goal="Hier blijven, zolang het veilig is."),
    Course("Lindelaan 12", 27, "anna", SignalType.CHILDREN, HIGH,
           "Twee jonge kinderen speelden om tien uur 's avonds alleen op de galerij. De oudste zei dat mama zo komt.",
           "fatma", ("Overleg met collega, anoniem advies gevraagd", "Gesprek met moeder",
                     "Wijkteam vragen of de gezinscoach al belde"), WAITS_PARTNER, 1,
           "Moeder werkt avonddiensten en heeft geen oppas.", told=TOLD, owner=ProblemOwner.MUNICIPALITY,
           owner_name="Wijkteam Noord", goal="Dat ik kan werken zonder dat ik bang ben om thuis."),
    Course("Esdoornhof 20", 12, "bilal", SignalType.UNFIT_HOME, LOW,
           "Mevrouw gaat zittend de trap af en slaapt beneden op de bank.", "anna",
           ("Vragen of zij met het Wmo-loket wil bellen, met een tolk erbij",), ASSESSING, 2, goal="Weer boven slapen."),
    Course("Kerkstraat 56", 300, "bilal", SignalType.FILTH, MEDIUM,
           "Balkon vol vuilniszakken, buren ruiken het op de trap.", "anna",
           ("Gesprek over wat er nodig is", "Container en twee vrijwilligers geregeld", "Na een maand samen kijken"),
           CLOSED, 4, ended=170, result=CaseResult.SOLVED, summary="Het balkon is leeg en u weet wie u kunt bellen.",
           owner_name="Dhr. Brouwer", reopened="Meneer belde zelf: het loopt weer vol en hij wil niet weer zo lang wachten."),
    Course("Lindelaan 51", 40, "joost", SignalType.NEIGHBOURS, MEDIUM,
           "Mevrouw zegt dat de buurman haar planten verzet. Buurman zegt dat de vluchtweg vrij moet zijn.", "joost",
           ("Beide kanten gehoord", "Met de wijkbeheerder de galerij opmeten",
            "Uitslag van de meting vertellen aan beide buren"), IN_PROGRESS, 3,
           source=SignalSource.TENANT, owner=ProblemOwner.NEIGHBOURS, owner_name="Mw. Koster en dhr. Pinas",
           goal="Dat het weer gewoon gezellig is op de galerij."),
    Course("Kerkstraat 72", 64, "anna", SignalType.ENERGY, MEDIUM,
           "In huis is het veertien graden. Mevrouw draagt binnen haar jas.", "fatma",
           ("Energiecoach langs laten komen", "Radiatorfolie en tochtstrips aangebracht", "Bellen: blijft het warm genoeg?"),
           MONITORING, 9, owner=ProblemOwner.ASSOCIATION, owner_name="Wij: de kozijnen tochten",
           goal="Eén warme kamer die ik kan betalen."),
    # --- Zuid, open
    Course("Molenweg 90", 22, "henk", SignalType.HOARDING, HIGH,
           "Monteur kon niet bij de meterkast. De gang is dertig centimeter breed.", "carla",
           ("Kennismaken, samen met de monteur", "Meterkast vrijmaken vóór de nieuwe groep",
            "Opruimplan maken met meneer"), IN_PROGRESS, 3, source=SignalSource.MECHANIC, owner_name="Dhr. Sitaram",
           goal="Dat niemand iets weggooit zonder het te vragen."),
    Course("Wiekslag 12", 33, "daan", SignalType.MONEY, MEDIUM,
           "Huur komt sinds drie maanden in delen binnen. Vader begon een eigen bedrijf.", "daan",
           ("Gesprek met een tolk Arabisch", "Voorstel voor een regeling opgestuurd",
            "Gemeente vragen naar hulp voor zelfstandigen"), WAITS_PARTNER, -3, source=SignalSource.COLLECTIONS,
           owner_name="Fam. Haddad", goal="Mijn bedrijf houden en de huur betalen."),
    Course("Molenweg 104", 75, "carla", SignalType.ENERGY, LOW,
           "Mevrouw stookt alleen de keuken. Het slaapkamerraam is nat aan de binnenkant.", "daan",
           ("Tijdelijk een elektrische radiator gebracht", "Kijken of het nieuwe glas helpt"), MONITORING, 7,
           owner=ProblemOwner.ASSOCIATION, owner_name="Wij: glas wordt vervangen", goal="Niet meer met een muts slapen."),
    Course("Wiekslag 3", 9, "henk", SignalType.NUISANCE, LOW,
           "Drie buren zeggen dat de houtkachel bij windstil weer de straat vult met rook.", "carla",
           ("Met de bewoners kijken op een windstille avond",), ASSESSING, 4, source=SignalSource.NEIGHBOUR,
           owner=ProblemOwner.NEIGHBOURS, owner_name="De straat samen"),
    # --- Closed
    Course("Lindelaan 53", 610, "joost", SignalType.MONEY, MEDIUM, "Drie maanden achter met de huur sinds een scheiding.",
           "joost", ("Gesprek aan de keukentafel", "Regeling van 50 euro per maand", "Elke maand kort bellen"),
           CLOSED, source=SignalSource.COLLECTIONS, ended=380, result=CaseResult.SOLVED,
           summary="De achterstand is betaald. U heeft dit zelf gedaan.", owner_name="Dhr. Pinas"),
    Course("Esdoornhof 9", 520, "bilal", SignalType.INDEPENDENCE, MEDIUM,
           "Meneer stond in pantoffels bij de bushalte en wist niet welke bus.", "fatma",
           ("Gesprek met mevrouw en meneer", "Dagopvang gezocht met het wijkteam", "Nagevraagd hoe het gaat"), CLOSED,
           ended=400, result=CaseResult.STABLE, summary="Er komt drie dagen in de week hulp. Mevrouw heeft weer lucht."),
    Course("Kerkstraat 36", 470, "anna", SignalType.NEIGHBOURS, LOW, "Twee buren spreken elkaar alleen nog per briefje.",
           "anna", ("Beide buren apart gesproken", "Buurtbemiddeling gevraagd"), CLOSED, ended=430,
           source=SignalSource.TENANT, owner=ProblemOwner.NEIGHBOURS, result=CaseResult.HANDED_OVER,
           summary="Buurtbemiddeling gaat met u beiden verder."),
    Course("Torenstraat 11", 360, "joost", SignalType.UNFIT_HOME, MEDIUM,
           "Gezin met een opgroeiend kind slaapt met zijn drieën op één kamer.", "joost",
           ("Inschrijving nagekeken", "Woningruil besproken"), CLOSED, ended=250, result=CaseResult.NO_ACTION,
           summary="De inschrijving loopt en u weet wat u zelf kunt doen.", source=SignalSource.TENANT),
    Course("Lindelaan 49", 290, "bilal", SignalType.NO_CONTACT, MEDIUM, "Brievenbus vol, drie weken niemand gezien.",
           "anna", ("Buren gevraagd", "Broer gebeld: zij zijn bij familie"), CLOSED, ended=270,
           result=CaseResult.UNFOUNDED, summary="U was op reis. Fijn dat u weer thuis bent.",
           source=SignalSource.NEIGHBOUR),
    Course("Molenweg 118", 540, "henk", SignalType.SUBSTANCES, MEDIUM,
           "Meneer zat drie ochtenden op de trap met flessen naast zich en kon de sleutel niet vinden.", "carla",
           ("Gesprek aan de deur", "Nog eens langs met iemand van de inloop"), CLOSED, ended=455,
           result=CaseResult.NO_HELP_WANTED, summary="U wilt nu geen hulp. U mag altijd bellen.", told=NOT_YET),
    Course("Molenweg 74", 430, "carla", SignalType.SAFETY_HOME, HIGH,
           "Mevrouw zei dat zij schrikt van de deurbel. Zij deed pas open toen zij mijn stem hoorde.", "carla",
           ("Advies gevraagd", "Extra slot en een deurspion", "Maandelijks bellen"), CLOSED, ended=240, told=TOLD,
           result=CaseResult.STABLE, summary="Het slot is vervangen en u heeft mensen om u heen."),
    Course("Wiekslag 5", 330, "daan", SignalType.NOISE, LOW, "Muziek in de avond, twee meldingen van dezelfde buur.",
           "daan", ("Samen geluisterd bij de buur", "Vilt onder de kast"), CLOSED, ended=300,
           source=SignalSource.NEIGHBOUR, result=CaseResult.SOLVED, summary="Met vilt onder de kast is het stil genoeg.",
           owner=ProblemOwner.NEIGHBOURS),
    Course("Lindelaan 4", 560, "bilal", SignalType.NEGLECT, LOW,
           "De tuin is dichtgegroeid en de goot hangt los. Meneer zegt dat zijn rug niet meer wil.", "fatma",
           ("Gesprek in de tuin", "Twee zaterdagen met de tuinploeg"), CLOSED, ended=490, result=CaseResult.SOLVED,
           summary="De tuin is open en de goot zit vast. U schenkt de koffie."),
    Course("Esdoornhof 12", 640, "bilal", SignalType.INTIMIDATION, HIGH,
           "Buurman vertelt dat hij voor de deur is opgewacht en dat er op de auto is geslagen. Ik zag een deuk.", "joost",
           ("Beide kanten apart gehoord, met de wijkagent", "Gesprek over hoe het verder moet", "Elke week even langs"),
           CLOSED, ended=470, source=SignalSource.NEIGHBOUR, owner=ProblemOwner.NEIGHBOURS, result=CaseResult.STABLE,
           summary="U groet elkaar weer. Bij nieuwe onrust belt u ons allebei."),
)  # fmt: skip

CLOSED_SIGNALS = (
    Closed("Kerkstraat 36", 640, "bilal", SignalType.NO_CONTACT, MEDIUM, "Meneer een week niet gezien, krant in de bus.",
           "anna", "Gebeld: meneer was bij zijn zus in Assen.", SignalSource.NEIGHBOUR),
    Closed("Torenstraat 11", 500, "bilal", SignalType.NUISANCE, LOW, "Grofvuil naast de container.", "joost",
           "Samen opgeruimd. De ophaaldag was veranderd zonder dat wij het hadden verteld."),
    Closed("Lindelaan 51", 450, "fatma", SignalType.NOISE, LOW, "Klussen op zondag.", "fatma",
           "Gesproken: de vloer is klaar, het was één weekend.", SignalSource.NEIGHBOUR),
    Closed("Esdoornhof 12", 350, "bilal", SignalType.REFUSES_REPAIR, MEDIUM, "Monteur mocht niet binnen voor de ketel.",
           "anna", "Meneer wil eerst een telefoontje. Genoteerd, de ketel is nu nagekeken.", SignalSource.MECHANIC),
    Closed("Kerkstraat 12", 260, "anna", SignalType.ENERGY, LOW, "Mevrouw vraagt of de voorschotnota klopt.", "anna",
           "Samen nagerekend: de meterstand was verkeerd doorgegeven.", SignalSource.TENANT),
    Closed("Molenweg 104", 410, "henk", SignalType.OTHER, LOW, "Duiven onder het dak.", "daan",
           "Rooster geplaatst door de dakdekker."),
    Closed("Wiekslag 5", 210, "henk", SignalType.NUISANCE, LOW, "Hond blaft overdag.", "carla",
           "Oude hond, net verhuisd. De buren weten het en wachten het even af.", SignalSource.NEIGHBOUR),
    Closed("Kerkstraat 47", 190, "bilal", SignalType.FIRE, HIGH, "Scootmobiel laadt op in de hal van het portiek.", "anna",
           "Zelfde dag een stopcontact in de berging geregeld. De hal is vrij."),
    Closed("Lindelaan 53", 4, "bilal", SignalType.NUISANCE, LOW, "Fietsen voor de nooduitgang van de berging.", "fatma",
           "Aan de deur gevraagd. Ze staan nu in het rek."),
)  # fmt: skip


def follow(world: World, course: Course) -> Iterator[datetime]:
    """Tell how it went."""
    yield world.time.past(course.began, 10, 20)
    signal = world.signal(
        course.address,
        course.reporter,
        course.kind,
        course.severity,
        course.seen,
        thought=course.thought,
        source=course.source,
        resident_told=course.told,
    )
    taken_up = world.time.calendar.add(world.time.now.date(), 1)
    yield world.time.moment(taken_up, time(9, 10))
    handler = world.who(course.handler)
    if signal.is_secret:
        # Besides who reported it only the team lead reads it: she gives it to somebody.
        cases.assign_signal(signal=signal, handler=handler, by=world.lead_beside(course.handler), at=world.time.now)
    else:
        cases.take_up_signal(signal=signal, by=handler, at=world.time.now)
    days = _days(course)
    yield world.time.moment(taken_up, time(9, 40))
    case = cases.open_case(
        tenancy=world.tenancies[course.address],
        types=[course.kind, *course.more],
        severity=course.severity,
        handler=handler,
        first_step=world.step(course.steps[0], course.handler, _due(world, course, days, 0)),
        problem_owner=course.owner,
        problem_owner_name=course.owner_name,
        goal=course.goal,
        signal=signal,
        second_reader=world.lead_beside(course.handler),
        by=handler,
        at=world.time.now,
    )
    yield from _work(world, course, case, days)
    if course.status == CLOSED:
        yield from _end(world, course, case)


def _days(course: Course) -> list[int]:
    """How many days ago each next step was chosen: the course cut into equal parts."""
    parts = len(course.steps)
    span = course.began - 1 - course.ended
    return [course.began - 1 - span * number // parts for number in range(1, parts)]


def _due(world: World, course: Course, days: list[int], number: int) -> date:
    is_last = number == len(course.steps) - 1
    if is_last and course.status != CLOSED:
        return world.time.day(course.due)
    return world.time.near(-days[number]) if number < len(days) else world.time.near(-course.ended)


def _work(world: World, course: Course, case: Case, days: list[int]) -> Iterator[datetime]:
    handler = world.who(course.handler)
    moves = list(WAYS[course.status])
    if moves:
        yield world.time.moment(world.time.calendar.add(world.time.now.date(), 1), time(11))
        cases.move_case(case=case, to=moves.pop(0), by=handler, at=world.time.now)
    for number, ago in enumerate(days, start=1):
        yield world.time.past(ago, 15, 10)
        following = world.step(course.steps[number], course.handler, _due(world, course, days, number))
        cases.take_step(case=case, following=following, by=handler, at=world.time.now)
    for status in moves:
        yield world.time.past(days[-1] if days else course.began - 3, 15, 30)
        cases.move_case(case=case, to=status, by=handler, at=world.time.now)


def _end(world: World, course: Course, case: Case) -> Iterator[datetime]:
    handler = world.who(course.handler)
    yield world.time.past(course.ended, 16)
    cases.close_case(
        case=case,
        result=course.result,
        summary=course.summary,
        told_on=world.time.now.date(),
        by=handler,
        at=world.time.now,
    )
    if course.reopened:
        yield world.time.lately(4, 10, 30)
        cases.reopen_case(
            case=case,
            reason=course.reopened,
            step=world.step("Langsgaan en samen kijken wat er nodig is", course.handler, world.time.day(course.due)),
            by=handler,
            at=world.time.now,
        )


def close_at_once(world: World, signal: Closed) -> Iterator[datetime]:
    """Tell of a signal that needed no dossier."""
    yield world.time.past(signal.began, 11, 5)
    row = world.signal(signal.address, signal.reporter, signal.kind, signal.severity, signal.seen, source=signal.source)
    yield world.time.past(signal.began - 2, 14, 25)
    cases.close_signal(signal=row, explanation=signal.explanation, by=world.who(signal.by), at=world.time.now)


def open_by_mistake(world: World) -> Iterator[datetime]:
    """A dossier at the wrong address, cancelled the same day."""
    yield world.time.past(230, 10)
    joost = world.who("joost")
    case = cases.open_case(
        tenancy=world.tenancies["Kerkstraat 12"],
        types=[SignalType.NOISE],
        severity=LOW,
        handler=joost,
        first_step=world.step("Bewoner bellen", "joost", world.time.near(-225)),
        by=joost,
        at=world.time.now,
    )
    yield world.time.moment(world.time.now.date(), time(11, 15))
    cases.cancel_case(case=case, summary="Verkeerd adres: het ging om Kerkstraat 21.", by=joost, at=world.time.now)
