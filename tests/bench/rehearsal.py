"""How long a rule is rehearsed over a million messages whose verdicts are kept: ``qunying bench rehearsal``.

The peer is the same past told once in this process alone, without a process beside it. ``QUNYING_BENCH_MESSAGES`` (default
1,000,000) is how many messages, ``QUNYING_BENCH_RUNS`` (default 3) how often each is rehearsed.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.make_chatlab import Size, write_chatlab

GROUP = "千人茶友群"
RULES = {
    "a ladder": "ladder: links-twice\n",
    "a ladder and a list of 70,000 words": "ladder: links-twice\nlist: words.csv\ndo: delete\n",
}
WORDS = 70_000
ALONE = """
import os, sys
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "qunying.project.settings"
django.setup()
from qunying.pipeline.rehearsal import play
play.MANY = sys.maxsize
from qunying.runners.main import main
sys.argv = ["qunying", *sys.argv[1:]]
main()
"""


def run() -> Iterator[dict[str, Any]]:
    """One line per rule."""
    count = int(os.environ.get("QUNYING_BENCH_MESSAGES", "1000000"))
    rounds = int(os.environ.get("QUNYING_BENCH_RUNS", "3"))
    with tempfile.TemporaryDirectory(prefix="qunying-bench-") as folder:
        place = Path(folder)
        write_chatlab(place / "large.jsonl", Size(messages=count))
        _qunying(place, "import", str(place / "large.jsonl"), "--group", GROUP, "--json")
        _qunying(place, "judge", "--kept", "--json")
        write_words(place / "words.csv", WORDS)
        for name, words in RULES.items():
            (place / "rule.yaml").write_text(words, "utf-8")
            ours = [_seconds(place, ["-m", "qunying"]) for _ in range(rounds)]
            alone = [_seconds(place, ["-c", ALONE])]
            yield _line(f"rehearsal: {name} over {count:,} messages", ours, alone)


def write_words(file: Path, count: int) -> None:
    """A list of so many words of three to five letters, none of which ordinary talk is likely to hold."""
    letters = [chr(code) for code in range(0x6600, 0x6600 + 2_000)]
    words = ("".join(letters[(number * step + step) % 2_000] for step in (1, 7, 131)) for number in range(count * 2))
    file.write_text("word,way\n" + "\n".join(f"{word}," for word in list(dict.fromkeys(words))[:count]), "utf-8")


def _seconds(place: Path, program: list[str]) -> float:
    told = _run(place, [*program, "rehearse", str(place / "rule.yaml"), "--group", GROUP, "--days", "3660", "--json"])
    return float(json.loads(told)["seconds"])


def _qunying(place: Path, *arguments: str) -> str:
    return _run(place, ["-m", "qunying", *arguments])


def _run(place: Path, arguments: list[str]) -> str:
    environment = {**os.environ, "QUNYING_HOME": str(place / "home"), "DATABASE_URL": ""}
    done = subprocess.run([sys.executable, *arguments], env=environment, stdout=subprocess.PIPE, check=True, text=True)
    return done.stdout


def _line(name: str, ours: list[float], peer: list[float]) -> dict[str, Any]:
    middle, beside = statistics.median(ours), statistics.median(peer)
    return {
        "name": name,
        "unit": "s",
        "ours": round(middle, 1),
        "peer": round(beside, 1),
        "ratio": round(middle / beside, 2),
        "runs": [round(value, 1) for value in (min(ours), middle, max(ours))],
    }
