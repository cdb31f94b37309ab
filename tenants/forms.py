"""The questions of this room's pages."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tenants.deliveries.faults import UnreadableError
from tenants.deliveries.values import phone as read_phone
from tenants.states import Channel, ContactRelation, Daypart, Language

_UNKNOWN = ("", _("Does not matter"))


class PreferenceForm(forms.Form):
    """How a household likes to be reached. Nothing is required."""

    channel = forms.ChoiceField(
        label=_("How do they like to be reached?"),
        choices=[_UNKNOWN, *Channel.choices],
        required=False,
        widget=forms.RadioSelect(attrs={"class": "kt-chips"}),
    )
    daypart = forms.ChoiceField(
        label=_("Which part of the day?"),
        choices=[_UNKNOWN, *Daypart.choices],
        required=False,
        widget=forms.RadioSelect(attrs={"class": "kt-chips"}),
    )
    language = forms.ChoiceField(
        label=_("Which language do we speak?"), choices=[("", _("Not known")), *Language.choices], required=False
    )
    needs_interpreter = forms.BooleanField(label=_("Bring an interpreter"), required=False)
    large_print = forms.BooleanField(label=_("Letters in large print"), required=False)
    is_mostly_optional = True


class ContactPersonForm(forms.Form):
    """Someone outside the household whom we may call."""

    name = forms.CharField(label=_("Name"), max_length=120, error_messages={"required": _("Fill in a name.")})
    relation = forms.ChoiceField(
        label=_("Who is this?"),
        choices=ContactRelation.choices,
        error_messages={"required": _("Choose who this is.")},
        widget=forms.RadioSelect(attrs={"class": "kt-chips"}),
    )
    phone = forms.CharField(
        label=_("Phone number"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    has_key = forms.BooleanField(label=_("Has a key of the home"), required=False)

    def clean_phone(self) -> str:
        """The number as it is kept, from any notation."""
        try:
            return read_phone(self.cleaned_data["phone"].strip())
        except UnreadableError:
            raise ValidationError(_("Fill in a phone number. For example 06 1234 5678.")) from None
