"""When a rule is said and to whom it is told: pure, moment by moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.capabilities.rules.knowing import ASKED, FAILED, NOTED, TOLD, WAITING, Memory, Reach, Spoken, meaning_of
from qunying.capabilities.rules.plan import Due, due_at, next_at, next_saying
from qunying.capabilities.rules.remember import after_doing, with_reached
from qunying.capabilities.rules.tests.worlds import ZONE, at, group, memory, rule
from qunying.kernel.scene import GroupScene, Mode

ONE, TWO = rule(1), rule(2)
DATED = rule(3, ends_at=at(11, 0), deadline="填表截止")  # the tenth is the last day


def played(place: GroupScene, known: Memory, until: datetime) -> list[tuple[datetime, int, tuple[int, ...]]]:
    """What is done by itself until then: when, how many rules are said, who is told in private."""
    now, done = at(1), []
    for _ in range(200):
        due = due_at(place, known, now)
        known = after_doing(known, place, due, now)
        if due.said or due.told:
            done.append((now.astimezone(ZONE), len(due.said), tuple(member for member, _ in due.told)))
        moment = next_at(place, known, now + timedelta(minutes=10))
        if moment is None or moment > until:
            return done
        now = moment
    raise AssertionError("the plan does not come to rest")


def test_a_rule_is_said_then_told_in_private_when_nobody_answers() -> None:
    assert played(group(ONE), memory(1, 2), at(28)) == [(at(1, 13), 1, ()), (at(2, 13), 0, (1, 2))]


def test_a_deadline_brings_two_more_sayings_and_private_words_before_it_is_over() -> None:
    assert played(group(DATED), memory(7), at(28)) == [
        (at(1, 13), 1, ()),
        (at(7, 10), 1, ()),
        (at(9, 10), 1, ()),
        (at(9, 17), 0, (7,)),
    ]


def test_nothing_is_said_when_everybody_has_seen_it() -> None:
    known = with_reached(memory(1), meaning_of(DATED), 1, Reach(TOLD, at(1)))
    assert played(group(DATED), known, at(28)) == []


def test_a_group_hears_of_rules_once_a_day_when_there_are_several() -> None:
    later = rule(2, since=at(1, 14))
    done = played(group(ONE, later, private_at_most=0), memory(1), at(28))
    assert done == [(at(1, 13), 1, ()), (at(2, 10), 1, ())]


def test_several_rules_are_said_in_one_message_and_told_in_one_when_they_are_due_together() -> None:
    assert played(group(ONE, TWO), memory(1), at(28)) == [(at(1, 13), 2, ()), (at(2, 13), 0, (1,))]


def test_a_group_is_not_told_again_when_somebody_said_it_there() -> None:
    heard = Spoken(first_heard_at=at(1, 12, 30), heard_at=at(1, 12, 30), source_key="m")
    known = replace(memory(1), spoken={(1, meaning_of(ONE)): heard})
    assert next_saying(group(ONE), known, ONE) is None


def test_a_reminder_is_left_out_when_somebody_said_it_the_evening_before() -> None:
    heard = Spoken(first_heard_at=at(6, 23), heard_at=at(6, 23), source_key="m")
    known = replace(memory(1), spoken={(1, meaning_of(DATED)): heard})
    assert next_saying(group(DATED), known, DATED) == at(9, 10)


@pytest.mark.parametrize(
    ("state", "mode", "again"),
    [
        (WAITING, Mode.ACT, None),
        (ASKED, Mode.SUGGEST, None),
        (NOTED, Mode.OBSERVE, None),
        (NOTED, Mode.ACT, at(2, 10)),
        (FAILED, Mode.ACT, at(2, 10)),
    ],
)
def test_it_is_said_the_next_day_when_it_was_never_really_said(state: str, mode: Mode, again: datetime | None) -> None:
    known = replace(memory(1), spoken={(1, meaning_of(ONE)): Spoken(asked_at=at(1, 13), act_key="k", state=state)})
    assert next_saying(group(ONE, mode=mode), known, ONE) == again


def test_only_their_first_group_reminds_somebody_who_sits_in_two() -> None:
    known = replace(memory(5, number=2), seats={5: frozenset({1, 2})})
    assert played(group(ONE, number=2), known, at(28)) == [(at(1, 13), 1, ())]


def test_a_newcomer_has_a_day_to_read_when_it_was_said_before_they_came() -> None:
    heard = Spoken(first_heard_at=at(1, 13), heard_at=at(1, 13), source_key="m")
    known = Memory(members={1: {9: at(5, 15)}}, spoken={(1, meaning_of(ONE)): heard})
    assert next_at(group(ONE), known, at(5, 15)) == at(6, 15)


def test_nobody_is_told_in_private_when_that_is_turned_off() -> None:
    assert played(group(ONE, private_at_most=0), memory(1), at(28)) == [(at(1, 13), 1, ())]


moments = st.integers(0, 60 * 24 * 20).map(lambda minutes: at(1) + timedelta(minutes=minutes))
rules = st.builds(
    lambda number, since, ends: rule(number, since=since, ends_at=ends),
    st.integers(1, 4),
    moments,
    st.one_of(st.none(), st.integers(2, 25).map(lambda day: at(day, 0))),
)


@given(
    st.lists(rules, max_size=4, unique_by=lambda one: one.id), st.integers(0, 5), st.integers(0, 3), st.integers(1, 5)
)
def test_nobody_is_pestered_however_many_rules_there_are(
    some: list[object], people: int, most: int, every: int
) -> None:
    place = group(*some, private_at_most=most, private_every_days=every)  # type: ignore[arg-type]
    done = played(place, memory(*range(people)), at(28))
    said = [moment.date() for moment, count, _ in done if count]
    assert len(said) == len(set(said))
    assert not any(place.quiet.covers(moment) for moment, _, _ in done)
    for member in range(people):
        told = [moment for moment, _, members in done if member in members]
        assert len(told) <= most
        assert all(later - earlier >= timedelta(days=every) for earlier, later in pairwise(told))


def test_a_rule_that_is_over_is_told_to_nobody_when_we_come_late() -> None:
    said = due_at(group(DATED), memory(1, 2), at(10, 12))
    assert said.said or said.told
    assert due_at(group(DATED), memory(1, 2), at(12, 12)) == Due()
    known = after_doing(memory(1, 2), group(DATED), Due(said=(DATED,)), at(9, 12))
    assert due_at(group(DATED), known, at(10, 18)).told
    assert due_at(group(DATED), known, at(12, 12)) == Due()
    assert next_at(group(DATED), known, at(12, 12)) is None
