"""A group's own settings: what may be chosen there, and what is refused as it is for the community."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from qunying.communities.queries import layers_of_group
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea(db: None) -> Iterator[cast.Tea]:
    """The tea friends."""
    with cast.clock_stands(cast.TUESDAY):
        yield cast.build_tea()


def test_a_group_chooses_a_ladder_of_its_own_or_follows_the_community(tea: cast.Tea, owner: Client) -> None:
    address = reverse("console:group-capability", args=[tea.first, "order"])
    html = owner.get(reverse("console:group-settings", args=[tea.first])).content.decode()
    assert '<option value="" selected>跟社群一样：提醒 → 警告 → 禁言 10 分钟 → 移出</option>' in html
    owner.post(address, {"mode": "", "order-ladder": "links-twice", "order-steps": ""})
    assert layers_of_group(tea.community_id, tea.first)[1]["order"].settings == {"ladder": "links-twice"}
    owner.post(address, {"mode": "", "order-ladder": ""})
    assert layers_of_group(tea.community_id, tea.first)[1]["order"].settings == {}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"order-ladder": "none"}, "none"),
        ({"order-steps": "remove\nwarn"}, "第 1 级已经移出群"),
        ({"order-words": "正则：("}, "没法找"),
        ({"order-act_from": "60", "order-ask_from": "70"}, "直接处理要的把握（60%）不能比请人看的（70%）还低"),
        ({"order-ask_from": "90"}, "直接处理要的把握（80%）不能比请人看的（90%）还低"),
    ],
)
def test_rules_of_a_group_are_checked_as_those_of_its_community(
    tea: cast.Tea, owner: Client, wrong: dict[str, str], says: str
) -> None:
    address = reverse("console:group-capability", args=[tea.first, "order"])
    refused = owner.post(address, {"mode": "", **wrong})
    assert refused.status_code == 422
    assert says in refused.content.decode()
    assert layers_of_group(tea.community_id, tea.first)[1] == {}
