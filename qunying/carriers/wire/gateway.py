"""The process that holds the lines: starts, stops and restarts them as they are kept, and speaks through them when asked."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Protocol, TypeVar

import structlog
from aiohttp import web
from django.db import close_old_connections, connections

from qunying.carriers.base import Answer, Arrival, Outcome
from qunying.carriers.wire import feed, lines, mishaps, switchboard
from qunying.carriers.wire.line import ACT_WITHIN, Ear, GroupLook, Kept, Speaking
from qunying.carriers.wire.roster import roster_arrivals
from qunying.carriers.wire.speech import read_delivery, write_answer
from qunying.carriers.wire.watching import GONE_AFTER
from qunying.kernel import clock
from qunying.kernel.texts import mark

log = structlog.get_logger()

LOOK_EVERY = 1.0  # at what is kept
REST = 3.0  # after a line fell over
LARGEST_BODY = 1024 * 1024
T = TypeVar("T")

Door = Callable[[web.Request, Mapping[int, Speaking]], Awaitable[web.StreamResponse]]


class CountMishap(Protocol):
    """Counts what a caller did of whom nobody knows which line they meant."""

    async def __call__(self, what: str, sample: str = "") -> None:
        """One more of these; the sample holds no secret."""


COUNT_MISHAP = web.RequestKey("count_mishap", CountMishap)
"""Where a door finds it, in the request."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """How a carrier makes lines, and how it answers platforms that call us: a path below its name, or below ``path``
    where what speaks over the line is called otherwise than the platform.
    """

    make: Callable[[Kept, Ear], Speaking]
    door: Door | None = None
    path: str = ""


@dataclass(slots=True)
class _Running:
    kept: Kept
    line: Speaking
    task: asyncio.Task[None]


class Gateway:
    """All lines of this process. Whatever touches the database does so on one thread, in turn."""

    def __init__(self, wirings: Mapping[str, Wiring], host: str, port: int) -> None:
        self._wirings = wirings
        self._host, self._port = host, port
        self._running: dict[int, _Running] = {}
        self._secret = secrets.token_urlsafe(32)
        self._stood_at: datetime | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="wire")

    async def run(self, is_asked_to_stop: asyncio.Event) -> None:
        """Serves until asked to stop."""
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_post("/act", self._act)
        app.router.add_post("/look", self._look)
        app.router.add_route("*", "/{carrier}/{rest:.*}", self._call)
        app.router.add_route("*", "/{carrier}", self._call)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, self._host, self._port)
        await site.start()
        address = f"http://{self._host}:{_port_of(runner)}"
        log.info("gateway listens", address=address)
        try:
            while not is_asked_to_stop.is_set():
                await self._round(address)
                try:
                    await asyncio.wait_for(is_asked_to_stop.wait(), LOOK_EVERY)
                except TimeoutError:
                    continue
        finally:
            await self._stop(list(self._running))
            await runner.cleanup()
            await self.kept(_do_hang_up)
            self._thread.shutdown()

    async def _round(self, address: str) -> None:
        """Starts what is new, restarts what changed, stops what is gone."""
        try:
            now = clock.now()
            await self.kept(switchboard.do_stand, address, self._secret, now)
            wanted = {one.id: one for one in await self.kept(lines.list_kept) if one.carrier in self._wirings}
        except Exception:
            log.exception("lines could not be read")
            return
        if self._stood_at is not None and now - self._stood_at > GONE_AFTER:
            await self._stop(list(self._running))  # the machine slept, and all its accounts were called away meanwhile
        self._stood_at = now
        await self._stop([pk for pk, one in self._running.items() if not _is_same(wanted.get(pk), one.kept)])
        for pk, one in wanted.items():
            if pk not in self._running:
                self._start(one)

    def _start(self, kept: Kept) -> None:
        line = self._wirings[kept.carrier].make(kept, _LineEar(self, kept))
        task = asyncio.create_task(self._keep_running(kept, line), name=f"line {kept.id}")
        self._running[kept.id] = _Running(kept, line, task)

    async def _keep_running(self, kept: Kept, line: Speaking) -> None:
        while True:
            try:
                await line.run()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.exception("line fell over", line=kept.id, carrier=kept.carrier)
                ear = _LineEar(self, kept)
                await ear.mishap("fault", type(error).__name__)
                await ear.offline(mark("线路出错，正在重连"))
            await asyncio.sleep(REST)

    async def _stop(self, line_ids: Sequence[int]) -> None:
        stopped = [self._running.pop(pk).task for pk in line_ids]
        for task in stopped:
            task.cancel()
        await asyncio.gather(*stopped, return_exceptions=True)

    async def kept(self, do: Callable[..., T], *words: Any) -> T:
        """Reads or writes what is kept, on the thread that does so."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, _in_turn, do, words)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        """A platform calls us."""
        path = request.match_info["carrier"]
        for name, wiring in self._wirings.items():
            if wiring.door is not None and path == (wiring.path or name):
                request[COUNT_MISHAP] = partial(self._count_mishap, name)
                return await wiring.door(request, self._lines_of(name))
        raise web.HTTPNotFound

    async def _count_mishap(self, carrier: str, what: str, sample: str = "") -> None:
        await self.kept(mishaps.do_count_mishap, carrier, 0, what, sample, clock.now())

    def _lines_of(self, carrier: str) -> dict[int, Speaking]:
        return {pk: one.line for pk, one in self._running.items() if one.kept.carrier == carrier}

    async def _act(self, request: web.Request) -> web.Response:
        self._check(request)
        carrier, delivery = read_delivery(await request.json())
        line = self._line_for(carrier, delivery.account_ref)
        if line is None:
            return web.json_response(write_answer(Answer(Outcome.LATER, words=mark("账号没有连上"))))
        try:
            answer = await asyncio.wait_for(line.act(delivery), ACT_WITHIN)
        except TimeoutError:
            answer = Answer(Outcome.UNKNOWN, words=mark("平台没有回答"))
        except Exception as error:
            log.exception("line could not act", carrier=carrier, kind=type(delivery.effect).__name__)
            answer = Answer(Outcome.UNKNOWN, words=type(error).__name__)
        return web.json_response(write_answer(answer))

    async def _look(self, request: web.Request) -> web.Response:
        self._check(request)
        running = self._running.get(int((await request.json())["line"]))
        if running is None:
            return web.json_response({"is_there": False, "groups": 0})
        groups = await asyncio.wait_for(running.line.look(), ACT_WITHIN)
        await _LineEar(self, running.kept).seen(groups)
        return web.json_response({"is_there": True, "groups": len(groups)})

    def _line_for(self, carrier: str, account_ref: str) -> Speaking | None:
        """The line of that account; where a group has no account yet, the only one there is."""
        found = [one for one in self._running.values() if one.kept.carrier == carrier]
        exact = [one for one in found if one.kept.account_ref == account_ref]
        if exact or account_ref:
            return exact[0].line if exact else None
        return found[0].line if len(found) == 1 else None

    def _check(self, request: web.Request) -> None:
        given = request.headers.get("X-Qunying-Secret", "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            raise web.HTTPForbidden

    def note_account(self, line_id: int, account_ref: str) -> None:
        """From now on that line speaks for that account."""
        running = self._running.get(line_id)
        if running is not None:
            running.kept = replace(running.kept, account_ref=account_ref)

    def note_secrets(self, line_id: int, secrets: Mapping[str, str]) -> None:
        """That line has changed its own secrets: no reason to start it anew."""
        running = self._running.get(line_id)
        if running is not None:
            running.kept = replace(running.kept, secrets=dict(secrets))


class _LineEar:
    """What one line says, written down."""

    def __init__(self, gateway: Gateway, kept: Kept) -> None:
        self._gateway, self._kept = gateway, kept

    async def hear(self, arrivals: Sequence[Arrival], cursor: str | None = None) -> None:
        await self._gateway.kept(feed.do_hear, self._kept.id, self._kept.carrier, arrivals, cursor, clock.now())

    async def known(self, account_ref: str, name: str) -> None:
        await self._gateway.kept(_do_know, self._kept.id, account_ref, name)
        self._gateway.note_account(self._kept.id, account_ref)

    async def keep_secrets(self, secrets: Mapping[str, str]) -> None:
        await self._gateway.kept(lines.do_keep_secrets, self._kept.id, secrets)
        self._gateway.note_secrets(self._kept.id, secrets)

    async def online(self) -> None:
        await self._gateway.kept(_do_mark, self._kept.id, lines.ONLINE, "")

    async def offline(self, why: str, *, refused: bool = False) -> None:
        state = lines.REFUSED if refused else lines.OFFLINE
        await self._gateway.kept(_do_mark, self._kept.id, state, why)

    async def alive(self) -> None:
        await self._gateway.kept(lines.do_live, self._kept.id, clock.now())

    async def seen(self, groups: Sequence[GroupLook]) -> None:
        await self._gateway.kept(lines.do_see, self._kept.id, groups)
        rosters = roster_arrivals(groups, clock.now())
        if rosters:
            await self.hear(rosters)

    async def mishap(self, what: str, sample: str = "") -> None:
        words = (self._kept.carrier, self._kept.id, what, sample, clock.now())
        await self._gateway.kept(mishaps.do_count_mishap, *words)


def _do_know(line_id: int, account_ref: str, name: str) -> None:
    lines.do_know(line_id, account_ref, name, at=clock.now())


def _do_mark(line_id: int, state: str, why: str) -> None:
    lines.do_mark(line_id, state, why, at=clock.now())


def _in_turn(do: Callable[..., T], words: Sequence[Any]) -> T:
    close_old_connections()
    return do(*words)


def _do_hang_up() -> None:
    """The thread's own connections to the database, which would outlive it."""
    connections.close_all()


def _is_same(wanted: Kept | None, running: Kept) -> bool:
    """A line goes on while what a person chose is the same; its cursor and its name move by themselves."""
    if wanted is None:
        return False
    return (wanted.options, wanted.secrets) == (running.options, running.secrets)


def _port_of(runner: web.AppRunner) -> int:
    return int(runner.addresses[0][1])
