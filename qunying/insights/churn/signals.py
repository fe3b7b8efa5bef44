"""What happened to somebody in a group in the days before a moment."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from qunying.insights.churn.cases import Case
from qunying.insights.scope import Scope
from qunying.insights.talks import NO_QUESTION
from qunying.journal.queries import list_facts_of
from qunying.judgement.threads import Turn as Spoken
from qunying.judgement.threads import waiting
from qunying.kernel.effects import DeleteMessage, Mute
from qunying.kernel.readings import Verdict, mask_of
from qunying.talk.before import Turn, list_taken_away, list_turns_held, list_turns_of, starters_of
from qunying.talk.threads import SaidInThread, list_said_in

BEFORE = timedelta(days=7)
OPENER_KNOWN = timedelta(days=30)  # before the days looked at
OPENER_TALKS = 2  # threads of theirs that somebody joined then
MANY_ADS = 10
TURNS = 200_000
HELD = 50_000
SANCTIONS = frozenset({Mute.__name__, DeleteMessage.__name__})


class Signal(StrEnum):
    """One thing that can have happened; ``NOTHING`` is that none of the others did."""

    UNANSWERED = "unanswered"
    CONFLICT = "conflict"
    SANCTIONED = "sanctioned"
    OPENER_SILENT = "opener_silent"
    ADS = "ads"
    NOTHING = "nothing"


Met = Mapping[Signal, int | None]  # with the message that shows it, where one does


@dataclass(frozen=True, slots=True)
class _Room:
    """What was read of all groups at once."""

    turns: Mapping[tuple[int, int], Sequence[Turn]]  # by group and identity, oldest first
    lines: Mapping[int, Sequence[SaidInThread]]  # of threads in which one of them asked
    hostile: Mapping[int, Sequence[Turn]]  # by group, oldest first
    ads: Mapping[int, Sequence[datetime]]
    sanctions: Mapping[tuple[int, int], Sequence[tuple[datetime, int | None]]]
    starters: Mapping[int, int]
    openers: Mapping[tuple[int, int], Sequence[datetime]]


def meet(cases: Sequence[Case], scope: Scope) -> list[Met]:
    """What each of them met in the days before their moment, in the order of ``cases``."""
    if not cases:
        return []
    room = _read(cases, scope)
    return [dict(_met(case, room)) or {Signal.NOTHING: None} for case in cases]


def _read(cases: Sequence[Case], scope: Scope) -> _Room:
    groups = sorted({case.group_id for case in cases})
    people = sorted({case.identity_id for case in cases})
    first, last = min(case.at for case in cases), max(case.at for case in cases)
    turns = _by_seat(list_turns_of(people, groups, first - BEFORE - OPENER_KNOWN, last, TURNS))
    hostile = list_turns_held(groups, Verdict.ABUSE, first - BEFORE, last, HELD)
    ads = list_turns_held(groups, Verdict.AD, first - BEFORE, last, HELD)
    asked = {turn.thread for some in turns.values() for turn in some if turn.thread and _asks(turn.holds)}
    starters = starters_of({turn.thread for some in turns.values() for turn in some if turn.thread})
    openers = list_turns_of(sorted(set(starters.values())), groups, first - BEFORE, last, TURNS)
    return _Room(
        turns=turns,
        lines=list_said_in(asked, last),
        hostile=_by_group(hostile),
        ads={group: [turn.at for turn in some] for group, some in _by_group(ads).items()},
        sanctions=_sanctions(people, groups, first - BEFORE, last),
        starters=starters,
        openers={key: [turn.at for turn in some] for key, some in _by_seat(openers).items()},
    )


def _by_seat(turns: Sequence[Turn]) -> dict[tuple[int, int], list[Turn]]:
    found: dict[tuple[int, int], list[Turn]] = defaultdict(list)
    for turn in reversed(turns):
        found[turn.group_id, turn.identity_id].append(turn)
    return found


def _by_group(turns: Sequence[Turn]) -> dict[int, list[Turn]]:
    found: dict[int, list[Turn]] = defaultdict(list)
    for turn in reversed(turns):
        found[turn.group_id].append(turn)
    return found


def _sanctions(
    people: Sequence[int], groups: Sequence[int], since: datetime, until: datetime
) -> dict[tuple[int, int], list[tuple[datetime, int | None]]]:
    """When somebody was silenced or something of theirs was taken away, with that message where it is known."""
    found: dict[tuple[int, int], list[tuple[datetime, int | None]]] = defaultdict(list)
    for identity, group, at, message in list_taken_away(people, groups, since, until):
        found[group, identity].append((at, message))
    for identity, group, at, words in list_facts_of(people, groups, ("effect.sent",), since, until):
        if words.get("kind") in SANCTIONS:
            found[group, identity].append((at, None))
    return {key: sorted(some, key=lambda one: one[0]) for key, some in found.items()}


def _met(case: Case, room: _Room) -> Iterator[tuple[Signal, int | None]]:
    """Everything that happened, each with the message that shows it."""
    since = case.at - BEFORE
    said = room.turns.get((case.group_id, case.identity_id), ())
    lately = [turn for turn in said if since <= turn.at < case.at]
    asked = _open_question(case, lately, room)
    if asked is not None:
        yield Signal.UNANSWERED, asked
    quarrel = _quarrel(case, lately, room)
    if quarrel is not None:
        yield Signal.CONFLICT, quarrel.id
    for at, message in room.sanctions.get((case.group_id, case.identity_id), ()):
        if since <= at < case.at:
            yield Signal.SANCTIONED, message
            break
    opener = _opener([turn for turn in said if since - OPENER_KNOWN <= turn.at < since], case, room)
    if opener is not None and not _between(room.openers.get((case.group_id, opener), ()), since, case.at):
        yield Signal.OPENER_SILENT, None
    if _between(room.ads.get(case.group_id, ()), since, case.at) >= MANY_ADS:
        yield Signal.ADS, None


def _asks(holds: int) -> bool:
    return bool(holds & mask_of(Verdict.QUESTION)) and not any(holds & mask_of(other) for other in NO_QUESTION)


def _open_question(case: Case, lately: Sequence[Turn], room: _Room) -> int | None:
    """The message with which they asked something that nobody had answered by then."""
    asked = {turn.id: turn.thread for turn in lately if turn.thread and _asks(turn.holds)}
    for thread in dict.fromkeys(asked.values()):
        lines = [line for line in room.lines.get(thread, ()) if line.at < case.at]
        spoken = [
            Spoken(line.id, line.identity_id, line.at.timestamp(), _asks(line.holds), line.replies) for line in lines
        ]
        for one in waiting(spoken, case.at.timestamp()):
            if one.id in asked:
                return one.id
    return None


def _quarrel(case: Case, lately: Sequence[Turn], room: _Room) -> Turn | None:
    """The first hostile words that were theirs, or fell in a thread in which they spoke."""
    threads = {turn.thread for turn in lately if turn.thread}
    for turn in room.hostile.get(case.group_id, ()):
        is_near = turn.identity_id == case.identity_id or turn.thread in threads
        if is_near and case.at - BEFORE <= turn.at < case.at:
            return turn
    return None


def _opener(said: Sequence[Turn], case: Case, room: _Room) -> int | None:
    """Whose threads they joined most, where that was more than once."""
    threads = {turn.thread for turn in said if turn.thread}
    starters = Counter(room.starters[thread] for thread in sorted(threads) if thread in room.starters)
    del starters[case.identity_id]
    if not starters:
        return None
    opener, talks = min(starters.items(), key=lambda pair: (-pair[1], pair[0]))
    return opener if talks >= OPENER_TALKS else None


def _between(moments: Sequence[datetime], since: datetime, until: datetime) -> int:
    """How many of these moments, in order, lie from ``since`` up to, not including, ``until``."""
    return bisect_left(moments, until) - bisect_left(moments, since)
