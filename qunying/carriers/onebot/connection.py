"""One WebSocket of an account, whoever dialled."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import ClientWebSocketResponse, WSMsgType, web

LARGEST_FRAME = 1024 * 1024
LARGEST_LIST = 16 * 1024 * 1024  # the members of a large group are one frame; only while a list is awaited
PING_EVERY = 20.0
FAREWELL = 1000
Socket = web.WebSocketResponse | ClientWebSocketResponse


class Connection:
    """Frames in and out. ``API`` connections answer, ``Event`` connections tell, ``Universal`` ones do both."""

    def __init__(self, socket: Socket, role: str) -> None:
        self.socket, self.role = socket, role
        self._turn = asyncio.Lock()

    @property
    def answers(self) -> bool:
        """Whether actions can be asked for here."""
        return self.role != "Event"

    @property
    def tells(self) -> bool:
        """Whether events come from here."""
        return self.role != "API"

    async def send(self, words: dict[str, Any]) -> None:
        """Sends one frame, whole."""
        async with self._turn:
            await self.socket.send_str(json.dumps(words, ensure_ascii=False))

    async def read(self, hear: Callable[[str | bytes], Awaitable[None]]) -> None:
        """Hears frames until the connection ends."""
        async for message in self.socket:
            if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                await hear(message.data)

    async def close(self, why: str = "") -> None:
        """Says farewell."""
        await self.socket.close(code=FAREWELL, message=why.encode()[:100])
