"""How often order lays hands on ordinary talk: public logs and forums, told message by message with the settings as they come.

    QUNYING_DATA=… python -m tests.bench.ordinary

Nobody in these logs is staff and nobody has just come. Prints one JSON object per source: messages, how many of them
something is done about without asking (``acted``), how many a person is asked about, how many incidents are opened.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from qunying.capabilities.order.tests.said import Talk
from qunying.kernel.effects import EffectState, OpenIncident, Outside

_IRC = re.compile(r"\[(?P<hour>\d+):(?P<minute>\d+)\] <(?P<who>[^>]+)> (?P<text>.*)")
_GITTER = re.compile(r"\[(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\] <(?P<who>[^>]+)> (?P<text>.*)")
_FORUM = " +++$+++ "
FORGET_EVERY = 200  # messages
BETWEEN = 30.0  # seconds, where a source tells no time


class Said(NamedTuple):
    """A message of a log: seconds from wherever its log begins to count, who, what."""

    at: float
    who: str
    text: str


def main() -> None:
    """Prints a line per source."""
    data = Path(os.environ.get("QUNYING_DATA", "../shared/data"))
    for name, logs in (
        ("irc", _irc(data)),
        ("gitter", _gitter(data)),
        ("forum_zh", _forum(data)),
        ("group_zh", _group(data)),
    ):
        counts: Counter[str] = Counter()
        for log in logs:
            counts.update(_count(log, "en" if name in {"irc", "gitter"} else "zh-hans"))
        share = round(100 * counts["acted"] / counts["messages"], 4) if counts["messages"] else None
        print(json.dumps({"name": f"ordinary_{name}", **counts, "acted_percent": share}), flush=True)


def _count(log: Iterator[Said], language: str) -> Counter[str]:
    talk, last, counts = Talk(language=language), 0.0, Counter[str]()
    for number, said in enumerate(log):
        talk.say(said.who, said.text, after=max(0.0, min(said.at - last, 86_400.0)))
        last = max(said.at, last)
        acts = talk.decisions[-1].acts
        counts["messages"] += 1
        counts["acted"] += any(isinstance(one.effect, Outside) and one.state is EffectState.WAITING for one in acts)
        counts["asked"] += any(one.state is EffectState.NEEDS_APPROVAL for one in acts)
        counts["incidents"] += any(isinstance(one.effect, OpenIncident) for one in acts)
        if number % FORGET_EVERY == 0:
            _forget(talk)
    return counts


def _forget(talk: Talk) -> None:
    """As the machine does between batches: what is too old to matter."""
    memory, now = talk.memory, talk.at
    said = {who: some for who, some in memory.said.items() if now - some[-1].at < timedelta(minutes=1)}
    traces = {
        place: tuple(one for one in some if now - one.at < timedelta(hours=2)) for place, some in memory.traces.items()
    }
    talk.memory = replace(memory, said=said, traces=traces, new_traces=(), new_sanctions=())
    talk.opinions.clear()
    del talk.decisions[:-1]


def _irc(data: Path) -> Iterator[Iterator[Said]]:
    for path in sorted(data.glob("irc_disentangle/dev/*.ascii.txt")):
        found = map(_IRC.match, path.read_text("utf-8", "replace").splitlines())
        yield (Said(int(one["hour"]) * 3600 + int(one["minute"]) * 60, one["who"], one["text"]) for one in found if one)


def _gitter(data: Path) -> Iterator[Iterator[Said]]:
    for path in sorted(data.glob("gitter_livechat/*/*.txt")):
        found = map(_GITTER.match, path.read_text("utf-8", "replace").splitlines())
        yield (Said(datetime.fromisoformat(one["at"]).timestamp(), one["who"], one["text"]) for one in found if one)


def _forum(data: Path) -> Iterator[Iterator[Said]]:
    lines = (data / "egret_forum_qa_zh" / "egret_wenda_lines.txt").read_text("utf-8", "replace").splitlines()
    parts = [line.split(_FORUM) for line in lines]
    yield (Said(n * BETWEEN, part[1], part[2]) for n, part in enumerate(parts) if len(part) == 3)


def _group(data: Path) -> Iterator[Iterator[Said]]:
    """Ordinary messages of groups, each without who said it: five hundred people say them in turn."""
    lines = (data / "telegram_spam_zh" / "train.tsv").read_text("utf-8", "replace").splitlines()
    texts = [line.partition("\t")[2] for line in lines if line.startswith("0\t")]
    yield (Said(n * BETWEEN, f"u{n % 500}", text) for n, text in enumerate(texts))


if __name__ == "__main__":
    main()
