"""The server answers with its own fault, or not at all: whoever sits before the page is told so, and not asked about anything else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, Route, expect

from qunying.kernel import clock
from tests import cast
from tests.journeys.visits import Visits

pytestmark = pytest.mark.browser
FAILED, OFFLINE = "没有成功，请再试一次。", "连不上服务器，网络好了再试。"
Fails = Callable[[Route], None]


def _broken(route: Route) -> None:
    route.fulfill(status=500, body="<h1>出错了</h1>", content_type="text/html")


def _gone(route: Route) -> None:
    route.abort("connectionrefused")


WAYS = pytest.mark.parametrize(("fails", "told"), [(_broken, FAILED), (_gone, OFFLINE)])


def _never_silent(visits: Visits) -> None:
    """The browser and htmx complain too, as they should."""
    assert visits.complaints
    visits.complaints.clear()


@WAYS
def test_no_old_question_stands_there_when_the_next_one_does_not_come(
    visits: Visits, lin: User, fails: Fails, told: str
) -> None:
    cast.build_tea()
    page = visits.open("/settings/pause/", who=lin)
    page.get_by_role("listitem").filter(has_text="茶友会").get_by_role("link", name="暂停…").click()
    expect(page.get_by_role("dialog")).to_contain_text("暂停「茶友会」")
    page.keyboard.press("Escape")

    page.route("**/settings/pause/?community=*", fails)
    page.get_by_role("link", name="暂停…").first.click()
    expect(page.get_by_role("status")).to_have_text(told)
    expect(page.locator("#ask")).not_to_be_visible()
    expect(page.locator("#ask")).to_be_empty()
    _never_silent(visits)


@WAYS
def test_a_line_in_the_search_says_so_when_it_finds_nobody_to_ask(
    visits: Visits, lin: User, fails: Fails, told: str
) -> None:
    page = visits.open("/groups/", who=lin)
    page.route("**/search/**", fails)
    page.keyboard.press("Control+k")
    page.keyboard.type("茶")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_have_text(told)
    _never_silent(visits)


@WAYS
def test_a_stream_says_so_once_when_it_stops_going_on(visits: Visits, lin: User, fails: Fails, told: str) -> None:
    tea = cast.build_tea()
    with cast.clock_stands(clock.now() - timedelta(hours=1)):
        cast.arrive([cast.message("a1", "an", "白茶")])
        cast.told()
    page = visits.open("/", who=lin)
    page.route("**/talks/**", fails)
    page.goto(f"/groups/{tea.first}/")
    expect(page.locator("#talking")).to_contain_text(told)
    _until_toasts_left(page)
    page.route("**/groups/**after=*", fails)
    expect(page.get_by_role("status")).to_have_text(told)
    _never_silent(visits)


@pytest.mark.parametrize("path", ["/", "/groups/{group}/", "/outbox/"])
def test_the_sign_in_page_comes_whole_when_somebody_was_signed_out_meanwhile(
    visits: Visits, lin: User, path: str
) -> None:
    tea = cast.build_tea()
    page = visits.open(path.format(group=tea.first), who=lin)
    page.context.clear_cookies()
    page.wait_for_url("**/account/login/**")
    expect(page.get_by_label("密码")).to_have_count(1)
    expect(page.get_by_role("navigation")).to_have_count(0)
    visits.complaints.clear()


def _until_toasts_left(page: Page) -> None:
    page.locator("#toasts .toast").evaluate_all("all => all.forEach(one => one.remove())")
