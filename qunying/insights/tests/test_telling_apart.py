"""Different people counted over sorted numbers are those that the metric's own SQL counts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from qunying.insights import telling_apart
from qunying.insights.catalogue import CATALOGUE
from qunying.insights.engines import duck
from qunying.insights.engines.slots import COUNTED
from qunying.insights.metric import Metric
from qunying.insights.telling_apart import count_people, pack
from qunying.insights.tests.busy import everything, make_homes
from qunying.insights.world import see

PEOPLE = [metric for metric in CATALOGUE if metric.each]


@pytest.mark.django_db
def test_people_are_those_of_the_sql_in_every_breakdown(lake: Path) -> None:
    scope = everything(make_homes(lake))
    asked = 0
    for metric in PEOPLE:
        with duck.open(see(scope, metric.sources)) as session:
            for by in COUNTED.intersection(metric.by):
                ours = count_people(session, metric.each, by, metric.things)
                assert ours == sorted(session.run(metric.sql, {"by": by}), key=_place(by)) != []
                asked += 1
    assert asked > 15


def _place(by: str) -> object:
    return lambda row: row["slot"] if by in {"day", "week", "month"} else int(row["slot"])


@pytest.mark.django_db
@pytest.mark.parametrize("metric", PEOPLE, ids=lambda metric: metric.name)
def test_sql_answers_where_numbers_do_not_fit(lake: Path, monkeypatch: pytest.MonkeyPatch, metric: Metric) -> None:
    scope = everything(make_homes(lake))
    monkeypatch.setattr(telling_apart, "KEY_BITS", 3)
    with duck.open(see(scope, metric.sources)) as session:
        assert count_people(session, metric.each, "day", metric.things) is None
        assert count_people(session, metric.each, "source", metric.things) is None


NUMBERS = st.integers(-(1 << 40), 1 << 40)


@for_all(st.lists(st.tuples(st.integers(-5, 5), NUMBERS, st.integers(0, 1 << 22)), min_size=1, max_size=30))
def test_packed_numbers_are_the_same_only_where_the_rows_are(rows: list[tuple[int, int, int]]) -> None:
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    keys, bits = pack(*columns)
    if keys is None:
        assert sum((max(c.tolist()) - min(c.tolist())).bit_length() for c in columns) > telling_apart.KEY_BITS
        return
    assert [a == b for a in rows for b in rows] == [a == b for a in keys for b in keys]
    assert (keys >> bits).tolist() == (columns[0] - columns[0].min()).tolist()
