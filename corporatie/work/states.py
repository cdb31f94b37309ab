"""The choices of this room, and the shape of a reminder."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto
from typing import Any

from django.db.models import IntegerChoices, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FollowUpKind(TextChoices):
    """What kind of step it is."""

    CALL_BACK = "call_back", _("Call back")
    PLAN_VISIT = "plan_visit", _("Plan a visit")
    SHARE_REPORT = "share_report", _("Share the report")
    ASK_PARTNER = "ask_partner", _("Ask a partner how it goes")
    REVIEW_FLAG = "review_flag", _("Look at a point of attention again")
    LETTER = "letter", _("Letter")
    CASE_STEP = "case_step", _("Next step of a dossier")
    OTHER = "other", _("Something else")


class Carrier(TextChoices):
    """Who carries it out. We answer for it, whoever that is."""

    ME = "me", _("I do")
    COLLEAGUE = "colleague", _("A colleague")
    PARTNER = "partner", _("A partner")
    RESIDENT = "resident", _("The resident")


class FollowUpResult(TextChoices):
    """How it ended."""

    DONE = "done", _("Done")
    DROPPED = "dropped", _("Not done")


class Urgency(TextChoices):
    """The group of a notice in the inbox."""

    NOW = "now", _("Now")
    WEEK = "week", _("This week")
    INFO = "info", _("For information")


class MailKind(TextChoices):
    """The only mails there are: about the inbox, and about accounts."""

    DIGEST = "digest", _("Daily mail")
    URGENT = "urgent", _("Urgent mail")
    ACCOUNT = "account", _("Own account")
    WATCH = "watch", _("Accounts of others, at once")
    WEEKLY = "weekly", _("Accounts of others, each week")


class MailState(TextChoices):
    """Where a mail is. A lease makes "sending" safe: who dies holding one, gives it back by itself."""

    PENDING = "pending", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Could not be sent")
    NOT_NEEDED = "not_needed", _("No longer needed")
    CLOSED = "closed", _("Dealt with")


class MailFault(TextChoices):
    """Why a mail did not go. What may pass is tried again; what will not, waits for somebody to look at it."""

    UNREACHABLE = "unreachable", _("The mail server does not answer")
    SLOW = "slow", _("The mail server takes too long")
    NOT_SAFE = "not_safe", _("No safe connection with the mail server")
    DROPPED = "dropped", _("The mail server broke off")
    BUSY = "busy", _("The mail server asks us to come back later")
    SIGN_IN = "sign_in", _("The mail server does not accept our password")
    SENDER = "sender", _("The mail server does not accept our own address")
    SERVER = "server", _("The mail server refuses us")
    ADDRESS = "address", _("No mail can be sent to this address")
    RECIPIENT = "recipient", _("The mail server refuses this address")
    CONTENT = "content", _("The mail server refuses this mail")
    UNEXPECTED = "unexpected", _("The mail could not be made")


# About this one mail: trying again changes nothing until somebody mends it.
PERMANENT_FAULTS = frozenset({MailFault.ADDRESS, MailFault.RECIPIENT, MailFault.CONTENT, MailFault.UNEXPECTED})
# About us: nobody's mail goes until somebody mends it.
FAULTS_OF_OURS = frozenset({MailFault.SIGN_IN, MailFault.SENDER, MailFault.SERVER})


class AlarmKind(TextChoices):
    """What must reach a person and says nothing about anybody."""

    NOBODY = "nobody", _("Reaches nobody")
    MAIL = "mail", _("Mail not sent")


# Those a team lead hears; the others are for the application administrator.
TEAM_ALARMS = frozenset({AlarmKind.NOBODY})


class Shift(TextChoices):
    """Which part of the week somebody is on duty. Each begins when the office opens, or closes."""

    OFFICE = "office", _("Office hours")
    EVENING = "evening", _("Evening and night")
    WEEKEND = "weekend", _("Weekend and days the office is closed")


class DutyOrder(IntegerChoices):
    """Who is asked first, and who next."""

    FIRST = 1, pgettext_lazy("on duty", "First")
    SECOND = 2, pgettext_lazy("on duty", "Second")
    THIRD = 3, pgettext_lazy("on duty", "Third")
    FOURTH = 4, pgettext_lazy("on duty", "Fourth")


class TextKey(TextChoices):
    """The texts an association writes itself."""

    EMERGENCY_NUMBERS = "emergency_numbers", _("Numbers to call in an emergency")
    SIGNAL_ADVICE = "signal_advice", _("What happens with a signal")


DEFAULT_TEXTS: dict[str, Any] = {
    TextKey.EMERGENCY_NUMBERS: _("Police, no emergency: 0900 8844\nVeilig Thuis: 0800 2000\nSuicide prevention: 113"),
    TextKey.SIGNAL_ADVICE: _(
        "A housing consultant looks at it within a few working days; when it is acute, today. You read here what came "
        "of it."
    ),
}


@dataclass(frozen=True)
class ChoiceList:
    """A list colleagues choose from. The codes and their words stand in the code; the association says what is offered.

    ``always`` can never be left out, so that there is always an answer; ``only_if_wanted`` is offered when the
    association asks for it, and not before.
    """

    code: str
    label: Any
    choices: type[TextChoices]
    always: frozenset[str]
    only_if_wanted: frozenset[str] = frozenset()

    def words(self, code: str) -> str:
        """What colleagues read for this code; the code itself when nobody knows it any more."""
        return str(dict(self.choices.choices).get(code, code))


# Beside the question, when someone sends a choice that was left out in the meantime.
NOT_OFFERED = _("This is not offered any more. Choose another.")

_CHOICE_LISTS: dict[str, ChoiceList] = {}


def add_choice_list(choice_list: ChoiceList) -> None:
    """Put a room's list among those the association sets. Raises ``ValueError`` for a code that is taken."""
    if _CHOICE_LISTS.setdefault(choice_list.code, choice_list) is not choice_list:
        raise ValueError(f"two lists are called {choice_list.code}")


def choice_lists() -> dict[str, ChoiceList]:
    """All lists by code."""
    return dict(_CHOICE_LISTS)


# In working days. A longer one would no longer say when someone acts; the figures look back as far as this.
LONGEST_NORM = 20


@dataclass(frozen=True)
class Norm:
    """Within how many working days someone first acts, by how serious it is. A fixed one is nobody's to change."""

    severity: int
    label: Any
    days: int
    is_fixed: bool = False


_NORMS: dict[int, Norm] = {}


def add_norm(norm: Norm) -> None:
    """Put a norm among those the association sets. Raises ``ValueError`` for a severity that has one."""
    if _NORMS.setdefault(norm.severity, norm) is not norm:
        raise ValueError(f"two norms for severity {norm.severity}")


def norms() -> dict[int, Norm]:
    """All norms by severity."""
    return dict(_NORMS)


_DIALLED = re.compile(r"\+?[0-9][0-9 ()-]{1,20}")


@dataclass(frozen=True)
class PhoneLine:
    """A number to call: whose it is, as one reads it, and as a telephone dials it."""

    name: str
    number: str
    dialled: str


def phone_lines(text: str) -> list[PhoneLine]:
    """The lines ``name: number`` of a text. A line that is nothing of the kind is left out."""
    lines = []
    for line in text.splitlines():
        name, colon, number = (part.strip() for part in line.rpartition(":"))
        if colon and name and _DIALLED.fullmatch(number):
            lines.append(PhoneLine(name, number, re.sub(r"[^+0-9]", "", number)))
    return lines


@dataclass(frozen=True)
class Call:
    """Whom to phone now, and whom from a later moment on. Nobody: then the association's own numbers are left."""

    colleague: Any
    next: Any = None
    next_at: datetime | None = None


class Hearer(Enum):
    """Who hears of something that is due: the first of a chain who is there, may know of it and can act."""

    OWNER = auto()
    SUBSTITUTE = auto()
    # Whom the subject itself names, as the second reader of a secret dossier.
    NAMED = auto()
    # The first on the roster of this moment who was not told of it yet.
    ON_DUTY = auto()
    # The first on duty once more: when nobody comes after the last.
    ANY_ON_DUTY = auto()
    LEAD = auto()
    SUBSTITUTE_OF_LEAD = auto()
    ADMINISTRATOR = auto()
    # When none of them is there: better late than nobody.
    ANY_ADMINISTRATOR = auto()
    # Also while she is away: it is for her and nobody else.
    SHE_HERSELF = auto()


LEADS = (Hearer.LEAD, Hearer.SUBSTITUTE_OF_LEAD)
ITS_OWNER = (Hearer.OWNER, Hearer.SUBSTITUTE, Hearer.NAMED, *LEADS)
ON_DUTY = (Hearer.ON_DUTY, *LEADS, Hearer.ANY_ON_DUTY)
ONLY_HER = (Hearer.SHE_HERSELF,)
ABOUT_NOBODY = (*LEADS, Hearer.ADMINISTRATOR, Hearer.ANY_ADMINISTRATOR)


@dataclass(frozen=True)
class Reminder:
    """One rule: a set-based query, who hears of it, and a sentence.

    ``rows(on, at)`` gives a queryset annotated with ``for_id`` (whose it is), ``about_id`` (the row it is about),
    ``page_label`` and ``page_id`` (whose page opens), ``household`` (the tenancy or nothing), ``team`` (who leads it
    is asked next) and ``day`` (a date: the same row, colleague and day never give a second notice). No row twice.
    ``may_hear(at)`` is a filter on colleagues, for ``OuterRef("page_id")``: who may know of the row and can act;
    ``named(at)`` the same for whom the subject names to stand in. ``every_day`` also runs on days the association is
    closed. ``why`` tells the colleague why it is she who hears of it.
    """

    code: str
    sentence: Any
    urgency: Urgency
    rows: Callable[[date, datetime], QuerySet[Any]]
    may_hear: Callable[[datetime], Q]
    icon: str = "clock"
    every_day: bool = False
    mails_at_once: bool = False
    why: Any = ""
    chain: tuple[Hearer, ...] = ITS_OWNER
    named: Callable[[datetime], Q] | None = None

    @property
    def is_alarm(self) -> bool:
        """Looks at what the other rules found, and so runs after them."""
        return Hearer.ADMINISTRATOR in self.chain


_REMINDERS: dict[str, Reminder] = {}


def add_reminder(reminder: Reminder) -> Reminder:
    """Put a room's rule on the list that the sweep walks. Raises ``ValueError`` for a code that is taken."""
    known = _REMINDERS.setdefault(reminder.code, reminder)
    if known is not reminder:
        raise ValueError(f"two reminders are called {reminder.code}")
    return reminder


def reminders() -> dict[str, Reminder]:
    """All rules by code."""
    return dict(_REMINDERS)


# --- What somebody holds ---------------------------------------------------------------------------------
@dataclass(frozen=True)
class Holding:
    """One kind of work that somebody can hold, and how it goes to somebody else.

    ``seen_by(user)`` gives the rows of this kind that a colleague may know of, ``rows()`` all of them; of those
    ``held(holder, on)`` is a filter: open, and this colleague's. What hangs on a secret dossier is never among them:
    ``add_secret_road`` says where that goes. ``may_have(at)`` is a filter on colleagues, for ``OuterRef("pk")`` of the
    row: who may open it and can work on it. ``words(row)`` says what it is, ``day`` is the path to when it is due and
    ``household`` the path to the tenancy with its dunder, or nothing. ``give(rows=, holder=, by=, at=)`` takes
    ``{row: colleague}`` and gives the keys of the rows that went: what was done meanwhile stays out of it. One that
    ``asks`` waits for a yes; ``waits_for(rows, at)`` gives ``{key: colleague}`` of what was asked already,
    ``said_no(rows)`` the name of whoever was asked last and refused, and ``leave_to(holder=, by=, at=)`` says who has
    it until then, once the holder is gone. ``own(user)`` are the rows she holds herself, with what hangs on a secret.
    What ``is_for_others`` nobody gives to herself. ``why_not(row, colleague, by=, at=)`` is a sentence when this one
    may not have it of that giver. What is about no household says ``who_divides`` it.
    """

    code: str
    label: Any
    rows: Callable[[], QuerySet[Any]]
    seen_by: Callable[[Any], QuerySet[Any]]
    held: Callable[[Any, date], Q]
    may_have: Callable[[datetime], Q]
    words: Callable[[Any], str]
    give: Callable[..., set[Any]]
    day: str
    household: str = "tenancy__"
    more: Callable[[Any], str] | None = None
    own: Callable[[Any], QuerySet[Any]] | None = None
    waits_for: Callable[[Any, datetime], dict[Any, Any]] | None = None
    said_no: Callable[[Any], dict[Any, str]] | None = None
    is_for_others: bool = False
    leave_to: Callable[..., None] | None = None
    why_not: Callable[..., str] | None = None
    who_divides: Any = ""

    @property
    def asks(self) -> bool:
        """Who gets it says yes first."""
        return self.waits_for is not None


_HOLDINGS: dict[str, Holding] = {}
_SECRET_ROADS: dict[str, Callable[..., None]] = {}
_GOING_ALONG: dict[str, Callable[[Any], Q]] = {}


def add_holding(holding: Holding) -> None:
    """Put a kind of work on the list of what somebody leaves behind. Raises ``ValueError`` for a code that is taken."""
    if _HOLDINGS.setdefault(holding.code, holding) is not holding:
        raise ValueError(f"two holdings are called {holding.code}")


def holdings() -> dict[str, Holding]:
    """All kinds of work somebody can hold, by code, in the order in which the rooms named them."""
    return dict(_HOLDINGS)


def add_secret_road(code: str, road: Callable[..., None]) -> None:
    """Where a room's secrets go when their holder leaves: ``road(holder=, at=)``, told to nobody but who gets them."""
    _SECRET_ROADS[code] = road


def secret_roads() -> list[Callable[..., None]]:
    """Each room's own."""
    return list(_SECRET_ROADS.values())


def add_going_along(code: str, rows: Callable[[Any], Q]) -> None:
    """A filter on promises and actions of a holder: those that go along with something else, and are no row alone."""
    _GOING_ALONG[code] = rows


def going_along(holder: Any) -> Q:
    """The promises and actions of this colleague that some other row takes along."""
    found = Q(pk__in=[])
    for rows in _GOING_ALONG.values():
        found |= rows(holder)
    return found
