"""Two years of ordinary work at all the homes: visits, closed doors, short contact, promises kept and broken."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Generic, TypeVar

from corporatie.desk.demo.people import Member
from corporatie.desk.demo.scenes import CONTACTS, DOOR_WORDS, DROPPED, KEPT, SCENES, Scene
from corporatie.desk.demo.timeline import Story
from corporatie.desk.demo.world import World
from corporatie.work.models import FollowUp
from visits.actions import Promise, TopicLine
from visits.models import Visit
from visits.states import DoorSign, NextTime, Outcome, VisitReason

Card = TypeVar("Card")
# Who comes by, and how often, in each team.
CALLERS = {
    "Noord": (("anna", 5), ("fatma", 3), ("joost", 3), ("bilal", 2)),
    "Zuid": (("carla", 4), ("daan", 4), ("henk", 2)),
}
CLOCKS = ("09:30", "10:15", "11:00", "13:15", "14:00", "14:45", "15:30")
# The last two weeks are told by name: what is random ends before.
QUIET_DAYS = 16


class Deck(Generic[Card]):
    """Cards in a shuffled order: none comes back before the others that fit were used."""

    def __init__(self, cards: tuple[Card, ...], rng: Random) -> None:
        self.cards = list(cards)
        rng.shuffle(self.cards)

    def draw(self, fits: Callable[[Card], bool] = lambda _card: True) -> Card:
        """The first card that fits; it goes to the bottom."""
        card = next(card for card in self.cards if fits(card))
        self.cards.remove(card)
        self.cards.append(card)
        return card


@dataclass
class Life:
    """One household as the generator sees it."""

    address: str
    members: tuple[Member, ...]
    team: str
    since: date


class Everyday:
    """Tells the stories of the households that have no story."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rng = world.rng
        self.scenes = Deck(SCENES, self.rng)
        self.contacts = Deck(CONTACTS, self.rng)

    def stories(self, lives: list[Life]) -> Iterator[Story]:
        """All of them. Every chance is taken here, in one order, so that two loads are the same."""
        for life in lives:
            first = max(life.since + timedelta(days=3), self.world.time.on - timedelta(days=728))
            room = (self.world.time.on - first).days - QUIET_DAYS
            if room > 30:
                yield from self._of(life, room)
            if life.since > self.world.time.on - timedelta(days=728):
                yield self._welcome(life)

    def _of(self, life: Life, room: int) -> Iterator[Story]:
        number = self.rng.choices((0, 1, 2, 3, 4), weights=(18, 34, 28, 14, 6))[0]
        for _each in range(number):
            days = QUIET_DAYS + self.rng.randrange(room)
            yield self.rng.choices(
                (self._visit, self._closed_door, self._contact, self._other), weights=(46, 14, 34, 6)
            )[0](life, days)

    def _caller(self, life: Life) -> str:
        keys, weights = zip(*CALLERS[life.team], strict=True)
        return str(self.rng.choices(keys, weights=weights)[0])

    def _clock(self) -> time:
        return time.fromisoformat(self.rng.choice(CLOCKS))

    def _scene(self, life: Life) -> Scene:
        year = self.world.time.on.year
        is_old = life.members[0].born <= year - 67
        has_children = any(member.born > year - 18 for member in life.members)
        return self.scenes.draw(lambda scene: scene.fits in {"", "old" * is_old, "children" * has_children})

    def _welcome(self, life: Life) -> Story:
        who, clock = self._caller(life), self._clock()
        days = (self.world.time.on - life.since).days - 28
        return self._held(life, max(days, QUIET_DAYS), who, clock, VisitReason.NEW_TENANT, self._scene(life), 0.5)

    def _visit(self, life: Life, days: int) -> Story:
        reason = self.rng.choices(
            (VisitReason.TALK, VisitReason.INTRODUCTION, VisitReason.RESIDENT_ASKED, VisitReason.AFTERCARE),
            weights=(6, 2, 2, 1),
        )[0]
        return self._held(life, days, self._caller(life), self._clock(), reason, self._scene(life), self.rng.random())

    def _held(
        self, life: Life, days: int, who: str, clock: time, reason: str, scene: Scene, fate: float
    ) -> Iterator[datetime]:
        when = self.world.time.near(-days)
        yield self.world.time.moment(self.world.time.calendar.before(when, 4), time(8, 50))
        visit = self.world.plan(life.address, who, when, clock.isoformat("minutes"), reason)
        yield self.world.time.moment(when, clock)
        self.world.talk(life.address, who, visit, **self.told(scene, who))
        for follow_up in self.world.promises_of(visit):
            yield from self._promised(follow_up, fate)

    def told(self, scene: Scene, who: str) -> dict[str, object]:
        """A scene as the fields of a talk."""
        today = self.world.time.now.date()
        lines = [
            TopicLine(area, answer, said, scene.thought if number == 0 else "")
            for number, (area, answer, said) in enumerate(scene.topics)
        ]
        due_on = self.world.time.calendar.add(today, 8)
        return {
            "mood": scene.mood,
            "quote": scene.quote,
            "note": scene.note,
            "topics": lines,
            "promises": [Promise(scene.promise, due_on, self.world.who(who))] if scene.promise else [],
            "wishes": [scene.wish] if scene.wish else [],
        }

    def _promised(self, follow_up: FollowUp, fate: float) -> Iterator[datetime]:
        # Most are kept in time, some late, a few not at all: then the reason stands with the promise.
        late = 0.78 < fate <= 0.9
        day = self.world.time.calendar.add(follow_up.due_on, 4) if late else follow_up.due_on
        moment = self.world.time.moment(day, time(15, 40))
        if moment >= self.world.time.end:
            return
        yield moment
        if fate > 0.9:
            self.world.drop(follow_up, DROPPED[int(fate * 1000) % len(DROPPED)])
        else:
            self.world.keep(follow_up, note=KEPT[int(fate * 1000) % len(KEPT)])

    def _closed_door(self, life: Life, days: int) -> Story:
        who, clock, again = self._caller(life), self._clock(), self.rng.random() < 0.6
        signs = self.rng.sample(list(DoorSign.values), k=self.rng.randint(1, 2))
        return self._nobody(life, days, who, clock, signs, self._scene(life) if again else None)

    def _nobody(
        self, life: Life, days: int, who: str, clock: time, signs: list[str], scene: Scene | None
    ) -> Iterator[datetime]:
        calendar, moment = self.world.time.calendar, self.world.time.moment
        when = self.world.time.near(-days)
        yield moment(calendar.before(when, 3), time(9, 5))
        visit = self.world.plan(life.address, who, when, clock.isoformat("minutes"), announced="letter")
        yield moment(when, clock)
        self.world.end(visit, Outcome.NOBODY_HOME, door_signs=signs, next_time=NextTime.EVENING)
        if scene is None or days < QUIET_DAYS + 14:
            return
        # A next attempt is a next visit, at another part of the day.
        later = calendar.add(when, 5)
        yield moment(calendar.add(when, 1), time(9, 0))
        second = self.world.plan(life.address, who, later, "17:15")
        yield moment(later, time(17, 20))
        self.world.talk(life.address, who, second, **self.told(scene, who))
        for follow_up in self.world.promises_of(second):
            yield from self._promised(follow_up, 0.5)

    def _contact(self, life: Life, days: int) -> Story:
        return self._short(life, days, self._caller(life), self._clock(), self.contacts.draw())

    def _short(self, life: Life, days: int, who: str, clock: time, contact: tuple[str, str, str]) -> Iterator[datetime]:
        yield self.world.time.moment(self.world.time.near(-days), clock)
        self.world.contact(life.address, who, *contact)

    def _other(self, life: Life, days: int) -> Story:
        outcome = self.rng.choices(
            (
                Outcome.REFUSED,
                Outcome.MOVED_BY_RESIDENT,
                Outcome.MOVED_BY_US,
                Outcome.TALKED_AT_DOOR,
                Outcome.CANCELLED,
            ),
            weights=(3, 4, 2, 5, 1),
        )[0]
        return self._without_talk(life, days, self._caller(life), self._clock(), outcome, self.rng.choice(DOOR_WORDS))

    def _without_talk(
        self, life: Life, days: int, who: str, clock: time, outcome: str, words: str
    ) -> Iterator[datetime]:
        when = self.world.time.near(-days)
        yield self.world.time.moment(self.world.time.calendar.before(when, 2), time(9, 20))
        visit: Visit = self.world.plan(life.address, who, when, clock.isoformat("minutes"))
        yield self.world.time.moment(when, clock)
        if outcome == Outcome.TALKED_AT_DOOR:
            self.world.talk(life.address, who, visit, outcome=outcome, entry_allowed=False, note=words, mood="later")
        else:
            self.world.end(visit, outcome)
