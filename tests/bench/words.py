"""Word lists: 70,000 words against 7 over the same messages, in alternating rounds; the words are made up."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from typing import Any

from qunying.judgement.patterns import Word, Words

MANY, FEW, MESSAGES, ROUNDS = 70_000, 7, 2_000, 15


def run() -> Iterator[dict[str, Any]]:
    """Microseconds a message, folding included; ``peer`` is the list of seven words, so the ratio is at best 1."""
    chance = random.Random(0)
    letters = [chr(0x4E00 + place) for place in range(3_000)]
    words = ["".join(chance.choices(letters, k=chance.randint(2, 5))) for _ in range(MANY)]
    messages = ["".join(chance.choices(letters, k=chance.randint(5, 60))) for _ in range(MESSAGES)]
    lists = {"ours": Words(map(Word, words)), "peer": Words(map(Word, words[:FEW]))}
    best = dict.fromkeys(lists, float("inf"))
    for _ in range(ROUNDS):
        for name, found in lists.items():
            began = time.process_time()
            for message in messages:
                found.find(message)
            best[name] = min(best[name], (time.process_time() - began) / MESSAGES * 1e6)
    ours, peer = round(best["ours"], 2), round(best["peer"], 2)
    yield {
        "name": "words: 70,000 against 7",
        "unit": "µs/message",
        "ours": ours,
        "peer": peer,
        "ratio": round(ours / peer, 2),
    }
