"""The sandbox as a carrier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from qunying.carriers.base import Arrival, Carrier
from qunying.carriers.sandbox.models import FeedItem
from qunying.carriers.sandbox.parse import parse
from qunying.carriers.sandbox.pictures import open_picture
from qunying.carriers.sandbox.send import DOES, send
from qunying.kernel.texts import mark


def fetch(limit: int) -> Sequence[Arrival]:
    """What waits in the feed, oldest first; forgotten when the surrounding transaction commits."""
    items = list(FeedItem.objects.order_by("id")[:limit])
    FeedItem.objects.filter(pk__in=[item.pk for item in items]).delete()
    return [_arrival(item) for item in items]


def _arrival(item: FeedItem) -> Arrival:
    payload = item.payload
    sender = payload["from"]["ref"] if payload["type"] == "whisper" else ""
    at = datetime.fromisoformat(payload["at"]).astimezone(UTC)
    return Arrival(key=payload["ref"], at=at, payload=payload, group_ref=item.group_ref, person_ref=sender)


SANDBOX = Carrier(
    name="sandbox",
    title=mark("演练场"),
    parse=parse,
    send=send,
    fetch=fetch,
    does=DOES,
    open_picture=open_picture,
)
