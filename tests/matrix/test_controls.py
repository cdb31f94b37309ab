"""No control without a check that has been red: each rule is taken out in turn, and the matrix must see it."""

import logging

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings

import cases.rules
import corporatie.privacy.actions
import corporatie.privacy.admin
import projects.actions
import projects.rules
import tenants.actions.households
import tenants.rules
from cases.models import AttentionFlag, Case, FlagReason
from cases.models.cases import CaseQuerySet
from cases.models.flags import FlagQuerySet, FlagReasonQuerySet
from cases.models.signals import SignalQuerySet
from corporatie.privacy.middleware import RequestLogMiddleware
from corporatie.staff.middleware import SecondFactorMiddleware
from corporatie.subjects.encryption import EncryptedTextField
from corporatie.work.models import FollowUpQuerySet, Notice, NoticeQuerySet, OutgoingMail
from projects.models import AccommodationQuerySet, ConfidentialReasonQuerySet, ProjectQuerySet
from tenants.models import DwellingQuerySet, TenancyQuerySet
from tests.matrix.canaries import leaks, unlogged
from tests.matrix.test_matrix import agreed
from tests.matrix.walk import Lines, Target, fingerprint, raw_rows, targets
from tests.matrix.walked import ONE_FACTOR
from visits.models import ReportQuerySet, VisitQuerySet

pytestmark = pytest.mark.django_db

EXPECTED = agreed()


def target(stage, name, which):
    """One address of the walk."""
    return next(each for each in targets(stage.world) if (each.name, each.which) == (name, which))


def faults(answer):
    """Everything the checks of the matrix say about one answer."""
    found = [*leaks([answer]), *unlogged([answer])]
    if answer.status != EXPECTED[answer.cell][answer.actor]:
        found.append(f"{answer.status} is not {EXPECTED[answer.cell][answer.actor]}")
    if answer.is_refused and (answer.written or answer.changed):
        found.append("changed something")
    return found


@pytest.mark.parametrize(
    ("rows", "actor", "page", "which"),
    [
        (TenancyQuerySet, "carla", "tenancy_detail", "own"),
        (TenancyQuerySet, "hans", "search", "q name"),
        (DwellingQuerySet, "carla", "dwelling_detail", "own"),
        (CaseQuerySet, "carla", "case_detail", "own"),
        (CaseQuerySet, "anna", "case_detail", "secret"),
        (CaseQuerySet, "petra", "case_detail", "wims"),
        (SignalQuerySet, "petra", "signal_detail", "own"),
        (SignalQuerySet, "anna", "signal_detail", "secret"),
        (VisitQuerySet, "carla", "visit_report_detail", "own"),
        (VisitQuerySet, "mila", "visit_report_detail", "secret"),
        (ReportQuerySet, "wim", "visit_report_detail", "held"),
        (AccommodationQuerySet, "petra", "project_detail", "own"),
        (ConfidentialReasonQuerySet, "dirk", "intake_reason", "own"),
        (FlagQuerySet, "carla", "flag_detail", "own"),
        (FollowUpQuerySet, "carla", "follow_up_detail", "own"),
        (NoticeQuerySet, "bram", "notice_later", "own"),
        (ProjectQuerySet, "carla", "project_detail", "own"),
    ],
)
def test_the_matrix_sees_it_when_visible_to_lets_everything_through(stage, monkeypatch, rows, actor, page, which):
    address = target(stage, page, which)
    assert faults(stage.ask(actor, address, "GET")) == []

    monkeypatch.setattr(rows, "visible_to", lambda self, _user: self.all())
    assert faults(stage.ask(actor, address, "GET"))


@pytest.mark.parametrize(
    ("room", "rule", "actor", "page", "which"),
    [
        (cases.rules, "is_concerned", "rachid", "case_step", "wims"),
        (cases.rules, "may_judge_signals", "wim", "signal_close", "wims"),
        (cases.rules, "may_decide_flag", "anna", "flag_renew", "own"),
        (cases.rules, "may_open_case", "wim", "case_create", "household own"),
        (corporatie.privacy.admin, "may_read_access_log", "hans", "admin:privacy_access_changelist", "-"),
    ],
)
def test_the_matrix_sees_it_when_a_rule_says_yes_to_everyone(stage, monkeypatch, room, rule, actor, page, which):
    address = target(stage, page, which)
    assert faults(stage.ask(actor, address, "GET")) == []

    monkeypatch.setattr(room, rule, lambda *_args: True)
    assert faults(stage.ask(actor, address, "GET"))


@pytest.mark.parametrize(
    ("room", "rule", "verbs", "actor", "page"),
    [
        (tenants.rules, "may_change_contact_details", tenants.actions.households, "petra", "preference_update"),
        (projects.rules, "may_run", projects.actions, "anna", "project_phase"),
    ],
)
def test_the_matrix_sees_it_when_the_page_and_the_verb_say_yes_to_everyone(
    stage, walked, monkeypatch, room, rule, verbs, actor, page
):
    address = target(stage, page, "own")
    data = walked.forms.get(address.url, {})
    assert faults(stage.ask(actor, address, "POST", data)) == []

    # The page alone says yes: the verb still refuses.
    monkeypatch.setattr(room, rule, lambda *_args: True)
    assert faults(stage.ask(actor, address, "POST", data)) == []
    monkeypatch.setattr(verbs, "must_be_allowed", lambda *_args: None)
    assert faults(stage.ask(actor, address, "POST", data))


def test_the_matrix_sees_it_when_both_guards_of_a_reason_are_gone(stage, monkeypatch):
    address = target(stage, "flag_reason", "own")
    assert faults(stage.ask("wim", address, "GET")) == []

    # One guard alone still holds the door.
    monkeypatch.setattr(cases.rules, "may_read_flag_reasons", lambda _user: True)
    assert stage.ask("wim", address, "GET").canaries == frozenset()
    monkeypatch.setattr(FlagReasonQuerySet, "visible_to", lambda self, _user: self.all())
    assert any("flag_reason" in fault for fault in faults(stage.ask("wim", address, "GET")))


def test_the_matrix_sees_it_when_the_second_factor_is_not_asked(stage, monkeypatch):
    stage.cookies[ONE_FACTOR] = stage.cookies["anna"]
    address = target(stage, "tenancy_detail", "own")
    with override_settings(SECOND_FACTOR_REQUIRED=True):
        assert faults(stage.ask(ONE_FACTOR, address, "GET")) == []
        stage.handler.load_middleware()
        monkeypatch.setattr(SecondFactorMiddleware, "process_view", lambda *_args: None)
        try:
            stage.handler.load_middleware()
            assert faults(stage.ask(ONE_FACTOR, address, "GET"))
        finally:
            monkeypatch.undo()
            stage.handler.load_middleware()


def test_the_matrix_sees_it_when_nobody_writes_down_who_looked(stage, monkeypatch):
    address = target(stage, "tenancy_detail", "own")
    monkeypatch.setattr(corporatie.privacy.actions, "record_read", lambda **_kwargs: None)
    assert unlogged([stage.ask("anna", address, "GET")]) == ["GET tenancy_detail (own) as anna"]


def test_the_matrix_sees_it_when_something_is_written_before_it_is_refused(stage, monkeypatch):
    address = target(stage, "flag_end", "own")
    assert faults(stage.ask("anna", address, "POST", {})) == []

    def careless(*, subject, by, at):
        AttentionFlag.objects.filter(pk=subject.pk).update(instruction="Bel eerst")

    monkeypatch.setattr(corporatie.privacy.actions, "record_refusal", careless)
    answer = stage.ask("anna", address, "POST", {})
    assert (answer.status, answer.changed, answer.written) == ("403", True, frozenset({"cases_attentionflag"}))


def test_the_fingerprint_sees_one_changed_letter(stage):
    with transaction.atomic():
        Case.objects.filter(pk=stage.world.case.pk).update(goal="anders")
        assert fingerprint(stage.tables) != stage.before
        transaction.set_rollback(True)
    assert fingerprint(stage.tables) == stage.before


def test_the_log_check_sees_a_question_that_is_logged(stage, monkeypatch):
    lines, root = Lines(), logging.getLogger()
    asked = Target("search", "q name", f"/zoeken/?q={stage.world.canaries['last_name']}")
    level, handlers = root.level, root.handlers
    root.handlers, root.level = [lines], logging.INFO
    try:
        stage.ask("anna", asked, "GET")
        assert lines.text
        assert not any(stage.found(line) for line in lines.text)
        monkeypatch.setattr(RequestLogMiddleware, "format_request", lambda _self, request: request.get_full_path())
        stage.ask("anna", asked, "GET")
        assert any(stage.found(line) for line in lines.text)
    finally:
        root.handlers, root.level = handlers, level


def test_the_dump_sees_a_reason_that_is_not_encrypted(stage, monkeypatch):
    reason = FlagReason.objects.first()
    with transaction.atomic():
        monkeypatch.setattr(EncryptedTextField, "get_prep_value", lambda _self, value: value)
        FlagReason.objects.filter(pk=reason.pk).update(text=stage.world.canaries["flag_reason"])
        assert "flag_reason" in stage.found(repr(raw_rows("cases_flagreason")))
        transaction.set_rollback(True)


@pytest.mark.parametrize("model", [Notice, OutgoingMail])
def test_the_database_refuses_a_second_notice_and_a_second_mail(stage, model):
    twin = model.objects.first()
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


# --- What is chosen in a form -----------------------------------------------------------------------------
CHOSEN = {"case", "handler", "owner", "step_owner", "visitor", "second_visitor"}


def test_nobody_chooses_what_she_may_not_know_of(stage, walked):
    """A good answer with one number in it that is out of reach is refused with the question, and changes nothing."""
    world = stage.world
    strangers = {"case": [world.objects["case"]["other"], world.objects["case"]["secret"]]}
    people = [world.left.pk, 999_999]
    tried, taken = set(), []
    for address in targets(world):
        form = walked.forms.get(address.url, {})
        for name in CHOSEN & form.keys():
            if stage.ask("anna", address, "POST", form).code not in (302, 422):
                continue
            for value in strangers.get(name, people):
                answer = stage.ask("anna", address, "POST", form | {name: [value]})
                tried.add(name)
                if answer.code != 422 or answer.written:
                    taken.append((address.name, address.which, name, answer.status))
    assert taken == []
    assert tried >= {"case", "handler", "owner", "visitor"}
