"""Where we call: an implementation's WebSocket, or its HTTP address for our actions."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout

from qunying.carriers.onebot.calls import ANSWER_WITHIN, CannotDial, NoAnswer, NotConnected
from qunying.carriers.onebot.connection import LARGEST_LIST, PING_EVERY, Connection
from qunying.carriers.onebot.fields import read_frame
from qunying.carriers.onebot.going import (
    ASTRAY,
    NOT_LET_IN,
    REDIRECTS,
    UNAUTHORIZED,
    need_allowed,
    new_session,
    why_not,
    wrong_token,
)
from qunying.carriers.wire.line import Kept

if TYPE_CHECKING:
    from qunying.carriers.onebot.line import Line

ASK_EVERY = 30.0
AGAIN_AFTER = 3.0


def is_forward(kept: Kept) -> bool:
    """Whether this line dials a WebSocket."""
    return kept.options.get("transport") == "forward" and kept.options.get("url", "").startswith(("ws://", "wss://"))


def _headers(kept: Kept) -> dict[str, str]:
    return {"Authorization": f"Bearer {kept.secrets.get('token', '')}"}


async def keep_dialling(line: Line) -> None:
    """Connects, lives as long as the connection, waits and connects again."""
    async with new_session(line.kept.options["url"]) as session:
        while not line.watching.is_refused:
            await _dial(session, line)
            await asyncio.sleep(AGAIN_AFTER)


async def _dial(session: ClientSession, line: Line) -> None:
    url = line.kept.options["url"]
    try:
        need_allowed(url)
        async with session.ws_connect(
            url, headers=_headers(line.kept), max_msg_size=LARGEST_LIST, heartbeat=PING_EVERY
        ) as socket:
            connection = Connection(socket, "Universal")
            await line.sockets.serve_dialled(connection)
    except CannotDial as cannot:
        await line.watching.tell_cannot(cannot)
    except (ClientError, OSError, TimeoutError) as error:
        line.watching.go()
        if why := why_not(error):
            await line.watching.tell_cannot(why)


class Http:
    """An implementation that does what it is asked for by HTTP."""

    def __init__(self, url: str, token: str) -> None:
        self._url, self._token = url.rstrip("/"), token
        self._session: ClientSession | None = None

    @classmethod
    def of(cls, kept: Kept) -> Http | None:
        """Where a line's options say so."""
        url = kept.options.get("url", "")
        is_http = kept.options.get("transport") == "http" and url.startswith(("http://", "https://"))
        return cls(url, kept.secrets.get("token", "")) if is_http else None

    async def ask(self, action: str, params: Mapping[str, Any], within: float = ANSWER_WITHIN) -> Mapping[str, Any]:
        """The whole answer. Raises ``NotConnected`` or ``NoAnswer``."""
        if self._session is None:
            self._session = new_session(self._url)
        try:
            need_allowed(self._url)
            async with self._session.post(
                f"{self._url}/{action}",
                json=dict(params),
                headers={"Authorization": f"Bearer {self._token}"},
                timeout=ClientTimeout(total=within),
                allow_redirects=False,
            ) as response:
                return _answer(await response.content.read(LARGEST_LIST + 1), response.status)
        except ClientConnectorError as error:
            raise why_not(error) or NotConnected() from error
        except (ClientError, OSError, TimeoutError, ValueError) as error:
            raise why_not(error) or NoAnswer(action) from error

    async def close(self) -> None:
        """Ends what stands."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def _answer(body: bytes, status: int) -> Mapping[str, Any]:
    if status in UNAUTHORIZED:
        raise wrong_token()
    if status in REDIRECTS:
        raise CannotDial(ASTRAY)
    if status == 404:
        return {"status": "failed", "retcode": 404, "data": None}
    if len(body) > LARGEST_LIST:
        raise ValueError("too large")
    answered = read_frame(body)
    need_let_in(answered)
    return answered


def need_let_in(answered: Mapping[str, Any]) -> None:
    """Raises ``CannotDial`` where the answer is that our token is none."""
    if answered.get("retcode") in NOT_LET_IN:
        raise wrong_token()
