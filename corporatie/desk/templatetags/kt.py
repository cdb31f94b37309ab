"""Small things every page writes: an icon, a day, a moment, initials.

Lists call these once a row, so each answer is remembered: the same day is formatted once, not a hundred times.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import structlog
from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tenants.text import phone_words

register = template.Library()

# A moment is called by its weekday for this many days; after that it gets its date.
RELATIVE_DAYS = 7
REFERENCE_LENGTH = 8


# --- Icons --------------------------------------------------------------------------------------
@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, extra: str = "") -> SafeString:
    """A line icon from the sprite. It is decoration: the word always stands beside it.

    ``extra`` is one of ``l`` (24 px), ``s`` (16 px) or nothing (as tall as the text).
    """
    size = f" kt-i-{extra}" if extra else ""
    return format_html(
        '<svg class="kt-i{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><use href="{}#i-{}"/></svg>',
        size,
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def tag(text: Any, sign: str, tone: str = "") -> SafeString:
    """A status: an icon and a word, never a colour alone. ``tone`` is ok, warn, bad, info, done or nothing."""
    return _tag(str(text), sign, tone)


@lru_cache(maxsize=512)
def _tag(text: str, sign: str, tone: str) -> SafeString:
    return format_html('<span class="kt-tag{}">{}{}</span>', f" kt-tag-{tone}" if tone else "", icon(sign), text)


# --- Days and moments ----------------------------------------------------------------------------
@lru_cache(maxsize=4096)
def _day_text(on: date, year: int, language: str | None, *, short: bool) -> str:  # noqa: ARG001  (language keys the memory)
    months = MONTHS_3 if short else MONTHS
    text = f"{WEEKDAYS_ABBR[on.weekday()]} {on.day} {months[on.month]}"
    return text if on.year == year else f"{text} {on.year}"


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _as_date(value: date | datetime) -> date:
    return _local(value).date() if isinstance(value, datetime) else value


def _day(value: date | datetime, *, short: bool) -> str:
    return _day_text(_as_date(value), timezone.localdate().year, get_language(), short=short)


def _moment(value: datetime) -> str:
    local, today = _local(value), timezone.localdate()
    on, at = local.date(), f"{local:%H:%M}"
    days = (on - today).days
    if days == 0:
        return _("today %(time)s") % {"time": at}
    if days == -1:
        return _("yesterday %(time)s") % {"time": at}
    if days == 1:
        return _("tomorrow %(time)s") % {"time": at}
    if -RELATIVE_DAYS < days < 0:
        return f"{WEEKDAYS[on.weekday()]} {at}"
    return f"{_day_text(on, today.year, get_language(), short=False)}, {at}"


@register.filter
def day(value: date | datetime | None) -> str:
    """``ma 23 november``; another year is named: ``ma 22 november 2027``."""
    return _day(value, short=False) if value else ""


@register.filter
def today_or_day(value: date) -> str:
    """``vandaag``, or ``ma 23 november``: for what must be done by then."""
    return str(_("today")) if value == timezone.localdate() else day(value)


@register.filter
def day_short(value: date | datetime | None) -> str:
    """``ma 23 nov``, for a table."""
    return _day(value, short=True) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """``gisteren 14:10``, ``vrijdag 14:10`` within a week, otherwise ``ma 23 november, 14:10``."""
    return _moment(value) if value else ""


@register.filter
@lru_cache(maxsize=4096)
def clock(value: datetime | None) -> str:
    """``14:10``."""
    return f"{_local(value):%H:%M}" if value else ""


@register.filter
def due(value: date | None) -> str:
    """A date as people say it when work is due: ``vandaag``, ``morgen``, ``gisteren``, otherwise ``vr 27 november``."""
    if not value:
        return ""
    days = value - timezone.localdate()
    if days == timedelta(0):
        return _("today")
    if days == timedelta(days=1):
        return _("tomorrow")
    if days == timedelta(days=-1):
        return _("yesterday")
    return _day(value, short=False)


_STYLES: dict[str, Callable[[Any], str]] = {
    "day": day,
    "day_short": day_short,
    "moment": moment,
    "clock": clock,
    "due": due,
}


@register.filter
def stamp(value: Any, style: str = "day") -> SafeString | str:
    """The same in a ``<time>`` element that holds the exact moment: ``{{ visit.starts_at|stamp:"moment" }}``."""
    return _stamp(value, style, timezone.localdate(), get_language()) if value else ""


@lru_cache(maxsize=4096)
def _stamp(value: Any, style: str, today: date, language: str | None) -> SafeString:  # noqa: ARG001  (both key the memory)
    exact = _local(value).isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()
    return format_html('<time datetime="{}">{}</time>', exact, _STYLES[style](value))


# --- People ----------------------------------------------------------------------------------------
@register.filter
@lru_cache(maxsize=1024)
def initials(name: str) -> str:
    """``Anna van den Berg`` becomes ``AB``: the first letter of the first and of the last word."""
    words = name.split()
    if not words:
        return ""
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.filter
def call(number: str) -> SafeString | str:
    """A phone number as people say it, to tap and call; empty when there is none."""
    digits = "".join(sign for sign in number if sign.isdecimal() or sign == "+")
    return format_html('<a href="tel:{}">{}</a>', digits, phone_words(number)) if digits else number


# --- Bars --------------------------------------------------------------------------------------------
@register.filter
def percent_of(part: int, whole: int) -> int:
    """57 of 84 is 67: rounded down, because a gate of 70 % is not reached at 69.6 %. Nothing of nothing is 0."""
    return part * 100 // whole if whole else 0


# --- Looking up ----------------------------------------------------------------------------------------
@register.filter
def pick(mapping: Any, key: Any) -> Any:
    """The value under this key; empty when there is no mapping or no such key. For the icon or hint of a choice."""
    if not hasattr(mapping, "get"):
        return ""
    # A choice of a model carries an object around its key.
    return mapping.get(getattr(key, "value", key), "")


# --- A number for the help desk ------------------------------------------------------------------------
@register.simple_tag
def reference() -> str:
    """The first characters of the number under which the log knows this request; empty outside a request."""
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    return str(request_id)[:REFERENCE_LENGTH]
