"""What can happen to a household as such."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from corporatie.journal.facts import Codes, Fact


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
