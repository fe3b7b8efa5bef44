"""What goes wrong on demand: lines that break, answers that do not come, accounts that fall off."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import ClientError, ClientSession, WSServerHandshakeError

from ..faults import MALFORMED, Fault, Kind
from ..simulator import Simulator
from ..wiring import Wiring
from ..world import World
from .stage import ANN, BOT, GROUP, SECOND, Client, build_world, connected, played

pytestmark = pytest.mark.server


def with_fault(fault: Fault, scene: Callable[[Client, World], Awaitable[None]]) -> None:
    """Plays a scene in which the application's next answers go wrong."""
    world = build_world()

    async def play(simulator: Simulator) -> None:
        async with connected(simulator) as client:
            simulator.fault(BOT, fault)
            await scene(client, world)

    played(play, Wiring(BOT), world=world)


async def send(client: Client, words: str = "早") -> None:
    params = {"group_id": GROUP, "message": words}
    await client.socket.send_json({"action": "send_group_msg", "params": params, "echo": words})


@pytest.mark.parametrize(("kind", "is_done"), [("never", True), ("lost", False)])
def test_no_answer_comes_when_it_is_lost_on_the_way(kind: Kind, *, is_done: bool) -> None:
    async def scene(client: Client, world: World) -> None:
        await send(client)
        assert await client.frame_or_none() is None
        assert bool(world.list_said(GROUP)) is is_done
        await send(client, "晚")
        assert (await client.frame())["echo"] == "晚"

    with_fault(Fault(kind), scene)


def test_an_answer_comes_after_others_when_it_is_late() -> None:
    async def scene(client: Client, world: World) -> None:
        await send(client, "一")
        await send(client, "二")
        assert [(await client.frame())["echo"] for _ in range(2)] == ["二", "一"]
        assert [each.text for each in world.list_said(GROUP)] == ["一", "二"]

    with_fault(Fault("late", seconds=0.6), scene)


def test_an_answer_comes_twice_when_it_is_doubled() -> None:
    async def scene(client: Client, world: World) -> None:
        await send(client)
        assert await client.frame() == await client.frame()
        assert len(world.list_said(GROUP)) == 1

    with_fault(Fault("twice"), scene)


def test_an_answer_cannot_be_read_when_it_is_garbled() -> None:
    async def scene(client: Client, world: World) -> None:
        await send(client)
        assert (await client.socket.receive()).data == MALFORMED
        assert len(world.list_said(GROUP)) == 1

    with_fault(Fault("garbled"), scene)


def test_the_connection_breaks_instead_of_an_answer_when_it_is_cut() -> None:
    async def scene(client: Client, world: World) -> None:
        await send(client)
        assert await client.is_closed()
        assert len(world.list_said(GROUP)) == 1

    with_fault(Fault("cut"), scene)


def test_only_the_named_action_is_refused_and_only_so_often_when_a_fault_says_so() -> None:
    async def scene(client: Client, world: World) -> None:
        for expected in ("failed", "failed", "ok"):
            assert (await client.call("get_status"))["status"] == "ok"
            answered = await client.call("send_group_msg", group_id=GROUP, message="早")
            assert answered["status"] == expected
        assert len(world.list_said(GROUP)) == 1

    with_fault(Fault("refused", "send_group_msg", times=2, words="风控"), scene)


@pytest.mark.parametrize("kind", ["garbled", "late", "cut", "twice"])
def test_http_answers_go_wrong_too_when_asked_for(kind: Kind) -> None:
    async def scene(simulator: Simulator) -> None:
        simulator.fault(BOT, Fault(kind, seconds=0.1))
        async with ClientSession() as session:
            if kind == "cut":
                with pytest.raises(ClientError):
                    await session.post(f"{simulator.url(BOT)}/get_status")  # a GET would be tried again
                return
            async with session.get(f"{simulator.url(BOT)}/get_status") as response:
                words = await response.text()
        assert (words == MALFORMED) is (kind == "garbled")

    played(scene, Wiring(BOT))


def test_http_is_not_answered_when_the_answer_never_comes() -> None:
    async def scene(simulator: Simulator) -> None:
        simulator.fault(BOT, Fault("never"))
        async with ClientSession() as session:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(session.get(f"{simulator.url(BOT)}/get_status"), 0.2)

    played(scene, Wiring(BOT))


@pytest.mark.parametrize(("keep", "heard"), [(True, ["中", "后"]), (False, ["后"])])
def test_what_happens_meanwhile_is_kept_or_lost_when_a_line_is_cut(heard: list[str], *, keep: bool) -> None:
    world = build_world()

    async def scene(simulator: Simulator) -> None:
        async with connected(simulator) as client:
            world.say(GROUP, ANN, "前")
            assert (await client.event(post_type="message"))["raw_message"] == "前"
            simulator.cut(BOT, keep=keep)
            assert await client.is_closed()
        with pytest.raises(WSServerHandshakeError, match="503"):
            async with connected(simulator):
                pass
        world.say(GROUP, ANN, "中")
        simulator.mend(BOT)
        async with connected(simulator) as client:
            world.say(GROUP, ANN, "后")
            assert [(await client.frame())["raw_message"] for _ in heard] == heard

    played(scene, Wiring(BOT), world=world)


def test_everybody_may_come_back_at_once_when_a_line_is_only_dropped() -> None:
    async def scene(simulator: Simulator) -> None:
        async with connected(simulator) as client, connected(simulator, path="api") as other:
            simulator.drop(BOT)
            assert await client.is_closed()
            assert await other.is_closed()
        async with connected(simulator) as client:
            assert (await client.call("get_status"))["status"] == "ok"

    played(scene, Wiring(BOT))


def test_anything_is_sent_as_it_is_when_asked_for() -> None:
    async def scene(simulator: Simulator) -> None:
        async with connected(simulator) as client:
            for frame in ("{", "[]", '"x"', '{"post_type":"message"}'):
                simulator.send_raw(BOT, frame)
                assert (await client.socket.receive()).data == frame

    played(scene, Wiring(BOT))


def test_an_account_says_farewell_and_comes_back_when_it_was_logged_out() -> None:
    world = build_world()

    async def scene(simulator: Simulator) -> None:
        async with connected(simulator) as client:
            world.go_offline(BOT, message="别处登录")
            assert (await client.event(notice_type="bot_offline"))["message"] == "别处登录"
            assert (await client.call("send_group_msg", group_id=GROUP, message="x"))["status"] == "failed"
            world.say(GROUP, ANN, "没听到")
            world.go_online(BOT)
            world.say(GROUP, ANN, "听到")
            assert (await client.event(post_type="message"))["raw_message"] == "听到"
            history = await client.call("get_group_msg_history", group_id=GROUP)
            assert [each["raw_message"] for each in history["data"]["messages"]] == ["没听到", "听到"]

    played(scene, Wiring(BOT), world=world)


def test_another_account_is_behind_the_same_address_when_the_first_is_replaced() -> None:
    world = build_world()

    async def scene(simulator: Simulator) -> None:
        async with connected(simulator) as client:
            simulator.replace(BOT, SECOND)
            assert (await client.event(notice_type="bot_offline"))["self_id"] == BOT
            assert await client.is_closed()
        async with connected(simulator) as client:
            assert (await client.call("get_login_info"))["data"]["user_id"] == SECOND
            world.say(GROUP, ANN, "早")
            assert (await client.event(post_type="message"))["self_id"] == SECOND

    played(scene, Wiring(BOT), world=world)


def test_the_malformed_answer_is_no_json_when_somebody_tries() -> None:
    with pytest.raises(ValueError, match="Unterminated"):
        json.loads(MALFORMED)
