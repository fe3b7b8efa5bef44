"""What waits for a person: found on Today, approved by keyboard, taken back while that is possible."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from qunying.kernel import clock
from tests import cast
from tests.journeys.visits import Visits

pytestmark = pytest.mark.browser


def test_a_welcome_waits_is_approved_and_taken_back_when_people_are_asked_first(visits: Visits, lin: User) -> None:
    tea = cast.build_tea()
    page = visits.open(f"/settings/community/{tea.community_id}/capability/onboarding/", who=lin)
    page.get_by_role("radio", name="先问我").check()
    page.get_by_role("button", name="存下模式和设置").click()
    expect(page.get_by_role("status")).to_contain_text("存好了")
    _two_join()

    page.goto("/")
    expect(page.get_by_role("link", name="发件箱 1")).to_be_visible()
    page.get_by_role("link", name="发件箱 1").click()
    line = page.get_by_role("listitem").filter(has_text="欢迎 陈晨、方方")
    expect(line).to_contain_text("等人点头")
    _approve_by_keyboard(page)
    expect(line).to_contain_text("等着发")
    cast.told()

    page.goto("/outbox/")
    expect(line).to_contain_text("已送达")
    expect(line).to_contain_text("林晚 点的头")
    line.get_by_role("link", name="撤销…").click()
    page.get_by_role("dialog").get_by_role("button", name="撤销").click()
    cast.told()
    page.goto("/outbox/")
    expect(line).to_contain_text("已撤销")
    page.goto(f"/groups/{tea.first}/")
    withdrawn = page.get_by_role("listitem").filter(has_text="欢迎 陈晨、方方")
    expect(withdrawn).to_contain_text("已撤回")


def test_the_journal_tells_who_did_it_when_it_is_filtered(visits: Visits, lin: User) -> None:
    tea = cast.build_tea()
    _two_join()
    page = visits.open("/settings/pause/", who=lin)
    page.get_by_role("listitem").filter(has_text="茶友会").get_by_role("link", name="暂停…").click()
    page.get_by_role("dialog").get_by_role("button", name="暂停「茶友会」").click()
    page.goto(f"/groups/{tea.first}/")
    expect(page.get_by_role("button", name="暂停 1")).to_be_visible()

    page.goto("/journal/")
    expect(page.get_by_role("listitem").filter(has_text="「陈晨」进群")).to_be_visible()
    page.get_by_label("谁做的").select_option(label="登录的人")
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_role("listitem").filter(has_text="「陈晨」进群")).to_have_count(0)
    expect(page.get_by_role("listitem").filter(has_text="暂停自动动作")).to_contain_text("林晚")


def _two_join() -> None:
    joined = clock.now() - timedelta(minutes=10)
    with clock.at(joined):
        cast.arrive([cast.join("j1", "chen"), cast.join("j2", "fang")])
        cast.told()
    cast.passed(joined, clock.now())


def _approve_by_keyboard(page: Page) -> None:
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="发出")).to_be_focused()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("之后还能撤销")
    dialog.get_by_role("button", name="先不动").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
