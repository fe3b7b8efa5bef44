"""Who turns to whom in the talk of groups: by the carrier's reply, by name, or by taking up what the other said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from qunying.store import rows
from qunying.talk.models import Message, MessagePlace

MENTIONS_AT_MOST = 100_000  # messages that name somebody, the newest ones


@dataclass(frozen=True, slots=True)
class Exchange:
    """How often one identity turned to another: ``replies`` as the carrier says, ``mentions`` by name only, ``follows`` by
    going on with what the other had said, as the threads have it. Every message counts once per other."""

    who: int
    to: int
    replies: int = 0
    follows: int = 0
    mentions: int = 0

    @property
    def times(self) -> int:
        """All ways together."""
        return self.replies + self.follows + self.mentions


def list_exchanges(group_ids: Collection[int], since: datetime, until: datetime) -> list[Exchange]:
    """Every ordered pair of identities of which one turned to the other in that time, in no order.

    What was withdrawn and what our own account says are left out; nobody turns to themselves.
    """
    answers = {(who, to): (replies, follows) for who, to, replies, follows in _answers(group_ids, since, until)}
    mentions = Counter(_mentions(group_ids, since, until))
    return [
        Exchange(*pair, *answers.get(pair, (0, 0)), mentions.get(pair, 0)) for pair in answers.keys() | mentions.keys()
    ]


def _answers(group_ids: Collection[int], since: datetime, until: datetime) -> QuerySet[MessagePlace, tuple[int, ...]]:
    placed = MessagePlace.objects.filter(
        answers__isnull=False,
        message__group__in=group_ids,
        message__at__gte=since,
        message__at__lt=until,
        message__recalled_at=None,
        message__is_own=False,
    )
    said_to = Message.objects.filter(pk=OuterRef("answers"), recalled_at=None, is_own=False).values("sender_id")
    pairs = placed.annotate(to=Subquery(said_to[:1])).exclude(to=None).exclude(message__sender=None)
    counted = pairs.order_by().values("message__sender_id", "to")
    told = counted.annotate(
        replies=Count("pk", filter=~Q(message__reply_to="")), follows=Count("pk", filter=Q(message__reply_to=""))
    ).values_list("message__sender_id", "to", "replies", "follows")
    return told.exclude(message__sender_id=Subquery(said_to[:1]))


def _mentions(group_ids: Collection[int], since: datetime, until: datetime) -> Iterator[tuple[int, int]]:
    """(who, whom) of every message that names somebody whom it does not answer anyway."""
    said = Message.objects.filter(
        group__in=group_ids, at__gte=since, at__lt=until, recalled_at=None, is_own=False, sender__isnull=False
    ).exclude(mentions=[])
    naming = list(said.order_by("-at", "-pk").values_list("pk", "sender_id", "mentions")[:MENTIONS_AT_MOST])
    places = MessagePlace.objects.filter(pk__in=rows.among(pk for pk, _, _ in naming), answers__isnull=False)
    answered = {pk: answers or 0 for pk, answers in places.values_list("pk", "answers")}
    senders = Message.objects.filter(pk__in=rows.among(answered.values())).values_list("pk", "sender_id")
    spoke_to = dict(senders)
    for pk, who, mentions in naming:
        known = {who, spoke_to.get(answered.get(pk, 0))}
        yield from ((who, to) for to in dict.fromkeys(mentions) if isinstance(to, int) and to not in known)
