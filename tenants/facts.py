"""What can happen to a household as such."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from corporatie.journal.facts import Codes, Day, Fact


@dataclass(frozen=True)
class TenancyStarted(Fact):
    """People moved in."""

    code = "tenancy_started"
    sentence = _("New tenancy")
    icon = "away"
    is_system = True


@dataclass(frozen=True)
class TenancyEnded(Fact):
    """People moved out."""

    code = "tenancy_ended"
    sentence = _("The tenancy ended")
    icon = "away"
    is_system = True


@dataclass(frozen=True)
class TenancyWillEnd(Fact):
    """It is known that people will move out. That they did is not told again: the page says when."""

    on: Day
    code = "tenancy_will_end"
    sentence = _("The household leaves on {on}")
    icon = "away"
    is_system = True

    def words(self) -> dict[str, str]:
        """The day in words."""
        return {"on": date_format(date.fromisoformat(self.on), "j F Y")}


def ending(ended_on: date, *, on: date) -> Fact:
    """What one tells of an end that is known on this day: it has ended, or it will."""
    return TenancyEnded() if ended_on <= on else TenancyWillEnd(on=ended_on.isoformat())


@dataclass(frozen=True)
class DetailsChanged(Fact):
    """Details of a person or the household changed; which ones, not what they became."""

    fields: Codes
    code = "details_changed"
    sentence = _("Details changed: {fields}")
    icon = "pencil"
    is_system = True

    def words(self) -> dict[str, str]:
        """The changed details in plain words."""
        return {"fields": ", ".join(str(DETAIL.get(name, name)) for name in self.fields)}


DETAIL = {
    "phone": _("phone number"),
    "mobile": _("mobile number"),
    "email": _("e-mail address"),
    "language": _("language"),
    "name": _("name"),
    "preference": _("how to reach them"),
    "contact_person": _("contact person"),
    "born_on": _("date of birth"),
    "members": _("who lives there"),
    "tenancy": _("dates of the tenancy"),
}
