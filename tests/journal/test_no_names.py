"""No line of the journal holds a name: the number of a colleague, and the name only where the line is shown."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cases import actions as cases
from cases.facts import CaseMoved, CaseOpened
from cases.states import CaseResult, FlagKind, SignalType
from corporatie.desk.views.timeline import timeline_of
from corporatie.journal import facts
from corporatie.journal.facts import kinds
from corporatie.journal.models import Entry
from corporatie.staff.models import User
from corporatie.work import actions as work
from corporatie.work.facts import PromiseMade
from tests.cast import colleague

pytestmark = pytest.mark.django_db
SHAPES = (facts.Key, facts.Code, facts.Codes, facts.Colleague, facts.Moment, facts.Day)
KEY = "7a5c6d2e-5c9b-4a51-9c50-0f4a5e1f7d12"


def titles(case, user):
    return [line.title for line in timeline_of(case, user).lines]


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.code)
def test_a_kind_of_line_holds_ids_and_codes_only(kind):
    assert all(shape in SHAPES for shape in facts._fields_of(kind).values())


@pytest.mark.parametrize(
    "fact",
    [
        CaseOpened(handler="Anna Jansen"),
        CaseMoved(before="new", after="Meneer is boos"),
        PromiseMade(follow_up="Jansen"),
        PromiseMade(follow_up=f"{KEY} Anna"),
    ],
)
def test_words_are_refused_when_a_line_is_written(fact):
    with pytest.raises(ValueError, match="neither an id nor a code"):
        fact.as_data()


def test_what_is_an_id_or_a_code_is_written():
    assert CaseOpened(handler=3).as_data() == {"handler": 3}
    assert CaseOpened(handler=None).as_data() == {"handler": None}
    assert PromiseMade(follow_up=KEY).as_data() == {"follow_up": KEY}


def test_nothing_that_happens_writes_the_name_of_a_colleague(cast):
    signal = cast.signal()
    cases.take_up_signal(signal=signal, by=cast.anna, at=cast.at)
    cases.assign_signal(signal=signal, handler=cast.bram, by=cast.dirk, at=cast.at)
    case = cast.case(types=[SignalType.CHILDREN])
    cases.name_second_reader(case=case, reader=cast.bram, by=cast.anna, at=cast.at)
    cases.assign_case(case=case, handler=cast.dirk, by=cast.anna, at=cast.at)
    written = " ".join(str(data) for data in Entry.objects.values_list("data", flat=True))
    names = [word for user in User.objects.get_queryset() for word in user.name.split()]
    assert len(names) > 15
    assert not [name for name in names if name in written]


def test_the_timeline_says_who_also_of_who_left_and_asks_no_more(cast, django_assert_max_num_queries):
    case = cast.case()
    cases.assign_case(case=case, handler=cast.bram, by=cast.anna, at=cast.at)
    User.objects.get_queryset().filter(pk=cast.bram.pk).update(is_active=False)
    cast.dirk.permissions  # noqa: B018  (asked once on every page)
    with django_assert_max_num_queries(4):
        told = titles(case, cast.dirk)
    assert "Bram Visser behandelt het dossier voortaan" in told
    assert "Dossier geopend, Anna Jansen behandelt het" in told


# --- What stood there before ----------------------------------------------------------------------------------
@pytest.fixture
def migration(cast):
    """The migration on real triggers: on SQLite the test suite takes half of them away to clean up."""
    module = import_module("corporatie.journal.migrations.0003_no_names")
    with connection.cursor() as cursor:
        editor = SimpleNamespace(connection=connection, execute=cursor.execute)
        yield lambda: module.take_names_out(apps, editor)


def test_names_that_stood_there_are_taken_out_and_the_lines_are_closed_again(cast, migration):
    case = cast.case()
    for name in ("Pim Dubbel", "Piet Dubbel"):
        colleague(name, "housing_consultant")
    User.objects.get_queryset().filter(name="Piet Dubbel").update(name="Pim Dubbel")
    wanted = {
        "Bram Visser": cast.bram.pk, "Pim Dubbel": None, "Van Iemand Anders": None, "Anna Jansen": cast.anna.pk,
    }  # fmt: skip
    lines = {
        name: Entry.objects.create(
            subject_label="cases.case", subject_id=case.pk, kind="case_assigned", data={"handler": name},
            by=cast.anna, at=cast.at,
        )
        for name in wanted
    }  # fmt: skip
    other = Entry.objects.exclude(kind__in=["case_assigned", "case_opened"]).values_list("pk", "data")
    before = dict(other)
    migration()
    migration()
    for name, number in wanted.items():
        entry = Entry.objects.get(pk=lines[name].pk)
        assert (entry.data, entry.by, entry.at) == ({"handler": number}, cast.anna, cast.at)
        assert entry.fact().tell({cast.bram.pk: "Bram Visser"})
    assert dict(other) == before
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE journal_entry SET kind = 'anders'")
    Entry.objects.create(
        subject_label=case.tenancy.label(), subject_id=case.tenancy_id, kind="tenancy_started", by=cast.anna, at=cast.at
    )


def test_a_line_that_names_nobody_tells_of_a_colleague():
    assert CaseOpened(handler=None).tell() == "Dossier geopend, een collega behandelt het"


# --- Telling leaves a line too ---------------------------------------------------------------------------------
def test_that_the_resident_was_told_stands_in_the_journal(cast):
    today = timezone.localdate(cast.at)
    asked = {"tenancy": cast.bos, "what": "Wij bellen", "due_on": today, "is_promise": True, "by": cast.anna}
    promise = work.add_follow_up(subject=cast.bos, owner=cast.bram, at=cast.at, **asked)
    assert not Entry.objects.filter(kind="resident_knows").exists()
    for _time in range(2):
        work.tell_resident(follow_up=promise, on=today, by=cast.bram, at=cast.at)
    line = Entry.objects.get(kind="resident_knows")
    assert (line.by, line.at, line.data) == (cast.bram, cast.at, {"follow_up": str(promise.pk)})
    later = today + timedelta(days=1)
    work.tell_resident(follow_up=promise, on=later, by=cast.anna, at=cast.at)
    promise.refresh_from_db()
    assert (promise.told_on, Entry.objects.filter(kind="resident_knows").count()) == (later, 2)
    work.add_follow_up(subject=cast.bos, owner=cast.bram, told_on=today, at=cast.at, **asked)
    assert Entry.objects.filter(kind="resident_knows").count() == 3


@pytest.mark.parametrize("told", [True, False])
def test_a_point_of_attention_and_a_closed_dossier_say_so_too(cast, told):
    day = timezone.localdate(cast.at) if told else None
    flag = cases.decide_flag(
        tenancy=cast.bos, kind=FlagKind.DOG, instruction="", reason="", review_on=cast.at.date() + timedelta(days=9),
        told_on=day, not_told_because="" if told else "Niet thuis", by=cast.dirk, at=cast.at,
    )  # fmt: skip
    case = cast.case()
    cases.close_case(case=case, result=CaseResult.NO_ACTION, summary="Rustig", told_on=day, by=cast.anna, at=cast.at)
    lines = Entry.objects.filter(kind__in=["flag_told", "case_told"]).order_by("pk").values_list("subject_id", "by")
    assert list(lines) == ([(flag.pk, cast.dirk.pk), (case.pk, cast.anna.pk)] if told else [])


def test_nothing_is_told_when_the_verb_is_refused(cast):
    case = cast.case()
    with pytest.raises(ValidationError):
        cases.close_case(
            case=case, result=CaseResult.SOLVED, summary="Klaar", told_on=cast.at.date(), by=cast.anna, at=cast.at
        )
    assert not Entry.objects.filter(kind="case_told").exists()
