"""Working days, and who may do what with a promise or an action."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Self

import holidays
from django.db.models import CharField, Exists, Func, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast
from django.db.models.lookups import Exact
from django.utils import timezone

from corporatie.staff.models import User
from corporatie.staff.rules import Permission, leads, may
from corporatie.subjects.models import Subject, subject_model, subject_models, visible
from corporatie.work.models import ChoiceSetting, FollowUp, SpecialDay
from corporatie.work.states import FollowUpKind, Holding, choice_lists, holdings


@lru_cache(maxsize=64)
def _public_holidays(year: int) -> frozenset[date]:
    """Dutch public holidays without Good Friday, on which most employers work. Source: holidays 0.109 (MIT).

    Liberation Day is one in lustrum years only; an association that thinks otherwise says so in its own days.
    """
    days = holidays.country_holidays("NL", years=year, language="nl")
    return frozenset(day for day, name in days.items() if name.casefold() != "goede vrijdag")


@dataclass(frozen=True)
class Offered:
    """What this association lets its colleagues choose from."""

    settings: dict[tuple[str, str], bool]

    @classmethod
    def load(cls) -> Self:
        """Read the association's own settings of all lists. One query."""
        rows = ChoiceSetting.objects.values_list("list", "choice", "is_offered")
        return cls({(name, choice): is_offered for name, choice, is_offered in rows})

    def of(self, name: str, *, keep: str = "") -> list[tuple[str, Any]]:
        """The choices of one list as ``(code, words)``. ``keep`` was chosen before and stays, offered or not."""
        known = choice_lists()[name]
        return [
            (code, words)
            for code, words in known.choices.choices
            if code == keep or code in known.always or self.settings.get((name, code), code not in known.only_if_wanted)
        ]


@dataclass(frozen=True)
class Calendar:
    """The working days of this association."""

    exceptions: dict[date, bool]

    @classmethod
    def load(cls) -> Self:
        """Read the association's own days. One query."""
        return cls(dict(SpecialDay.objects.values_list("on", "is_working_day")))

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday, no public holiday, unless the association says otherwise."""
        if day in self.exceptions:
            return self.exceptions[day]
        return day.weekday() < 5 and day not in _public_holidays(day.year)

    def on_or_after(self, day: date) -> date:
        """The first working day from this day on."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def add(self, day: date, working_days: int) -> date:
        """The n-th working day after ``day``; with 0 the day itself, working day or not."""
        for _count in range(working_days):
            day = self.on_or_after(day + timedelta(days=1))
        return day

    def last_reminded(self, on: date) -> date:
        """The last day whose work is reminded on this day: what falls due before the next working day cannot wait."""
        return self.on_or_after(on + timedelta(days=1)) - timedelta(days=1)

    def before(self, day: date, working_days: int) -> date:
        """The n-th working day before ``day``."""
        for _count in range(working_days):
            day -= timedelta(days=1)
            while not self.is_working_day(day):
                day -= timedelta(days=1)
        return day


def may_add_follow_up(user: Any, subject: Subject | None) -> bool:
    """Promise something, or write down what must be done: whoever visits, and works on what it comes from."""
    return may(user, Permission.LOG_VISITS) and (subject is None or subject.is_worked_on_by(user))


def may_finish(user: Any, follow_up: FollowUp) -> bool:
    """Whoever works on what it came from. Not the step of a dossier: that is done there."""
    if follow_up.done_at is not None or follow_up.kind == FollowUpKind.CASE_STEP:
        return False
    return may_change(user, follow_up)


def may_change(user: Any, follow_up: FollowUp) -> bool:
    """Whoever works on what it came from. Owning it adds nothing."""
    model = subject_model(follow_up.subject_label)
    subject = visible(model, user).filter(pk=follow_up.subject_id).first() if model and model.holds_work else None
    return subject is not None and bool(subject.is_worked_on_by(user))


# --- Who works on what a promise or action hangs on: a filter on colleagues, for rows with page_label and page_id -----
def who_works_on_it(at: datetime) -> Q:
    """Who changes what hangs on the subject of the row."""
    return _of_subject(lambda model: model.who_works_on(OuterRef("page_id"), at=at))


def who_stands_in_on_it(at: datetime) -> Q:
    """Whom the subject of the row names to stand in."""
    return _of_subject(lambda model: model.who_stands_in(OuterRef("page_id"), at=at))


def _of_subject(asked: Any) -> Q:
    condition = Q(pk__in=[])
    for model in subject_models():
        if model.holds_work:
            is_of_this_kind = Exact(OuterRef("page_label"), Value(model.label(), CharField()))
            condition |= Q(is_of_this_kind) & asked(model)
    return condition


# --- What somebody holds -------------------------------------------------------------------------------------
class _Joined(Func):
    """The values of a column in one text."""

    function = "STRING_AGG"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """The older name."""
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)


@dataclass(frozen=True)
class Held:
    """One row that somebody holds, and who may have it."""

    holding: Holding
    row: Any
    may: frozenset[int]
    asked: int | None = None

    @property
    def key(self) -> str:
        """Its name in a form."""
        return f"{self.holding.code}-{self.row.pk}"

    @property
    def address(self) -> str:
        """Where; nothing for what is about no household."""
        return self.row.tenancy.dwelling.address if self.holding.household else ""

    @property
    def people(self) -> str:
        """Who lives there."""
        return self.row.tenancy.name if self.holding.household else ""

    @property
    def words(self) -> str:
        """What it is."""
        return self.holding.words(self.row)

    @property
    def more(self) -> str:
        """What goes along."""
        return self.holding.more(self.row) if self.holding.more else ""

    @property
    def day(self) -> date | None:
        """When it is due."""
        value: Any = self.row
        for name in self.holding.day.split("__"):
            value = getattr(value, name)
        return value

    @property
    def url(self) -> str:
        """Its page, where it has one."""
        page = getattr(self.row, "get_absolute_url", None)
        return str(page()) if page else ""

    @property
    def is_divided(self) -> bool:
        """Somebody was asked already."""
        return self.asked is not None


def may_divide(user: Any, holder: User, *, at: datetime) -> bool:
    """Give her work to others: who leads a team of hers, or leads where some of her work lies."""
    if holder.pk == user.pk or not may(user, Permission.SEE_TEAM_OVERVIEW):
        return False
    seen = (rows_held(holding, holder, at=at, seen_by=user).exists() for holding in holdings().values())
    return leads(user, holder) or any(seen)


def held_by(
    holder: Any, *, at: datetime, seen_by: Any = None, only: Mapping[str, Iterable[Any]] | None = None
) -> list[Held]:
    """What this colleague holds, as far as ``seen_by`` may know of it (without her: all), with who may have each row.

    ``only`` looks at these keys by kind. One query for each kind, and one for those that wait for a yes. What hangs
    on a secret dossier is never among it.
    """
    found = []
    for code, holding in holdings().items():
        if only is not None and not only.get(code):
            continue
        rows = rows_held(holding, holder, at=at, seen_by=seen_by)
        if only is not None:
            rows = rows.filter(pk__in=list(only[code]))
        lines = list(rows.annotate(may_ids=_who_may_have(holding, holder, at)).order_by(holding.day, "pk"))
        asked = holding.waits_for([row.pk for row in lines]) if lines and holding.waits_for else {}
        found += [Held(holding, row, _numbers(row.may_ids), asked.get(row.pk)) for row in lines]
    return found


def rows_held(holding: Holding, holder: Any, *, at: datetime, seen_by: Any = None) -> QuerySet[Any]:
    """The rows of one kind."""
    rows = holding.rows() if seen_by is None else holding.seen_by(seen_by)
    rows = rows.filter(holding.held(holder, timezone.localdate(at)))
    return rows.select_related(f"{holding.household}dwelling") if holding.household else rows


def undivided(holder: Any, *, at: datetime, only: Mapping[str, Iterable[Any]] | None = None) -> dict[int | None, int]:
    """How many rows of hers nobody was asked for, by team. One query for each kind, two where one says yes."""
    by_team: dict[int | None, int] = {}
    for code, holding in holdings().items():
        if only is not None and not only.get(code):
            continue
        team = f"{holding.household}dwelling__neighbourhood__team" if holding.household else None
        rows = rows_held(holding, holder, at=at).order_by()
        rows = rows if only is None else rows.filter(pk__in=list(only[code]))
        keys = list(rows.values_list("pk", team)) if team else [(pk, None) for pk in rows.values_list("pk", flat=True)]
        asked = holding.waits_for([key for key, _team in keys]) if keys and holding.waits_for else {}
        for key, of_team in keys:
            if key not in asked:
                by_team[of_team] = by_team.get(of_team, 0) + 1
    return by_team


def out_of_reach(holder: Any, *, at: datetime) -> dict[str, list[Any]]:
    """The keys, by kind, of what this colleague holds and may not have (any more): one query for each kind."""
    herself = User.objects.get_queryset().filter(pk=holder.pk)
    found = {}
    for code, holding in holdings().items():
        rows = rows_held(holding, holder, at=at).filter(~Exists(herself.filter(holding.may_have(at))))
        if keys := list(rows.order_by().values_list("pk", flat=True)):
            found[code] = keys
    return found


def _who_may_have(holding: Holding, holder: Any, at: datetime) -> Subquery:
    may_have = User.objects.get_queryset().filter(holding.may_have(at), is_active=True).exclude(pk=holder.pk)
    ids = may_have.order_by().values(ids=_Joined(Cast("pk", CharField()), Value(",")))
    return Subquery(ids, output_field=TextField())


def _numbers(text: str | None) -> frozenset[int]:
    return frozenset(int(number) for number in (text or "").split(",") if number)
