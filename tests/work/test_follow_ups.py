"""A promise is made once, finished once, and never silently dropped."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from corporatie.journal.models import Entry
from corporatie.work import actions
from corporatie.work.models import FollowUp


@pytest.fixture
def promise(cast):
    return actions.add_follow_up(
        tenancy=cast.bos,
        subject=cast.bos,
        what="Schilder belt",
        owner=cast.anna,
        due_on=date(2026, 11, 27),
        is_promise=True,
        by=cast.anna,
        at=cast.at,
    )


def kinds(subject):
    return list(Entry.objects.about(subject).values_list("kind", flat=True))


def test_the_household_remembers_what_was_promised_and_kept(cast, promise):
    actions.finish_follow_up(follow_up=promise, by=cast.bram, at=cast.at)
    assert kinds(cast.bos)[:2] == ["promise_kept", "promise_made"]
    assert "Schilder" not in str(list(Entry.objects.values_list("data", flat=True)))


def test_the_second_to_finish_is_told_and_changes_nothing(cast, promise):
    actions.finish_follow_up(follow_up=promise, by=cast.bram, at=cast.at)
    with pytest.raises(ValidationError, match="collega"):
        actions.finish_follow_up(follow_up=FollowUp.objects.get(), by=cast.anna, at=cast.at)
    assert FollowUp.objects.get().done_by == cast.bram
    assert kinds(cast.bos).count("promise_kept") == 1


def test_a_promise_is_not_dropped_without_a_reason(cast, promise):
    with pytest.raises(IntegrityError):
        actions.drop_follow_up(follow_up=promise, reason="", by=cast.anna, at=cast.at)


def test_a_dropped_promise_says_why(cast, promise):
    actions.drop_follow_up(follow_up=promise, reason="Mevrouw verhuist", by=cast.anna, at=cast.at)
    done = FollowUp.objects.get()
    assert (done.result, done.result_note) == ("dropped", "Mevrouw verhuist")


def test_done_is_done_by_someone_at_some_time(cast, promise):
    with pytest.raises(IntegrityError):
        FollowUp.objects.update(done_at=cast.at)


def test_carla_sees_no_promise_of_noord_and_the_stand_in_does(cast, promise):
    assert FollowUp.objects.visible_to(cast.anna).count() == 1
    assert FollowUp.objects.visible_to(cast.carla).count() == 0
    from django.utils import timezone

    from corporatie.staff.models import Absence

    today = timezone.localdate()
    Absence.objects.create(user=cast.anna, substitute=cast.carla, from_on=today, until_on=today)
    again = type(cast.carla).objects.get(pk=cast.carla.pk)
    assert FollowUp.objects.visible_to(again).count() == 1
