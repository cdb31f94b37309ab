"""From the card to the report: three taps for a talk, two for a closed door, and nothing is ever lost."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from cases.models import Signal
from cases.states import Severity, SignalType
from corporatie.journal.models import Entry
from corporatie.privacy.models import Access
from corporatie.work.models import FollowUp
from projects.models import Accommodation, ConfidentialReason, Intake
from visits.models import Report, Topic, Visit, Wish


@pytest.fixture(autouse=True)
def _today(time_machine_at):
    """All of this happens on the cast's day."""


@pytest.fixture
def anna(client, cast):
    client.force_login(cast.anna)
    return client


def file_url(visit):
    return reverse("visit_report_file", args=[visit.pk])


def test_three_taps_are_enough(anna, cast):
    visit = cast.visit()
    # What the card sends: its own number and the one answer.
    response = anna.post(file_url(visit), {"client_uuid": uuid4(), "mood": "good"})

    assert response.status_code == 302
    assert response["Location"] == reverse("today")
    visit.refresh_from_db()
    assert (visit.status, visit.outcome) == ("held", "talked")
    assert Report.objects.get().mood == "good"


@pytest.mark.parametrize(
    ("name", "answers"),
    [("visit_report_file", {"mood": "good"}), ("visit_nobody_home", {}), ("visit_other", {"outcome": "refused"})],
)
def test_who_has_no_page_of_the_day_goes_on_to_the_household(client, cast, name, answers):
    """The team lead writes down what came of a visit too; she would be refused at Vandaag."""
    visit = cast.visit()
    for user, onward in ((cast.dirk, cast.bos.get_absolute_url()), (cast.anna, reverse("today"))):
        client.force_login(user)
        assert f'<a class="kt-back" href="{onward}">' in client.get(reverse(name, args=[visit.pk])).content.decode()
    client.force_login(cast.dirk)
    answer = client.post(reverse(name, args=[visit.pk]), {"client_uuid": uuid4(), **answers})
    assert answer.url == cast.bos.get_absolute_url()


def test_not_even_the_answer_is_required(anna, cast):
    visit = cast.visit()
    assert anna.post(file_url(visit), {"client_uuid": uuid4()}).status_code == 302
    assert Visit.objects.get().status == "held"


def test_all_of_a_talk_arrives_in_one_go(anna, cast):
    visit = cast.visit()
    response = anna.post(
        file_url(visit),
        {
            "client_uuid": uuid4(),
            "worry_uuid": uuid4(),
            "mood": "worry",
            "quote": "Als ik maar weet wanneer ze komen.",
            "home_answer": "attention",
            "home_said": "Het raam sluit niet.",
            "home_thought": "Tocht in de slaapkamer.",
            "promise_1_what": "Schilder belt over het raam",
            "promise_1_due": "2026-11-27",
            "promise_1_carrier": "partner",
            "promise_1_owner": cast.bram.pk,
            "worry_type": SignalType.ENERGY,
            "worry_seen": "De verwarming stond uit, 14 graden.",
            "worry_severity": Severity.MEDIUM.value,
            "worry_told": "yes",
            "wishes": "Een bankje bij de ingang\nMeer licht in de berging",
            "note": "Planning in grote letters sturen",
            "note_is_action": "on",
            "note_due": "other",
            "note_due_date": "2026-12-03",
        },
    )

    assert response.status_code == 302, response.context["form"].errors
    assert Report.objects.get().quote == "Als ik maar weet wanneer ze komen."
    assert list(Topic.objects.values_list("area", "answer", "said", "thought")) == [
        ("home", "attention", "Het raam sluit niet.", "Tocht in de slaapkamer.")
    ]
    assert list(FollowUp.objects.order_by("due_on").values_list("what", "owner__name", "due_on", "is_promise")) == [
        ("Schilder belt over het raam", "Bram Visser", date(2026, 11, 27), True),
        ("Planning in grote letters sturen", "Anna Jansen", date(2026, 12, 3), False),
    ]
    signal = Signal.objects.get()
    assert (signal.type, signal.respond_by_on, signal.source) == ("energy", date(2026, 12, 1), "own")
    assert Report.objects.get().signal == signal
    assert set(Wish.objects.values_list("text", flat=True)) == {"Een bankje bij de ingang", "Meer licht in de berging"}


@pytest.mark.parametrize(("severity", "calls"), [(Severity.ACUTE, True), (Severity.HIGH, False)])
def test_what_cannot_wait_leads_from_the_talk_to_whom_to_phone(anna, cast, severity, calls):
    data = {"client_uuid": uuid4(), "worry_uuid": uuid4(), "mood": "worry"}
    data |= {"worry_type": SignalType.NOISE, "worry_severity": severity.value}
    response = anna.post(file_url(cast.visit()), data)
    assert (response.url == Signal.objects.get().get_absolute_url()) is calls
    assert ("Bel nu: Dirk Bakker" in anna.get(response.url).content.decode()) is calls


def test_filing_the_same_talk_twice_changes_nothing(anna, cast):
    visit, data = cast.visit(), {"client_uuid": uuid4(), "worry_uuid": uuid4(), "mood": "good"}
    data |= {"promise_1_what": "Bel terug", "promise_1_due": "2026-11-27", "wishes": "Meer licht"}
    data |= {"worry_type": SignalType.NOISE, "worry_severity": 2}
    for _twice in range(2):
        assert anna.post(file_url(visit), data).status_code == 302
    assert (Report.objects.count(), FollowUp.objects.count(), Signal.objects.count(), Wish.objects.count()) == (
        1,
        1,
        1,
        1,
    )
    assert Entry.objects.filter(kind="talk_held").count() == 1


def test_an_unplanned_talk_sent_twice_is_one_visit(anna, cast):
    url = f"{reverse('visit_report_create')}?huishouden={cast.bos.pk}"
    data = {"client_uuid": uuid4(), "mood": "good"}
    for _twice in range(2):
        assert anna.post(url, data).status_code == 302
    assert list(Visit.objects.values_list("status", "visitor__name")) == [("held", "Anna Jansen")]


def test_a_colleague_who_was_second_is_told_and_keeps_what_she_typed(anna, cast):
    visit = cast.visit()
    anna.post(reverse("visit_nobody_home", args=[visit.pk]), {"client_uuid": uuid4()})
    response = anna.post(file_url(visit), {"client_uuid": uuid4(), "mood": "good", "note": "Lang gesproken"})

    assert response.status_code == 422
    assert "Een collega was u voor" in response.content.decode()
    assert "Lang gesproken" in response.content.decode()
    assert Visit.objects.get().status == "nobody_home"
    assert Report.objects.count() == 0


def test_a_half_answered_question_keeps_everything_that_was_typed(anna, cast):
    visit = cast.visit()
    response = anna.post(
        file_url(visit), {"client_uuid": uuid4(), "promise_1_what": "Schilder belt", "note": "Mooi gesprek"}
    )
    page = response.content.decode()

    assert response.status_code == 422
    assert "Schilder belt" in page
    assert "Mooi gesprek" in page
    assert response.context["form"].errors.keys() == {"promise_1_due"}
    assert "<title>Fout: Kerkstraat 47" in page
    assert 'href="#id_promise_1_due' in page
    assert Visit.objects.get().status == "planned"


def test_a_fault_half_way_leaves_nothing(anna, cast, monkeypatch):
    def broken(**kwargs):
        raise RuntimeError("disk full")

    monkeypatch.setattr("visits.actions.reports.add_follow_up", broken)
    visit = cast.visit()
    anna.raise_request_exception = False
    response = anna.post(
        file_url(visit), {"client_uuid": uuid4(), "promise_1_what": "Bel terug", "promise_1_due": "2026-11-27"}
    )
    assert response.status_code == 500
    visit.refresh_from_db()
    assert visit.status == "planned"
    assert Report.objects.count() == 0


def test_later_keeps_the_talk_and_the_reminder_finds_it(anna, cast):
    from corporatie.work.models import Notice
    from corporatie.work.reminders import sweep

    visit = cast.visit()
    anna.post(file_url(visit), {"client_uuid": uuid4(), "later": "1", "note": "Over de tocht"})
    visit.refresh_from_db()
    assert visit.elaborate_later
    assert "Nog uitwerken: Kerkstraat 47" in anna.get(reverse("today")).content.decode()

    sweep(at=cast.at + timedelta(days=1))
    assert Notice.objects.filter(rule="visit_to_elaborate", recipient=cast.anna).count() == 1

    page = anna.get(file_url(visit)).content.decode()
    assert "Over de tocht" in page
    anna.post(file_url(visit), {"client_uuid": uuid4(), "note": "Over de tocht. Raam sluit niet."})
    visit.refresh_from_db()
    assert not visit.elaborate_later
    assert Report.objects.get().note == "Over de tocht. Raam sluit niet."


def test_a_closed_door_takes_two_taps(anna, cast):
    visit = cast.visit()
    response = anna.post(reverse("visit_nobody_home", args=[visit.pk]), {"client_uuid": uuid4()})
    assert response.status_code == 302
    visit.refresh_from_db()
    assert (visit.status, visit.outcome, visit.daypart) == ("nobody_home", "nobody_home", "morning")


def test_the_door_may_say_more(anna, cast):
    visit = cast.visit()
    anna.post(
        reverse("visit_nobody_home", args=[visit.pk]),
        {"client_uuid": uuid4(), "door_signs": ["card_left", "lived_in"], "next_time": "evening"},
    )
    visit.refresh_from_db()
    assert (visit.door_signs, visit.next_time) == (["card_left", "lived_in"], "evening")


@pytest.mark.parametrize(
    ("outcome", "status"),
    [("refused", "refused"), ("moved_by_resident", "moved"), ("unsafe", "unsafe"), ("cancelled", "cancelled")],
)
def test_other_outcomes(anna, cast, outcome, status):
    visit = cast.visit()
    anna.post(reverse("visit_other", args=[visit.pk]), {"client_uuid": uuid4(), "outcome": outcome})
    visit.refresh_from_db()
    assert visit.status == status


def test_a_talk_at_the_door_goes_on_to_its_report(anna, cast):
    visit = cast.visit()
    response = anna.post(reverse("visit_other", args=[visit.pk]), {"client_uuid": uuid4(), "outcome": "talked_at_door"})
    assert response["Location"] == f"{file_url(visit)}?waar=deur"
    assert "checked" in anna.get(response["Location"]).content.decode()


# --- The first question of a renovation ------------------------------------------------------------------
@pytest.fixture
def intake_visit(cast):
    cast.project()
    return cast.visit(reason="renovation_intake")


def test_a_project_asks_the_first_question_word_for_word(anna, cast, intake_visit):
    page = anna.get(file_url(intake_visit)).content.decode()
    question = (
        "Moeten wij straks met u of met uw situatie rekening houden tijdens de uitvoering van een renovatieproject?"
    )
    assert question in page
    for answer in ("Ja", "Nee", "Weet ik nog niet", "Wil ik niet zeggen"):
        assert answer in page


def test_what_we_take_into_account_and_why_land_in_two_tables(anna, cast, intake_visit):
    response = anna.post(
        file_url(intake_visit),
        {
            "client_uuid": uuid4(),
            "answer": "yes",
            "take_0": ["door_time:0"],
            "ok_to_share": "yes",
            "reason": "Staat moeilijk op uit haar stoel.",
        },
    )
    assert response.status_code == 302, response.context["form"].errors
    intake = Intake.objects.get()
    assert (intake.answer, intake.visit_id) == ("yes", intake_visit.pk)
    line = Accommodation.objects.get()
    assert (line.code, line.resident_ok_to_share) == ("door_time", True)
    assert ConfidentialReason.objects.get().text == "Staat moeilijk op uit haar stoel."


def test_a_resent_intake_adds_nothing(anna, cast, intake_visit):
    data = {"client_uuid": uuid4(), "answer": "yes", "take_0": ["door_time:0"], "reason": "Slecht ter been."}
    for _twice in range(2):
        anna.post(file_url(intake_visit), data)
    assert (Intake.objects.count(), Accommodation.objects.count(), ConfidentialReason.objects.count()) == (1, 1, 1)


def test_an_instruction_that_names_a_condition_is_refused_kindly(anna, cast, intake_visit):
    response = anna.post(
        file_url(intake_visit),
        {
            "client_uuid": uuid4(),
            "answer": "yes",
            "own_code": "other",
            "own_instruction": "Mevrouw heeft dementie, praat rustig",
        },
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "Mevrouw heeft dementie, praat rustig" in page
    assert response.context["form"].errors.keys() == {"own_instruction"}
    assert Intake.objects.count() == 0


def test_a_condition_in_a_note_is_a_soft_hint(anna, cast):
    response = anna.post(file_url(cast.visit()), {"client_uuid": uuid4(), "note": "Mevrouw lijkt dement"}, follow=True)
    assert "U schreef “dement”" in response.content.decode()
    assert Report.objects.get().note == "Mevrouw lijkt dement"


def test_nobody_is_asked_twice(anna, cast, intake_visit):
    anna.post(file_url(intake_visit), {"client_uuid": uuid4(), "answer": "no"})
    again = cast.visit()
    assert "Moeten wij straks met u" not in anna.get(file_url(again)).content.decode()


# --- Who may -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["visit_report_file", "visit_nobody_home", "visit_other"])
def test_another_team_sees_no_visit(client, cast, name):
    visit = cast.visit()
    client.force_login(cast.carla)
    url = reverse(name, args=[visit.pk])
    assert client.get(url).status_code == 404
    assert client.post(url, {"client_uuid": uuid4(), "outcome": "refused"}).status_code == 404
    visit.refresh_from_db()
    assert visit.status == "planned"


@pytest.mark.parametrize("name", ["visit_report_file", "visit_nobody_home", "visit_other"])
def test_other_methods_are_refused(anna, cast, name):
    assert anna.delete(reverse(name, args=[cast.visit().pk])).status_code == 405


def test_a_project_leader_writes_no_talks(client, cast):
    cast.project()
    client.force_login(cast.petra)
    url = f"{reverse('visit_report_create')}?huishouden={cast.bos.pk}"
    assert client.get(url).status_code == 403
    assert client.post(url, {"client_uuid": uuid4()}).status_code == 403
    assert Visit.objects.count() == 0
    assert Access.objects.filter(by=cast.petra, look="refused").count() == 2


def test_opening_a_talk_leaves_a_line_before_it_shows(anna, cast, monkeypatch):
    visit = cast.visit()
    anna.get(file_url(visit))
    assert Access.objects.get().subject_id == visit.pk

    def broken(**kwargs):
        raise RuntimeError("no line")

    monkeypatch.setattr("corporatie.privacy.actions.record_read", broken)
    anna.raise_request_exception = False
    response = anna.get(file_url(visit))
    assert response.status_code == 500
    assert "Kerkstraat" not in response.content.decode()
