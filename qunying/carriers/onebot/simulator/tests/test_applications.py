"""Applications of strangers, unchanged and in processes of their own, over the WebSocket that we dial."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from ..running import running, wait_until_heard
from ..wiring import Reverse, Wiring
from ..world import World
from . import stage
from .stage import ADMIN, ANN, BOT, GROUP, LI, OWNER, STRANGER

pytestmark = pytest.mark.server
TOKEN = "secret-of-the-app"


@dataclass
class App:
    """A stranger's process, and what it told on its output."""

    process: subprocess.Popen[str]
    url: str
    told: list[dict[str, Any]] = field(default_factory=list)

    def read(self) -> None:
        for line in self.process.stdout or ():
            if line.startswith("{"):
                self.told.append(json.loads(line))

    def waits_for(self, **wanted: Any) -> dict[str, Any]:
        """The first event it told of with these fields."""

        def found() -> list[dict[str, Any]]:
            return [each for each in self.told if wanted.items() <= each.items()]

        return dict(stage.until(found, app=self.process)[0])


@contextmanager
def application(name: str, path: str) -> Iterator[App]:
    """A stranger's application on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", f"{__package__}.{name}", str(port), TOKEN]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment) as it:
        app = App(it, f"ws://127.0.0.1:{port}{path}")
        threading.Thread(target=app.read, daemon=True).start()
        try:
            yield app
        finally:
            it.terminate()
            it.wait(10)


@contextmanager
def serving(app: App, world: World) -> Iterator[None]:
    wiring = Wiring(BOT, token=TOKEN, reverse=(Reverse(app.url, again_after=0.1),))
    with running(world, wiring) as simulator:
        wait_until_heard(simulator, BOT, 30)
        yield


def said(world: World) -> list[str]:
    return [each.text for each in world.list_said(GROUP) if each.sender_id == BOT]


def test_aiocqhttp_runs_a_group_when_we_dial_it() -> None:
    world = stage.build_world()
    with application("app_aiocqhttp", "/ws/") as app, serving(app, world):
        app.waits_for(post_type="meta_event", sub_type="connect")
        world.say(GROUP, ANN, "免费领资料，加微信 abc")
        stage.until(lambda: world.state.member(GROUP, ANN).muted_until, app=app.process)
        assert world.list_said(GROUP) == []
        assert app.waits_for(notice_type="group_recall")["operator_id"] == BOT
        assert app.waits_for(notice_type="group_ban")["duration"] == 600
        world.set_card(GROUP, LI, "北京-小李")
        assert app.waits_for(notice_type="group_card")["card_new"] == "北京-小李"
        world.say(GROUP, LI, "踢群主")
        assert "对方是群主" in stage.until(lambda: said(world), app=app.process)[0]


def test_aiocqhttp_answers_by_quick_operation_when_it_returns_one() -> None:
    world = stage.build_world()
    with application("app_aiocqhttp", "/ws/") as app, serving(app, world):
        world.say(GROUP, LI, "大家你好")
        assert stage.until(lambda: said(world), app=app.process) == ["你好呀"]
        bad, good = world.ask(GROUP, STRANGER, "广告"), world.ask(GROUP, STRANGER, "朋友介绍", question="从哪里来？")
        stage.until(lambda: good.is_approved, app=app.process)
        assert (bad.is_approved, bad.reason) == (False, "请写明来源")
        assert STRANGER in world.state.group(GROUP).members
        assert app.waits_for(notice_type="group_increase")["operator_id"] == BOT


def test_nonebot_runs_a_group_when_we_dial_it() -> None:
    world = stage.build_world()
    with application("app_nonebot", "/onebot/v11/ws") as app, serving(app, world):
        asked = world.say(GROUP, LI, "报到：上海-小李")
        assert stage.until(lambda: said(world), app=app.process) == ["已改好[名片]&,"]
        assert world.list_said(GROUP)[-1].segments[0].data == {"id": str(asked.message_id)}
        assert world.state.member(GROUP, LI).card == "上海-小李"
        world.say(GROUP, OWNER, "闭嘴")
        assert "对方是管理员" in stage.until(lambda: said(world)[1:], app=app.process)[0]
        assert world.state.member(GROUP, ADMIN).muted_until == 0


def test_nonebot_knows_every_event_by_its_own_classes_when_we_tell_it() -> None:
    world = stage.build_world()
    with application("app_nonebot", "/onebot/v11/ws") as app, serving(app, world):
        request = world.ask(GROUP, STRANGER, "朋友介绍")
        stage.until(lambda: request.is_approved, app=app.process)
        message = world.say(GROUP, ANN, "说错了")
        world.recall(message, by=ANN)
        world.mute(GROUP, ANN, by=ADMIN, seconds=60)
        world.set_admin(GROUP, LI, by=OWNER)
        world.upload(GROUP, LI, "讲义.pdf")
        world.poke(LI, BOT, group=GROUP)
        world.leave(GROUP, ANN)
        expected = ["Request", "Increase", "Message", "Recall", "Ban", "Admin", "Upload", "Poke", "Decrease"]
        stage.until(lambda: len(app.told) >= len(expected), app=app.process)
        short = [each["class"].removeprefix("Group").removesuffix("Event").removesuffix("Notice") for each in app.told]
        assert sorted(each.removesuffix("Notify") for each in short) == sorted(expected)
