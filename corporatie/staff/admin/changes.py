"""What was changed in accounts, for who watches over them."""

from typing import Any

from django.contrib import admin
from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corporatie.staff.admin.house import ReadOnlyAdmin
from corporatie.staff.models import AccountChange, Team, User
from corporatie.staff.permissions import Role
from corporatie.staff.rules import may_administer, may_read_access_log
from corporatie.staff.states import AccountChangeKind


@admin.register(AccountChange)
class AccountChangeAdmin(ReadOnlyAdmin):
    """What changed in accounts: the mails about it say no more than that there is something to read here."""

    title = gettext_lazy("What was changed in accounts")
    hint = gettext_lazy("Whose address, role, team, second step or password changed, and who did it.")
    fields = ("at", "whose", "kind", "detail_in_words", "who")
    list_display = ("at", "whose", "kind", "detail_in_words", "who")
    list_filter = ("kind", "at")
    search_fields = ("colleague__name", "by__name")
    ordering = ("-at", "-id")

    def opened_by(self, user: Any) -> bool:
        """Administrators, and the privacy officer, who watches over accounts."""
        return may_administer(user) or may_read_access_log(user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AccountChange]:
        """With everybody's name; a team or a stand-in stands there as a number."""
        code = Cast("pk", CharField())
        teams = Team.objects.order_by().annotate(code=code).filter(code=OuterRef("detail"))
        people = User.objects.get_queryset().order_by().annotate(code=code).filter(code=OuterRef("detail"))
        named = {"team_name": Subquery(teams.values("name")[:1]), "other_name": Subquery(people.values("name")[:1])}
        return super().get_queryset(request).select_related("colleague", "by").annotate(**named)

    @admin.display(description=gettext_lazy("whose account"), ordering="colleague__name")
    def whose(self, change: AccountChange) -> str:
        """By name, not as a link: who reviews the log does not administer the colleague."""
        return change.colleague.name

    @admin.display(description=gettext_lazy("who did it"), ordering="by__name")
    def who(self, change: AccountChange) -> str:
        """Nobody's name for what runs by itself."""
        return change.by.name if change.by else _("by itself")

    @admin.display(description=gettext_lazy("which"))
    def detail_in_words(self, change: AccountChange) -> str:
        """The role, the team, the stand-in, or the address of before."""
        kind: Any = AccountChangeKind
        if change.old_email:
            return _("was %(address)s") % {"address": change.old_email}
        if change.kind in {kind.ROLE_ASKED, kind.ROLE_GIVEN, kind.ROLE_TAKEN}:
            return str(dict(Role.choices).get(change.detail, change.detail))
        row: Any = change
        if change.kind in {kind.TEAM_JOINED, kind.TEAM_LEFT, kind.NEIGHBOURHOOD_GIVEN}:
            return str(row.team_name or change.detail)
        return str(row.other_name or change.detail) if change.kind == kind.ABSENCE else change.detail
