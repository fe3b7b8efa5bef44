"""A rung is gained at once and lost slowly, and nobody flaps between two."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.insights.seeds.ladder import GRACE, KEPT, RUNGS, Rung, Standing, decide, met, rungs_of
from qunying.insights.seeds.signals import Signals
from qunying.kernel.errors import BadUse


def walk(*days: tuple[float, ...], begin: Standing = Standing()) -> list[Standing]:  # noqa: B008 – frozen
    """Where somebody stands on each of these days, one after another."""
    found, standing = [], begin
    for today, parts in enumerate(days, 100):
        standing = decide(standing, parts, today)
        found.append(standing)
    return found


def test_a_rung_is_gained_on_the_day_all_of_it_is_met() -> None:
    assert [one.rung for one in walk((0.99,), (1.0,), (1.2,))] == [0, 1, 1]
    assert walk((1.0,), (1.0,))[-1].since == 100


def test_a_rung_is_lost_after_fourteen_days_below_nine_tenths_and_not_before() -> None:
    course = walk((1.0,), *[(0.89,)] * (GRACE + 1))
    assert [one.rung for one in course[:-1]] == [1] * (GRACE + 1)
    assert course[-2].falls_on == 100 + 1 + GRACE
    assert (course[-1].rung, course[-1].since) == (0, 100 + 1 + GRACE)


def test_one_day_at_nine_tenths_begins_the_grace_anew() -> None:
    course = walk((1.0,), *[(0.5,)] * (GRACE - 1), (KEPT,), *[(0.5,)] * GRACE)
    assert [one.rung for one in course] == [1] * len(course)
    assert course[GRACE].falls_on is None


def test_nine_tenths_keep_a_rung_and_do_not_give_it() -> None:
    assert [one.rung for one in walk(*[(0.95,)] * 40)] == [0] * 40
    assert [one.rung for one in walk((1.0,), *[(KEPT,)] * 40)] == [1] * 41


def test_who_falls_stays_on_the_rung_they_still_hold() -> None:
    course = walk((1.0, 1.0, 1.0), *[(1.0, 0.95, 0.2)] * (GRACE + 1))
    assert (course[-1].rung, course[-1].since) == (2, 100 + 1 + GRACE)
    assert walk((1.0, 1.0), *[(0.2, 0.1)] * (GRACE + 1))[-1] == Standing(0, 100 + 1 + GRACE, {})


def test_somebody_may_skip_rungs_going_up() -> None:
    assert walk((1.0, 1.0, 1.0))[0] == Standing(3, 100, {})


def test_days_on_which_nobody_counted_do_not_shorten_the_grace() -> None:
    standing = decide(Standing(1, 90), (0.1,), 100)
    assert decide(standing, (0.1,), 100 + GRACE - 1).rung == 1
    assert decide(standing, (0.1,), 100 + GRACE).rung == 0


shares = st.floats(0, 2, allow_nan=False)
courses = st.lists(st.tuples(shares, shares, shares), min_size=1, max_size=80)


@given(courses)
def test_nobody_flaps(days: list[tuple[float, float, float]]) -> None:
    """Between gaining a rung and losing it lie at least the days of grace, and whoever rises met all of it that day."""
    before, gained = Standing(), dict[int, int]()
    for today, (parts, now) in enumerate(zip(days, walk(*days), strict=True), 100):
        if now.rung > before.rung:
            assert parts[now.rung - 1] >= 1
            gained.update(dict.fromkeys(range(before.rung + 1, now.rung + 1), today))
        if now.rung < before.rung:
            lost = range(now.rung + 1, before.rung + 1)
            assert all(parts[number - 1] < KEPT for number in lost)
            assert all(today - gained[number] >= GRACE for number in lost)
        assert now.falls_on is None or now.falls_on > today
        assert (now.since == today) == (now.rung != before.rung)
        before = now


@given(courses, st.integers(0, 2))
def test_who_does_more_never_stands_lower(days: list[tuple[float, float, float]], which: int) -> None:
    better = [tuple(part + (place == which) for place, part in enumerate(parts)) for parts in days]
    assert all(low.rung <= high.rung for low, high in zip(walk(*days), walk(*better), strict=True))


@given(st.builds(Signals, *[st.integers(0, 60)] * 7))
def test_the_built_in_rungs_lie_above_each_other_in_what_they_ask_of_days(one: Signals) -> None:
    assert all(met(one, rung) >= 0 for rung in RUNGS)
    needs = [rung.needs["days"] for rung in RUNGS]
    assert needs == sorted(needs)


def test_the_least_of_the_requirements_decides_and_longer_spans_ask_for_more() -> None:
    rung = Rung("core", "核心", {"days": 10, "openings": 2})
    assert met(Signals(days=20, openings=1), rung) == 0.5
    assert met(Signals(days=20, openings=2), rung, times=2) == 0.5


def changed(**parts: Any) -> list[dict[str, Any]]:
    """The built-in rungs as a form gives them, the last one changed."""
    told = [{"code": one.code, "name": one.name, "needs": dict(one.needs)} for one in RUNGS]
    return [*told[:-1], {**told[-1], **parts}]


def test_rungs_are_what_somebody_wrote() -> None:
    assert rungs_of(()) == RUNGS
    found = rungs_of(changed(name="茶博士", needs={"days": 20, "thanked": 0}, may="可以开茶会", ritual="恭喜"))
    assert found[-1] == Rung("leader", "茶博士", {"days": 20}, "可以开茶会", "恭喜")


@pytest.mark.parametrize(
    "parts",
    [
        {"name": ""},
        {"name": "长" * 21},
        {"needs": {}},
        {"needs": {"days": 0}},
        {"needs": {"days": -1}},
        {"needs": {"luck": 3}},
        {"needs": {"days": 10_001}},
        {"needs": {"days": True}},
        {"may": "长" * 501},
        {"code": "king"},
    ],
)
def test_rungs_are_refused_when_nobody_could_stand_on_them(parts: dict[str, Any]) -> None:
    with pytest.raises(BadUse):
        rungs_of(changed(**parts))
