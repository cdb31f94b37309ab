"""When and where the demo may be loaded."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command

from corporatie.desk.demo.load import load
from corporatie.staff.models import User
from corporatie.work.models import FollowUp, Notice
from tenants.models import Dwelling, Tenancy
from visits.models import Visit

pytestmark = pytest.mark.django_db


def test_the_demo_lives_on_a_saturday_at_christmas_too():
    on = date(2026, 12, 26)
    morning = datetime.combine(on, datetime.min.time(), tzinfo=UTC) + timedelta(hours=8)
    with time_machine.travel(morning, tick=False):
        world = load(on=on)
        anna = world.who("anna")
        assert Visit.objects.planned().filter(visitor=anna, planned_on=on).count() == 6
        assert FollowUp.objects.open().filter(owner=anna, is_promise=True, due_on__lt=on).exists()
        assert Notice.objects.visible_to(anna).unread_now().exists()


def test_only_where_demo_mode_is_on(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="demo mode"):
        call_command("load_demo")
    settings.DEMO, settings.IS_PRODUCTION = True, True
    with pytest.raises(CommandError, match="demo mode"):
        call_command("load_demo")
    assert not User.objects.get_queryset().exists()


def test_never_between_people_who_are_there_already(cast, settings):
    settings.DEMO = True
    before = Tenancy.objects.count()
    with pytest.raises(CommandError, match="already"):
        call_command("load_demo")
    assert Tenancy.objects.count() == before


def test_a_load_that_breaks_leaves_nothing(settings, monkeypatch):
    settings.DEMO = True
    monkeypatch.setattr("corporatie.desk.demo.load._reach", lambda _world, _lives: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        call_command("load_demo", "--on=2026-11-24")
    assert not User.objects.get_queryset().exists()
    assert not Dwelling.objects.exists()
