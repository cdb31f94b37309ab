"""The journal: one line for each thing that happened."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """Append-only lines about subjects."""

    name = "corporatie.journal"
