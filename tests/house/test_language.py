"""The screens speak one language: plain Dutch, with "u", complete, and with one word for each thing."""

import re
from pathlib import Path
from uuid import uuid4

import allauth
import django
import polib
import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from corporatie.management.commands.update_messages import CATALOGUE, messages_in
from tests.house.language import (
    AVOIDED,
    FORBIDDEN,
    INFORMAL,
    PLACEHOLDER,
    code_of_the_rooms,
    english_on,
    is_translated,
    library_sentences,
    literal_text,
    sentences,
    translations,
    untranslated_in_code,
    word_count,
    words_found,
    wrong_placeholders,
)

ROOT = settings.BASE_DIR
ENTRIES = list(polib.pofile(str(ROOT / CATALOGUE)))
DUTCH = {dutch: english for entry in ENTRIES for english, dutch in translations(entry)}
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"})
# They show every component with words of invented people; only developers see it.
STYLE_GUIDE = {"templates/desk/style_guide.html", "corporatie/desk/templatetags/samples.py"}

MOST_WORDS_IN_A_SENTENCE = 20
WORDS_IN_A_SENTENCE_ON_AVERAGE = 15
MOST_WORDS_IN_A_TEXT = 20
# Texts of more than twenty words, by how they begin: a few short sentences, where someone is stuck and must know what
# to do next.
MAY_BE_LONGER = (
    # The page does not open.
    "Perhaps the address is not right",
    "Something in the address or in what your browser sent",
    "Something went wrong on our side",
    "This page was open too long",
    "Your role does not include this",
    # Signing in does not work, or is about to change.
    "Do this only when you get another phone",
    "If we know this address, a mail with a link",
    "Open the app on your phone and type the code",
    # "What counts?" under a figure: the definition has to be whole.
    "A household counts when someone answered the first question",
    "What counts:",
    # "Why do we ask this?": what we do with it, and how long we keep it.
    "Your colleagues want to help fast and well",
)


def key(entry: polib.POEntry) -> tuple[str, str, str]:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def literal_of(path: Path) -> list[str]:
    return literal_text(path.read_text(), is_html=path.suffix == ".html")


# --- The catalogue is complete --------------------------------------------------------------------------
def test_every_message_has_dutch():
    used = {key for key, _where in messages_in(ROOT)}
    assert len(used) > 500, "hardly any message found: the pattern no longer fits the code"
    known = {key(entry) for entry in ENTRIES if is_translated(entry)}
    assert sorted(used - known) == []


def test_the_catalogue_holds_nothing_that_nobody_says():
    used = {key for key, _where in messages_in(ROOT)}
    assert sorted({key(entry) for entry in ENTRIES} - used) == []


def test_placeholders_stay_what_they_are():
    assert {entry.msgid: wrong for entry in ENTRIES if (wrong := wrong_placeholders(entry))} == {}


def test_a_gap_a_doubt_and_a_lost_placeholder_are_found():
    assert not is_translated(polib.POEntry(msgid="Save", msgstr=" "))
    assert not is_translated(polib.POEntry(msgid="Save", msgstr="Bewaar", flags=["fuzzy"]))
    assert not is_translated(polib.POEntry(msgid="%(n)d day", msgid_plural="%(n)d days", msgstr_plural={0: "dag"}))
    assert is_translated(polib.POEntry(msgid="Save", msgstr="Bewaar"))
    lost = polib.POEntry(msgid="Taken up by {handler}", msgstr="Opgepakt door {behandelaar}")
    assert wrong_placeholders(lost) == ["Opgepakt door {behandelaar}"]
    assert wrong_placeholders(polib.POEntry(msgid="%(goal)d %% of all", msgstr="%(goal)d %% van alle")) == []


# --- The words are ours -----------------------------------------------------------------------------------
@pytest.mark.parametrize("words", [FORBIDDEN, AVOIDED, INFORMAL], ids=["forbidden", "avoided", "informal"])
def test_no_wrong_word_in_the_catalogue(words):
    assert {dutch: wrong for dutch in DUTCH if (wrong := words_found(dutch, words))} == {}


@pytest.mark.parametrize("words", [FORBIDDEN, AVOIDED, INFORMAL], ids=["forbidden", "avoided", "informal"])
def test_no_wrong_word_in_a_template(words):
    wrong = {
        str(path.relative_to(ROOT)): found
        for path in TEMPLATES
        if (found := [word for text in literal_of(path) for word in words_found(text, words)])
    }
    assert wrong == {}


def test_nobody_shouts():
    assert [dutch for dutch in DUTCH if "!" in dutch] == []


def test_quotes_and_dots_are_those_of_print():
    assert [dutch for dutch in DUTCH if re.search(r"""['"]|\.\.\.""", dutch)] == []


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("Ongeldige invoer", FORBIDDEN, ["Ongeldige"]),
        ("Vul uw e-mail in (optioneel)", FORBIDDEN, ["optioneel"]),
        ("Kies een item", FORBIDDEN, ["item"]),
        ("Het verslag komt van de gemeenteraad", FORBIDDEN, []),
        ("(Verborgen veld) %(error)s", FORBIDDEN, []),
        ("Open de zaak", AVOIDED, ["zaak"]),
        ("Noodzaak", AVOIDED, []),
        ("Heb je jouw sleutel?", INFORMAL, ["je", "jouw"]),
        ("Een kaartje en een beetje", INFORMAL, []),
    ],
)
def test_a_wrong_word_is_found_and_a_right_one_is_not(text, words, found):
    assert words_found(text, words) == found


# --- Short sentences --------------------------------------------------------------------------------------
def test_sentences_are_short():
    assert [text for dutch in DUTCH for text in sentences(dutch) if word_count(text) > MOST_WORDS_IN_A_SENTENCE] == []


def test_sentences_are_short_on_average():
    counts = [word_count(text) for dutch in DUTCH for text in sentences(dutch) if dutch.endswith((".", "?"))]
    assert sum(counts) / len(counts) <= WORDS_IN_A_SENTENCE_ON_AVERAGE


def test_texts_are_short_or_stand_on_the_list():
    long = [(english, dutch) for dutch, english in DUTCH.items() if word_count(dutch) > MOST_WORDS_IN_A_TEXT]
    assert [dutch for english, dutch in long if not english.startswith(MAY_BE_LONGER)] == []
    needless = [start for start in MAY_BE_LONGER if not any(english.startswith(start) for english, _dutch in long)]
    assert needless == [], "no longer needed on the list"


def test_a_long_sentence_is_found():
    assert [word_count(text) for text in sentences("Eén twee drie. Vier (vijf) zes?\nZeven: acht")] == [3, 3, 1, 1]


# --- Nothing goes round the catalogue -----------------------------------------------------------------------
def test_templates_hold_no_literal_text():
    literal = {str(path.relative_to(ROOT)): found for path in TEMPLATES if (found := literal_of(path))}
    assert {where: found for where, found in literal.items() if where not in STYLE_GUIDE} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Opslaan</p>", ["Opslaan"]),
        ('<button aria-label="Save it">{% icon "x" %}</button>', ["Save it"]),
        ('<input type="submit" value="Send">', ["Send"]),
        ('{% include "components/flag.html" with text="Tolk: Turks" icon="lang" only %}', ["Tolk: Turks"]),
        ('{{ name|default:"No name" }}', ["No name"]),
        ('<td data-l="Norm">{{ day }}</td>', ["Norm"]),
        ('<p class="kt-hint">{% translate "Save" %} · {{ day|date:"j F Y" }}</p>', []),
        ("{% blocktranslate trimmed %}Save {{ it }}{% endblocktranslate %}{% comment %}Why{% endcomment %}", []),
        ('{% include "a.html" with text=_("Interpreter") icon="lang" tone="warn" only %} Keukentafel 12 m²', []),
    ],
)
def test_literal_text_in_a_template_is_found(source, found):
    assert literal_text(source) == found


def test_code_says_nothing_untranslated():
    paths = list(code_of_the_rooms(ROOT))
    assert len(paths) > 40
    literal = {
        str(path.relative_to(ROOT)): found for path in paths if (found := untranslated_in_code(path.read_text()))
    }
    assert {where: found for where, found in literal.items() if where not in STYLE_GUIDE} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('raise ValidationError("Choose a day")', ["Choose a day"]),
        ('forms.CharField(label="Address")', ["Address"]),
        ('form.add_error("day", "Choose a day")', ["Choose a day"]),
        ('messages.success(request, f"Saved {name}")', ["f'Saved {name}'"]),
        ('form.add_error("day", _("Choose a day")); log.info("sweep"); CharField(label=_("Address"))', []),
    ],
)
def test_untranslated_words_in_code_are_found(source, found):
    assert untranslated_in_code(source) == found


# --- What the libraries say ------------------------------------------------------------------------------------
DJANGO, ALLAUTH = Path(django.__file__).parent, Path(allauth.__file__).parent
# What our pages can show of it: forms, validators, passwords, the administration, signing in and the second factor.
LIBRARIES = [
    DJANGO / "forms",
    DJANGO / "core/validators.py",
    DJANGO / "contrib/auth/forms.py",
    DJANGO / "contrib/auth/password_validation.py",
    DJANGO / "contrib/admin",
    ALLAUTH / "account",
    ALLAUTH / "mfa",
]


# What no page of ours can say: we sign in with an e-mail address, nobody signs up, and there are no passkeys; and the
# administration leaves passwords to the pages for signing in.
NOT_SAID = (
    "Email (optional)",
    "Username (optional)",
    "Username can not be used",
    "The username and/or password",
    "The phone number and/or password",
    "Enabling passwordless operation",
    "After you’ve created a user",
    "Forgotten your login credentials?",
    "In case you’ve forgotten, you are:",
    "The password reset link was invalid",
)


def test_what_the_libraries_say_is_our_dutch_too():
    said = library_sentences(*LIBRARIES)
    assert len(said) > 200
    needless = [start for start in NOT_SAID if not any(english.startswith(start) for english in said)]
    assert needless == [], "no longer needed on the list"
    wrong = {
        dutch: found
        for english, dutch in said.items()
        if not english.startswith(NOT_SAID) and (found := words_found(dutch, [*FORBIDDEN, *INFORMAL]))
    }
    assert wrong == {}


def test_the_libraries_say_nothing_in_english():
    said = library_sentences(*LIBRARIES)
    left = [english for english, dutch in said.items() if english == dutch and not english.startswith(NOT_SAID)]
    assert [english for english in left if word_count(PLACEHOLDER.sub("", english)) >= 2] == []


def test_a_wrong_word_of_a_library_is_found(tmp_path):
    source = tmp_path / "forms.py"
    source.write_text('_("Please use something else."); _("Click here to sign the user out")')
    said = library_sentences(source)
    assert words_found(said["Click here to sign the user out"], FORBIDDEN) == ["user"]


# --- No English on the screen ----------------------------------------------------------------------------------
ENGLISH = {english: dutch for entry in ENTRIES for english, dutch in translations(entry) if english != dutch}


def addresses(patterns=None, prefix="/") -> list[str]:
    """Every address that asks for nothing."""
    found = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern).lstrip("^").rstrip("$")
        if isinstance(pattern, URLResolver):
            found += addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and not re.search(r"[<(\\]", route):
            found.append(route)
    return found


@pytest.fixture
def stage(cast, settings):
    """Something to see on every list and page. The second factor has tests of its own."""
    settings.SECOND_FACTOR_REQUIRED = False
    things = [cast.bos, cast.kerkstraat, cast.visit(), cast.signal(), cast.case(), cast.project()]
    cast.pages = [thing.get_absolute_url() for thing in things]
    return cast


def english_of(answer) -> list[str]:
    is_page = answer.get("Content-Type", "").startswith("text/html") and not answer.streaming
    return english_on(answer.content.decode(), ENGLISH) if is_page else []


@pytest.mark.parametrize("who", ["anna", "dirk", "petra", "hans"])
def test_no_english_on_a_page(client, stage, who):
    client.force_login(getattr(stage, who))
    answers = {address: client.get(address) for address in [*addresses(), *stage.pages]}
    assert sum(answer.status_code == 200 for answer in answers.values()) >= 3, "hardly any page opened"
    assert {address: found for address, answer in answers.items() if (found := english_of(answer))} == {}


def test_no_english_when_nothing_was_filled_in(client, stage):
    client.force_login(stage.anna)
    forms = [address for address in addresses() if not address.startswith(("/account/", "/beheer/"))]
    answers = {address: client.post(f"{address}?huishouden={stage.bos.pk}", {"save": ""}) for address in forms}
    assert sum(answer.status_code == 422 for answer in answers.values()) >= 3, "hardly any form refused"
    assert {address: found for address, answer in answers.items() if (found := english_of(answer))} == {}


def test_no_english_before_signing_in(client, db):
    for address in (
        "/account/login/",
        "/account/password/reset/",
        f"/huishoudens/{uuid4()}/",
        "/deze/pagina/is/er/niet/",
    ):
        assert english_on(client.get(address, follow=True).content.decode(), ENGLISH) == [], address


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<p>Report a signal</p>", ["Report a signal"]),
        ("<button>Save</button>", ["Save"]),
        ('<nav aria-label="Main menu"></nav>', ["Main menu"]),
        ("<p>Signaal melden</p><p>Save our souls</p>", []),
    ],
)
def test_english_on_a_page_is_found(page, found):
    english = {"Report a signal": "Signaal melden", "Save": "Bewaar", "Main menu": "Hoofdmenu"}
    assert english_on(page, english) == found


# --- Words that are fixed ----------------------------------------------------------------------------------------
def test_the_first_question_stands_word_for_word():
    question = (
        "Moeten wij straks met u of met uw situatie rekening houden tijdens de uitvoering van een renovatieproject?"
    )
    assert question in DUTCH
    answers = ["No", "Yes", "I do not know yet", "I would rather not say"]
    assert [ENGLISH[answer] for answer in answers] == ["Nee", "Ja", "Weet ik nog niet", "Wil ik niet zeggen"]
