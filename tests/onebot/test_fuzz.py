"""A flood of broken frames through a real gateway: each is told, counted or known to mean nothing, and the line goes on."""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from qunying.carriers.onebot.fields import as_ref, read_frame
from qunying.carriers.onebot.hearing import Sort, sort_of
from qunying.carriers.onebot.tests.test_parse import SEEDS
from qunying.carriers.wire import gateway
from qunying.carriers.wire.models import Heard
from tests.lines import until
from tests.onebot.stage import ANN, BOT, GROUP, live

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server]

AT_A_TIME = 1000
MOST_MORE = 32 * 1024 * 1024  # bytes that all frames after the first tenth may leave behind
REFUSED = ("malformed", "unknown_kind", "wrong_account", "late_answer")
SHARE_BROKEN = 0.05
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 2**70, 1.5, "", "0", "\x00", "\ud800", "x" * 3000, [], {}, [[]], {"a": {}}, "30002", str(BOT), "message",
    "notice", "group_recall", "group_ban", "lift_ban", "request", "group", [{"type": "text"}], [{"type": "dream", "data": {}}],
    "[CQ:at,qq=", {"type": "text", "data": {"text": 5}},
)  # fmt: skip
BROKEN = (
    "{",
    "[]",
    "null",
    "",
    '"',
    '{"a":' * 60 + "1" + "}" * 60,
    '{"time":NaN}',
    '{"status":"ok","retcode":0}',
    '{"echo":"q1"}',
)


def frames(seed: int) -> Iterator[str]:
    """Real events with something wrong in their fields, in their letters, or in both."""
    chance = random.Random(seed)
    while True:
        if chance.random() < SHARE_BROKEN:
            yield chance.choice(BROKEN)
            continue
        words = dict(chance.choice(SEEDS))
        if "interval" in words:  # what silence is must not be left to chance
            yield json.dumps(words)
            continue
        for _ in range(chance.randint(0, 4)):
            words[chance.choice([*words, "qunying", "sub_type", "message", "sender"])] = chance.choice(ODD)
        yield _spoilt(json.dumps(words), chance)


def _spoilt(frame: str, chance: random.Random) -> str:
    for _ in range(chance.choice((0, 0, 1, 3))):
        place = chance.randrange(len(frame))
        put = chance.choice(("", "{", '"', "\\u0000", "9" * 30, "群"))
        frame = frame[:place] + put + frame[place + chance.randint(0, 3) :]
    return frame


def sort_of_frame(frame: str) -> Sort:
    """Whether it is told, counted, or means nothing."""
    try:
        words = read_frame(frame)
    except ValueError:
        return Sort.MALFORMED
    if "post_type" not in words or as_ref(words.get("self_id")) != str(BOT):
        return Sort.MALFORMED
    return sort_of(words)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Every frame that was refused; what is only strange in one that was told is not among them."""
    found: Counter[str] = Counter()
    mishap = gateway._LineEar.mishap

    async def count(ear: gateway._LineEar, what: str, sample: str = "") -> None:
        await mishap(ear, what, sample)
        is_answer = what == "late_answer" and sample != "q1"  # to what we asked ourselves and waited for no more
        if what in REFUSED and not is_answer and not sample.startswith("segment "):
            found[what] += 1

    monkeypatch.setattr(gateway._LineEar, "mishap", count)
    return found


def test_every_frame_of_a_few_is_accounted_for_through_the_gateway(counted: Counter[str]) -> None:
    flood(2 * AT_A_TIME, counted)


@pytest.mark.nightly
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="weighs itself in /proc")
def test_every_one_of_a_hundred_thousand_is_accounted_for_through_the_gateway_and_leaves_nothing_behind(
    counted: Counter[str],
) -> None:
    weights = flood(100_000, counted)
    assert weights[-1] - weights[len(weights) // 10] < MOST_MORE


def flood(times: int, counted: Counter[str]) -> list[int]:
    """So many frames over one connection, each accounted for; what the process weighed after every thousand."""
    sorts: Counter[Sort] = Counter()
    weights, source = [], frames(times)
    with live() as play:

        def told() -> int:
            return Heard.objects.exclude(key__startswith="roster:").count()

        def is_over() -> bool:
            return told() + counted.total() >= sorts.total() - sorts[Sort.PASSED]

        for _ in range(times // AT_A_TIME):
            some = list(islice(source, AT_A_TIME))
            sorts.update(sort_of_frame(frame) for frame in some)
            play.simulator.send_raw(BOT, *some)
            until(is_over, 60)
            weights.append(_weight())
        assert told() + counted.total() == sorts.total() - sorts[Sort.PASSED]
        assert sum(play.mishaps().get(what, 0) for what in REFUSED) >= counted.total()
        play.world.say(GROUP, ANN, "还在吗")
        until(lambda: Heard.objects.filter(payload__raw_message="还在吗").exists())
        until(lambda: play.state() == "online")
    print({"sorts": dict(sorts), "counted": dict(counted), "MiB": [each >> 20 for each in weights[::10]]})
    return weights


def _weight() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1]) if Path("/proc/self").exists() else 0
    return pages * os.sysconf("SC_PAGE_SIZE")
