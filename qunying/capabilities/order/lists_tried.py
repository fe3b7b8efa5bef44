"""What a list would have found lately: asked before it is switched on, so that nobody learns of it from the members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache

from qunying.capabilities.order.lists import WATCH, Listed, Lists, make_lists
from qunying.capabilities.order.lists_paged import words_at_hand
from qunying.capabilities.order.lists_told import ListLine
from qunying.communities.queries import list_group_ids
from qunying.judgement.patterns.wordlists import Hit
from qunying.kernel.touching import touches_many
from qunying.talk.past import SaidLine, list_newest_said

LOOKS_BACK = timedelta(days=30)
MOST_MESSAGES = 20_000
SAMPLES = 12
KEPT_FOR = 60  # seconds


@dataclass(frozen=True, slots=True)
class Sample:
    """A message that would have been found, and where its words stand in it."""

    said: SaidLine
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a list would have found: in how many messages of how many, said by how many people of those who spoke.

    ``is_cut``: there were more messages than are looked at. ``wants_number``: it would touch so many that whoever switches it on
    has to write how many.
    """

    messages: int
    hits: int
    people: int
    speakers: int
    samples: tuple[Sample, ...]
    is_cut: bool
    wants_number: bool


def effect_of(line: ListLine, now: datetime) -> Effect:
    """What the list would have found in the last 30 days, in the newest messages of the groups it is for; at most a minute old."""
    key = f"order.effect.{line.id}.{line.stamp}"
    known: Effect | None = cache.get(key)
    if known is None:
        known = _effect(line, now)
        cache.set(key, known, KEPT_FOR)
    return known


def _effect(line: ListLine, now: datetime) -> Effect:
    groups = list(line.groups) or list_group_ids([line.community_id])
    said = list_newest_said(groups, now - LOOKS_BACK, MOST_MESSAGES + 1)
    words = [word._replace(listed=str(line.id)) for word in words_at_hand(line.id, line.stamp)]
    listed = Listed(str(line.id), line.title, line.does, words)
    samples = list_found(make_lists((), WATCH, [listed]), said[:MOST_MESSAGES])
    people, speakers = len({one.said.sender_id for one in samples}), len({one.sender_id for one in said})
    return Effect(
        messages=min(len(said), MOST_MESSAGES),
        hits=len(samples),
        people=people,
        speakers=speakers,
        samples=tuple(samples[:SAMPLES]),
        is_cut=len(said) > MOST_MESSAGES,
        wants_number=line.does != WATCH and touches_many(people, speakers),
    )


def list_found(lists: Lists, said: Sequence[SaidLine]) -> list[Sample]:
    """Those of these messages in which something is found."""
    found = ((one, lists.find(one.text)) for one in said)
    return [Sample(one, hits) for one, hits in found if hits]
