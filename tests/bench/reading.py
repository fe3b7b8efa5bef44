"""How long one text is read: our labelled lines as they are, and run together to 500 and 100,000 letters.

    python -m tests.bench.reading

Prints one JSON object per run: lowest, median and 99th percentile, by the clock and in processor time, in microseconds.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from time import perf_counter, thread_time

from qunying.judgement.texts import read_texts
from training.labelled.lines import read_lines

RUNS = 5
LINES = 2_000
LONG, LONGEST = 500, 100_000


def texts() -> dict[str, list[str]]:
    """What is read, by name."""
    lines = [line.text for line in read_lines()[::2]][:LINES]
    whole = "，".join(lines)
    long = [whole[start : start + LONG] for start in range(0, len(whole) - LONG, LONG)]
    return {"lines": lines, f"{LONG} letters": long * 10, f"{LONGEST} letters": [(whole * 9)[:LONGEST]] * 20}


def run(asked: Sequence[str]) -> dict[str, list[int]]:
    """Lowest, median and 99th percentile of reading each text once."""
    clock, processor = [], []
    for text in asked:
        clock.append(_timed(perf_counter, text))
        processor.append(_timed(thread_time, text))
    return {"clock": _figures(clock), "processor": _figures(processor)}


def _timed(watch: Callable[[], float], text: str) -> float:
    begin = watch()
    read_texts(text)
    return watch() - begin


def _figures(seconds: list[float]) -> list[int]:
    ordered = sorted(seconds)
    return [round(ordered[int(part * (len(ordered) - 1))] * 1e6) for part in (0.0, 0.5, 0.99)]


def main() -> None:
    """Reads each once without looking at the watch, then as often as promised."""
    for name, asked in texts().items():
        for text in asked:
            read_texts(text)
        for _ in range(RUNS):
            sys.stdout.write(json.dumps({"texts": name, "count": len(asked), **run(asked)}) + "\n")


if __name__ == "__main__":
    main()
