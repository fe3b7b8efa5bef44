"""A group beside its own kind: quartiles by hand, and no middle of too few."""

from __future__ import annotations

import pytest

from qunying.communities.actions import NewGroup, do_found_community, do_register_group
from qunying.communities.models import Group
from qunying.insights.benchmarks import Kind, Measure, Standing, band, read_peers
from qunying.insights.models import GroupFigures
from qunying.insights.tests.rows import NOON

pytestmark = pytest.mark.django_db


def _home(name: str, figures: list[tuple[int, int, int, int]], **kind: str) -> list[int]:
    """A community with a group for each (this week, week before, speakers, present)."""
    home = do_found_community(name=name, at=NOON, timezone="Asia/Shanghai")
    ids = []
    for n, (week, before, speakers, present) in enumerate(figures):
        pk = do_register_group(home, NewGroup(carrier="sandbox", ref=f"{name}{n}", carrier_name=f"{name}{n}"), at=NOON)
        Group.objects.filter(pk=pk).update(**kind)
        GroupFigures.objects.create(
            group_id=pk, community_id=home, day=NOON.date(), weeks="0 " * 8, counted_at=NOON,
            last_week=week, week_before=before, speakers=speakers, present=present,
        )  # fmt: skip
        ids.append(pk)
    return ids


def test_quartiles_are_those_of_the_others_when_there_are_five() -> None:
    ids = _home("甲", [(25, 50, 10, 100), *((n, 10, n, 100) for n in (10, 20, 30, 40, 100))])
    found = read_peers(ids[0], None)
    assert found is not None
    assert (found.kind, found.count) == (Kind.HOME_AND_SIZE, 5)
    assert found.standings[Measure.SPEAKERS] == Standing(0.1, 0.1, 0.2, 0.3, 0.4, 1.0, 5, 6)
    assert found.standings[Measure.MESSAGES] == Standing(0.25, 0.1, 0.2, 0.3, 0.4, 1.0, 4, 6)
    assert found.standings[Measure.CHANGE] == Standing(-0.5, 0, 1, 2, 3, 9, 6, 6)


def test_no_middle_is_told_of_too_few() -> None:
    ids = _home("甲", [(10, 10, 10, 100)] * 5)
    found = read_peers(ids[0], None)
    assert found is not None
    assert (found.kind, found.count, found.standings) == (None, 4, {})


def test_what_says_most_is_compared_first() -> None:
    same = _home("甲", [(10, 10, 10, 100)] * 7, city="上海", industry="教育")
    other = _home("乙", [(10, 10, 10, 100)] * 6, city="上海", industry="")
    large = _home("丙", [(10, 10, 10, 400)] * 6, city="", industry="教育")
    kinds = {pk: read_peers(pk, None) for pk in (same[0], other[0], large[0])}
    assert {pk: (one.kind, one.count) for pk, one in kinds.items() if one} == {
        same[0]: (Kind.INDUSTRY, 6),
        other[0]: (Kind.CITY, 12),
        large[0]: (Kind.INDUSTRY, 5),
    }


def test_only_groups_that_may_be_seen_are_peers() -> None:
    ids = _home("甲", [(10, 10, 10, 100)] * 3)
    _home("乙", [(10, 10, 10, 100)] * 6)
    home = Group.objects.get(pk=ids[0]).community_id
    everywhere, here = read_peers(ids[0], None), read_peers(ids[0], [home])
    assert everywhere is not None
    assert here is not None
    assert (everywhere.kind, everywhere.count) == (Kind.SIZE, 8)
    assert (here.kind, here.count) == (None, 2)


def test_what_cannot_be_divided_is_left_out() -> None:
    ids = _home("甲", [(0, 0, 0, 0), *[(10, 0, 10, 100)] * 6])
    found = read_peers(ids[0], None)
    assert found is not None
    assert found.kind is Kind.HOME
    assert found.standings == {}
    full = read_peers(ids[1], None)
    assert full is not None
    assert set(full.standings) == {Measure.SPEAKERS, Measure.MESSAGES}
    assert read_peers(10**9, None) is None
    assert [band(n) for n in (0, 1, 49, 50, 349, 350, 2000)] == [0, 1, 1, 2, 4, 5, 5]
