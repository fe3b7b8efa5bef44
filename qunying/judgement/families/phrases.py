"""What the texts of a family say alike and ordinary talk does not: the words to show, and to look for next time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qunying.judgement.families.units import HANDLE, Unit, placed_units, units_of

_MOST_TEXTS = 60
_SHORTEST, _LONGEST = 3, 16  # units of a phrase
_SHARE = 0.6  # of the family's texts have it
_ORDINARY_SHARE = 0.002  # of ordinary texts may have it
_MOST_PHRASES = 12
Signs = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words as most of the family writes them, and which part of the family and of ordinary texts has them."""

    text: str
    share: float
    ordinary_share: float


def shared_phrases(texts: Sequence[str], ordinary: Iterable[str]) -> tuple[Phrase, ...]:
    """The longest phrases that at least 60 % of the texts share and at most 0.2 % of the ordinary ones have.

    Phrases are the same when they sound the same, and any number is like any other. Of a large family 60 texts are looked
    at. Nothing is shared by fewer than two texts.
    """
    placed = [placed_units(text) for text in texts[:_MOST_TEXTS]]
    needed = max(2, -(-len(placed) * 6 // 10))
    rows = [tuple(unit.sign for unit in units) for units, _ in placed]
    shared = _shared(rows, needed)
    if not shared:
        return ()
    usual, total = _in_ordinary(shared, ordinary)
    kept = [phrase for phrase in shared if usual[phrase] <= _ORDINARY_SHARE * total]
    longest = _longest(kept, shared)[:_MOST_PHRASES]
    return tuple(
        Phrase(_written(phrase, placed), shared[phrase] / len(placed), usual[phrase] / total if total else 0.0)
        for phrase in longest
    )


def _shared(rows: Sequence[Signs], needed: int) -> dict[Signs, int]:
    """Runs of units by the number of texts that have them, built up from short to long: a longer run needs its parts."""
    found: dict[Signs, int] = {}
    before: set[Signs] | None = None
    for size in range(_SHORTEST, _LONGEST + 1):
        counts: Counter[Signs] = Counter()
        for row in rows:
            runs = {row[place : place + size] for place in range(len(row) - size + 1)}
            counts.update(run for run in runs if before is None or (run[:-1] in before and run[1:] in before))
        level = {run: count for run, count in counts.items() if count >= needed and set(run) != {HANDLE}}
        if not level:
            break
        found.update(level)
        before = set(level)
    return found


def _in_ordinary(phrases: Iterable[Signs], ordinary: Iterable[str]) -> tuple[Counter[Signs], int]:
    wanted = set(phrases)
    sizes = sorted({len(phrase) for phrase in wanted})
    counts: Counter[Signs] = Counter()
    total = 0
    for text in ordinary:
        total += 1
        row = tuple(units_of(text))
        counts.update({row[p : p + size] for size in sizes for p in range(len(row) - size + 1)} & wanted)
    return counts, total


def _longest(kept: Sequence[Signs], shared: dict[Signs, int]) -> list[Signs]:
    """Phrases that are not part of a longer one kept; the most shared, then the longest first."""
    out: list[Signs] = []
    for phrase in sorted(kept, key=len, reverse=True):
        if not any(_is_in(phrase, longer) for longer in out):
            out.append(phrase)
    return sorted(out, key=lambda phrase: (-shared[phrase], -len(phrase), phrase))


def _is_in(short: Signs, long: Signs) -> bool:
    return any(long[place : place + len(short)] == short for place in range(len(long) - len(short) + 1))


def _written(phrase: Signs, placed: Sequence[tuple[list[Unit], str]]) -> str:
    """The phrase as it is written most often, in the folded text."""
    seen: Counter[str] = Counter()
    for units, text in placed:
        for place in range(len(units) - len(phrase) + 1):
            run = units[place : place + len(phrase)]
            if tuple(unit.sign for unit in run) == phrase:
                seen[text[run[0].start : run[-1].end]] += 1
                break
    return min(seen, key=lambda text: (-seen[text], len(text), text))
