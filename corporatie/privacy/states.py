"""The kinds of looking that leave a line."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Look(TextChoices):
    """What someone did. Source: NEN 7513 (read, search, print, refusal)."""

    READ = "read", pgettext_lazy("look", "Read")
    LIST = "list", _("Saw in a list")
    SEARCH = "search", _("Searched")
    PRINT = "print", _("Printed")
    REASON = "reason", _("Read a confidential reason")
    REFUSED = "refused", _("Was refused")
