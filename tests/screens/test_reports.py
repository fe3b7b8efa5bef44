"""Daily, weekly and monthly reports: to read and to take along, by whoever may see the community."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.screens.conftest import counted


@pytest.fixture
def talk(owner: Client) -> Iterator[cast.Tea]:
    """Two groups, yesterday and today."""
    with cast.clock_stands(cast.TUESDAY - timedelta(days=1)):
        tea = cast.build_tea(groups=["g1", "g2"])
        cast.arrive([cast.message(f"a{n}", "an", f"第{n}泡") for n in range(7)], "g1")
        cast.told()
    with cast.clock_stands(cast.TUESDAY):
        cast.arrive([cast.message("b1", "bo", "早")], "g2")
        cast.told()
        counted()
        yield tea


def get(client: Client, name: str, *args: object, query: str = "", status: int = 200) -> str:
    """The page of that name."""
    response = client.get(reverse(f"console:{name}", args=args) + query)
    assert response.status_code == status
    return response.content.decode()


def test_yesterday_is_told_when_the_daily_report_is_opened(talk: cast.Tea, owner: Client) -> None:
    html = get(owner, "digest", talk.community_id, "day")
    assert "1 个人说了 7 条" in html
    assert "每个群" in html
    assert reverse("console:group", args=[talk.first]) in html


def test_what_takes_longer_comes_after_the_page(talk: cast.Tea, owner: Client) -> None:
    day = f"?day={cast.TUESDAY.date()}"
    address = reverse("console:digest-rest", args=[talk.community_id, "week"]) + day
    assert "留没留下" not in get(owner, "digest", talk.community_id, "week", query=day)
    whole = owner.get(address)
    part = owner.get(address, headers={"HX-Request": "true"})
    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()
    assert part.content.decode().strip() in whole.content.decode()
    assert "新来的人留没留下" in part.content.decode()
    get(owner, "digest-rest", talk.community_id, "day", query="?day=2099-01-01", status=404)


def test_another_day_is_told_when_it_is_asked_for(talk: cast.Tea, owner: Client) -> None:
    today = cast.TUESDAY.date().isoformat()
    html = get(owner, "digest", talk.community_id, "day", query=f"?day={today}")
    assert "比上" not in html
    assert "1 个人说了 1 条" in html
    assert "后一份" not in html


def test_it_is_said_so_when_a_day_is_none(talk: cast.Tea, owner: Client) -> None:
    html = get(owner, "digest", talk.community_id, "week", query="?day=2099-01-01", status=422)
    assert "2099-01-01 还没到" in html
    get(owner, "digest-file", talk.community_id, "week", "json", query="?day=明天", status=422)
    get(owner, "digest", talk.community_id, "year", status=404)
    get(owner, "digest-file", talk.community_id, "day", "exe", status=404)


def test_every_shape_can_be_taken_along(talk: cast.Tea, owner: Client) -> None:
    for shape, begin in (("pdf", b"%PDF"), ("xlsx", b"PK"), ("png", b"\x89PNG"), ("md", b"# ")):
        address = reverse("console:digest-file", args=[talk.community_id, "day", shape])
        assert owner.get(address).content.startswith(begin)
    told = owner.get(reverse("console:digest-file", args=[talk.community_id, "day", "json"])).content
    assert json.loads(told)["now"]["messages"] == 7


def test_all_reports_are_listed_for_whoever_may_see_them(talk: cast.Tea, owner: Client, stranger: Client) -> None:
    assert reverse("console:digest", args=[talk.community_id, "month"]) in get(owner, "reports")
    assert "还没有社群" in get(stranger, "reports")


def test_a_report_is_not_there_when_somebody_may_not_see_the_community(
    talk: cast.Tea, stranger: Client, client: Client
) -> None:
    get(stranger, "digest", talk.community_id, "day", status=404)
    get(stranger, "digest-rest", talk.community_id, "day", status=404)
    get(stranger, "digest-file", talk.community_id, "day", "md", status=404)
    assert client.get(reverse("console:digest", args=[talk.community_id, "day"])).status_code == 302


def test_who_stayed_is_shown_when_the_group_is_opened(talk: cast.Tea, owner: Client) -> None:
    assert reverse("console:group-kept", args=[talk.first]) in get(owner, "group", talk.first)
    assert "哪一周来的" in get(owner, "group-kept", talk.first)
