"""What is right is stored in few statements, once, with its lines; what is the same is not touched."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from corporatie.journal.models import Entry
from tenants.models import Complex, ContactPreference, Dwelling, Membership, Neighbourhood, Person, Tenancy
from tests.tenants.delivering import contract, deliver, fingerprint, person, read_in, street, unit

pytestmark = pytest.mark.django_db
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


def statements(captured, *verbs):
    """The statements that begin with one of these words."""
    return [query["sql"] for query in captured if query["sql"].startswith(verbs)]


def test_a_dry_run_writes_nothing_and_says_the_same(tmp_path, at):
    folder = deliver(tmp_path, people=[person(), person(key="R2", mail="geen@")])
    before = fingerprint()

    with CaptureQueriesContext(connection) as captured:
        trial = read_in(folder, at, dry_run=True)

    assert statements(captured, *WRITES) == []
    assert fingerprint() == before
    real = read_in(folder, at)
    assert (vars(trial.people), trial.faults) == (vars(real.people), real.faults)
    assert trial.without_team == real.without_team == ["Noord / Noord-1"]
    assert fingerprint() != before


def test_the_same_delivery_again_writes_nothing(tmp_path, at):
    folder = deliver(tmp_path, people=[person(), person(key="R2", mail="geen@")])
    read_in(folder, at)
    before = fingerprint()

    with CaptureQueriesContext(connection) as captured:
        again = read_in(folder, at + timedelta(days=1))

    assert statements(captured, *WRITES) == []
    assert fingerprint() == before
    assert (again.dwellings.same, again.people.same, again.tenancies.same, again.memberships.same) == (1, 2, 1, 1)


def test_only_changed_rows_are_written(tmp_path, at):
    units, people, contracts = street(60)
    read_in(deliver(tmp_path / "een", units=units, people=people, contracts=contracts), at)
    people[41]["Mobiel"] = "06-99 88 77 66"

    with CaptureQueriesContext(connection) as captured:
        report = read_in(deliver(tmp_path / "twee", units=units, people=people, contracts=contracts), at)

    assert (report.people.changed, report.people.same, report.phones_changed) == (1, 59, 1)
    written = statements(captured, *WRITES)
    # The person, the search column of the household, its line, and whom the line concerns.
    assert len(written) == 4
    assert not [sql for sql in written if "R41" in sql or "R43" in sql]
    assert "0699887766" in Tenancy.objects.get(external_id="C42").search_text


def test_twelve_hundred_homes_take_as_many_statements_as_their_batches(tmp_path, at):
    """A statement holds about fifty homes on SQLite and a thousand on PostgreSQL; no row has one of its own."""
    units, people, contracts = street(1200)

    with CaptureQueriesContext(connection) as captured:
        read_in(deliver(tmp_path, units=units, people=people, contracts=contracts), at)

    asked, written = statements(captured, "SELECT"), statements(captured, *WRITES)
    assert len(asked) <= 12
    assert len(written) <= {"sqlite": 75, "postgresql": 12}[connection.vendor]
    assert (Dwelling.objects.count(), Person.objects.count(), Membership.objects.count()) == (1200, 1200, 1200)


def test_many_changes_take_as_many_statements_as_their_batches(tmp_path, at):
    units, people, contracts = street(600)
    read_in(deliver(tmp_path / "een", units=units, people=people, contracts=contracts), at)
    for row in people:
        row["Achternaam"] += "-Bos"
    for row in units:
        row["Straatnaam"] = "Nieuwe Kerkstraat"

    with CaptureQueriesContext(connection) as captured:
        report = read_in(deliver(tmp_path / "twee", units=units, people=people, contracts=contracts), at)

    assert (report.people.changed, report.dwellings.changed, report.lines_written) == (600, 600, 600)
    assert len(statements(captured, "SELECT")) <= 12
    assert len(statements(captured, *WRITES)) <= {"sqlite": 50, "postgresql": 8}[connection.vendor]
    assert Entry.objects.count() == 600
    changed = Tenancy.objects.get(external_id="C600")
    assert changed.name == "Mw. Van Achternaam600-Bos"
    assert changed.search_text.startswith("nieuwe kerkstraat 600 ")


def test_everything_a_list_shows_is_written(tmp_path, at):
    people = [person(), person(key="R2", first="Jan", last="Özdemir", prefix="", mobile="", salutation="De heer")]
    contracts = [contract(person="R2", role="MDH"), contract()]
    units = [unit(number="12", letter="a", addition="2", floor="3")]
    read_in(deliver(tmp_path, units=units, people=people, contracts=contracts), at)

    home, household = Dwelling.objects.get(), Tenancy.objects.get()
    assert (home.address, home.floor, home.town) == ("Kerkstraat 12 A-2", 3, "Lindedam")
    assert home.search_text == "kerkstraat 12 a-2 1234ab 1234 ab lindedam"
    assert (home.neighbourhood.name, home.neighbourhood.district) == ("Noord-1", "Noord")
    assert str(home.complex) == "100 Kerkstraat e.o."
    assert household.name == "Fam. Van Luinenburg"
    assert household.search_text == (
        "kerkstraat 12 a-2 1234ab 1234 ab lindedam eliza van luinenburg 0779306674 0687192575 jan ozdemir 0779306674"
    )


def test_a_neighbourhood_that_exists_keeps_its_team(tmp_path, cast):
    units = [unit(), unit(key="E2", number="2", neighbourhood="Noord-2"), unit(key="E3", number="3", district="")]
    report = read_in(deliver(tmp_path, units=units), cast.at)

    assert report.without_team == ["Noord / Noord-2", "Noord-1"]
    assert Dwelling.objects.get(external_id="E1").neighbourhood == cast.buurt_noord
    assert Neighbourhood.objects.filter(team=None).count() == 2
    assert Dwelling.objects.visible_to(cast.anna).filter(external_id="E1").exists()
    assert not Dwelling.objects.visible_to(cast.anna).filter(external_id="E2").exists()


def test_a_complex_takes_its_new_name(tmp_path, at):
    read_in(deliver(tmp_path / "een"), at)
    read_in(deliver(tmp_path / "twee", units=[unit(complex_name="Kerkbuurt")]), at)

    assert list(Complex.objects.values_list("code", "name")) == [("100", "Kerkbuurt")]


def test_the_first_load_is_no_news(tmp_path, at):
    contracts = [contract(start="20-11-2026")]
    report = read_in(deliver(tmp_path, contracts=contracts), at)

    assert (report.is_first, report.households_started, Entry.objects.count()) == (True, 0, 0)


def test_a_household_that_follows_another_is_news_for_both(tmp_path, at):
    people = [person(), person(key="R2", last="Kuiper", prefix="")]
    read_in(deliver(tmp_path / "een", people=people), at)
    old = Tenancy.objects.get()
    contracts = [contract(key="C2", person="R2", start="01-12-2026"), contract(end="20-11-2026")]

    report = read_in(deliver(tmp_path / "twee", people=people, contracts=contracts), at)

    assert (report.tenancies_ended, report.households_started, report.faults) == (1, 1, [])
    new = Tenancy.objects.coming(on=date(2026, 11, 24)).get()
    old.refresh_from_db()
    assert (old.ended_on, old.name) == (date(2026, 11, 20), "Mw. Van Luinenburg")
    assert (new.name, new.dwelling) == ("Mw. Kuiper", old.dwelling)
    # Each reads its own line, and nothing of the other.
    assert [entry.fact().code for entry in Entry.objects.about(old)] == ["tenancy_ended"]
    assert [entry.fact().code for entry in Entry.objects.about(new)] == ["tenancy_started"]


def test_a_contract_of_years_ago_that_was_mended_is_no_news(tmp_path, at):
    units = [unit(), unit(key="E2", number="2")]
    people = [person(), person(key="R2")]
    wrong = [contract(), contract(key="C2", unit="E2", person="R2", start="31-02-2003")]
    right = [contract(), contract(key="C2", unit="E2", person="R2", start="28-02-2003")]
    read_in(deliver(tmp_path / "een", units=units, people=people, contracts=wrong), at)
    report = read_in(deliver(tmp_path / "twee", units=units, people=people, contracts=right), at)

    assert (report.tenancies.new, report.households_started, Entry.objects.count()) == (1, 0, 0)


def test_changed_details_are_told_without_what_they_became(tmp_path, at):
    read_in(deliver(tmp_path / "een"), at)
    people = [person(mobile="06-11 22 33 44", last="Bos", born="15-08-1950")]
    contracts = [contract(start="03-10-2002", role="MDH")]
    read_in(deliver(tmp_path / "twee", people=people, contracts=contracts), at)

    entry = Entry.objects.get()
    assert entry.data == {"fields": ["born_on", "members", "mobile", "name", "tenancy"]}
    assert entry.fact().tell() == (
        "Gegevens gewijzigd: geboortedatum, wie er woont, mobiel nummer, naam, begin en einde van de huur"
    )
    assert list(Entry.objects.about(Tenancy.objects.get())) == [entry]
    assert entry.by is None


def test_news_about_someone_who_moved_within_the_association_goes_to_the_home_of_today(tmp_path, at):
    units = [unit(), unit(key="E2", number="2")]
    contracts = [contract(end="01-01-2010"), contract(key="C2", unit="E2", start="02-01-2010")]
    read_in(deliver(tmp_path / "een", units=units, contracts=contracts), at)
    people = [person(mobile="06-11 22 33 44")]
    read_in(deliver(tmp_path / "twee", units=units, people=people, contracts=contracts), at)

    assert Entry.objects.about(Tenancy.objects.get(external_id="C1")).count() == 0
    assert Entry.objects.about(Tenancy.objects.get(external_id="C2")).count() == 1


def test_a_new_member_joins_the_household(tmp_path, at):
    people = [person(), person(key="R2", first="Jan", salutation="De heer")]
    read_in(deliver(tmp_path / "een", people=people), at)
    contracts = [contract(), contract(person="R2", role="MDH")]
    report = read_in(deliver(tmp_path / "twee", people=people, contracts=contracts), at)

    assert (report.memberships.new, report.memberships.same) == (1, 1)
    assert Tenancy.objects.get().name == "Fam. Van Luinenburg"
    assert Entry.objects.get().data == {"fields": ["members"]}


def test_what_is_not_in_the_file_any_more_stays(tmp_path, at):
    units, people, contracts = street(3)
    read_in(deliver(tmp_path / "een", units=units, people=people, contracts=contracts), at)
    less = deliver(tmp_path / "twee", units=units[:2], people=people[:2], contracts=contracts[:2])

    report = read_in(less, at + timedelta(days=30))

    assert (report.dwellings_missing, report.tenancies_missing) == (1, 1)
    assert (Dwelling.objects.count(), Person.objects.count(), Tenancy.objects.current().count()) == (3, 3, 3)
    assert Dwelling.objects.get(external_id="E3").missing_since == date(2026, 12, 24)
    # The next delivery does not move the date; coming back takes the mark away.
    read_in(less, at + timedelta(days=60))
    assert Dwelling.objects.get(external_id="E3").missing_since == date(2026, 12, 24)
    back = read_in(tmp_path / "een", at + timedelta(days=90))
    assert (back.dwellings.changed, back.dwellings_missing) == (1, 0)
    assert Dwelling.objects.get(external_id="E3").missing_since is None


def test_what_colleagues_wrote_down_stays(tmp_path, cast):
    """The cast's own households have no contract number; a delivery leaves them, and their people, alone."""
    from tenants import actions

    actions.set_preference(tenancy=cast.bos, channel="phone", by=cast.anna, at=cast.at)
    before = Tenancy.objects.filter(external_id=None).values_list("pk", "name", "search_text", "ended_on")
    known = sorted(before)

    read_in(deliver(tmp_path), cast.at)

    assert sorted(before.all()) == known
    assert ContactPreference.objects.get().tenancy == cast.bos
    assert Dwelling.objects.filter(external_id=None, missing_since=None).count() == 2


def test_everything_or_nothing(tmp_path, at, monkeypatch):
    """When the last table cannot be written, the first one is not either."""
    before = fingerprint()

    def broken(rows, **options):
        raise IntegrityError("taken")

    monkeypatch.setattr(Membership.objects, "bulk_create", broken)
    with pytest.raises(IntegrityError):
        read_in(deliver(tmp_path), at)

    assert fingerprint() == before


def test_progress_is_told_for_each_file_and_each_kind(tmp_path, at):
    seen = []
    read_in(deliver(tmp_path), at, tell=lambda *step: seen.append(step))

    assert [stage for stage, _done, _total in seen] == [
        "eenheden.csv",
        "relaties.csv",
        "huurovereenkomsten.csv",
        "Woningen",
        "Mensen",
        "Contracten",
        "Bewoners",
    ]
    assert all(done == total for _stage, done, total in seen)
