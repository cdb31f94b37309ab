"""Working days, and who may do what with a promise or an action."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Self

import holidays
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from corporatie.staff.fields import Candidate
from corporatie.staff.models import Absence, Team, User, holds
from corporatie.staff.rules import NEAR, Permission, candidates, may
from corporatie.staff.states import AbsencePart
from corporatie.subjects.models import Subject, subject_model, visible
from corporatie.work.models import ChoiceSetting, Duty, DutyHours, FollowUp, SpecialDay
from corporatie.work.models.duties import in_line
from corporatie.work.states import FollowUpKind, Shift, choice_lists


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


@dataclass(frozen=True)
class Watch:
    """Which shift it is. A day lasts from when the office opens until it opens again, so a night is of the day before.

    Times are of the clock on the wall, also in the nights that the clock is put forward or back.
    """

    calendar: Calendar
    hours: DutyHours

    @classmethod
    def load(cls) -> Self:
        """The association's own days and hours. Two queries."""
        return cls(Calendar.load(), DutyHours.load())

    def at(self, moment: datetime) -> tuple[date, Shift]:
        """The day and the shift of this moment."""
        here = timezone.localtime(moment)
        day = here.date() if here.time() >= self.hours.opens_at else here.date() - timedelta(days=1)
        if not self.calendar.is_working_day(day):
            return day, Shift.WEEKEND
        is_open = day == here.date() and here.time() < self.hours.closes_at
        return day, Shift.OFFICE if is_open else Shift.EVENING

    def shifts_of(self, day: date) -> tuple[Shift, ...]:
        """The shifts of one day, in order."""
        return (Shift.OFFICE, Shift.EVENING) if self.calendar.is_working_day(day) else (Shift.WEEKEND,)

    def next_change(self, moment: datetime) -> datetime:
        """When the next shift begins."""
        here = timezone.localtime(moment)
        changes = [
            timezone.make_aware(datetime.combine(here.date() + timedelta(days=ahead), clock))
            for ahead in (0, 1)
            for clock in (self.hours.opens_at, self.hours.closes_at)
        ]
        return min(change for change in changes if change > moment)


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


# --- On duty -------------------------------------------------------------------------------------------
def on_duty(team: Team | None, *, at: datetime) -> QuerySet[Any]:
    """Who is on duty for this team at this moment and judges signals, in the order in which they are asked."""
    day, shift = Watch.load().at(at)
    key = team.pk if team else None
    return in_line(may_be_on_duty(team), key, day=day, shift=shift, at=at).order_by("turn")


def who_may_be_on_duty(team: Team | None) -> Q:
    """A filter: the colleagues who judge signals, those of the team, since others could not open one of it."""
    judges = holds(Permission.TRIAGE_SIGNALS)
    return judges & Q(Exists(Team.objects.filter(pk=team.pk, members=OuterRef("pk")))) if team else judges


def may_be_on_duty(team: Team | None) -> QuerySet[User]:
    """The same as colleagues, as far as they work here."""
    return User.objects.get_queryset().filter(who_may_be_on_duty(team), is_active=True)


def candidates_on_duty(team: Team, *, at: datetime, present: User | None = None) -> list[Candidate]:
    """Whom the team may put on its roster, with who will be away soon."""
    who = who_may_be_on_duty(team)
    return candidates(who, team=who, at=at, present=present, ahead=NEAR)


def sees_roster(user: Any) -> bool:
    """Whoever works for a team reads who is on duty for it."""
    return bool(user.is_authenticated and user.team_ids)


def may_change_roster(user: Any, team: Team | None) -> bool:
    """Who leads the team. What holds for every team is made in the administration."""
    return may(user, Permission.SEE_TEAM_OVERVIEW) and team is not None and team.pk in user.team_ids


def why_no_duty(duty: Duty) -> str:
    """Why this row cannot stand on the roster, in a sentence; nothing when it can."""
    if not may_be_on_duty(duty.team).filter(pk=duty.user_id).exists():
        words = _("%(name)s cannot be on duty here: only colleagues of the team who judge signals can.")
        return words % {"name": duty.user.name}
    others = Duty.objects.between(duty.from_on, duty.until_on).filter(team=duty.team, shift=duty.shift)
    for other in others.exclude(pk=duty.pk).filter(Q(user=duty.user_id) | Q(order=duty.order)).select_related("user"):
        if other.user_id == duty.user_id:
            words = _("%(name)s is on the roster already in these days, in the same hours.")
        else:
            words = _(
                "%(name)s has this place on the roster already in these days. Choose another order or other days."
            )
        return words % {"name": other.user.name}
    return ""


def is_away_in(shift: Shift, day: date, absences: list[Absence]) -> bool:
    """Whether one of these makes her miss this shift, or a part of it. An evening goes with the afternoon."""
    missed = set(AbsencePart) - ({AbsencePart.MORNING} if shift == Shift.EVENING else set())
    return any(absence.from_on <= day <= absence.until_on and absence.part in missed for absence in absences)
