"""What was said with what it answers, for those who count who carries a group; and what one person began and said."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db.models import F, OuterRef, Q, Subquery

from qunying.store import rows
from qunying.talk.models import Message, MessagePlace, MessageReading, Thread


class PlacedLine(NamedTuple):
    """A standing message with its place: ``answers`` is the message it answers or None, ``holds`` what the judges said."""

    id: int
    group_id: int
    sender_id: int | None
    at: datetime
    text: str
    is_own: bool
    thread: int | None
    answers: int | None
    holds: int | None


_PLACED = ("pk", "group_id", "sender_id", "at", "text", "is_own", "thread", "answers", "holds")


def list_placed(
    group_ids: Collection[int], since: datetime, until: datetime, *, newest: int | None = None
) -> list[PlacedLine]:
    """What was said in that time in these groups and stands, by group and in the order of time.

    With ``newest``, only so many of the latest of all these groups. What nobody has placed yet has no ``thread``.
    """
    place = MessagePlace.objects.filter(pk=OuterRef("pk"))
    reading = MessageReading.objects.filter(pk=OuterRef("pk"))
    said = Message.objects.filter(group__in=group_ids, at__gte=since, at__lt=until, recalled_at=None)
    said = said.exclude(sender=None, is_own=False).annotate(
        thread=Subquery(place.values("thread")),
        answers=Subquery(place.values("answers")),
        holds=Subquery(reading.values("holds")),
    )
    if newest is not None:
        lines = [PlacedLine(*row) for row in said.order_by("-at", "-pk").values_list(*_PLACED)[:newest]]
        return sorted(lines, key=lambda line: (line.group_id, line.at, line.id))
    return [PlacedLine(*row) for row in said.order_by("group_id", "at", "pk").values_list(*_PLACED)]


def list_begun_of(
    identity_ids: Collection[int], community_id: int, since: datetime, until: datetime
) -> list[tuple[int, datetime]]:
    """(identity, when) of every conversation that these identities began there in that time and others joined."""
    begun = Thread.objects.filter(
        starter__in=rows.among(identity_ids), community=community_id, begun_at__gte=since, begun_at__lt=until
    )
    return list(begun.filter(people__gt=1).values_list("starter", "begun_at"))


def list_moments_of(
    identity_ids: Collection[int], community_id: int, since: datetime, until: datetime
) -> list[tuple[int, datetime]]:
    """(identity, when) of everything these identities said there in that time."""
    said = Message.objects.filter(
        Q(recalled_at=None), sender__in=rows.among(identity_ids), at__gte=since, at__lt=until
    ).annotate(home=F("community_id") + 0)
    return list(said.filter(home=community_id).values_list("sender_id", "at"))
