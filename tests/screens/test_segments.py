"""The builder, its live count, segments and tags as pages; the lines between layers."""

from __future__ import annotations

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qunying.insights.standing import do_keep_layers
from qunying.insights.thresholds import Thresholds, thresholds_of
from qunying.kernel import clock
from qunying.people.segments import find_segment, list_segments
from qunying.people.tags import list_people_tagged, list_tags
from tests import cast
from tests.screens.conftest import signed_in_as
from tests.screens.test_people import HOSTILE, HTMX, person_of, say

NEW = "/people/segments/new/"


@pytest.fixture
def tea(db: None) -> cast.Tea:
    """安安 has spoken, 阿博 has not."""
    tea = cast.build_tea()
    say(tea, person_of("安安", ref="an"), ["早", "早啊", "泡茶", "喝茶"])
    return tea


def form(tea: cast.Tea, *rows: dict[str, str], act: str = "save", **more: str) -> dict[str, str]:
    """The builder's fields with one block of these rows."""
    fields = {"community": str(tea.community_id), "join": "all", "blocks": "1", "join-0": "all"}
    fields |= {"rows-0": str(len(rows)), "act": act, "name": "说话的", "purpose": "问问近况"}
    fields |= {f"0-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}
    return fields | more


SPOKE = {"kind": "messages", "low": "3", "days": "30"}


def test_a_segment_is_built_saved_and_shown_with_its_people(tea: cast.Tea, owner: Client) -> None:
    assert "说过几条话" in owner.get(NEW).content.decode()
    response = owner.post(NEW, form(tea, SPOKE, {"kind": "layer", "not": "not", "picks": "opener"}))
    segment = list_segments(None)[0]
    assert (response.status_code, response["Location"]) == (302, f"/people/segments/{segment.id}/")
    assert segment.rule == {
        "all": [
            {"did": "messages", "at_least": 3, "last_days": 30},
            {"not": {"about": "layer", "any_of": ["opener"]}},
        ]
    }
    page = owner.get(f"/people/segments/{segment.id}/").content.decode()
    assert "最近 30 天说过至少 3 条话，并且不是：在「开口」这一层" in page
    part = owner.get(f"/people/segments/{segment.id}/people/", headers=HTMX).content.decode()
    assert "1 人在「说话的」里" in part
    assert "安安" in part
    assert "阿博" not in part
    assert find_segment(segment.id).people == 1  # type: ignore[union-attr]
    assert "说话的" in owner.get("/people/segments/").content.decode()
    sheet = b"".join(owner.get(f"/people/segments/{segment.id}/export/").streaming_content).decode()  # type: ignore[attr-defined]
    assert "安安" in sheet


def test_the_count_follows_while_it_is_built(tea: cast.Tea, owner: Client) -> None:
    html = owner.post(NEW, form(tea, SPOKE, act="count"), headers=HTMX).content.decode()
    assert "现在有 1 人" in html
    assert "安安" in html
    assert "<html" not in html
    html = owner.post(NEW, form(tea, {"kind": "messages", "low": "0"}, act="count"), headers=HTMX).content.decode()
    assert "现在有 2 人" in html


def test_what_is_wrong_stands_at_its_condition_and_nothing_is_lost(tea: cast.Tea, owner: Client) -> None:
    wrong = {"kind": "messages", "low": "三", "days": "30"}
    response = owner.post(NEW, form(tea, SPOKE, wrong))
    html = response.content.decode()
    assert response.status_code == 422
    assert "要 0 到" in html
    assert 'value="三"' in html
    assert 'value="问问近况"' in html
    assert list_segments(None) == []
    assert "先把标红的条件填好" in owner.post(NEW, form(tea, wrong, act="count"), headers=HTMX).content.decode()


def test_a_segment_without_a_name_comes_back(tea: cast.Tea, owner: Client) -> None:
    response = owner.post(NEW, form(tea, SPOKE, name=" "))
    assert (response.status_code, "要有名字" in response.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("act", "rows"), [("add:0", 3), ("drop:0:1", 1), ("block", 3), ("drop:9:9", 2), ("add:x", 3), ("nonsense", 2)]
)
def test_rows_come_and_go_without_being_saved(tea: cast.Tea, owner: Client, act: str, rows: int) -> None:
    html = owner.post(NEW, form(tea, SPOKE, {"kind": "city", "words": "上海"}, act=act), headers=HTMX).content.decode()
    assert len(re.findall(r'name="\d-\d-kind"', html)) == rows
    assert list_segments(None) == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"kind": "city", "words": "沪，杭州"}, {"about": "city", "any_of": ["上海", "杭州"]}),
        ({"kind": "silent", "days": "14"}, {"silent_days": 14}),
        ({"kind": "joined", "since": "2026-01-01"}, {"joined": {"from": "2026-01-01"}}),
        (
            {"kind": "amount", "low": "99.5", "currency": "CNY"},
            {"did": "amount", "at_least": "99.50", "currency": "CNY"},
        ),
        ({"kind": "deed", "deed": "visit", "high": "2"}, {"did": "deed:visit", "at_most": 2}),
        ({"kind": "via", "picks": "qr"}, {"about": "via", "any_of": ["qr"]}),
        ({"kind": "inviter", "words": "7"}, {"about": "inviter", "any_of": [7]}),
    ],
    ids=str,
)
def test_every_kind_of_condition_is_filled_in_and_opened_again(
    tea: cast.Tea, owner: Client, row: dict[str, str], said: object
) -> None:
    owner.post(NEW, form(tea, row))
    segment = list_segments(None)[0]
    assert segment.rule == said
    html = owner.get(f"/people/segments/{segment.id}/edit/").content.decode()
    assert re.search(rf'<option value="{row["kind"]}" selected>', html)
    assert owner.get(f"/people/segments/{segment.id}/people/").status_code == 200


def test_a_rule_deeper_than_the_form_is_changed_as_text(tea: cast.Tea, owner: Client) -> None:
    owner.post(NEW, form(tea, SPOKE))
    segment = list_segments(None)[0]
    address = f"/people/segments/{segment.id}/edit/"
    deep = {"not": {"all": [{"silent_days": 3}, {"any": [{"silent_days": 4}, {"about": "tag", "any_of": [9]}]}]}}
    fields = {"text": json.dumps(deep), "name": "深的", "act": "save"}
    assert owner.post(address, fields).status_code == 302
    assert "<textarea" in owner.get(address).content.decode()
    wrong = owner.post(address, fields | {"text": '{"not": {"silent_days": 0}}'})
    assert (wrong.status_code, "not.silent_days" in wrong.content.decode()) == (422, True)


def test_a_segment_is_frozen_thawed_and_removed(tea: cast.Tea, owner: Client) -> None:
    owner.post(NEW, form(tea, SPOKE))
    segment = list_segments(None)[0]
    address = f"/people/segments/{segment.id}/"
    assert "定格了，1 人" in owner.post(f"{address}freeze/", follow=True).content.decode()
    say(tea, person_of("阿博", ref="bo"), ["一", "二", "三"])
    assert "1 人在" in owner.get(f"{address}people/").content.decode()
    owner.post(f"{address}freeze/?thaw=1")
    assert "2 人在" in owner.get(f"{address}people/").content.decode()
    owner.post(f"{address}remove/")
    assert owner.get(address).status_code == 404


def test_nobody_sees_segments_and_tags_beyond_their_reach(tea: cast.Tea, owner: Client, stranger: Client) -> None:
    other = cast.build_tea(groups=("x1",), name="别家")
    owner.post(NEW, form(tea, SPOKE))
    owner.post(NEW, form(tea, SPOKE, name="所有人的", community=""))
    owner.post(f"/people/tags/?community={tea.community_id}", {"name": "新手"})
    ours, everybodys = (next(one for one in list_segments(None) if one.name == name) for name in ("说话的", "所有人的"))
    lead = signed_in_as("lead", "lead", other.community_id)
    here = signed_in_as("here", "lead", tea.community_id)
    tag = list_tags(None, clock.now())[0]
    for client, allowed in ((lead, set()), (stranger, set()), (here, {ours.id})):
        for segment in (ours, everybodys):
            for rest in ("", "people/", "edit/", "export/"):
                status = client.get(f"/people/segments/{segment.id}/{rest}").status_code
                assert (status == 200) is (segment.id in allowed), (segment.name, rest)
        seen = client.get("/people/segments/").content.decode()
        assert (f"/people/segments/{ours.id}/" in seen) is bool(allowed)
        assert "所有人的" not in seen
        assert (client.get(f"/people/tags/{tag.id}/").status_code == 200) is bool(allowed)
        for verb in ("freeze", "remove"):
            assert client.post(f"/people/segments/{everybodys.id}/{verb}/").status_code == 404
    assert lead.post(NEW, form(tea, SPOKE)).status_code == 404
    assert "安安" not in lead.post(NEW, form(tea, SPOKE, act="count", community="")).content.decode()
    assert len(list_segments(None)) == 2


def test_who_may_only_read_counts_and_keeps_nothing(tea: cast.Tea, analyst: Client) -> None:
    assert "现在有 1 人" in analyst.post(NEW, form(tea, SPOKE, act="count"), headers=HTMX).content.decode()
    assert analyst.post(NEW, form(tea, SPOKE)).status_code == 404
    assert "存下人群" not in analyst.get(NEW).content.decode()
    assert analyst.post(f"/people/tags/?community={tea.community_id}", {"name": "新手"}).status_code == 404


def test_hostile_names_are_shown_as_text(tea: cast.Tea, owner: Client) -> None:
    owner.post(NEW, form(tea, {"kind": "city", "words": HOSTILE[:60]}, name=HOSTILE, purpose=HOSTILE))
    segment = list_segments(None)[0]
    for address in ("/people/segments/", f"/people/segments/{segment.id}/", f"/people/segments/{segment.id}/edit/"):
        assert HOSTILE not in owner.get(address).content.decode()


def test_a_tag_is_made_given_in_every_way_and_shown_as_the_portrait(tea: cast.Tea, owner: Client) -> None:
    an = person_of("安安", ref="an")
    tags = f"/people/tags/?community={tea.community_id}"
    assert "还没有标签" in owner.get(tags).content.decode()
    assert owner.post(tags, {"name": ""}).status_code == 422
    owner.post(tags, {"name": "新手", "purpose": "多讲一遍", "days": "30"})
    tag = list_tags(None, clock.now())[0]
    assert (
        "「安安」有了「新手」" in owner.post(f"/people/{an}/tags/give/", {"tag": tag.id}, follow=True).content.decode()
    )
    assert f"/people/{an}/traits/" in owner.get(f"/people/{an}/").content.decode()
    assert "手动打的" in owner.get(f"/people/{an}/traits/", headers=HTMX).content.decode()
    assert "新手 33%" in owner.get(tags).content.decode()  # of three: 小李 is a member of staff and sits there too
    owner.post(f"/people/{an}/tags/take/", {"tag": tag.id})
    assert list_people_tagged([tag.id], [tea.community_id], clock.now()) == []
    assert "已结束" in owner.get(f"/people/{an}/traits/").content.decode()
    owner.post(NEW, form(tea, SPOKE))
    segment = list_segments(None)[0]
    told = owner.post(f"/people/segments/{segment.id}/tag/", {"tag": tag.id}, follow=True).content.decode()
    assert "1 人打上了「新手」" in told
    undo = re.search(rf"/people/tags/{tag.id}/undo/\w+/", told)
    assert undo is not None
    owner.post(undo[0])
    assert list_people_tagged([tag.id], [tea.community_id], clock.now()) == []


def test_a_file_of_people_is_tagged_and_its_wrong_lines_are_told(tea: cast.Tea, owner: Client) -> None:
    owner.post(f"/people/tags/?community={tea.community_id}", {"name": "新手"})
    tag = list_tags(None, clock.now())[0]
    address = f"/people/tags/{tag.id}/import/"
    file = SimpleUploadedFile("people.csv", "名字\n安安\n没有这个人\n".encode())
    html = owner.post(address, {"file": file}).content.decode()
    assert "没有名字是「没有这个人」的成员" in html
    assert "1 人打上了" in html
    assert list_people_tagged([tag.id], [tea.community_id], clock.now()) == [person_of("安安", ref="an")]
    assert owner.post(address).status_code == 422
    bad = owner.post(address, {"file": SimpleUploadedFile("x.csv", b"a,b\n1,2\n")})
    assert (bad.status_code, "第 1 行要写明" in bad.content.decode()) == (422, True)
    owner.post(f"/people/tags/{tag.id}/", {"name": "新人"})
    assert list_tags(None, clock.now())[0].name == "新人"
    owner.post(f"/people/tags/{tag.id}/retire/")
    assert owner.get(f"/people/tags/{tag.id}/").status_code == 404


def test_the_lines_between_layers_are_tried_before_they_are_kept(tea: cast.Tea, owner: Client) -> None:
    do_keep_layers(clock.now())
    address = f"/settings/community/{tea.community_id}/layers/"
    assert "现在人是这样分的" in owner.get(address).content.decode()
    fields = {"layers-days": "30", "layers-openings": "2", "layers-days_spoken": "9", "layers-messages": "9"}
    tried = owner.post(address, fields | {"try": "1"}, headers=HTMX).content.decode()
    assert "1 → <b>0</b>" in tried
    assert thresholds_of([tea.community_id])[tea.community_id] == Thresholds()
    assert owner.post(address, fields | {"layers-days": "0"}).status_code == 422
    owner.post(address, fields)
    assert thresholds_of([tea.community_id])[tea.community_id] == Thresholds(days_spoken=9, messages=9)
    operator = signed_in_as("op", "operator")
    assert operator.get(address).status_code == 404


def test_a_persons_page_says_in_which_layer_they_stand(tea: cast.Tea, owner: Client) -> None:
    do_keep_layers(clock.now())
    an = person_of("安安", ref="an")
    page = owner.get(f"/people/{an}/traits/").content.decode()
    assert "整个「茶友会」" in page
    assert "跟话" in page
    say(tea, person_of("阿博", ref="bo"), ["一", "二", "三"])
    do_keep_layers(clock.now())
    bo = owner.get(f"/people/{person_of('阿博', ref='bo')}/?kind=layers").content.decode()
    assert re.search("从「(潜水|沉睡)」变成「跟话」", bo)
