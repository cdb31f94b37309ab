"""A production with everything set as it should be, for the tests that take one thing away."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from cryptography.fernet import Fernet

ROOT = Path(__file__).resolve().parents[2]

SAFE: Mapping[str, str] = {
    "KEUKENTAFEL_MODE": "production",
    "SECRET_KEY": "kDk2uZz1nQ4hT7vLr0xWc9yBm3sJg6pFa5eXo8iNdUqRtVwYb2M",
    "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    "ALLOWED_HOSTS": "keukentafel.example,localhost",
    "BASE_URL": "https://keukentafel.example",
    "DATABASE_URL": "postgres://keukentafel:Hb7pXc2mQd9s@database.example:5432/keukentafel?sslmode=verify-full",
    "REDIS_URL": "rediss://:Vw3nT8qLz5Rk@redis.example:6379/0",
    "EMAIL_URL": "smtp+tls://name:secret@mail.example:587",
}


def manage(*argv: str, environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """``manage.py`` in a process of its own with this environment and no other."""
    return subprocess.run(
        [sys.executable, "manage.py", *argv],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
