"""A question that comes back: which colleague?"""

from typing import Any

from django import forms
from django.utils.translation import gettext as _


class ColleagueField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Colleagues to choose from, each with her first absence. ``away`` holds the absences of each, by key."""

    away: dict[int, list[Any]] = {}

    def label_from_instance(self, obj: Any) -> str:
        """ "Anna Jansen (away 1 December – 4 December)"."""
        absences = self.away.get(obj.pk)
        return (
            _("%(name)s (away %(days)s)") % {"name": obj.name, "days": absences[0].in_words} if absences else obj.name
        )
