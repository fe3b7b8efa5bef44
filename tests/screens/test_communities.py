"""All communities at a glance: who needs somebody comes first, with the reason; numbers that are kept, and few queries."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qunying.communities.actions_stage import do_set_target
from qunying.communities.models import Community
from qunying.communities.queries import list_counted_homes
from qunying.insights.kpis.board import get_board
from qunying.insights.kpis.glances import list_glances
from qunying.insights.models import Board
from tests import cast
from tests.screens.conftest import counted, signed_in_as

HERE = "/communities/"


@pytest.fixture
def homes(tea: cast.Tea) -> tuple[int, int]:
    """The tea friends, of whom some spoke, with a target they miss; and a community where nothing is."""
    with cast.clock_stands(cast.TUESDAY - timedelta(days=1)):
        cast.arrive([cast.message(f"m{n}", "an", "白茶") for n in range(4)])
        cast.told()
    counted()
    Community.objects.filter(pk=tea.community_id).update(promise="每天一道好茶", purpose=["activate"])
    do_set_target(tea.community_id, "active_week", 7, Decimal("0.9"), unit="", at=cast.TUESDAY, actor="system")
    return tea.community_id, cast.build_tea(name="安静的", groups=("q",)).community_id


def page(client: Client, address: str = HERE) -> str:
    """What stands there."""
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_whoever_needs_somebody_comes_first_with_the_reason(homes: tuple[int, int], owner: Client) -> None:
    tea, quiet = homes
    before = page(owner)
    assert f'hx-get="/communities/{tea}/card/"' in before
    card = page(owner, f"/communities/{tea}/card/")
    assert "1 项目标，1 项没到：周活跃率" in card
    assert "50%" in card
    html = page(owner)
    assert f'hx-get="/communities/{tea}/card/"' not in html
    assert html.index(f'href="/communities/{tea}/"') < html.index(f'href="/communities/{quiet}/"')
    assert "2 个社群，1 个要人看" in html
    assert "每天一道好茶" in html
    assert "先看「" in html
    assert f'<a href="{HERE}">社群</a>' in page(owner, f"/communities/{tea}/")


def test_a_card_tells_what_the_community_page_tells(homes: tuple[int, int], owner: Client) -> None:
    board = get_board(homes[0], 7, cast.TUESDAY)
    line = next(line for line in board.kpis if line.kpi.name == "active_week")
    glance = list_glances(list_counted_homes(homes), 7, cast.TUESDAY)
    assert set(glance) == {homes[0]}
    assert [(one.kpi.name, one.now.value, one.misses) for one in glance[homes[0]].kpis] == [
        ("active_week", line.now.value, True)
    ]


def test_somebody_sees_their_communities_only(homes: tuple[int, int]) -> None:
    lead = signed_in_as("lead", "lead", homes[1])
    html = page(lead)
    assert "安静的" in html
    assert "每天一道好茶" not in html
    assert lead.get(f"/communities/{homes[0]}/card/").status_code == 404


def test_more_communities_need_no_more_queries(homes: tuple[int, int], owner: Client) -> None:
    def asked() -> int:
        page(owner)
        with CaptureQueriesContext(connection) as captured:
            page(owner)
        return len(captured)

    for pk in homes:
        get_board(pk, 7, cast.TUESDAY)
    few = asked()
    for n in range(3):
        home = cast.build_tea(name=f"第{n}个", groups=(f"n{n}",)).community_id
        do_set_target(home, "joins", 7, Decimal(9), unit="", at=cast.TUESDAY, actor="system")
        get_board(home, 7, cast.TUESDAY)
    assert asked() == few
    assert Board.objects.count() == 5


def test_the_page_says_so_when_there_is_none(owner: Client) -> None:
    assert "还没有社群" in page(owner)
