"""Everyone writes down her own absence: which days, which part of them, and who stands in."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from corporatie.staff import actions
from corporatie.staff.models import Absence, AccountChange
from corporatie.staff.rules import stand_ins
from corporatie.staff.states import AbsencePart, AccountChangeKind
from corporatie.work import actions as work
from corporatie.work.models import Notice
from corporatie.work.reminders import sweep
from tests.cast import PASSWORD, Cast, signed_in_anew
from tests.work.at_once import meanwhile, needs_postgresql, real

pytestmark = pytest.mark.usefixtures("time_machine_at")
TODAY = date(2026, 11, 24)


def answers(substitute, **more):
    """A filled in form."""
    return {"from_on": "2026-12-01", "until_on": "2026-12-04", "part": "day", "substitute": substitute.pk, **more}


def text_of(answer):
    """What stands on a page, without the marks of HTML."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


# --- By verb -------------------------------------------------------------------------------------------
def test_what_is_planned_and_dropped_leaves_a_row(cast, at):
    absence = Absence(user=cast.anna, substitute=cast.bram, from_on=TODAY, until_on=TODAY)
    actions.plan_absence(absence=absence, by=cast.anna, at=at)
    actions.drop_absence(absence=absence, by=cast.anna, at=at)
    rows = AccountChange.objects.values_list("colleague", "by", "kind", "detail")
    assert list(rows) == [(cast.anna.pk, cast.anna.pk, AccountChangeKind.ABSENCE, str(cast.bram.pk))] * 2
    assert not Absence.objects.exists()


# A caretaker reports signals and does not judge them: an acute one would reach nobody.
@pytest.mark.parametrize(
    ("away", "who"), [("anna", "hans"), ("anna", "mila"), ("anna", "olga"), ("anna", "wim"), ("dirk", "wim")]
)
def test_who_cannot_do_the_work_does_not_stand_in(cast, at, away, who):
    colleague, substitute = getattr(cast, away), getattr(cast, who)
    absence = Absence(user=colleague, substitute=substitute, from_on=TODAY, until_on=TODAY)
    with pytest.raises(ValidationError):
        actions.plan_absence(absence=absence, by=colleague, at=at)
    assert not AccountChange.objects.exists()
    assert substitute not in [each.colleague for each in stand_ins(colleague, at=at)]


@pytest.mark.parametrize(("away", "who"), [("wim", "anna"), ("dirk", "anna"), ("anna", "dirk"), ("petra", "rachid")])
def test_who_can_do_the_work_stands_in(cast, at, away, who):
    colleague, substitute = getattr(cast, away), getattr(cast, who)
    absence = Absence(user=colleague, substitute=substitute, from_on=TODAY, until_on=TODAY)
    actions.plan_absence(absence=absence, by=colleague, at=at)
    assert Absence.objects.get().substitute == substitute
    assert substitute in [each.colleague for each in stand_ins(colleague, at=at)]


def test_who_left_does_not_stand_in(cast, at):
    cast.bram.is_active = False
    cast.bram.save()
    absence = Absence(user=cast.anna, substitute=cast.bram, from_on=TODAY, until_on=TODAY)
    with pytest.raises(ValidationError):
        actions.plan_absence(absence=absence, by=cast.anna, at=at)


def test_sent_twice_it_stands_there_once_and_is_told_once(cast, at):
    for _time in range(2):
        absence = Absence(user=cast.anna, substitute=cast.bram, from_on=TODAY, until_on=TODAY)
        actions.plan_absence(absence=absence, by=cast.anna, at=at)
    tomorrow = TODAY + timedelta(days=1)
    other = Absence(user=cast.anna, substitute=cast.bram, from_on=tomorrow, until_on=tomorrow)
    actions.plan_absence(absence=other, by=cast.anna, at=at)
    assert (Absence.objects.count(), AccountChange.objects.count()) == (2, 2)


WHOLE, AM, PM = AbsencePart.DAY, AbsencePart.MORNING, AbsencePart.AFTERNOON


@pytest.mark.parametrize(
    ("first", "second", "part", "is_free"),
    [
        (1, 4, WHOLE, True),
        (5, 9, WHOLE, False),
        (9, 12, AM, False),
        (7, 7, PM, False),
        (1, 30, WHOLE, False),
        (10, 12, WHOLE, True),
    ],
)
def test_nobody_is_away_twice_on_one_day(cast, at, first, second, part, is_free):
    day = date(2026, 12, 1) - timedelta(days=1)
    for days in ((5, 9, WHOLE), (20, 20, AM)):
        away = Absence(
            user=cast.anna, substitute=cast.bram, from_on=day + timedelta(days=days[0]), part=days[2],
            until_on=day + timedelta(days=days[1]),
        )  # fmt: skip
        actions.plan_absence(absence=away, by=cast.anna, at=at)
    wanted = Absence(
        user=cast.anna, substitute=cast.dirk, from_on=day + timedelta(days=first), part=part,
        until_on=day + timedelta(days=second),
    )  # fmt: skip
    if is_free:
        actions.plan_absence(absence=wanted, by=cast.anna, at=at)
    else:
        with pytest.raises(ValidationError, match="5 december") as refused:
            actions.plan_absence(absence=wanted, by=cast.anna, at=at)
        assert list(refused.value.message_dict) == ["from_on"]
    assert Absence.objects.count() == 2 + is_free


def test_a_morning_and_an_afternoon_are_two_absences_and_others_may_be_away_too(cast, at):
    for who, part in ((cast.anna, AM), (cast.anna, PM), (cast.bram, WHOLE)):
        away = Absence(user=who, substitute=cast.dirk, from_on=TODAY, until_on=TODAY, part=part)
        actions.plan_absence(absence=away, by=who, at=at)
    assert Absence.objects.count() == 3


def test_who_is_away_herself_in_all_these_days_does_not_stand_in(cast, at):
    last = TODAY + timedelta(days=3)
    Absence.objects.create(user=cast.bram, substitute=cast.anna, from_on=TODAY, until_on=last)
    absence = Absence(user=cast.anna, substitute=cast.bram, from_on=TODAY, until_on=last)
    with pytest.raises(ValidationError) as refused:
        actions.plan_absence(absence=absence, by=cast.anna, at=at)
    assert list(refused.value.message_dict) == ["substitute"]
    # Back before it ends: then she can, from that day.
    absence.until_on = last + timedelta(days=1)
    actions.plan_absence(absence=absence, by=cast.anna, at=at)


@pytest.mark.parametrize(
    ("hers", "wanted", "is_there"),
    [
        ([(0, 1, WHOLE), (2, 2, WHOLE)], WHOLE, False),
        ([(0, 2, AM), (0, 2, PM)], WHOLE, False),
        ([(0, 1, WHOLE), (2, 2, AM), (2, 2, PM)], WHOLE, False),
        ([(2, 2, PM), (0, 0, WHOLE), (1, 2, AM), (1, 1, PM)], WHOLE, False),
        ([(0, 2, AM)], AM, False),
        ([(0, 1, WHOLE), (2, 2, AM)], AM, False),
        ([(0, 0, WHOLE), (2, 2, WHOLE)], WHOLE, True),
        ([(0, 1, WHOLE), (2, 2, AM)], WHOLE, True),
        ([(0, 2, AM), (0, 1, PM)], PM, True),
        ([(0, 2, PM)], AM, True),
    ],
)
def test_absences_side_by_side_are_together_as_long_as_one(cast, at, hers, wanted, is_there):
    """Wednesday and Thursday, and then Friday: who is away on all three stands in on none of them."""
    days = [TODAY + timedelta(days=number) for number in range(1, 4)]
    for first, last, part in hers:
        away = Absence(user=cast.bram, substitute=cast.dirk, from_on=days[first], until_on=days[last], part=part)
        actions.plan_absence(absence=away, by=cast.bram, at=at)
    absence = Absence(user=cast.anna, substitute=cast.bram, from_on=days[0], until_on=days[2], part=wanted)
    if is_there:
        actions.plan_absence(absence=absence, by=cast.anna, at=at)
    else:
        with pytest.raises(ValidationError) as refused:
            actions.plan_absence(absence=absence, by=cast.anna, at=at)
        assert list(refused.value.message_dict) == ["substitute"]


def test_of_an_absence_that_runs_only_the_days_that_are_left_count(cast, at):
    """Anna was away yesterday and still is; Bram was there yesterday, and is away from now on."""
    days = {"from_on": TODAY - timedelta(days=1), "until_on": TODAY + timedelta(days=1)}
    absence = Absence.objects.create(user=cast.anna, substitute=cast.dirk, **days)
    Absence.objects.create(user=cast.bram, substitute=cast.dirk, from_on=TODAY, until_on=days["until_on"])
    absence.substitute = cast.bram
    with pytest.raises(ValidationError) as refused:
        actions.plan_absence(absence=absence, by=cast.hans, at=at)
    assert list(refused.value.message_dict) == ["substitute"]
    # Of one that is over no day is left.
    actions.plan_absence(absence=absence, by=cast.hans, at=at + timedelta(days=2))


def test_an_absence_that_changes_does_not_overlap_with_itself(cast, at):
    away = Absence(user=cast.anna, substitute=cast.dirk, from_on=TODAY, until_on=TODAY)
    actions.plan_absence(absence=away, by=cast.hans, at=at)
    away.until_on = TODAY + timedelta(days=3)
    actions.plan_absence(absence=away, by=cast.hans, at=at)
    later = Absence(user=cast.anna, substitute=cast.dirk, from_on=date(2026, 12, 7), until_on=date(2026, 12, 8))
    actions.plan_absence(absence=later, by=cast.hans, at=at)
    later.from_on = later.until_on = TODAY
    with pytest.raises(ValidationError):
        actions.plan_absence(absence=later, by=cast.hans, at=at)


@real
@needs_postgresql
def test_two_absences_at_once_do_not_both_come_to_stand(at):
    cast = Cast.make(at)
    days = {"from_on": TODAY, "until_on": TODAY}
    one, other = (Absence(user=cast.anna, substitute=who, **days) for who in (cast.bram, cast.dirk))
    faults = meanwhile(
        lambda: actions.plan_absence(absence=one, by=cast.anna, at=at),
        lambda: actions.plan_absence(absence=other, by=cast.anna, at=at),
    )
    assert (Absence.objects.get().substitute, len(faults)) == (cast.bram, 1)


# --- The page ------------------------------------------------------------------------------------------
def test_one_writes_it_down_reads_it_back_and_takes_it_away(client, cast):
    signed_in_anew(client, cast.anna)
    answer = client.post(reverse("absence_create"), answers(cast.bram, part="afternoon"), follow=True)
    assert "Afwezigheid bewaard: 1 december – 4 december, alleen de middag. Bram Visser vervangt u." in text_of(answer)
    absence = Absence.objects.get()
    assert (absence.user, absence.substitute, absence.part) == (cast.anna, cast.bram, AbsencePart.AFTERNOON)
    client.post(reverse("absence_drop", args=[absence.pk]))
    assert not Absence.objects.exists()


def test_those_of_ones_team_come_first_with_their_absence_and_nobody_who_cannot(client, cast):
    Absence.objects.create(user=cast.bram, substitute=cast.anna, from_on=TODAY, until_on=TODAY, part="morning")
    signed_in_anew(client, cast.anna)
    form = client.get(reverse("absence_create")).context["form"]
    _nobody, (ours, near), (_others, far) = form.fields["substitute"].widget.choices
    near, far = ([label for _pk, label in group] for group in (near, far))
    assert (ours, near) == (
        "Uw eigen team",
        ["Bram Visser – afwezig vandaag, Anna Jansen vervangt (alleen de ochtend)", "Dirk Bakker"],
    )
    assert "Carla Meijer" in far
    assert not {"Anna Jansen", "Wim Kuiper", "Hans Groot", "Mila Post", "Olga Dekker"} & {*near, *far}


def test_who_will_be_away_soon_is_said_and_what_is_further_away_is_not(client, cast):
    for days in ((1, 1), (3, 4), (60, 61)):
        first, last = (TODAY + timedelta(days=day) for day in days)
        Absence.objects.create(user=cast.bram, substitute=cast.carla, from_on=first, until_on=last)
    far = TODAY + timedelta(days=60)
    Absence.objects.create(user=cast.dirk, substitute=cast.carla, from_on=far, until_on=far)
    signed_in_anew(client, cast.anna)
    form = client.get(reverse("absence_create")).context["form"]
    near = [label for _pk, label in form.fields["substitute"].widget.choices[1][1]]
    assert near[:2] == ["Bram Visser – afwezig op 25 november, Carla Meijer vervangt", "Dirk Bakker"]


def test_the_same_on_post(client, cast):
    signed_in_anew(client, cast.anna)
    for who in (cast.hans, cast.anna):
        assert client.post(reverse("absence_create"), answers(who)).status_code == 422
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"from_on": "2026-11-23"}, "Deze dag is voorbij"),
        ({"from_on": "0026-12-01"}, "Het jaar 26 kan niet kloppen"),
        ({"from_on": "2027-12-31", "until_on": "2027-12-31"}, "Deze dag is pas over meer dan een jaar"),
        ({"until_on": "9999-12-31"}, "Het jaar 9999 kan niet kloppen"),
        ({"until_on": "2027-12-31"}, "Een afwezigheid duurt hoogstens een jaar"),
        ({"until_on": "2026-11-30"}, "De laatste dag ligt vóór de eerste dag"),
        ({"from_on": ""}, "Kies een dag, of vul er een in"),
        ({"substitute": ""}, "Kies uw vervanger"),
    ],
)
def test_what_cannot_be_is_said(client, cast, data, words):
    signed_in_anew(client, cast.anna)
    answer = client.post(reverse("absence_create"), answers(cast.bram) | data)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not Absence.objects.exists()


def test_days_that_overlap_are_refused_beside_the_field(client, cast):
    Absence.objects.create(user=cast.anna, substitute=cast.bram, from_on="2026-12-03", until_on="2026-12-05")
    words = "In deze dagen staat al een afwezigheid: 3 december – 5 december."
    signed_in_anew(client, cast.anna)
    answer = client.post(reverse("absence_create"), answers(cast.bram))
    assert (answer.status_code, words in text_of(answer)) == (422, True)
    assert list(answer.context["form"].errors) == ["from_on"]
    signed_in_anew(client, cast.hans)
    answer = client.post(reverse("admin:staff_absence_add"), answers(cast.bram, user=cast.anna.pk))
    assert words in text_of(answer)
    assert list(answer.context["adminform"].form.errors) == ["from_on"]
    assert Absence.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "words"),
    [
        ("2020-12-01", "Deze dag is voorbij"),
        ("2026-11-23", "Deze dag is voorbij"),
        ("2027-12-31", "Deze dag is pas over meer dan een jaar"),
    ],
)
def test_the_administration_refuses_the_first_days_that_ones_own_page_refuses(client, cast, first, words):
    away = answers(cast.bram, user=cast.anna.pk)
    signed_in_anew(client, cast.hans)
    answer = client.post(reverse("admin:staff_absence_add"), away | {"from_on": first, "until_on": "2027-12-31"})
    assert (list(answer.context["adminform"].form.errors), words in text_of(answer)) == (["from_on"], True)
    # One that runs keeps the day on which it began, and gets no other that is over.
    began = TODAY - timedelta(days=9)
    absence = Absence.objects.create(user=cast.anna, substitute=cast.bram, from_on=began, until_on=TODAY)
    url = reverse("admin:staff_absence_change", args=[absence.pk])
    assert words in text_of(client.post(url, away | {"from_on": first, "until_on": "2027-12-31"}))
    assert client.post(url, away | {"from_on": began.isoformat()}).status_code == 302
    absence.refresh_from_db()
    assert (absence.from_on, absence.until_on) == (began, date(2026, 12, 4))


def test_nobody_takes_away_what_is_not_hers(client, cast):
    absence = Absence.objects.create(user=cast.anna, substitute=cast.bram, from_on=TODAY, until_on=TODAY)
    url = reverse("absence_drop", args=[absence.pk])
    for who, status in (("bram", 403), ("carla", 404), ("hans", 404)):
        signed_in_anew(client, getattr(cast, who))
        assert client.post(url).status_code == status
    assert Absence.objects.count() == 1


def test_the_administration_asks_the_part_of_the_day_and_says_it_in_words(client, cast):
    signed_in_anew(client, cast.hans)
    client.post(reverse("admin:staff_absence_add"), answers(cast.bram, user=cast.anna.pk, part="afternoon"))
    assert Absence.objects.get().part == AbsencePart.AFTERNOON
    assert "alleen de middag" in client.get(reverse("admin:staff_absence_changelist")).content.decode()


# --- What follows from it ------------------------------------------------------------------------------
def test_away_this_afternoon_the_reminder_goes_to_the_stand_in_and_comes_back(cast, at):
    work.add_follow_up(
        tenancy=cast.bos,
        subject=cast.bos,
        what="Bel",
        owner=cast.anna,
        due_on=TODAY,
        is_promise=False,
        by=cast.anna,
        at=at,
    )
    absence = Absence(user=cast.anna, substitute=cast.bram, from_on=TODAY, until_on=TODAY, part=AbsencePart.AFTERNOON)
    actions.plan_absence(absence=absence, by=cast.anna, at=at)
    noon = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # 12:00 in Amsterdam
    told = {}
    for name, moment in {
        "11:59": noon - timedelta(minutes=1),
        "12:00": noon,
        "00:00": noon + timedelta(hours=12),
    }.items():
        sweep(at=moment)
        told[name] = [notice.recipient.get_short_name() for notice in Notice.objects.live()]
    assert told == {"11:59": ["Anna"], "12:00": ["Bram"], "00:00": ["Anna"]}


# --- Who does it, says once more who she is ------------------------------------------------------------
def test_it_is_asked_anew_before_one_fills_it_in_and_before_it_is_taken_away(client, cast):
    cast.anna.set_password(PASSWORD)
    cast.anna.save()
    client.force_login(cast.anna)
    for answer in (client.get(reverse("absence_create")), client.post(reverse("absence_create"), answers(cast.bram))):
        assert answer.status_code == 302
        assert "reauthenticate" in answer.url
    assert not Absence.objects.exists()
    absence = Absence.objects.create(user=cast.anna, substitute=cast.bram, from_on=TODAY, until_on=TODAY)
    assert "reauthenticate" in client.post(reverse("absence_drop", args=[absence.pk])).url
    assert Absence.objects.exists()


@pytest.mark.parametrize("who", ["mila", "hans"])
def test_who_opens_nothing_opens_her_team_for_nobody(client, cast, at, who):
    """A manager or administrator in a team: whoever stands in for her must not see more by that."""
    user = getattr(cast, who)
    cast.noord.members.add(user)
    assert cast.carla not in [each.colleague for each in stand_ins(user, at=at)]
    assert cast.bram in [each.colleague for each in stand_ins(user, at=at)]
    with pytest.raises(ValidationError, match="ziet hierdoor meer"):
        actions.plan_absence(
            absence=Absence(user=user, substitute=cast.carla, from_on=TODAY, until_on=TODAY), by=user, at=at
        )
    actions.plan_absence(
        absence=Absence(user=user, substitute=cast.bram, from_on=TODAY, until_on=TODAY), by=user, at=at
    )
