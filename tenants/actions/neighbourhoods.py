"""Which team looks after a neighbourhood."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from corporatie.staff.actions import note
from corporatie.staff.states import AccountChangeKind
from tenants.models import Neighbourhood
from tenants.rules import why_team_may_not_have_it


@transaction.atomic
def keep_neighbourhood(*, neighbourhood: Neighbourhood, by: Any, at: datetime) -> None:
    """A new neighbourhood, or a known one with the team of this row. That a team gets it is heard by who watches.

    Raises ``ValidationError`` as ``why_team_may_not_have_it`` says, and for another name: a delivery hangs the homes
    under the neighbourhood of that name, so that whoever renames decides who reads about them.
    """
    stored = Neighbourhood.objects.select_for_update().filter(pk=neighbourhood.pk).first()
    if stored and (stored.district, stored.name) != (neighbourhood.district, neighbourhood.name):
        raise ValidationError(_("A delivery knows a neighbourhood by its name and district. That stays as it is."))
    is_given = neighbourhood.team is not None and (stored is None or stored.team_id != neighbourhood.team_id)
    if is_given and (reason := why_team_may_not_have_it(neighbourhood.team, by=by)):
        raise ValidationError(reason)
    neighbourhood.save()
    if is_given:
        note(colleague=by, kind=AccountChangeKind.NEIGHBOURHOOD_GIVEN, detail=neighbourhood.team_id, by=by, at=at)
