"""The simulator: one world, one line for every account, all on 127.0.0.1."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any, Self, TypeVar

from aiohttp import ClientSession, web

from .faults import Fault
from .line import Line
from .posting import Poster
from .reverse import keep_dialling
from .server import Door
from .wiring import Wiring
from .world import World

HOST = "127.0.0.1"
T = TypeVar("T")


class Simulator:
    """Serves a world's accounts. ``async with`` runs it; its verbs may be called from any thread."""

    def __init__(self, world: World, *wirings: Wiring) -> None:
        self.world = world
        self.lines = {each.self_id: Line(world, each) for each in wirings}
        self.ports: dict[int, int] = {}
        self.loop: asyncio.AbstractEventLoop | None = None
        self._runners: list[web.AppRunner] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._session: ClientSession | None = None

    async def __aenter__(self) -> Self:
        self.loop = asyncio.get_running_loop()
        self._session = ClientSession()
        for self_id, line in self.lines.items():
            await self._open(self_id, line)
        self.world.state.files_at = self.url(next(iter(self.lines)))
        self.world.state.listeners.append(self._heard)
        for line in self.lines.values():
            self._tasks += [asyncio.create_task(each) for each in self._duties(line, self._session)]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.world.state.listeners.remove(self._heard)
        for task in self._tasks:
            task.cancel()
        for line in self.lines.values():
            line.drop()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for runner in self._runners:
            await runner.cleanup()
        if self._session is not None:
            await self._session.close()

    async def _open(self, self_id: int, line: Line) -> None:
        listening = socket.create_server((HOST, line.wiring.port))
        self.ports[self_id] = listening.getsockname()[1]
        runner = web.AppRunner(Door(line, self.lines).app(), access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        self._runners.append(runner)
        await web.SockSite(runner, listening).start()

    def _duties(self, line: Line, session: ClientSession) -> list[Any]:
        duties = [keep_dialling(session, line, each) for each in line.wiring.reverse]
        for target in line.wiring.posts:
            poster = Poster(line, target)
            poster.begin()
            duties.append(poster.run(session))
        return [*duties, _beat(line)] if line.wiring.heartbeat else duties

    def _heard(self, self_id: int, event: dict[str, Any]) -> None:
        line = next((each for each in self.lines.values() if each.wiring.self_id == self_id), None)
        if line is None or self.loop is None:
            return
        if _runs_here(self.loop):
            line.hear(event)
        else:
            self.loop.call_soon_threadsafe(line.hear, event)

    # where it is

    def url(self, self_id: int) -> str:
        """An account's HTTP address."""
        return f"http://{HOST}:{self.ports[self_id]}"

    def ws_url(self, self_id: int) -> str:
        """An account's WebSocket address."""
        return f"ws://{HOST}:{self.ports[self_id]}/"

    def is_heard(self, self_id: int) -> bool:
        """Whether somebody listens to the account's events."""
        return bool(self.lines[self_id].outlets)

    # what goes wrong

    def cut(self, self_id: int, *, keep: bool = False) -> None:
        """Breaks an account's line until ``mend``; events meanwhile are lost, or kept."""
        self._now(lambda: self.lines[self_id].cut(keep=keep))

    def mend(self, self_id: int) -> None:
        """The line works again."""
        self._now(self.lines[self_id].mend)

    def drop(self, self_id: int) -> None:
        """Breaks every connection once."""
        self._now(self.lines[self_id].drop)

    def fault(self, self_id: int, fault: Fault) -> None:
        """The next answers go wrong."""
        self._now(lambda: self.lines[self_id].faults.add(fault))

    def send_raw(self, self_id: int, *frames: str) -> None:
        """Sends anything to everybody connected, well-formed or not."""
        self._now(lambda: self.lines[self_id].send_raw(*frames))

    def replace(self, self_id: int, by: int) -> None:
        """Another account takes over the first one's address: the old one says farewell, connections are closed."""
        self.world.go_offline(self_id)
        self._now(lambda: self.lines[self_id].become(by))

    def _now(self, act: Callable[[], T]) -> T:
        if self.loop is None:
            raise RuntimeError("the simulator does not run")
        if _runs_here(self.loop):
            return act()

        async def do() -> T:
            return act()

        return asyncio.run_coroutine_threadsafe(do(), self.loop).result(10)


def _runs_here(loop: asyncio.AbstractEventLoop) -> bool:
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False


async def _beat(line: Line) -> None:
    while True:
        await asyncio.sleep(line.wiring.heartbeat)
        line.heartbeat()
