"""The style guide shows every component to who administers, and to nobody else."""

import pytest
from django.urls import reverse


def test_the_administrator_sees_every_component(client, cast):
    client.force_login(cast.hans)
    html = client.get(reverse("style_guide")).content.decode()
    for component in ("kt-visit", "kt-tl", "kt-next", "kt-private", "kt-empty"):
        assert component in html


@pytest.mark.parametrize("name", ["anna", "dirk", "petra", "mila"])
def test_others_are_refused(client, cast, name):
    client.force_login(getattr(cast, name))
    assert client.get(reverse("style_guide")).status_code == 403
    assert client.post(reverse("style_guide")).status_code == 405
