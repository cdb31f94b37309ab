"""Django's command of the same name, without gettext: a fresh machine has no msgfmt."""

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Compile the catalogues."""

    help = "Compile locale/*/LC_MESSAGES/*.po with polib."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Write a .mo beside each .po that is newer."""
        for folder in settings.LOCALE_PATHS:
            for source in Path(folder).glob("*/LC_MESSAGES/*.po"):
                target = source.with_suffix(".mo")
                if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
                    polib.pofile(str(source)).save_as_mofile(str(target))
                    self.stdout.write(f"compiled {source.name}")
