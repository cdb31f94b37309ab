"""What people type is understood, or told; what is told never costs more than it must."""

from datetime import date

import pytest

from tenants.deliveries.faults import SENTENCES, Kind
from tenants.models import Dwelling, Membership, Person, Tenancy
from tests.tenants.delivering import contract, deliver, person, read_in, told, unit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("06-12 34 56 78", "+31612345678"),
        ("0612345678", "+31612345678"),
        ("+31 (0)6 12345678", "+31612345678"),
        ("0031612345678", "+31612345678"),
        ("077-9306674", "+31779306674"),
        ("+32 2 550 11 11", "+3225501111"),
        ("0800-1234", "+318001234"),
    ],
)
def test_a_phone_number_in_any_notation(tmp_path, at, typed, kept):
    report = read_in(deliver(tmp_path, people=[person(mobile=typed)]), at)

    assert report.faults == []
    assert Person.objects.get().mobile == kept


@pytest.mark.parametrize(
    ("detail", "typed", "code", "field", "empty"),
    [
        ("mobile", "geen", "person_phone_unreadable", "mobile", ""),
        ("phone", "06-123", "person_phone_unreadable", "phone", ""),
        ("phone", "06 1234 567", "person_phone_unreadable", "phone", ""),
        ("mail", "geen@", "person_mail_invalid", "email", ""),
        ("mail", "a b@voorbeeld.example", "person_mail_invalid", "email", ""),
        ("born", "31-02-1950", "person_birth_date_impossible", "born_on", None),
        ("born", "1950-02-01", "person_birth_date_impossible", "born_on", None),
        ("born", "01-01-1895", "person_birth_long_ago", "born_on", None),
        ("born", "25-11-2026", "person_birth_to_come", "born_on", None),
        ("born", "14-08-2950", "person_birth_to_come", "born_on", None),
        ("born", "29-02-1951", "person_birth_date_impossible", "born_on", None),
        ("born", "14-08-50", "date_short_year", "born_on", None),
        ("born", "14-08-0050", "date_short_year", "born_on", None),
        ("language", "klingon", "person_language_unknown", "language", ""),
        ("salutation", "Graaf", "person_salutation_unknown", "salutation", ""),
        ("first", "A" * 81, "value_too_long", "first_name", ""),
    ],
)
def test_one_wrong_value_leaves_the_person_whole(tmp_path, at, detail, typed, code, field, empty):
    report = read_in(deliver(tmp_path, people=[person(**{detail: typed})]), at)

    assert told(report) == [(code, "relaties.csv", 2, typed)]
    assert report.faults[0].kept
    kept = Person.objects.get()
    assert getattr(kept, field) == empty
    assert (kept.last_name, kept.external_id) == ("Luinenburg", "R1")
    assert Membership.objects.count() == 1


def test_a_wrong_value_does_not_wipe_out_the_right_one_we_had(tmp_path, at):
    read_in(deliver(tmp_path / "een"), at)
    wrong = deliver(tmp_path / "twee", people=[person(mail="geen@", mobile="geen", born="31-02-1950")])

    report = read_in(wrong, at)

    assert (report.people.same, report.people.faulty, len(report.faults)) == (1, 1, 3)
    kept = Person.objects.get()
    assert (kept.email, kept.mobile, kept.born_on) == (
        "eliza@voorbeeld.example",
        "+31687192575",
        date(1950, 8, 14),
    )


def test_an_empty_value_is_an_answer(tmp_path, at):
    read_in(deliver(tmp_path / "een"), at)
    report = read_in(deliver(tmp_path / "twee", people=[person(mobile="", language="")]), at)

    assert (report.people.changed, report.faults) == (1, [])
    assert (Person.objects.get().mobile, Person.objects.get().language) == ("", "")


def test_a_column_that_is_not_delivered_says_nothing(tmp_path, at):
    read_in(deliver(tmp_path / "een", units=[unit(floor="3")]), at)
    less = [{name: value for name, value in unit().items() if name not in ("Etage", "Wijk", "Complexnummer")}]
    bare = [{name: value for name, value in person().items() if name in ("Relatienummer", "Achternaam")}]

    report = read_in(deliver(tmp_path / "twee", units=less, people=bare), at)

    assert (report.dwellings.same, report.people.same) == (1, 1)
    home = Dwelling.objects.get()
    assert (home.floor, home.neighbourhood.district, home.complex.code) == (3, "Noord", "100")
    assert Person.objects.get().first_name == "Eliza"


@pytest.mark.parametrize(
    ("details", "code", "value"),
    [
        ({"postcode": "ABCD 12"}, "unit_postcode_invalid", "ABCD 12"),
        ({"postcode": "1234 SS"}, "unit_postcode_invalid", "1234 SS"),
        ({"postcode": ""}, "unit_postcode_invalid", ""),
        ({"number": ""}, "unit_number_missing", ""),
        ({"number": "twaalf"}, "unit_number_unreadable", "twaalf"),
        ({"number": "0"}, "unit_number_unreadable", "0"),
        ({"number": "20A", "letter": "B"}, "unit_number_unreadable", "20A"),
        ({"street": ""}, "unit_street_missing", ""),
        ({"neighbourhood": ""}, "unit_neighbourhood_missing", ""),
        ({"letter": "AB"}, "unit_letter_unreadable", "AB"),
        ({"addition": "1234567"}, "unit_letter_unreadable", "1234567"),
        ({"street": "S" * 81}, "value_too_long", "S" * 81),
        ({"key": ""}, "unit_key_missing", ""),
    ],
)
def test_a_home_without_a_whole_address_is_refused_and_the_next_is_not(tmp_path, at, details, code, value):
    good = unit(key="E9", number="9")
    report = read_in(deliver(tmp_path, units=[unit(**details), good], contracts=[contract(unit="E9")]), at)

    assert told(report) == [(code, "eenheden.csv", 2, value)]
    assert list(Dwelling.objects.values_list("external_id", flat=True)) == ["E9"]


@pytest.mark.parametrize(
    ("details", "code", "field", "empty"),
    [
        ({"built": "negentien"}, "value_not_a_number", "built_in", None),
        ({"floor": "200"}, "value_not_a_number", "floor", None),
        ({"bag": "123"}, "unit_bag_unreadable", "bag_vbo_id", ""),
        ({"kind": "KAS"}, "unit_kind_unknown", "kind", "OVE"),
        ({"status": "BEZ"}, "unit_status_unknown", "status", "VEH"),
    ],
)
def test_a_wrong_detail_leaves_the_home(tmp_path, at, details, code, field, empty):
    report = read_in(deliver(tmp_path, units=[unit(**details)]), at)

    assert [(fault.code, fault.kept) for fault in report.faults] == [(code, True)]
    assert getattr(Dwelling.objects.get(), field) == empty


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("20A", "Kerkstraat 20 A"),
        ("20 a", "Kerkstraat 20 A"),
        ("20-2", "Kerkstraat 20-2"),
        ("20A-2", "Kerkstraat 20 A-2"),
    ],
)
def test_a_number_with_its_letter_is_taken_apart(tmp_path, at, typed, address):
    report = read_in(deliver(tmp_path, units=[unit(number=typed)]), at)

    assert report.faults == []
    assert Dwelling.objects.get().address == address


def test_the_first_of_two_lines_with_one_number_wins(tmp_path, at):
    units = [unit(), unit(street="Andere Straat"), unit()]
    people = [person(), person(last="Anders"), person(bsn="111222333")]
    contracts = [contract(), contract(role="MDH"), contract()]
    report = read_in(deliver(tmp_path, units=units, people=people, contracts=contracts), at)

    assert told(report) == [
        ("unit_same_key_other_content", "eenheden.csv", 3, "E1"),
        ("person_same_key_other_content", "relaties.csv", 3, "R1"),
        ("contract_same_key_other_content", "huurovereenkomsten.csv", 3, "C1"),
    ]
    assert [fault.problem for fault in report.faults] == [
        "Dit eenheidnummer staat ook op regel 2, met iets anders bij: Straatnaam.",
        "Dit relatienummer staat ook op regel 2, met iets anders bij: Achternaam.",
        "Deze persoon staat ook op regel 2 bij dit contract, met iets anders bij: Rol.",
    ]
    assert (report.dwellings.double, report.people.double, report.memberships.double) == (1, 1, 1)
    assert (Dwelling.objects.get().street, Person.objects.get().last_name) == ("Kerkstraat", "Luinenburg")
    assert Membership.objects.get().role == "tenant"


def test_one_address_belongs_to_one_unit(tmp_path, at):
    report = read_in(deliver(tmp_path, units=[unit(), unit(key="E2")]), at)

    assert told(report) == [("unit_address_taken", "eenheden.csv", 3, "Kerkstraat")]
    assert "(E1)" in report.faults[0].problem
    assert Dwelling.objects.count() == 1


def test_an_address_that_was_entered_by_hand_is_not_taken_over(tmp_path, cast):
    """Kerkstraat 47 was there before the first delivery, without a unit number."""
    units = [unit(), unit(key="E47", number="47")]
    report = read_in(deliver(tmp_path, units=units), cast.at)

    assert [(fault.code, fault.words["other"]) for fault in report.faults] == [("unit_address_taken", "Kerkstraat 47")]
    assert Dwelling.objects.get(number=47).external_id is None


@pytest.mark.parametrize(
    ("details", "code", "column", "value"),
    [
        ({"unit": "999999"}, "contract_unknown_unit", "Eenheidnummer", "999999"),
        ({"unit": ""}, "contract_unknown_unit", "Eenheidnummer", ""),
        ({"person": "R999999"}, "contract_unknown_person", "Relatienummer", "R999999"),
        ({"start": "31-02-2019"}, "contract_impossible_date", "Ingangsdatum", "31-02-2019"),
        ({"start": ""}, "contract_start_missing", "Ingangsdatum", ""),
        ({"start": "00-00-0000"}, "contract_start_missing", "Ingangsdatum", "00-00-0000"),
        ({"start": "31-12-9999"}, "contract_start_missing", "Ingangsdatum", "31-12-9999"),
        ({"start": "01-04-1026"}, "contract_date_long_ago", "Ingangsdatum", "01-04-1026"),
        ({"start": "01-04-26"}, "date_short_year", "Ingangsdatum", "01-04-26"),
        ({"start": "01-04-0026"}, "date_short_year", "Ingangsdatum", "01-04-0026"),
        ({"start": "01-04-2062"}, "contract_start_far_ahead", "Ingangsdatum", "01-04-2062"),
        ({"start": "29-02-2026"}, "contract_impossible_date", "Ingangsdatum", "29-02-2026"),
        ({"end": "01-04-2126"}, "contract_end_far_ahead", "Einddatum", "01-04-2126"),
        ({"end": "31-12-26"}, "date_short_year", "Einddatum", "31-12-26"),
        ({"end": "32-01-2019"}, "contract_impossible_date", "Einddatum", "32-01-2019"),
        ({"end": "01-01-1950"}, "contract_end_before_start", "Einddatum", "01-01-1950"),
        ({"role": "BUUR"}, "contract_role_unknown", "Rol", "BUUR"),
        ({"key": ""}, "contract_key_missing", "Contractnummer", ""),
    ],
)
def test_a_contract_that_cannot_be_right_is_refused_and_the_next_is_not(tmp_path, at, details, code, column, value):
    units = [unit(), unit(key="E2", number="3")]
    contracts = [contract(**details), contract(key="C2", unit="E2")]
    report = read_in(deliver(tmp_path, units=units, contracts=contracts), at)

    assert told(report) == [(code, "huurovereenkomsten.csv", 2, value)]
    assert report.faults[0].column == column
    assert list(Tenancy.objects.values_list("external_id", flat=True)) == ["C2"]


def test_a_contract_waits_for_the_home_or_the_person_that_is_wrong(tmp_path, at):
    units = [unit(), unit(key="E2", postcode="?", number="3")]
    people = [person(), person(key="R2", last="")]
    contracts = [contract(unit="E2"), contract(key="C2", person="R2")]
    report = read_in(deliver(tmp_path, units=units, people=people, contracts=contracts), at)

    assert [fault.code for fault in report.faults] == ["unit_postcode_invalid", "person_name_missing"]
    assert [fault.code for fault in report.waiting] == ["contract_waits_for_unit", "contract_waits_for_person"]
    assert (report.tenancies.waiting, report.tenancies.faulty, report.memberships.waiting) == (2, 0, 2)


def test_lines_of_one_contract_that_disagree(tmp_path, at):
    people = [person(), person(key="R2"), person(key="R3")]
    contracts = [
        contract(),
        contract(person="R2", role="MDH", start="03-10-2002"),
        contract(person="R3", role="MBW"),
    ]
    report = read_in(deliver(tmp_path, people=people, contracts=contracts), at)

    assert told(report) == [("contract_rows_differ", "huurovereenkomsten.csv", 3, "03-10-2002")]
    assert report.faults[0].problem == "Regel 2 van hetzelfde contract zegt iets anders bij: Ingangsdatum."
    assert set(Membership.objects.values_list("person__external_id", "role")) == {("R1", "tenant"), ("R3", "occupant")}


def test_a_contract_never_moves_house(tmp_path, at):
    units = [unit(), unit(key="E2", number="3")]
    read_in(deliver(tmp_path / "een", units=units), at)
    report = read_in(deliver(tmp_path / "twee", units=units, contracts=[contract(unit="E2")]), at)

    assert told(report) == [("contract_other_unit", "huurovereenkomsten.csv", 2, "E2")]
    assert Tenancy.objects.get().dwelling.external_id == "E1"


def test_one_contract_runs_in_a_home(tmp_path, at):
    """The household that lives there stays, also when the new one stands first in the file."""
    people = [person(), person(key="R2")]
    read_in(deliver(tmp_path / "een", people=people), at)
    contracts = [contract(key="C2", person="R2", start="01-12-2026"), contract()]
    report = read_in(deliver(tmp_path / "twee", people=people, contracts=contracts), at)

    assert told(report) == [("contract_second_current", "huurovereenkomsten.csv", 2, "")]
    assert "(C1)" in report.faults[0].problem
    assert list(Tenancy.objects.values_list("external_id", flat=True)) == ["C1"]


def test_a_household_whose_tenant_is_unreadable_goes_by_the_name_of_who_lives_there(tmp_path, at):
    people = [person(), person(key="R2", last="Kuiper", prefix="")]
    contracts = [contract(end="01-01-1950"), contract(person="R2", role="MBW")]
    read_in(deliver(tmp_path, people=people, contracts=contracts), at)

    assert Tenancy.objects.get().name == "Mw. Kuiper"


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_fault_is_told_in_dutch(code):
    words = {"line": 2, "columns": "Rol", "other": "E2", "start": "01-01-2000", "period": "2001 – 2002"}
    for sentence in SENTENCES[code]:
        english = sentence._args[0]
        assert str(sentence) != english
        assert str(sentence).format(**words)


def test_there_is_no_column_for_what_we_never_keep():
    from tenants.deliveries.columns import COLUMNS

    headings = {heading.lower() for kind in Kind for column in COLUMNS[kind] for heading in column.headings}
    assert not headings & {"bsn", "burgerservicenummer", "sofinummer", "netto huur", "inkomen", "nationaliteit"}
