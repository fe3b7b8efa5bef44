"""Who is let in and who is believed: tokens, accounts, connections that take each other's place, broken frames."""

from __future__ import annotations

import asyncio
import json
import logging

import httpx
import pytest
from aiohttp import ClientSession, WSServerHandshakeError

from qunying.carriers.base import Outcome
from qunying.carriers.onebot import calls, watching
from qunying.carriers.onebot.carrier import NAME
from qunying.carriers.onebot.simulator.wiring import Wiring
from qunying.carriers.wire.lines import do_close_line, do_open_line
from qunying.journal.models import Fact
from qunying.kernel import clock
from qunying.kernel.effects import (
    Say,
)
from qunying.talk.models import Message
from tests.lines import until
from tests.onebot.stage import (
    ANN,
    BOT,
    GROUP,
    SECOND,
    TOKEN,
    build_world,
    live,
    mishaps_of,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server]


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for an answer that never comes waits less long."""
    monkeypatch.setattr(watching, "WATCH_EVERY", 0.05)
    monkeypatch.setattr(watching, "GRACE", 0.5)


def say(text: str = "周六上午开课", **more: object) -> Say:
    return Say(group_id=1, text=text, **more)  # type: ignore[arg-type]


def test_a_second_connection_of_an_account_takes_the_place_of_the_first() -> None:
    with live() as play:
        url = play.address.replace("http", "ws") + "/onebot/v11/ws"
        headers = {"X-Self-ID": str(BOT), "X-Client-Role": "Universal", "Authorization": f"Bearer {TOKEN}"}

        async def come() -> list[str]:
            asked = []
            async with ClientSession() as session, session.ws_connect(url, headers=headers) as socket:
                async with asyncio.timeout(3):
                    async for frame in socket:
                        asked.append(json.loads(frame.data)["action"])
                        break
            return asked

        assert asyncio.run(come()) == ["get_login_info"]
        play.world.say(GROUP, ANN, "还在吗")
        play.until_said("还在吗")  # the first has dialled again meanwhile


@pytest.mark.parametrize(
    ("token", "account", "status", "what", "is_ours"),
    [
        ("", BOT, 401, "no_token", True),
        ("wrong", BOT, 403, "wrong_token", True),
        ("wrong", 99999, 403, "wrong_token", False),
        (TOKEN, 99999, 403, "wrong_account", True),
        ("ünicode", BOT, 403, "wrong_token", True),
    ],
)
def test_nobody_gets_in_without_the_token_of_that_account(
    token: str, account: int, status: int, what: str, is_ours: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with live() as play:
        line_id = play.lines[BOT] if is_ours else 0
        before = mishaps_of(line_id).get(what, 0)  # somebody may have dialled before the line was held
        headers = {"X-Self-ID": str(account)} | ({"Authorization": f"Bearer {token}".encode()} if token else {})

        async def come() -> int:
            async with ClientSession() as session:
                try:
                    url = play.address.replace("http", "ws") + "/onebot/v11/ws"
                    async with session.ws_connect(
                        url, headers={k: v.decode("latin-1") if isinstance(v, bytes) else v for k, v in headers.items()}
                    ):
                        return 101
                except WSServerHandshakeError as error:
                    return error.status

        assert asyncio.run(come()) == status
        until(lambda: mishaps_of(line_id).get(what) == before + 1)
        play.world.say(GROUP, ANN, "还在吗")
        play.until_said("还在吗")
    assert TOKEN not in caplog.text
    assert TOKEN not in str([*Fact.objects.values_list(), *Message.objects.values_list("text")])


def test_nobody_gets_in_with_a_token_that_two_lines_have() -> None:
    with live() as play:
        second = do_open_line(NAME, {}, {"token": TOKEN}, at=clock.now())
        until(lambda: knock(play.address, SECOND) == 403 and mishaps_of(0).get("shared_token", 0) >= 1)
        assert knock(play.address, BOT) == 403
        until(lambda: play.mishaps().get("shared_token", 0) >= 1)
        do_close_line(second, at=clock.now())
        until(lambda: knock(play.address, BOT) == 101)


def knock(address: str, account: int) -> int:
    """What somebody with our token is answered who says to be that account."""

    async def come() -> int:
        headers = {"X-Self-ID": str(account), "Authorization": f"Bearer {TOKEN}"}
        async with ClientSession() as session:
            try:
                async with session.ws_connect(address.replace("http", "ws") + "/onebot/v11/ws", headers=headers):
                    return 101
            except WSServerHandshakeError as error:
                return error.status

    return asyncio.run(come())


def test_the_connection_stands_when_frames_are_broken_oversized_or_forged() -> None:
    with live() as play:
        frames = [
            "{",
            "[]",
            "null",
            '{"post_type":5}',
            '{"time":NaN,"post_type":"message"}',
            '{"a":' * 5000 + "1" + "}" * 5000,
            json.dumps({"post_type": "message", "self_id": BOT, "time": 1, "text": "x"}),
            json.dumps({"post_type": "message", "self_id": 99, "time": 1709600000, "user_id": 1, "message_id": 1}),
            json.dumps({"post_type": "message", "self_id": BOT, "message": "x" * 1_100_000}),
            json.dumps({"echo": "q999999", "status": "ok", "retcode": 0}),
        ]
        for frame in frames:
            play.simulator.send_raw(BOT, frame)
        play.world.say(GROUP, ANN, "还在吗\x00")
        play.until_said("还在吗\ufffd")
        until(lambda: play.mishaps() == {"malformed": 7, "wrong_account": 2, "too_large": 1})


def test_an_account_that_takes_anothers_place_is_not_believed() -> None:
    with live() as play:
        play.world.add_account(10003, "三号")
        play.simulator.replace(BOT, 10003)
        until(lambda: play.mishaps().get("wrong_account", 0) >= 1)
        until(lambda: play.state() == "offline")
        assert play.do(say()).outcome is Outcome.LATER


def test_roles_come_apart_when_the_implementation_dials_twice() -> None:
    from qunying.carriers.onebot.simulator.wiring import Reverse

    world = build_world()
    with live(world) as play:
        assert httpx.get(f"{play.address}/onebot/v11/nothing", trust_env=False).status_code == 404
        ws = play.address.replace("http", "ws") + "/onebot/v11/ws"
        play.simulator.cut(BOT)
        play.simulator.lines[BOT].wiring = Wiring(BOT, token=TOKEN)
        from qunying.carriers.onebot.simulator.reverse import keep_dialling

        async def dial() -> None:
            for each in (
                Reverse(f"{ws}/api", "API", again_after=0.1),
                Reverse(f"{ws}/event", "Event", again_after=0.1),
            ):
                task = asyncio.create_task(keep_dialling(play.simulator._session, play.simulator.lines[BOT], each))
                play.simulator._tasks.append(task)

        assert play.simulator.loop is not None
        for task in play.simulator._tasks:
            play.simulator.loop.call_soon_threadsafe(task.cancel)
        asyncio.run_coroutine_threadsafe(dial(), play.simulator.loop).result(5)
        play.simulator.mend(BOT)
        until(lambda: play.simulator.is_heard(BOT))
        play.world.say(GROUP, ANN, "一")
        play.until_said("一")
        assert play.do(say()).outcome is Outcome.DONE


def test_calls_remember_no_more_than_they_must() -> None:
    asked = calls.Calls()
    assert asked.take({"echo": {"x": 1}}) == "malformed"
    assert not asked.are_waiting
