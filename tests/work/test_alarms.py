"""What reaches nobody, as a number at a lead or the administrator: up, down, solved; and never what or whom."""

from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.test import Client

from cases.states import Severity
from corporatie.desk.views.health import alarms_reach_somebody
from corporatie.staff.models import Absence, User
from corporatie.staff.permissions import Role
from corporatie.work.models import Alarm, FollowUp, Notice, OutgoingMail
from corporatie.work.states import AlarmKind, MailKind, MailState
from tests.cast import colleague
from tests.work.reminding import SATURDAY, THURSDAY, TUESDAY, live, moment, promise, raw, swept

pytestmark = pytest.mark.django_db


def sweep_both(hour=10, day=THURSDAY):
    """The rule, and then what it left over. Gives the moment of the second."""
    swept(day, hour, only="follow_up_due")
    return swept(day, hour, only="alarm_nobody")


def unread(cast, handler):
    """A secret dossier for which nobody was named to read it."""
    case = cast.case(by=handler, types=("confusion",), first_step=cast.step(handler, days=2))
    case.readers.all().delete()
    return case


@pytest.fixture
def unheard(cast):
    """A secret dossier whose handler left, without a second reader: Dirk, the lead, may open nothing of it."""
    secret = unread(cast, cast.bram)
    User.objects.get_queryset().filter(pk=cast.bram.pk).update(is_active=False)
    return secret


def number():
    """How many, by team."""
    return {alarm.team.name if alarm.team else "-": alarm.number for alarm in Alarm.objects.filter(kind="nobody")}


def test_it_counts_up_and_down_and_is_settled_when_solved(cast, unheard):
    sweep_both()
    alarm = Alarm.objects.get()
    assert (number(), live("alarm_nobody", alarm)) == ({"Noord": 1}, ["Dirk"])
    second = unread(cast, cast.anna)
    Absence.objects.create(user=cast.anna, substitute=cast.dirk, from_on=TUESDAY, until_on=SATURDAY)
    sweep_both(11)
    assert (number(), live("alarm_nobody", alarm)) == ({"Noord": 2}, ["Dirk"])
    raw(second, handler=cast.dirk)
    raw(unheard, handler=cast.dirk)
    sweep_both(12)
    assert (number(), live("alarm_nobody", alarm)) == ({"Noord": 0}, [])
    raw(unheard, handler=cast.bram)
    at = sweep_both(13)
    assert (number(), live("alarm_nobody", alarm)) == ({"Noord": 1}, ["Dirk"])
    assert Notice.objects.live().get(rule="alarm_nobody").made_at == at


def test_something_more_that_reaches_nobody_is_heard_again(cast, unheard):
    """One thing she knows of; another one comes. A line that was read a week ago would hide it."""
    sweep_both()
    Notice.objects.filter(rule="alarm_nobody").update(read_at=moment(THURSDAY))
    sweep_both(11)
    assert Notice.objects.live().get(rule="alarm_nobody").read_at is not None
    raw(unheard, handler=cast.dirk)
    unread(cast, cast.anna)
    Absence.objects.create(user=cast.anna, substitute=cast.dirk, from_on=TUESDAY, until_on=SATURDAY)
    sweep_both(12)
    assert number() == {"Noord": 1}
    again = Notice.objects.live().get(rule="alarm_nobody")
    assert (again.recipient, again.read_at) == (cast.dirk, None)


def test_fewer_is_no_news(cast, unheard):
    other = unread(cast, cast.anna)
    raw(other, handler=cast.bram)
    sweep_both()
    Notice.objects.filter(rule="alarm_nobody").update(read_at=moment(THURSDAY))
    raw(other, handler=cast.dirk)
    sweep_both(11)
    assert number() == {"Noord": 1}
    assert Notice.objects.live().get(rule="alarm_nobody").read_at is not None


def test_one_thing_under_three_rules_is_one_thing(cast, unheard):
    raw(cast.bos, ended_on=TUESDAY)
    swept(THURSDAY)
    rules = set(Notice.objects.live().filter(recipient=None).values_list("rule", flat=True))
    assert rules == {"follow_up_due", "follow_up_household_left", "second_reader_left"}
    assert number() == {"Noord": 1}


@pytest.mark.parametrize(
    ("change", "hears"),
    [
        (
            lambda cast: Absence.objects.create(
                user=cast.dirk, substitute=cast.anna, from_on=TUESDAY, until_on=SATURDAY
            ),
            "Hans",
        ),
        (lambda cast: User.objects.get_queryset().filter(pk=cast.dirk.pk).update(is_active=False), "Hans"),
        (lambda cast: cast.noord.members.remove(cast.dirk), "Hans"),
        (lambda cast: cast.dirk.grants.all().delete(), "Hans"),
    ],
    ids=["on leave", "left", "another team", "no role"],
)
def test_without_a_lead_who_is_there_the_administrator_hears_it(cast, unheard, change, hears):
    change(cast)
    sweep_both()
    assert live("alarm_nobody", Alarm.objects.get()) == [hears]


def test_a_lead_who_stands_in_for_the_lead_hears_it(cast, unheard):
    other = colleague("Nel Prins", Role.TEAM_LEAD, team=cast.zuid)
    Absence.objects.create(user=cast.dirk, substitute=other, from_on=TUESDAY, until_on=SATURDAY)
    sweep_both()
    assert live("alarm_nobody", Alarm.objects.get()) == ["Nel"]


def test_a_household_without_a_team_is_for_the_administrator(cast):
    row = promise(THURSDAY)(cast)
    raw(cast.buurt_noord, team=None)
    cast.noord.members.remove(cast.anna)
    sweep_both()
    assert live("follow_up_due", row) == ["-"]
    assert (number(), live("alarm_nobody", Alarm.objects.get())) == ({"-": 1}, ["Hans"])


def test_mails_that_could_not_be_sent_are_for_the_administrator(cast):
    failed = OutgoingMail.objects.create(
        recipient=cast.anna,
        kind=MailKind.DIGEST,
        key="2026-11-23",
        on=TUESDAY,
        state=MailState.FAILED,
        next_try_at=cast.at,
        made_at=cast.at,
    )
    swept(SATURDAY, only="alarm_mail")
    alarm = Alarm.objects.get(kind=AlarmKind.MAIL)
    assert (alarm.number, alarm.team, live("alarm_mail", alarm)) == (1, None, ["Hans"])
    raw(failed, state=MailState.PENDING)
    swept(SATURDAY, 11, only="alarm_mail")
    assert live("alarm_mail", alarm) == []


def test_it_runs_on_closed_days_too(cast):
    cast.signal(severity=Severity.ACUTE)
    User.objects.get_queryset().filter(pk=cast.dirk.pk).update(is_active=False)
    swept(SATURDAY)
    assert number() == {"Noord": 1}
    assert live("alarm_nobody", Alarm.objects.get()) == ["Hans"]


def test_the_line_the_page_and_the_mail_say_how_many_and_never_what(cast, unheard):
    # Only the team lead hears, and she opens the page.
    swept(THURSDAY)
    alarm = Alarm.objects.get()
    with time_machine.travel(moment(THURSDAY, 11), tick=False):
        client = Client()
        client.force_login(cast.dirk)
        pages = [client.get("/postvak/").content.decode(), client.get(alarm.get_absolute_url()).content.decode()]
    for text in (*pages, *(f"{message.subject} {message.body}" for message in mail.outbox)):
        for secret in ("Bos", "Kerkstraat", "Bel mevrouw", "Bram", str(unheard.pk), str(unheard.next_step_id)):
            assert secret not in text
    assert all("Noord" in page for page in pages)


def test_who_may_open_it(cast, unheard):
    sweep_both()
    nobody = Alarm.objects.get()
    failed = Alarm.objects.create(kind=AlarmKind.MAIL, number=1, since_on=THURSDAY)
    with time_machine.travel(moment(THURSDAY, 11), tick=False):
        seen = {
            name: {
                alarm.kind
                for alarm in Alarm.objects.visible_to(User.objects.get_queryset().get(pk=getattr(cast, name).pk))
            }
            for name in ("anna", "carla", "dirk", "petra", "rachid", "wim", "mila", "olga", "hans")
        }
    assert {name: kinds for name, kinds in seen.items() if kinds} == {
        "dirk": {nobody.kind},
        "hans": {nobody.kind, failed.kind},
    }


def failed_mail(cast, number):
    """One that will not go."""
    return OutgoingMail.objects.create(
        recipient=cast.anna,
        kind=MailKind.DIGEST,
        key=f"2026-11-{number}",
        on=TUESDAY,
        state=MailState.FAILED,
        next_try_at=cast.at,
        made_at=cast.at,
    )


def told_of_mail(hour):
    """Whether Hans has something unread about mail that failed, after one more sweep."""
    swept(THURSDAY, hour, only="alarm_mail")
    return Notice.objects.live().filter(rule="alarm_mail", read_at=None).filter(later_until=None).count() == 1


@pytest.mark.parametrize("seen", [{"read_at": moment(THURSDAY)}, {"later_until": SATURDAY}], ids=["read", "put off"])
def test_another_mail_that_fails_is_heard_again(cast, seen):
    first = failed_mail(cast, 1)
    assert told_of_mail(10)
    Notice.objects.live().update(**seen)
    assert not told_of_mail(11)
    failed_mail(cast, 2)
    assert told_of_mail(12)
    assert Notice.objects.live().get(rule="alarm_mail").recipient == cast.hans
    # One goes after all: fewer is no news.
    Notice.objects.live().update(**seen)
    raw(first, state=MailState.PENDING)
    assert not told_of_mail(13)
    raw(first, state=MailState.FAILED)
    assert told_of_mail(14)


def test_another_failure_is_heard_when_the_number_stays_the_same(cast):
    first = failed_mail(cast, 1)
    assert told_of_mail(10)
    Notice.objects.live().update(read_at=moment(THURSDAY))
    raw(first, state=MailState.PENDING)
    raw(failed_mail(cast, 2), next_try_at=moment(THURSDAY, 11))
    assert told_of_mail(12)
    Notice.objects.live().update(read_at=moment(THURSDAY))
    assert not told_of_mail(13)


def test_off_and_on_again_the_same_day_is_heard_again(cast):
    mail = failed_mail(cast, 1)
    assert told_of_mail(10)
    Notice.objects.live().update(read_at=moment(THURSDAY))
    raw(mail, state=MailState.PENDING)
    assert not told_of_mail(11)
    raw(mail, state=MailState.FAILED)
    assert told_of_mail(12)
    assert Notice.objects.filter(rule="alarm_mail").count() == 1


def test_two_steps_of_one_secret_dossier_are_one_thing(cast, unheard):
    step = FollowUp.objects.get(pk=unheard.next_step_id)
    step.pk = None
    step._state.adding = True
    step.id = uuid4()
    step.save()
    sweep_both()
    assert Notice.objects.live().filter(rule="follow_up_due", recipient=None).count() == 2
    assert number() == {"Noord": 1}


@pytest.mark.parametrize(
    ("role", "hears", "opens"),
    [(Role.TEAM_LEAD, "Nel", True), (Role.HOUSING_CONSULTANT, "Hans", False), (Role.MANAGER, "Hans", False)],
)
def test_who_stands_in_for_the_lead_hears_what_she_may_open_and_nothing_else(cast, unheard, role, hears, opens):
    nel = colleague("Nel Prins", role, team=cast.zuid)
    Absence.objects.create(user=cast.dirk, substitute=nel, from_on=TUESDAY, until_on=SATURDAY)
    sweep_both()
    alarm = Alarm.objects.get()
    assert live("alarm_nobody", alarm) == [hears]
    with time_machine.travel(moment(THURSDAY, 11), tick=False):
        client = Client()
        client.force_login(nel)
        answer = client.get(alarm.get_absolute_url())
        assert (answer.status_code == 200) == opens
        assert (client.get("/team/").status_code == 200) == opens


def test_a_lead_who_stands_in_for_somebody_who_leads_nothing_leads_no_more_than_before(cast, unheard):
    nel = colleague("Nel Prins", Role.TEAM_LEAD, team=cast.zuid)
    Absence.objects.create(user=cast.anna, substitute=nel, from_on=TUESDAY, until_on=SATURDAY)
    sweep_both()
    with time_machine.travel(moment(THURSDAY, 11), tick=False):
        client = Client()
        client.force_login(nel)
        assert client.get(Alarm.objects.get().get_absolute_url()).status_code == 404


def test_when_every_administrator_is_away_one_of_them_hears_of_it_all_the_same(cast, unheard):
    """Nobody is there to tell: then on whose list it stands when she is back."""
    for who in (cast.dirk, cast.hans, cast.sofie):
        Absence.objects.create(user=who, substitute=cast.anna, from_on=TUESDAY, until_on=SATURDAY)
    sweep_both()
    assert live("alarm_nobody", Alarm.objects.get()) == ["Hans"]
    OutgoingMail.objects.create(
        recipient=cast.anna,
        kind=MailKind.DIGEST,
        key="x",
        on=THURSDAY,
        state=MailState.FAILED,
        next_try_at=cast.at,
        made_at=cast.at,
        fault="recipient",
    )
    swept(THURSDAY, 11, only="alarm_mail")
    assert live("alarm_mail", Alarm.objects.get(kind=AlarmKind.MAIL)) == ["Hans"]
    assert alarms_reach_somebody()


def test_an_alarm_without_an_administrator_makes_the_machine_not_ready(cast, unheard):
    User.objects.get_queryset().filter(pk__in=[cast.dirk.pk, cast.hans.pk, cast.sofie.pk]).update(is_active=False)
    sweep_both()
    assert live("alarm_nobody", Alarm.objects.get()) == ["-"]
    assert not alarms_reach_somebody()
