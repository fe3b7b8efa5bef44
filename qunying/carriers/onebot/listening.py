"""What an account is told: read, kept in its order, and counted where it cannot be."""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import structlog

from qunying.carriers.onebot.connection import LARGEST_FRAME
from qunying.carriers.onebot.fields import as_map, as_ref, as_text, read_frame
from qunying.carriers.onebot.hearing import Sort, arrival_of, chat_of, sort_of
from qunying.carriers.onebot.names import OURS
from qunying.carriers.onebot.noting import Noting
from qunying.carriers.onebot.parse import is_sent
from qunying.carriers.onebot.recalls import Lately
from qunying.kernel import clock
from qunying.kernel.texts import mark

if TYPE_CHECKING:
    from qunying.carriers.onebot.line import Line

log = structlog.get_logger()

WAITING_AT_MOST = 10_000
AT_ONCE = 200
BODIES_REMEMBERED = 2000
SAMPLE = 200
READING_ERRORS = (AssertionError, AttributeError, IndexError, KeyError, TypeError, ValueError)


class Listening:
    """Knows the line to which it listens. ``cursor`` is the second until which nothing is missing."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._noting = Noting(line, line.company)
        self._inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue(WAITING_AT_MOST)
        self._taken: list[dict[str, Any]] = []  # out of the inbox and not kept yet
        self._bodies: deque[str] = deque(maxlen=BODIES_REMEMBERED)
        self.cursor = int(line.kept.cursor) if line.kept.cursor.isdecimal() else 0
        self._newest = self.cursor
        self.is_catching_up = False
        self.lately = Lately()

    async def put(self, event: dict[str, Any]) -> None:
        """An event that is kept in its turn."""
        await self._inbox.put(event)

    async def hear_frame(self, words: str | bytes) -> None:
        """Whatever came over a connection."""
        if len(words) > LARGEST_FRAME and not self._line.sockets.calls.are_waiting:
            await self._line.ear.mishap("too_large", str(len(words)))
            return
        try:
            frame = read_frame(words)
        except ValueError:
            await self._line.ear.mishap("malformed", _sample(words))
            return
        self._line.watching.note_beat()
        self._line.presence.heard_at = asyncio.get_running_loop().time()
        if "post_type" in frame:
            await self._hear_event(frame, len(words))
        elif "echo" in frame or "retcode" in frame:
            if wrong := self._line.sockets.take(frame):
                await self._line.ear.mishap(wrong, as_text(frame.get("echo"))[:40])
        else:
            await self._line.ear.mishap("malformed", _sample(words))

    async def _hear_event(self, event: dict[str, Any], size: int) -> None:
        if size > LARGEST_FRAME:
            await self._line.ear.mishap("too_large", str(size))
        elif self._line.account and as_ref(event.get("self_id")) != self._line.account:
            await self._line.ear.mishap("wrong_account", as_text(event.get("self_id"))[:40])
        else:
            await self.put(event)

    async def overhear(self, message: Mapping[str, Any]) -> None:
        """What our account said itself in a group, told as if the implementation had."""
        said = {
            "post_type": "message_sent",
            "message_type": "group",
            "sub_type": "normal",
            "user_id": self._line.account,
        }
        await self.put({**message, **said})

    async def hear_body(self, body: bytes) -> int:
        """An event that was posted; the status to answer. When that is 204 it is kept."""
        try:
            event = read_frame(body)
        except ValueError:
            await self._line.ear.mishap("malformed", _sample(body))
            return 400
        if as_ref(event.get("self_id")) != self._line.account:
            await self._line.ear.mishap("wrong_account", as_text(event.get("self_id"))[:40])
            return 403
        self._line.presence.heard_at = asyncio.get_running_loop().time()
        digest = hashlib.sha256(body).hexdigest()
        if digest in self._bodies:
            await self._line.ear.mishap("replayed", digest[:16])
        await self.hear([event])
        self._bodies.append(digest)
        return 204

    async def run(self) -> None:
        """Keeps what waits, as much at once as there is, in the order in which it came."""
        while True:
            if not self._taken:
                self._taken = [await self._inbox.get()]
            while not self._inbox.empty() and len(self._taken) < AT_ONCE:
                self._taken.append(self._inbox.get_nowait())
            await self.hear(self._taken)
            self._taken = []

    async def hear(self, events: Sequence[dict[str, Any]]) -> None:
        """Keeps what is told of these events."""
        told = []
        for event in events:
            try:
                noted = await self._take(event)
            except READING_ERRORS as error:  # one event that makes us stumble must not hold up all that follow
                log.exception("event could not be taken", line=self._line.kept.id, kind=_kind(event))
                await self._line.ear.mishap("malformed", f"{type(error).__name__} {_kind(event)}")
                continue
            if noted is not None:
                told.append(noted)
        if told:
            await self._do_hear(told)

    async def _take(self, event: dict[str, Any]) -> dict[str, Any] | None:
        """An event as it is to be kept, None where it is not."""
        sort = sort_of(event)
        if sort is Sort.UNKNOWN or sort is Sort.MALFORMED:
            await self._line.ear.mishap("unknown_kind" if sort is Sort.UNKNOWN else "malformed", _kind(event))
            return None
        await self._notice(event)
        if sort is Sort.PASSED or await self._is_kept(event):
            return None
        noted = await self._noting.noted(event)
        if as_map(noted.get(OURS)).get("others"):
            self._line.deputy.stand_by(noted)
        self._line.watching.come_back()
        self.lately.note(noted)
        return noted

    async def _is_kept(self, event: Mapping[str, Any]) -> bool:
        """Whether it is our own whisper coming back, which was kept when it was said."""
        if event.get("message_type") != "private" or not is_sent(event):
            return False
        return await self._line.acting.is_said(chat_of(event), as_ref(event["message_id"]))

    async def go_on(self, now: int) -> None:
        """What was missed is heard: how far we have come is written down again."""
        self.is_catching_up = False
        if self.cursor == 0:
            self._newest = max(self._newest, now)  # from here on nothing may be missing
        await self._do_hear([])

    async def _do_hear(self, events: Sequence[dict[str, Any]]) -> None:
        """Keeps them, and how far we have heard once nothing is missing before it."""
        arrivals = [arrival_of(event) for event in events]
        now = int(clock.now().timestamp())
        newest = self._newest = max([self._newest, *(min(int(one.at.timestamp()), now) for one in arrivals)])
        if self.is_catching_up:
            await self._line.ear.hear(arrivals)
            return
        await self._line.ear.hear(arrivals, cursor=str(newest))
        self.cursor = newest

    async def _notice(self, event: Mapping[str, Any]) -> None:
        """What an event means for the line itself."""
        match event.get("post_type"), event.get("notice_type", event.get("request_type", event.get("meta_event_type"))):
            case "meta_event", "heartbeat":
                await self._line.watching.feel(event)
            case "meta_event", _:
                await self._line.ear.alive()
            case "notice", "bot_offline":
                await self._line.watching.tell_gone(mark("账号在QQ那边下线了，要重新登录"))
            case "notice", "group_ban":
                self._line.mutes.note(event)
            case "notice", "group_decrease" | "group_dismiss":
                await self._notice_leaving(event)
            case "notice", "group_increase" | "group_admin" if as_ref(event.get("user_id")) == self._line.account:
                self._line.watching.is_curious = True
            case "request", "friend" | "group" if event.get("sub_type") != "add":
                who = (event.get("request_type"), event.get("user_id"), event.get("group_id"))
                await self._line.ear.mishap("awaits_person", " ".join(as_text(each) for each in who)[:SAMPLE])

    async def _notice_leaving(self, event: Mapping[str, Any]) -> None:
        is_over = event.get("notice_type") == "group_dismiss" or event.get("sub_type") in ("kick_me", "disband")
        group = as_ref(event.get("group_id"))
        if is_over or as_ref(event.get("user_id")) == self._line.account:
            await self._line.ear.mishap("group_gone", f"{group} {as_text(event.get('sub_type'))}"[:SAMPLE])
            self._line.presence.groups.discard(group)
            self._line.watching.is_curious = True


def _kind(event: Mapping[str, Any]) -> str:
    """What sort of event it is, without what anybody said."""
    fields = ("post_type", "message_type", "notice_type", "request_type", "meta_event_type", "sub_type")
    return " ".join(as_text(event.get(field))[:40] for field in fields if event.get(field))


def _sample(words: str | bytes) -> str:
    """The beginning of what could not be read."""
    begin = words[:SAMPLE]
    return begin if isinstance(begin, str) else begin.decode("utf-8", "replace")
