"""Threads of talk as they stand, the questions asked in them, and what was said in each."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, QuerySet

from qunying.kernel.readings import Verdict, mask_of
from qunying.store import rows
from qunying.talk.models import Message, MessagePlace, MessageReading, Thread

US = 0  # our own account among speakers
MOST_SPEAKERS = 50
_COLUMNS = [
    "id",
    "community_id",
    "group_id",
    "opener",
    "starter_id",
    "begun_at",
    "last_at",
    "messages",
    "people",
    "speakers",
]


@dataclass(frozen=True, slots=True)
class ThreadOfTalk:
    """A thread as it stands. ``speakers`` are identities, whoever came first first, ``US`` for our own account; at most fifty."""

    id: int
    group_id: int
    opener_id: int
    begun_at: datetime
    last_at: datetime
    messages: int
    people: int
    speakers: Sequence[int]


class Speakers(NamedTuple):
    """Who spoke in a thread of a group: how many ``people``, and who, as of ``ThreadOfTalk``. None: the record does not say."""

    group_id: int
    people: int
    speakers: Sequence[int | None]

    @property
    def unnamed(self) -> int:
        """How many spoke beyond those who are named."""
        return self.people - len(self.speakers)


@dataclass(frozen=True, slots=True)
class SaidInThread:
    """What somebody said in a thread; ``holds`` are the verdicts of whoever read it, 0 where nobody has."""

    id: int
    thread_id: int
    group_id: int
    identity_id: int
    at: datetime
    text: str
    replies: bool
    holds: int


def list_threads(group_ids: Collection[int], since: datetime, until: datetime, limit: int) -> list[ThreadOfTalk]:
    """Threads begun in that time in which two or more spoke, newest first."""
    begun = Thread.objects.filter(group__in=group_ids, begun_at__gte=since, begun_at__lt=until, people__gt=1)
    return _threads(begun.order_by("-begun_at", "-pk")[:limit])


def count_openings(group_ids: Collection[int], since: datetime, until: datetime) -> dict[int, int]:
    """How many threads in which two or more spoke each identity began in that time."""
    begun = Thread.objects.filter(group__in=group_ids, begun_at__gte=since, begun_at__lt=until, people__gt=1)
    counted = begun.exclude(starter=None).order_by().values("starter").annotate(threads=Count("pk"))
    return dict(counted.values_list("starter", "threads"))


def list_openings(
    community_ids: Collection[int] | None, since: datetime, until: datetime
) -> list[tuple[int, int, int, int]]:
    """(community, group, identity, how many) of the threads as of ``count_openings``, in these communities (None: all)."""
    begun = Thread.objects.filter(begun_at__gte=since, begun_at__lt=until, people__gt=1).exclude(starter=None)
    if community_ids is not None:
        begun = begun.filter(community__in=community_ids)
    counted = begun.order_by().values("community_id", "group_id", "starter_id").annotate(threads=Count("pk"))
    return list(counted.values_list("community_id", "group_id", "starter_id", "threads"))


def list_speakers(group_ids: Collection[int], since: datetime, until: datetime) -> list[Speakers]:
    """Who spoke in each thread as of ``list_threads``, without its words, in no order."""
    begun = Thread.objects.filter(
        group__in=rows.among(group_ids), begun_at__gte=since, begun_at__lt=until, people__gt=1
    )
    groups, people, speakers = rows.read_columns(begun.values_list("group_id", "people", "speakers")) or ([], [], [])
    return list(map(Speakers, groups, people, json.loads(f"[{','.join(speakers)}]")))


def list_threads_by_id(ids: Collection[int]) -> list[ThreadOfTalk]:
    """Those threads, in no order; what does not stand any more is absent."""
    return _threads(Thread.objects.filter(pk__in=rows.among(ids)))


def list_asked_in(
    group_ids: Collection[int], since: datetime, until: datetime, without: Sequence[Verdict], limit: int
) -> list[int]:
    """Threads of the newest questions asked in that time, none of which is one of those other verdicts too; newest first."""
    wanted = mask_of(Verdict.QUESTION)
    looked_at = wanted | sum(mask_of(other) for other in without)
    asks = MessageReading.objects.annotate(found=F("holds").bitand(looked_at)).filter(pk=OuterRef("pk"), found=wanted)
    said = Message.objects.filter(
        Exists(asks), group__in=group_ids, at__gte=since, at__lt=until, recalled_at=None, is_own=False
    )
    ids = list(said.order_by("-at", "-pk").values_list("pk", flat=True)[:limit])
    threads = dict(MessagePlace.objects.filter(pk__in=rows.among(ids)).values_list("pk", "thread"))
    return list(dict.fromkeys(threads[pk] for pk in ids if pk in threads))


def list_said_in(threads: Collection[int], until: datetime) -> dict[int, list[SaidInThread]]:
    """What was said in these threads before that moment and not withdrawn, oldest first."""
    places = _standing(threads).filter(message__at__lt=until)
    found = list(places.values_list("pk", "thread", *(f"message__{name}" for name in _WORDS)))
    readings = MessageReading.objects.filter(pk__in=rows.among(row[0] for row in found))
    holds = dict(readings.values_list("pk", "holds"))
    said: dict[int, list[SaidInThread]] = defaultdict(list)
    for pk, thread, group, sender, at, text, reply_to, is_own in found:
        who = US if is_own else sender
        said[thread].append(SaidInThread(pk, thread, group, who, at, text, bool(reply_to), holds.get(pk, 0)))
    return said


def words_of_messages(ids: Collection[int]) -> dict[int, str]:
    """The words of these messages; those that are gone are absent."""
    return dict(Message.objects.filter(pk__in=rows.among(ids)).values_list("pk", "text"))


def do_recount_threads(threads: Collection[int]) -> None:
    """Counts these threads anew from the places of their messages; one of which nothing stands is gone."""
    if not threads:
        return
    standing = _standing(threads).order_by("thread", "message__at", "pk")
    columns = ("thread", "pk", "message__community_id", "message__group_id", "message__sender_id", "message__at")
    lines = standing.values_list(*columns, "message__is_own").iterator(chunk_size=5000)
    new = [_counted(thread, list(said)) for thread, said in groupby(lines, key=lambda row: int(row[0]))]
    Thread.objects.filter(pk__in=rows.among(threads)).delete()
    rows.insert(Thread, _COLUMNS, new)


def do_recount_threads_of(message_ids: Collection[int]) -> None:
    """Counts the threads of these messages anew, because one of them was withdrawn."""
    if message_ids:
        places = MessagePlace.objects.filter(pk__in=rows.among(message_ids))
        do_recount_threads(set(places.values_list("thread", flat=True)))


def do_forget_threads(community_ids: Collection[int], at_most: int) -> int:
    """Removes up to so many threads of communities that are being removed; answers how many."""
    ids = list(Thread.objects.filter(community__in=community_ids).values_list("pk", flat=True)[:at_most])
    Thread.objects.filter(pk__in=rows.among(ids)).delete()
    return len(ids)


_WORDS = ("group_id", "sender_id", "at", "text", "reply_to", "is_own")
_SHOWN = ("pk", "group_id", "opener", "begun_at", "last_at", "messages", "people", "speakers")


def _threads(found: QuerySet[Thread]) -> list[ThreadOfTalk]:
    return [ThreadOfTalk(*row) for row in rows.read(found, _SHOWN)]


def _standing(threads: Collection[int]) -> QuerySet[MessagePlace]:
    """Places of these threads' messages, without the withdrawn ones, in the order of time."""
    places = MessagePlace.objects.filter(thread__in=rows.among(threads), message__recalled_at=None)
    return places.order_by("message__at", "pk")


def _counted(thread: int, said: Sequence[tuple[Any, ...]]) -> tuple[object, ...]:
    """A row of ``Thread`` from (thread, message, community, group, sender, at, is our own) in the order of time."""
    _, opener, community, group, starter, begun_at, is_own = said[0]
    people = list(dict.fromkeys(US if row[6] else row[4] for row in said))
    first = None if is_own else starter
    return (
        thread,
        community,
        group,
        opener,
        first,
        begun_at,
        said[-1][5],
        len(said),
        len(people),
        people[:MOST_SPEAKERS],
    )
