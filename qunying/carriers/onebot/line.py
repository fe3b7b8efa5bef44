"""A QQ account as a line: hears what its OneBot implementation tells, asks it to act, notices when it is not there."""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from qunying.carriers.base import Answer, Delivery, NotReachable
from qunying.carriers.onebot import dialling, looking
from qunying.carriers.onebot.acting import Acting
from qunying.carriers.onebot.answers import is_done
from qunying.carriers.onebot.calls import ANSWER_WITHIN, Calls, NoAnswer, NotConnected
from qunying.carriers.onebot.company import Company, Presence
from qunying.carriers.onebot.connection import LARGEST_FRAME, Connection
from qunying.carriers.onebot.fields import as_map, as_name, as_ref, as_size, as_text, read_frame
from qunying.carriers.onebot.hearing import Sort, arrival_of, sort_of
from qunying.carriers.onebot.names import OURS, Names
from qunying.carriers.onebot.noting import Noting
from qunying.carriers.wire.line import Ear, GroupLook, Kept, WrongAccount
from qunying.kernel import clock
from qunying.kernel.texts import mark

log = structlog.get_logger()

WAITING_AT_MOST = 10_000
AT_ONCE = 200
WATCH_EVERY = 0.5
GRACE = 5.0  # a connection that breaks and comes back within it was not away
LOOK_EVERY = 6 * 3600.0
SILENT_BEATS = 3
BODIES_REMEMBERED = 2000
PAGES, PAGE = 20, 100
STOOD_BY_AT_MOST = 5000
AT_ONE_TIME = 0.5  # seconds: two accounts do not hear the same at the very same moment
OVERLAP = 60  # seconds: clocks differ, and a key is told once anyhow
SAMPLE = 200
READING_ERRORS = (AssertionError, AttributeError, IndexError, KeyError, TypeError, ValueError)


class Line:
    """One account. Connections come through ``serve``, or are dialled where the options say so."""

    def __init__(self, kept: Kept, ear: Ear, company: Company) -> None:
        self.kept, self.ear = kept, ear
        self._company = company
        self.presence = company.join(kept.id, kept.account_ref)
        self.names = Names()
        self.members: dict[str, dict[str, str]] = {}  # by group, cards by person
        self._calls = Calls()
        self._asker: Connection | None = None
        self._teller: Connection | None = None
        self.http = dialling.Http.of(kept)
        self._inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue(WAITING_AT_MOST)
        self._there: dict[str, Presence] = {}
        self._stood_by: deque[tuple[float, dict[str, Any]]] = deque(maxlen=STOOD_BY_AT_MOST)
        self._taken: list[dict[str, Any]] = []  # out of the inbox and not kept yet
        self._bodies: deque[str] = deque(maxlen=BODIES_REMEMBERED)
        self._cursor = int(kept.cursor) if kept.cursor.isdecimal() else 0
        self._newest = self._cursor
        self._is_catching_up = False
        self._is_told_there: bool | None = None
        self._gone_at: float | None = None
        self._beat, self._beaten_at, self._looked_at = 0.0, 0.0, 0.0
        self._is_curious = False  # something about our own place in a group changed
        self._arriving: asyncio.Task[None] | None = None
        self._noting = Noting(self, company)
        self._acting = Acting(self)

    @property
    def account(self) -> str:
        """Who we are there; empty until that was said."""
        return self.presence.account

    # at work

    async def run(self) -> None:
        """Keeps what is heard, dials where it is ours to dial, and watches, until it is cancelled."""
        self._company.rejoin(self.kept.id, self.presence)
        duties = [self._keep(), self._watch()]
        if dialling.is_forward(self.kept):
            duties.append(dialling.keep_dialling(self))
        if self.http is not None:
            duties.append(self._keep_asking())
        try:
            async with asyncio.TaskGroup() as group:
                for duty in duties:
                    group.create_task(duty)
        finally:
            await self._end()

    async def _end(self) -> None:
        if self._arriving is not None:
            self._arriving.cancel()
        self._calls.lose()
        self._company.leave(self.kept.id, self.presence)
        for connection in {self._asker, self._teller} - {None}:
            if connection is not None:
                await connection.close("the line was closed")
        if self.http is not None:
            await self.http.close()

    async def serve(self, connection: Connection, account: str) -> None:
        """Lives as long as a connection of that account; the one before it ends."""
        if not await self.become(account):
            await connection.close("another account")
            return
        await self._plug(connection)
        try:
            await connection.read(self._hear_frame)
        finally:
            self._unplug(connection)

    async def serve_dialled(self, connection: Connection) -> None:
        """The same where we dialled: who is there has to be asked before anything counts."""
        self._asker = connection
        reading = asyncio.create_task(connection.read(self._hear_frame))
        try:
            answered = await self.ask("get_login_info", {})
            account = as_ref(as_map(answered.get("data")).get("user_id"))
            if account and await self.become(account):
                await self._plug(connection)
                await reading
        except (NotConnected, NoAnswer):
            return
        finally:
            reading.cancel()
            self._unplug(connection)

    async def become(self, account: str, name: str = "") -> bool:
        """From now on this line is that account's; False where it belongs to another."""
        try:
            await self.ear.known(account, name)
        except WrongAccount:
            await self.ear.mishap("wrong_account", account[:40])
            return False
        self.presence.account = account
        return True

    async def _plug(self, connection: Connection) -> None:
        old = {self._asker if connection.answers else None, self._teller if connection.tells else None}
        if connection.answers:
            self._calls.lose()
        self._asker = connection if connection.answers else self._asker
        self._teller = connection if connection.tells else self._teller
        self._beaten_at = asyncio.get_running_loop().time()
        for each in old - {None}:
            if each is not None and each not in (self._asker, self._teller):
                asyncio.get_running_loop().create_task(each.close("another connection came"))
        if self._asker is not None and self._teller is not None:
            self.arrive()

    def _unplug(self, connection: Connection) -> None:
        if connection is self._asker:
            self._asker = None
            self._calls.lose()
        if connection is self._teller:
            self._teller = None
        if self._asker is None or self._teller is None:
            self.go()

    # being there

    def arrive(self) -> None:
        """The account is there: who it is, where it is, what it missed."""
        self._gone_at = None
        self.presence.is_there = True
        self._is_catching_up = True
        if self._arriving is not None:
            self._arriving.cancel()
        self._arriving = asyncio.create_task(self._arrive(), name=f"line {self.kept.id} settles in")

    async def _arrive(self) -> None:
        try:
            await self._settle_in()
        except Exception as error:
            log.exception("line could not settle in", line=self.kept.id)
            await self.ear.mishap("fault", type(error).__name__)

    async def _settle_in(self) -> None:
        if not await self._say_who():
            return
        await self._tell_there()
        await self._see()
        now = int(clock.now().timestamp())
        for request in await looking.pending_requests(self, self.account, now):
            await self._inbox.put(request)
        if await self._catch_up():
            self._is_catching_up = False
            if self._cursor == 0:
                self._newest = max(self._newest, now)  # from here on nothing may be missing
            await self._do_hear([])

    async def _say_who(self) -> bool:
        """Whether the account is whom it called itself when it came."""
        try:
            answered = await self.ask("get_login_info", {})
        except (NotConnected, NoAnswer):
            return True  # whoever does not say it is who came
        data = as_map(answered.get("data"))
        account = as_ref(data.get("user_id"))
        if not is_done(answered) or not account:
            return True
        if self.account not in ("", account):
            await self.ear.mishap("wrong_account", account)
            await self._hang_up("another account")
            return False
        return await self.become(account, as_name(data.get("nickname"))[:120])

    async def _tell_there(self) -> None:
        if self._is_told_there is not True:
            self._is_told_there = True
            await self.ear.online()

    def go(self) -> None:
        """The account cannot be reached; told when it does not come back soon."""
        self.presence.is_there = False
        if self._gone_at is None:
            self._gone_at = asyncio.get_running_loop().time()

    async def _tell_gone(self, why: str) -> None:
        self.presence.is_there = False
        if self._is_told_there is not False:
            self._is_told_there = False
            await self.ear.offline(why)

    async def _hang_up(self, why: str) -> None:
        for connection in {self._asker, self._teller} - {None}:
            if connection is not None:
                await connection.close(why)

    async def _watch(self) -> None:
        """Notices silence and absence, and looks around again from time to time."""
        while True:
            await asyncio.sleep(WATCH_EVERY)
            now = asyncio.get_running_loop().time()
            await self._step_in()
            if self._gone_at is not None and now - self._gone_at > GRACE:
                await self._tell_gone(mark("QQ程序断开了连接"))
            if self.presence.is_there and self._beat and now - self._beaten_at > self._beat * SILENT_BEATS:
                self._beat = 0.0
                await self._tell_gone(mark("QQ程序很久没有动静"))
                await self._hang_up("silence")
            is_due = self._looked_at > 0 and now - self._looked_at > LOOK_EVERY
            if self.presence.is_there and (is_due or self._is_curious):
                self._looked_at, self._is_curious = now, False
                await self._see()

    async def _step_in(self) -> None:
        """Tells what we stood by for while another account that should have told it was, unnoticed, not there any more."""
        there = self._company.there()
        gone = {account: one.heard_at for account, one in self._there.items() if account not in there}
        self._there = there
        if gone:
            stood_by = list(self._stood_by)
            missed = [event for at, event in stood_by if _was_for(event, at, gone)]
            self._stood_by.clear()
            self._stood_by.extend(each for each in stood_by if not _was_for(each[1], each[0], gone))
            for start in range(0, len(missed), AT_ONCE):
                await self._hear(missed[start : start + AT_ONCE])

    async def _see(self) -> None:
        try:
            await self.ear.seen(await self.look())
        except NotReachable:
            await self.ear.mishap("fault", "get_group_list")

    async def _keep_asking(self) -> None:
        """Over HTTP nothing stands that could break: whether the account is there is asked."""
        while True:
            try:
                answered = await self.ask("get_login_info", {})
                is_there = is_done(answered)
            except (NotConnected, NoAnswer):
                is_there = False
            if is_there and not self.presence.is_there:
                account = as_ref(as_map(answered.get("data")).get("user_id"))
                if account and await self.become(account):
                    self.arrive()
            elif not is_there:
                self.go()
            elif is_there:
                await self.ear.alive()
            await asyncio.sleep(dialling.ASK_EVERY)

    # hearing

    async def _hear_frame(self, words: str | bytes) -> None:
        if len(words) > LARGEST_FRAME and not self._calls.are_waiting:
            await self.ear.mishap("too_large", str(len(words)))
            return
        try:
            frame = read_frame(words)
        except ValueError:
            await self.ear.mishap("malformed", _sample(words))
            return
        self._beaten_at = self.presence.heard_at = asyncio.get_running_loop().time()
        if "post_type" in frame:
            await self._hear_event(frame, len(words))
        elif "echo" in frame or "retcode" in frame:
            if wrong := self._calls.take(frame):
                await self.ear.mishap(wrong, as_text(frame.get("echo"))[:40])
        else:
            await self.ear.mishap("malformed", _sample(words))

    async def _hear_event(self, event: dict[str, Any], size: int) -> None:
        if size > LARGEST_FRAME:
            await self.ear.mishap("too_large", str(size))
        elif self.account and as_ref(event.get("self_id")) != self.account:
            await self.ear.mishap("wrong_account", as_text(event.get("self_id"))[:40])
        else:
            await self._inbox.put(event)

    async def overhear(self, message: Mapping[str, Any]) -> None:
        """What our account said itself in a group, told as if the implementation had."""
        said = {"post_type": "message_sent", "message_type": "group", "sub_type": "normal", "user_id": self.account}
        await self._inbox.put({**message, **said})

    async def hear_body(self, body: bytes) -> int:
        """An event that was posted; the status to answer. When that is 204 it is kept."""
        try:
            event = read_frame(body)
        except ValueError:
            await self.ear.mishap("malformed", _sample(body))
            return 400
        if as_ref(event.get("self_id")) != self.account:
            await self.ear.mishap("wrong_account", as_text(event.get("self_id"))[:40])
            return 403
        self.presence.heard_at = asyncio.get_running_loop().time()
        digest = hashlib.sha256(body).hexdigest()
        if digest in self._bodies:
            await self.ear.mishap("replayed", digest[:16])
        await self._hear([event])
        self._bodies.append(digest)
        return 204

    async def _keep(self) -> None:
        """Keeps what waits, as much at once as there is, in the order in which it came."""
        while True:
            if not self._taken:
                self._taken = [await self._inbox.get()]
            while not self._inbox.empty() and len(self._taken) < AT_ONCE:
                self._taken.append(self._inbox.get_nowait())
            await self._hear(self._taken)
            self._taken = []

    async def _hear(self, events: Sequence[dict[str, Any]]) -> None:
        told = []
        for event in events:
            try:
                noted = await self._take(event)
            except READING_ERRORS as error:  # one event that makes us stumble must not hold up all that follow
                log.exception("event could not be taken", line=self.kept.id, kind=_kind(event))
                await self.ear.mishap("malformed", f"{type(error).__name__} {_kind(event)}")
                continue
            if noted is not None:
                told.append(noted)
        if told:
            await self._do_hear(told)

    async def _take(self, event: dict[str, Any]) -> dict[str, Any] | None:
        """An event as it is to be kept, None where it is not."""
        sort = sort_of(event)
        if sort is Sort.UNKNOWN or sort is Sort.MALFORMED:
            await self.ear.mishap("unknown_kind" if sort is Sort.UNKNOWN else "malformed", _kind(event))
            return None
        await self._notice(event)
        if sort is Sort.PASSED:
            return None
        noted = await self._noting.noted(event)
        if as_map(noted.get(OURS)).get("others"):
            self._stood_by.append((asyncio.get_running_loop().time(), noted))
        self._come_back()
        return noted

    def _come_back(self) -> None:
        """Who tells something is there, whatever was said of them before."""
        if not self.presence.is_there and self._asker is not None and self._teller is not None:
            self.arrive()

    async def _do_hear(self, events: Sequence[dict[str, Any]]) -> None:
        """Keeps them, and how far we have heard once nothing is missing before it."""
        arrivals = [arrival_of(event) for event in events]
        now = int(clock.now().timestamp())
        newest = self._newest = max([self._newest, *(min(int(one.at.timestamp()), now) for one in arrivals)])
        if self._is_catching_up:
            await self.ear.hear(arrivals)
            return
        await self.ear.hear(arrivals, cursor=str(newest))
        self._cursor = newest

    async def _notice(self, event: Mapping[str, Any]) -> None:
        """What an event means for the line itself."""
        match event.get("post_type"), event.get("notice_type", event.get("request_type", event.get("meta_event_type"))):
            case "meta_event", "heartbeat":
                await self._feel(event)
            case "meta_event", _:
                await self.ear.alive()
            case "notice", "bot_offline":
                await self._tell_gone(mark("账号在QQ那边下线了，要重新登录"))
            case "notice", "group_decrease" | "group_dismiss":
                await self._notice_leaving(event)
            case "notice", "group_increase" | "group_admin" if as_ref(event.get("user_id")) == self.account:
                self._is_curious = True
            case "request", "friend" | "group" if event.get("sub_type") != "add":
                who = (event.get("request_type"), event.get("user_id"), event.get("group_id"))
                await self.ear.mishap("awaits_person", " ".join(as_text(each) for each in who)[:SAMPLE])

    async def _notice_leaving(self, event: Mapping[str, Any]) -> None:
        is_over = event.get("notice_type") == "group_dismiss" or event.get("sub_type") in ("kick_me", "disband")
        group = as_ref(event.get("group_id"))
        if is_over or as_ref(event.get("user_id")) == self.account:
            await self.ear.mishap("group_gone", f"{group} {as_text(event.get('sub_type'))}"[:SAMPLE])
            self.presence.groups.discard(group)
            self._is_curious = True

    async def _feel(self, event: Mapping[str, Any]) -> None:
        interval = as_size(event.get("interval")) or 0
        self._beat = min(max(interval / 1000, 0.05), 600.0) if interval else 0.0
        status = as_map(event.get("status"))
        if status.get("online") is False:
            await self._tell_gone(mark("账号在QQ那边下线了，要重新登录"))
            return
        await self.ear.alive()
        self._come_back()

    async def _catch_up(self) -> bool:
        """What was said in every group since we last heard anything; False where the line broke again meanwhile: then what
        is missing is still to be fetched.
        """
        since = self._cursor - OVERLAP
        if self._cursor == 0:
            return True
        if not self.presence.groups:
            await self.ear.mishap("gap", "get_group_list")
        for group in sorted(self.presence.groups):
            said, is_all = await looking.history_since(self, group, since, pages=PAGES, count=PAGE)
            if not self.presence.is_there:
                return False
            if not is_all:
                await self.ear.mishap("gap", group)
            events = [self._as_event(each, group) for each in said]
            for start in range(0, len(events), AT_ONCE):
                await self._hear(events[start : start + AT_ONCE])
        return self.presence.is_there

    def _as_event(self, message: Mapping[str, Any], group: str) -> dict[str, Any]:
        words = {"post_type": "message", "message_type": "group", "sub_type": "normal", "group_id": group}
        return {**words, **message, "self_id": self.account}

    # asking

    async def ask(self, action: str, params: Mapping[str, Any], within: float = ANSWER_WITHIN) -> Mapping[str, Any]:
        """Has the implementation do something. Raises ``NotConnected`` or ``NoAnswer``."""
        if self.http is not None:
            return await self.http.ask(action, params, within)
        if self._asker is None:
            raise NotConnected
        return await self._calls.ask(self._asker.send, action, params, within)

    async def act(self, delivery: Delivery) -> Answer:
        """Carries out one effect."""
        return await self._acting.act(delivery)

    async def look(self) -> Sequence[GroupLook]:
        """What our account sees right now."""
        groups = await looking.look_around(self, self.account, self._company.accounts())
        self._looked_at = asyncio.get_running_loop().time()
        self.presence.groups = {group.ref for group in groups}
        self.members = {one.ref: {who.ref: who.card for who in one.members or ()} for one in groups}
        return groups


def _was_for(event: Mapping[str, Any], at: float, gone: Mapping[str, float]) -> bool:
    """Whether one of those who went may not have heard it."""
    others = as_map(event.get(OURS)).get("others", ())
    return any(account in others and at > heard_at - AT_ONE_TIME for account, heard_at in gone.items())


def _kind(event: Mapping[str, Any]) -> str:
    """What sort of event it is, without what anybody said."""
    fields = ("post_type", "message_type", "notice_type", "request_type", "meta_event_type", "sub_type")
    return " ".join(as_text(event.get(field))[:40] for field in fields if event.get(field))


def _sample(words: str | bytes) -> str:
    """The beginning of what could not be read."""
    begin = words[:SAMPLE]
    return begin if isinstance(begin, str) else begin.decode("utf-8", "replace")
