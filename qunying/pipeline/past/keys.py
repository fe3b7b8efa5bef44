"""Stable keys for messages of files that have no ids: the same line read from two overlapping exports is one message."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from datetime import datetime

from qunying.carriers.files.records import PastJoin, PastLeave, PastMessage, PastNotice, PersonRef, Record
from qunying.kernel.keys import fitted

KEY_LETTERS = 160
REMEMBERED = 200_000

Move = PastJoin | PastLeave


class Keys:
    """Makes source keys within one chat of one file, in reading order.

    A key covers the time at the file's own resolution, the sender and the words, and the ordinal among equals: three
    «哈哈» in one minute are three messages. Equals are looked for among the last ``REMEMBERED`` distinct lines, which
    keeps memory flat; equal lines are neighbours in time. Keys begin with the time, so that those of one batch are
    neighbours in the database's index.
    """

    def __init__(self) -> None:
        self._seen: OrderedDict[bytes, int] = OrderedDict()
        self._latest: tuple[datetime | None, str] = (None, "")

    def key(self, at: datetime, sender: str, kind: str, text: str) -> str:
        """The key of the next line."""
        if at.tzinfo is not None or at != self._latest[0]:  # the same moment may be written with another offset
            self._latest = (at, at.isoformat())
        moment = self._latest[1]
        said = "\x1f".join((moment, sender, kind, text)).encode("utf-8", "surrogatepass")
        digest = hashlib.blake2b(said, digest_size=12).digest()
        ordinal = self._seen.pop(digest, 0)
        self._seen[digest] = ordinal + 1
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return f"{moment}:{digest.hex()}:{ordinal}" if ordinal else f"{moment}:{digest.hex()}"


def message_key(keys: Keys, record: PastMessage | PastNotice) -> str:
    """The source key of the next message of a chat: the platform's id, or one made of what the file says."""
    if record.source_id:
        return fitted(storable(record.source_id), KEY_LETTERS)
    if isinstance(record, PastNotice):
        return keys.key(record.at, "", "notice", record.text)
    sender = record.sender
    return keys.key(record.at, (sender.ref or sender.name) if sender else "", record.kind.value, record.text)


def move_key(keys: Keys, record: Move, person: PersonRef) -> str:
    """The key of the next coming or going of a chat: as this place calls them, goes_together the rest of the file knows."""
    return keys.key(record.at, person.alias or person.ref or person.name, fact_name(record), "")


def storable(text: str) -> str:
    """The text without what no database takes: NUL and halves of surrogate pairs become U+FFFD."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def fact_name(record: Move) -> str:
    """The fact that tells of a coming or going."""
    return "member.joined" if isinstance(record, PastJoin) else "member.left"


def known_as(person: PersonRef) -> str:
    """What tells people apart within a chat; no reference begins with the sign in front of bare names."""
    return person.ref or f"\x1f{person.name}"


def people_in(record: Record) -> tuple[PersonRef, ...]:
    """Who speaks, comes, goes, or brings or removes somebody."""
    match record:
        case PastMessage(sender=sender):
            return (sender,) if sender else ()
        case PastJoin(people=people, inviter=other) | PastLeave(people=people, operator=other):
            return (*people, other) if other else people
        case _:
            return ()
