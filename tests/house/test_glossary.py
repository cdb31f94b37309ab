"""The glossary holds every choice of the code, with the Dutch that stands on the screen and the code of the sector."""

import enum
import importlib
import inspect
import re

import pytest
from django.conf import settings
from django.utils.translation import override

from cases.states import VERA_FLAG, VERA_TYPE, Confidentiality, FlagStatus
from corporatie.management.commands.update_messages import ROOMS
from corporatie.staff.permissions import Role
from tenants.states import VERA_ROLE, DwellingKind, DwellingStatus

ROOT = settings.BASE_DIR
GLOSSARY = (ROOT / "docs/glossary.md").read_text()
ROW = re.compile(r"^\| (?P<dutch>[^|]+) \| `(?P<code>\w+)` \| (?P<vera>[^|]+) \| (?P<meaning>[^|]+) \|$", re.MULTILINE)


def choices() -> dict[str, type[enum.Enum]]:
    """Every enumeration of the states of the rooms, and the roles."""
    found: dict[str, type[enum.Enum]] = {"Role": Role}
    for path in sorted(file for room in ROOMS for file in (ROOT / room).rglob("states.py")):
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for name, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, enum.Enum) and kind.__module__ == module.__name__:
                assert name not in found, f"two enumerations are called {name}"
                found[name] = kind
    return found


def rows(name: str, glossary: str = GLOSSARY) -> dict[str, tuple[str, str]]:
    """The rows under the heading of this enumeration: code to (Dutch, VERA)."""
    part = re.search(rf"^### [^\n]*\(`{name}`\)\n(.*?)(?=^##|\Z)", glossary, flags=re.DOTALL | re.MULTILINE)
    return {row["code"]: (row["dutch"], row["vera"]) for row in ROW.finditer(part[1])} if part else {}


def in_dutch(kind: type[enum.Enum]) -> dict[str, str]:
    """The members with their Dutch. What is on no screen has a dash."""
    with override("nl"):
        return {member.name: str(getattr(member, "label", "–")) for member in kind}


def test_there_is_something_to_compare():
    assert len(choices()) > 30


@pytest.mark.parametrize("name", choices())
def test_each_choice_stands_in_the_glossary(name):
    assert {code: dutch for code, (dutch, _vera) in rows(name).items()} == in_dutch(choices()[name])


def test_no_table_is_about_something_that_is_gone():
    assert set(re.findall(r"^### .*\(`(\w+)`\)$", GLOSSARY, flags=re.MULTILINE)) == set(choices())


@pytest.mark.parametrize(
    ("name", "vera"),
    [
        ("SignalType", {kind.name: code for kind, code in VERA_TYPE.items()}),
        ("FlagKind", {kind.name: code for kind, code in VERA_FLAG.items()}),
        ("MembershipRole", {role.name: code for code, role in VERA_ROLE.items()}),
        *[
            (kind.__name__, {member.name: member.value for member in kind})
            for kind in (Confidentiality, FlagStatus, DwellingKind, DwellingStatus)
        ],
    ],
)
def test_the_sectors_codes_are_those_of_the_code(name, vera):
    assert {code: found for code, (_dutch, found) in rows(name).items() if found != "–"} == vera


def test_a_wrong_word_in_the_glossary_is_found():
    changed = GLOSSARY.replace("| Niet thuis | `NOBODY_HOME` |", "| Afwezig | `NOBODY_HOME` |")
    assert rows("Outcome", changed)["NOBODY_HOME"][0] == "Afwezig" != in_dutch(choices()["Outcome"])["NOBODY_HOME"]
    assert rows("Nothing") == {}
