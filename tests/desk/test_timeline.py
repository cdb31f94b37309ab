"""The timeline: what happened, as far as one may know, at the same price for three lines and for three hundred."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import actions as cases
from cases.states import SignalType
from corporatie.desk.views.timeline import PAGE, timeline_of
from corporatie.work import actions as work
from tenants import actions as tenants
from visits import actions as visits
from visits.states import Outcome

pytestmark = pytest.mark.django_db


def _fresh(user):
    """The colleague as a new request finds her, with her roles known."""
    again = type(user).objects.get(pk=user.pk)
    assert again.permissions is not None
    return again


def _talk(cast, *, by=None, note="Mevrouw wil graag een vast gezicht.", **details):
    talk = visits.Talk(
        quote="Als ik maar weet wie er binnenkomt.",
        note=note,
        topics=[visits.TopicLine(area="home", said="Het raam sluit niet.")],
        promises=[visits.Promise("De schilder belt", cast.at.date(), cast.anna)],
        **details,
    )
    return visits.file_report(client_uuid=uuid4(), tenancy=cast.bos, talk=talk, by=by or cast.anna, at=cast.at)


def _texts(timeline):
    return " ".join(f"{line.title} {line.quote} {line.text}" for line in timeline.lines)


def test_a_talk_shows_the_words_of_the_resident_and_what_was_promised(cast):
    visit = _talk(cast)

    timeline = timeline_of(cast.bos, _fresh(cast.anna))

    talk = next(line for line in timeline.lines if line.icon == "talk")
    assert talk.quote == "Als ik maar weet wie er binnenkomt."
    assert "Mevrouw wil graag een vast gezicht." in talk.text
    assert "Woning en onderhoud: Het raam sluit niet." in talk.text
    assert talk.url == f"/gesprekken/{visit.pk}/"
    assert talk.by == "Anna Jansen"
    assert any(line.text == "De schilder belt" for line in timeline.lines)


def test_newest_first_and_details_are_folded(cast):
    tenants.set_preference(tenancy=cast.bos, channel="phone", by=cast.anna, at=cast.at)
    _talk(cast)

    blocks = timeline_of(cast.bos, _fresh(cast.anna)).blocks

    assert [block.folded for block in blocks] == [False, True]
    assert [line.title for line in blocks[1].lines] == [
        "Gegevens gewijzigd: hoe zij bereikbaar zijn",
        "Nieuw huishouden",
    ]


def test_a_filter_shows_its_own_lines_and_says_what_it_hides(cast):
    _talk(cast)
    cast.signal()

    everything = timeline_of(cast.bos, _fresh(cast.anna))
    talks = timeline_of(cast.bos, _fresh(cast.anna), group="gesprekken")

    assert {chip["text"]: chip["count"] for chip in everything.chips} == {
        "Alles": 4,
        "Gesprekken": 1,
        "Signalen": 1,
        "Beloftes": 1,
        "Wijzigingen": 1,
    }
    assert [line.icon for line in talks.lines] == ["talk"]
    assert (everything.hidden, talks.hidden) == (0, 3)
    assert timeline_of(cast.bos, _fresh(cast.anna), group="onbekend").hidden == 0


def test_pages_follow_each_other_without_a_gap(cast):
    for number in range(PAGE + 5):
        visits.log_contact(
            client_uuid=uuid4(),
            tenancy=cast.bos,
            channel="phone",
            direction="in",
            line=f"Gebeld {number}",
            happened_at=cast.at,
            by=cast.anna,
            at=cast.at,
        )
    user = _fresh(cast.anna)

    first = timeline_of(cast.bos, user)
    key = int(first.next_url.split("na=")[1].split("#")[0])
    second = timeline_of(cast.bos, user, before=key)

    assert [line.text for line in first.lines] == [f"Gebeld {number}" for number in range(24, 4, -1)]
    assert [line.text for line in second.lines] == ["Gebeld 4", "Gebeld 3", "Gebeld 2", "Gebeld 1", "Gebeld 0", ""]
    assert (first.first_url, second.next_url) == ("", "")
    assert second.first_url


def test_a_secret_dossier_and_its_signal_leave_no_trace(cast):
    before = timeline_of(cast.bos, _fresh(cast.bram))
    signal = cast.signal(type=SignalType.SUBSTANCES, seen="geheimwoord een")
    case = cast.case(types=(SignalType.SUBSTANCES,), signal=signal)
    cases.take_step(case=case, following=cast.step(what="geheimwoord twee"), by=cast.anna, at=cast.at)
    visit = cast.visit(case=case, purpose="geheimwoord drie")
    visits.end_visit(visit=visit, client_uuid=uuid4(), outcome=Outcome.NOBODY_HOME, by=cast.anna, at=cast.at)

    after = timeline_of(cast.bos, _fresh(cast.bram))

    assert [line.title for line in after.lines] == [line.title for line in before.lines]
    assert after.chips == before.chips
    assert "geheimwoord" not in _texts(after)
    assert "geheimwoord twee" in _texts(timeline_of(cast.bos, _fresh(cast.anna)))


def test_an_ordinary_signal_does_not_tell_of_the_secret_dossier_it_went_into(cast):
    signal = cast.signal(seen="Harde muziek.")
    cast.case(types=(SignalType.NOISE, SignalType.CHILDREN), signal=signal)

    titles = [line.title for line in timeline_of(cast.bos, _fresh(cast.bram)).lines]

    assert "Signaal gemeld" in titles
    assert not [title for title in titles if "dossier" in title.lower()]
    assert [t for t in (line.title for line in timeline_of(cast.bos, _fresh(cast.anna)).lines) if "dossier" in t]


def test_a_project_leader_reads_no_talk_contact_or_promise(cast):
    cast.project()
    _talk(cast)
    visits.log_contact(
        client_uuid=uuid4(),
        tenancy=cast.bos,
        channel="phone",
        direction="in",
        line="Over de huurachterstand",
        happened_at=cast.at,
        by=cast.anna,
        at=cast.at,
    )
    work.add_follow_up(
        tenancy=cast.bos,
        subject=cast.bos,
        what="Bel de schuldhulp",
        owner=cast.anna,
        due_on=cast.at.date(),
        is_promise=True,
        by=cast.anna,
        at=cast.at,
    )

    timeline = timeline_of(cast.bos, _fresh(cast.petra))

    assert [line.title for line in timeline.lines] == ["Nieuw huishouden"]


def test_an_earlier_household_stays_out_of_sight(cast):
    _talk(cast, note="Dit was van mevrouw Bos.")
    tenants.end_tenancy(tenancy=cast.bos, ended_on=cast.at.date(), by=cast.anna, at=cast.at)
    following = tenants.start_tenancy(
        dwelling=cast.kerkstraat, started_on=cast.at.date(), people=[], by=cast.anna, at=cast.at
    )

    assert [line.title for line in timeline_of(following, _fresh(cast.anna)).lines] == ["Nieuw huishouden"]


@pytest.mark.parametrize("times", [1, 100])
def test_four_queries_for_three_lines_and_for_three_hundred(cast, times):
    for _time in range(times):
        _talk(cast)
        cast.signal()
    user = _fresh(cast.anna)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        timeline = timeline_of(cast.bos, user)

    assert len(timeline.lines) == min(3 * times + 1, PAGE)
    assert len(queries) == 4


def test_why_a_signal_was_closed_is_not_told_to_who_only_reported_it(client, cast):
    from cases.actions import close_signal

    signal = cast.signal(by=cast.wim)
    close_signal(signal=signal, explanation="Buurman is al bij de huisarts", by=cast.anna, at=cast.at)
    for user, is_told in ((cast.anna, True), (cast.wim, False)):
        client.force_login(user)
        assert ("Buurman is al bij de huisarts" in client.get(cast.bos.get_absolute_url()).content.decode()) is is_told


def test_a_project_leader_does_not_learn_that_an_instruction_exists_which_may_not_be_shared(client, cast):
    from projects.actions import TakeIntoAccount, answer_intake

    project = cast.project()
    line = TakeIntoAccount(code="dust", instruction="Houd stof buiten", resident_ok_to_share=False)
    answer_intake(
        project=project,
        tenancy=cast.bos,
        visit=None,
        answer="yes",
        take_into_account=[line],
        by=cast.rachid,
        at=cast.at,
    )
    told = "Toegevoegd om rekening mee te houden"
    for user, is_told in ((cast.rachid, True), (cast.petra, False)):
        client.force_login(user)
        assert (told in client.get(cast.bos.get_absolute_url()).content.decode()) is is_told
