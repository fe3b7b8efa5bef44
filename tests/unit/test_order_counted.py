"""How well order is kept, counted of what really went through the house: proposed, let go, delivered, appealed, lifted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from qunying.communities.queries import list_counted_groups
from qunying.desk.models import Case
from qunying.insights.measure import get_metric, measure
from qunying.insights.scope import Scope
from qunying.kernel import clock
from qunying.pipeline.review.appeals import do_answer_appeal
from qunying.pipeline.review.deciding import do_approve_case
from tests import cast
from tests.reviewed import AD, MUTES, OTHER_ADS, advertised, appealed, asks_first, colleague

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def tea() -> Iterator[cast.Tea]:
    with cast.clock_stands(cast.TUESDAY):
        yield cast.build_tea()


def count(tea: cast.Tea, name: str, until: datetime = cast.TUESDAY + DAY) -> dict[str, Any]:
    groups = tuple(list_counted_groups(community_ids=[tea.community_id]))
    (row,) = measure(get_metric(name), Scope(groups, until - 2 * DAY, until))
    return row


def muted(tea: cast.Tea, by: int) -> Case:
    """A colleague lets a proposal go five minutes after the message, and it is delivered."""
    asks_first(tea, MUTES)
    case = advertised(tea)
    with cast.later(timedelta(minutes=5)) as now:
        do_approve_case(case.pk, user_id=by, at=now)
        cast.told(now)
    return case


def test_a_yes_is_precise_and_slow_as_a_person_until_an_appeal_is_upheld(tea: cast.Tea) -> None:
    li, xu = colleague("li"), colleague("xu")
    muted(tea, li)
    assert count(tea, "precision") == {"value": 1.0, "approved": 1, "softened": 0, "dismissed": 0}
    took = count(tea, "time_to_decided_act")
    assert took["acts"] == 1
    assert 300 <= took["value"] < 330
    appeal = appealed(tea)
    assert count(tea, "appeals_upheld") == {"value": None, "lifted": 0, "upheld": 0, "waiting": 1}
    with cast.later(timedelta(hours=2)) as now:
        do_answer_appeal(appeal.pk, lifts=True, words="看过了，撤销了", user_id=xu, at=now)
        cast.told(now)
    assert count(tea, "appeals_upheld") == {"value": 1.0, "lifted": 1, "upheld": 0, "waiting": 0}
    assert count(tea, "precision") == {"value": 0.0, "approved": 0, "softened": 0, "dismissed": 1}
    assert count(tea, "time_to_decided_act")["acts"] == 0


def test_a_warning_did_not_help_when_the_same_rule_was_broken_within_thirty_days(tea: cast.Tea) -> None:
    _say(tea, "an", AD, "m1", cast.TUESDAY)
    _say(tea, "bo", OTHER_ADS[0], "m2", cast.TUESDAY)
    _say(tea, "an", OTHER_ADS[1], "m3", cast.TUESDAY + 3 * DAY)
    over = cast.TUESDAY + 31 * DAY
    assert count(tea, "repeats_after_warning", over) == {"value": 0.5, "again": 1, "warned": 2}
    assert count(tea, "repeats_after_warning")["value"] is None
    alone = count(tea, "time_to_act")
    assert alone["acts"] == 2
    assert alone["value"] < 60


def _say(tea: cast.Tea, who: str, text: str, ref: str, at: datetime) -> None:
    with cast.clock_stands(at):
        cast.arrive([cast.message(ref, who, text)], at=at)
        cast.told(clock.now())
        cast.passed(at, at + timedelta(seconds=10))
