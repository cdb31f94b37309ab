"""The roster: who is on duty, put down, changed and taken off."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corporatie.staff.models import Team, User
from corporatie.work.models import Duty
from corporatie.work.rules import Watch, why_no_duty

log = structlog.get_logger(__name__)


@transaction.atomic
def plan_duty(*, duty: Duty, by: Any, at: datetime) -> None:
    """A new row, or a known one with other days, another place or another colleague.

    Raises ``ValidationError`` when somebody else changed the row meanwhile (``duty.changed_at`` is what was seen), when
    the place is taken, or when the colleague could not open what comes in.
    """
    # One roster, one pen: two who write at once would not see each other's row. The roster of the association is of
    # all teams, and a team is there as long as its roster is.
    list(Team.objects.select_for_update(no_key=True).order_by("pk"))
    stored = Duty.objects.filter(pk=duty.pk).first()
    if _is_another(stored, duty):
        raise ValidationError(_("A colleague changed this meanwhile. Look at the roster and try again."))
    if reason := why_no_duty(duty):
        raise ValidationError(reason)
    # The watch of yesterday evening runs on after midnight, and may have nobody by now.
    day, shift = Watch.load().at(at)
    if stored is None and duty.until_on < (day if duty.shift == shift else timezone.localdate(at)):
        raise ValidationError({"until_on": _("These days are over. Choose a day to come.")})
    duty.changed_at, duty.changed_by = at, by
    duty.save()
    _say("duty_planned", duty.pk, duty.user_id, by)


def _is_another(stored: Duty | None, duty: Duty) -> bool:
    if stored is None:
        return not duty._state.adding
    return stored.changed_at != duty.changed_at


@transaction.atomic
def drop_duty(*, duty: Duty, by: Any, at: datetime) -> None:  # noqa: ARG001
    """The row goes off the roster. Taking off what is gone already changes nothing."""
    gone, _tables = Duty.objects.filter(pk=duty.pk).delete()
    if gone:
        _say("duty_dropped", duty.pk, duty.user_id, by)


@transaction.atomic
def end_duties(*, colleague: User, by: Any, at: datetime) -> None:
    """From today on she is on no roster: what was before stays, and the page says where nobody is on duty now."""
    today = timezone.localdate(at)
    hers = Duty.objects.filter(user=colleague, until_on__gte=today)
    ended = list(hers.values_list("pk", flat=True))
    if not ended:
        return
    hers.filter(from_on__lt=today).update(until_on=today - timedelta(days=1), changed_at=at, changed_by=by)
    hers.filter(from_on__gte=today).delete()
    for duty in ended:
        _say("duty_ended", duty, colleague.pk, by)


def _say(what: str, duty: UUID, colleague: int, by: Any) -> None:
    transaction.on_commit(lambda: log.info(what, duty=str(duty), colleague=colleague, by=by.pk))
