"""What the others promised and planned, today and in the days to come."""

from collections.abc import Iterator
from datetime import time

from cases import actions as cases
from cases.states import FlagKind
from corporatie.desk.demo.stories.base import Teller
from corporatie.desk.demo.timeline import Story
from corporatie.work import actions as work
from tenants import actions as tenants
from tenants.states import ContactRelation
from visits.states import Outcome, VisitReason


class Colleagues(Teller):
    """What the others promised and planned, today and in the days to come."""

    def all(self) -> Iterator[Story]:
        """Every story."""
        yield self.promises_of_the_others()
        yield self.flags()
        yield self.days_of_the_others()
        yield self.days_to_come()

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
        work.tell_resident(follow_up=told, on=self.time.now.date(), by=told.owner, at=self.time.now)
        # They moved out; what was promised is found by the reminders.
        visit = self.world.plan("Lindelaan 58", "bilal", self.time.day(-1), "11:00", purpose="Sleutels en meterstand")
        left = promise("Lindelaan 58", "fatma", "Nieuw adres doorgeven aan de huurtoeslag, samen", self.time.day(5))
        yield self.time.lately(2, 17)
        tenants.end_tenancy(
            tenancy=left.tenancy, ended_on=self.time.now.date(), by=self.world.who("esther"), at=self.time.now
        )
        yield self.time.lately(1, 11, 10)
        self.world.end(visit, Outcome.EMPTY)
        yield self.time.lately(1, 16, 45)
        self.world.refuse("Kerkstraat 83", "henk")

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
            phone="+31600000151",
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

    def days_of_the_others(self) -> Story:
        plan, on = self.world.plan, self.time.on
        yield self.time.lately(6, 16)
        for address, clock in (("Kerkstraat 24", "09:30"), ("Kerkstraat 52", "13:00"), ("Kerkstraat 68", "15:00")):
            plan(address, "sanne", on, clock, VisitReason.RENOVATION_INTAKE, announced="letter")
        off = plan("Kerkstraat 72", "fatma", self.time.day(-4), "11:00", VisitReason.RECHECK)
        yield self.time.lately(4, 10, 30)
        self.world.end(off, Outcome.CANCELLED)
        yield self.time.lately(4, 16)
        plan(
            "Kerkstraat 83",
            "fatma",
            on,
            "10:30",
            case=self.case("Kerkstraat 83"),
            purpose="Welke dag komt de container?",
        )
        plan("Kerkstraat 72", "fatma", on, "14:00", VisitReason.RECHECK, purpose="Temperatuur opnemen in de slaapkamer")
        plan("Torenstraat 7", "bilal", on, "11:30", VisitReason.TECHNICAL_SURVEY, purpose="Tuinstoel en schutting")
        plan(
            "Molenweg 90",
            "carla",
            on,
            "09:45",
            case=self.case("Molenweg 90"),
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
            case=self.case("Wiekslag 12"),
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
            case=self.case("Kerkstraat 35"),
            purpose="Beide buren aan één tafel",
        )
        self.world.plan("Kerkstraat 16", "anna", self.time.day(2), "11:00", VisitReason.RENOVATION_INTAKE)
        self.world.plan("Kerkstraat 22", "sanne", self.time.day(1), "17:30", VisitReason.RENOVATION_INTAKE)
        yield self.time.moment(self.time.day(-1), time(17, 5))
        self.world.read("Kerkstraat 18", "anna")
