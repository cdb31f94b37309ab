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
from cases.actions.flags import decide_flag, end_flag, hand_on_flags, renew_flag
from cases.actions.handovers import (
    accept_hand_over,
    ask_hand_overs,
    leave_secret_cases,
    leave_waiting_cases,
    name_heir,
    refuse_hand_over,
)
from cases.actions.signals import (
    assign_signal,
    attach_signal,
    close_signal,
    hand_on_signals,
    raise_signal,
    take_up_signal,
)

__all__ = [
    "Step",
    "accept_hand_over",
    "ask_hand_overs",
    "assign_case",
    "assign_signal",
    "attach_signal",
    "cancel_case",
    "change_step",
    "close_case",
    "close_signal",
    "decide_flag",
    "end_flag",
    "hand_on_flags",
    "hand_on_signals",
    "leave_secret_cases",
    "leave_waiting_cases",
    "move_case",
    "name_heir",
    "name_second_reader",
    "open_case",
    "raise_signal",
    "refuse_hand_over",
    "renew_flag",
    "reopen_case",
    "set_problem_owner",
    "take_step",
    "take_up_signal",
]
