import math
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunying.judgement.threads import Line, Threads, threads
from qunying.judgement.threads.tests.plays import PLAYS, Play

LEAST_PAIRS = 0.55  # F of pairs of lines that are in one talk, for each play


def place(play: Play) -> list[str]:
    room = Threads()
    return [room.place(line).thread for line in play.lines]


def pair_f(truth: tuple[str, ...], found: list[str]) -> float:
    """F over pairs of lines: both in one talk, both found in one thread."""
    pairs = [(a, b) for b in range(len(truth)) for a in range(b)]
    both = sum(truth[a] == truth[b] and found[a] == found[b] for a, b in pairs)
    said = sum(found[a] == found[b] for a, b in pairs)
    true = sum(truth[a] == truth[b] for a, b in pairs)
    return 2 * both / max(1, said + true)


@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.title)
def test_talks_are_told_apart_when_several_run_in_one_chinese_room(play: Play) -> None:
    assert pair_f(play.talks, place(play)) >= LEAST_PAIRS


def test_chinese_talks_are_mostly_right_when_all_plays_are_taken_together() -> None:
    values = [pair_f(play.talks, place(play)) for play in PLAYS]
    assert sum(values) / len(values) >= 0.85


def say(
    room: Threads, identity: str, at: float, author: str, text: str, **more: object
) -> tuple[str | None, str, float]:
    placed = room.place(Line(identity, at, author, text, **more))  # type: ignore[arg-type]
    return placed.reply_to, placed.thread, placed.score


def test_the_reply_wins_when_the_carrier_knows_it() -> None:
    room = Threads()
    say(room, "1", 0, "a", "明天几点开会")
    say(room, "2", 5, "b", "中午吃什么")
    assert say(room, "3", 9, "c", "@b 吃面", reply_to="1") == ("1", "1", 1.0)
    assert say(room, "4", 12, "d", "九点", reply_to="3") == ("3", "1", 1.0)


def test_a_thread_goes_on_when_the_answered_line_is_long_out_of_the_window() -> None:
    room = Threads()
    say(room, "old", 0, "a", "谁有去年的名单")
    for number in range(300):
        say(room, f"n{number}", 10.0 * number, f"m{number % 9}", f"随便聊聊第{number}句")
    assert say(room, "late", 9_000, "b", "找到了", reply_to="old") == ("old", "old", 1.0)
    assert say(room, "later", 9_005, "a", "@b 太好了")[1] == "old"


def test_a_thread_is_named_after_the_answered_line_when_that_was_never_seen() -> None:
    assert say(Threads(), "2", 0, "a", "好的", reply_to="before") == ("before", "before", 1.0)


def test_a_line_begins_a_thread_when_it_says_it_answers_itself() -> None:
    assert say(Threads(), "1", 0, "a", "好的", reply_to="1")[:2] == (None, "1")


def test_the_quoted_line_wins_when_a_line_quotes() -> None:
    room = Threads()
    say(room, "1", 0, "阿强", "明天的分享会几点开始")
    say(room, "2", 5, "小武", "番茄工作法挺好的")
    say(room, "3", 8, "丽丽", "我也觉得不错")
    assert say(room, "4", 12, "琪琪", "「阿强：明天的分享会几点开始」\n- - -\n八点")[:2] == ("1", "1")
    assert say(room, "5", 15, "木木", "> 番茄工作法\n哪里买的")[0] == "2"


def test_the_speaker_above_wins_when_a_line_points_up() -> None:
    room = Threads()
    say(room, "1", 0, "a", "小程序打不开")
    say(room, "2", 5, "b", "下午茶点什么")
    assert say(room, "3", 6, "c", "楼上请客")[0] == "2"
    assert say(room, "4", 7, "d", "楼上楼上请客")[0] == "2"


def test_the_mentioned_persons_line_wins_when_somebody_is_mentioned() -> None:
    room = Threads()
    say(room, "1", 0, "阿强", "分享会几点开始")
    say(room, "2", 20, "小武", "周末谁去爬山")
    say(room, "3", 30, "丽丽", "爬山我去")
    assert say(room, "4", 45, "琪琪", "@阿强 八点")[0] == "1"
    assert say(room, "5", 50, "木木", "八点", mentions=("阿强",))[1] == "1"


def test_the_room_itself_is_answered_by_nobody_when_it_speaks() -> None:
    room = Threads()
    assert say(room, "1", 0, "", "somebody joined") == (None, "1", 1.0)
    assert say(room, "2", 1, "a", "hi all")[0] is None


def test_all_is_the_same_when_a_room_is_played_twice() -> None:
    assert [place(play) for play in PLAYS] == [place(play) for play in PLAYS]


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.floats(allow_nan=True, allow_infinity=True),
            st.text(max_size=4),
            st.text(max_size=60),
            st.none() | st.text(max_size=2),
        ),
        max_size=30,
    )
)
def test_every_line_is_placed_when_it_is_anything_at_all(rows: list[tuple[float, str, str, str | None]]) -> None:
    room = Threads()
    for number, (at, author, text, reply_to) in enumerate(rows):
        placed = room.place(Line(str(number), at, author, text, (author, text), reply_to))
        assert placed.id == str(number)
        assert placed.thread
        assert 0.0 <= placed.score <= 1.0
        assert math.isfinite(placed.score)


def test_what_is_remembered_stays_bounded_when_history_grows_and_lines_are_huge(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(threads, "_REMEMBERED", 400)
    room, sizes = Threads(), list[int]()
    for number in range(2_000):
        room.place(Line(str(number), 30.0 * number, f"人{number}", f"第{number}个问题 @人{number % 13} 怎么办"))
        if number % 500 == 499:
            sizes.append(len(pickle.dumps(room)))
    assert sizes[-1] < 1.1 * sizes[-2]
    room.place(Line("huge", 1e6, "a", "换行 @ 「」" * 20_000))
    assert len(pickle.dumps(room)) < sizes[-1] + 100_000
