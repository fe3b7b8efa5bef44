"""A batch: what one claim brought, as events in the order in which they are told."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from qunying.carriers.base import EventPlace
from qunying.carriers.live import find_carrier
from qunying.intake.actions import TIMER, Claim, Due, Held, TimerKey, Waiting
from qunying.kernel.effects import CancelWake, WakeAt
from qunying.kernel.errors import BadUse
from qunying.kernel.events import Event, FactHappened, PictureRead, SeenCode, TimerDue, Who
from qunying.kernel.opinions import Decision
from qunying.kernel.texts import mark

RELAY = "relay"
PICTURES = "pictures"
NEXT_MOMENT = timedelta(microseconds=1)


def parse(claim: Claim) -> list[Event]:
    """The claim's envelopes as events, in order; what means nothing to us has no event but is finished all the same."""
    events = (_event(envelope, claim.lanes[envelope.lane_id]) for envelope in claim.envelopes)
    return [event for event in events if event is not None]


def _event(envelope: Waiting, lane: Held) -> Event | None:
    if envelope.carrier == RELAY:
        return _fact_event(envelope, lane)
    if envelope.carrier == PICTURES:
        return _picture_event(envelope, lane)
    if envelope.carrier == TIMER:
        return timer_event(Due.of_words(lane.pk, envelope.payload), lane, envelope.pk)
    carrier = find_carrier(envelope.carrier)
    if carrier is None:
        raise BadUse(mark("没有「%(name)s」这个平台"), name=envelope.carrier)
    place = EventPlace(envelope.key, lane.pk, lane.community_id, lane.group_id, envelope.pk, carrier.name)
    event = carrier.parse(envelope.payload, place)
    if event is None or event.at <= envelope.accepted_at:
        return event
    return replace(event, at=envelope.accepted_at)  # nothing happens after we learnt of it: their clock is wrong


def _fact_event(envelope: Waiting, lane: Held) -> FactHappened:
    return FactHappened(
        key=envelope.key,
        at=envelope.at,
        lane_id=lane.pk,
        community_id=lane.community_id,
        group_id=lane.group_id,
        envelope_id=envelope.pk,
        capability=envelope.payload["capability"],
        fact_id=envelope.payload["fact_id"],
        name=envelope.payload["name"],
        payload=envelope.payload["words"],
    )


def _picture_event(envelope: Waiting, lane: Held) -> PictureRead:
    return PictureRead(
        key=envelope.key,
        at=envelope.at,
        lane_id=lane.pk,
        community_id=lane.community_id,
        group_id=lane.group_id,
        envelope_id=envelope.pk,
        **picture_of_words(envelope.payload),
    )


def picture_of_words(words: Mapping[str, Any]) -> dict[str, Any]:
    """What the payload of a picture's envelope says, as the fields of its event."""
    return {
        "sender": Who(words["sender"]["ref"], words["sender"]["name"]),
        "source_key": words["message"],
        "text": words["text"],
        "codes": tuple(SeenCode(*code) for code in words["codes"]),
        "looks": tuple((dhash, phash) for dhash, phash in words["looks"]),
        "wrong": tuple(words["wrong"]),
    }


def timer_event(due: Due, lane: Held, envelope_id: int | None = None) -> TimerDue:
    """The event of a timer; its key holds the moment, so that the same key set again later is another event."""
    return TimerDue(
        key=f"timer:{due.capability}:{lane.pk}:{due.key}:{due.at.isoformat()}",
        at=due.at,
        lane_id=lane.pk,
        community_id=lane.community_id,
        group_id=lane.group_id,
        envelope_id=envelope_id,
        capability=due.capability,
        timer_key=due.key,
        payload=due.payload,
    )


class Telling:
    """The order in which a claim is told: by the moment we learnt of it, timers woven in, also those set on the way.

    A batch of 200 must come out as 200 batches of one would: a timer set by the first event and due before the last
    one fires between them. A timer is due after the moment at which we learnt of what set it: news that comes late,
    all at once, is heard to the end before a timer goes off that would have long done so, and the same timer never goes
    off twice at one moment. ``fired`` are the stored timers that went off; ``timers`` is what becomes of every timer
    that was touched: its last setting, or None when it fired or was forgotten.
    """

    def __init__(self, claim: Claim, events: Sequence[Event]) -> None:
        self.fired: list[int] = []
        self.timers: dict[TimerKey, Due | None] = {}
        self._claim = claim
        self._queue: list[tuple[datetime, int, int, Event]] = []
        self._standing: dict[TimerKey, tuple[Due, TimerDue]] = {}
        self._set_so_far = 0
        self._learnt_at = claim.until
        accepted = {envelope.pk: envelope.accepted_at for envelope in claim.envelopes}
        for event in events:
            heapq.heappush(self._queue, (accepted[event.envelope_id or 0], 1, event.envelope_id or 0, event))
        for due in claim.timers:
            self._stand(due)

    def __iter__(self) -> Iterator[Event]:
        while self._queue:
            self._learnt_at, _, _, event = heapq.heappop(self._queue)
            if not isinstance(event, TimerDue) or event.envelope_id or self._goes_off(event):
                yield event

    def timer_events(self) -> list[Event]:
        """The timers known before the first event is told, for whoever has to prepare."""
        return [event for *_, event in self._queue if isinstance(event, TimerDue) and not event.envelope_id]

    def heed(self, decision: Decision) -> None:
        """Weaves in the timers that a decision set or forgot."""
        for act in decision.acts:
            if isinstance(act.effect, CancelWake | WakeAt):
                key = (decision.event.lane_id, act.capability, act.effect.key)
                self._standing.pop(key, None)
                self.timers.pop(key, None)  # set again, it is younger than the others
                self.timers[key] = None
                if isinstance(act.effect, WakeAt):
                    at = max(act.effect.at, self._learnt_at + NEXT_MOMENT)
                    due = Due(*key, at=at, payload=act.effect.payload)
                    self.timers[key] = due
                    if due.at <= self._claim.until:
                        self._stand(due)

    def _stand(self, due: Due) -> None:
        self._set_so_far += 1
        event = timer_event(due, self._claim.lanes[due.lane_id])
        self._standing[due.timer_key] = (due, event)
        heapq.heappush(self._queue, (due.at, 0, self._set_so_far, event))

    def _goes_off(self, event: TimerDue) -> bool:
        """Whether this timer still stands: it may have been replaced or forgotten on the way."""
        key = (event.lane_id, event.capability, event.timer_key)
        due, standing = self._standing.get(key, (None, None))
        if due is None or standing is not event:
            return False
        del self._standing[key]
        if due.timer_id is None:
            self.timers[key] = None
        else:
            self.fired.append(due.timer_id)
        return True
