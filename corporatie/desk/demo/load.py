"""Loads the demo: builds the homes, lets the people move in, and tells two years of stories in one transaction."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from corporatie.desk.demo import people
from corporatie.desk.demo.accounts import COLLEAGUES, DEMO_PASSWORD
from corporatie.desk.demo.courses import CLOSED_SIGNALS, COURSES, close_at_once, follow, open_by_mistake
from corporatie.desk.demo.everyday import Everyday, Life
from corporatie.desk.demo.people import Member
from corporatie.desk.demo.renovation import Renovation
from corporatie.desk.demo.small import small_signals
from corporatie.desk.demo.stock import QUARTERS, build
from corporatie.desk.demo.stories import stories as stories_by_name
from corporatie.desk.demo.timeline import Story, Timeline
from corporatie.desk.demo.world import World
from corporatie.staff.models import Absence, RoleGrant, Team, User
from corporatie.staff.states import AbsencePart
from corporatie.work import actions as work
from corporatie.work.models import Duty, Notice, SpecialDay
from corporatie.work.states import DutyOrder, Shift, reminders
from tenants import actions as tenants
from tenants.models import Person, Tenancy
from tenants.states import Channel, ContactRelation, Daypart, Language

SEED = 1901  # the year of the first Dutch housing act
# Those who came to live here within the two years, and how many days ago. Someone lived there before them.
NEWCOMERS = {
    "Kerkstraat 41": 520, "Kerkstraat 66": 340, "Kerkstraat 87": 205, "Torenstraat 19": 610, "Lindelaan 28": 455,
    "Lindelaan 44": 150, "Lindelaan 60": 280, "Esdoornhof 3": 85, "Esdoornhof 17": 390, "Esdoornhof 26": 47,
    "Molenweg 79": 560, "Molenweg 96": 420, "Wiekslag 9": 130, "Wiekslag 20": 62,
}  # fmt: skip
# Who gave notice, and in how many days she goes.
LEAVING, LEAVES_IN = "Esdoornhof 20", 31


def is_empty() -> bool:
    """Whether nobody works or lives here yet."""
    return not User.objects.get_queryset().exists() and not Tenancy.objects.exists()


@transaction.atomic
def load(*, on: date) -> World:
    """Load the demo as it is on the morning of this day. The same day always gives the same demo.

    All or nothing: after a crash the database is as empty as before.
    """
    time_line = Timeline(on)
    rng = Random(SEED)  # noqa: S311  (made-up people, no secrets)
    teams = {name: Team.objects.create(name=name) for name in ("Noord", "Zuid")}
    world = World(time_line, rng, _hire(teams), build(teams))
    lives = list(_move_in(world))
    _reach(world, lives)
    renovation = Renovation(world)
    known = {home.address for home in people.KNOWN}
    unnamed = [life for life in lives if life.address not in known]
    stories: list[Story] = [
        *_newcomers(world),
        *_notice_given(world),
        *renovation.stories(),
        *(follow(world, course) for course in COURSES),
        *(close_at_once(world, signal) for signal in CLOSED_SIGNALS),
        open_by_mistake(world),
        *stories_by_name(world, renovation),
        *Everyday(world).stories(unnamed),
        *small_signals(world, unnamed),
        *_mornings(world),
    ]
    time_line.tell(stories)
    time_line.now = time_line.end
    _roster(world, teams)
    _remind(world)
    return world


def _hire(teams: dict[str, Team]) -> dict[str, User]:
    # Hashing is slow on purpose; the demo's one password is hashed once.
    password = make_password(DEMO_PASSWORD)
    hired = {}
    for number, colleague in enumerate(COLLEAGUES, start=101):
        user = User(email=colleague.email, name=colleague.name, phone=f"+31600000{number}", password=password)
        user.save()
        RoleGrant.objects.create(user=user, role=colleague.role)
        if colleague.team:
            teams[colleague.team].members.add(user)
        hired[colleague.key] = user
    return hired


def _move_in(world: World) -> Iterator[Life]:
    """Give every home its household. Whoever came within the two years moves in when it is told."""
    on = world.time.on
    told = {home.address: home for home in people.KNOWN}
    teams = {quarter.district: quarter.team for quarter in QUARTERS}
    for address, dwelling in world.homes.items():
        members = told[address].members if address in told else world.crowd.household(on.year)
        if address in told:
            since = people.since(told[address], on)
        elif address in NEWCOMERS:
            since = on - timedelta(days=NEWCOMERS[address])
        else:
            since = date(on.year - world.rng.randint(3, 34), world.rng.randint(1, 12), world.rng.choice((1, 15)))
        if dwelling.status != "VEH":
            continue
        life = Life(address, members, teams[dwelling.neighbourhood.district], since)
        is_new = since > (world.time.now.date())
        first = world.crowd.household(on.year) if is_new else members
        started = date(since.year - 9, 6, 1) if is_new else since
        _start(world, address, first, started)
        yield life


def _start(world: World, address: str, members: tuple[Member, ...], since: date) -> None:
    """A household moves in."""
    world.tenancies[address] = tenants.start_tenancy(
        dwelling=world.homes[address],
        started_on=since,
        people=[(member.role, _person(world, member)) for member in members],
        by=world.who("esther"),
        at=world.time.now,
    )


def _person(world: World, member: Member) -> Person:
    return Person.objects.create(
        salutation=member.salutation,
        initials=f"{member.first_name[0]}.",
        first_name=member.first_name,
        prefix=member.prefix,
        last_name=member.last_name,
        born_on=date(member.born, world.rng.randint(1, 12), world.rng.randint(1, 28)),
        mobile=world.phone() if member.salutation else "",
        language=member.language,
    )


def _newcomers(world: World) -> Iterator[Story]:
    """The old household leaves, the new one comes. What the first one told us stays with the first."""
    year = world.time.on.year
    comers = {address: (days, world.crowd.household(year)) for address, days in NEWCOMERS.items()}
    for home in people.KNOWN:
        if home.since < 0:
            comers[home.address] = (-home.since, home.members)
    for address, (days, members) in comers.items():
        yield _change(world, address, days, members)


def _change(world: World, address: str, days: int, members: tuple[Member, ...]) -> Iterator[datetime]:
    old = world.tenancies[address]
    yield world.time.past(days + 32, 16, 40)
    tenants.end_tenancy(tenancy=old, ended_on=world.time.now.date(), by=world.who("esther"), at=world.time.now)
    yield world.time.past(days, 9)
    _start(world, address, members, world.time.now.date())


def _notice_given(world: World) -> Iterator[Story]:
    """One household gave notice, and who comes after it is known already."""
    yield _give_notice(world, LEAVING)


def _give_notice(world: World, address: str) -> Iterator[datetime]:
    leaving, last = world.tenancies[address], world.time.near(LEAVES_IN)
    yield world.time.lately(6, 11, 20)
    tenants.end_tenancy(tenancy=leaving, ended_on=last, by=world.who("esther"), at=world.time.now)
    yield world.time.lately(5, 9, 40)
    _start(world, address, world.crowd.household(world.time.on.year), last + timedelta(days=1))
    # The stories go on with who lives there now.
    world.tenancies[address] = leaving


def _reach(world: World, lives: list[Life]) -> None:
    """How some households like to be reached, and whom we may call."""
    rng, visitors = world.rng, {"Noord": world.who("anna"), "Zuid": world.who("carla")}
    for life in lives:
        first, tenancy = life.members[0], world.tenancies[life.address]
        is_old = first.born < world.time.on.year - 74
        speaks_other = first.language != Language.DUTCH
        if life.since > world.time.now.date() or life.address in {home.address for home in people.KNOWN}:
            continue
        if speaks_other or rng.random() < 0.2:
            choices: dict[str, Any] = {
                "channel": rng.choice((Channel.PHONE, Channel.PHONE, Channel.MESSAGE, Channel.LETTER, Channel.EMAIL)),
                "daypart": rng.choice((Daypart.MORNING, Daypart.AFTERNOON, Daypart.EVENING, "")),
                "language": first.language if speaks_other else "",
                "needs_interpreter": speaks_other and rng.random() < 0.35,
                "large_print": is_old and rng.random() < 0.5,
            }
            tenants.set_preference(tenancy=tenancy, by=visitors[life.team], at=world.time.now, **choices)
        if is_old and rng.random() < 0.4:
            tenants.add_contact_person(
                tenancy=tenancy,
                name=f"{rng.choice(('Marloes', 'Peter', 'Saskia', 'Erik', 'Sonja', 'Rob'))} {first.last_name}",
                relation=rng.choice(
                    (ContactRelation.FAMILY, ContactRelation.INFORMAL_CARER, ContactRelation.KEY_HOLDER)
                ),
                phone=world.phone(),
                has_key=rng.random() < 0.4,
                by=visitors[life.team],
                at=world.time.now,
            )


def _mornings(world: World) -> Iterator[Story]:
    """The reminders of the last two weeks: most were read the same day."""
    for days in (10, 7, 4, 2, 1):
        yield _morning(world, days)
    yield _leave(world)


def _morning(world: World, days: int) -> Iterator[datetime]:
    yield world.time.lately(days, 7, 30)
    _remind(world)
    if days <= 2:
        return
    yield world.time.lately(days, 17, 30)
    for notice in Notice.objects.filter(read_at=None).select_related("recipient").order_by("id"):
        work.mark_read(notice=notice, by=notice.recipient, at=world.time.now)


def _leave(world: World) -> Iterator[datetime]:
    """Joost is on leave and Anna stands in; Fatma misses an afternoon; next month the office closes for a day."""
    yield world.time.lately(4, 17)
    Absence.objects.create(
        user=world.who("joost"), substitute=world.who("anna"), from_on=world.time.day(-3), until_on=world.time.day(7)
    )
    Absence.objects.create(
        user=world.who("fatma"),
        substitute=world.who("anna"),
        from_on=world.time.day(2),
        until_on=world.time.day(2),
        part=AbsencePart.AFTERNOON,
    )
    SpecialDay.objects.create(on=world.time.day(23), name="Teamdag, kantoor gesloten")


# Team, shift, in which order, who, and the weeks from this one: the second weekend of Noord is still open.
DUTIES = (
    ("Noord", Shift.OFFICE, DutyOrder.FIRST, "anna", (0, 1)),
    ("Noord", Shift.OFFICE, DutyOrder.SECOND, "fatma", (0, 1)),
    ("Noord", Shift.EVENING, DutyOrder.FIRST, "fatma", (0,)),
    ("Noord", Shift.EVENING, DutyOrder.FIRST, "anna", (1,)),
    ("Noord", Shift.EVENING, DutyOrder.SECOND, "marieke", (0, 1)),
    ("Noord", Shift.WEEKEND, DutyOrder.FIRST, "marieke", (0,)),
    ("Zuid", Shift.OFFICE, DutyOrder.FIRST, "daan", (0, 1)),
    ("Zuid", Shift.OFFICE, DutyOrder.SECOND, "carla", (0, 1)),
    ("Zuid", Shift.EVENING, DutyOrder.FIRST, "carla", (0, 1)),
    ("Zuid", Shift.WEEKEND, DutyOrder.FIRST, "ingrid", (0, 1)),
)


def _roster(world: World, teams: dict[str, Team]) -> None:
    """Who is on duty this week and the next, as the team leads put it down."""
    monday = world.time.on - timedelta(days=world.time.on.weekday())
    leads = {"Noord": world.who("marieke"), "Zuid": world.who("ingrid")}
    for team, shift, order, who, weeks in DUTIES:
        duty = Duty(
            team=teams[team],
            user=world.who(who),
            shift=shift,
            order=order,
            from_on=monday + timedelta(weeks=weeks[0]),
            until_on=monday + timedelta(weeks=weeks[-1], days=6),
        )
        work.plan_duty(duty=duty, by=leads[team], at=world.time.now)


def _remind(world: World) -> None:
    """Make the notices of this moment. Mails are made and sent by the sweep, once the demo runs."""
    for reminder in reminders().values():
        work.raise_notices(work.Given(reminder, on=world.time.now.date(), at=world.time.now))
