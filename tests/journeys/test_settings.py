"""A setting is changed: wrongly, then well, and the journal says who."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from tests import cast
from tests.journeys.visits import Visits

pytestmark = pytest.mark.browser


def test_a_setting_is_kept_only_when_it_makes_sense(visits: Visits, lin: User) -> None:
    cast.build_tea()
    visits.expect_status(422)
    page = visits.open("/settings/", who=lin)
    page.get_by_role("listitem").filter(has_text="茶友会").get_by_role("link", name="设置").click()
    page.get_by_role("link", name="迎新：模式和设置").click()
    address = page.url
    minutes = page.get_by_label("第一位新人进群后等几分钟，一起欢迎")
    expect(minutes).to_have_value("3")

    minutes.fill("三分钟")
    page.get_by_label("欢迎时顺带说的规矩").fill("不发广告\n先爬楼 🫖")
    page.get_by_role("button", name="存下模式和设置").click()
    expect(minutes).to_have_attribute("aria-invalid", "true")
    expect(minutes).to_have_value("三分钟")
    expect(minutes).to_have_accessible_description("输入整数。")
    expect(page.get_by_label("欢迎时顺带说的规矩")).to_have_value("不发广告\n先爬楼 🫖")
    page.goto(address)
    expect(minutes).to_have_value("3")

    minutes.fill("７")
    page.get_by_role("button", name="存下模式和设置").click()
    expect(page.get_by_role("status")).to_contain_text("存好了")
    page.goto(address)
    expect(minutes).to_have_value("7")
    page.get_by_role("link", name="日志").click()
    changed = page.get_by_role("listitem").filter(has_text="迎新").filter(has_text="林晚")
    expect(changed).to_have_count(1)
