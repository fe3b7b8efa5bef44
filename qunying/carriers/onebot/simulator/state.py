"""The state of the world, and who hears of what happens in it. Nothing here decides who may do what."""

from __future__ import annotations

import base64
import binascii
import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from qunying.kernel import clock

from . import refusals
from .parts import Account, Group, Member, Message, Person, Request, Segment

Listener = Callable[[int, dict[str, Any]], None]
ENDINGS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif", b"RIFF": "webp"}


def scattered_ids() -> Iterator[int]:
    """Numbers for messages as NapCat and LLBot make them: 32 bits, in no order, half of them negative."""
    return ((each * 2_654_435_761) % 2**32 - 2**31 for each in itertools.count(1))


@dataclass(slots=True)
class State:
    """Everything there is. ``ids`` gives the numbers of messages, ``clock`` the time; both can be handed in.

    With ``own_ids`` every account knows a message by a number of its own, as the accounts of real implementations do.
    """

    clock: Callable[[], datetime] = clock.now
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    own_ids: bool = False
    people: dict[int, Person] = field(default_factory=dict)
    groups: dict[int, Group] = field(default_factory=dict)
    accounts: dict[int, Account] = field(default_factory=dict)
    friends: set[frozenset[int]] = field(default_factory=set)
    messages: dict[int, Message] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    forwards: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    files_at: str = ""
    listeners: list[Listener] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def now(self) -> int:
        """The present second."""
        return int(self.clock().timestamp())

    def person(self, user_id: int) -> Person:
        """Somebody with that number, or a refusal."""
        if user_id not in self.people:
            raise refusals.no_person(user_id)
        return self.people[user_id]

    def group(self, group_id: int) -> Group:
        """That group, or a refusal."""
        if group_id not in self.groups:
            raise refusals.no_group(group_id)
        return self.groups[group_id]

    def member(self, group_id: int, user_id: int) -> Member:
        """That person in that group, or a refusal."""
        found = self.group(group_id).members.get(user_id)
        if found is None:
            raise refusals.no_member(group_id, user_id)
        return found

    def message(self, message_id: int) -> Message:
        """That message, by the world's number; a refusal where there is none or it was recalled."""
        found = self.messages.get(message_id)
        if found is None or found.is_recalled:
            raise refusals.no_message(message_id)
        return found

    def request(self, flag: str) -> Request:
        """An open request among the last hundred, or a refusal."""
        found = next((each for each in self.requests[-100:] if each.flag == flag), None)
        if found is None:
            raise refusals.no_request()
        return found

    def are_friends(self, one: int, other: int) -> bool:
        """Whether two are friends."""
        return frozenset((one, other)) in self.friends

    def next_flag(self) -> str:
        """A flag for a request, and ids for other small things."""
        return str(17_000_000 + next(self.numbers))

    def id_for(self, self_id: int, message_id: int) -> int:
        """The number by which an account knows a message."""
        return message_id ^ self._salt(self_id) if self.own_ids else message_id

    def id_from(self, self_id: int, seen: int) -> int:
        """The world's number of a message that an account knows by ``seen``."""
        return self.id_for(self_id, seen)

    def _salt(self, self_id: int) -> int:
        return int.from_bytes(hashlib.sha256(str(self_id).encode()).digest()[:3], "big")

    def accounts_in(self, group: Group) -> list[int]:
        """The accounts that sit in a group, whether or not they are online."""
        return [self_id for self_id in self.accounts if self_id in group.members]

    def tell(self, self_id: int, payload: dict[str, Any]) -> None:
        """An event for one account; who is offline does not hear it."""
        account = self.accounts.get(self_id)
        if account is not None and account.is_online:
            for listener in self.listeners:
                listener(self_id, {"time": self.now(), "self_id": self_id, **payload})

    def tell_all(self, self_ids: Iterable[int], payload: dict[str, Any]) -> None:
        """The same event for several accounts."""
        for self_id in self_ids:
            self.tell(self_id, dict(payload))

    def keep_file(self, content: bytes) -> str:
        """Stores bytes and says their name."""
        ending = next((each for start, each in ENDINGS.items() if content.startswith(start)), "bin")
        name = f"{hashlib.md5(content, usedforsecurity=False).hexdigest().upper()}.{ending}"
        self.files[name] = content
        return name

    def take_in(self, segment: Segment) -> Segment:
        """A picture, voice or video with its bytes stored and an address to fetch them from."""
        file = str(segment.data.get("file", ""))
        if segment.type not in ("image", "record", "video") or not file:
            return segment
        if file.startswith("base64://"):
            content = _decode(file.removeprefix("base64://"))
            name = self.keep_file(content)
            url, size = f"{self.files_at}/_file/{name}", len(content)
        else:
            name, url, size = file.rsplit("/", 1)[-1], file, 0
        return Segment(segment.type, {**segment.data, "file": name, "url": url, "file_size": str(size)})


def _decode(words: str) -> bytes:
    try:
        return base64.b64decode(words, validate=True)
    except binascii.Error as error:
        raise refusals.Refusal("base64 decode failed", "图片内容不是正确的 base64") from error
