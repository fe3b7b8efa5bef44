"""Our effects carried out in Matrix rooms."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from qunying.carriers.base import Answer, Delivery, Outcome
from qunying.carriers.matrix.homeserver import Homeserver, NoAnswer, Said
from qunying.carriers.matrix.message import make_words
from qunying.carriers.matrix.room import MUTED, Room, as_level
from qunying.kernel import clock
from qunying.kernel.effects import (
    Announce,
    ApproveJoin,
    Ban,
    DeleteMessage,
    Invite,
    Mute,
    Pin,
    RejectJoin,
    RemoveMember,
    Say,
    Unban,
    Unmute,
    Whisper,
)
from qunying.kernel.texts import mark

MUTES = "net.qunying.mutes"  # in our account's own data of a room: until when we took whose voice
RETRY_AFTER = timedelta(seconds=5)
DONE = Answer(Outcome.DONE)


class Acts:
    """What our account does. Reading power or pins and writing them again happens once at a time per room."""

    def __init__(self, homeserver: Homeserver, own: str, rooms: Mapping[str, Room]) -> None:
        self._homeserver, self._own, self._rooms = homeserver, own, rooms
        self.private: dict[str, str] = {}  # rooms of two that were noted as such, and who the other is
        self._in_turn: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def act(self, delivery: Delivery) -> Answer:
        """Carries out one effect. Asking again what was not answered is harmless: every act either names the
        transaction by our key or looks first whether it is done."""
        try:
            return await self._act(delivery)
        except NoAnswer:
            return Answer(Outcome.LATER, words=mark("服务器没有回答"))
        except Said as said:
            if said.is_too_fast:
                wait = said.retry_after or RETRY_AFTER
                return Answer(Outcome.LATER, words=mark("平台要求慢一点"), retry_at=clock.now() + wait)
            if said.is_unknown_token:
                return Answer(Outcome.LATER, words=mark("口令不对"))
            return Answer(Outcome.REFUSED, words=said.words or said.code or f"HTTP {said.status}")

    async def _act(self, delivery: Delivery) -> Answer:
        room, who = delivery.group_ref, delivery.member_ref
        match delivery.effect:
            case Say(text=text, reply_to=reply_to):
                return await self._say(delivery, text, reply_to)
            case Announce(text=text):
                return await self._say(delivery, text)
            case Whisper(text=text):
                return await self._send(await self._private_room(who), delivery.key, make_words(text))
            case DeleteMessage(message_key=ref):
                await self._homeserver.ask("PUT", "rooms", room, "redact", ref, delivery.key, body={})
                return DONE
            case Mute(duration=duration):
                return await self._mute(room, who, duration)
            case Unmute():
                return await self.unmute(room, who)
            case RemoveMember():
                return await self._put_out("kick", room, who, lambda now: now not in ("join", "invite", "knock"))
            case Ban():
                return await self._put_out("ban", room, who, lambda now: now == "ban")
            case Unban():
                return await self._put_out("unban", room, who, lambda now: now != "ban")
            case Invite():
                return await self._put_out("invite", room, who, lambda now: now in ("join", "invite"))
            case ApproveJoin(request_ref=ref):
                return await self._let_in(room, ref.partition(" ")[0])
            case RejectJoin(request_ref=ref, words=words):
                return await self._turn_down(room, ref.partition(" ")[0], words)
            case Pin(message_key=ref):
                return await self._pin(room, ref)
            case _:
                return Answer(Outcome.REFUSED, words=mark("这个平台做不到"))

    async def _say(self, delivery: Delivery, text: str, reply_to: str = "") -> Answer:
        room = self._rooms.get(delivery.group_ref)
        if room is not None and room.is_encrypted:
            return Answer(Outcome.REFUSED, words=mark("这个群开了端到端加密，这里不能说话"))
        names = [(ref, room.name_of(ref) if room else ref) for ref in delivery.mention_refs]
        return await self._send(delivery.group_ref, delivery.key, make_words(text, names, reply_to))

    async def _send(self, room: str, key: str, words: Mapping[str, Any]) -> Answer:
        sent = await self._homeserver.ask("PUT", "rooms", room, "send", "m.room.message", key, body=words)
        return Answer(Outcome.DONE, ref=str(sent["event_id"]))

    async def _private_room(self, who: str) -> str:
        """The room of the two of us: the one there is, or a new one to which they are asked."""
        async with self._in_turn[who]:
            for ref, partner in self.private.items():
                room = self._rooms.get(ref)  # one that was only just made is not heard of yet
                if partner == who and (room is None or room.membership(who) in ("join", "invite")):
                    return ref
            if made := self._unnoted(who):  # it was made, and the answer that told so was lost
                await self.note_direct(made, who)
                return made
            words = {"preset": "trusted_private_chat", "is_direct": True, "invite": [who]}
            made = str((await self._homeserver.ask("POST", "createRoom", body=words))["room_id"])
            await self.note_direct(made, who)
            return made

    def _unnoted(self, who: str) -> str:
        """A room without a name in which only the two of us are; empty where there is none."""
        us = {self._own, who}
        rooms = ((ref, room) for ref, room in self._rooms.items() if not room.is_named and not room.is_encrypted)
        return next((ref for ref, room in rooms if set(room.people("join", "invite")) == us), "")

    async def note_direct(self, ref: str, who: str) -> None:
        """That room is from now on a private chat with them, for every client of our account."""
        self.private[ref] = who
        path = ("user", self._own, "account_data", "m.direct")
        known = await self._read(*path)
        listed = known.get(who)
        await self._homeserver.ask(
            "PUT", *path, body={**known, who: [*(listed if isinstance(listed, list) else []), ref]}
        )

    async def _mute(self, room: str, who: str, duration: timedelta) -> Answer:
        """The server only knows for ever; until when is kept beside it, so that whoever runs this line then lifts it."""
        until = int((clock.now() + duration).timestamp() * 1000)
        async with self._in_turn[room]:
            await self._keep_mutes(room, lambda mutes: {**mutes, who: until})
            return await self._set_level(room, who, lambda level, _: min(level, MUTED))

    async def unmute(self, room: str, who: str) -> Answer:
        """Who speaks already goes on doing so."""
        async with self._in_turn[room]:
            answer = await self._set_level(room, who, lambda level, usual: max(level, usual, 0) if level < 0 else level)
            await self._keep_mutes(room, lambda mutes: {one: until for one, until in mutes.items() if one != who})
            return answer

    async def _set_level(self, room: str, who: str, to: Callable[[int, int], int]) -> Answer:
        path = ("rooms", room, "state", "m.room.power_levels", "")
        levels = await self._homeserver.ask("GET", *path)
        users, usual = dict(levels.get("users", {})), as_level(levels.get("users_default"), 0)
        before = as_level(users.get(who), usual)
        after = to(before, usual)
        if after == before:
            return DONE
        users[who] = after
        if after == usual:
            del users[who]
        await self._homeserver.ask("PUT", *path, body={**levels, "users": users})
        return DONE

    async def _keep_mutes(self, room: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        path = ("user", self._own, "rooms", room, "account_data", MUTES)
        before = await self._read(*path)
        after = change(before)
        if after != before:
            await self._homeserver.ask("PUT", *path, body=after)
        if room in self._rooms:
            self._rooms[room].mutes = read_mutes(after)

    async def _read(self, *path: str) -> dict[str, Any]:
        """Empty where nothing is kept there yet."""
        try:
            return await self._homeserver.ask("GET", *path)
        except Said as said:
            if said.status != HTTPStatus.NOT_FOUND:
                raise
        return {}

    async def _put_out(self, verb: str, room: str, who: str, is_so: Callable[[str], bool], words: str = "") -> Answer:
        """Changes how somebody stands; where the server refuses, whether they stand so already decides."""
        body = {"user_id": who, **({"reason": words} if words else {})}
        try:
            await self._homeserver.ask("POST", "rooms", room, verb, body=body)
        except Said as said:
            if said.is_too_fast or said.is_unknown_token or not is_so(await self._membership(room, who)):
                raise
        return DONE

    async def _membership(self, room: str, who: str) -> str:
        state = await self._read("rooms", room, "state", "m.room.member", who)
        return str(state.get("membership", ""))

    async def _let_in(self, room: str, who: str) -> Answer:
        """An invitation is the answer to a knock."""
        stands = await self._membership(room, who)
        if stands in ("join", "invite"):
            return DONE
        if stands != "knock":
            return Answer(Outcome.REFUSED, words=mark("申请已经撤回"))
        return await self._put_out("invite", room, who, lambda now: now in ("join", "invite"))

    async def _turn_down(self, room: str, who: str, words: str) -> Answer:
        stands = await self._membership(room, who)
        if stands in ("join", "invite"):
            return Answer(Outcome.REFUSED, words=mark("已经放进来了"))
        if stands != "knock":
            return DONE
        return await self._put_out("kick", room, who, lambda now: now not in ("knock", "join", "invite"), words)

    async def _pin(self, room: str, ref: str) -> Answer:
        path = ("rooms", room, "state", "m.room.pinned_events", "")
        async with self._in_turn[room]:
            pinned = (await self._read(*path)).get("pinned", [])
            if ref not in pinned:
                await self._homeserver.ask("PUT", *path, body={"pinned": [*pinned, ref]})
        return DONE


def read_mutes(content: Mapping[str, Any]) -> dict[str, int]:
    """Until when whose voice is taken, in milliseconds."""
    return {who: until for who, until in content.items() if isinstance(until, int) and who.startswith("@")}
