"""Texts that nothing learnt may spoil: lines of ours with what is true of them, and what heads that never saw them say.

Kept are hashed pairs of sounds, no words. What was learnt may cost at most ``F1_LOST`` of the F1 of a verdict and add at most
``ALARMS_ADDED`` to its false alarms, in each script; it is turned down until it does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qunying.judgement.learning.likeness import Floats, Pairs
from qunying.judgement.linear import MODELS

GUARD = "guard"
F1_LOST, ALARMS_ADDED = 0.005, 0.001
_STEPS = tuple(step / 10 for step in range(10, 0, -1))

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Guarded:
    """A verdict on the texts of one script: which they are, what is true of them, and how far above the threshold they are."""

    texts: NDArray[np.int64]
    truth: Flags
    above: Floats

    def holds(self, shifts: Floats) -> bool:
        """Whether the verdict is as good as before, within the margins, when these texts are moved so far."""
        before, after = self._counts(self.above), self._counts(self.above + shifts[self.texts])
        lost = _f1(before, self.truth) - _f1(after, self.truth)
        added = (after[1] - before[1]) / max(1, int((~self.truth).sum()))
        return lost <= F1_LOST and added <= ALARMS_ADDED

    def _counts(self, above: Floats) -> tuple[int, int]:
        said = above >= 0
        return int((said & self.truth).sum()), int((said & ~self.truth).sum())


def _f1(counts: tuple[int, int], truth: Flags) -> float:
    hits, false = counts
    return 2 * hits / max(1, hits + false + int(truth.sum()))


@dataclass(frozen=True, slots=True)
class Guard:
    """The texts, by their pairs, and the verdicts on them."""

    pairs: Sequence[Pairs]
    verdicts: Mapping[str, Sequence[Guarded]]

    def share(self, verdict: str, shifts: Floats) -> float:
        """The largest tenth, 1 to 0, of these shifts that leaves the verdict as good as it was."""
        for step in _STEPS:
            if all(script.holds(shifts * step) for script in self.verdicts[verdict]):
                return step
        return 0.0


def write_guard(pairs: Sequence[Pairs], verdicts: Mapping[str, Sequence[Guarded]], folder: Path = MODELS) -> None:
    """Keeps a guard as ``guard.npz``."""
    arrays: dict[str, NDArray[np.generic]] = {
        "pairs": np.concatenate(pairs),
        "sizes": np.array([len(each) for each in pairs], dtype=np.uint16),
    }
    for verdict, scripts in verdicts.items():
        for number, script in enumerate(scripts):
            arrays[f"{verdict}.{number}.texts"] = script.texts.astype(np.uint16)
            arrays[f"{verdict}.{number}.truth"] = script.truth
            arrays[f"{verdict}.{number}.above"] = script.above.astype(np.float16)
    np.savez_compressed(folder / f"{GUARD}.npz", allow_pickle=False, **arrays)


@cache
def shipped_guard(folder: Path = MODELS) -> Guard:
    """The guard of the package; read once per process."""
    with np.load(folder / f"{GUARD}.npz", allow_pickle=False) as arrays:
        pairs = np.split(arrays["pairs"], np.cumsum(arrays["sizes"].astype(np.int64))[:-1])
        found: dict[str, list[Guarded]] = {}
        for name in sorted(key.removesuffix(".texts") for key in arrays.files if key.endswith(".texts")):
            texts, truth, above = (arrays[f"{name}.{part}"] for part in ("texts", "truth", "above"))
            script = Guarded(texts.astype(np.int64), truth, above.astype(np.float64))
            found.setdefault(name.partition(".")[0], []).append(script)
    return Guard(pairs, found)
