"""What no record of a model says, measured now: with the models as they are shipped, on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from qunying.judgement.judge import judge
from qunying.kernel.readings import VERDICTS
from training.figures.records import share
from training.texts import measure, sets
from training.texts.fit import fit, folds_of, lesson_of, together, unseen_scores
from training.texts.recipes import ad_zh

ROOT = Path(__file__).resolve().parents[2]
BENCHES = ("judge", "words")
_MEMORY = """
from pathlib import Path
from qunying.judgement.judge import read_all
from training.labelled.lines import read_lines
read_all([line.text for line in read_lines()])
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])  # not getrusage: it counts who started us
"""


def comments_called(data: Path, most: int) -> dict[str, dict[str, float]]:
    """How many Chinese comments without abuse each verdict holds for."""
    texts = [text.text for text in sets.cold(data, 1) if not text.is_true][:most]
    counts = dict.fromkeys(VERDICTS, 0)
    for text in texts:
        for one in judge(text):
            counts[one.verdict] += one.is_so
    return {str(verdict): _told(counts[verdict] / len(texts), len(texts)) for verdict in VERDICTS}


def ads_by_threshold(data: Path) -> dict[str, dict[str, float]]:
    """F1 of Chinese ads were the threshold chosen for it, and what that costs in false alarms on talk that was not learnt."""
    recipe = ad_zh(data)
    asked, always = lesson_of(recipe.asked), lesson_of(recipe.always)
    scores = unseen_scores(asked, folds_of(recipe.asked, recipe.parts), always, recipe.strength)
    best = measure.best_threshold(scores, asked.truth)
    told = {"f1": {"value": float(str(measure.figures(scores, asked.truth, best)["f1"])), "texts": len(scores)}}
    head = fit(together(asked, always), recipe.strength)
    for name, texts in recipe.ordinary.items():
        said = head.scores(lesson_of(texts).runs) > best
        told[name] = _told(float(np.mean(said)), len(texts))
    return told


def memory() -> float:
    """Megabytes that a process holds at most which loads the judges and reads all our lines; as Linux tells it."""
    told = subprocess.run([sys.executable, "-c", _MEMORY], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - ourselves
    return round(int(told.stdout) / 1024, 1)


def benches() -> Iterator[tuple[str, float]]:
    """Every line of ``qunying bench judge words``; of word lists, how many times as long."""
    main = "from qunying.runners.main import main; main()"
    command = [sys.executable, "-c", main, "bench", *BENCHES]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - ourselves
    for row in map(json.loads, told.stdout.splitlines()):
        yield row["name"], row["ratio"] if row["name"].startswith("words") else row["ours"]


def measured(data: Path, *, is_quick: bool) -> dict[str, Any]:
    """All of it; quickly: a few comments and memory only."""
    told: dict[str, Any] = {"comments": comments_called(data, 200 if is_quick else 10_000)}
    told["machine"] = {"memory": memory(), "load": round(os.getloadavg()[0], 1)}
    if not is_quick:
        told["ads"] = ads_by_threshold(data)
        told["machine"].update(benches())
    return told


def _told(value: float, of: int) -> dict[str, float]:
    found = share(value, of)
    low, high = found.interval or (0.0, 1.0)
    return {"value": round(value, 4), "low": low, "high": high, "texts": of}
