"""Breakdowns of journeys by what stands on no doing: a word on people's cards, their layer, the segments they are in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from qunying.insights.scope import Scope
from qunying.insights.traits import table_of_traits
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark

PART = "part"
SEGMENT = "segment"
OF_CARDS = ("city", "industry", "layer")
PARTED = (*OF_CARDS, SEGMENT)
MOST_AMONG = 5

Words = Mapping[tuple[int, int], str]  # by community and person, one for each
Pairs = Sequence[tuple[int, str]]  # person and word: somebody may stand in several parts
Parts = Words | Pairs


@dataclass(frozen=True, slots=True)
class Among:
    """A segment that a breakdown tells apart: its number, what it is called, and who is in it."""

    id: int
    name: str
    people: Collection[int]


def parts_of_people(by: str, scope: Scope, among: Sequence[Among]) -> Parts | None:
    """Who stands in which part where a breakdown is of people themselves; None where it is of what they did.

    Parts are words; those of segments are the segments' numbers, and whoever is in none stands under «». Raises ``BadUse``
    for segments that are not said, or too many.
    """
    if by == SEGMENT:
        if not among:
            raise BadUse(mark("按人群拆开，要说是哪几个人群：--among 名字，可以写几次"))
        if len(among) > MOST_AMONG:
            raise BadUse(mark("一次最多比 %(most)d 个人群"), most=MOST_AMONG)
        return [(person, str(one.id)) for one in among for person in one.people]
    if by not in OF_CARDS:
        return None
    columns = table_of_traits(by, scope).to_pydict()
    keys = zip(columns["community_id"], columns["person_id"], strict=True)
    return dict(zip(keys, columns["trait"], strict=True))


def standing_in(by: str) -> str:
    """The breakdown that the questions are asked in: whoever stands in parts stands in them as in ways of coming."""
    return "source" if by in {PART, *PARTED} else by
