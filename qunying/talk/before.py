"""What some people said and met in their groups: as much as is needed to look at the days before a moment."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db.models import F, QuerySet

from qunying.kernel.readings import Verdict, mask_of
from qunying.store import rows
from qunying.talk.models import Message, MessagePlace, MessageReading, Revision, Thread


class Turn(NamedTuple):
    """Something somebody said, in which thread (None: not placed), and which verdicts hold (0: none, or nobody read it)."""

    id: int
    group_id: int
    identity_id: int
    at: datetime
    thread: int | None
    holds: int


def list_turns_of(
    identity_ids: Collection[int], group_ids: Collection[int], since: datetime, until: datetime, limit: int
) -> list[Turn]:
    """What these identities said there and did not take back, newest first."""
    said = Message.objects.filter(sender__in=rows.among(identity_ids), at__gte=since, at__lt=until, recalled_at=None)
    return _turns(said.filter(group__in=rows.among(group_ids)), limit)


def list_turns_held(
    group_ids: Collection[int], verdict: Verdict, since: datetime, until: datetime, limit: int
) -> list[Turn]:
    """What was said there and holds that verdict, withdrawn or not, newest first."""
    held = MessageReading.objects.annotate(bit=F("holds").bitand(mask_of(verdict))).exclude(bit=0)
    said = Message.objects.filter(group__in=rows.among(group_ids), at__gte=since, at__lt=until, is_own=False)
    return _turns(said.filter(pk__in=held.values("pk"), sender__isnull=False), limit)


def _turns(said: QuerySet[Message], limit: int) -> list[Turn]:
    found = list(said.order_by("-at", "-pk").values_list("pk", "group_id", "sender_id", "at")[:limit])
    ids = [row[0] for row in found]
    threads = dict(MessagePlace.objects.filter(pk__in=rows.among(ids)).values_list("pk", "thread"))
    holds = dict(MessageReading.objects.filter(pk__in=rows.among(ids)).values_list("pk", "holds"))
    return [Turn(pk, group, sender, at, threads.get(pk), holds.get(pk, 0)) for pk, group, sender, at in found]


def starters_of(threads: Collection[int]) -> dict[int, int]:
    """Who wrote the first line of each of these threads; none where it is gone, or ours."""
    first = Message.objects.filter(pk__in=rows.among(threads), is_own=False, sender__isnull=False)
    return dict(first.values_list("pk", "sender_id"))


def list_taken_away(
    identity_ids: Collection[int], group_ids: Collection[int], since: datetime, until: datetime
) -> list[tuple[int, int, datetime, int]]:
    """(identity, group, when, message) of what somebody else is known to have withdrawn of what these identities said."""
    taken = Revision.objects.filter(kind="recall", at__gte=since, at__lt=until, by__isnull=False)
    taken = taken.filter(message__sender__in=rows.among(identity_ids), message__group__in=rows.among(group_ids))
    taken = taken.exclude(by=F("message__sender"))
    return list(taken.values_list("message__sender_id", "message__group_id", "at", "message_id"))


def list_asked_by(
    identity_ids: Collection[int],
    group_ids: Collection[int],
    since: datetime,
    until: datetime,
    but: Collection[Verdict],
) -> list[tuple[int, int, int, datetime]]:
    """(message, community, identity, when) of what these identities asked there, none of which is one of those others too."""
    wanted = mask_of(Verdict.QUESTION)
    looked_at = wanted | sum(map(mask_of, but))
    asks = MessageReading.objects.annotate(found=F("holds").bitand(looked_at)).filter(found=wanted)
    said = Message.objects.filter(sender__in=rows.among(identity_ids), at__gte=since, at__lt=until, recalled_at=None)
    asked = said.filter(group__in=rows.among(group_ids), pk__in=asks.values("pk"))
    return [
        (pk, home, who or 0, at) for pk, home, who, at in asked.values_list("pk", "community_id", "sender_id", "at")
    ]


def first_answers(message_ids: Collection[int]) -> dict[int, datetime]:
    """When somebody else first answered each of these messages, as the threads have it; none where nobody did."""
    places = MessagePlace.objects.filter(answers__in=rows.among(message_ids), message__recalled_at=None)
    asked = dict(Message.objects.filter(pk__in=rows.among(message_ids)).values_list("pk", "sender_id"))
    latest_first = places.order_by("-message__at").values_list("answers", "message__sender_id", "message__at")
    return {message: at for message, who, at in latest_first if message and who != asked.get(message)}


def list_openings_of(
    identity_ids: Collection[int], group_ids: Collection[int], since: datetime, until: datetime
) -> list[tuple[int, int, datetime]]:
    """(community, identity, when) of every thread that these identities began there and somebody joined."""
    begun = Thread.objects.filter(
        starter__in=rows.among(identity_ids), begun_at__gte=since, begun_at__lt=until, people__gt=1
    )
    found = begun.filter(group__in=rows.among(group_ids))
    return [(home, who or 0, at) for home, who, at in found.values_list("community_id", "starter_id", "begun_at")]
