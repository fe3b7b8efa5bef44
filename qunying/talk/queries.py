"""What was said, for those who count it and those who quote it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Case, F, IntegerField, Max, Min, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Length

from qunying.store import rows
from qunying.talk.models import Message, Revision

OWN, RECALLED, EDITED, ANSWER = 1, 2, 4, 8  # one number for four marks: every column of millions of rows costs


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of somebody, as they stand in a report."""

    message_id: int
    identity_id: int
    at: datetime
    text: str


def list_said(after: int, until: int, limit: int, *, group_ids: Collection[int] | None = None) -> list[list[Any]]:
    """Messages with ``after < id <= until`` in the order of ids, for counting: no words, only their length.

    Eight columns of equal length: message, community, group, identity or None, at, kind, marks, length; none at all where
    nothing can match. ``marks`` adds up ``OWN``, ``RECALLED``, ``EDITED`` and ``ANSWER``; ``at`` is a datetime or, where the
    database keeps times as text, that text in UTC. ``group_ids`` narrows it down.
    """
    said = Message.objects.filter(pk__gt=after, pk__lte=until).order_by("pk")
    if group_ids is not None:
        # the sum keeps the database on the span of ids: walking the groups' whole history would be slower by far
        said = said.annotate(place=F("group_id") + 0).filter(place__in=group_ids)
    return rows.read_columns(_counted(said)[:limit])


def list_message_ids(places: Collection[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """The messages of these (group, source key), by that; what is not kept is absent."""
    found = rows.select(Message, ["group_id", "source_key", "id"], ["group_id", "source_key"], places)
    return {(group, key): pk for group, key, pk in found}


def list_said_by(
    sender_ids: Collection[int], since: datetime, limit: int
) -> list[tuple[str, int, int, datetime, str, str]]:
    """(source key, group, identity, moment, words, kind) of what these people said from then on, newest first."""
    said = Message.objects.filter(sender__in=rows.among(sender_ids), at__gte=since, recalled_at=None).order_by("-at")
    return rows.read(said[:limit], ["source_key", "group_id", "sender_id", "at", "text", "kind"])


def list_mentioned(message_id: int) -> list[int]:
    """The identities that a message names with an @."""
    found = Message.objects.filter(pk=message_id).values_list("mentions", flat=True).first()
    return list(found or [])


def list_said_by_id(ids: Collection[int]) -> list[list[Any]]:
    """Those messages as they are now, in columns as of ``list_said``."""
    return rows.read_columns(_counted(Message.objects.filter(pk__in=ids).order_by("pk")))


def list_revised(after: int, until: int, limit: int) -> list[tuple[int, int]]:
    """(revision, message) of changes with ``after < id <= until``, oldest first."""
    changes = Revision.objects.filter(pk__gt=after, pk__lte=until).order_by("pk")
    return list(changes.values_list("pk", "message_id")[:limit])


def last_message_id() -> int:
    """The highest id among messages; 0 when there is none."""
    return int(Message.objects.aggregate(last=Max("pk"))["last"] or 0)


def last_revision_id() -> int:
    """The highest id among revisions; 0 when there is none."""
    return int(Revision.objects.aggregate(last=Max("pk"))["last"] or 0)


def count_messages(community_ids: Collection[int]) -> int:
    """Messages kept of these communities."""
    return Message.objects.filter(group__community__in=community_ids).count()


def span_of_talk(group_ids: Collection[int]) -> tuple[datetime, datetime] | None:
    """When the first and the last message of these groups were said; None where nothing was."""
    if len(group_ids) == 1:  # both ends of an index, without what lies between
        said = Message.objects.filter(group__in=group_ids).values_list("at", flat=True)
        first, last = said.order_by("at").first(), said.order_by("-at").first()
        return (first, last) if first and last else None
    found = Message.objects.filter(group__in=group_ids).aggregate(first=Min("at"), last=Max("at"))
    return (found["first"], found["last"]) if found["first"] else None


def find_last_said_after(message_id: int, community_ids: Collection[int]) -> datetime | None:
    """When the latest of these communities' messages with a higher id was said; None where there is none."""
    # the sum keeps the database on the span of ids
    said = Message.objects.filter(pk__gt=message_id).annotate(home=F("community_id") + 0).filter(home__in=community_ids)
    found: datetime | None = said.aggregate(last=Max("at"))["last"]
    return found


def list_first_words(group_id: int, since: Mapping[int, datetime], until: datetime) -> list[Quote]:
    """The first text that each of these identities wrote in a group from their moment on, before ``until``; earliest first.

    Withdrawn messages and those without words are passed over; who wrote nothing is absent.
    """
    if not since:
        return []
    said = Message.objects.filter(
        group=group_id,
        sender__in=since,
        at__gte=min(since.values()),
        at__lt=until,
        recalled_at=None,
        is_own=False,
        kind="text",
    ).order_by("at", "pk")
    first: dict[int, Quote] = {}
    for pk, sender, at, text in said.values_list("pk", "sender_id", "at", "text").iterator(chunk_size=500):
        if sender not in first and at >= since[sender] and text.strip():
            first[sender] = Quote(pk, sender, at, text)
        if len(first) == len(since):
            break
    return sorted(first.values(), key=lambda quote: quote.at)


def _counted(said: QuerySet[Message]) -> QuerySet[Message, tuple[Any, ...]]:
    return said.annotate(
        said_at=F("at") if connection.vendor == "postgresql" else Cast("at", TextField()),
        marks=_mark(OWN, Q(is_own=True))
        + _mark(RECALLED, Q(recalled_at__isnull=False))
        + _mark(EDITED, Q(edited_at__isnull=False))
        + _mark(ANSWER, ~Q(reply_to="")),
        length=Length("text"),
    ).values_list("pk", "community_id", "group_id", "sender_id", "said_at", "kind", "marks", "length")


def _mark(value: int, condition: Q) -> Case:
    return Case(When(condition, then=Value(value)), default=Value(0), output_field=IntegerField())


def list_own_words(group_id: int, text: str, since: datetime) -> list[str]:
    """References of messages of our own account in a group with exactly these words since then, oldest first."""
    own = Message.objects.filter(group=group_id, is_own=True, at__gte=since, text=text)
    return list(own.order_by("at", "id").values_list("source_key", flat=True))
