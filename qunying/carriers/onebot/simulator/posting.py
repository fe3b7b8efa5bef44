"""Events by HTTP POST, one after another, signed; what the application answers is done."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json

from aiohttp import ClientError, ClientSession, ClientTimeout

from .line import Line
from .wiring import Post


class Poster:
    """One address to which an account's events are posted."""

    def __init__(self, line: Line, target: Post) -> None:
        self.line = line
        self.target = target
        self.frames: asyncio.Queue[str] = asyncio.Queue()

    def put(self, frame: str) -> None:
        """Posts it after what is already waiting."""
        self.frames.put_nowait(frame)

    def cut(self) -> None:
        """There is nothing standing that could break."""

    def end(self) -> None:
        """The same."""

    def begin(self) -> None:
        """Hears the account's events from now on."""
        self.put(self.line.lifecycle("enable"))
        self.line.outlets.append(self)

    async def run(self, session: ClientSession) -> None:
        """Posts until it is cancelled."""
        while True:
            await self._post(session, await self.frames.get())

    async def _post(self, session: ClientSession, frame: str) -> None:
        body = frame.encode()
        try:
            async with session.post(
                self.target.url, data=body, headers=self._headers(body), timeout=ClientTimeout(self.target.timeout)
            ) as response:
                answered = await response.read() if response.status == 200 else b""
        except (ClientError, OSError, TimeoutError):
            return
        self._operate(frame, answered)

    def _operate(self, frame: str, answered: bytes) -> None:
        try:
            operation = json.loads(answered) if answered.strip() else None
        except ValueError:
            return
        if isinstance(operation, dict):
            self.line.operate(json.loads(frame), operation)

    def _headers(self, body: bytes) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "X-Self-ID": str(self.line.wiring.self_id)}
        if self.target.secret:
            headers["X-Signature"] = f"sha1={sign(self.target.secret, body)}"
        return headers


def sign(secret: str, body: bytes) -> str:
    """HMAC-SHA1 over the raw body, in hex, as the standard has it."""
    return hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
