"""What waits this morning in the other streets: an acute signal, dossiers, a colleague on leave."""

from collections.abc import Iterator

from cases import actions as cases
from cases.states import ResidentTold, Severity, SignalSource, SignalType
from corporatie.desk.demo.stories.base import Teller
from corporatie.desk.demo.timeline import Story
from visits.actions import TopicLine
from visits.states import AreaAnswer, LifeArea, Mood, Outcome, VisitReason


class Morning(Teller):
    """What waits this morning in the other streets: an acute signal, dossiers, a colleague on leave."""

    def all(self) -> Iterator[Story]:
        """Every story."""
        yield self.post()
        yield self.el_amrani()
        yield self.sewnarain()
        yield self.smits()
        yield self.joost_is_away()
        yield self.signals_of_noord()
        yield self.signals_of_zuid()

    def post(self) -> Story:
        address = "Lindelaan 4"
        yield self.time.past(130, 11)
        self.world.talk(
            address,
            "bilal",
            outcome=Outcome.TALKED_AT_DOOR,
            entry_allowed=False,
            mood=Mood.LATER,
            note="Aan de deur. Meneer zei: binnen is het nu niet netjes, kom maar een andere keer.",
        )
        yield self.time.lately(0, 8, 5)
        self.world.signal(
            address,
            "bilal",
            SignalType.FIRE,
            Severity.ACUTE,
            "De gang staat vol dozen, tot boven aan toe. Een elektrische kachel stond aan, vlak bij papier. "
            "De achterdeur kan niet open.",
            thought="Meneer is alleen en kan niet snel weg als het misgaat.",
            resident_told=ResidentTold.YES,
        )

    def el_amrani(self) -> Story:
        address = "Lindelaan 22"
        yield self.time.lately(9, 13, 30)
        case = self.case(address)
        self.world.talk(
            address,
            "anna",
            mood=Mood.WORRY,
            reason=VisitReason.ARREARS,
            quote="Dat ik 's avonds weer rustig kan slapen, meer hoeft niet.",
            topics=[
                TopicLine(
                    LifeArea.MONEY,
                    AreaAnswer.HELP,
                    "Veertien enveloppen geopend. Twee keer huur, energie en de zorgpremie staan open.",
                    "Zij heeft het overzicht terug. Nu snel iemand die meebelt.",
                ),
                TopicLine(LifeArea.SUPPORT, AreaAnswer.WELL, "Zus woont in dezelfde buurt en past op."),
            ],
            promises=[self.world.promise("Samen de rest van de post sorteren", self.time.on, "anna")],
        )
        yield self.time.lately(5, 11)
        self.world.contact(
            address, "anna", "phone", "out", "Schuldhulp gebeld: dossier is binnen, nog geen datum.", case
        )
        self.world.plan(
            address,
            "anna",
            self.time.on,
            "11:45",
            VisitReason.ARREARS,
            case=case,
            purpose="Post sorteren, energierekening bekijken",
        )

    def sewnarain(self) -> Story:
        address = "Torenstraat 7"
        yield self.time.past(60, 14)
        self.world.talk(
            address,
            "anna",
            mood=Mood.GOOD,
            quote="Op donderdag trek ik nu mijn goede blouse aan.",
            topics=[
                TopicLine(LifeArea.SUPPORT, AreaAnswer.WELL, "Gaat elke week naar de eettafel. Zit naast mevrouw Bos.")
            ],
            wishes=["Een gezamenlijke maaltijd in de tuin van de Torenstraat"],
        )
        yield self.time.lately(3, 10)
        self.world.plan(
            address,
            "anna",
            self.time.on,
            "15:30",
            VisitReason.RECHECK,
            case=self.case(address),
            purpose="Koffie: lukt het op eigen kracht?",
        )

    def smits(self) -> Story:
        address = "Esdoornhof 9"
        yield self.time.past(95, 10, 30)
        talk = self.world.talk(address, "fatma", elaborate_later=True)
        yield self.time.past(94, 8, 45)
        self.world.elaborate(
            talk,
            "fatma",
            mood=Mood.GOOD,
            quote="Op de dagen dat hij weg is, lees ik de krant. Helemaal.",
            topics=[
                TopicLine(
                    LifeArea.SUPPORT,
                    AreaAnswer.WELL,
                    "Meneer gaat drie dagen naar de dagopvang en fluit als hij thuiskomt.",
                )
            ],
        )
        yield self.time.lately(4, 13)
        self.world.plan(
            address,
            "anna",
            self.time.on,
            "14:30",
            VisitReason.RESIDENT_ASKED,
            purpose="Vraag over een tweede trapleuning",
        )

    def joost_is_away(self) -> Story:
        address, joost = "Esdoornhof 12", self.world.who("joost")
        yield self.time.lately(4, 9, 20)
        signal = self.world.signal(
            address,
            "bilal",
            SignalType.NO_CONTACT,
            Severity.HIGH,
            "Post steekt uit de brievenbus. De buurvrouw hoort de televisie wel, maar hij doet niet open.",
            source=SignalSource.NEIGHBOUR,
            resident_told=ResidentTold.NOT_YET,
        )
        yield self.time.lately(4, 13)
        cases.take_up_signal(signal=signal, by=joost, at=self.time.now)
        self.world.plan(
            address, "joost", self.time.day(-2), "10:00", VisitReason.SIGNAL, purpose="Kijken of het goed gaat"
        )
        yield self.time.lately(4, 15)
        self.world.contact(
            address, "joost", "phone", "out", "Twee keer gebeld, niet opgenomen. Ingesproken dat ik langskom."
        )
        self.world.promise_now("Torenstraat 11", "joost", "Uitslag van de woningruil doorgeven", self.time.on)

    def signals_of_noord(self) -> Story:
        yield self.time.lately(7, 10, 10)
        self.world.signal(
            "Torenstraat 11",
            "fatma",
            SignalType.UNFIT_HOME,
            Severity.MEDIUM,
            "Moeder belt: met een groot kind op één kamer gaat het niet meer.",
            source=SignalSource.CONTACT_CENTRE,
            resident_told=ResidentTold.YES,
        )
        yield self.time.lately(3, 16)
        self.world.signal(
            "Kerkstraat 36",
            "sanne",
            SignalType.MONEY,
            Severity.MEDIUM,
            "Meneer vroeg of de huur omhoog gaat en moest gaan zitten toen ik het uitlegde.",
            thought="Hij maakt zich zorgen, ook al is er nog geen achterstand.",
            resident_told=ResidentTold.YES,
        )
        yield self.time.lately(2, 9, 50)
        self.world.signal(
            "Lindelaan 49",
            "bilal",
            SignalType.ENERGY,
            Severity.LOW,
            "Handdoeken voor de ramen en plastic over de ventilatieroosters.",
            resident_told=ResidentTold.YES,
        )
        yield self.time.lately(2, 15, 20)
        noise = self.world.signal(
            "Lindelaan 53",
            "bilal",
            SignalType.NOISE,
            Severity.LOW,
            "Buurvrouw hoort elke ochtend om vijf uur de wasmachine.",
            source=SignalSource.NEIGHBOUR,
            resident_told=ResidentTold.NOT_YET,
        )
        yield self.time.lately(1, 9, 15)
        cases.take_up_signal(signal=noise, by=self.world.who("fatma"), at=self.time.now)
        yield self.time.lately(1, 11, 40)
        self.world.signal(
            "Kerkstraat 36",
            "bilal",
            SignalType.CONFUSION,
            Severity.HIGH,
            "Meneer praatte hardop in de lege hal en gaf geen antwoord op mijn groet. Dat doet hij anders altijd.",
            thought="Hij leek niet te slapen. Ik ken hem zo niet.",
            resident_told=ResidentTold.NOT_YET,
        )
        yield self.time.lately(1, 14, 55)
        self.world.signal(
            "Kerkstraat 91",
            "sanne",
            SignalType.NO_CONTACT,
            Severity.MEDIUM,
            "Drie keer niet opengedaan voor de intake. Er brandt 's avonds licht.",
            resident_told=ResidentTold.NOT_YET,
        )

    def signals_of_zuid(self) -> Story:
        yield self.time.lately(8, 10)
        late = self.world.signal(
            "Wiekslag 5",
            "henk",
            SignalType.MONEY,
            Severity.MEDIUM,
            "Mevrouw zegt dat zij moet kiezen tussen de huur en de auto voor haar werk.",
            source=SignalSource.TENANT,
            resident_told=ResidentTold.YES,
        )
        yield self.time.lately(7, 9)
        cases.assign_signal(signal=late, handler=self.world.who("daan"), by=self.world.who("ingrid"), at=self.time.now)
        yield self.time.lately(1, 10, 30)
        self.world.signal(
            "Molenweg 118",
            "rachid",
            SignalType.REFUSES_REPAIR,
            Severity.HIGH,
            "Meneer laat de glaszetter niet binnen en doet de deur niet meer open. De steiger gaat volgende week weg.",
            source=SignalSource.CONTRACTOR,
            resident_told=ResidentTold.YES,
        )
        yield self.time.lately(1, 13, 45)
        self.world.signal(
            "Molenweg 74",
            "henk",
            SignalType.SAFETY_HOME,
            Severity.HIGH,
            "Onbekende man stond twee avonden voor het portiek en riep haar naam. Mevrouw doet het licht niet aan.",
            source=SignalSource.NEIGHBOUR,
            resident_told=ResidentTold.UNSAFE,
        )
