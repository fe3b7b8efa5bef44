"""Requests that wait for their answers on a WebSocket, told apart by an echo of ours."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

ANSWER_WITHIN = 8.0
REMEMBERED = 1000


class NotConnected(Exception):
    """It was not asked: nobody was there."""


class CannotDial(NotConnected):
    """We called and were not let in, or did not go: ``why`` is a marked text. ``is_refused``: a person has to change something."""

    def __init__(self, why: str, *, is_refused: bool = False) -> None:
        super().__init__(why)
        self.why, self.is_refused = why, is_refused


class NoAnswer(Exception):
    """It was asked, and nobody knows what came of it."""


class Asking(Protocol):
    """A way to have the implementation do something."""

    async def ask(self, action: str, params: Mapping[str, Any], within: float = ANSWER_WITHIN) -> Mapping[str, Any]:
        """The whole answer. Raises ``NotConnected`` or ``NoAnswer``."""


class Calls:
    """What was asked on one account's connections and is not answered yet."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[Mapping[str, Any]]] = {}
        self._over: deque[str] = deque(maxlen=REMEMBERED)
        self._numbers = itertools.count(1)

    async def ask(
        self,
        send: Callable[[dict[str, Any]], Awaitable[None]],
        action: str,
        params: Mapping[str, Any],
        within: float = ANSWER_WITHIN,
    ) -> Mapping[str, Any]:
        """Sends a request and waits for its answer, no longer than ``within`` seconds."""
        echo = f"q{next(self._numbers)}"
        answered = self._waiting[echo] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(within):
                await send({"action": action, "params": dict(params), "echo": echo})
                answer: Mapping[str, Any] = await answered
                return answer
        except (TimeoutError, ConnectionError) as error:
            raise NoAnswer(action) from error
        finally:
            del self._waiting[echo]
            self._over.append(echo)

    @property
    def are_waiting(self) -> bool:
        """Whether any answer is awaited."""
        return bool(self._waiting)

    def take(self, frame: Mapping[str, Any]) -> str:
        """Gives an answer to whoever waits for it; says what is wrong with it where nobody does, else nothing."""
        echo = frame.get("echo")
        waiting = self._waiting.get(echo) if isinstance(echo, str) else None
        if waiting is None or waiting.done():
            return "late_answer" if waiting is not None or echo in self._over else "malformed"
        waiting.set_result(frame)
        return ""

    def lose(self) -> None:
        """The connection is gone, and with it the answers to what was asked."""
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(NoAnswer("the connection broke"))
