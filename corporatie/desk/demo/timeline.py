"""Time in the demo: working days around the day of loading, and stories that are told in order of time."""

import heapq
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import count

from django.utils import timezone

from corporatie.work.rules import Calendar

# A story yields the moment of what it tells next.
Story = Iterator[datetime]
LOADED_AT = time(8, 30)


class Timeline:
    """Two years up to this morning. ``now`` is the moment that is being told."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.calendar = Calendar.load()
        self.end = self.moment(on, LOADED_AT)
        self.now = self.moment(on - timedelta(days=760), LOADED_AT)

    @staticmethod
    def moment(day: date, clock: time) -> datetime:
        """That time on that day, in Amsterdam."""
        return timezone.make_aware(datetime.combine(day, clock))

    def day(self, working_days: int) -> date:
        """The n-th working day from today; 0 is today itself, also in the weekend."""
        if working_days < 0:
            return self.calendar.before(self.on, -working_days)
        return self.calendar.add(self.on, working_days)

    def near(self, days: int) -> date:
        """The working day nearest to this many days from today: before it in the past, after it in the future."""
        day = self.on + timedelta(days=days)
        if days < 0:
            return self.calendar.before(day + timedelta(days=1), 1)
        return self.calendar.on_or_after(day)

    def past(self, days: int, hour: int, minute: int = 0) -> datetime:
        """A moment on the working day about this many days ago."""
        return self.moment(self.near(-days), time(hour, minute))

    def lately(self, working_days: int, hour: int, minute: int = 0) -> datetime:
        """A moment this many working days ago; 0 is this morning."""
        return self.moment(self.day(-working_days), time(hour, minute))

    def tell(self, stories: Iterable[Story]) -> None:
        """Tell all stories at once, each thing at its moment. The journal is in order of time, as in real life."""
        order = count()
        waiting: list[tuple[datetime, int, Story]] = []

        def go_on(story: Story) -> None:
            moment = next(story, None)
            if moment is not None:
                # Around a holiday two moments may fall on one day: what comes second is told second.
                moment = max(moment, self.now + timedelta(minutes=1))
                if moment > self.end:
                    raise ValueError(f"{story} tells of {moment}, which is still to come")
                heapq.heappush(waiting, (moment, next(order), story))

        for story in stories:
            go_on(story)
        while waiting:
            self.now, _number, story = heapq.heappop(waiting)
            go_on(story)
