"""How fast the judges read: ``qunying bench judge``.

One text at a time on one core, by processor time: our labelled lines (the median), the same run together to five hundred
letters (the slowest in a hundred) and to a hundred thousand; and the pass over an import, by the clock, on as many processes as it takes.
``QUNYING_BENCH_READ`` (default 200,000) says how many messages that pass reads. ``peer`` is the budget of the design, a
``ratio`` above 1 better than it.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qunying.judgement.beside import read_beside
from qunying.judgement.grams import dress
from qunying.judgement.judge import judge, read
from qunying.judgement.learning import Lesson, learn
from qunying.runners.home import freeze
from tests.bench.make_chatlab import Size, write_chatlab
from training.labelled.lines import read_lines

ROOT = Path(__file__).resolve().parents[2]
RUNS = 5
LINES, LONG, HUGE, BESIDE = 2_000, 500, 100_000, 20  # slices
MEDIAN_US, LONG_MS, HUGE_MS, LESSONS_US, PASS = 300.0, 2.0, 100.0, 50.0, 5000.0
START = datetime(2026, 1, 1, tzinfo=UTC)


def run() -> Iterator[dict[str, Any]]:
    """Every line, measured in processes of their own."""
    told = subprocess.run([sys.executable, "-m", __name__], cwd=ROOT, capture_output=True, text=True, check=True)
    yield from map(json.loads, told.stdout.splitlines())


def lines() -> Iterator[dict[str, Any]]:
    """Every bench of this file, as it is done."""
    chat = [line.text for line in read_lines()[::2]][:LINES]
    whole = "，".join(chat)
    long = [whole[start : start + LONG] for start in range(0, len(whole) - LONG, LONG)] * 10
    huge = (whole * (1 + HUGE // len(whole)))[:HUGE]
    for text in chat:
        read(text)
    freeze()  # as whatever process reads for people
    yield _line("judge: one chat line, median", "µs", [_quantile(chat, 50) * 1e6 for _ in range(RUNS)], MEDIAN_US)
    with_words = [_quantile(chat, 50, judge) * 1e6 for _ in range(RUNS)]
    yield _line("judge: one chat line with the words behind it, median", "µs", with_words, MEDIAN_US)
    yield _line("judge: one chat line, 99 of 100", "ms", [_quantile(chat, 99) * 1e3 for _ in range(RUNS)], LONG_MS)
    yield _line("judge: 500 letters, 99 of 100", "ms", [_quantile(long, 99) * 1e3 for _ in range(RUNS)], LONG_MS)
    yield _line("judge: 100,000 letters", "ms", [_seconds(huge) * 1e3 for _ in range(RUNS)], HUGE_MS)
    yield _line("judge: what 1,000 lessons change of a line, median", "µs", _lessons(chat), LESSONS_US)
    yield _pass()
    beside = [_beside(chat) for _ in range(RUNS)]
    yield _line("judge: two processes, 1,000 lessons heeded", "messages/s", beside, PASS, more_is_better=True)


def _taught(chat: Sequence[str]) -> list[Lesson]:
    """A thousand lessons of ten reviewers."""
    return [
        Lesson(str(number), text, "ad", is_so=bool(number % 2), reviewer=str(number % 10), at=START)
        for number, text in enumerate(chat[:1000])
    ]


def _beside(chat: Sequence[str]) -> float:
    """Messages a second that are read beside, as the pass reads them, by the clock."""
    lessons = _taught(chat)
    began = time.perf_counter()
    read_in = [([f"{text} {number}" for text in chat], lessons) for number in range(BESIDE)]
    count = sum(len(readings) for readings in read_beside(read_in))
    return count / (time.perf_counter() - began)


def _lessons(chat: Sequence[str]) -> list[float]:
    """Microseconds that a thousand lessons of ten reviewers add to a line that was read."""
    learnt, dressed = learn(_taught(chat)), [dress(text) for text in chat[1000:]]
    found = []
    for _ in range(RUNS):
        taken = []
        for one in dressed:
            began = time.process_time()
            learnt.adjust(one, {"ad": 0.5})
            taken.append(time.process_time() - began)
        found.append(statistics.median(taken) * 1e6)
    return found


def _quantile(texts: Sequence[str], percent: int, ask: Callable[[str], object] = read) -> float:
    return statistics.quantiles([_seconds(text, ask) for text in texts], n=100)[percent - 1]


def _seconds(text: str, ask: Callable[[str], object] = read) -> float:
    began = time.process_time()
    ask(text)
    return time.process_time() - began


def _pass() -> dict[str, Any]:
    """The pass over an import that was just kept, in an installation of its own."""
    count = int(os.environ.get("QUNYING_BENCH_READ", "200000"))
    main = "from qunying.runners.main import main; main()"
    with tempfile.TemporaryDirectory(prefix="qunying-bench-") as folder:
        file = Path(folder) / "large.jsonl"
        write_chatlab(file, Size(messages=count))
        environment = {**os.environ, "QUNYING_HOME": f"{folder}/home", "DATABASE_URL": ""}
        command = [sys.executable, "-c", main]
        given = [str(file), "--group", "茶友群", "--json", "--timezone", "Asia/Shanghai"]
        subprocess.run([*command, "import", *given], env=environment, capture_output=True, check=True)
        told = subprocess.run([*command, "judge", "--kept", "--json"], env=environment, capture_output=True, check=True)
    found = json.loads(told.stdout)
    return _line("judge: the pass over an import", "messages/s", [found["messages_per_s"]], PASS, more_is_better=True)


def _line(name: str, unit: str, ours: list[float], budget: float, *, more_is_better: bool = False) -> dict[str, Any]:
    middle = statistics.median(ours)
    ratio = middle / budget if more_is_better else budget / middle
    runs = [round(value, 3) for value in (min(ours), middle, max(ours))]
    return {
        "name": name,
        "unit": unit,
        "ours": round(middle, 3),
        "peer": budget,
        "ratio": round(ratio, 2),
        "runs": runs,
    }


def main() -> None:
    """Prints a line per bench."""
    for line in lines():
        print(json.dumps(line, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
