"""What every page needs around it: the menu, the badge, the colleague. Nothing is asked before a template uses it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from corporatie.staff.rules import Permission, may
from corporatie.work.models import urgent_for

# The badge says "99+" beyond this: nobody counts further, and counting on would cost.
MOST_UNREAD = 99
# A phone has room for five.
MOST_IN_BAR = 5
# Reminders arrive in the inbox, and who leads finds her people and the roster nowhere else.
STAY_IN_BAR = frozenset({"inbox", "team_overview"})


@dataclass(frozen=True)
class Entry:
    """A page of the main menu: its URL name, its word, its icon, and what opens it (nothing named: everyone)."""

    url_name: str
    label: str | Promise
    icon: str
    opened_by: frozenset[Permission] = frozenset()


@dataclass(frozen=True)
class Link:
    """One link as the template writes it."""

    url: str
    label: str | Promise
    icon: str
    is_current: bool = False
    has_badge: bool = False
    stays: bool = False


MENU = (
    Entry("today", _("Today"), "day", frozenset({Permission.SEE_TODAY})),
    Entry("signal_list", _("Signals"), "signal", frozenset({Permission.TRIAGE_SIGNALS})),
    Entry("case_list", _("Cases"), "case", frozenset({Permission.OPEN_OWN_CASES})),
    Entry("project_list", _("Projects"), "project", frozenset({Permission.SEE_PROJECTS})),
    Entry("figures", _("Figures"), "chart", frozenset({Permission.SEE_FIGURES})),
    Entry("inbox", _("Inbox"), "inbox"),
    Entry("team_overview", _("Team"), "team", frozenset({Permission.SEE_TEAM_OVERVIEW})),
    Entry("admin:index", _("Settings"), "sliders", frozenset({Permission.ADMINISTER, Permission.READ_ACCESS_LOG})),
)

# The order is fixed: people find their way without reading.
NEW = (
    Entry("visit_report_create", _("Log a conversation"), "talk", frozenset({Permission.LOG_VISITS})),
    Entry("signal_create", _("Report a signal"), "signal", frozenset({Permission.REPORT_SIGNALS})),
    Entry("visit_plan", _("Plan a visit"), "day", frozenset({Permission.LOG_VISITS})),
    Entry("follow_up_create", _("Add an action"), "check", frozenset({Permission.LOG_VISITS})),
)


class Frame:
    """The frame around one page, for one colleague."""

    def __init__(self, request: HttpRequest) -> None:
        """Keep the request; ask nothing yet."""
        self._request = request

    @cached_property
    def menu(self) -> list[Link]:
        """The main menu: only what this colleague may open."""
        return self._links(MENU)

    @cached_property
    def bar(self) -> list[Link]:
        """The bottom bar of the phone: the first pages of the menu, and always the way to search."""
        search = Link(reverse("search"), _("Search"), "search", self._is_current(reverse("search")))
        places = MOST_IN_BAR - 1
        links = self.menu
        if len(links) > places:
            staying = [link for link in links if link.stays]
            rest = [link for link in links if not link.stays][: places - len(staying)]
            links = [*rest, *staying]
        return [*links, search]

    @cached_property
    def new(self) -> list[Link]:
        """What this colleague may add."""
        return self._links(NEW)

    @cached_property
    def unread(self) -> str:
        """How many notices wait, as the badge writes it; empty when none."""
        # The inbox knows already.
        waiting = getattr(self._request, "unread_now", None)
        if waiting is None:
            waiting = urgent_for(self._request.user)
        if waiting > MOST_UNREAD:
            return f"{MOST_UNREAD}+"
        return str(waiting) if waiting else ""

    def _links(self, entries: tuple[Entry, ...]) -> list[Link]:
        user: Any = self._request.user
        links = []
        for entry in entries:
            if entry.opened_by and not any(may(user, permission) for permission in entry.opened_by):
                continue
            url = reverse(entry.url_name)
            is_inbox, stays = entry.url_name == "inbox", entry.url_name in STAY_IN_BAR
            links.append(Link(url, entry.label, entry.icon, self._is_current(url), is_inbox, stays))
        return links

    def _is_current(self, url: str) -> bool:
        return self._request.path.startswith(url)


def frame(request: HttpRequest) -> dict[str, Any]:
    """The frame, and whether this is the practice environment."""
    return {"frame": Frame(request), "demo": settings.DEMO}
