"""Dialling applications by WebSocket, and dialling again."""

from __future__ import annotations

import asyncio

from aiohttp import ClientError, ClientSession

from .line import Line
from .sockets import Connection
from .wiring import Reverse

USER_AGENT = "OneBot/11"


async def keep_dialling(session: ClientSession, line: Line, target: Reverse) -> None:
    """Connects, lives as long as the connection, waits and connects again; for ever."""
    while True:
        if not line.is_cut:
            await _dial(session, line, target)
        await asyncio.sleep(target.again_after)


async def _dial(session: ClientSession, line: Line, target: Reverse) -> None:
    try:
        async with session.ws_connect(target.url, headers=_headers(line, target), max_msg_size=0) as socket:
            await Connection(line, socket, target.role).run()
    except (ClientError, OSError, TimeoutError):
        return


def _headers(line: Line, target: Reverse) -> dict[str, str]:
    headers = {"X-Self-ID": str(line.wiring.self_id), "X-Client-Role": target.role, "User-Agent": USER_AGENT}
    token = target.token or line.wiring.token
    return headers | ({"Authorization": f"Bearer {token}"} if token else {})
