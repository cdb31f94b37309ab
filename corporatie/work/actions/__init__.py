"""What can be done with promises, actions, notices and mail."""

from corporatie.work.actions.account_mails import make_account_mails
from corporatie.work.actions.follow_ups import (
    add_follow_up,
    drop_follow_up,
    finish_follow_up,
    move_follow_up,
    tell_resident,
)
from corporatie.work.actions.mails import make_mails
from corporatie.work.actions.notices import make_notices, mark_read, mark_several_read, put_off, settle_notices
from corporatie.work.actions.post import send_mails, try_mails_again

__all__ = [
    "add_follow_up",
    "drop_follow_up",
    "finish_follow_up",
    "make_account_mails",
    "make_mails",
    "make_notices",
    "mark_read",
    "mark_several_read",
    "move_follow_up",
    "put_off",
    "send_mails",
    "settle_notices",
    "tell_resident",
    "try_mails_again",
]
