"""What a colleague may know of one household: who lives there, what we owe them, what happened."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases import rules as case_rules
from cases.states import (
    FLAG_ICON,
    SAFETY_FLAGS,
    SEVERITY_ICON,
    SEVERITY_TONE,
    CaseStatus,
    FlagKind,
    Severity,
    SignalStatus,
    SignalType,
)
from corporatie.desk.templatetags.kt import day, due
from corporatie.desk.views.gather import Row
from corporatie.desk.views.household_parts import YES
from corporatie.work.states import FollowUpKind
from projects.states import Importance, IntakeAnswer, Phase
from tenants import rules as tenant_rules
from tenants.models import Tenancy
from tenants.states import Channel, ContactRelation, Language, MembershipRole
from visits import rules as visit_rules
from visits.states import VisitReason

MOST_FLAGS = 3


@dataclass(frozen=True)
class Contact:
    """The last time we spoke with someone of the household."""

    on: date
    where: str
    by: str
    line: str
    is_quote: bool


class Household:
    """What a colleague may know of one household, in the words of the screen."""

    def __init__(self, tenancy: Tenancy, user: Any, rows: list[Row]) -> None:
        """``rows``: what ``parts_of`` this household gave for this colleague."""
        self.tenancy = tenancy
        self.user = user
        self.today = timezone.localdate()
        self._rows: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            self._rows[row.part].append(row)

    # --- Who one is here -------------------------------------------------------------------------
    @cached_property
    def may_visit(self) -> bool:
        """Talks, promises and contact are for who visits."""
        return visit_rules.may_log_visits(self.user)

    @property
    def may_change_details(self) -> bool:
        """Write down how the household likes to be reached."""
        return tenant_rules.may_change_contact_details(self.user, self.tenancy)

    @property
    def has_left(self) -> bool:
        """Another household may live there by now."""
        return self.tenancy.has_left(self.today)

    @property
    def is_coming(self) -> bool:
        """It is known already, and lives there later."""
        return self.tenancy.is_coming(self.today)

    @property
    def leaves_on(self) -> date | None:
        """Until when it lives there, if that is known."""
        return self.tenancy.ended_on if not self.has_left else None

    @property
    def change(self) -> dict[str, Any]:
        """A coming or going of today or later: what it is in words, and the way to the other household."""
        rows = sorted(self._rows["home"], key=lambda row: row.on or self.today)
        if self.is_coming:
            words = _("This household comes to live here on %(day)s.") % {"day": day(self.tenancy.started_on)}
            here = [row for row in rows if row.on and row.on <= self.today]
            return {"text": words, "other": here[-1].key if here else None, "label": _("Who lives here now")}
        words = ""
        if self.leaves_on == self.today:
            words = _("This household leaves today.")
        elif self.leaves_on:
            words = _("This household leaves on %(day)s.") % {"day": day(self.leaves_on)}
        after = [row for row in rows if row.on and row.on > self.tenancy.started_on]
        if after and after[0].on:
            label = _("Who comes on %(day)s") % {"day": day(after[0].on)}
            return {"text": words, "other": after[0].key, "label": label}
        if rows and not self.has_left:
            return {"text": _("The household before leaves today."), "other": rows[0].key, "label": _("Who leaves")}
        return {"text": words, "other": None, "label": ""}

    # --- The bar on top --------------------------------------------------------------------------
    @property
    def address(self) -> str:
        """Where."""
        return self.tenancy.dwelling.address

    @property
    def who(self) -> str:
        """Who lives there, on which floor, in which stairwell."""
        dwelling = self.tenancy.dwelling
        stairwell = _("stairwell %(name)s") % {"name": dwelling.stairwell} if dwelling.stairwell else ""
        place = ", ".join(filter(None, [dwelling.floor_words, stairwell]))
        return " · ".join(filter(None, [self.tenancy.name, place]))

    @cached_property
    def flags(self) -> list[dict[str, Any]]:
        """Points of attention, safety first."""
        rows = sorted(self._rows["flag"], key=lambda row: (row.one not in SAFETY_FLAGS, row.on))
        return [
            {
                "text": FlagKind(row.one).label,
                "icon": FLAG_ICON[FlagKind(row.one)],
                "until": row.on,
                "detail": row.two,
                "url": reverse("flag_detail", args=[row.key]),
                "is_safety": row.one in SAFETY_FLAGS,
            }
            for row in rows
        ]

    @property
    def first_flags(self) -> list[dict[str, Any]]:
        """As many as the bar holds."""
        return self.flags[:MOST_FLAGS]

    @property
    def more_flags(self) -> list[dict[str, Any]]:
        """The ones the bar does not hold."""
        return self.flags[MOST_FLAGS:]

    @property
    def actions(self) -> list[dict[str, str]]:
        """The one filled button of the page."""
        if tenant_rules.why_nothing_happens(self.tenancy, on=self.today) or not self.may_visit:
            return []
        return [{"url": self._new("visit_report_create"), "label": _("Log a conversation")}]

    @property
    def menu(self) -> list[dict[str, str]]:
        """What else one may write down here."""
        if tenant_rules.why_nothing_is_added(self.tenancy, on=self.today):
            return []
        lives_here = not tenant_rules.why_nothing_happens(self.tenancy, on=self.today)
        # Before it comes one can prepare: a first visit, a call, what a colleague at the door must know.
        offered = [
            ("signal_create", _("Report a signal"), "signal", lives_here and case_rules.may_report_signal(self.user)),
            ("visit_plan", _("Plan a visit"), "day", self.may_visit),
            ("contact_create", _("Note a contact"), "phone", self.may_visit),
            ("follow_up_create", _("Add an action"), "check", self.may_visit),
            ("case_create", _("Open a dossier"), "case", lives_here and case_rules.may_open_case(self.user)),
            ("flag_create", _("Add a point of attention"), "shield", case_rules.may_decide_flag(self.user)),
        ]
        return [
            {"url": self._new(name), "label": label, "icon": icon} for name, label, icon, may_do in offered if may_do
        ]

    def _new(self, url_name: str) -> str:
        return f"{reverse(url_name)}?huishouden={self.tenancy.pk}"

    @property
    def promise_url(self) -> str:
        """Where a promise is added."""
        return self._new("follow_up_create") if self.may_visit and not self.has_left else ""

    # --- What must still be done -----------------------------------------------------------------
    @cached_property
    def steps(self) -> list[dict[str, Any]]:
        """Open promises and actions, the earliest first."""
        rows = sorted(self._rows["step"], key=lambda row: (row.on, row.key))
        return [
            {
                "text": row.one,
                "is_promise": row.three == YES,
                "is_case_step": row.two == FollowUpKind.CASE_STEP,
                "url": reverse("follow_up_detail", args=[row.key]),
                "done_url": "" if row.two == FollowUpKind.CASE_STEP else reverse("follow_up_finish", args=[row.key]),
                "who": row.who,
                "due": row.on,
                "is_late": row.on is not None and row.on < self.today,
                "detail": self._promise_line(row),
            }
            for row in rows
        ]

    @staticmethod
    def _promise_line(row: Row) -> str:
        whose = _("Promise by %(name)s") % {"name": row.who}
        told = _("told the resident") if row.four else _("not told yet")
        return f"{whose} · {told}"

    @property
    def next_step(self) -> dict[str, Any] | None:
        """The first open step."""
        return self.steps[0] if self.steps else None

    @property
    def next_step_when(self) -> str:
        """Who does it and by when."""
        step = self.next_step
        if step is None:
            return ""
        words = _("%(name)s, was due %(day)s") if step["is_late"] else _("%(name)s, by %(day)s")
        return words % {"name": step["who"], "day": due(step["due"])}

    @property
    def promises(self) -> list[dict[str, Any]]:
        """What we promised and have not done yet."""
        return [step for step in self.steps if step["is_promise"]]

    @property
    def other_steps(self) -> list[dict[str, Any]]:
        """Actions other than the next step and the promises."""
        return [step for step in self.steps[1:] if not step["is_promise"]]

    @property
    def silence(self) -> str:
        """How long ago we spoke with someone, in words."""
        if not self.may_visit:
            return ""
        contact = self.last_contact
        if contact is None:
            return _("No personal contact yet.")
        days = (self.today - contact.on).days
        if days == 0:
            return _("Last personal contact: today.")
        ago = ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}
        return _("Last personal contact: %(ago)s.") % {"ago": ago}

    @cached_property
    def last_contact(self) -> Contact | None:
        """The last talk or call this colleague may know of."""
        talk = next(iter(self._rows["talk"]), None)
        call = next(iter(self._rows["call"]), None)
        if talk is not None and (call is None or talk.one >= call.one):
            return self._talk(talk)
        if call is None:
            return None
        where = _("by phone with") if call.two == Channel.PHONE else _("in person with")
        return Contact(call.on or self.today, where, call.who, call.three, is_quote=False)

    def _talk(self, talk: Row) -> Contact:
        said = next(iter(self._rows["said"]), None)
        quote = said.one if said else ""
        line = quote or (said.two.strip().split("\n")[0][:200] if said else "")
        return Contact(talk.on or self.today, _("talked with"), talk.who, line, bool(quote))

    @property
    def later(self) -> list[dict[str, Any]]:
        """Talks whose report still has to be written."""
        rows = sorted(self._rows["later"], key=lambda row: row.on or self.today)
        return [
            {
                "url": reverse("visit_report_file", args=[row.key]),
                "title": _("Talk of %(day)s") % {"day": day(row.on)},
                "detail": row.who,
                "icon": "pencil",
                "tone": "warn",
            }
            for row in rows
        ]

    @property
    def planned(self) -> list[dict[str, Any]]:
        """Visits to come, and those that wait for their outcome."""
        rows = sorted(self._rows["planned"], key=lambda row: (row.on or self.today, row.three))
        return [
            {
                "url": reverse("visit_report_detail", args=[row.key]),
                "title": " ".join(filter(None, [day(row.on), _clock(row.three)])),
                "detail": f"{row.two or VisitReason(row.one).label} · {row.who}",
                "icon": "day",
                "tag": {"text": _("Waits for its outcome"), "icon": "warn", "tone": "warn"}
                if row.on and row.on < self.today
                else None,
            }
            for row in rows
        ]

    @property
    def worries(self) -> list[dict[str, Any]]:
        """Open signals and dossiers this colleague may read: the most serious first."""
        signals = sorted(self._rows["signal"], key=lambda row: (-int(row.two), row.on or self.today))
        cases = sorted(self._rows["case"], key=lambda row: row.on or self.today)
        return [*map(self._signal_row, signals), *map(self._case_row, cases)]

    def _signal_row(self, row: Row) -> dict[str, Any]:
        severity = Severity(int(row.two))
        is_late = row.on is not None and row.on < self.today
        return {
            "url": reverse("signal_detail", args=[row.key]),
            "title": _("Signal: %(type)s") % {"type": SignalType(row.one).label},
            "detail": " · ".join(filter(None, [str(SignalStatus(row.three).label), row.who])),
            "icon": "signal",
            "tone": "bad" if severity == Severity.ACUTE else "warn",
            "tag": {"text": _("Past its norm"), "icon": "warn", "tone": "bad"}
            if is_late
            else {"text": severity.label, "icon": SEVERITY_ICON[severity], "tone": SEVERITY_TONE[severity]},
        }

    def _case_row(self, row: Row) -> dict[str, Any]:
        is_late = row.on is not None and row.on < self.today
        return {
            "url": reverse("case_detail", args=[row.key]),
            "title": _("Dossier: %(type)s") % {"type": SignalType(row.one).label},
            "detail": f"{row.three} · {row.who}",
            "icon": "case",
            "tone": "tint",
            "tag": {"text": _("Too late, was %(day)s") % {"day": due(row.on)}, "icon": "warn", "tone": "bad"}
            if is_late
            else {"text": CaseStatus(row.two).label, "icon": "clock", "tone": ""},
        }

    @property
    def handlers(self) -> list[str]:
        """Colleagues who are in touch with this household about something one may not read."""
        return sorted({row.who for row in self._rows["handler"]})

    # --- Who they are ----------------------------------------------------------------------------
    @cached_property
    def people(self) -> list[dict[str, Any]]:
        """Who lives there: the tenant first."""
        order = list(MembershipRole.values)
        rows = sorted(self._rows["person"], key=lambda row: (order.index(row.one), row.two))
        return [
            {
                "name": " ".join(row.two.split()),
                "role": MembershipRole(row.one).label,
                "phone": row.three,
                "email": row.four if self.may_visit else "",
                "language": row.who,
            }
            for row in rows
        ]

    @cached_property
    def preference(self) -> Any:
        """How the household likes to be reached, if anyone wrote it down."""
        return getattr(self.tenancy, "preference", None)

    @property
    def language(self) -> str:
        """The language one speaks at this table, and whether someone must interpret; empty for plain Dutch."""
        wanted = self.preference.language if self.preference else ""
        spoken = wanted or next((person["language"] for person in self.people if person["language"]), "")
        words = [str(Language(spoken).label)] if spoken and (spoken != Language.DUTCH or wanted) else []
        if self.preference and self.preference.needs_interpreter:
            words.append(_("interpreter needed"))
        return ", ".join(words)

    @property
    def reach(self) -> str:
        """How and when to reach them."""
        if not self.preference:
            return ""
        words = []
        if self.preference.channel:
            words.append(str(self.preference.get_channel_display()))
        if self.preference.daypart:
            words.append(_("preferably: %(part)s") % {"part": str(self.preference.get_daypart_display()).lower()})
        if self.preference.large_print:
            words.append(_("letters in large print"))
        return ", ".join(words)

    @property
    def contact_people(self) -> list[dict[str, Any]]:
        """Whom else we may call."""
        return [
            {
                "name": row.one,
                "relation": ContactRelation(row.two).label,
                "phone": row.three,
                "has_key": row.four == YES,
            }
            for row in sorted(self._rows["contact"], key=lambda row: row.one)
        ]

    @property
    def wishes(self) -> list[Row]:
        """What the resident would like, newest first."""
        return sorted(self._rows["wish"], key=lambda row: row.on or self.today, reverse=True)

    @cached_property
    def projects(self) -> list[dict[str, Any]]:
        """The works this home is part of, and how far we are with this household."""
        intakes = {row.key: row for row in self._rows["intake"]}
        return [
            {
                "name": row.one,
                "url": reverse("project_detail", args=[row.two]),
                "phase": Phase(row.three).label,
                "starts_on": row.on,
                "talked_on": intakes[row.key].on if row.key in intakes else None,
                "answer": IntakeAnswer(intakes[row.key].one).label if row.key in intakes else "",
                "instructions": [line.one for line in self._instructions if line.key == row.key],
            }
            for row in sorted(self._rows["project"], key=lambda row: row.one)
        ]

    @cached_property
    def _instructions(self) -> list[Row]:
        """What works must take into account, what must be kept first."""
        return sorted(self._rows["instruction"], key=lambda row: (row.two != Importance.MUST, row.one))

    @property
    def other_instructions(self) -> list[str]:
        """The same, of works one does not follow: a caretaker knows what to do, and not for which project."""
        followed = {row.key for row in self._rows["project"]}
        return [row.one for row in self._instructions if row.key not in followed]

    # --- Only in the minute before ringing ----------------------------------------------------------
    @property
    def safety(self) -> list[dict[str, Any]]:
        """Safety agreements first of all."""
        return [flag for flag in self.flags if flag["is_safety"]]

    @property
    def involved(self) -> list[str]:
        """Who is in touch with this household already."""
        names = {row.who for row in self._rows["case"]} | set(self.handlers)
        helpers = [f"{person['name']} ({str(person['relation']).lower()})" for person in self.contact_people]
        return [*sorted(names), *helpers]

    @property
    def known(self) -> list[str]:
        """What we know already, so that nobody has to say it again."""
        people = len(self.people)
        facts = (
            [ngettext("%(n)d person lives here", "%(n)d people live here", people) % {"n": people}] if people else []
        )
        facts += [
            _("%(name)s has a key") % {"name": person["name"]} for person in self.contact_people if person["has_key"]
        ]
        if self.reach:
            facts.append(self.reach)
        facts += [flag["detail"] or str(flag["text"]) for flag in self.flags if not flag["is_safety"]]
        facts += [row.one for row in self._instructions]
        return facts


def _clock(text: str) -> str:
    return f"{time.fromisoformat(text):%H:%M}" if text else ""
