"""Clocks that are wrong, and news that comes late: nothing is lost, nobody waits for ever, nobody is told twice."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils.dateparse import parse_datetime

from qunying.outbox.models import OutboxItem
from qunying.talk.models import Message
from tests import cast

NOON = cast.TUESDAY
MINUTE = timedelta(minutes=1)


def welcomes() -> list[str]:
    return [item.payload["text"] for item in OutboxItem.objects.order_by("id")]


def test_newcomers_are_welcomed_together_when_all_of_them_are_learnt_of_late(tea: cast.Tea) -> None:
    for number, ref in enumerate(["chen", "fang", "man"]):
        cast.arrive([cast.join(f"j{number}", ref)], at=NOON - timedelta(minutes=20 - 4 * number))
    cast.passed(NOON, NOON + 5 * MINUTE)
    [words] = welcomes()
    assert "陈晨、方方、小满" in words


def test_both_are_welcomed_when_the_second_of_one_second_is_learnt_of_later(tea: cast.Tea) -> None:
    cast.arrive([cast.join("j1", "chen")])
    cast.passed(NOON, NOON + 5 * MINUTE)
    with cast.clock_stands(NOON + 5 * MINUTE):
        cast.arrive([cast.join("j2", "fang")], at=NOON)
    cast.passed(NOON + 5 * MINUTE, NOON + 10 * MINUTE)
    assert ["陈晨" in words for words in welcomes()] == [True, False]
    assert ["方方" in words for words in welcomes()] == [False, True]


def test_everybody_is_welcomed_when_nobody_is_waited_for(db: None) -> None:
    with cast.clock_stands(NOON):
        cast.build_tea(settings={"wait_minutes": 0})
        cast.arrive([cast.join("j1", "chen"), cast.join("j2", "fang")])
        cast.passed(NOON, NOON + MINUTE)
    assert all(name in "".join(welcomes()) for name in ("陈晨", "方方"))


def test_the_next_are_welcomed_when_one_is_said_to_have_come_in_the_far_future(tea: cast.Tea) -> None:
    cast.arrive([cast.join("j1", "chen")], at=NOON.replace(year=2099))
    cast.told(NOON)
    with cast.clock_stands(NOON + MINUTE):
        cast.arrive([cast.join("j2", "fang")])
    cast.passed(NOON + MINUTE, NOON + 10 * MINUTE)
    [words] = welcomes()
    assert "陈晨、方方" in words


@pytest.mark.parametrize("said", ["2099-01-01T00:00+00:00", "2024-03-05T14:00:01+08:00"])
def test_nothing_is_kept_as_later_than_it_was_learnt_of(tea: cast.Tea, said: str) -> None:
    moment = parse_datetime(said)
    assert isinstance(moment, datetime)
    cast.arrive([cast.message("m1", "an", "早")], at=moment)
    cast.told(NOON)
    assert Message.objects.get().at == NOON
