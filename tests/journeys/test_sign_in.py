"""In, round by keyboard, and out again."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from tests import cast
from tests.journeys.conftest import PASSWORD
from tests.journeys.visits import Visits
from tests.journeys.world import do_live_three_weeks

pytestmark = pytest.mark.browser


def test_somebody_comes_in_reads_today_and_leaves_when_the_password_is_right_at_last(visits: Visits, lin: User) -> None:
    do_live_three_weeks(cast.build_tea())
    page = visits.open("/groups/")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.get_by_label("账号").fill("林晚")
    page.get_by_label("密码").fill("不是这个密码")
    page.get_by_role("button", name="进入群营").click()
    expect(page.get_by_role("alert")).to_contain_text("密码不正确")
    expect(page.get_by_label("账号")).to_have_value("林晚")

    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("群")  # where they wanted to go in the first place
    page.get_by_role("link", name="今日").click()
    since_yesterday = page.get_by_role("region", name="昨天以来")
    expect(since_yesterday).to_contain_text("2 个群")
    expect(since_yesterday).to_contain_text("昨天的消息")
    expect(page.get_by_role("img", name="最热闹")).to_be_visible()

    page.get_by_role("button", name="林晚").click()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.goto("/groups/")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()


def test_a_group_is_found_when_only_keys_are_used(visits: Visits, lin: User) -> None:
    cast.build_tea()
    page = visits.open(who=lin)
    for shortcut in ("Control+k", "Meta+k"):
        page.keyboard.press(shortcut)
        expect(page.get_by_role("combobox", name="搜索群、成员、消息、动作")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog", name="搜索")).to_be_hidden()
    page.keyboard.press("Control+k")
    page.keyboard.type("茶友会2")
    expect(page.get_by_role("option", name="茶友会2群")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("茶友会2群")
