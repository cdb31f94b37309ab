"""One household goes and the next is known: who lives here today is who the pages are about."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from cases import actions as cases
from cases.states import FlagKind
from corporatie.desk.views.today import households_to_ask
from projects import actions as projects
from projects.models import Accommodation, Project, homes_of
from projects.states import AccommodationCode, IntakeAnswer
from tenants import actions as tenants
from tenants.models import Tenancy
from tests.cast import household
from visits import actions as visits

pytestmark = pytest.mark.django_db
LAST, FIRST = date(2026, 12, 31), date(2027, 1, 1)


@pytest.fixture(autouse=True)
def _stand_still(time_machine_at):
    """It is 24 November 2026."""


@pytest.fixture
def next_one(cast):
    """Mrs Bos gave notice: she leaves on the last of December, and Yilmaz comes the day after."""
    tenants.end_tenancy(tenancy=cast.bos, ended_on=LAST, by=cast.anna, at=cast.at)
    return household(cast.kerkstraat, "Yilmaz", since=FIRST, by=cast.anna, at=cast.at)


@pytest.fixture
def anna(client, cast):
    client.force_login(cast.anna)
    return client


def flag(cast, tenancy, kind=FlagKind.TWO_VISITORS):
    return cases.decide_flag(
        tenancy=tenancy,
        kind=kind,
        instruction="",
        reason="",
        review_on=cast.at.date() + timedelta(days=300),
        told_on=cast.at.date(),
        by=cast.dirk,
        at=cast.at,
    )


@contextmanager
def day(client, cast, moment):
    """Another day, on which Anna signed in again."""
    with time_machine.travel(moment if "T" in str(moment) else f"{moment}T12:00:00Z", tick=False):
        client.force_login(cast.anna)
        yield


def html(client, tenancy, name="tenancy_detail"):
    return client.get(reverse(name, args=[tenancy.pk])).content.decode()


def test_the_address_opens_who_lives_there_now(anna, cast, next_one):
    url = reverse("dwelling_detail", args=[cast.kerkstraat.pk])
    assert anna.get(url).url == cast.bos.get_absolute_url()
    for on, who in ((LAST, cast.bos), (FIRST, next_one)):
        with day(anna, cast, on):
            assert anna.get(url).url == who.get_absolute_url()


def test_who_leaves_next_month_keeps_everything(anna, cast, next_one):
    page = html(anna, cast.bos)

    assert "Dit huishouden gaat weg op do 31 december." in page
    assert f'<a href="{next_one.get_absolute_url()}">Wie er komt op vr 1 januari 2027</a>' in page
    assert "vertrokken" not in page
    for name in ("visit_report_create", "visit_plan", "contact_create", "follow_up_create", "signal_create"):
        assert f"{reverse(name)}?huishouden={cast.bos.pk}" in page
    assert "gaat weg op do 31 december" in html(anna, cast.bos, "tenancy_brief")


def test_who_comes_can_be_opened_and_prepared_for(anna, cast, next_one):
    page = html(anna, next_one)

    assert "Dit huishouden komt hier wonen op vr 1 januari 2027." in page
    assert f'<a href="{cast.bos.get_absolute_url()}">Wie hier nu woont</a>' in page
    for name in ("visit_plan", "contact_create", "follow_up_create"):
        assert f"{reverse(name)}?huishouden={next_one.pk}" in page
    for name in ("visit_report_create", "signal_create", "case_create"):
        assert f"{reverse(name)}?huishouden" not in page
    assert "Huurt sinds" not in page


def test_on_the_day_of_the_change_the_last_to_come_is_now_and_the_other_stands_beside_it(anna, cast, next_one):
    tenants.end_tenancy(tenancy=cast.bos, ended_on=FIRST, by=cast.anna, at=cast.at)
    with day(anna, cast, FIRST):
        assert anna.get(reverse("dwelling_detail", args=[cast.kerkstraat.pk])).url == next_one.get_absolute_url()
        assert anna.get(reverse("search"), {"q": "1234 AB 47"}).url == next_one.get_absolute_url()
        new, old = html(anna, next_one), html(anna, cast.bos)
    assert "Het vorige huishouden gaat vandaag weg." in new
    assert f'href="{cast.bos.get_absolute_url()}"' in new
    assert "Dit huishouden gaat vandaag weg." in old
    assert f'href="{next_one.get_absolute_url()}"' in old
    assert f"{reverse('visit_plan')}?huishouden={cast.bos.pk}" in old


def test_it_reads_that_they_left_only_once_they_have(anna, cast, next_one):
    with day(anna, cast, f"{LAST}T22:30:00Z"):
        assert "is vertrokken" not in html(anna, cast.bos)
    with day(anna, cast, f"{LAST}T23:30:00Z"):
        page = html(anna, cast.bos)
    assert "Dit huishouden is vertrokken op do 31 december" in page
    assert f"?huishouden={cast.bos.pk}" not in page


def test_an_empty_home_says_who_comes(anna, cast, next_one):
    tenants.end_tenancy(tenancy=cast.bos, ended_on=date(2026, 11, 20), by=cast.anna, at=cast.at)

    page = anna.get(reverse("dwelling_detail", args=[cast.kerkstraat.pk])).content.decode()

    assert "Dit adres is nu leeg" in page
    assert "Hier komt een huishouden wonen op vr 1 januari 2027." in page
    assert next_one.get_absolute_url() in page
    assert "Yilmaz" not in page


def test_search_says_who_goes_and_who_comes(anna, cast, next_one):
    page = anna.get(reverse("search"), {"q": "kerkstraat"}).content.decode()

    assert page.index(cast.bos.get_absolute_url()) < page.index(next_one.get_absolute_url())
    assert "Gaat weg op do 31 december" in page
    assert "Komt op vr 1 januari 2027" in page
    assert "Vertrokken" not in page
    assert anna.get(reverse("search"), {"q": "1234 AB 47"}).url == cast.bos.get_absolute_url()


def test_a_point_of_attention_belongs_to_its_household(anna, cast, next_one):
    flag(cast, cast.bos)
    flag(cast, next_one, FlagKind.DOG)

    assert str(FlagKind.TWO_VISITORS.label) in html(anna, cast.bos)
    assert str(FlagKind.DOG.label) not in html(anna, cast.bos)
    assert str(FlagKind.DOG.label) in html(anna, next_one)
    assert str(FlagKind.TWO_VISITORS.label) not in html(anna, next_one)
    assert visits.needs_second_visitor(tenancy=cast.bos, on=LAST)
    assert not visits.needs_second_visitor(tenancy=next_one, on=FIRST)


@pytest.mark.parametrize(
    ("who", "on", "says"),
    [
        ("bos", LAST, ""),
        (
            "bos",
            FIRST,
            "De laatste dag van dit huishouden hier is 31 december 2026. Daarna kunt u niets nieuws meer opschrijven.",
        ),
        ("next", LAST, "Dit huishouden komt hier pas wonen op 1 januari 2027. Kijk naar de dag."),
        ("next", date(2026, 11, 25), "Dit huishouden komt hier pas wonen op 1 januari 2027. Kijk naar de dag."),
        ("next", FIRST, ""),
    ],
)
def test_a_visit_is_planned_on_a_day_on_which_they_live_there(cast, next_one, who, on, says):
    tenancy = cast.bos if who == "bos" else next_one
    if not says:
        cast.visit(tenancy, on=on)
        return
    with pytest.raises(ValidationError) as refused:
        cast.visit(tenancy, on=on)
    assert refused.value.message_dict == {"planned_on": [says]}


def test_a_project_counts_and_sees_who_lives_there_now(cast, next_one):
    project = cast.project()
    first_day = datetime(2027, 1, 1, 9, tzinfo=UTC)
    answers = ((cast.bos, "Bel twee keer aan", cast.at), (next_one, "Houd de deur dicht", first_day))
    for tenancy, text, at in answers:
        line = projects.TakeIntoAccount(code=AccommodationCode.DUST, instruction=text, resident_ok_to_share=True)
        projects.answer_intake(
            project=project,
            tenancy=tenancy,
            visit=None,
            answer=IntakeAnswer.YES,
            take_into_account=[line],
            by=cast.rachid,
            at=at,
        )

    def seen(on):
        with time_machine.travel(f"{on}T12:00:00Z", tick=False):
            petra = type(cast.petra).objects.get(pk=cast.petra.pk)
            numbers = Project.objects.with_numbers(petra).get()
            lines = Accommodation.objects.visible_to(petra).of_homes(project)
            return (
                list(homes_of(project, petra)),
                (numbers.homes, numbers.spoken, numbers.account),
                [line.instruction for line in lines],
                list(Tenancy.objects.visible_to(petra)),
                projects.spoken_in(project, on=on),
            )

    now, then = cast.at.date(), FIRST
    assert seen(now) == ([cast.bos], (1, 1, 1), ["Bel twee keer aan"], [cast.bos], (1, 1))
    assert seen(then) == ([next_one], (1, 1, 1), ["Houd de deur dicht"], [next_one], (1, 1))
    tenants.end_tenancy(tenancy=cast.bos, ended_on=FIRST, by=cast.anna, at=cast.at)
    assert seen(then)[:3] == ([next_one], (1, 1, 1), ["Houd de deur dicht"])


def test_both_households_of_a_home_are_asked_the_first_question(cast, next_one):
    project = cast.project()
    assert households_to_ask(cast.anna, [cast.bos, next_one]) == {cast.bos.pk: project.pk, next_one.pk: project.pk}
    projects.answer_intake(
        project=project, tenancy=cast.bos, visit=None, answer=IntakeAnswer.NO, by=cast.rachid, at=cast.at
    )
    assert households_to_ask(cast.anna, [cast.bos, next_one]) == {next_one.pk: project.pk}


def test_an_end_in_the_year_9999_empties_no_home(anna, cast):
    Tenancy.objects.filter(pk=cast.bos.pk).update(ended_on=date(9999, 12, 31))

    assert anna.get(reverse("dwelling_detail", args=[cast.kerkstraat.pk])).url == cast.bos.get_absolute_url()
    assert Tenancy.objects.living().count() == 2
