"""The timeline of a household or a dossier: a view of the journal, with the words that belong to each line."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.facts import CaseClosed, CaseOpened, ProblemOwnerSet, SignalClosed, SignalRaised, StepTaken
from cases.models import AttentionFlag, Case, Signal
from cases.states import ProblemOwner, SignalType
from corporatie.desk.views.gather import Row, gather, part
from corporatie.journal.facts import Fact, kinds
from corporatie.journal.models import Entry, Key, keys_about, lines_of
from corporatie.staff.models import may
from corporatie.staff.permissions import Permission
from corporatie.staff.rules import who_are
from corporatie.subjects.models import Subject
from corporatie.work.facts import PromiseDropped
from corporatie.work.models import FollowUp
from projects.facts import AccommodationAdded
from projects.models import Intake
from projects.states import IntakeAnswer
from visits.facts import ContactMade, ResidentResponded
from visits.models import ContactMoment, Report, ResidentResponse, Topic, Visit
from visits.states import LifeArea

PAGE = 20
ANCHOR = "tijdlijn"
# Before the name of a part: the words of a line, and not something beside the timeline.
TOLD = "told "

# The word in the address of each filter, the groups of facts it shows, and its word on the screen.
CHIPS: dict[str, tuple[frozenset[str], str | Promise]] = {
    "gesprekken": (frozenset({"talks"}), gettext_lazy("Conversations")),
    "bezoeken": (frozenset({"visits"}), gettext_lazy("Visits")),
    "signalen": (frozenset({"signals"}), gettext_lazy("Signals")),
    "beloftes": (frozenset({"promises"}), gettext_lazy("Promises")),
    "dossiers": (frozenset({"cases"}), gettext_lazy("Cases")),
    "project": (frozenset({"project"}), gettext_lazy("Project")),
    "systeem": (frozenset({"system", "actions"}), gettext_lazy("Changes")),
}
# What was agreed and said with a household is for who visits it; a project leader reads the project's part.
_FOR_VISITORS = frozenset({"talks", "promises", "actions"})


class Line(NamedTuple):
    """One thing that happened."""

    icon: str
    title: str
    url: str
    by: str
    at: datetime
    # When it was written down, if that was on another day.
    noted_at: datetime | None
    quote: str
    text: str
    tone: str
    is_system: bool


@dataclass
class Block:
    """Lines that stand together: open, or folded because they are about details only."""

    folded: bool
    lines: list[Line] = field(default_factory=list)


@dataclass
class Timeline:
    """One page of what happened, newest first."""

    blocks: list[Block]
    chips: list[dict[str, Any]]
    total: int
    hidden: int
    all_url: str
    next_url: str
    first_url: str
    beside: list[Row]

    @property
    def lines(self) -> list[Line]:
        """All lines of this page."""
        return [line for block in self.blocks for line in block.lines]


def asked_for(request: HttpRequest) -> dict[str, Any]:
    """Which filter and which page the address asks for: ``timeline_of(subject, user, **asked_for(request))``."""
    key = request.GET.get("na", "")
    return {
        "group": request.GET.get("soort", ""),
        # A key of more digits than the database holds is no key.
        "before": int(key) if key.isascii() and key.isdigit() and len(key) < 19 else None,
    }


def timeline_of(
    subject: Subject,
    user: Any,
    *,
    group: str = "",
    before: int | None = None,
    beside: Iterable[QuerySet[Any]] = (),
) -> Timeline:
    """What happened to ``subject``, as far as this colleague may know. Always the same few queries.

    ``group`` is one of ``CHIPS``; anything else shows everything. ``before`` is the key of the last line of the
    page before. ``beside`` are parts (see ``gather``) of the page around it: they come along in the same question.
    """
    group = group if group in CHIPS else ""
    known = _known(subject, user)
    counts = Counter(key.kind for key in known)
    wanted = _kinds_of(CHIPS[group][0]) if group else counts.keys()
    keys = [key for key in _after(known, before) if key.kind in wanted]
    more, page = len(keys) > PAGE, lines_of(keys[:PAGE])
    words = _Words(subject, user, page)
    rest = words.ask(beside)
    lines = words.lines()
    total = sum(counts.values())
    shown = sum(counts[kind] for kind in counts if not group or kind in _kinds_of(CHIPS[group][0]))
    base = subject.get_absolute_url()
    return Timeline(
        blocks=list(_folded(lines, fold=not group)),
        chips=_chips(counts, base, group),
        total=total,
        hidden=total - shown,
        all_url=_url(base),
        next_url=_url(base, soort=group, na=page[-1].pk) if more else "",
        first_url=_url(base, soort=group) if before is not None else "",
        beside=rest,
    )


def _after(keys: list[Key], before: int | None) -> list[Key]:
    """What stands under the line with the key ``before``."""
    last = next((key for key in keys if key.id == before), None)
    return keys if last is None else [key for key in keys if key.when < last.when]


def _known(subject: Subject, user: Any) -> list[Key]:
    visits = may(user, Permission.LOG_VISITS)
    known = {code for code, kind in kinds().items() if visits or not _is_for_visitors(kind)}
    if not may(user, Permission.WRITE_INTAKES):
        # Also of an instruction the resident did not let us pass on: that there is one says something already.
        known.discard(AccommodationAdded.code)
    return [key for key in keys_about(subject, user) if key.kind in known]


def _is_for_visitors(kind: type[Fact]) -> bool:
    return kind.group in _FOR_VISITORS


def _kinds_of(groups: frozenset[str]) -> frozenset[str]:
    return frozenset(code for code, kind in kinds().items() if kind.group in groups)


def _chips(counts: dict[str, int], base: str, current: str) -> list[dict[str, Any]]:
    chips = [{"url": _url(base), "text": _("Everything"), "count": sum(counts.values()), "is_current": not current}]
    for name, (groups, label) in CHIPS.items():
        number = sum(counts.get(kind, 0) for kind in _kinds_of(groups))
        if number or name == current:
            chips.append({"url": _url(base, soort=name), "text": label, "count": number, "is_current": name == current})
    return chips


def _url(base: str, **query: Any) -> str:
    asked = urlencode({name: value for name, value in query.items() if value})
    return f"{base}?{asked}#{ANCHOR}" if asked else f"{base}#{ANCHOR}"


def _folded(lines: Iterable[Line], *, fold: bool) -> Iterator[Block]:
    """System lines that follow each other, folded into one block; what people did is never folded."""
    block: Block | None = None
    for line in lines:
        folds = fold and line.is_system
        if block is None or block.folded != folds:
            if block:
                yield block
            block = Block(folds)
        block.lines.append(line)
    if block:
        yield block


@dataclass(frozen=True)
class _Text:
    """The words that belong to a line, and the page they come from."""

    quote: str = ""
    text: str = ""
    url: str = ""


class _Words:
    """The words of one page of lines: each kind is asked of the room that wrote it, all in one query."""

    def __init__(self, subject: Subject, user: Any, page: list[Entry]) -> None:
        self._subject = subject
        # Why a signal was closed is for who judges signals; who reported it hears that it was dealt with.
        self._judges_signals = may(user, Permission.TRIAGE_SIGNALS)
        self._page = [(entry, entry.fact()) for entry in page]
        self._user = user
        self._rows: dict[tuple[str, UUID | None], list[Row]] = {}
        self._names: dict[int, str] = {}

    def ask(self, beside: Iterable[QuerySet[Any]]) -> list[Row]:
        """Ask for the words, and for what comes along. Returns the latter."""
        rest = []
        for row in gather(*self._parts(), *beside):
            if row.part.startswith(TOLD):
                self._rows.setdefault((row.part.removeprefix(TOLD), row.key), []).append(row)
            else:
                rest.append(row)
        return rest

    def lines(self) -> list[Line]:
        """All lines with their words."""
        self._names = {int(row.one): row.who for row in self._rows.get(("colleague", None), [])}
        return [self._line(entry, fact) for entry, fact in self._page]

    # --- Asking ----------------------------------------------------------------------------------
    def _parts(self) -> Iterator[QuerySet[Any]]:
        """Only the kinds of rows that these lines name are asked for."""
        user = self._user
        rows: QuerySet[Any]
        if visits := self._ids(Visit.label()):
            reports = Report.objects.visible_to(user).filter(visit__in=visits)
            topics = Topic.objects.visible_to(user).filter(report__visit__in=visits).exclude(said="")
            yield part(f"{TOLD}visit", Visit.objects.visible_to(user).filter(pk__in=visits), one="purpose")
            yield part(f"{TOLD}report", reports, key="visit_id", one="quote", two="note")
            yield part(f"{TOLD}topic", topics, key="report__visit_id", one="area", two="said")
        if responses := self._named("response"):
            rows = ResidentResponse.objects.visible_to(user).filter(pk__in=responses)
            yield part(f"{TOLD}response", rows, one="text")
        if contacts := self._named("contact"):
            yield part(f"{TOLD}contact", ContactMoment.objects.visible_to(user).filter(pk__in=contacts), one="line")
        if steps := self._named("follow_up", "done", "following"):
            rows = FollowUp.objects.visible_to(user).filter(pk__in=steps)
            yield part(f"{TOLD}follow_up", rows, one="what", two="result_note")
        if signals := self._ids(Signal.label()):
            rows = Signal.objects.visible_to(user).filter(pk__in=signals)
            yield part(f"{TOLD}signal", rows, one="type", two="seen", three="explanation")
        if cases := self._ids(Case.label()):
            rows = Case.objects.visible_to(user).filter(pk__in=cases)
            yield part(f"{TOLD}case", rows, one="type", two="closing_summary", three="problem_owner_name")
        if flags := self._ids(AttentionFlag.label()):
            yield part(f"{TOLD}flag", AttentionFlag.objects.visible_to(user).filter(pk__in=flags), one="instruction")
        if named := [entry.data[field] for entry, fact in self._page for field in fact.of_colleagues()]:
            # Whoever left keeps her name here: only that, and only of who stands in a line one may read.
            yield part(f"{TOLD}colleague", who_are(named), key=None, one="pk", who="name")
        if intakes := self._ids(Intake.label()):
            rows = Intake.objects.visible_to(user).filter(pk__in=intakes)
            yield part(f"{TOLD}intake", rows, one="answer", two="project__name", three="project__slug")

    def _ids(self, label: str) -> list[UUID]:
        return [entry.subject_id for entry, _fact in self._page if entry.subject_label == label]

    def _named(self, *names: str) -> list[UUID]:
        return [UUID(entry.data[name]) for entry, _fact in self._page for name in names if entry.data.get(name)]

    # --- Telling ---------------------------------------------------------------------------------
    def _line(self, entry: Entry, fact: Fact) -> Line:
        words, at = self._words(entry, fact), fact.happened(entry.at)
        return Line(
            icon=fact.icon,
            title=fact.tell(self._names),
            url=words.url,
            by=entry.by.name if entry.by else "",
            at=at,
            noted_at=None if timezone.localdate(at) == timezone.localdate(entry.at) else entry.at,
            quote=words.quote,
            text=words.text,
            tone="tint" if fact.group == "talks" else "",
            is_system=fact.is_system,
        )

    def _words(self, entry: Entry, fact: Fact) -> _Text:
        if isinstance(fact, ContactMade):
            return self._of_contact(entry, UUID(fact.contact))
        if isinstance(fact, ResidentResponded):
            response = self._one("response", UUID(fact.response))
            return _Text(quote=response.one if response else "", url=self._page_of(entry, "visit_report_detail"))
        if isinstance(fact, StepTaken):
            return self._of_step(entry, fact)
        if "follow_up" in entry.data:
            return self._of_follow_up(UUID(entry.data["follow_up"]), fact)
        tell = {
            Visit.label(): self._of_visit,
            Signal.label(): self._of_signal,
            Case.label(): self._of_case,
            AttentionFlag.label(): self._of_flag,
            Intake.label(): self._of_intake,
        }.get(entry.subject_label)
        return tell(entry, fact) if tell else _Text()

    def _one(self, name: str, key: UUID) -> Row | None:
        rows = self._rows.get((name, key))
        return rows[0] if rows else None

    def _page_of(self, entry: Entry, url_name: str) -> str:
        """A link to the subject of the line, unless that is the page one is on."""
        return "" if entry.subject_id == self._subject.pk else reverse(url_name, args=[entry.subject_id])

    def _of_visit(self, entry: Entry, fact: Fact) -> _Text:
        visit, report = self._one("visit", entry.subject_id), self._one("report", entry.subject_id)
        url = self._page_of(entry, "visit_report_detail") if visit else ""
        if fact.group != "talks":
            return _Text(text=visit.one if visit else "", url=url)
        if report is None or fact.is_system:
            return _Text(url=url)
        topics = [f"{LifeArea(row.one).label}: {row.two}" for row in self._rows.get(("topic", entry.subject_id), [])]
        return _Text(quote=report.one, text="\n".join(filter(None, [report.two, *sorted(topics)])), url=url)

    def _of_contact(self, entry: Entry, pk: UUID) -> _Text:
        contact = self._one("contact", pk)
        url = self._page_of(entry, "case_detail") if entry.subject_label == Case.label() else ""
        return _Text(text=contact.one if contact else "", url=url)

    def _of_follow_up(self, pk: UUID, fact: Fact) -> _Text:
        row = self._one("follow_up", pk)
        if row is None:
            return _Text()
        is_dropped = isinstance(fact, PromiseDropped)
        text = f"{row.one}\n{row.two}" if is_dropped and row.two else row.one
        return _Text(text=text, url=reverse("follow_up_detail", args=[pk]))

    def _of_step(self, entry: Entry, fact: StepTaken) -> _Text:
        done, following = self._one("follow_up", UUID(fact.done)), self._one("follow_up", UUID(fact.following))
        lines = [
            _("Done: %(step)s") % {"step": done.one} if done else "",
            done.two if done else "",
            _("Next: %(step)s") % {"step": following.one} if following else "",
        ]
        return _Text(text="\n".join(filter(None, lines)), url=self._page_of(entry, "case_detail"))

    def _of_signal(self, entry: Entry, fact: Fact) -> _Text:
        signal = self._one("signal", entry.subject_id)
        if signal is None:
            return _Text()
        text = ""
        if isinstance(fact, SignalRaised):
            text = "\n".join(filter(None, [str(SignalType(signal.one).label), signal.two]))
        elif isinstance(fact, SignalClosed) and self._judges_signals:
            text = signal.three
        return _Text(text=text, url=reverse("signal_detail", args=[entry.subject_id]))

    def _of_case(self, entry: Entry, fact: Fact) -> _Text:
        case = self._one("case", entry.subject_id)
        if case is None:
            return _Text()
        text = ""
        if isinstance(fact, CaseOpened):
            text = str(SignalType(case.one).label)
        elif isinstance(fact, CaseClosed):
            text = case.two
        elif isinstance(fact, ProblemOwnerSet):
            text = " · ".join(filter(None, [str(ProblemOwner(fact.owner).label), case.three]))
        return _Text(text=text, url=self._page_of(entry, "case_detail"))

    def _of_flag(self, entry: Entry, fact: Fact) -> _Text:
        flag = self._one("flag", entry.subject_id)
        if flag is None:
            return _Text()
        return _Text(text=flag.one, url=reverse("flag_detail", args=[entry.subject_id]))

    def _of_intake(self, entry: Entry, fact: Fact) -> _Text:
        intake = self._one("intake", entry.subject_id)
        if intake is None:
            return _Text()
        text = intake.two
        if not isinstance(fact, AccommodationAdded):
            text = f"{intake.two} · {IntakeAnswer(intake.one).label}"
        return _Text(text=text, url=reverse("project_detail", args=[intake.three]))
