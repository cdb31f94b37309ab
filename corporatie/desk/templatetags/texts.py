"""What the association says in its own words."""

from django import template

from corporatie.work.models import HouseText
from corporatie.work.states import PhoneLine, TextKey, phone_lines

register = template.Library()


@register.simple_tag
def house_texts() -> dict[str, str]:
    """All texts by key: ``{% house_texts as texts %}{{ texts.signal_advice }}``. One query."""
    return HouseText.all_texts()


@register.filter
def emergency_numbers(texts: dict[str, str]) -> list[PhoneLine]:
    """The numbers to call in an emergency, each with name, number and dialled."""
    return phone_lines(texts[TextKey.EMERGENCY_NUMBERS])
