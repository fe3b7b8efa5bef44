"""Messages as pages show them: a group's latest, one day, what came since, what was found."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from qunying.talk.models import Message
from qunying.talk.search import TALK_INDEX

FOUND_AT_ONCE = 2000
_COLUMNS = (
    "pk",
    "sender_id",
    "source_key",
    "at",
    "kind",
    "text",
    "reply_to",
    "quote",
    "media",
    "edited_at",
    "recalled_at",
    "is_own",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One message as a page shows it."""

    id: int
    sender_id: int | None
    source_key: str
    at: datetime
    kind: str
    text: str
    reply_to: str
    quote: str
    media: list[dict[str, Any]]
    edited_at: datetime | None
    recalled_at: datetime | None
    is_own: bool


def list_lines(group_id: int, *, limit: int, before: int | None = None) -> list[Line]:
    """The latest messages of a group, newest first; ``before`` goes on below a message id."""
    said = _before(Message.objects.filter(group=group_id), before)
    return _lines(said.order_by("-at", "-pk")[:limit])


def list_lines_forward(group_id: int, *, since: datetime, until: datetime, start: int, limit: int) -> list[Line]:
    """A slice of the messages of a group said in that time, oldest first."""
    said = Message.objects.filter(group=group_id, at__gte=since, at__lt=until)
    return _lines(said.order_by("at", "pk")[start : start + limit])


def count_lines(group_id: int, *, since: datetime, until: datetime) -> int:
    """How many messages of a group were said in that time, ours and withdrawn ones included."""
    return Message.objects.filter(group=group_id, at__gte=since, at__lt=until).count()


def count_lines_before(group_id: int, line: Line, *, since: datetime) -> int:
    """How many messages of a group were said since then and before that one."""
    said = Message.objects.filter(group=group_id, at__gte=since)
    return said.filter(Q(at__lt=line.at) | Q(at=line.at, pk__lt=line.id)).count()


def find_line(group_id: int, message_id: int) -> Line | None:
    """That message of the group; None where there is none."""
    return next(iter(_lines(Message.objects.filter(group=group_id, pk=message_id))), None)


def list_lines_around(group_id: int, line: Line, count: int) -> tuple[list[Line], list[Line]]:
    """So many messages said before that one and after it, both oldest first."""
    said = Message.objects.filter(group=group_id)
    before = _lines(said.filter(Q(at__lt=line.at) | Q(at=line.at, pk__lt=line.id)).order_by("-at", "-pk")[:count])
    after = _lines(said.filter(Q(at__gt=line.at) | Q(at=line.at, pk__gt=line.id)).order_by("at", "pk")[:count])
    return before[::-1], after


def list_lines_after(group_id: int, message_id: int, *, since: datetime, limit: int) -> list[Line]:
    """Messages of a group kept after that one (by id) and said since then, oldest first."""
    said = Message.objects.filter(group=group_id, pk__gt=message_id, at__gte=since)
    return _lines(said.order_by("at", "pk")[:limit])


def list_lines_of(
    group_id: int, senders: Collection[int], *, since: datetime, until: datetime, limit: int
) -> list[Line]:
    """The latest messages that these people wrote in a group in that time, newest first."""
    said = Message.objects.filter(group=group_id, sender__in=senders, at__gte=since, at__lte=until)
    return _lines(said.order_by("-at", "-pk")[:limit]) if senders else []


def find_lines(group_id: int, query: str, *, limit: int, before: int | None = None) -> list[Line]:
    """Messages of a group in which every part of the query occurs, newest first. An empty query finds nothing.

    The index knows no groups: where it finds more than it may hand out, the group's own messages are read instead.
    """
    said = Message.objects.filter(group=group_id)
    is_one_sign = len(query.strip()) == 1  # which the index is slow at
    ids = [] if is_one_sign else TALK_INDEX.find(query, limit=FOUND_AT_ONCE)
    if len(ids) < FOUND_AT_ONCE and not is_one_sign:
        said = said.filter(pk__in=ids)
    else:
        for word in query.split():
            said = said.filter(text__icontains=word)
    return _lines(_before(said, before).order_by("-at", "-pk")[:limit])


def lines_by_key(group_id: int, keys: Collection[str]) -> dict[str, Line]:
    """Messages of a group by their source keys; unknown keys are absent."""
    if not keys:
        return {}
    return {line.source_key: line for line in _lines(Message.objects.filter(group=group_id, source_key__in=keys))}


def _before(said: QuerySet[Message], before: int | None) -> QuerySet[Message]:
    moment = Message.objects.filter(pk=before).values_list("at", flat=True).first() if before else None
    return said.filter(Q(at__lt=moment) | Q(at=moment, pk__lt=before)) if moment else said


def _lines(said: QuerySet[Message]) -> list[Line]:
    return [Line(*row) for row in said.values_list(*_COLUMNS)]
