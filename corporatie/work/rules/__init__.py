"""Working days, duty, and who may do what with a promise, an action or somebody's work."""

from corporatie.work.rules.days import Calendar, Offered, Watch
from corporatie.work.rules.duty import (
    candidates_on_duty,
    is_away_in,
    may_be_on_duty,
    may_change_roster,
    on_duty,
    sees_roster,
    who_may_be_on_duty,
    why_no_duty,
)
from corporatie.work.rules.follow_ups import (
    may_add_follow_up,
    may_change,
    may_finish,
    who_stands_in_on_it,
    who_works_on_it,
)
from corporatie.work.rules.held import Held, Place, held_by, may_divide, out_of_reach, rows_held, undivided

__all__ = [
    "Calendar",
    "Held",
    "Offered",
    "Place",
    "Watch",
    "candidates_on_duty",
    "held_by",
    "is_away_in",
    "may_add_follow_up",
    "may_be_on_duty",
    "may_change",
    "may_change_roster",
    "may_divide",
    "may_finish",
    "on_duty",
    "out_of_reach",
    "rows_held",
    "sees_roster",
    "undivided",
    "who_may_be_on_duty",
    "who_stands_in_on_it",
    "who_works_on_it",
    "why_no_duty",
]
