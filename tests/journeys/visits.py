"""Opening pages the way different people do, and hearing what the pages complain about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from tests import cast

PATIENCE_MS = 60_000  # nothing is measured by it; a busy machine may stall for long
# what was under way when somebody went to another page; scripts where none may run
NO_FAILURES = {"net::ERR_ABORTED", "csp"}
Theme = Literal["light", "dark"]


@dataclass
class Visits:
    """What is open in the browser, and every complaint of a page: errors in its console, answers ≥ 400, requests that failed."""

    browser: Browser
    url: str
    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(
        self,
        path: str = "/",
        *,
        who: User | None = None,
        language: str = "zh-hans",
        theme: Theme = "light",
        width: int = 1280,
        has_script: bool = True,
    ) -> Page:
        """A page in a profile of its own; ``who`` is signed in already."""
        context = self.browser.new_context(
            base_url=self.url,
            locale="en-US" if language == "en" else "zh-CN",
            timezone_id=str(cast.SHANGHAI),
            color_scheme=theme,
            reduced_motion="reduce",  # colours are measured, not on their way
            java_script_enabled=has_script,
            viewport={"width": width, "height": 844},
        )
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        if who:
            client = Client()
            client.force_login(who)
            key = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": self.url}])
        page = context.new_page()
        self._listen(page)
        page.clock.set_fixed_time(cast.TUESDAY)
        page.goto(path)
        return page

    def expect_status(self, status: int) -> None:
        """From now on answers of this status are no complaint: a refused form is 422."""
        self.expected.append(str(status))

    def close(self) -> None:
        """Closes every profile."""
        for context in self.contexts:
            context.close()

    def _listen(self, page: Page) -> None:
        page.on("console", self._hear_console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("requestfailed", self._hear_failure)
        page.on("response", self._hear_answer)

    def _hear_console(self, message: ConsoleMessage) -> None:
        is_expected = any(f"status of {status}" in message.text for status in self.expected)
        if message.type in {"error", "warning"} and not is_expected:
            self.complaints.append(f"{message.page.url if message.page else ''}: {message.text}")

    def _hear_failure(self, request: Request) -> None:
        if request.failure not in NO_FAILURES:
            self.complaints.append(f"{request.url}: {request.failure}")

    def _hear_answer(self, response: Response) -> None:
        if response.status >= 400 and str(response.status) not in self.expected:
            self.complaints.append(f"{response.url}: {response.status}")
