"""A line to one account on a Matrix homeserver."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import aiohttp
import structlog

from qunying.carriers.base import Answer, Arrival, Delivery, NotReachable, Outcome
from qunying.carriers.matrix.acts import MUTES, Acts, read_mutes
from qunying.carriers.matrix.carrier import DOES
from qunying.carriers.matrix.homeserver import BadAddress, Homeserver, NoAnswer, NotTrusted, Said
from qunying.carriers.matrix.message import edited
from qunying.carriers.matrix.room import KEPT_TYPES, Room
from qunying.carriers.matrix.telling import Mishap, is_our_coming, our_coming_in, tell
from qunying.carriers.wire.line import Ear, GroupLook, Kept, WrongAccount
from qunying.kernel import clock
from qunying.kernel.texts import mark

log = structlog.get_logger()

LISTENS_FOR = 20.0  # seconds, until the server says that there is nothing
FIRST_REST, LONGEST_REST = 1.0, 60.0
PAGE, PAGES_AT_MOST = 100, 100  # how far back we go for what was missed in one room
HEAR_AT_ONCE = 500
Shown: TypeAlias = tuple[str, str, frozenset[str], tuple[tuple[str, str], ...]]
KNOWN_BY = frozenset({"join", "leave", "ban"})
NOT_CONNECTED = Answer(Outcome.LATER, words=mark("账号没有连上"))


class Line:
    """Hears by ``/sync``, from where it stopped; what came meanwhile is fetched before it goes on.

    Options: ``homeserver``, ``user``; ``invites`` says whose invitations into groups are followed: ``owner`` (those of the
    person in option ``owner``; usual), ``everyone`` or ``nobody``. Who sits or sat in a group with us may always open a private
    chat: whoever was removed must be able to say that it was wrong.
    """

    def __init__(self, kept: Kept, ear: Ear) -> None:
        self._kept, self._ear, self._since = kept, ear, kept.cursor
        self._secrets = dict(kept.secrets)
        self._own = ""
        self._rooms: dict[str, Room] = {}
        self._acts: Acts | None = None
        self._is_synced = False
        self._shown: list[Shown] = []

    async def run(self) -> None:
        """Hears until cancelled; rests longer and longer while the server is away."""
        async with aiohttp.ClientSession(trust_env=False, cookie_jar=aiohttp.DummyCookieJar()) as session:
            rest = FIRST_REST
            while True:
                try:
                    homeserver = Homeserver(session, self._kept.options.get("homeserver", ""))
                    await self._come(homeserver)
                    rest = FIRST_REST
                    await self._hear_on(homeserver)
                except NotTrusted as error:
                    await self._ear.mishap("cannot_dial", str(error))
                    await self._ear.offline(mark("服务器的加密证书不对，没有连"))
                except NoAnswer:
                    await self._ear.offline(mark("连不上服务器"))
                except Said as said:
                    if said.is_unknown_token or said.status == 403:
                        await self._give_up(mark("口令不对或已失效") if said.is_unknown_token else said.words)
                    await self._ear.offline(said.words or said.code)
                    rest = max(rest, said.retry_after.total_seconds() if said.retry_after else 0.0)
                except BadAddress as error:
                    await self._give_up(error.words)
                except WrongAccount:
                    await self._give_up(mark("这个口令属于另一个账号"))
                self._acts, self._is_synced = None, False
                await asyncio.sleep(rest)
                rest = min(rest * 2, LONGEST_REST)

    async def _give_up(self, why: str) -> None:
        """Waits for a person."""
        self._acts, self._is_synced = None, False
        await self._ear.offline(why, refused=True)
        await asyncio.Event().wait()

    async def act(self, delivery: Delivery) -> Answer:
        """Carries out one effect, as ``Acts`` does."""
        return await self._acts.act(delivery) if self._acts and self._is_synced else NOT_CONNECTED

    async def look(self) -> Sequence[GroupLook]:
        """The rooms of our account, without its private chats. Raises ``NotReachable`` before the first answer."""
        if not self._is_synced:
            raise NotReachable
        return [room.look(self._own, DOES) for room in self._rooms.values() if not self._partner(room)]

    async def _come(self, homeserver: Homeserver) -> None:
        """Signs in, says who we are, and hears everything up to now."""
        homeserver.token = self._secrets.get("token", "") or await self._sign_in(homeserver)
        self._own = str((await homeserver.ask("GET", "account", "whoami"))["user_id"])
        await self._ear.known(self._own, await self._name(homeserver))
        self._rooms.clear()
        self._acts = Acts(homeserver, self._own, self._rooms)
        self._shown = []
        await self._sync(homeserver, is_first=True)
        self._is_synced = True
        await self._ear.online()

    async def _sign_in(self, homeserver: Homeserver) -> str:
        """Once: from then on the token is kept instead of the password."""
        words = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": self._kept.options.get("user", "")},
            "password": self._secrets.get("password", ""),
            "device_id": f"QUNYING{self._kept.id}",
            "initial_device_display_name": "Qunying",
        }
        token = str((await homeserver.ask("POST", "login", body=words))["access_token"])
        self._secrets = {"token": token}
        await self._ear.keep_secrets(self._secrets)
        return token

    async def _name(self, homeserver: Homeserver) -> str:
        try:
            return str((await homeserver.ask("GET", "profile", self._own)).get("displayname") or self._own)
        except Said:
            return self._own

    async def _hear_on(self, homeserver: Homeserver) -> None:
        while True:
            await self._lift_mutes()
            await self._sync(homeserver, is_first=False)

    async def _lift_mutes(self) -> None:
        """Gives those their voice back whose time is over, also while nobody held this line."""
        now = clock.now().timestamp() * 1000
        for room in self._rooms.values():
            for who in [who for who, until in room.mutes.items() if until <= now]:
                try:
                    assert self._acts is not None
                    await self._acts.unmute(room.ref, who)
                except Said as said:
                    log.warning("a mute could not be lifted", room=room.ref, code=said.code)
                    room.mutes.pop(who, None)  # a person has to; tried again when the line comes up anew

    def _listens_for(self) -> float:
        now = clock.now().timestamp() * 1000
        dues = [(until - now) / 1000 for room in self._rooms.values() for until in room.mutes.values()]
        return max(0.0, min([LISTENS_FOR, *dues]))

    async def _sync(self, homeserver: Homeserver, *, is_first: bool) -> None:
        """One answer of the server, kept with where it ends. A line that never heard anything begins now."""
        is_new = not self._since
        listens_for = 0.0 if is_first else self._listens_for()
        query = {"timeout": str(int(listens_for * 1000)), "filter": _filter(1 if is_new else PAGE)}
        query |= {"since": self._since} if self._since else {}
        query |= {"full_state": "true"} if is_first else {}
        answer = await homeserver.ask("GET", "sync", query=query, within=listens_for + 30)
        self._note_private(answer)
        told = [one for ref, words in _rooms_in(answer, "join") for one in await self._heed(homeserver, ref, words)]
        for ref, words in _rooms_in(answer, "leave"):
            told += await self._heed(homeserver, ref, words)
            self._rooms.pop(ref, None)
        await self._show(is_new=is_new)
        await self._hear([] if is_new else told, str(answer["next_batch"]))
        await self._answer_invites(homeserver, answer)

    async def _heed(self, homeserver: Homeserver, ref: str, words: Mapping[str, Any]) -> list[Arrival | Mishap]:
        """What happened in a room, oldest first; the room takes note of it on the way."""
        room = self._rooms.setdefault(ref, Room(ref))
        timeline, told = words.get("timeline", {}), list[Arrival | Mishap]()
        events = timeline.get("events", [])
        for event in words.get("account_data", {}).get("events", []):
            if event.get("type") == MUTES:
                room.mutes = read_mutes(event["content"])
        if timeline.get("limited") and self._since:
            earlier, is_whole = await self._fetch_missed(homeserver, ref, timeline.get("prev_batch", ""))
            told += [] if is_whole else [Mishap("gap", ref)]
            events = [*earlier, *events]
        for event in words.get("state", {}).get(
            "events", []
        ):  # as it is after what was missed, which changes nothing of it
            room.heed(event)
        came = our_coming_in(events, self._own)  # what was before is not for us
        for number, event in enumerate(events):
            if number >= came and await self._is_forged(homeserver, ref, event):
                told.append(Mishap("malformed", "m.replace of another's words"))
            elif number >= came:
                told += tell(event, room, self._own, self._partner(room))
            if "state_key" in event:
                room.heed(event)
        return told

    async def _is_forged(self, homeserver: Homeserver, ref: str, event: Mapping[str, Any]) -> bool:
        """Whether that replaces somebody else's words: servers pass it on, and only clients leave it out."""
        content = event.get("content")
        change = edited(content) if isinstance(content, Mapping) else None
        if change is None:
            return False
        try:
            original = await homeserver.ask("GET", "rooms", ref, "event", change[0])
        except Said as said:
            if said.is_too_fast:
                raise NoAnswer("too fast") from None
            return True
        return original.get("sender") != event.get("sender")

    async def _fetch_missed(self, homeserver: Homeserver, ref: str, end: str) -> tuple[list[Mapping[str, Any]], bool]:
        """What happened in a room between where we stopped and ``end``, oldest first, and whether that is all of it."""
        found: list[Mapping[str, Any]] = []
        for _ in range(PAGES_AT_MOST):
            query = {"dir": "b", "from": end, "to": self._since, "limit": str(PAGE)}
            try:
                page = await homeserver.ask("GET", "rooms", ref, "messages", query=query, within=30)
            except Said as said:
                if said.is_too_fast:
                    raise NoAnswer("too fast") from None
                return found[::-1], False
            chunk = page.get("chunk", [])
            found += chunk
            if not page.get("end") or page["end"] == end or any(is_our_coming(one, self._own) for one in chunk):
                return found[::-1], True
            end = page["end"]
        return found[::-1], False

    async def _hear(self, told: Iterable[Arrival | Mishap], cursor: str) -> None:
        """Keeps what was told, and with the last of it where we are."""
        told = list(told)
        for one in told:
            if isinstance(one, Mishap):
                await self._ear.mishap(one.what, one.sample)
        arrivals = [one for one in told if isinstance(one, Arrival)]
        while len(arrivals) > HEAR_AT_ONCE:
            await self._ear.hear(arrivals[:HEAR_AT_ONCE])
            arrivals = arrivals[HEAR_AT_ONCE:]
        if arrivals or cursor != self._since:
            await self._ear.hear(arrivals, cursor)
        else:
            await self._ear.alive()
        self._since = cursor

    async def _show(self, *, is_new: bool) -> None:
        """Who sits where is told when what we see or may do has changed, not with everybody who comes."""
        looks = [room.look(self._own, DOES) for room in self._rooms.values() if not self._partner(room)]
        shown: list[Shown] = [(one.ref, one.name, one.can, tuple(sorted(one.lacks.items()))) for one in looks]
        if is_new or shown != self._shown:
            self._shown = shown
            await self._ear.seen(looks)

    def _note_private(self, answer: Mapping[str, Any]) -> None:
        """What our account noted as private chats, on whichever client."""
        assert self._acts is not None
        for event in answer.get("account_data", {}).get("events", []):
            if event.get("type") == "m.direct":
                for who, refs in event["content"].items():
                    self._acts.private.update({ref: who for ref in refs if isinstance(ref, str)})

    def _partner(self, room: Room) -> str:
        """The other side of a private chat: a room so noted, or one of two without a name; empty for a group."""
        others = [one for one in room.people("join", "invite") if one != self._own]
        noted = self._acts.private.get(room.ref, "") if self._acts else ""
        if noted:
            return noted if len(others) <= 1 else ""
        return others[0] if len(others) == 1 and not room.is_named else ""

    async def _answer_invites(self, homeserver: Homeserver, answer: Mapping[str, Any]) -> None:
        for ref, words in _rooms_in(answer, "invite"):
            events = words.get("invite_state", {}).get("events", [])
            asking: Mapping[str, Any] = next((one for one in events if one.get("state_key") == self._own), {})
            inviter, is_direct = str(asking.get("sender", "")), asking.get("content", {}).get("is_direct") is True
            if not self._follows(inviter, is_direct=is_direct):
                await self._ear.mishap("not_accepted", inviter)
                continue
            try:
                if is_direct and self._acts is not None:
                    await self._acts.note_direct(ref, inviter)
                await homeserver.ask("POST", "join", ref, body={})
            except Said as said:
                await self._ear.mishap("not_accepted", f"{inviter} {said.code}")

    def _follows(self, inviter: str, *, is_direct: bool) -> bool:
        """Whether we go where somebody asks us to."""
        invites = self._kept.options.get("invites", "owner")
        if invites == "nobody":
            return False
        is_near = any(room.membership(inviter) in KNOWN_BY for room in self._rooms.values())
        is_owner = bool(inviter) and inviter == self._kept.options.get("owner", "")
        return invites == "everyone" or is_owner or (is_direct and is_near)


def _rooms_in(answer: Mapping[str, Any], how: str) -> list[tuple[str, Mapping[str, Any]]]:
    return list(answer.get("rooms", {}).get(how, {}).items())


def _filter(limit: int) -> str:
    """Only what we need to know."""
    words = {
        "presence": {"not_types": ["*"]},
        "account_data": {"types": ["m.direct"]},
        "room": {
            "ephemeral": {"not_types": ["*"]},
            "account_data": {"types": [MUTES]},
            "state": {"types": list(KEPT_TYPES)},
            "timeline": {"limit": limit},
        },
    }
    return json.dumps(words)
