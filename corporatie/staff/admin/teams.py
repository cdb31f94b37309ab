"""Teams, absences, and what was changed, in the administration."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corporatie.staff import actions
from corporatie.staff.admin.house import (
    AskedAnewAdmin,
    AskedAnewForm,
    ReadOnlyAdmin,
)
from corporatie.staff.fields import ColleagueField
from corporatie.staff.models import Absence, Team, User
from corporatie.staff.rules import (
    TWIN_FIELDS,
    leaves_work_behind,
    may_administer,
    may_change_absence,
    may_move,
    may_read_access_log,
    stand_ins,
    why_away_already,
)
from corporatie.subjects.fields import A_YEAR, DayField


class TeamForm(AskedAnewForm):
    """A team and who is in it: a box to tick for each colleague who works here."""

    members = forms.ModelMultipleChoiceField(
        label=gettext_lazy("colleagues"),
        queryset=User.objects.get_queryset().filter(is_active=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Team
        fields: ClassVar = ["name", "members"]

    def clean_members(self) -> Any:
        """Nobody moves herself, nor goes out of a team while she holds what she could not open any more."""
        members = self.cleaned_data["members"]
        known = self.instance.members.filter(is_active=True) if self.instance.pk else []
        gone = [colleague for colleague in known if colleague not in members]
        come = [colleague for colleague in members if colleague not in known]
        if not all(may_move(self.by, colleague) for colleague in (*gone, *come)):
            raise ValidationError(_("You cannot put yourself in a team or take yourself out: somebody else does that."))
        now = timezone.now()
        if behind := [colleague for colleague in gone if leaves_work_behind(colleague, self.instance, now)]:
            words = _(
                "%(names)s has open work without a new owner: first let it be divided, from that colleague's page."
            )
            raise ValidationError(words % {"names": ", ".join(colleague.name for colleague in behind)})
        return members


@admin.register(Team)
class TeamAdmin(AskedAnewAdmin):
    """Teams and who is in them."""

    hint = gettext_lazy("Who works together. A team sees the households of its own neighbourhoods.")
    form = TeamForm
    list_display = ("name",)
    search_fields = ("name",)
    may_delete = True

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        """Who comes and who goes, each with a row of her own."""
        members = form.cleaned_data["members"]
        actions.set_members(team=form.instance, members=members, by=request.user, at=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Team) -> None:
        """Its people go out of it first."""
        actions.drop_team(team=obj, by=request.user, at=timezone.now())


class AbsenceForm(AskedAnewForm):
    """Who is away, and who can do her work meanwhile."""

    # As on the page of one's own absence.
    from_on = DayField(label=capfirst(gettext_lazy("from")), latest=A_YEAR, chips=False)
    substitute = ColleagueField(
        label=capfirst(gettext_lazy("stands in")),
        team_label=gettext_lazy("The same team"),
        help_text=gettext_lazy("First choose who is away, and save. Then the list shows who can do that work."),
        error_messages={"invalid_choice": gettext_lazy("This colleague cannot stand in here. Choose someone else.")},
    )

    class Meta:
        model = Absence
        fields: ClassVar = ["user", "substitute", "from_on", "until_on", "part"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offers who may stand in for the colleague that was chosen."""
        super().__init__(*args, **kwargs)
        colleague = self._colleague()
        if "substitute" not in self.fields:
            return
        if self.instance.pk and "from_on" not in self.changed_data:
            # One that runs keeps the day on which it began.
            first: Any = self.fields["from_on"]
            first.earliest = first.latest = None
        field: Any = self.fields["substitute"]
        if colleague is None:
            field.widget.choices = [("", field.empty_label)]
        else:
            present = self.instance.substitute if self.instance.pk else None
            field.help_text = ""
            field.offer(stand_ins(colleague, at=timezone.now(), by=self.by, present=present))

    def clean(self) -> dict[str, Any]:
        """She is not away in these days already."""
        answers = super().clean()
        colleague = self._colleague()
        if colleague and not self.errors and answers["until_on"] >= answers["from_on"]:
            days = {name: answers[name] for name in TWIN_FIELDS}
            wanted = Absence(pk=self.instance.pk, user=colleague, **days)
            wanted._state.adding = self.instance._state.adding
            if reason := why_away_already(wanted):
                self.add_error("from_on", reason)
        return answers

    def _colleague(self) -> User | None:
        if self.instance.pk:
            return self.instance.user
        try:
            chosen: User | None = self.fields["user"].clean(self.data.get("user") or self.initial.get("user"))
        except ValidationError:
            return None
        return chosen


@admin.register(Absence)
class AbsenceAdmin(AskedAnewAdmin):
    """Who is away, and who stands in."""

    hint = gettext_lazy("Who is away, and who stands in: that colleague gets the reminders and sees the work.")
    list_display = ("user", "substitute", "from_on", "until_on", "part_in_words")
    list_select_related = ("user", "substitute")
    radio_fields: ClassVar = {"part": admin.VERTICAL}
    search_fields = ("user__name", "substitute__name")
    form = AbsenceForm
    may_delete = True

    @admin.display(description=gettext_lazy("which part of the day"))
    def part_in_words(self, absence: Absence) -> str:
        """Nothing for whole days."""
        return str(absence.only)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not where one stands in oneself."""
        return super().has_change_permission(request, obj) and (obj is None or may_change_absence(request.user, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Whose absence it is stays as it is."""
        return ["user"] if obj else []

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Colleagues who work here."""
        kwargs["queryset"] = User.objects.visible_to(request.user).order_by("name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Absence, form: Any, change: bool) -> None:  # noqa: FBT001
        """By its verb, which writes who hears of it."""
        user: Any = request.user
        actions.plan_absence(absence=obj, by=user, at=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Absence) -> None:
        """By its verb."""
        user: Any = request.user
        actions.drop_absence(absence=obj, by=user, at=timezone.now())


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """What was changed in the administration."""

    title = gettext_lazy("What was changed here")
    hint = gettext_lazy("Who changed what in these settings, roles included.")
    list_display = ("action_time", "user", "content_type", "what", "change_in_words")
    list_display_links = None
    list_filter = ("action_flag", "action_time")
    list_select_related = ("user", "content_type")
    search_fields = ("user__name", "what_now")

    def opened_by(self, user: Any) -> bool:
        """Administrators, and the privacy officer, who watches the handing out of roles."""
        return may_administer(user) or may_read_access_log(user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[LogEntry]:
        """A colleague by the name she has now: the line itself keeps only her number."""
        named = User.objects.get_queryset().annotate(key=Cast("pk", CharField())).filter(key=OuterRef("object_id"))
        kind = ContentType.objects.get_for_model(User)
        names = Subquery(named.values("name")[:1])
        is_colleague = models.Case(models.When(content_type=kind, then=names), default=None, output_field=CharField())
        return super().get_queryset(request).annotate(what_now=Coalesce(is_colleague, "object_repr"))

    @admin.display(description=gettext_lazy("what"))
    def what(self, line: LogEntry) -> str:
        """What was changed, under its name of today."""
        return str(line.what_now)  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("change"))
    def change_in_words(self, line: LogEntry) -> str:
        """The fields that changed, and the roles that came and went."""
        return line.get_change_message()
