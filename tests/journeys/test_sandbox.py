"""The sandbox: a whole evening played by one person, nobody real told anything."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from tests import cast
from tests.journeys.visits import Visits

pytestmark = pytest.mark.browser


def test_newcomers_are_welcomed_and_told_why_when_somebody_plays_them(visits: Visits, lin: User) -> None:
    cast.build_tea()
    page = visits.open("/sandbox/", who=lin)
    page.get_by_role("listitem").filter(has_text="茶友会1群").get_by_role("button", name="照着它演").click()
    expect(page.get_by_text("不会给任何真人发消息")).to_be_visible()

    _say_edit_and_recall(page)
    _let_three_join(page)
    page.get_by_role("button", name="快进 10 分钟").click()
    welcome = page.get_by_role("listitem").filter(has_text="欢迎 شادي 🫖、小满、茶友会客服").filter(has_text="我们")
    expect(welcome).to_contain_text("演练，没有真的发出")
    welcome.get_by_role("button", name="为什么？").click()
    expect(page.get_by_role("heading", name="为什么")).to_be_visible()
    expect(welcome.get_by_text("等够了，一起欢迎 3 位").last).to_be_visible()

    page.keyboard.press("Escape")
    page.get_by_role("button", name="撤掉一步").click()
    expect(welcome).to_have_count(0)


def _say_edit_and_recall(page: Page) -> None:
    _play(page, "老成员", "老周")
    _say(page, "今晚茶桌喝什么?")
    said = page.get_by_role("listitem").filter(has_text="今晚茶桌喝")
    said.get_by_role("link", name="改").click()
    box = page.get_by_role("textbox", name="说，@名字")
    expect(box).to_have_value("今晚茶桌喝什么?")
    box.fill("今晚茶桌喝白茶")
    page.get_by_role("button", name="改成这样").click()
    expect(said).to_contain_text("白茶")
    expect(said).to_contain_text("改过")
    said.get_by_role("button", name="撤回").click()
    expect(said).to_contain_text("已撤回")


def _let_three_join(page: Page) -> None:
    page.get_by_text("自己编一个人").click()
    page.get_by_label("叫什么").fill("شادي 🫖")
    page.get_by_label("早就在群里").uncheck()
    page.get_by_role("button", name="加上这个人").click()
    page.get_by_role("button", name="让他进群").click()
    expect(page.get_by_role("listitem").filter(has_text="شادي 🫖").filter(has_text="进群了")).to_be_visible()
    for role, name in (("刚进群的人", "小满"), ("名字像客服的人", "茶友会客服")):
        _play(page, role, name)
        page.get_by_role("button", name="让他进群").click()
        expect(page.get_by_role("button", name="让他退群")).to_be_visible()


def _play(page: Page, role: str, name: str) -> None:
    page.get_by_role("radio", name=role).check(force=True)  # the radio itself is only for those who cannot see the row
    expect(page.get_by_role("textbox", name=f"以「{name}")).to_be_visible()


def _say(page: Page, words: str) -> None:
    page.get_by_role("textbox", name="说，@名字").fill(words)
    page.get_by_role("button", name="替他说").click()
