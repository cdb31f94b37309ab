"""The command tells in plain Dutch what came of it, and gives the lines to mend back."""

import csv
import io
import sys

import pytest
from django.core.management import CommandError, call_command

from tenants.models import Person
from tests.tenants.delivering import contract, deliver, fingerprint, person, unit

pytestmark = pytest.mark.django_db


def run(folder, *options):
    """What the command says."""
    out = io.StringIO()
    call_command("import_export", str(folder), *options, stdout=out, stderr=out)
    return out.getvalue()


def counts(said):
    """The table of counts by the name of the row."""
    rows = [line.split() for line in said.splitlines()]
    return {row[0]: [int(each) for each in row[1:]] for row in rows if len(row) == 7 and row[1].isdigit()}


@pytest.fixture
def faulty(tmp_path):
    """One household that is right, and three lines that are not."""
    return deliver(
        tmp_path / "in",
        units=[unit(), unit(key="E2", number="3", postcode="ABCD 12")],
        people=[person(), person(key="R2", mail="=geen@", mobile="+31612345678")],
        contracts=[contract(), contract(key="C2", unit="E2", person="R2")],
    )


def test_it_tells_the_counts_and_every_fault(faulty):
    said = run(faulty)

    assert "In de bestanden: 2 woningen, 2 personen, 2 contracten, waarvan er 2 lopen." in said
    assert "Niet gelezen in relaties.csv: BSN." in said
    assert "Nieuw  Gewijzigd     Gelijk       Fout      Wacht     Dubbel" in said
    assert counts(said) == {
        "Woningen": [1, 0, 0, 1, 0, 0],
        "Mensen": [2, 0, 0, 1, 0, 0],
        "Contracten": [1, 0, 0, 0, 1, 0],
        "Bewoners": [1, 0, 0, 0, 1, 0],
    }
    assert (
        "eenheden.csv, regel 3, Postcode: “ABCD 12”\n"
        "  Dit is geen Nederlandse postcode. Schrijf vier cijfers en twee letters, bijvoorbeeld 1234 AB."
    ) in said
    assert "relaties.csv, regel 3, E-mail: “=geen@”\n  Dit is geen e-mailadres." in said
    assert "Deze regels wachten op een regel met een fout:" in said
    assert "huurovereenkomsten.csv, regel 3, Eenheidnummer: “E2”\n  Deze regel wacht:" in said
    assert "Buurt zonder team: niemand ziet deze huishoudens: Noord / Noord-1" in said
    assert "Met --refused BESTAND" in said


def test_the_same_again_says_so(faulty):
    run(faulty)

    assert counts(run(faulty)) == {
        "Woningen": [0, 0, 1, 1, 0, 0],
        "Mensen": [0, 0, 2, 1, 0, 0],
        "Contracten": [0, 0, 1, 0, 1, 0],
        "Bewoners": [0, 0, 1, 0, 1, 0],
    }


def test_a_trial_stores_nothing_but_gives_the_file(faulty, tmp_path):
    before = fingerprint()

    said = run(faulty, "--dry-run", "--refused", str(tmp_path / "terug.csv"))

    assert said.startswith("Dit was een proef: er is niets opgeslagen.")
    assert fingerprint() == before
    assert (tmp_path / "terug.csv").exists()


def test_the_file_with_refused_lines(faulty, tmp_path):
    path = tmp_path / "terug.csv"

    said = run(faulty, "--refused", str(path))

    assert f"3 regels om te verbeteren staan in {path}" in said
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert path.stat().st_mode & 0o077 == 0
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), delimiter=";"))
    assert [(row["Bestand"], row["Regel"], row["Kolom"], row["Waarde"], row["Rest bewaard"]) for row in rows] == [
        ("eenheden.csv", "3", "Postcode", "ABCD 12", "nee"),
        # A spreadsheet takes what begins with = for a formula; a phone number it leaves alone.
        ("relaties.csv", "3", "E-mail", "'=geen@", "ja"),
        ("huurovereenkomsten.csv", "3", "Eenheidnummer", "E2", "nee"),
    ]
    assert rows[0]["Wat er niet klopt"] == "Dit is geen Nederlandse postcode."
    assert (rows[0]["Straatnaam"], rows[0]["Huisnummer"], rows[0]["Relatienummer"]) == ("Kerkstraat", "3", "")
    assert (rows[1]["Achternaam"], rows[1]["Mobiel"]) == ("Luinenburg", "+31612345678")
    assert (rows[2]["Contractnummer"], rows[2]["Relatienummer"], rows[2]["Eenheidnummer"]) == ("C2", "R2", "E2")
    assert not {"BSN", "Netto huur"} & set(rows[0])


def test_a_file_that_cannot_be_written_is_said_and_costs_nothing(faulty, tmp_path):
    said = run(faulty, "--refused", str(tmp_path / "nergens" / "terug.csv"))

    assert "Het bestand met geweigerde regels is niet gemaakt:" in said
    assert Person.objects.count() == 2


def test_nothing_to_mend_makes_no_file(tmp_path):
    said = run(deliver(tmp_path / "in"), "--refused", str(tmp_path / "terug.csv"))

    assert "Fouten" not in said
    assert not (tmp_path / "terug.csv").exists()


def test_a_delivery_that_cannot_be_read_fails_and_changes_nothing(faulty):
    (faulty / "relaties.csv").unlink()
    before = fingerprint()

    with pytest.raises(CommandError, match=r"Er is niets gelezen\. relaties\.csv ontbreekt in"):
        run(faulty)
    assert fingerprint() == before


class _Screen(io.StringIO):
    """Somebody is watching."""

    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("screen", "options", "shown"),
    [(_Screen, [], True), (_Screen, ["--no-progress"], False), (io.StringIO, [], False)],
)
def test_a_bar_for_who_watches(faulty, monkeypatch, screen, options, shown):
    watched = screen()
    monkeypatch.setattr(sys, "stderr", watched)

    run(faulty, *options)

    assert ("relaties.csv             [##############################] 100%" in watched.getvalue()) == shown
    assert bool(watched.getvalue()) == shown
