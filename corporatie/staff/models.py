"""Colleagues, their teams, their roles, and who stands in for whom."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import connection, models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from corporatie.staff.permissions import NEEDS_SECOND_FACTOR, PERMISSIONS_OF, Permission, Role
from corporatie.staff.states import NOON, AbsencePart, AccountChangeKind
from corporatie.subjects.states import Keep, Retention, Sensitivity

# What else lies within a colleague's reach: a room above names the kind, and its ids as one ``SELECT``. It may use
# ``me`` (one row, ``id``), ``colleague`` (``id``: herself, and whom she stands in for), ``my_team`` (``id``) and the
# day, ``%(today)s``.
_reach_parts: dict[str, str] = {}

# Asked on every page: written out, because putting it together anew would cost more than asking it.
_REACH = """
WITH me AS (SELECT id FROM staff_user WHERE id = %(me)s),
covered AS (
    SELECT user_id AS id FROM staff_absence JOIN staff_user ON staff_user.id = user_id AND staff_user.is_active
    WHERE substitute_id = %(me)s AND from_on <= %(today)s AND until_on >= %(today)s AND part IN ('day', %(part)s)
),
colleague AS (SELECT id FROM me UNION SELECT id FROM covered),
my_team AS (SELECT DISTINCT team_id AS id FROM staff_team_members WHERE user_id IN (SELECT id FROM colleague))
SELECT 'role' AS kind, role AS value FROM staff_rolegrant WHERE user_id = %(me)s
UNION ALL SELECT 'covers', CAST(id AS varchar(200)) FROM covered
UNION ALL SELECT 'team', CAST(id AS varchar(200)) FROM my_team
"""


def widen_reach(kind: str, ids: str) -> None:
    """Let the ids that this ``SELECT`` gives, as a column ``id``, come along in ``User.reach``."""
    # Only what a room says when the house starts, never anything that came in from outside.
    _reach_parts[kind] = f"UNION ALL SELECT '{kind}', CAST(id AS varchar(200)) FROM ({ids}) AS {kind}"  # noqa: S608


class UserQuerySet(models.QuerySet["User"]):
    """Colleagues."""

    def visible_to(self, user: Any) -> Self:
        """Colleagues know their colleagues; someone who left is no longer offered."""
        return self.filter(is_active=True) if user.is_authenticated else self.none()

    def holding(self, permission: Permission) -> Self:
        """The colleagues with a role that has this permission."""
        return self.filter(holds(permission), is_active=True)

    def holding_of_teams(self, teams: list[int], permission: Permission) -> list[tuple["User", int]]:
        """Who holds this permission in which of these teams, by name. One query."""
        rows = self.holding(permission).filter(teams__in=teams).annotate(of_team=F("teams")).order_by("name", "pk")
        return [(user, user.of_team) for user in rows]  # type: ignore[attr-defined]


class UserManager(BaseUserManager["User"]):
    """Makes colleagues."""

    def get_queryset(self) -> UserQuerySet:
        """Colleagues, with the questions one may ask of them."""
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: Any) -> UserQuerySet:
        """Colleagues this colleague may know of."""
        return self.get_queryset().visible_to(user)

    def holding(self, permission: Permission) -> UserQuerySet:
        """The colleagues with a role that has this permission."""
        return self.get_queryset().holding(permission)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A colleague without a role: sees nothing yet."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """The first application administrator. Sets up people and settings; reads no dossiers.

        Made at the command line by nobody in particular, and heard of like any other new account.
        """
        now = timezone.now()
        with transaction.atomic():
            user = self.create_user(email, password, **fields)
            RoleGrant.objects.create(user=user, role=Role.APP_ADMIN)
            for kind, detail in ((AccountChangeKind.INVITED, ""), (AccountChangeKind.ROLE_GIVEN, Role.APP_ADMIN)):
                AccountChange.objects.create(colleague=user, by=None, kind=kind, detail=detail, at=now)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """By address, however the capitals stand."""
        return super().get_by_natural_key((username or "").lower())


class User(AbstractBaseUser):
    """A colleague. What she may do follows from her roles; technical power opens nothing."""

    keeps: ClassVar[Keep] = Keep(
        Retention.STAFF,
        {
            "email": Sensitivity.INTERNAL,
            "name": Sensitivity.INTERNAL,
            "phone": Sensitivity.INTERNAL,
            "password": Sensitivity.SECRET,
            "last_login": Sensitivity.INTERNAL,
            "is_active": Sensitivity.INTERNAL,
            "mail_choice": Sensitivity.INTERNAL,
            "sessions_ended": Sensitivity.INTERNAL,
        },
    )

    class MailChoice(models.TextChoices):
        """How often the association's mail may reach this colleague."""

        DAILY = "daily", _("Every working day, if there is something new")
        URGENT = "urgent", _("Only when something cannot wait")
        NONE = "none", _("No mail, only in the app")

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("phone number"), max_length=40, blank=True)
    is_active = models.BooleanField(_("can sign in"), default=True)
    mail_choice = models.CharField(_("mail"), max_length=10, choices=MailChoice.choices, default=MailChoice.DAILY)
    # How often all her sessions were ended. It is part of what each session is checked against, so that one more here
    # ends them in the transaction of what they end for.
    sessions_ended = models.PositiveIntegerField(default=0)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("colleague")
        verbose_name_plural = _("colleagues")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def _reach(self) -> dict[str, set[str]]:
        """Roles, whom she stands in for today, teams, and what the rooms above add. One query for a request."""
        reach: dict[str, set[str]] = {kind: set() for kind in ("role", "covers", "team", *_reach_parts)}
        with connection.cursor() as cursor:
            today, part = _moment(timezone.now())
            cursor.execute(
                " ".join([_REACH, *_reach_parts.values()]), {"me": self.pk, "today": today, "part": part.value}
            )
            for kind, value in cursor.fetchall():
                reach[kind].add(value)
        return reach

    def reach(self, kind: str) -> list[str]:
        """The ids of one kind within her reach today, as text; the kinds are "covers", "team" and ``widen_reach``."""
        return sorted(self._reach[kind])

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles this colleague holds."""
        return frozenset(Role(role) for role in self._reach["role"])

    @cached_property
    def team_ids(self) -> list[int]:
        """The teams she works for today: her own, and those of a colleague she stands in for."""
        return [int(value) for value in self.reach("team")]

    @cached_property
    def covers(self) -> list[int]:
        """The colleagues she stands in for at this moment. That adds no permission: only the scope of who is away."""
        return [int(value) for value in self.reach("covers")]

    @cached_property
    def stands_for(self) -> list[int]:
        """Herself, and the colleagues she stands in for at this moment."""
        return [self.pk, *self.covers]

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """All that the roles allow together."""
        return frozenset().union(*(PERMISSIONS_OF[role] for role in self.roles)) if self.is_active else frozenset()

    @property
    def needs_second_factor(self) -> bool:
        """Whether this colleague can open something about a person or change the settings."""
        return bool(self.permissions & NEEDS_SECOND_FACTOR)

    @property
    def is_staff(self) -> bool:
        """Whether the door of the administration opens. It shows no dossiers."""
        return bool(self.permissions & {Permission.ADMINISTER, Permission.READ_ACCESS_LOG})

    @property
    def is_superuser(self) -> bool:
        """Nobody is above the rules."""
        return False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's own permissions open nothing here: ask a predicate in ``rules.py``."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """Django's own permissions open nothing here."""
        return False

    def get_session_auth_hash(self) -> str:
        """What her sessions are checked against: another password, or all sessions ended, and none of them holds."""
        return self._session_hash(settings.SECRET_KEY)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under the keys of before."""
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret)

    def _session_hash(self, secret: str | bytes) -> str:
        checked = f"{self.sessions_ended}:{self.password}"
        return salted_hmac("corporatie.staff.session", checked, secret=secret, algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        """The name colleagues use."""
        return self.name

    def get_short_name(self) -> str:
        """The first name."""
        return self.name.split(" ")[0]

    @property
    def number_in_words(self) -> str:
        """For a log, which names nobody: "collega 12"."""
        with translation.override(settings.LANGUAGE_CODE):
            return f"{self._meta.verbose_name} {self.pk}"

    @property
    def initials(self) -> str:
        """Two letters for the round face: Anna Jansen is AJ."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


def colleagues_to_part_with(user: Any) -> UserQuerySet:
    """Whose goodbye may be this colleague's to see, gone or not: of who administers, and of who leads a team."""
    is_for_her = may(user, Permission.ADMINISTER) or may(user, Permission.SEE_TEAM_OVERVIEW)
    return User.objects.get_queryset().exclude(pk=user.pk) if is_for_her else User.objects.get_queryset().none()


def may(user: Any, permission: Permission) -> bool:
    """Whether one of this colleague's roles allows this. Someone who is not signed in may nothing."""
    return bool(user.is_authenticated) and permission in user.permissions


def led_teams(user: Any) -> list[int]:
    """Of the teams she works for today those in which a lead's power is hers: her own, and of a lead she stands in for.

    Standing in for somebody who leads nothing gives a lead her work, and no power over her colleagues.
    """
    if not user.covers:
        return list(user.team_ids)
    leads = User.objects.get_queryset().filter(holds(Permission.SEE_TEAM_OVERVIEW), pk__in=user.covers)
    members = Q(members=user.pk) | Q(members__in=leads)
    return list(Team.objects.filter(members).order_by("pk").values_list("pk", flat=True).distinct())


class RoleGrant(models.Model):
    """One role of one colleague."""

    keeps: ClassVar[Keep] = Keep(Retention.STAFF, {"role": Sensitivity.INTERNAL})

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(_("role"), max_length=30, choices=Role.choices)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="role_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_known"),
        ]

    def __str__(self) -> str:
        # The log of the administration keeps this text, and writes it with no language active.
        with translation.override(settings.LANGUAGE_CODE):
            return str(self.get_role_display())


class WaitingRole(models.Model):
    """A role that was asked for and counts for nothing until a second application administrator confirms it.

    A table of its own, so that no query that reads the grants can count it by mistake.
    """

    keeps: ClassVar[Keep] = Keep(Retention.STAFF, {"role": Sensitivity.INTERNAL, "asked_at": Sensitivity.INTERNAL})

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="waiting_roles")
    role = models.CharField(_("role"), max_length=30, choices=Role.choices)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked on"))

    class Meta:
        verbose_name = _("role that waits for confirmation")
        verbose_name_plural = _("roles that wait for confirmation")
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="waiting_role_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="waiting_role_known"),
        ]

    def __str__(self) -> str:
        with translation.override(settings.LANGUAGE_CODE):
            return str(self.get_role_display())


class TeamQuerySet(models.QuerySet["Team"]):
    """Teams."""

    def visible_to(self, user: Any) -> Self:
        """Colleagues know the teams."""
        return self.all() if user.is_authenticated else self.none()


class Team(models.Model):
    """A team of colleagues with its own neighbourhoods (which point at their team)."""

    keeps: ClassVar[Keep] = Keep(Retention.SETTING, {"name": Sensitivity.OPEN})

    name = models.CharField(_("name"), max_length=80, unique=True)
    members = models.ManyToManyField(User, verbose_name=_("colleagues"), related_name="teams", blank=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Who is away."""

    def visible_to(self, user: Any) -> Self:
        """One's own absences one may read oneself, and those in which one stands in."""
        return self.filter(Q(user=user) | Q(substitute=user)) if user.is_authenticated else self.none()

    def on(self, day: date) -> Self:
        """The absences that hold on this day, or on a part of it."""
        return self.filter(from_on__lte=day, until_on__gte=day)

    def at(self, moment: datetime) -> Self:
        """The absences that hold at this moment."""
        return self.filter(is_away("", at=moment))


def _moment(at: datetime) -> tuple[date, AbsencePart]:
    """The day here, and which half of it."""
    local = timezone.localtime(at)
    return local.date(), AbsencePart.MORNING if local.time() < NOON else AbsencePart.AFTERNOON


def is_away(absence: str, *, at: datetime) -> Q:
    """A filter: the absence at this path (with its dunder, or "") holds now. Of who can no longer sign in none does."""
    today, part = _moment(at)
    holds = {"from_on__lte": today, "until_on__gte": today, "part__in": [AbsencePart.DAY, part]}
    return Q(**{f"{absence}{name}": value for name, value in (holds | {"user__is_active": True}).items()})


# --- Questions about all colleagues at once: a filter on them. Each has its twin, asked for one colleague. ------------
def holds(*permissions: Permission) -> Q:
    """A filter on colleagues: a role that has one of these permissions."""
    wanted = frozenset(permissions)
    roles = [role for role, granted in PERMISSIONS_OF.items() if granted & wanted]
    return Q(Exists(RoleGrant.objects.filter(user=OuterRef("pk"), role__in=roles)))


def is_present(*, at: datetime) -> Q:
    """A filter on colleagues: works here, and is not away at this moment."""
    return Q(is_active=True) & ~Q(Exists(Absence.objects.at(at).filter(user=OuterRef("pk"))))


def is_left_alone(*, at: datetime) -> Q:
    """A filter on colleagues: away at this moment, and nobody who is there stands in."""
    away = Absence.objects.at(at).filter(user=OuterRef("pk"))
    there = User.objects.get_queryset().filter(is_present(at=at))
    return Q(Exists(away)) & ~Q(Exists(away.filter(substitute__in=there.values("pk"))))


def works_for(rows: models.QuerySet[Any], team: str, *, at: datetime, leading: bool = False) -> Q:
    """A filter on colleagues: who works for the team that lies at the path ``team`` of ``rows``.

    Herself, or for a member she stands in for at this moment: what ``User.team_ids`` tells of one colleague.
    ``leading`` counts only members who lead: the twin of ``led_teams``.
    """
    mine = rows.filter(**{f"{team}__members": OuterRef("pk")})
    roles = [role for role, granted in PERMISSIONS_OF.items() if Permission.SEE_TEAM_OVERVIEW in granted]
    covered = rows.filter(
        is_away(f"{team}__members__absences__", at=at),
        **{f"{team}__members__absences__substitute": OuterRef("pk")},
        **({f"{team}__members__grants__role__in": roles} if leading else {}),
    )
    return Q(Exists(mine)) | Q(Exists(covered))


class Absence(models.Model):
    """Someone is away from and until (both days included), and someone else stands in."""

    keeps: ClassVar[Keep] = Keep(
        Retention.STAFF,
        {"from_on": Sensitivity.INTERNAL, "until_on": Sensitivity.INTERNAL, "part": Sensitivity.INTERNAL},
    )

    user = models.ForeignKey(User, verbose_name=_("colleague"), on_delete=models.CASCADE, related_name="absences")
    substitute = models.ForeignKey(
        User, verbose_name=_("stands in"), on_delete=models.PROTECT, related_name="stands_in_for"
    )
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until and including"))
    part = models.CharField(
        _("which part of the day"), max_length=10, choices=AbsencePart.choices, default=AbsencePart.DAY
    )

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["-from_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")),
                name="absence_ends_after_start",
                violation_error_message=_("The last day lies before the first day."),
            ),
            models.CheckConstraint(condition=Q(part__in=AbsencePart.values), name="absence_part_known"),
            models.CheckConstraint(
                condition=~Q(user=F("substitute")),
                name="absence_other_substitute",
                violation_error_message=_("Choose someone else to stand in."),
            ),
        ]

    def __str__(self) -> str:
        return self.in_words

    @property
    def only(self) -> Any:
        """Which part of each day, in words; nothing for whole days."""
        return AbsencePart(self.part).only

    @property
    def in_words(self) -> str:
        """ "1 December – 4 December, only the morning"."""
        days = " – ".join(date_format(day, "j F") for day in dict.fromkeys((self.from_on, self.until_on)))
        return f"{days}, {self.only}" if self.only else days


class AccountChange(models.Model):
    """Something changed in somebody's account. Written with the change itself; the mails about it are found from it.

    ``detail`` is a code (the role, the number of the team, of the stand-in), never a name or an address. ``by`` is
    nobody for what runs by itself. ``old_email`` is filled when the address changed: that address hears of it too.
    """

    keeps: ClassVar[Keep] = Keep(
        Retention.STAFF,
        {
            "kind": Sensitivity.INTERNAL,
            "detail": Sensitivity.INTERNAL,
            "old_email": Sensitivity.INTERNAL,
            "at": Sensitivity.INTERNAL,
        },
    )

    colleague = models.ForeignKey(User, on_delete=models.CASCADE, related_name="account_changes")
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("what changed"), max_length=20, choices=AccountChangeKind.choices)
    detail = models.CharField(max_length=60, blank=True)
    old_email = models.EmailField(blank=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("change of an account")
        verbose_name_plural = _("changes of accounts")
        indexes = [models.Index(fields=["at"], name="account_change_at")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=AccountChangeKind.EMAIL) | Q(old_email=""), name="account_change_old_address"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {timezone.localtime(self.at):%d-%m-%Y}"
