"""A number no row can have, anywhere in the administration, is refused and brings nothing down."""

import pytest
from django.contrib import admin
from django.urls import reverse

from corporatie.staff.models import Absence, RoleGrant, Team

HUGE = "9" * 30
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label_lower)
REFUSED = {200, 302, 400, 403, 404, 422}


def url_of(model, page, *args):
    """One of its pages."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def both(client, cast):
    """Somebody who opens every page of it, and who is asked nothing anew."""
    RoleGrant.objects.create(user=cast.hans, role="privacy_officer")
    client.force_login(cast.hans)
    return client


@pytest.fixture
def rows(cast, at):
    """A row to change for each table that has people in it."""
    today = at.date()
    Absence.objects.create(user=cast.anna, substitute=cast.bram, from_on=today, until_on=today)


def fields_of(page):
    """Every field of every form on a page of the administration."""
    context = page.context_data or {}
    found = {}
    adminform = context.get("adminform")
    if adminform:
        found |= {adminform.form.add_prefix(name): HUGE for name in adminform.form.fields}
    for formset in context.get("inline_admin_formsets", ()):
        prefix = formset.formset.prefix
        found |= {f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-INITIAL_FORMS": "1", f"{prefix}-0-id": HUGE}
        found |= {f"{prefix}-0-{name}": HUGE for name in formset.formset.form.base_fields}
        found |= {f"{prefix}-0-DELETE": "on"}
    return found


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_in_an_address(both, rows, model):
    page = admin.site._registry[model]
    asked = ["id__exact", "pk__exact", "id", "p", "o", "q", "e", "_popup", "_facets"]
    asked += [f"{path}__id__exact" for path in page.list_filter] + [f"{path}__exact" for path in page.list_filter]
    for name in asked:
        assert both.get(url_of(model, "changelist"), {name: HUGE}).status_code in REFUSED, name
    for name in ("change", "delete", "history"):
        assert both.get(url_of(model, name, HUGE)).status_code in REFUSED, name


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_in_a_form(both, rows, model):
    pages = [url_of(model, "add")]
    if row := model._default_manager.first():
        pages += [url_of(model, "change", row.pk), url_of(model, "delete", row.pk)]
    for url in pages:
        shown = both.get(url)
        data = fields_of(shown) if shown.status_code == 200 else {}
        assert both.post(url, data).status_code in REFUSED, url
        for name in data:
            assert both.post(url, {name: HUGE}).status_code in REFUSED, (url, name)
    before = model._default_manager.count()
    picked = {"action": "delete_selected", "_selected_action": [HUGE], "post": "yes"}
    assert both.post(url_of(model, "changelist"), picked).status_code in REFUSED
    assert model._default_manager.count() == before


def test_the_team_says_that_it_does_not_understand(both, cast):
    answer = both.post(url_of(Team, "change", cast.noord.pk), {"name": "Noord", "members": [cast.anna.pk, HUGE]})
    # The one database cannot even be asked for such a number; the other knows of nobody with it.
    words = "Wij begrijpen dit adres niet" if answer.status_code == 400 else "staat er niet in"
    assert words in answer.content.decode()
    assert cast.noord.members.count() == 4
