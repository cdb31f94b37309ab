"""What every test of the administration may ask for."""

import pytest


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def hans(client, cast):
    """The application administrator is signed in."""
    client.force_login(cast.hans)
    return cast.hans
