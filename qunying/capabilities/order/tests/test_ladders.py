"""Ladders: read from what people write, climbed one step at a time, never down within their time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.capabilities.order.ladders import BUILT_IN, GENTLE, HARDEST, Step, ladder_of, read_steps
from qunying.kernel.errors import BadUse


def test_steps_are_read_as_people_write_them() -> None:
    assert read_steps(["notice + delete", "WARN", "mute 2h＋warn", "remove"]) == (
        Step(("notice", "delete")),
        Step(("warn",)),
        Step(("mute", "warn"), timedelta(hours=2)),
        Step(("remove",)),
    )


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["warn", "", "remove"], "第 2 级是空的"),
        (["warn", "remove", "ban"], "第 2 级已经移出群"),
        (["wran"], "看不懂「wran」"),
        (["mute"], "看不懂「mute」"),
        (["mute 0m"], "1 分钟到 30 天"),
        (["mute 99999d"], "1 分钟到 30 天"),
        (["warn"] * 11, "最多 10 级"),
    ],
)
def test_a_ladder_is_refused_with_the_step_that_is_wrong(lines: list[str], told: str) -> None:
    with pytest.raises(BadUse, match=told):
        read_steps(lines)


def test_a_ladder_that_nobody_can_read_any_more_is_the_gentle_one() -> None:
    assert ladder_of("gone", ()) == GENTLE
    assert ladder_of("links-twice", ("what",)) == GENTLE
    assert ladder_of("links-twice", ("warn",)).any_link


steps = st.lists(st.sampled_from(["notice", "warn", "whisper+delete", "mute 5m", "forfeit+warn"]), max_size=8)


@given(lines=steps, last=st.sampled_from(["warn", "remove", "ban"]))
def test_who_has_more_against_them_never_stands_lower(lines: list[str], last: str) -> None:
    ladder = ladder_of("own", (*lines, last))
    climbed = [ladder.step(before)[0] for before in range(len(lines) + 5)]
    assert climbed == sorted(climbed)
    assert climbed[: len(lines) + 1] == list(range(1, len(lines) + 2))
    assert set(climbed[len(lines) :]) == {len(lines) + 1}


def test_only_the_last_step_of_a_ready_made_ladder_removes() -> None:
    for ladder in BUILT_IN.values():
        assert not any(step.has(act) for step in ladder.steps[:-1] for act in HARDEST)
        assert ladder.steps[-1].has("remove")
