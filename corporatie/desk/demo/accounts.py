"""The colleagues of the demo. All invented; their addresses cannot receive mail."""

from dataclasses import dataclass

from corporatie.staff.permissions import Role

# For a machine on which the demo runs: the production settings refuse demo mode (keukentafel.E002).
DEMO_PASSWORD = "samen-aan-tafel"  # noqa: S105  (of nobody who exists)
NOORD, ZUID = "Noord", "Zuid"


@dataclass(frozen=True)
class Colleague:
    """Someone who works at the association of the demo."""

    key: str
    name: str
    role: Role
    team: str = ""

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.key}@demo.keukentafel.example"


COLLEAGUES = (
    Colleague("anna", "Anna Jansen", Role.HOUSING_CONSULTANT, NOORD),
    Colleague("fatma", "Fatma Öztürk", Role.HOUSING_CONSULTANT, NOORD),
    Colleague("joost", "Joost Vermeulen", Role.HOUSING_CONSULTANT, NOORD),
    Colleague("bilal", "Bilal Aydin", Role.CARETAKER, NOORD),
    Colleague("marieke", "Marieke de Boer", Role.TEAM_LEAD, NOORD),
    Colleague("carla", "Carla Meijer", Role.HOUSING_CONSULTANT, ZUID),
    Colleague("daan", "Daan Willems", Role.HOUSING_CONSULTANT, ZUID),
    Colleague("henk", "Henk Postma", Role.CARETAKER, ZUID),
    Colleague("ingrid", "Ingrid Hoekstra", Role.TEAM_LEAD, ZUID),
    Colleague("sanne", "Sanne Mulder", Role.RESIDENT_COORDINATOR),
    Colleague("rachid", "Rachid Benali", Role.RESIDENT_COORDINATOR),
    Colleague("petra", "Petra Smit", Role.PROJECT_LEADER),
    Colleague("olga", "Olga Dekker", Role.PRIVACY_OFFICER),
    Colleague("wouter", "Wouter van Dam", Role.MANAGER),
    Colleague("esther", "Esther Kok", Role.APP_ADMIN),
)

_BY_KEY = {colleague.key: colleague for colleague in COLLEAGUES}
_SIGN_IN = (
    ("Woonconsulent (team Noord)", "anna"),
    ("Woonconsulent (team Zuid)", "carla"),
    ("Wijkbeheerder", "bilal"),
    ("Bewonersbegeleider", "sanne"),
    ("Projectleider", "petra"),
    ("Teamleider", "marieke"),
    ("Privacy officer", "olga"),
    ("Manager", "wouter"),
    ("Functioneel beheerder", "esther"),
)
# A sign-in for each role: (role, address, name).
DEMO_ACCOUNTS = [(role, _BY_KEY[key].email, _BY_KEY[key].name) for role, key in _SIGN_IN]
