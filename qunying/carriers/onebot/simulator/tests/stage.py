"""What these tests stand on: a small world whose clock stands until it is moved, and raw clients that hear and ask."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from ..answers import answer
from ..simulator import Simulator
from ..wiring import Wiring
from ..world import World

BOT, SECOND, OWNER, ADMIN, ANN, LI, STRANGER = 10001, 10002, 30000, 30001, 30002, 30003, 30009
GROUP, OTHER = 20001, 20002
TUESDAY = datetime(2024, 3, 5, 6, 0, tzinfo=UTC)


@dataclass
class Dial:
    """A clock that a test moves."""

    at: datetime = TUESDAY

    def __call__(self) -> datetime:
        return self.at

    def forward(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Ears:
    """Everything that the accounts were told, without any connection."""

    heard: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    def __call__(self, self_id: int, event: dict[str, Any]) -> None:
        self.heard.append((self_id, event))

    def by(self, self_id: int) -> list[dict[str, Any]]:
        return [event for each, event in self.heard if each == self_id]

    def last(self, self_id: int) -> dict[str, Any]:
        return self.by(self_id)[-1]


def build_world(dial: Dial | None = None, **options: Any) -> World:
    """Two accounts (one administrator), owner, administrator and two members in a group; a second group beside it."""
    world = World(clock=dial or Dial(), **options)
    for account, name in ((BOT, "小助手"), (SECOND, "二号")):
        world.add_account(account, name)
    for user, name in ((OWNER, "群主"), (ADMIN, "管理"), (ANN, "安安"), (LI, "小李"), (STRANGER, "路人")):
        world.add_person(user, name)
    world.add_group(GROUP, "体验课1群", OWNER)
    world.seat(GROUP, BOT, role="admin")
    world.seat(GROUP, ADMIN, role="admin")
    for user in (SECOND, ANN, LI):
        world.seat(GROUP, user)
    world.add_group(OTHER, "老学员群", BOT)
    world.seat(OTHER, SECOND)
    world.make_friends(BOT, SECOND)
    return world


def ask(world: World, action: str, account: int = BOT, *, napcat: bool = False, **params: Any) -> dict[str, Any]:
    """An action's answer, without any connection."""
    return answer(world, Wiring(account, napcat=napcat), action, params)


def data(world: World, action: str, account: int = BOT, **params: Any) -> Any:
    """What a successful action answers."""
    answered = ask(world, action, account, **params)
    assert (answered["status"], answered["retcode"]) == ("ok", 0), answered
    return answered["data"]


class Client:
    """A raw application on one WebSocket."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket
        self.asked = 0
        self.waiting: list[dict[str, Any]] = []

    async def frame(self) -> dict[str, Any]:
        """The next frame, whatever it is."""
        return await asyncio.wait_for(self.socket.receive_json(), 5)

    async def frame_or_none(self, seconds: float = 0.2) -> dict[str, Any] | None:
        """The next frame, or None where none comes."""
        try:
            return await asyncio.wait_for(self.socket.receive_json(), seconds)
        except TimeoutError:
            return None

    async def event(self, **wanted: Any) -> dict[str, Any]:
        """The next event with these fields; what comes before is skipped."""
        while True:
            frame = self.waiting.pop(0) if self.waiting else await self.frame()
            if all(frame.get(key) == value for key, value in wanted.items()):
                return frame

    async def call(self, action: str, **params: Any) -> dict[str, Any]:
        """An action's answer; events meanwhile wait for ``event``."""
        self.asked += 1
        await self.socket.send_json({"action": action, "params": params, "echo": self.asked})
        while True:
            frame = await self.frame()
            if frame.get("echo") == self.asked:
                return frame
            self.waiting.append(frame)

    async def is_closed(self) -> bool:
        """Whether the connection ends, after whatever is still to be read."""
        while True:
            message = await asyncio.wait_for(self.socket.receive(), 5)
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return True


@asynccontextmanager
async def connected(simulator: Simulator, self_id: int = BOT, path: str = "", token: str = "") -> AsyncIterator[Client]:
    """An application that dialled an account, past the greeting."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with ClientSession() as session, session.ws_connect(simulator.ws_url(self_id) + path, headers=headers) as ws:
        client = Client(ws)
        if path != "api":
            assert (await client.frame())["meta_event_type"] == "lifecycle"
        yield client


def played(
    scene: Callable[[Simulator], Coroutine[Any, Any, None]], *wirings: Wiring, world: World | None = None
) -> None:
    """Plays a scene on a simulator of its own loop."""

    async def play() -> None:
        async with Simulator(world or build_world(), *(wirings or (Wiring(BOT), Wiring(SECOND)))) as simulator:
            await asyncio.wait_for(scene(simulator), 30)

    asyncio.run(play())


def until(is_so: Callable[[], Any], seconds: float = 15.0, app: subprocess.Popen[str] | None = None) -> Any:
    """Waits for something to become true and answers it."""
    ends = time.monotonic() + seconds
    while not (found := is_so()):
        assert app is None or app.poll() is None, "the application died"
        assert time.monotonic() < ends, "it never became true"
        time.sleep(0.02)
    return found
