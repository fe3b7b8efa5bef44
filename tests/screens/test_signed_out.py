"""Somebody whose session ended while a page stood open: parts of it cannot be the sign-in page."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import cast

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(
    "path", ["/", "/groups/{group}/", "/outbox/news/", "/journal/?after=1", "/welcome/", "/import/"]
)
def test_the_page_is_loaded_anew_when_htmx_asks_for_a_part_of_it_without_a_sign_in(
    tea: cast.Tea, client: Client, path: str
) -> None:
    address = path.format(group=tea.first)
    part = client.get(address, headers=HTMX)
    assert (part.status_code, part.headers["HX-Refresh"], part.content) == (401, "true", b"")
    whole = client.get(address)
    assert whole.status_code == 302
    assert whole.headers["Location"].startswith("/account/login/?next=")
