"""A community's page: what it is, its chain, its KPIs and targets, its stage and checklist, its places."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.screens.conftest import counted

pytestmark = pytest.mark.django_db


def page(client: Client, name: str, *args: object, query: str = "", status: int = 200) -> str:
    response = client.get(reverse(f"console:{name}", args=args) + query)
    assert response.status_code == status
    return response.content.decode()


def send(client: Client, name: str, *args: object, status: int = 302, query: str = "", **fields: Any) -> str:
    response = client.post(reverse(f"console:{name}", args=args) + query, fields)
    assert response.status_code == status, response.content.decode()[-2000:]
    return response.content.decode()


def test_the_page_waits_for_its_numbers_and_shows_them_at_once_afterwards(tea: cast.Tea, owner: Client) -> None:
    counted()
    assert "正在数" in page(owner, "community", tea.community_id)
    board = page(owner, "community-board", tea.community_id)
    assert "还没有运营链" in board
    assert "还没说为什么做" in board
    again = page(owner, "community", tea.community_id)
    assert "正在数" not in again
    assert "还没有运营链" in again


def test_everything_is_shown_when_there_is_a_chain_and_a_purpose(tea: cast.Tea, owner: Client) -> None:
    counted()
    for purpose in ("acquire", "retain"):
        send(owner, "community-chain-lay", tea.community_id, purpose=purpose)
    chain = page(owner, "community-chain", tea.community_id)
    assert "看到广告" in chain
    assert "推荐别人" in chain
    page(owner, "community-kpi", tea.community_id, "kept_7")
