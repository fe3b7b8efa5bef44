"""What was said once, line by line as it is kept, for whoever tells it again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, Q

from qunying.kernel.readings import Reading
from qunying.store import rows
from qunying.talk.corrections import list_counting
from qunying.talk.models import Message, MessageReading, Revision
from qunying.talk.readings import NOTICE

AT_ONCE = 2_000
_LINE = ["pk", "group_id", "sender_id", "source_key", "at", "kind", "text", "reply_to", "mentions", "media"]


class PastLine(NamedTuple):
    """A message of a member as it is now. ``mentions`` are identities, ``media`` attachments as they are kept."""

    id: int
    group_id: int
    sender_id: int
    source_key: str
    at: datetime
    kind: str
    text: str
    reply_to: str
    mentions: list[int]
    media: list[dict[str, Any]]


class SaidLine(NamedTuple):
    """What somebody said, and where."""

    id: int
    group_id: int
    sender_id: int
    at: datetime
    text: str


_SAID = ("pk", "group_id", "sender_id", "at", "text")


def list_past_lines(group_id: int, since: datetime, until: datetime) -> Iterator[list[tuple[PastLine, Reading | None]]]:
    """What members said in a group from ``since`` on and before ``until``, oldest first, with its kept reading, in parts.

    Withdrawn messages are among it: they were said.
    """
    said = Message.objects.filter(group=group_id, at__lt=until, is_own=False, sender__isnull=False)
    said = said.exclude(kind=NOTICE).order_by("at", "pk")
    place = Q(at__gte=since)
    while some := [PastLine(*row) for row in rows.read(said.filter(place)[:AT_ONCE], _LINE)]:
        readings = _readings([line.id for line in some])
        yield [(line, readings.get(line.id)) for line in some]
        place = Q(at__gte=some[-1].at) & ~Q(at=some[-1].at, pk__lte=some[-1].id)


def _readings(ids: list[int]) -> dict[int, Reading]:
    found = MessageReading.objects.filter(pk__in=rows.among(ids)).annotate(version=F("judge__version"))
    kept = found.values_list("pk", "scores", "holds", "version")
    return {pk: Reading(bytes(scores), holds, version) for pk, scores, holds, version in kept}


def list_newest_said(
    group_ids: Collection[int], since: datetime, limit: int, *, withdrawn: bool = True
) -> list[SaidLine]:
    """What members said in these groups from then on, newest first, at most so many; also what was withdrawn, unless it is not
    wanted."""
    said = Message.objects.filter(group__in=rows.among(group_ids), at__gte=since, is_own=False, sender__isnull=False)
    said = said.exclude(kind=NOTICE).exclude(text="")
    said = said if withdrawn else said.filter(recalled_at=None)
    return [SaidLine(*row) for row in rows.read(said.order_by("-at", "-pk")[:limit], list(_SAID))]


def list_said_again(message_ids: Collection[int]) -> dict[int, SaidLine]:
    """These messages as they are now, by id; those whose words or sender are gone are absent."""
    said = Message.objects.filter(pk__in=rows.among(message_ids), sender__isnull=False).exclude(text="")
    return {row[0]: SaidLine(*row) for row in rows.read(said, list(_SAID))}


def count_past_lines(group_ids: Collection[int], since: datetime, until: datetime) -> int:
    """How many messages of members that are."""
    said = Message.objects.filter(group__in=group_ids, at__gte=since, at__lt=until, is_own=False, sender__isnull=False)
    return said.exclude(kind=NOTICE).count()


def list_withdrawn_by_others(group_ids: Collection[int], since: datetime, until: datetime) -> set[int]:
    """Messages of that time that somebody else than their sender took down."""
    recalls = Revision.objects.filter(
        kind="recall", message__group__in=group_ids, message__at__gte=since, message__at__lt=until
    )
    others = recalls.exclude(by=None).exclude(by=F("message__sender"))
    return set(others.values_list("message_id", flat=True))


def list_taught(community_ids: Collection[int], verdicts: Collection[str]) -> dict[int, bool]:
    """By message whether people of ours said that one of these verdicts holds of it; what nobody spoke of is absent."""
    taught = list_counting(community_ids).filter(verdict__in=verdicts, message__isnull=False).order_by("pk")
    return {int(message or 0): is_so for message, is_so in taught.values_list("message", "is_so")}
