"""Streams of talk in which it is known what rises when: topics planted into real chat.

English: intents of customers (banking77) in the room of Gitter's own users. Chinese: questions to a course, each asked in
several ways (ours), in ordinary group messages (tg-spam). Steady topics of the same kind trickle all the time, so that
what rises differs from what is merely there. Who says what is drawn with a fixed seed.
"""

from __future__ import annotations

import csv
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qunying.judgement.themes import Line, Names
from qunying.judgement.threads import Line as Turn
from qunying.judgement.threads import Threads
from training.families import telegram

DAY = 86_400.0
DAYS, FIRST = 60, 29  # of the stream, and the first on which anything rises: before, there is only a past
EVERY, LASTS = 2, 3  # days between two topics that begin to rise, and how long one goes on
A_DAY = 60  # lines of chat
STEADY = 12  # topics that are always there
_SAID = re.compile(r"\[(\S+ \S+)\] <([^>]*)> (.*)")
_ANSWERS = Path(__file__).resolve().parent.parent / "labelled" / "answers_zh.tsv"


@dataclass(frozen=True, slots=True)
class Said:
    """A line before it has a conversation: seconds, speaker, words, and the planted topic ("" for chat)."""

    at: float
    who: str
    text: str
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Stream:
    """Lines in the order of time, the topic of those that were planted, and from which day on each topic rises."""

    name: str
    lines: tuple[Line, ...]
    topics: dict[int, str]
    rises: dict[str, int]
    names: Names
    texts: dict[int, str]


def english(data: Path, seed: int = 1) -> Stream:
    """Intents in the talk of a room."""
    chance = random.Random(seed)
    topics: dict[str, list[str]] = defaultdict(list)
    with (data / "banking77_en" / "train.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            topics[row["category"]].append(" ".join(row["text"].split()))
    return _stream("English: intents in a room of Gitter", _room(data, chance), topics, 10.0, chance)


def chinese(data: Path, seed: int = 1) -> Stream:
    """Questions of a course in ordinary messages of groups."""
    chance = random.Random(seed)
    topics: dict[str, list[str]] = {}
    with _ANSWERS.open(encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]
    for row in rows:
        asked = [row[3], *row[4].split("|"), *row[5].split("|")] if len(row) > 5 else []
        if row[0] != "无关" and len(asked) >= 7:
            topics[row[1]] = [text for text in asked if text]
    texts = [text for text in telegram(data, "0") if 2 <= len(text) <= 200]
    chance.shuffle(texts)
    people = [f"member{number}" for number in range(80)]
    chat = [
        Said((number + chance.random()) * DAY / A_DAY, chance.choice(people), text)
        for number, text in enumerate(texts[: DAYS * A_DAY])
    ]
    return _stream("Chinese: questions in ordinary messages", chat, topics, 8.0, chance)


def _room(data: Path, chance: random.Random) -> list[Said]:
    """The room's first lines as if ``A_DAY`` came on a day, its days in an order of chance: what rose there, does no more."""
    path = data / "gitter_livechat" / "raw" / "gitter_gitter_chatFormat.ascii.txt"
    said = [match for match in map(_SAID.match, path.read_text(encoding="utf-8").splitlines()) if match]
    said.sort(key=lambda match: match[1])
    days = list(range(DAYS))
    chance.shuffle(days)
    return [
        Said((days[number // A_DAY] + (number % A_DAY + 0.5) / A_DAY) * DAY, match[2], match[3])
        for number, match in enumerate(said[: DAYS * A_DAY])
    ]


def _stream(
    name: str, chat: Sequence[Said], topics: dict[str, list[str]], a_day: float, chance: random.Random
) -> Stream:
    names = sorted(topics)
    chance.shuffle(names)
    steady, rising = names[:STEADY], names[STEADY:]
    rises = {topic: FIRST + EVERY * number for number, topic in enumerate(rising) if FIRST + EVERY * number < DAYS - 2}
    planted = [*_steady(steady, topics, chance), *_rising(rises, topics, a_day, chance)]
    said = sorted([*chat, *planted], key=lambda one: one.at)
    threads, numbers = Threads(), dict[str, int]()
    lines = []
    for number, one in enumerate(said):
        place = threads.place(Turn(str(number), one.at, one.who, one.text))
        who = numbers.setdefault(one.who, len(numbers) + 1)
        lines.append(Line(number, one.at, who, int(place.thread), one.text, asks="?" in one.text))
    topic_of = {number: one.topic for number, one in enumerate(said) if one.topic}
    met = Names.of({one.who for one in chat})
    return Stream(name, tuple(lines), topic_of, rises, met, {line.id: line.text for line in lines})


def _steady(steady: Sequence[str], topics: dict[str, list[str]], chance: random.Random) -> Iterator[Said]:
    """About one line every two days on each."""
    for topic in steady:
        for _ in range(DAYS // 2):
            who = f"guest{chance.randrange(40)}"
            yield Said(chance.random() * DAYS * DAY, who, chance.choice(topics[topic]), topic)


def _rising(rises: dict[str, int], topics: dict[str, list[str]], a_day: float, chance: random.Random) -> Iterator[Said]:
    """From its day on ``a_day`` lines on each, by different people, no words twice as long as there are others."""
    for topic, day in rises.items():
        texts = chance.sample(topics[topic], min(len(topics[topic]), round(a_day * LASTS)))
        while len(texts) < round(a_day * LASTS):
            texts.append(chance.choice(topics[topic]))
        for number, text in enumerate(texts):
            at = (day + (number + chance.random()) / a_day) * DAY
            yield Said(at, f"guest{chance.randrange(40)}", text, topic)
