"""How often each manner of finding a field of a group card is right: measured on the hand-labelled cards, kept as a table.

The cards in ``labelled/cards.tsv`` were written and labelled by us. The ``test`` half existed before the parser did and is
only ever measured; the ``train`` half was used to improve the parser and gives the confidences.

    python -m training.cards            # measures, writes qunying/judgement/models/cards.json
    python -m training.cards --check    # measures only
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import process_time

from qunying.judgement.cards import FIELDS, Card, parse_card
from training.records import hashes_of

LABELLED = Path(__file__).parent / "labelled" / "cards.tsv"
MODEL = Path(__file__).parent.parent / "qunying" / "judgement" / "models" / "cards.json"
_PRIOR_WEIGHT = 4.0  # a manner seen n times keeps 4 / (n + 4) of the field's own precision
_PRIOR = 0.85  # a manner never seen: between sure and guessed
_MANNERS_NOT_TO_BE_SURE_OF = 0.98

Row = dict[str, str]


def rows(split: str) -> list[Row]:
    """The labelled cards of one half."""
    with LABELLED.open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if row["split"] == split]


def found(card: Card, field: str) -> str:
    """A field as the table writes it."""
    value = getattr(card, field)
    return "" if value is None else str(value)


def judged(split: str) -> Iterator[tuple[str, str, float, bool]]:
    """For every field found: field, manner, confidence, whether it is right."""
    for row in rows(split):
        card = parse_card(row["card"])
        for field, evidence in card.evidence.items():
            yield field, evidence.kind, card.confidence[field], found(card, field) == row[field]


def confidences() -> dict[str, float]:
    """Precision of each manner on the train half, drawn towards the field's own where there is little to go by."""
    counts: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for field, kind, _, right in judged("train"):
        counts[field, kind].append(right)
    table = {}
    for (field, kind), rights in sorted(counts.items()):
        sure = (sum(rights) + _PRIOR_WEIGHT * _PRIOR) / (len(rights) + _PRIOR_WEIGHT)
        table[f"{field}:{kind}"] = round(min(sure, _MANNERS_NOT_TO_BE_SURE_OF), 3)
    return table


def measure(split: str) -> dict[str, object]:
    """Precision and recall a field, cards wholly right, mean gap between confidence and truth, µs a card."""
    halves = {field: [0, 0, 0] for field in FIELDS}  # right, found, there
    whole = 0
    cards = rows(split)
    for row in cards:
        card = parse_card(row["card"])
        for field in FIELDS:
            got, true = found(card, field), row[field]
            halves[field][0] += bool(got) and got == true
            halves[field][1] += bool(got)
            halves[field][2] += bool(true)
        whole += all(found(card, field) == row[field] for field in FIELDS)
    fields = {f: {"precision": _part(a, b), "recall": _part(a, c), "there": c} for f, (a, b, c) in halves.items()}
    return {
        "cards": len(cards),
        "wholly_right": _part(whole, len(cards)),
        "fields": fields,
        "calibration_error": gap(split),
    }


def _part(some: int, of: int) -> float:
    return round(some / of, 3) if of else 1.0


def gap(split: str) -> float:
    """Expected calibration error over ten equal bins."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for _, _, sure, right in judged(split):
        bins[min(int(sure * 10), 9)].append((sure, right))
    total = sum(map(len, bins.values()))
    gaps = (abs(sum(s for s, _ in b) / len(b) - sum(r for _, r in b) / len(b)) * len(b) / total for b in bins.values())
    return round(sum(gaps), 4)


def microseconds() -> float:
    """Processor time a card, best of five rounds over all labelled cards."""
    cards = [row["card"] for split in ("train", "test") for row in rows(split)]
    best = float("inf")
    for _ in range(5):
        start = process_time()
        for card in cards:
            parse_card(card)
        best = min(best, (process_time() - start) / len(cards) * 1e6)
    return round(best, 1)


def record() -> dict[str, object]:
    """What is written beside the confidences."""
    return {
        "data": hashes_of(["labelled/cards.tsv"]),
        "seed": None,
        "home": measure("train"),
        "away": measure("test"),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures; writes the table unless only asked to check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--data", help="unused: the cards lie in the repository")
    asked = parser.parse_args(arguments)
    if not asked.check:
        _write({"confidence": confidences(), "record": {}})
        _write({"confidence": confidences(), "record": record()})
    sys.stdout.write(json.dumps({**record(), "microseconds": microseconds()}, ensure_ascii=False, indent=1) + "\n")
    return 0


def _write(model: dict[str, object]) -> None:
    from qunying.judgement.cards import parse

    MODEL.write_text(json.dumps(model, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    parse._measured.cache_clear()


if __name__ == "__main__":
    sys.exit(main())
