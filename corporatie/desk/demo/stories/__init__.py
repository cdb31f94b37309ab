"""The households one meets first, each with its story."""

from collections.abc import Iterator

from corporatie.desk.demo.renovation import Renovation
from corporatie.desk.demo.stories.colleagues import Colleagues
from corporatie.desk.demo.stories.kerkstraat import Kerkstraat
from corporatie.desk.demo.stories.memories import remember
from corporatie.desk.demo.stories.morning import Morning
from corporatie.desk.demo.timeline import Story
from corporatie.desk.demo.world import World


def stories(world: World, renovation: Renovation) -> Iterator[Story]:
    """All that is told by name."""
    for teller in (Kerkstraat, Morning, Colleagues):
        yield from teller(world, renovation).all()
    yield from remember(world)
