"""The judges read the past: what an import brought, group by group, in slices that can be interrupted anywhere.

Every message is read once, by whoever comes first; a slice is kept whole or not at all, and what was queued stays queued
until there is nothing unread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from itertools import islice

from django.db import transaction

from qunying.judgement.beside import read_beside
from qunying.judgement.judge import read_all
from qunying.judgement.learning import Learnt, Lesson
from qunying.kernel.readings import Reading
from qunying.pipeline.models import Unread
from qunying.talk.learning import learnt_of
from qunying.talk.readings import UnreadLine, do_add_late_readings, list_unread

SLICE = 2000
MANY = 5 * SLICE  # from so many on two processes more are worth the half second in which they begin
SLICES_A_STEP = 20

Slice = tuple[Unread, list[UnreadLine]]
Watch = Callable[[int], object]


def do_queue(group_ids: Collection[int], now: datetime) -> None:
    """Has the messages of these groups read that nobody has read; from the beginning, for an import may be of any time."""
    queued = [Unread(group_id=pk, queued_at=now, after=None) for pk in group_ids]
    Unread.objects.bulk_create(
        queued, update_conflicts=True, unique_fields=["group"], update_fields=["queued_at", "after"]
    )


def list_queued() -> list[int]:
    """The groups of which something is queued."""
    return list(Unread.objects.order_by("queued_at", "pk").values_list("pk", flat=True))


def step(now: datetime) -> int:
    """Reads some of what is queued longest; answers how many messages that were, 0 where nothing is queued."""
    del now
    queued = Unread.objects.select_related("group").order_by("queued_at", "pk").first()
    if queued is None:
        return 0
    lines = list_unread(queued.group_id, queued.after, MANY)
    if len(lines) == MANY:
        return do_read_all([queued.group_id], slices=SLICES_A_STEP)
    _do_keep((queued, lines), read_all([line.text for line in lines], _learnt(queued)))
    return len(lines) or 1


def do_read_all(group_ids: Collection[int], watch: Watch = lambda read: None, slices: int | None = None) -> int:
    """Reads all that is queued of these groups, or at most so many slices; after each, ``watch`` is told how many were read.

    Answers that number.
    """
    read, taken = 0, deque[Slice]()

    def told() -> Iterator[tuple[Sequence[str], Sequence[Lesson]]]:
        for one in islice(_slices(group_ids), slices):
            taken.append(one)
            learnt = _learnt(one[0])
            yield [line.text for line in one[1]], learnt.lessons if learnt else ()

    for readings in read_beside(told()):
        _do_keep(taken.popleft(), readings)
        read += len(readings)
        watch(read)
    return read


def _learnt(queued: Unread) -> Learnt | None:
    home = queued.group.community_id
    return learnt_of([home]).get(home)


def _slices(group_ids: Collection[int]) -> Iterator[Slice]:
    """Slices of what is queued, each taken before the one before it is kept: so they begin after it, not at it."""
    for queued in Unread.objects.select_related("group").filter(group__in=group_ids).order_by("pk"):
        since, passed = queued.after, set[int]()
        while lines := list_unread(queued.group_id, since, SLICE + len(passed)):
            fresh = [line for line in lines if line.id not in passed]
            if not fresh:
                break
            since = fresh[-1].at
            passed = {line.id for line in lines if line.at == since}
            yield queued, fresh
        yield queued, []


def _do_keep(part: Slice, readings: Sequence[Reading]) -> None:
    queued, lines = part
    here = Unread.objects.filter(pk=queued.pk, queued_at=queued.queued_at)
    with transaction.atomic():
        if not lines:
            here.delete()
            return
        do_add_late_readings(zip(lines, readings, strict=True))
        here.update(after=lines[-1].at)
