"""The households one meets first: on Anna's phone this morning, at her colleagues', and on the team lead's desk."""

from collections.abc import Iterator
from datetime import time

from cases import actions as cases
from cases.models import AttentionFlag, Case
from cases.states import CaseResult, CaseStatus, FlagKind, ResidentTold, Severity, SignalSource, SignalType
from corporatie.desk.demo.renovation import Renovation
from corporatie.desk.demo.timeline import Story
from corporatie.desk.demo.world import World
from corporatie.work import actions as work
from projects.actions import TakeIntoAccount
from projects.states import AccommodationCode, Importance, IntakeAnswer
from tenants import actions as tenants
from tenants.states import ContactRelation
from visits.actions import TopicLine
from visits.states import AreaAnswer, LifeArea, Mood, NextTime, Outcome, VisitReason


class Stories:
    """All that is told by name."""

    def __init__(self, world: World, renovation: Renovation) -> None:
        self.world = world
        self.time = world.time
        self.renovation = renovation

    def all(self) -> Iterator[Story]:
        """Every story."""
        yield self.two_at_the_door()
        yield self.de_vries_today()
        yield self.yildiz()
        yield self.bos()
        yield self.hendriks()
        yield self.van_den_heuvel()
        yield self.post()
        yield self.el_amrani()
        yield self.sewnarain()
        yield self.smits()
        yield self.joost_is_away()
        yield self.signals_of_noord()
        yield self.signals_of_zuid()
        yield self.promises_of_the_others()
        yield self.flags()
        yield self.days_of_the_others()
        yield self.days_to_come()

    def flag(self, address: str, kind: str, instruction: str, reason: str, *, review: int, by: str) -> AttentionFlag:
        """Decide on a point of attention and tell the person."""
        return cases.decide_flag(
            tenancy=self.world.tenancies[address],
            kind=kind,
            instruction=instruction,
            reason=reason,
            review_on=self.time.near(review),
            told_on=self.time.now.date(),
            by=self.world.who(by),
            at=self.time.now,
        )

    # --- Kerkstraat 18: an incident, a safety agreement, and trust that came back

    def two_at_the_door(self) -> Story:
        address, marieke = "Kerkstraat 18", self.world.who("marieke")
        yield self.time.past(412, 9)
        visit = self.world.plan(
            address,
            "bilal",
            self.time.near(-411),
            "14:00",
            VisitReason.RESIDENT_ASKED,
            purpose="Lekkage onder de gootsteen",
        )
        yield self.time.past(411, 14, 5)
        self.world.end(visit, Outcome.UNSAFE)
        yield self.time.past(411, 14, 40)
        signal = self.world.signal(
            address,
            "bilal",
            SignalType.AGGRESSION,
            Severity.HIGH,
            "De zoon, op bezoek, riep dat wij moesten oprotten en kwam met gebalde vuist tot vlak voor mijn gezicht. "
            "Ik ben weggegaan. Meneer en mevrouw schrokken ook.",
            thought="Hij was boos over de lekkage die al drie keer was gemeld.",
            resident_told=ResidentTold.NOT_YET,
        )
        yield self.time.past(411, 15, 15)
        cases.take_up_signal(signal=signal, by=marieke, at=self.time.now)
        case = cases.open_case(
            tenancy=self.world.tenancies[address],
            types=[SignalType.AGGRESSION],
            severity=Severity.HIGH,
            handler=marieke,
            first_step=self.world.step("Bilal bellen: hoe gaat het? Daarna het gezin", "marieke", self.time.near(-410)),
            problem_owner="association",
            problem_owner_name="Wij: de lekkage bleef te lang liggen",
            goal="Dat er iemand komt die doet wat hij zegt.",
            signal=signal,
            by=marieke,
            at=self.time.now,
        )
        yield self.time.past(409, 10)
        cases.move_case(case=case, to=CaseStatus.IN_PROGRESS, by=marieke, at=self.time.now)
        flag = self.flag(
            address,
            FlagKind.TWO_VISITORS,
            "Kom met z'n tweeën. Bel eerst, en zeg hoe laat u weer gaat.",
            "Bij een bezoek kwam iemand die niet op dit adres woont dreigend dichtbij. Collega is weggegaan.",
            review=-50,
            by="marieke",
        )
        self.world.contact(
            address, "marieke", "letter", "out", "Brief: wat er gebeurde, wat wij voortaan doen en waarom."
        )
        yield self.time.past(400, 11)
        self.world.talk(
            address,
            "marieke",
            mood=Mood.GOOD,
            reason=VisitReason.MEDIATION,
            quote="Hij is geen kwade jongen. Maar zo praat je niet, dat heb ik hem ook gezegd.",
            note="Samen met Bilal. De zoon was er ook en bood excuses aan. De lekkage is verholpen.",
        )
        yield self.time.past(330, 15)
        cases.move_case(case=case, to=CaseStatus.MONITORING, by=marieke, at=self.time.now)
        cases.close_case(
            case=case,
            result=CaseResult.STABLE,
            summary="Wij komen met z'n tweeën en wij bellen eerst. Dat werkt voor u en voor ons.",
            told_on=self.time.now.date(),
            by=marieke,
            at=self.time.now,
        )
        yield self.time.past(58, 11)
        cases.renew_flag(flag=flag, review_on=self.time.near(120), by=marieke, at=self.time.now)

    def de_vries_today(self) -> Story:
        address = "Kerkstraat 18"
        yield self.time.past(300, 9)
        tenants.add_contact_person(
            tenancy=self.world.tenancies[address],
            name="Karin de Vries",
            relation=ContactRelation.FAMILY,
            phone="+31600000901",
            has_key=True,
            by=self.world.who("anna"),
            at=self.time.now,
        )
        tenants.set_preference(
            tenancy=self.world.tenancies[address],
            channel="phone",
            daypart="morning",
            large_print=True,
            by=self.world.who("anna"),
            at=self.time.now,
        )
        yield self.time.past(250, 9)
        visit = self.world.plan(address, "anna", self.time.near(-246), "10:00", second="bilal")
        yield self.time.past(246, 10, 40)
        self.world.talk(
            address,
            "anna",
            visit,
            mood=Mood.GOOD,
            quote="Met u erbij durft hij ook weer koffie te drinken.",
            topics=[TopicLine(LifeArea.HOME, AreaAnswer.WELL, "Keuken droog. Nieuwe kastjes hangen recht.")],
        )
        yield self.time.past(52, 9)
        visit = self.world.plan(
            address,
            "anna",
            self.time.near(-48),
            "10:00",
            second="bilal",
            purpose="Vertellen wat er gaat gebeuren in de Kerkstraat",
        )
        yield self.time.past(48, 10, 50)
        self.world.talk(
            address,
            "anna",
            visit,
            mood=Mood.GOOD,
            quote="Als ik maar weet wannéér ze komen.",
            topics=[
                TopicLine(
                    LifeArea.HOME,
                    AreaAnswer.ATTENTION,
                    "Het kozijn in de keuken klemt. Mevrouw stopt er een krant tussen.",
                ),
                TopicLine(LifeArea.SUPPORT, AreaAnswer.WELL, "Dochter komt op woensdag en heeft een sleutel."),
            ],
            promises=[
                self.world.promise(
                    "Schilder belt over het kozijn in de keuken", self.time.day(3), "anna", carrier="colleague"
                ),
                self.world.promise(
                    "Uitleg over de logeerwoning op papier, in grote letters", self.time.day(6), "petra"
                ),
            ],
            wishes=["Een hellingbaan naast de drie treden bij portiek A"],
        )
        yield self.time.lately(5, 9, 15)
        self.world.contact(
            address, "anna", "phone", "out", "Gebeld voor de intake. Mevrouw wil dat Bilal meekomt, die kent zij."
        )
        self.world.plan(
            address,
            "anna",
            self.time.on,
            "10:00",
            VisitReason.RENOVATION_INTAKE,
            second="bilal",
            purpose="Eerste vraag stellen, kozijn bekijken",
        )

    def yildiz(self) -> Story:
        address = "Kerkstraat 20"
        yield self.time.past(180, 10)
        tenants.set_preference(
            tenancy=self.world.tenancies[address],
            channel="phone",
            language="tur",
            needs_interpreter=True,
            by=self.world.who("fatma"),
            at=self.time.now,
        )
        self.flag(
            address,
            FlagKind.INTERPRETER,
            "Bel de tolkentelefoon: Turks. Of vraag Fatma mee.",
            "Meneer vraagt hier zelf om: hij wil het precies begrijpen.",
            review=150,
            by="marieke",
        )
        yield self.time.past(176, 14)
        self.world.talk(
            address,
            "fatma",
            mood=Mood.GOOD,
            quote="In het Turks maak ik grapjes. In het Nederlands ben ik een ernstige man.",
            topics=[TopicLine(LifeArea.SUPPORT, AreaAnswer.WELL, "Drinkt elke dag thee met twee buren.")],
        )
        yield self.time.lately(11, 9)
        visit = self.world.plan(address, "anna", self.time.day(-8), "14:00", VisitReason.RENOVATION_INTAKE)
        yield self.time.lately(8, 14, 5)
        self.world.end(visit, Outcome.NOBODY_HOME, door_signs=["card_left"], next_time=NextTime.DAYTIME)
        yield self.time.lately(7, 11, 30)
        self.world.contact(
            address, "fatma", "phone", "in", "Belt terug na het kaartje: was bij de tandarts. Ochtend is beter."
        )
        self.world.plan(
            address,
            "anna",
            self.time.on,
            "11:00",
            VisitReason.RENOVATION_INTAKE,
            purpose="Tweede keer. Tolkentelefoon staat klaar",
        )

    # --- A promise that is late

    def bos(self) -> Story:
        address = "Kerkstraat 47"
        yield self.time.past(290, 10)
        self.flag(
            address,
            FlagKind.WAIT_AT_DOOR,
            "Bel aan en wacht drie minuten.",
            "Mevrouw loopt langzaam en schrikt als er wordt gebonsd.",
            review=60,
            by="marieke",
        )
        tenants.set_preference(
            tenancy=self.world.tenancies[address],
            channel="phone",
            daypart="morning",
            large_print=True,
            by=self.world.who("anna"),
            at=self.time.now,
        )
        tenants.add_contact_person(
            tenancy=self.world.tenancies[address],
            name="Karin Terpstra",
            relation=ContactRelation.INFORMAL_CARER,
            phone="+31600000148",
            by=self.world.who("anna"),
            at=self.time.now,
        )
        yield self.time.lately(26, 10, 15)
        self.world.contact(
            address, "anna", "phone", "out", "Uitgenodigd voor het gesprek. Liefst in de ochtend, na tien uur."
        )
        visit = self.world.plan(address, "anna", self.time.day(-15), "14:00", VisitReason.RENOVATION_INTAKE)
        yield self.time.lately(15, 14, 10)
        self.world.end(visit, Outcome.NOBODY_HOME, door_signs=["card_left", "lived_in"], next_time=NextTime.DAYTIME)
        yield self.time.lately(14, 9, 5)
        visit = self.world.plan(address, "anna", self.time.day(-12), "10:30", VisitReason.RENOVATION_INTAKE)
        yield self.time.lately(12, 10, 40)
        talk = self.world.talk(
            address,
            "anna",
            visit,
            quote="Ik vind alles goed, als ik het gezicht maar ken dat binnenkomt.",
            topics=[
                TopicLine(
                    LifeArea.HOME,
                    AreaAnswer.ATTENTION,
                    "Het raam in de slaapkamer sluit niet. Er ligt een handdoek voor.",
                ),
                TopicLine(LifeArea.DAILY, AreaAnswer.WELL, "Nicht doet de boodschappen. Kookt zelf."),
            ],
            promises=[
                self.world.promise(
                    "Schilder belt over het raam in de slaapkamer", self.time.day(-3), "anna", carrier="colleague"
                ),
                self.world.promise("Planning van de renovatie in grote letters brengen", self.time.day(4), "anna"),
                self.world.promise("Nummer van Sanne op een kaartje bij de telefoon", self.time.day(-8), "anna"),
            ],
            wishes=["Een zitje halverwege de trap, om even uit te rusten"],
        )
        self.renovation.answer(
            "Kerkstraat",
            address,
            "anna",
            talk,
            IntakeAnswer.YES,
            [
                TakeIntoAccount(AccommodationCode.DOOR_TIME, "Bel aan en wacht 3 minuten.", resident_ok_to_share=True),
                TakeIntoAccount(
                    AccommodationCode.SAME_FACE,
                    "Stuur elke dag dezelfde uitvoerder.",
                    Importance.PREFER,
                    resident_ok_to_share=True,
                ),
            ],
            "Loopt langzaam sinds een val in de winter. Wil niet dat de buren dat merken.",
        )
        yield self.time.lately(8, 11)
        self.world.keep(next(each for each in self.world.promises_of(talk) if "kaartje" in each.what))

    # --- A talk still to be worked out

    def hendriks(self) -> Story:
        address = "Kerkstraat 12"
        yield self.time.lately(4, 9)
        visit = self.world.plan(
            address,
            "anna",
            self.time.day(-1),
            "15:30",
            VisitReason.RESIDENT_ASKED,
            purpose="Mevrouw wil iets vragen over de post",
        )
        yield self.time.lately(1, 16, 10)
        self.world.talk(
            address,
            "anna",
            visit,
            mood=Mood.WORRY,
            elaborate_later=True,
            note="Brieven van de gemeente, buurvrouw helpt, vraagt wie haar zoon mag bellen.",
        )

    def van_den_heuvel(self) -> Story:
        address = "Kerkstraat 61"
        yield self.time.lately(12, 10)
        self.world.contact(
            address, "anna", "phone", "in", "Belt: het licht in de berging doet het niet. En of er een koor is."
        )
        yield self.time.lately(6, 9, 30)
        self.flag(
            address,
            FlagKind.WAIT_AT_DOOR,
            "Bel twee keer, lang. Ga staan waar hij u kan zien.",
            "Meneer vertelt dat hij de bel vaak niet hoort.",
            review=300,
            by="marieke",
        )
        self.world.plan(
            address, "anna", self.time.on, "13:30", VisitReason.NEW_TENANT, purpose="Hoe bevalt het na een maand?"
        )

    # --- The acute signal of this morning

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

    # --- Dossiers that are on today's list

    def el_amrani(self) -> Story:
        address = "Lindelaan 22"
        yield self.time.lately(9, 13, 30)
        case = self._case(address)
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
            case=self._case(address),
            purpose="Koffie: lukt het op eigen kracht?",
        )

    def smits(self) -> Story:
        address = "Esdoornhof 9"
        yield self.time.past(95, 10, 30)
        self.world.talk(
            address,
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

    # --- Joost is on leave; Anna stands in

    def joost_is_away(self) -> Story:
        address, joost = "Esdoornhof 12", self.world.who("joost")
        yield self.time.lately(7, 9, 20)
        signal = self.world.signal(
            address,
            "bilal",
            SignalType.NO_CONTACT,
            Severity.HIGH,
            "Post steekt uit de brievenbus. De buurvrouw hoort de televisie wel, maar hij doet niet open.",
            source=SignalSource.NEIGHBOUR,
            resident_told=ResidentTold.NOT_YET,
        )
        yield self.time.lately(7, 13)
        cases.take_up_signal(signal=signal, by=joost, at=self.time.now)
        self.world.plan(
            address, "joost", self.time.day(-2), "10:00", VisitReason.SIGNAL, purpose="Kijken of het goed gaat"
        )
        yield self.time.lately(6, 15)
        self.world.contact(
            address, "joost", "phone", "out", "Twee keer gebeld, niet opgenomen. Ingesproken dat ik langskom."
        )
        self.world.promise_now("Torenstraat 11", "joost", "Uitslag van de woningruil doorgeven", self.time.on)

    # --- Signals that wait for someone

    def signals_of_noord(self) -> Story:
        yield self.time.lately(9, 10, 10)
        self.world.signal(
            "Torenstraat 11",
            "fatma",
            SignalType.UNFIT_HOME,
            Severity.MEDIUM,
            "Moeder belt: met een kind van veertien op één kamer gaat het niet meer.",
            source=SignalSource.CONTACT_CENTRE,
            resident_told=ResidentTold.YES,
        )
        yield self.time.lately(3, 16)
        self.world.signal(
            "Kerkstraat 36",
            "sanne",
            SignalType.MONEY,
            Severity.MEDIUM,
            "Meneer vroeg tijdens de intake of de huur omhoog gaat en moest gaan zitten toen ik het uitlegde.",
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

    # --- What the others promised

    def promises_of_the_others(self) -> Story:
        promise = self.world.promise_now
        yield self.time.lately(10, 15)
        promise("Lindelaan 22", "bilal", "Voordeurslot laten smeren", self.time.day(-1))
        promise("Torenstraat 7", "bilal", "Tuinstoel terugzetten na het schilderwerk", self.time.on)
        promise("Kerkstraat 83", "fatma", "Lijst met opkopers van boeken meenemen", self.time.day(2))
        promise("Molenweg 104", "daan", "Elektrische radiator ophalen als het glas erin zit", self.time.day(7))
        promise("Molenweg 90", "carla", "Opslagruimte vragen voor één maand", self.time.day(-4))
        promise("Wiekslag 3", "carla", "Uitslag van de rookmeting vertellen", self.time.day(1))
        promise("Molenweg 74", "rachid", "Rolgordijn terughangen na het glas", self.time.on)
        promise("Kerkstraat 72", "petra", "Laten weten of haar kozijn als eerste aan de beurt is", self.time.day(-2))
        yield self.time.lately(9, 11)
        wrong = promise("Lindelaan 12", "fatma", "Kinderstoeltje regelen bij de kringloop", self.time.day(-3))
        yield self.time.lately(3, 16, 20)
        self.world.drop(wrong, "De kringloop had er geen. Moeder heeft er zelf een gekregen van een buurvrouw.")
        told = promise("Kerkstraat 35", "anna", "Vloerviltjes langsbrengen", self.time.day(2))
        work.tell_resident(follow_up=told, on=self.time.now.date())
        # They moved out; what was promised is found by the reminders.
        left = promise("Lindelaan 58", "fatma", "Nieuw adres doorgeven aan de huurtoeslag, samen", self.time.day(5))
        yield self.time.lately(2, 17)
        tenants.end_tenancy(
            tenancy=left.tenancy, ended_on=self.time.now.date(), by=self.world.who("esther"), at=self.time.now
        )

    def flags(self) -> Story:
        yield self.time.past(345, 10)
        self.flag(
            "Esdoornhof 20",
            FlagKind.INTERPRETER,
            "Bel de tolkentelefoon: Berbers. Dochter tolkt liever niet.",
            "Mevrouw wil over haar eigen zaken zelf kunnen praten.",
            review=9,
            by="marieke",
        )
        self.flag(
            "Molenweg 118",
            FlagKind.DOG,
            "Wacht tot de hond achter de tweede deur zit.",
            "Grote hond, blaft, is niet gevaarlijk als hij u kent.",
            review=-2,
            by="ingrid",
        )
        yield self.time.past(210, 10)
        self.flag(
            "Lindelaan 53",
            FlagKind.MONEY_ADMINISTRATOR,
            "Over geld alleen via de bewindvoerder.",
            "Meneer heeft ons dit zelf gevraagd.",
            review=140,
            by="marieke",
        )
        tenants.add_contact_person(
            tenancy=self.world.tenancies["Lindelaan 53"],
            name="Bureau Rekenkamer, mw. Visser",
            relation=ContactRelation.ADMINISTRATOR,
            phone="+31600000902",
            by=self.world.who("joost"),
            at=self.time.now,
        )
        self.flag(
            "Molenweg 74",
            FlagKind.SUPPORT,
            "Kom op een vaste dag en noem uw naam vóór u belt.",
            "Mevrouw krijgt steun en voelt zich veiliger als zij weet wie er staat.",
            review=150,
            by="ingrid",
        )
        yield self.time.past(150, 10)
        old = self.flag(
            "Wiekslag 3",
            FlagKind.DOG,
            "Hond in de tuin. Bel aan de voorkant.",
            "Jonge hond die opspringt.",
            review=200,
            by="ingrid",
        )
        yield self.time.past(40, 10)
        cases.end_flag(flag=old, by=self.world.who("ingrid"), at=self.time.now)

    # --- Today of everyone else, and the days to come

    def days_of_the_others(self) -> Story:
        plan, on = self.world.plan, self.time.on
        yield self.time.lately(6, 16)
        for address, clock in (("Kerkstraat 24", "09:30"), ("Kerkstraat 52", "13:00"), ("Kerkstraat 68", "15:00")):
            plan(address, "sanne", on, clock, VisitReason.RENOVATION_INTAKE, announced="letter")
        yield self.time.lately(4, 16)
        plan(
            "Kerkstraat 83",
            "fatma",
            on,
            "10:30",
            case=self._case("Kerkstraat 83"),
            purpose="Welke dag komt de container?",
        )
        plan("Kerkstraat 72", "fatma", on, "14:00", VisitReason.RECHECK, purpose="Temperatuur opnemen in de slaapkamer")
        plan("Torenstraat 7", "bilal", on, "11:30", VisitReason.TECHNICAL_SURVEY, purpose="Tuinstoel en schutting")
        plan(
            "Molenweg 90",
            "carla",
            on,
            "09:45",
            case=self._case("Molenweg 90"),
            purpose="Opruimplan: samen beginnen bij de gang",
        )
        plan("Molenweg 74", "carla", on, "13:15", purpose="Vaste dag")
        plan("Wiekslag 3", "carla", on, "16:00", VisitReason.SIGNAL, purpose="Kijken of er wind staat")
        plan(
            "Wiekslag 12",
            "daan",
            on,
            "10:00",
            VisitReason.ARREARS,
            case=self._case("Wiekslag 12"),
            purpose="Regeling bespreken, tolk komt mee",
        )
        plan("Molenweg 104", "daan", on, "14:30", VisitReason.RECHECK, purpose="Is het warm met het nieuwe glas?")
        plan("Molenweg 118", "henk", on, "11:00", VisitReason.SIGNAL, purpose="Even laten weten dat wij er zijn")
        plan("Molenweg 74", "rachid", on, "15:15", VisitReason.AFTERCARE, purpose="Rolgordijn terughangen")
        yield self.time.lately(2, 10)
        self.world.read("Kerkstraat 83", "marieke")

    def days_to_come(self) -> Story:
        yield self.time.lately(3, 14)
        self.world.plan(
            "Esdoornhof 20", "anna", self.time.day(1), "10:00", purpose="Met tolk: hoe gaat het met de trap?"
        )
        self.world.plan(
            "Kerkstraat 35",
            "anna",
            self.time.day(3),
            "19:00",
            VisitReason.MEDIATION,
            case=self._case("Kerkstraat 35"),
            purpose="Beide buren aan één tafel",
        )
        self.world.plan("Kerkstraat 16", "anna", self.time.day(2), "11:00", VisitReason.RENOVATION_INTAKE)
        self.world.plan("Kerkstraat 22", "sanne", self.time.day(1), "17:30", VisitReason.RENOVATION_INTAKE)
        yield self.time.moment(self.time.day(-1), time(17, 5))
        self.world.read("Kerkstraat 18", "anna")

    def _case(self, address: str) -> Case:
        open_cases = Case.objects.open().filter(tenancy=self.world.tenancies[address])
        return open_cases.get()
