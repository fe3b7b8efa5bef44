"""Applications that we dial or post to, played by small servers of our own."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from ..posting import sign
from ..simulator import Simulator
from ..wiring import Post, Reverse, Wiring
from ..world import World
from .stage import ANN, BOT, GROUP, SECOND, STRANGER, build_world

pytestmark = pytest.mark.server


@dataclass
class Server:
    """An application: who dialled it, what was posted to it, and what it answers."""

    url: str = ""
    dialled: list[dict[str, str]] = field(default_factory=list)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    frames: list[dict[str, Any]] = field(default_factory=list)
    posted: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answer: Callable[[dict[str, Any]], Any] = lambda event: None

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.dialled.append(dict(request.headers))
        self.sockets.append(socket)
        async for message in socket:
            self.frames.append(json.loads(message.data))
        return socket

    async def post(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.posted.append((dict(request.headers), body))
        answered = self.answer(json.loads(body))
        return web.Response(status=204) if answered is None else web.json_response(answered)

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.posted]


@asynccontextmanager
async def application() -> AsyncIterator[Server]:
    server = Server()
    app = web.Application()
    app.router.add_get("/ws", server.socket)
    app.router.add_post("/", server.post)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()


async def soon(is_so: Callable[[], Any]) -> None:
    async def wait() -> None:
        while not is_so():
            await asyncio.sleep(0.01)

    await asyncio.wait_for(wait(), 10)


def with_app(
    wire: Callable[[str], Wiring], scene: Callable[[Server, World, Simulator], Awaitable[None]], **answers: Any
) -> None:
    """Plays a scene with an application that our account is wired to."""

    async def play() -> None:
        async with application() as server:
            vars(server).update(answers)
            async with Simulator(build_world(), wire(server.url)) as simulator:
                await scene(server, simulator.world, simulator)

    asyncio.run(play())


def test_an_application_is_told_who_calls_when_it_is_dialled() -> None:
    async def scene(server: Server, world: World, simulator: Simulator) -> None:
        await soon(lambda: server.frames)
        headers = server.dialled[0]
        assert (headers["X-Self-ID"], headers["X-Client-Role"]) == (str(BOT), "Universal")
        assert headers["Authorization"] == "Bearer t"
        assert (server.frames[0]["meta_event_type"], server.frames[0]["sub_type"]) == ("lifecycle", "connect")
        await server.sockets[0].send_json({"action": "get_login_info", "echo": 7})
        await soon(lambda: len(server.frames) > 1)
        assert (server.frames[1]["echo"], server.frames[1]["data"]["user_id"]) == (7, BOT)

    with_app(lambda url: Wiring(BOT, token="t", reverse=(Reverse(f"{url}/ws"),)), scene)


def test_calls_and_events_go_apart_when_they_are_dialled_apart() -> None:
    async def scene(server: Server, world: World, simulator: Simulator) -> None:
        await soon(lambda: len(server.dialled) == 2)
        roles = [each["X-Client-Role"] for each in server.dialled]
        assert sorted(roles) == ["API", "Event"]
        assert "Authorization" not in server.dialled[0]
        await server.sockets[roles.index("Event")].send_json({"action": "get_status", "echo": "no"})
        await server.sockets[roles.index("API")].send_json({"action": "get_status", "echo": "yes"})
        world.say(GROUP, ANN, "早")
        await soon(lambda: len(server.frames) == 3)
        assert [each.get("echo", each.get("post_type")) for each in server.frames if "interval" not in each].count(
            "no"
        ) == 0
        assert sum(each.get("raw_message") == "早" for each in server.frames) == 1

    def wire(url: str) -> Wiring:
        return Wiring(BOT, reverse=(Reverse(f"{url}/ws", "API"), Reverse(f"{url}/ws", "Event")))

    with_app(wire, scene)


def test_an_application_is_dialled_again_when_the_connection_broke() -> None:
    async def scene(server: Server, world: World, simulator: Simulator) -> None:
        await soon(lambda: len(server.dialled) == 1)
        simulator.drop(BOT)
        await soon(lambda: len(server.dialled) == 2)
        await server.sockets[-1].close()
        await soon(lambda: len(server.dialled) == 3)
        simulator.cut(BOT, keep=True)
        await asyncio.sleep(0.1)
        assert len(server.dialled) == 3
        world.say(GROUP, ANN, "meanwhile")
        simulator.replace(BOT, SECOND)
        simulator.mend(BOT)
        await soon(lambda: len(server.dialled) == 4)
        await soon(lambda: any(each.get("raw_message") == "meanwhile" for each in server.frames))
        assert server.dialled[-1]["X-Self-ID"] == str(SECOND)

    with_app(lambda url: Wiring(BOT, reverse=(Reverse(f"{url}/ws", again_after=0.02),)), scene)


def test_nothing_breaks_when_nobody_is_there_to_be_dialled() -> None:
    async def scene(server: Server, world: World, simulator: Simulator) -> None:
        world.say(GROUP, ANN, "早")
        await asyncio.sleep(0.1)
        assert not simulator.is_heard(BOT)

    with_app(lambda url: Wiring(BOT, reverse=(Reverse("ws://127.0.0.1:9/ws", again_after=0.02),)), scene)


def test_events_are_posted_in_order_and_signed_when_there_is_a_secret() -> None:
    async def scene(server: Server, world: World, simulator: Simulator) -> None:
        for number in range(5):
            world.say(GROUP, ANN, f"第{number}句")
        await soon(lambda: len(server.posted) == 6)
        assert [each.get("raw_message") for each in server.events()] == [None, *(f"第{each}句" for each in range(5))]
        for headers, body in server.posted:
            assert headers["X-Signature"] == "sha1=" + hmac.new(b"geheim", body, hashlib.sha1).hexdigest()
            assert (headers["X-Self-ID"], headers["Content-Type"]) == (str(BOT), "application/json")

    with_app(lambda url: Wiring(BOT, posts=(Post(url, "geheim"),)), scene)


def test_the_signature_is_the_published_one_when_the_key_is_known() -> None:
    # RFC 2202, test case 2
    assert sign("Jefe", b"what do ya want for nothing?") == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"


def test_an_answer_to_a_post_is_done_when_it_is_a_quick_operation() -> None:
    async def scene(server: Server, world: World, simulator: Simulator) -> None:
        message = world.say(GROUP, ANN, "加微信")
        await soon(lambda: message.is_recalled)
        assert [each.text for each in world.list_said(GROUP)] == [" 请不要发广告"]
        assert world.state.member(GROUP, ANN).muted_until
        request = world.ask(GROUP, STRANGER, "x")
        await soon(lambda: request.is_approved is not None)
        assert (request.is_approved, request.reason) == (False, "请写明来源")
        assert all("X-Signature" not in headers for headers, _ in server.posted)

    def answer(event: dict[str, Any]) -> Any:
        if event["post_type"] == "request":
            return {"approve": False, "reason": "请写明来源"}
        return {"reply": "请不要发广告", "delete": True, "ban": True} if event["post_type"] == "message" else None

    with_app(lambda url: Wiring(BOT, posts=(Post(url),)), scene, answer=answer)


def test_posting_goes_on_when_an_answer_makes_no_sense() -> None:
    answers = iter([{"kick": True}, [1], {"ban": "perhaps"}, {"reply": {"type": 1}}, {"delete": True}, *[None] * 9])

    async def scene(server: Server, world: World, simulator: Simulator) -> None:
        said = [world.say(GROUP, user, "x") for user in (30000, ANN, ANN, ANN)]
        await soon(lambda: said[-1].is_recalled)
        assert not any(each.is_recalled for each in said[:-1])

    with_app(lambda url: Wiring(BOT, posts=(Post(url),)), scene, answer=lambda event: next(answers))
