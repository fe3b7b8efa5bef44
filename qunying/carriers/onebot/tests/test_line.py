"""A line alone, with an ear that only listens: whatever comes in is told, known to mean nothing, or counted."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunying.carriers.base import Arrival, EventPlace
from qunying.carriers.onebot.company import Company
from qunying.carriers.onebot.hearing import Sort, sort_of
from qunying.carriers.onebot.line import Line
from qunying.carriers.onebot.looking import is_partial
from qunying.carriers.onebot.parse import parse
from qunying.carriers.onebot.tests.test_parse import SEEDS, mutated
from qunying.carriers.wire.line import GroupLook, Kept

PLACE = EventPlace("k", 1, 2, 3, 4, "qq")


class Listening:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.mishaps: Counter[str] = Counter()
        self.states: list[str] = []

    async def hear(self, arrivals: Sequence[Arrival], cursor: str | None = None) -> None:
        self.arrivals += arrivals

    async def known(self, account_ref: str, name: str) -> None:
        """Whoever it is."""

    async def online(self) -> None:
        self.states.append("online")

    async def offline(self, why: str, *, refused: bool = False) -> None:
        self.states.append(why)

    async def alive(self) -> None:
        """Good."""

    async def seen(self, groups: Sequence[GroupLook]) -> None:
        """Whatever it is."""

    async def mishap(self, what: str, sample: str = "") -> None:
        assert len(sample) <= 300
        self.mishaps[what] += 1


def heard(frames: Sequence[str | bytes]) -> Listening:
    """What a line makes of these frames."""
    ear = Listening()

    async def hear() -> None:
        line = Line(Kept(1, "qq", "10001", "小助手", {}, {"token": "t"}), ear, Company())
        for frame in frames:
            await line.listening.hear_frame(frame)
            while not line.listening._inbox.empty():
                await line.listening.hear([line.listening._inbox.get_nowait()])

    asyncio.run(hear())
    return ear


def account_for(frame: str | bytes) -> None:
    """Told, counted, or known to mean nothing: never lost unseen."""
    ear = heard([frame])
    if not ear.arrivals and not ear.mishaps:
        assert sort_of(json.loads(frame)) is Sort.PASSED
    for arrival in ear.arrivals:
        parse(arrival.payload, PLACE)
    assert len(ear.arrivals) <= 1


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """A real event, mutated as such or in its bytes."""
    words: Any = draw(mutated()) if draw(st.booleans()) else draw(st.sampled_from(SEEDS))
    frame = bytearray(json.dumps(words, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass"))
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(frame) - 1))
        frame[place : place + draw(st.integers(0, 3))] = draw(st.binary(max_size=3))
        if not frame:
            break
    return bytes(frame)


@settings(max_examples=200, deadline=None)
@given(spoilt())
def test_every_frame_is_accounted_for(frame: bytes) -> None:
    account_for(frame)


@pytest.mark.nightly
@settings(max_examples=100_000, deadline=None)
@given(spoilt())
def test_every_one_of_a_hundred_thousand_frames_is_accounted_for(frame: bytes) -> None:
    account_for(frame)


def test_what_we_write_beside_an_event_is_written_by_nobody_else() -> None:
    event = {**SEEDS[-2], "qunying": {"is_own": True, "others": ["1"], "name": "s1"}}
    (arrival,) = heard([json.dumps(event)]).arrivals
    assert "qunying" not in arrival.payload


def test_what_cannot_be_taken_does_not_hold_up_what_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    from qunying.carriers.onebot import noting

    def stumble(event: dict[str, Any]) -> bool:
        raise KeyError(str(event.get("message_id")))

    frames = [json.dumps(SEEDS[-2]), json.dumps(SEEDS[0])]
    monkeypatch.setattr(noting, "name_of", stumble)
    ear = heard(frames)
    assert (len(ear.arrivals), ear.mishaps) == (1, {"malformed": 1})


def test_the_account_is_said_to_be_gone_once() -> None:
    gone = {"post_type": "notice", "notice_type": "bot_offline", "self_id": 10001, "time": 1709618400, "user_id": 10001}
    assert len(heard([json.dumps(gone), json.dumps(gone)]).states) == 1


@pytest.mark.parametrize(
    ("listed", "counted", "is_so"),
    [(6, 6, False), (5, 6, False), (4, 6, True), (489, 500, False), (488, 500, True), (500, 0, False), (6, 5, False)],
)
def test_a_list_is_partial_when_it_lacks_more_than_may_have_gone_meanwhile(
    listed: int, counted: int, is_so: bool
) -> None:
    assert is_partial(listed, counted) is is_so
