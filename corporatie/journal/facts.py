"""The shape of a fact: what a room writes down when something happened."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar

_KINDS: dict[str, type["Fact"]] = {}


@dataclass(frozen=True)
class Fact:
    """One kind of thing that can happen. A room subclasses this in its ``facts.py``.

    ``code`` is stored and never changes; ``sentence`` is a translatable template over the fields, which hold
    ids and plain words only, never what someone wrote; ``icon`` is the sign in the timeline; ``group`` is the
    filter chip it falls under; ``is_system`` lines are folded together.
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
        """The fields, ready to be stored as JSON."""
        return asdict(self)

    def happened(self, written_at: datetime) -> datetime:
        """When it was: when it was written down, unless the fact says another moment in ``happened_at``."""
        return happened(self.as_data(), written_at)

    def tell(self) -> str:
        """The sentence a colleague reads in the timeline."""
        return str(self.sentence).format(**self.words())

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


def kind_of(code: str) -> type[Fact]:
    """The kind with this code. Raises ``KeyError`` for a code nobody knows."""
    return _KINDS[code]


def kinds() -> dict[str, type[Fact]]:
    """All kinds by code."""
    return dict(_KINDS)
