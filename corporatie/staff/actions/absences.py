"""Who is away, and who stands in."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from corporatie.staff.actions.changes import note
from corporatie.staff.models import Absence, User
from corporatie.staff.rules import TWIN_FIELDS, may_change_absence, why_away_already, why_no_substitute, why_not_there
from corporatie.staff.states import AccountChangeKind


@transaction.atomic
def plan_absence(*, absence: Absence, by: User, at: datetime) -> None:
    """A new absence, or a known one with other days or another stand-in.

    Raises ``ValidationError`` when ``by`` would gain by it, the stand-in could not do the work, or she is away in
    these days already. Sent twice it stands there once.
    """
    # Two that come at once wait for each other here.
    User.objects.get_queryset().select_for_update(no_key=True).get(pk=absence.user_id)
    stored = Absence.objects.select_for_update().filter(pk=absence.pk).first()
    if stored and not may_change_absence(by, stored):
        raise ValidationError(_("You stand in here yourself. Ask another application administrator to change it."))
    if reason := why_no_substitute(colleague=absence.user, substitute=absence.substitute, by=by):
        raise ValidationError(reason)
    if reason := why_not_there(absence, absence.substitute, at=at):
        raise ValidationError({"substitute": reason})
    if reason := why_away_already(absence):
        raise ValidationError({"from_on": reason})
    same = {name: getattr(absence, name) for name in ("user", *TWIN_FIELDS)}
    if stored is None and Absence.objects.filter(**same).exists():
        return
    absence.save()
    note(colleague=absence.user, kind=AccountChangeKind.ABSENCE, detail=absence.substitute_id, by=by, at=at)


@transaction.atomic
def drop_absence(*, absence: Absence, by: User, at: datetime) -> None:
    """She is not away after all, or nobody stands in any more."""
    note(colleague=absence.user, kind=AccountChangeKind.ABSENCE, detail=absence.substitute_id, by=by, at=at)
    absence.delete()
