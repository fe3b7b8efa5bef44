"""What the judges say of events: of many as of one, and of words only."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from qunying.judgement.beside import Colleague
from qunying.judgement.judge import read
from qunying.kernel.events import MessageReceived, Who
from qunying.kernel.readings import Verdict
from qunying.pipeline import judging
from tests import cast

SAID = MessageReceived(
    key="k",
    at=cast.TUESDAY,
    lane_id=1,
    community_id=1,
    group_id=1,
    envelope_id=1,
    sender=Who("an", "安安"),
    source_key="m",
    text="请问课程表在哪里看",
)


def many(count: int) -> list[MessageReceived]:
    return [replace(SAID, key=f"k{number}", text=f"请问第 {number} 课在哪里看") for number in range(count)]


def test_only_words_of_members_are_read() -> None:
    own, notice, empty = (
        replace(SAID, key="o", is_own=True),
        replace(SAID, key="n", kind="notice"),
        replace(SAID, text=""),
    )
    found = judging.judge([SAID, own, notice, replace(empty, key="e")], {})
    assert list(found) == ["k"]
    assert found["k"].is_so(Verdict.QUESTION)
    assert found.get("o") is None


def test_many_are_read_beside_as_each_alone_when_a_colleague_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    colleague = Colleague()
    monkeypatch.setattr(judging, "_colleague", lambda process: colleague)
    asked: list[bool] = []
    begin = colleague.begin

    def noted(texts: list[str]) -> object:
        asked.append((wait := begin(texts)) is not None)
        return wait

    monkeypatch.setattr(colleague, "begin", noted)
    events = many(60)
    for _ in range(600):
        found = judging.judge(events, {})
        assert dict(found) == {event.key: read(event.text) for event in events}
        if asked[-1]:
            break
        time.sleep(0.05)
    colleague.end()
    assert asked[-1], "it never read for us"
    assert dict(judging.judge(events, {})) == dict(found), "one reads alone when it has gone"
