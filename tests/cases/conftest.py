"""The pages of this room, on the cast's day."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from cases.states import FlagKind, Severity, SignalType
from corporatie.privacy.models import Access


@pytest.fixture(autouse=True)
def _today(time_machine_at):
    """All of this happens on the cast's day."""


@pytest.fixture
def visit_page(client):
    """Open a page as this colleague; gives the answer."""

    def visit(user, name, *args, **query):
        client.force_login(user)
        return client.get(reverse(name, args=args), query)

    return visit


@pytest.fixture
def send(client):
    """Send a form as this colleague; gives the answer, not followed."""

    def post(user, name, *args, query="", **data):
        client.force_login(user)
        return client.post(reverse(name, args=args) + query, data)

    return post


@pytest.fixture
def text_of():
    """What stands on a page, without the marks of HTML."""

    def read(response):
        html = re.sub(r"<(script|style).*?</\1>", "", response.content.decode(), flags=re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", " ", html).split())

    return read


@pytest.fixture
def secret_signal(cast):
    """Wim reports a worry that only few may know of."""
    return cast.signal(by=cast.wim, type=SignalType.CHILDREN, seen="Het jongste kind stond alleen buiten.")


@pytest.fixture
def secret_case(cast):
    """Anna handles a secret dossier."""
    return cast.case(types=[SignalType.CHILDREN], goal="Rust in huis")


@pytest.fixture
def flag(cast, at):
    """Dirk decided that one visits with two."""
    from datetime import timedelta

    from cases.actions import decide_flag

    return decide_flag(
        tenancy=cast.bos,
        kind=FlagKind.TWO_VISITORS,
        instruction="Spreek af wie het gesprek leidt.",
        reason="Er is op 3 maart met een stoel gegooid.",
        review_on=at.date() + timedelta(days=180),
        told_on=at.date(),
        by=cast.dirk,
        at=at,
    )


@pytest.fixture
def answers():
    """What someone fills in, for each form."""
    return {
        "signal": lambda **more: {
            "client_uuid": str(uuid4()),
            "type": SignalType.NOISE,
            "severity": Severity.HIGH,
            "seen": "Harde muziek op de trap.",
            **more,
        },
        "case": lambda who, **more: {
            "client_uuid": str(uuid4()),
            "type": SignalType.NOISE,
            "severity": Severity.MEDIUM,
            "handler": who.pk,
            "problem_owner": "neighbours",
            "step_what": "Bel mevrouw",
            "step_owner": who.pk,
            "step_due_on": "2026-11-27",
            **more,
        },
        "flag": lambda **more: {
            "client_uuid": str(uuid4()),
            "kind": FlagKind.DOG,
            "review_on": "2027-05-01",
            "told_on": "2026-11-24",
            **more,
        },
    }


@pytest.fixture
def looks():
    """What was written down about looking, oldest first."""
    return lambda: list(Access.objects.order_by("id").values_list("by__name", "look", "subject_label"))
