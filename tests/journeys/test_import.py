"""A record of the past is read in, watched, left alone, and found again as numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from qunying.insights.keeping import catch_up
from qunying.insights.parts import lake_folder
from qunying.kernel import clock
from qunying.pipeline.past import run as past
from tests.journeys.visits import Visits

pytestmark = pytest.mark.browser

RULER = "=" * 64
HEAD = f"消息记录（此消息记录为文本格式，不支持重新导入）\n\n{RULER}\n消息分组:我的QQ群\n{RULER}\n消息对象:杭州三群\n{RULER}\n\n"
WHO = ("老周(10001)", "小美🌸(10002)", "نور(10003)", "名字特别特别长的那位朋友名字特别特别长(10004)")
MESSAGES, UNREADABLE = 96, 2


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """What QQ writes for a group: four days of talk, and two lines whose time nobody can read."""
    path = tmp_path / "杭州三群.txt"
    path.write_text(HEAD + "".join(_lines()), encoding="utf-8")
    return path


def _lines() -> Iterator[str]:
    for number in range(MESSAGES):
        yield f"2024-02-{20 + number // 24:02} {number % 24:02}:04:00 {WHO[number % len(WHO)]}\n第{number}泡\n\n"
    for number in range(UNREADABLE):
        yield f"2024-25-61 25:61:0{number} 坏掉(10009)\n看不懂的时间\n\n"


def test_a_record_is_read_and_counted_when_somebody_hands_it_over(visits: Visits, lin: User, record: Path) -> None:
    visits.expect_status(422)
    page = visits.open("/import/", who=lin)
    page.get_by_label("聊天记录文件").set_input_files(record)
    _answer_questions(page)
    expect(page.get_by_text("排着队")).to_be_visible()

    page.get_by_role("link", name="今日").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("今日")
    page.goto("/import/")
    page.get_by_role("link", name="杭州三群").click()
    expect(page.get_by_text("排着队")).to_be_visible()
    _do_what_the_keeper_does()
    expect(page.get_by_text(f"已保存 {MESSAGES} 条")).to_be_visible()  # the page looks again by itself
    _see_what_was_skipped(page)

    page.get_by_role("link", name="杭州三群", exact=True).first.click()
    _see_numbers_and_plots(page)


def test_the_reason_stays_beside_the_area_when_a_file_is_no_record(visits: Visits, lin: User, tmp_path: Path) -> None:
    visits.expect_status(422)
    page_behind_a_sign_in = tmp_path / "登录后.json"
    page_behind_a_sign_in.write_text("<html><body>登录后查看</body></html>", encoding="utf-8")
    page = visits.open("/import/", who=lin)
    for _again in range(2):
        page.get_by_label("聊天记录文件").set_input_files(page_behind_a_sign_in)
        expect(page.get_by_role("main").get_by_role("alert")).to_contain_text("登录后.json")
        assert page.get_by_label("聊天记录文件").input_value() == "", "the same file, mended, can be chosen again"


def _answer_questions(page: Page) -> None:
    expect(page.get_by_role("heading", name="认出了 1 份聊天记录")).to_be_visible()
    expect(page.get_by_text("第0泡")).to_be_visible()
    page.get_by_label("属于哪个社群").select_option(label="新建一个社群…")
    page.get_by_label("新社群叫什么").fill("慢茶会")
    page.get_by_label("文件里的时间是哪里的").fill("月球")
    page.get_by_role("button", name="开始读").click()
    expect(page.get_by_text("没有「月球」这个时区")).to_be_visible()
    expect(page.get_by_label("新社群叫什么")).to_have_value("慢茶会")
    page.get_by_label("文件里的时间是哪里的").fill("Asia/Shanghai")
    page.get_by_role("button", name="开始读").click()


def _do_what_the_keeper_does() -> None:
    assert past.step(clock.now()) == 1
    catch_up(clock.now(), lake_folder())


def _see_what_was_skipped(page: Page) -> None:
    expect(page.get_by_role("heading", name="跳过了")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="时间读不懂").first
    expect(row).to_contain_text("杭州三群.txt")
    expect(row).to_contain_text("第 ")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载清单").click()
    assert "时间读不懂" in Path(download.value.path()).read_text(encoding="utf-8-sig")


def _see_numbers_and_plots(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("杭州三群")
    expect(page.get_by_text("这份记录到 2024-02-23 为止")).to_be_visible()
    plot = page.get_by_role("img", name="说得最多")
    expect(plot).to_be_visible()
    bars = plot.locator("svg path")
    expect(bars.nth(10)).to_be_attached()  # drawn a moment after its frame
    assert bars.count() > 10
    page.get_by_role("figure").filter(has=plot).get_by_text("看表格").click()
    expect(page.get_by_role("region", name="图后面的表").get_by_role("row", name="2/21")).to_contain_text("24")
    page.get_by_role("link", name="成员 4").click()
    expect(page.get_by_text("4 人", exact=True)).to_be_visible()
