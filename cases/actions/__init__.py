"""What can be done with signals, dossiers and points of attention."""

from cases.actions.cases import (
    Step,
    assign_case,
    cancel_case,
    change_step,
    close_case,
    move_case,
    name_second_reader,
    open_case,
    reopen_case,
    set_problem_owner,
    take_step,
)
from cases.actions.flags import decide_flag, end_flag, renew_flag
from cases.actions.signals import assign_signal, attach_signal, close_signal, raise_signal, take_up_signal

__all__ = [
    "Step",
    "assign_case",
    "assign_signal",
    "attach_signal",
    "cancel_case",
    "change_step",
    "close_case",
    "close_signal",
    "decide_flag",
    "end_flag",
    "move_case",
    "name_second_reader",
    "open_case",
    "raise_signal",
    "renew_flag",
    "reopen_case",
    "set_problem_owner",
    "take_step",
    "take_up_signal",
]
