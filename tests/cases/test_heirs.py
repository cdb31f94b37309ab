"""The page on which the privacy officer names who handles a secret dossier that nobody can open any more."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from cases.actions import close_case, name_heir
from cases.models import Case
from cases.rules import orphans
from cases.states import CaseResult
from corporatie.staff.actions import say_goodbye
from corporatie.staff.models import Absence, User
from corporatie.work.actions import leave
from tests.work.reminding import live, swept


@pytest.fixture
def orphan(cast, secret_case):
    """Its handler and its second reader have no access any more."""
    for gone in (cast.anna, cast.sofie):
        say_goodbye(colleague=gone, by=cast.hans, at=cast.at)
    return secret_case


def test_a_number_and_a_team_and_nothing_else(visit_page, client, cast, orphan):
    page = visit_page(cast.olga, "case_heirs").content.decode()
    assert str(orphan.pk)[:8] in page
    assert "Noord" in page
    for secret in ("Kerkstraat", "Bos", "Rust in huis", "Anna Jansen", str(orphan.type_words)):
        assert secret not in page
    front = client.get(reverse("admin:index")).content.decode()
    assert reverse("case_heirs") in front


def test_those_of_its_team_stand_first(visit_page, cast, orphan):
    page = visit_page(cast.olga, "case_heirs").content.decode()
    offered = re.findall(r'<option value="(\d+)"', page)
    assert {str(cast.bram.pk), str(cast.dirk.pk)} == set(offered[:2])
    assert str(cast.carla.pk) in offered[2:]


def test_she_names_somebody(send, cast, orphan):
    refused = send(cast.olga, "case_heirs", case=str(orphan.pk), handler=cast.mila.pk)
    assert list(refused.context["form"].errors) == ["handler"]
    assert send(cast.olga, "case_heirs", case=str(orphan.pk), handler=cast.bram.pk).status_code == 302
    assert Case.objects.get().handler == cast.bram
    assert send(cast.olga, "case_heirs", case=str(orphan.pk), handler=cast.carla.pk).status_code == 422
    assert Case.objects.get().handler == cast.bram


@pytest.mark.parametrize("name", ["hans", "dirk", "bram", "mila"])
def test_nobody_else_does(send, visit_page, cast, orphan, name):
    user = getattr(cast, name)
    assert visit_page(user, "case_heirs").status_code == 403
    assert send(user, "case_heirs", case=str(orphan.pk), handler=cast.bram.pk).status_code == 403
    assert Case.objects.get().handler == cast.anna


def test_where_every_dossier_has_somebody_it_says_so(visit_page, cast, secret_case):
    assert "Er wacht nu geen geheim dossier op een behandelaar" in visit_page(cast.olga, "case_heirs").content.decode()


@pytest.mark.parametrize(("days", "is_gone"), [(14, False), (15, True)])
def test_a_second_reader_who_stays_away_for_long_handles_it_and_another_may_be_named_meanwhile(
    time_machine_at, cast, secret_case, days, is_gone
):
    """Within two weeks she is back; where it takes longer, it is said, and it is hers when she comes back."""
    day = cast.at.date()
    until_on = day + timedelta(days=days)
    Absence.objects.create(user=cast.sofie, substitute=cast.carla, from_on=day, until_on=until_on)
    leave(colleague=cast.anna, by=cast.hans, at=cast.at)
    assert Case.objects.get().handler == cast.sofie
    swept(day + timedelta(days=1))
    assert live("second_reader_left", secret_case) == ["-"]
    assert [each.pk for each in orphans(cast.olga)] == ([secret_case.pk] if is_gone else [])
    swept(until_on + timedelta(days=1))
    assert live("case_given", secret_case) == ["Sofie"]
    if is_gone:
        name_heir(case=secret_case.pk, handler=cast.bram, by=cast.olga, at=cast.at)
        assert Case.objects.get().handler == cast.bram


def test_one_that_ended_is_not_left_without_anybody_who_can_open_it(time_machine_at, cast, secret_case):
    close_case(case=secret_case, result=CaseResult.NO_ACTION, summary="Klaar", told_on=None, by=cast.anna, at=cast.at)
    leave(colleague=cast.sofie, by=cast.hans, at=cast.at)
    swept(cast.at.date())
    assert live("second_reader_left", secret_case) == []
    assert orphans(cast.olga) == []
    leave(colleague=cast.anna, by=cast.hans, at=cast.at)
    assert [each.pk for each in orphans(cast.olga)] == [secret_case.pk]
    swept(cast.at.date())
    assert live("second_reader_left", secret_case) == ["-"]
    name_heir(case=secret_case.pk, handler=cast.bram, by=cast.olga, at=cast.at)
    swept(cast.at.date())
    assert live("second_reader_left", secret_case) == []
    assert Case.objects.visible_to(User.objects.get(pk=cast.bram.pk)).get() == secret_case
