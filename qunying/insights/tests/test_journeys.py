"""Funnels, retention and life cycle against cases counted by hand before the code, and against slow plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from qunying.insights.journeys import walking
from qunying.insights.journeys.funnel import Funnel, count_funnel, list_people_of_stage
from qunying.insights.journeys.life_cycle import count_life_cycle
from qunying.insights.journeys.retention import PART, Cell, Retention, count_retention, list_people_of_cell
from qunying.insights.journeys.steps import check_steps, read_steps, read_window
from qunying.insights.lake import flush
from qunying.insights.scope import Scope
from qunying.insights.tests.given import ZONE, Did, given, scope_from
from qunying.insights.tests.rows import NOON, Home, hours
from qunying.kernel.errors import BadUse

pytestmark = pytest.mark.django_db
MONDAY = datetime(2024, 3, 4, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FOUR_WEEKS = scope_from(MONDAY, MONDAY + 28 * DAY)
SHOP = ("view", "cart", "order")


def at(day: float) -> datetime:
    """So many days after that Monday's midnight in Shanghai."""
    return MONDAY + day * DAY


def people(
    funnel: Funnel, deeds: Sequence[Did], by: str = "", ways: dict[int, str] | None = None
) -> dict[str, list[int]]:
    """How many came how far, counted here and in SQL."""
    found, in_sql = (
        count_funnel(funnel, FOUR_WEEKS, by, open_session=given(deeds, ways, is_near=is_near))
        for is_near in (True, False)
    )
    assert found == in_sql
    return {slot: [stage.people for stage in stages] for slot, stages in found.items()}


# -- by hand: two windows, counted on paper

CASES = (
    Did(1, "view", at(0)),  # straight through within a day
    Did(1, "cart", at(0.2)),
    Did(1, "order", at(0.9)),
    Did(2, "view", at(0)),  # orders exactly one day after the view: still inside
    Did(2, "cart", at(0.5)),
    Did(2, "order", at(1)),
    Did(3, "view", at(0)),  # three days: inside the week only
    Did(3, "cart", at(2)),
    Did(3, "order", at(3)),
    Did(4, "view", at(0)),  # the cart comes late, but after a second view
    Did(4, "view", at(5)),
    Did(4, "cart", at(5.5)),
    Did(5, "cart", at(0)),  # cart before view: not in order
    Did(5, "view", at(0.5)),
    Did(6, "order", at(1)),  # never viewed
    Did(7, "view", at(2)),  # view and cart in the same moment
    Did(7, "cart", at(2)),
    Did(8, "view", at(0)),  # order before cart
    Did(8, "order", at(0.1)),
    Did(8, "cart", at(0.2)),
)


@pytest.mark.parametrize(
    ("window", "expected"), [("1d", [7, 5, 2]), ("7d", [7, 6, 3]), ("1h", [7, 1, 0])], ids=lambda value: str(value)
)
def test_a_funnel_counts_as_on_paper_when_steps_must_come_in_order(window: str, expected: list[int]) -> None:
    assert people(Funnel(SHOP, read_window(window)), CASES) == {"": expected}


@pytest.mark.parametrize(("window", "expected"), [("1d", [7, 6, 3]), ("7d", [7, 7, 4])], ids=lambda value: str(value))
def test_a_funnel_counts_as_on_paper_when_any_order_will_do(window: str, expected: list[int]) -> None:
    assert people(Funnel(SHOP, read_window(window), in_any_order=True), CASES) == {"": expected}


def test_time_to_convert_is_of_the_quickest_way() -> None:
    stages = count_funnel(Funnel(SHOP, read_window("7d")), FOUR_WEEKS, open_session=given(CASES))[""]
    assert (stages[0].median_s, stages[0].of_previous) == (None, None)
    assert stages[1].median_s == pytest.approx(0.35 * 86_400)  # 0, .2, .2, .5, .5, 2 days
    assert (stages[2].median_s, stages[2].of_first) == (86_400, 3 / 7)


def test_the_same_step_again_must_be_later() -> None:
    twice = [Did(1, "order", at(0)), Did(1, "order", at(0)), Did(2, "order", at(0)), Did(2, "order", at(1))]
    assert people(Funnel(("order", "order"), read_window("7d")), twice) == {"": [2, 1]}
    with pytest.raises(BadUse, match="两遍"):
        people(Funnel(("order", "order"), read_window("7d"), in_any_order=True), twice)


def test_people_stand_where_they_first_did_the_first_step_when_broken_down() -> None:
    deeds = [Did(1, "view", at(0)), Did(1, "view", at(8)), Did(1, "cart", at(8.1)), Did(2, "view", at(8))]
    funnel = Funnel(("view", "cart"), read_window("1d"))
    assert people(funnel, deeds, "week") == {"2024-03-04": [1, 1], "2024-03-11": [1, 0]}
    assert people(funnel, deeds, "source", {1: "qr", 2: ""}) == {"": [1, 0], "qr": [1, 1]}
    assert people(funnel, [], "week") == {}
    assert people(funnel, []) == {"": [0, 0]}
    with pytest.raises(BadUse, match="漏斗不能按"):
        people(funnel, [], "hour")


def test_people_whose_coming_nobody_saw_stand_under_no_way_when_broken_down_by_source() -> None:
    deeds = [Did(1, "joined", at(0)), Did(1, "said", at(1.5)), Did(2, "said", at(0)), Did(2, "said", at(1.5))]
    assert people(Funnel(("came", "said"), 7 * DAY), deeds, "source", {1: "qr"}) == {"": [1, 1], "qr": [1, 1]}
    found = count_retention(Retention(), FOUR_WEEKS, MONDAY, "source", open_session=given(deeds, {1: "qr"}))
    assert {slot: some[1] for slot, some in found.items()} == {"": Cell(1, 1, 1), "qr": Cell(1, 1, 1)}


def test_somebody_in_two_communities_counts_in_each() -> None:
    scope = scope_from(MONDAY, MONDAY + 28 * DAY, 1, 2)
    deeds = [Did(1, "view", at(0)), Did(1, "cart", at(0.1), home=2), Did(1, "view", at(0), home=2)]
    found = count_funnel(Funnel(("view", "cart"), DAY), scope, "community", open_session=given(deeds))
    assert {slot: [stage.people for stage in stages] for slot, stages in found.items()} == {"1": [1, 0], "2": [1, 1]}


RETURNS = (
    Did(1, "joined", at(0.5)),  # Monday; back on Tuesday and the Monday after
    Did(1, "said", at(1.5)),
    Did(1, "said", at(7.5)),
    Did(2, "said", at(0.9)),  # the first word is the coming; back the same day only
    Did(2, "said", at(0.95)),
    Did(3, "joined", at(2)),  # never a word
    Did(4, "joined", at(27.5)),  # on the last day: nothing is over yet
    Did(4, "said", at(27.6)),
    Did(5, "said", at(-3)),  # was there before the span: not new
    Did(5, "said", at(1)),
)


def cells(asked: Retention, by: str = "", deeds: Sequence[Did] = RETURNS) -> dict[str, list[Cell]]:
    return count_retention(asked, FOUR_WEEKS, MONDAY - 30 * DAY, by, open_session=given(deeds))


def test_retention_counts_as_on_paper() -> None:
    days = cells(Retention())[""]
    assert [(cell.n, cell.size, cell.returned) for cell in days[:3]] == [(0, 4, 4), (1, 3, 1), (2, 3, 0)]
    assert (days[7], days[-1].n) == (Cell(7, 3, 1), 27)
    later = cells(Retention(or_later=True))[""]
    assert [cell.returned for cell in later[:9]] == [4, 1, 1, 1, 1, 1, 1, 1, 0]
    weeks = cells(Retention(every="week"), "week")
    assert weeks["2024-03-04"] == [Cell(0, 3, 3), Cell(1, 3, 1), Cell(2, 3, 0), Cell(3, 3, 0)]
    assert weeks["2024-03-25"] == [Cell(0, 1, 1)]


@pytest.mark.parametrize("in_any_order", [False, True])
def test_the_people_of_a_step_are_those_it_counts(in_any_order: bool) -> None:
    funnel = Funnel(SHOP, read_window("1d"), in_any_order)
    stages = count_funnel(funnel, FOUR_WEEKS, open_session=given(CASES))[""]
    for stage, before in zip(stages, [stages[0], *stages], strict=False):
        people = list_people_of_stage(funnel, FOUR_WEEKS, "", "", stage.n, open_session=given(CASES))
        assert (sum(is_there for _, is_there in people), len(people)) == (stage.people, before.people)
    if not in_any_order:
        second = list_people_of_stage(funnel, FOUR_WEEKS, "", "", 2, open_session=given(CASES))
        assert second == [(1, True), (2, True), (3, False), (4, True), (8, True), (5, False), (7, True)]


def test_the_people_of_a_step_are_those_of_their_part_when_broken_down() -> None:
    deeds, funnel = (
        [Did(1, "view", at(0)), Did(1, "cart", at(0.1)), Did(2, "view", at(8))],
        Funnel(("view", "cart"), DAY),
    )
    found = [
        list_people_of_stage(funnel, FOUR_WEEKS, "week", slot, 2, open_session=given(deeds))
        for slot in ("2024-03-04", "2024-03-11", "2024-03-18")
    ]
    assert found == [[(1, True)], [(2, False)], []]
    by_way = list_people_of_stage(funnel, FOUR_WEEKS, "source", "qr", 1, open_session=given(deeds, {2: "qr"}))
    assert by_way == [(2, True)]


def test_people_stand_in_the_parts_they_are_put_in_when_retention_is_of_segments(lake: Path) -> None:
    home = Home()
    for name, back in (("老周", 1), ("阿茗", 9), ("简一", 1)):
        home.join(name, NOON)
        home.say(name, NOON + back * DAY)
    scope = Scope(home.counted, NOON - DAY, NOON + 12 * DAY)
    parts = {(home.id, home.who("老周")): "熟客", (home.id, home.who("阿茗")): "熟客"}
    flush(NOON, lake)
    found = count_retention(Retention(), scope, NOON - DAY, PART, in_parts=parts)
    assert {slot: some[1] for slot, some in found.items()} == {"": Cell(1, 1, 1), "熟客": Cell(1, 2, 1)}
    people = list_people_of_cell(Retention(), scope, NOON - DAY, PART, "熟客", 1, in_parts=parts)
    assert people == [(home.who("老周"), True), (home.who("阿茗"), False)]
    assert count_retention(Retention(), scope, NOON - DAY, PART)[""][1] == Cell(1, 3, 2)


def test_the_people_behind_a_cell_are_those_it_counts() -> None:
    asked, begin = Retention(every="week"), MONDAY - 30 * DAY
    found = list_people_of_cell(asked, FOUR_WEEKS, begin, "week", "2024-03-04", 1, open_session=given(RETURNS))
    assert found == [(1, True), (2, False), (3, False)]
    everybody = list_people_of_cell(asked, FOUR_WEEKS, begin, "", "", 0, open_session=given(RETURNS))
    assert everybody == [(1, True), (2, True), (3, True), (4, True)]


def test_life_cycle_counts_as_on_paper() -> None:
    weeks = count_life_cycle(FOUR_WEEKS, MONDAY - 30 * DAY, open_session=given(RETURNS))
    told = [(w.first_day, w.there, w.new, w.returning, w.resurrected, w.dormant) for w in weeks]
    assert told == [
        ("2024-03-04", 4, 3, 1, 0, 0),
        ("2024-03-11", 1, 0, 1, 0, 3),
        ("2024-03-18", 0, 0, 0, 0, 1),
        ("2024-03-25", 1, 1, 0, 0, 0),
    ]


# -- against slow plain Python

DEEDS = st.lists(
    st.builds(
        Did,
        who=st.integers(1, 3),
        name=st.sampled_from(("view", "cart", "order", "joined", "said")),
        at=st.integers(-40, 27 * 8).map(lambda n: MONDAY + n * 3 * HOUR),
    ),
    max_size=24,
)
STEPS = st.lists(st.sampled_from(SHOP), min_size=2, max_size=3)
FEW = settings(max_examples=30, deadline=None)


def _mine(deeds: Iterable[Did], who: int) -> list[Did]:
    return sorted({one for one in deeds if one.who == who}, key=lambda one: one.at)


def _depth(steps: Sequence[str], window: timedelta, mine: Sequence[Did], *, any_order: bool) -> int:
    """How far one person came: every choice of doings is tried."""
    for count in range(len(steps), 0, -1):
        for chain in product(*([one.at for one in mine if one.name == step] for step in steps[:count])):
            is_short = max(chain) - min(chain) <= window
            in_order = all(
                before < after if steps[n] == steps[n + 1] else before <= after
                for n, (before, after) in enumerate(pairwise(chain))
            )
            if is_short and (any_order or in_order):
                return count
    return 0


@FEW
@for_all(DEEDS, STEPS, st.sampled_from([3, 24, 24 * 7]), st.booleans())
def test_a_funnel_is_what_trying_every_way_finds(
    deeds: list[Did], steps: list[str], window: int, any_order: bool
) -> None:
    if any_order and len(set(steps)) < len(steps):
        return
    funnel = Funnel(tuple(steps), window * HOUR, any_order)
    depths = [_depth(steps, window * HOUR, _mine(deeds, who), any_order=any_order) for who in (1, 2, 3)]
    expected = [sum(depth >= n for depth in depths) for n in range(1, len(steps) + 1)]
    found = people(funnel, deeds)[""]
    assert found == expected
    assert found == sorted(found, reverse=True)
    parts = people(funnel, deeds, "week").values()
    assert [sum(part[n] for part in parts) for n in range(len(steps))] == found


@FEW
@for_all(
    st.lists(
        st.builds(
            Did,
            who=st.integers(1, 9),
            name=st.sampled_from(SHOP),
            at=st.integers(0, 12).map(lambda n: MONDAY + n * 3 * HOUR),
            home=st.integers(1, 3),
        ),
        max_size=40,
    ),
    STEPS,
    st.sampled_from([38, 39, 40, 42, 62]),  # a moment takes 37 of them at most
    st.booleans(),
)
def test_a_funnel_is_the_same_when_members_are_taken_in_blocks(
    deeds: list[Did], steps: list[str], bits: int, any_order: bool
) -> None:
    funnel = Funnel(tuple(steps), 7 * HOUR, any_order and len(set(steps)) == len(steps))
    scope = scope_from(MONDAY, MONDAY + 28 * DAY, 1, 2, 3)
    in_sql = count_funnel(funnel, scope, "community", open_session=given(deeds, is_near=False))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walking, "KEY_BITS", bits)
        assert count_funnel(funnel, scope, "community", open_session=given(deeds)) == in_sql


def _period(moment: datetime, every: str, zone: str) -> int:
    day = moment.astimezone(ZoneInfo(zone)).date()
    if every == "month":
        return day.year * 12 + day.month
    return day.toordinal() if every == "day" else (day.toordinal() - 1) // 7


ZONES = st.sampled_from((ZONE, "America/New_York", "Europe/Berlin"))  # clocks change there on 10 and on 31 March


@FEW
@for_all(DEEDS, st.sampled_from(("day", "week", "month")), st.booleans(), ZONES, st.sampled_from(("week", "source")))
def test_retention_is_what_going_through_everybody_finds(
    deeds: list[Did], every: str, or_later: bool, zone: str, by: str
) -> None:
    asked, scope = Retention(every=every, or_later=or_later), scope_from(MONDAY, MONDAY + 28 * DAY, zone=zone)
    opened = given(deeds, {1: "qr", 2: "invite"}, zone=zone)
    whole = count_retention(asked, scope, MONDAY - 30 * DAY, open_session=opened).get("", [])
    found = {cell.n: (cell.size, cell.returned) for cell in whole}
    end = _period(scope.until, every, zone)
    expected: dict[int, list[int]] = {}
    for who in (1, 2, 3):
        came = [one.at for one in _mine(deeds, who) if one.name in {"joined", "said"}]
        if not came or came[0] < MONDAY:
            continue
        first = _period(came[0], every, zone)
        said = [one.at for one in _mine(deeds, who) if one.name == "said" and one.at > came[0]]
        back = {_period(moment, every, zone) - first for moment in said}
        for n in range(max(1, end - first)):
            size, returned = expected.setdefault(n, [0, 0])
            is_back = n == 0 or (any(k >= n for k in back) if or_later else n in back)
            expected[n] = [size + 1, returned + is_back]
    assert found == {n: tuple(both) for n, both in expected.items()}
    parts = count_retention(asked, scope, MONDAY - 30 * DAY, by, open_session=opened).values()
    cells_of = [[cell for part in parts for cell in part if cell.n == n] for n in found]
    assert [(sum(c.size for c in some), sum(c.returned for c in some)) for some in cells_of] == list(found.values())
    if found:
        assert found[0][0] == found[0][1]


@FEW
@for_all(DEEDS, st.sampled_from(("day", "week")), ZONES)
def test_life_cycle_adds_up_from_period_to_period(deeds: list[Did], every: str, zone: str) -> None:
    scope = scope_from(MONDAY, MONDAY + 28 * DAY, zone=zone)
    found = count_life_cycle(scope, MONDAY - 30 * DAY, every, open_session=given(deeds, zone=zone))
    for one in found:
        assert one.there == one.new + one.returning + one.resurrected
    days = [one.first_day for one in found]
    for before, after in pairwise(found):
        if _next(before.first_day, every) == after.first_day:
            assert after.there == before.there - after.dormant + after.new + after.resurrected
    first_day = MONDAY.astimezone(ZoneInfo(zone)).date().isoformat()
    local = [
        (one.who, one.at.astimezone(ZoneInfo(zone)).date().isoformat())
        for one in deeds
        if one.name in {"joined", "said"}
    ]
    heard = {(who, day) for who, day in local if day >= first_day}
    if every == "day":
        assert {day: sum(day == other for _, other in heard) for _, day in heard} == {
            one.first_day: one.there for one in found if one.there
        }
    assert days == sorted(set(days))


def _next(day: str, every: str) -> str:
    length = DAY if every == "day" else 7 * DAY
    return (datetime.fromisoformat(day) + length).date().isoformat()


# -- in the whole house: from messages and moves, wherever they lie


@pytest.mark.parametrize("where", ["database", "lake"])
def test_talk_and_moves_are_seen_without_staff_when_a_journey_is_asked_for(where: str, lake: Path) -> None:
    home = Home(staff=("林晚",))
    home.join("老周", NOON, via="qr")
    home.say("老周", NOON + hours(2))
    home.say("老周", NOON + hours(50))
    home.join("阿茗", NOON + hours(1))
    home.join("林晚", NOON)
    home.say("林晚", NOON + hours(1))
    if where == "lake":
        flush(NOON + 9 * DAY, lake)
    scope = Scope(home.counted, NOON - DAY, NOON + 7 * DAY)
    stages = count_funnel(Funnel(("joined", "said"), DAY), scope, "source")
    assert {slot: [stage.people for stage in some] for slot, some in stages.items()} == {"": [1, 0], "qr": [1, 1]}
    days = count_retention(Retention(), scope, scope.since)[""]
    assert [(cell.size, cell.returned) for cell in days[:4]] == [(2, 2), (2, 0), (2, 1), (2, 0)]
    (week, *_rest) = count_life_cycle(scope, scope.since)
    assert (week.there, week.new) == (2, 2)


@pytest.mark.parametrize(("text", "steps"), [("joined,said", ("joined", "said")), (" View → cart， order ", SHOP)])
def test_steps_are_read_as_typed(text: str, steps: tuple[str, ...]) -> None:
    assert read_steps(text) == steps


@pytest.mark.parametrize("text", ["", "joined", "joined,,said", ",".join("a" * 11)])
def test_steps_that_are_none_are_said(text: str) -> None:
    with pytest.raises(BadUse):
        read_steps(text)


@pytest.mark.parametrize(
    ("text", "window"), [("7d", 7 * DAY), ("36 h", 36 * HOUR), ("2周", 14 * DAY), ("1m", HOUR / 60)]
)
def test_a_window_is_read_as_typed(text: str, window: timedelta) -> None:
    assert read_window(text) == window


@pytest.mark.parametrize("text", ["", "7", "0d", "-1d", "7 fortnights"])
def test_a_window_that_is_none_is_said(text: str) -> None:
    with pytest.raises(BadUse):
        read_window(text)


def test_a_step_nobody_ever_did_is_said_with_those_there_are() -> None:
    check_steps(["joined", "visit"], {"visit"})
    with pytest.raises(BadUse, match="visit"):
        check_steps(["vissit"], {"visit"})
