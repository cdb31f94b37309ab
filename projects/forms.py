"""The questions of this room's pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.states import Phase


class PhaseForm(forms.Form):
    """On to the next phase. Only an early step asks for an explanation; the action decides whether it is needed."""

    phase = forms.ChoiceField(choices=Phase.choices, widget=forms.HiddenInput)
    explanation = forms.CharField(
        label=_("Why does the project go on already?"),
        max_length=200,
        required=False,
        help_text=_("One line, without names. It stays on the page of the project."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
