"""Promises and actions: added at the table, done in one tap, and never a dossier's step outside its dossier."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from cases.states import SignalType
from corporatie.privacy.models import Access
from corporatie.privacy.states import Look
from corporatie.work import actions
from corporatie.work.models import FollowUp
from corporatie.work.states import FollowUpResult

pytestmark = pytest.mark.django_db
ON_ONE = ("follow_up_finish", "follow_up_drop", "follow_up_move")


@pytest.fixture(autouse=True)
def _today(time_machine_at):
    """All of this happens on the cast's day: a day in a form is today or later."""


@pytest.fixture
def step(cast):
    """Anna promised the Bos household something."""
    return actions.add_follow_up(
        tenancy=cast.bos,
        subject=cast.bos,
        what="De schilder belt",
        owner=cast.anna,
        due_on=cast.at.date(),
        is_promise=True,
        by=cast.anna,
        at=cast.at,
    )


def _answers(cast, **changes):
    day = (cast.at.date() + timedelta(days=3)).isoformat()
    return {
        "what": "De schilder belt",
        "sort": "promise",
        "due_on": "other",
        "due_on_date": day,
        "owner": cast.anna.pk,
        **changes,
    }


def _url(name, step):
    return reverse(name, args=[step.pk])


# --- Adding ------------------------------------------------------------------------------------------
def test_a_promise_to_a_household(client, cast):
    client.force_login(cast.anna)
    url = f"/acties/nieuw/?huishouden={cast.bos.pk}"
    assert client.get(url).status_code == 200

    answer = client.post(url, _answers(cast, is_told="on"), follow=True)

    promise = FollowUp.objects.get()
    assert (promise.is_promise, promise.owner, promise.told_on) == (True, cast.anna, timezone.localdate())
    assert answer.redirect_chain[-1][0] == cast.bos.get_absolute_url()
    assert "Belofte toegevoegd: Kerkstraat 47" in answer.content.decode()


def test_an_action_for_a_dossier_belongs_to_the_dossier(client, cast):
    case = cast.case(types=(SignalType.CHILDREN,))
    client.force_login(cast.anna)

    for other in (cast.bram, cast.dirk, cast.mila, cast.sofie):
        refused = client.post(f"/acties/nieuw/?dossier={case.pk}", _answers(cast, sort="action", owner=other.pk))
        assert list(refused.context["form"].errors) == ["owner"]
        with pytest.raises(ValidationError, match="mag dit niet openen"):
            actions.move_follow_up(
                follow_up=case.next_step, due_on=cast.at.date(), owner=other, by=cast.anna, at=cast.at
            )
    assert FollowUp.objects.filter(owner=cast.anna).count() == FollowUp.objects.count() == 1
    client.post(f"/acties/nieuw/?dossier={case.pk}", _answers(cast, sort="action", owner=cast.anna.pk))

    action = FollowUp.objects.get(what="De schilder belt")
    assert (action.subject_label, action.subject_id, action.tenancy) == ("cases.case", case.pk, cast.bos)
    assert not action.is_promise
    assert not FollowUp.objects.visible_to(cast.wim).exists()


def test_what_is_missing_is_asked_for_in_words_and_nothing_is_lost(client, cast):
    client.force_login(cast.anna)
    yesterday = (cast.at.date() - timedelta(days=1)).isoformat()

    answer = client.post(
        f"/acties/nieuw/?huishouden={cast.bos.pk}", _answers(cast, what="", due_on_date=yesterday, owner="")
    )

    html = answer.content.decode()
    assert answer.status_code == 422
    for words in ("Schrijf op wat er moet gebeuren.", "Deze dag is voorbij.", "Kies wie verantwoordelijk is."):
        assert html.count(words) == 2
    assert "<title>Fout:" in html
    assert yesterday in html
    assert not FollowUp.objects.exists()


def test_without_a_household_one_searches_first(client, cast):
    client.force_login(cast.anna)

    assert client.get("/acties/nieuw/").url == "/zoeken/?voor=follow_up_create"
    assert client.get("/acties/nieuw/?huishouden=x").status_code == 404


def test_adding_is_for_who_visits_and_may_see_the_household(client, cast):
    cast.project()
    url = f"/acties/nieuw/?huishouden={cast.bos.pk}"
    client.force_login(cast.carla)
    assert client.post(url, _answers(cast)).status_code == 404

    client.force_login(cast.petra)
    assert client.post(url, _answers(cast)).status_code == 403
    assert Access.objects.filter(by=cast.petra, look=Look.REFUSED).exists()
    assert not FollowUp.objects.exists()
    assert client.delete(url).status_code == 405


# --- Looking -----------------------------------------------------------------------------------------
def test_the_page_says_what_who_when_and_whether_it_was_told(client, cast, step):
    client.force_login(cast.bram)

    html = client.get(step.get_absolute_url()).content.decode()

    for words in ("De schilder belt", "Anna Jansen", "nog niet verteld", "Kerkstraat 47 – Belofte"):
        assert words in html
    assert Access.objects.filter(by=cast.bram, look=Look.READ, subject_id=cast.bos.pk).exists()


@pytest.mark.parametrize("name", ["follow_up_detail", *ON_ONE, "follow_up_told"])
def test_another_team_and_who_does_not_visit_find_nothing(client, cast, step, name):
    cast.project()
    for colleague in (cast.carla, cast.petra, cast.mila, cast.olga, cast.hans):
        client.force_login(colleague)
        assert client.post(_url(name, step)).status_code == (405 if name == "follow_up_detail" else 404)
        if name not in ("follow_up_told",):
            assert client.get(_url(name, step)).status_code == 404
    client.force_login(cast.anna)
    assert client.get(reverse(name, args=[uuid4()])).status_code == (405 if name == "follow_up_told" else 404)
    assert client.put(_url(name, step)).status_code == 405
    step.refresh_from_db()
    assert step.done_at is None


# --- Doing -------------------------------------------------------------------------------------------
def test_done_in_one_tap_and_back_to_where_one_was(client, cast, step):
    client.force_login(cast.bram)
    assert client.get(_url("follow_up_finish", step)).status_code == 200

    answer = client.post(_url("follow_up_finish", step), {"next": "/postvak/"})

    step.refresh_from_db()
    assert (step.result, step.done_by, answer.url) == (FollowUpResult.DONE, cast.bram, "/postvak/")
    again = client.post(_url("follow_up_finish", step), follow=True)
    assert "Dit was al gedaan" in again.content.decode()


@pytest.mark.parametrize("elsewhere", ["https://elders.example/", "//elders.example/", "javascript:x", "elders"])
def test_next_never_leads_elsewhere(client, cast, step, elsewhere):
    client.force_login(cast.anna)

    answer = client.post(_url("follow_up_finish", step), {"next": elsewhere})

    assert answer.url == cast.bos.get_absolute_url()


def test_not_done_asks_why(client, cast, step):
    client.force_login(cast.anna)
    url = _url("follow_up_drop", step)

    refused = client.post(url, {"reason": ""})
    assert refused.status_code == 422
    assert "Schrijf op waarom het niet doorgaat." in refused.content.decode()
    client.post(url, {"reason": "Mevrouw regelt het zelf"})

    step.refresh_from_db()
    assert (step.result, step.result_note) == (FollowUpResult.DROPPED, "Mevrouw regelt het zelf")
    assert "Mevrouw regelt het zelf" in client.get(step.get_absolute_url()).content.decode()


def test_moved_to_another_day_and_colleague(client, cast, step):
    client.force_login(cast.anna)
    day = cast.at.date() + timedelta(days=9)
    answers = {"due_on": "other", "due_on_date": day.isoformat(), "owner": cast.bram.pk}

    client.post(_url("follow_up_move", step), answers)

    step.refresh_from_db()
    assert (step.due_on, step.owner) == (day, cast.bram)
    assert client.post(_url("follow_up_move", step), {"owner": cast.bram.pk}).status_code == 422


def test_told_today(client, cast, step):
    client.force_login(cast.anna)

    client.post(_url("follow_up_told", step))

    step.refresh_from_db()
    assert step.told_on == timezone.localdate()


def test_the_message_names_the_address_and_no_words_wait_in_the_session(client, cast, step):
    client.force_login(cast.anna)
    day = cast.at.date() + timedelta(days=9)
    sent = [
        (f"/acties/nieuw/?huishouden={cast.bos.pk}", _answers(cast), "Belofte toegevoegd"),
        (_url("follow_up_told", step), {}, "Genoteerd dat de bewoner dit weet"),
        (
            _url("follow_up_move", step),
            {"due_on": "other", "due_on_date": day.isoformat(), "owner": cast.anna.pk},
            "Verplaatst",
        ),
        (_url("follow_up_finish", step), {"note": "Schilder is geweest"}, "Belofte nagekomen"),
        (_url("follow_up_drop", step), {"reason": "Schilder is ziek"}, "Dit was al gedaan"),
    ]
    for url, answers, words in sent:
        assert client.post(url, answers).status_code == 302
        assert "schilder" not in str(dict(client.session)).lower(), url
        assert f"{words}: Kerkstraat 47" in client.get(reverse("preferences")).content.decode()


@pytest.mark.parametrize("name", ON_ONE)
def test_the_step_of_a_dossier_is_done_on_the_dossier(client, cast, name):
    case = cast.case()
    client.force_login(cast.anna)

    assert client.post(reverse(name, args=[case.next_step_id]), {"reason": "x"}).status_code == 403

    html = client.get(case.next_step.get_absolute_url()).content.decode()
    assert case.get_absolute_url() in html
    assert "/gedaan/" not in html
    assert FollowUp.objects.get(pk=case.next_step_id).done_at is None


@pytest.mark.parametrize("who", ["carla", "bram", "mila", "hans", "olga"])
def test_owning_a_step_of_a_dossier_one_may_not_read_opens_nothing(client, cast, who):
    owner = getattr(cast, who)
    case = cast.case(types=(SignalType.CHILDREN,))
    # From before the verbs refused it.
    FollowUp.objects.filter(pk=case.next_step_id).update(owner=owner)
    client.force_login(owner)

    assert client.get(case.next_step.get_absolute_url()).status_code == 404
    assert not FollowUp.objects.visible_to(owner).exists()
