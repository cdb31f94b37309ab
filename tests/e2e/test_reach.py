"""Every page of the house, on a phone, a tablet and a desk: nobody is kept out by how it is built.

The browser starts where each colleague starts and follows what it finds; what no link reaches has an address here.
A page of the resolver that nobody opened makes the test fail, unless it stands in ``NOT_A_PAGE`` with the reason.
"""

from collections import defaultdict
from urllib.parse import urlsplit

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils import timezone

from cases.models import AttentionFlag, Case, FlagReason, Signal
from cases.states import FlagStatus, SignalStatus
from corporatie.desk.demo.accounts import DEMO_PASSWORD
from corporatie.staff.models import User
from corporatie.work import actions as work
from corporatie.work.models import Alarm, ChoiceSetting, Duty, FollowUp, HandedOn, HouseText, Notice, SpecialDay
from corporatie.work.rules import held_by
from corporatie.work.states import AlarmKind
from projects.models import ConfidentialReason, Project
from tenants.models import Tenancy
from tests.cast import PASSWORD
from tests.e2e.watching import DESK, SIZES, barriers, cut_off, in_english, sideways
from visits.models import Report, Visit
from visits.states import VisitStatus

pytestmark = pytest.mark.e2e

# The pages one works in all day, also looked at in the dark.
MAIN = (
    "today",
    "signal_list",
    "case_list",
    "inbox",
    "tenancy_detail",
    "case_detail",
    "visit_report_file",
    "team_overview",
    "figures",
    "project_detail",
)
# A small tablet, and where one layout goes over into the next.
BETWEEN = (600, 768, 820, 1024, 1100, 1300)
NOT_A_PAGE = {
    "home": "goes on to where one's work is",
    "dwelling_detail": "goes on to the household",
    "healthz": "for machines",
    "readyz": "for machines",
    "dev_mail_detail": "one mail as text; its list is looked at",
    **dict.fromkeys(
        (
            "signal_take_up",
            "case_move",
            "flag_end",
            "notice_read",
            "notices_read",
            "follow_up_told",
            "project_phase",
            "duty_drop",
            "absence_drop",
        ),
        "answers a button and shows nothing of its own",
    ),
}
# The door to these is looked at apart: they ask first who one is.
BEHIND_A_DOOR = {"leaving_team"}


# Two ways to the same form: they may be about the same household here.
ONE_PAGE = ({"case_create", "case_open"}, {"visit_report_create", "visit_report_file"})


def names_of_pages() -> set[str]:
    """The names in the resolver, except those at the door, which are looked at apart, and of the administration."""
    found: set[str] = set()

    def walk(resolver: URLResolver) -> None:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver) and pattern.app_name != admin.site.name:
                walk(pattern)
            elif isinstance(pattern, URLPattern) and pattern.name:
                found.add(pattern.name)

    walk(get_resolver())
    return {name for name in found if not name.startswith(("account_", "mfa_"))}


def of_who_goes(world) -> list[tuple[str, str]]:
    """(who, address) of what there is only when somebody goes: work that was given, a question, a line about nobody."""
    now = timezone.now()
    anna, fatma = world.who("anna"), world.who("fatma")
    marieke = User.objects.get_queryset().get(pk=world.who("marieke").pk)
    rows = [row for row in held_by(fatma, at=now, seen_by=marieke) if anna.pk in row.may]
    case, promise = (next(row for row in rows if row.holding.code == code) for code in ("case", "promise"))
    choices = {case.key: anna.pk, promise.key: anna.pk}
    division = work.divide_work(holder=fatma, choices=choices, by=marieke, at=now)
    assert (division.asked, division.given) == (1, 1)
    alarm = Alarm.objects.create(kind=AlarmKind.NOBODY, team=marieke.teams.get(), number=2, since_on=now.date())
    return [
        ("anna", reverse("case_take_over", args=[case.row.pk])),
        ("anna", reverse("handed_on_detail", args=[HandedOn.objects.get(receiver=anna).pk])),
        ("marieke", reverse("alarm_detail", args=[alarm.pk])),
        ("olga", reverse("case_heirs")),
    ]


def addresses(world) -> list[tuple[str, str]]:
    """(who, address) for each page."""
    anna, marieke = world.who("anna"), world.who("marieke")
    mine = Case.objects.visible_to(anna)
    household = Tenancy.objects.visible_to(anna).current().filter(flags__status=FlagStatus.ACTIVE).first()
    signal = Signal.objects.visible_to(anna).filter(status=SignalStatus.NEW).first()
    attachable = Signal.objects.visible_to(anna).filter(status=SignalStatus.NEW).first()
    assessing = mine.filter(status="assessing").first()
    monitoring = mine.filter(status="monitoring").first()
    closed = mine.filter(status="closed").first()
    flag = AttentionFlag.objects.visible_to(marieke).filter(status=FlagStatus.ACTIVE).first()
    reason = FlagReason.objects.visible_to(anna).first()
    confidential = ConfidentialReason.objects.visible_to(anna).first()
    step = FollowUp.objects.visible_to(anna).open().filter(owner=anna).exclude(kind="case_step").first()
    notice = Notice.objects.visible_to(anna).filter(read_at=None).first()
    planned = Visit.objects.visible_to(anna).planned().filter(visitor=anna).first()
    report = Report.objects.visible_to(anna).filter(visit__status=VisitStatus.HELD).first()
    project = Project.objects.visible_to(anna).first()
    of_petra = Tenancy.objects.visible_to(world.who("petra")).current().first()
    here = f"?huishouden={household.pk}"
    duty = Duty.objects.filter(team__members=world.who("marieke"), until_on__gte=timezone.localdate()).first()
    secret = Case.objects.open().filter(confidentiality="GEH").select_related("handler").first()
    return [
        *(("anna", reverse(name)) for name in ("today", "signal_list", "case_list", "inbox", "project_list")),
        *(("anna", reverse(name)) for name in ("preferences", "dev_mail")),
        ("anna", reverse("search") + "?q=kerkstraat"),
        *(("anna", reverse(name) + here) for name in ("signal_create", "case_create", "visit_plan", "contact_create")),
        *(("anna", reverse(name) + here) for name in ("visit_report_create", "follow_up_create")),
        *(("anna", reverse(name, args=[household.pk])) for name in ("tenancy_detail", "tenancy_brief")),
        *(("anna", reverse(name, args=[household.pk])) for name in ("preference_update", "contact_person_create")),
        *(("anna", reverse(name, args=[signal.pk])) for name in ("signal_detail", "signal_assign", "signal_close")),
        ("anna", reverse("case_open", args=[signal.pk])),
        ("anna", reverse("signal_attach", args=[attachable.pk])),
        *(("anna", reverse(name, args=[assessing.pk])) for name in ("case_detail", "case_step", "case_assign")),
        *(("anna", reverse(name, args=[assessing.pk])) for name in ("case_problem_owner", "case_cancel")),
        ("anna", reverse("case_close", args=[monitoring.pk])),
        ("anna", reverse("case_reopen", args=[closed.pk])),
        ("anna", reverse("flag_reason", args=[reason.flag_id])),
        ("anna", reverse("intake_reason", args=[confidential.intake_id])),
        *(("anna", reverse(name, args=[step.pk])) for name in ("follow_up_detail", "follow_up_finish")),
        *(("anna", reverse(name, args=[step.pk])) for name in ("follow_up_drop", "follow_up_move")),
        ("anna", reverse("notice_later", args=[notice.pk])),
        *(("anna", reverse(name, args=[planned.pk])) for name in ("visit_report_file", "visit_nobody_home")),
        *(("anna", reverse(name, args=[planned.pk])) for name in ("visit_other", "visit_visitors")),
        *(("anna", reverse(name, args=[report.visit_id])) for name in ("visit_report_detail", "report_response")),
        ("anna", reverse("project_detail", args=[project.slug])),
        ("petra", reverse("project_detail", args=[project.slug])),
        ("petra", reverse("tenancy_detail", args=[of_petra.pk])),
        *(("marieke", reverse(name)) for name in ("team_overview", "roster")),
        ("marieke", reverse("duty_create", args=[duty.team_id])),
        ("marieke", reverse("duty_change", args=[duty.pk])),
        *(("marieke", reverse(name, args=[anna.pk])) for name in ("leaving", "leaving_access", "leaving_end")),
        ("anna", reverse("absence_create")),
        (secret.handler.email.split("@")[0], reverse("case_second_reader", args=[secret.pk])),
        ("wouter", reverse("figures")),
        ("marieke", reverse("flag_create") + here),
        *(("marieke", reverse(name, args=[flag.pk])) for name in ("flag_detail", "flag_renew")),
        ("bilal", reverse("signal_list")),
        ("esther", reverse("style_guide")),
        ("esther", reverse("admin:index")),
        ("esther", reverse("admin:staff_user_changelist")),
        *of_who_goes(world),
    ]


@pytest.mark.parametrize("size", SIZES, ids=["phone", "tablet", "desk"])
def test_nobody_is_kept_out(demo, sign_in, size):
    """axe finds nothing, nothing stands beside the screen, one heading, Dutch, and a title that says the page."""
    faults: list[str] = []
    opened = set()
    titles: dict[str, set[str]] = defaultdict(set)
    windows: dict[str, object] = {}
    for who, url in addresses(demo):
        if who not in windows:
            windows[who] = sign_in(f"{who}@demo.keukentafel.example", size=size)
        page = windows[who]
        answer = page.goto(url)
        if "/reauthenticate/" in page.url:
            page.get_by_label("Wachtwoord").fill(DEMO_PASSWORD)
            page.get_by_role("button", name="Ga verder").click()
            page.wait_for_url(lambda now, url=url: now.endswith(url))
        name = resolve(url.split("?")[0]).url_name
        opened.add(name)
        titles[page.title()].add(name)
        faults += [f"{who} {url}: {found}" for found in _wrong_with(page, answer.status)]
    assert not faults, "\n".join(faults)
    assert names_of_pages() - opened - NOT_A_PAGE.keys() - BEHIND_A_DOOR == set()
    # A tab says which page it is, and nothing about anybody.
    alike = [names for names in titles.values() if len(names) > 1 and names not in ONE_PAGE]
    assert alike == []


def _wrong_with(page, status: int = 200) -> list[str]:
    faults = barriers(page)
    if status != 200 or sideways(page) > 0:
        faults.append(f"status {status}, {sideways(page)} pixels beside the screen")
    if "/beheer/" not in page.url and page.locator("h1").count() != 1:
        faults.append(f"{page.locator('h1').count()} headings of the first level")
    if page.locator("html").get_attribute("lang") != "nl" or in_english(page):
        faults.append(f"not in Dutch: {in_english(page)}")
    return faults


@pytest.mark.parametrize("size", SIZES, ids=["phone", "tablet", "desk"])
def test_nobody_is_kept_out_at_the_door(cast, window, colleague_at_work, watch, size):
    """Signing in, the second factor, and what one does when either is lost."""
    watch.expected |= {"/account/inactive/", "/account/password/reset/key/1-nee/"}
    faults: list[str] = []

    def look_at(page, *names: str, args: list[str] | None = None) -> None:
        for name in names:
            answer = page.goto(reverse(name, args=args))
            faults.extend(f"{name} ({page.url}): {fault}" for fault in _wrong_with(page, answer.status))
            at_the_door.add(resolve(urlsplit(page.url).path).url_name)

    at_the_door: set[str] = set()
    outside = window(size=size)
    look_at(outside, "account_login", "account_signup", "account_inactive", "account_reset_password")
    look_at(outside, "account_reset_password_done", "account_reset_password_from_key_done")
    look_at(outside, "account_reset_password_from_key", args=["1", "nee"])

    anna = colleague_at_work(cast.anna, size=size)
    look_at(anna, "account_change_password", "account_logout", "account_reauthenticate")
    anna.goto(f"{reverse('account_reauthenticate')}?next={reverse('mfa_index')}")
    anna.get_by_label("Wachtwoord").fill(PASSWORD)
    anna.get_by_role("button").filter(has_text="Ga verder").click()
    anna.wait_for_url("**/account/2fa/")
    look_at(anna, "mfa_index", "mfa_activate_totp")
    TOTP.activate(cast.anna, generate_totp_secret())
    RecoveryCodes.activate(cast.anna)
    look_at(anna, "mfa_index", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes")
    look_at(anna, "mfa_reauthenticate")

    outside.goto(reverse("account_login"))
    outside.get_by_label("E-mailadres van uw werk").fill(cast.anna.email)
    outside.get_by_label("Wachtwoord").fill(PASSWORD)
    outside.get_by_role("button", name="Log in").click()
    outside.wait_for_url("**/account/2fa/authenticate/")
    faults.extend(f"mfa_authenticate: {fault}" for fault in _wrong_with(outside))
    outside.get_by_role("button", name="Log in").click()
    outside.wait_for_load_state()
    faults.extend(f"mfa_authenticate, sent empty: {fault}" for fault in _wrong_with(outside))

    assert not faults, "\n".join(faults)
    assert at_the_door >= {"account_login", "account_change_password", "mfa_activate_totp", "mfa_view_recovery_codes"}


@pytest.mark.parametrize("size", SIZES, ids=["phone", "tablet", "desk"])
def test_nobody_is_kept_out_of_the_administration(demo, sign_in, size):
    """Each list, each page to add something, and the page of one row; the log of reads for the privacy officer."""
    ChoiceSetting.objects.create(list="signal_type", choice="noise")
    HouseText.objects.create(key="signal_advice", text="Wij kijken er morgen naar.")
    SpecialDay.objects.create(on=demo.time.on, name="Dicht")
    faults: list[str] = []
    opened = set()
    for who in ("esther", "olga"):
        page = sign_in(f"{who}@demo.keukentafel.example", size=size)
        for model, tables in admin.site._registry.items():
            if not tables.opened_by(demo.who(who)):
                continue
            opened.add(model)
            name = f"admin:{model._meta.label_lower.replace('.', '_')}"
            row = model._default_manager.first()
            urls = [reverse(f"{name}_changelist")]
            urls += [reverse(f"{name}_add")] if tables.may_add else []
            urls += [reverse(f"{name}_change", args=[row.pk])] if row else []
            for url in urls:
                answer = page.goto(url)
                faults += [f"{who} {url}: {fault}" for fault in _wrong_with(page, answer.status)]
    assert not faults, "\n".join(faults)
    assert opened == set(admin.site._registry)


def test_the_main_pages_in_the_dark_and_on_every_other_screen(demo, sign_in):
    faults: list[str] = []
    pages = {resolve(url.split("?")[0]).url_name: (who, url) for who, url in reversed(addresses(demo))}
    for name in MAIN:
        who, url = pages[name]
        page = sign_in(f"{who}@demo.keukentafel.example", size=DESK, color_scheme="dark")
        page.goto(url)
        faults += [f"{url} in the dark: {found}" for found in barriers(page)]
        page.set_viewport_size({"width": 320, "height": 640})
        if sideways(page) > 0:
            faults.append(f"{url}: {sideways(page)} pixels beside a screen of 320")
        for width in BETWEEN:
            page.set_viewport_size({"width": width, "height": 900})
            faults += [f"{url} on a screen of {width}: {found}" for found in cut_off(page)]
    assert not faults, "\n".join(faults)
