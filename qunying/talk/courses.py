"""What one person does in talk: conversations they begin and join, what they ask and whom they answer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from qunying.kernel.readings import Verdict, mask_of
from qunying.store import rows
from qunying.talk.models import Message, MessagePlace, MessageReading, Thread

_NO_QUESTION = (Verdict.AD, Verdict.ABUSE)  # whoever wants to sell or to hurt waits for no answer


@dataclass(frozen=True, slots=True)
class Begun:
    """A conversation that somebody began and others joined; ``words`` are the first of it, empty where they are gone."""

    id: int
    group_id: int
    at: datetime
    messages: int
    people: int
    words: str


@dataclass(frozen=True, slots=True)
class Doing:
    """How much of it: conversations begun that others joined, others' conversations joined, questions asked, others'
    questions answered."""

    begun: int = 0
    joined: int = 0
    asked: int = 0
    helped: int = 0


def count_doing(accounts: Collection[int], community_ids: Collection[int] | None, since: datetime) -> Doing:
    """What these accounts did since then; three queries. What was withdrawn does not count."""
    said = Message.objects.filter(sender__in=accounts, at__gte=since, recalled_at=None)
    said = said if community_ids is None else said.filter(community__in=community_ids)
    asks = said.filter(Exists(_questions("pk"))).count()
    helped = _answering(said, accounts).count()
    taken = Thread.objects.filter(pk__in=MessagePlace.objects.filter(message__in=said).values("thread"), people__gt=1)
    own = Q(starter__in=accounts)
    counts = taken.aggregate(
        begun=Count("pk", filter=own & Q(begun_at__gte=since)), joined=Count("pk", filter=~own | Q(starter=None))
    )
    return Doing(counts["begun"], counts["joined"], asks, helped)


def _questions(of: str) -> QuerySet[MessageReading]:
    wanted = mask_of(Verdict.QUESTION)
    looked_at = wanted | sum(mask_of(other) for other in _NO_QUESTION)
    return MessageReading.objects.annotate(found=F("holds").bitand(looked_at)).filter(pk=OuterRef(of), found=wanted)


def _answering(said: QuerySet[Message], accounts: Collection[int]) -> QuerySet[MessagePlace]:
    """Places of what answers a question of somebody else."""
    others = Message.objects.filter(pk=OuterRef("answers"), recalled_at=None).exclude(sender__in=accounts)
    return MessagePlace.objects.filter(Exists(_questions("answers")), Exists(others), message__in=said)


def list_begun_by(
    accounts: Collection[int],
    community_ids: Collection[int] | None,
    *,
    before: tuple[datetime, int] | None = None,
    limit: int,
) -> tuple[list[Begun], int]:
    """The latest conversations that these accounts began and others joined, and how many there are; ``before`` (moment,
    thread) goes on below one. One query."""
    threads = Thread.objects.filter(starter__in=accounts, people__gt=1)
    if before is not None:
        threads = threads.filter(Q(begun_at__lt=before[0]) | Q(begun_at=before[0], pk__lt=before[1]))
    if community_ids is not None:
        threads = threads.filter(community__in=community_ids)
    words = Message.objects.filter(pk=OuterRef("opener"), recalled_at=None).values("text")
    told = threads.annotate(total=rows.counted(threads), words=Subquery(words)).order_by("-begun_at", "-pk")
    found = list(told.values_list("total", "pk", "group_id", "begun_at", "messages", "people", "words")[:limit])
    return [Begun(*row[1:6], row[6] or "") for row in found], found[0][0] if found else 0
