"""What hangs on three people of a community, counted in passing, is what counting it in one piece says."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from qunying.insights.dependency import Dependency, Pillar, depend
from qunying.insights.seeds.hanging import Hanging, from_kept, to_kept
from qunying.insights.seeds.signals import Line

STAFF, GONE = 9, 6
said = st.lists(
    st.tuples(
        st.integers(1, 9),  # who
        st.integers(0, 5),  # which line begins the conversation, of a few; 0: one that began before
        st.integers(0, 12),  # which line is answered
        *[st.booleans()] * 3,
        st.integers(0, 9),  # seldom advertising
    ),
    max_size=40,
)


def lines_of(rows: list[tuple[int, int, int, bool, bool, bool, int]], first: int) -> list[Line]:
    """One group; its lines are numbered from ``first``, the conversations begin with the lines they are called after."""
    found = []
    for n, (who, thread, to, asks, thanks, joins, bad) in enumerate(rows):
        begun = first + thread if thread <= n else first + n
        answers = first + to if to < n else None
        line = Line(first + n, begun if thread else 7, who, 1, answers, asks, thanks, thanks, joins, bad == 0)
        found.append(line)
    return found


def bare(found: Dependency) -> Dependency:
    """Without layers, which only one of the two tells."""
    pillars = tuple(replace(one, without=replace(one.without, openers=0, followers=0)) for one in found.pillars)
    return replace(found, whole=replace(found.whole, openers=0, followers=0), pillars=pillars)


@settings(max_examples=150)
@given(said, said)
def test_group_by_group_is_the_same_as_all_at_once(one: list, other: list) -> None:  # type: ignore[type-arg]
    groups = [lines_of(one, 100), lines_of([(who, max(1, t), *rest) for who, t, *rest in other], 1000)]
    present = set(range(1, 9)) - {GONE}
    hanging = Hanging([STAFF])
    for lines in groups:
        hanging.take(lines)
    found = hanging.found(present)
    assert found == bare(depend(groups, [STAFF], present))
    assert from_kept(json.loads(json.dumps(to_kept(found)))) == found


def test_nobody_hangs_on_anybody_where_nothing_was_said() -> None:
    assert Hanging().found([]) == Dependency()
    pillars: tuple[Pillar, ...] = from_kept(to_kept(Dependency())).pillars
    assert pillars == ()
