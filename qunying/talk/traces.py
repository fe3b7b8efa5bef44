"""What was said, across groups: the traces of one person, and messages found by their words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from qunying.talk.models import Message
from qunying.talk.queries import last_message_id
from qunying.talk.search import TALK_INDEX

FOUND_AT_ONCE = (1000, 4000, 20_000)  # where the first handful lies outside somebody's reach, a larger one is taken
LATEST = 20_000
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
    is_own: bool


_SAID = ("pk", "community_id", "group_id", "sender_id", "at", "kind", "text", "recalled_at", "is_own")


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

    Of very common words only the latest kept messages are looked at, ``FOUND_AT_ONCE`` of them at most.
    """
    found = _latest_with(query.strip(), community_ids, limit) if len(query.strip()) == 1 else []
    if found and len(found) == limit:
        return found
    for at_once in FOUND_AT_ONCE:
        ids = TALK_INDEX.find(query, limit=at_once)
        said = _within(Message.objects.filter(pk__in=ids, recalled_at=None), community_ids)
        found = [Said(*row) for row in said.order_by("-at", "-pk").values_list(*_SAID)[:limit]]
        if len(found) == limit or len(ids) < at_once or community_ids is None:
            break
    return found


def _latest_with(sign: str, community_ids: Collection[int] | None, limit: int) -> list[Said]:
    """Among the latest messages those with a single sign: where it is common they are enough, and the index is slow at it."""
    said = Message.objects.filter(pk__gt=last_message_id() - LATEST, text__icontains=sign, recalled_at=None)
    if community_ids is not None:
        said = said.annotate(home=F("community_id") + 0).filter(home__in=community_ids)
    return [Said(*row) for row in said.order_by("-pk").values_list(*_SAID)[:limit]]


def _within(said: QuerySet[Message], community_ids: Collection[int] | None) -> QuerySet[Message]:
    return said if community_ids is None else said.filter(community__in=community_ids)


def first_words(account_ids: Collection[int], moments: Collection[datetime]) -> dict[tuple[int, datetime], str]:
    """What these accounts said at exactly these moments, by (account, moment); who said nothing then is absent."""
    said = Message.objects.filter(sender__in=account_ids, at__in=moments).order_by("-pk")
    return {(row.sender_id or 0, row.at): row.text for row in said.only("sender_id", "at", "text")[:200]}
