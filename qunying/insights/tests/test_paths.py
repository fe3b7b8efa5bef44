"""What people do first after they came: by hand, and nobody lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from qunying.deeds.actions import NewDeed, do_keep_deeds
from qunying.insights.journeys.paths import LONGEST, Paths, count_paths
from qunying.insights.scope import Scope
from qunying.insights.tests.given import Did, given, scope_from
from qunying.insights.tests.rows import NOON, Home
from qunying.kernel.readings import Verdict
from qunying.people.models import Identity
from qunying.talk.placing import do_place_new

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WEEK = 7 * DAY


def _paths(home: Home, days: int = 30, window: timedelta = WEEK) -> dict[str, int]:
    do_place_new()
    found = count_paths(Scope(home.counted, NOON - DAY, NOON + days * DAY), NOON - 90 * DAY, window)
    return {" ".join(path.steps): path.people for path in found.paths}


def test_first_steps_are_told_in_their_order() -> None:
    home = Home()
    home.join("甲", NOON)
    key = home.say("甲", NOON + MINUTE, "白茶要放多久才好喝", holds=[Verdict.QUESTION])
    home.say("老周", NOON + 3 * MINUTE, "三年", to=key, holds=[])
    home.leave("甲", NOON + 2 * DAY)
    home.join("乙", NOON)
    home.say("乙", NOON + 5 * DAY, "早", holds=[])
    home.join("丙", NOON)
    home.join("丙", NOON + DAY)
    home.say("丙", NOON + 8 * DAY, "晚了", holds=[])
    assert _paths(home) == {"joined said asked opened answered": 1, "joined said": 1, "joined": 1}


def test_orders_and_leaving_are_steps_too() -> None:
    home = Home()
    home.join("甲", NOON)
    home.leave("甲", NOON + DAY)
    bought = NewDeed(home.id, home.who("甲"), "shop", "order", "1", NOON + MINUTE, 100, "CNY", 1)
    do_keep_deeds([bought])
    assert _paths(home) == {"joined order left": 1}


def test_only_whoever_came_for_the_first_time_and_long_enough_ago_counts() -> None:
    home = Home()
    home.join("旧人", NOON - 20 * DAY)
    home.join("旧人", NOON)
    home.join("新人", NOON + 25 * DAY)
    home.say("没看见进群", NOON)
    do_place_new()
    found = count_paths(Scope(home.counted, NOON - DAY, NOON + 30 * DAY), NOON - 90 * DAY, WEEK)
    assert found == Paths((), 1)


def test_questions_of_the_time_before_are_not_theirs_and_answers_by_themselves_are_none() -> None:
    home = Home()
    home.say("甲", NOON - 30 * DAY, "老问题怎么办呢", holds=[Verdict.QUESTION])
    home.join("甲", NOON)
    key = home.say("甲", NOON + MINUTE, "新问题怎么办呢", holds=[Verdict.QUESTION])
    home.say("甲", NOON + 2 * MINUTE, "自己找到了", to=key, holds=[])
    assert _paths(home) == {"joined said asked": 1}


def test_two_accounts_of_one_person_walk_one_path() -> None:
    home = Home()
    home.join("甲", NOON)
    home.join("甲小号", NOON + MINUTE)
    home.say("甲小号", NOON + 2 * MINUTE, "这个怎么买呀", holds=[Verdict.QUESTION])
    Identity.objects.filter(pk=home.who("甲小号")).update(person_id=home.who("甲"))
    assert _paths(home) == {"joined said asked": 1}


@settings(max_examples=40, deadline=None)
@for_all(
    st.lists(
        st.builds(
            Did,
            who=st.integers(1, 6),
            name=st.sampled_from(("joined", "said", "order", "left")),
            at=st.integers(0, 40).map(lambda n: NOON + n * DAY / 2),
        ),
        max_size=30,
    ),
    st.integers(1, 10),
)
def test_everybody_walks_one_path_and_nobody_is_lost(deeds: list[Did], days: int) -> None:
    scope, window = scope_from(NOON, NOON + 20 * DAY), days * DAY
    found = count_paths(scope, NOON, window, open_session=given(deeds))
    came = {
        who: min(one.at for one in deeds if (one.who, one.name) == (who, "joined"))
        for who in {one.who for one in deeds if one.name == "joined"}
    }
    over = {who: at for who, at in came.items() if at + window <= scope.until}
    assert found.people == len(over)
    assert found.unfinished == len(came) - len(over)
    for step in ("said", "order", "left"):
        did = {
            one.who
            for one in deeds
            if one.name == step and one.who in over and 0 * DAY <= one.at - over[one.who] <= window
        }
        assert sum(path.people for path in found.paths if step in path.steps) == len(did)
    assert all(path.steps[0] == "joined" and len(set(path.steps)) == len(path.steps) <= LONGEST for path in found.paths)
    assert list(found.paths) == sorted(found.paths, key=lambda path: -path.people)
