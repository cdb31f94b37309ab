"""Do the keys of this installation open what its database holds?"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import F, Model, TextField
from django.db.models.functions import Cast

from corporatie.subjects.encryption import EncryptedTextField, opens
from corporatie.subjects.models import KeySeal

# What begins like this is a token.
TOKEN = "gAAAA"  # noqa: S105  (no password)


def keys_fit() -> bool:
    """Whether one of the keys opens the seal; where there is none yet, anything of what was closed last."""
    seal = KeySeal.objects.values_list("token", flat=True).first()
    tokens = [seal] if seal else list(_newest_tokens())
    return not tokens or any(map(opens, tokens))


def file_is_whole() -> bool:
    """Whether SQLite finds no fault in its file. Reads all of it."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(1)")
        return bool(cursor.fetchone() == ("ok",))


def sealed_columns() -> list[tuple[type[Model], str]]:
    """Every encrypted column of the house."""
    return [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField)
    ]


def second_factors() -> Any:
    """The rows that hold the seeds of second factors, encrypted by ourselves."""
    return apps.get_model("mfa", "Authenticator")._default_manager.all()


def as_it_lies(model: type[Model], column: str) -> Any:
    """The rows of a column with the ``token`` that the database holds, unopened."""
    return model._default_manager.annotate(token=Cast(F(column), TextField()))


def tokens_in(data: dict[str, Any]) -> dict[str, str]:
    """What is closed in the row of a second factor."""
    return {name: value for name, value in data.items() if isinstance(value, str) and value.startswith(TOKEN)}


def _newest_tokens() -> Iterator[str]:
    for model, column in sealed_columns():
        yield from as_it_lies(model, column).order_by("-pk").values_list("token", flat=True)[:1]
    for data in second_factors().order_by("-pk").values_list("data", flat=True)[:1]:
        yield from tokens_in(data).values()
