"""Funnels over columns: where rows come here in no time, sorting them as plain numbers is quicker than what SQL can say.

Member and moment of a doing are packed into one number, its key, so that the latest doing before another one is found by
looking a number up; members who are too many for that are taken block by block. ``funnel.py`` says the same in SQL, and the
tests hold both to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qunying.insights.columns import HOME_BITS

KEY_BITS = 62
FEW = 1 << 16  # numbers below it are sorted by counting them

Numbers = NDArray[np.int64]
Ways = Iterator[tuple[Numbers, Numbers]]


@dataclass(frozen=True, slots=True)
class Doings:
    """Who did which steps when: bit n of ``marks`` says whether a doing is step n + 1."""

    members: Numbers
    at_us: Numbers
    marks: Numbers


@dataclass(frozen=True, slots=True)
class Furthest:
    """One place per step and member who came there: how many microseconds the quickest way from the first step took."""

    steps: Numbers
    members: Numbers
    took_us: Numbers


def walk(doings: Doings, again: Sequence[bool], window_us: int, *, in_any_order: bool) -> Furthest:
    """How far everybody came. ``again`` says of each step whether it must come later than the one before, not with it."""
    found = [Furthest(*(np.empty(0, dtype=np.int64) for _ in range(3)))]
    for base, bits, keys, marks in _blocks(doings):
        steps = [np.sort(keys[(marks >> n) & 1 == 1]) for n in range(len(again))]
        ways = _in_any_order(steps, bits, window_us) if in_any_order else _in_order(steps, again, bits, window_us)
        for step, (ends, starts) in enumerate(ways, 1):
            who, took = _quickest(ends >> bits, ends - starts)
            found.append(Furthest(np.full(len(who), step), who + base, took))
    return Furthest(*(np.concatenate([getattr(one, name) for one in found]) for name in Furthest.__slots__))


def _blocks(doings: Doings) -> Iterator[tuple[int, int, Numbers, Numbers]]:
    """Members whose keys fit into one number: the number that theirs are counted from, the bits of a moment, keys, marks."""
    if not len(doings.members):
        return
    began = doings.at_us.min()
    bits = int(doings.at_us.max() - began).bit_length()
    rest = KEY_BITS - bits  # bits for the members of one block
    moments = doings.at_us - began
    base = int(doings.members.min()) >> rest << rest
    if (int(doings.members.max()) - base) >> rest == 0:
        yield base, bits, ((doings.members - base) << bits) | moments, doings.marks
        return
    order, ends = _by_block(doings.members, rest)
    for first, last in zip([0, *ends[:-1]], ends, strict=True):
        rows = order[first:last]
        members = doings.members[rows]
        base = int(members[0]) >> rest << rest
        yield base, bits, ((members - base) << bits) | moments[rows], doings.marks[rows]


def _by_block(members: Numbers, rest: int) -> tuple[Numbers, list[int]]:
    """The rows block by block, and where each block ends. A block is of one community, and of neighbours by number."""
    wide = max(0, HOME_BITS - rest)
    homes, people = members >> max(HOME_BITS, rest), (members & ((1 << HOME_BITS) - 1)) >> rest
    homes -= homes.min()
    most = int(people.max()) + 1 if wide else 1
    blocks = homes * most + people
    narrow = blocks.astype(np.uint16) if int(blocks.max()) < FEW else blocks
    order = np.argsort(narrow, kind="stable")
    ends = np.flatnonzero(np.diff(blocks[order])) + 1
    return order, [*ends.tolist(), len(members)]


def _in_order(steps: Sequence[Numbers], again: Sequence[bool], bits: int, window_us: int) -> Ways:
    """For every step the doings that a way leads to, and the latest first step from which one does; both as keys."""
    ends = starts = steps[0]
    yield ends, starts
    for keys, is_again in zip(steps[1:], again[1:], strict=True):
        is_there, place = _latest(ends, keys, bits, side="left" if is_again else "right")
        keys, place = keys[is_there], place[is_there]
        in_time = keys - starts[place] <= window_us
        ends, starts = keys[in_time], starts[place][in_time]
        yield ends, starts


def _in_any_order(steps: Sequence[Numbers], bits: int, window_us: int) -> Ways:
    """The same where the steps so far may come in any order: at every doing, when each was last done."""
    ends = np.unique(np.concatenate(steps))
    starts = ends
    for keys in steps:
        is_there, place = _latest(keys, ends, bits, side="right")
        ends, starts = ends[is_there], np.minimum(starts[is_there], keys[place[is_there]])
        in_time = ends - starts <= window_us
        yield ends[in_time], starts[in_time]


def _latest(known: Numbers, keys: Numbers, bits: int, *, side: str) -> tuple[NDArray[np.bool_], Numbers]:
    """For each of the keys the place of the latest of the known ones of that member, and whether there is any."""
    place = np.searchsorted(known, keys, side=side) - 1  # type: ignore[call-overload]
    if not len(known):
        return np.zeros(len(keys), dtype=bool), place
    return (place >= 0) & (known[place] >> bits == keys >> bits), place


def _quickest(who: Numbers, took: Numbers) -> tuple[Numbers, Numbers]:
    """Every member once, with the least of theirs; rows of a member lie together."""
    if not len(who):
        return who, took
    firsts = np.flatnonzero(np.r_[True, who[1:] != who[:-1]])
    return who[firsts], np.minimum.reduceat(took, firsts)
