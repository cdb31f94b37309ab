"""What colleagues choose from: the association leaves out or adds, and nothing that was chosen changes."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from cases.models import Case, Signal
from cases.states import Confidentiality, SignalSource, SignalType
from corporatie.work.models import ChoiceSetting
from corporatie.work.rules import Offered
from corporatie.work.states import ChoiceList, add_choice_list, choice_lists
from projects.states import GROUPS
from visits.models import Visit

pytestmark = pytest.mark.django_db
ADD = reverse("admin:work_choicesetting_add")


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def anna(client, cast):
    """Anna is signed in."""
    client.force_login(cast.anna)
    return client


def leave_out(name, choice):
    """The association no longer wants this."""
    return ChoiceSetting.objects.create(list=name, choice=choice, is_offered=False)


def offered(name):
    """The codes one may choose now."""
    return [code for code, _words in Offered.load().of(name)]


def report(anna, cast, **answers):
    """Anna reports a signal about the household in the Kerkstraat."""
    url = f"{reverse('signal_create')}?huishouden={cast.bos.pk}"
    given = {"client_uuid": "7a5c6d2e-5c9b-4a51-9c50-0f4a5e1f7d10", "type": "noise", "severity": 2, "seen": "Harde bas"}
    return anna.post(url, given | answers)


# --- The lists ------------------------------------------------------------------------------------------
def test_four_lists_are_the_associations_own():
    assert set(choice_lists()) == {"signal_type", "signal_source", "visit_reason", "accommodation"}
    for known in choice_lists().values():
        assert known.always
        assert known.always | known.only_if_wanted <= set(known.choices.values)
        assert not known.always & known.only_if_wanted


def test_a_list_has_one_owner():
    known = choice_lists()["signal_type"]
    with pytest.raises(ValueError, match="signal_type"):
        add_choice_list(ChoiceList("signal_type", "", SignalType, frozenset()))
    assert choice_lists()["signal_type"] is known


def test_without_a_word_of_the_association_all_is_offered_but_the_suspicions():
    careful = {SignalType.DRUGS, SignalType.SUBLETTING}
    assert set(offered("signal_type")) == set(SignalType) - careful
    assert set(offered("signal_source")) == set(SignalSource)
    ChoiceSetting.objects.create(list="signal_type", choice="drugs", is_offered=True)
    assert set(offered("signal_type")) == set(SignalType) - {SignalType.SUBLETTING}


def test_an_answer_always_remains():
    for known in choice_lists().values():
        for choice in known.choices.values:
            leave_out(known.code, choice)
        assert set(offered(known.code)) == known.always


# --- Choosing -------------------------------------------------------------------------------------------
def test_what_is_left_out_cannot_be_chosen_and_nothing_typed_is_lost(anna, cast):
    leave_out("signal_type", "noise")
    page = report(anna, cast)
    assert page.status_code == 422
    html = page.content.decode()
    assert "Dit kiezen wij niet meer. Kies iets anders." in html
    assert "Harde bas" in html
    assert 'value="noise"' not in html
    assert not Signal.objects.exists()
    assert report(anna, cast, type="nuisance").status_code == 302


@pytest.mark.parametrize("choice", ["drugs", "subletting"])
def test_a_suspicion_is_nowhere_until_the_association_asks_for_it(anna, cast, choice):
    words = choice_lists()["signal_type"].words(choice)
    here = f"?huishouden={cast.bos.pk}"
    pages = [reverse(name) + here for name in ("signal_create", "case_create", "visit_report_create")]
    assert not any(words in anna.get(url).content.decode() for url in pages)
    assert report(anna, cast, type=choice).status_code == 422
    ChoiceSetting.objects.create(list="signal_type", choice=choice, is_offered=True)
    assert all(words in anna.get(url).content.decode() for url in pages)
    assert report(anna, cast, type=choice).status_code == 302


def test_a_suspicion_of_drugs_is_secret_and_of_subletting_confidential(anna, cast):
    for choice in ("drugs", "subletting"):
        ChoiceSetting.objects.create(list="signal_type", choice=choice, is_offered=True)
        report(anna, cast, type=choice, client_uuid=f"7a5c6d2e-5c9b-4a51-9c50-0f4a5e1f7d1{len(choice) % 10}")
    assert dict(Signal.objects.values_list("type", "confidentiality")) == {
        "drugs": Confidentiality.SECRET,
        "subletting": Confidentiality.CONFIDENTIAL,
    }


def test_what_was_chosen_before_keeps_its_words_and_can_go_on(anna, cast):
    report(anna, cast)
    signal = Signal.objects.get()
    leave_out("signal_type", "noise")
    assert "Geluidsoverlast" in anna.get(signal.get_absolute_url()).content.decode()
    opening = anna.get(reverse("case_open", args=[signal.pk])).content.decode()
    assert '<option value="noise" selected' in opening
    assert 'value="nuisance"' in opening
    sent = {
        "client_uuid": "7a5c6d2e-5c9b-4a51-9c50-0f4a5e1f7d12",
        "type": "noise",
        "severity": 2,
        "handler": cast.anna.pk,
        "problem_owner": "unknown",
        "step_what": "Langsgaan",
        "step_owner": cast.anna.pk,
        "step_due_on": "2027-11-27",
    }
    anna.post(reverse("case_open", args=[signal.pk]), sent)
    assert Case.objects.get().type == "noise"
    assert "Geluidsoverlast" not in anna.get(f"{reverse('case_create')}?huishouden={cast.bos.pk}").content.decode()


def test_reasons_sources_and_instructions_follow_too(anna, cast):
    cast.project()
    here = f"?huishouden={cast.bos.pk}"
    places = (
        ("visit_reason", "mediation", "visit_plan", 'value="mediation"'),
        ("signal_source", "police", "signal_create", 'value="police"'),
        ("accommodation", "door_time", "visit_report_create", 'value="door_time'),
    )
    for name, choice, url, html in places:
        assert html in anna.get(reverse(url) + here).content.decode()
        leave_out(name, choice)
        assert html not in anna.get(reverse(url) + here).content.decode()
    sent = {"visit_id": cast.bos.pk, "reason": "mediation", "planned_on": "2026-11-27", "visitor": cast.anna.pk}
    page = anna.post(reverse("visit_plan") + here, sent | {"announced": "no"})
    assert "Dit kiezen wij niet meer." in page.content.decode()
    assert not Visit.objects.exists()


def test_a_group_without_instructions_is_not_asked_and_the_rest_still_is(anna, cast):
    cast.project()
    title, codes = GROUPS[0]
    for code in codes:
        leave_out("accommodation", code)
    page = anna.get(f"{reverse('visit_report_create')}?huishouden={cast.bos.pk}")
    assert [str(field.label) for field in page.context["form"].take_fields()] == [
        str(label) for label, _codes in GROUPS if label != title
    ]


def test_an_address_that_asks_for_a_reason_left_out_asks_for_a_talk(anna, cast):
    url = f"{reverse('visit_plan')}?huishouden={cast.bos.pk}&reden="
    assert '<option value="mediation" selected' in anna.get(f"{url}mediation").content.decode()
    leave_out("visit_reason", "mediation")
    for reason in ("mediation", "nonsense"):
        assert '<option value="talk" selected' in anna.get(url + reason).content.decode()


# --- Setting --------------------------------------------------------------------------------------------
@pytest.fixture
def hans(client, cast):
    """The application administrator is signed in."""
    client.force_login(cast.hans)
    return client


def test_the_administrator_leaves_a_choice_out_and_brings_it_back(hans):
    form = hans.get(ADD).content.decode()
    assert '<optgroup label="Wat valt u op">' in form
    assert 'value="signal_type:noise"' in form
    # What must always be there is not asked for.
    assert 'value="signal_type:other"' not in form

    hans.post(ADD, {"which": "signal_type:noise"})
    row = ChoiceSetting.objects.get()
    assert (row.list, row.choice, row.is_offered) == ("signal_type", "noise", False)
    assert "noise" not in offered("signal_type")
    assert str(row) == "Wat valt u op: Geluidsoverlast"
    assert LogEntry.objects.get().object_repr == "Wat valt u op: Geluidsoverlast"

    again = hans.post(ADD, {"which": "signal_type:noise", "is_offered": "on"})
    assert "Deze keuze staat al in de lijst." in again.content.decode()

    change = reverse("admin:work_choicesetting_change", args=[row.pk])
    assert "Geluidsoverlast" in hans.get(change).content.decode()
    hans.post(change, {"is_offered": "on"})
    assert "noise" in offered("signal_type")
    hans.post(reverse("admin:work_choicesetting_delete", args=[row.pk]), {"post": "yes"})
    assert not ChoiceSetting.objects.exists()


@pytest.mark.parametrize("which", ["", "signal_type:other", "signal_type:nothing", "elsewhere:noise", "noise"])
def test_what_cannot_be_left_out_is_refused_beside_the_question(hans, which):
    page = hans.post(ADD, {"which": which})
    assert page.status_code == 200
    assert page.context["adminform"].form.errors["which"]
    assert not ChoiceSetting.objects.exists()


def test_a_row_of_a_list_that_is_gone_is_still_readable(hans):
    ChoiceSetting.objects.create(list="elsewhere", choice="thing", is_offered=False)
    ChoiceSetting.objects.create(list="signal_type", choice="gone", is_offered=False)
    page = hans.get(reverse("admin:work_choicesetting_changelist")).content.decode()
    assert "elsewhere" in page
    assert "gone" in page


def test_all_lists_of_a_form_are_one_question(anna, cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        every = Offered.load()
        for name in choice_lists():
            assert every.of(name)
