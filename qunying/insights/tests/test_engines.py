"""The engines answer every metric and every journey alike, over a world in which everything happens at once."""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given as for_all
from hypothesis import settings as how
from hypothesis import strategies as st

from qunying.communities.queries import CountedHome
from qunying.deeds.actions import NewDeed, do_keep_deeds
from qunying.insights import engines
from qunying.insights.catalogue import CATALOGUE, JOINS, MEMBERS, Metric
from qunying.insights.columns import to_us
from qunying.insights.engines import chosen, duck
from qunying.insights.journeys import funnel, retention
from qunying.insights.journeys.funnel import Funnel, count_funnel, list_people_of_stage
from qunying.insights.journeys.life_cycle import count_life_cycle
from qunying.insights.journeys.paths import count_paths
from qunying.insights.journeys.retention import EVERY, PART, Retention, count_retention, list_people_of_cell
from qunying.insights.lake import flush
from qunying.insights.measure import Open, measure
from qunying.insights.scope import Scope
from qunying.insights.tables import MOMENT, table_of_rows
from qunying.insights.tests.given import HOME, ZONE, Did, given, scope_from
from qunying.insights.tests.rows import Home
from qunying.insights.world import World, see
from qunying.kernel.errors import BadUse
from qunying.people.models import Identity

chdb = pytest.importorskip("chdb", reason="chdb is not installed, so the ClickHouse engine is left out")
from qunying.insights.engines import clickhouse  # noqa: E402
from qunying.insights.engines.dialect import fill_in, literal  # noqa: E402

pytestmark = pytest.mark.django_db
START = datetime(2024, 2, 20, tzinfo=UTC)  # clocks change in New York on 10 March and in Berlin on 31 March
LENGTH = timedelta(days=55)
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York")
NAMES = ("老周", "阿茗", "👩‍👩‍👧", "عمر", "陳曉", "O'Neil", "林晚", "机器人")
MINUTE = timedelta(minutes=1)
SAME = 1e-9


@pytest.fixture
def homes(lake: Path) -> list[Home]:
    """Three communities in three zones; half of what happened lies in the lake, and some of that changed afterwards."""
    chance = random.Random(7)
    homes = [Home(timezone=zone, groups=("甲", "乙"), staff=("林晚",)) for zone in ZONES]
    told = list[tuple[Home, str, datetime, int]]()
    for half in range(2):
        for home in homes:
            for _ in range(45):
                _happens(home, chance, told)
            do_keep_deeds([_deed(home, n + 30 * half, chance) for n in range(30)])
        if not half:
            flush(START, lake)
    for home, key, at, group in chance.sample(told, 30):
        if chance.random() < 0.5:
            home.recall(key, at + MINUTE, group)
        else:
            home.edit(key, at + MINUTE, "改过", group)
    main, other = homes[0].who("阿茗"), homes[0].who("陳曉")
    Identity.objects.filter(pk=other).update(person_id=main)
    return homes


def _moment(chance: random.Random) -> datetime:
    """Some moment, often one at which something else happens too, sometimes on a whole local day's edge."""
    return START + timedelta(
        hours=chance.randrange(int(LENGTH / timedelta(hours=1))), minutes=chance.choice((0, 0, 30))
    )


def _happens(home: Home, chance: random.Random, told: list[tuple[Home, str, datetime, int]]) -> None:
    name, at, group = chance.choice(NAMES), _moment(chance), chance.randrange(2)
    home.sit(name, group, is_bot=name == "机器人")
    what = chance.random()
    if what < 0.6:
        told.append((home, home.say(name, at, group=group), at, group))
    elif what < 0.65:
        home.say("", at, group=group, is_own=what < 0.62, kind="notice")
    elif what < 0.85:
        home.join(name, at, group, via=chance.choice(("", "qr", "invite")), inviter=chance.choice(("", "老周")))
    else:
        home.leave(name, at, group, operator=chance.choice(("", "林晚")))


def _deed(home: Home, n: int, chance: random.Random) -> NewDeed:
    kind = chance.choice(("order", "order", "order", "refund", "visit"))
    return NewDeed(
        community_id=home.id,
        identity_id=home.who(chance.choice((*NAMES[:6], f"客{n % 5}"))),
        source=chance.choice(("shop", "o'shop\\")),
        kind=kind,
        key=str(n),
        at=_moment(chance),
        amount=None if kind == "visit" else chance.randrange(1, 10**7),
        currency="" if kind == "visit" else chance.choice(("CNY", "USD")),
        quantity=chance.randrange(1, 4),
    )


def _everything(homes: list[Home]) -> Scope:
    """All groups, communities whole."""
    groups = tuple(group for home in homes for group in home.counted)
    whole = tuple(CountedHome(home.id, f"社群{home.id}", home.timezone) for home in homes)
    return Scope(groups, START, START + LENGTH, whole)


def _little(homes: list[Home]) -> Scope:
    """One group for some weeks, from the middle of a day."""
    return Scope(homes[0].counted[:1], START + timedelta(days=9, hours=5), START + LENGTH / 2)


def _ways(homes: list[Home], bys: Iterable[str]) -> Iterator[tuple[Scope, str]]:
    """Everything in each of these breakdowns, and a little of it as a whole."""
    everything = _everything(homes)
    yield from ((everything, by) for by in bys)
    yield _little(homes), ""


def _is_same(one: Any, other: Any) -> bool:
    """Equal, and of one type; floats to a billionth."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=SAME, abs_tol=SAME)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_is_same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_is_same, one, other))
    return type(one) is type(other) and bool(one == other)


def _compare(asked: Callable[[Open], Any]) -> Any:
    """What both engines answer. Raises where that is not the same."""
    ours, theirs = asked(duck.open), asked(clickhouse.open)
    assert _is_same(ours, theirs), f"{ours}\n{theirs}"
    return ours


def test_every_metric_is_the_same_on_both_engines(homes: list[Home]) -> None:
    for metric in CATALOGUE:
        for scope, by in _ways(homes, (metric.always_by or "", metric.by[0])):
            rows = _compare(lambda opened: measure(metric, scope, by, open_session=opened))  # noqa: B023
            assert any(row["value"] for row in rows) or scope.groups[1:] == ()


@pytest.mark.nightly
@pytest.mark.parametrize("metric", CATALOGUE, ids=lambda metric: metric.name)
def test_a_metric_is_the_same_on_both_engines_in_every_breakdown(homes: list[Home], metric: Metric) -> None:
    for scope, by in _ways(homes, metric.by if metric.always_by else ("", *metric.by)):
        rows = _compare(lambda opened: measure(metric, scope, by, open_session=opened))  # noqa: B023
        assert any(row["value"] for row in rows) or scope.groups[1:] == ()


@pytest.mark.parametrize("by", ["inviter", "layer"])
def test_members_in_parts_are_the_same_on_both_engines(homes: list[Home], by: str) -> None:
    for metric in (MEMBERS, JOINS):
        rows = _compare(lambda opened: measure(metric, _everything(homes), by, open_session=opened))  # noqa: B023
        assert len(rows) > 1


FUNNELS = (
    Funnel(("joined", "said"), timedelta(days=7)),
    Funnel(("joined", "said", "order", "refund"), timedelta(days=30)),
    Funnel(("came", "said", "left"), timedelta(days=14)),
    Funnel(("said", "said", "said"), timedelta(days=3)),
    Funnel(("order", "order"), timedelta(days=20)),
    Funnel(("joined", "said", "order"), timedelta(days=10), in_any_order=True),
)


def test_every_funnel_is_the_same_on_both_engines(homes: list[Home]) -> None:
    for asked in FUNNELS:
        _compare(lambda opened: _stages(count_funnel(asked, _everything(homes), "source", open_session=opened)))  # noqa: B023


@pytest.mark.nightly
@pytest.mark.parametrize("asked", FUNNELS, ids=lambda asked: "-".join(asked.steps))
def test_a_funnel_is_the_same_on_both_engines_in_every_breakdown(homes: list[Home], asked: Funnel) -> None:
    for scope, by in _ways(homes, funnel.BY):
        _compare(lambda opened: _stages(count_funnel(asked, scope, by, open_session=opened)))  # noqa: B023


def test_the_people_of_steps_and_of_parts_are_the_same_on_both_engines(homes: list[Home]) -> None:
    scope = _everything(homes)
    for asked in FUNNELS[1:]:
        assert _compare(lambda opened: list_people_of_stage(asked, scope, "", "", 2, open_session=opened))  # noqa: B023
    parts = {(home.id, home.who(name)): f"'{name}" for home in homes for name in NAMES[1:4]}
    came = Retention(every="week")
    found = _compare(
        lambda opened: _stages(count_retention(came, scope, START, PART, in_parts=parts, open_session=opened))
    )
    assert len(found) > 1


def _stages(found: Mapping[str, Sequence[Any]]) -> list[Any]:
    return [(slot, *map(astuple, stages)) for slot, stages in found.items()]


def test_retention_is_the_same_on_both_engines(homes: list[Home]) -> None:
    scope = _everything(homes)
    for every, or_later in product(EVERY, (False, True)):
        asked = Retention("came", "said", every, or_later)
        assert _compare(lambda opened: _stages(count_retention(asked, scope, START, "week", open_session=opened)))  # noqa: B023


@pytest.mark.nightly
@pytest.mark.parametrize(("every", "or_later"), list(product(EVERY, (False, True))))
def test_retention_is_the_same_on_both_engines_in_every_breakdown(
    homes: list[Home], every: str, or_later: bool
) -> None:
    asked = Retention("came", "said", every, or_later)
    for scope, by in _ways(homes, retention.BY):
        found = _compare(lambda opened: _stages(count_retention(asked, scope, START, by, open_session=opened)))  # noqa: B023
        assert found or by
    scope, bought = _everything(homes), Retention("order", "order", every, or_later)
    _compare(lambda opened: _stages(count_retention(bought, scope, START, "source", open_session=opened)))
    for n in (0, 1):
        people = _compare(lambda opened: list_people_of_cell(asked, scope, START, "", "", n, open_session=opened))  # noqa: B023
        assert people


def test_journeys_are_empty_where_there_is_nobody(homes: list[Home]) -> None:
    nowhere = Scope((), START, START + LENGTH)
    for opened in (duck.open, clickhouse.open):
        assert count_retention(Retention(), nowhere, START, open_session=opened) == {}
        assert count_life_cycle(nowhere, START, open_session=opened) == []


def test_the_life_cycle_is_the_same_on_both_engines(homes: list[Home]) -> None:
    scopes = (_everything(homes), _little(homes))
    for every, scope, active in product(EVERY, scopes, (("came", "said"), ("order",))):
        found = _compare(
            lambda opened: list(map(astuple, count_life_cycle(scope, START, every, active, open_session=opened)))  # noqa: B023
        )
        assert found or scope.groups[1:] == ()


def test_paths_are_the_same_on_both_engines(homes: list[Home]) -> None:
    for scope in (_everything(homes), _little(homes)):
        found = _compare(
            lambda opened: astuple(count_paths(scope, START, timedelta(days=9), open_session=opened))  # noqa: B023
        )
        assert found[0] or scope.groups[1:] == ()


class _Given(clickhouse.ClickHouseSession):
    """Answers questions of ``did`` with what was given."""

    deeds: Sequence[Did] = ()

    def hold(self, name: str, sql: str, params: Mapping[str, Any]) -> None:
        """Holds the given rows as ``did``."""
        if name != "did":
            super().hold(name, sql, params)
            return
        rows = [
            (one.home * HOME + one.who, to_us(one.at), one.at.astimezone(ZoneInfo(ZONE)).replace(tzinfo=UTC), one.name)
            for one in self.deeds
            if one.name in params["names"]
        ]
        columns = [("member", pa.int64()), ("at_us", pa.int64()), ("local_at", MOMENT), ("name", pa.string())]
        self._take("did", table_of_rows(rows, pa.schema(columns)))


def _given_to_clickhouse(deeds: Sequence[Did]) -> Open:
    @contextmanager
    def opened(world: World) -> Iterator[_Given]:
        connection = chdb.connect(":memory:")
        session = _Given(connection, world)
        session.deeds = deeds
        yield session
        connection.close()

    return opened


@how(max_examples=10, deadline=None)
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
    deeds: list[Did], steps: list[str], window: int, any_order: bool
) -> None:
    asked = Funnel(tuple(steps), timedelta(hours=window), any_order and len(set(steps)) == len(steps))
    scope = scope_from(START, START + LENGTH)
    ours, theirs = (
        _stages(count_funnel(asked, scope, "week", open_session=opened))
        for opened in (given(deeds), _given_to_clickhouse(deeds))
    )
    assert _is_same(ours, theirs), f"{ours}\n{theirs}"


def test_columns_and_what_is_counted_beforehand_are_the_same_on_both_engines(homes: list[Home]) -> None:
    world = see(_everything(homes), ("messages", "events", "memberships"))
    with duck.open(world) as ours, clickhouse.open(world) as theirs:
        for name in ("rows_of_talk", "rows_of_moves", "rows_of_people"):
            columns = [session.columns(name) for session in (ours, theirs)]
            rows = [sorted(zip(*(c.tolist() for c in one.values()), strict=True)) for one in columns]
            assert rows[0] == rows[1] != []
            assert [(key, c.dtype) for key, c in columns[0].items()] == [
                (key, c.dtype) for key, c in columns[1].items()
            ]
        for name in ("days_of_groups", "moves_of_groups", "hours_of_days", "crowds"):
            counted = [sorted(session.run(name, {}), key=_in_words) for session in (ours, theirs)]
            assert _is_same(*counted), name
            assert counted[0], name


def _in_words(row: Mapping[str, Any]) -> list[str]:
    return [str(value) for value in row.values()]


@pytest.mark.parametrize(
    "text", ["", "it's \\ \n \t \r x", "\\N", "'; DROP TABLE t --", "\\'", "{by: }", "🀄$by", "\\\\"]
)
def test_words_are_read_back_as_typed_whatever_they_hold(text: str) -> None:
    connection = chdb.connect(":memory:")
    found = connection.query(f"SELECT {literal(text)} AS one, {literal([text, 'x'])} AS many", "ArrowTable").to_pylist()
    connection.close()
    assert found == [{"one": text, "many": [text, "x"]}]


def test_a_moment_keeps_its_microseconds_when_it_is_held(homes: list[Home]) -> None:
    until = START + LENGTH + timedelta(microseconds=7)
    with clickhouse.open(see(_little(homes), ("messages",))) as session:
        retention.hold_ends(session, replace(_little(homes), until=until))
        (found,) = session.ask("SELECT epoch_us(until_local) AS us FROM ends", {})
    assert found["us"] % 1_000_000 == 7


def test_a_parameter_is_never_taken_for_another_one() -> None:
    assert fill_in("SELECT {a: }, {b: }", {"a": "{b: }", "b": 1}) == "SELECT '{b: }', 1"


def test_a_lake_in_a_folder_that_would_be_a_pattern_is_said() -> None:
    with pytest.raises(BadUse, match="文件夹"):
        clickhouse.pattern_of(["/home/a{b}/one.parquet"])
    with pytest.raises(FileNotFoundError):
        clickhouse.pattern_of(["/nowhere/one.parquet", "/nowhere/two.parquet"])


def test_the_engine_is_the_one_that_was_chosen(homes: list[Home], settings: Any) -> None:
    world = see(_little(homes), ("messages",))
    with chosen.open(world) as session:
        assert isinstance(session, duck.DuckSession)
    settings.ENGINE = "clickhouse"
    with chosen.open(world) as session:
        assert isinstance(session, clickhouse.ClickHouseSession)
    settings.ENGINE = "oracle"
    with pytest.raises(BadUse, match="oracle"):
        chosen.open(world)


def test_an_engine_that_is_not_installed_is_said(homes: list[Home], settings: Any, monkeypatch: Any) -> None:
    settings.ENGINE = "clickhouse"
    monkeypatch.setitem(sys.modules, "qunying.insights.engines.clickhouse", None)
    monkeypatch.delattr(engines, "clickhouse")
    with pytest.raises(BadUse, match="clickhouse"):
        chosen.open(see(_little(homes), ("messages",)))
