"""Editing many groups, a table of notes, forebears: as somebody does it on the pages."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from qunying.communities.actions import NewGroup, NewStaff, do_enter_staff, do_register_group
from qunying.communities.lineage import LinkKind, do_link_groups
from qunying.communities.models import Group, GroupLink
from qunying.communities.noting import find_keepers
from qunying.kernel import clock
from qunying.talk.placing import do_place_new
from tests import cast
from tests.screens.conftest import counted, signed_in_as
from tests.screens.test_groups import noted

EDIT, TABLE = "console:groups-edit", "console:groups-table"


class Fields(HTMLParser):
    """What a form of a page would send: hidden inputs by name."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes hidden inputs."""
        said = dict(attrs)
        if tag == "input" and said.get("type") == "hidden" and said.get("name") in {"ids", "agreed"}:
            self.found[said["name"] or ""] = said.get("value") or ""


def post(client: Client, name: str, data: dict[str, object], status: int = 200, **more: object) -> str:
    response = client.post(reverse(name), data, **more)  # type: ignore[arg-type]
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def test_the_ticked_groups_are_edited_as_the_preview_said_and_taken_back_as_one(tea: cast.Tea, owner: Client) -> None:
    first, second = tea.groups.values()
    html = owner.get(reverse(EDIT), {"g": [first, second]}).content.decode()
    asked = {**Fields(html).found, "add_tags": "重点 体验课", "weight": "90", "mode_onboarding": "observe"}
    assert asked["ids"] == f"{first},{second}"
    html = post(owner, EDIT, asked)
    assert "会改 2 个群" in html
    assert "#重点 #体验课" in html
    assert Group.objects.filter(weight=90).count() == 0, "looking changes nothing"
    response = owner.post(reverse(EDIT), {**asked, **Fields(html).found, "act": "do"}, follow=True)
    html = response.content.decode()
    assert "改了 2 个群" in html
    assert list(Group.objects.order_by("pk").values_list("tags", "weight")) == [("重点 体验课", 90)] * 2
    undo = response.redirect_chain[-1][0] + "undo/"
    noted(first, tags=("重点",), weight=90)
    html = owner.post(undo).content.decode()
    assert "后来又有人改过" in html
    assert list(Group.objects.order_by("pk").values_list("tags", "weight")) == [("重点", 50), ("", 50)]
    assert "早已撤回" in owner.post(undo, follow=True).content.decode()


def test_all_that_the_filter_leaves_are_chosen_when_nobody_ticks(tea: cast.Tea, owner: Client) -> None:
    noted(tea.groups["g2"], city="上海")
    html = owner.get(reverse(EDIT), {"all": "1", "q": "上海"}).content.decode()
    assert Fields(html).found["ids"] == str(tea.groups["g2"])


def test_nothing_is_changed_when_a_group_changed_between_looking_and_doing(tea: cast.Tea, owner: Client) -> None:
    asked: dict[str, object] = {"ids": str(tea.first), "weight": "90"}
    agreed = Fields(post(owner, EDIT, asked)).found["agreed"]
    noted(tea.first, weight=10)
    html = post(owner, EDIT, {**asked, "agreed": agreed, "act": "do"}, 422)
    assert "没有动任何群" in html
    assert Fields(html).found["agreed"] != agreed, "the plan of now is shown"
    assert Group.objects.get(pk=tea.first).weight == 10


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({}, "每一项都空着"),
        ({"ids": "", "weight": "3"}, "一个群都没有选"),
        ({"weight": "101"}, "100"),
        ({"add_tags": "一", "remove_tags": "一"}, "又要加又要去"),
        ({"add_tags": "长" * 21}, "太长"),
        ({"ids": "9999999,x,-3", "weight": "3"}, "一个群都没有选"),
    ],
)
def test_a_wrong_edit_comes_back_with_the_reason(
    tea: cast.Tea, owner: Client, wrong: dict[str, object], said: str
) -> None:
    assert said in post(owner, EDIT, {"ids": str(tea.first), **wrong}, 422)


def test_groups_of_others_are_not_there_when_somebody_may_set_up_one_community(tea: cast.Tea) -> None:
    other = cast.build_tea(groups=["x1"], name="书友会")
    lead = signed_in_as("lead", "lead", other.community_id)
    html = lead.get(reverse(EDIT), {"g": [tea.first, other.first]}).content.decode()
    assert Fields(html).found["ids"] == str(other.first)
    assert "一个群都没有选" in post(lead, EDIT, {"ids": str(tea.first), "weight": "90"}, 422)


def test_nobody_edits_who_may_only_read(tea: cast.Tea, analyst: Client, owner: Client) -> None:
    for name in (EDIT, TABLE):
        assert analyst.get(reverse(name)).status_code == 404
    assert "改勾上的" not in analyst.get(reverse("console:groups")).content.decode()
    asked: dict[str, object] = {"ids": str(tea.first), "weight": "90"}
    agreed = Fields(post(owner, EDIT, asked)).found["agreed"]
    done = owner.post(reverse(EDIT), {**asked, "agreed": agreed, "act": "do"})
    assert analyst.get(done["Location"]).status_code == 404
    assert analyst.post(done["Location"] + "undo/").status_code == 404


def test_folded_groups_stand_under_one_line_and_still_count(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.message(f"m{n}", "an", "早") for n in range(7)], "g1")
    cast.told()
    noted(tea.groups["g1"], is_folded=True)
    with cast.later(timedelta(days=1)):
        counted()
        html = owner.get(reverse("console:groups")).content.decode()
    assert "茶友会1群" not in html
    assert "折叠的 1 个群" in html
    assert "7 天里说了 7 条" in html
    assert "折叠的 1 个群" in owner.get(reverse("console:groups"), {"q": "1群"}).content.decode()


def test_a_tag_leads_to_all_groups_that_have_it(tea: cast.Tea, owner: Client) -> None:
    noted(tea.groups["g1"], tags=("体验课",))
    html = owner.get(reverse("console:groups"), {"tag": "体验课"}).content.decode()
    assert "茶友会1群" in html
    assert "茶友会2群" not in html


def test_the_owner_and_all_of_the_remark_are_saved_by_the_form(tea: cast.Tea, owner: Client) -> None:
    wang = do_enter_staff(tea.community_id, NewStaff("sandbox", "wang", "王老师", "teacher"), at=clock.now(), actor="x")
    sent = {
        "remark": "上海-茶",
        "company": "阿里",
        "noted_on": "2024-03-05",
        "tags": "体验课，付费",
        "importance": "2",
        "weight": "80",
        "capacity": "500",
        "rule_set": "通用",
        "note": "周五晚上聚",
        "owner": str(wang),
    }
    html = owner.post(reverse("console:group-notes", args=[tea.first]), sent, follow=True).content.decode()
    assert "记下了" in html
    assert 'value="体验课 付费"' in html
    assert 'value="2024-03-05"' in html
    assert find_keepers(tea.first).owner == wang
    wrong = {**sent, "tags": "长" * 21, "remark": "不该存下"}
    response = owner.post(reverse("console:group-notes", args=[tea.first]), wrong)
    assert response.status_code == 422
    assert "太长" in response.content.decode()
    assert Group.objects.get(pk=tea.first).remark == "上海-茶"


def test_a_table_is_previewed_row_by_row_and_then_done(tea: cast.Tea, owner: Client) -> None:
    rows = [
        "群名,城市,权重,谁加的",
        "茶友会1群,上海,88,老周",
        "没有的群,北京,1,",
        "茶友会2群,杭州,很重,",
        "茶友会1群,广州,1,",
    ]
    sent = SimpleUploadedFile("groups.csv", "\r\n".join(rows).encode("gb18030"))
    html = post(owner, TABLE, {"file": sent, "act": "look"})
    assert "会改 1 个群" in html
    assert "3 行用不上" in html
    for said in ("没有叫「没有的群」的群", "「很重」不是整数", "第 2 行已经写过这个群", "谁加的"):
        assert said in html
    assert Group.objects.get(pk=tea.first).city == ""
    done = {"text": "\n".join(rows), **Fields(html).found, "act": "do"}
    html = owner.post(reverse(TABLE), done, follow=True).content.decode()
    assert "3 行没有用上" in html
    assert list(Group.objects.order_by("pk").values_list("city", "weight")) == [("上海", 88), ("", 50)]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"text": ""}, "还没有表格"),
        ({"text": "时间,内容\n2024-01-01,你好"}, "认不出这张表"),
        ({"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04" + bytes(100))}, "另存为 .xlsx 或 CSV"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(
    tea: cast.Tea, owner: Client, data: dict[str, object], said: str
) -> None:
    assert said in post(owner, TABLE, data, 422)


def test_a_forebear_is_joined_and_taken_away_on_its_page(tea: cast.Tea, owner: Client) -> None:
    url = reverse("console:group-lineage", args=[tea.groups["g2"]])
    sent = {"side": "before", "other": "茶友会1群", "kind": "replaced", "since": "2024-03-01"}
    html = owner.post(url, sent, follow=True).content.decode()
    assert "接着 1 个群的历史" in html
    assert (
        "绕成一圈"
        in owner.post(
            reverse("console:group-lineage", args=[tea.first]), {**sent, "other": "茶友会2群"}
        ).content.decode()
    )
    drop = reverse("console:group-unlink", args=[tea.groups["g2"], GroupLink.objects.get().pk])
    assert "没有前身" in owner.post(drop, follow=True).content.decode()
    html = owner.post(url, {**sent, "other": "没有的"}).content.decode()
    assert "没有叫「没有的」的群" in html


def test_a_group_that_was_replaced_says_so_in_the_list(tea: cast.Tea, owner: Client) -> None:
    first, second = tea.groups.values()
    assert "现在是" not in owner.get(reverse("console:groups")).content.decode()
    do_link_groups(first, second, LinkKind.REPLACED, since=clock.now(), at=clock.now(), actor="x")
    assert "现在是「茶友会2群」" in owner.get(reverse("console:groups")).content.decode()


def test_two_groups_of_one_name_are_told_apart_by_number(tea: cast.Tea, owner: Client) -> None:
    do_register_group(
        tea.community_id, NewGroup(carrier="sandbox", ref="again", carrier_name="茶友会1群"), at=clock.now()
    )
    url = reverse("console:group-lineage", args=[tea.groups["g2"]])
    sent = {"side": "before", "other": "茶友会1群", "kind": "replaced", "since": "2024-03-01"}
    response = owner.post(url, sent)
    assert response.status_code == 422
    assert "有 2 个群叫" in response.content.decode()
    assert owner.post(url, {**sent, "other": str(tea.first)}).status_code == 302


def test_the_past_of_a_forebear_is_counted_where_somebody_switches_it_on(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.message(f"old{n}", "an", f"旧群第{n}句") for n in range(5)], "g1")
    cast.arrive([cast.message("heard", "bo", "旧群接话", reply_to="old0")], "g1")
    cast.arrive([cast.message("new", "an", "新群第一句"), cast.message("new2", "bo", "新群第二句")], "g2")
    cast.told()
    second = tea.groups["g2"]
    with cast.later(timedelta(hours=2)):
        do_link_groups(
            tea.first, second, LinkKind.REPLACED, since=clock.now() - timedelta(hours=1), at=clock.now(), actor="x"
        )
        cast.arrive([cast.message("late", "an", "旧群里还有人说话")], "g1")
        cast.told()
        page = owner.get(reverse("console:group", args=[second])).content.decode()
        whole = owner.get(reverse("console:group", args=[second]) + "?past=1").content.decode()
        report = owner.get(reverse("console:group-report-file", args=[second, "json"]) + "?past=1").json()
        alone = owner.get(reverse("console:group-report-file", args=[second, "json"])).json()
        do_place_new()
        talks = reverse("console:group-talks", args=[second])
        talked, talked_alone = (owner.get(talks + asked).content.decode() for asked in ("?past=1", ""))
    assert f'hx-get="{talks}?past=1"' in whole
    assert ("旧群第0句" in talked, "旧群第0句" in talked_alone) == (True, False)
    assert "连同 1 个前身" in page
    assert "2 人说了 2 条" in page
    assert "2 人说了 8 条" in whole, "what came after the day it was followed is no part of the history"
    assert (report["activity"]["messages"], alone["activity"]["messages"]) == (8, 2)
