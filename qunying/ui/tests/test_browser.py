"""The script in a real browser, under the real content policy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tools import build_front

CHROMIUM = shutil.which("chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
NEWEST_AT_END = '<div><ol data-live="/feed/" data-live-edge="end"><li data-key="1">早</li></ol></div>'

pytestmark = [
    pytest.mark.browser,
    pytest.mark.enable_socket,
    pytest.mark.urls("qunying.ui.tests.urls"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]


@pytest.fixture(scope="module", autouse=True)
def script() -> None:
    try:
        build_front.build()
    except build_front.BuildError as error:
        pytest.skip(f"the script could not be built: {error}")


@pytest.fixture
def page(live_server: LiveServer) -> Iterator[Page]:
    """The gallery, open; at the end nothing may have been refused by the content policy or have raised."""
    complaints: list[str] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = chromium.new_page(locale="zh-CN", color_scheme="light", viewport={"width": 1280, "height": 800})
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.clock.install()
        page.goto(f"{live_server.url}/gallery/")
        page.wait_for_selector(".canvas svg")
        yield page
        chromium.close()
    assert complaints == []


def test_plots_are_drawn_under_the_policy_when_the_page_has_some(page: Page) -> None:
    assert page.locator(".canvas svg").count() == 3


def test_theme_changes_without_loading_when_switched(page: Page) -> None:
    page.evaluate("window.sameDocument = true")
    page.click(".nav.me")
    with page.expect_response("**/preferences/theme/"):
        page.click("#me [name=theme]")
    assert page.evaluate("[document.documentElement.dataset.theme, window.sameDocument]") == ["dark", True]
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.wait_for_selector(".canvas svg")


def test_search_opens_and_moves_when_only_keys_are_used(page: Page) -> None:
    page.keyboard.press("Control+k")
    with page.expect_response("**/gallery/found/?q=*"):
        page.keyboard.type("杭州")
        page.clock.fast_forward(300)
    page.wait_for_selector("#found [aria-selected=true]")
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#spot input", "aria-activedescendant") == "found-1"
    page.keyboard.press("Enter")
    page.wait_for_url("**/gallery/#g2")


def test_rows_are_walked_when_j_and_k_are_pressed(page: Page) -> None:
    for key in "jjk":
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#say-1"


def test_letters_stay_letters_when_typed_into_a_field(page: Page) -> None:
    page.fill("#id_remark", "")
    page.locator("#id_remark").press_sequentially("jk")
    assert page.input_value("#id_remark") == "jk"


def test_minutes_go_on_when_time_passes(page: Page) -> None:
    assert page.locator("time", has_text="12 分钟前").count() == 1
    page.clock.fast_forward("05:00")
    assert page.locator("time", has_text="17 分钟前").count() == 1


def test_new_rows_wait_when_somebody_reads_further_up(page: Page) -> None:
    page.route("**/feed/*", _one_more)
    page.evaluate("html => document.querySelector('#main').insertAdjacentHTML('beforeend', html)", NEWEST_AT_END)
    page.evaluate(
        "document.querySelector('[data-live]').parentElement.dispatchEvent(new Event('htmx:load', {bubbles: true}))"
    )
    with page.expect_response("**/feed/?after=1"):
        page.clock.fast_forward(6000)
    page.wait_for_selector(".fresh")
    assert page.inner_text(".fresh") == "1 条新的"
    assert page.locator("[data-live] li").count() == 1
    page.click(".fresh")
    assert page.locator("[data-live] li").all_inner_texts() == ["早", "晚"]
    assert page.locator(".fresh").count() == 0


def test_file_shows_its_way_when_chosen(page: Page) -> None:
    page.route("**/gallery/undo/", lambda route: route.fulfill(json={"url": "/gallery/#arrived"}))
    page.set_input_files("[data-drop] input", {"name": "群.txt", "mimeType": "text/plain", "buffer": "早\n".encode()})
    page.wait_for_url("**/gallery/#arrived")


def _one_more(route: Route) -> None:
    body = '<li data-key="1">早</li><li data-key="2">晚</li>' if "after=1" in route.request.url else ""
    route.fulfill(body=body, content_type="text/html; charset=utf-8")
