"""What somebody did for a community, on cases written by hand; and that noise cannot win, goes_together the noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunying.insights.seeds.noting import count_noted
from qunying.insights.seeds.scoring import PARTS, Platform, Weights, notes_part, parts_of, platform_part, score_of
from qunying.insights.seeds.signals import MESSAGES_A_DAY, Line, Signals, signals_of
from qunying.kernel.errors import BadUse

AN, BO, CHEN, DAN, STAFF = 1, 2, 3, 4, 9
ASKS, THANKS, ALL, SAME, BAD = "?", "t", "T", "+", "x"


def play(*said: tuple[int, int, str]) -> list[Line]:
    """One conversation: (who, which earlier line they answer or 0, marks). Lines are numbered from 1; day 1."""
    return [
        Line(
            id=n,
            thread=1,
            who=who,
            day=1,
            answers=to or None,
            asks=ASKS in marks,
            thanks=THANKS in marks.lower(),
            thanks_all=ALL in marks,
            joins_in=SAME in marks,
            is_bad=BAD in marks,
        )
        for n, (who, to, marks) in enumerate(said, 1)
    ]


def signals(*lines: Sequence[Line], apart: Sequence[int] = ()) -> dict[int, Signals]:
    return signals_of(lines, apart)


def test_who_asks_is_answered_and_thanks_gives_everybody_their_part() -> None:
    found = signals(play((AN, 0, "?"), (BO, 1, ""), (AN, 2, "t")))
    assert found[AN] == Signals(days=1, openings=1, answerers=1, messages=2, said=2)
    assert found[BO] == Signals(days=1, answerers=1, helped=1, thanked=1, messages=1, said=1)


def test_thanks_without_a_reply_go_to_who_answered_last() -> None:
    found = signals(play((AN, 0, "?"), (BO, 1, ""), (CHEN, 1, ""), (AN, 0, "t")))
    assert (found[BO].thanked, found[CHEN].thanked) == (0, 1)


def test_thanks_to_all_go_to_all_who_answered_since_the_question() -> None:
    found = signals(play((DAN, 0, ""), (AN, 0, "?"), (BO, 2, ""), (CHEN, 2, ""), (AN, 0, "tT")))
    assert [found[who].thanked for who in (DAN, BO, CHEN)] == [0, 1, 1]


def test_thanks_in_reply_to_somebodys_tip_count_without_a_question() -> None:
    assert signals(play((BO, 0, ""), (AN, 1, "t")))[BO].thanked == 1


@pytest.mark.parametrize(
    "said",
    [
        ((AN, 0, "?"), (AN, 0, "t")),  # nobody answered
        ((AN, 0, "?"), (BO, 1, "+"), (AN, 0, "t")),  # somebody only asks the same
        ((AN, 0, ""), (BO, 0, ""), (AN, 0, "t")),  # nothing was asked
        ((AN, 0, "?"), (STAFF, 1, ""), (AN, 2, "t")),  # a colleague helped: their work
    ],
)
def test_nobody_is_thanked_when_nobody_helped(said: tuple[tuple[int, int, str], ...]) -> None:
    assert sum(one.thanked for one in signals(play(*said), apart=[STAFF]).values()) == 0


def test_asking_again_joining_in_and_thanking_are_no_help() -> None:
    found = signals(play((AN, 0, "?"), (BO, 1, "?"), (CHEN, 1, "+"), (DAN, 1, "t"), (AN, 1, "")))
    assert [found[who].helped for who in (AN, BO, CHEN, DAN)] == [0, 0, 0, 0]


def test_answering_one_question_five_times_is_one_help() -> None:
    assert signals(play((AN, 0, "?"), *[(BO, 1, "")] * 5))[BO].helped == 1


def test_colleagues_and_programs_have_no_signals_and_make_nobody_an_opener() -> None:
    found = signals(play((AN, 0, "?"), (STAFF, 1, ""), (STAFF, 1, "")), apart=[STAFF])
    assert found == {AN: Signals(days=1, messages=1, said=1)}
    assert signals(play((STAFF, 0, "?"), (AN, 1, "")), apart=[STAFF])[AN].helped == 0


def test_advertising_does_nothing_for_anybody() -> None:
    assert signals(play((BO, 0, "x"), (AN, 1, ""), (BO, 1, "x"))) == {AN: Signals(days=1, messages=1, said=1)}


def test_a_conversation_begun_before_the_span_was_opened_by_nobody_in_it() -> None:
    lines = [Line(11, 5, AN, 1), Line(12, 5, BO, 1, answers=11)]
    assert signals(lines)[AN] == Signals(days=1, answerers=1, messages=1, said=1)


def test_two_who_thank_each_other_all_day_are_thanked_once_a_day() -> None:
    said = [(AN, 0, "?"), *[(BO, 1, ""), (AN, 2, "t")] * 20]
    assert signals(play(*said))[BO].thanked == 1


def test_several_groups_add_up_and_a_person_answering_in_both_is_one_person() -> None:
    first = play((AN, 0, ""), (BO, 1, ""))
    second = [line._replace(id=line.id + 100, thread=101, answers=line.answers and 101, day=2) for line in first]
    found = signals(first, second)
    assert found[AN] == Signals(days=2, openings=2, answerers=1, messages=2, said=2)


def test_what_one_day_gives_is_capped_in_every_part() -> None:
    ids = count(1)
    lines: list[Line] = []
    for other in range(100, 140):  # forty conversations, forty people who answer, ask and thank, all on one day
        first, answer = next(ids), next(ids)
        lines += [Line(first, first, AN, 1), Line(answer, first, other, 1, answers=first, asks=True)]
        lines += [Line(next(ids), first, AN, 1, answers=answer)]
        lines += [Line(next(ids), first, other, 1, answers=answer + 1, thanks=True)]
    parts = parts_of(signals(lines)[AN], 30)
    assert all(part <= 0.25 for part in parts.values()), parts
    assert score_of(parts, Weights()).total <= 25


many = st.integers(0, 40)
some_signals = st.builds(Signals, days=st.integers(1, 29), openings=many, answerers=many, helped=many, thanked=many)
accepted = st.builds(
    lambda days, messages, rest: Weights(days, *rest[:4], messages=min(days, messages), platform=rest[4]),
    st.integers(1, 100),
    st.integers(0, 100),
    st.lists(st.integers(0, 100), min_size=5, max_size=5),
)


def total(one: Signals, weights: Weights, platform: float | None = None) -> float:
    return score_of(parts_of(one, 30, platform), weights).total


@given(some_signals, st.integers(0, 300), st.integers(1, 10**6), accepted, st.booleans())
def test_one_noisy_day_never_lifts_anybody_above_the_same_person_with_one_more_day(
    one: Signals, messages: int, noise: int, weights: Weights, known: bool
) -> None:
    quiet = replace(one, messages=min(messages, one.days * MESSAGES_A_DAY))
    noisy = replace(quiet, messages=min(quiet.messages + min(noise, MESSAGES_A_DAY), one.days * MESSAGES_A_DAY))
    steady = replace(quiet, days=quiet.days + 1)
    platform = 0.5 if known else None
    assert total(noisy, weights, platform) <= total(steady, weights, platform) + 1e-6


chat = st.lists(
    st.tuples(st.integers(1, 6), st.integers(1, 30), st.integers(0, 12), st.booleans(), st.booleans()), max_size=60
)


@settings(max_examples=60)
@given(chat, st.integers(1, 6), st.integers(1, 30), st.integers(1, 400))
def test_noise_of_one_day_moves_nobody_else_and_is_worth_a_day_at_most(
    said: list[tuple[int, int, int, bool, bool]], who: int, day: int, noise: int
) -> None:
    lines = [
        Line(n, 1 + n % 7, person, when, answers=to or None, asks=asks, thanks=thanks)
        for n, (person, when, to, asks, thanks) in enumerate(sorted(said, key=lambda one: one[1]), 1)
    ]
    spam = [Line(10_000 + n, 10_000 + n, who, day) for n in range(noise)]
    before, after = signals_of([lines]), signals_of([lines, spam])
    for person, found in before.items():
        if person != who:
            assert after[person] == found
    was, now = before.get(who, Signals()), after[who]
    same = ("openings", "answerers", "helped", "thanked")
    assert [getattr(now, name) for name in same] == [getattr(was, name) for name in same]
    assert now.days <= was.days + 1
    assert now.messages <= was.messages + MESSAGES_A_DAY


@given(some_signals, st.sampled_from(["openings", "answerers", "helped", "thanked", "messages", "days"]), accepted)
def test_doing_more_never_costs_anything_and_parts_stay_between_nothing_and_all(
    one: Signals, name: str, weights: Weights
) -> None:
    more = replace(one, **{name: getattr(one, name) + 1})
    assert total(more, weights) >= total(one, weights)
    score = score_of(parts_of(more, 30, 1.0, 0.5), weights)
    assert set(score.parts) == set(PARTS)
    assert all(0 <= part <= 1 for part in score.parts.values())
    assert abs(score.total - sum(score.points.values())) < 1e-6
    assert 0 <= score.total <= 100 + 1e-6


@pytest.mark.parametrize(
    "chosen",
    [
        {"days": 5, "messages": 6},
        {"days": -1},
        {"openings": 101},
        {"luck": 3},
        {"days": "5"},
        dict.fromkeys(("days", "openings", "answerers", "helped", "thanked", "messages"), 0),
    ],
)
def test_weights_are_refused_when_noise_could_win_or_nothing_counts(chosen: dict[str, object]) -> None:
    with pytest.raises(BadUse):
        Weights.of(chosen)


def test_the_platform_counts_by_days_and_against_what_has_passed() -> None:
    assert platform_part(Platform((90, 0, 0), (10, 5, 5)), 60) == 1.0
    assert platform_part(Platform((500, 0, 0), (1, 0, 0)), 30) == pytest.approx(0.1)
    parts = parts_of(Signals(days=30), 30)
    assert score_of(parts, Weights()).total > score_of({**parts, "platform": 0.0}, Weights()).total


DAYS = [date(2024, 3, day) for day in range(1, 29)]
talks = st.lists(st.tuples(st.just(AN), st.integers(0, 3), st.sampled_from(DAYS)), max_size=30)


def test_many_notes_of_one_day_or_of_one_colleague_make_no_seed_user() -> None:
    one_day = [(AN, by, DAYS[0]) for by in range(9)]
    one_colleague = [(BO, 1, day) for day in DAYS]
    two = [(CHEN, 1, DAYS[0]), (CHEN, 1, DAYS[1]), (CHEN, 2, DAYS[1]), (CHEN, 2, DAYS[2]), (CHEN, 2, DAYS[2])]
    found = count_noted([*one_day, *one_colleague, *two])
    assert found == {AN: 1, BO: 2, CHEN: 3}
    assert [notes_part(n) for n in (0, found[AN], found[BO], 9)] == [0, 0.25, 0.5, 1]


@given(talks, st.integers(0, 3), st.sampled_from(DAYS))
def test_one_more_note_never_costs_anything_and_is_worth_one_talk_at_most(
    said: list[tuple[int, int, date]], by: int, day: date
) -> None:
    before, after = count_noted(said).get(AN, 0), count_noted([*said, (AN, by, day)])[AN]
    assert before <= after <= before + 1
