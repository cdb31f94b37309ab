"""One world for all tests of the matrix: built once, walked once, and gone again at the end."""

import logging
from collections.abc import Iterator
from unittest import mock

import pytest
import time_machine
from django.db import transaction
from django.test import override_settings

from corporatie.desk.context import Frame
from tests.matrix.walk import Lines, Walker, targets
from tests.matrix.walked import Walk, walk
from tests.matrix.world import World, moment


def pytest_addoption(parser):
    """``pytest tests/matrix --write-matrix`` writes the expected answers again, so that a change is a visible diff."""
    parser.addoption("--write-matrix", action="store_true", help="write tests/matrix/expected.csv again")


# A walk takes minutes: all that looks at one goes to one process, so that it is done once.
WALKS = ("walked", "placed")


def pytest_collection_modifyitems(items):
    """One group for each walk (``--dist loadgroup``)."""
    for item in items:
        for walk_name in WALKS:
            if walk_name in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.xdist_group(walk_name))


@pytest.fixture(scope="package")
def stage(django_db_setup, django_db_blocker) -> Iterator[Walker]:
    """The world, with everyone signed in. Nothing of it is kept."""
    with (
        django_db_blocker.unblock(),
        time_machine.travel(moment(), tick=False),
        override_settings(SECOND_FACTOR_REQUIRED=False),
        # The number on the badge is half of the work of each page and shows nobody's words; it has tests of its own.
        mock.patch.object(Frame, "unread", ""),
        # All that happened on one page: what stands on the next one would be looked at by nobody.
        mock.patch("corporatie.desk.views.timeline.PAGE", 1000),
        transaction.atomic(),
    ):
        yield Walker(World.make(moment()))
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def walked(stage) -> Walk:
    """Every address asked as every colleague, and what was logged meanwhile."""
    lines, root = Lines(), logging.getLogger()
    level, handlers = root.level, root.handlers
    # Thousands of refusals on the screen of whoever runs the tests tell nobody anything.
    root.handlers = [lines]
    root.setLevel(logging.INFO)
    try:
        return walk(stage, targets(stage.world), lines)
    finally:
        root.setLevel(level)
        root.handlers = handlers
