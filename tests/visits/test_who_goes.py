"""Who may be sent to a household, who may come along, and who may answer for what is promised there."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cases.models import CaseReader
from cases.states import SignalType
from corporatie.journal.models import Entry
from corporatie.staff.models import Absence, User
from corporatie.work.models import FollowUp
from visits.models import ContactMoment, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(time_machine_at):
    """All of this happens on the cast's day."""


def plan(client, cast, *, query, **answers):
    day = (cast.at.date() + timedelta(days=2)).isoformat()
    sent = {"visit_id": uuid4(), "reason": "talk", "planned_on": day, "announced": "no", **answers}
    return client.post(reverse("visit_plan") + query, sent)


def names(candidates):
    return {each.colleague.get_short_name() for each in candidates}


def test_who_goes_and_who_comes_along_know_the_household(client, cast):
    client.force_login(cast.anna)
    form = client.get(reverse("visit_plan"), {"huishouden": cast.bos.pk}).context["form"]
    assert names(form.fields["visitor"].candidates) == {"Anna", "Bram", "Dirk", "Wim"}
    assert names(form.fields["second_visitor"].candidates) == {"Anna", "Bram", "Dirk", "Wim"}
    query = f"?huishouden={cast.bos.pk}"
    for wrong in (cast.olga, cast.mila, cast.carla, cast.petra):
        for field in ("visitor", "second_visitor"):
            refused = plan(client, cast, query=query, **{"visitor": cast.anna.pk, field: wrong.pk})
            assert list(refused.context["form"].errors) == [field]
            with pytest.raises(ValidationError) as from_the_verb:
                cast.visit(by=cast.anna, **{field: wrong})
            assert list(from_the_verb.value.message_dict) == [field]
    assert not Visit.objects.exists()
    assert not Entry.objects.filter(kind="visit_planned").exists()


def test_who_will_be_away_soon_is_said_where_one_chooses_for_a_day_to_come(client, cast):
    on = cast.at.date() + timedelta(days=2)
    Absence.objects.create(user=cast.anna, substitute=cast.bram, from_on=on, until_on=on)
    visit = cast.visit(on=on)
    client.force_login(cast.anna)
    for page in (reverse("visit_plan") + f"?huishouden={cast.bos.pk}", reverse("visit_visitors", args=[visit.pk])):
        assert "Anna Jansen – afwezig op 26 november, Bram Visser vervangt" in client.get(page).content.decode()


def test_to_a_secret_dossier_goes_who_may_open_it(client, cast):
    case = cast.case(types=[SignalType.CHILDREN])
    client.force_login(cast.anna)
    query = f"?dossier={case.pk}"
    form = client.get(reverse("visit_plan") + query).context["form"]
    # Sofie may open the dossier and does not know the household: its points of attention would be hidden from her.
    assert names(form.fields["visitor"].candidates) == {"Anna"}
    assert names(form.fields["second_visitor"].candidates) == {"Anna", "Bram", "Dirk", "Wim"}
    assert list(plan(client, cast, query=query, visitor=cast.bram.pk).context["form"].errors) == ["visitor"]
    plan(client, cast, query=query, visitor=cast.anna.pk, second_visitor=cast.bram.pk)
    assert Visit.objects.get().case == case


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("visit_plan", "?dossier={case}"),
        ("visit_plan", "?dossier={case}&huishouden={home}"),
        ("contact_create", "?dossier={case}"),
        ("contact_create", "?dossier={case}&huishouden={home}"),
        ("follow_up_create", "?dossier={case}"),
    ],
)
def test_a_named_reader_adds_nothing_to_a_dossier(client, cast, name, query):
    case = cast.case(types=[SignalType.CHILDREN])
    CaseReader.objects.create(case=case, user=cast.bram)
    client.force_login(cast.bram)
    url = reverse(name) + query.format(case=case.pk, home=cast.bos.pk)
    assert client.get(case.get_absolute_url()).status_code == 200
    assert client.get(url).status_code == 403
    assert client.post(url, {}).status_code == 403
    assert not Visit.objects.exists()
    assert not ContactMoment.objects.exists()
    assert FollowUp.objects.count() == 1


def test_at_a_talk_one_promises_in_the_name_of_who_can_read_it(client, cast):
    cast.project()
    client.force_login(cast.anna)
    url = reverse("visit_report_create") + f"?huishouden={cast.bos.pk}"
    offered = client.get(url).context["form"].fields["promise_1_owner"].candidates
    # Rachid knows the household through the project, and not the talks of others.
    assert names(offered) == {"Anna", "Bram", "Dirk", "Wim"}
    sent = {"client_uuid": uuid4(), "outcome": "talked", "promise_1_what": "Wij bellen", "promise_1_due": "2026-11-27"}
    for wrong in (cast.rachid, cast.mila, cast.carla):
        refused = client.post(url, {**sent, "promise_1_owner": wrong.pk})
        assert list(refused.context["form"].errors) == ["promise_1_owner"]
    assert not Visit.objects.exists()
    client.post(url, {**sent, "promise_1_owner": cast.wim.pk})
    assert FollowUp.objects.get().owner == cast.wim


def test_who_left_is_offered_nowhere(client, cast):
    User.objects.get_queryset().filter(pk=cast.bram.pk).update(is_active=False)
    client.force_login(cast.anna)
    for name in ("visit_plan", "follow_up_create", "case_create", "visit_report_create"):
        html = client.get(reverse(name), {"huishouden": cast.bos.pk}).content.decode()
        assert "Dirk Bakker" in html
        assert "Bram Visser" not in html
