"""Two projects: the Kerkstraat, where we are asking the first question, and the Molenweg, where the work goes on."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from corporatie.desk.demo.everyday import Deck
from corporatie.desk.demo.timeline import Story
from corporatie.desk.demo.world import World
from projects import actions as projects
from projects.actions import TakeIntoAccount
from projects.models import Project
from projects.states import AccommodationCode as Code
from projects.states import AccommodationSource, Importance, IntakeAnswer, MemberRole, Phase, ProjectKind
from tenants.models import Dwelling
from visits.actions import TopicLine
from visits.models import Visit
from visits.states import AreaAnswer, LifeArea, NextTime, Outcome, VisitReason

PREFER = Importance.PREFER

QUOTES = (
    "Ik vind het best, als ik maar weet wie er binnenkomt.",
    "Bij de vorige verbouwing stond ik drie weken zonder keuken. Daar droom ik nog wel eens van.",
    "Eindelijk dubbel glas. Ik zet de kachel straks uit het raam.",
    "Zeg gewoon eerlijk als het langer duurt. Dan kan ik erop rekenen.",
    "Mijn huis is klein, maar ik weet precies waar alles staat.",
    "Ze mogen best herrie maken. Als het 's middags maar een uur stil is.",
    "U bent de eerste die eerst naar mij vraagt en dan pas naar de kozijnen.",
    "Ik verheug mij op een badkamer waar twee mensen in passen.",
    "Vijftig jaar geleden waren deze huizen nieuw. Ik ook.",
    "Als de planten maar overleven, dan overleef ik het ook.",
    "Ik wil niet weg. Ook niet voor twee weken. Ook niet voor een hotel.",
    "De kinderen tellen de dagen. Zij denken dat de steiger een klimrek wordt.",
    "Ik werk 's nachts. Overdag is voor mij de nacht.",
    "Praat niet tegen mijn dochter, praat tegen mij. Ik hoor alleen wat langzaam.",
    "Als er een brief komt, lees ik hem drie keer en weet ik nog niet wat ik moet doen.",
    "Vroeger vroegen ze niets. Dan stond er ineens een man met een boor.",
    "Ik bak een taart voor de ploeg, als ze op tijd beginnen.",
    "Mijn moeder woont bij ons. Zij schrikt van vreemden, dus kom alstublieft rustig binnen.",
    "Doe het maar in één keer goed. Ik ben te oud voor een tweede keer.",
    "De zolder is van mijn man. Wat daar staat, blijft daar staan.",
    "Warm water op dinsdag, dan komt de hulp. De rest regel ik zelf.",
    "Ik heb vogels. Die kunnen niet tegen stof en ik niet tegen huilende vogels.",
    "Het is mijn huis, ook al is het uw huis.",
    "Fijn dat u twee keer terugkwam. Ik had het de eerste keer niet begrepen.",
)
WISHES = (
    "Een afdak boven de voordeur, zodat je droog je sleutel kunt zoeken",
    "Een zitje in de hal op de eerste verdieping",
    "Licht in het portiek dat vanzelf aangaat",
    "De oude tegels uit de hal bewaren: ze horen bij het huis",
    "Een kraantje op het balkon voor de planten",
    "Brievenbussen op een hoogte die iedereen kan lezen",
    "Een hellingbaan naast de drie treden bij portiek D",
    "Voordeuren in verschillende kleuren, zoals vroeger",
    "Een plek om samen koffie te drinken tijdens het werk",
    "Horren in de ramen van de slaapkamers",
    "Een oplaadpunt voor scootmobielen in de berging",
    "Eerst één woning klaarmaken, zodat we kunnen komen kijken",
    "De kinderen een stuk van de bouwschutting laten schilderen",
)
# (what, instruction, importance, may it be passed on). What must be done; never why.
INSTRUCTIONS = (
    (Code.DOOR_TIME, "Bel aan en wacht 3 minuten.", Importance.MUST, True),
    (Code.SAME_FACE, "Stuur elke dag dezelfde uitvoerder.", PREFER, True),
    (Code.TIME_WINDOW, "Kom niet vóór 10.00 uur.", Importance.MUST, True),
    (Code.CALL_FIRST, "Bel de dag ervoor, tussen 10 en 12 uur.", PREFER, True),
    (Code.POWER, "Zet de stroom nooit uit zonder eerst te bellen.", Importance.MUST, True),
    (Code.LANGUAGE, "Leg uit met plaatjes of bel de tolkentelefoon.", Importance.MUST, True),
    (Code.READING, "Leg het werk uit aan de deur. Stuur geen brief.", PREFER, True),
    (Code.DUST, "Hang stofschotten en zuig aan het eind van elke dag.", Importance.MUST, True),
    (Code.NOISE, "Boor hooguit twee uur achter elkaar.", PREFER, True),
    (Code.PETS, "Houd de voordeur dicht: er lopen twee katten.", Importance.MUST, True),
    (Code.CHILDREN, "Berg gereedschap op in de pauze: jonge kinderen.", Importance.MUST, True),
    (Code.WATER, "Laat elke avond toilet en douche werken.", Importance.MUST, True),
    (Code.PACKING, "Plan inpakhulp in, een week voor het begin.", Importance.MUST, False),
    (Code.AID, "Laat de traplift zitten tot er een tijdelijke is.", Importance.MUST, True),
    (Code.WALKWAY, "Houd 90 cm vrij in de gang.", Importance.MUST, True),
    (Code.WARMTH, "Niet langer dan een uur zonder verwarming.", Importance.MUST, True),
    (Code.VIA_CONTACT, "Overleg over de planning met de dochter.", Importance.MUST, False),
    (Code.DAY_RETREAT, "Bied de rustwoning aan op dagen met boorwerk.", PREFER, True),
    (Code.PRIVATE_ROOM, "Ga niet in de achterste kamer. Vraag eerst.", Importance.MUST, False),
    (Code.HEARING, "Ga voor de bewoner staan en praat rustig.", PREFER, True),
    (Code.CUSTOMS, "Doe schoenen uit of trek hoesjes aan.", PREFER, True),
    (Code.FULL_HOME, "Spreek eerst de consulent: er is ruimte nodig.", Importance.MUST, False),
    (Code.NO_WORK_PERIOD, "Werk niet in de eerste week van de vakantie.", Importance.MUST, True),
    (Code.OWN_FITTING, "Haal de zelfgemaakte kast heel van de muur.", PREFER, True),
)  # fmt: skip
REASONS = (
    "Vertelt dat opstaan en lopen veel tijd kosten. Valt liever niet waar anderen bij zijn.",
    "Heeft apparatuur die dag en nacht stroom nodig. Laat de brief van de leverancier zien.",
    "Raakt van slag als er elke dag iemand anders binnenkomt. Vroeg mij dit niet door te vertellen.",
    "Kan een brief niet goed lezen en schaamt zich daarvoor tegenover de kinderen.",
    "Slaapt overdag na nachtdiensten en wil niet dat de buren weten waar.",
    "Vertelt over een moeilijke tijd thuis. Wil dat er niemand onverwacht voor de deur staat.",
)
TOPICS = (
    TopicLine(LifeArea.HOME, AreaAnswer.ATTENTION, "De badkamer is te krap. Het raam op het noorden tocht."),
    TopicLine(LifeArea.HOME, AreaAnswer.WELL, "Houdt van de hoge plafonds en het licht aan de voorkant."),
    TopicLine(LifeArea.NEIGHBOURS, AreaAnswer.WELL, "Kent bijna iedereen in het portiek."),
    TopicLine(LifeArea.DAILY, AreaAnswer.ATTENTION, "Vraagt wie de zware kasten verplaatst."),
    TopicLine(LifeArea.SUPPORT, AreaAnswer.WELL, "Familie komt helpen met inpakken."),
)
YES, NO, LATER, DECLINED = IntakeAnswer.YES, IntakeAnswer.NO, IntakeAnswer.LATER, IntakeAnswer.DECLINED
# Of the homes that were not spoken to, these have a story of their own (see stories.py), or nobody came to the door.
NOT_YET = {
    "Kerkstraat 18": "planned", "Kerkstraat 20": "planned", "Kerkstraat 24": "sanne", "Kerkstraat 52": "sanne",
    "Kerkstraat 68": "sanne", "Kerkstraat 16": "closed", "Kerkstraat 22": "closed", "Kerkstraat 44": "closed twice",
    "Kerkstraat 91": "closed three times", "Kerkstraat 61": "new", "Kerkstraat 79": "refused",
    "Molenweg 118": "refused",
}  # fmt: skip
# Answered in a story of its own.
TOLD_ELSEWHERE = frozenset({"Kerkstraat 47"})


class Renovation:
    """Starts the projects and tells of their intakes."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rng = world.rng
        self.quotes, self.wishes = Deck(QUOTES, self.rng), Deck(WISHES, self.rng)
        self.instructions, self.reasons = Deck(INSTRUCTIONS, self.rng), Deck(REASONS, self.rng)
        self.topics = Deck(TOPICS, self.rng)
        self.projects: dict[str, Project] = {}

    def homes(self, street: str) -> list[Dwelling]:
        """The dwellings of that street, in order of number."""
        return [home for home in self.world.homes.values() if home.street == street]

    def stories(self) -> Iterator[Story]:
        """The phases of both projects, and an intake at each home."""
        yield self._kerkstraat()
        yield self._molenweg()
        # The last intakes of the Kerkstraat were yesterday; those of the Molenweg are half a year old.
        yield from self._intakes(
            "Kerkstraat", ("anna", "sanne", "fatma", "sanne"), last=3, first=74, answers=(21, 4, 4)
        )
        yield from self._intakes(
            "Molenweg", ("carla", "rachid", "daan", "rachid"), last=190, first=330, answers=(13, 1, 1)
        )

    def _kerkstraat(self) -> Story:
        yield self.world.time.past(200, 9, 30)
        self.projects["Kerkstraat"] = projects.start_project(
            name="Kerkstraat 11–94",
            slug="kerkstraat-11-94",
            kind=ProjectKind.RENOVATION_LIVED_IN,
            dwellings=self.homes("Kerkstraat"),
            members=[
                (self.world.who("petra"), MemberRole.LEADER),
                (self.world.who("sanne"), MemberRole.COORDINATOR),
                (self.world.who("anna"), MemberRole.CONSULTANT),
            ],
            starts_on=self.world.time.near(100),
            ends_on=self.world.time.near(330),
            by=self.world.who("petra"),
            at=self.world.time.now,
        )
        yield from self._phases("Kerkstraat", ((80, Phase.DEFINITION),))

    def _molenweg(self) -> Story:
        yield self.world.time.past(640, 9, 30)
        self.projects["Molenweg"] = projects.start_project(
            name="Molenweg 71–118",
            slug="molenweg-71-118",
            kind=ProjectKind.ENERGY,
            dwellings=self.homes("Molenweg"),
            members=[
                (self.world.who("petra"), MemberRole.LEADER),
                (self.world.who("rachid"), MemberRole.COORDINATOR),
                (self.world.who("carla"), MemberRole.CONSULTANT),
            ],
            starts_on=self.world.time.near(-48),
            ends_on=self.world.time.near(90),
            by=self.world.who("petra"),
            at=self.world.time.now,
        )
        phases = ((560, Phase.DEFINITION), (185, Phase.DESIGN), (120, Phase.PREPARATION), (48, Phase.EXECUTION))
        yield from self._phases("Molenweg", phases)

    def _phases(self, street: str, phases: tuple[tuple[int, Phase], ...]) -> Iterator[datetime]:
        for days, phase in phases:
            yield self.world.time.past(days, 16)
            projects.change_phase(
                project=self.projects[street], to=phase, by=self.world.who("petra"), at=self.world.time.now
            )

    def _intakes(
        self, street: str, callers: tuple[str, ...], *, last: int, first: int, answers: tuple[int, int, int]
    ) -> Iterator[Story]:
        addresses = [home.address for home in self.homes(street) if home.address in self.world.tenancies]
        asked = [address for address in addresses if address not in NOT_YET and address not in TOLD_ELSEWHERE]
        yes, later, declined = answers
        given = [YES] * yes + [LATER] * later + [DECLINED] * declined
        given += [NO] * (len(asked) - len(given))
        self.rng.shuffle(asked)
        self.rng.shuffle(given)
        for place, address in enumerate(asked):
            days = first - (first - last) * place // len(asked)
            answer = given[place]
            lines = self.rng.choice((1, 1, 2)) if answer == YES else 0
            clock = time(self.rng.choice((9, 10, 11, 13, 14, 15)), self.rng.choice((0, 15, 30, 45)))
            yield self._intake(street, address, callers[place % len(callers)], days, clock, answer, lines)
        for address in addresses:
            if NOT_YET.get(address, "").startswith("closed"):
                yield self._closed(address, {"closed": 1, "closed twice": 2}.get(NOT_YET[address], 3))
            elif NOT_YET.get(address) == "refused":
                yield self._refused(address, "sanne" if street == "Kerkstraat" else "rachid", (first + last) // 2)

    def _intake(self, street: str, address: str, who: str, days: int, clock: time, answer: str, lines: int) -> Story:
        has_quote, has_wish = self.rng.random() < 0.5, self.rng.random() < 0.28
        quote = self.quotes.draw() if has_quote else ""
        wishes = [self.wishes.draw()] if has_wish else []
        topics = [self.topics.draw()] if self.rng.random() < 0.4 else []
        cards = [self.instructions.draw() for _number in range(lines)]
        reason = self.reasons.draw() if answer == YES and self.rng.random() < 0.35 else ""
        return self._told(street, address, who, (days, clock), answer, (quote, wishes, topics, cards, reason))

    def _told(
        self, street: str, address: str, who: str, when: tuple[int, time], answer: str, said: tuple[Any, ...]
    ) -> Iterator[datetime]:
        quote, wishes, topics, cards, reason = said
        day = self.world.time.near(-when[0])
        yield self.world.time.moment(self.world.time.calendar.before(day, 6), time(8, 45))
        visit = self.world.plan(
            address, who, day, when[1].isoformat("minutes"), VisitReason.RENOVATION_INTAKE, announced="letter"
        )
        yield self.world.time.moment(day, when[1])
        self.world.talk(address, who, visit, quote=quote, wishes=wishes, topics=topics)
        self.answer(street, address, who, visit, answer, [_line(card) for card in cards], reason)

    def answer(
        self,
        street: str,
        address: str,
        who: str,
        visit: Visit,
        answer: str,
        lines: list[TakeIntoAccount],
        reason: str = "",
    ) -> None:
        """Write down the answer to the first question."""
        projects.answer_intake(
            project=self.projects[street],
            tenancy=self.world.tenancies[address],
            visit=visit,
            answer=answer,
            take_into_account=lines,
            reason=reason,
            by=self.world.who(who),
            at=self.world.time.now,
        )

    def _closed(self, address: str, times: int) -> Iterator[datetime]:
        for number in range(times):
            day = self.world.time.near(-25 + 6 * number)
            hour = (10, 14, 17)[number]
            yield self.world.time.moment(self.world.time.calendar.before(day, 3), time(8, 45))
            visit = self.world.plan(
                address, "sanne", day, f"{hour}:15", VisitReason.RENOVATION_INTAKE, announced="letter"
            )
            yield self.world.time.moment(day, time(hour, 15))
            self.world.end(visit, Outcome.NOBODY_HOME, door_signs=["card_left"], next_time=NextTime.EVENING)

    def _refused(self, address: str, who: str, days: int) -> Iterator[datetime]:
        day = self.world.time.near(-days)
        yield self.world.time.moment(day - timedelta(days=1), time(8, 45))
        visit = self.world.plan(address, who, day, "11:30", VisitReason.RENOVATION_INTAKE, announced="letter")
        yield self.world.time.moment(day, time(11, 30))
        self.world.end(visit, Outcome.REFUSED)


def _line(card: tuple[str, str, str, bool]) -> TakeIntoAccount:
    code, instruction, importance, may_share = card
    return TakeIntoAccount(
        code=code,
        instruction=instruction,
        importance=importance,
        source=AccommodationSource.RESIDENT,
        resident_ok_to_share=may_share,
    )
