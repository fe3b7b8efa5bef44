"""Makes the guard of ``qunying.judgement.learning``: our lines of the test themes, judged by heads that never saw them.

    python -m training.guard [--data DIR] [--again VERDICT…]

To be run after ``python -m training.texts``; ``make train`` does. Curves and thresholds are those of the shipped heads.
With ``--again`` the other verdicts stay guarded as they are, for heads that stayed as they were.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from qunying.judgement.grams import dress
from qunying.judgement.learning.guard import GUARD, Guarded, shipped_guard, write_guard
from qunying.judgement.learning.likeness import Floats, pairs_of
from qunying.judgement.linear import MODELS, Curve
from qunying.judgement.texts import MODEL, VERDICTS, reads_chinese
from training.labelled.lines import Line, read_lines
from training.records import DATA, hash_of, hashes_of
from training.texts.fit import Head, fit, lesson_of, runs_of
from training.texts.recipes import Recipe, recipes
from training.texts.sets import OURS, PUBLIC, Text


def learnt_without_test(recipe: Recipe) -> list[Text]:
    """Everything a head learns, but our lines of the test themes."""
    against = [text for texts in recipe.ordinary.values() for text in texts] if recipe.learns_ordinary else []
    return [text for text in (*recipe.asked, *recipe.always, *against) if not text.source.startswith("ours_test")]


def blind_head(recipe: Recipe) -> Head:
    """A head that has not seen our test themes."""
    return fit(lesson_of(learnt_without_test(recipe), reads_form=recipe.reads_form), recipe.strength)


def log_odds(sure: Floats) -> Floats:
    """The logarithm of how much more probable so than not so."""
    odds: Floats = np.log(sure / (1 - sure))
    return odds


def above_threshold(name: str, scores: Floats) -> Floats:
    """How far scores of a head lie above the threshold of the shipped one, in log-odds."""
    told = json.loads((MODELS / f"{MODEL}.json").read_text(encoding="utf-8"))
    curve = Curve(told["heads"][name]["slope"], told["heads"][name]["shift"])
    above: Floats = scores * curve.slope + curve.shift - log_odds(np.array(told["thresholds"][name]))
    return above


def guarded(name: str, recipe: Recipe, lines: list[Line]) -> Guarded:
    """What a verdict's head of one script says of the lines of that script."""
    verdict, script = name.split("_")
    texts = np.array(
        [n for n, line in enumerate(lines) if reads_chinese(line.text) == (script == "zh")], dtype=np.int64
    )
    asked = runs_of([lines[n].text for n in texts], reads_form=recipe.reads_form)
    above = above_threshold(name, blind_head(recipe).scores(asked))
    truth = np.array([verdict in lines[n].verdicts for n in texts], dtype=bool)
    return Guarded(texts, truth, above)


def main() -> None:
    """Makes the guard and its record."""
    parser = argparse.ArgumentParser(prog="python -m training.guard", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the public sets")
    parser.add_argument(
        "--again", nargs="+", choices=VERDICTS, metavar="VERDICT", help="judge these and keep the others"
    )
    asked = parser.parse_args()
    data: Path = asked.data
    lines = [line for line in read_lines() if line.split == "test"]
    known = recipes(data)
    verdicts: dict[str, Sequence[Guarded]] = {}
    for verdict in VERDICTS:
        if asked.again and verdict not in asked.again:
            verdicts[verdict] = shipped_guard().verdicts[verdict]
            continue
        verdicts[verdict] = [guarded(name, known[name](), lines) for name in (f"{verdict}_zh", f"{verdict}_en")]
        sys.stdout.write(f"{verdict}\n")
        sys.stdout.flush()
    write_guard([pairs_of(dress(line.text)) for line in lines], verdicts)
    record = {
        "made_by": "python -m training.guard",
        "data": hashes_of((*PUBLIC, *OURS), data),
        "heads": hash_of(MODELS / f"{MODEL}.npz"),
        "texts": len(lines),
    }
    text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True)
    (MODELS / f"{GUARD}.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
