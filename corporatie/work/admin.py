"""Working days, texts, and what runs by itself, in the administration."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corporatie.staff.admin import HouseAdmin, ReadOnlyAdmin
from corporatie.work.models import Heartbeat, HouseText, OutgoingMail, SpecialDay
from corporatie.work.states import DEFAULT_TEXTS, TextKey, phone_lines


@admin.register(SpecialDay)
class SpecialDayAdmin(HouseAdmin):
    """Days on which the association does otherwise than the calendar says."""

    hint = gettext_lazy("Days the office is closed, and holidays on which you do work. Due days follow from them.")
    list_display = ("on", "name", "is_working_day")
    list_filter = ("is_working_day",)
    search_fields = ("name",)
    may_delete = True


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
    """Which mails wait, went out or failed."""

    hint = gettext_lazy("Whether mail gets out. Only counts and links are ever mailed.")
    fields = ("recipient_email", "kind", "on", "state", "attempts", "fault", "made_at", "sent_at")
    list_display = ("made_at", "recipient_email", "kind", "on", "state", "attempts", "sent_at")
    list_filter = ("state", "kind")
    list_select_related = ("recipient",)
    ordering = ("-id",)

    @admin.display(description=gettext_lazy("to"))
    def recipient_email(self, mail: OutgoingMail) -> str:
        """The address it goes to."""
        return mail.recipient.email


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    """What runs by itself, and when it last did."""

    hint = gettext_lazy("Whether the clock and the post room of Keukentafel still run.")
    list_display = ("name", "at")
    list_display_links = None
