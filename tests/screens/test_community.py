"""A community's page: what it is, its chain, its KPIs and targets, its stage and checklist, its places."""

from __future__ import annotations

import io
import json
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from qunying.communities.actions import do_change_community
from qunying.communities.actions_chain import do_lay_chain
from qunying.communities.actions_stage import do_set_target
from qunying.communities.queries import get_community, list_counted_groups
from qunying.communities.queries_chain import (
    find_stage,
    list_links,
    list_numbers,
    list_sums_of_numbers,
    list_targets,
    list_ticks,
)
from qunying.console.community.forms import TargetForm
from qunying.insights.kpis import keeping as kept_boards
from qunying.insights.kpis.board import KEPT_FOR, find_board, get_board
from qunying.insights.kpis.catalogue import BY_NAME
from qunying.insights.kpis.keeping import do_count_boards, do_count_boards_ahead
from qunying.insights.models import Board
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from tests import cast
from tests.screens.community_pages import HOSTILE, LINK, page, send, toasts
from tests.screens.conftest import counted, signed_in_as

pytestmark = pytest.mark.django_db
MONDAY = date(2024, 3, 4)


@pytest.fixture
def tea_at_work(tea: cast.Tea) -> cast.Tea:
    """The tea friends with a chain and all purposes; 安安 speaks, 陈晨 comes by an invitation of 安安."""
    at = clock.now()
    do_change_community(tea.community_id, {"purpose": ["acquire", "activate", "retain", "convert"]}, at=at, actor="t")
    do_lay_chain(tea.community_id, "convert", at=at, actor="user:1")
    said = [cast.message("m1", "an", "今天喝什么"), cast.join("j1", "chen", inviter="an", via="invite")]
    cast.arrive(said, at=at - timedelta(hours=1))
    cast.told()
    counted()
    return tea


def test_the_page_waits_for_its_numbers_and_shows_them_at_once_afterwards(tea: cast.Tea, owner: Client) -> None:
    counted()
    first = page(owner, "community", tea.community_id)
    assert "正在数" in first
    assert reverse("console:community-board", args=[tea.community_id]) in first
    board = page(owner, "community-board", tea.community_id, HX_Request="true")
    assert "还没有运营链" in board
    assert "还没说为什么做" in board
    assert "<html" not in board
    again = page(owner, "community", tea.community_id)
    assert "正在数" not in again
    assert "还没有运营链" in again


def test_the_answer_the_chain_and_the_kpis_of_each_purpose_are_shown(tea_at_work: cast.Tea, owner: Client) -> None:
    do_set_target(tea_at_work.community_id, "joins", 7, Decimal(5), unit="人", at=clock.now(), actor="user:1")
    html = page(owner, "community-board", tea_at_work.community_id)
    assert "1 项目标里 1 项没到：新成员 1 人" in html
    assert "拉新：新成员没到目标" in html
    assert "打卡还不在系统里做，所以还不数。" in html
    for kpi in ("7 天留存", "满意度", "咨询后付款", "裂变系数 k"):
        assert kpi in html
    assert html.count('class="chain"') == 1
    assert "社群在这里" in html
    assert "没有数" in html


def test_the_span_is_chosen_and_kept_in_links(tea_at_work: cast.Tea, owner: Client) -> None:
    html = page(owner, "community-board", tea_at_work.community_id, query="?days=28")
    assert "?days=28" in html
    assert sorted(Board.objects.values_list("days", flat=True)) == [28]
    assert "近 28 天" in page(owner, "community-board", tea_at_work.community_id, query="?days=9999")
    assert sorted(Board.objects.values_list("days", flat=True)) == [7, 28]


def test_a_ready_chain_is_laid_and_taken_back(tea: cast.Tea, owner: Client) -> None:
    send(owner, "community-chain-lay", tea.community_id, purpose="retain")
    html = page(owner, "community-chain", tea.community_id)
    assert "看到广告" in html
    assert "推荐别人" in html
    back = re.search(r'action="(/communities/\d+/chain/versions/\d+/back/)"', html)
    assert back is not None
    assert back[1] in toasts(html) or "撤销" in html
    assert owner.post(back[1]).status_code == 302
    assert list_links(tea.community_id) == ()
    assert "回到改之前了" in page(owner, "community-chain", tea.community_id)
    assert owner.post(back[1]).status_code == 302
    assert "之后又改过" in page(owner, "community-chain", tea.community_id)
    send(owner, "community-chain-lay", tea.community_id, purpose="nonsense", status=404)


def test_links_are_added_renamed_moved_and_taken_out(tea: cast.Tea, owner: Client) -> None:
    send(owner, "community-chain-add", tea.community_id, **{**LINK, "name": HOSTILE})
    send(owner, "community-chain-add", tea.community_id, **{**LINK, "deed": "试听", "unit": "times"})
    first, second = list_links(tea.community_id)
    assert (second.count_by, second.unit) == ("deed:试听", "times")
    html = page(owner, "community-chain", tea.community_id)
    assert HOSTILE not in html
    assert "&lt;img src=x" in html
    send(owner, "community-chain-change", tea.community_id, first.id, "down")
    assert [link.id for link in list_links(tea.community_id)] == [second.id, first.id]
    send(
        owner,
        "community-chain-change",
        tea.community_id,
        first.id,
        "save",
        **{**LINK, "name": "问一问", "is_ours": "on"},
    )
    assert list_links(tea.community_id)[1].name == "问一问"
    send(owner, "community-chain-change", tea.community_id, second.id, "remove")
    assert [link.id for link in list_links(tea.community_id)] == [first.id]
    send(owner, "community-chain-change", tea.community_id, second.id, "remove")
    assert "已经不在运营链上了" in page(owner, "community-chain", tea.community_id)
    send(owner, "community-chain-change", tea.community_id, first.id, "explode", status=404)


def test_a_link_comes_back_with_what_is_wrong_and_nothing_is_changed(tea: cast.Tea, owner: Client) -> None:
    html = send(owner, "community-chain-add", tea.community_id, status=422, **{**LINK, "kind": "magic"})
    assert "magic" in html
    send(owner, "community-chain-add", tea.community_id, status=422, **{**LINK, "name": "长" * 41})
    assert list_links(tea.community_id) == ()
    send(owner, "community-chain-add", tea.community_id, **LINK)
    (link,) = list_links(tea.community_id)
    html = send(
        owner, "community-chain-change", tea.community_id, link.id, "save", status=422, **{**LINK, "name": "长" * 41}
    )
    assert 'aria-invalid="true"' in html
    assert list_links(tea.community_id) == (link,)


def test_the_funnel_says_where_two_numbers_are_no_conversion(tea_at_work: cast.Tea, owner: Client) -> None:
    do_lay_chain(tea_at_work.community_id, "retain", at=clock.now(), actor="user:1")
    advert, account, *_rest = list_links(tea_at_work.community_id)
    table = f"日期,环节,数量\n{MONDAY},看到广告,400\n{MONDAY},到账号或网站,50\n".encode()
    html = send(
        owner,
        "community-numbers",
        tea_at_work.community_id,
        status=200,
        file=SimpleUploadedFile("numbers.csv", table),
    )
    assert list_sums_of_numbers(tea_at_work.community_id, MONDAY, MONDAY) == {advert.series: 400, account.series: 50}
    assert "新读进 2 个数" in html
    html = page(owner, "community-chain", tea_at_work.community_id)
    assert "每 100 对 12.5" in html
    assert "只是两个数的比，不是转化率" in html
    assert "1</b> 人 · 2.0%" in html
    assert "最窄的一环：进社群到持续使用，0%" in html


def test_a_file_is_told_row_by_row_and_counts_once_when_it_comes_twice(tea: cast.Tea, owner: Client) -> None:
    do_lay_chain(tea.community_id, "convert", at=clock.now(), actor="user:1")
    table = f"日期,环节,数量\n{MONDAY},视频号,30\n{MONDAY},<b>没有</b>,1\nyesterday,视频号,2\n".encode()

    def upload(data: bytes, status: int = 200) -> str:
        file = SimpleUploadedFile("n.csv", data)
        return send(owner, "community-numbers", tea.community_id, status=status, file=file)

    html = upload(table)
    assert "2 行没读进来" in html
    assert "&lt;b&gt;没有&lt;/b&gt;" in html
    assert "日期读不懂" in html
    assert "1 个早就有了" in upload(table)
    assert "从 30 改成了 31" in upload(f"日期,环节,数量\n{MONDAY},视频号,31\n".encode())
    assert [value for *_place, value in list_numbers(tea.community_id, MONDAY, MONDAY)] == [31]
    assert "第一行要有这几列" in upload("白茶,绿茶\n1,2\n".encode(), status=422)
    assert "aria-invalid" in send(owner, "community-numbers", tea.community_id, status=422)


def test_a_target_is_set_as_percent_and_taken_back(tea_at_work: cast.Tea, owner: Client) -> None:
    here = tea_at_work.community_id
    send(owner, "community-kpi-aim", here, "active_week", query="?days=7", value="60")
    assert list_targets(here)["active_week", 7].value == Decimal("0.6")
    html = page(owner, "community-kpi", here, "active_week")
    assert "周活跃率 33%，没到目标 60%" in html
    assert 'value="60"' in html
    assert "/target/back/?days=7" in html
    send(owner, "community-kpi-aim", here, "active_week", query="?days=7", value="30")
    assert "到了目标 30%" in page(owner, "community-kpi", here, "active_week")
    send(owner, "community-kpi-back", here, "active_week", query="?days=7")
    assert list_targets(here)["active_week", 7].value == Decimal("0.6")
    send(owner, "community-kpi-aim", here, "active_week", query="?days=7", value="")
    assert list_targets(here)["active_week", 7].value is None


@pytest.mark.parametrize(
    ("kpi", "value"),
    [("active_week", "101"), ("active_week", "-1"), ("joins", "viele"), ("nps", "-101"), ("satisfaction", "6")],
)
def test_a_target_comes_back_when_it_cannot_be_one(tea: cast.Tea, owner: Client, kpi: str, value: str) -> None:
    html = send(owner, "community-kpi-aim", tea.community_id, kpi, status=422, value=value)
    assert 'aria-invalid="true"' in html
    assert list_targets(tea.community_id) == {}


def test_a_target_typed_twice_is_the_same_when_it_has_many_decimals() -> None:
    form = TargetForm(BY_NAME["active_week"], {"value": "33.3333"})
    assert form.is_valid()
    assert form.cleaned_data["value"] == Decimal("0.3333")


def test_a_kpi_that_is_not_counted_yet_says_why_and_takes_no_target(tea: cast.Tea, owner: Client) -> None:
    html = page(owner, "community-kpi", tea.community_id, "check_in")
    assert "打卡率还不数" in html
    assert "存下目标" not in html
    assert "还没有数" in page(owner, "community-kpi", tea.community_id, "nps")
    page(owner, "community-kpi", tea.community_id, "made_up", status=404)


def test_a_stage_is_confirmed_and_its_checklist_ticked(tea_at_work: cast.Tea, owner: Client) -> None:
    here = tea_at_work.community_id
    assert "看数像是初创，等人确认" in page(owner, "community-board", here)
    send(owner, "community-stage", here, stage="growing")
    html = page(owner, "community", here)
    assert "定的是中期，看数像是初创" in html
    assert "这周做什么" in html
    send(owner, "community-tick", here, "growing", "ritual", done="1")
    assert list_ticks(here) == {("growing", "ritual")}
    assert "做完 " in page(owner, "community", here)
    send(owner, "community-tick", here, "growing", "ritual", done="0")
    assert list_ticks(here) == set()
    send(owner, "community-tick", here, "growing", "division", status=404, done="1")  # the data ticks that
    send(owner, "community-tick", here, "nowhere", "ritual", status=404, done="1")
    send(owner, "community-stage", here, status=404, stage="golden age")
    send(owner, "community-stage-back", here)
    assert find_stage(here) is None


def test_a_board_or_a_meetup_is_written_down_as_a_group(tea: cast.Tea, owner: Client) -> None:
    counted()
    place = {"kind": "meetup", "name": "三月杭州茶会", "city": "杭州", "opened_on": "2024-03-02", "capacity": "30"}
    html = send(owner, "community-place", tea.community_id, status=422, **{**place, "capacity": "0"})
    assert 'aria-invalid="true"' in html
    assert "三月杭州茶会" in html
    assert len(list_counted_groups(community_ids=[tea.community_id])) == 2
    send(owner, "community-place", tea.community_id, **place)
    html = page(owner, "community-board", tea.community_id)
    assert "三月杭州茶会" in html
    assert "线下聚会 1" in html
    group = list_counted_groups(community_ids=[tea.community_id])[-1]
    assert "· 线下聚会" in page(owner, "group", group.id)
    assert "三月杭州茶会" in page(owner, "groups")


def test_what_a_community_is_can_be_changed_and_is_noted(tea: cast.Tea, owner: Client) -> None:
    form = {
        "name": "茶友会",
        "topic": "茶",
        "promise": "每周三有茶桌",
        "purpose": ["retain"],
        "strategy": "product",
        "started_on": "2023-05-01",
        "timezone": "Asia/Shanghai",
        "language": "zh-hans",
        "quiet_from": "22:30",
        "quiet_to": "08:00",
    }
    html = send(owner, "settings-community", tea.community_id, status=422, **{**form, "started_on": "2024-03-09"})
    assert "这一天还没到" in html
    assert get_community(tea.community_id).promise == ""
    send(owner, "settings-community", tea.community_id, **form)
    community = get_community(tea.community_id)
    assert (community.strategy, community.started_on) == ("product", date(2023, 5, 1))
    html = page(owner, "community", tea.community_id)
    assert "先有产品，再有社群" in html
    assert "2023-05-01" in html
    assert "「怎么起步」" in page(owner, "journal")


def test_everything_that_was_done_is_told_in_the_journal(tea: cast.Tea, owner: Client) -> None:
    here = tea.community_id
    send(owner, "community-chain-lay", here, purpose="acquire")
    send(owner, "community-kpi-aim", here, "joins", value="20")
    send(owner, "community-stage", here, stage="late")
    send(owner, "community-tick", here, "late", "kol", done="1")
    send(owner, "community-token", here, status=200)
    html = page(owner, "journal")
    for words in (
        "换成现成的一条，现在 5 个环节",
        "「新成员」7 天的目标从 没定 改成 20",
        "从「没定」到「后期」",
        "「请能带话题的人各管一摊」",
        "开了报数口令",
    ):
        assert words in html


GETS = ("community", "community-board", "community-chain")
POSTS: tuple[tuple[str, tuple[object, ...], dict[str, str], str], ...] = (
    ("community-chain-lay", (), {"purpose": "acquire"}, "lead"),
    ("community-chain-add", (), LINK, "lead"),
    ("community-stage", (), {"stage": "late"}, "lead"),
    ("community-stage-back", (), {}, "lead"),
    ("community-kpi-aim", ("joins",), {"value": "1"}, "lead"),
    ("community-kpi-back", ("joins",), {}, "lead"),
    ("community-token", (), {}, "lead"),
    ("community-token-drop", (), {}, "lead"),
    ("community-place", (), {"kind": "forum", "name": "板块", "capacity": "9"}, "lead"),
    ("community-chain-change", (1, "up"), {}, "lead"),
    ("community-chain-back", (1,), {}, "lead"),
    ("community-tick", ("late", "kol"), {"done": "1"}, "watcher"),
    ("community-numbers", (), {}, "operator"),
)
ROLES = ("", "analyst", "watcher", "operator", "lead", "owner")


@pytest.mark.parametrize("role", ROLES)
def test_each_role_finds_what_it_may_and_nothing_else_is_there(tea: cast.Tea, role: str) -> None:
    client = signed_in_as("somebody", role, tea.community_id if role else None)
    stranger = signed_in_as("elsewhere", role, cast.build_tea(groups=(), name="别家").community_id if role else None)
    for name in GETS:
        page(client, name, tea.community_id, status=200 if role else 404)
        page(stranger, name, tea.community_id, status=404)
    page(client, "community-kpi", tea.community_id, "joins", status=200 if role else 404)
    page(stranger, "community-kpi", tea.community_id, "joins", status=404)
    for name, args, fields, least in POSTS:
        may = bool(role) and ROLES.index(role) >= ROLES.index(least)
        address = reverse(f"console:{name}", args=[tea.community_id, *args])
        assert (client.post(address, fields).status_code == 404) is not may, name
        assert stranger.post(address, fields).status_code == 404, name


def test_buttons_are_not_shown_to_who_may_not_press_them(tea_at_work: cast.Tea, analyst: Client) -> None:
    html = page(analyst, "community-board", tea_at_work.community_id)
    chain = page(analyst, "community-chain", tea_at_work.community_id)
    for words in (">定目标<", ">做完了<", "登记论坛板块", "改这一环", "加一个环节", "开一个口令", "把数字表拖到这里"):
        assert words not in html + chain
    assert "存下目标" not in page(analyst, "community-kpi", tea_at_work.community_id, "joins")


def test_a_board_is_kept_counted_anew_after_an_hour_and_forgotten_after_a_week(tea_at_work: cast.Tea) -> None:
    here, now = tea_at_work.community_id, clock.now()
    assert find_board(here, 7, now) is None
    first = get_board(here, 7, now)
    assert find_board(here, 7, now) == first
    assert do_count_boards(now + KEPT_FOR) == 0
    with cast.later(KEPT_FOR + timedelta(minutes=1)) as later:
        assert do_count_boards(later) == 1
        assert Board.objects.get().counted_at == later
    with cast.later(timedelta(days=1)) as tomorrow:
        assert find_board(here, 7, tomorrow) is None
    assert do_count_boards(now + timedelta(days=8)) == 0
    assert not Board.objects.exists()


def test_a_large_community_has_its_board_of_the_day_before_somebody_looks(
    tea_at_work: cast.Tea, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, now = tea_at_work.community_id, clock.now()
    assert do_count_boards_ahead(now) == 0  # a small one is counted while one waits
    monkeypatch.setattr(kept_boards, "FEW_GROUPS", 0)
    assert do_count_boards_ahead(now) == 2, "of seven days and of 28"
    assert do_count_boards_ahead(now) == 0
    with cast.later(KEPT_FOR + timedelta(minutes=1)) as later:
        assert do_count_boards(later) == 0, "nobody looked at it: once a day is enough"
        assert find_board(here, 7, later) is not None
    with cast.later(2 * KEPT_FOR) as later:
        assert do_count_boards(later) == 1
    with cast.later(timedelta(days=1)) as tomorrow:
        assert find_board(here, 7, tomorrow) is None
        assert do_count_boards_ahead(tomorrow) == 2
        assert find_board(here, 7, tomorrow) is not None


def test_a_kept_board_does_not_hide_a_link_that_was_added_since(tea_at_work: cast.Tea, owner: Client) -> None:
    here = tea_at_work.community_id
    get_board(here, 7, clock.now())
    send(owner, "community-chain-add", here, **{**LINK, "kind": "other", "count_by": "first_word"})
    assert find_board(here, 7, clock.now()) is None
    last = get_board(here, 7, clock.now()).chain[-1]
    assert (last.link.count_by, last.count) == ("first_word", 1)


def typed(*words: str) -> str:
    out = io.StringIO()
    call_command("kpi", *words, stdout=out)
    return out.getvalue()


def test_the_command_tells_what_the_page_tells(tea_at_work: cast.Tea, tmp_path: Any) -> None:
    table = tmp_path / "numbers.csv"
    table.write_text(
        f"日期,环节,数量,分数\n{MONDAY},视频号,10,\n{MONDAY},满意度,3,5\n{MONDAY},满意度,1,1\n{MONDAY},x,1,\n", "utf-8"
    )
    told = json.loads(typed("茶友会", "--json", "--numbers", str(table)))
    kpis = {one["kpi"]: one for one in told["kpis"]}
    assert (kpis["joins"]["value"], kpis["joins"]["parts"]) == (1, {"via:invite": 1})
    assert (kpis["satisfaction"]["value"], kpis["satisfaction"]["of"]) == (4.0, 4)
    assert kpis["check_in"]["not_counted"]
    assert len(kpis["joins"]["trend"]) == 8
    assert [(one["link"], one["count"]) for one in told["chain"][:2]] == [("视频号", 10), ("进社群", 1)]
    assert told["chain"][1]["is_conversion"]
    assert (told["numbers"]["new"], [one["line"] for one in told["numbers"]["left_out"]]) == (3, [5])
    assert "新成员" in typed("茶友会")
    assert "k_factor" in typed("--list")
    assert json.loads(typed("--list", "--json").splitlines()[0])["kpi"] == "joins"
    with pytest.raises(BadUse, match="没有叫「茶友」的社群"):
        typed("茶友")
    with pytest.raises(BadUse):
        typed()
