"""May this colleague do this? Plain questions, asked at the moment of use."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import (
    BooleanField,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corporatie.staff.fields import Candidate
from corporatie.staff.models import (
    Absence,
    AccountChange,
    RoleGrant,
    Team,
    User,
    UserQuerySet,
    WaitingRole,
    holds,
    led_teams,
    may,
)
from corporatie.staff.permissions import NEEDS_SECOND_FACTOR, PERMISSIONS_OF, Permission, Role
from corporatie.staff.states import AbsencePart, AccountChangeKind
from corporatie.subjects.text import fold

__all__ = [
    "Permission",
    "administrators",
    "asked_of_a_stand_in",
    "away_between",
    "candidates",
    "confirms_alone_from",
    "has_left",
    "hold_colleagues",
    "leads",
    "may",
    "may_administer",
    "may_change_absence",
    "may_close_access",
    "may_confirm_role",
    "may_move",
    "may_read_access_log",
    "may_reset_second_factor",
    "must_be_allowed",
    "must_be_among",
    "own_or_covered",
    "own_page",
    "stand_ins",
    "waits_for_a_second",
    "who_are",
    "why_away_already",
    "why_no_goodbye",
    "why_no_substitute",
    "why_not_stand_in",
    "why_not_there",
]

# What opens something about a person, as against the settings and the log of reads.
ABOUT_PEOPLE = NEEDS_SECOND_FACTOR - {Permission.ADMINISTER, Permission.READ_ACCESS_LOG}
# What makes two absences of one colleague the same.
TWIN_FIELDS = ("substitute", "from_on", "until_on", "part")
# Where one chooses for days to come: an absence further away than this says nothing about who is chosen today.
NEAR = timedelta(days=28)


def may_administer(user: Any) -> bool:
    """Settings and accounts. Never a dossier."""
    return may(user, Permission.ADMINISTER)


def may_reset_second_factor(user: Any, colleague: User) -> bool:
    """For somebody else. Nobody opens her own account with one factor."""
    return may_administer(user) and colleague.pk != user.pk


def leads(user: Any, colleague: User) -> bool:
    """Whether this team lead leads a team of that colleague's."""
    is_lead = may(user, Permission.SEE_TEAM_OVERVIEW)
    return is_lead and colleague.teams.filter(pk__in=led_teams(user)).exists()


def may_close_access(user: Any, colleague: User) -> bool:
    """Close her access, and let her leave: who administers, and who leads a team of hers. Never one's own."""
    return colleague.pk != user.pk and (may_administer(user) or leads(user, colleague))


def has_left(colleague: User) -> bool:
    """She does not work here any more: her access is closed, and somebody let her leave since it was."""
    kinds = AccountChange.objects.filter(colleague=colleague).order_by("-at", "-pk").values_list("kind", flat=True)
    return not colleague.is_active and kinds.first() == AccountChangeKind.LEFT


def may_move(user: Any, colleague: User) -> bool:
    """Put her in a team or take her out: never oneself. Nobody's doing is what is only tried out."""
    return user is None or colleague.pk != user.pk


# What a room above asks before somebody goes out of a team: whether she holds what she could not open any more.
_asked_before_going: list[Callable[[User, Any, datetime], bool]] = []


def ask_before_going(question: Callable[[User, Any, datetime], bool]) -> None:
    """Let a room above answer whether something of this colleague would stay behind without an owner."""
    _asked_before_going.append(question)


def leaves_work_behind(colleague: User, team: Any, at: datetime) -> bool:
    """Whether something would have no owner who can open it, were she out of this team."""
    return any(question(colleague, team, at) for question in _asked_before_going)


def may_read_access_log(user: Any) -> bool:
    """Who looked at what."""
    return may(user, Permission.READ_ACCESS_LOG)


def own_page(wanted: str | None) -> str:
    """The page one wants to go on to, when it is a path of this house; otherwise nothing.

    The one reader of ``next``: another host, a scheme and what is no address at all lead nowhere.
    """
    is_ours = bool(wanted) and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return str(wanted) if is_ours and str(wanted).startswith("/") else ""


# --- Roles that a second administrator confirms ------------------------------------------------------
# So long an administrator who was sent away still counts: nobody becomes the only one by sending the others away.
STILL_COUNTS = timedelta(days=7)


def waits_for_a_second(*, colleague: User, role: Role, at: datetime) -> bool:
    """Whether this role makes an administrator, or lets one read, while there are, or were a week ago, two or more."""
    held = {Role(held) for held in RoleGrant.objects.filter(user=colleague).values_list("role", flat=True)}
    is_sensitive = Permission.ADMINISTER in PERMISSIONS_OF[role] or (
        bool(PERMISSIONS_OF[role] & ABOUT_PEOPLE) and any(Permission.ADMINISTER in PERMISSIONS_OF[own] for own in held)
    )
    return is_sensitive and (administrators().count() > 1 or _counts_alone_from(at) is not None)


def may_confirm_role(user: Any, waiting: WaitingRole, *, at: datetime) -> bool:
    """Not herself; and who asked only once she is alone for so long that it would not wait any more."""
    if not may_administer(user) or user.pk == waiting.user_id:
        return False
    waits = waits_for_a_second(colleague=waiting.user, role=Role(waiting.role), at=at)
    return user.pk != waiting.asked_by_id or not waits


def confirms_alone_from(user: Any, waiting: WaitingRole, *, at: datetime) -> datetime | None:
    """From when who asked confirms it herself, because there is nobody else; nothing where there is."""
    is_alone = user.pk == waiting.asked_by_id and not administrators().exclude(pk=user.pk).exists()
    return _counts_alone_from(at) if is_alone else None


def _counts_alone_from(at: datetime) -> datetime | None:
    """When the last of those who were sent away counts no more; nothing when there are none."""
    administered = Q(colleague__grants__role=Role.APP_ADMIN) | Q(colleague__waiting_roles__role=Role.APP_ADMIN)
    lost = Q(kind=AccountChangeKind.ROLE_TAKEN, detail=Role.APP_ADMIN) | (
        Q(kind=AccountChangeKind.ACCESS_CLOSED) & administered
    )
    rows = AccountChange.objects.filter(lost, at__gt=at - STILL_COUNTS).exclude(colleague__in=administrators())
    last = rows.order_by("-at").values_list("at", flat=True).first()
    return last + STILL_COUNTS if last else None


def administrators() -> QuerySet[User]:
    """The application administrators who can sign in."""
    return User.objects.holding(Permission.ADMINISTER)


def why_no_goodbye(colleague: User) -> str:
    """Why she cannot leave, in a sentence; nothing when she can. Closing her access is always possible."""
    if [administrator.pk for administrator in administrators()[:2]] != [colleague.pk]:
        return ""
    words = _(
        "%(name)s is the only application administrator. First give a colleague that role. Can nobody do so, then "
        "whoever looks after the server makes one."
    )
    return words % {"name": colleague.name}


# --- Standing in ---------------------------------------------------------------------------------------
def may_change_absence(user: Any, absence: Absence) -> bool:
    """Not when one stands in oneself: more days would be more to see."""
    return may_administer(user) and absence.substitute_id != user.pk


def why_no_substitute(*, colleague: User, substitute: User, by: Any) -> str:
    """Why she cannot stand in for this colleague, in a sentence; nothing when she can."""
    if substitute.pk == by.pk:
        return _("You cannot make yourself the one who stands in. Ask another application administrator.")
    if not substitute.is_active:
        return _("%(name)s does not work here any more.") % {"name": substitute.name}
    needed = asked_of_a_stand_in(colleague.permissions)
    if needed and not needed & substitute.permissions:
        words = _("%(name)s cannot do this work: the roles do not match. Choose someone with the same kind of role.")
        return words % {"name": substitute.name}
    if not needed and not _gains_nothing(colleague).filter(pk=substitute.pk).exists():
        words = _("%(name)s would see more by this than you do. Choose someone of your own team.")
        return words % {"name": substitute.name}
    return ""


def _gains_nothing(colleague: User) -> UserQuerySet:
    """Who may stand in for a colleague who opens nothing about people: her team must not open for anybody by that."""
    elsewhere = Team.objects.filter(members=colleague).exclude(members=OuterRef("pk"))
    return User.objects.get_queryset().filter(~Q(Exists(elsewhere)) | ~holds(*ABOUT_PEOPLE))


def asked_of_a_stand_in(permissions: frozenset[Permission]) -> frozenset[Permission]:
    """Of those of who is away one of these, to do what comes in: who judges signals is replaced by one who does."""
    return permissions & {Permission.TRIAGE_SIGNALS} or permissions & ABOUT_PEOPLE


def why_away_already(absence: Absence) -> str:
    """With which other absence of hers this one overlaps, in a sentence; nothing when with none.

    A morning and an afternoon do not overlap. A new one that is just the same was sent twice.
    """
    others = Absence.objects.filter(user=absence.user, from_on__lte=absence.until_on, until_on__gte=absence.from_on)
    if absence.part != AbsencePart.DAY:
        others = others.filter(part__in=[AbsencePart.DAY, absence.part])
    if absence._state.adding:
        others = others.exclude(**{name: getattr(absence, name) for name in TWIN_FIELDS})
    if other := others.exclude(pk=absence.pk).order_by("from_on", "pk").first():
        words = _("An absence stands in these days already: %(days)s. Choose other days, or take that one away first.")
        return words % {"days": other.in_words}
    return ""


def why_not_there(absence: Absence, substitute: User, *, at: datetime) -> str:
    """Why she cannot stand in in the days that are left of this absence; nothing when she is there in a part of them.

    Her absences count together, for each part of the day: some days and the next are as long as one.
    """
    first, last = max(absence.from_on, timezone.localdate(at)), absence.until_on
    if last < first:
        return ""
    hers = Absence.objects.filter(user=substitute, from_on__lte=last, until_on__gte=first)
    away = list(hers.order_by("from_on").values_list("from_on", "until_on", "part"))
    for half in (AbsencePart.MORNING, AbsencePart.AFTERNOON):
        if absence.part in {AbsencePart.DAY, half}:
            there = first
            for begins, ends, part in away:
                if part in {AbsencePart.DAY, half} and begins <= there <= ends:
                    there = ends + timedelta(days=1)
            if there <= last:
                return ""
    return _("%(name)s is away in all these days too. Choose somebody else.") % {"name": substitute.name}


def why_not_stand_in(absence: Absence, substitute: User, *, by: Any, at: datetime) -> str:
    """Why she cannot stand in in this absence from now on, in a sentence; nothing when she can."""
    reason = why_no_substitute(colleague=absence.user, substitute=substitute, by=by)
    return reason or why_not_there(absence, substitute, at=at)


def stand_ins(colleague: User, *, at: datetime, by: User | None = None, present: User | None = None) -> list[Candidate]:
    """Who may stand in for her, those of her own teams first: see ``why_no_substitute``. Not ``by``, who says so."""
    needed = asked_of_a_stand_in(colleague.permissions)
    able = holds(*needed) if needed else Q(pk__in=_gains_nothing(colleague).values("pk"))
    who = ~Q(pk__in=[colleague.pk, by.pk if by else colleague.pk]) & able
    ours = Team.objects.filter(members=OuterRef("pk"), pk__in=colleague.team_ids)
    return candidates(who, team=Q(Exists(ours)), at=at, ahead=NEAR, present=present)


def away_between(first: date, last: date, *, among: QuerySet[User]) -> dict[int, list[Absence]]:
    """The absences of these colleagues that fall in these days, or in a part of them; by colleague."""
    found: dict[int, list[Absence]] = {}
    rows = Absence.objects.filter(user__in=among.values("pk"), from_on__lte=last, until_on__gte=first)
    for absence in rows.order_by("from_on", "pk"):
        found.setdefault(absence.user_id, []).append(absence)
    return found


# --- May she choose this password? -------------------------------------------------------------------
# Shorter than this it is no word that gives anything away: "Bos" stands in "bosbessen".
SHORTEST_WORD = 4
# What people here put a number behind, beside the library's list.
SEASONS_AND_DAYS = {
    "lente", "zomer", "herfst", "winter", "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus",
    "september", "oktober", "november", "december", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag",
    "zaterdag", "zondag",
}  # fmt: skip


class PasswordLength:
    """Long enough, and longer for who hands out the roles. Only the length counts: no capital or digit is asked."""

    def __init__(self, least: int, least_to_administer: int, most: int) -> None:
        """How many characters, at least and at most."""
        self.least, self.least_to_administer, self.most = least, least_to_administer, most

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ``ValidationError`` for a password that is too short or too long."""
        # Whom nobody saved yet is the first application administrator (createsuperuser).
        administers = user is not None and (user.pk is None or may_administer(user))
        least = self.least_to_administer if administers else self.least
        if len(password) < least:
            words = ngettext(
                "This password is too short. It must contain at least %d character.",
                "This password is too short. It must contain at least %d characters.",
                least,
            )
            raise ValidationError(words % least)
        if len(password) > self.most:
            raise ValidationError(_("This password is too long. It may contain at most %d characters.") % self.most)

    def get_help_text(self) -> str:
        """What one reads beforehand."""
        words = _("At least %(least)d characters, or %(more)d if you are the application administrator.")
        return words % {"least": self.least, "more": self.least_to_administer}


class NoWordsOfTheHouse:
    """Nothing that someone who knows the association and the colleague would try first."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ``ValidationError`` with the word that gives it away."""
        folded = fold(password)
        word = next((word for word in _words_of_the_house(user) if word in folded), "")
        if word:
            raise ValidationError(_("Leave out “%(word)s”: that is what others try first.") % {"word": word})

    def get_help_text(self) -> str:
        """What one reads beforehand."""
        return _("Not your own name, and not the name of the association or of Keukentafel.")


def _words_of_the_house(user: Any) -> list[str]:
    """The names of Keukentafel, of the association and of the colleague, word by word."""
    sources = ["Keukentafel", *settings.ASSOCIATION_WORDS, urlsplit(settings.BASE_URL).hostname or ""]
    sources += [settings.DEFAULT_FROM_EMAIL, *([user.email, user.name] if user is not None else [])]
    words = [word for source in sources for word in re.split(r"[\W_]+", fold(source))]
    return [word for word in words if len(word) >= SHORTEST_WORD]


class NotACommonPassword(CommonPasswordValidator):
    """Not one of the passwords that everybody chooses, nor one with a year or a sign behind it."""

    def __init__(self) -> None:
        """The library's list, and what people here choose."""
        super().__init__()
        self.passwords = self.passwords | SEASONS_AND_DAYS

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ``ValidationError`` for ``password1234`` and for ``Welkom2026!!``."""
        folded = fold(password)
        bare = re.sub(r"[\W\d_]+", "", folded)
        if not self.passwords.isdisjoint({folded, bare}):
            raise ValidationError(
                _("Many people choose this. Think of three or four words that do not belong together.")
            )

    def get_help_text(self) -> str:
        """What one reads beforehand."""
        return _("Three or four ordinary words in a row are easy to remember and hard to guess.")


def own_or_covered(user: Any, field: str) -> Q:
    """A filter: the colleague in ``field`` is this one, or someone she stands in for today."""
    return Q(**{f"{field}__in": user.stands_for})


# --- Whom may one choose? -----------------------------------------------------------------------------
def candidates(
    who: Q, *, team: Q, at: datetime, present: User | None = None, ahead: timedelta = timedelta()
) -> list[Candidate]:
    """The colleagues who work here and meet ``who``, those of ``team`` first, with who is away. One query.

    ``who`` says who may open this with this choice (``who_works_on``, ``who_may_open``, ``holds``). ``present`` has the
    work now: she stays in the list, marked, when she meets it no longer. ``ahead`` also shows who will be away soon.
    """
    today = timezone.localdate(at)
    holds_then = Q(absences__from_on__lte=today + ahead, absences__until_on__gte=today)
    rows = (
        User.objects.get_queryset()
        .filter(who, is_active=True)
        .annotate(
            is_of_team=ExpressionWrapper(team, BooleanField()),
            away=FilteredRelation("absences", condition=holds_then),
            away_from=F("away__from_on"),
            away_until=F("away__until_on"),
            away_part=F("away__part"),
            stands_in=F("away__substitute__name"),
        )
        .order_by(
            "-is_of_team",
            "name",
            "pk",
            Greatest("away__from_on", Value(today, output_field=DateField())),
            "-away__until_on",
        )
    )
    found: dict[int, Candidate] = {}
    user: Any
    for user in rows:
        # Away twice: the first says enough, and of two on one day the longest.
        found.setdefault(user.pk, Candidate(user, user.is_of_team, _away(user, today)))
    if present is not None and present.pk not in found:
        found[present.pk] = Candidate(present, may_be_chosen=False)
    return list(found.values())


def who_are(numbers: Iterable[int | None]) -> QuerySet[User]:
    """The colleagues with these numbers, whoever left among them: what happened keeps the name of who did it."""
    return User.objects.get_queryset().filter(pk__in=[number for number in numbers if number is not None])


def _away(user: Any, today: Any) -> str:
    if user.away_until is None:
        return ""
    words = {"day": date_format(user.away_until, "j F"), "name": user.stands_in}
    if user.away_from > today:
        words["first"] = date_format(user.away_from, "j F")
        away = (
            _("away on %(day)s, %(name)s stands in")
            if user.away_from == user.away_until
            else _("away from %(first)s until %(day)s, %(name)s stands in")
        ) % words
    elif user.away_until == today:
        away = _("away today, %(name)s stands in") % words
    else:
        away = _("away until %(day)s, %(name)s stands in") % words
    if user.away_part == AbsencePart.MORNING:
        return _("%(away)s (only the morning)") % {"away": away}
    return _("%(away)s (only the afternoon)") % {"away": away} if user.away_part == AbsencePart.AFTERNOON else away


def must_be_among(who: Q, colleague: User, *, field: str = "") -> None:
    """Raises ``ValidationError``, for ``field``, when this colleague does not meet ``who`` or left.

    Inside the transaction of a verb that gives her something: somebody who is leaving at this moment is waited for.
    """
    if not _meeting(who, colleague).select_for_update(of=("self",), no_key=True).values_list("pk").first():
        words = _("%(name)s may not open this, or does not work here any more. Choose someone else.")
        refused = words % {"name": colleague}
        raise ValidationError({field: refused} if field else refused)


def hold_colleagues(colleagues: Iterable[User | None]) -> None:
    """Before a verb gives something to several of them: in one order, so that two verbs never wait for each other."""
    keys = {colleague.pk for colleague in colleagues if colleague}
    held = User.objects.get_queryset().filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)
    list(held.values_list("pk"))


def must_be_allowed(who: Q, user: User) -> None:
    """Raises ``PermissionDenied`` when who does this does not meet ``who`` or left."""
    if not _meeting(who, user).exists():
        raise PermissionDenied


def _meeting(who: Q, colleague: User) -> UserQuerySet:
    return User.objects.get_queryset().filter(who, pk=colleague.pk, is_active=True)
