"""A talk carries when it was, not when it was typed: list, timeline, figures, day and promise terms follow that."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse

from corporatie.desk.actions import IntakeLine, log_talk
from corporatie.desk.figures.counting import _contacts
from corporatie.desk.figures.quarters import quarters
from corporatie.desk.views.timeline import timeline_of
from corporatie.journal.models import Entry
from corporatie.work.models import FollowUp
from projects.models import Intake
from tests.cast import household
from visits import actions as visits
from visits.actions import LONGEST_AGO, Talk, end_visit, file_report
from visits.models import Visit, last_talk
from visits.states import Outcome

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 20, 13, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _stand_still(time_machine_at):
    """It is Tuesday 24 November 2026, 10:00."""


@pytest.fixture
def anna(client, cast):
    client.force_login(cast.anna)
    return client


def fresh(user):
    return type(user).objects.get(pk=user.pk)


def talked(cast, **more):
    values = {"client_uuid": uuid4(), "tenancy": cast.bos, "talk": Talk(), "by": cast.anna, "at": cast.at, **more}
    return file_report(**values)


# --- The verb -------------------------------------------------------------------------------------------
def test_a_talk_carries_when_it_was_and_the_journal_when_it_was_written(cast):
    visit = talked(cast, happened_at=FRIDAY)

    assert (visit.ended_at, visit.planned_on, visit.daypart) == (FRIDAY, date(2026, 11, 20), "afternoon")
    entry = Entry.objects.get(kind="talk_held")
    assert (entry.at, entry.fact().happened(entry.at)) == (cast.at, FRIDAY)


def test_a_talk_is_now_unless_said_otherwise(cast):
    visit = talked(cast)

    assert (visit.ended_at, visit.planned_on) == (cast.at, cast.at.date())
    assert Entry.objects.get(kind="talk_held").data == {"outcome": "talked", "happened_at": ""}


@pytest.mark.parametrize(
    ("moment", "says"),
    [
        (NOW + timedelta(minutes=1), "Dit moet nog komen."),
        (NOW - LONGEST_AGO - timedelta(minutes=1), "Dit is meer dan een maand geleden."),
        (datetime(26, 11, 20, tzinfo=UTC), "Dit is meer dan een maand geleden."),
    ],
)
@pytest.mark.parametrize("verb", ["talk", "planned", "end"])
def test_a_moment_that_cannot_be_is_refused(cast, verb, moment, says):
    visit = cast.visit() if verb != "talk" else None
    told = {"client_uuid": uuid4(), "visit": visit, "happened_at": moment, "by": cast.anna, "at": cast.at}
    end = partial(end_visit, outcome=Outcome.NOBODY_HOME, **told)
    tell = partial(file_report, tenancy=cast.bos, talk=Talk(), **told)
    with pytest.raises(ValidationError) as refused:
        end() if verb == "end" else tell()
    assert refused.value.message_dict["happened_at"][0].startswith(says)
    assert not Visit.objects.exclude(ended_at=None).exists()


def test_nobody_talks_with_who_does_not_live_there_yet(cast):
    visits_of = {"since": date(2026, 11, 23), "by": cast.anna, "at": cast.at}
    Visit.objects.all().delete()
    cast.bos.ended_on = date(2026, 11, 22)
    cast.bos.save()
    new = household(cast.kerkstraat, "Yilmaz", **visits_of)
    with pytest.raises(ValidationError, match="komt hier pas wonen op 23 november 2026"):
        talked(cast, tenancy=new, happened_at=FRIDAY)
    talked(cast, tenancy=new, happened_at=FRIDAY + timedelta(days=3))


def test_a_closed_door_and_the_answer_to_a_project_carry_it_too(cast):
    visit = end_visit(
        visit=cast.visit(),
        client_uuid=uuid4(),
        outcome=Outcome.NOBODY_HOME,
        happened_at=FRIDAY,
        by=cast.anna,
        at=cast.at,
    )
    assert (visit.ended_at, visit.daypart) == (FRIDAY, "afternoon")
    log_talk(
        client_uuid=uuid4(),
        tenancy=cast.bos,
        talk=Talk(),
        intake=IntakeLine(cast.project(), "no"),
        happened_at=FRIDAY,
        by=cast.anna,
        at=cast.at,
    )
    assert Intake.objects.get().answered_at == FRIDAY


def test_contact_to_come_is_refused(cast):
    with pytest.raises(ValidationError, match="Dit moet nog komen"):
        visits.log_contact(
            client_uuid=uuid4(),
            tenancy=cast.bos,
            channel="phone",
            direction="in",
            line="Belde",
            happened_at=cast.at + timedelta(days=1),
            by=cast.anna,
            at=cast.at,
        )


# --- What follows it --------------------------------------------------------------------------------------
def test_the_timeline_stands_in_the_order_of_what_happened(anna, cast):
    at = cast.at
    talked(cast, at=at - timedelta(days=2), talk=Talk(quote="zondag"))
    talked(cast, happened_at=at - timedelta(days=4), talk=Talk(quote="vrijdag"))
    visits.log_contact(
        client_uuid=uuid4(),
        tenancy=cast.bos,
        channel="phone",
        direction="in",
        line="zaterdag",
        happened_at=at - timedelta(days=3),
        by=cast.anna,
        at=at,
    )
    talked(cast, at=at, talk=Talk(quote="vandaag"))

    lines = timeline_of(cast.bos, fresh(cast.anna), group="gesprekken").lines

    assert [line.quote or line.text for line in lines] == ["vandaag", "zondag", "zaterdag", "vrijdag"]
    assert [line.noted_at is not None for line in lines] == [False, False, True, True]
    page = anna.get(cast.bos.get_absolute_url()).content.decode()
    assert "vrijdag 10:00" in page
    assert "opgeschreven" in page
    assert last_talk(cast.bos, cast.anna).get().report.quote == "vandaag"


def test_a_page_of_the_timeline_goes_on_where_the_last_one_stopped(cast):
    for hour in range(45):
        moment = cast.at - timedelta(hours=hour * 7 % 45)
        talked(cast, happened_at=moment, talk=Talk(quote=str(hour * 7 % 45)))
    shown, before = [], None
    for _page in range(3):
        found = timeline_of(cast.bos, fresh(cast.anna), group="gesprekken", before=before)
        shown += [int(line.quote) for line in found.lines]
        before = int(found.next_url.split("na=")[1].split("#")[0]) if found.next_url else None
    assert shown == list(range(45))


def test_figures_count_a_talk_in_the_quarter_in_which_it_was(cast):
    """Unless that quarter was over when it was written down: a quarter that is over keeps its figures."""
    september, october = datetime(2026, 9, 28, 10, tzinfo=UTC), datetime(2026, 10, 2, 10, tzinfo=UTC)
    for _time in range(6):
        talked(cast, happened_at=september - timedelta(days=1), at=september)
    before = _contacts(quarters(october.date()))[-1]
    for _time in range(7):
        talked(cast, happened_at=september, at=october)
    june, july = datetime(2026, 6, 20, 10, tzinfo=UTC), datetime(2026, 7, 10, 10, tzinfo=UTC)
    for _time in range(5):
        talked(cast, happened_at=june, at=july)

    after = _contacts(quarters(date(2027, 1, 2)))
    assert before == [6, 0, 0]
    assert after == [[0, 0, 0], [0, 0, 0], [6 + 5, 0, 0], [7, 0, 0]]


# --- The pages --------------------------------------------------------------------------------------------
def post(client, cast, **data):
    url = f"{reverse('visit_report_create')}?huishouden={cast.bos.pk}"
    return client.post(url, {"client_uuid": uuid4(), **data})


def test_the_form_asks_when_it_was_and_says_now(anna, cast):
    page = anna.get(f"{reverse('visit_report_create')}?huishouden={cast.bos.pk}").content.decode()

    assert "Wanneer was het?" in page
    assert '<input type="radio" name="when" value="now"' in page
    assert post(anna, cast).status_code == 302
    assert Visit.objects.get().ended_at == NOW


@pytest.mark.parametrize(
    ("data", "moment"),
    [
        ({"when": "now"}, NOW),
        ({"when": "earlier", "when_time": "08:15"}, datetime(2026, 11, 24, 7, 15, tzinfo=UTC)),
        ({"when": "other", "when_day": "2026-11-20"}, datetime(2026, 11, 20, 11, 0, tzinfo=UTC)),
        ({"when": "other", "when_day": "20-11-2026", "when_time": "14:30"}, FRIDAY),
        ({"when": "other", "when_day": "2026-11-24"}, NOW),
    ],
)
def test_now_earlier_today_or_another_day(anna, cast, data, moment):
    assert post(anna, cast, **data).status_code == 302
    assert Visit.objects.get().ended_at == moment


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"when": "earlier"}, "Vul in hoe laat het was."),
        ({"when": "earlier", "when_time": "10:01"}, "Deze tijd moet nog komen."),
        ({"when": "earlier", "when_time": "25:00"}, "Vul een tijd in."),
        ({"when": "other"}, "Vul in welke dag het was."),
        ({"when": "other", "when_day": "2026-11-25"}, "Deze dag moet nog komen."),
        ({"when": "other", "when_day": "2026-10-01"}, "Deze dag is meer dan een maand geleden."),
        ({"when": "other", "when_day": "0026-11-20"}, "Het jaar 26 kan niet kloppen."),
        ({"when": "other", "when_day": "2026-02-29"}, "29 februari bestaat niet in 2026."),
        ({"when": "now", "when_day": "2026-11-20"}, "U vulde een dag in."),
    ],
)
def test_a_moment_that_cannot_be_is_said_beside_the_question(anna, cast, data, says):
    answer = post(anna, cast, **data, note="Dit blijft staan")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert "Dit blijft staan" in page
    assert not Visit.objects.exists()


def test_what_the_verb_refuses_stands_beside_the_question(anna, cast):
    cast.bos.started_on = date(2026, 11, 22)
    cast.bos.save()

    answer = post(anna, cast, when="other", when_day="2026-11-20")

    assert answer.status_code == 422
    assert answer.context["form"].errors["when"] == [
        "Dit huishouden komt hier pas wonen op 22 november 2026. Kijk naar de dag."
    ]


PROMISE = {"promise_1_what": "Bel over het kozijn"}


@pytest.mark.parametrize(
    ("due", "meant"),
    [
        # A talk of Friday 20 November: in two weeks is Friday 4 December, and Friday is the one after.
        ({"promise_1_due": "2026-12-08"}, date(2026, 12, 4)),
        ({"promise_1_due": "2026-11-27"}, date(2026, 11, 27)),
        # A date that was typed is that date.
        ({"promise_1_due": "other", "promise_1_due_date": "2026-12-08"}, date(2026, 12, 8)),
    ],
)
def test_the_terms_of_a_promise_count_from_the_day_of_the_talk(anna, cast, due, meant):
    assert post(anna, cast, when="other", when_day="2026-11-20", **PROMISE, **due).status_code == 302
    assert FollowUp.objects.get().due_on == meant


def test_a_term_that_is_over_is_asked_again(anna, cast):
    answer = post(anna, cast, when="other", when_day="2026-11-18", promise_1_due="2026-11-25", **PROMISE)

    assert answer.status_code == 422
    assert answer.context["form"].errors["promise_1_due"] == [
        "Vanaf het gesprek geteld is dit do 19 november, en dat is voorbij. Kies een andere dag."
    ]
    assert not FollowUp.objects.exists()


def test_a_talk_of_today_counts_from_today(anna, cast):
    assert post(anna, cast, **PROMISE, promise_1_due="2026-12-08").status_code == 302
    assert FollowUp.objects.get().due_on == date(2026, 12, 8)


def test_a_visit_of_a_day_that_is_over_was_most_likely_then(anna, cast):
    """Filled in on its page, and taken for granted from its card, which has no such question."""
    with time_machine.travel(FRIDAY, tick=False):
        visits_planned = [
            cast.visit(on=FRIDAY.date(), planned_time=datetime(1, 1, 1, 14, 30).time()) for _n in range(3)
        ]
    url = reverse("visit_report_file", args=[visits_planned[0].pk])
    page = anna.get(url).content.decode()
    assert 'name="when_day" value="2026-11-20"' in page
    assert 'name="when_time" value="14:30"' in page
    # The terms are those of that day, with their date; what is over is not proposed.
    assert "Over twee weken (vr 4 dec)" in page
    assert 'value="2026-11-23"' not in page

    anna.post(url, {"client_uuid": uuid4()})
    anna.post(reverse("visit_nobody_home", args=[visits_planned[1].pk]), {"client_uuid": uuid4()})
    today = {"client_uuid": uuid4(), "outcome": "moved", "when": "now"}
    anna.post(reverse("visit_other", args=[visits_planned[2].pk]), today)
    moments = [Visit.objects.get(pk=visit.pk).ended_at for visit in visits_planned]
    assert moments[:2] == [FRIDAY, FRIDAY]


def test_a_talk_that_is_worked_out_later_stays_on_its_day(anna, cast):
    visit = talked(cast, happened_at=FRIDAY, talk=Talk(elaborate_later=True))
    url = reverse("visit_report_file", args=[visit.pk])

    page = anna.get(url).content.decode()
    assert "Wanneer was het?" not in page
    assert "Over twee weken (vr 4 dec)" in page
    assert anna.post(url, {"client_uuid": uuid4(), "when": "now", "quote": "Later"}).status_code == 302
    visit.refresh_from_db()
    assert (visit.ended_at, visit.elaborate_later) == (FRIDAY, False)


@pytest.mark.parametrize(
    ("planned_on", "said", "carried", "moment"),
    [
        (24, {"when": "other", "when_day": "2026-11-20", "when_time": "14:30"}, "2026-11-20T14:30", FRIDAY),
        (24, {"when": "earlier", "when_time": "08:15"}, "2026-11-24T08:15", datetime(2026, 11, 24, 7, 15, tzinfo=UTC)),
        (20, {"when": "now"}, "now", NOW),
        (20, {"when": "other", "when_day": "2026-11-23"}, "2026-11-23T12:00", datetime(2026, 11, 23, 11, tzinfo=UTC)),
    ],
)
def test_when_it_was_goes_along_to_the_report_of_a_talk_at_the_door(anna, cast, planned_on, said, carried, moment):
    visit = cast.visit(on=date(2026, 11, planned_on))
    told = {"client_uuid": uuid4(), "outcome": "talked_at_door", **said}

    url = anna.post(reverse("visit_other", args=[visit.pk]), told)["Location"]
    form = anna.get(url).context["form"]

    assert QueryDict(url.split("?")[1]).dict() == {"waar": "deur", "wanneer": carried}
    day, time = form["when_day"].value(), form["when_time"].value()
    asked = {"when": form["when"].value(), "when_day": day or "", "when_time": time or ""}
    assert anna.post(url, {"client_uuid": uuid4(), "outcome": "talked_at_door", **asked}).status_code == 302
    visit.refresh_from_db()
    assert (visit.ended_at, visit.outcome) == (moment, "talked_at_door")


@pytest.mark.parametrize("text", ["gisteren", "2026-02-30T10:00", "2026-11-20", "<script>"])
def test_what_is_no_moment_in_the_address_fills_in_nothing(anna, cast, text):
    url = reverse("visit_report_file", args=[cast.visit().pk])
    assert anna.get(url, {"wanneer": text}).context["form"]["when"].value() == "now"
