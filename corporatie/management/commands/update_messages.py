"""Keep the Dutch catalogue in step with the code and the templates, without gettext."""

import fcntl
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
from babel.messages.extract import extract_python
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import templatize

CATALOGUE = Path("locale/nl/LC_MESSAGES/django.po")
ROOMS = ("corporatie", "tenants", "visits", "cases", "projects")
# Function name -> positions of msgid, plural and context, in the form Babel wants.
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
Key = tuple[str, str, str]


def messages_in(root: Path) -> Iterator[tuple[Key, str]]:
    """Every message of the code and the templates as ((context, msgid, plural), file)."""
    sources = [path for room in ROOMS for path in sorted((root / room).rglob("*.py")) if "migrations" not in path.parts]
    templates = sorted(path for path in (root / "templates").rglob("*") if path.suffix in {".html", ".txt"})
    for path in sources + templates:
        text = path.read_text()
        code = templatize(text, origin=str(path)) if path in templates else text
        for _line, name, found, _comments in _extract(code):
            function = str(name)
            parts = [found] if isinstance(found, str) else list(found)
            if not parts or not all(isinstance(part, str) for part in _told(function, parts)):
                continue
            yield _key(function, parts), str(path.relative_to(root))


def _extract(code: str) -> Iterator[tuple[int, Any, Any, Any]]:
    keywords: dict[str, Any] = dict.fromkeys(KEYWORDS)
    return iter(extract_python(io.BytesIO(code.encode()), keywords, [], {}))


def _told(function: str, parts: list[Any]) -> list[Any]:
    wanted = {"ngettext": 2, "ngettext_lazy": 2, "pgettext": 2, "pgettext_lazy": 2, "npgettext": 3}
    return parts[: wanted.get(function, 1)]


def _key(function: str, parts: list[Any]) -> Key:
    told = _told(function, parts)
    if function.startswith("np"):
        return told[0], told[1], told[2]
    if function.startswith("p"):
        return told[0], told[1], ""
    if function.startswith("n"):
        return "", told[0], told[1]
    return "", told[0], ""


def _key_of(entry: polib.POEntry) -> Key:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


class Command(BaseCommand):
    """Extract, merge, report and compile."""

    help = "Update locale/nl from the code and the templates; --add merges translations; --missing lists the gaps."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The ways to call it."""
        parser.add_argument("--add", type=Path, help="a PO file whose translations are merged in")
        parser.add_argument("--missing", action="store_true", help="only list what has no Dutch yet; exit 1 if any")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run under a lock, so that two people can work at once."""
        root = Path(settings.BASE_DIR)
        path = root / CATALOGUE
        path.parent.mkdir(parents=True, exist_ok=True)
        with (path.parent / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._run(root, path, **options)

    def _run(self, root: Path, path: Path, *, add: Path | None, missing: bool, **_options: Any) -> None:
        known = {_key_of(entry): entry for entry in polib.pofile(str(path))} if path.exists() else {}
        for entry in polib.pofile(str(add)) if add else []:
            known[_key_of(entry)] = entry
        found: dict[Key, set[str]] = {}
        for key, where in messages_in(root):
            found.setdefault(key, set()).add(where)
        gaps = [key for key in found if not (key in known and (known[key].msgstr or known[key].msgstr_plural))]
        if missing:
            for _context, msgid, _plural in sorted(gaps):
                self.stdout.write(msgid)
            if gaps:
                raise CommandError(f"{len(gaps)} messages have no Dutch yet.")
            return
        catalogue = polib.POFile(wrapwidth=110)
        catalogue.metadata = {
            "Language": "nl",
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "Plural-Forms": "nplurals=2; plural=(n != 1);",
        }
        for key in sorted(set(found) | (set(known) if add else set())):
            catalogue.append(self._entry(key, known.get(key), found.get(key, set())))
        catalogue.save(str(path))
        call_command("compilemessages", stdout=self.stdout)
        self.stdout.write(f"{len(found)} messages, {len(gaps)} without Dutch")

    @staticmethod
    def _entry(key: Key, old: polib.POEntry | None, where: set[str]) -> polib.POEntry:
        context, msgid, plural = key
        entry = polib.POEntry(msgid=msgid, occurrences=[(name, "") for name in sorted(where)])
        if context:
            entry.msgctxt = context
        if plural:
            entry.msgid_plural = plural
            entry.msgstr_plural = dict(old.msgstr_plural) if old else {}
        else:
            entry.msgstr = old.msgstr if old else ""
        if "%(" in msgid or "%d" in msgid or "%s" in msgid:
            entry.flags.append("python-format")
        return entry
