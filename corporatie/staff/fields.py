"""A question that comes back everywhere: which colleague?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NOBODY_YET = gettext_lazy("Choose a colleague")
TEAM_OF_HOUSEHOLD = gettext_lazy("Team of this household")


@dataclass(frozen=True)
class Candidate:
    """A colleague in such a list. Whom the work is with now stands in it too, also when she may not be chosen again."""

    colleague: Any
    is_of_team: bool = False
    # Until when she is away and who stands in, in words; empty for whoever is there.
    away: str = ""
    may_be_chosen: bool = True

    @property
    def words(self) -> str:
        """ "Bram Visser – away until 27 November, Anna Jansen stands in"."""
        if not self.may_be_chosen:
            return _("%(name)s – may not open this, or left") % {"name": self.colleague}
        return f"{self.colleague} – {self.away}" if self.away else str(self.colleague)


class ColleagueSelect(forms.Select):
    """The team first, then the others. Written out at once: a template for each option costs more than the page."""

    # Shown, and not to be chosen again: the browser sends nothing for it, and the question comes back.
    closed: frozenset[str] = frozenset()

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The list with its groups."""
        chosen = "" if value is None else str(value)
        parts = []
        for words, choice in self.choices:
            if isinstance(choice, list):
                parts.append(format_html('<optgroup label="{}">{}</optgroup>', words, self._options(choice, chosen)))
            else:
                parts.append(self._options([(words, choice)], chosen))
        options = format_html_join("", "{}", ((part,) for part in parts))
        return format_html(
            "<select{}>{}</select>", flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})})), options
        )

    def _options(self, choices: list[tuple[Any, Any]], chosen: str) -> SafeString:
        marked = (
            (
                value,
                " selected" if str(value) == chosen else "",
                " disabled" if str(value) in self.closed else "",
                words,
            )
            for value, words in choices
        )
        return format_html_join("", '<option value="{}"{}{}>{}</option>', marked)


class ColleagueField(forms.Field):
    """One colleague out of the candidates that ``offer`` gives. Whoever is not among them is refused."""

    widget = ColleagueSelect
    default_error_messages = {
        "required": gettext_lazy("Choose a colleague."),
        "invalid_choice": gettext_lazy("This colleague may not open this. Choose someone from the list."),
    }

    def __init__(
        self,
        *,
        empty_label: Any = NOBODY_YET,
        team_label: Any = TEAM_OF_HOUSEHOLD,
        needed_when: Any = "",
        **kwargs: Any,
    ) -> None:
        """``empty_label`` stands on top and chooses nobody; ``team_label`` stands above those of the team.

        ``needed_when`` says beside a question that is not always required when it is.
        """
        super().__init__(**kwargs)
        self.empty_label, self.team_label, self.needed_when = empty_label, team_label, needed_when
        self.candidates: Sequence[Candidate] = ()

    def offer(self, candidates: Sequence[Candidate]) -> None:
        """Whom one may choose. Where there is nobody the question says so."""
        self.candidates = candidates
        ours = [self._choice(each) for each in candidates if each.is_of_team]
        others = [self._choice(each) for each in candidates if not each.is_of_team]
        choices: list[Any] = [("", self.empty_label)]
        if ours and others:
            choices += [(self.team_label, ours), (_("Other colleagues"), others)]
        else:
            choices += ours + others
        self.widget.choices = choices
        self.widget.closed = frozenset(str(each.colleague.pk) for each in candidates if not each.may_be_chosen)
        if not any(each.may_be_chosen for each in candidates):
            self.help_text = _("Nobody can be chosen here: no colleague who is at work here may open this.")

    @staticmethod
    def _choice(candidate: Candidate) -> tuple[str, str]:
        return str(candidate.colleague.pk), candidate.words

    def prepare_value(self, value: Any) -> Any:
        """The key, of a colleague or of what was sent."""
        return getattr(value, "pk", value)

    def to_python(self, value: Any) -> Any:
        """The colleague herself."""
        if value in self.empty_values:
            return None
        found = {str(each.colleague.pk): each.colleague for each in self.candidates if each.may_be_chosen}
        if str(value) not in found:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return found[str(value)]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether somebody else was chosen."""
        return str(self.prepare_value(initial) or "") != str(data or "")
