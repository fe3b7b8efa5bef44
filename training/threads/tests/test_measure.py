import numpy as np
import pytest

from qunying.judgement.threads import Line
from training.threads.data import Talk
from training.threads.fit import Lesson, Recipe, fit, scores
from training.threads.measure import adjusted_rand, exact_f, links, threads
from training.threads.variants import cold, without_calls

TALK = Talk("t", "irc", (), {3: (1,), 4: (4,), 5: (2, 3)}, system_links=2, system_lines=2)


def test_links_are_counted_as_published_when_a_line_has_two() -> None:
    assert links(TALK, {3: 1, 4: 4, 5: 3}, with_system=False).f == pytest.approx(200 * 3 / 7)
    assert links(TALK, {3: 2, 4: 4, 5: 3}, with_system=True).f == pytest.approx(200 * 4 / 11)


def test_threads_follow_links_to_the_first_line_when_they_are_chained() -> None:
    assert threads({0: 0, 1: 0, 2: 2, 3: 1}) == [0, 0, 2, 0]


def test_conversations_count_only_when_they_are_found_whole() -> None:
    assert exact_f([1, 1, 2, 2, 3], [1, 1, 2, 4, 3]) == pytest.approx(2 / 3)
    assert adjusted_rand([1, 1, 2, 2], [7, 7, 8, 8]) == 1.0
    assert adjusted_rand([1, 1, 2, 2], [1, 2, 1, 2]) < 0


def test_calls_disappear_when_a_room_does_not_call_names() -> None:
    lines = (
        Line("0", 0, "ann", "hi there"),
        Line("1", 1, "bea", "ann: look here"),
        Line("2", 2, "bea", "note: this stays"),
    )
    talk = without_calls(Talk("t", "irc", lines, {}), 1.0, seed=1)
    assert [line.text for line in talk.lines] == ["hi there", "look here", "note: this stays"]


def test_answers_that_were_cut_off_are_gone_when_a_room_is_opened_anew() -> None:
    lines = tuple(Line(str(n), n, "a", "x") for n in range(6))
    pieces = cold(Talk("t", "irc", lines, {2: (1,), 3: (2,), 4: (4,), 5: (1, 4)}), every=2)
    assert [piece.answers for piece in pieces] == [{1: (0,)}, {0: (0,), 1: (0,)}]


def test_the_right_place_is_learned_when_one_feature_gives_it_away() -> None:
    rng = np.random.default_rng(1)
    columns = rng.random((200, 6, 4), dtype=np.float32)
    right = columns[:, :, 1] == columns[:, :, 1].max(axis=1, keepdims=True)
    lesson = Lesson(
        columns, rng.random((200, 3), dtype=np.float32), np.ones((200, 6), bool), right, np.ones(200, np.float32)
    )
    net = fit(lesson, seed=1, recipe=Recipe(hidden=8, epochs=60, rate=0.02, dropout=0.0))
    assert right[np.arange(200), scores(net, lesson).argmax(axis=1)].mean() > 0.9
    again = fit(lesson, seed=1, recipe=Recipe(hidden=8, epochs=60, rate=0.02, dropout=0.0))
    assert all(np.array_equal(net[name], again[name]) for name in net)
