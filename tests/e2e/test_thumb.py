"""On the phone at the front door: few taps, large enough for a thumb, and light enough for the stairwell."""

from collections.abc import Iterator

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.db import connections
from django.test.testcases import LiveServerThread
from django.urls import reverse
from playwright.sync_api import expect

from cases.models import Case, Signal
from cases.states import Severity
from corporatie.work.models import FollowUp
from projects.models import Accommodation, Intake
from tests.e2e.watching import DESK, PHONE, SIZES, Hand, barriers, look, sideways
from visits.models import Visit

pytestmark = pytest.mark.e2e

THUMB = 48
MOST_BYTES = 90 * 1024
# What is smaller than a thumb: the buttons of outcomes, of saving and of the bar below, and the choices of an answer.
SMALL = """thumb => [...document.querySelectorAll(
    '.kt-btn-primary, .kt-outcomes > details > summary, .kt-outcome button, .kt-actionbar .kt-btn, .kt-bottomnav a, '
    + 'label.kt-choice, label.kt-chip, label.kt-tile, .kt-disc > summary')]
  .filter(each => each.checkVisibility({visibilityProperty: true}))
  .map(each => [each.getBoundingClientRect(), each])
  .filter(([box]) => box.height < thumb - 0.5 || box.width < thumb - 0.5)
  .map(([box, each]) => `${Math.round(box.width)} by ${Math.round(box.height)}: ${each.innerText.slice(0, 40)}`)"""


# --- Few taps -----------------------------------------------------------------------------------------------------
def test_a_talk_with_something_to_mind_and_a_promise_takes_ten_taps(cast, colleague_at_work):
    cast.project()
    cast.visit()
    page = colleague_at_work(cast.anna)
    page.goto("/vandaag/")
    hand = Hand(page)

    hand.tap(page.locator(".kt-visit summary").filter(has_text="Gesproken"))
    hand.tap(page.get_by_role("link", name="Meer vastleggen"))
    hand.tap(page.locator(".kt-first label").filter(has_text="Ja").first)
    hand.tap(page.locator("summary").filter(has_text="Rekening houden met"))
    hand.tap(page.locator("label:has([name^=take_])").first)
    hand.tap(page.locator("summary").filter(has_text="Wat beloven we?"))
    hand.type(page.locator("#id_promise_1_what"), "Bel over de planning")
    hand.tap(page.locator("label:has([name=promise_1_due])").filter(has_text="Morgen"))
    hand.tap(page.get_by_role("button", name="Bewaar gesprek"))

    expect(page.get_by_role("status")).to_contain_text("Gesprek bewaard")
    assert (hand.taps <= 10, hand.typed) == (True, 1)
    assert (Intake.objects.get().answer, Accommodation.objects.count()) == ("yes", 1)
    assert FollowUp.objects.get().is_promise


def test_a_signal_takes_six_taps_and_one_sentence(cast, colleague_at_work):
    page = colleague_at_work(cast.anna)
    page.goto(cast.bos.get_absolute_url())
    hand = Hand(page)

    direct = page.locator(".kt-idbar").get_by_role("link", name="Signaal melden").locator("visible=true")
    if not direct.count():
        hand.tap(page.locator(".kt-idbar summary"))
    hand.tap(direct)
    hand.tap(page.locator("label").filter(has_text="Eenzaamheid"))
    hand.type(page.get_by_label("Wat zag of hoorde u?"), "De gordijnen blijven de hele dag dicht.")
    hand.tap(page.locator("label:has([name=severity])").filter(has_text="Midden"))
    hand.tap(page.get_by_role("button", name="Meld signaal"))

    page.wait_for_url(f"**{Signal.objects.get().get_absolute_url()}")
    assert (hand.taps <= 6, hand.typed) == (True, 1)


# --- Large enough -------------------------------------------------------------------------------------------------
def test_everything_one_taps_at_the_door_fits_a_thumb(demo, sign_in):
    anna = demo.who("anna")
    planned = Visit.objects.visible_to(anna).planned().filter(visitor=anna).first()
    case = Case.objects.visible_to(anna).filter(status="assessing").first()
    here = f"?huishouden={planned.tenancy_id}"
    page = sign_in(anna.email)
    small = []
    for url in (
        "/vandaag/",
        planned.tenancy.get_absolute_url(),
        case.get_absolute_url(),
        *(reverse(name, args=[planned.pk]) for name in ("visit_report_file", "visit_nobody_home", "visit_other")),
        *(reverse(name) + here for name in ("signal_create", "visit_plan", "case_create", "follow_up_create")),
    ):
        page.goto(url)
        page.evaluate(
            """() => document.querySelectorAll('main details:not(.kt-menu)').forEach(each => {
                 each.removeAttribute('name'); each.open = true; })"""
        )
        small += [f"{url}: {each}" for each in page.evaluate(SMALL, THUMB)]
    assert small == [], "\n".join(small)


# What one hits in the middle of each cell of the rows.
HIT = """() => [...document.querySelectorAll('main tbody td')].map(each => each.getBoundingClientRect())
  .map(box => document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)?.closest('a')?.href ?? '')"""


@pytest.mark.parametrize("size", SIZES)
def test_a_row_opens_the_signal_and_only_the_number_itself_calls(cast, colleague_at_work, size):
    cast.dirk.phone = "+31600000001"
    cast.dirk.save()
    cast.signal(by=cast.wim, severity=Severity.ACUTE)
    page = colleague_at_work(cast.anna, size=size)
    page.goto("/signalen/")
    assert page.locator("a[href^=tel]").locator("visible=true").count() == 1
    hit = page.evaluate(HIT)
    assert any("/signalen/" in each for each in hit)
    assert not any(each.startswith("tel:") for each in hit)


# --- Nothing there yet, and nothing there any more ------------------------------------------------------------------
def test_an_empty_house_keeps_nobody_out(cast, colleague_at_work, watch):
    faults = []
    watch.expected |= {"/team/", "/bestaat/niet/"}
    for user, urls in (
        (cast.anna, ("/vandaag/", "/signalen/", "/dossiers/", "/postvak/", "/projecten/", "/zoeken/?q=nergens")),
        (cast.anna, (cast.bos.get_absolute_url(), "/team/", "/bestaat/niet/")),
        (cast.dirk, ("/team/",)),
        (cast.wim, ("/signalen/",)),
    ):
        page = colleague_at_work(user, size=DESK)
        for url in urls:
            page.goto(url)
            for size in SIZES:
                look(page, size)
                faults += [f"{user} {url} {size[0]} wide: {fault}" for fault in barriers(page)]
                if sideways(page):
                    faults.append(f"{user} {url} {size[0]} wide: {sideways(page)} px beside the screen")
            assert page.locator("h1").count() == 1, url
    assert faults == [], "\n".join(faults)


# --- Light enough ---------------------------------------------------------------------------------------------------
@pytest.fixture
def as_in_production(transactional_db, settings, tmp_path) -> Iterator[str]:
    """A server that hands out style sheets as a production does: gathered once, compressed, kept for a year."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    settings.STATIC_ROOT = tmp_path
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = False
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["admin"])
    assert staticfiles_storage.location == str(tmp_path)
    shared = {each.alias: each for each in connections.all() if each.vendor == "sqlite" and each.is_in_memory_db()}
    for connection in shared.values():
        connection.inc_thread_sharing()
    # Django's own server for tests would hand the files out itself, as they lie there.
    server = LiveServerThread("localhost", static_handler=lambda handler: handler, connections_override=shared)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    yield f"http://localhost:{server.port}"
    server.terminate()
    for connection in shared.values():
        connection.dec_thread_sharing()


def test_the_first_page_is_light_and_the_second_lighter(demo, as_in_production, sign_in, watch):
    anna = demo.who("anna")
    planned = Visit.objects.visible_to(anna).planned().filter(visitor=anna).first()
    watch.home = as_in_production
    signed_in = sign_in(anna.email, base_url=as_in_production)
    for url in ("/vandaag/", reverse("visit_report_file", args=[planned.pk])):
        page = sign_in(anna.email, base_url=as_in_production, size=PHONE)
        cold, warm = _bytes(page, url), _bytes(page, "/signalen/")
        assert 5_000 < cold <= MOST_BYTES, f"{url}: {cold} bytes"
        assert warm < cold
    signed_in.close()


def _bytes(page, url: str) -> int:
    """Everything that came over the line for this page."""
    listener = page.context.new_cdp_session(page)
    listener.send("Network.enable")
    came: list[float] = []
    listener.on("Network.loadingFinished", lambda event: came.append(event["encodedDataLength"]))
    page.goto(url, wait_until="networkidle")
    listener.detach()
    return int(sum(came))
