"""Days in a delivery: no end in every way of writing it, an end that is to come, and one household at a time."""

from datetime import date, timedelta

import pytest

from corporatie.journal.models import Entry
from tenants.models import Person, Tenancy
from tests.tenants.delivering import contract, deliver, person, read_in, told, unit

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
PEOPLE = [person(), person(key="R2", last="Kuiper", prefix=""), person(key="R3", last="Smit", prefix="")]
NO_END = (
    "",
    "31-12-9999",
    "00-00-0000",
    "99-99-9999",
    "0-0-0000",
    "31/12/9999",
    "01-01-9999",
    "31-12-2999",
    "9999-12-31",
)


def days():
    """Each contract with its days."""
    return {row[0]: row[1:] for row in Tenancy.objects.values_list("external_id", "started_on", "ended_on")}


@pytest.mark.parametrize("written", NO_END)
def test_no_end_in_every_way_of_writing_it(tmp_path, at, written):
    read_in(deliver(tmp_path / "een"), at)
    report = read_in(deliver(tmp_path / "twee", contracts=[contract(end=written)]), at)

    assert (report.faults, report.tenancies_ended, report.tenancies.same) == ([], 0, 1)
    assert report.found.current_tenancies == 1
    assert days() == {"C1": (date(2002, 10, 2), None)}
    assert Tenancy.objects.living(on=TODAY).count() == 1
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("written", ["", "00-00-0000", "99-99-9999", "31-12-9999"])
def test_no_date_of_birth_in_every_way_of_writing_it(tmp_path, at, written):
    report = read_in(deliver(tmp_path, people=[person(born=written)]), at)

    assert (report.faults, Person.objects.get().born_on) == ([], None)


def test_an_end_to_come_is_no_end_yet(tmp_path, at):
    read_in(deliver(tmp_path / "een", people=PEOPLE), at)
    contracts = [contract(end="31-12-2026"), contract(key="C2", person="R2", start="01-01-2027")]
    report = read_in(deliver(tmp_path / "twee", people=PEOPLE, contracts=contracts), at)

    assert (report.faults, report.found.current_tenancies) == ([], 1)
    here, comes = Tenancy.objects.get(external_id="C1"), Tenancy.objects.get(external_id="C2")
    assert (here.lives_here(TODAY), comes.is_coming(TODAY)) == (True, True)
    assert [entry.fact().tell() for entry in Entry.objects.about(here)] == [
        "Het huishouden vertrekt op 31 december 2026"
    ]


def test_who_leaves_next_month_still_hears_of_a_new_phone_number(tmp_path, at):
    units = [unit(), unit(key="E2", number="2")]
    contracts = [contract(end="31-12-2026"), contract(key="C2", unit="E2", start="01-01-2027")]
    read_in(deliver(tmp_path / "een", units=units, contracts=contracts), at)
    people = [person(mobile="06-11 22 33 44")]
    read_in(deliver(tmp_path / "twee", units=units, people=people, contracts=contracts), at)

    assert Entry.objects.about(Tenancy.objects.get(external_id="C1")).count() == 1
    assert Entry.objects.about(Tenancy.objects.get(external_id="C2")).count() == 0


def test_a_row_that_overlaps_is_told_with_its_line_and_the_others_go_on(tmp_path, at):
    units = [unit(), unit(key="E2", number="2")]
    contracts = [
        contract(end="31-12-2026"),
        contract(key="C2", person="R2", start="15-12-2026"),
        contract(key="C3", person="R3", unit="E2"),
    ]
    report = read_in(deliver(tmp_path, units=units, people=PEOPLE, contracts=contracts), at)

    assert told(report) == [("contract_overlaps", "huurovereenkomsten.csv", 3, "15-12-2026")]
    assert report.faults[0].problem == ("In deze woning loopt contract C1 in dezelfde tijd (02-10-2002 – 31-12-2026).")
    assert report.faults[0].remedy == "Laat het ene contract eindigen op of voor de dag waarop het andere begint."
    assert sorted(days()) == ["C1", "C3"]


def test_they_may_share_the_day_of_the_change(tmp_path, at):
    contracts = [contract(end="31-12-2026"), contract(key="C2", person="R2", start="31-12-2026")]
    report = read_in(deliver(tmp_path, people=PEOPLE, contracts=contracts), at)

    assert (report.faults, sorted(days())) == ([], ["C1", "C2"])


def test_two_of_long_ago_that_overlap_are_told_too(tmp_path, at):
    contracts = [contract(end="01-01-2010"), contract(key="C2", person="R2", start="01-06-2009", end="01-01-2012")]
    report = read_in(deliver(tmp_path, people=PEOPLE, contracts=contracts), at)

    assert (told(report)[0][0], sorted(days())) == ("contract_overlaps", ["C1"])


@pytest.mark.parametrize("in_order", [True, False])
def test_the_day_of_the_change_moves_either_way(tmp_path, at, in_order):
    """Whichever of the two is written first, the home is never held by both."""
    first = [contract(end="31-12-2026"), contract(key="C2", person="R2", start="31-12-2026")]
    later = [contract(end="31-01-2027"), contract(key="C2", person="R2", start="31-01-2027")]
    for number, contracts in enumerate((first, later, first)):
        ordered = contracts if in_order else contracts[::-1]
        report = read_in(deliver(tmp_path / str(number), people=PEOPLE, contracts=ordered), at)
        assert report.faults == []
        change = date(2027, 1, 31) if contracts is later else date(2026, 12, 31)
        assert days() == {"C1": (date(2002, 10, 2), change), "C2": (change, None)}


def test_two_that_change_places_in_time(tmp_path, at):
    one = [contract(end="01-01-2010"), contract(key="C2", person="R2", start="01-01-2010")]
    two = [contract(start="01-01-2010", end=""), contract(key="C2", person="R2", start="02-10-2002", end="01-01-2010")]
    read_in(deliver(tmp_path / "een", people=PEOPLE, contracts=one), at)
    report = read_in(deliver(tmp_path / "twee", people=PEOPLE, contracts=two), at)

    assert report.faults == []
    assert days() == {"C1": (date(2010, 1, 1), None), "C2": (date(2002, 10, 2), date(2010, 1, 1))}


def test_a_contract_that_keeps_its_old_days_stands_in_the_way_of_another(tmp_path, at):
    """C2 wants to make room for C3, but cannot: so C3 has no room, and C2 stays as it was."""
    one = [contract(end="01-01-2010"), contract(key="C2", person="R2", start="01-01-2010")]
    read_in(deliver(tmp_path / "een", people=PEOPLE, contracts=one), at)
    two = [
        contract(end="01-01-2010"),
        contract(key="C3", person="R3", start="01-01-2026"),
        contract(key="C2", person="R2", start="01-01-2009", end="31-12-2025"),
    ]
    report = read_in(deliver(tmp_path / "twee", people=PEOPLE, contracts=two), at)

    assert sorted(fault.code for fault in report.faults) == ["contract_overlaps", "contract_second_current"]
    assert days() == {"C1": (date(2002, 10, 2), date(2010, 1, 1)), "C2": (date(2010, 1, 1), None)}


@pytest.mark.parametrize("heir", [False, True])
def test_who_would_come_and_withdrew_keeps_nobody_out(tmp_path, at, heir):
    """The next tenant is in the file no more, and the present one stays; or another comes in that place."""
    people = [*PEOPLE]
    first = [contract(end="31-12-2026"), contract(key="C2", person="R2", start="01-01-2027")]
    read_in(deliver(tmp_path / "een", people=people, contracts=first), at)
    gone = Tenancy.objects.get(external_id="C2")
    later = [contract(end="31-12-2026" if heir else "")]
    if heir:
        later.append(contract(key="C3", person="R3", start="01-01-2027"))
    report = read_in(deliver(tmp_path / "twee", people=people, contracts=later), at)

    assert report.faults == []
    yesterday = at.date() - timedelta(days=1)
    assert days()["C1"] == (date(2002, 10, 2), date(2026, 12, 31) if heir else None)
    assert days()["C2"] == (yesterday, yesterday)
    gone.refresh_from_db()
    assert gone.has_left(at.date())
    assert Tenancy.objects.get(external_id="C1").lives_here(date(2027, 1, 4)) is not heir
    # Delivered once more, it comes after all.
    back = read_in(deliver(tmp_path / "drie", people=people, contracts=first), at)
    if not heir:
        assert back.faults == []
        assert days()["C2"] == (date(2027, 1, 1), None)


@pytest.mark.parametrize("wrong", ["day", "person", "role", "home", "line"])
def test_who_would_come_and_stands_in_the_file_with_a_fault_did_not_withdraw(tmp_path, at, wrong):
    """C2 is delivered; only its line cannot be used. It keeps its days, and who would overlap with it is told."""
    units = [unit(), unit(key="E2", number="2")]
    comes = {"key": "C2", "person": "R2", "start": "01-01-2027"}
    first = [contract(end="31-12-2026"), contract(**comes)]
    read_in(deliver(tmp_path / "een", units=units, people=PEOPLE, contracts=first), at)
    faulty = {
        "day": {"start": "31-02-2027"},
        "person": {"person": "R99"},
        "role": {"role": "???"},
        "home": {"unit": "E2"},
        # A semicolon too many: which contract this was, nobody can say.
        "line": {"role": "HUU;"},
    }[wrong]
    later = [contract(end=""), contract(**comes | faulty)]
    report = read_in(deliver(tmp_path / "twee", units=units, people=PEOPLE, contracts=later), at)

    assert {2, 3} == {fault.line for fault in report.faults}
    assert report.tenancies_ended == 0
    assert days() == {"C1": (date(2002, 10, 2), date(2026, 12, 31)), "C2": (date(2027, 1, 1), None)}


def test_who_lives_there_and_is_delivered_no_more_still_does(tmp_path, at):
    read_in(deliver(tmp_path / "een", people=PEOPLE, contracts=[contract()]), at)
    report = read_in(
        deliver(tmp_path / "twee", people=PEOPLE, contracts=[contract(key="C2", person="R2", start="01-01-2027")]), at
    )
    assert len(report.faults) == 1
    assert days() == {"C1": (date(2002, 10, 2), None)}
