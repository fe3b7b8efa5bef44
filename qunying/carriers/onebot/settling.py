"""What a line does when its account comes: says who that is, looks around, fetches what was missed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import structlog

from qunying.carriers.onebot import looking
from qunying.carriers.onebot.answers import is_done
from qunying.carriers.onebot.calls import NoAnswer, NotConnected
from qunying.carriers.onebot.fields import as_map, as_name, as_ref
from qunying.carriers.onebot.listening import AT_ONCE
from qunying.carriers.onebot.looking import second_of
from qunying.carriers.onebot.mutes import as_ban
from qunying.carriers.onebot.parse import is_sent
from qunying.carriers.onebot.recalls import Told, as_recall, find_missing, is_empty
from qunying.kernel import clock

if TYPE_CHECKING:
    from qunying.carriers.onebot.line import Line

log = structlog.get_logger()

PAGES, PAGE = 20, 100
TRIES = 3
OVERLAP = 60  # seconds: clocks differ, and a key is told once anyhow
LOOK_BACK_AFTER = 3.0
LOOK_BACK = 300  # seconds


class Settling:
    """Knows the line whose account comes."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._arriving: asyncio.Task[None] | None = None
        self._looking_back: dict[str, asyncio.Task[None]] = {}  # by group

    def arrive(self) -> None:
        """The account is there: who it is, where it is, what it missed."""
        self._line.watching.note_there()
        self._line.listening.is_catching_up = True
        self.stop()
        self._arriving = asyncio.create_task(self._arrive(), name=f"line {self._line.kept.id} settles in")

    async def _arrive(self) -> None:
        try:
            await self._settle_in()
        except Exception as error:
            log.exception("line could not settle in", line=self._line.kept.id)
            await self._line.ear.mishap("fault", type(error).__name__)

    async def _settle_in(self) -> None:
        if not await self._say_who():
            return
        await self._line.watching.tell_there()
        await self._line.watching.see()
        now = int(clock.now().timestamp())
        for request in await looking.pending_requests(self._line, self._line.account, now):
            await self._line.listening.put(request)
        is_whole = await self._catch_up()
        await self._tell_mutes()
        if is_whole:
            await self._line.listening.go_on(now)

    async def _say_who(self) -> bool:
        """Whether the account is whom it called itself when it came."""
        try:
            answered = await self._line.ask("get_login_info", {})
        except (NotConnected, NoAnswer):
            return True  # whoever does not say it is who came
        data = as_map(answered.get("data"))
        account = as_ref(data.get("user_id"))
        if not is_done(answered) or not account:
            return True
        if self._line.account not in ("", account):
            await self._line.ear.mishap("wrong_account", account)
            await self._line.sockets.hang_up("another account")
            return False
        return await self._line.become(account, as_name(data.get("nickname"))[:120])

    async def _catch_up(self) -> bool:
        """What was said in every group since we last heard anything; False where the line broke again meanwhile: then what
        is missing is still to be fetched.
        """
        if self._line.listening.cursor == 0:
            return True
        if not self._line.presence.groups:
            await self._line.ear.mishap("gap", "get_group_list")
        for group in sorted(self._line.presence.groups):
            await self._catch_up_in(group)
            if not self._line.presence.is_there:
                return False
        return self._line.presence.is_there

    async def _catch_up_in(self, group: str) -> None:
        """What was said in one group, and what was recalled of what was said before. Nothing is told where the line broke."""
        since = self._line.listening.cursor - OVERLAP
        told = self._line.listening.lately.list_told(group, self._line.listening.cursor)
        begins = min([since, *(one.second for one in told)])
        said, is_all = await looking.history_since(self._line, group, begins, pages=PAGES, count=PAGE)
        if not self._line.presence.is_there:
            return
        if not is_all and not (said and second_of(said[0]) < since):
            await self._line.ear.mishap("gap", group)
        history = [self._as_event(each, group) for each in said]
        events = [each for each in history if second_of(each) >= since and not is_empty(each)]
        for start in range(0, len(events), AT_ONCE):
            await self._line.listening.hear(events[start : start + AT_ONCE])
        if is_all:
            await self._tell_recalls(group, told, history)

    async def _tell_recalls(self, group: str, told: Sequence[Told], history: Sequence[Mapping[str, Any]]) -> None:
        known = self._line.names
        missing = find_missing([one for one in told if not known.is_recalled(f"g{group}", one.name)], history)
        if missing is None:
            await self._line.ear.mishap("gap", group)
            return
        now = int(clock.now().timestamp())
        self._line.listening.lately.forget(group, missing)
        await self._line.listening.hear([as_recall(one, group, self._line.account, now) for one in missing])

    async def _tell_mutes(self) -> None:
        """Who was muted or unmuted meanwhile. Where another account of ours listened too, it was told of that."""
        account, silent = self._line.account, 0
        for group in sorted(self._line.presence.groups):
            listed = await looking.muted_in(self._line, group)
            if listed is None:
                silent += 1
                if silent == TRIES:
                    return  # an implementation without such a list must not hold us up in every group
                continue
            now = int(clock.now().timestamp())
            changed = self._line.mutes.see(group, listed, now)
            if not self._line.company.others_in(group, account):
                await self._line.listening.hear(
                    [as_ban(group, user, until, account, now) for user, until in changed.items()]
                )

    def _as_event(self, message: Mapping[str, Any], group: str) -> dict[str, Any]:
        words = {"post_type": "message", "message_type": "group", "sub_type": "normal", "group_id": group}
        return {**words, **message, "self_id": self._line.account}

    def look_back(self, group: str) -> None:
        """Whether we said something is not known, for no answer came: soon it is looked for in the history."""
        if group not in self._looking_back:
            task = self._looking_back[group] = asyncio.create_task(self._look_back(group))
            task.add_done_callback(lambda _task: self._looking_back.pop(group, None))

    async def _look_back(self, group: str) -> None:
        await asyncio.sleep(LOOK_BACK_AFTER)
        since = int(clock.now().timestamp()) - LOOK_BACK
        said, _is_all = await looking.history_since(self._line, group, since, pages=1, count=PAGE)
        own = [event for each in said if is_sent(event := self._as_event(each, group))]
        await self._line.listening.hear(own)

    def stop(self) -> None:
        """The account is not awaited any more."""
        for task in (self._arriving, *self._looking_back.values()):
            if task is not None:
                task.cancel()
