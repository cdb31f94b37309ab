"""The team lead's overview: figures that open their own list, and no ranking of people."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from cases.models import Case
from cases.states import Severity, SignalType
from corporatie.desk.views.team import _months
from corporatie.staff.actions import say_goodbye
from corporatie.staff.models import Absence
from corporatie.work import actions as work
from corporatie.work.models import FollowUp
from tests.cast import dwelling, household
from visits import actions as visits

pytestmark = pytest.mark.django_db
URL = "/team/"


@pytest.fixture(autouse=True)
def _today(time_machine_at):
    """All of this happens on the cast's day: the overview counts from today."""


@pytest.fixture
def dirk(client, cast):
    client.force_login(cast.dirk)
    return client


def _step(cast, owner, days, *, what="Bel terug", tenancy=None):
    tenancy = tenancy or cast.bos
    due_on = cast.at.date() + timedelta(days=days)
    return work.add_follow_up(
        tenancy=tenancy, subject=tenancy, what=what, owner=owner, due_on=due_on, by=cast.anna, at=cast.at
    )


def _left_with(step, owner):
    """Hers, though she could not be chosen for it: as after another team, or another role."""
    FollowUp.objects.filter(pk=step.pk).update(owner=owner)


def _contact(cast, channel, *, tenancy=None, by=None):
    visits.log_contact(
        client_uuid=uuid4(),
        tenancy=tenancy or cast.bos,
        channel=channel,
        direction="in",
        line="Over het raam",
        happened_at=cast.at,
        by=by or cast.anna,
        at=cast.at,
    )


def _talk(cast):
    visits.file_report(client_uuid=uuid4(), tenancy=cast.bos, talk=visits.Talk(), by=cast.anna, at=cast.at)


def _late_case(cast, **details):
    case = cast.case(first_step=cast.step(days=0, what="Ga langs"), **details)
    day = cast.at.date() - timedelta(days=9)
    type(case.next_step).objects.filter(pk=case.next_step_id).update(due_on=day)
    type(case).objects.filter(pk=case.pk).update(next_due_on=day)
    return case


def _figure(html, words):
    return re.search(r'href="([^"]+)"><b>([^<]+)</b><span>' + words, html).groups()


def test_what_cannot_wait_is_counted_and_opens_its_list(dirk, cast):
    cast.signal(severity=Severity.ACUTE)
    cast.signal()
    html = dirk.get(URL).content.decode()

    url, number = _figure(html, "acuut signaal dat niemand oppakte")
    assert number == "1"
    assert dirk.get(url).status_code == 200
    url, number = _figure(html, "signalen zonder eigenaar")
    assert number == "2"
    assert len(dirk.get(url).context["signals"]) == 2


def test_one_is_called_one_and_more_are_called_more(dirk, cast):
    words = [figure["label"] for figure in dirk.get(URL).context["figures"]]
    assert words == ["acute signalen die niemand oppakte", "signalen over de norm", "signalen zonder eigenaar"]
    late = cast.signal(severity=Severity.ACUTE)
    type(late).objects.filter(pk=late.pk).update(respond_by_on=cast.at.date() - timedelta(days=2))

    one = [figure["label"] for figure in dirk.get(URL).context["figures"]]
    assert one == ["acuut signaal dat niemand oppakte", "signaal over de norm", "signaal zonder eigenaar"]


def test_a_dossier_whose_step_is_late_is_silent(dirk, cast):
    case = _late_case(cast)
    cast.case()

    html = dirk.get(URL).content.decode()

    assert case.get_absolute_url() in html
    assert '<td class="kt-r" data-l="Dagen te laat">9</td>' in html
    assert len(dirk.get("/dossiers/?toon=laat").context["cases"]) == 1


def test_work_stands_by_colleague_in_alphabetical_order_and_opens_its_list(dirk, cast):
    _step(cast, cast.wim, -1)
    for days in (-3, 2, 6, 7, 30):
        _step(cast, cast.anna, days, what=f"Stap {days}")
    context = dirk.get(URL).context

    division = {bar.label: [part.number for part in bar.parts] for bar in context["division"]}
    assert division == {
        "Anna Jansen": [1, 2, 2],
        "Bram Visser": [0, 0, 0],
        "Dirk Bakker": [0, 0, 0],
        "Wim Kuiper": [1, 0, 0],
    }
    assert list(division) == sorted(division)
    week = context["division"][0].parts[1]
    html = dirk.get(week.url).content.decode()
    assert "Stap 2" in html
    assert "Stap 6" in html
    assert "Stap 7" not in html


def test_how_we_talk_is_counted_by_month_and_opens_its_list(dirk, cast):
    for _time in range(3):
        _talk(cast)
    for channel in ("phone", "desk", "letter"):
        _contact(cast, channel)
    context = dirk.get(URL).context

    now = context["contact"][-1]
    assert [part.number for part in now.parts] == [3, 2, 1]
    assert len(context["contact"]) == 6
    assert (context["share"]["part"], context["share"]["whole"], context["share"]["percent"]) == (3, 6, 50)
    for part in now.parts:
        assert len(dirk.get(part.url).context["rows"]) == part.number


def test_too_little_contact_gives_no_percentage(dirk, cast):
    _talk(cast)

    assert "te weinig contact" in dirk.get(URL).content.decode()


def test_another_teams_work_and_a_secret_dossier_count_nowhere(dirk, cast):
    before = dirk.get(URL)
    _step(cast, cast.carla, -1, tenancy=cast.kaya)
    cast.signal(cast.kaya, by=cast.carla, severity=Severity.ACUTE)
    _contact(cast, "phone", tenancy=cast.kaya, by=cast.carla)
    secret = _late_case(cast, types=(SignalType.CHILDREN,))
    visit = cast.visit(case=secret)
    visits.file_report(client_uuid=uuid4(), tenancy=cast.bos, visit=visit, talk=visits.Talk(), by=cast.anna, at=cast.at)

    after = dirk.get(URL)

    assert Case.objects.visible_to(cast.dirk).count() == 0
    for name in ("figures", "silent", "silent_total", "division", "contact"):
        assert after.context[name] == before.context[name], name


@pytest.mark.parametrize(
    "query", ["wie=x&wanneer=laat", "wie=1", "maand=2026-13&hoe=tafel", "maand=2026-01&hoe=x", "maand=&hoe="]
)
def test_a_list_that_does_not_exist(dirk, query):
    assert dirk.get(f"{URL}?{query}").status_code == 404


def test_a_colleague_of_another_team_has_no_list_here(dirk, cast):
    assert dirk.get(f"{URL}?wie={cast.carla.pk}&wanneer=laat").status_code == 404
    assert dirk.get(f"{URL}?wie={cast.anna.pk}&wanneer=laat").status_code == 200


def test_a_long_list_goes_on_by_key(dirk, cast):
    for number in range(30):
        _step(cast, cast.anna, -1, what=f"Stap {number:02}")
        _talk(cast)
    for url in (f"{URL}?wie={cast.anna.pk}&wanneer=laat", f"{URL}?maand={timezone.localdate():%Y-%m}&hoe=tafel"):
        first = dirk.get(url).context
        second = dirk.get(first["next_url"]).context
        assert (len(first["rows"]), len(second["rows"])) == (25, 5)
        assert not {row["url"] for row in first["rows"]} & {row["url"] for row in second["rows"]}


@pytest.mark.parametrize("rows", [1, 30])
def test_the_same_number_of_queries(dirk, cast, rows, django_assert_num_queries):
    for number in range(1, rows + 1):
        home = household(dwelling(cast.buurt_noord, "Plein", number), "Vos", by=cast.anna, at=cast.at)
        cast.signal(home)
        _late_case(cast, tenancy=home)
        _contact(cast, "phone", tenancy=home)
        _talk(cast)
    cast.notice(cast.dirk)
    dirk.get(URL)

    with django_assert_num_queries(12):
        dirk.get(URL)
    with django_assert_num_queries(7):
        dirk.get(f"{URL}?wie={cast.anna.pk}&wanneer=laat")


@pytest.mark.parametrize("who", ["anna", "carla", "wim", "petra", "rachid", "mila", "olga", "hans"])
def test_only_a_team_lead_looks(client, cast, who):
    client.force_login(getattr(cast, who))

    assert client.get(URL).status_code == 403
    assert client.get(f"{URL}?wie={cast.anna.pk}&wanneer=laat").status_code == 403


def test_only_looking_and_only_signed_in(client, cast):
    assert client.get(URL).status_code == 302
    client.force_login(cast.dirk)
    assert client.post(URL).status_code == 405


def test_the_last_six_months():
    assert _months(date(2026, 2, 28)) == [
        date(2025, 9, 1),
        date(2025, 10, 1),
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]


def test_work_on_the_households_of_the_team_is_counted_whoever_has_it(dirk, cast):
    """By its members, work of a colleague who left or moved away would be in nobody's line."""
    today = timezone.localdate()
    _left_with(_step(cast, cast.anna, 1, what="Van Carla"), cast.carla)
    _step(cast, cast.bram, 1, what="Van Bram")
    Absence.objects.create(user=cast.bram, substitute=cast.wim, from_on=today, until_on=today)
    Absence.objects.create(user=cast.wim, substitute=cast.anna, from_on=today, until_on=today)
    _step(cast, cast.anna, 1, what="Van Anna")
    say_goodbye(colleague=cast.anna, by=cast.dirk, at=cast.at)

    division = {bar.label: bar for bar in dirk.get(URL).context["division"]}
    assert {label: bar.total for label, bar in division.items() if bar.total} == {
        "Uit dienst of toegang gesloten": 1,
        "Afwezig, niemand staat in": 1,
        "Van een ander team": 1,
    }
    for label, what in (
        ("Uit dienst of toegang gesloten", "Van Anna"),
        ("Afwezig, niemand staat in", "Van Bram"),
        ("Van een ander team", "Van Carla"),
    ):
        assert what in dirk.get(division[label].parts[1].url).content.decode()


def test_a_step_elsewhere_of_a_colleague_is_not_counted_for_this_team(dirk, cast):
    _left_with(_step(cast, cast.carla, 1, tenancy=cast.kaya), cast.anna)
    assert sum(bar.total for bar in dirk.get(URL).context["division"]) == 0


def test_a_goodbye_is_reached_from_here(dirk, cast):
    html = dirk.get(URL).content.decode()
    assert f"/team/afscheid/{cast.anna.pk}/" in html
    assert f"/team/afscheid/{cast.dirk.pk}/" not in html
