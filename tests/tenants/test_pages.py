"""How to reach a household, and whom else we may call."""

from uuid import uuid4

import pytest
from django.urls import reverse

from cases.models import Signal
from corporatie.journal.models import Entry
from corporatie.privacy.models import Access
from corporatie.privacy.states import Look
from tenants.models import ContactPerson, ContactPreference, Tenancy, asking_about

pytestmark = pytest.mark.django_db
PAGES = ("preference_update", "contact_person_create")
ANSWERS = {
    "preference_update": {"channel": "phone", "daypart": "morning", "language": "tur", "needs_interpreter": "on"},
    "contact_person_create": {"name": "Karin", "relation": "family", "phone": "06 0000-0148", "has_key": "on"},
}


def _url(name, tenancy):
    return reverse(name, args=[tenancy.pk])


def test_how_to_reach_them_is_kept_and_shown_again(client, cast):
    client.force_login(cast.anna)

    answer = client.post(_url("preference_update", cast.bos), ANSWERS["preference_update"], follow=True)

    kept = ContactPreference.objects.get(tenancy=cast.bos)
    assert (kept.channel, kept.daypart, kept.language, kept.needs_interpreter) == ("phone", "morning", "tur", True)
    assert answer.redirect_chain[-1][0] == cast.bos.get_absolute_url()
    assert "liefst: ochtend" in answer.content.decode()
    form = client.get(_url("preference_update", cast.bos)).context["form"]
    assert form.initial["daypart"] == "morning"
    assert Entry.objects.filter(kind="details_changed", by=cast.anna).exists()


def test_a_contact_person_is_kept_with_a_number_one_can_dial(client, cast):
    client.force_login(cast.anna)

    client.post(_url("contact_person_create", cast.bos), ANSWERS["contact_person_create"])

    person = ContactPerson.objects.get()
    assert person.name not in str(dict(client.session))
    assert (person.tenancy, person.phone, person.has_key) == (cast.bos, "+31600000148", True)
    assert "06 0000 0148" in client.get(cast.bos.get_absolute_url()).content.decode()


def test_what_is_missing_is_asked_for_in_words_and_nothing_is_lost(client, cast):
    client.force_login(cast.anna)

    answer = client.post(_url("contact_person_create", cast.bos), {"name": "", "phone": "bel maar"})

    html = answer.content.decode()
    assert answer.status_code == 422
    for words in ("Vul een naam in.", "Kies wie dit is.", "Vul een telefoonnummer in. Bijvoorbeeld 06 1234 5678."):
        assert html.count(words) == 2
    assert 'value="bel maar"' in html
    assert not ContactPerson.objects.exists()


@pytest.mark.parametrize("page", PAGES)
def test_it_is_for_who_visits_and_may_see_the_household(client, cast, page):
    cast.project()
    assert client.get(_url(page, cast.bos)).status_code == 302
    for who in ("carla", "mila", "olga", "hans"):
        client.force_login(getattr(cast, who))
        assert client.post(_url(page, cast.bos), ANSWERS[page]).status_code == 404

    client.force_login(cast.petra)
    assert client.post(_url(page, cast.bos), ANSWERS[page]).status_code == 403
    assert Access.objects.filter(by=cast.petra, look=Look.REFUSED).exists()

    client.force_login(cast.anna)
    assert client.get(reverse(page, args=[uuid4()])).status_code == 404
    assert client.delete(_url(page, cast.bos)).status_code == 405
    assert not ContactPerson.objects.exists()
    assert not ContactPreference.objects.exists()


@pytest.mark.parametrize("page", PAGES)
def test_opening_the_page_leaves_a_line(client, cast, page):
    client.force_login(cast.anna)
    client.get(_url(page, cast.bos))

    assert Access.objects.filter(by=cast.anna, look=Look.READ, subject_id=cast.bos.pk).exists()


def test_who_asks_about_one_household_gets_that_household_only(cast):
    """Of her own team all that she may know of it, of another team nothing; never a row of somebody else."""
    cast.kaya.dwelling.neighbourhood = cast.buurt_noord
    cast.kaya.dwelling.save()
    ours = Tenancy.objects.select_related("dwelling")
    bos, kaya = ours.get(pk=cast.bos.pk), ours.get(pk=cast.kaya.pk)

    assert set(Tenancy.objects.visible_to(cast.anna)) == {bos, kaya}
    assert set(Tenancy.objects.visible_to(asking_about(cast.anna, bos))) == {bos}
    assert set(Signal.objects.visible_to(asking_about(cast.carla, bos))) == set()
    by_bram = [cast.signal(by=cast.bram), cast.signal(kaya, by=cast.bram)]
    assert set(Signal.objects.visible_to(cast.anna)) == set(by_bram)
    assert set(Signal.objects.visible_to(asking_about(cast.anna, kaya))) == {by_bram[1]}
    assert set(Signal.objects.visible_to(asking_about(cast.carla, kaya))) == set()
    assert not hasattr(cast.anna, "asks_about")
