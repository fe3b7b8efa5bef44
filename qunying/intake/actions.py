"""Envelopes in: accepted once, claimed lane by lane, finished together. Every loop is a ``step`` that takes the time."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Self, TypeAlias

from django.db import connection, transaction
from django.db.models import Q

from qunying.intake.models import Envelope, Lane, Question, Timer
from qunying.journal.actions import do_record_facts
from qunying.kernel.errors import LostLease
from qunying.kernel.facts import Fact
from qunying.kernel.keys import fitted
from qunying.store import rows

LANES_PER_CLAIM = 500
ENVELOPES_PER_CLAIM = 500
LEASE = timedelta(seconds=60)
TIMER = "timer"
ERROR_LETTERS = 2000  # the end of a traceback is what says most

_FREE = """
UPDATE intake_lane SET leased_by = '', lease_until = NULL, next_due_at = (
    SELECT MIN(at) FROM (
        SELECT accepted_at AS at FROM intake_envelope WHERE lane_id = intake_lane.id AND state = 'waiting'
        UNION ALL SELECT at FROM intake_timer WHERE lane_id = intake_lane.id
    ) AS next
) WHERE leased_by = %s
"""

TimerKey: TypeAlias = tuple[int, str, str]  # lane id, capability, key


@dataclass(frozen=True, slots=True)
class LaneKey:
    """Where something belongs: ``group:<id>``, ``private:<community>:<person ref>`` or ``community:<id>``."""

    key: str
    community_id: int
    group_id: int | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing to accept. ``key`` identifies it for ever on its carrier."""

    lane: LaneKey
    key: str
    carrier: str
    at: datetime
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Due:
    """A timer whose moment has come, or one set while telling this very batch (``timer_id`` None)."""

    lane_id: int
    capability: str
    key: str
    at: datetime
    payload: Mapping[str, Any]
    timer_id: int | None = None

    @property
    def timer_key(self) -> TimerKey:
        """What is unique among standing timers."""
        return (self.lane_id, self.capability, self.key)

    def words(self) -> dict[str, Any]:
        """As the payload of an envelope; ``of_words`` is the inverse."""
        return {
            "capability": self.capability,
            "key": self.key,
            "at": self.at.isoformat(),
            "payload": dict(self.payload),
        }

    @classmethod
    def of_words(cls, lane_id: int, words: Mapping[str, Any]) -> Self:
        """A timer that once failed and is to be told again."""
        return cls(lane_id, words["capability"], words["key"], datetime.fromisoformat(words["at"]), words["payload"])


class Held(NamedTuple):
    """A lane of a claim. A tuple, as the next one: a row as an object costs more than reading it."""

    pk: int
    community_id: int
    group_id: int | None


class Waiting(NamedTuple):
    """An envelope of a claim."""

    pk: int
    lane_id: int
    key: str
    carrier: str
    at: datetime
    accepted_at: datetime
    payload: Any


@dataclass(frozen=True, slots=True)
class Claim:
    """Lanes held by one worker until ``LEASE`` is over, with their unfinished envelopes and due timers in order.

    Timers that come due while it is told, but after ``until``, are left for the next claim.
    """

    token: str
    now: datetime
    until: datetime
    lanes: Mapping[int, Held]
    envelopes: tuple[Waiting, ...]
    timers: tuple[Due, ...]

    @property
    def size(self) -> int:
        """How many things are to be told, not counting timers that will come due on the way."""
        return len(self.envelopes) + len(self.timers)

    def first(self, count: int) -> Claim:
        """The first ``count`` things of it, in the order of telling."""
        if count >= self.size:
            return self
        moments = sorted(
            [(due.at, 0, due.timer_id or 0) for due in self.timers]
            + [(envelope.accepted_at, 1, envelope.pk) for envelope in self.envelopes]
        )
        last = moments[count - 1]
        return replace(
            self,
            until=last[0],
            envelopes=tuple(item for item in self.envelopes if (item.accepted_at, 1, item.pk) <= last),
            timers=tuple(due for due in self.timers if (due.at, 0, due.timer_id or 0) <= last),
        )


def group_lane(community_id: int, group_id: int) -> LaneKey:
    """The lane of a group."""
    return LaneKey(f"group:{group_id}", community_id, group_id)


def private_lane(community_id: int, person_ref: str) -> LaneKey:
    """The lane of one person's private chat with a community's account."""
    return LaneKey(fitted(f"private:{community_id}:{person_ref}", 160), community_id)


def do_accept(incoming: Sequence[Incoming], now: datetime) -> int:
    """Stores what is new of these and wakes their lanes; answers how many were new. All or nothing."""
    if not incoming:
        return 0
    with transaction.atomic():
        lane_ids = _lane_ids({item.lane for item in incoming})
        # in the same order everywhere: two who bring the same cannot block each other, and the second sees the first's
        rows.lock_rows(Lane, sorted(lane_ids.values()))
        by_key = {_key(item): item for item in incoming}
        for (key,) in rows.select(Envelope, ["key"], ["key"], [(key,) for key in by_key]):
            del by_key[key]
        rows.insert(
            Envelope,
            ["lane_id", "key", "carrier", "at", "accepted_at", "payload", "state", "error"],
            [
                (lane_ids[item.lane.key], key, item.carrier, item.at, now, item.payload, "waiting", "")
                for key, item in by_key.items()
            ],
            ignore=True,
        )
        _do_wake({lane_ids[item.lane.key] for item in by_key.values()}, now)
    return len(by_key)


def _key(item: Incoming) -> str:
    return fitted(f"{item.carrier}:{item.lane.key}:{item.key}", 200)


def _lane_ids(lanes: set[LaneKey]) -> dict[str, int]:
    found = dict(rows.select(Lane, ["key", "id"], ["key"], [(lane.key,) for lane in lanes]))
    missing = sorted((lane for lane in lanes if lane.key not in found), key=lambda lane: lane.key)
    if missing:
        rows.insert(
            Lane,
            ["key", "community_id", "group_id", "leased_by"],
            [(lane.key, lane.community_id, lane.group_id, "") for lane in missing],
            ignore=True,
        )
        found.update(rows.select(Lane, ["key", "id"], ["key"], [(lane.key,) for lane in missing]))
    return found


def _do_wake(lane_ids: set[int], at: datetime) -> None:
    """A lane is due at the earliest of what it waits for. Who calls holds the lanes, so that nobody is just freeing them."""
    later = Q(next_due_at=None) | Q(next_due_at__gt=at)
    Lane.objects.filter(later, pk__in=rows.among(lane_ids)).update(next_due_at=at)


def do_claim(now: datetime, lane_limit: int = LANES_PER_CLAIM, envelope_limit: int = ENVELOPES_PER_CLAIM) -> Claim:
    """Takes lanes that are due and that nobody holds. An empty claim means there is nothing to do now."""
    token = uuid.uuid4().hex
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    due = Lane.objects.select_for_update(skip_locked=True).filter(free, next_due_at__lte=now).order_by("next_due_at")
    with transaction.atomic():
        wanted = list(due.values_list("pk", flat=True)[:lane_limit])
        if wanted:
            Lane.objects.filter(pk__in=rows.among(wanted)).update(leased_by=token, lease_until=now + LEASE)
    held = rows.read(Lane.objects.filter(leased_by=token), Held._fields) if wanted else ()
    lanes = {lane.pk: lane for lane in map(Held._make, held)}
    return _claim_of(token, now, lanes, envelope_limit)


def _claim_of(token: str, now: datetime, lanes: dict[int, Held], envelope_limit: int) -> Claim:
    if not lanes:
        return Claim(token, now, now, lanes, (), ())
    waiting = Envelope.objects.filter(lane__in=rows.among(lanes), state="waiting").order_by("id")
    envelopes = [Waiting._make(row) for row in rows.read(waiting[:envelope_limit], Waiting._fields)]
    is_cut = len(envelopes) == envelope_limit
    until = envelopes[-1].accepted_at if is_cut else now  # later timers wait for the envelopes that were cut off
    timers = [
        Due(timer.lane_id, timer.capability, timer.key, timer.at, timer.payload, timer.pk)
        for timer in Timer.objects.filter(lane__in=rows.among(lanes), at__lte=until).order_by("at", "id")
    ]
    return Claim(token, now, until, lanes, tuple(envelopes), tuple(timers))


def reread(claim: Claim, now: datetime) -> Claim:
    """What is left to tell in the lanes of a claim after a part of it was told."""
    return _claim_of(claim.token, now, dict(claim.lanes), ENVELOPES_PER_CLAIM)


def do_finish(
    envelope_ids: Sequence[int], fired: Sequence[int] = (), timers: Mapping[TimerKey, Due | None] | None = None
) -> None:
    """Marks what was told as done and sets timers to what the story made of them, within its transaction.

    Raises ``LostLease`` when somebody else finished any of it meanwhile: the caller's transaction must roll back.
    """
    if envelope_ids:
        told = [("done", pk, "waiting") for pk in envelope_ids]
        finished = rows.update(Envelope, ["state"], ["id", "state"], told)
        if finished < len(envelope_ids):
            raise LostLease(f"{len(envelope_ids) - finished} of {len(envelope_ids)} envelopes were finished elsewhere")
    if fired:
        deleted, _ = Timer.objects.filter(pk__in=rows.among(fired)).delete()
        if deleted < len(fired):
            raise LostLease("a timer was fired elsewhere")
    if timers:
        _do_set_timers(timers)


def _do_set_timers(timers: Mapping[TimerKey, Due | None]) -> None:
    touched = Timer.objects.filter(lane__in=rows.among({lane_id for lane_id, _, _ in timers}))
    gone = [pk for pk, *key in touched.values_list("pk", "lane_id", "capability", "key") if tuple(key) in timers]
    Timer.objects.filter(pk__in=rows.among(gone)).delete()
    rows.insert(
        Timer,
        ["lane_id", "capability", "key", "at", "payload"],
        [(*key, due.at, dict(due.payload)) for key, due in timers.items() if due is not None],
    )


def do_fail(claim: Claim, error: str, now: datetime) -> None:
    """Sets the single thing of a claim aside with its error: shown in the console, told again only when asked to."""
    with transaction.atomic():
        error = error[-ERROR_LETTERS:].replace("\x00", "\ufffd")
        # only what nobody else has finished meanwhile
        for envelope in claim.envelopes:
            if Envelope.objects.filter(pk=envelope.pk, state="waiting").update(state="failed", error=error):
                _do_note_envelope("envelope.failed", envelope.pk, claim.lanes[envelope.lane_id], now)
        for due in claim.timers:
            deleted, _ = Timer.objects.filter(pk=due.timer_id or 0).delete()
            if deleted:
                pk = _do_keep_failed_timer(due, error, now)
                _do_note_envelope("envelope.failed", pk, claim.lanes[due.lane_id], now)


def _do_keep_failed_timer(due: Due, error: str, now: datetime) -> int:
    """The same timer may fail again at the same moment after a person had it retried."""
    envelope, _ = Envelope.objects.update_or_create(
        key=fitted(f"{TIMER}:{due.lane_id}:{due.capability}:{due.key}:{due.at.isoformat()}", 200),
        defaults={
            "lane_id": due.lane_id,
            "carrier": TIMER,
            "at": due.at,
            "accepted_at": now,
            "payload": due.words(),
            "state": "failed",
            "error": error,
        },
    )
    return envelope.pk


def _do_note_envelope(name: str, envelope_id: int, lane: Held | Lane, at: datetime, actor: str = "system") -> None:
    fact = Fact(
        name=name,
        at=at,
        community_id=lane.community_id,
        group_id=lane.group_id,
        actor=actor,
        key=f"{name}:{envelope_id}:{at.isoformat()}",
        words={"envelope": envelope_id},
    )
    do_record_facts([fact])


def do_release(claim: Claim) -> None:
    """Gives the lanes back, each due at its next waiting envelope or timer.

    The rows are locked before looking, so that an envelope accepted at the same moment is either seen here or its
    acceptance waits for us and wakes the lane again.
    """
    with transaction.atomic():
        rows.lock_rows(Lane, list(claim.lanes))
        with connection.cursor() as cursor:
            cursor.execute(_FREE, [claim.token])


def do_retry(envelope_id: int, now: datetime, *, user_id: int) -> bool:
    """Puts a failed envelope back to be told again; False when it is not failed (any more)."""
    with transaction.atomic():
        changed = Envelope.objects.filter(pk=envelope_id, state="failed").update(state="waiting", error="")
        if changed:
            lane = Lane.objects.select_for_update().get(
                pk=Envelope.objects.values_list("lane_id", flat=True).get(pk=envelope_id)
            )
            _do_wake({lane.pk}, now)
            _do_note_envelope("envelope.retried", envelope_id, lane, now, f"user:{user_id}")
    return bool(changed)


def do_forget_lanes(community_ids: Sequence[int], at_most: int) -> int:
    """Removes up to so many envelopes of communities that are being removed, at last their lanes; answers how many rows."""
    lanes = list(Lane.objects.filter(community_id__in=community_ids).values_list("pk", flat=True))
    if not lanes:
        return 0
    envelopes = list(Envelope.objects.filter(lane__in=lanes).values_list("pk", flat=True)[:at_most])
    Envelope.objects.filter(pk__in=rows.among(envelopes)).delete()
    if envelopes:
        return len(envelopes)
    Timer.objects.filter(lane__in=lanes).delete()
    Question.objects.filter(lane__in=lanes).delete()
    Lane.objects.filter(pk__in=lanes).delete()
    return len(lanes)


def do_drop_timer(timer_id: int, *, user_id: int, at: datetime) -> Due | None:
    """Forgets a timer because a person said so; answers what it was, None when it went off meanwhile."""
    with transaction.atomic():
        timer = Timer.objects.select_for_update().select_related("lane").filter(pk=timer_id).first()
        if timer is None:
            return None
        timer.delete()
        due = Due(timer.lane_id, timer.capability, timer.key, timer.at, timer.payload)
        _do_note_timer("effect.held", timer.lane, due, user_id, at)
    return due


def do_set_timer_again(due: Due, *, user_id: int, at: datetime) -> bool:
    """Takes ``do_drop_timer`` back; False where its lane is gone or the capability has set that timer anew."""
    with transaction.atomic():
        lane = Lane.objects.select_for_update().filter(pk=due.lane_id).first()
        if lane is None or Timer.objects.filter(lane=lane, capability=due.capability, key=due.key).exists():
            return False
        Timer.objects.create(lane=lane, capability=due.capability, key=due.key, at=due.at, payload=dict(due.payload))
        _do_wake({lane.pk}, due.at)
        _do_note_timer("effect.approved", lane, due, user_id, at)
    return True


def _do_note_timer(name: str, lane: Lane, due: Due, user_id: int, at: datetime) -> None:
    fact = Fact(
        name=name,
        at=at,
        community_id=lane.community_id,
        group_id=lane.group_id,
        actor=f"user:{user_id}",
        key=f"{name}:timer:{lane.pk}:{due.capability}:{due.key}:{at.isoformat()}",
        words={"kind": "timer", "capability": due.capability, "key": due.key, "due_at": due.at.isoformat()},
    )
    do_record_facts([fact])
