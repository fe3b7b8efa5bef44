"""Not too fast: budgets per group and per carrier and minute, read from what was sent, so that all processes share them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from qunying.outbox.consequences import CONSEQUENCES
from qunying.outbox.models import OutboxItem

TALK_PER_GROUP_MINUTE = 6
ACTS_PER_CARRIER_MINUTE = 120
MINUTE = timedelta(minutes=1)
LOOK_AGAIN = timedelta(seconds=10)


@dataclass
class Pace:
    """How much of each budget the last minute has used."""

    talk: Counter[int | None] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of_last_minute(cls, now: datetime) -> Self:
        """The budgets as the last minute's deliveries left them."""
        pace = cls()
        # not what was tried «later»: a clock that was set back must not stop everybody until it has caught up
        tried = OutboxItem.objects.filter(attempts__gt=0, tried_at__gt=now - MINUTE, tried_at__lte=now)
        asked = tried.exclude(kind__in=CONSEQUENCES)
        for carrier, group_id, is_urgent in asked.values_list("carrier", "group_id", "is_urgent"):
            pace._use(carrier, group_id, is_urgent=is_urgent)
        return pace

    def takes(self, item: OutboxItem) -> bool:
        """Whether the budgets allow this now; if so, they are used. What no carrier is asked for needs none."""
        if item.kind in CONSEQUENCES:
            return True
        if self.acts[item.carrier] >= ACTS_PER_CARRIER_MINUTE:
            return False
        if not item.is_urgent and self.talk[item.group_id] >= TALK_PER_GROUP_MINUTE:
            return False
        self._use(item.carrier, item.group_id, is_urgent=item.is_urgent)
        return True

    def _use(self, carrier: str, group_id: int | None, *, is_urgent: bool) -> None:
        self.acts[carrier] += 1
        self.talk[group_id] += not is_urgent


def paced(items: Iterable[OutboxItem], pace: Pace, now: datetime) -> Iterator[OutboxItem]:
    """The items that may go now; the others are looked at again a little later."""
    for item in items:
        if pace.takes(item):
            yield item
        else:
            OutboxItem.objects.filter(pk=item.pk).update(next_attempt_at=now + LOOK_AGAIN)
