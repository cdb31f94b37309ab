"""Filling in the forms of a page as someone at a desk would, so that a refusal is asked with a good answer in hand."""

from html.parser import HTMLParser
from urllib.parse import urljoin

TEXT = "Tekst van een toets"
DAY = "2026-11-26"
NOT_SENT = {"csrfmiddlewaretoken"}
# Saving what stands there already changes nothing: somebody else comes along.
ANOTHER = {"second_visitor"}


class _Forms(HTMLParser):
    """The POST forms of one page: address -> name -> values."""

    def __init__(self, url: str) -> None:
        """Addresses are relative to the page itself."""
        super().__init__()
        self.url = url
        self.forms: list[tuple[str, dict[str, list[str]]]] = []
        self._fields: dict[str, list[str]] | None = None
        self._select: str = ""
        self._area: str = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A form, or one of its questions."""
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._fields = None
            if at.get("method", "get").lower() == "post":
                self._fields = {}
                self.forms.append((urljoin(self.url, at.get("action", "")), self._fields))
        elif self._fields is not None and ("disabled" not in at):
            self._question(tag, at)

    def _question(self, tag: str, at: dict[str, str]) -> None:
        name = at.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self._choice(self._select, at.get("value", ""), is_chosen="selected" in at)
        elif tag == "textarea":
            self._area = name
            self._fields[name] = [TEXT]
        elif tag in {"input", "button"} and name and name not in NOT_SENT:
            self._input(name, at)

    def _input(self, name: str, at: dict[str, str]) -> None:
        kind, value = at.get("type", "text"), at.get("value", "")
        if kind == "radio":
            self._choice(name, value, is_chosen="checked" in at)
        elif kind == "checkbox":
            if "checked" in at or "required" in at:
                self._fields.setdefault(name, []).append(value or "on")
        elif kind in {"submit", "hidden"}:
            self._fields.setdefault(name, [value])
        elif kind == "file":
            return
        else:
            self._fields[name] = [value or {"date": DAY, "time": "10:00", "number": "1"}.get(kind, TEXT)]
            if at.get("maxlength", "").isdigit():
                self._fields[name] = [self._fields[name][0][: int(at["maxlength"])]]

    def _choice(self, name: str, value: str, *, is_chosen: bool) -> None:
        chosen = self._fields.get(name)
        if is_chosen or (value and name in ANOTHER) or (value and not (chosen and chosen[0])):
            self._fields[name] = [value]

    def handle_endtag(self, tag: str) -> None:
        """The end of a form or a list of choices."""
        if tag == "select":
            self._select = ""
        elif tag == "form":
            self._fields = None


def filled(html: str, url: str) -> dict[str, dict[str, list[str]]]:
    """What the forms of this page would send when filled in, by address."""
    reader = _Forms(url)
    reader.feed(html)
    found: dict[str, dict[str, list[str]]] = {}
    for address, fields in reader.forms:
        found.setdefault(address, fields)
    return found
