"""A form that is not right yet says so beside the question and on top, in the same words, and loses nothing."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.cast import PASSWORD
from tests.e2e.watching import SIZES, barriers, look, sideways

pytestmark = pytest.mark.e2e
TYPED = "Mevrouw vertelde dat de bel het niet doet; “morgen” belt zij terug & wacht."


# The page, what is typed and kept (by the name of the question), the button, and the questions that are not right.
FORMS = {
    "a visit": ("visit_plan", {"purpose": TYPED}, "Plan het bezoek", ["planned_on"]),
    "a signal": ("signal_create", {"seen": TYPED, "thought": TYPED}, "Meld signaal", ["type", "severity"]),
    "a talk": (
        "visit_report_create",
        {"promise_1_what": TYPED, "note": TYPED, "wishes": TYPED, "worry_seen": TYPED, "quote": TYPED},
        "Bewaar gesprek",
        ["promise_1_due", "worry_type"],
    ),
    "a dossier": ("case_create", {"goal": TYPED, "problem_owner_name": TYPED}, "Open dossier", ["step_what", "type"]),
    "a short contact": ("contact_create", {"line": TYPED}, None, ["channel"]),
    "an action": ("follow_up_create", {"what": TYPED}, None, ["due_on"]),
}


def open_all(page) -> None:
    """Unfold every part of the form."""
    page.evaluate("() => document.querySelectorAll('main details').forEach(each => { each.open = true; })")


@pytest.mark.parametrize("which", FORMS)
def test_what_is_not_right_yet_is_said_and_nothing_is_lost(cast, colleague_at_work, which):
    name, typed, save, wrong = FORMS[which]
    page = colleague_at_work(cast.anna)
    page.goto(f"{reverse(name)}?huishouden={cast.bos.pk}")
    open_all(page)
    for field, text in typed.items():
        page.locator(f"[name={field}]").fill(text)
    button = page.get_by_role("button", name=save) if save else page.locator(".kt-form .kt-btn-primary")
    button.click()

    summary = page.locator(".kt-errsum")
    expect(summary).to_be_focused()
    assert page.title().startswith("Fout: ")
    for field, text in typed.items():
        assert page.locator(f"[name={field}]").input_value() == text

    links = summary.get_by_role("link")
    assert {page.locator(link.get_attribute("href")).get_attribute("name") for link in links.all()} >= set(wrong)
    for field in wrong:
        _says_the_same_twice(page, summary, field)
    faults = []
    for size in SIZES:
        # So high that no bar lies over a question: what a bar covers while one scrolls is no small target.
        look(page, (size[0], 5000))
        faults += [f"{size[0]} wide: {fault}" for fault in barriers(page)]
        faults += [f"{size[0]} wide: {sideways(page)} px beside the screen"] * (sideways(page) > 0)
    assert faults == []


def _says_the_same_twice(page, summary, field) -> None:
    """The words beside the question are those on top, the question names them, and the link leads to the question."""
    control = page.locator(f"[name={field}]").first
    group = control.locator("xpath=ancestor-or-self::*[@aria-describedby][1]")
    beside = next(
        page.locator(f"#{name}") for name in group.get_attribute("aria-describedby").split() if name.endswith("_error")
    )
    expect(beside).to_be_visible()
    words = beside.inner_text().removeprefix("Fout:").strip()
    link = summary.get_by_role("link").filter(has_text=words).first
    link.click()
    assert page.evaluate("() => document.activeElement.name") == field


def test_after_a_session_that_ended_one_comes_back_to_the_page(cast, colleague_at_work):
    page = colleague_at_work(cast.anna)
    address = f"{reverse('signal_create')}?huishouden={cast.bos.pk}"
    page.context.clear_cookies()
    page.goto(address)
    assert "/account/login/" in page.url
    page.get_by_label("E-mailadres van uw werk").fill(cast.anna.email)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"**{address}")
