"""How the language of the screens is read: the catalogue, the templates, the code and a rendered page.

Each function takes what it looks at, so that a test can also give it something wrong and see it found.
"""

import ast
import io
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

import polib
from babel.messages.extract import extract_python
from django.template.base import Lexer, TokenType
from django.utils.translation import gettext, ngettext, override, pgettext, templatize

from corporatie.management.commands.update_messages import KEYWORDS, ROOMS

# --- Words ------------------------------------------------------------------------------------------
# The words of the design guide that the screens never use, in every form they take.
FORBIDDEN = (
    r"optione(el|le)", r"invalid", r"ongeldige?", r"submit\w*", r"upload\w*", r"geüpload\w*", r"synchronis\w+",
    r"gesynchroniseerd\w*", r"errors?", r"users?", r"records?", r"items?", r"klik hier", r"gelieve", r"middels",
    r"teneinde", r"betreffende", r"er is iets misgegaan",
)  # fmt: skip
# Words for people and for work that have a better one in this product.
AVOIDED = (
    r"verwarde?", r"daders?", r"probleemhuurders?", r"overlastgevers?", r"cliënt\w*", r"allochto\w+", r"zorgmijders?",
    r"risico-?huurders?", r"zwarte lijst", r"scores?", r"zaak", r"zaken", r"toezegging\w*", r"actiepunt\w*", r"taken?",
    r"dashboard", r"vroegsignalering", r"signalering", r"verwijder\w*", r"export\w*", r"sync",
)  # fmt: skip
INFORMAL = (r"je", r"jij", r"jou", r"jouw", r"jullie", r"jezelf")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")


def words_found(text: str, words: Iterable[str]) -> list[str]:
    """Which of these words stand in the text, as whole words."""
    bare = PLACEHOLDER.sub(" ", text)
    pattern = re.compile(rf"\b(?:{'|'.join(words)})\b", flags=re.IGNORECASE)
    return [match.group() for match in pattern.finditer(bare.replace("\u00ad", ""))]


def sentences(text: str) -> list[str]:
    """The sentences of a text. A colon and a new line end one as well."""
    return [part for part in re.split(r"(?<=[.?!:…])[”’)]?\s+|\n+", text) if part.strip()]


def word_count(text: str) -> int:
    """The number of words; a placeholder counts as one."""
    return len(re.findall(r"[^\s–·→]+", text))


# --- The catalogue ----------------------------------------------------------------------------------
def translations(entry: polib.POEntry) -> list[tuple[str, str]]:
    """The English and the Dutch of an entry, once for each number."""
    if entry.msgid_plural:
        return [(entry.msgid, entry.msgstr_plural.get(0, "")), (entry.msgid_plural, entry.msgstr_plural.get(1, ""))]
    return [(entry.msgid, entry.msgstr)]


def is_translated(entry: polib.POEntry) -> bool:
    """Every form has Dutch, and nobody doubts it."""
    return not entry.fuzzy and not entry.obsolete and all(dutch.strip() for _english, dutch in translations(entry))


def _placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text.replace("%%", "")))


def wrong_placeholders(entry: polib.POEntry) -> list[str]:
    """The Dutch sentences that lost or gained a placeholder."""
    return [dutch for english, dutch in translations(entry) if dutch and _placeholders(english) != _placeholders(dutch)]


# --- Templates --------------------------------------------------------------------------------------
# Attributes that a person reads or hears.
SPOKEN_ATTRIBUTES = {"alt", "title", "aria-label", "aria-description", "placeholder", "label", "data-l", "summary"}
# Names, units and codes that are the same in every language. RH is a code of the flat plan.
NO_WORDS = re.compile(r"(?<!\w)(?:Keukentafel|m²|RH)(?!\w)")
# Arguments of an include that are no words, and filters whose argument is a pattern.
_SIGNS = {"icon", "tone", "url", "id", "back_url", "class"}
_PATTERNS = {"date", "time", "stringformat", "floatformat", "yesno", "pluralize"}
_ARGUMENT = re.compile(r'(\w+)="([^"]*)"')
_FILTER = re.compile(r'\|(\w+):"([^"]*)"')


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.pieces += [text for name, text in attrs if name in SPOKEN_ATTRIBUTES and text]
        if tag == "input" and values.get("type") in {"submit", "button"}:
            self.pieces.append(values.get("value") or "")
        if tag in {"style", "script"}:
            self._silent = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(data)


def pieces_of(page: str) -> list[str]:
    """What a person reads or hears on a page, piece by piece."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return [" ".join(piece.split()) for piece in reader.pieces if piece.strip()]


def _outside_translation(source: str) -> tuple[str, list[str]]:
    """The template without its tags, comments and translated blocks; and the literal words given to tags."""
    markup, words, skip_to = [], [], ""
    for token in Lexer(source).tokenize():
        name = token.contents.split(" ", 1)[0] if token.token_type == TokenType.BLOCK else ""
        if skip_to:
            skip_to = "" if name == skip_to else skip_to
            continue
        if token.token_type == TokenType.TEXT:
            markup.append(token.contents)
        elif name in {"comment", "blocktranslate", "blocktrans"}:
            skip_to = f"end{name}"
        elif name == "block" and token.contents.endswith("class"):
            skip_to = "endblock"
        elif name in {"include", "with"}:
            words += [text for key, text in _ARGUMENT.findall(token.contents) if key not in _SIGNS]
        if token.token_type == TokenType.VAR:
            words += [text for name, text in _FILTER.findall(token.contents) if name not in _PATTERNS]
            markup.append("span" if markup and markup[-1].endswith(("<", "</")) else " ")
    return "".join(markup), [text for text in words if re.search(r"[A-ZÀ-Ý]|\w\s+\w", text)]


def literal_text(source: str, *, is_html: bool = True) -> list[str]:
    """The words in a template that no translation can reach."""
    markup, words = _outside_translation(source)
    pieces = pieces_of(markup) if is_html else [line.strip() for line in markup.splitlines()]
    bare = [NO_WORDS.sub("", piece) for piece in [*pieces, *words]]
    return [piece.strip() for piece in bare if re.search(r"[^\W\d_]", piece)]


# --- Code -------------------------------------------------------------------------------------------
_SAID_BY = {"label", "help_text", "verbose_name", "verbose_name_plural", "empty_label", "short_description"}
_SAYS = {"ValidationError", "success", "warning", "info", "add_error", "PermissionDenied"}


def untranslated_in_code(source: str) -> list[str]:
    """Words in Python that go to a screen without asking for their Dutch."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        values = [word.value for word in node.keywords if word.arg in _SAID_BY]
        if name in _SAYS and not _is_log(node):
            values += node.args[1:] if name == "add_error" else node.args
        found += [value.value for value in values if _is_words(value)]
        found += [ast.unparse(value) for value in values if isinstance(value, ast.JoinedStr)]
    return found


def _is_log(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") in {"log", "logger"}


def _is_words(value: ast.expr) -> bool:
    return (
        isinstance(value, ast.Constant) and isinstance(value.value, str) and bool(re.search(r"[^\W\d_]", value.value))
    )


def code_of_the_rooms(root: Path) -> Iterator[Path]:
    """All Python of the product, without its migrations and its commands."""
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            if not {"migrations", "management", "demo"} & set(path.parts):
                yield path


# --- What Django and allauth say ----------------------------------------------------------------------
def library_sentences(*paths: Path) -> dict[str, str]:
    """Every sentence in these sources, English to the Dutch that our screens would show."""
    found = {}
    files = [file for path in paths for file in ([path] if path.is_file() else sorted(path.rglob("*.*")))]
    for file in files:
        if file.suffix in {".py", ".html"} and not {"migrations", "tests", "management"} & set(file.parts):
            code = file.read_text() if file.suffix == ".py" else _code_of(file.read_text())
            for _line, name, parts, _notes in extract_python(
                io.BytesIO(code.encode()), dict.fromkeys(KEYWORDS), [], {}
            ):
                told = [parts] if isinstance(parts, str) else list(parts or [])
                if told and isinstance(told[0], str) and not str(name).startswith("np"):
                    found |= _shown(str(name), told)
    return found


def _code_of(template: str) -> str:
    # What stands around the messages is no code: only the indent of a line would still matter.
    return "\n".join(line.lstrip("XB \t") for line in templatize(template).splitlines())


def _shown(function: str, told: list[str]) -> dict[str, str]:
    with override("nl"):
        if function.startswith("p"):
            return {told[1]: pgettext(told[0], told[1])}
        if function.startswith("n"):
            return {text: ngettext(told[0], told[1], number) for number, text in ((1, told[0]), (2, told[1]))}
        return {told[0]: gettext(told[0])}


# --- A rendered page ----------------------------------------------------------------------------------
@lru_cache
def _parts(english: tuple[tuple[str, str], ...]) -> list[str]:
    """What stands between the placeholders of each message, as far as that is two words or more."""
    found = set()
    for msgid, msgstr in english:
        for part in PLACEHOLDER.split(msgid):
            text = " ".join(part.split()).strip(" :,.()–")
            if word_count(text) >= 2 and text not in msgstr:
                found.add(text)
    return sorted(found)


def english_on(page: str, english: dict[str, str]) -> list[str]:
    """Messages that stand on the page in English. ``english`` maps each msgid to its Dutch."""
    pieces = pieces_of(page)
    dutch = set(english.values())
    found = {piece for piece in pieces if piece in english and english[piece] != piece and piece not in dutch}
    whole = " ".join(pieces)
    near = [text for text in _parts(tuple(english.items())) if text in whole]
    found |= {text for text in near if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", whole)}
    return sorted(found)
