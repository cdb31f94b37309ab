"""Pages of this room."""

from cases.views.cases import (
    case_assign,
    case_cancel,
    case_close,
    case_create,
    case_list,
    case_move,
    case_open,
    case_problem_owner,
    case_reopen,
    case_second_reader,
    case_step,
)
from cases.views.flags import flag_create, flag_detail, flag_end, flag_reason, flag_renew
from cases.views.handovers import case_heirs, case_take_over
from cases.views.signals import (
    signal_assign,
    signal_attach,
    signal_close,
    signal_create,
    signal_detail,
    signal_list,
    signal_take_up,
)

__all__ = [
    "case_assign",
    "case_cancel",
    "case_close",
    "case_create",
    "case_heirs",
    "case_list",
    "case_move",
    "case_open",
    "case_problem_owner",
    "case_reopen",
    "case_second_reader",
    "case_step",
    "case_take_over",
    "flag_create",
    "flag_detail",
    "flag_end",
    "flag_reason",
    "flag_renew",
    "signal_assign",
    "signal_attach",
    "signal_close",
    "signal_create",
    "signal_detail",
    "signal_list",
    "signal_take_up",
]
