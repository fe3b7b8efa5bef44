"""One account's line to its applications: who hears its events, and what the line does when it is cut."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from . import answers
from .api.call import Call
from .api.quick import do_operate
from .faults import MALFORMED, Fault, Faults
from .params import Params
from .refusals import FAILED, Refusal, no_person
from .shapes import in_format, status
from .wiring import Wiring
from .world import World


class Outlet(Protocol):
    """Whoever hears events."""

    def put(self, frame: str) -> None:
        """Sends it, in order, without waiting."""

    def cut(self) -> None:
        """Breaks the connection, without farewell."""

    def end(self) -> None:
        """Closes the connection in good order, after what waits to be sent."""


class Line:
    """Everything between one account and its applications. To be used on the simulator's own loop only."""

    def __init__(self, world: World, wiring: Wiring) -> None:
        self.world = world
        self.wiring = wiring
        self.faults = Faults()
        self.outlets: list[Outlet] = []
        self.connections: list[Outlet] = []
        self.is_cut = False
        self.kept: list[str] | None = None
        self.free_at = 0.0

    # events

    def hear(self, event: dict[str, Any]) -> None:
        """An event of this account goes to everybody who listens; while cut it is kept or lost."""
        dressed = self._dress(event)
        if dressed is None:
            return
        frame = json.dumps(dressed, ensure_ascii=False)
        if not self.is_cut:
            for outlet in self.outlets:
                outlet.put(frame)
        elif self.kept is not None:
            self.kept.append(frame)

    def _dress(self, event: dict[str, Any]) -> dict[str, Any] | None:
        if event["post_type"] == "message_sent":
            if not self.wiring.report_self:
                return None
            event = {**event, "post_type": self.wiring.report_self, "message_sent_type": "self"}
        return in_format(event, self.wiring.message_format)

    def meta(self, words: dict[str, Any]) -> str:
        """A meta event as it goes out."""
        now = self.world.state.now()
        return json.dumps({"time": now, "self_id": self.wiring.self_id, "post_type": "meta_event", **words})

    def lifecycle(self, kind: str) -> str:
        """A meta event about the connection."""
        return self.meta({"meta_event_type": "lifecycle", "sub_type": kind})

    def heartbeat(self) -> None:
        """Says that the account is well, or is not."""
        account = self.world.state.accounts[self.wiring.self_id]
        words = {"meta_event_type": "heartbeat", "status": status(account)}
        frame = self.meta({**words, "interval": int(self.wiring.heartbeat * 1000)})
        if not self.is_cut:
            for outlet in self.outlets:
                outlet.put(frame)

    # connections

    def connect(self, outlet: Outlet, *, hears: bool) -> None:
        """A connection stands; who hears events is greeted, and gets what was kept."""
        self.connections.append(outlet)
        if hears:
            outlet.put(self.lifecycle("connect"))
            self.outlets.append(outlet)
            self._give_kept(outlet)

    def _give_kept(self, outlet: Outlet) -> None:
        kept, self.kept = self.kept or [], None
        for frame in kept:
            outlet.put(frame)

    def disconnect(self, outlet: Outlet) -> None:
        """A connection is gone."""
        for known in (self.connections, self.outlets):
            if outlet in known:
                known.remove(outlet)

    def drop(self) -> None:
        """Breaks what stands; everybody may connect again at once."""
        for connection in list(self.connections):
            connection.cut()
            self.disconnect(connection)

    def cut(self, *, keep: bool = False) -> None:
        """Breaks what stands and lets nobody in until ``mend``; events meanwhile are lost, or kept for whoever is next."""
        self.is_cut, self.kept = True, [] if keep else None
        self.drop()

    def mend(self) -> None:
        """The line works again."""
        self.is_cut = False
        if self.outlets:
            self._give_kept(self.outlets[0])

    def become(self, self_id: int) -> None:
        """Another account takes this line over; connections are closed, and the next ones are the other's."""
        if self_id not in self.world.state.accounts:
            raise no_person(self_id)
        self.wiring = replace(self.wiring, self_id=self_id)
        for connection in list(self.connections):
            connection.end()
            self.disconnect(connection)

    def send_raw(self, *frames: str) -> None:
        """Anything at all to everybody who is connected."""
        for connection in self.connections:
            for frame in frames:
                connection.put(frame)

    # actions

    def do(self, action: str, params: Any) -> tuple[dict[str, Any], Fault | None]:
        """Does an action, or what a fault makes of it; with ``_async`` and ``_rate_limited`` later."""
        name, suffix = answers.split_suffix(action)
        if suffix and answers.is_known(name):
            self._do_later(name, params, 0.0 if suffix == "_async" else self._wait())
            return answers.accepted(), None
        fault = self.faults.take(name)
        if fault is not None and fault.kind == "refused":
            return answers.failed(FAILED, fault.words), fault
        if fault is not None and fault.kind == "lost":
            return {}, fault
        return answers.answer(self.world, self.wiring, name, params), fault

    def _wait(self) -> float:
        now = asyncio.get_running_loop().time()
        begins = max(now, self.free_at)
        self.free_at = begins + self.wiring.rate_limit
        return begins - now

    def _do_later(self, name: str, params: Any, seconds: float) -> None:
        asyncio.get_running_loop().call_later(seconds, answers.answer, self.world, self.wiring, name, params)

    def operate(self, event: dict[str, Any], operation: dict[str, Any]) -> None:
        """The quick operation that an application answered to a posted event; what is refused stays undone."""
        call = Call(self.world.state, self.wiring, self.wiring.self_id, Params({}))
        with self.world.lock:
            try:
                do_operate(call, event, operation)
            except Refusal:
                return


def deliver(answered: dict[str, Any], fault: Fault | None, put: Callable[[str], None], cut: Callable[[], None]) -> None:
    """An answer over a WebSocket: as it should be, or as the fault wants it."""
    frame = json.dumps(answered, ensure_ascii=False)
    match fault.kind if fault else "":
        case "never" | "lost":
            return
        case "cut":
            cut()
        case "garbled":
            put(MALFORMED)
        case "late":
            asyncio.get_running_loop().call_later(fault.seconds if fault else 0, put, frame)
        case "twice":
            put(frame)
            put(frame)
        case _:
            put(frame)
