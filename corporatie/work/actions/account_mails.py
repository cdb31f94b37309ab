"""The mails about accounts: who must hear of a change, and how soon. What kind of change and when, never whose.

She herself hears of everything. Who watches over accounts hears of what opens a dossier or a door: at once, also when
the colleague seems to have done it herself, for who used her account is exactly the question. Is no privacy officer
there, then somebody else hears it.
"""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from corporatie.staff.models import AccountChange, RoleGrant, User
from corporatie.staff.permissions import NEEDS_SECOND_FACTOR, PERMISSIONS_OF, Permission, Role
from corporatie.staff.rules import may_administer, may_read_access_log
from corporatie.staff.states import AccountChangeKind
from corporatie.work.actions.mails import is_time_for_the_daily_mail
from corporatie.work.models import OutgoingMail
from corporatie.work.states import MailKind

# Shorter than mails are kept: a change whose mail was thrown away is not told again.
LOOKS_BACK = timedelta(days=60)
# With these one reads about people, sees who reads, or hands out roles.
WEIGHTY_ROLES = [role for role, permissions in PERMISSIONS_OF.items() if permissions & NEEDS_SECOND_FACTOR]
# Also while it waits for a second administrator: that is when she can still say no.
ROLE_COMES = (AccountChangeKind.ROLE_ASKED, AccountChangeKind.ROLE_GIVEN)
# Who hears at once: the first of these in which somebody is there, other than who did it and whose account it is.
WATCH_IN_TURN = (Role.PRIVACY_OFFICER, Role.APP_ADMIN, Role.MANAGER)


def _goes(role: Role) -> Q:
    """Somebody has this role no more, or can no longer come in with it."""
    held = RoleGrant.objects.filter(user=OuterRef("colleague"), role=role)
    return Q(kind=AccountChangeKind.ROLE_TAKEN, detail=role) | Q(Exists(held), kind=AccountChangeKind.ACCESS_CLOSED)


# Whoever is left administers alone: those who watch hear it while a new one still waits.
ADMINISTRATOR_GOES = _goes(Role.APP_ADMIN)
# Without her nobody watches, and at another address somebody else does: who administers hears of it too.
OFFICER_GOES = _goes(Role.PRIVACY_OFFICER) | Q(
    Exists(RoleGrant.objects.filter(user=OuterRef("colleague"), role=Role.PRIVACY_OFFICER)),
    kind=AccountChangeKind.EMAIL,
)
# Her roles count again from now on.
COMES_BACK = Q(
    Exists(RoleGrant.objects.filter(user=OuterRef("colleague"), role__in=WEIGHTY_ROLES)),
    kind=AccountChangeKind.ACCESS_OPENED,
)
AT_ONCE = (
    Q(
        kind__in=[
            AccountChangeKind.EMAIL,
            AccountChangeKind.FACTOR_ON,
            AccountChangeKind.FACTOR_OFF,
            AccountChangeKind.SECRET_GIVEN,
            AccountChangeKind.NEIGHBOURHOOD_GIVEN,
        ]
    )
    | Q(kind__in=ROLE_COMES, detail__in=WEIGHTY_ROLES)
    | COMES_BACK
    | ADMINISTRATOR_GOES
    | OFFICER_GOES
)


@transaction.atomic
def make_account_mails(*, on: date, at: datetime, is_working_day: bool) -> int:
    """Put the mails about changes of accounts in the outbox. Returns how many are new."""
    made = _tell_at_once(on=on, at=at)
    if is_time_for_the_daily_mail(at=at, is_working_day=is_working_day):
        made += _tell_each_week(on=on, at=at)
    return made


def _tell_at_once(*, on: date, at: datetime) -> int:
    untold = AccountChange.objects.filter(at__gte=at - LOOKS_BACK).exclude(mails__kind=MailKind.ACCOUNT)
    changes = _held(untold)
    if not changes:
        return 0
    first = changes[0].pk
    officers, administrators = _watching(Role.PRIVACY_OFFICER, first), _watching(Role.APP_ADMIN, first)
    in_turn = [set(_holders(role).values_list("pk", flat=True)) for role in WATCH_IN_TURN]
    addresses = _old_addresses(first)
    pressing = _which(AT_ONCE, changes)
    officer_goes = _which(OFFICER_GOES, changes)
    letters: dict[tuple[int, MailKind, str], list[AccountChange]] = defaultdict(list)
    for change in changes:
        letters[change.colleague_id, MailKind.ACCOUNT, ""].append(change)
        if change.old_email:
            letters[change.colleague_id, MailKind.ACCOUNT, change.old_email].append(change)
        watching = officers | _first_others(in_turn, change) if change.pk in pressing else set()
        if change.pk in officer_goes or _makes_an_administrator(change):
            watching = watching | (administrators - {change.by_id})
        for watcher in watching - {change.colleague_id}:
            for address in ("", *addresses[watcher]):
                letters[watcher, MailKind.WATCH, address].append(change)
    for (recipient, kind, address), told in letters.items():
        key = f"{told[0].pk}-{addresses[recipient].index(address)}-old" if address else str(told[0].pk)
        _write(told, recipient_id=recipient, kind=kind, key=key, address=address, on=on, at=at)
    return len(letters)


def _watching(role: Role, first: int) -> set[int]:
    """Who has this role, or lost it at or after this change: who watched when it was made hears of it."""
    lost = AccountChange.objects.filter(_goes(role), pk__gte=first)
    return {*_holders(role).values_list("pk", flat=True), *lost.values_list("colleague", flat=True)}


def _holders(role: Role) -> QuerySet[User]:
    return User.objects.get_queryset().filter(is_active=True, grants__role=role)


def _first_others(in_turn: list[set[int]], change: AccountChange) -> set[int]:
    """Nothing happens unheard: without an officer the other administrators hear it, and without those the managers."""
    concerned = {change.by_id, change.colleague_id}
    return next((others for role in in_turn if (others := role - concerned)), set())


def _old_addresses(first: int) -> dict[int, list[str]]:
    """The addresses colleagues had until this change or a later one."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = AccountChange.objects.filter(pk__gte=first).exclude(old_email="").order_by("pk")
    for colleague, address in rows.values_list("colleague", "old_email"):
        if address not in found[colleague]:
            found[colleague].append(address)
    return found


def _which(what: Q, changes: list[AccountChange]) -> set[int]:
    return set(
        AccountChange.objects.filter(what, pk__in=[change.pk for change in changes]).values_list("pk", flat=True)
    )


def _makes_an_administrator(change: AccountChange) -> bool:
    """Somebody can hand out roles from now on; or can, and opens dossiers from now on."""
    administers = RoleGrant.objects.filter(user=change.colleague_id, role=Role.APP_ADMIN)
    if change.kind == AccountChangeKind.ACCESS_OPENED:
        return administers.exists()
    if change.kind not in ROLE_COMES or change.detail not in WEIGHTY_ROLES:
        return False
    return change.detail == Role.APP_ADMIN or administers.exists()


def _tell_each_week(*, on: date, at: datetime) -> int:
    monday = on - timedelta(days=on.weekday())
    if OutgoingMail.objects.filter(kind=MailKind.WEEKLY, key=monday.isoformat()).exists():
        return 0
    began = timezone.make_aware(datetime.combine(monday, time.min))
    untold = AccountChange.objects.filter(at__gte=at - LOOKS_BACK, at__lt=began).exclude(AT_ONCE)
    officers = User.objects.holding(Permission.READ_ACCESS_LOG).order_by("pk")
    changes = _held(untold.exclude(mails__kind=MailKind.WEEKLY)) if officers else []
    if not changes:
        return 0
    for officer in officers:
        key = monday.isoformat()
        _write(changes, recipient_id=officer.pk, kind=MailKind.WEEKLY, key=key, address="", on=on, at=at)
    return len(officers)


def _held(untold: QuerySet[AccountChange]) -> list[AccountChange]:
    """These changes, for this transaction alone: what another told while we waited for it is no longer among them."""
    keys = list(untold.values_list("pk", flat=True))
    if not keys:
        return []
    held = AccountChange.objects.filter(pk__in=keys).select_for_update().order_by("pk")
    return list(untold.filter(pk__in=[change.pk for change in held]).order_by("pk"))


def _write(told: list[AccountChange], *, at: datetime, on: date, **who: Any) -> None:
    mail = OutgoingMail.objects.create(on=on, next_try_at=at, made_at=at, **who)
    mail.changes.set(told)


def _is_an_invitation(mail: OutgoingMail, changes: list[AccountChange]) -> bool:
    """She is new, can come in, and chose no password yet."""
    is_new = any(change.kind == AccountChangeKind.INVITED for change in changes)
    return is_new and mail.recipient.is_active and not mail.recipient.has_usable_password()


def account_text(mail: OutgoingMail) -> tuple[str, list[str]] | None:
    """The subject and the lines of a mail about accounts; nothing for the week of who no longer works here."""
    if mail.kind == MailKind.WEEKLY and not mail.recipient.is_active:
        return None
    changes = list(mail.changes.order_by("pk"))
    call = _("Is this not right, or do you not know of it? Call the application administrator or the privacy officer.")
    if mail.kind == MailKind.ACCOUNT and _is_an_invitation(mail, changes):
        link = settings.BASE_URL + reverse("account_reset_password")
        welcome = _("You have an account for Keukentafel. Your address to sign in is this one.")
        choose = _("First choose a password. Fill in your address here: %(link)s") % {"link": link}
        return _("Keukentafel: your account is ready"), [welcome, "", choose, "", call]
    if mail.kind == MailKind.ACCOUNT:
        told = [f"- {change.get_kind_display()}, {_moment(change)}" for change in changes]
        link = _("Open Keukentafel: %(link)s") % {"link": settings.BASE_URL + reverse("home")}
        words = _("Your account for Keukentafel was changed:")
        return _("Keukentafel: your account was changed"), [words, "", *told, "", call, "", link]
    log = settings.BASE_URL + reverse("admin:staff_accountchange_changelist")
    link = _("Read who and what: %(link)s") % {"link": log}
    if mail.kind == MailKind.WATCH:
        told = [f"- {_with_role(change)}, {_moment(change)}" for change in changes]
        words = _("Accounts of colleagues were changed:")
        if not (may_administer(mail.recipient) or may_read_access_log(mail.recipient)):
            link = _("You cannot open the list of changes. Ask the application administrator whose account this is.")
        return _("Keukentafel: accounts of colleagues were changed"), [words, "", *told, "", call, "", link]
    numbers: dict[str, int] = defaultdict(int)
    for change in changes:
        numbers[_with_role(change)] += 1
    told = [f"- {words}: {number}" for words, number in sorted(numbers.items())]
    words = _("This was changed in accounts of colleagues, up to and including last week:")
    return _("Keukentafel: changes of accounts of last week"), [words, "", *told, "", link]


def _moment(change: AccountChange) -> str:
    return f"{timezone.localtime(change.at):%d-%m-%Y %H:%M}"


def _with_role(change: AccountChange) -> str:
    words = str(change.get_kind_display())
    return f"{words}: {Role(change.detail).label}" if change.detail in Role.values else words
