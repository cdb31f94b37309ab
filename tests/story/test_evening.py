"""One evening's work, from the association's export to the reminder of the next morning, through the pages."""

from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cases.models import Case, Signal
from corporatie.work.models import FollowUp
from tests.house.language import pieces_of
from tests.smoke.running import Forms
from tests.story import evening as story
from visits.models import Visit

pytestmark = pytest.mark.django_db
# Tuesday evening, seven o'clock.
EVENING = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)


class Reader:
    """Reads a page, follows what it offers, and sends its forms as they stand with a few answers filled in."""

    def __init__(self, user) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.client.force_login(user)
        self.url = "/"
        self.page = ""

    def open(self, address: str) -> "Reader":
        response = self.client.get(urljoin(self.url, address), follow=True)
        assert response.status_code == 200, (address, response.status_code)
        return self._at(response, urljoin(self.url, address))

    def send(self, action: str = "", **answers: str | list[str]) -> "Reader":
        """Send the form that goes to this address (or the one that has these questions)."""
        found = Forms(self.page)
        for (goes_to, fields), names in zip(found.forms, found.names, strict=True):
            if (action and goes_to != action) or not answers.keys() <= names or "csrfmiddlewaretoken" not in names:
                continue
            sent: dict[str, list[str]] = {}
            for name, value in fields:
                sent.setdefault(name, []).append(value)
            sent |= {name: value if isinstance(value, list) else [value] for name, value in answers.items()}
            address = urljoin(self.url, goes_to or self.url)
            response = self.client.post(address, sent, follow=True)
            assert response.redirect_chain, response.context["form"].errors
            return self._at(response, address)
        raise AssertionError(f"no form to {action} with {sorted(answers)}: {found.names}")

    def _at(self, response, asked: str) -> "Reader":
        chain = response.redirect_chain
        self.url = urlsplit(chain[-1][0])._replace(scheme="", netloc="").geturl() if chain else asked
        self.page = response.content.decode()
        return self

    def reads(self, *words: str) -> None:
        for each in words:
            if each not in self.page:
                pytest.fail(f"“{each}” does not stand on {self.url}:\n{' · '.join(pieces_of(self.page))}")


def test_one_evening_runs_through_the_house():
    with time_machine.travel(EVENING, tick=False):
        evening = story.begin()
        _a_team_for_the_neighbourhood(evening)
        _three_visits_are_planned(evening)
        _the_rounds(evening)
        _from_signal_to_dossier(evening)
        story.what_stands_there_before_the_night(evening)

    morning = story.next_morning(EVENING)
    story.beat_wakes_the_sweep(morning)
    story.what_the_night_brought(evening)

    with time_machine.travel(morning, tick=False):
        _the_promise_is_kept(evening)
        _the_household_tells_it_all(evening)


def _a_team_for_the_neighbourhood(evening):
    anna = Reader(evening.anna)
    assert anna.client.get(reverse("tenancy_detail", args=[evening.brink.pk])).status_code == 404
    hans = Reader(evening.hans).open(reverse("admin:tenants_neighbourhood_change", args=[story.noord().pk]))
    hans.send(team=str(evening.team.pk))
    assert story.noord().team == evening.team


def _three_visits_are_planned(evening):
    anna = Reader(evening.anna)
    for tenancy, at in ((evening.brink, "19:00"), (evening.wisniewska, "19:45"), (evening.wisniewska, "20:30")):
        anna.open(f"{reverse('visit_plan')}?huishouden={tenancy.pk}")
        anna.send(planned_on="other", planned_on_date="2026-11-24", planned_time=at)
        anna.reads("Bezoek gepland", tenancy.dwelling.address)
    anna.open("/vandaag/").reads("Kerkstraat 1", "Fam. Van den Brink", "19:45", "20:30", "Gesproken", "Niet thuis")


def _the_rounds(evening):
    talk, closed_door, short = Visit.objects.order_by("planned_time")
    anna = Reader(evening.anna).open("/vandaag/")

    # Two taps: the door stays shut. Three taps: a short talk with one answer.
    anna.send(reverse("visit_nobody_home", args=[closed_door.pk])).reads(
        f"Niet thuis: {evening.wisniewska.dwelling.address}"
    )
    anna.send(reverse("visit_report_file", args=[short.pk]), mood="good")
    anna.reads(f"Gesprek bewaard: {evening.wisniewska.dwelling.address}")

    anna.open(reverse("visit_report_file", args=[talk.pk]))
    anna.send(
        mood="worry",
        quote=story.QUOTE,
        promise_1_what=story.PROMISE,
        promise_1_due="other",
        promise_1_due_date="2026-11-24",
        worry_type="loneliness",
        worry_seen=story.SEEN,
        worry_severity="2",
        worry_told="yes",
    )
    anna.reads("Gesprek bewaard: Kerkstraat 1", f"Belofte voor vandaag: {story.PROMISE}")


def _from_signal_to_dossier(evening):
    signal = Signal.objects.get()
    anna = Reader(evening.anna).open("/signalen/")
    anna.reads("Eenzaamheid", "1 open, waarvan 1 zonder eigenaar")
    anna.open(signal.get_absolute_url())
    anna.send(reverse("signal_take_up", args=[signal.pk])).reads("U gaat ermee verder: Kerkstraat 1")

    anna.open(reverse("case_open", args=[signal.pk]))
    anna.send(
        step_what=story.FIRST_STEP,
        step_owner=str(evening.fatma.pk),
        step_due_on="2026-12-08",
        problem_owner="care",
        problem_owner_name=story.PROBLEM_OWNER,
    )
    anna.reads("Kerkstraat 1", story.FIRST_STEP, "Anna Jansen", "Een zorgpartner", "Fatma Aydin")


def _the_promise_is_kept(evening):
    promise = FollowUp.objects.get(is_promise=True)
    anna = Reader(evening.anna).open("/postvak/")
    anna.reads(story.PROMISE, "Kerkstraat 1", "</span>1</span>", promise.get_absolute_url())
    anna.open(reverse("follow_up_finish", args=[promise.pk])).send(note="Het kozijn is geverfd")
    anna.reads("Belofte nagekomen: Kerkstraat 1")


def _the_household_tells_it_all(evening):
    case = Case.objects.get()
    anna = Reader(evening.anna).open(reverse("tenancy_detail", args=[evening.brink.pk]))
    anna.reads(story.QUOTE, story.PROMISE, "Eenzaamheid", case.get_absolute_url(), story.FIRST_STEP)
    timeline = anna.page[anna.page.index('class="kt-tl"') :]
    told = [line for line in pieces_of(timeline) if line in story.TIMELINE]
    assert told == story.TIMELINE
    other = Reader(evening.anna).open(reverse("tenancy_detail", args=[evening.wisniewska.pk]))
    other.reads("Niet thuis", "Gesprek aan tafel")
    assert story.QUOTE not in other.page
