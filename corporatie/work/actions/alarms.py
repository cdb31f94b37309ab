"""Alarms: what reaches nobody, counted for each team, and mails that could not be sent."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q
from django.utils import timezone

from corporatie.work.models import Alarm, Notice, OutgoingMail
from corporatie.work.states import AlarmKind, reminders


def count_alarms(*, at: datetime) -> None:
    """Bring every alarm up to date with the rows it counts: of what reaches nobody the subjects, each once."""
    unheard = Notice.objects.live().filter(recipient=None).exclude(rule__in=_of_alarms())
    by_team = unheard.values_list("tenancy__dwelling__neighbourhood__team").annotate(Count("subject_id", distinct=True))
    _keep(AlarmKind.NOBODY, dict(by_team.order_by()), at=at)
    _keep(AlarmKind.MAIL, {None: OutgoingMail.objects.failed().count()}, at=at)
    newest = unheard.values_list("tenancy__dwelling__neighbourhood__team").annotate(Max("made_at"))
    _tell_afresh(AlarmKind.NOBODY, dict(newest.order_by()), at=at)
    last = OutgoingMail.objects.failed().aggregate(last=Max("next_try_at"))["last"]
    _tell_afresh(AlarmKind.MAIL, {None: last}, at=at)


def _tell_afresh(kind: AlarmKind, newest: dict[Any, Any], *, at: datetime) -> None:
    """A line that was read or put off says nothing of what came after it: taken back here, its rule raises it anew."""
    for alarm in Alarm.objects.on().filter(kind=kind):
        if came_at := newest.get(alarm.team_id):
            _take_back([alarm], at=at, made_at__lt=came_at)


def _take_back(alarms: list[Alarm], *, at: datetime, **which: Any) -> None:
    told = Notice.objects.live().filter(about_id__in=[alarm.pk for alarm in alarms], **which)
    told.filter(Q(read_at__isnull=False) | Q(later_until__isnull=False)).update(settled_at=at)


def _of_alarms() -> list[str]:
    """An alarm that reaches nobody is not counted as one more."""
    return [reminder.code for reminder in reminders().values() if reminder.is_alarm]


def _keep(kind: AlarmKind, numbers: dict[Any, int], *, at: datetime) -> None:
    today = timezone.localdate(at)
    known = {alarm.team_id: alarm for alarm in Alarm.objects.filter(kind=kind)}
    changed, grown = [], []
    for team, alarm in known.items():
        number = numbers.get(team, 0)
        if number != alarm.number:
            if number > alarm.number:
                grown.append(alarm)
            alarm.since_on = alarm.since_on if alarm.number else today
            alarm.number = number
            changed.append(alarm)
    Alarm.objects.bulk_update(changed, ["number", "since_on"])
    if grown:
        _take_back(grown, at=at)
    Alarm.objects.bulk_create(
        [
            Alarm(kind=kind, team_id=team, number=number, since_on=today)
            for team, number in numbers.items()
            if number and team not in known
        ],
        # Two sweeps at once: the second finds it counted.
        ignore_conflicts=True,
    )
