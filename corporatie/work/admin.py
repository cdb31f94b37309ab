"""Working days, texts, and what runs by itself, in the administration."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from corporatie.staff.admin import HouseAdmin, ReadOnlyAdmin
from corporatie.staff.fields import ColleagueField
from corporatie.work import actions
from corporatie.work.forms import CHANGED_MEANWHILE, version_of
from corporatie.work.models import (
    ChoiceSetting,
    Duty,
    DutyHours,
    Heartbeat,
    HouseText,
    OutgoingMail,
    OutgoingMailQuerySet,
    ResponseNorm,
    SpecialDay,
)
from corporatie.work.rules import candidates_on_duty, why_no_duty
from corporatie.work.states import DEFAULT_TEXTS, LONGEST_NORM, MailState, TextKey, choice_lists, phone_lines, reminders


@admin.register(SpecialDay)
class SpecialDayAdmin(HouseAdmin):
    """Days on which the association does otherwise than the calendar says."""

    hint = gettext_lazy("Days the office is closed, and holidays on which you do work. Due days follow from them.")
    list_display = ("on", "name", "is_working_day")
    list_filter = ("is_working_day",)
    search_fields = ("name",)
    may_delete = True


class ResponseNormForm(forms.ModelForm):  # type: ignore[type-arg]
    """The days of one norm. Only what is acute is dealt with on the day itself."""

    working_days = forms.IntegerField(
        label=gettext_lazy("Working days"),
        min_value=1,
        max_value=LONGEST_NORM,
        help_text=gettext_lazy("This counts for new signals. A signal that was reported keeps its day."),
        error_messages={
            "required": gettext_lazy("Fill in how many working days."),
            "invalid": gettext_lazy("Fill in how many working days."),
            "min_value": gettext_lazy("The shortest norm is %(limit_value)d working day."),
            "max_value": gettext_lazy("The longest norm is %(limit_value)d working days."),
        },
    )

    class Meta:
        model = ResponseNorm
        fields = ("working_days",)


@admin.register(ResponseNorm)
class ResponseNormAdmin(HouseAdmin):
    """How soon someone first acts on a signal."""

    hint = gettext_lazy("Within how many working days someone first acts on a signal. Acute is always today.")
    form = ResponseNormForm
    list_display = ("severity_in_words", "days_in_words")
    readonly_fields = ("severity_in_words", "days_in_words")
    may_add = False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not what is acute."""
        return super().has_change_permission(request, obj) and not (obj and obj.is_fixed)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """How serious, and how many days."""
        return ["severity_in_words", "days_in_words" if obj and obj.is_fixed else "working_days"]

    @admin.display(description=gettext_lazy("how soon"), ordering="severity")
    def severity_in_words(self, norm: ResponseNorm) -> str:
        """How serious the signal is."""
        return str(norm)

    @admin.display(description=gettext_lazy("first action"), ordering="working_days")
    def days_in_words(self, norm: ResponseNorm) -> str:
        """When someone first acts."""
        if norm.is_fixed:
            return _("the same day")
        days = norm.working_days
        return ngettext("within %d working day", "within %d working days", days) % days


class DutyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A row of the roster, of a team or of the whole association."""

    user = ColleagueField(label=gettext_lazy("Colleague"))
    # What was on the screen: somebody else may have changed the row since.
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Duty
        fields = ("team", "user", "shift", "order", "from_on", "until_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Only colleagues who judge signals are offered, with who is away."""
        super().__init__(*args, **kwargs)
        who: Any = self.fields["user"]
        present = self.instance.user if self.instance.user_id else None
        who.offer(candidates_on_duty(None, at=timezone.now(), present=present))
        self.fields["version"].initial = version_of(self.instance)

    def clean(self) -> dict[str, Any]:
        """What the verb would refuse is said beside the form."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if answers.get("version", "") != version_of(self.instance):
            raise forms.ValidationError(CHANGED_MEANWHILE)
        names = ("team", "user", "shift", "order", "from_on", "until_on")
        in_order = not self.errors and answers["until_on"] >= answers["from_on"]
        wanted = Duty(pk=self.instance.pk, **{name: answers[name] for name in names}) if in_order else None
        if wanted and (reason := why_no_duty(wanted)):
            raise forms.ValidationError(reason)
        return answers


@admin.register(Duty)
class DutyAdmin(HouseAdmin):
    """Who is on duty, for each team and for all of them."""

    title = gettext_lazy("Roster")
    hint = gettext_lazy("Who is on duty and is asked first about an acute signal, in office hours and outside them.")
    form = DutyForm
    fields = ("team", "user", "shift", "order", "from_on", "until_on", "version")
    list_display = ("from_on", "until_on", "shift", "team_in_words", "order", "user")
    list_filter = ("team", "shift")
    list_select_related = ("team", "user")
    search_fields = ("user__name",)
    actions = None
    may_delete = True

    @admin.display(description=gettext_lazy("team"), ordering="team__name")
    def team_in_words(self, duty: Duty) -> str:
        """Which team, or all of them."""
        return duty.team.name if duty.team else _("whole association")

    def save_model(self, request: HttpRequest, obj: Duty, form: Any, change: bool) -> None:  # noqa: FBT001
        """By its verb."""
        actions.plan_duty(duty=obj, by=request.user, at=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Duty) -> None:
        """By its verb."""
        actions.drop_duty(duty=obj, by=request.user, at=timezone.now())


@admin.register(DutyHours)
class DutyHoursAdmin(HouseAdmin):
    """When the office is open, and how long each colleague on duty has."""

    hint = gettext_lazy("When evening duty begins and ends, and after how many minutes the next colleague is asked.")
    list_display = ("opens_at", "closes_at", "minutes")
    may_add = False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The browser's own clock."""
        if db_field.name in {"opens_at", "closes_at"}:
            kwargs["widget"] = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        return super().formfield_for_dbfield(db_field, request, **kwargs)


def _every_choice() -> list[Any]:
    """Every choice that may be left out, by list, as a select shows them."""
    lists = sorted(choice_lists().values(), key=lambda each: str(each.label))
    return [("", "---------")] + [
        (
            each.label,
            [(f"{each.code}:{code}", words) for code, words in each.choices.choices if code not in each.always],
        )
        for each in lists
    ]


class ChoiceSettingForm(forms.ModelForm):  # type: ignore[type-arg]
    """One choice of one list. Which one it is, is asked as one question."""

    which = forms.ChoiceField(label=gettext_lazy("Which choice?"), choices=_every_choice)

    class Meta:
        model = ChoiceSetting
        fields = ("is_offered",)

    def clean_which(self) -> str:
        """Each choice once: a second answer would contradict the first."""
        which = str(self.cleaned_data["which"])
        name, _colon, choice = which.partition(":")
        if ChoiceSetting.objects.filter(list=name, choice=choice).exists():
            raise forms.ValidationError(_("This choice is in the list already. Change it there."))
        self.instance.list, self.instance.choice = name, choice
        return which


@admin.register(ChoiceSetting)
class ChoiceSettingAdmin(HouseAdmin):
    """What colleagues are offered to choose from."""

    hint = gettext_lazy("Here you change which choices colleagues get. All others are as they came.")
    form = ChoiceSettingForm
    list_display = ("list_in_words", "choice_in_words", "is_offered")
    list_display_links = ("choice_in_words",)
    list_filter = ("is_offered",)
    may_delete = True

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Which choice it is, is asked once."""
        return ["list_in_words", "choice_in_words", "is_offered"] if obj else ["which", "is_offered"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Which choice it is stays as it is."""
        return ["list_in_words", "choice_in_words"] if obj else []

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001
        """A choice that is set already is not asked for again."""
        form = super().get_form(request, obj, change, **kwargs)
        if obj:
            form.base_fields.pop("which", None)
        return form

    @admin.display(description=gettext_lazy("list"))
    def list_in_words(self, setting: ChoiceSetting) -> str:
        """The question it answers."""
        known = choice_lists().get(setting.list)
        return str(known.label) if known else setting.list

    @admin.display(description=gettext_lazy("choice"))
    def choice_in_words(self, setting: ChoiceSetting) -> str:
        """As colleagues read it."""
        known = choice_lists().get(setting.list)
        return known.words(setting.choice) if known else setting.choice


class HouseTextForm(forms.ModelForm):  # type: ignore[type-arg]
    """One text of the association."""

    class Meta:
        model = HouseText
        fields = ("key", "text")

    def clean(self) -> dict[str, Any]:
        """A telephone number that cannot be called is refused here, not found out in an emergency."""
        answers: dict[str, Any] = super().clean() or {}
        text = answers.get("text", "")
        if answers.get("key", self.instance.key) == TextKey.EMERGENCY_NUMBERS and text:
            lines = [line for line in text.splitlines() if line.strip()]
            if len(phone_lines(text)) != len(lines):
                self.add_error("text", _("Write one number a line. For example: Veilig Thuis: 0800 2000."))
        return answers


@admin.register(HouseText)
class HouseTextAdmin(HouseAdmin):
    """Texts that say what the association wants them to say."""

    hint = gettext_lazy("What the screens say in your own words. Without a text of your own the standard text shows.")
    form = HouseTextForm
    list_display = ("key", "text")
    readonly_fields = ("standard_texts",)
    may_delete = True

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The text, and below it what stands there without."""
        return ["key", "text", "standard_texts"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Which text it is stays as it is."""
        return ["standard_texts", *(["key"] if obj else [])]

    @admin.display(description=gettext_lazy("standard text"))
    def standard_texts(self, text: HouseText) -> str:
        """What stands there without a text of your own."""
        keys = [TextKey(text.key)] if text.key else list(TextKey)
        return "\n\n".join(f"{key.label}:\n{DEFAULT_TEXTS[key]}" for key in keys)


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    """Which mails wait, went out or failed; what failed can go once more."""

    hint = gettext_lazy("Whether mail gets out. What failed goes once more when you say so.")
    fields = (
        "recipient_email",
        "kind",
        "on",
        "state",
        "fault",
        "attempts",
        "made_at",
        "sent_at",
        "closed_by",
        "closed_at",
    )
    list_display = ("made_at", "recipient_email", "state", "once_more", "fault", "kind")
    list_filter = ("state", "kind", "fault")
    list_select_related = ("recipient",)
    ordering = ("-id",)
    actions = ("close_chosen",)

    @admin.action(description=gettext_lazy("Dealt with: it will not go any more"))
    def close_chosen(self, request: HttpRequest, mails: Any) -> None:
        """What was chosen and failed counts as failed no more."""
        closed = actions.close_mails(mails=mails.order_by(), by=request.user, at=timezone.now())
        messages.success(request, ngettext("%d mail is dealt with.", "%d mails are dealt with.", closed) % closed)

    @admin.display(description=gettext_lazy("to"))
    def recipient_email(self, mail: OutgoingMail) -> str:
        """The address it goes to."""
        return mail.goes_to

    @admin.display(description=gettext_lazy("Try again"))
    def once_more(self, mail: OutgoingMail) -> str:
        """A button, as long as there is something to try."""
        if mail.state != MailState.FAILED:
            return ""
        # The list is a form already, with its token; a form within a form there is not.
        words = _("Try the mail to %(address)s again") % {"address": mail.goes_to}
        url = reverse("admin:work_outgoingmail_retry", args=[mail.pk])
        html = '<button type="submit" class="button" formaction="{}" formnovalidate aria-label="{}">{}</button>'
        return format_html(html, url, words, _("Try again"))

    def get_urls(self) -> list[URLPattern]:
        """With the two addresses that let failed mail go once more."""
        one = self.admin_site.admin_view(self.retry_view)
        every = self.admin_site.admin_view(self.retry_all_view)
        return [
            path("nog-eens/", every, name="work_outgoingmail_retryall"),
            path("<path:object_id>/nog-eens/", one, name="work_outgoingmail_retry"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """With how many failed, above the list."""
        number = OutgoingMail.objects.failed().count() if self.has_view_permission(request) else 0
        return super().changelist_view(request, {"failed": number, **(extra_context or {})})

    def retry_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """This one."""
        if not self.opened_by(request.user):
            raise PermissionDenied
        mail = self.get_object(request, object_id)
        if mail is None:
            raise Http404
        return self._retry(request, OutgoingMail.objects.filter(pk=mail.pk))

    def retry_all_view(self, request: HttpRequest) -> HttpResponse:
        """All that failed."""
        if not self.opened_by(request.user):
            raise PermissionDenied
        return self._retry(request, OutgoingMail.objects.all())

    def _retry(self, request: HttpRequest, mails: OutgoingMailQuerySet) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        again = actions.try_mails_again(mails=mails, by=request.user, at=timezone.now())
        words = ngettext("%d mail goes out again within a minute.", "%d mails go out again within a minute.", again)
        messages.success(request, words % again)
        return redirect("admin:work_outgoingmail_changelist")


_RUNS = {
    "sweep": gettext_lazy("Looking each minute what is due"),
    "mail": gettext_lazy("Sending mail"),
}


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    """What runs by itself, and when it last did."""

    hint = gettext_lazy("Whether the clock and the post room of Keukentafel still run.")
    list_display = ("what", "at")
    list_display_links = None

    @admin.display(description=gettext_lazy("what"), ordering="name")
    def what(self, heartbeat: Heartbeat) -> str:
        """In words: of a rule the sentence that colleagues read."""
        rule = reminders().get(heartbeat.name.removeprefix("rule "))
        if rule is not None:
            return _("Rule: %(sentence)s") % {"sentence": rule.sentence}
        return str(_RUNS.get(heartbeat.name, heartbeat.name))
