"""The door for gunicorn."""

import os
import sys

from django.core.wsgi import get_wsgi_application

from corporatie.subjects.encryption import WrongKeysError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corporatie.settings")
# Milliseconds after which PostgreSQL gives up on a statement of a page.
os.environ.setdefault("STATEMENT_TIMEOUT_MS", "15000")

# Gunicorn starts another worker for one that ended by itself, but not for one that could not begin.
COULD_NOT_BEGIN = 3

application = get_wsgi_application()

from corporatie.keys import refuse_wrong_keys  # noqa: E402  (names tables: Django comes first)

try:
    refuse_wrong_keys()
except WrongKeysError as refusal:
    sys.stderr.write(f"{refusal}\n")
    sys.exit(COULD_NOT_BEGIN)
