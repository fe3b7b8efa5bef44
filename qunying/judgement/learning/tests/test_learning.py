from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunying.judgement.grams import dress
from qunying.judgement.learning import MOST_LESSONS, Lesson, learn, lessons_from, lessons_to
from qunying.judgement.learning.guard import F1_LOST, Guard, Guarded, shipped_guard
from qunying.judgement.learning.learnt import MOST, VOICE, Learnt
from qunying.judgement.learning.lessons import choose
from qunying.judgement.learning.likeness import pairs_of

START = datetime(2024, 3, 6, 9, tzinfo=UTC)
OFFER = "今晚八点开团，红富士苹果五斤二十九元包邮，要的接龙"
AGAIN = (
    "要的接龙❤，今晚八点开团，红富士苹果五斤二十九元包邮",
    "今晚8点开团 红富士苹果五斤🍎二十九元包邮",
    "今晚八点开团，红富士平果五斤廿九元包邮，要的借龙",
)
ORDINARY = (
    "作业几点交",
    "谢谢老师，明天见",
    "今天降温了，多穿点",
    "请问课程表在哪里看",
    "thanks, see you tomorrow",
    "🎉🎉",
)
NO_GUARD = Guard([pairs_of("早上好")], {"ad": (), "abuse": ()})

TEXTS = st.one_of(st.text(st.characters(codec=None), max_size=60), st.sampled_from([OFFER, *AGAIN, *ORDINARY]))
LESSONS = st.builds(
    Lesson,
    id=st.integers(0, 30).map(str),
    text=TEXTS,
    verdict=st.sampled_from(["ad", "abuse", "unheard of"]),
    is_so=st.booleans(),
    reviewer=st.sampled_from("abc"),
    at=st.integers(0, 5).map(lambda days: START + timedelta(days=days)),
    weight=st.sampled_from([0.0, 0.5, 1.0, 7.0, float("nan"), -1.0]),
)


def lesson(text: str, reviewer: str, *, is_so: bool = False, id: str = "", verdict: str = "ad") -> Lesson:
    return Lesson(id or f"{reviewer}: {text}", text, verdict, is_so, reviewer, START)


def shift(learnt: Learnt, text: str, verdict: str = "ad") -> float:
    move = learnt.why(text).get(verdict)
    return move.shift if move else 0.0


@given(st.lists(LESSONS, max_size=12), st.randoms(), TEXTS)
def test_the_same_is_learnt_when_lessons_come_in_another_order(
    lessons: list[Lesson], chance: random.Random, text: str
) -> None:
    turned = chance.sample(lessons, len(lessons))
    one, other = learn(lessons, NO_GUARD), learn(turned, NO_GUARD)
    assert one.version == other.version
    assert one.adjust(text, {"ad": 0.6, "abuse": 0.3}) == other.adjust(text, {"ad": 0.6, "abuse": 0.3})
    assert one.why(text) == other.why(text)


@given(st.lists(LESSONS, max_size=12, unique_by=lambda one: one.id), LESSONS, TEXTS)
def test_a_lesson_never_was_when_it_is_taken_back(lessons: list[Lesson], taken: Lesson, text: str) -> None:
    lessons = [one for one in lessons if one.id != taken.id]
    before, after = learn(lessons, NO_GUARD), learn([*lessons, taken], NO_GUARD)
    back = learn([one for one in (*after.voices.lessons,) if one.id != taken.id], NO_GUARD)
    assert back.version == before.version
    assert back.why(text) == before.why(text)


@given(st.lists(LESSONS, max_size=20), TEXTS)
def test_nothing_is_moved_further_than_the_bound_when_anything_is_taught(lessons: list[Lesson], text: str) -> None:
    learnt = learn(lessons, NO_GUARD)
    for move in learnt.why(text).values():
        assert abs(move.shift) <= MOST
        assert move.lessons
    for reviewer in "abc":
        alone = learn([one for one in lessons if one.reviewer == reviewer], NO_GUARD)
        assert all(abs(move.shift) < VOICE for move in alone.why(text).values())
    found = learnt.adjust(text, {"ad": 0.999, "abuse": 0.0, "need": 0.5})
    assert found["ad"] >= 0.97
    assert (found["abuse"], found["need"]) == (0.0, 0.5)


@settings(max_examples=15, deadline=None)
@given(st.lists(LESSONS, max_size=8))
def test_the_texts_of_the_guard_are_read_as_well_as_before_when_anything_is_taught(lessons: list[Lesson]) -> None:
    assert_guarded(learn(lessons))


def assert_guarded(learnt: Learnt) -> None:
    guard = shipped_guard()
    for verdict in learnt.wholes:
        shifts = np.array([_shift_of(learnt, pairs, verdict) for pairs in guard.pairs])
        assert all(script.holds(shifts) for script in guard.verdicts[verdict])


def _shift_of(learnt: Learnt, pairs: np.ndarray, verdict: str) -> float:
    said = learnt.voices.say(learnt.voices.near(pairs)) * learnt.shares
    whole = sum(told for voice, told in zip(learnt.voices.all, said, strict=True) if voice.verdict == verdict)
    return learnt.wholes[verdict] * min(max(VOICE * float(whole), -MOST), MOST)


@pytest.mark.parametrize("text", AGAIN)
def test_a_doubtful_text_is_free_when_three_reviewers_dismissed_near_equal_ones(text: str) -> None:
    others = [other for other in (OFFER, *AGAIN) if other != text]
    learnt = learn([lesson(other, reviewer) for other, reviewer in zip(others, "abc", strict=True)])
    assert learnt.adjust(text, {"ad": 0.85})["ad"] < 0.67
    assert set(learnt.why(text)["ad"].lessons) == {
        f"{reviewer}: {other}" for other, reviewer in zip(others, "abc", strict=True)
    }


def test_ordinary_talk_stays_exactly_as_it_was_when_others_were_dismissed() -> None:
    learnt = learn([lesson(text, reviewer) for text in (OFFER, *AGAIN) for reviewer in "abc"])
    for text in ORDINARY:
        assert learnt.adjust(text, {"ad": 0.4, "abuse": 0.1}) == {"ad": 0.4, "abuse": 0.1}


def test_one_angry_reviewer_moves_less_than_two_others_when_there_are_five_hundred_lessons() -> None:
    angry = [lesson(f"{OFFER}{number}", "angry", is_so=True) for number in range(500)]
    honest = [lesson(OFFER, reviewer) for reviewer in "ab"]
    assert 0 < shift(learn(angry, NO_GUARD), OFFER) < VOICE
    assert shift(learn([*angry, *honest], NO_GUARD), OFFER) < 0


def test_two_reviewers_cancel_when_they_say_the_opposite() -> None:
    for guard in (NO_GUARD, None):
        both = learn([lesson(t, r, is_so=r == "a") for t in (OFFER, AGAIN[1]) for r in "ab"], guard)
        assert all(abs(shift(both, text)) < 1e-9 for text in (OFFER, *AGAIN))


def test_a_reviewer_is_silent_when_both_were_said_of_a_text() -> None:
    assert shift(learn([lesson(OFFER, "a", id="1"), lesson(OFFER, "a", id="2", is_so=True)]), OFFER) == 0


def test_lessons_count_once_when_they_are_on_the_same_text() -> None:
    once = learn([lesson(OFFER, "a")], NO_GUARD)
    often = learn([lesson(OFFER + "🎉" * number, "a") for number in range(9)], NO_GUARD)
    assert shift(once, AGAIN[0]) == pytest.approx(shift(often, AGAIN[0]))


def test_age_does_not_matter_when_lessons_are_few() -> None:
    old = Lesson("1", OFFER, "ad", is_so=False, reviewer="a", at=START - timedelta(days=3000))
    assert shift(learn([old], NO_GUARD), OFFER) == shift(learn([lesson(OFFER, "a")], NO_GUARD), OFFER)


def test_others_are_not_pushed_out_when_one_reviewer_teaches_very_much() -> None:
    late = START + timedelta(days=9)
    flood = [Lesson(f"f{n}", str(n), "ad", True, "angry", late + timedelta(seconds=n)) for n in range(3 * MOST_LESSONS)]
    mine = [lesson(str(n), "a") for n in range(400)]
    chosen = choose([*flood, *mine])
    assert len(chosen) == MOST_LESSONS
    assert sum(one.reviewer == "a" for one in chosen) == 400
    newest = {f"f{n}" for n in range(3 * MOST_LESSONS - 600, 3 * MOST_LESSONS)}
    assert {one.id for one in chosen if one.reviewer == "angry"} == newest


def guard_of(texts: Sequence[str], above: Sequence[float], truth: Sequence[bool]) -> Guard:
    numbers = np.arange(len(texts))
    script = Guarded(numbers, np.array(truth), np.array(above, dtype=np.float64))
    return Guard([pairs_of(text) for text in texts], {"ad": (script,)})


@pytest.mark.parametrize(("above", "truth", "is_so"), [(0.4, True, False), (-0.4, False, True)])
def test_what_was_learnt_is_turned_down_when_it_would_spoil_the_guard(above: float, truth: bool, is_so: bool) -> None:
    lessons = [lesson(OFFER, reviewer, is_so=is_so) for reviewer in "abc"]
    guard = guard_of([OFFER, "兼职日结高薪"], [above, 1.0], [truth, True])
    assert abs(shift(learn(lessons, guard), OFFER)) < 0.4
    assert abs(shift(learn(lessons, NO_GUARD), OFFER)) == pytest.approx(MOST, abs=0.01)


def test_the_margins_are_as_told_when_a_guard_is_asked() -> None:
    script = Guarded(np.arange(400), np.arange(400) < 200, np.where(np.arange(400) < 200, 1.0, -1.0))
    lost = np.zeros(400)
    for count in (0, 1, 2, 3):
        lost[:count] = -2
        assert script.holds(lost) == (1 - 2 * (200 - count) / (400 - count) <= F1_LOST)
    added = np.zeros(400)
    added[200] = 2
    assert not script.holds(added)


def test_nothing_is_learnt_when_the_guard_does_not_know_the_verdict() -> None:
    learnt = learn([lesson(OFFER, "a", verdict="contact")])
    assert learnt.adjust(OFFER, {"contact": 0.6}) == {"contact": 0.6}
    assert learnt.version == learn([]).version


@pytest.mark.parametrize("text", ["", " ", "\ud800", "\x00", "🎉" * 500, "好" * 100_000, "\u202e", "a" * 5_000])
def test_odd_texts_are_taught_and_asked_when_they_come(text: str) -> None:
    learnt = learn([lesson(text, "a"), lesson(OFFER, "a")])
    assert 0 <= learnt.adjust(text, {"ad": 0.6})["ad"] <= 0.6
    assert learn(lessons_from(lessons_to(learnt.voices.lessons))).version == learnt.version


def test_a_dressed_text_is_read_the_same_when_it_is_handed_over() -> None:
    learnt = learn([lesson(OFFER, "a")])
    assert learnt.adjust(dress(OFFER), {"ad": 0.8}) == learnt.adjust(OFFER, {"ad": 0.8})


def test_log_odds_are_moved_by_what_is_told_when_a_text_is_adjusted() -> None:
    learnt = learn([lesson(OFFER, "a")])
    after = learnt.adjust(OFFER, {"ad": 0.8})["ad"]
    assert log(after / (1 - after)) - log(0.8 / 0.2) == pytest.approx(shift(learnt, OFFER))


@given(st.lists(LESSONS.filter(lambda one: one.weight == one.weight), max_size=6))
def test_lessons_are_the_same_when_they_were_kept(lessons: list[Lesson]) -> None:
    assert lessons_from(lessons_to(lessons)) == lessons


@pytest.mark.parametrize("kept", ["", "{", '[{"id": "1"}]', "[1]", "3", '[{"at": "yesterday"}]'])
def test_what_never_was_kept_is_refused_when_read(kept: str) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        lessons_from(kept)
