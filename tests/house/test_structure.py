"""The shape of the house, held by tests. Each rule is first shown red on an example that breaks it."""

import ast
import subprocess
import sys
import tomllib

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from corporatie.subjects.checks import subjects_are_complete
from corporatie.subjects.models import Subject
from tests.house import source
from tests.house.source import ROOT, listed

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONTRACTS = PYPROJECT["tool"]["importlinter"]["contracts"]
BANNED_NAMES = {"utils", "helpers", "services", "service", "common", "misc", "util", "helper"}

# Verbs that need no `by` or no `at`, each with its reason.
UNSIGNED = {
    "make_mails": "the sweep has no user",
    "make_account_mails": "the sweep has no user",
    "send_mails": "the post has no user, and asks the clock it is given anew at each mail",
    "hand_on": "one half of every verb that gives many rows on; the line in the journal is written by the other half",
    "leave_secret_cases": "nobody asked: what hangs on a secret goes its own road, and its line names nobody",
    "leave_secret_visits": "the same for the visits that hang on it",
    "settle_unknown": "the sweep has no user",
    "settle_notices": "the sweep has no user, and each verb that asks for it signs what it did",
    "tell_anew": "the sweep has no user",
    "compare_notices": "writes nothing: the question before raising and settling",
    "claim": "one half of a verb that two verbs share; the line in the journal is written by the other half",
    "seal_keys": "an installation has no user",
    "put_off": "one's own notice, until the day one chose",
    "end_sessions": "one half of each verb that changes how somebody signs in; that verb signs, and writes the row",
    "refresh_household": "writes again what follows from the people; the action that changed them wrote the line",
}


def trees(*names):
    """The parsed files that play these parts."""
    return {path: ast.parse(path.read_text()) for name in names for path in source.furniture(name)}


# --- The staircase and the furniture -----------------------------------------------------------------
def test_the_contracts_of_the_staircase_hold():
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_no_contract_has_an_exception():
    assert "ignore_imports" not in (ROOT / "pyproject.toml").read_text()
    assert not any("ignore" in key for contract in CONTRACTS for key in contract if key != "exhaustive_ignores")


def test_every_door_is_a_door_of_its_own_room():
    protected = {
        (contract["allowed_importers"][0], module)
        for contract in CONTRACTS
        if contract["type"] == "protected"
        for module in contract["protected_modules"]
    }
    standing = {
        (room.replace("/", "."), f"{room.replace('/', '.')}.{door}")
        for room in source.ROOMS
        for door in source.modules_of(room) & set(source.DOORS)
    }
    assert protected == standing


def test_no_room_is_left_out_of_the_furniture():
    containers = next(contract["containers"] for contract in CONTRACTS if "containers" in contract)
    assert sorted(containers) == sorted(room.replace("/", ".") for room in source.ROOMS)


def test_nothing_is_called_utils():
    assert [str(path.relative_to(ROOT)) for path in source.python_files() if path.stem in BANNED_NAMES] == []


def test_the_top_level_holds_what_the_paper_names():
    named = set(_block("top level").split())
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    standing = {name.split("/")[0] for name in files.split("\n") if name}
    assert standing == named


def test_the_drawing_in_the_paper_is_the_staircase_of_the_contract():
    layers = next(contract["layers"] for contract in CONTRACTS if contract["name"].startswith("The staircase"))
    roof, *rooms = layers
    drawn = [line.split()[0] for line in _block("staircase").split("\n") if line.startswith("    ")]
    assert drawn == rooms
    assert {name.strip() for name in roof.split(":")} == set(_block("roof").split())


def test_the_furniture_in_the_paper_is_the_furniture_of_the_contract():
    layers = next(contract["layers"] for contract in CONTRACTS if contract["name"].startswith("The furniture"))
    left_to_right = [{name.strip(" ()") for name in layer.split("|")} for layer in reversed(layers)]
    told = [{name.strip(" `") for name in part.split("·")} for part in _block("furniture").split("→")]
    assert told == left_to_right


def _block(name: str) -> str:
    """The text of one fenced block in docs/house.md: ```text name."""
    text = (ROOT / "docs/house.md").read_text()
    return text.split(f"```text {name}\n", 1)[1].split("```", 1)[0].rstrip("\n")


# --- No hidden wiring ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "bad",
    [
        "from django.db.models.signals import post_save",
        "from django.dispatch import receiver",
        "from django.db.models import signals",
        "import django.db.models.signals",
        "from allauth.account.signals import user_logged_in",
        "models.signals.post_save.connect(f)",
    ],
)
def test_a_signal_of_django_is_seen(bad):
    assert source.hidden_wiring(ast.parse(bad))


def test_no_signals_of_django():
    found = {path: source.hidden_wiring(ast.parse(path.read_text())) for path in source.python_files()}
    assert listed(found) == []


def our_models():
    """The concrete models of our rooms."""
    rooms = {room.replace("/", ".") for room in source.ROOMS}
    return [model for model in apps.get_models() if model.__module__.split(".models")[0] in rooms]


def test_saving_a_row_does_nothing_else():
    own = {
        (model.__name__, verb)
        for model in our_models()
        for base in model.__mro__
        if not base.__module__.startswith("django.")
        for verb in ("save", "delete", "save_base", "full_clean")
        if verb in vars(base)
    }
    assert own == set()
    assert len(our_models()) > 30


# --- The only way to the data ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    "bad",
    [
        "Case.objects.all()",
        "Case.objects.filter(pk=1)",
        "rows = Case.objects",
        "Exists(Visit.objects.filter(tenancy=OuterRef('pk')))",
        "Case._default_manager.visible_to(user)",
        "Case._base_manager.all()",
        "get_object_or_404(Case, pk=pk)",
        "get_object_or_404(models.Case, pk=pk)",
        "get_list_or_404(Case)",
        "tenancy.visits.all()",
        "visit.tenancy.cases.count()",
        "project.intakes.filter(pk=1)",
        "rows.raw('select 1')",
        "rows.extra(where=['1=1'])",
        "rows.annotate(x=RawSQL('1', []))",
        "connection.cursor()",
        "class Page(DetailView):\n    model = Case",
    ],
)
def test_a_way_around_visible_to_is_seen(bad):
    assert source.past_visible_to(ast.parse(bad), source.scoped_accessors())


@pytest.mark.parametrize(
    "good",
    [
        "Case.objects.visible_to(request.user).open()",
        "get_object_or_404(Case.objects.visible_to(request.user).select_related('tenancy'), pk=pk)",
        "get_object_or_404(rows, pk=pk)",
        "User.objects.none()",
        "project.members.all()",
    ],
)
def test_the_way_through_visible_to_is_free(good):
    assert source.past_visible_to(ast.parse(good), source.scoped_accessors()) == []


def test_pages_reach_data_through_visible_to_only():
    accessors = source.scoped_accessors()
    assert {"visits", "cases", "signals", "follow_ups", "intakes"} <= accessors
    found = {path: source.past_visible_to(tree, accessors) for path, tree in trees(*source.ANSWERING).items()}
    assert len(found) > 25
    assert listed(found) == []


def test_templates_reach_no_rows_by_themselves():
    accessors = source.scoped_accessors()
    assert source.template_reaches("{% for visit in tenancy.visits.all %}", accessors)
    found = {
        path: source.template_reaches(path.read_text(), accessors) for path in (ROOT / "templates").rglob("*.html")
    }
    assert listed(found) == []


FIGURES = ROOT / "corporatie/desk/figures"


@pytest.mark.parametrize(
    "bad",
    [
        "rows = Case.objects.all()",
        "rows = Case.objects",
        "names = list(User.objects.filter(is_active=True).values_list('name'))",
        "for case in Case.objects.filter(pk=1): print(case)",
        "total = Case.objects.filter(pk=1).count()",
        "first = Signal.objects.order_by('pk').first()",
        "known = Q(case__in=Case.objects.filter(pk=1))",
        "rows.raw('select 1')",
        "Case._base_manager.aggregate(n=Count('pk'))",
    ],
)
def test_a_row_among_the_figures_is_seen(bad):
    assert source.more_than_numbers(ast.parse(bad))


@pytest.mark.parametrize(
    "good",
    [
        "Case.objects.filter(within).aggregate(**counts)",
        "Signal.objects.filter(q).annotate(acted=Exists(Entry.objects.filter(pk=1))).aggregate(n=Count('pk'))",
    ],
)
def test_a_sum_among_the_figures_is_free(good):
    assert source.more_than_numbers(ast.parse(good)) == []


def test_the_figures_give_numbers_and_no_rows():
    found = {path: source.more_than_numbers(ast.parse(path.read_text())) for path in FIGURES.rglob("*.py")}
    assert sum("objects" in path.read_text() for path in found) == 1
    assert listed(found) == []


@pytest.mark.parametrize(
    "bad",
    [
        "from corporatie.desk.figures import figures",
        "from corporatie.desk.figures.counting import SEVERITIES",
        "from corporatie.desk import figures as counted",
        "import corporatie.desk.figures",
    ],
)
def test_who_calls_the_figures_is_seen(bad):
    assert source.names_module(ast.parse(bad), "corporatie.desk.figures")
    assert not source.names_module(ast.parse("from corporatie.desk.views import figures"), "corporatie.desk.figures")


def test_only_the_page_of_the_figures_calls_them():
    naming = {
        str(path.relative_to(ROOT))
        for path in source.python_files()
        if FIGURES not in path.parents and source.names_module(ast.parse(path.read_text()), "corporatie.desk.figures")
    }
    assert naming == {"corporatie/desk/views/figures.py"}


def test_every_subject_can_be_hidden_and_opened():
    assert subjects_are_complete(None) == []
    assert {model.__name__ for model in apps.get_models() if issubclass(model, Subject)} >= {
        "Tenancy",
        "Visit",
        "Case",
        "Signal",
        "Project",
        "Intake",
        "AttentionFlag",
        "Dwelling",
    }


def test_a_subject_without_visible_to_or_page_is_refused_at_start(monkeypatch):
    from corporatie.subjects import checks
    from corporatie.subjects.models import SubjectQuerySet

    class Bare(Subject):
        objects = SubjectQuerySet.as_manager()

        class Meta:
            app_label = "subjects"

    try:
        monkeypatch.setattr(checks, "subject_models", lambda: [Bare])
        assert [message.id for message in subjects_are_complete(None)] == ["keukentafel.E101", "keukentafel.E102"]
    finally:
        del apps.all_models["subjects"]["bare"]
        apps.clear_cache()


# --- Verbs ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "bad",
    [
        "at = timezone.now()",
        "day = timezone.localdate()",
        "day = date.today()",
        "now = datetime.now(UTC)",
        "moment = time.time()",
    ],
)
def test_a_look_at_the_clock_is_seen(bad):
    assert source.clock_readings(ast.parse(bad))


def test_actions_never_read_the_clock():
    assert source.clock_readings(ast.parse("day = timezone.localdate(at)")) == []
    assert listed({path: source.clock_readings(tree) for path, tree in trees("actions").items()}) == []


@pytest.mark.parametrize(
    "bad",
    [
        "def close(case, *, by, at): case.save()",
        "def close(*, case, by): case.save()",
        "def close(*, case, at): Case.objects.create()",
        "@transaction.atomic\ndef close(*, case): pass",
    ],
)
def test_a_verb_that_signs_nothing_is_seen(bad):
    assert source.unsigned_verbs(ast.parse(bad))


def test_every_verb_says_by_whom_and_when():
    found = {path: source.unsigned_verbs(tree) for path, tree in trees("actions").items()}
    assert {name for faults in found.values() for _line, name in faults} == set(UNSIGNED)


# --- Templates -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "bad",
    [
        "<script>alert(1)</script>",
        "<style>p{}</style>",
        '<p style="color: red">',
        '<a onclick="x()">',
        '<a href="javascript:x()">',
        '<img src="https://cdn.example.com/x.png">',
        '<link href="//fonts.example.com/x.css">',
        "{% if perms.cases %}",
        "{{ text|safe }}",
        "{% autoescape off %}",
    ],
)
def test_a_fault_in_a_template_is_seen(bad):
    assert source.template_faults(bad)


def test_templates_hold_no_script_style_host_or_unescaped_text():
    pages = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static").rglob("*.svg")]
    found = {path: source.template_faults(path.read_text()) for path in pages}
    assert len(found) > 80
    assert listed(found) == []


def test_no_code_marks_text_as_safe():
    marked = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in source.python_files()
        for number, line in enumerate(path.read_text().split("\n"), 1)
        if "mark_safe" in line or "SafeString(" in line
    ]
    assert marked == []


# --- The rest of the house --------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_model_of_a_room_is_a_plain_model():
    assert all(issubclass(model, models.Model) and not model._meta.proxy for model in our_models())
