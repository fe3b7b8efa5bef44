from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from qunying.ui.security import POLICY, content_policy


@pytest.mark.urls("qunying.ui.tests.urls")
@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/gallery/", "/nowhere/", "/account/login/"])
def test_policy_is_sent_when_any_page_answers(browser: Client, address: str) -> None:
    headers = browser.get(address).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["X-Frame-Options"] == "DENY"


def test_policy_allows_nothing_foreign_and_nothing_inline_when_read() -> None:
    parts = dict(part.split(" ", 1) for part in POLICY.split("; "))
    assert parts["default-src"] == "'none'"
    assert parts["script-src"] == parts["style-src"] == "'self'"
    assert parts["frame-ancestors"] == parts["base-uri"] == "'none'"
    assert "unsafe" not in POLICY


def test_stricter_policy_stays_when_a_view_set_its_own() -> None:
    def view(_request: object) -> HttpResponse:
        return HttpResponse(headers={"Content-Security-Policy": "default-src 'none'"})

    response = content_policy(view)(RequestFactory().get("/"))
    assert response.headers["Content-Security-Policy"] == "default-src 'none'"
