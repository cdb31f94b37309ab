"""Pages of this room."""

from corporatie.work.views.alarms import alarm_detail
from corporatie.work.views.follow_ups import (
    follow_up_create,
    follow_up_detail,
    follow_up_drop,
    follow_up_finish,
    follow_up_move,
    follow_up_told,
)
from corporatie.work.views.handed import handed_on_detail
from corporatie.work.views.inbox import inbox, notice_later, notice_read, notices_read
from corporatie.work.views.roster import duty_change, duty_create, duty_drop, roster

__all__ = [
    "alarm_detail",
    "duty_change",
    "duty_create",
    "duty_drop",
    "follow_up_create",
    "follow_up_detail",
    "follow_up_drop",
    "follow_up_finish",
    "follow_up_move",
    "follow_up_told",
    "handed_on_detail",
    "inbox",
    "notice_later",
    "notice_read",
    "notices_read",
    "roster",
]
