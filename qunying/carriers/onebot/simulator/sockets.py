"""One WebSocket, whichever side dialled: frames out in order, requests in, answers back."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket as sockets
from typing import Any

from aiohttp import ClientWebSocketResponse, WSMsgType, web

from . import answers
from .line import Line, deliver
from .refusals import BAD_PARAMS
from .wiring import ClientRole

Socket = web.WebSocketResponse | ClientWebSocketResponse


class Connection:
    """A WebSocket that stands. API connections answer, Event connections tell, Universal ones do both."""

    def __init__(self, line: Line, socket: Socket, role: ClientRole) -> None:
        self.line = line
        self.socket = socket
        self.role = role
        self.frames: asyncio.Queue[str | None] = asyncio.Queue()

    def put(self, frame: str) -> None:
        """Sends it after what is already waiting."""
        self.frames.put_nowait(frame)

    def cut(self) -> None:
        """Breaks the connection below WebSocket's own farewell."""
        transport = self.socket.get_extra_info("socket")
        if transport is not None:
            with contextlib.suppress(OSError):
                transport.shutdown(sockets.SHUT_RDWR)

    def end(self) -> None:
        """Closes it after what waits to be sent."""
        self.frames.put_nowait(None)

    async def run(self) -> None:
        """Lives as long as the connection."""
        self.line.connect(self, hears=self.role != "API")
        writing = asyncio.create_task(self._write())
        try:
            async for message in self.socket:
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY) and self.role != "Event":
                    self._answer(message.data)
        finally:
            self.line.disconnect(self)
            writing.cancel()

    async def _write(self) -> None:
        while (frame := await self.frames.get()) is not None:
            with contextlib.suppress(ConnectionError):
                await self.socket.send_str(frame)
        await self.socket.close()

    def _answer(self, frame: str | bytes) -> None:
        request = _read(frame)
        echo = request.get("echo", answers.MISSING) if isinstance(request, dict) else answers.MISSING
        if not isinstance(request, dict) or not isinstance(request.get("action"), str):
            return self.put(_frame(answers.failed(BAD_PARAMS, "not a request"), echo))
        params = request.get("params")
        answered, fault = self.line.do(request["action"], {} if params is None else params)
        return deliver(answers.with_echo(answered, echo), fault, self.put, self.cut)


def _read(frame: str | bytes) -> Any:
    try:
        return json.loads(frame)
    except ValueError:
        return None


def _frame(answered: dict[str, Any], echo: Any) -> str:
    return json.dumps(answers.with_echo(answered, echo), ensure_ascii=False)
