"""The fixed cast. Anna and Bram work in team Noord, Carla in team Zuid and sees nothing of Noord."""

import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import uuid4

from django.utils import timezone

from cases import actions as cases
from cases.states import Confidentiality, Severity, SignalType, confidentiality_of
from corporatie.staff.models import RoleGrant, Team, User
from corporatie.staff.permissions import Role
from corporatie.work.models import Notice
from corporatie.work.states import Urgency
from projects import actions as projects
from projects.states import MemberRole, Phase, ProjectKind
from tenants import actions as tenants
from tenants.models import Complex, Dwelling, Neighbourhood, Person
from tenants.states import MembershipRole
from visits import actions as visits
from visits.states import VisitReason

PASSWORD = "keukentafel-test-1"


def colleague(name: str, *roles: str, team: Team | None = None) -> User:
    """A colleague with these roles, in this team."""
    user = User.objects.create_user(f"{name.split()[0].lower()}@voorbeeld.example", name=name)
    # Hashing a password is slow on purpose; tests sign in with force_login.
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in roles)
    if team:
        team.members.add(user)
    return user


def signed_in_anew(client, user):
    """A session in which she gave her password a moment ago."""
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def dwelling(neighbourhood: Neighbourhood, street: str, number: int, **details) -> Dwelling:
    """A dwelling; details as in the model."""
    values = {"postcode": "1234 AB", "town": "Lindedam", "letter": "", "addition": "", **details}
    home = Dwelling(neighbourhood=neighbourhood, street=street, number=number, **values)
    home.address = tenants.address_of(street=street, number=number, letter=home.letter, addition=home.addition)
    home.search_text = tenants.dwelling_search_text(home)
    home.save()
    return home


def household(home: Dwelling, last_name: str, *, by: User, at: datetime, since: date = date(2015, 4, 1), **details):
    """A household of one, since 2015 unless said otherwise."""
    person = Person.objects.create(last_name=last_name, **details)
    return tenants.start_tenancy(
        dwelling=home, started_on=since, people=[(MembershipRole.TENANT, person)], by=by, at=at
    )


@dataclass
class Cast:
    """Who plays, and where."""

    at: datetime
    noord: Team
    zuid: Team
    anna: User
    bram: User
    carla: User
    dirk: User
    petra: User
    rachid: User
    wim: User
    mila: User
    olga: User
    hans: User
    buurt_noord: Neighbourhood
    buurt_zuid: Neighbourhood
    kerkstraat: Dwelling
    bos: object
    molenweg: Dwelling
    kaya: object

    @classmethod
    def make(cls, at: datetime) -> "Cast":
        """Put everyone on stage."""
        noord, zuid = Team.objects.create(name="Noord"), Team.objects.create(name="Zuid")
        people = {
            "anna": colleague("Anna Jansen", Role.HOUSING_CONSULTANT, team=noord),
            "bram": colleague("Bram Visser", Role.HOUSING_CONSULTANT, team=noord),
            "carla": colleague("Carla Meijer", Role.HOUSING_CONSULTANT, team=zuid),
            "dirk": colleague("Dirk Bakker", Role.TEAM_LEAD, team=noord),
            "petra": colleague("Petra Smit", Role.PROJECT_LEADER),
            "rachid": colleague("Rachid Amrani", Role.RESIDENT_COORDINATOR),
            "wim": colleague("Wim Kuiper", Role.CARETAKER, team=noord),
            "mila": colleague("Mila Post", Role.MANAGER),
            "olga": colleague("Olga Dekker", Role.PRIVACY_OFFICER),
            "hans": colleague("Hans Groot", Role.APP_ADMIN),
        }
        buurt_noord = Neighbourhood.objects.create(name="Noord-1", district="Noord", team=noord)
        buurt_zuid = Neighbourhood.objects.create(name="Zuid-1", district="Zuid", team=zuid)
        Complex.objects.create(code="100", name="Kerkstraat e.o.")
        kerkstraat = dwelling(buurt_noord, "Kerkstraat", 47, floor=1)
        molenweg = dwelling(buurt_zuid, "Molenweg", 9, postcode="4321 ZX")
        return cls(
            at=at,
            noord=noord,
            zuid=zuid,
            buurt_noord=buurt_noord,
            buurt_zuid=buurt_zuid,
            kerkstraat=kerkstraat,
            bos=household(kerkstraat, "Bos", salutation="ms", by=people["anna"], at=at),
            molenweg=molenweg,
            kaya=household(molenweg, "Kaya", salutation="mr", by=people["carla"], at=at),
            **people,
        )

    def visit(self, tenancy=None, *, by=None, on=None, **details):
        """A planned visit, by Anna today unless said otherwise."""
        by = by or self.anna
        values = {"id": uuid4(), "reason": VisitReason.TALK, "planned_on": on or timezone.localdate(self.at), **details}
        return visits.plan_visit(
            tenancy=tenancy or self.bos, visitor=values.pop("visitor", by), by=by, at=self.at, **values
        )

    def signal(self, tenancy=None, *, by=None, **details):
        """A signal about the Bos household, reported by Anna unless said otherwise."""
        values = {
            "client_uuid": uuid4(),
            "type": SignalType.NOISE,
            "seen": "Harde muziek op de trap.",
            "severity": Severity.MEDIUM,
            **details,
        }
        return cases.raise_signal(tenancy=tenancy or self.bos, by=by or self.anna, at=self.at, **values)

    def step(self, owner=None, *, what="Bel mevrouw", days=3):
        """A next step, for Anna in three days unless said otherwise."""
        return cases.Step(what, owner or self.anna, timezone.localdate(self.at) + timedelta(days=days))

    def case(self, tenancy=None, *, by=None, types=(SignalType.NOISE,), **details):
        """An open dossier on the Bos household, handled by Anna unless said otherwise."""
        by = by or self.anna
        values = {"severity": Severity.MEDIUM, "handler": by, "first_step": self.step(by), **details}
        is_secret = any(confidentiality_of(each) == Confidentiality.SECRET for each in types)
        if is_secret and "second_reader" not in values:
            values["second_reader"] = self.sofie
        return cases.open_case(tenancy=tenancy or self.bos, types=list(types), by=by, at=self.at, **values)

    @cached_property
    def sofie(self) -> User:
        """The second reader of secret dossiers unless said otherwise. Of no team, so that she sees nothing else."""
        return colleague("Sofie Mol", Role.HOUSING_CONSULTANT)

    def notice(self, *recipients, number=1, urgency=Urgency.NOW):
        """Notices about the Bos household that wait: the badge of each page then asks what it has to ask."""
        Notice.objects.bulk_create(
            Notice(
                recipient=recipient,
                rule="sample",
                about_id=uuid4(),
                on=timezone.localdate(self.at),
                urgency=urgency,
                made_at=self.at,
                subject_label=self.bos.label(),
                subject_id=self.bos.pk,
            )
            for recipient in recipients or [self.anna]
            for _time in range(number)
        )

    def project(self, *homes, members=None, **details):
        """A renovation project of Petra and Rachid on Kerkstraat 47 unless said otherwise."""
        values = {
            "name": "Kerkstraat 11–94",
            "slug": "kerkstraat",
            "kind": ProjectKind.RENOVATION_LIVED_IN,
            "phase": Phase.DEFINITION,
            **details,
        }
        people = members or [(self.petra, MemberRole.LEADER), (self.rachid, MemberRole.COORDINATOR)]
        return projects.start_project(
            dwellings=homes or [self.kerkstraat], members=people, by=self.petra, at=self.at, **values
        )
