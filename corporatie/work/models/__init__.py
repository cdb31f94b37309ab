"""Follow-ups, notices and the mail outbox. The rows are the schedule; constraints are the memory."""

from corporatie.work.models.alarms import Alarm, AlarmQuerySet
from corporatie.work.models.duties import Duty, DutyHours
from corporatie.work.models.follow_ups import FollowUp, FollowUpQuerySet, own_work, work_on
from corporatie.work.models.handed_on import HandedOn, HandedOnQuerySet
from corporatie.work.models.heartbeats import Heartbeat
from corporatie.work.models.house import ChoiceSetting, HouseText, ResponseNorm, SpecialDay
from corporatie.work.models.mails import OutgoingMail, OutgoingMailQuerySet
from corporatie.work.models.notices import (
    MOST_URGENT,
    URGENT,
    Notice,
    NoticeQuerySet,
    Waiting,
    notices_of,
    urgent_for,
    waiting_for,
)

__all__ = [
    "MOST_URGENT",
    "URGENT",
    "Alarm",
    "AlarmQuerySet",
    "ChoiceSetting",
    "Duty",
    "DutyHours",
    "FollowUp",
    "FollowUpQuerySet",
    "HandedOn",
    "HandedOnQuerySet",
    "Heartbeat",
    "HouseText",
    "Notice",
    "NoticeQuerySet",
    "OutgoingMail",
    "OutgoingMailQuerySet",
    "ResponseNorm",
    "SpecialDay",
    "Waiting",
    "notices_of",
    "own_work",
    "urgent_for",
    "waiting_for",
    "work_on",
]
