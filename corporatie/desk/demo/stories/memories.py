"""What the households with a name told us before: an earlier talk or two."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time

from corporatie.desk.demo.timeline import Story
from corporatie.desk.demo.world import World
from visits.actions import TopicLine
from visits.states import AreaAnswer, LifeArea, Mood, VisitReason

HOME, NEIGHBOURS, MONEY = LifeArea.HOME, LifeArea.NEIGHBOURS, LifeArea.MONEY
DAILY, SUPPORT, SAFETY = LifeArea.DAILY, LifeArea.SUPPORT, LifeArea.SAFETY
WELL, ATTENTION, HELP = AreaAnswer.WELL, AreaAnswer.ATTENTION, AreaAnswer.HELP
GOOD, WORRY, LATER = Mood.GOOD, Mood.WORRY, Mood.LATER


@dataclass(frozen=True)
class Memory:
    """One talk of some time ago. What was promised then, was kept a week later."""

    address: str
    days: int
    who: str
    mood: str
    quote: str
    area: str
    answer: str
    said: str
    promise: str = ""
    wish: str = ""
    reason: str = VisitReason.TALK


MEMORIES = (
    Memory("Kerkstraat 12", 405, "anna", GOOD, "Mijn man heeft deze tafel gemaakt. Daarom past hij nergens anders.", HOME, WELL,
           "Wil hier blijven wonen. De keukentafel neemt de halve kamer in."),
    Memory("Kerkstraat 12", 118, "joost", GOOD, "De buurvrouw leest mijn brieven voor. Zij slaat de nare stukken over.", SUPPORT, ATTENTION,
           "Brieven stapelen zich op als de buurvrouw met vakantie is.", "Vragen of brieven in grote letters kunnen"),
    Memory("Kerkstraat 20", 610, "joost", LATER, "", SUPPORT, WELL, "Gesproken met handen en voeten. Lachte veel."),
    Memory("Kerkstraat 27", 330, "fatma", GOOD, "Vierenvijftig treden, twee keer per dag. Ik tel ze, dan blijf ik wakker.", DAILY, WELL,
           "Loopt elke ochtend naar de bakker."),
    Memory("Kerkstraat 35", 480, "anna", GOOD, "In Polen had ik een tuin. Hier heb ik een balkon met ambitie.", HOME, WELL,
           "Balkon vol tomaten. Vraagt of er een regenton mag staan.", "Uitzoeken of een regenton op het balkon mag",
           "Een moestuin op het grasveld achter de Kerkstraat"),
    Memory("Kerkstraat 36", 152, "anna", GOOD, "Ik ben alleen, maar ik ben niet eenzaam. Dat is iets anders, schrijf dat op.", SUPPORT, WELL,
           "Leest veel. Zus belt op zondag."),
    Memory("Kerkstraat 47", 560, "joost", GOOD, "Ik hoor aan de voetstappen wie er thuiskomt.", NEIGHBOURS, WELL,
           "Kent het hele portiek. Neemt pakketjes aan."),
    Memory("Kerkstraat 56", 120, "anna", GOOD, "Leeg is ook mooi. Dat wist ik niet meer.", HOME, WELL,
           "Balkon is leeg, er staan twee stoelen.", reason=VisitReason.RECHECK),
    Memory("Kerkstraat 72", 380, "fatma", GOOD, "Bij ons stond altijd een bord extra op tafel. Dat doe ik nog.", SUPPORT, WELL,
           "Kookt op feestdagen voor de hele galerij."),
    Memory("Kerkstraat 83", 340, "joost", GOOD, "Elk boek is een vriend die niet terugpraat.", HOME, ATTENTION,
           "Boeken in alle kamers. De gang was nog breed genoeg."),
    Memory("Torenstraat 7", 420, "joost", GOOD, "Na zijn dood ben ik in zijn stoel gaan zitten. Die kijkt uit op de straat.", SUPPORT, ATTENTION,
           "Familie woont ver weg. Belt één keer per week met haar zus in Paramaribo."),
    Memory("Torenstraat 11", 160, "fatma", WORRY, "Zij maakt haar huiswerk in de badkamer. Daar kan de deur op slot.", HOME, HELP,
           "Dochter heeft geen eigen plek. Ouders slapen in de woonkamer.", "Uitzoeken of de berging als studeerplek mag"),
    Memory("Lindelaan 4", 590, "bilal", GOOD, "Alles wat u hier ziet, is nog te gebruiken.", HOME, WELL,
           "Schuur vol gereedschap. In huis was ruimte genoeg."),
    Memory("Lindelaan 12", 210, "anna", GOOD, "Zij denken dat ik kan toveren. Ik ben alleen goed in macaroni.", SUPPORT, ATTENTION,
           "Werkt avonden in de zorg. Haar moeder past soms op.", "Nummer van de gastouder om de hoek doorgeven"),
    Memory("Lindelaan 22", 320, "joost", GOOD, "Als het huis schoon is, is mijn hoofd ook schoon.", HOME, WELL,
           "Zoon heeft de gang geverfd. Trots op het resultaat."),
    Memory("Lindelaan 49", 396, "fatma", GOOD, "Thuis had ik een werkplaats. Hier heb ik een schroevendraaier. Het begint.", HOME, WELL,
           "Repareert fietsen van de buren. Wil graag werken.", "Adres van de fietswerkplaats doorgeven",
           "Een klusplek in een lege berging", VisitReason.NEW_TENANT),
    Memory("Lindelaan 51", 240, "joost", GOOD, "Planten luisteren beter dan de meeste mensen.", HOME, WELL, "Galerij vol bakken, vrolijk gezicht."),
    Memory("Lindelaan 53", 130, "fatma", GOOD, "Ik heb een jaar lang elke eerste van de maand gevierd.", MONEY, WELL,
           "Sinds de regeling klaar is, houdt hij elke maand iets over."),
    Memory("Esdoornhof 12", 410, "joost", LATER, "", SUPPORT, ATTENTION, "Deed open op een kier. Zei dat hij liever gebeld wordt."),
    Memory("Esdoornhof 20", 270, "fatma", GOOD, "Mijn brood gaat naar vier deuren. Zo weet ik hoe het met iedereen gaat.", NEIGHBOURS, WELL,
           "Bakt op vrijdag voor de buren.", wish="Een oven in het buurthuis waar iedereen kan bakken"),
    Memory("Molenweg 74", 160, "carla", GOOD, "Yonas telt de treden in het Nederlands. Bij de acht is hij al boven.", SAFETY, WELL,
           "Doet de deur open met een lach. Kent twee moeders van school."),
    Memory("Molenweg 90", 370, "daan", GOOD, "Ik bewaar het voor later. Later is ook iets waard.", HOME, ATTENTION,
           "Kranten in de gang, netjes op jaar."),
    Memory("Molenweg 104", 260, "carla", GOOD, "Mijn vingers zijn koud, maar mijn thee is warm.", HOME, ATTENTION,
           "Zit in de keuken omdat het daar het warmst is."),
    Memory("Molenweg 118", 200, "henk", LATER, "De hond en ik, wij redden ons.", SUPPORT, ATTENTION, "Wilde niet lang praten. De hond lag tussen ons in."),
    Memory("Wiekslag 3", 300, "daan", GOOD, "Wij stoken hout van eigen bomen. Het ruikt naar vroeger.", HOME, WELL, "Houtkachel, nette stapel hout."),
    Memory("Wiekslag 5", 90, "carla", WORRY, "Ik rijd om vijf uur weg en kom om zes uur thuis. Daartussen ben ik moeder per telefoon.", MONEY, ATTENTION,
           "Auto is nodig voor het werk, maar kost meer dan zij dacht.", "Uitleg over bijzondere bijstand opsturen"),
    Memory("Wiekslag 12", 290, "daan", GOOD, "Mijn naam staat op de bus. Ik heb er een foto van gemaakt.", SUPPORT, WELL,
           "Vader begint met een bezorgbedrijf. Kinderen gaan graag naar school."),
)  # fmt: skip


def remember(world: World) -> Iterator[Story]:
    """Tell them all."""
    for number, memory in enumerate(MEMORIES):
        yield _told(world, memory, time(10 + number % 5, 15 * (number % 4)))


def _told(world: World, memory: Memory, clock: time) -> Iterator[datetime]:
    day = world.time.near(-memory.days)
    yield world.time.moment(world.time.calendar.before(day, 5), time(9, 10))
    visit = world.plan(memory.address, memory.who, day, clock.isoformat("minutes"), memory.reason)
    yield world.time.moment(day, clock)
    due_on = world.time.calendar.add(day, 6)
    world.talk(
        memory.address,
        memory.who,
        visit,
        mood=memory.mood,
        quote=memory.quote,
        topics=[TopicLine(memory.area, memory.answer, memory.said)],
        promises=[world.promise(memory.promise, due_on, memory.who)] if memory.promise else [],
        wishes=[memory.wish] if memory.wish else [],
    )
    for follow_up in world.promises_of(visit):
        yield world.time.moment(due_on, time(16, 20))
        world.keep(follow_up, note="Gedaan en verteld.")
