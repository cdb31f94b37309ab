"""May this colleague do this? Plain questions, asked at the moment of use."""

from datetime import date
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from corporatie.staff.models import Absence, User, may
from corporatie.staff.permissions import Permission

__all__ = [
    "Permission",
    "is_or_stands_in_for",
    "may",
    "may_administer",
    "may_read_access_log",
    "own_or_covered",
    "recipient",
]


def may_administer(user: Any) -> bool:
    """Settings and accounts. Never a dossier."""
    return may(user, Permission.ADMINISTER)


def may_read_access_log(user: Any) -> bool:
    """Who looked at what."""
    return may(user, Permission.READ_ACCESS_LOG)


def is_or_stands_in_for(user: Any, colleague: User | None, *, on: date) -> bool:
    """Whether this is her own work, or that of someone she stands in for on this day."""
    if colleague is None:
        return False
    return colleague.pk == user.pk or colleague.absences.on(on).filter(substitute=user).exists()


def own_or_covered(user: Any, field: str) -> Q:
    """A filter: the colleague in ``field`` is this one, or someone she stands in for today."""
    return Q(**{f"{field}__in": user.stands_for})


def recipient(field: str, *, on: date) -> Coalesce:
    """An expression: the id of the colleague in ``field``, or of who stands in for her on this day."""
    substitute = Absence.objects.on(on).filter(user=OuterRef(field)).order_by("id").values("substitute")[:1]
    return Coalesce(Subquery(substitute), F(field), output_field=BigIntegerField())
