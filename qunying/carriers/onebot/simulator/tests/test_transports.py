"""The wire itself: tokens, paths, bodies, echoes, suffixes, formats, beats."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from aiohttp import ClientSession, WSServerHandshakeError

from ..segments import image
from ..simulator import Simulator
from ..wiring import Wiring
from .stage import ANN, BOT, GROUP, Client, build_world, connected, played

pytestmark = pytest.mark.server
BEARER = {"Authorization": "Bearer t"}


@pytest.mark.parametrize(
    ("headers", "query", "status"),
    [
        ({}, "", 401),
        ({"Authorization": "Bearer wrong"}, "", 403),
        ({}, "?access_token=wrong", 403),
        (BEARER, "", 200),
        ({}, "?access_token=t", 200),
    ],
)
def test_nobody_comes_in_without_the_token_when_there_is_one(headers: dict[str, str], query: str, status: int) -> None:
    async def scene(simulator: Simulator) -> None:
        async with ClientSession(headers=headers) as session:
            async with session.get(f"{simulator.url(BOT)}/get_status{query}") as response:
                assert response.status == status
            if status == 200:
                async with session.ws_connect(simulator.ws_url(BOT) + query) as socket:
                    assert (await socket.receive_json())["sub_type"] == "connect"
            else:
                with pytest.raises(WSServerHandshakeError, match=str(status)):
                    await session.ws_connect(simulator.ws_url(BOT) + query)

    played(scene, Wiring(BOT, token="t"))


FORM = "application/x-www-form-urlencoded"
REQUESTS: dict[str, tuple[str, str, str, str, int]] = {
    "query": ("GET", f"/set_group_card?group_id={GROUP}&user_id={ANN}&card=a%20b", "", "", 200),
    "json": ("POST", "/set_group_card", "application/json", json.dumps({"group_id": GROUP, "user_id": ANN}), 200),
    "json with charset": ("POST", "/get_status", "application/json; charset=utf-8", "{}", 200),
    "form": ("POST", "/set_group_card", FORM, f"group_id={GROUP}&user_id={ANN}&card=a", 200),
    "no body": ("POST", "/get_login_info", "", "", 200),
    "refused": ("GET", f"/set_group_kick?group_id={GROUP}&user_id=30000", "", "", 200),
    "missing": ("GET", "/set_group_card", "", "", 200),
    "suffix": ("GET", f"/send_group_msg_async?group_id={GROUP}&message=x", "", "", 200),
    "unknown": ("GET", "/make_coffee", "", "", 404),
    "unknown with suffix": ("GET", "/make_coffee_async", "", "", 404),
    "root": ("GET", "/", "", "", 404),
    "other type": ("POST", "/get_status", "text/plain", "{}", 406),
    "no json": ("POST", "/get_status", "application/json", "{", 400),
    "no object": ("POST", "/get_status", "application/json", "[]", 400),
    "other method": ("PUT", "/get_status", "application/json", "{}", 405),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_http_answers_with_its_code_when_a_request_is_good_or_not(name: str) -> None:
    method, path, kind, body, status = REQUESTS[name]

    async def scene(simulator: Simulator) -> None:
        headers = {"Content-Type": kind} if kind else {}
        async with (
            ClientSession() as session,
            session.request(method, simulator.url(BOT) + path, data=body or None, headers=headers) as response,
        ):
            assert response.status == status, await response.text()
            if status == 200:
                answered = await response.json()
                expected = {"refused": ("failed", 200), "missing": ("failed", 1400), "suffix": ("async", 1)}
                assert (answered["status"], answered["retcode"]) == expected.get(name, ("ok", 0))

    played(scene)


@pytest.mark.parametrize("echo", [1, "x", None, {"a": [1, None]}, [], False])
def test_the_echo_comes_back_untouched_when_there_was_one(echo: Any) -> None:
    async def scene(simulator: Simulator) -> None:
        async with connected(simulator) as client:
            await client.socket.send_json({"action": "get_status", "echo": echo})
            answered = await client.frame()
            assert (answered["status"], answered["echo"]) == ("ok", echo)
            await client.socket.send_json({"action": "get_status"})
            assert "echo" not in await client.frame()

    played(scene)


@pytest.mark.parametrize(
    ("frame", "retcode"),
    [
        ("{", 1400),
        ("[]", 1400),
        ('{"params":{}}', 1400),
        ('{"action":5}', 1400),
        ('{"action":"get_msg","params":[]}', 1400),
        ('{"action":"get_msg"}', 1400),
        ('{"action":"make_coffee"}', 1404),
        ('{"action":"make_coffee_async"}', 1404),
    ],
)
def test_a_frame_is_answered_with_its_fault_when_it_is_no_good_request(frame: str, retcode: int) -> None:
    async def scene(simulator: Simulator) -> None:
        async with connected(simulator) as client:
            await client.socket.send_str(frame)
            answered = await client.frame()
            assert (answered["status"], answered["retcode"]) == ("failed", retcode)
            assert (await client.call("get_status"))["status"] == "ok"

    played(scene)


def test_paths_have_their_roles_when_an_application_dials() -> None:
    world = build_world()

    async def scene(simulator: Simulator) -> None:
        async with (
            connected(simulator, path="api") as api,
            connected(simulator, path="event") as event,
            connected(simulator, path="anything/else") as both,
        ):
            world.say(GROUP, ANN, "早")
            assert (await event.event(post_type="message"))["raw_message"] == "早"
            await event.socket.send_json({"action": "get_status", "echo": 1})
            assert (await api.frame_or_none(), (await api.call("get_status"))["status"]) == (None, "ok")
            assert (await both.call("get_status"))["status"] == "ok"
            assert (await both.event(post_type="message"))["raw_message"] == "早"
            assert await event.frame_or_none() is None

    played(scene, world=world)


def test_messages_are_strings_when_the_account_is_set_to_that() -> None:
    world = build_world()

    async def scene(simulator: Simulator) -> None:
        async with connected(simulator) as client:
            world.say(GROUP, ANN, "[CQ:at,qq=10001]&amp;早")
            heard = await client.event(post_type="message")
            assert heard["message"] == heard["raw_message"] == "[CQ:at,qq=10001]&amp;早"
            assert heard["message_format"] == "string"

    played(scene, Wiring(BOT, message_format="string"), world=world)


def test_an_action_happens_later_when_its_name_asks_for_that() -> None:
    world = build_world()
    said_at: list[float] = []

    async def scene(simulator: Simulator) -> None:
        world.state.listeners.append(lambda *_: said_at.append(asyncio.get_running_loop().time()))
        async with connected(simulator) as client:
            for number in range(3):
                answered = await client.call("send_group_msg_rate_limited", group_id=GROUP, message=str(number))
                assert (answered["status"], answered["retcode"], answered["data"]) == ("async", 1, None)
            while len(world.list_said(GROUP)) < 3:
                await asyncio.sleep(0.01)
            assert [each.text for each in world.list_said(GROUP)] == ["0", "1", "2"]
            assert said_at[-1] - said_at[0] >= 0.09
            await client.call("set_group_ban_async", group_id=GROUP, user_id=ANN, duration=60)
            await client.event(notice_type="group_ban")

    played(scene, Wiring(BOT, rate_limit=0.05), world=world)


def test_a_heart_beats_when_it_is_set_to() -> None:
    async def scene(simulator: Simulator) -> None:
        async with connected(simulator) as client:
            beat = await client.event(meta_event_type="heartbeat")
            assert (beat["interval"], beat["status"]["online"]) == (50, True)
            simulator.world.go_offline(BOT)
            while (await client.event(meta_event_type="heartbeat"))["status"]["online"]:
                pass

    played(scene, Wiring(BOT, heartbeat=0.05))


def test_events_come_as_a_stream_when_asked_for_by_http() -> None:
    world = build_world()

    async def scene(simulator: Simulator) -> None:
        async with ClientSession(headers=BEARER) as session, session.get(f"{simulator.url(BOT)}/_events") as response:
            world.say(GROUP, ANN, "早")
            heard = [json.loads((await _line(response)).removeprefix("data: ")) for _ in range(2)]
            assert [each["post_type"] for each in heard] == ["meta_event", "message"]

    played(scene, Wiring(BOT, token="t"), world=world)


async def _line(response: Any) -> str:
    while not (line := (await asyncio.wait_for(response.content.readline(), 5)).decode().strip()):
        pass
    return line


def test_a_picture_can_be_fetched_without_token_when_somebody_showed_it() -> None:
    world = build_world()

    async def scene(simulator: Simulator) -> None:
        async with connected(simulator, token="t") as client, ClientSession() as session:
            world.say(GROUP, ANN, image("base64://iVBORw0KGgo="))
            url = (await client.event(post_type="message"))["message"][0]["data"]["url"]
            async with session.get(url) as response:
                assert await response.read() == b"\x89PNG\r\n\x1a\n"
            async with session.get(url + "x") as response:
                assert response.status == 404

    played(scene, Wiring(BOT, token="t"), world=world)


def test_answers_keep_their_order_when_many_are_asked_at_once() -> None:
    async def scene(simulator: Simulator) -> None:
        async with connected(simulator) as client:
            await _many(client, 200)

    played(scene)


async def _many(client: Client, count: int) -> None:
    for number in range(count):
        await client.socket.send_json({"action": "get_login_info", "echo": number})
    assert [(await client.frame())["echo"] for _ in range(count)] == list(range(count))
