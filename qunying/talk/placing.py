"""Puts what was said into threads of talk: every message of a member or of ours once, in the order in which it was kept.

A place is final. A message that comes late, as an import of older talk brings many, is placed among its neighbours of
that time, as they are known by then; those keep their places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from qunying.judgement.threads import Line, Threads
from qunying.people.queries import names_of
from qunying.store import rows
from qunying.store.backlog import LOOKED_AT_AGAIN, do_move, looked_from, position_of, work_off
from qunying.talk.models import Message, MessagePlace, PlaceCursor
from qunying.talk.queries import last_message_id
from qunying.talk.readings import NOTICE
from qunying.talk.theme_scopes import do_note_talk
from qunying.talk.threads import do_recount_threads

AT_ONCE = 2000  # messages that get their places together
BATCHES_A_STEP = 5
CONTEXT = 64  # lines that a new one looks back on
STRETCH = 2000  # placed lines that are read over between new ones, at most
US = "us"
WHILE = timedelta(minutes=5)

_COLUMNS = ("id", "group_id", "sender_id", "source_key", "at", "text", "reply_to", "mentions", "is_own")


@dataclass(frozen=True, slots=True)
class _Said:
    """A message to be placed, or to be looked back on."""

    id: int
    group_id: int
    sender_id: int | None
    source_key: str
    at: datetime
    text: str
    reply_to: str
    mentions: Sequence[int]
    is_own: bool

    @property
    def moment(self) -> tuple[datetime, int]:
        """The order of a group's talk."""
        return self.at, self.id


@dataclass(frozen=True, slots=True)
class _Place:
    """What is known of where a message stands."""

    thread: int
    answers: int | None


_Placed = tuple[_Said, _Place]


def step(now: datetime) -> int:
    """Places some of what is new; answers how many messages that were."""
    del now
    return work_off(_do_place_batch, AT_ONCE, BATCHES_A_STEP)


def do_place_new() -> int:
    """Places everything that has no place yet; answers how many messages that were."""
    return work_off(_do_place_batch, AT_ONCE)


def count_unplaced(group_ids: Collection[int]) -> int | None:
    """How many messages of these groups have no place yet; None where so many wait that nobody counts them."""
    position = position_of(PlaceCursor)
    if last_message_id() - position > LOOKED_AT_AGAIN:
        return None
    return sum(pk in set(group_ids) for pk in _unplaced(position).values_list("group_id", flat=True))


def is_behind(now: datetime) -> bool:
    """Whether something said a while ago has no place yet, as after an import. What is being said is always placed late."""
    return _unplaced(position_of(PlaceCursor)).filter(at__lt=now - WHILE).exists()


def _unplaced(position: int) -> QuerySet[Message]:
    """What nobody has placed, where the cursor stands so."""
    has_place = MessagePlace.objects.filter(pk=OuterRef("pk"))
    return Message.objects.filter(_placeable(), ~Exists(has_place), pk__gt=looked_from(position)).order_by("pk")


def _placeable() -> Q:
    """Said by somebody: neither by the app, nor by a sender whom the record does not name."""
    return (Q(sender__isnull=False) | Q(is_own=True)) & ~Q(kind=NOTICE)


def _do_place_batch() -> int:
    """The next ``AT_ONCE`` messages; 0 where nothing is left, or where somebody else was here meanwhile."""
    position, last = position_of(PlaceCursor), last_message_id()
    said = [_Said(*row) for row in rows.read(_unplaced(position).filter(pk__lte=last)[:AT_ONCE], _COLUMNS)]
    if not said and position >= last:
        return 0
    by_group: dict[int, list[_Said]] = defaultdict(list)
    for one in sorted(said, key=lambda one: one.moment):
        by_group[one.group_id].append(one)
    names = _names(said)
    places = [found for group_id, new in by_group.items() for found in _place_group(group_id, new, names)]
    after = max(position, said[-1].id if len(said) == AT_ONCE else last)
    return len(said) if _do_keep(places, position, after) else 0


@transaction.atomic
def _do_keep(placed: Sequence[_Placed], before: int, after: int) -> bool:
    """Keeps the places and moves the cursor, together; False when another process was here first."""
    if not do_move(PlaceCursor, before, after):
        return False
    standing = Message.objects.filter(pk__in=rows.among(one.id for one, _ in placed))
    alive = {pk: (group, home) for pk, group, home in standing.values_list("pk", "group_id", "community_id")}
    kept = [(one.id, place.thread, place.answers) for one, place in placed if one.id in alive]
    rows.insert(MessagePlace, ["message_id", "thread", "answers"], kept, ignore=True)
    do_recount_threads({thread for _, thread, _ in kept})
    do_note_talk(dict(alive.values()))
    return True


def _names(said: Sequence[_Said]) -> dict[int, str]:
    met = {one for line in said for one in (line.sender_id, *line.mentions) if one}
    return {pk: found.name or f"#{pk}" for pk, found in names_of(met).items()}


def _place_group(group_id: int, new: list[_Said], names: dict[int, str]) -> list[_Placed]:
    """Places for messages of one group in the order of their time."""
    found: list[_Placed] = []
    while new:
        stretch, between = _stretch(group_id, new)
        before = _before(group_id, stretch[0], found)
        names |= _names([one for one, _ in (*before, *between) if one.sender_id not in names])
        found += _place_stretch(stretch, before, between, _Room(names, _Replies.of(group_id, stretch)))
        new = new[len(stretch) :]
    return found


def _stretch(group_id: int, new: Sequence[_Said]) -> tuple[Sequence[_Said], list[_Placed]]:
    """As many of the new messages as can be read with what was placed between them, and that."""
    between = _known(_after(group_id, new[0]).filter(_until(new[-1])).order_by("at", "id")[:STRETCH])
    if len(between) < STRETCH:
        return new, between
    reached = between[-1][0].moment
    return [one for one in new if one.moment < reached] or new[:1], between


def _after(group_id: int, first: _Said) -> QuerySet[Message]:
    later = Q(at__gt=first.at) | Q(at=first.at, pk__gt=first.id)
    return Message.objects.filter(later, group=group_id, at__gte=first.at)


def _until(last: _Said) -> Q:
    return Q(at__lte=last.at) & (Q(at__lt=last.at) | Q(pk__lt=last.id))


def _before(group_id: int, first: _Said, found: Sequence[_Placed]) -> list[_Placed]:
    """The last placed messages before this one, those that were placed just now among them, oldest first."""
    earlier = Q(at__lt=first.at) | Q(at=first.at, pk__lt=first.id)
    said = Message.objects.filter(earlier, group=group_id, at__lte=first.at)
    known = _known(said.order_by("-at", "-id")[:CONTEXT])
    return sorted([*known, *found[-CONTEXT:]], key=lambda one: one[0].moment)[-CONTEXT:]


def _known(said: QuerySet[Message]) -> list[_Placed]:
    """Those of these messages that have a place, in their order."""
    lines = [_Said(*row) for row in rows.read(said, _COLUMNS)]
    columns = ("message_id", "thread", "answers")
    places = {pk: _Place(*rest) for pk, *rest in rows.select(MessagePlace, columns, ["message_id"], _ones(lines))}
    return [(one, places[one.id]) for one in lines if one.id in places]


def _ones(lines: Sequence[_Said]) -> list[tuple[int]]:
    return [(one.id,) for one in lines]


@dataclass(frozen=True, slots=True)
class _Replies:
    """Which messages the carrier says are replied to, by their source key, and the threads of those that have a place."""

    ids: Mapping[str, int]
    threads: Mapping[int, int]

    @classmethod
    def of(cls, group_id: int, said: Sequence[_Said]) -> _Replies:
        keys = {(group_id, one.reply_to) for one in said if one.reply_to}
        found = rows.select(Message, ["source_key", "id"], ["group_id", "source_key"], keys)
        threads = rows.select(MessagePlace, ["message_id", "thread"], ["message_id"], [(pk,) for _, pk in found])
        return cls(dict(found), dict(threads))


@dataclass(frozen=True, slots=True)
class _Room:
    """What is needed to read a line of a group: what people are called, and what is replied to."""

    names: Mapping[int, str]
    replies: _Replies

    def line(self, one: _Said) -> Line:
        """The message as threads take it."""
        author = US if one.is_own else self.names.get(one.sender_id or 0, f"#{one.sender_id}")
        called = tuple(self.names[pk] for pk in one.mentions if pk in self.names)
        target = self.replies.ids.get(one.reply_to)
        return Line(str(one.id), one.at.timestamp(), author, one.text, called, str(target) if target else None)


def _place_stretch(
    new: Sequence[_Said], before: Sequence[_Placed], between: Sequence[_Placed], room: _Room
) -> Iterator[_Placed]:
    threads = Threads()
    for pk, thread in room.replies.threads.items():
        threads.know(str(pk), str(thread))
    known = {one.id: place for one, place in (*before, *between)}
    lines = sorted([*new, *(one for one, _ in (*before, *between))], key=lambda one: one.moment)
    for one in lines:
        place = known.get(one.id)
        if place is None:
            found = threads.place(room.line(one))
            yield one, _Place(int(found.thread), None if found.reply_to is None else int(found.reply_to))
        else:
            threads.remember(room.line(one), None if place.answers is None else str(place.answers), str(place.thread))
