"""Numbers of some people only, and of parts: the pages answer as the command does, and lead to the people."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from qunying.kernel import clock
from qunying.people.models import Identity
from qunying.people.segments import do_freeze_segment, do_save_segment
from tests import cast
from tests.screens.conftest import signed_in_as


@pytest.fixture
def segment(tea: cast.Tea, owner: Client) -> int:
    """安安 and 小满 by name; 小满 came three weeks ago and spoke, 陈晨 came and did not, 安安 spoke in both groups."""
    with cast.clock_stands(cast.TUESDAY - timedelta(days=21)):
        cast.arrive([cast.join("j1", "man", via="qr"), cast.join("j2", "chen", inviter="an", via="invite")])
        cast.arrive([cast.message("m1", "man", "大家好"), cast.message("a0", "an", "早")])
        cast.told()
    with cast.clock_stands(cast.TUESDAY - timedelta(hours=1)):
        cast.arrive([cast.message("a1", "an", "还在"), cast.message("b1", "bo", "红茶")])
        cast.arrive([cast.message("a2", "an", "这边也在")], "g2")
        cast.told()
    return frozen(tea.community_id, "开口的", "an", "man")


def frozen(community_id: int, name: str, *refs: str) -> int:
    """A segment of exactly these people."""
    user, rule = User.objects.get(username="lin").pk, {"did": "messages", "at_least": 1}
    pk = do_save_segment(community_id, name, "", rule, at=clock.now(), user_id=user)
    people = list(Identity.objects.filter(ref__in=refs).values_list("person_id", flat=True))
    do_freeze_segment(pk, people, at=clock.now(), user_id=user)
    return pk


def page(client: Client, address: str, status: int = 200) -> str:
    """What stands there."""
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def told(*arguments: str) -> list[dict[str, Any]]:
    """The rows that the command answers."""
    out = StringIO()
    call_command("metric", *arguments, "--json", stdout=out)
    rows: list[dict[str, Any]] = json.loads(out.getvalue())["rows"]
    return rows


def links(html: str) -> list[str]:
    """Where its numbers lead."""
    return [unescape(href) for href in re.findall(r'href="(/insights/\w+/people/[^"]+)"', html)]


def test_a_metric_of_a_segment_is_what_the_command_says(segment: int, owner: Client) -> None:
    for name in ("messages", "members", "speakers", "stickiness"):
        (row,) = told(name, "--segment", "开口的")
        html = page(owner, f"/insights/{name}/answer/?segment={segment}&span=all&by=group")
        shown = re.search(r'class="num">([\d.%]+)', html)
        value = f"{row['value']:.1%}" if isinstance(row["value"], float) else str(row["value"])
        assert shown is not None
        assert shown[1].rstrip("%").rstrip("0").rstrip(".") == value.rstrip("%").rstrip("0").rstrip("."), name
        assert "只看「开口的」" in html
    assert told("messages", "--segment", "开口的")[0]["value"] == 4
    assert told("messages")[0]["value"] == 5


def test_a_page_of_a_segment_stands_before_it_is_counted_and_can_be_left(segment: int, owner: Client) -> None:
    html = page(owner, f"/insights/messages/?segment={segment}&span=28")
    assert "，只看「开口的」</h1>" in html
    assert "正在数" in html
    assert f'hx-get="/insights/messages/answer/?segment={segment}&amp;span=28"' in html
    assert 'href="?span=28">看所有人' in html
    assert "看所有人" not in page(owner, "/insights/messages/")


def test_journeys_of_a_segment_are_what_the_command_says(segment: int, owner: Client) -> None:
    rows = told("funnel", "--segment", "开口的")
    html = page(owner, f"/insights/funnel/answer/?segment={segment}&span=all")
    assert [row["people"] for row in rows] == [1, 1]
    assert "1 人里 1 人走到最后一步，100%，只看「开口的」" in html
    assert "2 人里 1 人走到最后一步" in page(owner, "/insights/funnel/answer/?span=all")
    week = told("life_cycle", "--segment", "开口的")[-1]
    assert f"最近一期来过 {week['there']} 人" in page(owner, f"/insights/life_cycle/answer/?segment={segment}&span=all")
    assert "只看「开口的」" in page(owner, f"/insights/paths/answer/?segment={segment}&span=all")
    people = page(owner, links(html)[0])
    assert "小满" in people
    assert "陈晨" not in people


def test_a_segment_out_of_reach_does_not_exist(segment: int, tea: cast.Tea) -> None:
    elsewhere = signed_in_as("far", "lead", cast.build_tea(name="别处", groups=("x",)).community_id)
    for address in ("messages/", "messages/answer/", "funnel/", "funnel/answer/"):
        page(elsewhere, f"/insights/{address}?segment={segment}", status=404)
    page(elsewhere, f"/insights/retention/answer/?by=segment&among={segment}", status=404)
    page(elsewhere, f"/insights/funnel/people/?by=segment&among={segment}&n=1", status=404)


def test_retention_tells_segments_apart_and_leads_to_their_people(segment: int, tea: cast.Tea, owner: Client) -> None:
    other = frozen(tea.community_id, "来过的", "man", "chen")
    html = page(owner, f"/insights/retention/answer/?span=all&every=week&by=segment&among={segment}&among={other}")
    assert "其余的人" in html
    assert html.index("开口的") < html.index("来过的") < html.rindex("其余的人")
    firsts = [href for href in links(html) if "n=0" in href]
    people = page(owner, next(href for href in firsts if f"slot={other}" in href))
    assert "「来过的」里来的 2 人" in people
    assert "陈晨" in people
    assert "安安" not in people
    rest = page(owner, next(href for href in firsts if "slot=&" in href or href.endswith("slot=")))
    assert "阿博" in rest
    form = page(owner, "/insights/retention/?by=segment")
    assert form.count('name="among"') == 2
    assert "一次最多比 5 个人群" in page(
        owner,
        "/insights/retention/answer/?by=segment&among="
        + ",".join(str(frozen(tea.community_id, f"第{n}个", "an")) for n in range(6)),
    )


def test_a_funnel_is_broken_down_with_its_times_and_its_people(segment: int, tea: cast.Tea, owner: Client) -> None:
    html = page(owner, "/insights/funnel/answer/?span=all&by=source")
    assert "扫码" in html
    assert "各行相加就是总数" in html
    steps = [href for href in links(html) if "slot=invite" in href and "n=2" in href]
    assert "陈晨" in page(owner, f"{steps[0]}&did=not")
    for by in ("city", "industry", "layer"):
        assert "总的" in page(owner, f"/insights/funnel/answer/?span=all&by={by}")
    among = page(owner, f"/insights/funnel/answer/?span=all&by=segment&among={segment}")
    assert "其余的人" in among
    assert "相加会多于总数" in among
