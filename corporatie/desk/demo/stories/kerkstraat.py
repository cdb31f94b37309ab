"""The Kerkstraat, where the renovation asks its first question: an incident, a late promise, a new face."""

from collections.abc import Iterator

from cases import actions as cases
from cases.states import CaseResult, CaseStatus, FlagKind, ResidentTold, Severity, SignalType
from corporatie.desk.demo.stories.base import Teller
from corporatie.desk.demo.timeline import Story
from projects.actions import TakeIntoAccount
from projects.states import AccommodationCode, Importance, IntakeAnswer
from tenants import actions as tenants
from tenants.states import ContactRelation
from visits.actions import TopicLine
from visits.states import AreaAnswer, LifeArea, Mood, NextTime, Outcome, VisitReason


class Kerkstraat(Teller):
    """The Kerkstraat, where the renovation asks its first question: an incident, a late promise, a new face."""

    def all(self) -> Iterator[Story]:
        """Every story."""
        yield self.two_at_the_door()
        yield self.de_vries_today()
        yield self.yildiz()
        yield self.bos()
        yield self.hendriks()
        yield self.van_den_heuvel()

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
            name="Monique de Vries",
            relation=ContactRelation.FAMILY,
            phone="+31600000150",
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
                self.world.promise("Uitleg over de logeerwoning op papier, in grote letters", self.time.day(6), "anna"),
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
            "Loopt langzaam sinds een val. Wil niet dat de buren dat merken.",
        )
        yield self.time.lately(9, 10, 20)
        self.world.respond(talk, "anna", "Het is niet alleen het raam in de slaapkamer. Het keukenraam piept ook.")
        yield self.time.lately(8, 11)
        self.world.keep(next(each for each in self.world.promises_of(talk) if "kaartje" in each.what))

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
