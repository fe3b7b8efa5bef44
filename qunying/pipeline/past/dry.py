"""Reads everything and writes nothing: what an import into an empty group would bring."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import chain
from zoneinfo import ZoneInfo

from qunying.carriers.files.discovery import read_job
from qunying.carriers.files.records import (
    ChatStarts,
    PastJoin,
    PastLeave,
    PastMessage,
    PastNotice,
    PastRecall,
    Record,
    Skipped,
)
from qunying.pipeline.past.keys import Keys, fact_name, message_key, move_key, people_in
from qunying.pipeline.past.localtime import LocalTime
from qunying.pipeline.past.namebook import batches, book_of
from qunying.pipeline.past.places import Family
from qunying.pipeline.past.plan import Plan, Reading
from qunying.pipeline.past.tally import Tally

PARTS = 64
AT_ONCE = 5000


class Distinct:
    """Counts different keys with eight bytes for each, so that millions fit."""

    def __init__(self) -> None:
        self._parts = [array("Q") for _ in range(PARTS)]

    def add(self, key: str) -> None:
        """One more key, perhaps seen before."""
        number = int.from_bytes(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest())
        self._parts[number % PARTS].append(number)

    def counts(self) -> tuple[int, int]:
        """How many keys are different, and how many came again."""
        different = sum(len(set(part)) for part in self._parts)
        return different, sum(map(len, self._parts)) - different


@dataclass
class Room:
    """One of our groups-to-be: what was said, who came and went."""

    messages: Distinct = field(default_factory=Distinct)
    notices: Distinct = field(default_factory=Distinct)
    moves: dict[str, Distinct] = field(default_factory=dict)
    keys: Keys = field(default_factory=Keys)
    time: LocalTime = field(default_factory=lambda: LocalTime(ZoneInfo("UTC")))


@dataclass
class Count:
    """Where the counting stands."""

    family: Family
    zone: ZoneInfo
    tally: Tally = field(default_factory=Tally)
    rooms: dict[str, Room] = field(default_factory=dict)  # by our group's name
    people: set[tuple[str | int, str]] = field(default_factory=set)


def count_only(plan: Plan, timezone: str, group_name: str) -> Tally:
    """The tally of an import into an empty group, by reading alone."""
    count = Count(Family(group_name), ZoneInfo(timezone))
    for reading in plan.readings:
        _count_reading(count, reading)
    for name, skipped in plan.left_out:
        count.tally.skip(skipped.reason, name)
    _sum_up(count)
    return count.tally


def _count_reading(count: Count, reading: Reading) -> None:
    for one in count.rooms.values():
        one.keys, one.time = Keys(), LocalTime(count.zone)
    starts = ChatStarts(name="")
    room: Room | None = None
    book = book_of(reading.job, reading.choices)
    for record in chain.from_iterable(map(book.resolved, batches(read_job(reading.job, reading.choices), AT_ONCE))):
        if isinstance(record, ChatStarts):
            starts, room = record, None
        elif isinstance(record, Skipped):
            count.tally.skip(record.reason, record.sample)
        elif starts.is_private and starts.is_one_of_many:
            count.tally.skip("private_chat", "")
        else:
            room = room or _room(count, starts)
            count.people.update(_accounts(room, starts.platform, record))
            _count(count.tally, room, record)


def _room(count: Count, starts: ChatStarts) -> Room:
    """The group for a chat, named as a real import would name it."""
    family = count.family
    own = family.own_name(starts)
    first = family.first_to_rename(own)
    if first:
        family.names[first] = family.full_name(first)
        if family.group_name in count.rooms:
            count.rooms[family.names[first]] = count.rooms.pop(family.group_name)
    name = family.place(own, is_one_of_many=starts.is_one_of_many)
    return count.rooms.setdefault(name, Room(time=LocalTime(count.zone)))


def _accounts(room: Room, platform: str, record: Record) -> Iterator[tuple[str | int, str]]:
    """Everybody a record is about: with an account the same in every chat, with only a name in this one alone."""
    return ((platform, one.ref) if one.ref else (id(room), one.name) for one in people_in(record))


def _count(tally: Tally, room: Room, record: Record) -> None:
    match record:
        case PastMessage():
            room.messages.add(message_key(room.keys, record))
            tally.see(room.time.next_utc(record.at))
        case PastNotice():
            room.notices.add(message_key(room.keys, record))
            room.time.next_utc(record.at)
        case PastJoin() | PastLeave():
            distinct = room.moves.setdefault(fact_name(record), Distinct())
            for person in record.people:
                distinct.add(move_key(room.keys, record, person))
        case PastRecall():
            tally.recalls += 1


def _sum_up(count: Count) -> None:
    tally = count.tally
    tally.people = len(count.people)
    for name, room in count.rooms.items():
        messages, again = room.messages.counts()
        notices, noticed_again = room.notices.counts()
        joins, joined_again = _moves(room, "member.joined")
        leaves, left_again = _moves(room, "member.left")
        tally.keep(name, messages, {})
        tally.notices += notices
        tally.joins += joins
        tally.leaves += leaves
        tally.duplicates += again + noticed_again + joined_again + left_again


def _moves(room: Room, name: str) -> tuple[int, int]:
    return room.moves[name].counts() if name in room.moves else (0, 0)
