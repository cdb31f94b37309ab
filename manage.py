#!/usr/bin/env python
"""Django's command line for Keukentafel."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import OperationalError

from corporatie.checks import UnsafeProductionError
from corporatie.subjects.encryption import WrongKeysError

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corporatie.settings")
    try:
        execute_from_command_line(sys.argv)
    except (UnsafeProductionError, WrongKeysError) as refusal:
        # The reasons are for whoever installs this: no traceback above them.
        sys.exit(str(refusal))
    except OperationalError as fault:
        sys.exit(f"The database does not do its work: {str(fault).strip().splitlines()[0]}")
