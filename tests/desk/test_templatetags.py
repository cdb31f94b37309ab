"""Icons, days, moments and initials as pages write them."""

from datetime import UTC, date, datetime

import pytest
import structlog
import time_machine
from django.template import Context, Template
from django.utils import translation

from corporatie.desk.templatetags import kt

# A Monday, a quarter past two in Amsterdam.
NOW = datetime(2026, 11, 23, 13, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(NOW, tick=False), translation.override("nl"):
        yield


def at(month: int, day: int, hour: int = 13, minute: int = 10, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def test_a_day_has_its_weekday():
    assert kt.day(date(2026, 11, 23)) == "ma 23 november"
    assert kt.day_short(date(2026, 3, 2)) == "ma 2 mrt"


def test_another_year_is_named():
    assert kt.day(date(2027, 3, 2)) == "di 2 maart 2027"
    assert kt.day_short(date(2025, 12, 31)) == "wo 31 dec 2025"


def test_nothing_stays_nothing():
    assert [f(None) for f in (kt.day, kt.day_short, kt.moment, kt.clock, kt.due, kt.stamp)] == [""] * 6


def test_a_day_is_the_day_in_amsterdam():
    # Half past eleven in the evening in London is the next day here.
    assert kt.day(at(11, 23, 23, 30)) == "di 24 november"
    assert kt.clock(at(11, 23, 23, 30)) == "00:30"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(11, 23), "vandaag 14:10"),
        (at(11, 22), "gisteren 14:10"),
        (at(11, 24), "morgen 14:10"),
        (at(11, 20), "vrijdag 14:10"),
        (at(11, 17), "dinsdag 14:10"),
        (at(11, 16), "ma 16 november, 14:10"),
        (at(11, 26), "do 26 november, 14:10"),
        (at(7, 1), "wo 1 juli, 15:10"),
        (at(11, 20, year=2025), "do 20 november 2025, 14:10"),
    ],
)
def test_a_moment_is_relative_within_a_week_only(moment, words):
    assert kt.moment(moment) == words


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 11, 23), "vandaag"),
        (date(2026, 11, 24), "morgen"),
        (date(2026, 11, 22), "gisteren"),
        (date(2026, 11, 27), "vr 27 november"),
    ],
)
def test_work_is_due_in_the_words_people_use(on, words):
    assert kt.due(on) == words


def test_a_stamp_holds_the_exact_moment():
    assert kt.stamp(date(2026, 11, 27)) == '<time datetime="2026-11-27">vr 27 november</time>'
    assert kt.stamp(at(11, 22), "moment") == '<time datetime="2026-11-22T14:10+01:00">gisteren 14:10</time>'


def test_a_new_day_makes_yesterday_of_today():
    """The memory of formatted days may not outlive the day."""
    assert kt.moment(at(11, 23)) == "vandaag 14:10"
    with time_machine.travel(at(11, 24), tick=False):
        assert kt.moment(at(11, 23)) == "gisteren 14:10"
    with time_machine.travel(at(1, 4, year=2027), tick=False):
        assert kt.day(date(2026, 11, 23)) == "ma 23 november 2026"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Anna Jansen", "AJ"), ("Anna van den Berg", "AB"), ("Özlem", "Ö"), ("", ""), ("  bram  de boer ", "BB")],
)
def test_initials(name, letters):
    assert kt.initials(name) == letters


@pytest.mark.parametrize(
    ("number", "html"),
    [
        ("+31612345678", '<a href="tel:+31612345678">06 1234 5678</a>'),
        ("06 0000 0148", '<a href="tel:0600000148">06 0000 0148</a>'),
        ("", ""),
    ],
)
def test_a_phone_number_is_said_as_people_do_and_called_with_a_tap(number, html):
    assert kt.call(number) == html


def test_a_tag_is_an_icon_and_a_word():
    html = Template('{% load kt %}{% tag word "warn" "bad" %}{% tag word "warn" %}').render(Context({"word": "<b>"}))
    assert html.count("&lt;b&gt;</span>") == 2
    assert html.startswith('<span class="kt-tag kt-tag-bad"><svg')
    assert '</span><span class="kt-tag"><svg' in html


def test_an_icon_is_decoration():
    html = Template('{% load kt %}{% icon "warn" "s" %}').render(Context())
    assert html == (
        '<svg class="kt-i kt-i-s" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<use href="/static/img/icons.svg#i-warn"/></svg>'
    )


def test_an_icon_name_cannot_break_out():
    html = Template("{% load kt %}{% icon name %}").render(Context({"name": '"><b>'}))
    assert "<b>" not in html
    assert "&lt;b&gt;" in html


@pytest.mark.parametrize(("part", "whole", "percent"), [(57, 84, 67), (0, 0, 0), (84, 84, 100), (695, 1000, 69)])
def test_percentages_round_down(part, whole, percent):
    assert kt.percent_of(part, whole) == percent


def test_pick_looks_up_what_a_choice_may_have():
    assert kt.pick({"fire": "flame"}, "fire") == "flame"
    assert kt.pick({"fire": "flame"}, "noise") == ""
    assert kt.pick(None, "fire") == ""


def test_the_reference_is_the_start_of_the_number_in_the_log():
    assert kt.reference() == ""
    with structlog.contextvars.bound_contextvars(request_id="7f3a20bc-5d1e-4f6a-9c1b-2a7d8e9f0a1b"):
        assert kt.reference() == "7f3a20bc"
