"""Stands by while another account of ours tells of a group, and steps in where that one was gone unnoticed."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from qunying.carriers.onebot.company import Presence
from qunying.carriers.onebot.fields import as_map
from qunying.carriers.onebot.listening import AT_ONCE
from qunying.carriers.onebot.names import OURS

if TYPE_CHECKING:
    from qunying.carriers.onebot.line import Line

STOOD_BY_AT_MOST = 5000
AT_ONE_TIME = 0.5  # seconds: two accounts do not hear the same at the very same moment


class Deputy:
    """Knows the line that stands by."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._there: dict[str, Presence] = {}
        self._stood_by: deque[tuple[float, dict[str, Any]]] = deque(maxlen=STOOD_BY_AT_MOST)

    def stand_by(self, event: dict[str, Any]) -> None:
        """Another account heard this too, or should have."""
        self._stood_by.append((asyncio.get_running_loop().time(), event))

    async def step_in(self) -> None:
        """Tells what we stood by for while another account that should have told it was, unnoticed, not there any more."""
        there = self._line.company.there()
        gone = {account: one.heard_at for account, one in self._there.items() if account not in there}
        self._there = there
        if gone:
            stood_by = list(self._stood_by)
            missed = [event for at, event in stood_by if _was_for(event, at, gone)]
            self._stood_by.clear()
            self._stood_by.extend(each for each in stood_by if not _was_for(each[1], each[0], gone))
            for start in range(0, len(missed), AT_ONCE):
                await self._line.listening.hear(missed[start : start + AT_ONCE])


def _was_for(event: Mapping[str, Any], at: float, gone: Mapping[str, float]) -> bool:
    """Whether one of those who went may not have heard it."""
    others = as_map(event.get(OURS)).get("others", ())
    return any(account in others and at > heard_at - AT_ONE_TIME for account, heard_at in gone.items())
