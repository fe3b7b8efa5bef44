"""Order's memory: read once per batch, written once at its end."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeGuard

from django.db.models import Q

from qunying.capabilities.order.asking import appeal_key
from qunying.capabilities.order.flood import WITHIN as FLOOD_WITHIN
from qunying.capabilities.order.flood import is_wordless, said_of
from qunying.capabilities.order.knowing import NAME, Found, Memory, Said, Sanction, Trace
from qunying.capabilities.order.models import OrderTrace, StepTaken, WordFound, WordList
from qunying.capabilities.order.ready import lists_of
from qunying.capabilities.order.seen import look_at
from qunying.desk.queries import list_answered
from qunying.kernel.effects import EffectState
from qunying.kernel.events import Event, MessageEdited, MessageReceived, PictureRead
from qunying.kernel.scene import Mode, Scene
from qunying.outbox.queries import list_states_by_cause
from qunying.store import rows
from qunying.talk.queries import list_said_by

KEPT = timedelta(days=7)
LATELY = timedelta(hours=2)
MOST_TRACES = 2_000  # of a batch's communities, the newest
FORGOTTEN_AT_ONCE = 500
SAID_AT_MOST = 5_000
WORD_LETTERS = 200
DONE = frozenset({EffectState.SENT, EffectState.UNKNOWN, EffectState.UNDONE})
TURNED_DOWN = frozenset({EffectState.CANCELLED})
ON_THE_WAY = frozenset({EffectState.WAITING, EffectState.SENDING, EffectState.NEEDS_APPROVAL})
_TRACE = ["key", "community_id", "group_id", "identity_id", "at", "kind", "score", "marks", "sketch", "is_new", "looks"]
_STEP = ["cause_key", "community_id", "group_id", "identity_id", "rule", "step", "at", "expires_at"]


def brief(events: Sequence[Event], scene: Scene) -> Memory:
    """What people left behind in the communities of a batch, and what was done about those who speak; five queries at most."""
    told = [
        event
        for event in events
        if (isinstance(event, MessageEdited | PictureRead) or _is_said(event)) and _listens(event, scene)
    ]
    lists = lists_of(scene)
    if not told:
        return Memory(lists=lists)
    members = [scene.member(event, event.sender) for event in told]
    senders = {member.identity_id for member in members}
    homes = {event.community_id for event in told}
    first, last = min(event.at for event in told), max(event.at for event in told)
    traces = _traces(homes, senders, first, last)
    by_kind: dict[tuple[int, str], list[Trace]] = defaultdict(list)
    for one in traces:
        by_kind[one.community_id, one.kind].append(one)
    people = senders | {one.identity_id for one in traces if one.kind == "draw"}
    sanctions = _sanctions(homes, people)
    return Memory(
        traces={place: tuple(found) for place, found in by_kind.items()},
        sanctions=sanctions,
        said=_said({member.identity_id for member in members if member.messages}, first, told),
        lists=lists,
        answered=_answered(told, scene, sanctions),
    )


def _answered(
    told: Sequence[Event], scene: Scene, sanctions: Mapping[tuple[int, int], Sequence[Sanction]]
) -> frozenset[str]:
    """The appeals that were answered, of those who write in private; one query where any of them was sanctioned."""
    private = [event for event in told if isinstance(event, MessageReceived) and event.is_private]
    writers = {(event.community_id, scene.member(event, event.sender).identity_id) for event in private}
    keys = {appeal_key(one.cause_key) for who in writers for one in sanctions.get(who, ())}
    return frozenset(list_answered({home for home, _ in writers}, keys)) if keys else frozenset()


def _listens(event: Event, scene: Scene) -> bool:
    """Whether order has a say there; in private it has."""
    group = scene.group(event)
    return group is None or group.mode(NAME) is not Mode.OFF


def _is_said(event: Event) -> TypeGuard[MessageReceived]:
    return isinstance(event, MessageReceived) and not event.is_own


def _traces(homes: Collection[int], senders: Collection[int], first: datetime, last: datetime) -> list[Trace]:
    """What was left in the last hours before the batch, and for days what staff showed and what these people did; oldest first."""
    within = OrderTrace.objects.filter(community__in=homes, at__gt=first - KEPT, at__lte=last)
    passing = Q(kind__in=["join", "heat", "opened", "same"]) | (Q(kind="draw") & ~Q(identity__in=senders))
    lately = within.exclude(Q(at__lte=first - LATELY) & passing)
    found = rows.read(lately.order_by("-at", "-pk")[:MOST_TRACES], _TRACE)
    return [_trace(row) for row in reversed(found)]


def _trace(row: Sequence[Any]) -> Trace:
    *plain, marks, sketch, is_new, looks = row
    seen = frozenset((int(dhash), int(phash)) for dhash, phash in looks)
    return replace(Trace(*plain), marks=frozenset(marks), sketch=frozenset(sketch), is_new=is_new, looks=seen)


def _said(senders: Collection[int], first: datetime, told: Sequence[Event]) -> dict[tuple[int, int], tuple[Said, ...]]:
    """What these people said in the minute before the batch, as hashes."""
    here = {event.source_key for event in told if isinstance(event, MessageReceived)}
    found: dict[tuple[int, int], list[Said]] = defaultdict(list)
    before = list_said_by(senders, first - FLOOD_WITHIN, SAID_AT_MOST) if senders else []
    for key, group, who, at, text, kind in reversed(before):
        if key not in here:
            found[group, who].append(said_of(key, at, look_at(text), is_wordless=is_wordless(text, kind)))
    return {who: tuple(said) for who, said in found.items()}


def _sanctions(homes: Collection[int], people: Collection[int]) -> Mapping[tuple[int, int], tuple[Sanction, ...]]:
    taken = StepTaken.objects.filter(community__in=homes, identity__in=rows.among(people)).order_by("at", "pk")
    found = rows.read(taken, [*_STEP, "lifted_at"])
    states = list_states_by_cause({row[0] for row in found}, NAME) if found else {}
    by_person: dict[tuple[int, int], list[Sanction]] = defaultdict(list)
    for row in found:
        one = _sanction(row, states.get(row[0], frozenset()))
        by_person[one.community_id, one.identity_id].append(one)
    return {who: tuple(steps) for who, steps in by_person.items()}


def _sanction(row: Sequence[Any], states: frozenset[EffectState]) -> Sanction:
    *step, lifted_at = row
    stands = bool(states & DONE)
    is_over = lifted_at is not None or not (stands or states & ON_THE_WAY)
    is_asked = not stands and EffectState.NEEDS_APPROVAL in states
    is_forgiven = lifted_at is None and states == TURNED_DOWN  # who lifts a step may be merciful only
    return replace(Sanction(*step), stands=stands, is_over=is_over, is_asked=is_asked, is_forgiven=is_forgiven)


def let_pass(memory: Memory, at: datetime) -> Memory:
    """The memory as it would be read back at that moment, had all that was decided been done: what is asked was not answered yet."""
    said = {who: some for who, some in memory.said.items() if at - some[-1].at <= FLOOD_WITHIN}
    traces = {place: _still_kept(place[1], some, at) for place, some in memory.traces.items()}
    sanctions = {
        who: tuple(replace(one, stands=not one.is_asked) for one in some if at < one.expires_at)
        for who, some in memory.sanctions.items()
    }
    return Memory(
        traces={place: some for place, some in traces.items() if some},
        sanctions={who: some for who, some in sanctions.items() if some},
        said=said,
        lists=memory.lists,
        ahead=memory.ahead,
    )


def _still_kept(kind: str, traces: tuple[Trace, ...], at: datetime) -> tuple[Trace, ...]:
    """What somebody of ours showed is kept for days, and what they themselves showed who were told not to."""
    kept_for = KEPT if kind in {"draw", "official"} else LATELY
    return tuple(one for one in traces if at - one.at < kept_for)[-MOST_TRACES:]


def save(memory: Memory) -> None:
    """Writes what is new, and forgets what is old."""
    if memory.new_traces:
        rows.insert(OrderTrace, _TRACE, list(map(_row, memory.new_traces)))
        latest = max(one.at for one in memory.new_traces)
        if latest.minute == 0:  # once in a while is enough
            _do_forget(latest - KEPT)
    if memory.new_sanctions:
        taken = [tuple(getattr(one, name) for name in _STEP) for one in memory.new_sanctions]
        rows.insert(StepTaken, _STEP, taken, ignore=True)
    if memory.new_finds:
        _do_count(memory.new_finds)


def _do_count(finds: Sequence[Found]) -> None:
    """Adds up how often each word was found. Whose list was removed meanwhile is not counted any more."""
    times = Counter((int(one.list_id), one.word[:WORD_LETTERS]) for one in finds)
    latest = {(int(one.list_id), one.word[:WORD_LETTERS]): one.at for one in sorted(finds, key=lambda one: one.at)}
    known = set(WordList.objects.filter(pk__in={list_id for list_id, _ in times}).values_list("pk", flat=True))
    new = [(*place, 0, latest[place]) for place in sorted(times) if place[0] in known]
    rows.insert(WordFound, ["wordlist_id", "word", "times", "last_at"], new, ignore=True)
    added = [(times[place], latest[place], *place) for place in sorted(times)]
    rows.add(WordFound, ["times"], ["last_at"], ["wordlist_id", "word"], added)


def _row(trace: Trace) -> tuple[object, ...]:
    return (
        trace.key[:255], trace.community_id, trace.group_id, trace.identity_id, trace.at, trace.kind, trace.score,
        sorted(trace.marks), sorted(trace.sketch), trace.is_new, sorted(trace.looks),
    )  # fmt: skip


def _do_forget(before: datetime) -> None:
    old = list(OrderTrace.objects.filter(at__lt=before).values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])
    if old:
        OrderTrace.objects.filter(pk__in=old).delete()
