"""Reading works, and so do forms, where no script runs."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from tests import cast
from tests.journeys.conftest import PASSWORD
from tests.journeys.visits import Visits
from tests.journeys.world import do_live_three_weeks

pytestmark = pytest.mark.browser


def test_everything_is_read_and_found_when_no_script_runs(visits: Visits, lin: User) -> None:
    do_live_three_weeks(cast.build_tea())
    page = visits.open("/", has_script=False)
    page.get_by_label("账号").fill("林晚")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="进入群营").click()

    expect(page.get_by_role("region", name="昨天以来")).to_contain_text("8条")
    page.get_by_role("link", name="群 2").click()
    page.get_by_role("searchbox", name="按备注").fill("1群")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name="茶友会2群")).to_have_count(0)
    page.get_by_role("link", name="茶友会1群").click()
    expect(page.get_by_text("位成员占了")).to_be_visible()
    page.get_by_role("figure").filter(has_text="说得最多").get_by_text("看表格").click()
    expect(page.get_by_role("region", name="图后面的表").first.get_by_role("row", name="3/4")).to_contain_text("8")

    page.get_by_role("link", name="周报").click()
    expect(page.get_by_role("heading", name="茶友会1群")).to_be_visible()
    expect(page.get_by_text("谁在撑着这个群")).to_be_visible()
    page.goto("/journal/")
    page.get_by_label("关于谁").fill("陈晨")
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_role("listitem").filter(has_text="「陈晨」进群")).to_be_visible()
    page.get_by_role("link", name="群、成员、消息、动作").click()
    page.get_by_role("searchbox", name="搜索群").fill("押金")
    page.get_by_role("button", name="搜索").click()
    expect(page.get_by_role("option", name="押金什么时候退").first).to_be_visible()
