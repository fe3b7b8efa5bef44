"""The engines answer every metric and every journey alike, over a world in which everything happens at once."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, timedelta
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import HealthCheck
from hypothesis import given as for_all
from hypothesis import settings as how
from hypothesis import strategies as st

from qunying.insights import engines
from qunying.insights.catalogue import CATALOGUE
from qunying.insights.columns import to_us
from qunying.insights.engines import chosen, duck, views
from qunying.insights.engines.base import Session
from qunying.insights.engines.clickhouse_words import CLICKHOUSE
from qunying.insights.engines.dialect import put
from qunying.insights.journeys import funnel, retention
from qunying.insights.journeys.funnel import Funnel, count_funnel
from qunying.insights.journeys.life_cycle import count_life_cycle
from qunying.insights.journeys.retention import EVERY, Retention, count_retention, list_people_of_cell
from qunying.insights.measure import Open, measure
from qunying.insights.metric import Metric
from qunying.insights.scope import Scope
from qunying.insights.tables import MOMENT, table_of_rows
from qunying.insights.tests.asked import ASKED, FUNNELS, told
from qunying.insights.tests.busy import LENGTH, START, everything, little, make_homes, ways
from qunying.insights.tests.given import HOME, ZONE, Did, given, scope_from
from qunying.insights.tests.openers import MISSING, OTHERS, opener
from qunying.insights.tests.rows import Home
from qunying.insights.world import World, see
from qunying.kernel.errors import BadUse

pytestmark = pytest.mark.django_db
SAME = 1e-9
PACKAGE = Path(views.__file__).parents[1]
APART = {"slots": "macros, which stand written out in the questions"}


@pytest.fixture(params=OTHERS)
def other(request: pytest.FixtureRequest) -> Open:
    """An engine to hold beside DuckDB; left out, with the reason, where it is not installed."""
    return opener(request.param)


@pytest.fixture
def homes(lake: Path) -> list[Home]:
    """Three communities in three zones, half in the lake."""
    return make_homes(lake)


def _is_same(one: Any, other: Any) -> bool:
    """Equal, and of one type; floats to a billionth."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=SAME, abs_tol=SAME)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_is_same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_is_same, one, other))
    return type(one) is type(other) and bool(one == other)


def _compare(other: Open, asked: Callable[[Open], Any]) -> Any:
    """What both engines answer. Raises where that is not the same."""
    ours, theirs = asked(duck.open), asked(other)
    assert _is_same(ours, theirs), f"{ours}\n{theirs}"
    return ours


class _Noted:
    """A path below the package that notes what was read."""

    def __init__(self, path: Path, read: set[str]) -> None:
        self._path = path
        self._read = read

    def __truediv__(self, name: str) -> _Noted:
        return _Noted(self._path / name, self._read)

    def read_text(self, encoding: str) -> str:
        """The text."""
        self._read.add(_name_of(self._path))
        return self._path.read_text(encoding)


def _name_of(path: Path) -> str:
    return path.relative_to(PACKAGE / "sql").with_suffix("").as_posix()


def _says_something(found: Any) -> bool:
    """Whether any number in it is not zero."""
    if isinstance(found, dict | list | tuple):
        return any(map(_says_something, found.values() if isinstance(found, dict) else found))
    return isinstance(found, int | float) and not isinstance(found, bool) and found != 0


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of the texts of ``sql/`` that were read for a question since the test began."""
    found = set[str]()
    views.read_sql.cache_clear()
    monkeypatch.setattr(views, "resources", SimpleNamespace(files=lambda _: _Noted(PACKAGE, found)))
    return found


def test_every_question_is_answered_alike_and_none_is_left_out(
    homes: list[Home], other: Open, read: set[str], subtests: pytest.Subtests
) -> None:
    for name, ask in ASKED.items():
        with subtests.test(name):
            assert _says_something(_compare(other, lambda opened: ask(homes, opened)))  # noqa: B023
    there = set(map(_name_of, PACKAGE.rglob("sql/**/*.sql")))
    assert there - read - APART.keys() == set()


@pytest.mark.nightly
@pytest.mark.parametrize("metric", CATALOGUE, ids=lambda metric: metric.name)
def test_a_metric_is_the_same_on_both_engines_in_every_breakdown(
    homes: list[Home], other: Open, metric: Metric
) -> None:
    for scope, by in ways(homes, metric.by if metric.always_by else ("", *metric.by)):
        rows = _compare(other, lambda opened: measure(metric, scope, by, open_session=opened))  # noqa: B023
        assert any(row["value"] for row in rows) or scope.groups[1:] == ()


@pytest.mark.nightly
@pytest.mark.parametrize("asked", FUNNELS, ids=lambda asked: "-".join(asked.steps))
def test_a_funnel_is_the_same_on_both_engines_in_every_breakdown(homes: list[Home], other: Open, asked: Funnel) -> None:
    for scope, by in ways(homes, funnel.BY):
        _compare(other, lambda opened: told(count_funnel(asked, scope, by, open_session=opened)))  # noqa: B023


@pytest.mark.nightly
@pytest.mark.parametrize(("every", "or_later"), list(product(EVERY, (False, True))))
def test_retention_is_the_same_on_both_engines_in_every_breakdown(
    homes: list[Home], other: Open, every: str, or_later: bool
) -> None:
    asked = Retention("came", "said", every, or_later)
    for scope, by in ways(homes, retention.BY):
        found = _compare(other, lambda opened: told(count_retention(asked, scope, START, by, open_session=opened)))  # noqa: B023
        assert found or by
    scope, bought = everything(homes), Retention("order", "order", every, or_later)
    _compare(other, lambda opened: told(count_retention(bought, scope, START, "source", open_session=opened)))
    for n in (0, 1):
        people = _compare(
            other,
            lambda opened: list_people_of_cell(asked, scope, START, "", "", n, open_session=opened),  # noqa: B023
        )
        assert people


def test_journeys_are_empty_where_there_is_nobody(homes: list[Home], other: Open) -> None:
    nowhere = Scope((), START, START + LENGTH)
    for opened in (duck.open, other):
        assert count_retention(Retention(), nowhere, START, open_session=opened) == {}
        assert count_life_cycle(nowhere, START, open_session=opened) == []


class _Given:
    """A session that holds what was given where somebody asks what people did."""

    def __init__(self, session: Session, deeds: Sequence[Did]) -> None:
        self._session = session
        self._deeds = deeds

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def hold(self, name: str, sql: str, params: Mapping[str, Any]) -> None:
        """Holds the given rows as ``did``."""
        if name != "did":
            self._session.hold(name, sql, params)
            return
        rows = [
            (one.home * HOME + one.who, to_us(one.at), one.at.astimezone(ZoneInfo(ZONE)).replace(tzinfo=UTC), one.name)
            for one in self._deeds
            if one.name in params["names"]
        ]
        columns = [("member", pa.int64()), ("at_us", pa.int64()), ("local_at", MOMENT), ("name", pa.string())]
        self._session.take("did", table_of_rows(rows, pa.schema(columns)))

    def name(self, name: str, sql: str, params: Mapping[str, Any]) -> None:
        """The same."""
        self.hold(name, sql, params)


def _given_to(other: Open, deeds: Sequence[Did]) -> Open:
    @contextmanager
    def opened(world: World) -> Iterator[Any]:
        with other(world) as session:
            yield _Given(session, deeds)

    return opened


@how(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@for_all(
    st.lists(
        st.builds(
            Did,
            who=st.integers(1, 2),
            name=st.sampled_from(("view", "cart", "order")),
            at=st.integers(0, 12).map(lambda n: START + n * timedelta(hours=12)),
        ),
        max_size=20,
    ),
    st.lists(st.sampled_from(("view", "cart", "order")), min_size=2, max_size=4),
    st.sampled_from([12, 24, 60]),
    st.booleans(),
)
def test_a_funnel_is_the_same_on_both_engines_when_much_happens_at_once(
    other: Open, deeds: list[Did], steps: list[str], window: int, any_order: bool
) -> None:
    asked = Funnel(tuple(steps), timedelta(hours=window), any_order and len(set(steps)) == len(steps))
    scope = scope_from(START, START + LENGTH)
    ours, theirs = (
        told(count_funnel(asked, scope, "week", open_session=opened))
        for opened in (given(deeds), _given_to(other, deeds))
    )
    assert _is_same(ours, theirs), f"{ours}\n{theirs}"


@pytest.mark.parametrize(
    "text",
    ["", "it's \\ \n \t \r x", "\\N", "'; DROP TABLE t --", "\\'", "{by: }", "🀄$by", "\\\\", "⟦one⟧", "%s", "$$"],
)
def test_words_are_read_back_as_typed_whatever_they_hold(other: Open, text: str) -> None:
    with other(see(Scope((), START, START + LENGTH), ("messages",))) as session:
        found = session.ask(
            "SELECT $one AS one, list_contains($many, $one) AS is_there, list_contains($none, $one) AS is_not",
            {"one": text, "many": ["x", text], "none": []},
        )
    assert found == [{"one": text, "is_there": True, "is_not": False}]


def test_no_row_is_lost_when_a_table_has_empty_parts(other: Open) -> None:
    """PySpark reads up to an empty part and no further."""
    some = pa.table({"n": pa.array([1, 2], pa.int64())})
    table = pa.concat_tables([some[:0], some[:0], some, some[:0], some])
    for opened in (duck.open, other):
        with opened(see(Scope((), START, START + LENGTH), ("messages",))) as session:
            session.take("given", table)
            assert session.ask("SELECT count(*) AS n, sum(n) AS total FROM given", {}) == [{"n": 4, "total": 6}]


def test_a_moment_keeps_its_microseconds_when_it_is_asked_for(other: Open) -> None:
    with other(see(Scope((), START, START + LENGTH), ("messages",))) as session:
        (found,) = session.ask("SELECT epoch_us($at) AS us", {"at": START + timedelta(microseconds=7)})
    assert found["us"] == to_us(START) + 7


def test_a_parameter_is_never_taken_for_another_one() -> None:
    assert put("SELECT $a, $b", {"a": "⟦b⟧", "b": 1}, CLICKHOUSE) == "SELECT '⟦b⟧', 1"


def test_a_lake_in_a_folder_that_would_be_a_pattern_is_said() -> None:
    clickhouse = pytest.importorskip("qunying.insights.engines.clickhouse")
    with pytest.raises(BadUse, match="文件夹"):
        clickhouse.pattern_of(["/home/a{b}/one.parquet"])
    with pytest.raises(FileNotFoundError):
        clickhouse.pattern_of(["/nowhere/one.parquet", "/nowhere/two.parquet"])


def test_the_engine_is_the_one_that_was_chosen(homes: list[Home], settings: Any) -> None:
    pytest.importorskip("chdb", reason=MISSING)
    world = see(little(homes), ("messages",))
    with chosen.open(world) as session:
        assert type(session).__name__ == "DuckSession"
    settings.ENGINE = "clickhouse"
    with chosen.open(world) as session:
        assert type(session).__name__ == "ClickHouseSession"
    settings.ENGINE = "oracle"
    with pytest.raises(BadUse, match="oracle"):
        chosen.open(world)


@pytest.mark.parametrize("name", ["clickhouse", "postgres", "spark"])
def test_an_engine_that_is_not_installed_is_said(homes: list[Home], settings: Any, monkeypatch: Any, name: str) -> None:
    settings.ENGINE = name
    monkeypatch.setitem(sys.modules, f"qunying.insights.engines.{name}", None)
    monkeypatch.delattr(engines, name, raising=False)
    with pytest.raises(BadUse, match=name):
        chosen.open(see(little(homes), ("messages",)))


@pytest.mark.parametrize("url", ["", "postgresql:///nobody?host=/nowhere"])
def test_a_server_that_does_not_answer_is_said(settings: Any, url: str) -> None:
    settings.ENGINE, settings.ENGINE_URL = "postgres", url
    world = see(Scope((), START, START + LENGTH), ("messages",))
    with pytest.raises(BadUse, match="QUNYING_ENGINE_URL"), chosen.open(world):
        pass
