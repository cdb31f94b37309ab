#!/usr/bin/env python
"""Django's command line for Keukentafel."""

import os
import sys

from django.core.management import execute_from_command_line

from corporatie.checks import UnsafeProductionError

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corporatie.settings")
    try:
        execute_from_command_line(sys.argv)
    except UnsafeProductionError as refusal:
        # The reasons are for whoever installs this: no traceback above them.
        sys.exit(str(refusal))
