"""How long a line rests before it tries again."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest

from qunying.carriers.matrix import line as line_module
from qunying.carriers.matrix.homeserver import NoAnswer, Said
from qunying.carriers.matrix.line import FIRST_REST, LONGEST_REST, Line
from qunying.carriers.wire.line import Kept

KEPT = Kept(
    1, "matrix", "", "", MappingProxyType({"homeserver": "https://matrix.example"}), MappingProxyType({"token": "t"})
)


class Ear:
    """Hears why the line is not there."""

    def __init__(self) -> None:
        self.whys: list[str] = []

    async def offline(self, why: str, *, refused: bool = False) -> None:
        assert not refused
        self.whys.append(why)


def rests_after(failure: Exception, monkeypatch: pytest.MonkeyPatch, times: int = 1) -> list[float]:
    """How long a line rests after coming failed so often."""
    rests: list[float] = []

    async def come(_self: Line, _homeserver: Any) -> None:
        raise failure

    async def rest(seconds: float) -> None:
        rests.append(seconds)
        if len(rests) == times:
            raise asyncio.CancelledError

    monkeypatch.setattr(Line, "_come", come)
    monkeypatch.setattr(line_module.asyncio, "sleep", rest)
    ear = Ear()
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(Line(KEPT, ear).run())  # type: ignore[arg-type]
    assert len(ear.whys) == times
    return rests


def test_it_rests_as_long_as_the_server_wants(monkeypatch: pytest.MonkeyPatch) -> None:
    too_fast = Said(429, "M_LIMIT_EXCEEDED", "Too Many Requests", timedelta(seconds=90))
    assert rests_after(too_fast, monkeypatch) == [90.0]


def test_it_rests_longer_and_longer_when_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    rests = rests_after(NoAnswer("away"), monkeypatch, times=9)
    assert rests == [min(FIRST_REST * 2**n, LONGEST_REST) for n in range(9)]
