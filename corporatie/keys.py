"""At the start of every process: are these the keys that the database was filled with?"""

import sys

from django.db import Error

from corporatie.subjects.encryption import WrongKeysError
from corporatie.subjects.rules import keys_fit


def first_line(fault: BaseException) -> str:
    """What is wrong, without the rest of what a driver has to say."""
    return str(fault).strip().split("\n")[0] or type(fault).__name__


def refuse_wrong_keys() -> None:
    """Raises ``WrongKeysError``. A database that does not answer stops nobody: it may be back before the first page."""
    try:
        if not keys_fit():
            raise WrongKeysError
    except Error as fault:
        sys.stderr.write(f"The database does not do its work yet; pages say so until it does: {first_line(fault)}\n")
