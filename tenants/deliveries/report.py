"""What a delivery brought: counts, faults, and what stands out."""

from collections import Counter
from dataclasses import dataclass, field

from tenants.deliveries.faults import WAITING, Fault, Kind


@dataclass
class Count:
    """How many are new, changed, the same, double, wrong, or waiting for a line that is wrong."""

    new: int = 0
    changed: int = 0
    same: int = 0
    double: int = 0
    faulty: int = 0
    waiting: int = 0


@dataclass
class Found:
    """How many different ones the files name, right or wrong."""

    dwellings: int = 0
    people: int = 0
    tenancies: int = 0
    current_tenancies: int = 0


@dataclass
class Report:
    """What one delivery brought, or would bring."""

    found: Found = field(default_factory=Found)
    dwellings: Count = field(default_factory=Count)
    people: Count = field(default_factory=Count)
    tenancies: Count = field(default_factory=Count)
    memberships: Count = field(default_factory=Count)
    faults: list[Fault] = field(default_factory=list)
    waiting: list[Fault] = field(default_factory=list)
    headings: dict[Kind, tuple[str, ...]] = field(default_factory=dict)
    unread: dict[Kind, tuple[str, ...]] = field(default_factory=dict)
    is_first: bool = False
    households_started: int = 0
    tenancies_ended: int = 0
    phones_changed: int = 0
    dwellings_missing: int = 0
    tenancies_missing: int = 0
    without_team: list[str] = field(default_factory=list)
    lines_written: int = 0

    def add_faults(self, faults: list[Fault]) -> None:
        """Faults and waiting lines, each in its own list, by file and line."""
        order = list(Kind)
        for fault in sorted(faults, key=lambda each: (order.index(each.kind), each.line)):
            (self.waiting if fault.code in WAITING else self.faults).append(fault)

    def fault_counts(self) -> dict[str, int]:
        """How many of each kind of fault."""
        return dict(Counter(fault.code for fault in self.faults))
