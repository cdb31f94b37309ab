"""Alarms: what reaches nobody, counted for each team, and mails that could not be sent."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Max
from django.utils import timezone

from corporatie.work.models import Alarm, Notice, OutgoingMail
from corporatie.work.states import AlarmKind, reminders


def count_alarms(*, at: datetime) -> None:
    """Bring every alarm up to date with the rows it counts."""
    unheard = Notice.objects.live().filter(recipient=None).exclude(rule__in=_of_alarms())
    by_team = unheard.values_list("tenancy__dwelling__neighbourhood__team").annotate(Count("about_id", distinct=True))
    _keep(AlarmKind.NOBODY, dict(by_team.order_by()), at=at)
    _keep(AlarmKind.MAIL, {None: OutgoingMail.objects.failed().count()}, at=at)
    _tell_afresh(
        dict(unheard.values_list("tenancy__dwelling__neighbourhood__team").annotate(Max("made_at")).order_by()), at=at
    )


def _tell_afresh(newest: dict[Any, datetime], *, at: datetime) -> None:
    """A line that was read says nothing of what came after it: taken back here, its rule raises it anew."""
    for alarm in Alarm.objects.on().filter(kind=AlarmKind.NOBODY):
        if made_at := newest.get(alarm.team_id):
            read = Notice.objects.live().filter(about_id=alarm.pk, read_at__isnull=False)
            read.filter(made_at__lt=made_at).update(settled_at=at)


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
