"""The page of the manager: figures of quarters that are over, about no one, and small ones untold."""

import re
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import actions as cases
from cases.states import Severity, SignalType
from corporatie.desk.figures import Cell, figures
from corporatie.desk.figures.quarters import Quarter, quarters
from corporatie.desk.figures.suppression import FEW, FEWEST
from corporatie.work import actions as work
from projects import actions as projects
from projects.states import AccommodationCode, IntakeAnswer
from tests.cast import dwelling, household
from visits import actions as visits
from visits.models import Visit
from visits.states import Outcome

pytestmark = pytest.mark.django_db
URL = "/cijfers/"
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _stand_still(time_machine_at):
    """It is 24 November 2026: the third quarter is the last that is over."""


@pytest.fixture
def mila(client, cast):
    client.force_login(cast.mila)
    return client


def moment(month, day, hour=10, minute=0):
    """A moment of 2026 in Amsterdam, in summer time."""
    return datetime(2026, month, day, hour - 2, minute, tzinfo=UTC)


def _in_august(cast):
    cast.at = moment(8, 3)


def _talk(cast, **talk):
    visits.file_report(client_uuid=uuid4(), tenancy=cast.bos, talk=visits.Talk(**talk), by=cast.anna, at=cast.at)


def _contact(cast, channel, *, happened_at=None):
    visits.log_contact(
        client_uuid=uuid4(),
        tenancy=cast.bos,
        channel=channel,
        direction="in",
        line="Over het raam",
        happened_at=happened_at or cast.at,
        by=cast.anna,
        at=cast.at,
    )


def _promise(cast, *, due_on, is_promise=True):
    return work.add_follow_up(
        tenancy=cast.bos,
        subject=cast.bos,
        what="Bel over het raam",
        owner=cast.anna,
        due_on=due_on,
        is_promise=is_promise,
        by=cast.anna,
        at=cast.at,
    )


def numbers(row):
    """The numbers of a row that may be told; the untold ones are empty."""
    return [cell.number for cell in (*row.parts, row.total)]


# --- What counts ------------------------------------------------------------------------------------------
def test_signals_count_by_severity_when_they_were_reported(cast):
    _in_august(cast)
    for severity, count in {Severity.ACUTE: 5, Severity.HIGH: 6, Severity.MEDIUM: 7, Severity.LOW: 8}.items():
        for _time in range(count):
            cast.signal(severity=severity)
    cast.signal(cast.kaya, by=cast.carla, type=SignalType.CHILDREN, severity=Severity.LOW)

    told = figures(on=TODAY)

    assert [numbers(row) for row in told.signals] == [*[[None] * 5] * 3, [5, 6, 7, 9, 27]]


def test_a_first_action_is_in_time_until_the_norm_ends_whoever_has_it_now(cast):
    _in_august(cast)
    # Acute: today is the norm. That another colleague takes it over later changes nothing.
    for _time in range(5):
        signal = cast.signal(severity=Severity.ACUTE)
        cases.take_up_signal(signal=signal, by=cast.anna, at=moment(8, 3, 23, 59))
        cases.assign_signal(signal=signal, handler=cast.bram, by=cast.dirk, at=moment(8, 20))
    # High: two working days.
    for number in range(6):
        signal = cast.signal(severity=Severity.HIGH)
        if number % 2:
            cases.close_signal(signal=signal, explanation="Gebeld", by=cast.anna, at=moment(8, 5))
        else:
            cases.attach_signal(signal=signal, case=cast.case(), by=cast.anna, at=moment(8, 5))
    # Medium: five working days, and this was the day after. Low: nobody did anything.
    for _time in range(7):
        cases.take_up_signal(signal=cast.signal(), by=cast.anna, at=moment(8, 11, 2, 1))
        cast.signal(severity=Severity.LOW)

    assert numbers(figures(on=TODAY).first_actions[-1]) == [11, 14, 25]


def test_a_signal_counts_for_the_norm_in_the_quarter_in_which_that_ends(cast):
    cast.at = moment(6, 30)
    for _time in range(6):
        cases.take_up_signal(signal=cast.signal(), by=cast.anna, at=cast.at)
    told = figures(on=TODAY)

    assert [row.total for row in told.signals[-2:]] == [Cell(6), FEW]
    assert [row.total for row in told.first_actions[-2:]] == [FEW, Cell(6)]


def test_how_we_talked(cast):
    _in_august(cast)
    for _time in range(6):
        _talk(cast)
        _contact(cast, "phone")
        _contact(cast, "letter")
    for channel in ("desk", "street", "email"):
        _contact(cast, channel)
    visit = cast.visit()
    visits.end_visit(visit=visit, client_uuid=uuid4(), outcome=Outcome.NOBODY_HOME, by=cast.anna, at=cast.at)

    assert numbers(figures(on=TODAY).contacts[-1]) == [6, 8, 7, 21]


def test_contact_that_is_noted_later_does_not_change_a_quarter_that_is_over(cast):
    cast.at = moment(10, 5)
    for _time in range(6):
        _contact(cast, "phone", happened_at=moment(9, 28))

    assert figures(on=TODAY).contacts[-1].total == FEW


def test_promises_count_when_they_end_against_the_last_day_that_was_agreed(cast):
    _in_august(cast)
    for number in range(6):
        kept = _promise(cast, due_on=date(2026, 8, 10 if number else 5))
        if not number:
            work.move_follow_up(
                follow_up=kept, due_on=date(2026, 8, 10), owner=cast.anna, by=cast.anna, at=moment(8, 4)
            )
        work.finish_follow_up(follow_up=kept, by=cast.anna, at=moment(8, 10, 23, 30))
    for number in range(5):
        promise = _promise(cast, due_on=date(2026, 8, 10))
        if number % 2:
            work.drop_follow_up(follow_up=promise, reason="Kan niet", by=cast.anna, at=moment(8, 6))
        else:
            work.finish_follow_up(follow_up=promise, by=cast.anna, at=moment(8, 11, 2, 1))
    _promise(cast, due_on=date(2026, 8, 10))
    work.finish_follow_up(
        follow_up=_promise(cast, due_on=date(2026, 8, 10), is_promise=False), by=cast.anna, at=moment(8, 6)
    )

    assert numbers(figures(on=TODAY).promises[-1]) == [6, 5, 11]


def test_what_the_talks_yield(cast):
    _in_august(cast)
    _talk(cast, wishes=["Een bankje bij de deur"] * 5)
    project = cast.project()
    for number in range(7):
        home = household(dwelling(cast.buurt_noord, "Plein", number + 1), "Vos", by=cast.anna, at=cast.at)
        projects.answer_intake(
            project=project,
            tenancy=home,
            visit=None,
            answer=IntakeAnswer.YES,
            take_into_account=[projects.TakeIntoAccount(AccommodationCode.values[0], "Bel eerst")],
            by=cast.anna,
            at=cast.at,
        )
    for _time in range(6):
        cast.case(types=(SignalType.CHILDREN,))

    told = figures(on=TODAY)

    assert [cell.number for cell in told.yields[-1]] == [5, 7, 6]
    assert set(told.yields[0]) == {FEW}


# --- Which quarters ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("on", "last", "first"),
    [
        (date(2026, 11, 24), (2026, 3), (2025, 4)),
        (date(2026, 12, 31), (2026, 3), (2025, 4)),
        (date(2027, 1, 1), (2026, 4), (2026, 1)),
        (date(2027, 4, 1), (2027, 1), (2026, 2)),
    ],
)
def test_the_last_four_quarters_that_are_over(on, last, first):
    found = quarters(on)
    assert len(found) == 4
    assert (found[0], found[-1]) == (Quarter(*first), Quarter(*last))
    assert [each.after_on for each in found[:-1]] == [each.first_on for each in found[1:]]
    assert found[-1].after_on <= on


def test_a_quarter_begins_and_ends_at_midnight_here(cast):
    assert Quarter(2026, 3).starts_at == moment(7, 1, 2) - timedelta(hours=2)
    for at, count in ((moment(7, 1, 2) - timedelta(hours=2), 6), (moment(10, 1, 2) - timedelta(hours=2), 9)):
        cast.at = at - timedelta(seconds=1)
        for _time in range(count):
            cast.signal()
        cast.at = at
        for _time in range(count + 1):
            cast.signal()

    told = figures(on=TODAY)
    assert [row.total.number for row in told.signals] == [None, None, 6, 7 + 9]
    assert figures(on=date(2027, 1, 1)).signals[-1].total.number == 10


def test_the_running_quarter_is_not_told(mila, cast):
    before = mila.get(URL).content
    cast.at = moment(10, 20)
    for _time in range(9):
        cast.signal()
        _talk(cast)

    assert _main(mila.get(URL).content) == _main(before)


# --- What the page says -----------------------------------------------------------------------------------
def _main(content):
    return re.search(r"<main.*?</main>", content.decode(), re.DOTALL)[0]


def _busy(cast, count=1):
    _in_august(cast)
    for number in range(1, count + 1):
        home = household(dwelling(cast.buurt_noord, "Plein", number), "Vos", by=cast.anna, at=cast.at)
        cast.signal(home)
        cast.case(home)
        _talk(cast, wishes=["Een bankje"])
        _contact(cast, "phone")
        work.finish_follow_up(follow_up=_promise(cast, due_on=date(2026, 8, 10)), by=cast.anna, at=cast.at)


def test_a_number_below_five_stands_nowhere(mila, cast):
    _busy(cast, 9)
    _contact(cast, "letter")
    main = _main(mila.get(URL).content)

    assert re.findall(r'data-l="[^"]*">([^<]*)<', main)[-8:-5] == ["&lt;5", "&lt;5", "&lt;5"]
    assert "afgeschermd" in main
    assert {int(text) for text in re.findall(r">(\d+)<", main)} == {9, 19}
    assert "beloften op tijd nagekomen" in main
    assert "minstens 55 %" in main


def test_nothing_leaves_the_figures_but_what_may_be_told(cast):
    _busy(cast, 7)
    found = []

    def look(value):
        if isinstance(value, Quarter):
            return
        if isinstance(value, Cell):
            found.append(value)
        elif is_dataclass(value):
            for field in fields(value):
                look(getattr(value, field.name))
        else:
            assert isinstance(value, list | tuple)
            for each in value:
                look(each)

    look(figures(on=TODAY))
    assert len(found) == 4 * (5 + 3 + 4 + 3 + 3)
    assert {cell.number for cell in found} == {None, 7, 14}
    assert all((cell.number is None) == (cell.untold is not None) for cell in found)
    assert FEWEST == 5


def test_no_figure_opens_a_list_and_no_question_makes_another_page(mila, cast):
    _busy(cast, 6)
    page = mila.get(URL).content

    assert "<a" not in _main(page)
    for query in ("kwartaal=2026-4", "wijk=Noord-1", "team=1&type=children", "maand=2026-08&hoe=tafel"):
        assert _main(mila.get(f"{URL}?{query}").content) == _main(page)
    for word in ("Anna", "Bos", "Vos", "Plein", "Noord", "Kerkstraat"):
        assert word not in _main(page)


def test_when_nothing_may_be_told_the_page_says_so(mila, cast):
    _busy(cast, 2)
    main = _main(mila.get(URL).content)

    assert "Er is nog te weinig om te laten zien" in main
    assert "<table" not in main


def test_a_line_of_which_nothing_is_told_is_one_cell(mila, cast):
    _in_august(cast)
    for _time in range(5):
        cast.signal(severity=Severity.LOW)
        _talk(cast)
    signals = mila.get(URL).context["charts"][2]

    assert [(cell["text"], cell.get("span")) for cell in signals["rows"][-1]["cells"]] == [("afgeschermd", 5)]
    assert (signals["bars"][-1].parts, signals["bars"][-1].empty) == ([], "afgeschermd")


def test_each_figure_says_what_it_counts(mila, cast):
    _busy(cast, 6)
    main = _main(mila.get(URL).content)
    assert main.count("Wat telt mee:") == main.count("<table") == 5


def test_a_bar_shows_no_more_than_the_table(mila, cast):
    _busy(cast, 30)
    for _time in range(3):
        _talk(cast)
        _contact(cast, "letter")
    page = mila.get(URL)
    bars = {chart["code"]: chart["bars"][-1] for chart in page.context["charts"]}

    drawn = [(part.tone, part.number, part.shows_number) for part in bars["tafel"].parts]
    # 30 by phone and 3 letters: fewer than five letters, so 29 by phone at the least.
    assert drawn == [("home", 33, True), ("call", 29, False), ("mail", 0, False), ("untold", 4, False)]
    first = page.context["charts"][-1]["bars"][0]
    assert (first.parts, first.empty) == ([], "<5")


@pytest.mark.parametrize("rows", [1, 30])
def test_the_same_number_of_queries(mila, cast, rows, django_assert_num_queries):
    _busy(cast, rows)
    cast.notice(cast.mila)
    mila.get(URL)

    with django_assert_num_queries(7):
        figures(on=TODAY)
    with django_assert_num_queries(10):
        mila.get(URL)


def test_each_question_reads_along_the_index_of_its_day(cast):
    # Ten years of visits: with fewer, one index is as good as another.
    Visit.objects.bulk_create(
        Visit(
            tenancy=cast.bos,
            visitor=cast.anna,
            planned_on=TODAY - timedelta(days=number),
            status="held",
            outcome="talked",
            ended_at=cast.at - timedelta(days=number),
            created_by=cast.anna,
            created_at=cast.at,
        )
        for number in range(3650)
    )
    with CaptureQueriesContext(
        connection,
    ) as asked:
        figures(on=TODAY)
    indexes = [
        "signal_newest",
        "visit_ended_at",
        "contact_noted",
        "follow_up_promise_ended",
        "wish_noted",
        "accommodation_noted",
        "case_opened",
    ]
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":
            # A table this small is read as a whole unless one asks otherwise.
            cursor.execute("SET LOCAL enable_seqscan = off")
        for query, index in zip(asked.captured_queries, indexes, strict=True):
            cursor.execute(f"{explain} {query['sql']}".replace("%", "%%"), [])
            assert index in repr(cursor.fetchall())


# --- Who looks -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["anna", "carla", "wim", "rachid", "petra", "dirk", "olga", "hans"])
def test_only_a_manager_looks(client, cast, who):
    client.force_login(getattr(cast, who))

    assert client.get(URL).status_code == 403


def test_only_looking_and_only_signed_in(client, cast):
    assert client.get(URL).status_code == 302
    client.force_login(cast.mila)
    assert client.get(URL).status_code == 200
    assert client.post(URL).status_code == 405


def test_a_manager_needs_no_second_factor(client, cast, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    client.force_login(cast.mila)
    assert client.get(URL).status_code == 200
