"""Who may open a row is asked in two ways: of one colleague about all rows, and of one row about all colleagues.

The first is ``visible_to``, on each page; the second is ``who_may_open``, for lists of people and for the sweep. They
must agree about every row and every colleague, whoever is away and whoever stands in.
"""

from datetime import timedelta

import pytest
from django.db.models import Exists, F

from cases.models import AttentionFlag, Case, CaseReader, Signal
from cases.rules import judges, may_change_flag
from corporatie.staff.models import Absence, User
from corporatie.staff.states import AbsencePart
from corporatie.subjects.models import subject_models, visible
from corporatie.work.states import holdings, reminders
from visits.models import Visit

pytestmark = pytest.mark.django_db

HEARD_OF = [model for model in subject_models() if model.gives_notice]
WORKED_ON = [model for model in subject_models() if model.holds_work]


def away(world, who, substitute, *, part=AbsencePart.DAY, days=0):
    """Somebody is away today, or on another day."""
    day = world.cast.at.date() + timedelta(days=days)
    Absence.objects.create(
        user=getattr(world.cast, who), substitute=getattr(world.cast, substitute), from_on=day, until_on=day, part=part
    )


def nobody_is_away(world):
    """As it is."""


def same_role_stands_in(world):
    """A consultant of the other team, and a colleague of the same one."""
    away(world, "anna", "carla")
    away(world, "carla", "anna")
    away(world, "bram", "anna")


def other_roles_stand_in(world):
    """Whoever sets up accounts named people whose roles open nothing, or less."""
    for substitute in ("hans", "mila", "olga", "petra", "wim", "rachid", "dirk"):
        away(world, "anna", substitute)
        away(world, "bram", substitute)
    away(world, "dirk", "anna")
    away(world, "wim", "rachid")


def leads_stand_in(world):
    """The lead is away, for whom a lead of elsewhere stands in; and for who leads nothing another."""
    from corporatie.staff.permissions import Role
    from tests.cast import colleague

    world.cast.nel = colleague("Nel Prins", Role.TEAM_LEAD, team=world.cast.zuid)
    world.cast.guus = colleague("Guus Mol", Role.TEAM_LEAD)
    world.cast.ria = colleague("Ria Vos", Role.MANAGER)
    away(world, "dirk", "nel")
    away(world, "anna", "guus")
    away(world, "dirk", "ria")


def away_at_another_moment(world):
    """This afternoon, and tomorrow; it is ten in the morning."""
    away(world, "anna", "carla", part=AbsencePart.AFTERNOON)
    away(world, "bram", "carla", days=1)
    away(world, "carla", "bram", part=AbsencePart.MORNING)


def a_second_reader(world):
    """Named at the opening of the secret dossier, its handler there."""
    CaseReader.objects.filter(case=world.secret_case, is_second=True).update(user=world.cast.anna)


def a_second_reader_stands_in(world):
    """The same, its handler away."""
    a_second_reader(world)
    away(world, "bram", "carla")


def the_handler_left(world):
    """The handler of the secret dossier does not work here any more."""
    a_second_reader(world)
    User.objects.get_queryset().filter(pk=world.cast.bram.pk).update(is_active=False)


def moved_to_another_team(world):
    """Her own work stays behind."""
    world.cast.noord.members.remove(world.cast.anna)
    world.cast.zuid.members.add(world.cast.anna)


def roles_taken_away(world):
    """What she handled, planned and reported is still hers in the rows."""
    for name in ("anna", "bram", "carla", "wim", "rachid"):
        getattr(world.cast, name).grants.all().delete()


def reported_by_a_stand_in_of_another_team(world):
    """Carla stood in for Anna, and reported meanwhile; she may read what came of it."""
    Signal.objects.filter(created_by=world.cast.bram).update(created_by=world.cast.carla)


def the_secret_dossier_went_to_another(world):
    """Who handled it before still has a visit for it, and may not open it any more."""
    Visit.objects.filter(case=world.case).update(case=world.secret_case)
    Case.objects.filter(pk=world.secret_case.pk).update(handler=world.cast.sofie)


SITUATIONS = (
    nobody_is_away,
    same_role_stands_in,
    other_roles_stand_in,
    leads_stand_in,
    away_at_another_moment,
    a_second_reader,
    a_second_reader_stands_in,
    the_handler_left,
    moved_to_another_team,
    roles_taken_away,
    reported_by_a_stand_in_of_another_team,
    the_secret_dossier_went_to_another,
)


@pytest.fixture(params=SITUATIONS, ids=lambda situation: situation.__name__)
def world(request, stage):
    """The world of the matrix in some situation; gone again after the test."""
    from django.db import transaction

    with transaction.atomic():
        request.param(stage.world)
        yield stage.world
        transaction.set_rollback(True)


def colleagues():
    """All of them afresh, with and without a role, except who left: those sign in nowhere."""
    return list(User.objects.get_queryset().filter(is_active=True))


@pytest.mark.parametrize("model", HEARD_OF, ids=lambda model: model.__name__)
def test_who_may_open_a_row_is_whoever_it_is_visible_to(world, model):
    by_colleague = {(user.pk, pk) for user in colleagues() for pk in visible(model, user).values_list("pk", flat=True)}
    active = User.objects.get_queryset().filter(is_active=True)
    by_row = {
        (user, pk)
        for pk in model._default_manager.values_list("pk", flat=True)
        for user in active.filter(model.who_may_open(pk, at=world.cast.at)).values_list("pk", flat=True)
    }
    assert by_row == by_colleague


@pytest.mark.parametrize("model", WORKED_ON, ids=lambda model: model.__name__)
def test_who_works_on_a_row_is_whoever_it_says(world, model):
    everyone = colleagues()
    by_colleague = {(user.pk, row.pk) for user in everyone for row in visible(model, user) if row.is_worked_on_by(user)}
    active = User.objects.get_queryset().filter(is_active=True)
    by_row = {
        (user, pk)
        for pk in model._default_manager.values_list("pk", flat=True)
        for user in active.filter(model.who_works_on(pk, at=world.cast.at)).values_list("pk", flat=True)
    }
    assert by_row == by_colleague


def test_who_hears_that_a_point_of_attention_waits_is_whoever_may_decide_on_it(world):
    by_colleague = {
        (user.pk, flag.pk)
        for user in colleagues()
        for flag in AttentionFlag.objects.visible_to(user)
        if may_change_flag(user, flag)
    }
    active = User.objects.get_queryset().filter(is_active=True)
    told = active.filter(reminders()["flag_review"].may_hear(world.cast.at))
    flags = AttentionFlag.objects.annotate(page_id=F("pk"))
    by_row = {
        (user, pk)
        for user in active.values_list("pk", flat=True)
        for pk in flags.filter(Exists(told.filter(pk=user))).values_list("pk", flat=True)
    }
    assert by_row == by_colleague


def test_who_hears_of_a_signal_or_gets_it_is_whoever_judges_it(world):
    by_colleague = {
        (user.pk, signal.pk)
        for user in colleagues()
        for signal in Signal.objects.visible_to(user)
        if judges(user, signal)
    }
    signals = Signal.objects.annotate(page_id=F("pk"))
    for who in (reminders()["signal_acute"].may_hear, holdings()["signal"].may_have):
        able = User.objects.get_queryset().filter(who(world.cast.at), is_active=True)
        by_row = {
            (user, pk)
            for user in User.objects.visible_to(world.cast.anna).values_list("pk", flat=True)
            for pk in signals.filter(Exists(able.filter(pk=user))).values_list("pk", flat=True)
        }
        assert by_row == by_colleague


def test_the_situations_differ():
    assert len(HEARD_OF) == 7
    assert len(WORKED_ON) == 3
    assert Case in WORKED_ON
