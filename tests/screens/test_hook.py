"""Another program tells the numbers of a chain's links: with a token, once per key, within bounds."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qunying.communities.actions_chain import do_lay_chain
from qunying.communities.actions_numbers import do_make_token
from qunying.communities.queries_chain import (
    list_links,
    list_numbers,
)
from qunying.console.community import hook
from qunying.kernel import clock
from tests import cast
from tests.screens.community_pages import page, send
from tests.screens.conftest import signed_in_as

pytestmark = pytest.mark.django_db
MONDAY = date(2024, 3, 4)


def told(client: Client, tea: cast.Tea, token: str, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
    address = reverse("console:community-hook", args=[tea.community_id])
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = client.post(
        address, data, content_type="application/json", headers={"Authorization": f"Bearer {token}", **headers}
    )
    is_json = response["Content-Type"] == "application/json"
    return response.status_code, json.loads(response.content) if is_json else {}


@pytest.fixture
def shop(tea: cast.Tea) -> str:
    """A chain whose payment is told by a shop, and the shop's token."""
    do_lay_chain(tea.community_id, "convert", at=clock.now(), actor="user:1")
    pay = list_links(tea.community_id)[3]
    client = signed_in_as("boss", "owner")
    send(
        client,
        "community-chain-change",
        tea.community_id,
        pay.id,
        "save",
        kind="pay",
        count_by="webhook",
        unit="people",
    )
    return do_make_token(tea.community_id, at=clock.now(), actor="user:1")


def test_a_program_tells_a_number_once_per_key(tea: cast.Tea, shop: str) -> None:
    client = Client(enforce_csrf_checks=True)
    said = {"link": "付款", "count": 3, "day": str(MONDAY), "key": "order-1"}
    assert told(client, tea, shop, said) == (201, {"kept": True, "new": True})
    assert told(client, tea, shop, said) == (200, {"kept": True, "new": False})
    status, answer = told(client, tea, shop, {**said, "count": 4})
    assert (status, "已经报过另一个数" in answer["error"]) == (409, True)
    assert told(client, tea, shop, {"link": "pay", "count": 2}, **{"Idempotency-Key": "order-2"})[0] == 201
    pay = list_links(tea.community_id)[3]
    today = cast.TUESDAY.date()
    assert list_numbers(tea.community_id, MONDAY, today) == [(pay.series, MONDAY, 3), (pay.series, today, 2)]


def test_nobody_learns_whether_a_community_is_there_without_its_token(tea: cast.Tea, shop: str) -> None:
    client = Client()
    said = {"link": "付款", "count": 3, "key": "k"}
    for token in ("", "x", shop[:-1], shop + "x"):
        assert told(client, tea, token, said)[0] == 404
    address = reverse("console:community-hook", args=[tea.community_id])
    assert client.post(address, json.dumps(said), content_type="application/json").status_code == 404
    assert client.post(reverse("console:community-hook", args=[99999])).status_code == 404
    assert client.get(address).status_code == 405
    assert list_numbers(tea.community_id, MONDAY, cast.TUESDAY.date()) == []


@pytest.mark.parametrize(
    ("body", "status", "why"),
    [
        (b"", 422, "JSON"),
        (b"[1]", 422, "JSON"),
        (b"[" * 4000, 422, "JSON"),
        ({"link": "付款", "count": 3}, 422, "key"),
        ({"link": "付款", "count": 3, "key": "k" * 129}, 422, "key"),
        ({"link": "付款", "count": -1, "key": "k"}, 422, "count"),
        ({"link": "付款", "count": True, "key": "k"}, 422, "count"),
        ({"link": "付款", "count": "3", "key": "k"}, 422, "count"),
        ({"link": "付款", "count": 10**16, "key": "k"}, 422, "count"),
        ({"link": "付款", "count": 1, "key": "k", "day": "yesterday"}, 422, "day"),
        ({"link": "付款", "count": 1, "key": "k", "day": "2024-03-06"}, 422, "day"),
        ({"link": "进社群", "count": 1, "key": "k"}, 422, "进社群"),
        ({"link": ["付款"], "count": 1, "key": "k"}, 422, "环节"),
        ({"link": "付款", "count": 1, "key": "k", "more": "x" * 5000}, 413, "字节"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_is_kept(
    tea: cast.Tea, shop: str, body: Any, status: int, why: str
) -> None:
    found, answer = told(Client(), tea, shop, body)
    assert (found, why in answer["error"]) == (status, True)
    assert list_numbers(tea.community_id, MONDAY, cast.TUESDAY.date() + timedelta(days=2)) == []


def test_a_program_that_tells_too_often_is_told_to_wait(
    tea: cast.Tea, shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hook, "PER_MINUTE", 2)
    answers = [told(Client(), tea, shop, {"link": "付款", "count": 1, "key": f"k{n}"})[0] for n in range(4)]
    assert answers == [201, 201, 429, 429]
    with cast.later(timedelta(minutes=1)):
        assert told(Client(), tea, shop, {"link": "付款", "count": 1, "key": "k9"})[0] == 201


def test_a_token_is_shown_once_and_closed(tea: cast.Tea, owner: Client) -> None:
    html = send(owner, "community-token", tea.community_id, status=200)
    token = re.search(r'<code class="mono">([\w-]{43})</code>', html)
    assert token is not None
    assert token[1] not in page(owner, "community-chain", tea.community_id)
    send(owner, "community-token-drop", tea.community_id)
    assert "停用了" in page(owner, "community-chain", tea.community_id)
    assert told(Client(), tea, token[1], {})[0] == 404
