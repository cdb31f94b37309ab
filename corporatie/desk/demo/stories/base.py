"""What every story may use."""

from abc import ABC, abstractmethod
from collections.abc import Iterator

from cases import actions as cases
from cases.models import AttentionFlag, Case
from corporatie.desk.demo.renovation import Renovation
from corporatie.desk.demo.timeline import Story
from corporatie.desk.demo.world import World


class Teller(ABC):
    """Tells stories on the stage of the world."""

    def __init__(self, world: World, renovation: Renovation) -> None:
        self.world = world
        self.time = world.time
        self.renovation = renovation

    @abstractmethod
    def all(self) -> Iterator[Story]:
        """Every story."""

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

    def case(self, address: str) -> Case:
        """The open dossier of this household."""
        open_cases = Case.objects.open().filter(tenancy=self.world.tenancies[address])
        return open_cases.get()
