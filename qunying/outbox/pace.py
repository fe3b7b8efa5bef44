"""Not too fast: budgets per group and per account and minute, read from what was sent, so that all processes share them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self, TypeAlias

from qunying.carriers.base import Tempo
from qunying.carriers.live import find_carrier
from qunying.communities.queries_accounts import accounts_of_groups
from qunying.outbox.consequences import CONSEQUENCES
from qunying.outbox.models import OutboxItem

MINUTE = timedelta(minutes=1)
LOOK_AGAIN = timedelta(seconds=10)
STEPS = 16  # of lengthening a rest
USUAL = Tempo()

Voice: TypeAlias = tuple[str, int]  # the carrier and the account that acts; 0 where no group says which


@dataclass
class Pace:
    """How much of each budget the last minute has used, and when each account spoke last."""

    accounts: Mapping[int, int] = field(default_factory=dict)  # by group
    talk: Counter[int | None] = field(default_factory=Counter)
    acts: Counter[Voice] = field(default_factory=Counter)
    spoke_at: dict[Voice, datetime] = field(default_factory=dict)

    @classmethod
    def of_last_minute(cls, now: datetime, due: Sequence[OutboxItem] = ()) -> Self:
        """The budgets as the last minute's deliveries left them, for what is due."""
        # not what was tried «later»: a clock that was set back must not stop everybody until it has caught up
        tried = OutboxItem.objects.filter(attempts__gt=0, tried_at__gt=now - MINUTE, tried_at__lte=now)
        asked = list(tried.exclude(kind__in=CONSEQUENCES).values_list("carrier", "group_id", "is_urgent", "tried_at"))
        groups = {group for _, group, *_ in asked} | {item.group_id for item in due}
        pace = cls(accounts_of_groups({group for group in groups if group is not None}))
        for carrier, group_id, is_urgent, tried_at in asked:
            pace._use(carrier, group_id, tried_at or now, is_urgent=is_urgent)
        return pace

    def takes(self, item: OutboxItem, now: datetime) -> bool:
        """Whether the budgets allow this now; if so, they are used. What no carrier is asked for needs none."""
        if item.kind in CONSEQUENCES:
            return True
        tempo, voice = _tempo_of(item.carrier), self._voice(item.carrier, item.group_id)
        if self.acts[voice] >= tempo.acts_a_minute:
            return False
        if not item.is_urgent and self.talk[item.group_id] >= tempo.words_a_minute:
            return False
        if self.rests_until(item, now) > now:
            return False
        self._use(item.carrier, item.group_id, now, is_urgent=item.is_urgent)
        return True

    def rests_until(self, item: OutboxItem, now: datetime) -> datetime:
        """When the account may speak again; acts that are urgent wait for nothing."""
        tempo, spoke_at = _tempo_of(item.carrier), self.spoke_at.get(self._voice(item.carrier, item.group_id))
        if item.is_urgent or spoke_at is None or not tempo.rest:
            return now
        return spoke_at + tempo.rest * (1 + item.pk * 7 % STEPS / STEPS)

    def _use(self, carrier: str, group_id: int | None, at: datetime, *, is_urgent: bool) -> None:
        voice = self._voice(carrier, group_id)
        self.acts[voice] += 1
        if not is_urgent:
            self.talk[group_id] += 1
            self.spoke_at[voice] = max(at, self.spoke_at.get(voice, at))

    def _voice(self, carrier: str, group_id: int | None) -> Voice:
        return carrier, self.accounts.get(group_id or 0, 0)


def _tempo_of(carrier: str) -> Tempo:
    found = find_carrier(carrier)
    return found.tempo if found else USUAL


def paced(items: Iterable[OutboxItem], pace: Pace, now: datetime) -> Iterator[OutboxItem]:
    """The items that may go now; the others are looked at again a little later."""
    for item in items:
        if pace.takes(item, now):
            yield item
        else:
            rests_until = pace.rests_until(item, now)
            again = rests_until if rests_until > now else now + LOOK_AGAIN
            OutboxItem.objects.filter(pk=item.pk).update(next_attempt_at=min(again, now + LOOK_AGAIN))
