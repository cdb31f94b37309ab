#!/usr/bin/env python
"""Django's command line for Keukentafel."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import DatabaseError, OperationalError

from corporatie.checks import UnsafeProductionError
from corporatie.subjects.encryption import WrongKeysError

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corporatie.settings")
    try:
        execute_from_command_line(sys.argv)
    except (UnsafeProductionError, WrongKeysError) as refusal:
        # The reasons are for whoever installs this: no traceback above them.
        sys.exit(str(refusal))
    except DatabaseError as fault:
        # Away, locked, full, read-only or corrupt. Its other children are faults of ours, and need their traceback.
        if type(fault) not in {DatabaseError, OperationalError}:
            raise
        sys.exit(f"The database does not do its work: {(str(fault).strip() or 'no reason given').splitlines()[0]}")
