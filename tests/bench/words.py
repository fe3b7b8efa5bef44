"""Word lists: 70,000 words against 7 over the same messages, in alternating rounds; the words are made up."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from typing import Any

from qunying.judgement.patterns import Word, Words
from training.records import DATA

MANY, FEW, MESSAGES, ROUNDS = 70_000, 7, 2_000, 15
REAL = DATA / "telegram_spam_zh" / "train.tsv"


def run() -> Iterator[dict[str, Any]]:
    """Microseconds a message, folding included; ``peer`` is the list of seven words, so the ratio is at best 1.

    Letters at random are the worst case, because they lead all over the automaton; messages of a group are measured where they
    are at hand.
    """
    chance = random.Random(0)
    letters = [chr(0x4E00 + place) for place in range(3_000)]
    words = ["".join(chance.choices(letters, k=chance.randint(2, 5))) for _ in range(MANY)]
    lists = (Words(map(Word, words)), Words(map(Word, words[:FEW])))
    made_up = ["".join(chance.choices(letters, k=chance.randint(5, 60))) for _ in range(MESSAGES)]
    yield {"name": "words: 70,000 against 7, letters at random", **_against(*lists, made_up)}
    if REAL.is_file():
        rows = REAL.read_text(encoding="utf-8").splitlines()[1:]
        messages = [row.partition("\t")[2] for row in chance.sample(rows, MESSAGES)]
        yield {"name": "words: 70,000 against 7, messages of groups", **_against(*lists, messages)}


def _against(ours: Words, peer: Words, messages: Sequence[str]) -> dict[str, Any]:
    best = [float("inf"), float("inf")]
    for _ in range(ROUNDS):
        for place, words in enumerate((ours, peer)):
            began = time.process_time()
            for message in messages:
                words.find(message)
            best[place] = min(best[place], (time.process_time() - began) / len(messages) * 1e6)
    return {
        "unit": "µs/message",
        "ours": round(best[0], 2),
        "peer": round(best[1], 2),
        "ratio": round(best[0] / best[1], 2),
    }
