"""A list of colleagues to choose from: the team first, absence shown, and only who may be chosen."""

from datetime import timedelta

import pytest
from django import forms
from django.core.exceptions import ValidationError

from corporatie.staff.fields import ColleagueField
from corporatie.staff.models import Absence, User, holds
from corporatie.staff.permissions import Permission, Role
from corporatie.staff.rules import must_be_among
from corporatie.staff.states import AbsencePart
from tenants.rules import candidates_for
from tests.cast import colleague

pytestmark = pytest.mark.django_db

WHO = holds(Permission.TRIAGE_SIGNALS)


class Form(forms.Form):
    who = ColleagueField()


def form(candidates, *args, **kwargs):
    asked = Form(*args, **kwargs)
    asked.fields["who"].offer(candidates)
    return asked


def words(cast, **more):
    return [each.words for each in candidates_for(cast.bos, WHO, at=cast.at, **more)]


def away(cast, who, days=0, **more):
    day = cast.at.date()
    values = {"substitute": cast.anna, "from_on": day, "until_on": day + timedelta(days=days), **more}
    return Absence.objects.create(user=who, **values)


def test_the_team_first_and_who_is_away_with_until_when(cast, django_assert_num_queries):
    away(cast, cast.bram, days=3)
    away(cast, cast.bram, days=1)
    away(cast, cast.carla, part=AbsencePart.AFTERNOON)
    away(cast, cast.dirk, from_on=cast.at.date() + timedelta(days=1), days=2)
    with django_assert_num_queries(1):
        assert words(cast) == [
            "Anna Jansen",
            "Bram Visser – afwezig t/m 27 november, Anna Jansen vervangt",
            "Dirk Bakker",
            "Carla Meijer – afwezig vandaag, Anna Jansen vervangt (alleen de middag)",
        ]


def test_the_page_groups_them_and_escapes_what_people_are_called(cast):
    colleague("<b>Zoë</b> & Co", Role.HOUSING_CONSULTANT)
    html = str(form(candidates_for(cast.bos, WHO, at=cast.at), initial={"who": cast.bram})["who"])
    assert html.index("Team van dit huishouden") < html.index("Anna Jansen") < html.index("Andere collega’s")
    assert html.index("Andere collega’s") < html.index("Carla Meijer")
    assert f'<option value="{cast.bram.pk}" selected>Bram Visser</option>' in html
    assert "&lt;b&gt;Zoë&lt;/b&gt; &amp; Co" in html
    assert "<b>" not in html


def test_whoever_is_not_offered_is_refused_beside_the_question(cast):
    User.objects.get_queryset().filter(pk=cast.bram.pk).update(is_active=False)
    offered = candidates_for(cast.bos, WHO, at=cast.at)
    for wrong in (cast.bram.pk, cast.mila.pk, cast.hans.pk, 999_999, "x", "-1", "1 or 1"):
        sent = form(offered, {"who": wrong})
        assert list(sent.errors) == ["who"]
    assert form(offered, {"who": str(cast.carla.pk)}).is_valid()
    assert "Kies een collega." in str(form(offered, {}).errors)


def test_whom_the_work_is_with_stays_in_view_and_is_not_replaced_in_silence(cast):
    offered = candidates_for(cast.bos, WHO, at=cast.at, present=cast.wim)
    asked = form(offered, initial={"who": cast.wim})
    marked = (
        f'<option value="{cast.wim.pk}" selected disabled>Wim Kuiper – mag dit niet openen, of werkt hier niet meer'
    )
    assert marked in str(asked["who"])
    assert list(form(offered, {"who": cast.wim.pk}).errors) == ["who"]
    assert [each.words for each in offered][:2] == ["Anna Jansen", "Bram Visser"]


def test_nobody_to_choose_is_said_in_a_sentence(cast):
    asked = form(candidates_for(cast.bos, holds() & WHO, at=cast.at))
    assert "Hier is niemand te kiezen" in asked["who"].help_text


def test_a_verb_asks_the_same(cast):
    must_be_among(WHO, cast.anna)
    for wrong in (cast.mila, cast.wim):
        with pytest.raises(ValidationError, match="mag dit niet openen"):
            must_be_among(WHO, wrong)
    User.objects.get_queryset().filter(pk=cast.anna.pk).update(is_active=False)
    with pytest.raises(ValidationError, match="Anna Jansen"):
        must_be_among(WHO, cast.anna)
