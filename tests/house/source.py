"""Reading the house's own source: the rules of ``docs/house.md`` as functions over a syntax tree.

Each rule gives the faults it found as ``(line, words)``, so that a test can show it red on a bad example first.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "corporatie/subjects",
    "corporatie/journal",
    "corporatie/staff",
    "corporatie/privacy",
    "corporatie/work",
    "corporatie/desk",
    "tenants",
    "cases",
    "visits",
    "projects",
)
DOORS = ("views", "forms", "tasks", "admin", "urls")
ANSWERING = ("views", "forms", "middleware", "context", "templatetags", "adapters", "tasks")

# After `Model.objects` only these may come in a file that answers requests. Each asks who is looking, or shows nothing.
SCOPED = {
    "visible_to": "what this colleague may know of",
    "none": "nothing at all: a choice field before its rows are passed in",
    "known_by_handler": "dossiers one may not read; only the handler's name is told (takes the user)",
}
# Parts of a row that are exactly as visible as the row itself, so that they may be read from it.
PARTS = {"topics": "what a report is about: whoever may read the report reads these"}
ROW_METHODS = {
    "all",
    "filter",
    "exclude",
    "get",
    "first",
    "last",
    "count",
    "exists",
    "values",
    "values_list",
    "order_by",
}
CLOCKS = {"timezone.now", "date.today", "datetime.now", "datetime.today", "datetime.utcnow", "time.time"}
CLOCKS_WITHOUT_ARGUMENT = {"timezone.localdate", "timezone.localtime"}
WRITING = {
    "create",
    "save",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "write",
    "write_many",
    "execute",
}
Fault = tuple[int, str]


def python_files() -> Iterator[Path]:
    """Every Python file of the rooms and the roof, migrations apart."""
    for top in ("corporatie", "tenants", "cases", "visits", "projects"):
        for path in sorted((ROOT / top).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def furniture(name: str) -> Iterator[Path]:
    """The files that play this part in any room: ``views.py``, or every file of the package ``views/``."""
    for room in ROOMS:
        base = ROOT / room
        if (base / f"{name}.py").exists():
            yield base / f"{name}.py"
        if (base / name).is_dir():
            yield from sorted((base / name).rglob("*.py"))


def modules_of(room: str) -> set[str]:
    """The furniture that stands in a room, as names of modules."""
    base = ROOT / room
    files = {path.stem for path in base.glob("*.py")} | {path.parent.name for path in base.glob("*/__init__.py")}
    return files - {"__init__", "migrations"}


def dotted(node: ast.AST) -> str:
    """``timezone.now`` for that expression; empty for anything that is no plain name."""
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else node.attr
    return node.id if isinstance(node, ast.Name) else ""


def scoped_accessors() -> set[str]:
    """The names by which one row reaches many rows that know a ``visible_to`` of their own (``tenancy.visits``)."""
    names = set()
    for model in apps.get_models():
        for relation in model._meta.related_objects:
            if hasattr(relation.related_model._default_manager, "visible_to") and relation.get_accessor_name():
                names.add(relation.get_accessor_name())
    return names - PARTS.keys()


def past_visible_to(tree: ast.AST, accessors: set[str]) -> list[Fault]:
    """Every way to the data that does not go through ``visible_to``.

    ``Model.objects`` must continue with a name of ``SCOPED``; a relation to rows that have a ``visible_to`` must not be
    followed backwards; no other managers, no cursors, no SQL, no bare model in a shortcut or in a class-based view.
    """
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    faults: list[Fault] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            after = parents.get(node)
            following = after.attr if isinstance(after, ast.Attribute) else ""
            straight = node.attr == "objects" and following not in SCOPED
            backwards = node.attr in accessors and following in ROW_METHODS and not _is_own_relation(node)
            if straight or backwards:
                faults.append((node.lineno, f"{dotted(node)}.{following}"))
            elif node.attr in {"_default_manager", "_base_manager", "raw", "extra", "cursor"}:
                faults.append((node.lineno, dotted(node)))
        elif isinstance(node, ast.Call):
            name = dotted(node.func)
            if name == "RawSQL" or name.endswith(".RawSQL"):
                faults.append((node.lineno, name))
            if name.split(".")[-1] in {"get_object_or_404", "get_list_or_404"} and _is_a_model(node.args[0]):
                faults.append((node.lineno, f"{name}({dotted(node.args[0])})"))
        elif isinstance(node, ast.ClassDef):
            faults += [
                (line.lineno, f"{node.name}.model")
                for line in node.body
                if isinstance(line, ast.Assign) and any(dotted(target) == "model" for target in line.targets)
            ]
    return faults


def more_than_numbers(tree: ast.AST) -> list[Fault]:
    """Every row that is read where nobody asks who looks: after ``Model.objects`` all must end in a sum.

    A question within a question (``Exists``) gives no row either.
    """
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    faults: list[Fault] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        if node.attr in {"_default_manager", "_base_manager", "raw", "extra", "cursor"}:
            faults.append((node.lineno, dotted(node)))
        elif node.attr == "objects":
            last, outer = "", parents[node]
            while isinstance(outer, ast.Attribute) or (isinstance(outer, ast.Call) and outer.func is node):
                last = outer.attr if isinstance(outer, ast.Attribute) else last
                node, outer = outer, parents[outer]
            if last != "aggregate" and not (isinstance(outer, ast.Call) and dotted(outer.func) == "Exists"):
                faults.append((node.lineno, f"ends in {last or 'objects'}"))
    return faults


def names_module(tree: ast.AST, module: str) -> bool:
    """Whether this file names the module, or anything of it, to use it."""
    package, _dot, last = module.rpartition(".")
    return any(
        (isinstance(node, ast.ImportFrom) and (node.module or "").startswith(module))
        or (isinstance(node, ast.ImportFrom) and node.module == package and any(a.name == last for a in node.names))
        or (isinstance(node, ast.Import) and any(a.name.startswith(module) for a in node.names))
        for node in ast.walk(tree)
    )


def _is_own_relation(node: ast.Attribute) -> bool:
    # request.user.notices and the like still ask about oneself only.
    return dotted(node.value) in {"request.user", "user", "self"}


def _is_a_model(node: ast.AST) -> bool:
    return dotted(node).split(".")[-1][:1].isupper()


def clock_readings(tree: ast.AST) -> list[Fault]:
    """Every place that asks what time it is."""
    return [
        (node.lineno, dotted(node.func))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (
            dotted(node.func) in CLOCKS
            or (dotted(node.func) in CLOCKS_WITHOUT_ARGUMENT and not node.args and not node.keywords)
        )
    ]


def unsigned_verbs(tree: ast.Module) -> list[Fault]:
    """Public functions that write without saying by whom and when, or that take arguments by place."""
    faults = []
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_") or not _writes(node):
            continue
        named = {argument.arg for argument in node.args.kwonlyargs}
        if node.args.args or node.args.posonlyargs or not {"by", "at"} <= named:
            faults.append((node.lineno, node.name))
    return faults


def _writes(function: ast.FunctionDef) -> bool:
    atomic = any("atomic" in dotted(decorator) for decorator in function.decorator_list)
    return atomic or any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITING
        for node in ast.walk(function)
    )


def hidden_wiring(tree: ast.AST) -> list[Fault]:
    """Django's signals under any name, and ``save`` or ``delete`` with a will of its own."""
    faults: list[Fault] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            module = node.module or ""
            is_ours = module.split(".")[0] in {"corporatie", "tenants", "cases", "visits", "projects"}
            if module.startswith("django.dispatch") or (module.endswith(".signals") and not is_ours):
                faults.append((node.lineno, module))
            faults += [(node.lineno, each.name) for each in node.names if each.name in {"receiver", "signals"}]
        elif isinstance(node, ast.Import):
            faults += [(node.lineno, each.name) for each in node.names if "signals" in each.name.split(".")]
        elif isinstance(node, ast.Name | ast.Attribute) and dotted(node).split(".")[-1] in {
            "post_save",
            "pre_save",
            "post_delete",
            "pre_delete",
            "m2m_changed",
        }:
            faults.append((node.lineno, dotted(node)))
    return faults


TEMPLATE_RULES = {
    "a script in the page": re.compile(r"<script(?![^>]*\ssrc=)[^>]*>", re.IGNORECASE),
    "a style in the page": re.compile(r"<style\b", re.IGNORECASE),
    "a style on a tag": re.compile(r"<[a-z][^<>]*\sstyle\s*=", re.IGNORECASE),
    "an event on a tag": re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "a foreign host": re.compile(r"(?:https?:)?//(?!www\.w3\.org/2000/svg)[a-z0-9.-]+\.[a-z]{2,}", re.IGNORECASE),
    "Django's own permissions": re.compile(r"\bperms\."),
    # Crispy forms hands these three over as HTML it made itself, through the templates in templates/bootstrap5.
    "text that is not escaped": re.compile(
        r"(?<!{{ fields)(?<!{{ fields_output)(?<!{{ buttons)\|\s*safe(?:seq)?\b|{%\s*autoescape\s+off"
    ),
}


def template_faults(text: str) -> list[Fault]:
    """What no template may hold."""
    return [
        (text.count("\n", 0, found.start()) + 1, what)
        for what, pattern in TEMPLATE_RULES.items()
        for found in pattern.finditer(text)
    ]


def template_reaches(text: str, accessors: set[str]) -> list[Fault]:
    """Templates that walk backwards to rows with a ``visible_to`` of their own."""
    pattern = re.compile(rf"\.({'|'.join(sorted(accessors))})\.({'|'.join(sorted(ROW_METHODS))})\b")
    return [(text.count("\n", 0, found.start()) + 1, found.group(0)) for found in pattern.finditer(text)]


def listed(faults: dict[Path, list[Fault]]) -> list[str]:
    """Faults as one reads them: ``cases/views.py:12 Case.objects.all``."""
    return [f"{path.relative_to(ROOT)}:{line} {words}" for path, found in faults.items() for line, words in found]
