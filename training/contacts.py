"""The weights of the few things that make a text a ``contact``: learnt from our labelled lines, kept as ``models/contacts.json``.

    python -m training.contacts            # trains, measures, writes
    python -m training.contacts --check    # measures only what is shipped

Lines are split by theme. A text in which nothing was found has the probability nought and teaches nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from csv import QUOTE_NONE, DictReader
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from qunying.judgement.folding import fold
from qunying.judgement.linear import MODELS
from qunying.judgement.patterns import find_contacts
from qunying.judgement.patterns.reading import FEATURES, MODEL, features, read_contacts, threshold
from training.labelled.lines import read_lines
from training.records import hashes_of

OURS = "labelled/contacts_zh.tsv"
OTHERS = ("labelled/zh_groups.tsv", "labelled/en_groups.tsv")
LABELLED = Path(__file__).parent / OURS
SEED = 0  # nothing is drawn: the solver is exact, and themes are left out in turn


@dataclass(frozen=True, slots=True)
class Line:
    """A message, its theme, and whether it draws people away."""

    text: str
    theme: str
    split: str
    is_contact: bool
    is_from_here: bool


def lines() -> list[Line]:
    """Those labelled for this, and all other labelled lines, which also say whether they are contacts."""
    with LABELLED.open(encoding="utf-8", newline="") as rows:
        ours = [
            Line(row["text"], row["theme"], row["split"], row["contact"] == "1", is_from_here=True)
            for row in DictReader(rows, delimiter="\t", quoting=QUOTE_NONE)
        ]
    return ours + [
        Line(li.text, li.theme, li.split, "contact" in li.verdicts, is_from_here=False) for li in read_lines()
    ]


def seen(chosen: Iterable[Line]) -> tuple[list[Line], NDArray[np.float64]]:
    """The lines in which anything was found, and what the model looks at in them."""
    kept, rows = [], []
    for line in chosen:
        folded = fold(line.text)
        if hits := find_contacts(line.text, folded):
            kept.append(line)
            rows.append(features(folded, hits))
    return kept, np.array(rows)


def fit(kept: Sequence[Line], values: NDArray[np.float64]) -> LogisticRegression:
    """A logistic curve; its own loss makes its probabilities fit."""
    return LogisticRegression(C=1.0, max_iter=1000).fit(values, [line.is_contact for line in kept])


def best_threshold(chosen: Sequence[Line]) -> float:
    """The probability with the best F1 where every theme was judged by a model of the others."""
    kept, values = seen(chosen)
    themes, told = np.array([line.theme for line in kept]), np.zeros(len(kept))
    for theme in sorted(set(themes)):
        others = np.flatnonzero(themes != theme)
        model = fit([kept[place] for place in others], values[others])
        told[themes == theme] = model.predict_proba(values[themes == theme])[:, 1]
    true = np.array([line.is_contact for line in kept])
    steps = [step / 100 for step in range(10, 91)]
    return max(
        steps, key=lambda step: (2 * np.sum(true & (told >= step)) / (np.sum(true) + np.sum(told >= step)), -step)
    )


def measure(chosen: Sequence[Line]) -> dict[str, float]:
    """What the shipped weights reach: precision, recall, F1, the gap between probability and truth."""
    told = np.array([read_contacts(line.text).probability for line in chosen])
    true = np.array([line.is_contact for line in chosen])
    said = told >= threshold()
    right = float(np.sum(said & true))
    bins = np.minimum((told * 10).astype(int), 9)
    gaps = [
        abs(told[bins == b].mean() - true[bins == b].mean()) * np.mean(bins == b) for b in sorted(set(bins.tolist()))
    ]
    figures = {
        "precision": right / max(float(np.sum(said)), 1.0),
        "recall": right / max(float(np.sum(true)), 1.0),
        "f1": 2 * right / max(float(np.sum(said) + np.sum(true)), 1.0),
        "calibration_error": float(sum(gaps)),
    }
    return {
        "lines": len(chosen),
        "true": int(np.sum(true)),
        **{name: round(value, 4) for name, value in figures.items()},
    }


def report() -> dict[str, object]:
    """The figures of all parts; ``test`` themes are never learnt from."""
    known = lines()
    parts = [(part, is_ours) for part in ("train", "test") for is_ours in (True, False)]
    return {
        f"{part}_{'contacts' if is_ours else 'groups'}": measure(
            [line for line in known if line.split == part and line.is_from_here == is_ours]
        )
        for part, is_ours in parts
    }


def train() -> dict[str, object]:
    """Weights, bias and threshold from the train themes."""
    chosen = [line for line in lines() if line.split == "train"]
    model = fit(*seen(chosen))
    return {
        "weights": {name: round(float(w), 4) for name, w in zip(FEATURES, model.coef_[0], strict=True)},
        "bias": round(float(model.intercept_[0]), 4),
        "threshold": best_threshold(chosen),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Trains unless only asked to check; prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    if not parser.parse_args(arguments).check:
        trained, data = train(), hashes_of((OURS, *OTHERS))
        _write({**trained, "record": {"data": data, "seed": SEED}})
        _write({**trained, "record": {"data": data, "seed": SEED, "figures": report()}})
    sys.stdout.write(json.dumps(report(), ensure_ascii=False, indent=1) + "\n")
    return 0


def _write(model: dict[str, object]) -> None:
    from qunying.judgement.patterns import reading

    text = json.dumps(model, ensure_ascii=False, indent=1, sort_keys=True)
    (MODELS / f"{MODEL}.json").write_text(f"{text}\n", encoding="utf-8")
    reading._shipped.cache_clear()


if __name__ == "__main__":
    sys.exit(main())
