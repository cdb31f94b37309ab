"""Every field has a privacy decision, and what is most secret lies encrypted."""

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.db import connection, models

from cases.models import AttentionFlag, FlagReason
from cases.states import FlagKind
from corporatie.staff.models import User
from corporatie.subjects.encryption import EncryptedTextField, UnreadableTextError, decrypt, encrypt
from corporatie.subjects.states import Keep, Sensitivity
from tests.house.source import ROOMS

# Class 4, and not readable for another reason than our own encryption.
HASHED = {(User, "password")}
TEXT = (models.CharField, models.TextField)


def our_models():
    """The concrete models of our rooms, without the tables Django makes for a many-to-many."""
    rooms = tuple(room.replace("/", ".") for room in ROOMS)
    return [model for model in apps.get_models() if model.__module__.startswith(rooms)]


def fields_of(model):
    """What needs a decision: every concrete field that is no key, by name."""
    return {
        field.name: field
        for field in model._meta.concrete_fields
        if not field.is_relation and not (field.primary_key and field.name == "id")
    }


def undecided(model):
    """Fields without a decision, and decisions about fields that are not there."""
    return fields_of(model).keys() ^ model.keeps.fields.keys()


def wrongly_stored(model):
    """Secrets that lie readable, and encrypted text that is not called a secret."""
    return {
        name
        for name, field in fields_of(model).items()
        if (model.keeps.fields[name] == Sensitivity.SECRET) != isinstance(field, EncryptedTextField)
        and (model, name) not in HASHED
    }


def test_there_are_models_to_look_at():
    assert len(our_models()) > 30


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model.__name__)
def test_every_model_says_how_long_it_is_kept(model):
    assert isinstance(vars(model).get("keeps"), Keep)


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model.__name__)
def test_every_field_has_exactly_one_decision(model):
    assert undecided(model) == set()
    assert all(isinstance(each, Sensitivity) for each in model.keeps.fields.values())


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model.__name__)
def test_what_is_secret_is_encrypted_and_nothing_else(model):
    assert wrongly_stored(model) == set()


def test_a_forgotten_field_and_a_decision_about_nothing_are_seen(monkeypatch):
    fields = dict(AttentionFlag.keeps.fields)
    del fields["instruction"]
    fields["mood"] = Sensitivity.OPEN
    monkeypatch.setattr(AttentionFlag, "keeps", Keep(AttentionFlag.keeps.retention, fields))
    assert undecided(AttentionFlag) == {"instruction", "mood"}


def test_a_secret_that_is_not_encrypted_is_seen(monkeypatch):
    fields = AttentionFlag.keeps.fields | {"instruction": Sensitivity.SECRET}
    monkeypatch.setattr(AttentionFlag, "keeps", Keep(AttentionFlag.keeps.retention, fields))
    assert wrongly_stored(AttentionFlag) == {"instruction"}


def test_there_are_secrets_and_each_lies_in_a_table_of_its_own():
    secrets = {
        model.__name__: [name for name, kind in model.keeps.fields.items() if kind == Sensitivity.SECRET]
        for model in our_models()
    }
    assert {name: fields for name, fields in secrets.items() if fields} == {
        "ConfidentialReason": ["text"],
        "FlagReason": ["text"],
        "User": ["password"],
    }


def test_a_row_a_resident_may_ask_for_holds_no_secret():
    assert [
        model.__name__
        for model in our_models()
        if model.keeps.export and Sensitivity.SECRET in model.keeps.fields.values()
    ] == []


# --- Encryption -------------------------------------------------------------------------------------------
SECRET = "Dreigde met een mes Zqmeszq"


@pytest.fixture
def reason(cast):
    """A reason as it is stored."""
    flag = AttentionFlag.objects.create(
        tenancy=cast.bos,
        kind=FlagKind.TWO_VISITORS,
        decided_by=cast.dirk,
        decided_on=cast.at.date(),
        told_on=cast.at.date(),
        review_on=cast.at.date().replace(year=2027),
    )
    return FlagReason.objects.create(flag=flag, text=SECRET, created_by=cast.dirk, created_at=cast.at)


def column(reason):
    """The column as it lies in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM cases_flagreason WHERE id = %s", [reason.pk])
        return cursor.fetchone()[0]


def test_the_column_holds_no_word_of_it(reason):
    lying = column(reason)
    assert "mes" not in lying.split()
    assert "Zqmeszq" not in lying
    assert decrypt(lying) == SECRET
    assert FlagReason.objects.get(pk=reason.pk).text == SECRET


def test_the_same_words_never_look_the_same_twice():
    assert encrypt(SECRET) != encrypt(SECRET)


def test_with_a_new_key_in_front_the_old_text_still_opens_and_new_text_gets_the_new_key(reason, settings):
    old = settings.ENCRYPTION_KEYS
    new = Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [new, *old]
    reason.refresh_from_db()
    assert reason.text == SECRET

    reason.save(update_fields=["text"])
    settings.ENCRYPTION_KEYS = [new]
    assert FlagReason.objects.get(pk=reason.pk).text == SECRET

    settings.ENCRYPTION_KEYS = old
    with pytest.raises(UnreadableTextError):
        FlagReason.objects.get(pk=reason.pk)


def test_a_wrong_key_is_an_alarm_and_never_an_empty_page(client, cast, reason, settings):
    client.force_login(cast.anna)
    url = f"{reason.flag.get_absolute_url()}reden/"
    assert SECRET in client.get(url).content.decode()

    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    client.raise_request_exception = False
    refused = client.get(url)
    assert refused.status_code == 500
    assert "Zqmeszq" not in refused.content.decode()


def test_nobody_searches_in_what_is_encrypted(reason):
    for lookup in ("text", "text__contains", "text__startswith", "text__in"):
        with pytest.raises(TypeError):
            FlagReason.objects.filter(**{lookup: SECRET}).exists()
    assert FlagReason.objects.filter(text__isnull=False).count() == 1
