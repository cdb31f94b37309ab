"""Loaded by pytest before the settings are read: says that this is a test run."""

import os
import tempfile

os.environ["KEUKENTAFEL_MODE"] = "test"
os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="keukentafel-test-"))
os.environ.setdefault("BASE_URL", "http://testserver")
