"""What can be done with promises, actions, the roster, notices and mail."""

from corporatie.work.actions.account_mails import make_account_mails
from corporatie.work.actions.alarms import count_alarms
from corporatie.work.actions.duties import drop_duty, plan_duty
from corporatie.work.actions.follow_ups import (
    add_follow_up,
    drop_follow_up,
    finish_follow_up,
    move_follow_up,
    tell_resident,
    work_of,
)
from corporatie.work.actions.handing import (
    hand_on,
    hand_on_follow_ups,
    hand_on_standing_in,
    take_over_follow_ups,
    tell_of_new_work,
    tell_receivers,
)
from corporatie.work.actions.leaving import Division, change_team, divide_work, leave, lost_by_moving, stays_behind
from corporatie.work.actions.mails import make_mails
from corporatie.work.actions.notices import (
    Given,
    compare_notices,
    mark_read,
    mark_several_read,
    put_off,
    raise_notices,
    settle_about,
    settle_notices,
    settle_unknown,
    tell_anew,
)
from corporatie.work.actions.post import close_mails, send_mails, try_mails_again
from corporatie.work.actions.recipients import whom_to_phone

__all__ = [
    "Division",
    "Given",
    "add_follow_up",
    "change_team",
    "close_mails",
    "compare_notices",
    "count_alarms",
    "divide_work",
    "drop_duty",
    "drop_follow_up",
    "finish_follow_up",
    "hand_on",
    "hand_on_follow_ups",
    "hand_on_standing_in",
    "leave",
    "lost_by_moving",
    "make_account_mails",
    "make_mails",
    "mark_read",
    "mark_several_read",
    "move_follow_up",
    "plan_duty",
    "put_off",
    "raise_notices",
    "send_mails",
    "settle_about",
    "settle_notices",
    "settle_unknown",
    "stays_behind",
    "take_over_follow_ups",
    "tell_anew",
    "tell_of_new_work",
    "tell_receivers",
    "tell_resident",
    "try_mails_again",
    "whom_to_phone",
    "work_of",
]
