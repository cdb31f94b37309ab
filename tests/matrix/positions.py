"""Everybody in every place that somebody can be given: owner, handler, visitor, reader, stand-in. What does it open?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse

from cases.models import Case, CaseReader, Signal
from corporatie.staff.models import Absence
from corporatie.work.models import FollowUp
from tests.matrix.forms import filled
from tests.matrix.walk import Answer, Target, Walker, endpoints, fingerprint, kind_of
from tests.matrix.world import World, moment
from visits.models import Visit

# One of each role; Carla has the role for it, in another team.
ACTORS = ("carla", "wim", "rachid", "petra", "dirk", "mila", "olga", "hans")
# Who may do all there is to do, to fill in the forms.
IN_PLACE = {"own": "anna", "secret": "bram"}


@dataclass(frozen=True)
class Position:
    """A place and whose: ``put`` puts a colleague there; ``objects`` are those it is about."""

    name: str
    put: Callable[[World, Any], None]
    objects: tuple[tuple[str, str], ...]


def _set(model: Any, kind: str, which: str, *fields: str, **also: Any) -> Callable[[World, Any], None]:
    def put(world: World, user: Any) -> None:
        row = model._default_manager.filter(pk=world.objects[kind][which])
        row.update(**dict.fromkeys(fields, user), **also)

    return put


def _reads(which: str, *, is_second: bool) -> Callable[[World, Any], None]:
    def put(world: World, user: Any) -> None:
        readers = CaseReader.objects.filter(case_id=world.objects["case"][which])
        # One place for a second reader; and nobody is named twice.
        (readers.filter(is_second=True) if is_second else readers.filter(user=user)).delete()
        CaseReader.objects.update_or_create(
            case_id=world.objects["case"][which], user=user, defaults={"is_second": is_second}
        )

    return put


def _stands_in(*whose: str) -> Callable[[World, Any], None]:
    def put(world: World, user: Any) -> None:
        today = world.cast.at.date()
        for name in whose:
            colleague = getattr(world.cast, name)
            if colleague != user:
                Absence.objects.create(user=colleague, substitute=user, from_on=today, until_on=today)

    return put


def _second_while_away(world: World, user: Any) -> None:
    _reads("secret", is_second=True)(world, user)
    _stands_in("bram")(world, world.cast.anna)


def _nowhere(world: World, user: Any) -> None:
    """Nothing was given to her."""


OWN_CASE = (("case", "own"), ("follow_up", "step"))
SECRET_CASE = (("case", "secret"), ("follow_up", "secret"), ("visit", "secret"), ("visit", "secret planned"))
ALL = (*OWN_CASE, *SECRET_CASE, ("follow_up", "own"), ("visit", "own"), ("signal", "own"), ("signal", "secret"))

POSITIONS = (
    Position("nowhere", _nowhere, (*ALL, ("flag", "own"))),
    Position("owner of the promise", _set(FollowUp, "follow_up", "own", "owner"), (("follow_up", "own"),)),
    Position("owner of the step", _set(FollowUp, "follow_up", "step", "owner"), OWN_CASE),
    Position("owner of the secret step", _set(FollowUp, "follow_up", "secret", "owner"), SECRET_CASE[:2]),
    Position("handler", _set(Case, "case", "own", "handler"), OWN_CASE),
    Position("handler of the secret case", _set(Case, "case", "secret", "handler"), SECRET_CASE[:2]),
    Position("named reader", _reads("own", is_second=False), OWN_CASE),
    Position("named reader of the secret case", _reads("secret", is_second=False), SECRET_CASE),
    Position("second reader", _reads("secret", is_second=True), SECRET_CASE),
    Position("second reader while the handler is away", _second_while_away, SECRET_CASE),
    Position("visitor", _set(Visit, "visit", "own", "visitor", second_visitor=None), (("visit", "own"),)),
    Position("second visitor", _set(Visit, "visit", "own", "second_visitor"), (("visit", "own"),)),
    Position(
        "visitor for the secret case",
        _set(Visit, "visit", "secret planned", "visitor", second_visitor=None),
        (("visit", "secret planned"), ("case", "secret")),
    ),
    Position(
        "handler of the signal",
        _set(Signal, "signal", "own", "handler", status="taken_up", taken_up_at=moment()),
        (("signal", "own"),),
    ),
    Position(
        "handler of the secret signal",
        _set(Signal, "signal", "secret", "handler", status="taken_up", taken_up_at=moment()),
        (("signal", "secret"),),
    ),
    Position("reporter of the secret signal", _set(Signal, "signal", "secret", "created_by"), (("signal", "secret"),)),
    Position("stand-in", _stands_in("anna", "bram"), (*ALL, ("flag", "own"))),
    Position("stand-in of the lead", _stands_in("dirk"), (("signal", "secret"), ("flag", "own"), ("case", "own"))),
)


def targets_of(world: World, objects: tuple[tuple[str, str], ...]) -> Iterator[Target]:
    """Every address of these objects."""
    for endpoint in endpoints():
        if len(endpoint.parameters) != 1 or endpoint.name.startswith(("admin:", "/", "account_", "dev_")):
            continue
        try:
            kind = kind_of(endpoint.name)
        except LookupError:
            continue
        for which in (which for found, which in objects if found == kind):
            key = world.objects[kind][which]
            yield Target(endpoint.name, which, reverse(endpoint.name, kwargs={endpoint.parameters[0]: key}))


def walk_positions(walker: Walker) -> dict[tuple[str, str, str, str], dict[str, Answer]]:
    """Position, page, object, method -> colleague -> answer. Nothing of it stays."""
    world, tables, before = walker.world, walker.tables, walker.before
    # What a refusal changed is asked in the walk; here what it wrote is enough.
    walker.tables, walker.before = [], fingerprint([])
    found: dict[tuple[str, str, str, str], dict[str, Answer]] = {}
    try:
        with transaction.atomic():
            world.keep("visit", "secret planned", _secret_visit(world))
            forms = _forms(walker)
            for position in POSITIONS:
                for actor in ACTORS:
                    with transaction.atomic():
                        position.put(world, getattr(world.cast, actor))
                        for target in targets_of(world, position.objects):
                            seen = walker.ask(actor, target, "GET")
                            # What stands in her own form, where she gets one: it says whose it was.
                            data = filled(seen.body, target.url).get(target.url) if seen.code == 200 else None
                            sent = walker.ask(actor, target, "POST", data or forms.get(target.url, {}))
                            for method, answer in (("GET", seen), ("POST", sent)):
                                key = (position.name, target.name, target.which, method)
                                found.setdefault(key, {})[actor] = answer
                        transaction.set_rollback(True)
            transaction.set_rollback(True)
    finally:
        walker.tables, walker.before = tables, before
        world.objects["visit"].pop("secret planned", None)
    return found


def _secret_visit(world: World) -> Visit:
    return world.cast.visit(
        by=world.cast.bram, case=world.secret_case, second_visitor=world.cast.dirk, on=_tomorrow(world)
    )


def _tomorrow(world: World) -> Any:
    return world.cast.at.date() + timedelta(days=1)


def _forms(walker: Walker) -> dict[str, dict[str, list[str]]]:
    forms: dict[str, dict[str, list[str]]] = {}
    for target in targets_of(walker.world, (*ALL, ("flag", "own"))):
        for actor in (*IN_PLACE.values(), "dirk"):
            answer = walker.ask(actor, target, "GET")
            if answer.code == 200:
                for url, fields in filled(answer.body, target.url).items():
                    forms.setdefault(url, fields)
    return forms
