"""Without a mouse: everything can be reached, one sees where one is, and a short talk takes few keys."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cases.models import Case
from tenants.models import Tenancy
from tests.e2e.watching import DESK, PHONE, Hand
from visits.models import Visit

pytestmark = pytest.mark.e2e
MOST_KEYS = 20
# Nobody tabs further; a page with more stops than this is a page to make shorter.
MOST_STOPS = 250

# Where the focus is: what it stands on, how thick its line is, and what lies over it. The line of a choice is drawn
# around its words.
FOCUS = """() => {
  const focused = document.activeElement;
  if (focused === document.body) return null;
  const seen = focused.closest('label') ?? focused;
  const lines = [focused, seen].map(getComputedStyle);
  const box = seen.getBoundingClientRect();
  const inside = (at, most) => Math.min(Math.max(at, 1), most - 1);
  const x = inside(box.left + box.width / 2, innerWidth), y = inside(box.top + box.height / 2, innerHeight);
  const over = document.elementFromPoint(x, y);
  return {
    what: `${focused.tagName} ${(focused.innerText || focused.name || '').trim().slice(0, 40)}`,
    line: Math.max(...lines.map(line => line.outlineStyle === 'none' ? 0 : parseFloat(line.outlineWidth))),
    outside: box.bottom <= 0 || box.top >= innerHeight,
    covered: !over || !(seen.contains(over) || over.contains(seen)) ? over && over.className : '',
  };
}"""


def wrong_with_the_focus(page) -> str:
    """Why one does not see where one is; empty when one does."""
    focus = page.evaluate(FOCUS)
    if focus is None:
        return ""
    if focus["line"] < 3:
        return f"{focus['what']}: the line around it is {focus['line']} px"
    if focus["outside"] or focus["covered"]:
        return f"{focus['what']}: not in view, behind {focus['covered']!r}"
    return ""


def tab_to(hand: Hand, selector: str) -> None:
    """Press Tab until the focus is on this, and see the focus all the way."""
    while not hand.page.evaluate("selector => document.activeElement.matches(selector)", selector):
        hand.press("Tab")
        assert wrong_with_the_focus(hand.page) == ""
        assert hand.keys < MOST_STOPS, f"no way to {selector}"


def test_a_short_talk_takes_twenty_keys(demo, sign_in):
    visit = Visit.objects.planned().filter(visitor=demo.who("anna"), planned_on=demo.time.on).earliest("planned_time")
    page = sign_in(demo.who("anna").email, size=DESK)
    page.goto("/vandaag/")
    hand = Hand(page)

    hand.press("Tab")
    hand.press("Enter")  # past the menu
    form = f'form[action="{reverse("visit_report_file", args=[visit.pk])}"]'
    tab_to(hand, f"summary:has(+ {form})")
    hand.press("Enter")
    tab_to(hand, f"{form} input[type=radio]")
    hand.press("Space")
    tab_to(hand, f"{form} button[type=submit]")
    hand.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("Gesprek bewaard")
    assert hand.keys <= MOST_KEYS
    visit.refresh_from_db()
    assert visit.outcome == "talked"


def test_the_first_key_leads_past_the_menu(demo, sign_in):
    page = sign_in(demo.who("anna").email, size=DESK)
    page.goto("/vandaag/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Naar de inhoud")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_one_always_sees_where_one_is(demo, sign_in, size):
    anna = demo.who("anna")
    household = Tenancy.objects.visible_to(anna).current().filter(cases__status="assessing").first()
    case = Case.objects.visible_to(anna).filter(status="assessing").first()
    planned = Visit.objects.visible_to(anna).planned().filter(visitor=anna).first()
    page = sign_in(anna.email, size=size)
    wrong = []
    for url in (
        "/vandaag/",
        "/signalen/",
        "/dossiers/",
        "/postvak/",
        "/zoeken/?q=kerkstraat",
        household.get_absolute_url(),
        case.get_absolute_url(),
        reverse("visit_report_file", args=[planned.pk]),
        f"{reverse('signal_create')}?huishouden={household.pk}",
        f"{reverse('visit_plan')}?huishouden={household.pk}",
    ):
        page.goto(url)
        there, back = list(_walk(page, "Tab")), list(_walk(page, "Shift+Tab"))
        assert 10 < len(there) < MOST_STOPS, f"{url} has {len(there)} stops"
        wrong += [f"{url}: {fault}" for fault in (*there, *back) if fault]
    assert wrong == [], "\n".join(wrong)


def _walk(page, key: str) -> Iterator[str]:
    """Go on until the page ends, and tell at each stop what is wrong there."""
    for _stop in range(MOST_STOPS):
        page.keyboard.press(key)
        if page.evaluate("() => document.activeElement === document.body"):
            return
        yield wrong_with_the_focus(page)
