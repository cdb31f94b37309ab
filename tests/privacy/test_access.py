"""Who looked: a line with ids, never with what was read, before anything is shown."""

import pytest
from django.urls import reverse

from corporatie.privacy import actions
from corporatie.privacy.models import Access
from corporatie.privacy.states import Look


@pytest.fixture
def lines(db):
    """The lines so far, oldest first: what, which kind of page, which one, which rows."""
    return lambda: list(Access.objects.order_by("id").values_list("look", "subject_label", "subject_id", "shown"))


def test_opening_a_household_leaves_one_line(client, cast, lines):
    client.force_login(cast.anna)
    client.get(cast.bos.get_absolute_url())
    assert lines() == [("read", "tenants.tenancy", cast.bos.pk, [])]
    line = Access.objects.get()
    assert (line.by, line.roles) == (cast.anna, "housing_consultant")
    assert len(line.request_id) > 20


def test_what_is_not_visible_leaves_no_line_that_it_was_read(client, cast, lines):
    client.force_login(cast.carla)
    assert client.get(cast.bos.get_absolute_url()).status_code == 404
    assert lines() == []


def test_a_search_says_what_was_found_and_never_what_was_asked(client, cast, lines):
    client.force_login(cast.anna)
    client.get(reverse("search"), {"q": "Bos"})
    client.get(reverse("search"), {"q": "Kaya"})
    assert lines() == [
        ("search", "tenants.tenancy", None, [str(cast.bos.pk)]),
        ("search", "tenants.tenancy", None, []),
    ]
    assert "kaya" not in str(list(Access.objects.values())).lower()


def test_an_empty_list_leaves_no_line(cast, lines):
    actions.record_list(label="tenants.tenancy", shown=[], by=cast.anna, at=cast.at)
    assert lines() == []


def test_a_refusal_leaves_a_line(client, cast, lines):
    client.force_login(cast.petra)
    cast.project()
    url = reverse("preference_update", args=[cast.bos.pk])
    assert client.get(url).status_code == 403
    assert lines() == [("refused", "tenants.tenancy", cast.bos.pk, [])]


@pytest.mark.parametrize("name", ["visit_plan", "contact_create", "follow_up_create", "visit_report_create"])
def test_who_may_not_is_refused_before_there_is_a_household_to_write_down(client, cast, lines, name):
    for who in ("petra", "mila", "olga", "hans"):
        client.force_login(getattr(cast, who))
        assert client.get(reverse(name)).status_code == 403, who
        assert client.post(reverse(name)).status_code == 403, who
    assert lines() == []
    client.force_login(cast.wim)
    assert client.get(reverse(name)).url == f"{reverse('search')}?voor={name}"


def test_the_privacy_officer_reads_all_lines_and_a_colleague_her_own(cast):
    for user in (cast.anna, cast.carla):
        actions.record_read(subject=cast.bos, by=user, at=cast.at, look=Look.READ)
    seen = {
        name: Access.objects.visible_to(getattr(cast, name)).count()
        for name in ("olga", "anna", "bram", "carla", "dirk", "mila", "hans")
    }
    assert seen == {"olga": 2, "anna": 1, "bram": 0, "carla": 1, "dirk": 0, "mila": 0, "hans": 0}


def test_what_lies_behind_the_sign_in_stays_nowhere(client, cast):
    client.force_login(cast.anna)
    page = client.get(cast.bos.get_absolute_url())
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "same-origin"
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    assert page["X-Content-Type-Options"] == "nosniff"
