"""Whether an account is there: told when it comes and goes, noticed when it falls silent; and looks around now and then."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from qunying.carriers.base import NotReachable
from qunying.carriers.onebot import dialling
from qunying.carriers.onebot.answers import is_done
from qunying.carriers.onebot.calls import CannotDial, NoAnswer, NotConnected
from qunying.carriers.onebot.fields import as_map, as_ref, as_size
from qunying.kernel.texts import Sentence, mark

if TYPE_CHECKING:
    from qunying.carriers.onebot.line import Line

WATCH_EVERY = 0.5
GRACE = 5.0  # a connection that breaks and comes back within it was not away
LOOK_EVERY = 6 * 3600.0
SILENT_BEATS = 3


class Watching:
    """Knows the line whose account it watches."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.is_curious = False  # something about our own place in a group changed
        self.is_refused = False  # by whom we call: only a person can change that
        self._is_told_there: bool | None = None
        self._gone_at: float | None = None
        self._beat, self._beaten_at, self._looked_at = 0.0, 0.0, 0.0

    async def run(self) -> None:
        """Notices silence and absence, and looks around again from time to time."""
        while True:
            await asyncio.sleep(WATCH_EVERY)
            now = asyncio.get_running_loop().time()
            await self._line.deputy.step_in()
            if self._gone_at is not None and now - self._gone_at > GRACE:
                await self.tell_gone(mark("QQ程序断开了连接"))
            if self._line.presence.is_there and self._beat and now - self._beaten_at > self._beat * SILENT_BEATS:
                self._beat = 0.0
                await self.tell_gone(mark("QQ程序很久没有动静"))
                await self._line.sockets.hang_up("silence")
            is_due = self._looked_at > 0 and now - self._looked_at > LOOK_EVERY
            if self._line.presence.is_there and (is_due or self.is_curious):
                self._looked_at, self.is_curious = now, False
                await self.see()

    def note_beat(self) -> None:
        """Something was heard."""
        self._beaten_at = asyncio.get_running_loop().time()

    def note_looked(self) -> None:
        """We looked around just now."""
        self._looked_at = asyncio.get_running_loop().time()

    def note_there(self) -> None:
        """The account can be reached."""
        self._gone_at = None
        self._line.presence.is_there = True

    def go(self) -> None:
        """The account cannot be reached; told when it does not come back soon."""
        self._line.presence.is_there = False
        if self._gone_at is None:
            self._gone_at = asyncio.get_running_loop().time()

    def come_back(self) -> None:
        """Who tells something is there, whatever was said of them before."""
        if not self._line.presence.is_there and self._line.sockets.are_open:
            self._line.settling.arrive()

    async def tell_there(self) -> None:
        """Says that the account is there, once."""
        if self._is_told_there is not True:
            self._is_told_there = True
            await self._line.ear.online()

    async def tell_gone(self, why: str) -> None:
        """Says that the account is not there and why, once."""
        self._line.presence.is_there = False
        if self._is_told_there is not False:
            self._is_told_there = False
            await self._line.ear.offline(why)

    async def tell_cannot(self, cannot: CannotDial) -> None:
        """Says why we do not get there by ourselves; refused, we do not try again before a person acts."""
        if not cannot.is_refused:
            await self._line.ear.mishap("cannot_dial", Sentence.of_text(cannot.why).template)
            await self.tell_gone(cannot.why)
            return
        self._line.presence.is_there, self._is_told_there, self.is_refused = False, False, True
        await self._line.ear.offline(cannot.why, refused=True)

    async def see(self) -> None:
        """Looks around, and says what is there."""
        try:
            await self._line.ear.seen(await self._line.look())
        except NotReachable:
            await self._line.ear.mishap("fault", "get_group_list")

    async def feel(self, event: Mapping[str, Any]) -> None:
        """What a heartbeat says."""
        interval = as_size(event.get("interval")) or 0
        self._beat = min(max(interval / 1000, 0.05), 600.0) if interval else 0.0
        status = as_map(event.get("status"))
        if status.get("online") is False:
            await self.tell_gone(mark("账号在QQ那边下线了，要重新登录"))
            return
        await self._line.ear.alive()
        self.come_back()

    async def keep_asking(self) -> None:
        """Over HTTP nothing stands that could break: whether the account is there is asked."""
        while not self.is_refused:
            try:
                answered = await self._line.ask("get_login_info", {})
                is_there = is_done(answered)
            except CannotDial as cannot:
                is_there = False
                await self.tell_cannot(cannot)
            except (NotConnected, NoAnswer):
                is_there = False
            if is_there and not self._line.presence.is_there:
                account = as_ref(as_map(answered.get("data")).get("user_id"))
                if account and await self._line.become(account):
                    self._line.settling.arrive()
            elif not is_there:
                self.go()
            elif is_there:
                await self._line.ear.alive()
            await asyncio.sleep(dialling.ASK_EVERY)
