"""What the judges said of messages: kept with each, read for pages, and what they have not read yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from qunying.kernel.readings import Reading, Verdict, mask_of
from qunying.store import rows
from qunying.talk.models import Judge, Message, MessageReading

NOTICE = "notice"  # what the app itself writes: nobody says it
_COLUMNS = ["message_id", "judge_id", "holds", "scores"]


class UnreadLine(NamedTuple):
    """A message nobody has read."""

    id: int
    at: datetime
    text: str


def do_keep_readings(readings: Iterable[tuple[int, Reading]]) -> None:
    """Keeps what was said of these messages; what was said of them before is forgotten."""
    found = dict(readings)
    if not found:
        return
    do_forget_readings(found)
    judges = {version: _judge(version) for version in {one.judge for one in found.values()}}
    new = [(pk, judges[one.judge], one.holds, one.scores) for pk, one in found.items()]
    rows.insert(MessageReading, _COLUMNS, new)


def do_add_readings(readings: Iterable[tuple[int, Reading]]) -> None:
    """Keeps what was said of messages that nobody has read; those that somebody has by now are left alone."""
    judges: dict[str, int] = {}
    new = []
    for pk, one in readings:
        if one.judge not in judges:
            judges[one.judge] = _judge(one.judge)
        new.append((pk, judges[one.judge], one.holds, one.scores))
    rows.insert(MessageReading, _COLUMNS, new, ignore=True)


def do_add_late_readings(readings: Iterable[tuple[UnreadLine, Reading]]) -> None:
    """The same for messages that may have been removed, or say something else, since they were taken to be read."""
    found = {line.id: (line.text, reading) for line, reading in readings}
    alive = Message.objects.filter(pk__in=rows.among(found)).values_list("pk", "text")
    do_add_readings((pk, found[pk][1]) for pk, text in alive if found[pk][0] == text)


def do_forget_readings(message_ids: Collection[int]) -> None:
    """For messages that say something else now."""
    MessageReading.objects.filter(pk__in=rows.among(message_ids)).delete()


def readings_of(message_ids: Collection[int]) -> dict[int, Reading]:
    """What was said of these messages; those that nobody has read are absent."""
    found = MessageReading.objects.filter(pk__in=message_ids).values_list("pk", "scores", "holds", "judge__version")
    return {pk: Reading(bytes(scores), holds, version) for pk, scores, holds, version in found}


def list_unread(group_id: int, since: datetime | None, limit: int) -> list[UnreadLine]:
    """Members' messages of a group that nobody has read, said at that moment or later, oldest first."""
    said = _readable().filter(group=group_id).exclude(Exists(_read_already()))
    if since is not None:
        said = said.filter(at__gte=since)
    return [UnreadLine(*row) for row in said.order_by("at", "pk").values_list("pk", "at", "text")[:limit]]


def count_unread(group_ids: Collection[int]) -> int:
    """How many messages of these groups nobody has read."""
    return _readable().filter(group__in=group_ids).exclude(Exists(_read_already())).count()


def count_unread_among(group_ids: Collection[int], since: datetime, until: datetime, newest: int) -> tuple[int, int]:
    """Members' newest messages with words in that time, so many at most: how many they are, and how many nobody has read."""
    said = _readable().filter(group__in=group_ids, at__gte=since, at__lt=until)
    ids = list(said.order_by("-at", "-pk").values_list("pk", flat=True)[:newest])
    return len(ids), len(ids) - MessageReading.objects.filter(pk__in=rows.among(ids)).count()


def list_held(
    group_ids: Collection[int], verdict: Verdict, since: datetime, until: datetime, limit: int
) -> list[tuple[int, int]]:
    """(message, group) of messages for which the verdict holds, said in that time and not withdrawn, newest first."""
    said = Message.objects.filter(group__in=group_ids, at__gte=since, at__lt=until, recalled_at=None)
    held = MessageReading.objects.annotate(bit=F("holds").bitand(mask_of(verdict))).exclude(bit=0)
    so = said.filter(Exists(held.filter(pk=OuterRef("pk"))))
    return list(so.order_by("-at", "-pk").values_list("pk", "group")[:limit])


class ReadBy(NamedTuple):
    """Of what somebody said in a group: how many messages were read, and for how many of those a verdict holds."""

    group_id: int
    identity_id: int
    read: int
    held: int


def count_read_by(
    group_ids: Collection[int] | None, verdict: Verdict, since: datetime, until: datetime
) -> list[ReadBy]:
    """Per group (None: all groups) and known sender what was said in that time and not withdrawn, where anything was read."""
    said = MessageReading.objects.filter(
        message__at__gte=since, message__at__lt=until, message__recalled_at=None, message__is_own=False
    ).exclude(message__sender=None)
    if group_ids is not None:
        said = said.filter(message__group__in=rows.among(group_ids))
    bit = F("holds").bitand(mask_of(verdict))
    counted = said.order_by().values("message__group", "message__sender").annotate(read=Count("pk"), found=Sum(bit))
    found = counted.values_list("message__group", "message__sender", "read", "found")
    return [ReadBy(group, sender, read, bits // mask_of(verdict)) for group, sender, read, bits in found]


def is_readable(text: str, kind: str, *, is_own: bool) -> bool:
    """Whether there are words of a member to be read."""
    return bool(text) and kind != NOTICE and not is_own


def _readable() -> QuerySet[Message]:
    return Message.objects.filter(~Q(text="") & ~Q(kind=NOTICE), is_own=False)


def _read_already() -> QuerySet[MessageReading]:
    return MessageReading.objects.filter(pk=OuterRef("pk"))


def _judge(version: str) -> int:
    found, _ = Judge.objects.get_or_create(version=version)
    return found.pk
