"""A person at the console: a real chromium, the real server, the script as it is shipped, a real database.

Server and browser stand at the same moment, so that «今天» is the same day for both, whenever the tests run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.utils import translation
from playwright.sync_api import Browser, Playwright, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from qunying.communities.actions import do_grant
from qunying.kernel import clock
from tests import cast
from tests.journeys.visits import PATIENCE_MS, Visits
from tools import build_front, messages
from tools.run_tests import find_browser

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
PASSWORD = "cha-you-2024"


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright's loop runs in this thread; Django must be told that nothing here is asynchronous."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with sync_playwright() as started:
            expect.set_options(timeout=PATIENCE_MS)
            yield started


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One browser for the journeys of a file, a profile for each. Not for longer: its loop must not meet another test's."""
    path = find_browser(os.environ)
    if not path:
        pytest.skip("no chromium on this machine")
    browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def shipped() -> None:
    """The script and the English texts as a release has them."""
    try:
        build_front.build()
    except build_front.BuildError as error:
        pytest.skip(f"the script could not be built: {error}")
    messages.compile_catalogue()
    translation.trans_real._translations.clear()  # type: ignore[attr-defined]


@pytest.fixture
def afternoon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every thread of the server stands on Tuesday at 14:00 in Shanghai; ``clock.at`` still goes elsewhere."""
    monkeypatch.setattr(clock, "now", lambda: clock._virtual.get() or cast.TUESDAY)


@pytest.fixture
def visits(
    chromium: Browser, shipped: None, afternoon: None, transactional_db: None, live_server: LiveServer
) -> Iterator[Visits]:
    """Opens pages; at the end none of them may have complained."""
    cache.clear()
    opened = Visits(chromium, live_server.url)
    yield opened
    opened.close()
    cache.clear()
    assert opened.complaints == []


@pytest.fixture
def lin(transactional_db: None) -> User:
    """The owner, who signs in as «林晚»."""
    user = User.objects.create_user("林晚", password=PASSWORD, first_name="林晚")
    do_grant(user.pk, "owner")
    return user
