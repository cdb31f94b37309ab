"""Alarms: what reaches nobody, counted for each team, and mails that could not be sent."""

from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils import timezone

from corporatie.work.models import Alarm, Notice, OutgoingMail
from corporatie.work.states import AlarmKind, reminders


def count_alarms(*, at: datetime) -> None:
    """Bring every alarm up to date with the rows it counts."""
    unheard = Notice.objects.live().filter(recipient=None).exclude(rule__in=_of_alarms())
    by_team = unheard.values_list("tenancy__dwelling__neighbourhood__team").annotate(Count("about_id", distinct=True))
    _keep(AlarmKind.NOBODY, dict(by_team.order_by()), at=at)
    _keep(AlarmKind.MAIL, {None: OutgoingMail.objects.failed().count()}, at=at)


def _of_alarms() -> list[str]:
    """An alarm that reaches nobody is not counted as one more."""
    return [reminder.code for reminder in reminders().values() if reminder.is_alarm]


def _keep(kind: AlarmKind, numbers: dict[Any, int], *, at: datetime) -> None:
    today = timezone.localdate(at)
    known = {alarm.team_id: alarm for alarm in Alarm.objects.filter(kind=kind)}
    changed = []
    for team, alarm in known.items():
        number = numbers.get(team, 0)
        if number != alarm.number:
            alarm.since_on = alarm.since_on if alarm.number else today
            alarm.number = number
            changed.append(alarm)
    Alarm.objects.bulk_update(changed, ["number", "since_on"])
    Alarm.objects.bulk_create(
        [
            Alarm(kind=kind, team_id=team, number=number, since_on=today)
            for team, number in numbers.items()
            if number and team not in known
        ],
        # Two sweeps at once: the second finds it counted.
        ignore_conflicts=True,
    )
