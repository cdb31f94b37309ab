"""What the tests of work may ask for."""

import pytest

from tests.sink import Sink


@pytest.fixture
def sink(settings):
    """A real mail server that can be told what to do."""
    with Sink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        yield sink
