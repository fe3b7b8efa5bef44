import numpy as np

from qunying.judgement.threads.window import CANDIDATE, FACTS, FEATURES, QUERY, SIZE, Window
from qunying.judgement.threads.words import TRAITS, read

ROWS = (*CANDIDATE, *FACTS, *TRAITS)


def hear(window: Window, at: float, name: str, text: str, back: int | None = None) -> None:
    window.keep(window.look(read(text), at, name), back)


def column(window: Window, back: int, at: float, name: str, text: str) -> dict[str, float]:
    sight = window.look(read(text), at, name)
    return dict(zip(ROWS, sight.columns[:, -1 - back].tolist(), strict=True))


def test_every_row_has_a_name_when_a_line_is_seen() -> None:
    assert len(ROWS) == FEATURES


def test_only_a_beginning_is_possible_when_the_room_is_empty() -> None:
    sight = Window().look(read("大家好"), 0.0, "小王")
    assert sight.columns.shape == (FEATURES, 1)
    assert sight.columns[0, 0] == 1


def test_the_called_persons_last_line_is_seen_when_a_name_is_called() -> None:
    window = Window()
    for number, name in enumerate(("ann", "bea", "ann", "cyd")):
        hear(window, number * 10.0, name, "something else")
    last = column(window, 2, 50.0, "dora", "ann: look")
    assert last["by_called"] == last["called_last"] == last["author_last"] == 1
    assert column(window, 4, 50.0, "dora", "ann: look")["called_last"] == 0
    assert column(window, 1, 50.0, "dora", "ann: look")["passed_over"] == 1


def test_shared_rare_words_are_seen_when_two_lines_have_them() -> None:
    window = Window()
    hear(window, 0.0, "阿南", "马拉松报名截止了吗")
    hear(window, 5.0, "阿北", "今天食堂吃面")
    assert column(window, 2, 9.0, "阿东", "马拉松月底截止")["best_shared"] == 1
    assert column(window, 1, 9.0, "阿东", "马拉松月底截止")["shared"] == 0


def test_places_stay_right_when_the_block_is_full_and_moves() -> None:
    window = Window()
    for number in range(5 * SIZE + 3):
        hear(window, number * 60.0, f"member-{number % 7}", f"word{number % 11} talk", None if number % 5 == 0 else 1)
        assert len(window) == min(number + 1, SIZE)
    seen = column(window, 7, (5 * SIZE + 3) * 60.0, f"member-{(5 * SIZE + 3) % 7}", "hm")
    assert seen["mine"] == seen["my_last"] == 1
    assert seen["gap"] == np.float32(np.log1p(7 * 60.0))


def test_memory_stays_bounded_when_everybody_is_new() -> None:
    window = Window()
    for number in range(3_000):
        hear(window, float(number), f"person-{number}", f"onlyonce{number}")
    assert len(window._people) <= 300
    assert len(window._last_by) <= 301
    assert len(window._shared._where) <= SIZE


def test_query_rows_have_a_name_each_when_a_line_is_seen() -> None:
    assert len(Window().look(read("x"), 0.0, "a").query) == len(QUERY) + len(TRAITS)
