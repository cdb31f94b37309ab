"""The page of a household: each role sees its own part, and nothing of who lived there before."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases import actions as cases
from cases.states import FlagKind, Severity, SignalType
from corporatie.privacy.models import Access
from corporatie.privacy.states import Look
from corporatie.staff.models import RoleGrant
from corporatie.staff.permissions import Role
from corporatie.work import actions as work
from projects import actions as projects
from projects.models import Accommodation, ConfidentialReason, Project
from projects.states import AccommodationCode, IntakeAnswer, Phase
from tenants import actions as tenants
from tests.cast import Cast, colleague
from visits import actions as visits

pytestmark = pytest.mark.django_db
PAGES = ("tenancy_detail", "tenancy_brief")
# Session, colleague, roles, household, its rows, the line that says she looked; the page adds the badge and the
# three of the timeline.
QUERIES = {"tenancy_detail": 10, "tenancy_brief": 7}


@pytest.fixture(autouse=True)
def _today(time_machine_at):
    """All of this happens on the cast's day: the page counts in days from today."""


def _page(client, user, tenancy, name="tenancy_detail"):
    client.force_login(user)
    return client.get(reverse(name, args=[tenancy.pk]))


def _talk(cast, *, quote="Als ik maar weet wie er binnenkomt.", due=5, wishes=("Een kast bij de deur",)):
    talk = visits.Talk(
        quote=quote,
        note="Mevrouw wil een vast gezicht.",
        promises=[visits.Promise("De schilder belt", cast.at.date() + timedelta(days=due), cast.anna)],
        wishes=list(wishes),
    )
    return visits.file_report(client_uuid=uuid4(), tenancy=cast.bos, talk=talk, by=cast.anna, at=cast.at)


def _flag(cast, kind=FlagKind.TWO_VISITORS, instruction="Spreek af met Bram."):
    return cases.decide_flag(
        tenancy=cast.bos,
        kind=kind,
        instruction=instruction,
        reason="Dreigde vorig jaar.",
        review_on=cast.at.date() + timedelta(days=90),
        told_on=cast.at.date(),
        by=cast.dirk,
        at=cast.at,
    )


def _fill(cast: Cast, times: int) -> None:
    """A life of ``times`` of everything."""
    project = cast.project()
    person = {"name": "Karin", "relation": "family", "phone": "+31600000148"}
    tenants.set_preference(tenancy=cast.bos, channel="phone", daypart="morning", by=cast.anna, at=cast.at)
    intake = uuid4()
    for number in range(times):
        visit = _talk(cast)
        if number == 0:
            projects.answer_intake(
                client_uuid=intake,
                project=project,
                tenancy=cast.bos,
                visit=visit,
                answer=IntakeAnswer.YES,
                by=cast.anna,
                at=cast.at,
            )
        cast.visit()
        cast.signal()
        cast.case()
        cast.case(types=(SignalType.CHILDREN,), by=cast.dirk)
        visits.log_contact(
            client_uuid=uuid4(),
            tenancy=cast.bos,
            channel="phone",
            direction="in",
            line="Over het raam",
            happened_at=cast.at,
            by=cast.anna,
            at=cast.at,
        )
        tenants.add_contact_person(tenancy=cast.bos, by=cast.anna, at=cast.at, **person)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("times", [1, 40])
def test_the_same_number_of_queries_for_a_short_and_a_long_life(client, cast, page, times, django_assert_num_queries):
    _fill(cast, times)
    cast.notice()
    client.force_login(cast.anna)
    client.get(reverse(page, args=[cast.bos.pk]))

    with django_assert_num_queries(QUERIES[page]):
        response = client.get(reverse(page, args=[cast.bos.pk]))

    assert response.status_code == 200


@pytest.mark.parametrize("page", [*PAGES, "dwelling_detail"])
def test_another_team_finds_nothing_and_only_looking_is_possible(client, cast, page):
    pk = cast.kerkstraat.pk if page == "dwelling_detail" else cast.bos.pk
    url = reverse(page, args=[pk])
    assert client.get(url).status_code == 302

    client.force_login(cast.carla)
    assert client.get(url).status_code == 404
    for user in (cast.mila, cast.olga, cast.hans, cast.petra, cast.rachid):
        client.force_login(user)
        assert client.get(url).status_code == 404

    client.force_login(cast.anna)
    assert client.post(url).status_code == 405
    assert client.get(reverse(page, args=[uuid4()])).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_looking_leaves_a_line(client, cast, page):
    _page(client, cast.anna, cast.bos, page)

    line = Access.objects.get(by=cast.anna, look=Look.READ)
    assert (line.subject_label, line.subject_id) == ("tenants.tenancy", cast.bos.pk)


def test_the_bar_the_next_step_and_the_promises(client, cast):
    _flag(cast)
    _talk(cast, due=-2)

    html = _page(client, cast.anna, cast.bos).content.decode()

    assert "<title>Kerkstraat 47 – Huishouden – Keukentafel</title>" in html
    assert "Mw. Bos · 1e verdieping" in html
    assert "Met z’n tweeën" in html or "tweeën" in html
    assert "De schilder belt" in html
    assert "Te laat, was" in html
    assert "Belofte van Anna Jansen · nog niet verteld" in html
    assert "Een kast bij de deur" in html
    assert f"/gesprekken/nieuw/?huishouden={cast.bos.pk}" in html
    assert "Huurt sinds 1 april 2015. Vorige bewoner: niet zichtbaar." in html
    assert "Dreigde" not in html


def test_the_next_step_is_never_empty(client, cast):
    html = _page(client, cast.anna, cast.bos).content.decode()
    assert "Geen open stappen." in html
    assert "Er was nog geen persoonlijk contact." in html

    long_ago = cast.at - timedelta(days=214)
    visits.log_contact(
        client_uuid=uuid4(),
        tenancy=cast.bos,
        channel="phone",
        direction="in",
        line="Over het raam",
        happened_at=long_ago,
        by=cast.anna,
        at=long_ago,
    )
    visits.log_contact(
        client_uuid=uuid4(),
        tenancy=cast.bos,
        channel="letter",
        direction="out",
        line="Brief over het raam",
        happened_at=cast.at,
        by=cast.anna,
        at=cast.at,
    )
    html = _page(client, cast.anna, cast.bos).content.decode()
    assert "Laatste persoonlijke contact: 214 dagen geleden." in html


@pytest.mark.parametrize("page", PAGES)
def test_a_project_leader_reads_the_project_part_and_no_talk(client, cast, page):
    project = cast.project()
    visit = _talk(cast, quote="geheim-citaat")
    cast.signal(seen="geheim-signaal")
    tenants.add_contact_person(
        tenancy=cast.bos, name="geheim-bewindvoerder", relation="administrator", by=cast.anna, at=cast.at
    )
    work.add_follow_up(
        tenancy=cast.bos,
        subject=cast.bos,
        what="geheim-belofte",
        owner=cast.anna,
        due_on=cast.at.date(),
        is_promise=True,
        by=cast.anna,
        at=cast.at,
    )
    projects.answer_intake(
        client_uuid=uuid4(),
        project=project,
        tenancy=cast.bos,
        visit=visit,
        answer=IntakeAnswer.YES,
        reason="geheim-reden",
        by=cast.anna,
        at=cast.at,
    )

    html = _page(client, cast.petra, cast.bos, page).content.decode()

    assert "Kerkstraat 47" in html
    assert "Kerkstraat 11–94" in html
    assert "geheim-" not in html
    assert "De schilder belt" not in html
    assert "/gesprekken/" not in html


def test_a_caretaker_sees_the_household_and_only_the_handler_of_a_dossier(client, cast):
    _talk(cast, quote="geheim-citaat")
    cast.case(first_step=cast.step(what="geheim-stap"))

    html = _page(client, cast.wim, cast.bos).content.decode()

    assert "Er is contact via Anna Jansen." in html
    assert "geheim-" not in html
    assert "Geluidsoverlast" not in html


def _intake(cast, project, **lines):
    """The household says yes: one instruction for each name, and whether it may be passed on."""
    return projects.answer_intake(
        project=project,
        tenancy=cast.bos,
        visit=None,
        answer=IntakeAnswer.YES,
        take_into_account=[
            projects.TakeIntoAccount(AccommodationCode.DOOR_TIME, name, **details) for name, details in lines.items()
        ],
        by=cast.anna,
        at=cast.at,
    )


@pytest.mark.parametrize("page", PAGES)
def test_a_caretaker_reads_what_the_resident_lets_us_pass_on_and_no_more(client, cast, page):
    project = cast.project()
    intake = _intake(cast, project, wacht={"resident_ok_to_share": True})
    before = _page(client, cast.wim, cast.bos, page).content
    assert "wacht" in before.decode()
    assert "Kerkstraat 11–94" not in before.decode()

    # An instruction that may not be passed on, a reason, and who may read that: nothing of it shows.
    _intake(cast, project, fluister={"resident_ok_to_share": False})
    ConfidentialReason.objects.create(intake=intake, text="geheim-reden", created_by=cast.anna, created_at=cast.at)
    with CaptureQueriesContext(connection) as queries:
        after = _page(client, cast.wim, cast.bos, page).content
    assert _without_tokens(after) == _without_tokens(before)
    assert [query["sql"] for query in queries if "confidentialreason" in query["sql"].lower()] == []
    assert b"fluister" in _page(client, cast.anna, cast.bos, page).content


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["wim", "anna"])
def test_an_instruction_that_has_ended_is_gone_at_the_door_too(client, cast, page, who):
    yesterday = timezone.localdate() - timedelta(days=1)
    project = cast.project()
    _intake(
        cast,
        project,
        wacht={"resident_ok_to_share": True},
        voorbij={"resident_ok_to_share": True, "valid_to": yesterday},
    )
    html = _page(client, getattr(cast, who), cast.bos, page).content.decode()
    assert ("wacht" in html, "voorbij" in html) == (True, False)

    Project.objects.filter(pk=project.pk).update(phase=Phase.FINISHED)
    assert b"wacht" not in _page(client, getattr(cast, who), cast.bos, page).content


def test_a_caretaker_of_another_team_reads_no_instruction(cast):
    _intake(cast, cast.project(), wacht={"resident_ok_to_share": True})
    elsewhere = colleague("Henk Postma", Role.CARETAKER, team=cast.zuid)
    assert Accommodation.objects.visible_to(cast.wim).count() == 1
    for user in (elsewhere, cast.carla, cast.mila, cast.olga, cast.hans):
        assert not Accommodation.objects.visible_to(user).exists()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["bram", "wim", "dirk"])
def test_a_secret_dossier_leaves_no_trace(client, cast, page, who):
    colleague = getattr(cast, who)
    before = _page(client, colleague, cast.bos, page).content
    case = cast.case(
        types=(SignalType.CHILDREN,), severity=Severity.ACUTE, first_step=cast.step(what="geheim-stap", days=0)
    )
    cast.visit(case=case, purpose="geheim-doel")
    visits.log_contact(
        client_uuid=uuid4(),
        tenancy=cast.bos,
        case=case,
        channel="phone",
        direction="in",
        line="geheim-lijn",
        happened_at=cast.at,
        by=cast.anna,
        at=cast.at,
    )

    after = _page(client, colleague, cast.bos, page).content

    assert _without_tokens(after) == _without_tokens(before)
    assert b"geheim-stap" in _page(client, cast.anna, cast.bos).content


def _without_tokens(html):
    """The page without what changes at every request: the form tokens and the clock of the printed foot."""
    return [
        line for line in html.decode().splitlines() if "csrfmiddlewaretoken" not in line and "kt-printfoot" not in line
    ]


@pytest.mark.parametrize("page", PAGES)
def test_a_new_household_never_shows_the_one_before(client, cast, page):
    _fill(cast, 1)
    _flag(cast)
    tenants.end_tenancy(tenancy=cast.bos, ended_on=cast.at.date() - timedelta(days=1), by=cast.anna, at=cast.at)
    following = tenants.start_tenancy(
        dwelling=cast.kerkstraat, started_on=cast.at.date(), people=[], by=cast.anna, at=cast.at
    )

    html = _page(client, cast.anna, following, page).content.decode()

    for word in (
        "Bos",
        "schilder",
        "Karin",
        "tweeën",
        "raam",
        "kast",
        "Anna Jansen is",
        "Geluidsoverlast",
        "vast gezicht",
    ):
        assert word not in html, word
    assert "nog niet gesproken" in html.lower()


def test_a_household_that_left_offers_nothing_new(client, cast):
    tenants.end_tenancy(tenancy=cast.bos, ended_on=cast.at.date() - timedelta(days=1), by=cast.anna, at=cast.at)

    html = _page(client, cast.anna, cast.bos).content.decode()

    assert "Dit huishouden is vertrokken op" in html
    assert f"?huishouden={cast.bos.pk}" not in html


def test_the_brief_puts_safety_first_and_says_what_not_to_ask_again(client, cast):
    _flag(cast)
    _flag(cast, FlagKind.WAIT_AT_DOOR, "Wacht drie minuten.")
    _talk(cast)
    tenants.set_preference(
        tenancy=cast.bos, language="tur", needs_interpreter=True, large_print=True, by=cast.anna, at=cast.at
    )
    tenants.add_contact_person(
        tenancy=cast.bos, name="Karin", relation="family", has_key=True, by=cast.anna, at=cast.at
    )

    html = _page(client, cast.anna, cast.bos, "tenancy_brief").content.decode()

    order = ["Spreek af met Bram.", "Turks, tolk nodig", "De schilder belt", "Als ik maar weet", "Niet opnieuw vragen"]
    places = [html.index(words) for words in order]
    assert places == sorted(places)
    for fact in ("Hier woont 1 persoon", "Karin heeft een sleutel", "brieven in grote letters", "Wacht drie minuten."):
        assert fact in html


def test_an_address_opens_its_household_or_says_that_it_is_empty(client, cast):
    client.force_login(cast.anna)
    url = reverse("dwelling_detail", args=[cast.kerkstraat.pk])
    assert client.get(url).url == cast.bos.get_absolute_url()

    tenants.end_tenancy(tenancy=cast.bos, ended_on=cast.at.date() - timedelta(days=1), by=cast.anna, at=cast.at)
    html = client.get(url).content.decode()
    assert "Dit adres is nu leeg" in html
    assert "Bos" not in html


def test_who_holds_no_role_finds_nothing(client, cast):
    RoleGrant.objects.filter(user=cast.anna).delete()

    assert _page(client, cast.anna, cast.bos).status_code == 404
