"""What we keep, and who looked."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    """The log of reads, and the encryption of what nobody else may read."""

    name = "corporatie.privacy"
    verbose_name = _("Log of reads")
