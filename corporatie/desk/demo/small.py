"""The small signals of every week: dealt with in a word, a call or a visit. Together they are what a quarter counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from cases import actions as cases
from cases.states import NORM_DAYS, Severity, SignalSource, SignalType
from corporatie.desk.demo.accounts import NOORD, ZUID
from corporatie.desk.demo.everyday import Life
from corporatie.desk.demo.timeline import Story
from corporatie.desk.demo.world import World

SEED = 1965
# From this many days ago back to that many, one in so many days.
LATEST, EARLIEST, EVERY = 60, 480, 5
LOW, MEDIUM, HIGH = Severity.LOW, Severity.MEDIUM, Severity.HIGH
REPORTERS = {NOORD: ("bilal", "anna", "fatma"), ZUID: ("henk", "carla", "daan")}
HANDLERS = {NOORD: ("anna", "fatma", "joost"), ZUID: ("carla", "daan")}


@dataclass(frozen=True)
class Small:
    """What was noticed, and what came of it."""

    kind: str
    severity: int
    seen: str
    explanation: str
    source: str = SignalSource.OWN


SMALL = (
    Small(SignalType.NOISE, LOW, "Muziek op zaterdag tot na middernacht.",
          "Met beide buren gesproken. Zij bellen elkaar nu eerst zelf.", SignalSource.NEIGHBOUR),
    Small(SignalType.NUISANCE, LOW, "Vuilniszakken op de galerij.",
          "Aan de deur gevraagd. De ophaaldagen hangen nu in de hal."),
    Small(SignalType.FILTH, LOW, "De heg groeit over de stoep.",
          "Mevrouw kan zelf niet meer snoeien. Een buurjongen doet het nu."),
    Small(SignalType.REFUSES_REPAIR, LOW, "De monteur kon twee keer niet naar binnen.",
          "Meneer werkt 's nachts. De monteur komt nu na drieën.", SignalSource.MECHANIC),
    Small(SignalType.NEIGHBOURS, MEDIUM, "Twee huishoudens groeten elkaar niet meer na woorden over een schutting.",
          "Samen om tafel gezeten. De schutting komt op de grens.", SignalSource.NEIGHBOUR),
    Small(SignalType.ENERGY, MEDIUM, "De verwarming blijft uit, vanwege de rekening.",
          "Samen met de energiecoach gekeken: folie achter de radiatoren en een lager voorschot.", SignalSource.TENANT),
    Small(SignalType.MONEY, MEDIUM, "Vraagt of één maand huur later mag.",
          "In twee delen afgesproken, het eerste is betaald.", SignalSource.TENANT),
    Small(SignalType.NO_CONTACT, MEDIUM, "De post blijft liggen en niemand doet open.",
          "Gesproken: de bel was stuk. Die doet het weer."),
    Small(SignalType.UNFIT_HOME, MEDIUM, "De trap gaat moeilijk sinds een operatie aan de knie.",
          "Een tweede leuning geplaatst.", SignalSource.FAMILY),
    Small(SignalType.LONELINESS, MEDIUM, "Zegt dat er weinig aanloop is sinds de verhuizing.",
          "Samen naar de koffieochtend geweest. Gaat nu elke week."),
    Small(SignalType.FIRE, HIGH, "Kast en fietsen in de vluchtweg van het trappenhuis.",
          "Samen weggehaald, de vluchtweg is vrij."),
)  # fmt: skip


def small_signals(world: World, lives: list[Life]) -> Iterator[Story]:
    """All of them. They have chances of their own, so that the rest of the demo stays what it was."""
    rng = Random(SEED)  # noqa: S311  (made-up signals, no secrets)
    for days in range(EARLIEST, LATEST, -EVERY):
        life = rng.choice([life for life in lives if life.since < world.time.on - timedelta(days=days + 60)])
        small = rng.choice(SMALL)
        reporter, handler = rng.choice(REPORTERS[life.team]), rng.choice(HANDLERS[life.team])
        # One in eight comes later than the norm.
        late = rng.random() < 0.125
        yield _one(world, life.address, small, (days, reporter, handler, late))


def _one(world: World, address: str, small: Small, how: tuple[int, str, str, bool]) -> Iterator[datetime]:
    days, reporter, handler, late = how
    yield world.time.past(days, 9, 40)
    signal = world.signal(address, reporter, small.kind, small.severity, small.seen, source=small.source)
    wait = NORM_DAYS[Severity(small.severity)] + 2 if late else 1
    yield world.time.moment(world.time.calendar.add(world.time.now.date(), wait), world.time.now.time())
    cases.close_signal(signal=signal, explanation=small.explanation, by=world.who(handler), at=world.time.now)
