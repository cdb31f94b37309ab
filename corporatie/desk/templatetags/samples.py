"""Invented people and things for the style guide: each component in each of its states."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms, template
from django.utils import timezone

from corporatie.subjects.fields import DayField

register = template.Library()


class SampleForm(forms.Form):
    """One question of each kind."""

    seen = forms.CharField(
        label="Wat zag of hoorde u?",
        help_text="Schrijf alleen wat u zag of hoorde. Geen diagnoses. De bewoner mag dit lezen.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    on = DayField(
        label="Welke dag?",
        help_text="Bijvoorbeeld 3 12 2026",
        chips=False,
        error_messages={"required": "Vul een dag in. Bijvoorbeeld 3 12 2026."},
    )
    colleague = forms.ChoiceField(
        label="Wie gaat er mee?", required=False, choices=[("", "Kies een collega"), ("b", "Bilal Aydin")]
    )
    answer = forms.ChoiceField(
        label="Moeten wij straks met u of met uw situatie rekening houden?",
        choices=[("yes", "Ja"), ("no", "Nee"), ("unknown", "Weet ik nog niet"), ("silent", "Wil ik niet zeggen")],
        widget=forms.RadioSelect,
    )
    urgency = forms.ChoiceField(
        label="Hoe snel?",
        choices=[("day", "Vandaag"), ("week", "Deze week"), ("wait", "Kan wachten")],
        widget=forms.RadioSelect(attrs={"class": "kt-choices-1"}),
        error_messages={"required": "Kies hoe snel iemand iets moet doen."},
    )
    kind = forms.ChoiceField(
        label="Wat valt op?",
        choices=[("money", "Geldzorgen"), ("alone", "Eenzaamheid"), ("fire", "Brandgevaar"), ("noise", "Overlast")],
        widget=forms.RadioSelect(attrs={"class": "kt-tiles"}),
    )
    noticed = forms.MultipleChoiceField(
        label="Wat merkte u?",
        required=False,
        choices=[("card", "Kaartje achtergelaten"), ("intercom", "Via intercom"), ("bell", "Bel doet het niet")],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "kt-chips"}),
    )
    told = forms.BooleanField(label="De bewoner weet dit", help_text="U heeft het zelf verteld.", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Give the choices their icons and their second line."""
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"].widget
        kind.icons = {"money": "euro", "alone": "alone", "fire": "flame", "noise": "sound"}
        urgency: Any = self.fields["urgency"].widget
        urgency.hints = {
            "day": "u overlegt direct met uw teamleider",
            "week": "eerste actie binnen 2 werkdagen",
            "wait": "eerste actie binnen 10 werkdagen",
        }


class AnswerForm(forms.Form):
    """The few questions of one outcome."""

    answer = forms.ChoiceField(
        label="Moeten wij rekening houden met iets?",
        choices=[("yes", "Ja"), ("no", "Nee")],
        widget=forms.RadioSelect(attrs={"class": "kt-choices-2"}),
    )


def _cards(now: datetime) -> list[dict[str, Any]]:
    base = {"url": "#", "people": "Fam. De Vries, 2e verdieping", "reason": "Renovatie-intake · 2 beloftes"}
    return [
        {
            **base,
            "id": "kaart-1",
            "at": now.replace(hour=9, minute=15),
            "address": "Kerkstraat 12",
            "done": "Gesproken",
            "report_url": "#",
        },
        {
            **base,
            "id": "kaart-2",
            "at": now.replace(hour=10, minute=0),
            "address": "Kerkstraat 18",
            "is_now": True,
            "flags": [{"text": "Met z’n tweeën", "icon": "two"}],
        },
        {
            **base,
            "id": "kaart-3",
            "at": now.replace(hour=10, minute=30),
            "address": "Kerkstraat 20",
            "people": "Dhr. Yilmaz, 3e verdieping",
            "flags": [{"text": "Tolk: Turks", "icon": "lang"}],
        },
    ]


def _outcomes() -> list[dict[str, Any]]:
    return [
        {"label": "Gesproken", "url": "#", "form": AnswerForm(prefix="sample"), "save": "Bewaar", "is_main": True},
        {"label": "Niet thuis", "url": "#", "save": "Bewaar"},
        {"label": "Anders", "url": "#", "save": "Bewaar", "has_more": True},
    ]


def _lines(now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "icon": "talk",
            "tone": "tint",
            "title": "Gesprek aan tafel: renovatie-intake",
            "url": "#",
            "by": "Anna Jansen",
            "at": now - timedelta(days=1),
            "quote": "Ik vind het best, als ik maar weet wie er binnenkomt.",
            "text": "Twee keer rekening houden. Mevrouw wil graag een vast gezicht.",
        },
        {
            "icon": "away",
            "title": "Niet thuis, kaartje achtergelaten",
            "url": "#",
            "by": "Anna Jansen",
            "at": now - timedelta(days=20),
        },
        {
            "icon": "person",
            "title": "Nieuwe contactpersoon",
            "by": "Petra Smit",
            "on": now.date() - timedelta(days=400),
        },
    ]


def _rows() -> list[dict[str, Any]]:
    late = {"text": "Te laat", "icon": "warn", "tone": "bad"}
    return [
        {
            "url": "#",
            "title": "Acuut signaal: Lindelaan 4",
            "detail": "Brandgevaar · niet opgepakt",
            "icon": "warn",
            "tone": "bad",
        },
        {
            "url": "#",
            "title": "Belofte: mw. Bos",
            "detail": "Schilder belt",
            "icon": "promise",
            "tone": "warn",
            "tag": late,
        },
        {"url": "#", "title": "Kerkstraat 16", "detail": "Intake nog open", "icon": "away", "sign": "plus"},
    ]


def _project() -> dict[str, Any]:
    return {
        "phases": [
            {"label": "Initiatief", "note": "afgerond in juni", "state": "done"},
            {"label": "Ontwerp", "note": "sluit als wensen zijn beantwoord", "state": "now"},
            {"label": "Uitvoering", "note": "vanaf 2 maart", "state": "next"},
        ],
        "figures": [
            {
                "number": 1,
                "label": "acuut signaal zonder actie",
                "note": "sinds vandaag 08:41",
                "url": "#",
                "is_bad": True,
            },
            {"number": 4, "label": "signalen zonder eigenaar", "note": "oudste is 3 dagen", "url": "#"},
            {"number": 0, "label": "dossiers zonder volgende stap", "url": "#"},
        ],
        "instructions": ["Bel aan en wacht 3 minuten.", "Kom niet vóór 10:00."],
    }


@register.simple_tag
def style_samples() -> dict[str, Any]:
    """What the style guide shows, as seen today."""
    now = timezone.localtime()
    today: date = now.date()
    return {
        "form": SampleForm(initial={"answer": "yes", "kind": "money", "noticed": ["card"], "on": today}),
        "refused": SampleForm({"kind": "fire"}, prefix="fout"),
        "cards": _cards(now),
        "outcomes": _outcomes(),
        "lines": _lines(now),
        "rows": _rows(),
        "chips": [
            {"url": "#", "text": "Alles open", "count": 8, "is_current": True},
            {"url": "#", "text": "Te laat", "count": 2},
            {"url": "#", "text": "Afgesloten"},
        ],
        "flags": [
            {"text": "Wacht langer aan de deur", "icon": "clock", "until": today + timedelta(days=90)},
            {"text": "Begeleiding betrokken", "icon": "person"},
        ],
        "tags": [
            {"text": "Hoog", "icon": "high", "tone": "warn"},
            {"text": "Wacht op partner", "icon": "wait", "tone": "info"},
        ],
        "actions": [
            {"url": "#", "label": "Signaal melden", "icon": "signal"},
            {"url": "#", "label": "Gesprek vastleggen"},
        ],
        "summary": [
            {"label": "Bellen", "value": "06 0000 0147, liefst in de ochtend"},
            {"label": "Project", "value": "Kerkstraat 11–94", "url": "#"},
        ],
        "late_on": today - timedelta(days=3),
        "due_on": today + timedelta(days=4),
        **_project(),
    }
