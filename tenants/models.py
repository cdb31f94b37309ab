"""Dwellings, tenancies and the people of a household.

The tenancy is the anchor of everything about people: a new tenancy never shows the old one's history.
"""

from collections.abc import Callable
from copy import copy
from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from corporatie.staff.models import Team, holds, may, works_for
from corporatie.staff.permissions import Permission
from corporatie.subjects.models import Subject, SubjectQuerySet, inside
from corporatie.subjects.states import Keep, Retention, Sensitivity
from tenants.states import (
    Channel,
    ContactRelation,
    Daypart,
    DwellingKind,
    DwellingStatus,
    Language,
    MembershipRole,
)

# A room above (renovation projects) names here which dwellings a colleague knows through her projects.
# It gives a queryset of dwelling ids, so the question stays one query.
_project_scopes: list[Callable[[Any], models.QuerySet[Any]]] = []
# The same asked of all colleagues at once: (home, colleague), a filter on the dwellings of her projects.
_project_people: list[Callable[[Any, Any], models.QuerySet[Any]]] = []


def widen_to_projects(
    scope: Callable[[Any], models.QuerySet[Any]], people: Callable[[Any, Any], models.QuerySet[Any]]
) -> None:
    """Let a project widen what a colleague with project households may see.

    ``scope(user)`` is a queryset of dwelling ids; ``people(dwelling, user)`` the same rows for keys that may be an
    ``OuterRef``.
    """
    if scope not in _project_scopes:
        _project_scopes.append(scope)
        _project_people.append(people)


def lives_here(household: str = "", *, on: date | None = None) -> Q:
    """A filter: the household lives there on this day, today unless said otherwise. ``household`` as in ``of_teams``.

    Its first and its last day count. On the day one leaves and the next comes, both live there.
    """
    on = on or timezone.localdate()
    return Q(**{f"{household}started_on__lte": on}) & not_left(household, on=on)


def not_left(household: str = "", *, on: date | None = None) -> Q:
    """A filter: the household lives there on this day, or comes. ``household`` as in ``of_teams``."""
    on = on or timezone.localdate()
    return Q(**{f"{household}ended_on": None}) | Q(**{f"{household}ended_on__gte": on})


def of_teams(user: Any, household: str) -> Q:
    """A filter: the household lives in a neighbourhood of one's teams.

    ``household`` is the path to the tenancy with its dunder ("tenancy__"), or nothing on the tenancy itself.
    """
    home = getattr(user, "asks_about", None)
    if home is None:
        return Q(**{f"{household}dwelling__neighbourhood__in": neighbourhoods_of(user)})
    is_ours = home.dwelling.neighbourhood_id in neighbourhoods_of(user)
    return Q(**{f"{household}pk": home.pk}) if is_ours else Q(pk__in=[])


def asking_about(user: Any, tenancy: "Tenancy") -> Any:
    """This colleague, who asks a page full of questions about one household.

    Whose team looks after it is then looked up once, and not again for each row. A question in which she asks
    ``of_teams`` this way gives rows of this household only, also where it forgets to name the household.
    """
    asker = copy(user)
    asker.asks_about = tenancy
    return asker


def neighbourhoods_of(user: Any) -> list[int]:
    """The ids of the neighbourhoods of one's teams. They come with the roles, in the one question of a request."""
    return [int(value) for value in user.reach("neighbourhood")]


def _of_projects(user: Any, dwelling: str) -> Q:
    found = Q(pk__in=[])
    for scope in _project_scopes:
        found |= Q(Exists(scope(user).filter(dwelling=OuterRef(dwelling))))
    return found


def within_reach(user: Any, household: str) -> Q:
    """A filter: a household of one's teams, or one that lives in a home of one's projects now.

    ``household`` as in ``of_teams``. Who lived there before the works is none of the project's business.
    """
    reach = Q(pk__in=[])
    if may(user, Permission.OPEN_TEAM_HOUSEHOLDS):
        reach |= of_teams(user, household)
    if may(user, Permission.OPEN_PROJECT_HOUSEHOLDS):
        reach |= _of_projects(user, f"{household}dwelling") & lives_here(household)
    return reach


def reaches(rows: models.QuerySet[Any], household: str, *, at: datetime) -> Q:
    """A filter on colleagues: a household of ``rows`` is ``within_reach`` of hers. ``household`` as in ``of_teams``."""
    team = works_for(rows, f"{household}dwelling__neighbourhood__team", at=at)
    reach = holds(Permission.OPEN_TEAM_HOUSEHOLDS) & team
    for people in _project_people:
        projects = people(OuterRef(f"{household}dwelling"), OuterRef(OuterRef("pk")))
        lives_there = rows.filter(lives_here(household, on=timezone.localdate(at))).filter(Exists(projects))
        reach |= holds(Permission.OPEN_PROJECT_HOUSEHOLDS) & Q(Exists(lives_there))
    return reach


class Neighbourhood(models.Model):
    """A neighbourhood (buurt) in a district (wijk), looked after by one team."""

    keeps: ClassVar[Keep] = Keep(Retention.STOCK, {"name": Sensitivity.OPEN, "district": Sensitivity.OPEN})

    name = models.CharField(_("name"), max_length=80)
    district = models.CharField(_("district"), max_length=80, blank=True)
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="neighbourhoods",
        help_text=_("Without a team nobody sees the households here."),
    )

    class Meta:
        verbose_name = _("neighbourhood")
        verbose_name_plural = _("neighbourhoods")
        ordering = ["district", "name"]
        constraints = [models.UniqueConstraint(fields=["district", "name"], name="neighbourhood_once")]

    def __str__(self) -> str:
        return self.name


class Complex(models.Model):
    """A group of dwellings that is managed as one."""

    keeps: ClassVar[Keep] = Keep(Retention.STOCK, {"code": Sensitivity.OPEN, "name": Sensitivity.OPEN})

    code = models.CharField(_("number"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("complex")
        verbose_name_plural = _("complexes")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class DwellingQuerySet(SubjectQuerySet):
    """Dwellings."""

    def visible_to(self, user: Any) -> Self:
        """The dwellings within reach of one's teams and projects."""
        reach = Q(pk__in=[])
        if may(user, Permission.OPEN_TEAM_HOUSEHOLDS):
            reach |= Q(neighbourhood__in=neighbourhoods_of(user))
        if may(user, Permission.OPEN_PROJECT_HOUSEHOLDS):
            reach |= _of_projects(user, "pk")
        return self.filter(reach)


class Dwelling(Subject):
    """One rented home with its BAG address."""

    keeps: ClassVar[Keep] = Keep(
        Retention.STOCK,
        {
            "external_id": Sensitivity.INTERNAL,
            "street": Sensitivity.INTERNAL,
            "number": Sensitivity.INTERNAL,
            "letter": Sensitivity.INTERNAL,
            "addition": Sensitivity.INTERNAL,
            "postcode": Sensitivity.INTERNAL,
            "town": Sensitivity.OPEN,
            "address": Sensitivity.INTERNAL,
            "kind": Sensitivity.OPEN,
            "status": Sensitivity.INTERNAL,
            "floor": Sensitivity.INTERNAL,
            "stairwell": Sensitivity.INTERNAL,
            "built_in": Sensitivity.OPEN,
            "rooms": Sensitivity.OPEN,
            "area": Sensitivity.OPEN,
            "bag_vbo_id": Sensitivity.OPEN,
            "search_text": Sensitivity.INTERNAL,
            "missing_since": Sensitivity.INTERNAL,
        },
    )

    external_id = models.CharField(_("unit number"), max_length=40, null=True, blank=True, unique=True)
    neighbourhood = models.ForeignKey(
        Neighbourhood, verbose_name=_("neighbourhood"), on_delete=models.PROTECT, related_name="dwellings"
    )
    complex = models.ForeignKey(
        Complex, verbose_name=_("complex"), null=True, on_delete=models.PROTECT, related_name="dwellings"
    )
    street = models.CharField(_("street"), max_length=80)
    number = models.PositiveIntegerField(_("house number"))
    letter = models.CharField(pgettext_lazy("part of an address", "letter"), max_length=1, blank=True)
    addition = models.CharField(_("addition"), max_length=6, blank=True)
    postcode = models.CharField(_("postcode"), max_length=7)
    town = models.CharField(_("town"), max_length=80)
    # "Kerkstraat 12 A-2": written once by tenants.actions, shown on every row of every list.
    address = models.CharField(_("address"), max_length=100)
    kind = models.CharField(_("kind"), max_length=3, choices=DwellingKind.choices, default=DwellingKind.HOME)
    status = models.CharField(_("status"), max_length=3, choices=DwellingStatus.choices, default=DwellingStatus.LET)
    floor = models.SmallIntegerField(_("floor"), null=True, blank=True)
    stairwell = models.CharField(_("stairwell"), max_length=20, blank=True)
    built_in = models.PositiveSmallIntegerField(_("built in"), null=True, blank=True)
    rooms = models.PositiveSmallIntegerField(_("rooms"), null=True, blank=True)
    area = models.PositiveIntegerField(_("area in square metres"), null=True, blank=True)
    bag_vbo_id = models.CharField(_("BAG number"), max_length=16, blank=True)
    search_text = models.CharField(max_length=300)
    missing_since = models.DateField(_("missing from the delivery since"), null=True, blank=True)

    objects = DwellingQuerySet.as_manager()

    class Meta:
        verbose_name = _("dwelling")
        verbose_name_plural = _("dwellings")
        constraints = [
            models.UniqueConstraint(fields=["postcode", "number", "letter", "addition"], name="dwelling_address_once"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=99999), name="dwelling_number_in_range"),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def floor_words(self) -> str:
        """ "begane grond", "2e verdieping"; empty when we do not know."""
        if self.floor is None:
            return ""
        return gettext("ground floor") if self.floor == 0 else gettext("floor %(n)d") % {"n": self.floor}

    def get_absolute_url(self) -> str:
        """The page of this address."""
        return reverse("dwelling_detail", args=[self.pk])


class TenancyQuerySet(SubjectQuerySet):
    """Households."""

    def visible_to(self, user: Any) -> Self:
        """The households within reach of one's teams and projects."""
        return self.filter(within_reach(user, ""))

    def living(self, *, on: date | None = None) -> Self:
        """Those who live there on this day, today unless said otherwise. On the day of a change these are two."""
        return self.filter(lives_here(on=on))

    def current(self, *, on: date | None = None) -> Self:
        """The one household of each home that lives there now: on a shared day the one that came last."""
        on = on or timezone.localdate()
        came = Tenancy.objects.living(on=on).filter(dwelling=OuterRef("dwelling"), started_on=on)
        gives_way = Q(ended_on=on) & Exists(came.exclude(pk=OuterRef("pk")))
        return self.living(on=on).exclude(gives_way)

    def coming(self, *, on: date | None = None) -> Self:
        """Those who are known already, and come after this day."""
        return self.filter(started_on__gt=on or timezone.localdate())

    def not_left(self, *, on: date | None = None) -> Self:
        """Those who live there, or come."""
        return self.filter(not_left(on=on))


class Tenancy(Subject):
    """A household: the people of one tenancy of one dwelling."""

    holds_work = gives_notice = True
    keeps: ClassVar[Keep] = Keep(
        Retention.TENANCY,
        {
            "external_id": Sensitivity.INTERNAL,
            "started_on": Sensitivity.INTERNAL,
            "ended_on": Sensitivity.INTERNAL,
            "name": Sensitivity.CONFIDENTIAL,
            "search_text": Sensitivity.CONFIDENTIAL,
        },
        export=True,
    )

    external_id = models.CharField(_("contract number"), max_length=40, null=True, blank=True, unique=True)
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="tenancies")
    started_on = models.DateField(_("since"))
    ended_on = models.DateField(_("until"), null=True, blank=True)
    # "Fam. De Vries": written once by tenants.actions from the people, shown on every row of every list.
    name = models.CharField(_("name"), max_length=160, blank=True)
    # Folded names, phone numbers and address: the one column that search reads.
    search_text = models.CharField(max_length=1000, blank=True)

    objects = TenancyQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")), name="tenancy_ends_after_start"
            ),
            # And in the migrations, because each database writes it differently: two households of one home share no
            # more than one day (tenancy_one_at_a_time).
        ]
        indexes = [models.Index(fields=["dwelling", "-started_on"], name="tenancy_dwelling")]

    @classmethod
    def who_may_open(cls, key: Any, *, at: datetime) -> Q:
        """The twin of ``visible_to``."""
        return reaches(cls.objects.filter(pk=inside(key)), "", at=at)

    @classmethod
    def who_works_on(cls, key: Any, *, at: datetime) -> Q:
        """The twin of ``is_worked_on_by``."""
        return holds(Permission.LOG_VISITS) & cls.who_may_open(key, at=at)

    def is_worked_on_by(self, user: Any) -> bool:
        """Whoever visits."""
        return may(user, Permission.LOG_VISITS)

    def lives_here(self, on: date) -> bool:
        """Whether the household lives there on this day."""
        return not self.is_coming(on) and not self.has_left(on)

    def is_coming(self, on: date) -> bool:
        """It comes after this day."""
        return self.started_on > on

    def has_left(self, on: date) -> bool:
        """It left before this day. On its last day it still lives there."""
        return self.ended_on is not None and self.ended_on < on

    def get_absolute_url(self) -> str:
        """The page of this household."""
        return reverse("tenancy_detail", args=[self.pk])


class PersonQuerySet(models.QuerySet["Person"]):
    """People."""

    def visible_to(self, user: Any) -> Self:
        """The people of the households one may see."""
        homes = Membership.objects.filter(within_reach(user, "tenancy__"), person=OuterRef("pk"))
        return self.filter(Exists(homes))


class Person(models.Model):
    """Someone who lives, or lived, in one of our homes. No BSN, nationality or income: never."""

    keeps: ClassVar[Keep] = Keep(
        Retention.TENANCY,
        {
            "external_id": Sensitivity.INTERNAL,
            "salutation": Sensitivity.CONFIDENTIAL,
            "initials": Sensitivity.CONFIDENTIAL,
            "first_name": Sensitivity.CONFIDENTIAL,
            "prefix": Sensitivity.CONFIDENTIAL,
            "last_name": Sensitivity.CONFIDENTIAL,
            "born_on": Sensitivity.CONFIDENTIAL,
            "phone": Sensitivity.CONFIDENTIAL,
            "mobile": Sensitivity.CONFIDENTIAL,
            "email": Sensitivity.CONFIDENTIAL,
            "language": Sensitivity.CONFIDENTIAL,
        },
        export=True,
    )

    class Salutation(models.TextChoices):
        """How we address someone, if we know."""

        MS = "ms", _("Mrs")
        MR = "mr", _("Mr")

    external_id = models.CharField(_("relation number"), max_length=40, null=True, blank=True, unique=True)
    salutation = models.CharField(_("salutation"), max_length=2, choices=Salutation.choices, blank=True)
    initials = models.CharField(_("initials"), max_length=20, blank=True)
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    prefix = models.CharField(_("prefix"), max_length=30, blank=True)
    last_name = models.CharField(_("last name"), max_length=120)
    born_on = models.DateField(_("date of birth"), null=True, blank=True)
    # Phone numbers are kept in E.164 (+31612345678).
    phone = models.CharField(_("phone number"), max_length=20, blank=True)
    mobile = models.CharField(_("mobile number"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=3, choices=Language.choices, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    @property
    def full_name(self) -> str:
        """ "Eliza van Luinenburg", or initials where the first name is not known."""
        return " ".join(part for part in (self.first_name or self.initials, self.prefix, self.last_name) if part)


class Membership(models.Model):
    """Someone belongs to a household, as tenant, co-tenant or occupant."""

    keeps: ClassVar[Keep] = Keep(Retention.TENANCY, {"role": Sensitivity.INTERNAL}, export=True)

    tenancy = models.ForeignKey(Tenancy, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=12, choices=MembershipRole.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenancy", "person"], name="membership_once")]


class ContactPerson(models.Model):
    """Someone outside the household whom we may call: an informal carer, an administrator of the money."""

    keeps: ClassVar[Keep] = Keep(
        Retention.TENANCY,
        {
            "name": Sensitivity.CONFIDENTIAL,
            "relation": Sensitivity.CONFIDENTIAL,
            "phone": Sensitivity.CONFIDENTIAL,
            "has_key": Sensitivity.CONFIDENTIAL,
        },
    )

    tenancy = models.ForeignKey(Tenancy, on_delete=models.CASCADE, related_name="contact_people")
    name = models.CharField(_("name"), max_length=120)
    relation = models.CharField(_("relation"), max_length=20, choices=ContactRelation.choices)
    phone = models.CharField(_("phone number"), max_length=20, blank=True)
    has_key = models.BooleanField(_("has a key"), default=False)


class ContactPreference(models.Model):
    """How a household likes to be reached."""

    keeps: ClassVar[Keep] = Keep(
        Retention.TENANCY,
        {
            "channel": Sensitivity.CONFIDENTIAL,
            "daypart": Sensitivity.CONFIDENTIAL,
            "needs_interpreter": Sensitivity.CONFIDENTIAL,
            "large_print": Sensitivity.CONFIDENTIAL,
            "language": Sensitivity.CONFIDENTIAL,
        },
        export=True,
    )

    tenancy = models.OneToOneField(Tenancy, on_delete=models.CASCADE, related_name="preference")
    channel = models.CharField(_("preferred way"), max_length=10, choices=Channel.choices, blank=True)
    daypart = models.CharField(_("part of the day"), max_length=10, choices=Daypart.choices, blank=True)
    language = models.CharField(_("language"), max_length=3, choices=Language.choices, blank=True)
    needs_interpreter = models.BooleanField(_("needs an interpreter"), default=False)
    large_print = models.BooleanField(_("letters in large print"), default=False)
