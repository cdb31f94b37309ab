"""The walk itself: first everything one can look at, then everything one can send."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.test import override_settings

from tests.matrix.forms import filled
from tests.matrix.walk import OTHERS, Answer, Lines, Target, Walker

# Signed in, but with one factor where two are asked.
ONE_FACTOR = "one factor"


@dataclass
class Walk:
    """All that came back."""

    answers: list[Answer]
    lines: Lines
    forms: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def table(self) -> dict[tuple[str, str, str], dict[str, str]]:
        """The matrix: name, whose, method -> who -> answer."""
        rows: dict[tuple[str, str, str], dict[str, str]] = {}
        for answer in self.answers:
            if answer.method in ("GET", "POST"):
                rows.setdefault(answer.cell, {})[answer.actor] = answer.status
        return rows


def walk(walker: Walker, addresses: list[Target], lines: Lines | None = None) -> Walk:
    """Ask every address as every colleague: GET, then POST with the form filled in, then the methods nobody uses."""
    done = Walk([], lines or Lines())
    for actor in walker.world.actors:
        for target in addresses:
            answer = walker.ask(actor, target, "GET")
            done.answers.append(answer)
            if answer.code == 200 and actor != "anonymous":
                for url, fields in filled(answer.body, target.url).items():
                    done.forms.setdefault(url, fields)
    for actor in walker.world.actors:
        for target in addresses:
            done.answers.append(walker.ask(actor, target, "POST", done.forms.get(target.url, {})))
    done.answers += with_one_factor(walker, addresses, done.forms)
    done.answers += with_unused_methods(walker, addresses)
    return done


def with_one_factor(
    walker: Walker, addresses: Iterable[Target], forms: dict[str, dict[str, list[str]]]
) -> list[Answer]:
    """Anna, before she has set up her second factor, where the association asks two."""
    walker.cookies[ONE_FACTOR] = walker.cookies["anna"]
    with override_settings(SECOND_FACTOR_REQUIRED=True):
        return [
            walker.ask(ONE_FACTOR, target, method, forms.get(target.url, {}) if method == "POST" else None)
            for target in addresses
            for method in ("GET", "POST")
        ]


def with_unused_methods(walker: Walker, addresses: Iterable[Target]) -> list[Answer]:
    """HEAD, OPTIONS, PUT, PATCH and DELETE: on one address of each page, as four who differ."""
    first: dict[str, Target] = {}
    for target in addresses:
        first.setdefault(target.name, target)
    return [
        walker.ask(actor, target, method)
        for actor in ("anonymous", "anna", "carla", "hans")
        for target in first.values()
        for method in OTHERS
    ]
