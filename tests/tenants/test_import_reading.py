"""Any file an administration makes is read; what nobody may keep is never read at all."""

import gc
import logging
from datetime import date

import pytest

from tenants.deliveries.columns import COLUMNS
from tenants.deliveries.faults import DeliveryRefusedError, Kind
from tenants.deliveries.files import Row, read_sheet
from tenants.deliveries.refused import write_refused
from tenants.deliveries.rows import read
from tests.tenants.delivering import (
    CANARY,
    RENT,
    as_text,
    contract,
    deliver,
    everything_stored,
    person,
    read_in,
    told,
    unit,
)

TODAY = date(2026, 11, 24)


def write(folder, kind, text, encoding="utf-8"):
    """One file as it is."""
    folder.mkdir(exist_ok=True)
    (folder / kind.value).write_bytes(text.encode(encoding))
    return folder


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_gives_the_same_rows(tmp_path, encoding):
    people = [person(last="Özdemir"), person(key="R2", first="Daniël", last="Müller-d’Hoop")]
    sheet = read_sheet(deliver(tmp_path, people=people, encoding=encoding), Kind.PEOPLE)

    assert [(row.line, row.values[3], row.values[5]) for row in sheet.rows] == [
        (2, "Eliza", "Özdemir"),
        (3, "Daniël", "Müller-d’Hoop"),
    ]


def test_an_accent_far_into_the_file_decides_the_encoding(tmp_path):
    """The first 64 kilobytes are plain; the name that is not stands after them."""
    people = [person(key=f"R{n}") for n in range(1500)] + [person(key="R1500", last="Daniëls")]
    sheet = read_sheet(deliver(tmp_path, people=people, encoding="cp1252"), Kind.PEOPLE)

    assert sheet.rows[-1].values[5] == "Daniëls"


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_every_line_end(tmp_path, line_end):
    write(tmp_path, Kind.PEOPLE, as_text([person(), person(key="R2")], line_end=line_end))

    assert [row.values[0] for row in read_sheet(tmp_path, Kind.PEOPLE).rows] == ["R1", "R2"]


def test_columns_are_found_by_name_in_any_order_and_case(tmp_path):
    row = person()
    names = {
        "Roepnaam": "VOORNAAM",
        "E-mail": "e-mailadres",
        "Tussenvoegsel": "Voorvoegsels",
        "Mobiel": "mobiel nummer",
    }
    turned = {names.get(name, name): row[name] for name in reversed(row)}
    write(tmp_path, Kind.PEOPLE, as_text([turned]))

    sheet = read_sheet(tmp_path, Kind.PEOPLE)

    columns = [column.name for column in COLUMNS[Kind.PEOPLE]]
    assert dict(zip(columns, sheet.rows[0].values, strict=True)) == {
        "external_id": "R1",
        "salutation": "Mevrouw",
        "initials": "E.",
        "first_name": "Eliza",
        "prefix": "van",
        "last_name": "Luinenburg",
        "born_on": "14-08-1950",
        "phone": "077-9306674",
        "mobile": "06-87 19 25 75",
        "email": "eliza@voorbeeld.example",
        "language": "nld",
    }
    assert sheet.headings[3:5] == ("VOORNAAM", "Voorvoegsels")
    assert sheet.unread == ("BSN",)


def test_file_names_in_capitals(tmp_path):
    deliver(tmp_path)
    (tmp_path / "relaties.csv").rename(tmp_path / "RELATIES.CSV")

    assert len(read_sheet(tmp_path, Kind.PEOPLE).rows) == 1


def test_quotes_semicolons_and_ends_of_line_inside_a_value(tmp_path):
    rows = [
        person(last='"Groot; genaamd ""de Kleine"""'),
        person(key="R2", first='"An\r\nna"', last='"Bos"'),
        person(key="R3", last='Zonder "sluiting'),
        person(key="R4"),
    ]
    write(tmp_path, Kind.PEOPLE, as_text(rows))

    sheet = read_sheet(tmp_path, Kind.PEOPLE)

    assert [(row.line, row.values[0], row.values[3], row.values[5]) for row in sheet.rows] == [
        (2, "R1", "Eliza", 'Groot; genaamd "de Kleine"'),
        (3, "R2", "An na", "Bos"),
        (5, "R3", "Eliza", 'Zonder "sluiting'),
        (6, "R4", "Eliza", "Luinenburg"),
    ]


def test_a_quote_that_is_never_closed_costs_one_line(tmp_path):
    rows = [person(last='"Open'), *(person(key=f"R{n}") for n in range(2, 40))]
    write(tmp_path, Kind.PEOPLE, as_text(rows))

    sheet = read_sheet(tmp_path, Kind.PEOPLE)

    assert [(fault.code, fault.line) for fault in sheet.faults] == [("row_columns_differ", 2)]
    assert [row.values[0] for row in sheet.rows] == [f"R{n}" for n in range(2, 40)]


def test_empty_lines_are_nothing_and_spaces_do_not_count(tmp_path):
    text = as_text([person(last="  van   Dam  ")]) + "\r\n;;;;;;;;;;;\r\n\x1a"
    sheet = read_sheet(write(tmp_path, Kind.PEOPLE, text), Kind.PEOPLE)

    assert [row.values[5] for row in sheet.rows] == ["van Dam"]
    assert sheet.faults == []


def test_signs_that_command_a_screen_or_a_database_are_left_out(tmp_path):
    sheet = read_sheet(write(tmp_path, Kind.PEOPLE, as_text([person(last="Bo\x00s\x1b[31m")])), Kind.PEOPLE)

    assert sheet.rows[0].values[5] == "Bos[31m"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "relaties.csv ontbreekt in"),
        ("", "relaties.csv is leeg"),
        ("\r\n", "relaties.csv is leeg"),
        (as_text([person()]).splitlines()[0], "heeft wel een kop, maar geen regels"),
        (as_text([person()], separator=","), "puntkomma"),
        (
            as_text([{"Relatienummer": "R1", "Roepnaam": "Eliza"}]),
            "In relaties.csv ontbreken deze kolommen: Achternaam.",
        ),
        (
            as_text([{**person(), "Naam": "Bos"}]),
            "relaties.csv heeft meer dan één kolom voor Achternaam: Achternaam, Naam.",
        ),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path, text, says):
    deliver(tmp_path)
    if text is None:
        (tmp_path / "relaties.csv").unlink()
    else:
        write(tmp_path, Kind.PEOPLE, text)

    with pytest.raises(DeliveryRefusedError) as refused:
        read(tmp_path, on=TODAY)
    assert says in str(refused.value)


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(DeliveryRefusedError, match="Er is geen map"):
        read(tmp_path / "nergens", on=TODAY)


def test_a_bsn_is_never_a_value(tmp_path, caplog):
    """While the files are being read, no row, tuple or list anywhere in memory holds it."""
    caplog.set_level(logging.DEBUG)
    people = [person(), person(key="R2", mail="geen@"), person(key="R3", last="")]
    delivery = read(deliver(tmp_path, people=people), on=TODAY)

    held = [each for each in gc.get_objects() if type(each) is Row]
    assert len(held) >= 5
    for row in held:
        assert CANARY not in repr(row)
        assert RENT not in repr(row)
    for table in (delivery.dwellings, delivery.people, delivery.members):
        assert CANARY not in repr(vars(table))
        assert RENT not in repr(vars(table))
    assert CANARY not in caplog.text


@pytest.mark.django_db
def test_a_bsn_reaches_nothing_we_keep_or_say(tmp_path, at, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    people = [person(), person(key="R2", mail="geen@"), person(key="R3", last=""), person(key="R1", first="Iemand")]
    contracts = [contract(), contract(key="C2", unit="X"), contract(key="C3", person="R3"), contract(end="nooit")]
    report = read_in(deliver(tmp_path / "in", people=people, contracts=contracts), at)
    write_refused(tmp_path / "geweigerd.csv", report)

    assert len(report.faults) + len(report.waiting) == 6
    refused = (tmp_path / "geweigerd.csv").read_text(encoding="utf-8-sig")
    said = capsys.readouterr()
    for place in (everything_stored(), repr(report), refused, caplog.text, said.out, said.err):
        assert CANARY not in place
        assert RENT not in place
    assert "BSN" not in refused
    assert "Netto huur" not in refused
    assert "Eliza" in everything_stored()


def test_a_line_with_a_column_too_many_gives_nothing_away(tmp_path):
    """The BSN of such a line could stand anywhere, so not one value of it is used or shown."""
    people = [person(), person(key="R2", last="Bos;Jansen"), person(key="R3")]
    delivery = read(deliver(tmp_path, people=people), on=TODAY)

    assert list(delivery.people.clean) == ["R1", "R3"]
    (fault,) = delivery.people.faults
    assert (fault.code, fault.line, fault.value, fault.row) == ("row_columns_differ", 3, "", ())


def test_what_is_wrong_in_one_file_leaves_the_others_alone(tmp_path):
    units = [unit(), unit(key="E2", number="3", postcode="1234 SD")]
    delivery = read(deliver(tmp_path, units=units), on=TODAY)

    assert list(delivery.dwellings.clean) == ["E1"]
    assert list(delivery.people.clean) == ["R1"]
    assert told_codes(delivery) == ["unit_postcode_invalid"]


def told_codes(delivery):
    """The codes of all faults of a delivery that is not yet compared."""
    return [fault.code for table in (delivery.dwellings, delivery.people, delivery.members) for fault in table.faults]


def test_the_fault_says_where(tmp_path, db, at):
    report = read_in(deliver(tmp_path, people=[person(), person(key="R2", mail="geen@")]), at)

    assert told(report) == [("person_mail_invalid", "relaties.csv", 3, "geen@")]
    (fault,) = report.faults
    assert (fault.column, fault.problem) == ("E-mail", "Dit is geen e-mailadres.")
    assert fault.remedy == "Verbeter het, of laat het leeg. De rest van deze regel is bewaard."
