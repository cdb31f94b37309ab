"""The shape of a fact: what a room writes down when something happened."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, get_type_hints

from django.utils.translation import gettext as _

_KINDS: dict[str, type["Fact"]] = {}
_FIELDS: dict[type["Fact"], dict[str, Any]] = {}

# What a field of a fact may hold, and nothing else. A line is never changed and outlives a request to forget: whoever
# it is about, and whoever did it, stands in it by number. The words are looked up when a line is shown.
Key = Annotated[str, re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
Code = Annotated[str, re.compile(r"[A-Za-z0-9_]{1,40}")]
Codes = Annotated[list[str], re.compile(r"[A-Za-z0-9_]{1,40}")]
# A day, and a moment or nothing, as ISO writes them.
Day = Annotated[str, re.compile(r"\d{4}-\d\d-\d\d")]
Moment = Annotated[str, re.compile(r"(\d{4}-\d\d-\d\dT[\d:.]+([+-]\d\d:\d\d|Z)?)?")]
# The number of a colleague; nothing for one whom an older line named and whom nobody knows.
Colleague = Annotated[int | None, re.compile(r"\d+|None")]


@dataclass(frozen=True)
class Fact:
    """One kind of thing that can happen. A room subclasses this in its ``facts.py``.

    ``code`` is stored and never changes; ``sentence`` is a translatable template over the fields, each of which is a
    ``Key``, a ``Code``, ``Codes``, a ``Day``, a ``Moment`` or a ``Colleague``; ``icon`` is the sign in the timeline;
    ``group`` is the filter chip it falls under; ``is_system`` lines are folded together.
    """

    code: ClassVar[str]
    sentence: ClassVar[Any]
    icon: ClassVar[str] = "check"
    group: ClassVar[str] = "system"
    is_system: ClassVar[bool] = False
    # (label, field): a line that tells of another subject too is for who may know of both.
    told_with: ClassVar[tuple[str, str] | None] = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Know every kind, so that a stored line can be read back."""
        super().__init_subclass__(**kwargs)
        if cls.code in _KINDS and _KINDS[cls.code].__module__ != cls.__module__:
            raise TypeError(f"two kinds of fact are called {cls.code}")
        _KINDS[cls.code] = cls

    def as_data(self) -> dict[str, Any]:
        """The fields, ready to be stored as JSON. Raises ``ValueError`` for anything but an id or a code."""
        data = asdict(self)
        for name, kind in _fields_of(type(self)).items():
            values = data[name] if isinstance(data[name], list) else [data[name]]
            if not all(kind.__metadata__[0].fullmatch(str(value)) for value in values):
                raise ValueError(f"{name} of {self.code} is neither an id nor a code")
        return data

    def happened(self, written_at: datetime) -> datetime:
        """When it was: when it was written down, unless the fact says another moment in ``happened_at``."""
        return happened(self.as_data(), written_at)

    @classmethod
    def of_colleagues(cls) -> list[str]:
        """The fields that hold the number of a colleague."""
        return [name for name, kind in _fields_of(cls).items() if kind == Colleague]

    def tell(self, names: Mapping[int, str] = MappingProxyType({})) -> str:
        """The sentence a colleague reads in the timeline. ``names`` are those of the colleagues in it, by number."""
        words = self.words()
        for field in self.of_colleagues():
            words[field] = names.get(words[field]) or _("a colleague")
        return str(self.sentence).format(**words)

    def words(self) -> dict[str, Any]:
        """The fields as words for the sentence. A kind with codes turns them into words here."""
        return asdict(self)


def happened(data: Mapping[str, Any], written_at: datetime) -> datetime:
    """When the fact with this ``data`` was. What is written later does not happen later."""
    moment = data.get("happened_at")
    return datetime.fromisoformat(moment) if moment else written_at


def said_of(happened_at: datetime, *, written_at: datetime) -> str:
    """What a fact keeps as its ``happened_at``: nothing when it is written down at once."""
    return "" if happened_at == written_at else happened_at.isoformat()


def _fields_of(kind: type[Fact]) -> dict[str, Any]:
    # Read once for each kind: an import writes thousands of lines.
    if kind not in _FIELDS:
        hints = get_type_hints(kind, include_extras=True)
        _FIELDS[kind] = {field.name: hints[field.name] for field in fields(kind)}
    return _FIELDS[kind]


def kind_of(code: str) -> type[Fact]:
    """The kind with this code. Raises ``KeyError`` for a code nobody knows."""
    return _KINDS[code]


def kinds() -> dict[str, type[Fact]]:
    """All kinds by code."""
    return dict(_KINDS)
