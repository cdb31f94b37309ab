"""The seal of the keys is closed, and closed anew when there is a newer key."""

from django.db import transaction
from django.db.models import TextField, Value

from corporatie.subjects.encryption import UnreadableTextError, WrongKeysError, decrypt, encrypt, is_newest
from corporatie.subjects.models import KeySeal
from corporatie.subjects.rules import as_it_lies, keys_fit, sealed_columns, second_factors, tokens_in


@transaction.atomic
def seal_keys() -> int:
    """Close the seal with the newest key, and with it all that an older key closed: that one may then go.

    Does nothing when the newest key closed it already. Returns how many texts no key opens: those stay as they are.
    Raises ``WrongKeysError`` when the keys are not those the database was filled with.
    """
    if not keys_fit():
        raise WrongKeysError
    seal = KeySeal.objects.select_for_update().first()
    if seal is not None and is_newest(seal.token):
        return 0
    left = _close_columns_anew() + _close_second_factors_anew()
    KeySeal.objects.update_or_create(pk=1, defaults={"token": encrypt("keukentafel")})
    return left


def _close_columns_anew() -> int:
    left = 0
    for model, column in sealed_columns():
        for pk, token in as_it_lies(model, column).select_for_update().values_list("pk", "token"):
            if token is None or is_newest(token):
                continue
            try:
                newer = encrypt(decrypt(token))
            except UnreadableTextError:
                left += 1
            else:
                model._default_manager.filter(pk=pk).update(**{column: Value(newer, output_field=TextField())})
    return left


def _close_second_factors_anew() -> int:
    left = 0
    for factor in second_factors().select_for_update():
        for name, token in tokens_in(factor.data).items():
            try:
                factor.data[name] = encrypt(decrypt(token))
            except UnreadableTextError:
                left += 1
        factor.save(update_fields=["data"])
    return left
