"""What was said, across groups: the traces of one person, and messages found by their words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from qunying.talk.models import Message
from qunying.talk.search import TALK_INDEX

FOUND_AT_ONCE = 2000
MOMENTS_AT_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Said:
    """One message as lists across groups show it."""

    id: int
    community_id: int
    group_id: int
    sender_id: int | None
    at: datetime
    kind: str
    text: str
    recalled_at: datetime | None


_SAID = ("pk", "community_id", "group_id", "sender_id", "at", "kind", "text", "recalled_at")


def list_moments(
    account_ids: Collection[int], community_ids: Collection[int] | None, *, since: datetime
) -> list[tuple[datetime, int]]:
    """(when, group) of everything these accounts said since then, newest first; ``MOMENTS_AT_MOST`` of them at most."""
    said = _within(Message.objects.filter(sender__in=account_ids, at__gte=since), community_ids)
    return list(said.order_by("-at").values_list("at", "group_id")[:MOMENTS_AT_MOST])


def list_said_by(
    account_ids: Collection[int],
    community_ids: Collection[int] | None,
    *,
    limit: int,
    before: tuple[datetime, int] | None = None,
) -> list[Said]:
    """The latest messages of these accounts, newest first; ``before`` (moment, message id) goes on below a message."""
    said = _within(Message.objects.filter(sender__in=account_ids), community_ids)
    if before is not None:
        said = said.filter(Q(at__lt=before[0]) | Q(at=before[0], pk__lt=before[1]))
    return [Said(*row) for row in said.order_by("-at", "-pk").values_list(*_SAID)[:limit]]


def find_said(query: str, community_ids: Collection[int] | None, *, limit: int) -> list[Said]:
    """Messages in which every part of the query occurs, newest first. Withdrawn ones are not found.

    Of very common words only the ``FOUND_AT_ONCE`` latest kept messages are looked at.
    """
    ids = TALK_INDEX.find(query, limit=FOUND_AT_ONCE)
    said = _within(Message.objects.filter(pk__in=ids, recalled_at=None), community_ids)
    return [Said(*row) for row in said.order_by("-at", "-pk").values_list(*_SAID)[:limit]]


def _within(said: QuerySet[Message], community_ids: Collection[int] | None) -> QuerySet[Message]:
    return said if community_ids is None else said.filter(community__in=community_ids)
