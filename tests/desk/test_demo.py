"""The demo neighbourhood: the same on every load, invented, and alive on any day."""

import hashlib
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.apps import apps
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from cases.models import AttentionFlag, Case, Signal
from cases.states import ENDED, CaseStatus, FlagKind, Severity, SignalStatus, SignalType
from corporatie.desk.demo.accounts import COLLEAGUES, DEMO_ACCOUNTS, DEMO_PASSWORD
from corporatie.desk.demo.load import load
from corporatie.journal.models import Entry
from corporatie.staff.models import Absence, RoleGrant, Team, User
from corporatie.staff.permissions import Role
from corporatie.subjects.text import medical_word
from corporatie.work.models import Duty, FollowUp, Notice, OutgoingMail
from corporatie.work.rules import Calendar
from corporatie.work.states import choice_lists
from projects.models import Accommodation, Intake, Project
from projects.states import Phase
from tenants.models import ContactPerson, Dwelling, Neighbourhood, Person, Tenancy
from visits.models import Report, Visit, Wish
from visits.states import VisitReason, VisitStatus

pytestmark = pytest.mark.django_db

ON = date(2026, 11, 24)
MORNING = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
OURS = {"staff", "privacy", "journal", "work", "tenants", "cases", "visits", "projects"}
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def models():
    """All that the demo fills."""
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


def content() -> str:
    """A fingerprint of everything that was written, apart from the numbers the database gives."""
    people = dict(User.objects.get_queryset().values_list("pk", "email"))
    fingerprint = hashlib.sha256()
    for model in models():
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if not field.primary_key and not field.is_relation and field.attname != "password"
        ]
        rows = sorted(
            UUID.sub("", str([named(value, people) for value in row]))
            for row in model._default_manager.values_list(*names)
        )
        fingerprint.update("\n".join([model._meta.label, *rows]).encode())
    return fingerprint.hexdigest()


def named(value, people):
    """What stands in a column; in the data of a journal line a colleague by address, for her number is given anew."""
    if isinstance(value, dict):
        return {key: people.get(held, held) if isinstance(held, int) else held for key, held in value.items()}
    return value


def words():
    """All text that was written, field by field: (where, text)."""
    for model in models():
        texts = [
            field
            for field in model._meta.concrete_fields
            if field.get_internal_type() in {"CharField", "TextField", "EncryptedTextField", "BinaryField"}
            and not field.choices
            and field.attname not in {"password", "search_text"}
        ]
        for row in model._default_manager.all():
            for field in texts:
                yield f"{model._meta.label}.{field.attname}", str(getattr(row, field.attname))


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The demo of a quiet Tuesday, loaded once for this file. Gives the fingerprint of an earlier load."""
    with django_db_blocker.unblock(), time_machine.travel(MORNING, tick=False), transaction.atomic():
        with transaction.atomic():
            load(on=ON)
            earlier = content()
            transaction.set_rollback(True)
        assert not User.objects.get_queryset().exists()
        load(on=ON)
        yield earlier
        transaction.set_rollback(True)


def who(key: str) -> User:
    """A colleague of the demo."""
    return User.objects.get_queryset().get(email=f"{key}@demo.keukentafel.example")


def test_the_same_day_gives_the_same_demo(demo):
    assert content() == demo


def test_the_size_of_lindedam(demo):
    assert 230 <= Dwelling.objects.count() <= 250
    assert Neighbourhood.objects.count() == 3
    assert Team.objects.count() == 2
    assert set(Project.objects.values_list("phase", flat=True)) == {Phase.DEFINITION, Phase.EXECUTION}
    assert User.objects.get_queryset().count() >= 12
    assert set(RoleGrant.objects.values_list("role", flat=True)) == set(Role.values)
    assert all(team.members.count() >= 4 for team in Team.objects.all())
    assert Tenancy.objects.filter(ended_on=None).count() > 225


def test_there_is_a_sign_in_for_each_role(demo):
    roles = set()
    for _label, email, name in DEMO_ACCOUNTS:
        user = User.objects.get_queryset().get(email=email)
        assert user.name == name
        assert user.check_password(DEMO_PASSWORD)
        roles |= user.roles
    assert roles == set(Role)


def test_a_demo_account_signs_in(demo, client, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    client.post(reverse("account_login"), {"login": who("olga").email, "password": DEMO_PASSWORD})
    assert client.session["_auth_user_id"] == str(who("olga").pk)


def test_two_years_of_work(demo):
    held = Visit.objects.filter(status=VisitStatus.HELD)
    assert held.count() > 300
    assert timezone.localdate(held.earliest("ended_at").ended_at) < ON - timedelta(days=600)
    assert set(Visit.objects.values_list("status", flat=True)) == set(VisitStatus.values)
    assert Report.objects.exclude(quote="").count() > 100
    assert (
        set(Signal.objects.values_list("type", flat=True))
        == set(SignalType) - choice_lists()["signal_type"].only_if_wanted
    )
    assert set(Signal.objects.values_list("status", flat=True)) == set(SignalStatus.values)
    # A dossier is never "new": it opens with its first step and is then to be assessed.
    assert set(Case.objects.values_list("status", flat=True)) == set(CaseStatus.values) - {CaseStatus.NEW}
    assert Case.objects.exclude(reopen_reason="").exists()
    assert Tenancy.objects.exclude(ended_on=None).count() > 10


def test_promises_are_kept_and_broken_and_open(demo):
    promises = FollowUp.objects.filter(is_promise=True)
    assert promises.filter(result="done").count() > 50
    assert promises.filter(result="dropped").count() >= 5
    still = promises.open()
    for due in ({"due_on__lt": ON}, {"due_on": ON}, {"due_on__gt": ON}):
        assert still.filter(**due).exists()


def test_an_open_dossier_has_a_next_step_and_an_owner_of_the_problem(demo):
    owners = set()
    for case in Case.objects.exclude(status__in=ENDED).select_related("next_step"):
        assert case.next_step.done_at is None
        owners.add(case.problem_owner)
    assert len(owners) >= 4


def test_the_journal_is_in_order_of_time(demo):
    moments = list(Entry.objects.order_by("id").values_list("at", flat=True))
    assert all(before <= after for before, after in pairwise(moments))
    assert moments[-1] <= MORNING


def test_work_is_done_on_working_days_in_office_hours(demo):
    calendar = Calendar.load()
    for moment in Visit.objects.exclude(ended_at=None).values_list("ended_at", flat=True):
        local = timezone.localtime(moment)
        assert calendar.is_working_day(local.date()), local
        assert 8 <= local.hour < 19, local


# --- What each role sees at once


def test_anna_has_a_full_day(demo):
    anna = who("anna")
    today = Visit.objects.planned().filter(visitor=anna, planned_on=ON).order_by("planned_time")
    assert [visit.planned_time.isoformat("minutes") for visit in today] == [
        "10:00", "11:00", "11:45", "13:30", "14:30", "15:30",
    ]  # fmt: skip
    assert {VisitReason.RENOVATION_INTAKE, VisitReason.ARREARS, VisitReason.NEW_TENANT} <= {v.reason for v in today}
    first = today[0]
    assert first.reason == VisitReason.RENOVATION_INTAKE
    assert first.second_visitor == who("bilal")
    flag = AttentionFlag.objects.active(on=ON).get(tenancy=first.tenancy)
    assert flag.kind == FlagKind.TWO_VISITORS
    assert first.tenancy.follow_ups.filter(is_promise=True, done_at=None).count() == 2


def test_anna_sees_what_cannot_wait(demo):
    anna = who("anna")
    mine = FollowUp.objects.open().filter(owner=anna, is_promise=True)
    late = mine.get(due_on__lt=ON)
    assert late.tenancy.name == "Mw. Bos"
    assert mine.filter(due_on=ON).count() == 1
    kept_for_later = Visit.objects.get(visitor=anna, elaborate_later=True)
    assert timezone.localdate(kept_for_later.ended_at) == ON - timedelta(days=1)
    acute = Signal.objects.visible_to(anna).get(severity=Severity.ACUTE)
    assert acute.status == SignalStatus.NEW
    assert timezone.localdate(acute.created_at) == ON
    assert Notice.objects.visible_to(anna).unread_now().count() >= 5


def test_marieke_sees_a_dossier_that_went_silent(demo):
    waiting = Case.objects.visible_to(who("marieke")).open().filter(next_due_on__lt=ON)
    assert [case.tenancy.dwelling.address for case in waiting] == ["Kerkstraat 83"]


def test_anna_stands_in_for_joost(demo):
    anna, joost = who("anna"), who("joost")
    assert Absence.objects.on(ON).get().substitute == anna
    assert FollowUp.objects.open().filter(owner=joost, due_on=ON).exists()
    taken_over = Notice.objects.filter(recipient=anna, rule="signal_past_norm", read_at=None).get()
    assert Signal.objects.get(pk=taken_over.about_id).handler == joost
    assert not Notice.objects.filter(recipient=joost, on__gte=ON - timedelta(days=1)).exists()


def test_anna_sees_nothing_of_zuid_and_no_secret_of_another(demo):
    anna = who("anna")
    assert not Tenancy.objects.visible_to(anna).filter(dwelling__street__in=("Molenweg", "Wiekslag")).exists()
    assert not Signal.objects.visible_to(anna).filter(type=SignalType.CONFUSION).exists()


def test_marieke_sees_what_waits_in_her_team(demo):
    marieke = who("marieke")
    rules = set(Notice.objects.visible_to(marieke).unread().values_list("rule", flat=True))
    assert "signal_past_norm_lead" in rules
    waiting = Signal.objects.visible_to(marieke).filter(status=SignalStatus.NEW)
    assert waiting.count() >= 5
    assert waiting.filter(type=SignalType.CONFUSION).exists()
    assert waiting.filter(respond_by_on__lt=ON, handler=None).exists()
    handlers = Counter(Case.objects.visible_to(marieke).open().values_list("handler__name", flat=True))
    assert len(handlers) >= 3


def test_what_is_acute_this_morning_is_with_who_is_on_duty(demo):
    acute = Signal.objects.get(status=SignalStatus.NEW, severity=Severity.ACUTE)
    told = Notice.objects.live().filter(rule="signal_acute", about_id=acute.pk)
    on_the_roster = set(Duty.objects.filter(team__name="Noord").values_list("user__name", flat=True))
    assert {notice.recipient.name for notice in told} <= on_the_roster
    assert told.count() == 1


def test_petra_sees_her_projects_and_no_reason(demo):
    petra = who("petra")
    kerkstraat = Project.objects.visible_to(petra).get(phase=Phase.DEFINITION)
    households = Tenancy.objects.visible_to(petra).filter(ended_on=None, dwelling__projects__project=kerkstraat)
    spoken = Intake.objects.visible_to(petra).filter(project=kerkstraat)
    assert kerkstraat.dwellings.count() == 84
    assert households.count() == 82
    assert 0.8 < spoken.count() / households.count() < 0.9
    lines = Accommodation.objects.filter(intake__project=kerkstraat)
    shared = Accommodation.objects.visible_to(petra).filter(intake__project=kerkstraat)
    assert lines.values("intake").distinct().count() >= 20
    assert 0 < shared.count() < lines.count()
    assert Wish.objects.visible_to(petra).count() >= 10
    assert not Report.objects.visible_to(petra).exists()


def test_the_others_have_something_to_do_as_well(demo):
    for key in ("fatma", "bilal", "carla", "daan", "henk", "sanne", "rachid"):
        assert Visit.objects.planned().filter(visitor=who(key), planned_on=ON).exists(), key
    answered = Notice.objects.visible_to(who("bilal")).unread().values_list("rule", flat=True)
    assert {"signal_answered", "signal_closed"} & set(answered)


def test_a_household_that_moved_in_knows_nothing_of_who_left(demo):
    home = Dwelling.objects.get(address="Kerkstraat 61")
    old, new = home.tenancies.order_by("started_on")
    assert old.ended_on < new.started_on
    assert new.name == "Dhr. Van den Heuvel"
    assert not set(old.memberships.values_list("person", flat=True)) & set(
        new.memberships.values_list("person", flat=True)
    )


def test_one_household_goes_and_the_next_is_known(demo):
    here, comes = Dwelling.objects.get(address="Esdoornhof 20").tenancies.order_by("-started_on")[:2][::-1]
    assert here.lives_here(ON)
    assert here.ended_on > ON
    assert comes.is_coming(ON)
    assert AttentionFlag.objects.filter(tenancy=here).exists()
    assert not AttentionFlag.objects.filter(tenancy=comes).exists()


# --- Invented, and decent


def test_nobody_and_nothing_is_real(demo):
    assert not Dwelling.objects.exclude(bag_vbo_id="").exists()
    assert not Person.objects.exclude(phone="").exists()
    numbers = [
        *Person.objects.exclude(mobile="").values_list("mobile", flat=True),
        *ContactPerson.objects.values_list("phone", flat=True),
        *User.objects.get_queryset().values_list("phone", flat=True),
    ]
    # 06 0000 0…: given to nobody.
    assert all(re.fullmatch(r"\+31600000\d{3}", number) for number in numbers)
    assert len(set(numbers)) == len(numbers)
    addresses = [colleague.email for colleague in COLLEAGUES] + list(
        Person.objects.exclude(email="").values_list("email", flat=True)
    )
    assert all(address.endswith(".example") for address in addresses)


def test_no_diagnosis_no_judgement_and_no_number_of_a_citizen(demo):
    avoid = re.compile(
        r"verward|\bdaders?\b|probleemhuurder|overlastgever|\bcliënt|allochtoon|zorgmijder|zwarte lijst|\bbsn\b"
        r"|\bafspra|\bzaak\b|\b\d{8,9}\b",
        re.IGNORECASE,
    )
    found = [(where, text) for where, text in words() if medical_word(text) or avoid.search(text)]
    assert [each for each in found if not re.search(r"phone|mobile", each[0])] == []


def test_the_database_agrees(demo):
    # Checks and unique rules are the database's own; that every arrow points somewhere is asked here.
    connection.check_constraints()
    for entry in Entry.objects.select_related("by"):
        assert entry.fact().tell()


def test_no_mail_was_made(demo, mailoutbox):
    assert OutgoingMail.objects.count() == 0
    assert mailoutbox == []
