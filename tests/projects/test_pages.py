"""The project sees how far it is and what must be done. Never why."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from corporatie.privacy.models import Access
from corporatie.privacy.states import Look
from corporatie.staff.permissions import Role
from corporatie.subjects.text import medical_word
from projects import actions
from projects.models import Accommodation, Intake, PhaseChange, Project
from projects.states import (
    GROUPS,
    PRESETS,
    AccommodationCode,
    HomeState,
    IntakeAnswer,
    MemberRole,
    Phase,
)
from tenants import actions as tenants
from tenants.models import Person
from tenants.states import MembershipRole
from tests.cast import colleague, dwelling, household
from visits import actions as visits
from visits.states import Outcome, VisitReason

REASON = "Slaapt na de nachtdienst"
SHARED = "Bel aan en wacht 3 minuten"
KEPT = "Alleen in overleg met de dochter"


@pytest.fixture
def project(cast):
    """Petra's project on Kerkstraat 47."""
    return cast.project(starts_on=date(2027, 3, 2))


def answer(cast, project, *lines, tenancy=None, answer=IntakeAnswer.YES, by=None, **details):
    """A household answers the first question."""
    return actions.answer_intake(
        project=project,
        tenancy=tenancy or cast.bos,
        visit=None,
        answer=answer,
        take_into_account=lines,
        by=by or cast.anna,
        at=cast.at,
        **details,
    )


def line(instruction, *, share=True, **details):
    """One instruction."""
    return actions.TakeIntoAccount(
        code=AccommodationCode.DOOR_TIME, instruction=instruction, resident_ok_to_share=share, **details
    )


def page(client, user, url):
    """What this colleague sees there."""
    client.force_login(user)
    return client.get(url)


def detail_url(project):
    """The page of the project."""
    return reverse("project_detail", args=[project.slug])


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


# --- Who opens it --------------------------------------------------------------------------------------
def test_the_leader_and_the_consultant_of_the_team_open_the_project(client, cast, project):
    for user in (cast.petra, cast.rachid, cast.anna, cast.dirk):
        assert page(client, user, detail_url(project)).status_code == 200
        assert project.name in page(client, user, reverse("project_list")).content.decode()


def test_another_leader_and_another_team_do_not_know_the_project(client, cast, project):
    other = colleague("Pieter Vos", Role.PROJECT_LEADER)
    for user in (other, cast.carla):
        assert page(client, user, detail_url(project)).status_code == 404
        assert project.name not in page(client, user, reverse("project_list")).content.decode()


def test_a_caretaker_has_no_projects(client, cast, project):
    assert page(client, cast.wim, reverse("project_list")).status_code == 403
    assert page(client, cast.wim, detail_url(project)).status_code == 404


def test_a_team_sees_only_its_own_households_of_a_project_over_two_teams(client, cast):
    project = cast.project(cast.kerkstraat, cast.molenweg)
    answer(cast, project, tenancy=cast.kaya, by=cast.carla)

    text = page(client, cast.anna, detail_url(project)).content.decode()
    assert "Kerkstraat 47" in text
    assert "Molenweg 9" not in text
    assert "0 van 1 <small>0 %" in text
    assert "1 van 2 <small>50 %" in page(client, cast.petra, detail_url(project)).content.decode()


# --- The numbers and the states ------------------------------------------------------------------------
def test_percentages_are_rounded_down(client, cast):
    homes = [cast.kerkstraat] + [dwelling(cast.buurt_noord, "Kerkstraat", number) for number in (49, 51)]
    project = cast.project(*homes)
    for home in homes[1:]:
        household(home, "Smit", by=cast.anna, at=cast.at)
    answer(cast, project, line(SHARED))
    answer(cast, project, tenancy=homes[1].tenancies.get(), answer=IntakeAnswer.NO)

    assert "2 van 3 (66 %)" in page(client, cast.petra, reverse("project_list")).content.decode()
    text = page(client, cast.petra, detail_url(project)).content.decode()
    assert "2 van 3 <small>66 %" in text
    assert "1 van 3 <small>33 %" in text
    assert "Nog 1 adres niet gesproken" in text


def states(client, user, project):
    """The code and the word of each address, top to bottom."""
    response = page(client, user, detail_url(project))
    return [(home.address, home.code, home.word) for home in response.context["homes"]]


def test_each_address_says_where_the_talk_stands(client, cast):
    numbers = (1, 3, 5, 7, 9, 11)
    homes = [dwelling(cast.buurt_noord, "Lindelaan", number) for number in numbers]
    project = cast.project(*homes)
    families = [household(home, "Smit", by=cast.anna, at=cast.at) for home in homes]
    _open, planned, away, spoken, account, declined = families
    visit = {"reason": VisitReason.RENOVATION_INTAKE}
    cast.visit(planned, **visit)
    for _turn in range(2):
        closed = cast.visit(away, **visit)
        visits.end_visit(visit=closed, outcome=Outcome.NOBODY_HOME, client_uuid=None, by=cast.anna, at=cast.at)
    answer(cast, project, tenancy=spoken, answer=IntakeAnswer.NO)
    answer(cast, project, line(SHARED), tenancy=account)
    answer(cast, project, tenancy=declined, answer=IntakeAnswer.DECLINED)

    states_in_order = [
        ("Lindelaan 1", "–", HomeState.NOT_SPOKEN.label),
        ("Lindelaan 3", "P", HomeState.PLANNED.label),
        ("Lindelaan 5", "N2", "2 keer niet thuis"),
        ("Lindelaan 7", "OK", HomeState.SPOKEN.label),
        ("Lindelaan 9", "RH", HomeState.ACCOUNT.label),
        ("Lindelaan 11", "W", HomeState.DECLINED.label),
    ]
    assert states(client, cast.petra, project) == states_in_order
    filtered = page(client, cast.petra, f"{detail_url(project)}?stand=n")
    assert [home.address for home in filtered.context["homes"]] == ["Lindelaan 5"]
    chips = [(chip["text"], chip["count"], chip["is_current"]) for chip in filtered.context["chips"]]
    assert chips[0] == ("Alles", 6, False)
    assert chips[1:] == [(state.label, 1, state == HomeState.NOT_HOME) for state in HomeState]


def test_a_visit_for_something_else_tells_the_project_nothing(client, cast, project):
    cast.visit(reason=VisitReason.ARREARS)

    assert states(client, cast.petra, project) == [("Kerkstraat 47", "–", HomeState.NOT_SPOKEN.label)]


def test_the_next_page_goes_on_behind_the_last_address(client, cast):
    homes = [dwelling(cast.buurt_noord, "Lindelaan", number) for number in range(1, 31)]
    project = cast.project(*homes)
    for home in homes:
        household(home, "Smit", by=cast.anna, at=cast.at)

    first = page(client, cast.anna, detail_url(project))
    further = client.get(detail_url(project) + first.context["homes_next"])
    shown = [home.address for response in (first, further) for home in response.context["homes"]]
    assert shown == [f"Lindelaan {number}" for number in range(1, 31)]
    assert not further.context["homes_next"]
    assert client.get(f"{detail_url(project)}?na={cast.kaya.pk}").status_code == 404
    assert client.get(f"{detail_url(project)}?na=1").status_code == 404


def test_who_visits_gets_the_way_to_plan_and_to_log(client, cast, project):
    plan = f"{reverse('visit_plan')}?huishouden={cast.bos.pk}&amp;reden=renovation_intake"
    talk = f"{reverse('visit_report_create')}?huishouden={cast.bos.pk}"
    for user, sees in ((cast.anna, True), (cast.rachid, True), (cast.petra, False)):
        text = page(client, user, detail_url(project)).content.decode()
        assert (plan in text, talk in text) == (sees, sees)


# --- Instruction and reason ----------------------------------------------------------------------------
def test_the_leader_sees_the_instruction_and_no_trace_of_the_reason(client, cast, project):
    intake = answer(cast, project, line(SHARED))
    before = page(client, cast.petra, detail_url(project)).content
    assert SHARED in before.decode()

    answer(cast, project, line(KEPT, share=False), reason=REASON)
    after = page(client, cast.petra, detail_url(project)).content

    assert REASON not in after.decode()
    assert KEPT not in after.decode()
    assert _without_tokens(after) == _without_tokens(before)
    assert page(client, cast.petra, reverse("intake_reason", args=[intake.pk])).status_code == 404


def _without_tokens(content):
    """The page without what differs on every load."""
    return [row for row in content.decode().splitlines() if "csrfmiddlewaretoken" not in row]


def test_an_answer_without_shared_instruction_looks_to_the_leader_like_any_other(client, cast, project):
    answer(cast, project, line(KEPT, share=False))

    assert states(client, cast.petra, project) == [("Kerkstraat 47", "OK", HomeState.SPOKEN.label)]
    assert states(client, cast.anna, project) == [("Kerkstraat 47", "RH", HomeState.ACCOUNT.label)]


def test_no_query_of_the_leader_touches_the_table_of_reasons(client, cast, project):
    intake = answer(cast, project, line(SHARED), reason=REASON)
    client.force_login(cast.petra)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(reverse("project_list"))
        client.get(detail_url(project))
        client.get(f"{detail_url(project)}?stand=rh")
        client.get(reverse("intake_reason", args=[intake.pk]))
        client.post(reverse("project_phase", args=[project.slug]), {"phase": project.phase})
    assert len(queries) > 30
    assert [query["sql"] for query in queries if "confidentialreason" in query["sql"].lower()] == []


def test_the_consultant_reads_the_reason_and_the_log_knew_before(client, cast, project):
    intake = answer(cast, project, line(SHARED), line("Niet vóór 10 uur"), reason=REASON)
    url = reverse("intake_reason", args=[intake.pk])

    assert page(client, cast.anna, detail_url(project)).content.decode().count(url) == 1
    with CaptureQueriesContext(connection) as queries:
        response = page(client, cast.anna, url)
    assert REASON in response.content.decode()
    read = Access.objects.get(look=Look.REASON)
    assert (read.by, read.subject_label, read.subject_id) == (cast.anna, "projects.intake", intake.pk)
    order = [query["sql"] for query in queries]
    written = next(place for place, sql in enumerate(order) if sql.startswith('INSERT INTO "privacy_access"'))
    opened = next(place for place, sql in enumerate(order) if '"projects_confidentialreason"."text"' in sql)
    assert written < opened


def test_a_coordinator_reads_the_reason_she_wrote_herself_only(client, cast, project):
    intake = answer(cast, project, line(SHARED), reason=REASON)
    url = reverse("intake_reason", args=[intake.pk])
    assert url not in page(client, cast.rachid, detail_url(project)).content.decode()
    assert client.get(url).status_code == 404

    answer(cast, project, reason="Van Rachid zelf", by=cast.rachid)
    assert url in page(client, cast.rachid, detail_url(project)).content.decode()
    text = client.get(url).content.decode()
    assert "Van Rachid zelf" in text
    assert REASON not in text


def test_without_a_reason_there_is_no_page_and_no_line(client, cast, project):
    intake = answer(cast, project, line(SHARED))

    assert page(client, cast.anna, reverse("intake_reason", args=[intake.pk])).status_code == 404
    assert not Access.objects.filter(look=Look.REASON).exists()


def test_a_medical_word_in_an_instruction_is_refused_with_a_way_out(cast, project):
    with pytest.raises(ValidationError) as refused:
        answer(cast, project, line("Mevrouw heeft COPD, minder stof"))

    [text] = refused.value.messages
    assert text.startswith("Laat “COPD” weg")
    assert "Schrijf wat" in text
    assert not Intake.objects.exists()


def test_every_code_can_be_picked_and_no_suggestion_would_be_refused():
    assert sorted(code for _label, codes in GROUPS for code in codes) == sorted(AccommodationCode) == sorted(PRESETS)
    for lines in PRESETS.values():
        for text in lines:
            assert len(str(text)) <= 120
            assert medical_word(str(text)) is None


def test_an_instruction_that_has_ended_is_gone(client, cast, project):
    answer(cast, project, line(SHARED, valid_from=date(2020, 1, 1), valid_to=date(2020, 2, 1)))

    text = page(client, cast.anna, detail_url(project)).content.decode()
    assert SHARED not in text
    assert states(client, cast.anna, project) == [("Kerkstraat 47", "OK", HomeState.SPOKEN.label)]


def test_a_new_tenant_starts_blank(client, cast, project):
    answer(cast, project, line(SHARED), reason=REASON)
    tenants.end_tenancy(tenancy=cast.bos, ended_on=date(2026, 11, 20), by=cast.anna, at=cast.at)
    tenants.start_tenancy(
        dwelling=cast.kerkstraat,
        started_on=date(2026, 11, 21),
        people=[(MembershipRole.TENANT, Person.objects.create(last_name="Nieuwhof"))],
        by=cast.anna,
        at=cast.at,
    )

    for user in (cast.anna, cast.petra):
        assert states(client, user, project) == [("Kerkstraat 47", "–", HomeState.NOT_SPOKEN.label)]
        text = client.get(detail_url(project)).content.decode()
        assert SHARED not in text
        assert "Vertrouwelijke reden" not in text
        assert "Bos" not in text


# --- The log of reads ----------------------------------------------------------------------------------
def test_opening_a_project_leaves_the_households_and_intakes_in_the_log(client, cast, project):
    intake = answer(cast, project, line(SHARED))
    page(client, cast.petra, detail_url(project))

    assert sorted(Access.objects.values_list("look", "subject_label", "shown")) == [
        ("list", "projects.intake", [str(intake.pk)]),
        ("list", "tenants.tenancy", [str(cast.bos.pk)]),
    ]


# --- The phase -----------------------------------------------------------------------------------------
def go_on(client, project, **data):
    """The button on the page of the project."""
    return client.post(reverse("project_phase", args=[project.slug]), {"phase": project.phase, **data})


def test_the_leader_goes_on_when_enough_was_spoken(client, cast, project):
    answer(cast, project, answer=IntakeAnswer.NO)
    client.force_login(cast.petra)

    assert go_on(client, project).status_code == 302
    change = PhaseChange.objects.get()
    assert (change.before, change.after, change.spoken, change.homes) == (Phase.DEFINITION, Phase.DESIGN, 1, 1)
    text = client.get(detail_url(project)).content.decode()
    assert "afgerond op" in text


def test_going_on_early_asks_why_and_keeps_the_answer_on_the_page(client, cast, project):
    client.force_login(cast.petra)

    asked = go_on(client, project)
    assert asked.status_code == 200
    assert "Gesproken: 0 van 1 (0 %)" in asked.content.decode()
    assert Project.objects.get().phase == Phase.DEFINITION

    empty = go_on(client, project, explanation=" ")
    assert empty.status_code == 422
    assert "Schrijf in één regel waarom het project al verdergaat." in empty.content.decode()
    assert Project.objects.get().phase == Phase.DEFINITION

    assert go_on(client, project, explanation="13 adressen na de vakantie").status_code == 302
    assert Project.objects.get().phase == Phase.DESIGN
    assert "13 adressen na de vakantie" in client.get(detail_url(project)).content.decode()


def test_who_does_not_lead_the_project_does_not_move_it(client, cast, project):
    for user, status in ((cast.anna, 403), (cast.rachid, 403), (cast.dirk, 403), (cast.carla, 404), (cast.wim, 404)):
        client.force_login(user)
        assert go_on(client, project, explanation="Toch maar").status_code == status
    assert Project.objects.get().phase == Phase.DEFINITION
    assert Access.objects.filter(look=Look.REFUSED, subject_id=project.pk).count() == 3


def test_a_leader_of_one_project_does_not_move_another(client, cast, project):
    other = cast.project(cast.molenweg, slug="molenweg", members=[(cast.rachid, MemberRole.COORDINATOR)])
    client.force_login(cast.petra)

    assert go_on(client, other, explanation="Toch maar").status_code == 404
    assert Project.objects.get(slug="molenweg").phase == Phase.DEFINITION


def test_two_leaders_at_once_move_it_one_phase(client, cast, project):
    answer(cast, project, answer=IntakeAnswer.NO)
    client.force_login(cast.petra)
    go_on(client, project)
    second = client.post(
        reverse("project_phase", args=[project.slug]), {"phase": Phase.DEFINITION}, follow=True
    ).content.decode()

    assert "Een collega was u voor" in second
    assert Project.objects.get().phase == Phase.DESIGN


def test_a_finished_project_goes_nowhere(client, cast):
    project = cast.project(phase=Phase.FINISHED)
    client.force_login(cast.petra)

    assert go_on(client, project).status_code == 302
    assert Project.objects.get().phase == Phase.FINISHED
    assert "kt-page-head" in client.get(detail_url(project)).content.decode()


# --- As many queries for thirty as for one -------------------------------------------------------------
def many(cast, number):
    """A project with this many households, all with an instruction and a reason."""
    homes = [dwelling(cast.buurt_noord, "Lindelaan", place) for place in range(1, number + 1)]
    project = cast.project(*homes, slug=f"lindelaan-{number}")
    for home in homes:
        family = household(home, "Smit", by=cast.anna, at=cast.at)
        answer(cast, project, line(SHARED), tenancy=family, reason=REASON)
    return project


LIST_QUERIES = 5
LEADER_QUERIES = 12
CONSULTANT_QUERIES = 12


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_of_a_project_asks_as_much_for_one_home_as_for_thirty(client, cast, number, django_assert_num_queries):
    project = many(cast, number)
    cast.notice(cast.petra, cast.anna)
    for user, queries in ((cast.petra, LEADER_QUERIES), (cast.anna, CONSULTANT_QUERIES)):
        client.force_login(user)
        with django_assert_num_queries(queries):
            assert client.get(detail_url(project)).status_code == 200
    if number > 25:
        for name in ("homes_next", "instructions_next"):
            further = detail_url(project) + client.get(detail_url(project)).context[name]
            with CaptureQueriesContext(connection) as asked:
                client.get(further)
            assert len(asked) <= CONSULTANT_QUERIES


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_asks_as_much_for_one_project_as_for_thirty(client, cast, number, django_assert_num_queries):
    for place in range(number):
        project = cast.project(slug=f"project-{place}", name=f"Project {place:02}")
        answer(cast, project, line(SHARED))
    cast.notice(cast.petra, cast.anna)
    for user in (cast.petra, cast.anna):
        client.force_login(user)
        with django_assert_num_queries(LIST_QUERIES):
            response = client.get(reverse("project_list"))
        assert len(response.context["projects"]) == min(number, 25)
    if number > 25:
        further = client.get(reverse("project_list") + response.context["next_url"])
        assert [project.name for project, _steps, _start in further.context["projects"]] == [
            f"Project {place:02}" for place in range(25, number)
        ]


def test_instructions_of_a_later_page_belong_to_the_same_project(client, cast):
    project = many(cast, 30)
    first = page(client, cast.anna, detail_url(project))
    further = client.get(detail_url(project) + first.context["instructions_next"])

    seen = [row[0].pk for response in (first, further) for row in response.context["instructions"]]
    assert seen == list(Accommodation.objects.of_homes(project).values_list("pk", flat=True))
    assert len(seen) == 30
