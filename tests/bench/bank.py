"""The answer bank: ten thousand questions put into it, and asked; ``qunying bench bank``."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from qunying.judgement.answers import Bank, BankRow

BUILT_S, ASKED_MS = 6.0, 10.0
EVERY = 50


def run() -> Iterator[dict[str, Any]]:
    """Seconds to build and milliseconds to answer, by processor time; ``peer`` is our budget, a ``ratio`` above 1 is better."""
    things = [
        f"第{number}号{word}怎么{verb}" for number in range(250) for word in "课书班群表" for verb in "退换改查用开关买"
    ]
    began = time.process_time()
    bank = Bank.of([BankRow(str(number), thing, "好") for number, thing in enumerate(things)])
    yield _line("bank: 10,000 questions built", "s", time.process_time() - began, BUILT_S)
    began = time.process_time()
    for thing in things[::EVERY]:
        bank.answer(thing)
    asked = (time.process_time() - began) / len(things[::EVERY])
    yield _line("bank: asked among 10,000", "ms", asked * 1e3, ASKED_MS)


def _line(name: str, unit: str, ours: float, peer: float) -> dict[str, Any]:
    return {"name": name, "unit": unit, "ours": round(ours, 2), "peer": peer, "ratio": round(peer / ours, 2)}
