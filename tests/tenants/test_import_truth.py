"""Two deliveries in a row say and store exactly what is known to be in them."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from corporatie.journal.models import Entry, Mention
from tenants.models import Dwelling, Membership, Person, Tenancy
from tests.tenants.delivering import fingerprint, read_in

OWN = Path(__file__).parent / "deliveries"
# The export of an invented association lies beside this repository where it is tested, and not in a user's clone.
LINDEDAM = Path(__file__).parents[3] / "shared" / "data" / "erp-lindedam"
NOVEMBER = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 21, 9, 0, tzinfo=UTC)


def journal():
    """How many lines of each kind."""
    return dict(Counter(Entry.objects.values_list("kind", flat=True)))


@pytest.mark.django_db
def test_the_first_delivery_of_our_own():
    report = read_in(OWN / "eerste", NOVEMBER)

    assert vars(report.found) == {"dwellings": 7, "people": 9, "tenancies": 8, "current_tenancies": 6}
    assert report.fault_counts() == {
        "unit_postcode_invalid": 1,
        "unit_number_missing": 1,
        "unit_same_key_other_content": 1,
        "person_mail_invalid": 1,
        "contract_unknown_unit": 1,
        "contract_unknown_person": 1,
        "contract_impossible_date": 1,
        "contract_end_before_start": 1,
    }
    assert [(fault.code, fault.line) for fault in report.waiting] == [("contract_waits_for_unit", 6)]
    assert vars(report.dwellings) == {"new": 5, "changed": 0, "same": 0, "double": 1, "faulty": 3, "waiting": 0}
    assert vars(report.people) == {"new": 9, "changed": 0, "same": 0, "double": 0, "faulty": 1, "waiting": 0}
    assert vars(report.tenancies) == {"new": 3, "changed": 0, "same": 0, "double": 0, "faulty": 4, "waiting": 1}
    assert vars(report.memberships) == {"new": 4, "changed": 0, "same": 0, "double": 0, "faulty": 4, "waiting": 1}
    assert journal() == {}

    homes = dict(Dwelling.objects.values_list("external_id", "address"))
    assert homes == {
        "0001": "Kerkstraat 1",
        "0002": "Kerkstraat 3 A-2",
        "0003": "Molenweg 20 A",
        "0006": "Molenweg 22",
        "0007": "Molenweg 24",
    }
    names = dict(Tenancy.objects.values_list("external_id", "name"))
    assert names == {"C1": "Fam. Van den Brink", "C2": "Dhr. Özdemir", "C3": "Mw. Wiśniewska"}
    assert set(Person.objects.exclude(phone="").values_list("phone", flat=True)) == {"+31779306674", "+3225501111"}
    assert set(Person.objects.exclude(mobile="").values_list("mobile", flat=True)) == {
        "+31687192575",
        "+31651554798",
        "+31655641228",
    }


@pytest.mark.django_db
def test_the_second_delivery_of_our_own():
    read_in(OWN / "eerste", NOVEMBER)
    stays = dict(Tenancy.objects.values_list("external_id", "pk"))

    report = read_in(OWN / "tweede", DECEMBER)

    assert report.faults == report.waiting == []
    assert (report.tenancies_ended, report.households_started) == (1, 1)
    assert report.phones_changed == 1
    assert report.dwellings_missing == 1
    assert Dwelling.objects.get(external_id="0007").missing_since == date(2026, 12, 21)
    assert Dwelling.objects.exclude(external_id="0007").filter(missing_since=None).count() == 6
    # The household that left is still there, and the new one has a page of its own.
    assert Tenancy.objects.get(pk=stays["C1"]).ended_on == date(2026, 11, 20)
    assert Tenancy.objects.get(external_id="C9").dwelling.external_id == "0001"
    assert Tenancy.objects.get(external_id="C9").pk not in stays.values()
    # Mended contracts of years ago are no news: only what happened since has a line.
    assert journal() == {"tenancy_started": 1, "tenancy_ended": 1, "details_changed": 1}
    line = Entry.objects.get(kind="details_changed")
    assert line.data == {"fields": ["email", "members", "mobile"]}
    assert list(Entry.objects.about(Tenancy.objects.get(external_id="C3"))) == [line]
    assert set(Entry.objects.values_list("by", "at")) == {(None, DECEMBER)}

    before = fingerprint()
    again = read_in(OWN / "tweede", DECEMBER)
    counts = (again.dwellings, again.people, again.tenancies, again.memberships)
    assert [(each.new, each.changed) for each in counts] == [(0, 0)] * 4
    assert fingerprint() == before


if LINDEDAM.is_dir():

    @pytest.mark.django_db
    def test_lindedam():
        """What truth.json says, literally."""
        truth = json.loads((LINDEDAM / "truth.json").read_text())
        assert truth == {
            "dwellings": 1200,
            "people": 2279,
            "tenancies": 1466,
            "current_tenancies": 1151,
            "faults_2026_11": {
                "unit_postcode_invalid": 3,
                "unit_number_missing": 3,
                "contract_unknown_unit": 3,
                "contract_unknown_person": 3,
                "contract_impossible_date": 3,
                "contract_end_before_start": 2,
                "person_mail_invalid": 3,
                "unit_same_key_other_content": 2,
            },
            "second_delivery": {
                "tenancies_ended": 12,
                "households_new": 12,
                "phones_changed": 25,
                "dwellings_missing_from_file": 3,
            },
        }

        first = read_in(LINDEDAM / "2026-11", NOVEMBER)

        assert vars(first.found) == {"dwellings": 1200, "people": 2279, "tenancies": 1466, "current_tenancies": 1151}
        assert first.fault_counts() == truth["faults_2026_11"]
        # Six homes cannot be stored, so nine contracts wait for them and four cannot be read at all.
        assert vars(first.dwellings) == {"new": 1194, "changed": 0, "same": 0, "double": 2, "faulty": 8, "waiting": 0}
        assert (first.tenancies.new, first.tenancies.faulty, first.tenancies.waiting) == (1453, 4, 9)
        assert Person.objects.count() == 2279
        assert journal() == {}

        second = read_in(LINDEDAM / "2026-12", DECEMBER)

        assert second.faults == second.waiting == []
        assert second.tenancies_ended == 12
        assert second.households_started == 12
        assert second.phones_changed == 25
        assert second.dwellings_missing == 3
        assert (Entry.objects.filter(kind="tenancy_ended").count(), second.tenancies.changed) == (12, 12)
        assert Entry.objects.filter(kind="tenancy_started").count() == 12
        assert Mention.objects.count() == Entry.objects.count() == second.lines_written
        assert Dwelling.objects.exclude(missing_since=None).count() == 3
        # With the faults mended everything of the first delivery is there, and nothing of it is gone.
        assert Dwelling.objects.count() == 1200
        assert Person.objects.count() == 2279 + 12
        assert Tenancy.objects.count() == 1466 + 12
        assert Tenancy.objects.current(on=date(2026, 12, 31)).count() == 1151 - 12 + 12
        assert Membership.objects.count() == 2279 + 12

        before = fingerprint()
        third = read_in(LINDEDAM / "2026-12", DECEMBER)
        assert (third.dwellings.same, third.people.same, third.tenancies.same) == (1197, 2291, 1475)
        assert third.lines_written == 0
        assert fingerprint() == before
