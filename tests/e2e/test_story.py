"""The whole evening in a browser, with scripts and without: every step is a page somebody sees."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from cases.models import Signal
from corporatie.work.models import FollowUp
from tests.cast import PASSWORD
from tests.e2e.watching import DESK, Hand
from tests.story import evening as story

pytestmark = pytest.mark.e2e


@pytest.fixture
def evening(transactional_db):
    """The delivery is read in and three colleagues can sign in."""
    evening = story.begin()
    for user in (evening.anna, evening.fatma, evening.hans):
        user.set_password(PASSWORD)
        user.save()
    return evening


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_one_evening_runs_through_the_house(evening, sign_in, script):
    _a_team_for_the_neighbourhood(evening, sign_in(evening.hans.email, password=PASSWORD, size=DESK, script=script))
    page = sign_in(evening.anna.email, password=PASSWORD, script=script)
    _three_visits_are_planned(evening, page)
    _the_rounds(evening, page)
    _a_whole_talk(page)
    _from_signal_to_dossier(evening, page)
    story.what_stands_there_before_the_night(evening)

    story.beat_wakes_the_sweep(story.next_morning(timezone.now()))
    story.what_the_night_brought(evening)

    _the_promise_is_kept(page)
    _the_household_tells_it_all(evening, page)


def _a_team_for_the_neighbourhood(evening, page):
    page.goto(reverse("admin:tenants_neighbourhood_change", args=[story.noord().pk]))
    # Whose households a team reads: who does that says once more who she is.
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Ga verder").click()
    page.get_by_label("Team").select_option(str(evening.team.pk))
    page.locator("[name=_save]").click()
    page.wait_for_url("**/beheer/tenants/neighbourhood/")
    assert story.noord().team == evening.team


def _three_visits_are_planned(evening, page):
    for tenancy, at in ((evening.brink, "19:00"), (evening.wisniewska, "19:45"), (evening.wisniewska, "20:30")):
        # An address finds its household; there the visit is planned.
        page.goto(f"/zoeken/?q={tenancy.dwelling.postcode} {tenancy.dwelling.number}&voor=visit_plan")
        if "/bezoeken/plannen/" not in page.url:
            page.locator("main").get_by_role("link", name=tenancy.dwelling.address).first.click()
        page.get_by_label("Andere dag, als datum").fill(timezone.localdate().isoformat())
        page.get_by_label("Hoe laat?").fill(at)
        page.get_by_role("button", name="Plan het bezoek").click()
        expect(page.get_by_role("status")).to_contain_text(f"Bezoek gepland: {tenancy.dwelling.address}")


def _the_rounds(evening, page):
    """Taps are counted: two for a closed door, three for a talk, and no key at all."""
    other = evening.wisniewska.dwelling.address
    for outcome, answer, save, taps, said in (
        ("Niet thuis", None, "Bewaar", 2, f"Niet thuis: {other}"),
        ("Gesproken", "Goed gesprek", "Bewaar gesprek", 3, f"Gesprek bewaard: {other}"),
    ):
        page.goto("/vandaag/")
        hand = Hand(page)
        card = page.locator(".kt-visit:not(.kt-visit-done)").filter(has_text=other).first
        hand.tap(card.locator("summary").filter(has_text=outcome))
        if answer:
            hand.tap(card.get_by_text(answer, exact=True))
        hand.tap(card.get_by_role("button", name=save, exact=True).locator("visible=true"))
        expect(page.get_by_role("status")).to_contain_text(said)
        assert (hand.taps, hand.keys, hand.typed) == (taps, 0, 0)


def _a_whole_talk(page):
    page.goto("/vandaag/")
    card = page.locator(".kt-visit:not(.kt-visit-done)").filter(has_text="Kerkstraat 1")
    card.locator("summary").filter(has_text="Gesproken").click()
    card.get_by_role("link", name="Meer vastleggen").click()
    page.get_by_text("Er speelt iets", exact=True).click()
    page.locator("summary").filter(has_text="Waar hadden we het over?").click()
    page.get_by_label("In de woorden van de bewoner").fill(story.QUOTE)
    page.locator("summary").filter(has_text="Wat beloven we?").click()
    page.locator("#id_promise_1_what").fill(story.PROMISE)
    page.locator("#id_promise_1_due_date").fill(timezone.localdate().isoformat())
    page.locator("summary").filter(has_text="Is er iets om op te letten?").click()
    page.get_by_label("Wat valt op?").select_option(label="Eenzaamheid")
    page.locator("#id_worry_seen").fill(story.SEEN)
    page.locator("label").filter(has_text="Midden").click()
    page.get_by_role("button", name="Bewaar gesprek").click()
    expect(page.get_by_role("status")).to_contain_text("Gesprek bewaard: Kerkstraat 1")
    expect(page.get_by_text(f"Belofte voor vandaag: {story.PROMISE}")).to_be_visible()


def _from_signal_to_dossier(evening, page):
    page.get_by_role("link", name="Signalen").locator("visible=true").click()
    page.get_by_role("button", name="Oppakken").click()
    expect(page.get_by_role("status")).to_contain_text("U gaat ermee verder: Kerkstraat 1")
    page.locator("main").get_by_role("link", name="Kerkstraat 1").locator("visible=true").first.click()
    page.get_by_role("link", name="Dossier openen").click()
    page.get_by_label("Wat moet er gebeuren?").fill(story.FIRST_STEP)
    page.get_by_label("Wie doet het?").select_option(label="Fatma Aydin")
    page.get_by_text("Over twee weken", exact=True).click()
    page.get_by_text("Een zorgpartner", exact=True).click()
    page.get_by_label("Wie precies?").fill(story.PROBLEM_OWNER)
    page.get_by_role("button", name="Open dossier").click()
    page.wait_for_url(f"**{Signal.objects.get().case.get_absolute_url()}")
    bar = page.locator(".kt-idbar")
    expect(bar).to_contain_text("Behandelaar: Anna Jansen")
    expect(bar).to_contain_text("Een zorgpartner")
    expect(page.locator(".kt-next")).to_contain_text(story.FIRST_STEP)


def _the_promise_is_kept(page):
    page.goto("/vandaag/")
    inbox = page.locator(".kt-bottomnav").get_by_role("link", name="Postvak")
    expect(inbox.locator(".kt-badge")).to_have_text(", nieuw: 1")
    inbox.click()
    promise = FollowUp.objects.get(is_promise=True)
    page.locator("main").get_by_role("link", name=story.PROMISE, exact=True).click()
    page.wait_for_url(f"**{promise.get_absolute_url()}")
    page.get_by_role("link", name="Gedaan").click()
    page.get_by_label("Hoe liep het af?").fill("Het kozijn is geverfd")
    page.get_by_role("button", name="Bewaar als gedaan").click()
    expect(page.get_by_role("status")).to_contain_text("Belofte nagekomen: Kerkstraat 1")


def _the_household_tells_it_all(evening, page):
    page.goto(evening.brink.get_absolute_url())
    lines = page.locator(".kt-tl h3").all_inner_texts()
    assert [line for line in lines if line in story.TIMELINE] == [
        line for line in story.TIMELINE if line != "Bezoek gepland"
    ]
    expect(page.locator("main")).to_contain_text(story.QUOTE)
